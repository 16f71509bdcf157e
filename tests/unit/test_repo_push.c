/*
 * adapters/repo_push, against bare repositories on disk: create-only, nothing but the object goes
 * over, and the workspace stays as it is. (The fetch of what the workspace lacks needs a server:
 * scenarios.)
 */
#include "support_http.h"

#include "adapters/repo_push.h"

#include <string.h>

/* An origin with main = release-0.1 = m2, a clone of it, and what to push. */
struct bench {
    struct arena arena;
    struct fake_clock clock;
    const char *folder, *origin, *clone, *commit;
    struct repo *repo;
    struct repo_push push;
    struct new_tag tag;
    struct error error;
};

#define git(bench, repository, format, ...)                                                        \
    shell("cd '%s' && git -c user.name=A -c user.email=a@example.org " format, repository,         \
          __VA_ARGS__)

static const char *ref(struct bench *bench, const char *repository, const char *name)
{
    return shell_line(&bench->arena, "git -C '%s' rev-parse -q --verify '%s' || echo none",
                      repository, name);
}

static void make_object(struct bench *bench, const char *name, const char *commit)
{
    const char *bytes =
        arena_print(&bench->arena,
                    "object %s\ntype commit\ntag %s\ntagger A B <a@example.org> 1700000000 "
                    "+0000\n\nA release\n",
                    commit, name);

    bench->tag = (struct new_tag){
        .name = name,
        .commit = commit,
        .branch = "release-0.1",
        .bytes = bytes,
        .length = strlen(bytes),
        .object = repo_tag_id(&bench->arena, bytes, strlen(bytes)),
    };
}

static void bench_open(struct bench *bench)
{
    struct arena *arena = &bench->arena;

    *bench = (struct bench){.error = {0}};
    fake_clock_start(&bench->clock);
    bench->folder = make_folder(arena);
    bench->origin = arena_print(arena, "%s/origin.git", bench->folder);
    bench->clone = arena_print(arena, "%s/clone", bench->folder);
    shell("git init -q -b main '%s' && cd '%s' && for i in 1 2; do git -c user.name=A -c "
          "user.email=a@example.org commit -q --allow-empty -m m$i; done && git branch release-0.1 "
          "&& git clone -q --bare . '%s'",
          bench->clone, bench->clone, bench->origin);
    bench->commit = ref(bench, bench->clone, "main");
    assert_int_equal(repo_open(bench->clone, &bench->repo, &bench->error), 0);
    bench->push = (struct repo_push){
        .repo = bench->repo,
        .url = arena_print(arena, "file://%s", bench->origin),
        .token = "secret",
        .certificates = "/etc/ssl/certs/ca-certificates.crt",
        .scratch = arena_print(arena, "%s/scratch.git", bench->folder),
        .stall_seconds = 5,
        .clock = &bench->clock.clock,
    };
    make_object(bench, "v0.1.0", bench->commit);
}

static void bench_close(struct bench *bench)
{
    repo_close(bench->repo);
    remove_folder(bench->folder);
    arena_free(&bench->arena);
}

static enum write_end push(struct bench *bench)
{
    bench->error = (struct error){0};
    return repo_push_tag(&bench->push, &bench->arena, &bench->tag, &bench->error);
}

static const char *refs_of(struct bench *bench, const char *repository)
{
    return shell_line(&bench->arena, "git -C '%s' for-each-ref | sha1sum", repository);
}

static const char *files_of(struct bench *bench, const char *folder)
{
    return shell_line(&bench->arena, "find '%s' -type f | sort | xargs sha1sum | sha1sum", folder);
}

static void test_the_id(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench);
    const char *path = arena_print(&bench.arena, "%s/object", bench.folder);
    write_file(path, bench.tag.bytes, bench.tag.length);
    assert_string_equal(shell_line(&bench.arena, "git hash-object -t tag --literally '%s'", path),
                        bench.tag.object);
    bench_close(&bench);
}

