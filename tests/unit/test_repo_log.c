/* adapters/repo_log, against clones that git made. */
#include "support.h"

#include "adapters/repo_log.h"

#include <stdlib.h>
#include <string.h>

/*
 * main          one, two (#2), "Merge pull request #3" that brings two commits, "Merge branch 'side'"
 *               that brings one, four (#4)
 * release-0.1   at one; (#4) picked onto it
 */
static struct {
    struct arena arena;
    const char *folder;
} world;

#define git(repository, format, ...)                                                               \
    shell("cd '%s/%s' && git " format, world.folder, repository, __VA_ARGS__)

static const char *id_of(const char *repository, const char *name)
{
    return shell_line(&world.arena, "git -C '%s/%s' rev-parse '%s'", world.folder, repository,
                      name);
}

/* A second behind the one before. */
static void tick(void)
{
    static int seconds = 1700000000;

    setenv("GIT_COMMITTER_DATE", arena_print(&world.arena, "@%d +0000", ++seconds), 1);
}

static void commit(const char *message)
{
    tick();
    git("origin", "commit -q --allow-empty -m '%s'", message);
}

/* libgit2 1.9 forgets a list where an object is missing (limit_list in its revwalk.c); what a test of
 * that leaves behind is not ours. LeakSanitizer asks for this by name. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:git_commit_list_create";
}

static int start_world(void **state)
{
    (void)state;
    world.folder = make_folder(&world.arena);
    shell("cd '%s' && git init -q -b main origin && cd origin && git config user.name N && git "
          "config user.email 7+someone@users.noreply.github.com",
          world.folder);
    commit("one");
    git("origin", "tag %s", "v0.1.0");
    git("origin", "branch %s", "release-0.1");
    commit("two (#2)");
    git("origin", "checkout -q -b %s", "topic");
    commit("inner one");
    commit("inner two (#99)");
    git("origin", "checkout -q %s", "main");
    tick();
    git("origin", "merge -q --no-ff -m '%s' -m three topic", "Merge pull request #3 from o/topic");
    git("origin", "checkout -q -b %s HEAD~1", "side");
    commit("aside");
    git("origin", "checkout -q %s", "main");
    tick();
    git("origin", "merge -q --no-ff -m '%s' side", "Merge branch side");
    commit("four (#4)");
    git("origin", "checkout -q %s", "release-0.1");
    git("origin", "cherry-pick --allow-empty -x %s", "main >/dev/null");
    git("origin", "tag -a -m '%s' v0.1.1", "a release");
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    remove_folder(world.folder);
    arena_free(&world.arena);
    return 0;
}

static struct repo *clone(const char *name, const char *options)
{
    struct repo *repo = NULL;
    struct error error;

    shell("git clone -q %s 'file://%s/origin' '%s/%s'", options, world.folder, world.folder, name);
    assert_int_equal(
        repo_open(arena_print(&world.arena, "%s/%s", world.folder, name), &repo, &error), 0);
    assert_non_null(repo);
    return repo;
}

/* "two#2 three#3", the oldest first. */
static const char *changes_of(struct repo *repo, const char *base, const char *head)
{
    CLEANUP(text_free) struct text out = {0};
    struct facts facts = {.notes = NULL};
    struct question const question = {
        .kind = QUESTION_CHANGES,
        .base = base,
        .head = id_of("origin", head),
        .base_object = base ? id_of("origin", base) : NULL,
    };

    if (!repo_changes(repo, &world.arena, &question, &facts))
        return NULL;
    assert_true(facts_known(&facts, QUESTION_CHANGES));
    for (size_t i = 0; i < facts.changes.count; i++) {
        const struct change *change = &facts.changes.items[i];

        text_print(&out, "%s%s", i ? " " : "", change->subject);
        if (change->pull)
            text_print(&out, "#%u", change->pull);
        if (change->picked)
            text_add(&out, "!");
        assert_string_equal(change->login, "someone");
        assert_int_equal(strlen(change->commit), 40);
    }
    return arena_copy(&world.arena, text_string(&out));
}

static void test_changes(void **state)
{
    struct repo *repo = clone("changes", "");
    (void)state;

    assert_string_equal(changes_of(repo, "v0.1.0", "main"), "two#2 three#3 aside four#4");
    assert_string_equal(changes_of(repo, "v0.1.0", "v0.1.0"), "");
    /* A pick, from an annotated tag's commit; and a base that is no ancestor. */
    assert_string_equal(changes_of(repo, "v0.1.0", "v0.1.1^{commit}"), "four#4!");
    assert_string_equal(changes_of(repo, "v0.1.1", "main"), "two#2 three#3 aside four#4");
    assert_string_equal(changes_of(repo, NULL, "v0.1.1^{commit}"), "one four#4!");
    repo_close(repo);
}

/* What is cut or missing is no answer. */
static void test_incomplete_clones(void **state)
{
    struct repo *shallow = clone("shallow", "--depth 2"), *part = clone("part", "--single-branch");
    (void)state;

    assert_null(changes_of(shallow, "v0.1.0", "main"));
    assert_null(changes_of(part, "v0.1.0", "main")); /* the origin's branch is release-0.1 */
    assert_string_equal(changes_of(part, "v0.1.0", "release-0.1"), "four#4!");
    repo_close(shallow);
    repo_close(part);
    shell("cd '%s' && cp -r origin broken && rm -f broken/.git/objects/$(git -C origin rev-parse "
          "main~2 | sed 's,..,&/,')",
          world.folder);
    struct error error;
    assert_int_equal(repo_open(arena_print(&world.arena, "%s/broken", world.folder), &part, &error),
                     0);
    assert_null(changes_of(part, "v0.1.0", "main"));
    repo_close(part);
}

