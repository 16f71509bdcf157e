/* adapters/repo, against clones that git made: full, shallow, a checkout on a tag, another's. */
#include "support.h"

#include "adapters/repo.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * A repository with a history, made once:
 *
 *   main         m1 … m5
 *   release-0.1  m3, r1, r2 (r2 is its head)
 *   tags         v0.0.9 light m1, v0.1.0-rc.1 annotated m3, v0.1.0-rc.2 signed (PGP) r1, v0.1.0 light r2,
 *                v0.2.0 SSH, v0.3.0 X.509, v0.4.0 of a tag, v0.5.0 of a tree, v0.6.0 with another name
 *                inside, conformance/v0.1.0 light m1
 */
static struct {
    struct arena arena;
    const char *folder, *origin;
} world;

/* Runs git in a repository of the folder. */
#define git(repository, format, ...)                                                               \
    shell("cd '%s/%s' && git " format, world.folder, repository, __VA_ARGS__)

static const char *id_of(const char *name)
{
    return shell_line(&world.arena, "git -C '%s' rev-parse '%s'", world.origin, name);
}

/* The same of a ref that was made here, without asking git: each is a file. */
static const char *read_ref(const char *folder, const char *name)
{
    CLEANUP(text_free) struct text content = {0};

    read_whole(arena_print(&world.arena, "%s/.git/refs/%s/%s", world.origin, folder, name),
               &content);
    return arena_copy_bytes(&world.arena, text_string(&content), 40);
}

static const char *tag_id(const char *name)
{
    return read_ref("tags", name);
}

static void commit(const char *subject)
{
    git("origin", "commit -q --allow-empty -m '%s'", subject);
}

/* A tag object as git would write it, with whatever is wanted inside. */
static void make_tag(const char *ref, const char *target, const char *type, const char *name,
                     const char *message)
{
    const char *path = arena_print(&world.arena, "%s/tag-object", world.folder);
    const char *object = arena_print(&world.arena,
                                     "object %s\ntype %s\ntag %s\ntagger A B <a@example.org> "
                                     "1700000000 +0100\n\n%s",
                                     id_of(target), type, name, message);

    write_file(path, object, strlen(object));
    shell("cd '%s' && git update-ref 'refs/tags/%s' $(git hash-object -t tag -w --literally '%s')",
          world.origin, ref, path);
}

static void make_tags(void)
{
    git("origin", "tag %s m1", "v0.0.9");
    git("origin", "tag %s m1", "conformance/v0.1.0");
    git("origin", "tag -a -m 'An annotated tag' %s m3", "v0.1.0-rc.1");
    git("origin", "tag %s r2", "v0.1.0");
    make_tag("v0.1.0-rc.2", "r1", "commit", "v0.1.0-rc.2",
             "A signed one\n\nwith -----BEGIN in it, and\n-----BEGIN SSH SIGNATURE-----\nquoted\n"
             "-----BEGIN PGP SIGNATURE-----\n\nx\n"
             "-----END PGP SIGNATURE-----\n");
    make_tag("v0.2.0", "m4", "commit", "v0.2.0",
             "By SSH\n-----BEGIN SSH SIGNATURE-----\nx\n-----END SSH SIGNATURE-----\n");
    make_tag("v0.3.0", "m4", "commit", "v0.3.0",
             "By X.509\n-----BEGIN SIGNED MESSAGE-----\nx\n-----END SIGNED MESSAGE-----\n");
    make_tag("v0.4.0", "v0.1.0-rc.1", "tag", "v0.4.0", "of a tag\n");
    make_tag("v0.5.0", "m1^{tree}", "tree", "v0.5.0", "of a tree\n");
    make_tag("v0.6.0", "m4", "commit", "v9.9.9", "v${MAJOR}.${MINOR}.${PATCH}\n");
}

