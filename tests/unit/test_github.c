/* adapters/github: how questions are asked, what answers mean, and changes; against a script. */
#include "support_github.h"

#include <stdio.h>
#include <string.h>

static const char commit[] = "c000000000000000000000000000000000000001";
static const char object[] = "7000000000000000000000000000000000000001";
static const char tag[] = "v0.10.0-rc.1";

/* A repository object that serves any test. */
#define REPOSITORY "{\"full_name\":\"o/n\",\"default_branch\":\"main\"}"
#define RELEASE(id, name)                                                                          \
    "{\"id\":" #id ",\"tag_name\":\"" name "\",\"name\":\"T\",\"body\":\"B\",\"html_url\":"        \
    "\"https://github.com/o/n/releases/" #id "\",\"upload_url\":\"u\",\"draft\":true,"             \
    "\"prerelease\":false,\"assets\":[{\"id\":1,\"name\":\"a\",\"state\":\"uploaded\",\"size\":7," \
    "\"digest\":\"sha256:ab\"},{\"id\":2,\"name\":\"b\",\"state\":\"starter\",\"size\":0,"         \
    "\"digest\":null}]}"

/* A branch at `commit`, as it is when it was made. */
#define REFERENCE                                                                                  \
    "{\"ref\":\"refs/heads/release-0.10\",\"object\":{\"type\":\"commit\","                        \
    "\"sha\":\"c000000000000000000000000000000000000001\"}}"

static void start(struct talk *talk, struct reply *replies, size_t count, bool lenient)
{
    talk_start(talk, (struct github_settings){.tag = tag, .lenient = lenient}, replies, count);
}

#define TALK(...)                                                                                  \
    struct reply replies[] = {__VA_ARGS__};                                                        \
    struct talk talk;                                                                              \
    (void)state;                                                                                   \
    start(&talk, replies, COUNT_OF(replies), false)

/* ---- questions ------------------------------------------------------------------------------- */

static void test_repository(void **state)
{
    TALK({.match = "GET /repos/o/n HTTP", .status = 200, .body = REPOSITORY});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_REPOSITORY}), 0);
    assert_true(facts_known(&talk.facts, QUESTION_REPOSITORY));
    assert_string_equal(talk.facts.repository.full_name, "o/n");
    assert_string_equal(talk.facts.repository.default_branch, "main");
    assert_contains(talk_sent(&talk, 0), "Accept: application/vnd.github+json\r\n");
    assert_contains(talk_sent(&talk, 0), "X-GitHub-Api-Version: 2022-11-28\r\n");
    talk_end(&talk);
}

/* A renamed repository: what follows is asked under its new name. */
static void test_renamed(void **state)
{
    TALK({.match = "GET /repos/o/n HTTP",
          .status = 200,
          .body = "{\"full_name\":\"new/name\",\"default_branch\":\"main\"}"},
         {.match = "GET /repos/new/name/git/matching-refs/tags/v ", .status = 200, .body = "[]"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_REPOSITORY}), 0);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAGS}), 0);
    talk_end(&talk);
}

/* May the repository be written to: of the user's own, and of what is told of an App alike. */
static void test_access(void **state)
{
    TALK({.match = "GET /repos/o/n HTTP",
          .times = 1,
          .status = 200,
          .body = "{\"full_name\":\"o/n\",\"default_branch\":\"main\",\"archived\":true,"
                  "\"permissions\":{\"push\":false}}"},
         {.match = "GET /repos/o/n HTTP", .times = 1, .status = 200, .body = REPOSITORY},
         {.match = "GET ", .status = 403, .body = "{\"message\":\"no\"}"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_REPOSITORY}), 0);
    assert_true(facts_known(&talk.facts, QUESTION_ACCESS));
    assert_true(talk.facts.repository.push_denied);
    assert_true(talk.facts.repository.archived);
    assert_false(talk.facts.repository.user_known);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_ACCESS}), 0);
    assert_false(talk.facts.repository.push_denied);
    assert_false(talk.facts.repository.archived);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_ACCESS}), 0);
    assert_true(facts_unknown(&talk.facts, QUESTION_ACCESS));
    talk_end(&talk);
}

#define RULESET(id, more)                                                                          \
    "{\"id\":" #id ",\"name\":\"n" #id "\",\"target\":\"tag\",\"enforcement\":\"active\","         \
    "\"rules\":[{\"type\":\"update\"},{\"type\":\"creation\"}],\"conditions\":{\"ref_name\":"      \
    "{\"include\":[\"refs/tags/v*\"],\"exclude\":[]}}" more "}"

/* The rulesets that restrict who creates the branch or the tag, and who may all the same. */
static void test_rulesets_ahead(void **state)
{
    struct question const all[] = {{.kind = QUESTION_RULESETS}};
    TALK({.match = "GET /repos/o/n/rules/branches/release-0.10?per_page=100 ",
          .status = 200,
          .body =
              "[{\"type\":\"creation\",\"ruleset_id\":1},{\"type\":\"creation\",\"ruleset_id\":1},"
              "{\"type\":\"update\",\"ruleset_id\":2},{\"type\":\"creation\"}]"},
         {.match = "GET /repos/o/n/rulesets?includes_parents=true&targets=tag&per_page=100 ",
          .status = 200,
          .body = "[{\"id\":3,\"enforcement\":\"active\"},{\"id\":4,\"enforcement\":\"disabled\"},"
                  "{\"id\":5,\"enforcement\":\"active\"},{\"id\":6,\"enforcement\":\"active\"},"
                  "{\"id\":7,\"enforcement\":\"active\"},{\"id\":8,\"enforcement\":\"active\"}]"},
         {.match = "GET /repos/o/n/rulesets/1 ",
          .status = 200,
          .body = "{\"id\":1,\"name\":\"b\",\"target\":\"branch\",\"current_user_can_bypass\":"
                  "\"pull_requests_only\"}"},
         {.match = "/rulesets/3 ",
          .status = 200,
          .body = RULESET(3, ",\"current_user_can_bypass\":\"never\"")},
         {.match = "/rulesets/5 ",
          .status = 200,
          .body = RULESET(5, ",\"current_user_can_bypass\":\"exempt\"")},
         {.match = "/rulesets/6 ", .status = 200, .body = RULESET(6, "")},
         {.match = "/rulesets/7 ",
          .status = 200,
          .body = "{\"id\":7,\"target\":\"tag\",\"enforcement\":\"active\",\"rules\":[{\"type\":"
                  "\"creation\"}],\"conditions\":{\"ref_name\":{\"include\":[\"~ALL\"],\"exclude\":"
                  "[\"refs/tags/v0.1*\"]}},\"current_user_can_bypass\":\"never\"}"},
         {.match = "/rulesets/8 ", .status = 404, .body = "{}"});

    assert_int_equal(
        talk_ask(&talk, (struct question){.kind = QUESTION_BRANCH_RULES, .head = "release-0.10"}),
        0);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAG_RULES, .head = tag}),
                     0);
    assert_int_equal(talk.facts.ruleset_count, 6);
    assert_int_equal(github_answer(talk.github, &talk.arena, all, 1, &talk.facts, &talk.error), 0);
    static const struct ruleset expected[] = {
        {1, "b", true, false, BYPASS_NO},   {3, "n3", false, true, BYPASS_NO},
        {5, "n5", false, true, BYPASS_YES}, {6, "n6", false, true, BYPASS_UNTOLD},
        {7, NULL, false, false, BYPASS_NO}, {8, NULL, false, false, BYPASS_UNTOLD},
    };
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct ruleset *found = &talk.facts.rulesets[i];

        assert_int_equal(found->id, expected[i].id);
        assert_true(strings_equal(found->name, expected[i].name));
        assert_int_equal(found->of_branch, expected[i].of_branch);
        assert_int_equal(found->of_tag, expected[i].of_tag);
        assert_int_equal(found->of_asking, expected[i].of_asking);
    }
    talk_end(&talk);
}

