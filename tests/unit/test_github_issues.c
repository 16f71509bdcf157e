/* adapters/github_issues: searching and reading issues, their comments, and changes; against a script. */
#include "support_github.h"

#include "core/issue_text.h"

#include <stdio.h>
#include <string.h>

#define ISSUE_MORE(number, title, more)                                                            \
    "{\"number\":" #number ",\"title\":\"" title "\",\"body\":\"B\",\"state\":\"open\","           \
    "\"html_url\":\"https://github.com/o/n/issues/" #number "\",\"locked\":false,"                 \
    "\"repository_url\":\"https://api.github.com/repos/o/n\",\"user\":{\"login\":\"bob\"}" more    \
    "}"
#define ISSUE(number, association)                                                                 \
    ISSUE_MORE(number, "Release v0.1.0", ",\"author_association\":\"" association "\"")
#define FOUND(items) "{\"total_count\":1,\"incomplete_results\":false,\"items\":[" items "]}"

static void start(struct talk *talk, struct reply *replies, size_t count)
{
    talk_start(talk, (struct github_settings){.tag = "v0.1.0"}, replies, count);
}

#define TALK(...)                                                                                  \
    struct reply replies[] = {__VA_ARGS__};                                                        \
    struct talk talk;                                                                              \
    (void)state;                                                                                   \
    start(&talk, replies, COUNT_OF(replies))

static int ask(struct talk *talk, enum question_kind kind, const char *head)
{
    struct question const question = {.kind = kind, .base = "o/n", .head = head};

    talk->facts = (struct facts){.notes = NULL};
    return github_answer(talk->github, &talk->arena, &question, 1, &talk->facts, &talk->error);
}

static int search(struct talk *talk)
{
    return ask(talk, QUESTION_ISSUES, "Release v0.1.0");
}

/* ---- issues ------------------------------------------------------------------------------------------ */

/* The very title counts, and what a maintainer wrote is read again: the index lags behind. */
static void test_search(void **state)
{
    TALK(
        {.match = "GET /search/issues",
         .status = 200,
         .body = FOUND(ISSUE(7, "MEMBER") "," ISSUE(8, "NONE") "," ISSUE_MORE(
             9, "Release v0.1.0-rc.1",
             "") "," ISSUE_MORE(10, "Release v0.1.0",
                                ",\"pull_request\":{}") "," ISSUE(11,
                                                                  "OWNER") "," ISSUE(7, "MEMBER"))},
        {.match = "GET /repos/o/n/issues/7 ",
         .status = 200,
         .body = "{\"number\":7,\"title\":\"Release v0.1.0\",\"body\":null,\"state\":\"closed\","
                 "\"html_url\":\"h\",\"locked\":true,\"author_association\":\"COLLABORATOR\","
                 "\"repository_url\":\"https://api.github.com/repos/O/N\",\"user\":null}"},
        {.match = "GET /repos/o/n/issues/11 ", .status = 404, .body = "{}"});

    assert_int_equal(search(&talk), 0);
    assert_contains(talk_sent(&talk, 0),
                    "GET /search/issues?q=repo%3Ao%2Fn%20is%3Aissue%20in%3Atitle%20%22"
                    "Release%20v0.1.0%22&per_page=100 ");
    assert_int_equal(talk.facts.issues.count, 2);
    const struct issue *issue = &talk.facts.issues.items[0];
    assert_int_equal(issue->number, 7);
    assert_true(issue->closed && issue->locked && issue->by_maintainers);
    assert_false(issue->elsewhere || issue->pull_request);
    assert_string_equal(issue->body, "");
    assert_string_equal(issue->author, "ghost");
    assert_int_equal(talk.facts.issues.items[1].number, 8);
    assert_false(talk.facts.issues.items[1].by_maintainers);
    assert_true(facts_known(&talk.facts, QUESTION_ISSUES));
    assert_int_equal(talk.server.request_count, 3);
    talk_end(&talk);
}