static void make_history(void)
{
    static const char *const on_main[] = {"m1", "m2", "m3", "m4", "m5"};

    shell("git init -q -b main '%s'", world.origin);
    git("origin", "config user.name '%s'", "A B");
    git("origin", "config user.email '%s'", "a@example.org");
    for (size_t i = 0; i < COUNT_OF(on_main); i++) {
        commit(on_main[i]);
        git("origin", "branch '%s'", on_main[i]); /* names for the tests, deleted below */
    }
    git("origin", "checkout -q -b release-0.1 %s", "m3");
    commit("r1");
    git("origin", "branch %s", "r1");
    commit("r2");
    git("origin", "branch %s", "r2");
    git("origin", "checkout -q %s", "main");
    make_tags();
    for (size_t i = 0; i < COUNT_OF(on_main); i++)
        git("origin", "update-ref refs/x/%s %s", on_main[i], on_main[i]);
    git("origin", "update-ref refs/x/r1 %s", "r1");
    git("origin", "update-ref refs/x/r2 %s", "r2");
    git("origin", "branch -q -D %s m2 m3 m4 m5 r1 r2", "m1");
}

static int make_world(void **state)
{
    (void)state;

    world.folder = make_folder(&world.arena);
    world.origin = arena_print(&world.arena, "%s/origin", world.folder);
    setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
    setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    make_history();
    return 0;
}

static int remove_world(void **state)
{
    (void)state;

    remove_folder(world.folder);
    arena_free(&world.arena);
    return 0;
}

/* What a name of the history stands for: m1 … r2. */
static const char *at(const char *name)
{
    return read_ref("x", name);
}

static struct repo *open_path(const char *path)
{
    struct repo *repo = NULL;
    struct error error = {0};

    if (repo_open(path, &repo, &error))
        fail_msg("%s", error.message);
    assert_non_null(repo);
    return repo;
}

static const char *path_of(const char *name)
{
    return arena_print(&world.arena, "%s/%s", world.folder, name);
}

static struct repo *clone(const char *name, const char *options)
{
    shell("git clone -q %s 'file://%s' '%s'", options, world.origin, path_of(name));
    return open_path(path_of(name));
}

static const struct repo_view view = {
    .remote = "origin", .repository = "o/n", .tag_prefix = "v", .branch_stem = "release-"};

static void ask(struct repo *repo, struct question question, struct facts *facts)
{
    struct error error = {0};

    assert_int_equal(repo_answer(repo, &world.arena, &view, &question, facts, &error), 0);
}

/* ---- opening --------------------------------------------------------------------------------- */

static void test_opening(void **state)
{
    struct repo *repo = NULL;
    struct error error = {0};
    (void)state;

    repo_close(open_path(world.origin));
    shell("mkdir -p '%s/a/b'", world.origin);
    repo_close(open_path(path_of("origin/a/b"))); /* a folder inside */
    shell("mkdir -p '%s'", path_of("empty"));
    assert_int_equal(repo_open(path_of("empty"), &repo, &error), 0);
    assert_null(repo);
    assert_int_equal(repo_open(path_of("missing"), &repo, &error), 0);
    assert_null(repo);
    repo_close(NULL);
}

static void test_a_broken_repository(void **state)
{
    struct repo *repo = NULL;
    struct error error = {0};
    (void)state;

    shell("git init -q '%s' && printf '[core\\nx' > '%s/.git/config'", path_of("broken"),
          path_of("broken"));
    assert_int_equal(repo_open(path_of("broken"), &repo, &error), -1);
    assert_code(ERROR_REPOSITORY, error.code);
    assert_null(repo);
    assert_contains(error.message, "broken");
}