/* A first release behind more than it would list: that is all that is said. */
static void test_long_first_history(void **state)
{
    struct repo *repo;
    struct facts facts = {.notes = NULL};
    (void)state;

    shell(
        "cd '%s' && git init -q -b main long && cd long && for i in $(seq 1 %d); do printf 'commit "
        "refs/heads/main\\ncommitter N <n@example.org> 1700000000 +0000\\ndata 1\\nx\\n'; done | "
        "git fast-import --quiet",
        world.folder, CHANGES_OF_FIRST + 50);
    struct error error;
    assert_int_equal(repo_open(arena_print(&world.arena, "%s/long", world.folder), &repo, &error),
                     0);
    assert_true(repo_changes(
        repo, &world.arena,
        &(struct question){.kind = QUESTION_CHANGES, .head = id_of("long", "main")}, &facts));
    assert_false(changes_are_listed(&facts.changes, false));
    repo_close(repo);
}

/* Of more changes than are kept the others are counted. */
static void test_more_changes_than_are_kept(void **state)
{
    struct repo *repo;
    struct facts facts = {.notes = NULL};
    struct error error;
    (void)state;

    shell(
        "cd '%s' && git init -q -b main many && cd many && for i in $(seq 1 %d); do printf 'commit "
        "refs/heads/main\\ncommitter N <n@example.org> %%d +0000\\ndata 1\\nx\\n' "
        "$((1700000000 + i)); done | git fast-import --quiet",
        world.folder, CHANGES_MOST + 8);
    assert_int_equal(repo_open(arena_print(&world.arena, "%s/many", world.folder), &repo, &error),
                     0);
    struct question const question = {
        .kind = QUESTION_CHANGES,
        .base = "first",
        .head = id_of("many", "main"),
        .base_object = shell_line(&world.arena, "git -C '%s/many' rev-list --max-parents=0 main",
                                  world.folder),
    };
    assert_true(repo_changes(repo, &world.arena, &question, &facts));
    assert_int_equal(facts.changes.count, CHANGES_MOST);
    assert_int_equal(facts.changes.total, CHANGES_MOST + 7);
    repo_close(repo);
}

/* A merge of more branches than anybody's is one merge. */
static void test_merge_of_many(void **state)
{
    struct repo *repo;
    struct facts facts = {.notes = NULL};
    struct error error;
    (void)state;

    shell(
        "cd '%s' && git init -q -b main octopus && cd octopus && git config user.name N && git "
        "config user.email n@example.org && tree=$(git mktree </dev/null) && parents=$(for i in "
        "$(seq 1 70); do echo -p $(git commit-tree -m \"side $i\" $tree); done) && git update-ref "
        "refs/heads/main $(git commit-tree -m 'all of them' $parents $tree)",
        world.folder);
    assert_int_equal(
        repo_open(arena_print(&world.arena, "%s/octopus", world.folder), &repo, &error), 0);
    struct question const question = {
        .kind = QUESTION_CHANGES,
        .base = "first",
        .head = id_of("octopus", "main"),
        .base_object = id_of("octopus", "main^1"),
    };
    assert_true(repo_changes(repo, &world.arena, &question, &facts));
    assert_in_range(facts.changes.count, 69, 70);
    repo_close(repo);
}

static void test_configuration(void **state)
{
    struct repo *repo;
    struct facts facts = {.notes = NULL};
    struct question question = {.kind = QUESTION_RELEASE_CONFIG};
    (void)state;

    question.head = id_of("origin", "main");
    git("origin", "checkout -q %s", "release-0.1");
    shell(
        "cd '%s/origin' && mkdir .github && echo one: 1 > .github/release.yaml && git add . && git "
        "commit -q -m yaml && echo two: 2 > .github/release.yml && git add . && git commit -q -m "
        "yml",
        world.folder);
    repo = clone("configuration", "");
    assert_true(repo_release_config(repo, &world.arena, &question, &facts));
    assert_null(facts.config_text);
    question.head = id_of("origin", "release-0.1~1");
    assert_true(repo_release_config(repo, &world.arena, &question, &facts));
    assert_string_equal(facts.config_text, "one: 1\n");
    question.head = id_of("origin", "release-0.1");
    assert_true(repo_release_config(repo, &world.arena, &question, &facts));
    assert_string_equal(facts.config_text, "two: 2\n");
    shell(
        "cd '%s/configuration' && git config user.name N && git config user.email n@example.org && "
        "git rm -q -r .github && mkdir -p .github/release.yml && echo x > .github/release.yml/x && "
        "git add . && git commit -q -m folder && git tag folder",
        world.folder);
    question.head = id_of("configuration", "folder");
    assert_false(repo_release_config(repo, &world.arena, &question, &facts));
    question.head = "0123456789012345678901234567890123456789";
    assert_false(repo_release_config(repo, &world.arena, &question, &facts));
    repo_close(repo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_changes),
        cmocka_unit_test(test_incomplete_clones),
        cmocka_unit_test(test_long_first_history),
        cmocka_unit_test(test_more_changes_than_are_kept),
        cmocka_unit_test(test_merge_of_many),
        cmocka_unit_test(test_configuration),
    };

    return cmocka_run_group_tests(tests, start_world, end_world);
}
