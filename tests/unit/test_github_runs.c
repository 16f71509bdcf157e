/* adapters/github_runs: runs that are listed, and workflows that are started; against a script. */
#include "support_github.h"

#include <string.h>

static const char commit[] = "c000000000000000000000000000000000000001";
static const char tag[] = "v0.10.0-rc.1";

#define RUN(id, file, status, conclusion)                                                          \
    "{\"id\":" #id ",\"path\":\".github/workflows/" file "\",\"event\":\"push\",\"head_branch\":"  \
    "\"v0.10.0-rc.1\",\"head_sha\":\"c000000000000000000000000000000000000001\",\"status\":"       \
    "\"" status "\",\"conclusion\":" conclusion                                                    \
    ",\"html_url\":\"https://github.com/o/n/actions/runs/" #id "\"}"

static const char *workflows[] = {"ci.yaml", "e2e.yaml"};
static const struct gates_wanted wanted = {.workflows = workflows, .workflow_count = 2};

static void start(struct talk *talk, struct reply *replies, size_t count, bool lenient)
{
    talk_start(talk, (struct github_settings){.tag = tag, .gates = &wanted, .lenient = lenient},
               replies, count);
}

#define TALK(is_lenient, ...)                                                                      \
    struct reply replies[] = {__VA_ARGS__};                                                        \
    struct talk talk;                                                                              \
    (void)state;                                                                                   \
    start(&talk, replies, COUNT_OF(replies), is_lenient)

static int read_runs(struct talk *talk)
{
    return talk->effects.read_runs(talk->effects.state, &talk->arena, commit, &talk->facts.gates,
                                   &talk->error);
}

static const char all_runs[] = "GET /repos/o/n/actions/runs?head_sha="
                               "c000000000000000000000000000000000000001&per_page=100 ";

static void test_runs(void **state)
{
    TALK(false, {.match = all_runs,
                 .status = 200,
                 .body = "{\"total_count\":2,\"workflow_runs\":[" RUN(
                     5, "ci.yaml", "completed", "\"success\"") "," RUN(6, "other.yaml", "queued",
                                                                       "null") "]}"});

    assert_int_equal(read_runs(&talk), 0);
    assert_int_equal(talk.facts.gates.run_count, 2);
    assert_int_equal(talk.facts.gates.runs[0].state, RUN_SUCCEEDED);
    assert_string_equal(talk.facts.gates.runs[0].page, "https://github.com/o/n/actions/runs/5");
    assert_int_equal(talk.facts.gates.runs[1].state, RUN_MISSING);
    assert_int_equal(talk.server.request_count, 1);
    talk_end(&talk);
}

/* A run may have neither status nor branch yet, or any more: both may be null. */
static void test_a_run_without_status(void **state)
{
    TALK(false, {.match = all_runs,
                 .status = 200,
                 .body = "{\"total_count\":2,\"workflow_runs\":[{\"id\":7,\"name\":null,\"path\":"
                         "\".github/workflows/ci.yaml@refs/tags/v0.10.0-rc.1\",\"event\":\"push\","
                         "\"head_branch\":\"v0.10.0-rc.1\",\"head_sha\":"
                         "\"c000000000000000000000000000000000000001\",\"status\":null,"
                         "\"conclusion\":null,\"html_url\":\"https://github.com/o/n\"},"
                         "{\"id\":8,\"path\":\".github/workflows/e2e.yaml\",\"event\":\"push\","
                         "\"head_branch\":null,\"head_sha\":\"c1\",\"status\":\"completed\","
                         "\"conclusion\":\"success\",\"html_url\":\"https://github.com/o/n\"}]}"});

    assert_int_equal(read_runs(&talk), 0);
    assert_int_equal(talk.facts.gates.runs[0].state, RUN_WAITING);
    assert_int_equal(talk.facts.gates.runs[1].state, RUN_MISSING);
    talk_end(&talk);
}

/* More than a page: each workflow's own. One that isn't known has no run. */
static void test_many_runs(void **state)
{
    TALK(false,
         {.match = all_runs,
          .status = 200,
          .body = "{\"total_count\":140,\"workflow_runs\":[" RUN(6, "other.yaml", "queued",
                                                                 "null") "]}"},
         {.match = "GET /repos/o/n/actions/workflows/ci.yaml/runs?head_sha=c0000",
          .status = 200,
          .body = "{\"workflow_runs\":[" RUN(5, "ci.yaml", "in_progress", "null") "]}"},
         {.match = "GET /repos/o/n/actions/workflows/e2e.yaml/runs?", .status = 404, .body = "{}"});

    assert_int_equal(read_runs(&talk), 0);
    assert_int_equal(talk.facts.gates.runs[0].state, RUN_WAITING);
    assert_string_equal(talk.facts.gates.runs[0].said, "in_progress");
    assert_int_equal(talk.facts.gates.runs[1].state, RUN_MISSING);
    talk_end(&talk);
}