/* A plan without the refs that can't be read would be another one. */
static void test_refs_that_cannot_be_read(void **state)
{
    static const enum question_kind kinds[] = {QUESTION_TAGS, QUESTION_BRANCHES};
    static const char *const refs[] = {"tags/v0.9.0", "remotes/origin/release-0.9"};
    struct repo *repo = clone("rubbish", "");
    const char *git = path_of("rubbish/.git");
    (void)state;

    shell("mkdir -p '%s/objects/12' && echo rubbish > '%s/objects/12/%038d'", git, git, 0);
    for (size_t i = 0; i < 2; i++) {
        const struct question question = {.kind = kinds[i]};
        struct error error = {0};
        struct facts facts = {0};

        shell("echo 12%038d > '%s/refs/%s'", 0, git, refs[i]);
        assert_int_equal(repo_answer(repo, &world.arena, &view, &question, &facts, &error), -1);
        assert_code(ERROR_REPOSITORY, error.code);
        assert_false(facts_known(&facts, kinds[i]));
    }
    repo_close(repo);
}

/* In a container we are root, and the workspace is uid 1001's. */
static void test_another_users_clone(void **state)
{
    struct facts facts = {0};
    (void)state;

    if (geteuid() != 0) {
        print_message("NOT CHECKED: another user's clone needs root\n");
        return;
    }
    repo_close(clone("foreign", ""));
    shell("chown -R 1001:1001 '%s'", path_of("foreign"));
    struct repo *repo = open_path(path_of("foreign"));
    ask(repo, (struct question){.kind = QUESTION_TAGS}, &facts);
    assert_non_null(refs_find(&facts.tags, "v0.1.0"));
    repo_close(repo);
}

/* ---- remotes --------------------------------------------------------------------------------- */

static void test_remotes(void **state)
{
    static const struct {
        const char *url, *host, *repository; /* NULL: a path, or nothing that can be read */
    } cases[] = {
        {"https://github.com/llm-d/router", "github.com", "llm-d/router"},
        {"https://github.com/llm-d/router.git", "github.com", "llm-d/router"},
        {"https://github.com/llm-d/router/", "github.com", "llm-d/router"},
        {"https://user:secret@github.com/o/n.git", "github.com", "o/n"},
        {"https://x@github.com/o/n", "github.com", "o/n"},
        {"https://ghe.example.org/o/n", "ghe.example.org", "o/n"},
        {"git@github.com:llm-d/router.git", "github.com", "llm-d/router"},
        {"github.com:o/n", "github.com", "o/n"},
        {"ssh://git@github.com/o/n.git", "github.com", "o/n"},
        {"ssh://git@github.com:22/o/n.git", "github.com", "o/n"},
        {"https://git.example.org:8443/o/n.git", "git.example.org:8443", "o/n"},
        {"https://x@git.example.org:8443/o/n", "git.example.org:8443", "o/n"},
        {"https://github.com:443/o/n", "github.com", "o/n"},
        {"https://git.example.org:4430/o/n", "git.example.org:4430", "o/n"},
        {"git://github.com/o/n", "github.com", "o/n"},
        {"https://github.com/o/n.git.git", "github.com", "o/n.git"},
        {"/srv/git/o/n.git", NULL, NULL},
        {"../o/n", NULL, NULL},
        {"file:///srv/git/o/n", NULL, NULL},
        {"https://github.com/", NULL, NULL},
        {"https://github.com", NULL, NULL},
        {"https://github.com/only", NULL, NULL},
    };
    struct remote_address address;
    struct repo *repo = clone("remotes", "");
    struct error error = {0};
    bool there;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        git("remotes", "remote set-url origin '%s'", cases[i].url);
        assert_int_equal(repo_remote(repo, &world.arena, "origin", &there, &address, &error), 0);
        assert_true(there);
        bool const found = address.repository[0] != '\0';
        if (found != (cases[i].host != NULL))
            fail_msg("%s was %sread", cases[i].url, found ? "" : "not ");
        if (!found)
            continue;
        assert_string_equal(address.host, cases[i].host);
        assert_string_equal(address.repository, cases[i].repository);
    }
    assert_int_equal(repo_remote(repo, &world.arena, "upstream", &there, &address, &error), 0);
    assert_false(there);
    assert_string_equal(address.repository, "");
    assert_int_equal(repo_remote(repo, &world.arena, "no..name", &there, &address, &error), 0);
    assert_false(there);
    git("remotes", "config --add remote.origin.fetch %s", "+refs/heads/*:refs/x");
    assert_int_equal(repo_remote(repo, &world.arena, "origin", &there, &address, &error), -1);
    assert_code(error.code, ERROR_REPOSITORY);
    repo_close(repo);
}

