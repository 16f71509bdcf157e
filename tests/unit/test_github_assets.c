/* adapters/github_assets: uploads, lists and deletions, against a script. */
#include "support_http.h"

#include "adapters/github.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ASSET(id, name, state, size, digest)                                                       \
    "{\"id\":" #id ",\"name\":\"" name "\",\"state\":\"" state "\",\"size\":" #size                \
    ",\"digest\":" digest "}"

static const char hello_digest[] =
    "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"; /* "hello\n" */

struct talk {
    struct arena arena;
    struct http_server server;
    struct client client;
    struct github *github;
    struct effects effects;
    struct asset_file file;
    const char *folder, *upload_url;
    size_t sent;
    struct error error;
};

static void talk_start(struct talk *talk, struct reply *replies, size_t count)
{
    *talk = (struct talk){.arena = {0}};
    http_server_start(&talk->server, replies, count);
    client_open(&talk->client, talk->server.origin);
    talk->github = github_open(
        &(struct github_settings){
            .api_url = talk->server.origin,
            .repository = "o/n",
            .tag_prefix = "v",
            .tag = "v1.0.0",
            .branch_stem = "release-",
            .clock = &talk->client.clock.clock,
        },
        talk->client.http);
    talk->effects = github_effects(talk->github);
    talk->folder = make_folder(&talk->arena);
    talk->file = (struct asset_file){
        .path = "a b",
        .real = arena_print(&talk->arena, "%s/a b", talk->folder),
        .own = "a b",
        .name = "a.b",
        .size = 6,
    };
    write_file(talk->file.real, "hello\n", 6);
    talk->upload_url =
        arena_print(&talk->arena, "%s/up/7/assets{?name,label}", talk->server.origin);
}

static void talk_end(struct talk *talk)
{
    remove_folder(talk->folder);
    github_close(talk->github);
    client_close(&talk->client);
    http_server_stop(&talk->server);
    arena_free(&talk->arena);
}

#define TALK(...)                                                                                  \
    struct reply replies[] = {__VA_ARGS__};                                                        \
    struct talk talk;                                                                              \
    (void)state;                                                                                   \
    talk_start(&talk, replies, COUNT_OF(replies))

static void count_sent(void *state, size_t bytes)
{
    ((struct talk *)state)->sent += bytes;
}

static struct asset_upload upload(struct talk *talk)
{
    struct asset_upload one = {.file = &talk->file, .error = &talk->error};
    struct upload_watch const watch = {.state = talk, .sent = count_sent};
    struct error error = {0};

    assert_int_equal(talk->effects.upload_assets(talk->github, &talk->arena, talk->upload_url, &one,
                                                 1, &watch, &error),
                     0);
    return one;
}

static void test_upload(void **state)
{
    TALK({.match = "POST /up/7/assets?name=a.b&label=a%20b ",
          .status = 201,
          .body = ASSET(9, "a.b", "uploaded", 6, "\"sha256:5891\"")});
    struct asset_upload const one = upload(&talk);

    assert_int_equal(one.end, WRITE_DONE);
    assert_string_equal(one.digest, hello_digest);
    assert_int_equal(one.made.id, 9);
    assert_string_equal(one.made.name, "a.b");
    assert_string_equal(one.made.digest, "5891");
    assert_true(one.made.whole);
    assert_int_equal(talk.sent, 6);
    const char *sent = text_string(&talk.server.requests[0]);
    assert_contains(sent, "Content-Type: application/octet-stream\r\n");
    assert_contains(sent, "Content-Length: 6\r\n");
    assert_contains(sent, "\r\n\r\nhello\n");
    talk_end(&talk);
}

/* How an upload ends that isn't answered as it should be. */
static void test_upload_ends(void **state)
{
    static const struct {
        struct reply reply;
        enum write_end end;
    } cases[] = {
        {{.match = "",
          .status = 422,
          .body = "{\"message\":\"Validation Failed\",\"errors\":[{\"resource\":\"ReleaseAsset\","
                  "\"code\":\"already_exists\",\"field\":\"name\"}]}"},
         WRITE_TAKEN},
        {{.match = "",
          .status = 422,
          .body = "{\"message\":\"An asset of that name already exists\"}"},
         WRITE_TAKEN},
        {{.match = "", .status = 422, .body = "{\"message\":\"no\"}"}, WRITE_FAILED},
        {{.match = "", .status = 400, .body = "{\"message\":\"Bad Content-Length: \"}"},
         WRITE_FAILED},
        {{.match = "", .status = 404, .body = "{}"}, WRITE_GONE},
        {{.match = "", .status = 502, .body = "{}"}, WRITE_LOST},
        {{.match = "", .status = 200, .body = "{}"}, WRITE_LOST},
        {{.match = "", .status = 201, .body = "{\"id\":"}, WRITE_LOST},
        {{.match = "", .status = 201, .body = "{\"id\":1}"}, WRITE_LOST},
        {{.match = "", .body = "", .end = REPLY_CUT}, WRITE_LOST},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = cases[i].reply;
        struct talk talk;

        talk_start(&talk, &reply, 1);
        struct asset_upload const one = upload(&talk);
        if (one.end != cases[i].end)
            fail_msg("case %zu: %d was expected, %d found", i, cases[i].end, one.end);
        assert_true(talk.error.code != ERROR_NONE);
        assert_int_equal(talk.server.request_count, 1);
        talk_end(&talk);
    }
}