static void test_runs_that_can_not_be_read(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum error_code code;
    } cases[] = {
        {403, "{\"message\":\"Resource not accessible by integration\"}", ERROR_PERMISSION},
        {404, "{}", ERROR_NOT_FOUND},
        {200, "{\"workflow_runs\":[", ERROR_ANSWER},
        {200, "{\"workflow_runs\":{}}", ERROR_ANSWER},
        {200, "{\"workflow_runs\":[{\"id\":1}]}", ERROR_ANSWER},
        {200, "{\"total_count\":2,\"workflow_runs\":[]}", ERROR_ANSWER}, /* and then nothing more */
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TALK(false, {.match = all_runs, .status = cases[i].status, .body = cases[i].body},
             {.match = "GET /repos/o/n/actions/workflows/", .status = 200, .body = "{}"});

        assert_int_equal(read_runs(&talk), -1);
        assert_code(talk.error.code, cases[i].code);
        talk_end(&talk);
    }
}

/* A dry run goes on without what it may not see. */
static void test_question(void **state)
{
    struct question const question = {.kind = QUESTION_RUNS, .head = commit};

    for (int lenient = 0; lenient < 2; lenient++) {
        TALK(lenient,
             {.match = all_runs, .times = 1, .status = 200, .body = "{\"workflow_runs\":[]}"},
             {.match = all_runs, .status = 403, .body = "{\"message\":\"no\"}"});

        assert_int_equal(
            github_answer(talk.github, &talk.arena, &question, 1, &talk.facts, &talk.error), 0);
        assert_true(facts_known(&talk.facts, QUESTION_RUNS));
        assert_int_equal(talk.facts.gates.run_count, 2);
        assert_int_equal(
            github_answer(talk.github, &talk.arena, &question, 1, &talk.facts, &talk.error),
            lenient ? 0 : -1);
        assert_int_equal(facts_unknown(&talk.facts, QUESTION_RUNS), lenient);
        talk_end(&talk);
    }
}

/* ---- starting one ---------------------------------------------------------------------------- */

static enum write_end start_workflow(struct talk *talk)
{
    return talk->effects.start_workflow(talk->effects.state, "e2e.yaml", tag, &talk->error);
}

static const char dispatches[] = "POST /repos/o/n/actions/workflows/e2e.yaml/dispatches ";

static void test_start(void **state)
{
    static const struct {
        int status;
        const char *body;
        enum write_end end;
        enum error_code code;
        const char *says;
    } cases[] = {
        {200, "{\"workflow_run_id\":1}", WRITE_DONE, ERROR_NONE, ""},
        {204, "", WRITE_DONE, ERROR_NONE, ""},
        {200, "", WRITE_LOST, ERROR_ANSWER, ""},
        {200, "<html>Welcome</html>", WRITE_LOST, ERROR_ANSWER, ""},
        {422, "{\"message\":\"Workflow does not have 'workflow_dispatch' trigger\"}", WRITE_FAILED,
         ERROR_GATE_NO_RUN, "workflow_dispatch"},
        {422, "{\"message\":\"No ref found for: v0.10.0-rc.1\"}", WRITE_FAILED, ERROR_GATE_NO_RUN,
         "by hand"},
        {403, "{\"message\":\"Resource not accessible by integration\"}", WRITE_FAILED,
         ERROR_GATE_NO_RUN, "actions: write"},
        {404, "{\"message\":\"Not Found\"}", WRITE_FAILED, ERROR_GATE_NO_RUN, "the file's name"},
        {401, "{\"message\":\"Bad credentials\"}", WRITE_FAILED, ERROR_TOKEN, ""},
        {500, "", WRITE_LOST, ERROR_SERVER, ""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        TALK(false, {.match = dispatches, .status = cases[i].status, .body = cases[i].body});

        if (start_workflow(&talk) != cases[i].end)
            fail_msg("case %zu: %s", i, talk.error.message);
        if (cases[i].end == WRITE_FAILED)
            assert_code(talk.error.code, cases[i].code);
        if (*cases[i].says)
            assert_contains(talk.error.remedy, cases[i].says);
        assert_int_equal(talk.server.request_count, 1);
        assert_contains(talk_sent(&talk, 0),
                        "{\"ref\":\"v0.10.0-rc.1\",\"return_run_details\":true}");
        talk_end(&talk);
    }
}

/* A server that doesn't know the newer parameter refuses it, and starts nothing. */
static void test_start_on_an_older_server(void **state)
{
    TALK(false,
         {.match = dispatches,
          .times = 1,
          .status = 422,
          .body = "{\"message\":\"\\\"return_run_details\\\" is not a permitted key.\"}"},
         {.match = dispatches, .status = 204, .body = ""});

    assert_int_equal(start_workflow(&talk), WRITE_DONE);
    assert_int_equal(talk.server.request_count, 2);
    assert_contains(talk_sent(&talk, 1), "{\"ref\":\"v0.10.0-rc.1\"}");
    talk_end(&talk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_runs),
        cmocka_unit_test(test_a_run_without_status),
        cmocka_unit_test(test_many_runs),
        cmocka_unit_test(test_runs_that_can_not_be_read),
        cmocka_unit_test(test_question),
        cmocka_unit_test(test_start),
        cmocka_unit_test(test_start_on_an_older_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