/* More rulesets than are asked about; answers that are none. */
static void test_rulesets_that_are_many_or_odd(void **state)
{
    TALK({.match = "targets=tag",
          .times = 1,
          .status = 200,
          .body = "[{\"id\":1,\"enforcement\":\"active\"},{\"id\":2,\"enforcement\":\"active\"},"
                  "{\"id\":3,\"enforcement\":\"active\"},{\"id\":4,\"enforcement\":\"active\"},"
                  "{\"id\":5,\"enforcement\":\"active\"},{\"id\":6,\"enforcement\":\"active\"},"
                  "{\"id\":7,\"enforcement\":\"active\"},{\"id\":8,\"enforcement\":\"active\"},"
                  "{\"id\":9,\"enforcement\":\"active\"}]"},
         {.match = "targets=tag", .status = 200, .body = "{}"},
         {.match = "/rules/branches/", .status = 200, .body = "\"x\""},
         {.match = "/rulesets/1 ", .status = 200, .body = "{\"id\":99}"},
         {.match = "/rulesets/2 ", .status = 200, .body = "{}"},
         {.match = "/rulesets/", .status = 404, .body = "{}"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAG_RULES, .head = tag}),
                     0);
    assert_int_equal(talk.facts.ruleset_count, MOST_RULESETS);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_RULESETS}), -1);
    assert_code(ERROR_ANSWER, talk.error.code);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAG_RULES, .head = tag}),
                     -1);
    assert_code(ERROR_ANSWER, talk.error.code);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_BRANCH_RULES, .head = "b"}),
                     -1);
    assert_code(ERROR_ANSWER, talk.error.code);
    talk_end(&talk);
}

static void test_refs(void **state)
{
    TALK({.match = "GET /repos/o/n/git/matching-refs/tags/v ",
          .status = 200,
          .body =
              "[{\"ref\":\"refs/tags/v0.9.0\",\"object\":{\"sha\":\"a\",\"type\":\"commit\"}},"
              "{\"ref\":\"refs/tags/v0.10.0-rc.1\",\"object\":{\"sha\":\"b\",\"type\":\"tag\"}}]"},
         {.match = "GET /repos/o/n/git/matching-refs/heads/release- ",
          .status = 200,
          .body = "[{\"ref\":\"refs/heads/"
                  "release-0.10\",\"object\":{\"sha\":\"c\",\"type\":\"commit\"}}]"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAGS}), 0);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_BRANCHES}), 0);
    assert_int_equal(talk.facts.tags.count, 2);
    assert_string_equal(talk.facts.tags.items[0].name, "v0.9.0");
    assert_false(talk.facts.tags.items[0].annotated);
    assert_true(talk.facts.tags.items[1].annotated);
    assert_string_equal(talk.facts.branches.items[0].name, "release-0.10");
    assert_string_equal(talk.facts.branches.items[0].object, "c");
    talk_end(&talk);
}

/* Should references ever be paged, they are read to their end. */
static void test_refs_in_pages(void **state)
{
    struct talk talk;
    char link[160];
    struct reply replies[] = {
        {.match = "page=2",
         .status = 200,
         .body = "[{\"ref\":\"refs/tags/v2\",\"object\":{\"sha\":\"b\",\"type\":\"tag\"}}]"},
        {.match = "matching-refs",
         .status = 200,
         .headers = link,
         .body = "[{\"ref\":\"refs/tags/v1\",\"object\":{\"sha\":\"a\",\"type\":\"tag\"}}]"},
    };
    (void)state;

    start(&talk, replies, COUNT_OF(replies), false);
    snprintf(link, sizeof(link),
             "Link: <%s/repos/o/n/git/matching-refs/tags/v?page=2>; rel=\"next\"\r\n",
             talk.server.origin);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAGS}), 0);
    assert_int_equal(talk.facts.tags.count, 2);
    talk_end(&talk);
}

/* A next page that another host has isn't asked for, and what was read isn't taken for all. */
static void test_refs_of_another_host(void **state)
{
    char link[128];
    TALK({.match = "", .status = 200, .headers = link, .body = "[]"});

    snprintf(link, sizeof(link), "Link: <http://localhost:%d/r?page=2>; rel=\"next\"\r\n",
             talk.server.port);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAGS}), -1);
    assert_code(ERROR_ANSWER, talk.error.code);
    assert_int_equal(talk.server.request_count, 1);
    talk_end(&talk);
}

/* Half a list of references is none, and one without an end is given up. */
static void test_refs_in_pages_that_fail(void **state)
{
    static const struct {
        int status;
        const char *body, *code;
    } pages[] = {
        {403, "{\"message\":\"no\"}", "CR-PERMISSION"},
        {200, "[{\"ref\":\"refs/tags/v2\"}]", "CR-ANSWER"},
        {200, "[]", "CR-ANSWER"}, /* with a next page, for ever */
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        struct talk talk;
        char link[160];
        struct reply replies[] = {
            {.match = "page=2", .status = pages[i].status, .headers = link, .body = pages[i].body},
            {.match = "matching-refs", .status = 200, .headers = link, .body = "[]"},
        };

        start(&talk, replies, COUNT_OF(replies), false);
        snprintf(link, sizeof(link), "Link: <%s/r?page=2>; rel=\"next\"\r\n", talk.server.origin);
        assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAGS}), -1);
        assert_string_equal(error_code_text(talk.error.code), pages[i].code);
        assert_false(facts_known(&talk.facts, QUESTION_TAGS));
        talk_end(&talk);
    }
}

static void test_tag_object(void **state)
{
    TALK({.match = "GET /repos/o/n/git/tags/7000000000000000000000000000000000000001 ",
          .status = 200,
          .body = "{\"sha\":\"7000000000000000000000000000000000000001\",\"tag\":\"v0.10.0-rc.1\","
                  "\"message\":\"m\",\"tagger\":{\"name\":\"A\",\"email\":\"a@b\"},"
                  "\"object\":{\"sha\":\"c1\",\"type\":\"commit\"},\"verification\":"
                  "{\"verified\":false,\"reason\":\"unknown_key\",\"signature\":"
                  "\"-----BEGIN SSH SIGNATURE-----\"}}"});

    assert_int_equal(
        talk_ask(&talk, (struct question){.kind = QUESTION_TAG_OBJECT, .head = object}), 0);
    assert_string_equal(talk.facts.tag_object.target, "c1");
    assert_string_equal(talk.facts.tag_object.tagger, "A <a@b>");
    assert_int_equal(talk.facts.tag_object.signature, SIGNATURE_SSH);
    assert_int_equal(talk.facts.tag_object.verification, KNOWN);
    assert_false(talk.facts.tag_object.verified);
    assert_string_equal(talk.facts.tag_object.verification_reason, "unknown_key");
    talk_end(&talk);
}

