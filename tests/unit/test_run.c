/* run, world and observe: whole runs in a clone, without a network. */
#include "support.h"

#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
    struct arena arena;
    const char *folder;
    struct text said;
};

/* A clone of a project with a candidate's tag at the head of its release branch. */
static int open_place(void **state)
{
    static struct place place;

    place = (struct place){.folder = NULL};
    place.folder = make_folder(&place.arena);
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    shell("cd '%s' && git init -q -b main origin && cd origin && "
          "git config user.name A && git config user.email a@example.org && "
          "git commit -q --allow-empty -m one && git tag v0.1.0 && git branch release-0.1 && "
          "git commit -q --allow-empty -m two && git branch release-0.2 && "
          "git tag -a -m 'project v0.2.0-rc.1' v0.2.0-rc.1 && cd .. && "
          "git clone -q origin clone && "
          "git -C clone remote set-url origin https://github.com/owner/project.git && mkdir empty",
          place.folder);
    *state = &place;
    return 0;
}

static int close_place(void **state)
{
    struct place *place = *state;

    remove_folder(place->folder);
    text_free(&place->said);
    arena_free(&place->arena);
    return 0;
}

/* A run with arguments separated by |, and an environment likewise; its exit status. */
static int run_with(struct place *place, const char *arguments, const char *environment)
{
    const char *const *given =
        environment_of(&place->arena, arena_print(&place->arena, "%s|GITHUB_WORKSPACE=%s/clone",
                                                  environment, place->folder));
    struct fake_clock fake;

    fake_clock_start(&fake);
    text_cut(&place->said, 0);
    capture_start();
    int const status = run(environment_of(&place->arena, arguments), given, &fake.clock);
    capture_end(&place->said);
    return status;
}

static void expect(struct place *place, const char *arguments, const char *environment, int status,
                   const char *says)
{
    int const found = run_with(place, arguments, environment);

    if (found != status || !occurrences(text_string(&place->said), says))
        fail_msg("%s: status %d and \"%s\" were expected, %d was found and: %s", arguments, status,
                 says, found, text_string(&place->said));
}

static void test_help_and_version(void **state)
{
    struct place *place = *state;

    expect(place, "--help", "INPUT_DRY_RUN=nonsense", 0, "usage: cut-release");
    assert_contains(text_string(&place->said), "--dry-run");
    expect(place, "--version", "", 0, "cut-release " CUT_RELEASE_VERSION);
    assert_contains(text_string(&place->said), "libgit2/");
}

/* A laptop without a token: the plan from what the clone knows. */
static void test_dry_run_in_a_clone(void **state)
{
    struct place *place = *state;

    expect(place, "release|--tag|v0.2.0-rc.1|--dry-run|--sign=auto", "", 0,
           "The plan for v0.2.0-rc.1 of owner/project");
    assert_contains(text_string(&place->said), "unknown"); /* the drafts */
    assert_contains(text_string(&place->said), "warning CR-TAG-UNSIGNED");
    expect(place, "release|--tag|v0.3.0-rc.1|--dry-run", "", 0, "branch    do");
    assert_contains(text_string(&place->said), "tag       unknown");
    assert_contains(text_string(&place->said), "nothing was changed");
}

static void test_dry_run_that_is_refused(void **state)
{
    struct place *place = *state;

    expect(place, "--tag|v0.2.0-rc.1|--dry-run|--verify-tag=required", "", 1,
           "error CR-TAG-UNSIGNED");
    expect(place, "--tag|v0.3.0|--dry-run", "", 1, "error CR-BRANCH-MISSING");
    expect(place, "--tag|v0.1.1-rc.1|--dry-run|--source-branch=nowhere", "", 0, "release-0.1");
    expect(place, "--tag|v0.3.0-rc.1|--dry-run|--source-branch=nowhere", "", 1,
           "error CR-SOURCE-MISSING");
}

