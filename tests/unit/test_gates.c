/* core/gates and core/gates_wanted: what the inputs want, and which runs count. */
#include "support.h"

#include "core/gates_wanted.h"

#include <string.h>

static const char tag[] = "v0.1.0";
static const char commit[] = "c000000000000000000000000000000000000001";

/* ---- what is wanted -------------------------------------------------------------------------- */

static int want(struct arena *arena, const char *workflows, const char *images,
                const char *workflow_ref, struct gates_wanted *wanted, struct error *error)
{
    struct inputs inputs;
    struct context const context = {
        .repository = "owner/project", .workflow_ref = workflow_ref, .run_id = "4711"};
    struct names const names = {.values = {{"version", "0.1.0"}}, .count = 1};

    read_inputs(arena, NULL, &inputs);
    inputs.values[INPUT_WORKFLOWS] = workflows;
    inputs.values[INPUT_IMAGES] = images;
    return gates_want(arena, &inputs, &context, &names, tag, wanted, error);
}

static void test_nothing_is_wanted(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct gates_wanted wanted;
    struct error error = {0};
    (void)state;

    assert_int_equal(want(&arena, "", "", NULL, &wanted, &error), 0);
    assert_int_equal(wanted.workflow_count + wanted.image_count, 0);
    assert_null(wanted.own_workflow);
}

static void test_lines(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct gates_wanted wanted;
    struct error error = {0};
    (void)state;

    assert_int_equal(
        want(&arena, " ci-release.yaml \r\n\n\t\n.github/workflows/e2e.yml\nci-release.yaml",
             "ghcr.io/o/n\nghcr.io/o/chart:{version}\nghcr.io/O/N:v0.1.0",
             "owner/project/.github/workflows/cut.yaml@refs/heads/main", &wanted, &error),
        0);
    assert_int_equal(wanted.workflow_count, 2);
    assert_string_equal(wanted.workflows[0], "ci-release.yaml");
    assert_string_equal(wanted.workflows[1], "e2e.yml");
    assert_int_equal(wanted.image_count, 2);
    assert_string_equal(wanted.images[0].text, "ghcr.io/o/n:v0.1.0");
    assert_string_equal(wanted.images[1].text, "ghcr.io/o/chart:0.1.0");
    assert_string_equal(wanted.own_workflow, "cut.yaml");
    assert_int_equal(wanted.own_run, 4711);
    assert_int_equal(
        want(&arena, "", "", "other/x/.github/workflows/cut.yaml@main", &wanted, &error), 0);
    assert_null(wanted.own_workflow);
}

static void test_lines_that_are_refused(void **state)
{
    static const struct {
        const char *workflows, *images;
        enum error_code code;
    } cases[] = {
        {"ci-release", "", ERROR_INPUT_VALUE},
        {"../ci.yaml", "", ERROR_INPUT_VALUE},
        {".github/workflows/a/b.yaml", "", ERROR_INPUT_VALUE},
        {".yaml", "", ERROR_INPUT_VALUE},
        {"a b.yaml", "", ERROR_INPUT_VALUE},
        {"", "ghcr.io/o/n:", ERROR_INPUT_VALUE},
        {"", "ghcr.io/o/{nothing}", ERROR_INPUT_TEMPLATE},
        {"", "ghcr.io/o/${VERSION}", ERROR_INPUT_TEMPLATE},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct gates_wanted wanted;
        struct error error = {0};

        assert_int_equal(want(&arena, cases[i].workflows, cases[i].images, NULL, &wanted, &error),
                         -1);
        assert_code(error.code, cases[i].code);
    }
}

/* ---- which runs count ------------------------------------------------------------------------ */

static struct seen_run run_of(int64_t id, const char *event, const char *status,
                              const char *conclusion)
{
    return (struct seen_run){
        .path = ".github/workflows/ci.yaml",
        .event = event,
        .branch = tag,
        .commit = commit,
        .status = status,
        .conclusion = conclusion,
        .page = "https://github.com/o/n/actions/runs/1",
        .id = id,
    };
}

static struct gates take(struct arena *arena, const struct seen_run *seen, size_t count)
{
    static const char *workflows[] = {"ci.yaml", "e2e.yaml"};
    struct gates_wanted const wanted = {
        .workflows = workflows, .workflow_count = 2, .own_run = 4711};
    struct gates gates = {.image_count = 3};

    gates_take_runs(arena, &wanted, tag, commit, seen, count, &gates);
    assert_int_equal(gates.run_count, 2);
    assert_int_equal(gates.image_count, 3);
    assert_int_equal(gates.runs[1].state, RUN_MISSING);
    assert_string_equal(gates.runs[1].workflow, "e2e.yaml");
    assert_false(gates_runs_good(&wanted, &gates));
    return gates;
}