/* By the list that git has; a form that is none of them is no signature that anybody can judge. */
static void test_kinds_of_signatures(void **state)
{
    static const struct {
        const char *signature;
        enum signature_kind kind;
    } cases[] = {
        {"\"-----BEGIN PGP SIGNATURE-----\\n\\nx\"", SIGNATURE_OPENPGP},
        {"\"-----BEGIN PGP MESSAGE-----\\n\\nx\"", SIGNATURE_OPENPGP},
        {"\"-----BEGIN SSH SIGNATURE-----\\nx\"", SIGNATURE_SSH},
        {"\"-----BEGIN SIGNED MESSAGE-----\\nx\"", SIGNATURE_X509},
        {"\"-----BEGIN NEWER SIGNATURE-----\\nx\"", SIGNATURE_NONE},
        {"\"\"", SIGNATURE_NONE},
        {"null", SIGNATURE_NONE},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char body[512];

        snprintf(body, sizeof(body),
                 "{\"sha\":\"7000000000000000000000000000000000000001\",\"tag\":\"v\",\"object\":"
                 "{\"sha\":\"c1\",\"type\":\"commit\"},\"verification\":{\"signature\":%s}}",
                 cases[i].signature);
        TALK({.match = "", .status = 200, .body = body});
        assert_int_equal(
            talk_ask(&talk, (struct question){.kind = QUESTION_TAG_OBJECT, .head = object}), 0);
        assert_int_equal(talk.facts.tag_object.signature, cases[i].kind);
        talk_end(&talk);
    }
}

/* The server answers with another object than the one that was asked for. */
static void test_another_tag_object(void **state)
{
    TALK({.match = "",
          .status = 200,
          .body = "{\"sha\":\"7000000000000000000000000000000000000009\",\"tag\":\"v\","
                  "\"object\":{\"sha\":\"c1\",\"type\":\"commit\"}}"});

    assert_int_equal(
        talk_ask(&talk, (struct question){.kind = QUESTION_TAG_OBJECT, .head = object}), -1);
    assert_code(ERROR_ANSWER, talk.error.code);
    talk_end(&talk);
}

/* A missing verification is not taken for one. */
static void test_tag_object_without_verification(void **state)
{
    TALK({.match = "",
          .status = 200,
          .body = "{\"sha\":\"7000000000000000000000000000000000000001\",\"tag\":\"v\","
                  "\"object\":{\"sha\":\"c1\",\"type\":\"commit\"}}"});

    assert_int_equal(
        talk_ask(&talk, (struct question){.kind = QUESTION_TAG_OBJECT, .head = object}), 0);
    assert_int_equal(talk.facts.tag_object.verification, UNKNOWN);
    assert_int_equal(talk.facts.tag_object.signature, SIGNATURE_NONE);
    assert_false(talk.facts.tag_object.verified);
    talk_end(&talk);
}

static void test_comparisons(void **state)
{
    TALK({.match = "GET /repos/o/n/compare/b...c000000000000000000000000000000000000001?",
          .status = 200,
          .body = "{\"status\":\"behind\",\"ahead_by\":0,\"behind_by\":4}"},
         {.match = "GET /repos/o/n/compare/v0.9.0-rc.1...",
          .status = 200,
          .body = "{\"status\":\"ahead\",\"ahead_by\":2,\"behind_by\":0,\"commits\":["
                  "{\"commit\":{\"message\":\"older\\n\\nbody\"}},"
                  "{\"commit\":{\"message\":\"newer\\r\\nx\"}}]}"});
    struct question const on_branch = {.kind = QUESTION_ON_BRANCH, .base = "b", .head = commit};
    struct question const since = {
        .kind = QUESTION_SINCE_CANDIDATE, .base = "v0.9.0-rc.1", .head = commit};

    assert_int_equal(talk_ask(&talk, on_branch), 0);
    assert_int_equal(talk.facts.on_branch.relation, RELATION_BEHIND);
    assert_int_equal(talk.facts.on_branch.behind_by, 4);
    assert_int_equal(talk_ask(&talk, since), 0);
    assert_int_equal(talk.facts.since_candidate.relation, RELATION_AHEAD);
    assert_int_equal(talk.facts.since_candidate.subject_count, 2);
    talk_end(&talk);
}

static void test_source(void **state)
{
    TALK({.match = "GET /repos/o/n/git/ref/heads/feature%2Fx ",
          .status = 200,
          .body = "{\"ref\":\"refs/heads/feature/x\",\"object\":{\"sha\":\"c9\"}}"},
         {.match = "", .status = 404, .body = "{\"message\":\"Not Found\"}"});

    assert_int_equal(
        talk_ask(&talk, (struct question){.kind = QUESTION_SOURCE, .head = "feature/x"}), 0);
    assert_string_equal(talk.facts.source_head, "c9");
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_SOURCE, .head = "none"}),
                     0);
    assert_null(talk.facts.source_head); /* that there is none is an answer */
    assert_true(facts_known(&talk.facts, QUESTION_SOURCE));
    talk_end(&talk);
}

static void test_notes(void **state)
{
    TALK({.match = "POST /repos/o/n/releases/generate-notes ",
          .status = 200,
          .body = "{\"name\":\"v\",\"body\":\"* one\"}"});

    assert_int_equal(
        talk_ask(&talk,
                 (struct question){.kind = QUESTION_NOTES, .base = "v0.9.0", .head = commit}),
        0);
    assert_string_equal(talk.facts.notes, "* one");
    assert_contains(talk_sent(&talk, 0), "\"tag_name\":\"v0.10.0-rc.1\"");
    assert_contains(talk_sent(&talk, 0), "\"previous_tag_name\":\"v0.9.0\"");
    assert_contains(talk_sent(&talk, 0),
                    "\"target_commitish\":\"c000000000000000000000000000000000000001\"");
    talk_end(&talk);
}

