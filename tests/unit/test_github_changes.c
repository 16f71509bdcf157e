/* adapters/github: the commits of a release, their pull requests, and its configuration. */
#include "support_github.h"

#include <stdio.h>
#include <string.h>

static const char head[] = "c000000000000000000000000000000000000009";

static void start(struct talk *talk, struct reply *replies, size_t count, bool lenient)
{
    talk_start(talk, (struct github_settings){.tag = "v2.0.0", .lenient = lenient}, replies, count);
}

#define TALK(...)                                                                                  \
    struct reply replies[] = {__VA_ARGS__};                                                        \
    struct talk talk;                                                                              \
    (void)state;                                                                                   \
    start(&talk, replies, COUNT_OF(replies), false)

/* ---- commits ------------------------------------------------------------------------------------- */

#define COMMIT(id, parent, message)                                                                \
    "{\"sha\":\"" id "\",\"commit\":{\"message\":\"" message                                       \
    "\",\"author\":{\"email\":\"7+a@users.noreply.github.com\"}},\"author\":{\"login\":\"b\"},"    \
    "\"parents\":[{\"sha\":\"" parent "\"}]}"
#define COMPARE                                                                                    \
    "GET /repos/o/n/compare/v1..."                                                                 \
    "c000000000000000000000000000000000000009"

static const struct question since_v1 = {
    .kind = QUESTION_CHANGES, .base = "v1", .head = head, .base_object = "c1"};

static void test_comparison(void **state)
{
    TALK({.match = COMPARE "?per_page=100&page=1 ",
          .status = 200,
          .body = "{\"total_commits\":2,\"commits\":[" COMMIT("c2", "c1", "Two (#2)") "," COMMIT(
              "c3", "c2", "Three") "],\"files\":[{}]}"});

    assert_int_equal(talk_ask(&talk, since_v1), 0);
    assert_int_equal(talk.facts.changes.count, 2);
    assert_int_equal(talk.facts.changes.total, 2);
    assert_string_equal(talk.facts.changes.items[0].subject, "Two");
    assert_int_equal(talk.facts.changes.items[0].pull, 2);
    assert_string_equal(talk.facts.changes.items[1].commit, "c3");
    assert_string_equal(talk.facts.changes.items[1].login, "b");
    talk_end(&talk);
}

/* `count` commits from number `first` on, a chain. */
static const char *page_of(struct arena *arena, size_t total, size_t first, size_t count)
{
    CLEANUP(text_free) struct text out = {0};

    text_print(&out, "{\"total_commits\":%zu,\"commits\":[", total);
    for (size_t i = first; i < first + count; i++)
        text_print(&out,
                   "%s{\"sha\":\"c%zu\",\"commit\":{\"message\":\"number "
                   "%zu\"},\"author\":null,\"parents\":[{\"sha\":\"c%zu\"}]}",
                   i > first ? "," : "", i, i, i - 1);
    text_add(&out, "]}");
    return arena_copy(arena, text_string(&out));
}

static void test_pages(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};

    TALK({.match = "&page=1 ", .status = 200, .body = page_of(&arena, 205, 1, 100)},
         {.match = "&page=2 ", .status = 200, .body = page_of(&arena, 205, 101, 100)},
         {.match = "&page=3 ", .status = 200, .body = page_of(&arena, 205, 201, 5)});

    assert_int_equal(talk_ask(&talk, since_v1), 0);
    assert_int_equal(talk.facts.changes.count, 205);
    assert_int_equal(talk.facts.changes.total, 205);
    assert_string_equal(talk.facts.changes.items[204].subject, "number 205");
    assert_int_equal(talk.server.request_count, 3);
    talk_end(&talk);
}