/* ---- refs ------------------------------------------------------------------------------------ */

static void test_tags(void **state)
{
    struct repo *repo = clone("tags", "");
    struct facts facts = {0};
    (void)state;

    ask(repo, (struct question){.kind = QUESTION_TAGS}, &facts);
    assert_true(facts_known(&facts, QUESTION_TAGS));
    assert_int_equal(facts.tags.count, 9);
    assert_null(refs_find(&facts.tags, "conformance/v0.1.0"));
    const struct git_ref *light = refs_find(&facts.tags, "v0.1.0");
    assert_false(light->annotated);
    assert_string_equal(light->object, at("r2"));
    const struct git_ref *annotated = refs_find(&facts.tags, "v0.1.0-rc.1");
    assert_true(annotated->annotated);
    assert_string_equal(annotated->object, tag_id("v0.1.0-rc.1"));
    repo_close(repo);
}

static void test_branches(void **state)
{
    struct repo *repo = clone("branches", "");
    struct facts facts = {0};
    (void)state;

    git("branches", "branch %s", "release-9.9"); /* a local one is not the server's */
    ask(repo, (struct question){.kind = QUESTION_BRANCHES}, &facts);
    assert_int_equal(facts.branches.count, 1);
    assert_string_equal(facts.branches.items[0].name, "release-0.1");
    assert_string_equal(facts.branches.items[0].object, at("r2"));
    ask(repo, (struct question){.kind = QUESTION_REPOSITORY}, &facts);
    assert_string_equal(facts.repository.default_branch, "main");
    assert_string_equal(facts.repository.full_name, "o/n");
    ask(repo, (struct question){.kind = QUESTION_SOURCE, .head = "main"}, &facts);
    assert_string_equal(facts.source_head, at("m5"));
    facts.source_head = NULL;
    ask(repo, (struct question){.kind = QUESTION_SOURCE, .head = "develop"}, &facts);
    assert_null(facts.source_head);
    assert_true(facts_known(&facts, QUESTION_SOURCE));
    repo_close(repo);
}

/* Without origin/HEAD (git fetch in an empty repository, as actions/checkout does it). */
static void test_default_branch_without_head(void **state)
{
    struct repo *repo = clone("no-head", "");
    struct facts facts = {0};
    (void)state;

    git("no-head", "remote set-head origin %s", "-d");
    ask(repo, (struct question){.kind = QUESTION_REPOSITORY}, &facts);
    assert_string_equal(facts.repository.default_branch, "main");
    git("no-head", "update-ref -d refs/remotes/origin/%s", "main");
    ask(repo, (struct question){.kind = QUESTION_REPOSITORY}, &facts);
    assert_null(facts.repository.default_branch);
    repo_close(repo);
}

/* What only the server knows is hidden, with the reason. */
static void test_what_only_the_server_knows(void **state)
{
    static const enum question_kind kinds[] = {QUESTION_RELEASES, QUESTION_MORE_RELEASES,
                                               QUESTION_NOTES};
    struct repo *repo = open_path(world.origin);
    struct facts facts = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        ask(repo, (struct question){.kind = kinds[i], .base = "v0.0.9", .head = at("m1")}, &facts);
        assert_true(facts_unknown(&facts, kinds[i]));
        assert_false(string_is_empty(facts.answers[kinds[i]].why_unknown));
    }
    repo_close(repo);
}

/* ---- tag objects ----------------------------------------------------------------------------- */

static struct tag_object read_tag(struct repo *repo, const char *name)
{
    struct facts facts = {0};

    ask(repo, (struct question){.kind = QUESTION_TAG_OBJECT, .head = tag_id(name)}, &facts);
    assert_true(facts_known(&facts, QUESTION_TAG_OBJECT));
    return facts.tag_object;
}