/* "A short or odd answer is a failure, never an empty note." */
static void test_odd_answers(void **state)
{
    static const struct {
        enum question_kind kind;
        const char *body;
    } cases[] = {
        {QUESTION_NOTES, "{\"name\":\"v\",\"body\":\"\"}"},
        {QUESTION_NOTES, "{\"name\":\"v\"}"},
        {QUESTION_NOTES, "{\"name\":\"v\",\"body\":\"* on"},
        {QUESTION_NOTES, ""},
        {QUESTION_REPOSITORY, "{\"full_name\":\"o/n\"}"},
        {QUESTION_REPOSITORY, "[]"},
        {QUESTION_TAGS, "{}"},
        {QUESTION_TAGS, "[{\"ref\":\"refs/tags/v1\"}]"},
        {QUESTION_TAGS, "[{\"ref\":\"refs/tags/v1\",\"object\":{\"sha\":\"a\"}}]"},
        {QUESTION_TAGS,
         "[{\"ref\":\"refs/heads/v1\",\"object\":{\"sha\":\"a\",\"type\":\"tag\"}}]"},
        {QUESTION_TAGS, "[{\"ref\":\"refs/tags/v1\",\"object\":{\"sha\":\"a\"}}"},
        {QUESTION_BRANCHES, "[7]"},
        {QUESTION_RELEASES, "{}"},
        {QUESTION_RELEASES, "[{\"tag_name\""},
        {QUESTION_RELEASES, "[{}]"},
        {QUESTION_RELEASES, "[{\"tag_name\":\"v0.10.0-rc.1\"}]"},
        {QUESTION_ON_BRANCH, "{\"status\":\"sideways\",\"ahead_by\":1,\"behind_by\":0}"},
        {QUESTION_ON_BRANCH, "{\"status\":\"ahead\",\"behind_by\":0}"},
        {QUESTION_ON_BRANCH, "{\"status\":\"ahead\",\"ahead_by\":-1,\"behind_by\":0}"},
        {QUESTION_SOURCE, "{\"object\":{}}"},
        {QUESTION_SOURCE, "[{\"ref\":\"refs/heads/mainline\"}]"},
        {QUESTION_TAG_OBJECT, "{}"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = {.match = "", .status = 200, .body = cases[i].body};
        struct talk talk;

        start(&talk, &reply, 1, false);
        if (talk_ask(&talk,
                     (struct question){.kind = cases[i].kind, .base = "b", .head = object}) != -1)
            fail_msg("case %zu: %s was taken", i, cases[i].body);
        assert_code(ERROR_ANSWER, talk.error.code);
        assert_false(facts_known(&talk.facts, cases[i].kind));
        talk_end(&talk);
    }
}

/* A page for people (a proxy's, a captive portal's) is not JSON, whatever its status. */
static void test_another_content_type(void **state)
{
    TALK({.match = "", .status = 200, .headers = "Content-Type: text/html\r\n", .body = "[]"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAGS}), -1);
    assert_code(ERROR_ANSWER, talk.error.code);
    talk_end(&talk);
}

static void test_errors(void **state)
{
    static const struct {
        int status;
        const char *headers, *body, *code, *says;
    } cases[] = {
        {401, NULL, "{\"message\":\"Bad credentials\"}", "CR-TOKEN", "Bad credentials"},
        {403, "X-Accepted-GitHub-Permissions: contents=write; metadata=read\r\n",
         "{\"message\":\"Resource not accessible by integration\"}", "CR-PERMISSION",
         "give the token contents: write"},
        {403, "X-Accepted-GitHub-Permissions: contents=write; contents=write,workflows=write\r\n",
         "{\"message\":\"Resource not accessible by integration\"}", "CR-PERMISSION",
         "give the token contents: write"},
        {403, "X-Accepted-GitHub-Permissions: contents=write,workflows=write\r\n",
         "{\"message\":\"Resource not accessible by integration\"}", "CR-WORKFLOWS",
         "workflows: write"},
        {403, NULL, "{\"message\":\"refusing to update workflow `a.yaml`\"}", "CR-WORKFLOWS",
         "a.yaml"},
        {403, NULL, "{\"message\":\"no\"}", "CR-PERMISSION", "contents: write"},
        {403, NULL, "{\"message\":\"Repository rule violations found\"}", "CR-RULESET", "rule"},
        {404, NULL, "{\"message\":\"Not Found\"}", "CR-NOT-FOUND", "token"},
        {410, NULL, "{}", "CR-ANSWER", "410"},
        {418, NULL, "not JSON", "CR-ANSWER", "418"},
        {204, NULL, "", "CR-ANSWER", "204"},
        {409, NULL, "{\"message\":\"Git Repository is empty.\"}", "CR-REJECTED", "empty"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = {.match = "",
                              .status = cases[i].status,
                              .headers = cases[i].headers,
                              .body = cases[i].body};
        struct talk talk;

        start(&talk, &reply, 1, false);
        assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAGS}), -1);
        assert_string_equal(error_code_text(talk.error.code), cases[i].code);
        assert_contains(arena_print(&talk.arena, "%s %s", talk.error.message, talk.error.remedy),
                        cases[i].says);
        talk_end(&talk);
    }
}

/* The server's words are others' words: one harmless line. */
static void test_words_are_made_harmless(void **state)
{
    TALK({.match = "",
          .status = 422,
          .body = "{\"message\":\"No\\n::error::x\",\"errors\":[\"a\\u0007b\",{\"field\":\"body\","
                  "\"code\":\"custom\"},{\"message\":\"pre_receive\"},7]}"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_TAGS}), -1);
    assert_code(ERROR_REJECTED, talk.error.code);
    assert_lacks(talk.error.message, "\n");
    assert_contains(talk.error.message, "a b");
    assert_contains(talk.error.message, "body: custom");
    assert_contains(talk.error.message, "pre_receive");
    talk_end(&talk);
}

/* What the token may not do is unknown in a dry run, an error otherwise. */
static void test_notes_without_permission(void **state)
{
    struct reply reply = {.match = "", .status = 403, .body = "{\"message\":\"no\"}"};
    struct question const question = {.kind = QUESTION_NOTES, .base = "v0.9.0", .head = commit};
    (void)state;

    for (int lenient = 0; lenient < 2; lenient++) {
        struct talk talk;

        start(&talk, &reply, 1, lenient);
        assert_int_equal(talk_ask(&talk, question), lenient ? 0 : -1);
        assert_int_equal(facts_unknown(&talk.facts, QUESTION_NOTES), lenient);
        talk_end(&talk);
    }
}

/* ---- releases -------------------------------------------------------------------------------- */

static void test_releases(void **state)
{
    TALK({.match = "GET /repos/o/n/releases?per_page=100&page=1 ",
          .status = 200,
          .body =
              "[" RELEASE(5, "v0.10.0-rc.1") "," RELEASE(6, "v0.9.0") ",{\"tag_name\":\"v9\"}]"});

    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_RELEASES}), 0);
    assert_int_equal(talk.facts.releases.count, 1); /* those of our tag */
    assert_int_equal(talk.facts.releases.items[0].id, 5);
    assert_string_equal(talk.facts.releases.items[0].title, "T");
    struct asset_facts const *assets = &talk.facts.releases.items[0].assets;
    assert_int_equal(assets->count, 2);
    assert_int_equal(assets->items[0].id, 1);
    assert_string_equal(assets->items[0].digest, "ab");
    assert_int_equal(assets->items[0].size, 7);
    assert_true(assets->items[0].whole);
    assert_string_equal(assets->items[1].name, "b");
    assert_null(assets->items[1].digest);
    assert_false(assets->items[1].whole);
    assert_true(talk.facts.releases.items[0].draft);
    assert_int_equal(talk.facts.releases.last_page, 1);
    talk_end(&talk);
}

