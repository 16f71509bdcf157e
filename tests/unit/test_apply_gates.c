/* apply_gates and apply_notes: waiting on a clock that only sleeping moves, against runs and images
 * that change with its time. */
#include "support_server.h"

#include "core/notes_images.h"

#include <string.h>

static const char tag[] = "v0.10.0-rc.1";
static const char commit[] = "c000000000000000000000000000000000000001";
static const char digest[] =
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static const char other_digest[] =
    "sha256:1123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

enum { NEVER = 100000000 };

/* Runs and images by the clock, in ms since the start. */
struct bench {
    struct arena arena;
    struct fake_clock clock;
    int64_t began;
    struct fake_server server;
    struct effects effects;
    struct target target;
    struct plan plan;
    struct applying applying;
    struct applied applied;
    struct error error;
    struct text said;

    int64_t appears, ends, publishing_ends; /* of the run */
    enum run_state outcome;
    int64_t image_appears, image_changes;
    bool denied;
    enum write_end start_ends[3]; /* how each start ends, and whether it carries it out */
    bool start_works[3];
    int64_t start_takes; /* until a run that was started appears */
    size_t starts, run_looks, image_looks;
    size_t looks_that_fail; /* the next ones */
    enum error_code failure;
};

static const char *workflows[] = {"ci.yaml"};
static struct image_reference images[] = {{.text = "ghcr.io/o/n:v0.10.0-rc.1"}};

static int64_t now(const struct bench *bench)
{
    return bench->clock.now_ms - bench->began;
}

/* The effects' state is the server, which is a part of the bench. */
static struct bench *bench_of(void *server)
{
    return (struct bench *)(void *)((char *)server - offsetof(struct bench, server));
}

static int maybe_fail(struct bench *bench, struct error *error)
{
    if (!bench->looks_that_fail)
        return 0;
    bench->looks_that_fail--;
    return error_set(error, bench->failure, NULL, "a look failed");
}

static int read_runs(void *state, struct arena *arena, const char *of, struct gates *gates,
                     struct error *error)
{
    struct bench *bench = bench_of(state);

    assert_string_equal(of, commit);
    bench->run_looks++;
    if (maybe_fail(bench, error))
        return -1;
    gates->runs = arena_take(arena, sizeof(*gates->runs));
    gates->run_count = 1;
    gates->publishing_runs = now(bench) < bench->publishing_ends;
    gates->runs[0] = (struct run_fact){.workflow = workflows[0]};
    if (now(bench) < bench->appears)
        return 0;
    gates->runs[0].id = 7;
    gates->runs[0].page = "https://github.com/o/n/actions/runs/7";
    gates->runs[0].state = now(bench) < bench->ends ? RUN_WAITING : bench->outcome;
    gates->runs[0].said = now(bench) < bench->ends ? "in_progress" : "failure";
    return 0;
}

static enum write_end start_workflow(void *state, const char *workflow, const char *on,
                                     struct error *error)
{
    struct bench *bench = bench_of(state);
    size_t const start = bench->starts++;

    assert_string_equal(workflow, "ci.yaml");
    assert_string_equal(on, tag);
    assert_in_range(start, 0, 2);
    if (bench->start_works[start]) {
        bench->appears = now(bench) + bench->start_takes;
        bench->ends = bench->appears + 10000;
    }
    if (bench->start_ends[start] == WRITE_LOST)
        error_set(error, ERROR_SERVER, NULL, "it failed");
    else
        error_set(error, ERROR_GATE_NO_RUN, NULL, "it can't be started");
    return bench->start_ends[start];
}

static int look_at_images(void *registry, struct arena *arena, const struct image_reference *wanted,
                          size_t count, struct image_fact *facts, struct error *error)
{
    struct bench *bench = registry;
    (void)arena;

    assert_int_equal(count, 1);
    bench->image_looks++;
    if (maybe_fail(bench, error))
        return -1;
    facts[0] = (struct image_fact){.reference = wanted[0].text,
                                   .platforms = "",
                                   .state = bench->denied ? IMAGE_DENIED : IMAGE_MISSING};
    if (now(bench) < bench->image_appears)
        return 0;
    facts[0].state = IMAGE_FOUND;
    facts[0].platforms = "linux/amd64";
    facts[0].digest = now(bench) < bench->image_changes ? digest : other_digest;
    return 0;
}

static void say(void *state, const char *what)
{
    text_print(&((struct bench *)state)->said, "%s\n", what);
}