static void test_tag_objects(void **state)
{
    struct repo *repo = clone("objects", "");
    struct tag_object object = read_tag(repo, "v0.1.0-rc.1");
    (void)state;

    assert_string_equal(object.target, at("m3"));
    assert_string_equal(object.target_type, "commit");
    assert_string_equal(object.name, "v0.1.0-rc.1");
    assert_string_equal(object.message, "An annotated tag\n");
    assert_string_equal(object.tagger, "A B <a@example.org>");
    assert_int_equal(object.signature, SIGNATURE_NONE);
    assert_int_equal(object.verification, UNKNOWN);
    object = read_tag(repo, "v0.1.0-rc.2");
    assert_int_equal(object.signature, SIGNATURE_OPENPGP);
    assert_string_equal(object.message, "A signed one\n\nwith -----BEGIN in it, and\n"
                                        "-----BEGIN SSH SIGNATURE-----\nquoted\n");
    assert_int_equal(read_tag(repo, "v0.2.0").signature, SIGNATURE_SSH);
    assert_int_equal(read_tag(repo, "v0.3.0").signature, SIGNATURE_X509);
    repo_close(repo);
}

static void test_odd_tag_objects(void **state)
{
    struct repo *repo = clone("odd", "");
    struct tag_object object = read_tag(repo, "v0.4.0");
    (void)state;

    assert_string_equal(object.target_type, "tag");
    assert_string_equal(object.target, tag_id("v0.1.0-rc.1"));
    assert_string_equal(read_tag(repo, "v0.5.0").target_type, "tree");
    object = read_tag(repo, "v0.6.0");
    assert_string_equal(object.name, "v9.9.9");
    assert_contains(object.message, "${MAJOR}");
    repo_close(repo);
}

static void test_objects_that_are_no_tags(void **state)
{
    struct repo *repo = open_path(world.origin);
    const char *const ids[] = {at("m1"), "0123456789012345678901234567890123456789", "nonsense",
                               ""};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(ids); i++) {
        struct facts facts = {0};

        ask(repo, (struct question){.kind = QUESTION_TAG_OBJECT, .head = ids[i]}, &facts);
        assert_true(facts_unknown(&facts, QUESTION_TAG_OBJECT));
    }
    repo_close(repo);
}

/* ---- comparisons ----------------------------------------------------------------------------- */

static struct comparison compare(struct repo *repo, const char *base, const char *head)
{
    struct facts facts = {0};
    struct question const question = {.kind = QUESTION_ON_BRANCH, .base = base, .head = head};

    assert_true(repo_compare(repo, &world.arena, &question, &facts));
    assert_true(facts_known(&facts, QUESTION_ON_BRANCH));
    return facts.on_branch;
}

static void expect(struct comparison found, enum relation relation, unsigned ahead, unsigned behind)
{
    assert_int_equal(found.relation, relation);
    assert_int_equal(found.ahead_by, ahead);
    assert_int_equal(found.behind_by, behind);
}

static void test_comparisons(void **state)
{
    struct repo *repo = clone("compare", "");
    (void)state;

    expect(compare(repo, at("r2"), at("r2")), RELATION_IDENTICAL, 0, 0);
    expect(compare(repo, at("r2"), at("r1")), RELATION_BEHIND, 0, 1);
    expect(compare(repo, at("r2"), at("m1")), RELATION_BEHIND, 0, 4);
    expect(compare(repo, at("m3"), at("r2")), RELATION_AHEAD, 2, 0);
    expect(compare(repo, at("r2"), at("m5")), RELATION_DIVERGED, 2, 2);
    repo_close(repo);
}