/* A draft may lie many pages behind; one that is seen twice counts once. */
static void test_releases_in_pages(void **state)
{
    struct talk talk;
    char link[256];
    struct reply replies[] = {
        {.match = "page=7 ", .status = 200, .body = "[" RELEASE(9, "v0.10.0-rc.1") "]"},
        {.match = "page=3 ", .status = 200, .body = "[" RELEASE(5, "v0.10.0-rc.1") "]"},
        {.match = "page=1 ",
         .status = 200,
         .headers = link,
         .body = "[" RELEASE(5, "v0.10.0-rc.1") "]"},
        {.match = "", .status = 200, .body = "[]"},
    };
    (void)state;

    start(&talk, replies, COUNT_OF(replies), false);
    snprintf(link, sizeof(link),
             "Link: <%s/r?per_page=100&page=2>; rel=\"next\", <%s/r?page=7&per_page=100>; "
             "rel=\"last\"\r\n",
             talk.server.origin, talk.server.origin);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_RELEASES}), 0);
    assert_int_equal(talk.facts.releases.last_page, 7);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_MORE_RELEASES}), 0);
    assert_int_equal(talk.facts.releases.count, 2);
    assert_int_equal(talk.server.request_count, 7);
    talk_end(&talk);
}

/* A server that tells the next page only: none is passed over, neither while looking nor later. */
static void test_releases_in_pages_without_a_last_one(void **state)
{
    static const char found[] = "[" RELEASE(5, "v0.10.0-rc.1") "]";
    char links[7][96], matches[8][16];
    struct reply replies[8];
    struct talk talk;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(replies); i++) {
        snprintf(matches[i], sizeof(matches[i]), "page=%zu ", i + 1);
        replies[i] = (struct reply){.match = matches[i], .status = 200, .body = "[]"};
        if (i == COUNT_OF(links))
            break;
        snprintf(links[i], sizeof(links[i]),
                 "Link: <http://127.0.0.1/r?page=%zu>; rel=\"next\"\r\n", i + 2);
        replies[i].headers = links[i];
    }
    replies[2].body = found;
    start(&talk, replies, COUNT_OF(replies), false);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_RELEASES}), 0);
    assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_MORE_RELEASES}), 0);
    assert_int_equal(talk.facts.releases.count, 1);
    assert_int_equal(talk.server.request_count, 8);

    struct effects const effects = github_effects(talk.github);
    struct release_facts releases = {0};
    assert_int_equal(
        effects.list_releases(effects.state, &talk.arena, tag, 1, &releases, &talk.error), 0);
    assert_int_equal(releases.count, 1);
    assert_int_equal(talk.server.request_count, 16);
    talk_end(&talk);
}

/* The number of pages that a server claims is bounded. */
static void test_endless_pages(void **state)
{
    TALK({.match = "", .status = 200, .body = "[]"});
    struct effects const effects = github_effects(talk.github);
    struct release_facts releases = {0};

    assert_int_equal(
        effects.list_releases(effects.state, &talk.arena, tag, 4000000000, &releases, &talk.error),
        -1);
    assert_code(ERROR_ANSWER, talk.error.code);
    assert_in_range(talk.server.request_count, 1, 104);
    talk_end(&talk);
}

/* A list of releases that lacks a page is none. */
static void test_a_page_that_fails(void **state)
{
    TALK({.match = "page=3 ", .status = 403, .body = "{\"message\":\"no\"}"},
         {.match = "", .status = 200, .body = "[" RELEASE(5, "v0.10.0-rc.1") "]"});
    struct effects const effects = github_effects(talk.github);
    struct release_facts releases = {0};

    assert_int_equal(
        effects.list_releases(effects.state, &talk.arena, tag, 9, &releases, &talk.error), -1);
    assert_code(ERROR_PERMISSION, talk.error.code);
    assert_int_equal(releases.count, 0);
    talk_end(&talk);
}

/* That the notes are refused for want of contents: write is evidence; without these words it isn't. */
static void test_notes_that_the_token_may_not_ask_for(void **state)
{
    struct question const notes = {.kind = QUESTION_NOTES, .base = "v0.9.0", .head = commit};
    TALK({.match = "POST ",
          .times = 1,
          .status = 403,
          .headers = "X-Accepted-GitHub-Permissions: contents=write\r\n",
          .body = "{\"message\":\"Resource not accessible by integration\"}"},
         {.match = "POST ", .status = 403, .body = "{\"message\":\"no\"}"});

    assert_int_equal(talk_ask(&talk, notes), 0);
    assert_true(facts_unknown(&talk.facts, QUESTION_NOTES));
    assert_true(talk.facts.repository.write_refused);
    assert_int_equal(talk_ask(&talk, notes), -1);
    assert_code(ERROR_PERMISSION, talk.error.code);
    talk_end(&talk);
}

/* ---- changes --------------------------------------------------------------------------------- */

static const struct release_fields new_draft = {
    .tag = tag, .commit = commit, .title = "T", .body = "B", .prerelease = true};

static enum write_end create_draft(struct talk *talk, struct release *made)
{
    struct effects const effects = github_effects(talk->github);

    return effects.create_draft(effects.state, &talk->arena, &new_draft, made, &talk->error);
}

static void test_create_draft(void **state)
{
    TALK({.match = "POST /repos/o/n/releases ", .status = 201, .body = RELEASE(7, "v0.10.0-rc.1")});
    struct release made = {.id = 0};

    assert_int_equal(create_draft(&talk, &made), WRITE_DONE);
    assert_int_equal(made.id, 7);
    assert_string_equal(made.body, "B");
    const char *body = strstr(talk_sent(&talk, 0), "\r\n\r\n") + 4;
    assert_string_equal(body, "{\"tag_name\":\"v0.10.0-rc.1\",\"target_commitish\":"
                              "\"c000000000000000000000000000000000000001\",\"name\":\"T\","
                              "\"body\":\"B\",\"draft\":true,\"make_latest\":\"false\","
                              "\"prerelease\":true}");
    talk_end(&talk);
}

/* A server that goes by the words of the page: the draft is made without it. */
static void test_create_draft_that_may_not_be_latest(void **state)
{
    TALK({.match = "POST /repos/o/n/releases ",
          .times = 1,
          .status = 422,
          .body = "{\"message\":\"Validation Failed\",\"errors\":[{\"resource\":\"Release\","
                  "\"code\":\"custom\",\"message\":\"Latest release cannot be draft or "
                  "prerelease.\"}]}"},
         {.match = "POST ", .status = 201, .body = RELEASE(7, "v0.10.0-rc.1")});
    struct effects const effects = github_effects(talk.github);
    struct release_fields const fields = {.tag = tag, .commit = commit, .latest = true};
    struct release made;

    assert_int_equal(effects.create_draft(effects.state, &talk.arena, &fields, &made, &talk.error),
                     WRITE_DONE);
    assert_int_equal(talk.server.request_count, 2);
    assert_contains(talk_sent(&talk, 0), "\"make_latest\":\"true\"");
    assert_contains(talk_sent(&talk, 1), "\"make_latest\":\"false\"");
    talk_end(&talk);
}