static void open_bench(struct bench *bench)
{
    *bench = (struct bench){
        .ends = 0, .outcome = RUN_SUCCEEDED, .image_changes = NEVER, .failure = ERROR_SERVER};
    fake_clock_start(&bench->clock);
    bench->began = bench->clock.now_ms;
    bench->server = (struct fake_server){
        .arena = &bench->arena, .tag = tag, .next_id = 100, .first_hidden = INT64_MAX};
    bench->effects = fake_effects(&bench->server);
    bench->effects.read_runs = read_runs;
    bench->effects.start_workflow = start_workflow;
    bench->effects.registry = bench;
    bench->effects.look_at_images = look_at_images;
    bench->target = (struct target){
        .tag = tag,
        .gates = {.workflows = workflows, .workflow_count = 1, .images = images, .image_count = 1}};
    bench->plan = (struct plan){.commit = commit};
    bench->applying = (struct applying){
        .arena = &bench->arena,
        .plan = &bench->plan,
        .target = &bench->target,
        .effects = &bench->effects,
        .clock = &bench->clock.clock,
        .wait_ms = 60 * 60000,
        .more = "https://github.com/o/n/compare/a...b",
        .said = say,
        .progress_state = bench,
    };
}

static void close_bench(struct bench *bench)
{
    text_free(&bench->said);
    arena_free(&bench->arena);
}

static enum apply_end wait_for_runs(struct bench *bench)
{
    return apply_workflows(&bench->applying, &bench->applied, &bench->error);
}

static enum apply_end wait_for_images(struct bench *bench)
{
    return apply_images(&bench->applying, &bench->applied, &bench->error);
}

/* ---- workflows ------------------------------------------------------------------------------- */

static void test_run_that_is_there(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    assert_int_equal(wait_for_runs(&bench), APPLY_DONE);
    assert_int_equal(bench.clock.slept_ms, 0);
    assert_int_equal(bench.run_looks, 1);
    assert_int_equal(bench.applied.gates.runs[0].state, RUN_SUCCEEDED);
    assert_false(bench.applied.changed);
    assert_string_equal(text_string(&bench.said), "");
    close_bench(&bench);
}

/* Half an hour costs few requests, and people are told what changes, no more. */
static void test_long_run(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.appears = 20000;
    bench.ends = 30 * 60000;
    assert_int_equal(wait_for_runs(&bench), APPLY_DONE);
    assert_in_range(now(&bench), bench.ends, bench.ends + 30000);
    assert_in_range(bench.run_looks, 60, 72);
    assert_int_equal(bench.starts, 0);
    assert_string_equal(text_string(&bench.said), "waiting for ci.yaml: no run yet\n"
                                                  "waiting for ci.yaml: in_progress\n");
    close_bench(&bench);
}

