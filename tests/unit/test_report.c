/* report: outputs, log and summary of a run, with a plan from a repository on paper. */
#include "support_model.h"

#include "report.h"

#include <string.h>

static const char tag[] = "v0.10.0-rc.1";

struct place {
    struct arena arena;
    const char *folder;
    struct context context;
    struct inputs inputs;
    struct model model;
    struct target target;
    struct plan plan;
    struct applied applied;
    struct report report;
    struct text log, outputs, summary;
};

static int open_place(void **state)
{
    static struct place place;
    struct arena *arena = &place.arena;

    place = (struct place){.folder = NULL};
    place.folder = make_folder(arena);
    place.context = (struct context){
        .commands = true,
        .server_url = "https://github.com",
        .action_repository = "maker/cut-release",
        .output_path = arena_print(arena, "%s/output", place.folder),
        .summary_path = arena_print(arena, "%s/summary", place.folder),
    };
    place.model =
        (struct model){.repository = "owner/project", .default_branch = "main", .source = "main"};
    place.model.source_head = object_id(arena, 'c', 5);
    model_add_tag(arena, &place.model, "v0.9.0", object_id(arena, 'c', 4));
    model_add_tag(arena, &place.model, tag, object_id(arena, 'c', 1));
    model_add_branch(arena, &place.model, "release-0.10", object_id(arena, 'c', 1));
    *state = &place;
    return 0;
}

static int close_place(void **state)
{
    struct place *place = *state;

    text_free(&place->log);
    text_free(&place->outputs);
    text_free(&place->summary);
    remove_folder(place->folder);
    arena_free(&place->arena);
    return 0;
}

/* A run up to its plan, with the log captured from here on. */
static void plan_run(struct place *place, const char *values)
{
    capture_start();
    report_open(&place->report, &place->arena, &place->context);
    read_inputs(&place->arena, values, &place->inputs);
    model_target(&place->arena, &place->model, &place->inputs, "push", tag, &place->target);
    model_plan(&place->arena, &place->model, &place->inputs, &place->target, &place->plan);
    place->report.inputs = &place->inputs;
    place->report.target = &place->target;
    place->report.plan = &place->plan;
    place->report.repository = "owner/project";
    report_plan(&place->report);
}

static int end_run(struct place *place, const struct error *error)
{
    int const status = report_end(&place->report, error);

    capture_end(&place->log);
    if (place->context.output_path[0])
        read_whole(place->context.output_path, &place->outputs);
    read_whole(place->context.summary_path, &place->summary);
    return status;
}

/* The last value of an output, as the runner takes it; NULL where it was never written. */
static const char *output(struct place *place, const char *name)
{
    const char *found = NULL;

    for (const char *at = text_string(&place->outputs); *at;) {
        const char *heredoc = strstr(at, "<<");
        size_t const width = strcspn(heredoc + 2, "\n");
        const char *value = heredoc + 2 + width + 1;
        const char *end =
            strstr(value, arena_print(&place->arena, "\n%.*s\n", (int)width, heredoc + 2));

        assert_non_null(end);
        if ((size_t)(heredoc - at) == strlen(name) && strncmp(at, name, strlen(name)) == 0)
            found = arena_copy_bytes(&place->arena, value, (size_t)(end - value));
        at = end + width + 2;
    }
    return found;
}

static void draft_made(struct place *place)
{
    place->applied = (struct applied){
        .changed = true,
        .branch_created = true,
        .release = {.id = 77,
                    .tag = tag,
                    .title = tag,
                    .body = "the body",
                    .page = "https://github.com/owner/project/releases/untagged-1",
                    .upload_url = "https://uploads.github.com/77",
                    .draft = true},
        .steps = 3, /* branch, tag, release */
    };
    place->report.applied = &place->applied;
    report_progress(&place->report, &place->applied);
}

