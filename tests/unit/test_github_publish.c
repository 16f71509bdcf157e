/* adapters/github_publish: publishing, and the latest release; against a script. */
#include "support_github.h"

#include <string.h>

#define RELEASE(tag, draft)                                                                        \
    "{\"id\":7,\"tag_name\":\"" tag "\",\"html_url\":\"h\",\"draft\":" draft                       \
    ",\"prerelease\":false}"

#define TALK(...)                                                                                  \
    struct reply replies[] = {__VA_ARGS__};                                                        \
    struct talk talk;                                                                              \
    (void)state;                                                                                   \
    talk_start(&talk, (struct github_settings){.tag = "v1.0.0"}, replies, COUNT_OF(replies))

static int ask(struct talk *talk, enum question_kind kind)
{
    struct question const question = {.kind = kind, .head = "v1.0.0"};

    talk->facts = (struct facts){.notes = NULL};
    return talk_ask(talk, question);
}

/* ---- publishing ------------------------------------------------------------------------------ */

static void test_publish_ends(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum write_end end;
    } cases[] = {
        {200, RELEASE("v1.0.0", "false"), WRITE_DONE},
        {422,
         "{\"message\":\"Validation Failed\",\"errors\":[{\"resource\":\"Release\","
         "\"code\":\"already_exists\",\"field\":\"tag_name\"}]}",
         WRITE_TAKEN},
        {422, "{\"message\":\"no\"}", WRITE_FAILED},
        {403, "{\"message\":\"not accessible\"}", WRITE_FAILED},
        {404, "{}", WRITE_GONE},
        {502, "{}", WRITE_LOST},
        {200, "{\"id\":", WRITE_LOST},
        {200, "{\"id\":7}", WRITE_LOST},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct release made = {.id = 0};
        TALK({.match = "PATCH /repos/o/n/releases/7 ",
              .status = cases[i].status,
              .body = cases[i].body});

        enum write_end const end =
            talk.effects.publish(talk.github, &talk.arena, 7, false, true, &made, &talk.error);
        if (end != cases[i].end)
            fail_msg("case %zu: %d was expected, %d found", i, cases[i].end, end);
        assert_int_equal(made.id, end == WRITE_DONE ? 7 : 0);
        assert_int_equal(talk.error.code != ERROR_NONE, end != WRITE_DONE);
        assert_contains(talk_sent(&talk, 0),
                        "{\"draft\":false,\"prerelease\":false,\"make_latest\":\"true\"}");
        assert_int_equal(talk.server.request_count, 1);
        talk_end(&talk);
    }
}

/* The tag's release, when it isn't a draft; that there is none is an answer. */
static void test_published(void **state)
{
    TALK({.match = "GET /repos/o/n/releases/tags/v1.0.0 ",
          .times = 1,
          .status = 200,
          .body = RELEASE("v1.0.0", "false")},
         {.match = "", .times = 1, .status = 404, .body = "{}"},
         {.match = "", .times = 1, .status = 200, .body = RELEASE("v1.0.0", "true")},
         {.match = "", .times = 1, .status = 200, .body = RELEASE("v1.0.1", "false")},
         {.match = "", .status = 200, .body = "{}"});

    assert_int_equal(ask(&talk, QUESTION_PUBLISHED), 0);
    assert_int_equal(talk.facts.releases.count, 1);
    assert_int_equal(talk.facts.releases.items[0].id, 7);
    assert_int_equal(ask(&talk, QUESTION_PUBLISHED), 0);
    assert_int_equal(talk.facts.releases.count, 0);
    assert_true(facts_known(&talk.facts, QUESTION_PUBLISHED));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ask(&talk, QUESTION_PUBLISHED), -1);
        assert_code(talk.error.code, ERROR_ANSWER);
        assert_int_equal(talk.facts.releases.count, 0);
    }
    talk_end(&talk);
}

/* ---- the latest ------------------------------------------------------------------------------ */

static void test_latest_is_asked(void **state)
{
    TALK({.match = "GET /repos/o/n/releases/latest ",
          .times = 1,
          .status = 200,
          .body = RELEASE("v0.9.0", "false")},
         {.match = "", .times = 1, .status = 404, .body = "{}"},
         {.match = "", .status = 200, .body = "{\"id\":7}"});

    assert_int_equal(ask(&talk, QUESTION_LATEST), 0);
    assert_string_equal(talk.facts.latest.tag, "v0.9.0");
    assert_int_equal(ask(&talk, QUESTION_LATEST), 0);
    assert_null(talk.facts.latest.tag);
    assert_true(facts_known(&talk.facts, QUESTION_LATEST));
    assert_int_equal(ask(&talk, QUESTION_LATEST), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    talk_end(&talk);
}

static void test_latest_is_read(void **state)
{
    struct latest_release latest = {.id = 1};
    TALK({.match = "GET /repos/o/n/releases/latest ",
          .times = 1,
          .status = 200,
          .body = RELEASE("v0.9.0", "false")},
         {.match = "", .times = 1, .status = 404, .body = "{}"},
         {.match = "", .times = 1, .status = 200, .body = "{\"tag_name\":\"v0.9.0\"}"},
         {.match = "", .status = 403, .body = "{\"message\":\"not accessible\"}"});
    const struct effects *effects = &talk.effects;

    assert_int_equal(effects->read_latest(talk.github, &talk.arena, &latest, &talk.error), 0);
    assert_int_equal(latest.id, 7);
    assert_string_equal(latest.tag, "v0.9.0");
    assert_int_equal(effects->read_latest(talk.github, &talk.arena, &latest, &talk.error), 0);
    assert_int_equal(latest.id, 0);
    assert_null(latest.tag);
    assert_int_equal(effects->read_latest(talk.github, &talk.arena, &latest, &talk.error), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_int_equal(effects->read_latest(talk.github, &talk.arena, &latest, &talk.error), -1);
    assert_code(talk.error.code, ERROR_PERMISSION);
    talk_end(&talk);
}

static void test_latest_is_set(void **state)
{
    TALK({.match = "PATCH /repos/o/n/releases/7 ",
          .times = 2,
          .status = 200,
          .body = RELEASE("v1.0.0", "false")},
         {.match = "", .status = 404, .body = "{}"});

    assert_int_equal(talk.effects.set_latest(talk.github, 7, true, &talk.error), WRITE_DONE);
    assert_contains(talk_sent(&talk, 0), "\r\n\r\n{\"make_latest\":\"true\"}");
    assert_int_equal(talk.effects.set_latest(talk.github, 7, false, &talk.error), WRITE_DONE);
    assert_contains(talk_sent(&talk, 1), "\r\n\r\n{\"make_latest\":\"false\"}");
    assert_int_equal(talk.effects.set_latest(talk.github, 7, true, &talk.error), WRITE_GONE);
    talk_end(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_publish_ends),    cmocka_unit_test(test_published),
        cmocka_unit_test(test_latest_is_asked), cmocka_unit_test(test_latest_is_read),
        cmocka_unit_test(test_latest_is_set),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