/* A server may give less on a page than it was asked for, and say only which is the next. */
static void test_smaller_pages(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    static const char next[] = "Link: <http://127.0.0.1/x?page=2&per_page=30>; rel=\"next\"\r\n";

    TALK({.match = "&page=1 ", .status = 200, .headers = next, .body = page_of(&arena, 65, 1, 30)},
         {.match = "&page=2 ", .status = 200, .body = page_of(&arena, 65, 31, 30)},
         {.match = "&page=3 ", .status = 200, .body = page_of(&arena, 65, 61, 5)});

    assert_int_equal(talk_ask(&talk, since_v1), 0);
    assert_int_equal(talk.facts.changes.count, 65);
    assert_int_equal(talk.server.request_count, 3);
    talk_end(&talk);
}

/* Of a very long comparison the newest commits are read. */
static void test_too_many_pages(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};

    TALK({.match = "&page=1 ", .status = 200, .body = page_of(&arena, 5000, 1, 100)},
         {.match = "&page=", .status = 200, .body = page_of(&arena, 5000, 4901, 100)});

    assert_int_equal(talk_ask(&talk, since_v1), 0);
    assert_int_equal(talk.server.request_count, 11);
    assert_int_equal(talk.facts.changes.total, 5000);
    assert_int_equal(talk.facts.changes.count, 1000);
    talk_end(&talk);
}

static void test_odd_comparisons(void **state)
{
    static const char *const bodies[] = {
        "{\"commits\":[]}",
        "{\"total_commits\":-1,\"commits\":[]}",
        "{\"total_commits\":1}",
        "{\"total_commits\":2,\"commits\":[" COMMIT("c2", "c1", "one is missing") "]}",
        "{\"total_commits\":1,\"commits\":[{\"sha\":\"c2\"}]}",
        "{\"total_commits\":1,\"commits\":[{\"commit\":{\"message\":\"m\"}}]}",
        "{\"total_commits\":1,\"commits\":[{\"sha\":\"c2\",\"commit\":{\"message\":\"m\"},"
        "\"parents\":[{}]}]}",
        "[]",
    };

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        TALK({.match = "", .status = 200, .body = bodies[i]});
        assert_int_equal(talk_ask(&talk, since_v1), -1);
        assert_code(talk.error.code, ERROR_ANSWER);
        assert_int_equal(talk.facts.changes.count, 0);
        talk_end(&talk);
    }
}

/* A page behind the first one that can't be read is a failure, too. */
static void test_odd_further_page(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};

    TALK({.match = "&page=1 ", .status = 200, .body = page_of(&arena, 150, 1, 100)},
         {.match = "&page=2 ", .status = 200, .body = "{\"commits\":7}"});

    assert_int_equal(talk_ask(&talk, since_v1), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    talk_end(&talk);
}

static void test_odd_further_page_of_a_first_release(void **state)
{
    static const char link[] = "Link: <http://127.0.0.1/x?page=2>; rel=\"next\", "
                               "<http://127.0.0.1/x?page=2>; rel=\"last\"\r\n";

    TALK({.match = "page=2", .status = 200, .body = "{}"},
         {.match = "", .status = 200, .headers = link, .body = "[" COMMIT("c2", "c1", "Two") "]"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_CHANGES, .head = head}),
                     -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_int_equal(talk.facts.changes.count, 0);
    talk_end(&talk);
}

/* What can't be compared isn't known; that is for the plan. */
static void test_no_comparison(void **state)
{
    static const int statuses[] = {404, 422, 400};

    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        TALK({.match = "", .status = statuses[i], .body = "{\"message\":\"no\"}"});
        assert_int_equal(talk_ask(&talk, since_v1), 0);
        assert_true(facts_unknown(&talk.facts, QUESTION_CHANGES));
        talk_end(&talk);
    }
}

/* Neither where the files' differences are larger than any answer may be. */
static void test_comparison_too_large(void **state)
{
    CLEANUP(text_free) struct text large = {0};

    text_add(&large, "{\"files\":\"");
    for (int i = 0; i < 11 * 1000; i++)
        text_print(&large, "%1000d", 7);
    text_add(&large, "\"}");
    TALK({.match = "", .status = 200, .body = text_string(&large)});
    assert_int_equal(talk_ask(&talk, since_v1), 0);
    assert_true(facts_unknown(&talk.facts, QUESTION_CHANGES));
    assert_contains(talk.facts.answers[QUESTION_CHANGES].why_unknown, "at most");
    talk_end(&talk);
}