/* In words of the runner, with its files. */
static void test_on_a_runner(void **state)
{
    struct place *place = *state;
    const char *output = arena_print(&place->arena, "%s/output", place->folder);
    const char *environment =
        arena_print(&place->arena,
                    "GITHUB_ACTIONS=true|GITHUB_EVENT_NAME=push|GITHUB_REF=refs/tags/v0.2.0-rc.1|"
                    "GITHUB_REPOSITORY=owner/project|INPUT_DRY_RUN=true|GITHUB_OUTPUT=%s",
                    output);
    CLEANUP(text_free) struct text outputs = {0};

    expect(place, "", environment, 0, "::group::The plan for v0.2.0-rc.1");
    assert_contains(text_string(&place->said), "::warning title=CR-TAG-UNSIGNED");
    read_whole(output, &outputs);
    assert_contains(text_string(&outputs), "previous_tag<<");
    assert_contains(text_string(&outputs), "\nv0.1.0\n");
}

static void test_inputs_that_can_not_be_used(void **state)
{
    static const struct {
        const char *arguments, *environment, *code;
    } cases[] = {
        {"--nonsense", "", "CR-INPUT-UNKNOWN"},
        {"--dry-run=perhaps", "", "CR-INPUT-VALUE"},
        {"--dry-run", "", "CR-INPUT-TAG"},
        {"--tag|v0.2.0-RC1|--dry-run", "", "CR-TAG-GRAMMAR"},
        {"--tag|v0.2.0-rc.1", "", "CR-INPUT-TOKEN"}, /* neither a token nor a dry run */
        {"--tag|v0.2.0-rc.1", "GITHUB_TOKEN=two words", "CR-INPUT-TOKEN"},
        {"--tag|v0.2.0-rc.1", "GH_TOKEN=x|GITHUB_REPOSITORY=nonsense|INPUT_TOKEN=y",
         "CR-ENVIRONMENT"},
        {"--tag|v0.2.0-rc.1", "INPUT_TOKEN=y|GITHUB_REPOSITORY=a/b/c", "CR-ENVIRONMENT"},
        {"--tag|v0.2.0-rc.1", "INPUT_TOKEN=y|GITHUB_REPOSITORY=../..", "CR-ENVIRONMENT"},
        {"--tag|v0.2.0-rc.1", "INPUT_TOKEN=y|GITHUB_API_URL=http://api.example.org",
         "CR-ENVIRONMENT"},
        {"--tag|v0.2.0-rc.1", "INPUT_TOKEN=y|GITHUB_SERVER_URL=ftp://x", "CR-ENVIRONMENT"},
        {"--tag|v0.2.0-rc.1|--ca-bundle=../ca.pem", "INPUT_TOKEN=y", "CR-INPUT-PATH"},
        {"--tag|v0.2.0-rc.1|--ca-bundle=/etc/passwd", "INPUT_TOKEN=y", "CR-INPUT-PATH"},
        {"--tag|v0.2.0-rc.1|--ca-bundle=a/../../b", "INPUT_TOKEN=y", "CR-INPUT-PATH"},
        {"--tag|v0.2.0-rc.1|--ca-bundle=missing.pem", "INPUT_TOKEN=y", "CR-INPUT-PATH"},
        {"--dry-run", "GITHUB_EVENT_NAME=issues", "CR-EVENT"},
        {"--dry-run|--tag=v0.2.0-rc.1", "GITHUB_EVENT_PATH=/no/such/file", "CR-EVENT-FILE"},
        {"announce", "", "CR-INPUT-TAG"},
    };
    struct place *place = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        expect(place, cases[i].arguments, cases[i].environment, 2, cases[i].code);
}

