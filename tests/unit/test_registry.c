/* adapters/registry: challenges, manifests, and images looked at by the token protocol. */
#include "support_http.h"

#include "adapters/registry.h"
#include "adapters/registry_challenge.h"
#include "adapters/registry_manifest.h"
#include "adapters/sha256.h"

#include <stdio.h>
#include <string.h>

/* ---- challenges ------------------------------------------------------------------------------ */

static void test_challenges(void **state)
{
    static const struct {
        const char *header;
        bool bearer, basic;
        const char *realm, *service, *scope;
    } cases[] = {
        {"Bearer realm=\"https://ghcr.io/token\",service=\"ghcr.io\",scope=\"repository:o/n:pull\"",
         true, false, "https://ghcr.io/token", "ghcr.io", "repository:o/n:pull"},
        {"bearer Realm = https://a/token , SERVICE=b", true, false, "https://a/token", "b", NULL},
        {"Basic realm=\"r\"", false, true, NULL, NULL, NULL},
        {"Basic realm=\"r\", Bearer realm=\"https://a/t\"", true, true, "https://a/t", NULL, NULL},
        {"Bearer realm=\"https://a/t\", Basic realm=\"r\"", true, true, "https://a/t", NULL, NULL},
        {"Bearer realm=\"1\", Bearer realm=\"2\"", true, false, "1", NULL, NULL},
        {"Bearer realm=\"1\", realm=\"2\"", true, false, "1", NULL, NULL},
        {"Bearer realm=\"a\\\"b\\\\c\"", true, false, "a\"b\\c", NULL, NULL},
        {"Negotiate, Bearer realm=\"x\"", true, false, "x", NULL, NULL},
        {"Bearer", true, false, NULL, NULL, NULL},
        {"Bearer realm=", true, false, "", NULL, NULL},
        {"Bearer realm=\"unclosed", true, false, "unclosed", NULL, NULL},
        {"Bearer realm=\"unclosed\\", true, false, "unclosed\\", NULL, NULL},
        {"", false, false, NULL, NULL, NULL},
        {"=,\"(;", false, false, NULL, NULL, NULL},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct challenge found;

        challenge_parse(&arena, cases[i].header, &found);
        if (found.bearer != cases[i].bearer || found.basic != cases[i].basic ||
            !strings_equal(found.realm, cases[i].realm) ||
            !strings_equal(found.service, cases[i].service) ||
            !strings_equal(found.scope, cases[i].scope))
            fail_msg("%s: realm %s, service %s, scope %s", cases[i].header,
                     string_or(found.realm, "-"), string_or(found.service, "-"),
                     string_or(found.scope, "-"));
    }
}

/* ---- manifests ------------------------------------------------------------------------------- */

#define CONFIG "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define PLATFORM(os, architecture)                                                                 \
    "{\"platform\":{\"os\":\"" os "\",\"architecture\":\"" architecture "\"}}"

static void test_manifests(void **state)
{
    static const struct {
        const char *json, *platforms, *config; /* NULL: refused */
    } cases[] = {
        {"{\"manifests\":[" PLATFORM("linux", "amd64") "," PLATFORM("linux", "arm64") "]}",
         "linux/amd64, linux/arm64", NULL},
        {"{\"manifests\":[" PLATFORM("linux", "amd64") "," PLATFORM("unknown", "unknown") "]}",
         "linux/amd64", NULL},
        {"{\"manifests\":[" PLATFORM("linux", "amd64") "," PLATFORM("linux", "amd64") "]}",
         "linux/amd64", NULL},
        {"{\"manifests\":[" PLATFORM("linux", "amd64") "," PLATFORM("linux", "amd") "]}",
         "linux/amd64, linux/amd", NULL},
        {"{\"manifests\":[{\"platform\":{\"os\":\"linux\",\"architecture\":\"arm\",\"variant\":"
         "\"v7\"}}]}",
         "linux/arm/v7", NULL},
        {"{\"manifests\":[" PLATFORM("<b>", "amd64") "," PLATFORM("linux", "a|b") ",{},1]}", "",
         NULL},
        {"{\"manifests\":[]}", "", NULL},
        {"{\"config\":{\"digest\":\"" CONFIG "\"}}", "", CONFIG},
        {"{\"config\":{\"digest\":\"sha256:../..\"}}", NULL, NULL},
        {"{\"schemaVersion\":1}", NULL, NULL},
        {"{\"manifests\":[", NULL, NULL},
        {"[]", NULL, NULL},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct manifest found;
        struct error error = {0};
        int const result =
            manifest_parse(&arena, cases[i].json, strlen(cases[i].json), &found, &error);

        assert_int_equal(result, cases[i].platforms ? 0 : -1);
        if (result) {
            assert_code(error.code, ERROR_ANSWER);
            continue;
        }
        assert_string_equal(found.platforms, cases[i].platforms);
        assert_string_equal(string_or(found.config, "-"), string_or(cases[i].config, "-"));
    }
}