static void test_first_release(void **state)
{
    struct question const all = {.kind = QUESTION_CHANGES, .head = head};

    TALK({.match = "GET /repos/o/n/commits?sha=",
          .status = 200,
          .body = "[" COMMIT("c2", "c1", "Two") "," COMMIT("c1", "c0", "One") "]"});
    assert_int_equal(talk_ask(&talk, all), 0);
    assert_int_equal(talk.facts.changes.count, 2);
    assert_string_equal(talk.facts.changes.items[0].subject, "One");
    assert_true(changes_are_listed(&talk.facts.changes, false));
    talk_end(&talk);
}

/* `count` commits from number `newest` down. */
static const char *history_of(struct arena *arena, size_t newest, size_t count)
{
    CLEANUP(text_free) struct text out = {0};

    for (size_t i = newest; i > newest - count; i--)
        text_print(&out,
                   "%s{\"sha\":\"c%zu\",\"commit\":{\"message\":\"number %zu\"},\"author\":null,"
                   "\"parents\":[{\"sha\":\"c%zu\"}]}",
                   out.length ? "," : "[", i, i, i - 1);
    text_add(&out, "]");
    return arena_copy(arena, text_string(&out));
}

/* Pages by what each says of the next one. */
static void test_first_release_in_pages(void **state)
{
    struct question const all = {.kind = QUESTION_CHANGES, .head = head};
    CLEANUP(arena_free) struct arena arena = {0};
    static const char *const next[] = {
        "Link: <http://127.0.0.1/x?page=2>; rel=\"next\"\r\n",
        "Link: <http://127.0.0.1/x?page=1>; rel=\"prev\", <http://127.0.0.1/x?page=3>; "
        "rel=\"next\"\r\n",
    };

    TALK({.match = "&page=1 ",
          .status = 200,
          .headers = next[0],
          .body = history_of(&arena, 75, 30)},
         {.match = "&page=2 ",
          .status = 200,
          .headers = next[1],
          .body = history_of(&arena, 45, 30)},
         {.match = "&page=3 ", .status = 200, .body = history_of(&arena, 15, 15)});
    assert_int_equal(talk_ask(&talk, all), 0);
    assert_int_equal(talk.facts.changes.count, 75);
    assert_true(changes_are_listed(&talk.facts.changes, false));
    assert_int_equal(talk.server.request_count, 3);
    talk_end(&talk);
}

/* Where no page says which is the last, a long history is known by its length. */
static void test_first_release_without_an_end(void **state)
{
    struct question const all = {.kind = QUESTION_CHANGES, .head = head};
    CLEANUP(arena_free) struct arena arena = {0};
    char links[12][80];
    struct reply replies[12];
    char matches[12][16];
    struct talk talk;
    (void)state;

    for (size_t i = 0; i < 12; i++) {
        snprintf(matches[i], sizeof(matches[i]), "&page=%zu ", i + 1);
        snprintf(links[i], sizeof(links[i]),
                 "Link: <http://127.0.0.1/x?page=%zu>; rel=\"next\"\r\n", i + 2);
        replies[i] = (struct reply){.match = matches[i],
                                    .status = 200,
                                    .headers = links[i],
                                    .body = history_of(&arena, 1000 - 30 * i, 30)};
    }
    start(&talk, replies, COUNT_OF(replies), false);
    assert_int_equal(talk_ask(&talk, all), 0);
    assert_false(changes_are_listed(&talk.facts.changes, false));
    assert_int_equal(talk.facts.changes.count, 0);
    assert_in_range(talk.server.request_count, 7, 12);
    talk_end(&talk);
}