static void test_outputs_of_a_run(void **state)
{
    static const char *const expected[][2] = {
        {"tag", "v0.10.0-rc.1"},
        {"version", "0.10.0-rc.1"},
        {"major", "0"},
        {"minor", "10"},
        {"patch", "0"},
        {"rc", "1"},
        {"prerelease", "true"},
        {"latest", "false"},
        {"branch", "release-0.10"},
        {"branch_created", "true"},
        {"tag_created", "false"},
        {"tag_object", ""},
        {"previous_tag", "v0.9.0"},
        {"release_id", "77"},
        {"release_url", "https://github.com/owner/project/releases/tag/v0.10.0-rc.1"},
        {"upload_url", "https://uploads.github.com/77"},
        {"notes", "the body"},
        {"announcement", ""},
        {"changed", "true"},
    };
    struct place *place = *state;

    plan_run(place, NULL);
    draft_made(place);
    assert_int_equal(end_run(place, NULL), 0);
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const char *found = output(place, expected[i][0]);

        if (!found || !strings_equal(found, expected[i][1]))
            fail_msg("%s: \"%s\" was expected, \"%s\" was found", expected[i][0], expected[i][1],
                     found ? found : "(nothing)");
    }
    assert_string_equal(output(place, "commit"), object_id(&place->arena, 'c', 1));
    assert_contains(output(place, "plan"), "\"kind\":\"release\",\"state\":\"do\"");
    assert_contains(output(place, "plan"), "CR-TAG-LIGHTWEIGHT");
}

/* "Each is written as soon as it is known, so a failed run reports what it did." */
static void test_outputs_of_a_failed_run(void **state)
{
    struct place *place = *state;
    struct error error = {0};

    plan_run(place, NULL);
    draft_made(place);
    error_set(&error, ERROR_SERVER, "run it again later", "the server answered 500");
    assert_int_equal(end_run(place, &error), 1);
    assert_string_equal(output(place, "branch_created"), "true");
    assert_string_equal(output(place, "release_id"), "77");
    assert_string_equal(output(place, "changed"), "true");
    assert_contains(text_string(&place->log), "::error title=CR-SERVER");
    assert_contains(text_string(&place->log), "half-way");
    assert_contains(text_string(&place->summary), "CR-SERVER");
}

/* "A failed run reports what it did": step by step, and with what the failed step itself changed. */
static void test_summary_of_a_failed_run(void **state)
{
    struct place *place = *state;
    struct error error = {0};

    struct run_fact waiting = {.workflow = "ci.yaml", .state = RUN_WAITING};
    place->model.gates = (struct gates){.runs = &waiting, .run_count = 1};
    plan_run(place, "workflows=ci.yaml");
    draft_made(place);
    place->applied.release.body = "the body, with a mark";
    error_set(&error, ERROR_GATE_FAILED, "look at it", "ci.yaml failed");
    assert_int_equal(end_run(place, &error), 1);
    const char *summary = text_string(&place->summary);
    assert_contains(summary, "| release | done |");
    assert_contains(summary, "| workflows | failed |");
    assert_contains(summary, "half-way");
    assert_lacks(summary, "- [ ]");
    assert_string_equal(output(place, "notes"), "the body, with a mark");
}

/* Where there is no summary, the log tells what a person has to do, and with what text. */
static void test_rest_on_a_terminal(void **state)
{
    struct place *place = *state;

    place->context.commands = false;
    plan_run(place, NULL);
    draft_made(place);
    place->applied.release.draft = false;
    place->applied.announcement = "Subject: [ANNOUNCE] it is out\n\nAll of it.";
    end_run(place, NULL);
    assert_contains(text_string(&place->log), "  Subject: [ANNOUNCE] it is out\n");
    assert_contains(text_string(&place->log), "Still to do: send the announcement.\n");
}

/* A run that failed ahead of its target has no outputs, but says why. */
static void test_failed_before_anything(void **state)
{
    struct place *place = *state;
    struct error error = {0};

    capture_start();
    report_open(&place->report, &place->arena, &place->context);
    error_set(&error, ERROR_INPUT_VALUE, NULL, "dry_run: one of true false was expected");
    write_file(place->context.output_path, "", 0);
    assert_int_equal(end_run(place, &error), 2);
    assert_contains(text_string(&place->log), "::error title=CR-INPUT-VALUE");
    assert_contains(text_string(&place->summary), "CR-INPUT-VALUE");
    assert_string_equal(text_string(&place->outputs), "");
}

static void test_nothing_left_to_do(void **state)
{
    struct place *place = *state;

    plan_run(place, NULL);
    place->applied.release =
        (struct release){.id = 7, .page = "https://github.com/x", .draft = true};
    place->report.applied = &place->applied;
    assert_int_equal(end_run(place, NULL), 0);
    assert_contains(text_string(&place->log), "Nothing left to do");
    assert_string_equal(output(place, "changed"), "false");
    assert_contains(text_string(&place->summary), "Nothing was left to do");
}