static void test_states(void **state)
{
    static const struct {
        const char *status, *conclusion;
        enum run_state state;
    } cases[] = {
        {"completed", "success", RUN_SUCCEEDED},
        {"completed", "neutral", RUN_SUCCEEDED},
        {"completed", "failure", RUN_FAILED},
        {"completed", "cancelled", RUN_FAILED},
        {"completed", "timed_out", RUN_FAILED},
        {"completed", "skipped", RUN_FAILED},
        {"completed", "action_required", RUN_FAILED},
        {"completed", NULL, RUN_FAILED},
        {"queued", NULL, RUN_WAITING},
        {"in_progress", NULL, RUN_WAITING},
        {"waiting", NULL, RUN_WAITING},
        {"pending", NULL, RUN_WAITING},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct seen_run const seen = run_of(1, "push", cases[i].status, cases[i].conclusion);
        struct gates const gates = take(&arena, &seen, 1);

        assert_int_equal(gates.runs[0].state, cases[i].state);
        assert_int_equal(gates_failed_run(&gates) != NULL, cases[i].state == RUN_FAILED);
    }
}

static void test_newest_counts(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct seen_run const seen[] = {
        run_of(5, "push", "completed", "failure"),
        run_of(9, "workflow_dispatch", "completed", "success"),
        run_of(7, "push", "in_progress", NULL),
    };
    struct gates const gates = take(&arena, seen, COUNT_OF(seen));
    (void)state;

    assert_int_equal(gates.runs[0].id, 9);
    assert_int_equal(gates.runs[0].state, RUN_SUCCEEDED);
    assert_string_equal(gates_runs_text(&arena, &gates), "e2e.yaml: no run yet");
}

/* A pull request's branch may be called like the tag; another commit's run is another's. */
static void test_runs_that_do_not_count(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct seen_run seen[8];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(seen); i++)
        seen[i] = run_of((int64_t)i, "push", "completed", "success");
    seen[0].event = "pull_request";
    seen[1].branch = "main";
    seen[2].branch = NULL;
    seen[3].commit = "c2";
    seen[4].path = ".github/workflows/ci.yaml.yaml";
    seen[5].path = "dynamic/ci.yaml";
    seen[6].path = NULL;
    seen[7].event = "schedule";
    struct gates gates = take(&arena, seen, COUNT_OF(seen));
    assert_int_equal(gates.runs[0].state, RUN_MISSING);
    assert_null(gates.runs[0].page);
    seen[1] = run_of(1, "release", "completed", "success");
    seen[1].path = "o/n/.github/workflows/ci.yaml@refs/tags/v0.1.0";
    gates = take(&arena, seen, COUNT_OF(seen));
    assert_int_equal(gates.runs[0].state, RUN_SUCCEEDED);
}

static void test_runs_of_publishing(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct seen_run seen[] = {
        run_of(1, "release", "in_progress", NULL),    run_of(2, "release", "completed", "failure"),
        run_of(4711, "release", "in_progress", NULL), /* we ourselves */
        run_of(4, "push", "in_progress", NULL),       run_of(5, "release", "queued", NULL),
    };
    (void)state;

    seen[4].path = ".github/workflows/other.yaml";
    assert_int_equal(take(&arena, seen, COUNT_OF(seen)).publishing_runs, 2);
}

static void test_images(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct image_fact images[] = {{.reference = "a:1", .state = IMAGE_FOUND, .digest = "d"},
                                  {.reference = "b:1"},
                                  {.reference = "c:1", .state = IMAGE_DENIED}};
    struct gates_wanted const wanted = {.image_count = 3};
    struct gates gates = {.images = images, .image_count = 3};
    (void)state;

    assert_false(gates_images_good(&wanted, &gates));
    assert_string_equal(gates_images_text(&arena, &gates),
                        "b:1: not there yet, c:1: not there yet, or this token may not see it");
    images[1].state = images[2].state = IMAGE_FOUND;
    assert_true(gates_images_good(&wanted, &gates));
    gates.image_count = 2;
    assert_false(gates_images_good(&wanted, &gates));
    assert_string_equal(run_state_text(RUN_MISSING), "missing");
    assert_string_equal(image_state_text(IMAGE_DENIED), "denied");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_wanted),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_lines_that_are_refused),
        cmocka_unit_test(test_states),
        cmocka_unit_test(test_newest_counts),
        cmocka_unit_test(test_runs_that_do_not_count),
        cmocka_unit_test(test_runs_of_publishing),
        cmocka_unit_test(test_images),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