static void test_a_push(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench);
    const char *before = files_of(&bench, bench.clone);
    const char *branch = ref(&bench, bench.origin, "refs/heads/release-0.1");
    assert_int_equal(push(&bench), WRITE_DONE);
    assert_string_equal(ref(&bench, bench.origin, "refs/tags/v0.1.0"), bench.tag.object);
    assert_string_equal(ref(&bench, bench.origin, "refs/heads/release-0.1"), branch);
    assert_string_equal(before, files_of(&bench, bench.clone)); /* the workspace is not ours */
    shell("git -C '%s' fsck --strict", bench.origin);
    const char *path = arena_print(&bench.arena, "%s/object", bench.folder);
    write_file(path, bench.tag.bytes, bench.tag.length);
    shell("git -C '%s' cat-file tag v0.1.0 | cmp - '%s'", bench.origin, path);
    assert_int_equal(push(&bench), WRITE_TAKEN); /* once more */
    bench_close(&bench);
}

/* Others were quicker: whatever their tag names, it stays. */
static void test_a_tag_that_is_there(void **state)
{
    static const char *const theirs[] = {"main", "main~1", "main^{tree}"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(theirs); i++) {
        struct bench bench;

        bench_open(&bench);
        git(&bench, bench.origin, "update-ref refs/tags/v0.1.0 $(git rev-parse '%s')", theirs[i]);
        const char *before = refs_of(&bench, bench.origin);
        assert_int_equal(push(&bench), WRITE_TAKEN);
        assert_string_equal(before, refs_of(&bench, bench.origin));
        bench_close(&bench);
    }
}

static void test_a_branch_that_moved(void **state)
{
    static const char *const commands[] = {
        "update-ref refs/heads/release-0.1 main~1",
        "update-ref -d refs/heads/release-0.1",
        "update-ref refs/heads/release-0.1 $(git -c user.name=A -c user.email=a@example.org "
        "commit-tree -p main -m new 'main^{tree}')",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        struct bench bench;

        bench_open(&bench);
        git(&bench, bench.origin, "%s", commands[i]);
        const char *before = refs_of(&bench, bench.origin);
        assert_int_equal(push(&bench), WRITE_TAKEN);
        assert_string_equal(before, refs_of(&bench, bench.origin));
        bench_close(&bench);
    }
}

/* Names that begin alike are other names. */
static void test_neighbours(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench);
    git(&bench, bench.origin, "tag %s main", "v0.1.0-rc.1");
    git(&bench, bench.origin, "tag %s main", "x/v0.1.0");
    git(&bench, bench.origin, "update-ref refs/heads/%s main~1", "x/release-0.1");
    git(&bench, bench.origin, "update-ref refs/heads/%s main", "v0.1.0");
    assert_int_equal(push(&bench), WRITE_DONE);
    assert_string_equal(ref(&bench, bench.origin, "refs/tags/v0.1.0"), bench.tag.object);
    bench_close(&bench);
}

static void test_a_name_with_a_slash(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench);
    make_object(&bench, "conformance/v0.1.0", bench.commit);
    assert_int_equal(push(&bench), WRITE_DONE);
    assert_string_equal(ref(&bench, bench.origin, "refs/tags/conformance/v0.1.0"),
                        bench.tag.object);
    bench_close(&bench);
}