static void test_dry_run(void **state)
{
    struct place *place = *state;

    plan_run(place, "dry_run=true");
    assert_int_equal(end_run(place, NULL), 0);
    assert_contains(text_string(&place->log), "Dry run");
    assert_string_equal(output(place, "changed"), "false");
    assert_contains(output(place, "notes"), "* notes since v0.9.0\n");
    assert_contains(text_string(&place->summary), "* notes since v0.9.0\n");
    assert_lacks(text_string(&place->log), "* notes since");
    assert_contains(text_string(&place->summary), "nothing was changed");
}

/* Each finding appears as an annotation with its code, and in the summary. */
static void test_refused(void **state)
{
    struct place *place = *state;
    struct error error = {0};

    model_add_tag(&place->arena, &place->model, "v0.10.0", object_id(&place->arena, 'c', 9));
    plan_run(place, "verify_tag=required");
    assert_int_equal(plan_refusal(&place->plan, &error), -1);
    assert_int_equal(end_run(place, &error), 1);
    assert_int_equal(occurrences(text_string(&place->log), "::error title=CR-FINAL-EXISTS"), 1);
    assert_int_equal(occurrences(text_string(&place->log), "::error title=CR-TAG-LIGHTWEIGHT"), 1);
    assert_contains(text_string(&place->summary), "CR-FINAL-EXISTS");
    assert_contains(text_string(&place->summary), "CR-TAG-LIGHTWEIGHT");
    assert_contains(output(place, "plan"), "\"refused\":true");
}

static void test_summary_table(void **state)
{
    struct place *place = *state;

    plan_run(place, NULL);
    draft_made(place);
    end_run(place, NULL);
    const char *summary = text_string(&place->summary);
    assert_contains(summary, "| step | state | what | why |");
    assert_contains(summary,
                    "| branch | done | [release-0.10](https://github.com/owner/project/tree/"
                    "release-0.10) |");
    assert_contains(summary, "| release | done | [v0.10.0-rc.1](https://github.com/owner/project/"
                             "releases/untagged-1) |");
    assert_contains(summary, "the body"); /* what the draft has, not what was planned */
    assert_lacks(summary, "* notes since v0.9.0");
    assert_contains(summary, "- [ ]"); /* what a person has still to do */
    assert_contains(summary, "untagged-1");
}

/* What others wrote breaks out of neither the table, nor the preview, nor the log. */
static void test_hostile_words(void **state)
{
    struct place *place = *state;
    struct release stub = {
        .id = 5,
        .tag = tag,
        .title = "x | y\n::error::owned <script>@team `code` [a](b) &lt;",
        .body = "",
        .page = "https://github.com/x",
        .upload_url = "",
        .draft = true,
    };

    place->model.releases = (struct release_facts){.items = &stub, .count = 1};
    place->model.notes = "````\n</details>\n::error::owned\nEOF\n````` end";
    plan_run(place, NULL);
    end_run(place, NULL);
    const char *summary = text_string(&place->summary);
    assert_contains(summary, "x \\| y");
    assert_contains(summary, "&amp;lt;");
    assert_lacks(summary, "<script>");
    assert_lacks(summary, " @team");
    assert_contains(summary, "\n``````markdown\n"); /* longer than any run inside */
    assert_lacks(text_string(&place->log), "\n::error::owned");
}

/* The preview ends with a whole line, long before the runner's limit of a summary. */
static void test_long_notes(void **state)
{
    struct place *place = *state;
    CLEANUP(text_free) struct text notes = {0};

    while (notes.length < 300 * 1024)
        text_print(&notes, "* change %zu\n", notes.length);
    place->model.notes = text_string(&notes);
    plan_run(place, NULL);
    end_run(place, NULL);
    const char *summary = text_string(&place->summary);
    assert_in_range(place->summary.length, 190 * 1024, 210 * 1024);
    assert_contains(summary, "* change 0\n");
    const char *end = strstr(summary, "\n```\n\n</details>");
    assert_non_null(end);
    const char *line = end;
    while (line[-1] == '\n')
        line--;
    while (line[-1] != '\n')
        line--;
    assert_true(string_starts(line, "* change "));
    assert_contains(text_string(&notes),
                    arena_copy_bytes(&place->arena, line, strcspn(line, "\n") + 1));
}