/* An update says nothing about `draft`: it would turn a release that was just published back; nor
 * about `make_latest`, which is refused for a draft. */
static void test_update_draft(void **state)
{
    TALK({.match = "PATCH /repos/o/n/releases/7 ",
          .status = 200,
          .body = RELEASE(7, "v0.10.0-rc.1")},
         {.match = "", .status = 404, .body = "{}"});
    struct effects const effects = github_effects(talk.github);
    struct release_fields const fields = {.body = "B", .latest = true, .keep_prerelease = true};
    struct release made;

    assert_int_equal(
        effects.update_draft(effects.state, &talk.arena, 7, &fields, &made, &talk.error),
        WRITE_DONE);
    assert_string_equal(strstr(talk_sent(&talk, 0), "\r\n\r\n") + 4, "{\"body\":\"B\"}");
    assert_int_equal(
        effects.update_draft(effects.state, &talk.arena, 8, &fields, &made, &talk.error),
        WRITE_GONE);
    talk_end(&talk);
}

/* How a creation ends, answer by answer. */
static void test_ends_of_a_creation(void **state)
{
    static const struct {
        struct reply reply;
        enum write_end end;
        const char *code;
    } cases[] = {
        {{.match = "", .status = 201, .body = "{}"}, WRITE_LOST, "CR-ANSWER"},
        {{.match = "", .status = 201, .body = "{\"id\":7"}, WRITE_LOST, "CR-ANSWER"},
        {{.match = "", .status = 200, .body = RELEASE(7, "v")}, WRITE_LOST, "CR-ANSWER"},
        {{.match = "", .status = 500, .body = "{}"}, WRITE_LOST, "CR-SERVER"},
        {{.match = "", .body = "", .end = REPLY_CUT}, WRITE_LOST, "CR-UNREACHABLE"},
        {{.match = "", .status = 422, .body = "{\"message\":\"Validation Failed\"}"},
         WRITE_FAILED,
         "CR-REJECTED"},
        {{.match = "", .status = 403, .body = "{\"message\":\"x\"}"},
         WRITE_FAILED,
         "CR-PERMISSION"},
        {{.match = "", .status = 401, .body = "{\"message\":\"x\"}"}, WRITE_FAILED, "CR-TOKEN"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = cases[i].reply;
        struct release made;
        struct talk talk;

        start(&talk, &reply, 1, false);
        enum write_end const end = create_draft(&talk, &made);
        if (end != cases[i].end)
            fail_msg("case %zu ended with %d", i, end);
        assert_string_equal(error_code_text(talk.error.code), cases[i].code);
        assert_int_equal(talk.server.request_count, 1); /* never twice by itself */
        talk_end(&talk);
    }
}

static void test_branches(void **state)
{
    TALK({.match = "POST /repos/o/n/git/refs ", .times = 1, .status = 201, .body = REFERENCE},
         {.match = "POST ",
          .times = 1,
          .status = 422,
          .body = "{\"message\":\"Reference already exists\"}"},
         {.match = "POST ",
          .status = 422,
          .body = "{\"message\":\"Repository rule violations found\"}"},
         {.match = "GET /repos/o/n/git/ref/heads/release-0.10 ",
          .status = 200,
          .body = "{\"object\":{\"sha\":\"c1\"}}"},
         {.match = "GET ", .status = 404, .body = "{}"});
    struct effects const effects = github_effects(talk.github);
    const char *found = "x";

    assert_int_equal(effects.create_branch(effects.state, "release-0.10", commit, &talk.error),
                     WRITE_DONE);
    assert_contains(talk_sent(&talk, 0), "{\"ref\":\"refs/heads/release-0.10\",\"sha\":\"c0000000");
    assert_int_equal(effects.create_branch(effects.state, "release-0.10", commit, &talk.error),
                     WRITE_TAKEN);
    assert_int_equal(effects.create_branch(effects.state, "release-0.10", commit, &talk.error),
                     WRITE_FAILED);
    assert_code(ERROR_RULESET, talk.error.code);
    assert_true(talk.client.clock.slept_ms >= 2000); /* a second between writes */
    assert_int_equal(
        effects.read_branch(effects.state, &talk.arena, "release-0.10", &found, &talk.error), 0);
    assert_string_equal(found, "c1");
    assert_int_equal(
        effects.read_branch(effects.state, &talk.arena, "release-0.11", &found, &talk.error), 0);
    assert_null(found);
    talk_end(&talk);
}

/* How the making of a branch ends, and which requests it takes: what is refused in unknown words is
 * looked for. */
static void test_ends_of_a_branch(void **state)
{
    static const struct {
        struct reply reply, branch;
        enum write_end end;
        size_t requests;
    } cases[] = {
        {{.status = 201, .body = REFERENCE}, {.status = 404}, WRITE_DONE, 1},
        {{.status = 201, .body = "{\"object\":{\"sha\":\"c1\"}}"}, {.status = 404}, WRITE_LOST, 1},
        {{.status = 201, .body = ""}, {.status = 404}, WRITE_LOST, 1},
        {{.status = 201, .headers = "Content-Type: text/html\r\n", .body = REFERENCE},
         {.status = 404},
         WRITE_LOST,
         1},
        {{.status = 201, .headers = "content-type: Application/JSON\r\n", .body = REFERENCE},
         {.status = 404},
         WRITE_DONE,
         1},
        {{.status = 202, .body = REFERENCE}, {.status = 404}, WRITE_LOST, 1},
        {{.status = 422, .body = "{\"message\":\"Validation Failed\",\"errors\":[\"x\"]}"},
         {.status = 200, .body = REFERENCE},
         WRITE_TAKEN,
         2},
        {{.status = 409, .body = "{\"message\":\"Conflict\"}"},
         {.status = 200, .body = REFERENCE},
         WRITE_TAKEN,
         2},
        {{.status = 422, .body = "{\"message\":\"Object does not exist\"}"},
         {.status = 404, .body = "{}"},
         WRITE_FAILED,
         2},
        {{.status = 422, .body = "{\"errors\":[{\"code\":\"already_exists\"}]}"},
         {.status = 404},
         WRITE_TAKEN,
         1},
        {{.status = 400, .body = "{\"message\":\"x\"}"}, {.status = 404}, WRITE_FAILED, 1},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply replies[] = {cases[i].reply, cases[i].branch};
        struct talk talk;

        replies[0].match = "POST /repos/o/n/git/refs ";
        replies[1].match = "GET /repos/o/n/git/ref/heads/release-0.10 ";
        start(&talk, replies, 2, false);
        struct effects const effects = github_effects(talk.github);
        enum write_end const end =
            effects.create_branch(effects.state, "release-0.10", commit, &talk.error);
        if (end != cases[i].end || talk.server.request_count != cases[i].requests)
            fail_msg("case %zu ended with %d after %zu requests", i, end,
                     talk.server.request_count);
        talk_end(&talk);
    }
}

/* "A ruleset or protected branch is called by its name." */
static void test_rulesets_are_named(void **state)
{
    TALK({.match = "POST ",
          .status = 422,
          .body = "{\"message\":\"Repository rule violations found\"}"},
         {.match = "GET /repos/o/n/rules/branches/release-0.10 ",
          .status = 200,
          .body = "[{\"ruleset_id\":7},{\"ruleset_id\":7},{\"ruleset_id\":8},{}]"},
         {.match = "GET /repos/o/n/rulesets/7 ", .status = 200, .body = "{\"name\":\"No bots\"}"},
         {.match = "GET ", .status = 404, .body = "{}"});
    struct effects const effects = github_effects(talk.github);

    assert_int_equal(effects.create_branch(effects.state, "release-0.10", commit, &talk.error),
                     WRITE_FAILED);
    assert_code(ERROR_RULESET, talk.error.code);
    assert_contains(talk.error.message, "release-0.10");
    assert_contains(talk.error.message, "No bots, number 8");
    talk_end(&talk);
}

/* A token that may write, and a branch whose workflow files no branch has. */
static void test_workflows_of_a_branch(void **state)
{
    static const char *const permissions[] = {"false", "true"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(permissions); i++) {
        char repository[160];

        snprintf(
            repository, sizeof(repository),
            "{\"full_name\":\"o/n\",\"default_branch\":\"main\",\"permissions\":{\"push\":%s}}",
            permissions[i]);
        TALK({.match = "GET /repos/o/n HTTP", .status = 200, .body = repository},
             {.match = "POST ",
              .status = 403,
              .headers = "X-Accepted-GitHub-Permissions: contents=write; "
                         "contents=write,workflows=write\r\n",
              .body = "{\"message\":\"Resource not accessible by integration\"}"});
        struct effects const effects = github_effects(talk.github);

        assert_int_equal(talk_ask(&talk, (struct question){.kind = QUESTION_REPOSITORY}), 0);
        assert_int_equal(effects.create_branch(effects.state, "release-0.10", commit, &talk.error),
                         WRITE_FAILED);
        assert_code(i ? ERROR_WORKFLOWS : ERROR_PERMISSION, talk.error.code);
        assert_contains(talk.error.message, "release-0.10");
        talk_end(&talk);
    }
}

/* What can't be read after a lost answer is a failure, not an absence. */
static void test_reads_that_fail(void **state)
{
    static const struct {
        struct reply reply;
        const char *code;
    } cases[] = {
        {{.match = "", .status = 401, .body = "{\"message\":\"x\"}"}, "CR-TOKEN"},
        {{.match = "", .status = 200, .body = "{}"}, "CR-ANSWER"},
        {{.match = "", .status = 200, .body = "{\"object\":{\"sha\""}, "CR-ANSWER"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = cases[i].reply;
        struct talk talk;
        struct release release = {.id = 7};
        const char *found = "untouched";
        bool exists = false;

        start(&talk, &reply, 1, false);
        struct effects const effects = github_effects(talk.github);
        assert_int_equal(
            effects.read_branch(effects.state, &talk.arena, "release-0.10", &found, &talk.error),
            -1);
        assert_string_equal(error_code_text(talk.error.code), cases[i].code);
        talk.error = (struct error){0};
        assert_int_equal(effects.read_tag(effects.state, &talk.arena, tag, &found, &talk.error),
                         -1);
        assert_string_equal(error_code_text(talk.error.code), cases[i].code);
        assert_string_equal(found, "untouched");
        talk.error = (struct error){0};
        assert_int_equal(
            effects.read_release(effects.state, &talk.arena, 7, &release, &exists, &talk.error),
            -1);
        assert_string_equal(error_code_text(talk.error.code), cases[i].code);
        assert_true(exists);
        talk_end(&talk);
    }
}

/* Runs of the tag's own push count; what may not be seen is not known, and no failure. */
static void test_runs_of_a_push(void **state)
{
    static const struct {
        int status;
        const char *body;
        int result;
        bool known;
        int count;
    } cases[] = {
        {200, "{\"workflow_runs\":[{\"head_branch\":\"v0.10.0-rc.1\"},{\"head_branch\":\"main\"}]}",
         0, true, 1},
        {200, "{\"workflow_runs\":[]}", 0, true, 0},
        {403, "{\"message\":\"no\"}", 0, false, 0},
        {200, "{\"workflow_runs\":[", -1, true, 0},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TALK({.match = "GET /repos/o/n/actions/runs?event=push&head_sha=c0000000",
              .status = cases[i].status,
              .body = cases[i].body});
        struct effects const effects = github_effects(talk.github);
        int64_t count = 0;
        bool known = true;

        assert_int_equal(effects.count_runs(effects.state, &talk.arena, tag, commit, &count, &known,
                                            &talk.error),
                         cases[i].result);
        assert_int_equal(known, cases[i].known);
        assert_int_equal(count, cases[i].count);
        talk_end(&talk);
    }
}

static void test_other_effects(void **state)
{
    TALK({.match = "DELETE /repos/o/n/releases/7 ", .status = 204, .body = ""},
         {.match = "DELETE ", .status = 404, .body = "{}"},
         {.match = "GET /repos/o/n/releases/7 ", .status = 200, .body = RELEASE(7, "v0.10.0-rc.1")},
         {.match = "GET /repos/o/n/releases?",
          .status = 200,
          .body = "[" RELEASE(7, "v0.10.0-rc.1") "]"},
         {.match = "GET ", .status = 404, .body = "{}"});
    struct effects const effects = github_effects(talk.github);
    struct release_facts releases = {0};
    struct release release;
    bool exists = false;

    assert_int_equal(effects.delete_draft(effects.state, 7, &talk.error), WRITE_DONE);
    assert_int_equal(effects.delete_draft(effects.state, 8, &talk.error), WRITE_GONE);
    assert_int_equal(
        effects.read_release(effects.state, &talk.arena, 7, &release, &exists, &talk.error), 0);
    assert_true(exists);
    assert_int_equal(release.id, 7);
    assert_int_equal(
        effects.read_release(effects.state, &talk.arena, 8, &release, &exists, &talk.error), 0);
    assert_false(exists);
    assert_int_equal(
        effects.list_releases(effects.state, &talk.arena, tag, 1, &releases, &talk.error), 0);
    assert_int_equal(releases.count, 1);
    talk_end(&talk);
}

/* Names that others chose go into an address as one part of it. */
static void test_names_are_encoded(void **state)
{
    TALK({.match = "", .status = 404, .body = "{}"});

    talk_ask(&talk, (struct question){.kind = QUESTION_SOURCE, .head = "../../x?y#z %0a"});
    assert_contains(talk_sent(&talk, 0),
                    "GET /repos/o/n/git/ref/heads/..%2F..%2Fx%3Fy%23z%20%250a HTTP");
    talk_end(&talk);
}

/* ---- files ----------------------------------------------------------------------------------- */

#define REF                                                                                        \
    {                                                                                              \
        .match = "GET /repos/o/n/git/ref/heads/main ", .status = 200,                              \
        .body = "{\"object\":{\"sha\":\"c1\",\"type\":\"commit\"}}"                                \
    }
#define ROOT                                                                                       \
    {                                                                                              \
        .match = "GET /repos/o/n/git/trees/c1 ", .status = 200,                                    \
        .body = "{\"tree\":["                                                                      \
                "{\"path\":\"docs\",\"type\":\"tree\",\"mode\":\"040000\",\"sha\":\"t1\"},"        \
                "{\"path\":\"way\",\"type\":\"blob\",\"mode\":\"120000\",\"sha\":\"b2\"},"         \
                "{\"path\":\"module\",\"type\":\"commit\",\"mode\":\"160000\",\"sha\":\"c9\"}]}"   \
    }
#define DOCS                                                                                       \
    {                                                                                              \
        .match = "GET /repos/o/n/git/trees/t1 ", .status = 200,                                    \
        .body = "{\"tree\":["                                                                      \
                "{\"path\":\"KEYS\",\"type\":\"blob\",\"mode\":\"100644\",\"sha\":\"b1\"},"        \
                "{\"path\":\"LINK\",\"type\":\"blob\",\"mode\":\"120000\",\"sha\":\"b2\"}]}"       \
    }

static int read_file(struct talk *talk, const char *path, const char **content)
{
    return github_file(talk->github, &talk->arena, "main", path, content, &talk->error);
}

static void test_a_file(void **state)
{
    TALK(REF, ROOT, DOCS,
         {.match = "GET /repos/o/n/git/blobs/b1 ",
          .status = 200,
          .body = "{\"content\":\"a2V5\\ncw==\\n\",\"encoding\":\"base64\",\"size\":4}"});
    const char *content = NULL;

    assert_int_equal(read_file(&talk, "docs/KEYS", &content), 0);
    assert_string_equal(content, "keys");
    talk_end(&talk);
}

/* No links, neither at the end nor on the way; no other repository; nothing that isn't there. */
static void test_what_is_no_file(void **state)
{
    static const char *const paths[] = {"docs/LINK", "way/KEYS", "way",       "module/KEYS",
                                        "docs",      "KEYS",     "docs/NONE", "docs/KEYS/more"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        TALK(REF, ROOT, DOCS);
        const char *content = "untouched";

        if (!read_file(&talk, paths[i], &content))
            fail_msg("%s was read", paths[i]);
        assert_code(ERROR_TRUSTED_KEYS, talk.error.code);
        assert_string_equal(content, "untouched");
        talk_end(&talk);
    }
}

/* Of a folder with too many entries GitHub lists a part: that isn't "no such file". */
static void test_a_file_in_a_folder_that_is_cut(void **state)
{
    TALK(REF, {.match = "trees/c1 ", .status = 200, .body = "{\"tree\":[],\"truncated\":true}"});
    const char *content;

    assert_int_equal(read_file(&talk, "KEYS", &content), -1);
    assert_code(ERROR_TRUSTED_KEYS, talk.error.code);
    assert_contains(talk.error.message, "no more than a part");
    talk_end(&talk);
}

static void test_a_file_of_no_branch(void **state)
{
    TALK({.match = "", .status = 404, .body = "{\"message\":\"Not Found\"}"});
    const char *content;

    assert_int_equal(read_file(&talk, "KEYS", &content), -1);
    assert_code(ERROR_TRUSTED_KEYS, talk.error.code);
    assert_contains(talk.error.message, "main");
    talk_end(&talk);
}

/* Half a file of keys is no file of keys. */
static void test_a_file_that_is_cut(void **state)
{
    static const char *const bodies[] = {
        "{\"content\":\"a2V5\",\"encoding\":\"base64\",\"size\":4}",
        "{\"content\":\"a2V5cw==\",\"encoding\":\"base64\"}",
        "{\"content\":\"keys\",\"encoding\":\"utf-8\",\"size\":4}",
        "{\"encoding\":\"base64\",\"size\":4}",
        "{}",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        TALK(REF, ROOT, DOCS, {.match = "git/blobs/b1 ", .status = 200, .body = bodies[i]});
        const char *content;

        assert_int_equal(read_file(&talk, "docs/KEYS", &content), -1);
        assert_code(ERROR_ANSWER, talk.error.code);
        talk_end(&talk);
    }
}

/* The same for each request on the way to it. */
static void test_a_file_that_is_not_given(void **state)
{
    static const char *const refused[] = {"git/ref/", "git/trees/c1", "git/trees/t1", "git/blobs/"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        TALK({.match = refused[i], .status = 403, .body = "{\"message\":\"no\"}"}, REF, ROOT, DOCS);
        const char *content = "untouched";

        assert_int_equal(read_file(&talk, "docs/KEYS", &content), -1);
        assert_code(ERROR_PERMISSION, talk.error.code);
        assert_string_equal(content, "untouched");
        talk_end(&talk);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_repository),
        cmocka_unit_test(test_renamed),
        cmocka_unit_test(test_refs),
        cmocka_unit_test(test_refs_in_pages),
        cmocka_unit_test(test_refs_of_another_host),
        cmocka_unit_test(test_refs_in_pages_that_fail),
        cmocka_unit_test(test_tag_object),
        cmocka_unit_test(test_kinds_of_signatures),
        cmocka_unit_test(test_another_tag_object),
        cmocka_unit_test(test_tag_object_without_verification),
        cmocka_unit_test(test_comparisons),
        cmocka_unit_test(test_source),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_odd_answers),
        cmocka_unit_test(test_another_content_type),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_words_are_made_harmless),
        cmocka_unit_test(test_notes_without_permission),
        cmocka_unit_test(test_releases),
        cmocka_unit_test(test_releases_in_pages),
        cmocka_unit_test(test_releases_in_pages_without_a_last_one),
        cmocka_unit_test(test_endless_pages),
        cmocka_unit_test(test_a_page_that_fails),
        cmocka_unit_test(test_create_draft),
        cmocka_unit_test(test_create_draft_that_may_not_be_latest),
        cmocka_unit_test(test_update_draft),
        cmocka_unit_test(test_ends_of_a_creation),
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_ends_of_a_branch),
        cmocka_unit_test(test_rulesets_are_named),
        cmocka_unit_test(test_access),
        cmocka_unit_test(test_notes_that_the_token_may_not_ask_for),
        cmocka_unit_test(test_rulesets_ahead),
        cmocka_unit_test(test_rulesets_that_are_many_or_odd),
        cmocka_unit_test(test_workflows_of_a_branch),
        cmocka_unit_test(test_reads_that_fail),
        cmocka_unit_test(test_runs_of_a_push),
        cmocka_unit_test(test_other_effects),
        cmocka_unit_test(test_names_are_encoded),
        cmocka_unit_test(test_a_file),
        cmocka_unit_test(test_what_is_no_file),
        cmocka_unit_test(test_a_file_of_no_branch),
        cmocka_unit_test(test_a_file_in_a_folder_that_is_cut),
        cmocka_unit_test(test_a_file_that_is_cut),
        cmocka_unit_test(test_a_file_that_is_not_given),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