/* Where the token may go: to the very host, not to one whose name begins like it. */
static void test_our_host(void **state)
{
    static const struct {
        const char *address;
        bool ours;
    } cases[] = {
        {"https://github.com/o/n.git/info/refs", true},
        {"https://github.com/", true},
        {"https://github.com", true},
        {"https://github.com.example.org/o/n.git", false},
        {"https://github.community/o/n.git", false},
        {"https://github.com:8443/o/n.git", false},
        {"https://github.com@example.org/o/n.git", false},
        {"https://example.org/https://github.com/o/n.git", false},
        {"http://github.com/o/n.git", false},
        {"https://", false},
        {"", false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (repo_is_our_host("https://github.com/o/n.git", cases[i].address) != cases[i].ours)
            fail_msg("%s: %d was expected", cases[i].address, cases[i].ours);
    assert_true(repo_is_our_host("http://127.0.0.1:8080/o/n.git", "http://127.0.0.1:8080/o/n.git"));
    assert_false(repo_is_our_host("http://127.0.0.1:808/o/n.git", "http://127.0.0.1:8080/o/n.git"));
    assert_false(repo_is_our_host("/a/path", "/a/path"));
}

/* A server that isn't there: said with its address, without the token. */
static void test_nobody_there(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench);
    bench.push.url = "https://127.0.0.1:1/owner/name.git";
    assert_int_equal(push(&bench), WRITE_FAILED);
    assert_code(ERROR_UNREACHABLE, bench.error.code);
    assert_contains(bench.error.message, "127.0.0.1:1");
    assert_lacks(bench.error.message, "secret");
    bench_close(&bench);
}

/* A commit that the clone lacks is fetched; where there is no place for that, it ends there. */
static void test_no_place_to_fetch_into(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench);
    const char *before = refs_of(&bench, bench.origin);
    bench.push.repo = NULL;
    bench.push.scratch = "/proc/no/such/folder";
    assert_int_equal(push(&bench), WRITE_FAILED);
    assert_int_not_equal(bench.error.code, 0);
    assert_string_equal(before, refs_of(&bench, bench.origin));
    bench_close(&bench);
}

/* The token is shown once. A server that doesn't take it is not asked for ever. */
static void test_a_token_that_is_not_accepted(void **state)
{
    struct reply reply = {.match = "",
                          .status = 401,
                          .headers = "WWW-Authenticate: Basic realm=\"GitHub\"\r\n",
                          .body = ""};
    struct http_server server;
    struct bench bench;
    (void)state;

    bench_open(&bench);
    http_server_start(&server, &reply, 1);
    bench.push.url = arena_print(&bench.arena, "%s/o/n.git", server.origin);
    assert_int_equal(push(&bench), WRITE_FAILED);
    assert_code(ERROR_PERMISSION, bench.error.code);
    assert_lacks(bench.error.message, "secret");
    assert_in_range(server.request_count, 2, 3);
    assert_lacks(text_string(&server.requests[0]), "uthorization");
    assert_contains(text_string(&server.requests[1]),
                    "Authorization: Basic eC1hY2Nlc3MtdG9rZW46c2VjcmV0\r\n");
    http_server_stop(&server);
    bench_close(&bench);
}

/* libgit2 hands on the status in words; the code says what it means. */
static void test_the_server_says_no(void **state)
{
    static const struct {
        int status;
        enum error_code code;
    } cases[] = {
        {403, ERROR_PERMISSION},
        {429, ERROR_RATE_LIMIT},
        {500, ERROR_SERVER},
        {404, ERROR_UNREACHABLE},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = {.match = "", .status = cases[i].status, .body = ""};
        struct http_server server;
        struct bench bench;

        bench_open(&bench);
        http_server_start(&server, &reply, 1);
        bench.push.url = arena_print(&bench.arena, "%s/o/n.git", server.origin);
        assert_int_equal(push(&bench), WRITE_FAILED);
        assert_code(cases[i].code, bench.error.code);
        assert_contains(bench.error.message, server.origin);
        http_server_stop(&server);
        bench_close(&bench);
    }
}

/* The clone's configuration doesn't decide where it goes. */
static void test_configuration_of_the_clone(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench);
    shell("git init -q --bare '%s/other.git'", bench.folder);
    git(&bench, bench.clone, "config 'url.file://%s/other.git.insteadOf' '%s'", bench.folder,
        bench.push.url);
    assert_int_equal(push(&bench), WRITE_DONE);
    assert_string_equal(ref(&bench, bench.origin, "refs/tags/v0.1.0"), bench.tag.object);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_id),
        cmocka_unit_test(test_a_push),
        cmocka_unit_test(test_a_tag_that_is_there),
        cmocka_unit_test(test_a_branch_that_moved),
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_a_name_with_a_slash),
        cmocka_unit_test(test_our_host),
        cmocka_unit_test(test_nobody_there),
        cmocka_unit_test(test_no_place_to_fetch_into),
        cmocka_unit_test(test_a_token_that_is_not_accepted),
        cmocka_unit_test(test_the_server_says_no),
        cmocka_unit_test(test_configuration_of_the_clone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