static void test_first_release_of_a_long_history(void **state)
{
    struct question const all = {.kind = QUESTION_CHANGES, .head = head};
    CLEANUP(arena_free) struct arena arena = {0};

    TALK({.match = "",
          .status = 200,
          .headers =
              "Link: <http://127.0.0.1/x?page=2>; rel=\"next\", <http://127.0.0.1/x?page=3>; "
              "rel=\"last\"\r\n",
          .body = history_of(&arena, 250, 100)});
    assert_int_equal(talk_ask(&talk, all), 0);
    assert_false(changes_are_listed(&talk.facts.changes, false));
    assert_int_equal(talk.server.request_count, 1);
    talk_end(&talk);
}

/* ---- pull requests ------------------------------------------------------------------------------- */

#define PULL(number, title, merged)                                                                \
    "{\"number\":" #number ",\"title\":\"" title                                                   \
    "\",\"user\":{\"login\":\"a\"},\"merged_at\":" merged                                          \
    ",\"labels\":[{\"name\":\"bug\"},{}],\"body\":\"```release-note\\nNote\\n```\"}"
#define WHEN "\"2026-01-01T00:00:00Z\""

static struct question wanted(const char *words)
{
    return (struct question){.kind = QUESTION_PULLS, .head = words};
}

static void test_pull_requests(void **state)
{
    TALK({.match = "GET /repos/o/n/pulls/24 ", .status = 200, .body = PULL(24, "T", WHEN)},
         {.match = "GET /repos/o/n/pulls/25 ", .status = 404, .body = "{\"message\":\"no\"}"},
         {.match = "GET /repos/o/n/pulls/26 ", .status = 200, .body = PULL(26, "Open", "null")},
         {.match = "GET /repos/o/n/commits/c000000000001/pulls ",
          .status = 200,
          .body = "[" PULL(7, "Open", "null") "," PULL(8, "Merged", WHEN) "]"},
         {.match = "GET /repos/o/n/commits/c000000000002/pulls ", .status = 200, .body = "[]"});

    assert_int_equal(talk_ask(&talk, wanted("24 25 26 c000000000001 c000000000002")), 0);
    const struct pulls *pulls = &talk.facts.pulls;
    assert_int_equal(pulls->count, 5);
    assert_string_equal(pulls->items[0].title, "T");
    assert_string_equal(pulls->items[0].login, "a");
    assert_string_equal(pulls->items[0].note, "Note");
    assert_int_equal(pulls->items[0].labels.count, 1);
    assert_string_equal(pulls->items[0].labels.items[0], "bug");
    assert_int_equal(pulls->items[1].number, 25);
    assert_null(pulls->items[1].title);
    assert_null(pulls->items[2].title);
    assert_string_equal(pulls->items[3].commit, "c000000000001");
    assert_int_equal(pulls->items[3].number, 8);
    assert_int_equal(pulls->items[4].number, 0);
    assert_null(pulls->refused);
    talk_end(&talk);
}

/* More than go at once, and asked anew: what was there before is gone. */
static void test_many_pull_requests(void **state)
{
    CLEANUP(text_free) struct text words = {0};

    TALK({.match = "", .status = 200, .body = PULL(24, "T", WHEN)});
    for (int i = 1; i <= 40; i++)
        text_print(&words, "%s%d", i > 1 ? " " : "", i);
    assert_int_equal(talk_ask(&talk, wanted(text_string(&words))), 0);
    assert_int_equal(talk.facts.pulls.count, 40);
    assert_int_equal(talk_ask(&talk, wanted("24")), 0);
    assert_int_equal(talk.facts.pulls.count, 1);
    assert_int_equal(talk.server.request_count, 41);
    talk_end(&talk);
}

static void test_pull_requests_refused(void **state)
{
    TALK({.match = "",
          .status = 403,
          .headers = "X-Accepted-GitHub-Permissions: pull_requests=read\r\n",
          .body = "{\"message\":\"Resource not accessible by integration\"}"});

    assert_int_equal(talk_ask(&talk, wanted("24 25")), 0);
    assert_int_equal(talk.facts.pulls.count, 0);
    assert_contains(talk.facts.pulls.refused, "not accessible");
    talk_end(&talk);
}