static void test_many_platforms(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text json = {0};
    struct manifest found;
    struct error error = {0};
    (void)state;

    text_add(&json, "{\"manifests\":[{}");
    for (int i = 0; i < 1000; i++)
        text_print(&json, ",{\"platform\":{\"os\":\"linux\",\"architecture\":\"a%d\"}}", i);
    text_add(&json, "]}");
    assert_int_equal(manifest_parse(&arena, json.bytes, json.length, &found, &error), 0);
    assert_int_equal(occurrences(found.platforms, "linux/"), 32);
}

static void test_configurations(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    static const char *const cases[][2] = {
        {"{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\"}", "linux/arm64/v8"},
        {"{\"name\":\"a chart\"}", ""},
        {"{", ""},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(manifest_platform(&arena, cases[i][0], strlen(cases[i][0])),
                            cases[i][1]);
}

/* ---- looking --------------------------------------------------------------------------------- */

static const char index_json[] =
    "{\"manifests\":[" PLATFORM("linux", "amd64") "," PLATFORM("linux", "arm64") "]}";

static const char *digest_of(struct arena *arena, const char *text)
{
    char digits[SHA256_DIGITS + 1];

    sha256(text, strlen(text), digits);
    return arena_print(arena, "sha256:%s", digits);
}

struct talk {
    struct arena arena;
    struct http_server server;
    struct client client;
    struct registry *registry;
    struct image_reference images[2];
    struct image_fact facts[2];
    struct error error;
    char challenge[256], digest_header[128];
    char registry_name[64];
};

static void talk_start(struct talk *talk, struct reply *replies, size_t count, const char *token)
{
    struct arena *arena = &talk->arena;

    http_server_start(&talk->server, replies, count);
    client_open(&talk->client, talk->server.origin); /* where the client would send the token */
    snprintf(talk->challenge, sizeof(talk->challenge),
             "WWW-Authenticate: Bearer realm=\"%s/token\",service=\"s s\"\r\n",
             talk->server.origin);
    snprintf(talk->digest_header, sizeof(talk->digest_header), "Docker-Content-Digest: %s\r\n",
             digest_of(arena, index_json));
    snprintf(talk->registry_name, sizeof(talk->registry_name), "127.0.0.1:%d", talk->server.port);
    talk->registry = registry_open(
        &(struct registry_settings){.token = token,
                                    .token_registry = token ? talk->registry_name : NULL},
        talk->client.http);
    for (size_t i = 0; i < 2; i++)
        if (image_reference_parse(arena, arena_print(arena, "%s/o/n%zu", talk->server.origin, i),
                                  "v1", &talk->images[i], &talk->error))
            fail_msg("%s", talk->error.message);
}

static void talk_end(struct talk *talk)
{
    registry_close(talk->registry);
    client_close(&talk->client);
    http_server_stop(&talk->server);
    arena_free(&talk->arena);
}

/* The replies' headers are known once the server has its port. */
#define TALK(the_token, ...)                                                                       \
    struct talk talk = {.arena = {0}};                                                             \
    struct reply replies[] = {__VA_ARGS__};                                                        \
    (void)state;                                                                                   \
    talk_start(&talk, replies, COUNT_OF(replies), the_token)

#define NEVER "ghs_secret"

static int look(struct talk *talk, size_t count)
{
    return registry_look(talk->registry, &talk->arena, talk->images, count, talk->facts,
                         &talk->error);
}

static const char *sent(const struct talk *talk, size_t request)
{
    return text_string(&talk->server.requests[request]);
}

/* Not one request bore the token, not even to the host that it is for. */
static void expect_token_kept(const struct talk *talk)
{
    for (size_t i = 0; i < talk->server.request_count; i++)
        assert_lacks(sent(talk, i), NEVER);
}

static void test_open_registry(void **state)
{
    TALK(NULL,
         {.match = "HEAD /v2/o/n0/manifests/v1 ", .status = 200, .headers = talk.digest_header},
         {.match = "GET /v2/o/n0/manifests/sha256:", .status = 200, .body = index_json},
         {.match = "HEAD /v2/o/n1/manifests/v1 ", .status = 404});

    assert_int_equal(look(&talk, 2), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_FOUND);
    assert_string_equal(talk.facts[0].platforms, "linux/amd64, linux/arm64");
    assert_string_equal(talk.facts[0].digest, digest_of(&talk.arena, index_json));
    assert_int_equal(talk.facts[1].state, IMAGE_MISSING);
    assert_int_equal(talk.server.request_count, 3);
    assert_contains(sent(&talk, 0), "Accept: application/vnd.oci.image.index.v1+json\r\n");
    assert_contains(sent(&talk, 0),
                    "Accept: application/vnd.docker.distribution.manifest.v2+json\r\n");
    expect_token_kept(&talk);
    /* What is known already isn't read again. */
    assert_int_equal(look(&talk, 1), 0);
    assert_string_equal(talk.facts[0].platforms, "linux/amd64, linux/arm64");
    assert_int_equal(talk.server.request_count, 4);
    talk_end(&talk);
}

/* Anybody gets a pass; it serves until it is refused. */
static void test_pass_for_anybody(void **state)
{
    TALK(NULL, {.match = "HEAD ", .times = 1, .status = 401, .headers = talk.challenge},
         {.match = "GET /token?service=s%20s&scope=repository%3Ao%2Fn0%3Apull ",
          .times = 1,
          .status = 200,
          .body = "{\"token\":\"first\"}"},
         {.match = "HEAD ", .times = 2, .status = 200, .headers = talk.digest_header},
         {.match = "GET /v2/", .status = 200, .body = index_json},
         {.match = "HEAD ", .times = 1, .status = 401, .headers = talk.challenge},
         {.match = "GET /token?", .status = 200, .body = "{\"access_token\":\"second\"}"},
         {.match = "HEAD ", .status = 200, .headers = talk.digest_header});

    assert_int_equal(look(&talk, 1), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_FOUND);
    assert_lacks(sent(&talk, 0), "Authorization");
    assert_lacks(sent(&talk, 1), "Authorization");
    assert_contains(sent(&talk, 2), "Authorization: Bearer first\r\n");
    assert_contains(sent(&talk, 3), "Authorization: Bearer first\r\n");
    assert_int_equal(look(&talk, 1), 0); /* with the pass that is there */
    assert_int_equal(talk.server.request_count, 5);
    assert_int_equal(look(&talk, 1), 0); /* which has expired by now */
    assert_int_equal(talk.server.request_count, 8);
    assert_contains(sent(&talk, 7), "Authorization: Bearer second\r\n");
    assert_int_equal(talk.facts[0].state, IMAGE_FOUND);
    expect_token_kept(&talk);
    talk_end(&talk);
}

/* "cut-release:ghs_secret" */
#define CREDENTIALS "Authorization: Basic Y3V0LXJlbGVhc2U6Z2hzX3NlY3JldA==\r\n"

/* The registry that it is for gets the token, after it has refused somebody without. */
static void test_pass_for_our_token(void **state)
{
    TALK(NEVER, {.match = "HEAD ", .times = 1, .status = 401, .headers = talk.challenge},
         {.match = "GET /token?", .times = 1, .status = 403, .body = "{}"},
         {.match = "GET /token?", .status = 200, .body = "{\"token\":\"ours\"}"},
         {.match = "HEAD ", .status = 200, .headers = talk.digest_header},
         {.match = "GET /v2/", .status = 200, .body = index_json});

    assert_int_equal(look(&talk, 1), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_FOUND);
    assert_lacks(sent(&talk, 1), "Authorization");
    assert_contains(sent(&talk, 2), CREDENTIALS);
    assert_contains(sent(&talk, 3), "Authorization: Bearer ours\r\n");
    talk_end(&talk);
}

/* Anybody's pass may open no door: then it is tried with ours. Denied is what is left. */
static void test_pass_that_opens_nothing(void **state)
{
    TALK(NEVER, {.match = "HEAD ", .status = 403, .headers = talk.challenge},
         {.match = "GET /token?", .status = 200, .body = "{\"token\":\"pass\"}"});

    assert_int_equal(look(&talk, 1), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_DENIED);
    assert_int_equal(talk.server.request_count, 5);
    assert_lacks(sent(&talk, 1), "Authorization");
    assert_contains(sent(&talk, 3), CREDENTIALS);
    /* The next look begins as us, and asks no more than it must. */
    assert_int_equal(look(&talk, 1), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_DENIED);
    assert_in_range(talk.server.request_count, 6, 9);
    talk_end(&talk);
}

/* Two images of one repository, both private: each gets in. */
static void test_two_of_one_repository(void **state)
{
    TALK(NEVER, {.match = "HEAD ", .times = 2, .status = 401, .headers = talk.challenge},
         {.match = "GET /token?", .times = 2, .status = 401, .body = "{}"},
         {.match = "GET /token?", .status = 200, .body = "{\"token\":\"ours\"}"},
         {.match = "HEAD ", .status = 200, .headers = talk.digest_header},
         {.match = "GET /v2/", .status = 200, .body = index_json});

    talk.images[1] = talk.images[0];
    talk.images[1].version = "v2";
    assert_int_equal(look(&talk, 2), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_FOUND);
    assert_int_equal(talk.facts[1].state, IMAGE_FOUND);
    talk_end(&talk);
}

/* Without a token for this registry, or with a realm elsewhere, nobody shows it. */
static void test_token_stays_at_home(void **state)
{
    TALK(NULL, {.match = "HEAD ", .status = 401, .headers = talk.challenge},
         {.match = "GET /token?", .status = 401, .body = "{}"});

    assert_int_equal(look(&talk, 1), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_DENIED);
    assert_int_equal(talk.server.request_count, 2);
    expect_token_kept(&talk);
    talk_end(&talk);
}

static void test_realm_of_another_host(void **state)
{
    TALK(NEVER, {.match = "HEAD ", .status = 401, .headers = talk.challenge},
         {.match = "GET /token?", .status = 401, .body = "{}"});

    snprintf(talk.challenge, sizeof(talk.challenge),
             "WWW-Authenticate: Bearer realm=\"http://localhost:%d/token\"\r\n", talk.server.port);
    assert_int_equal(look(&talk, 1), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_DENIED);
    assert_int_equal(talk.server.request_count, 2);
    expect_token_kept(&talk);
    talk_end(&talk);
}

static void test_basic(void **state)
{
    TALK(NEVER,
         {.match = "HEAD ",
          .times = 1,
          .status = 401,
          .headers = "WWW-Authenticate: Basic realm=\"r\"\r\n"},
         {.match = "HEAD ", .status = 200, .headers = talk.digest_header},
         {.match = "GET /v2/", .status = 200, .body = index_json});

    assert_int_equal(look(&talk, 1), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_FOUND);
    assert_lacks(sent(&talk, 0), "Authorization");
    assert_contains(sent(&talk, 1), CREDENTIALS);
    talk_end(&talk);
}

static void test_refused_without_a_word(void **state)
{
    TALK(NEVER, {.match = "HEAD ", .status = 403});

    assert_int_equal(look(&talk, 1), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_DENIED);
    assert_int_equal(talk.server.request_count, 1);
    talk_end(&talk);
}

/* A single image: its platform is in its configuration, which lies on another host. */
static void test_configuration_elsewhere(void **state)
{
    static const char config[] = "{\"os\":\"linux\",\"architecture\":\"arm64\"}";
    char manifest[160], location[128];
    TALK(NULL, {.match = "HEAD ", .times = 1, .status = 401, .headers = talk.challenge},
         {.match = "GET /token?", .status = 200, .body = "{\"token\":\"pass\"}"},
         {.match = "HEAD ", .status = 200},
         {.match = "GET /v2/o/n0/manifests/v1 ", .status = 200, .body = manifest},
         {.match = "GET /v2/o/n0/blobs/sha256:", .status = 307, .headers = location, .body = ""},
         {.match = "GET /stored ", .status = 200, .body = config});

    snprintf(manifest, sizeof(manifest), "{\"config\":{\"digest\":\"%s\"}}",
             digest_of(&talk.arena, config));
    snprintf(location, sizeof(location), "Location: http://localhost:%d/stored\r\n",
             talk.server.port);
    assert_int_equal(look(&talk, 1), 0);
    assert_int_equal(talk.facts[0].state, IMAGE_FOUND);
    assert_string_equal(talk.facts[0].platforms, "linux/arm64");
    assert_string_equal(talk.facts[0].digest, digest_of(&talk.arena, manifest));
    assert_contains(sent(&talk, 4), "Authorization: Bearer pass\r\n");
    assert_lacks(sent(&talk, 5), "Authorization"); /* it stays with its registry */
    talk_end(&talk);
}

/* Without its configuration, or with another one, it is an image still. */
static void test_configuration_that_is_not_to_be_had(void **state)
{
    static const struct reply answers[] = {
        {.status = 404, .body = "{}"},
        {.status = 200, .body = "{\"os\":\"linux\",\"architecture\":\"amd64\"}"},
        {.status = 307, .headers = "Location: http://example.org/x\r\n", .body = ""},
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        TALK(NULL, {.match = "HEAD ", .status = 200},
             {.match = "GET /v2/o/n0/manifests/",
              .status = 200,
              .body = "{\"config\":{\"digest\":\"" CONFIG "\"}}"},
             answers[i]);

        replies[2].match = "GET ";
        assert_int_equal(look(&talk, 1), 0);
        assert_int_equal(talk.facts[0].state, IMAGE_FOUND);
        assert_string_equal(talk.facts[0].platforms, "");
        talk_end(&talk);
    }
}

/* An answer that is not what was asked for is no image. */
static void test_odd_answers(void **state)
{
    static const struct {
        int head, token, manifest;
        const char *token_body, *body;
        enum error_code code; /* or none, and denied or missing */
        enum image_state state;
    } cases[] = {
        {200, 0, 200, "", "{\"manifests\":[]}", ERROR_ANSWER, 0}, /* not what the digest names */
        {200, 0, 200, "", "", ERROR_ANSWER, 0},
        {200, 0, 302, "", "", ERROR_ANSWER, 0},
        {200, 0, 404, "", "{}", ERROR_NONE, IMAGE_MISSING},
        {200, 0, 403, "", "{}", ERROR_NONE, IMAGE_DENIED},
        {204, 0, 0, "", "", ERROR_ANSWER, 0},
        {400, 0, 0, "", "", ERROR_ANSWER, 0},
        {401, 200, 0, "{\"token\":\"a\\r\\nX-Evil: 1\"}", "", ERROR_ANSWER, 0},
        {401, 200, 0, "{\"token\":\"\"}", "", ERROR_ANSWER, 0},
        {401, 200, 0, "{}", "", ERROR_ANSWER, 0},
        {401, 200, 0, "<html>", "", ERROR_ANSWER, 0},
        {401, 404, 0, "{}", "", ERROR_ANSWER, 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char both[384];
        TALK(NULL, {.match = "HEAD ", .status = cases[i].head, .headers = both},
             {.match = "GET /token?", .status = cases[i].token, .body = cases[i].token_body},
             {.match = "GET /v2/", .status = cases[i].manifest, .body = cases[i].body});

        snprintf(both, sizeof(both), "%s%s", talk.challenge, talk.digest_header);
        int const result = look(&talk, 1);
        if (result != (cases[i].code ? -1 : 0) || talk.error.code != cases[i].code)
            fail_msg("case %zu: %d %s %s", i, result, error_code_text(talk.error.code),
                     talk.error.message);
        if (!cases[i].code)
            assert_int_equal(talk.facts[0].state, cases[i].state);
        talk_end(&talk);
    }
}

/* Without a digest in the answer's head nothing says what the manifest has to be. */
static void test_manifest_that_is_none(void **state)
{
    TALK(NULL, {.match = "HEAD ", .status = 200},
         {.match = "GET /v2/o/n0/manifests/", .status = 200, .body = "{\"manifests\":["});

    assert_int_equal(look(&talk, 1), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_contains(talk.error.message, "/v2/o/n0/manifests/");
    talk_end(&talk);
}

static void test_nobody_there(void **state)
{
    TALK(NULL, {.match = "never", .status = 200});

    talk.images[0].origin = arena_print(&talk.arena, "http://127.0.0.1:%d", free_port());
    assert_int_equal(look(&talk, 2), -1);
    assert_true(talk.error.code == ERROR_UNREACHABLE || talk.error.code == ERROR_SERVER);
    assert_int_equal(talk.facts[0].state, IMAGE_MISSING);
    talk_end(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_challenges),
        cmocka_unit_test(test_manifests),
        cmocka_unit_test(test_many_platforms),
        cmocka_unit_test(test_configurations),
        cmocka_unit_test(test_open_registry),
        cmocka_unit_test(test_pass_for_anybody),
        cmocka_unit_test(test_pass_for_our_token),
        cmocka_unit_test(test_pass_that_opens_nothing),
        cmocka_unit_test(test_two_of_one_repository),
        cmocka_unit_test(test_token_stays_at_home),
        cmocka_unit_test(test_realm_of_another_host),
        cmocka_unit_test(test_basic),
        cmocka_unit_test(test_refused_without_a_word),
        cmocka_unit_test(test_configuration_elsewhere),
        cmocka_unit_test(test_configuration_that_is_not_to_be_had),
        cmocka_unit_test(test_odd_answers),
        cmocka_unit_test(test_manifest_that_is_none),
        cmocka_unit_test(test_nobody_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