/* What the clone says where no runner does: its remote, also on a server of one's own. */
static void test_remotes(void **state)
{
    struct place *place = *state;

    expect(place, "--tag|v0.2.0-rc.1|--dry-run|--remote|upstream", "", 2, "CR-INPUT-VALUE");
    assert_contains(text_string(&place->said), "upstream");
    shell("git -C '%s/clone' remote set-url origin https://127.91.7.3/owner/project.git",
          place->folder);
    expect(place, "--tag|v0.2.0-rc.1|--dry-run", "INPUT_TOKEN=y", 1, "127.91.7.3");
    shell("git -C '%s/clone' remote remove origin", place->folder);
    expect(place, "--tag|v0.2.0-rc.1|--dry-run|--sign=auto", "", 0,
           "The plan for v0.2.0-rc.1 of this clone");
    assert_lacks(text_string(&place->said), "/releases/tag/");
}

/* Neither the remote's HEAD nor a branch of a usual name tells where a release would start. */
static void test_no_default_branch(void **state)
{
    struct place *place = *state;

    shell("cd '%s/clone' && git remote set-head origin -d && git update-ref -d "
          "refs/remotes/origin/main",
          place->folder);
    expect(place, "--tag|v0.3.0-rc.1|--dry-run", "", 0, "branch    unknown");
}

static void test_a_damaged_clone(void **state)
{
    struct place *place = *state;

    shell("echo '[core' >'%s/clone/.git/config'", place->folder);
    expect(place, "--tag|v0.2.0-rc.1|--dry-run", "", 1, "CR-REPOSITORY");
}

/* A link in the workspace leads out of it as well as dots do. */
static void test_a_link_out_of_the_workspace(void **state)
{
    struct place *place = *state;

    shell("ln -s ../outside.pem '%s/clone/ca.pem' && echo x >'%s/outside.pem'", place->folder,
          place->folder);
    expect(place, "--tag|v0.2.0-rc.1|--ca-bundle=ca.pem", "INPUT_TOKEN=y", 2, "CR-INPUT-PATH");
}

static void test_without_a_clone(void **state)
{
    struct place *place = *state;

    shell("rm -rf '%s/clone' && mkdir '%s/clone'", place->folder, place->folder);
    assert_int_equal(run_with(place, "--tag|v0.2.0-rc.1|--dry-run", ""), 1);
    assert_contains(text_string(&place->said), "CR-REPOSITORY");
}

/* Nobody listens: the host is named, it ends, and the token is in no word of it. */
static void test_an_unreachable_server(void **state)
{
    struct place *place = *state;

    expect(place, "--tag|v0.2.0-rc.1|--sign=auto",
           "INPUT_TOKEN=ghs_secret_token|GITHUB_API_URL=http://127.0.0.1:9|"
           "GITHUB_SERVER_URL=http://127.0.0.1:9|GITHUB_REPOSITORY=owner/project",
           1, "CR-UNREACHABLE");
    assert_contains(text_string(&place->said), "127.0.0.1:9");
    assert_lacks(text_string(&place->said), "ghs_secret_token");
}

/* Secrets are masked ahead of everything else, whatever happens then. */
static void test_masks_come_first(void **state)
{
    struct place *place = *state;

    run_with(place, "--nonsense",
             "GITHUB_ACTIONS=true|INPUT_TOKEN=ghs_one|INPUT_SMTP_PASSWORD=ghs_two|GH_TOKEN=ghs_3x");
    assert_true(string_starts(text_string(&place->said), "::add-mask::"));
    assert_contains(text_string(&place->said), "::add-mask::ghs_one\n");
    assert_contains(text_string(&place->said), "::add-mask::ghs_two\n");
    assert_contains(text_string(&place->said), "::add-mask::ghs_3x\n");
    assert_contains(text_string(&place->said), "::error title=CR-INPUT-UNKNOWN");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, close_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_help_and_version),
        TEST(test_dry_run_in_a_clone),
        TEST(test_dry_run_that_is_refused),
        TEST(test_on_a_runner),
        TEST(test_inputs_that_can_not_be_used),
        TEST(test_remotes),
        TEST(test_no_default_branch),
        TEST(test_a_damaged_clone),
        TEST(test_a_link_out_of_the_workspace),
        TEST(test_without_a_clone),
        TEST(test_an_unreachable_server),
        TEST(test_masks_come_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