static void test_search_pages(void **state)
{
    char link[128];
    TALK({.match = "page=2", .status = 200, .body = FOUND(ISSUE(8, "NONE"))},
         {.match = "GET /search/issues",
          .status = 200,
          .headers = link,
          .body = FOUND(ISSUE(7, "NONE"))});

    snprintf(link, sizeof(link), "Link: <%s/search/issues?q=x&page=2>; rel=\"next\"\r\n",
             talk.server.origin);
    assert_int_equal(search(&talk), 0);
    assert_int_equal(talk.facts.issues.count, 2);
    talk_end(&talk);
}

/* More pages than GitHub has at 100 a page: another server may give less on each. */
static void test_search_in_many_pages(void **state)
{
    struct reply replies[13];
    char links[12][128], matches[13][16];
    struct talk talk;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(replies); i++) {
        snprintf(matches[i], sizeof(matches[i]), i ? "&page=%zu " : "per_page=100 ", i + 1);
        replies[i] = (struct reply){.match = matches[i], .status = 200, .body = FOUND("")};
    }
    replies[12].body = FOUND(ISSUE(7, "NONE"));
    start(&talk, replies, COUNT_OF(replies));
    for (size_t i = 0; i < COUNT_OF(links); i++) {
        snprintf(links[i], sizeof(links[i]),
                 "Link: <%s/search/issues?q=x&page=%zu>; rel=\"next\"\r\n", talk.server.origin,
                 i + 2);
        replies[i].headers = links[i];
    }
    assert_int_equal(search(&talk), 0);
    assert_int_equal(talk.facts.issues.count, 1);
    assert_int_equal(talk.server.request_count, 13);
    talk_end(&talk);
}