static void test_a_full_disk(void **state)
{
    struct place *place = *state;

    place->context.output_path = "/dev/full";
    plan_run(place, NULL);
    place->context.output_path = "";
    assert_int_equal(end_run(place, NULL), 1);
    assert_contains(text_string(&place->log), "::error title=CR-OUTPUT");
}

static void test_a_full_disk_keeps_the_other_status(void **state)
{
    struct place *place = *state;
    struct error error = {0};

    place->context.output_path = "/dev/full";
    plan_run(place, NULL);
    place->context.output_path = "";
    error_set(&error, ERROR_INPUT_VALUE, NULL, "x");
    assert_int_equal(end_run(place, &error), 2);
}

static void test_a_fault_of_ours(void **state)
{
    struct place *place = *state;
    struct error error = {0};

    plan_run(place, NULL);
    error_set(&error, ERROR_INTERNAL, NULL, "what must not be");
    assert_int_equal(end_run(place, &error), 1);
    assert_contains(text_string(&place->log), "https://github.com/maker/cut-release/issues");
}

static void test_on_a_terminal(void **state)
{
    struct place *place = *state;

    place->context.commands = false;
    plan_run(place, NULL);
    report_waiting(&place->report, "a rate limit of the server", 59001);
    draft_made(place);
    assert_int_equal(end_run(place, NULL), 0);
    const char *log = text_string(&place->log);
    assert_lacks(log, "::");
    assert_contains(log, "The plan for v0.10.0-rc.1 of owner/project:");
    assert_contains(log, "warning CR-TAG-LIGHTWEIGHT: ");
    assert_contains(log, "waiting 60 s: a rate limit of the server");
    assert_contains(log, "Done: https://github.com/owner/project/releases/untagged-1");
}

/* Where no summary previews them, the notes of a dry run are in the log. */
static void test_dry_run_on_a_terminal(void **state)
{
    struct place *place = *state;

    place->context.commands = false;
    plan_run(place, "dry_run=true");
    assert_int_equal(end_run(place, NULL), 0);
    assert_contains(text_string(&place->log), "The notes of v0.10.0-rc.1:\n");
    assert_contains(text_string(&place->log), "\n  * notes since v0.9.0\n");
    assert_lacks(text_string(&place->log), "\n  …\n");
}

static void test_long_dry_run_on_a_terminal(void **state)
{
    struct place *place = *state;
    CLEANUP(text_free) struct text notes = {0};

    for (int i = 0; i < 1100; i++)
        text_print(&notes, "* change %d\n", i);
    place->model.notes = text_string(&notes);
    place->context.commands = false;
    plan_run(place, "dry_run=true");
    assert_int_equal(end_run(place, NULL), 0);
    assert_contains(text_string(&place->log), "\n  * change 900\n");
    assert_lacks(text_string(&place->log), "* change 1099");
    assert_contains(text_string(&place->log), "\n  …\n");
}

static void test_late_findings(void **state)
{
    struct place *place = *state;

    plan_run(place, NULL);
    draft_made(place);
    place->applied.notes_cut = place->applied.unseen = true;
    assert_int_equal(end_run(place, NULL), 0);
    assert_contains(text_string(&place->log), "::warning title=CR-NOTES-CUT");
    assert_contains(text_string(&place->log), "::warning title=CR-DRAFT-UNSEEN");
    assert_contains(text_string(&place->summary), "CR-NOTES-CUT");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, close_place)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_outputs_of_a_run),
        TEST(test_outputs_of_a_failed_run),
        TEST(test_summary_of_a_failed_run),
        TEST(test_rest_on_a_terminal),
        TEST(test_failed_before_anything),
        TEST(test_nothing_left_to_do),
        TEST(test_dry_run),
        TEST(test_refused),
        TEST(test_summary_table),
        TEST(test_hostile_words),
        TEST(test_long_notes),
        TEST(test_a_full_disk),
        TEST(test_a_full_disk_keeps_the_other_status),
        TEST(test_a_fault_of_ours),
        TEST(test_on_a_terminal),
        TEST(test_dry_run_on_a_terminal),
        TEST(test_long_dry_run_on_a_terminal),
        TEST(test_late_findings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