static void test_odd_pull_requests(void **state)
{
    static const struct {
        const char *words, *body;
    } cases[] = {{"24", "[]"}, {"24", "7"}, {"c000000000001", "{}"}, {"24", "{\"number\""}};

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TALK({.match = "", .status = 200, .body = cases[i].body});
        if (i == 1) { /* a pull request that says nothing is none that was merged */
            assert_int_equal(talk_ask(&talk, wanted(cases[i].words)), 0);
            assert_null(talk.facts.pulls.items[0].title);
        } else
            assert_int_equal(talk_ask(&talk, wanted(cases[i].words)), -1);
        talk_end(&talk);
    }
}

/* ---- the rest ------------------------------------------------------------------------------------ */

static void test_configuration(void **state)
{
    struct question const config = {.kind = QUESTION_RELEASE_CONFIG, .head = head};
    static const struct {
        int yml, yaml;
        const char *found;
    } cases[] = {{200, 404, "one\n"}, {404, 200, "two"}, {200, 200, "one\n"}, {404, 404, NULL}};

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TALK({.match = "/contents/.github/release.yml?ref=c0",
              .status = cases[i].yml,
              .body = "{\"encoding\":\"base64\",\"size\":4,\"content\":\"b25l\\nCg==\\n\"}"},
             {.match = "/contents/.github/release.yaml?ref=c0",
              .status = cases[i].yaml,
              .body = "{\"encoding\":\"base64\",\"size\":3,\"content\":\"dHdv\"}"});
        assert_int_equal(talk_ask(&talk, config), 0);
        assert_true(facts_known(&talk.facts, QUESTION_RELEASE_CONFIG));
        assert_string_equal(string_or(talk.facts.config_text, "-"), string_or(cases[i].found, "-"));
        talk_end(&talk);
    }
}

static void test_odd_configuration(void **state)
{
    static const char *const bodies[] = {
        "{\"encoding\":\"none\",\"size\":4,\"content\":\"\"}",
        "{\"encoding\":\"base64\",\"size\":5,\"content\":\"b25lCg==\"}",
        "[]",
    };
    struct question const config = {.kind = QUESTION_RELEASE_CONFIG, .head = head};

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        TALK({.match = "", .status = 200, .body = bodies[i]});
        assert_int_equal(talk_ask(&talk, config), -1);
        assert_code(talk.error.code, ERROR_ANSWER);
        talk_end(&talk);
    }
}

/* A server that knows no generated notes has answered; in a dry run it may be the token. */
static void test_server_without_notes(void **state)
{
    struct question const notes = {.kind = QUESTION_NOTES, .base = "v1", .head = head};
    struct reply replies[] = {{.match = "", .status = 404, .body = "{\"message\":\"Not Found\"}"}};
    struct talk talk;
    (void)state;

    for (int lenient = 0; lenient < 2; lenient++) {
        start(&talk, replies, 1, lenient);
        assert_int_equal(talk_ask(&talk, notes), 0);
        assert_int_equal(facts_known(&talk.facts, QUESTION_NOTES), !lenient);
        assert_null(talk.facts.notes);
        talk_end(&talk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparison),
        cmocka_unit_test(test_pages),
        cmocka_unit_test(test_smaller_pages),
        cmocka_unit_test(test_too_many_pages),
        cmocka_unit_test(test_odd_comparisons),
        cmocka_unit_test(test_odd_further_page),
        cmocka_unit_test(test_odd_further_page_of_a_first_release),
        cmocka_unit_test(test_no_comparison),
        cmocka_unit_test(test_comparison_too_large),
        cmocka_unit_test(test_first_release),
        cmocka_unit_test(test_first_release_in_pages),
        cmocka_unit_test(test_first_release_without_an_end),
        cmocka_unit_test(test_first_release_of_a_long_history),
        cmocka_unit_test(test_pull_requests),
        cmocka_unit_test(test_many_pull_requests),
        cmocka_unit_test(test_pull_requests_refused),
        cmocka_unit_test(test_odd_pull_requests),
        cmocka_unit_test(test_configuration),
        cmocka_unit_test(test_odd_configuration),
        cmocka_unit_test(test_server_without_notes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