static void test_search_pages_that_are_odd(void **state)
{
    char link[128];
    TALK({.match = "page=2", .status = 200, .body = "{\"items\":1}"},
         {.match = "GET /search/issues",
          .status = 200,
          .headers = link,
          .body = FOUND(ISSUE(7, "NONE"))});

    snprintf(link, sizeof(link), "Link: <%s/search/issues?q=x&page=2>; rel=\"next\"\r\n",
             talk.server.origin);
    assert_int_equal(search(&talk), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_int_equal(talk.facts.issues.count, 0);
    talk_end(&talk);
}

/* One that never ends is given up. */
static void test_endless_search(void **state)
{
    char link[128];
    TALK({.match = "", .status = 200, .headers = link, .body = FOUND(ISSUE(7, "NONE"))});

    snprintf(link, sizeof(link), "Link: <%s/search/issues?q=x&page=2>; rel=\"next\"\r\n",
             talk.server.origin);
    assert_int_equal(search(&talk), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_int_equal(talk.server.request_count, 100);
    assert_int_equal(talk.facts.issues.count, 0);
    talk_end(&talk);
}

/* A search that gave up half-way has found nothing that counts. */
static void test_search_that_is_odd(void **state)
{
    TALK({.match = "",
          .times = 1,
          .status = 200,
          .body = "{\"incomplete_results\":true,\"items\":[]}"},
         {.match = "", .times = 1, .status = 200, .body = "{\"incomplete_results\":false}"},
         {.match = "", .times = 1, .status = 200, .body = FOUND("{\"number\":7}")},
         {.match = "", .status = 200, .body = FOUND(ISSUE(7, "OWNER"))});

    for (int i = 0; i < 3; i++) {
        assert_int_equal(search(&talk), -1);
        assert_code(talk.error.code, ERROR_ANSWER);
    }
    assert_int_equal(search(&talk), -1); /* the issue itself isn't one */
    assert_code(talk.error.code, ERROR_ANSWER);
    talk_end(&talk);
}

static void test_by_number(void **state)
{
    TALK({.match = "/issues/12 ", .status = 200, .body = ISSUE(12, "NONE")},
         {.match = "/issues/13 ", .status = 404, .body = "{}"},
         {.match = "/issues/14 ", .status = 410, .body = "{}"},
         {.match = "/issues/15 ",
          .status = 200,
          .body = "{\"number\":1,\"title\":\"T\",\"state\":\"open\",\"html_url\":\"h\","
                  "\"repository_url\":\"https://api.github.com/repos/o/other\"}"},
         {.match = "/issues/16 ", .status = 200, .body = "{\"number\":16}"});

    assert_int_equal(ask(&talk, QUESTION_ISSUES, "12"), 0);
    assert_int_equal(talk.facts.issues.count, 1);
    assert_int_equal(talk.facts.issues.items[0].number, 12);
    assert_int_equal(ask(&talk, QUESTION_ISSUES, "13"), 0);
    assert_int_equal(talk.facts.issues.count, 0);
    assert_true(facts_known(&talk.facts, QUESTION_ISSUES));
    assert_int_equal(ask(&talk, QUESTION_ISSUES, "14"), 0);
    assert_int_equal(talk.facts.issues.count, 0);
    assert_int_equal(ask(&talk, QUESTION_ISSUES, "15"), 0);
    assert_true(talk.facts.issues.items[0].elsewhere);
    assert_int_equal(ask(&talk, QUESTION_ISSUES, "16"), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    talk_end(&talk);
}

/* What the token may not see is unknown, and the plan decides. */
static void test_not_to_be_seen(void **state)
{
    TALK(
        {.match = "/search/", .times = 1, .status = 422, .body = "{\"message\":\"no permission\"}"},
        {.match = "/search/", .status = 404, .body = "{}"},
        {.match = "/issues/12/comments", .status = 403, .body = "{}"},
        {.match = "/issues/12", .status = 403, .body = "{\"message\":\"not accessible\"}"});

    for (int i = 0; i < 2; i++) {
        assert_int_equal(search(&talk), 0);
        assert_true(facts_unknown(&talk.facts, QUESTION_ISSUES));
    }
    assert_int_equal(ask(&talk, QUESTION_ISSUES, "12"), 0);
    assert_true(facts_unknown(&talk.facts, QUESTION_ISSUES));
    assert_contains(talk.facts.answers[QUESTION_ISSUES].why_unknown, "not accessible");
    assert_int_equal(ask(&talk, QUESTION_ISSUE_COMMENTS, "12"), 0);
    assert_true(facts_unknown(&talk.facts, QUESTION_ISSUE_COMMENTS));
    talk_end(&talk);
}

/* ---- comments ----------------------------------------------------------------------------------------- */

static const char *our_text(struct arena *arena)
{
    struct issue_story const story = {.tag = "v0.1.0", .commit = "c1", .signature = "not signed"};

    return issue_comment_text(arena, &story);
}

/* The comment as JSON: its text needs no more escaping than line ends. */
static const char *comment_json(struct arena *arena, int id, const char *text, const char *more)
{
    CLEANUP(text_free) struct text out = {0};

    text_print(&out, "{\"id\":%d,\"body\":\"", id);
    for (; *text; text++)
        text_print(&out, *text == '\n' ? "\\n" : "%c", *text);
    text_print(&out, "\"%s}", more);
    return arena_copy(arena, text_string(&out));
}

/* By the marker, and by who wrote it: a workflow, or a maintainer. */
static void test_comments_of_ours(void **state)
{
    static const char bot[] = ",\"author_association\":\"NONE\",\"user\":{\"type\":\"Bot\"}";
    static const char member[] = ",\"author_association\":\"MEMBER\",\"user\":{\"type\":\"User\"}";
    static const char stranger[] = ",\"author_association\":\"CONTRIBUTOR\","
                                   "\"user\":{\"type\":\"User\"}";
    CLEANUP(arena_free) struct arena arena = {0};
    const char *ours = our_text(&arena), *quote = arena_print(&arena, "> %s", ours);
    const char *first = arena_print(&arena, "[%s,%s,%s]", comment_json(&arena, 1, ours, bot),
                                    comment_json(&arena, 2, ours, stranger),
                                    comment_json(&arena, 3, quote, member));
    const char *second =
        arena_print(&arena, "[%s,{\"id\":5},{}]", comment_json(&arena, 4, ours, member));
    char link[128];
    TALK({.match = "/issues/7/comments?per_page=100 ",
          .status = 200,
          .headers = link,
          .body = first},
         {.match = "/issues/7/comments?page=2 ", .status = 200, .body = second},
         {.match = "/issues/9/comments?per_page=100 ", .status = 200, .body = first});

    snprintf(link, sizeof(link), "Link: <%s/issues/7/comments?page=2>; rel=\"next\"\r\n",
             talk.server.origin);
    assert_int_equal(ask(&talk, QUESTION_ISSUE_COMMENTS, "7,9"), 0);
    assert_int_equal(talk.facts.issue_comments.count, 3);
    const struct issue_comment *items = talk.facts.issue_comments.items;
    assert_true(items[0].id == 1 && items[0].issue == 7 && items[0].intact);
    assert_true(items[1].id == 4 && items[1].issue == 7);
    assert_true(items[2].id == 1 && items[2].issue == 9);
    talk_end(&talk);
}

static void test_comments_that_are_odd(void **state)
{
    struct issue_comments comments;
    TALK({.match = "", .times = 1, .status = 200, .body = "{}"},
         {.match = "", .times = 1, .status = 404, .body = "{}"},
         {.match = "", .status = 200, .body = "[1"});

    assert_int_equal(ask(&talk, QUESTION_ISSUE_COMMENTS, "7"), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_int_equal(
        talk.effects.list_issue_comments(talk.github, &talk.arena, 7, &comments, &talk.error), -1);
    assert_code(talk.error.code, ERROR_NOT_FOUND);
    assert_int_equal(
        talk.effects.list_issue_comments(talk.github, &talk.arena, 7, &comments, &talk.error), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    talk_end(&talk);
}

/* Of the second issue, and a list that never ends. */
static void test_comments_that_can_not_be_read(void **state)
{
    char link[128];
    struct issue_comments comments;
    TALK({.match = "/issues/7/comments", .times = 1, .status = 200, .body = "[]"},
         {.match = "/issues/9/comments", .status = 200, .body = "{}"},
         {.match = "", .status = 200, .headers = link, .body = "[]"});

    snprintf(link, sizeof(link), "Link: <%s/x?page=2>; rel=\"next\"\r\n", talk.server.origin);
    assert_int_equal(ask(&talk, QUESTION_ISSUE_COMMENTS, "7,9"), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_int_equal(talk.server.request_count, 2);
    assert_int_equal(
        talk.effects.list_issue_comments(talk.github, &talk.arena, 7, &comments, &talk.error), -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    assert_contains(talk.error.message, "#7");
    assert_int_equal(talk.server.request_count, 102);
    talk_end(&talk);
}

/* ---- changes ------------------------------------------------------------------------------------------- */

static enum write_end comment_on(struct talk *talk, struct issue_comment *made)
{
    return talk->effects.create_issue_comment(talk->github, &talk->arena, 7, our_text(&talk->arena),
                                              made, &talk->error);
}

static void test_comment(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *json = comment_json(&arena, 70, our_text(&arena), "");
    struct issue_comment made;
    TALK({.match = "POST /repos/o/n/issues/7/comments ", .status = 201, .body = json},
         {.match = "PATCH /repos/o/n/issues/comments/70 ", .status = 200, .body = json},
         {.match = "DELETE /repos/o/n/issues/comments/70 ", .status = 204, .body = ""});

    assert_int_equal(comment_on(&talk, &made), WRITE_DONE);
    assert_true(made.id == 70 && made.issue == 7 && made.intact);
    assert_contains(talk_sent(&talk, 0), "{\"body\":\"<!-- cut-release:issue tag=v0.1.0 ");
    assert_int_equal(talk.effects.update_issue_comment(talk.github, &talk.arena, &made,
                                                       our_text(&arena), &made, &talk.error),
                     WRITE_DONE);
    assert_int_equal(talk.effects.delete_issue_comment(talk.github, &talk.arena, 70, &talk.error),
                     WRITE_DONE);
    talk_end(&talk);
}

static void test_comment_that_is_refused(void **state)
{
    struct issue_comment made;
    TALK({.match = "",
          .times = 1,
          .status = 403,
          .body = "{\"message\":\"Unable to create comment because issue is locked.\"}"},
         {.match = "",
          .times = 1,
          .status = 403,
          .headers = "x-accepted-github-permissions: issues=write; pull_requests=write\r\n",
          .body = "{\"message\":\"Resource not accessible by integration\"}"},
         {.match = "", .times = 1, .status = 404, .body = "{}"},
         {.match = "", .times = 1, .status = 410, .body = "{}"},
         {.match = "", .times = 1, .status = 201, .body = "{\"id\":7,\"body\":\"another\"}"},
         {.match = "", .times = 1, .status = 201, .body = "[1"},
         {.match = "", .status = 500, .body = "{}"});

    assert_int_equal(comment_on(&talk, &made), WRITE_FAILED);
    assert_code(talk.error.code, ERROR_ISSUE_LOCKED);
    assert_int_equal(comment_on(&talk, &made), WRITE_FAILED);
    assert_code(talk.error.code, ERROR_PERMISSION);
    assert_contains(talk.error.remedy, "issues: write");
    assert_int_equal(comment_on(&talk, &made), WRITE_GONE);
    assert_int_equal(comment_on(&talk, &made), WRITE_GONE);
    for (int i = 0; i < 3; i++)
        assert_int_equal(comment_on(&talk, &made), WRITE_LOST);
    talk_end(&talk);
}

static void test_issue_that_is_changed(void **state)
{
    struct issue made;
    bool exists;
    TALK({.match = "PATCH /repos/o/n/issues/7 ",
          .times = 2,
          .status = 200,
          .body = ISSUE(7, "NONE")},
         {.match = "PATCH /repos/o/n/issues/7 ", .times = 1, .status = 200, .body = "{}"},
         {.match = "PATCH /repos/o/n/issues/7 ", .status = 410, .body = "{}"},
         {.match = "GET /repos/o/n/issues/7 ", .times = 1, .status = 200, .body = ISSUE(7, "NONE")},
         {.match = "GET /repos/o/n/issues/7 ", .times = 1, .status = 410, .body = "{}"},
         {.match = "GET /repos/o/n/issues/7 ", .status = 200, .body = "{}"});
    const struct effects *effects = &talk.effects;

    assert_int_equal(
        effects->update_issue(talk.github, &talk.arena, 7, "T", true, &made, &talk.error),
        WRITE_DONE);
    assert_contains(talk_sent(&talk, 0),
                    "{\"body\":\"T\",\"state\":\"closed\",\"state_reason\":\"completed\"}");
    assert_int_equal(
        effects->update_issue(talk.github, &talk.arena, 7, NULL, true, &made, &talk.error),
        WRITE_DONE);
    assert_contains(talk_sent(&talk, 1), "{\"state\":\"closed\",\"state_reason\":\"completed\"}");
    assert_int_equal(
        effects->update_issue(talk.github, &talk.arena, 7, "T", false, &made, &talk.error),
        WRITE_LOST);
    assert_contains(talk_sent(&talk, 2), "{\"body\":\"T\"}");
    assert_int_equal(
        effects->update_issue(talk.github, &talk.arena, 7, "T", false, &made, &talk.error),
        WRITE_GONE);
    assert_int_equal(effects->read_issue(talk.github, &talk.arena, 7, &made, &exists, &talk.error),
                     0);
    assert_true(exists);
    assert_int_equal(effects->read_issue(talk.github, &talk.arena, 7, &made, &exists, &talk.error),
                     0);
    assert_false(exists);
    assert_int_equal(effects->read_issue(talk.github, &talk.arena, 7, &made, &exists, &talk.error),
                     -1);
    assert_code(talk.error.code, ERROR_ANSWER);
    talk_end(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_search),
        cmocka_unit_test(test_search_pages),
        cmocka_unit_test(test_search_in_many_pages),
        cmocka_unit_test(test_search_pages_that_are_odd),
        cmocka_unit_test(test_endless_search),
        cmocka_unit_test(test_search_that_is_odd),
        cmocka_unit_test(test_by_number),
        cmocka_unit_test(test_not_to_be_seen),
        cmocka_unit_test(test_comments_of_ours),
        cmocka_unit_test(test_comments_that_are_odd),
        cmocka_unit_test(test_comments_that_can_not_be_read),
        cmocka_unit_test(test_comment),
        cmocka_unit_test(test_comment_that_is_refused),
        cmocka_unit_test(test_issue_that_is_changed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
