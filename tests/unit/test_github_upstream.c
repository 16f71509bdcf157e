/* adapters/github_upstream: go.mod by its path, and another repository's releases; against a script. */
#include "support_github.h"

#include <stdio.h>
#include <string.h>

#define RELEASE(tag, draft, prerelease)                                                            \
    "{\"tag_name\":\"" tag "\",\"draft\":" draft ",\"prerelease\":" prerelease                     \
    ",\"body\":\"of " tag "\"}"

static void start(struct talk *talk, struct reply *replies, size_t count)
{
    talk_start(talk, (struct github_settings){.tag = "v1.0.0", .upstream = "up/stream"}, replies,
               count);
}

#define TALK(...)                                                                                  \
    struct reply replies[] = {__VA_ARGS__};                                                        \
    struct talk talk;                                                                              \
    (void)state;                                                                                   \
    start(&talk, replies, COUNT_OF(replies))

static void test_module(void **state)
{
    TALK({.match = "GET /repos/o/n/contents/go.mod?ref=c1 ",
          .status = 200,
          .body = "{\"type\":\"file\",\"encoding\":\"base64\",\"size\":9,"
                  "\"content\":\"bW9kdWxl\\nIGEK\\n\"}"},
         {.match = "GET /repos/o/n/contents/go.mod?ref=a%2Fv1 ", .status = 404, .body = "{}"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_MODULE_NOW, .head = "c1"}),
                     0);
    assert_string_equal(talk.facts.module_now, "module a\n");
    assert_int_equal(
        talk_ask(&talk, (struct question){.kind = QUESTION_MODULE_BEFORE, .head = "a/v1"}), 0);
    assert_null(talk.facts.module_before);
    assert_true(facts_known(&talk.facts, QUESTION_MODULE_BEFORE));
    talk_end(&talk);
}

static void test_odd_modules(void **state)
{
    static const char *const bodies[] = {
        "[]",
        "{\"type\":\"dir\",\"encoding\":\"base64\",\"size\":9,\"content\":\"bW9kdWxlIGEK\"}",
        "{\"type\":\"file\",\"encoding\":\"none\",\"size\":9,\"content\":\"\"}",
        "{\"type\":\"file\",\"encoding\":\"base64\",\"size\":9,\"content\":\"bW9kdWxl\"}",
        "{\"type\":\"file\",\"encoding\":\"base64\",\"content\":\"bW9kdWxl\"}",
        "{\"type\":\"file\"",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct reply reply = {.match = "", .status = 200, .body = bodies[i]};
        struct talk talk;

        start(&talk, &reply, 1);
        assert_int_equal(
            talk_ask(&talk, (struct question){.kind = QUESTION_MODULE_NOW, .head = "c1"}), -1);
        assert_code(talk.error.code, ERROR_ANSWER);
        talk_end(&talk);
    }
}

static void test_releases(void **state)
{
    struct talk talk;
    char link[128];
    struct reply replies[] = {
        {.match = "page=2 ",
         .status = 200,
         .body =
             "[" RELEASE("v1.1.0", "false", "false") "," RELEASE("v1.0.0", "false", "false") "]"},
        {.match = "GET /repos/up/stream/releases?per_page=100 ",
         .status = 200,
         .headers = link,
         .body = "[" RELEASE("v1.3.0", "true", "false") "," RELEASE(
             "v1.2.0", "false", "true") "," RELEASE("v1.0.1", "false", "false") "]"},
    };
    (void)state;

    start(&talk, replies, COUNT_OF(replies));
    snprintf(link, sizeof(link), "Link: <%s/x?page=2>; rel=\"next\"\r\n", talk.server.origin);
    assert_int_equal(talk_ask(&talk, (struct question){QUESTION_UPSTREAM, .base = "v1.0.0"}), 0);
    assert_int_equal(talk.facts.upstream.count, 2);
    assert_string_equal(talk.facts.upstream.items[0].tag, "v1.1.0");
    assert_string_equal(talk.facts.upstream.items[0].body, "of v1.1.0");
    assert_string_equal(talk.facts.upstream.items[1].tag, "v1.0.1");
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_UPSTREAM}), 0);
    assert_int_equal(talk.facts.upstream.count, 1);
    talk_end(&talk);
}

static void test_releases_that_are_not_there(void **state)
{
    TALK({.match = "", .status = 404, .body = "{}"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_UPSTREAM}), 0);
    assert_true(talk.facts.upstream.missing);
    talk_end(&talk);
}

static void test_odd_releases(void **state)
{
    static const char *const bodies[] = {"{}", "[{}]", "[{\"tag_name\":\"v1\",\"draft\":false}]",
                                         "[" RELEASE("v1", "false", "false")};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct reply reply = {.match = "", .status = 200, .body = bodies[i]};
        struct talk talk;

        start(&talk, &reply, 1);
        assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_UPSTREAM}), -1);
        assert_code(talk.error.code, ERROR_ANSWER);
        talk_end(&talk);
    }
}

/* Nothing is made of a list whose second page is odd. */
static void test_odd_second_page(void **state)
{
    char link[128];
    TALK({.match = "page=2 ", .status = 200, .body = "[{}]"},
         {.match = "",
          .status = 200,
          .headers = link,
          .body = "[" RELEASE("v1.2.0", "false", "false") "]"});

    snprintf(link, sizeof(link), "Link: <%s/x?page=2>; rel=\"next\"\r\n", talk.server.origin);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_UPSTREAM}), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_int_equal(talk.facts.upstream.count, 0);
    talk_end(&talk);
}

/* A list that never ends is given up. */
static void test_endless_releases(void **state)
{
    struct talk talk;
    char link[128];
    struct reply reply = {.match = "", .status = 200, .headers = link, .body = "[]"};
    (void)state;

    start(&talk, &reply, 1);
    snprintf(link, sizeof(link), "Link: <%s/x?page=2>; rel=\"next\"\r\n", talk.server.origin);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_UPSTREAM}), -1);
    assert_code(talk.error.code, ERROR_UPSTREAM);
    assert_int_equal(talk.server.request_count, 20);
    talk_end(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_module),           cmocka_unit_test(test_odd_modules),
        cmocka_unit_test(test_releases),         cmocka_unit_test(test_releases_that_are_not_there),
        cmocka_unit_test(test_odd_releases),     cmocka_unit_test(test_odd_second_page),
        cmocka_unit_test(test_endless_releases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