/* From the last candidate, which may be annotated, to the commit; the newest subjects first. */
static void test_since_the_candidate(void **state)
{
    struct repo *repo = clone("since", "");
    struct facts facts = {0};
    (void)state;

    ask(repo,
        (struct question){.kind = QUESTION_SINCE_CANDIDATE,
                          .base = "v0.1.0-rc.1",
                          .base_object = tag_id("v0.1.0-rc.1"),
                          .head = at("r2")},
        &facts);
    expect(facts.since_candidate, RELATION_AHEAD, 2, 0);
    assert_int_equal(facts.since_candidate.subject_count, 2);
    assert_string_equal(facts.since_candidate.subjects[0], "r2");
    assert_string_equal(facts.since_candidate.subjects[1], "r1");
    repo_close(repo);
}

static void test_unknown_commits_stay_open(void **state)
{
    struct repo *repo = open_path(world.origin);
    struct facts facts = {0};
    struct question question = {
        .kind = QUESTION_ON_BRANCH,
        .base = at("r2"),
        .head = "0123456789012345678901234567890123456789",
    };
    (void)state;

    assert_false(repo_compare(repo, &world.arena, &question, &facts));
    assert_false(facts_known(&facts, QUESTION_ON_BRANCH));
    question.kind = QUESTION_TAGS;
    assert_false(repo_compare(repo, &world.arena, &question, &facts));
    question.kind = QUESTION_ON_BRANCH;
    ask(repo, question, &facts);
    assert_true(facts_unknown(&facts, QUESTION_ON_BRANCH));
    repo_close(repo);
}

/* A shallow clone can prove that a commit is on a branch, never that it isn't. */
static void test_shallow(void **state)
{
    struct repo *repo = clone("shallow", "--depth=2 --no-single-branch");
    struct facts facts = {0};
    struct question question = {.kind = QUESTION_ON_BRANCH, .base = at("r2"), .head = at("r1")};
    (void)state;

    assert_true(repo_compare(repo, &world.arena, &question, &facts));
    assert_int_equal(facts.on_branch.relation, RELATION_BEHIND);
    facts = (struct facts){0};
    question.head = at("m5"); /* m3, their common ancestor, is cut off */
    assert_false(repo_compare(repo, &world.arena, &question, &facts));
    question.head = at("m1"); /* on the branch, but not in this clone */
    assert_false(repo_compare(repo, &world.arena, &question, &facts));
    assert_false(facts_known(&facts, QUESTION_ON_BRANCH));
    repo_close(repo);
}

/*
 * actions/checkout on a tag: fetched at depth 1, and refs/tags/T names the commit. The clone alone
 * takes it for lightweight; whoever has the object's id finds the object, or that it is not there.
 */
static void test_checkout_on_a_tag(void **state)
{
    struct facts facts = {0};
    (void)state;

    shell("git init -q '%s'", path_of("checkout"));
    git("checkout", "remote add origin 'file://%s'", world.origin);
    git("checkout", "fetch -q --no-tags --depth=1 origin '+%s:refs/tags/v0.1.0-rc.2'", at("r1"));
    git("checkout", "checkout -q %s", "refs/tags/v0.1.0-rc.2");
    struct repo *repo = open_path(path_of("checkout"));
    ask(repo, (struct question){.kind = QUESTION_TAGS}, &facts);
    assert_int_equal(facts.tags.count, 1);
    assert_false(facts.tags.items[0].annotated);
    assert_string_equal(facts.tags.items[0].object, at("r1"));
    ask(repo, (struct question){.kind = QUESTION_TAG_OBJECT, .head = tag_id("v0.1.0-rc.2")},
        &facts);
    assert_true(facts_unknown(&facts, QUESTION_TAG_OBJECT));
    ask(repo, (struct question){.kind = QUESTION_BRANCHES}, &facts);
    assert_int_equal(facts.branches.count, 0);
    repo_close(repo);
}

static void test_an_empty_repository(void **state)
{
    struct facts facts = {0};
    (void)state;

    shell("git init -q '%s'", path_of("new"));
    struct repo *repo = open_path(path_of("new"));
    ask(repo, (struct question){.kind = QUESTION_TAGS}, &facts);
    ask(repo, (struct question){.kind = QUESTION_BRANCHES}, &facts);
    ask(repo, (struct question){.kind = QUESTION_REPOSITORY}, &facts);
    assert_int_equal(facts.tags.count + facts.branches.count, 0);
    assert_null(facts.repository.default_branch);
    repo_close(repo);
}