/* The token goes to no address but the server's own. */
static void test_upload_elsewhere(void **state)
{
    TALK({.match = "", .status = 201, .body = "{}"});
    struct asset_upload one = {.file = &talk.file, .error = &talk.error};

    assert_int_equal(talk.effects.upload_assets(talk.github, &talk.arena,
                                                "https://uploads.example.org/x{?name}", &one, 1,
                                                NULL, &talk.error),
                     -1);
    assert_code(talk.error.code, ERROR_ASSET_UPLOAD);
    assert_int_equal(talk.server.request_count, 0);
    upload(&talk);
    talk_end(&talk);
}

static void test_upload_of_a_file_that_is_gone(void **state)
{
    TALK({.match = "", .status = 201, .body = "{}"});

    unlink(talk.file.real);
    struct asset_upload const one = upload(&talk);
    assert_int_not_equal(one.end, WRITE_DONE);
    assert_null(one.digest);
    assert_code(talk.error.code, ERROR_ASSET_FILE);
    talk_end(&talk);
}

static void test_list_in_pages(void **state)
{
    struct talk talk;
    char link[128];
    struct reply replies[] = {
        {.match = "page=2 ",
         .status = 200,
         .body =
             "[" ASSET(2, "b", "starter", 0, "null") "," ASSET(3, "c", "open", 5, "\"md5:1\"") "]"},
        {.match = "GET /repos/o/n/releases/7/assets?per_page=100 ",
         .status = 200,
         .headers = link,
         .body = "[" ASSET(1, "a", "uploaded", 5, "\"sha256:ab\"") "]"},
    };
    struct asset_facts assets;
    (void)state;

    talk_start(&talk, replies, COUNT_OF(replies));
    snprintf(link, sizeof(link), "Link: <%s/x?page=2>; rel=\"next\"\r\n", talk.server.origin);
    assert_int_equal(talk.effects.list_assets(talk.github, &talk.arena, 7, &assets, &talk.error),
                     0);
    assert_int_equal(assets.count, 3);
    assert_string_equal(assets.items[0].digest, "ab");
    assert_true(assets.items[0].whole);
    assert_false(assets.items[1].whole);
    assert_null(assets.items[1].digest);
    assert_false(assets.items[2].whole);
    assert_null(assets.items[2].digest);
    talk_end(&talk);
}

static void test_odd_lists(void **state)
{
    static const char *const bodies[] = {"{}", "[{}]", "[",
                                         "[{\"id\":1,\"name\":\"a\",\"size\":1}]"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct reply reply = {.match = "", .status = 200, .body = bodies[i]};
        struct asset_facts assets;
        struct talk talk;

        talk_start(&talk, &reply, 1);
        assert_int_equal(
            talk.effects.list_assets(talk.github, &talk.arena, 7, &assets, &talk.error), -1);
        assert_code(talk.error.code, ERROR_ANSWER);
        talk_end(&talk);
    }
}

/* A list that never ends is given up. */
static void test_endless_list(void **state)
{
    char link[128];
    struct asset_facts assets = {.count = 7};
    TALK({.match = "", .status = 200, .headers = link, .body = "[]"});

    snprintf(link, sizeof(link), "Link: <%s/x?page=2>; rel=\"next\"\r\n", talk.server.origin);
    assert_int_equal(talk.effects.list_assets(talk.github, &talk.arena, 7, &assets, &talk.error),
                     -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_int_equal(talk.server.request_count, 100);
    assert_int_equal(assets.count, 7);
    talk_end(&talk);
}

static void test_delete(void **state)
{
    TALK({.match = "DELETE /repos/o/n/releases/assets/9 ", .times = 1, .status = 204},
         {.match = "DELETE /repos/o/n/releases/assets/9 ", .status = 404, .body = "{}"});

    assert_int_equal(talk.effects.delete_asset(talk.github, 9, &talk.error), WRITE_DONE);
    assert_int_equal(talk.effects.delete_asset(talk.github, 9, &talk.error), WRITE_GONE);
    talk_end(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_upload),
        cmocka_unit_test(test_upload_ends),
        cmocka_unit_test(test_upload_elsewhere),
        cmocka_unit_test(test_upload_of_a_file_that_is_gone),
        cmocka_unit_test(test_list_in_pages),
        cmocka_unit_test(test_odd_lists),
        cmocka_unit_test(test_endless_list),
        cmocka_unit_test(test_delete),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