static void test_run_that_fails(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.ends = 9000;
    bench.outcome = RUN_FAILED;
    assert_int_equal(wait_for_runs(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_GATE_FAILED);
    assert_contains(bench.error.message, "https://github.com/o/n/actions/runs/7");
    assert_int_equal(bench.applied.gates.runs[0].state, RUN_FAILED);
    close_bench(&bench);
}

static void test_run_that_takes_too_long(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.ends = NEVER;
    assert_int_equal(wait_for_runs(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_GATE_TIMEOUT);
    assert_contains(bench.error.message, "within 60 minutes");
    assert_contains(bench.error.message, "ci.yaml: in_progress");
    assert_int_equal(now(&bench), 60 * 60000);
    close_bench(&bench);
}

/* With no time at all there is one look, and nothing is started. */
static void test_no_time(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.applying.wait_ms = 0;
    bench.appears = NEVER;
    assert_int_equal(wait_for_runs(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_GATE_TIMEOUT);
    assert_int_equal(bench.starts, 0);
    assert_int_equal(bench.clock.slept_ms, 0);
    close_bench(&bench);
}

/* ---- starting -------------------------------------------------------------------------------- */

static void test_run_that_never_starts(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.appears = NEVER;
    bench.start_works[0] = true;
    bench.start_takes = 4000;
    assert_int_equal(wait_for_runs(&bench), APPLY_DONE);
    assert_int_equal(bench.starts, 1);
    assert_in_range(bench.appears - bench.start_takes, 60000, 90000);
    assert_true(bench.applied.changed);
    assert_contains(text_string(&bench.said), "ci.yaml had no run; it is started on v0.10.0-rc.1");
    close_bench(&bench);
}

static void test_start_that_is_refused(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.appears = NEVER;
    bench.start_ends[0] = WRITE_FAILED;
    assert_int_equal(wait_for_runs(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_GATE_NO_RUN);
    assert_int_equal(bench.starts, 1);
    assert_false(bench.applied.changed);
    close_bench(&bench);
}

/* Said to be started, and then nothing shows: not started again. */
static void test_start_without_a_run(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.appears = NEVER;
    assert_int_equal(wait_for_runs(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_GATE_NO_RUN);
    assert_int_equal(bench.starts, 1);
    assert_in_range(now(&bench), 120000, 180000);
    close_bench(&bench);
}

/* The answer is lost, the run is there: it is found, and not started again. */
static void test_lost_start_that_worked(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.appears = NEVER;
    bench.start_ends[0] = WRITE_LOST;
    bench.start_works[0] = true;
    bench.start_takes = 45000;
    assert_int_equal(wait_for_runs(&bench), APPLY_DONE);
    assert_int_equal(bench.starts, 1);
    close_bench(&bench);
}

/* The answer is lost, and no run shows for a minute: so there was none. */
static void test_lost_start_that_did_not_work(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.appears = NEVER;
    bench.start_ends[0] = WRITE_LOST;
    bench.start_works[1] = true;
    assert_int_equal(wait_for_runs(&bench), APPLY_DONE);
    assert_int_equal(bench.starts, 2);
    close_bench(&bench);
    open_bench(&bench);
    bench.appears = NEVER;
    bench.start_ends[0] = bench.start_ends[1] = WRITE_LOST;
    assert_int_equal(wait_for_runs(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_SERVER); /* the cause, not that there is no run */
    assert_int_equal(bench.starts, 2);
    close_bench(&bench);
}

/* ---- failures -------------------------------------------------------------------------------- */

static void test_looks_that_fail(void **state)
{
    static const struct {
        size_t looks;
        enum error_code code;
        bool passed_over;
    } cases[] = {
        {1, ERROR_SERVER, true},       {2, ERROR_UNREACHABLE, true}, {2, ERROR_TIMEOUT, true},
        {3, ERROR_UNREACHABLE, false}, {1, ERROR_PERMISSION, false}, {1, ERROR_ANSWER, false},
        {1, ERROR_RATE_LIMIT, false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        for (int of_images = 0; of_images < 2; of_images++) {
            struct bench bench;

            open_bench(&bench);
            bench.looks_that_fail = cases[i].looks;
            bench.failure = cases[i].code;
            enum apply_end const end = of_images ? wait_for_images(&bench) : wait_for_runs(&bench);
            assert_int_equal(end, cases[i].passed_over ? APPLY_DONE : APPLY_FAILED);
            if (!cases[i].passed_over)
                assert_code(bench.error.code, cases[i].code);
            close_bench(&bench);
        }
}

/* The time is over, and the registry had no answer: that it is missing nobody has said. */
static void test_a_last_look_that_fails(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.applying.wait_ms = 0;
    bench.looks_that_fail = 1;
    bench.failure = ERROR_UNREACHABLE;
    assert_int_equal(wait_for_images(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_UNREACHABLE);
    close_bench(&bench);
}

static void test_interrupted(void **state)
{
    (void)state;

    for (int of_images = 0; of_images < 2; of_images++) {
        struct bench bench;

        open_bench(&bench);
        bench.ends = bench.image_appears = NEVER;
        bench.clock.interrupt_after = 3;
        enum apply_end const end = of_images ? wait_for_images(&bench) : wait_for_runs(&bench);
        assert_int_equal(end, APPLY_FAILED);
        assert_code(bench.error.code, ERROR_INTERRUPTED);
        assert_int_equal(bench.clock.sleeps, 3);
        close_bench(&bench);
    }
}

/* ---- images ---------------------------------------------------------------------------------- */

static void test_late_image(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.image_appears = 100000;
    assert_int_equal(wait_for_images(&bench), APPLY_DONE);
    assert_in_range(now(&bench), 100000, 130000);
    assert_string_equal(bench.applied.gates.images[0].digest, digest);
    assert_string_equal(text_string(&bench.said),
                        "waiting for ghcr.io/o/n:v0.10.0-rc.1: not there yet\n");
    close_bench(&bench);
}

static void test_missing_image(void **state)
{
    struct bench bench;
    (void)state;

    for (int denied = 0; denied < 2; denied++) {
        open_bench(&bench);
        bench.image_appears = NEVER;
        bench.denied = denied;
        assert_int_equal(wait_for_images(&bench), APPLY_FAILED);
        assert_code(bench.error.code, denied ? ERROR_IMAGE_DENIED : ERROR_IMAGE_MISSING);
        assert_contains(bench.error.message, "ghcr.io/o/n:v0.10.0-rc.1: not there yet");
        assert_int_equal(now(&bench), 60 * 60000);
        close_bench(&bench);
    }
}

/* Both gates have one bound together. */
static void test_one_bound(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    bench.ends = 59 * 60000;
    bench.image_appears = NEVER;
    assert_int_equal(wait_for_runs(&bench), APPLY_DONE);
    assert_int_equal(wait_for_images(&bench), APPLY_FAILED);
    assert_int_equal(now(&bench), 60 * 60000);
    close_bench(&bench);
}

/* What is announced are the images as they are after the builds that publishing has started. */
static void test_builds_of_publishing(void **state)
{
    struct bench bench;
    (void)state;

    for (int announce = 0; announce < 2; announce++) {
        open_bench(&bench);
        bench.target.command = announce ? COMMAND_ANNOUNCE : COMMAND_RELEASE;
        bench.publishing_ends = bench.image_changes = 300000;
        assert_int_equal(wait_for_images(&bench), APPLY_DONE);
        assert_string_equal(bench.applied.gates.images[0].digest, announce ? other_digest : digest);
        assert_int_equal(occurrences(text_string(&bench.said), "publishing has started"), announce);
        close_bench(&bench);
    }
    open_bench(&bench);
    bench.target.command = COMMAND_ANNOUNCE;
    bench.publishing_ends = NEVER;
    assert_int_equal(wait_for_images(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_GATE_TIMEOUT);
    close_bench(&bench);
    open_bench(&bench); /* nobody may say whether there are any */
    bench.target.command = COMMAND_ANNOUNCE;
    bench.looks_that_fail = 1;
    bench.failure = ERROR_PERMISSION;
    assert_int_equal(wait_for_images(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_PERMISSION);
    assert_int_equal(bench.image_looks, 0);
    close_bench(&bench);
}

static void test_images_hold(void **state)
{
    struct bench bench;
    (void)state;

    open_bench(&bench);
    assert_int_equal(apply_images_hold(&bench.applying, &bench.applied, &bench.error), APPLY_DONE);
    assert_int_equal(bench.image_looks, 0); /* none is wanted so far */
    assert_int_equal(wait_for_images(&bench), APPLY_DONE);
    assert_int_equal(apply_images_hold(&bench.applying, &bench.applied, &bench.error), APPLY_DONE);
    bench.image_changes = 0;
    assert_int_equal(apply_images_hold(&bench.applying, &bench.applied, &bench.error),
                     APPLY_FAILED);
    assert_code(bench.error.code, ERROR_IMAGE_DRIFT);
    assert_contains(bench.error.message, digest);
    assert_contains(bench.error.message, other_digest);
    assert_string_equal(bench.applied.gates.images[0].digest, digest); /* what was relied on */
    bench.image_appears = NEVER;
    assert_int_equal(apply_images_hold(&bench.applying, &bench.applied, &bench.error),
                     APPLY_FAILED);
    assert_contains(bench.error.message, "gone");
    bench.looks_that_fail = 1;
    assert_int_equal(apply_images_hold(&bench.applying, &bench.applied, &bench.error),
                     APPLY_FAILED);
    assert_code(bench.error.code, ERROR_SERVER);
    size_t const looks = bench.image_looks;
    bench.applied.published = true; /* the builds of that come first */
    bench.looks_that_fail = 1;
    bench.failure = ERROR_PERMISSION;
    assert_int_equal(apply_images_hold(&bench.applying, &bench.applied, &bench.error),
                     APPLY_FAILED);
    assert_code(bench.error.code, ERROR_PERMISSION);
    assert_int_equal(bench.image_looks, looks);
    close_bench(&bench);
}

/* ---- the notes ------------------------------------------------------------------------------- */

static const char *body_with(struct bench *bench, const char *part)
{
    CLEANUP(text_free) struct text body = {0};
    struct marker const marker = {.tag = tag, .commit = commit, .recipe = 5, .title = 6};

    text_add(&body, "Ahead.\n\n");
    marker_write(&body, &marker, part);
    text_add(&body, "\n\nBehind.");
    return arena_copy(&bench->arena, text_string(&body));
}

static struct release *open_with_draft(struct bench *bench)
{
    open_bench(bench);
    struct release *release =
        fake_add(&bench->server, tag, body_with(bench, "* one\n\n**Full Changelog**: https://x"));
    bench->applied.release = *release;
    assert_int_equal(wait_for_images(bench), APPLY_DONE);
    return release;
}

static enum apply_end write_notes(struct bench *bench)
{
    return apply_notes(&bench->applying, &bench->applied, &bench->error);
}

static void expect_block(struct bench *bench)
{
    struct marked_body body;
    const char *block = notes_images_block(&bench->arena, &bench->applied.gates);

    marker_read(&bench->arena, bench->server.releases[0].body, &body);
    assert_int_equal(body.state, MARKED_INTACT);
    assert_int_equal(body.marker.recipe, 5);
    assert_int_equal(body.marker.title, 6);
    assert_string_equal(notes_images(&bench->arena, body.part), block);
    assert_string_equal(body.before, "Ahead.\n\n");
    assert_string_equal(body.after, "\n\nBehind.");
}

static void test_notes(void **state)
{
    struct bench bench;
    (void)state;

    open_with_draft(&bench);
    assert_int_equal(write_notes(&bench), APPLY_DONE);
    expect_block(&bench);
    assert_true(bench.applied.changed);
    assert_string_equal(bench.applied.release.body, bench.server.releases[0].body);
    assert_int_equal(bench.server.updates, 1);
    assert_int_equal(write_notes(&bench), APPLY_DONE); /* nothing more to write */
    assert_int_equal(bench.server.updates, 1);
    close_bench(&bench);
}

/* What a person did meanwhile counts: edited, published, deleted. */
static void test_notes_of_a_draft_that_changed(void **state)
{
    struct bench bench;
    struct release *release;
    (void)state;

    release = open_with_draft(&bench);
    release->body = "By hand.";
    assert_int_equal(write_notes(&bench), APPLY_DONE);
    assert_int_equal(bench.server.updates, 0);
    close_bench(&bench);
    release = open_with_draft(&bench);
    release->draft = false;
    assert_int_equal(write_notes(&bench), APPLY_DONE);
    assert_int_equal(bench.server.updates, 0);
    close_bench(&bench);
    open_with_draft(&bench);
    bench.server.count = 0;
    assert_int_equal(write_notes(&bench), APPLY_MOVED);
    close_bench(&bench);
}

static void test_notes_and_faults(void **state)
{
    (void)state;

    for (enum fake_fault fault = FAULT_FAIL; fault < FAULT_COUNT; fault++)
        for (size_t at = 1; at <= 3; at++) {
            struct bench bench;

            open_with_draft(&bench);
            bench.server.fault = fault;
            bench.server.fault_at = at;
            enum apply_end const end = write_notes(&bench);
            bool const survives = at == 3 || (at == 2 && fault != FAULT_FAIL);
            assert_int_equal(end, survives ? APPLY_DONE : APPLY_FAILED);
            bench.server.fault_at = 0;
            assert_int_equal(write_notes(&bench), APPLY_DONE);
            expect_block(&bench);
            assert_int_equal(bench.server.updates, 1);
            close_bench(&bench);
        }
}

/* Nothing is written that names an image which isn't the same any more. */
static void test_notes_of_an_image_that_drifts(void **state)
{
    struct bench bench;
    (void)state;

    open_with_draft(&bench);
    bench.image_changes = 0;
    assert_int_equal(write_notes(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_IMAGE_DRIFT);
    assert_int_equal(bench.server.updates, 0);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_run_that_is_there),
        cmocka_unit_test(test_long_run),
        cmocka_unit_test(test_run_that_fails),
        cmocka_unit_test(test_run_that_takes_too_long),
        cmocka_unit_test(test_no_time),
        cmocka_unit_test(test_run_that_never_starts),
        cmocka_unit_test(test_start_that_is_refused),
        cmocka_unit_test(test_start_without_a_run),
        cmocka_unit_test(test_lost_start_that_worked),
        cmocka_unit_test(test_lost_start_that_did_not_work),
        cmocka_unit_test(test_looks_that_fail),
        cmocka_unit_test(test_a_last_look_that_fails),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_late_image),
        cmocka_unit_test(test_missing_image),
        cmocka_unit_test(test_one_bound),
        cmocka_unit_test(test_builds_of_publishing),
        cmocka_unit_test(test_images_hold),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_notes_of_a_draft_that_changed),
        cmocka_unit_test(test_notes_and_faults),
        cmocka_unit_test(test_notes_of_an_image_that_drifts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