/* From the remote's branch as the clone knows it, and through no link. */
static void test_files(void **state)
{
    static const struct {
        const char *branch, *path, *content;
    } cases[] = {
        {"files", "docs/KEYS", "keys\n"}, {"files", "KEYS", NULL},      {"files", "link", NULL},
        {"files", "docs", NULL},          {"files", "link/KEYS", NULL}, {"none", "docs/KEYS", NULL},
    };
    (void)state;

    git("origin", "checkout -q -b files %s", "main");
    shell("cd '%s' && mkdir docs && echo keys >docs/KEYS && ln -s docs link && git add -A && "
          "git commit -q -m files && git checkout -q main",
          world.origin);
    struct repo *repo = clone("with-files", "");
    git("origin", "branch -q -D %s", "files");
    struct repo_view const origin = {.remote = "origin"};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *content = NULL;
        int const result =
            repo_file(repo, &world.arena, &origin, cases[i].branch, cases[i].path, &content);

        if (result != (cases[i].content ? 0 : -1) || !strings_equal(content, cases[i].content))
            fail_msg("%s of %s: %d, %s", cases[i].path, cases[i].branch, result,
                     string_or(content, "(nothing)"));
    }
    repo_close(repo);
}

/* go.mod of a commit, which a link is not; that there is none is an answer. */
static void test_module(void **state)
{
    const char *content = "";
    struct repo *repo = clone("module", "");
    (void)state;

    shell(
        "cd '%s' && git config user.name N && git config user.email n@example.org && git checkout "
        "-q --detach && echo module a >go.mod && git add go.mod && git commit -q -m one && git "
        "tag with && rm go.mod && ln -s other go.mod && git add -A && git commit -q -m two && git "
        "tag link",
        path_of("module"));
    assert_true(repo_module(repo, &world.arena, "with", &content));
    assert_string_equal(content, "module a\n");
    assert_true(repo_module(repo, &world.arena, "with~1", &content));
    assert_null(content);
    assert_false(repo_module(repo, &world.arena, "link", &content));
    assert_false(
        repo_module(repo, &world.arena, "0123456789012345678901234567890123456789", &content));
    repo_close(repo);
}

/* A tag or branch that is another name of one is none of its own. */
static void test_symbolic_refs(void **state)
{
    struct repo *repo = clone("symbolic", "");
    struct facts facts = {0}, before = {0};
    (void)state;

    ask(repo, (struct question){.kind = QUESTION_TAGS}, &before);
    git("symbolic", "symbolic-ref refs/tags/v9.9.9 refs/tags/%s", "v0.1.0");
    ask(repo, (struct question){.kind = QUESTION_TAGS}, &facts);
    assert_int_equal(facts.tags.count, before.tags.count);
    assert_null(refs_find(&facts.tags, "v9.9.9"));
    repo_close(repo);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_opening),
        cmocka_unit_test(test_a_broken_repository),
        cmocka_unit_test(test_refs_that_cannot_be_read),
        cmocka_unit_test(test_another_users_clone),
        cmocka_unit_test(test_remotes),
        cmocka_unit_test(test_tags),
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_module),
        cmocka_unit_test(test_symbolic_refs),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_default_branch_without_head),
        cmocka_unit_test(test_what_only_the_server_knows),
        cmocka_unit_test(test_tag_objects),
        cmocka_unit_test(test_odd_tag_objects),
        cmocka_unit_test(test_objects_that_are_no_tags),
        cmocka_unit_test(test_comparisons),
        cmocka_unit_test(test_since_the_candidate),
        cmocka_unit_test(test_unknown_commits_stay_open),
        cmocka_unit_test(test_shallow),
        cmocka_unit_test(test_checkout_on_a_tag),
        cmocka_unit_test(test_an_empty_repository),
    };

    return cmocka_run_group_tests(tests, make_world, remove_world);
}
