/*
 * apply, against a GitHub in memory and a clock that stands still: every call fails in turn,
 * answers are lost, lists lag, others come in between. Whatever happened, a clean run afterwards
 * ends in the state of one clean run.
 */
#include "support_server.h"

#include "core/marker.h"

#include <string.h>

static const char tag[] = "v0.10.0-rc.1";

/* A run's surroundings. */
struct bench {
    struct arena arena;
    struct fake_clock clock;
    struct inputs inputs;
    struct target target;
    struct model model;
    struct fake_server server;
    struct plan plan;
    struct applied applied;
    struct error error;
    size_t progress, progress_with_branch;
};

static void bench_open(struct bench *bench, bool branch_exists)
{
    struct arena *arena = &bench->arena;
    const char *commit;

    *bench = (struct bench){.error = {0}};
    commit = object_id(arena, 'c', 1);
    fake_clock_start(&bench->clock);
    bench->model = (struct model){
        .repository = "owner/project",
        .default_branch = "main",
        .source = "main",
        .source_head = commit,
    };
    model_add_tag(arena, &bench->model, "v0.9.0", object_id(arena, 'c', 40));
    model_add_signed_tag(arena, &bench->model, tag, commit);
    read_inputs(arena, NULL, &bench->inputs);
    model_target(arena, &bench->model, &bench->inputs, "push", tag, &bench->target);
    bench->server = (struct fake_server){
        .arena = arena,
        .tag = tag,
        .branch = "release-0.10",
        .branch_commit = branch_exists ? commit : NULL,
        .next_id = 100,
        .first_hidden = INT64_MAX,
    };
}

static void bench_close(struct bench *bench)
{
    arena_free(&bench->arena);
}

/* What the observation sees is what the server has. */
static void look_and_plan(struct bench *bench)
{
    struct fake_server *server = &bench->server;
    struct arena *arena = &bench->arena;

    bench->model.branches = (struct git_refs){0};
    if (server->branch_commit)
        model_add_branch(arena, &bench->model, server->branch, server->branch_commit);
    bench->model.releases = (struct release_facts){.count = server->count};
    bench->model.releases.items = arena_take(arena, sizeof(server->releases));
    memcpy(bench->model.releases.items, server->releases, sizeof(server->releases));
    server->first_hidden = server->next_id + 1;
    model_plan(arena, &bench->model, &bench->inputs, &bench->target, &bench->plan);
}

static void count_progress(void *state, const struct applied *applied)
{
    struct bench *bench = state;

    bench->progress++;
    bench->progress_with_branch += applied->branch_created;
}

static enum apply_end apply_once(struct bench *bench)
{
    struct effects const effects = fake_effects(&bench->server);
    struct applying const applying = {
        .arena = &bench->arena,
        .plan = &bench->plan,
        .target = &bench->target,
        .effects = &effects,
        .clock = &bench->clock.clock,
        .release_pages = 1,
        .more = "https://github.com/owner/project/compare/v0.9.0...v0.10.0-rc.1",
        .progress = count_progress,
        .progress_state = bench,
    };

    return apply(&applying, &bench->applied, &bench->error);
}

/* A run as run.c has it: where the world moved it looks again, once. */
static enum apply_end run_once(struct bench *bench)
{
    enum apply_end end = APPLY_MOVED;

    bench->applied = (struct applied){0};
    for (int attempt = 0; attempt < 2 && end == APPLY_MOVED; attempt++) {
        look_and_plan(bench);
        assert_false(bench->plan.refused);
        end = apply_once(bench);
    }
    return end;
}

/* All is well again: clean runs until one has nothing to do. */
static void heal_and_run(struct bench *bench)
{
    bench->server.fault_at = bench->server.lag = 0;
    bench->server.meanwhile = NULL;
    bench->server.odd_answers = false;
    assert_int_equal(run_once(bench), APPLY_DONE);
    size_t const calls = bench->server.calls;
    look_and_plan(bench);
    assert_false(plan_changes(&bench->plan));
    assert_int_equal(run_once(bench), APPLY_DONE);
    assert_int_equal(bench->server.calls, calls); /* it costs no more than the observation */
    assert_false(bench->applied.changed);
}

/* ---- where a run starts from ----------------------------------------------------------------- */

static const char *our_body(struct bench *bench, uint64_t recipe_change)
{
    CLEANUP(text_free) struct text body = {0};

    look_and_plan(bench);
    struct marker const marker = {
        .tag = tag,
        .commit = bench->plan.commit,
        .recipe = bench->plan.wish.recipe + recipe_change,
        .title = marker_hash(tag),
    };
    marker_write(&body, &marker, string_or(bench->plan.part, "* notes since v0.9.0"));
    return arena_copy(&bench->arena, text_string(&body));
}

static struct release *add_ours(struct bench *bench, uint64_t recipe_change)
{
    struct release *release = fake_add(&bench->server, tag, our_body(bench, recipe_change));

    release->prerelease = true;
    return release;
}

static void start_with_nothing(struct bench *bench)
{
    bench_open(bench, false);
}

static void start_with_branch(struct bench *bench)
{
    bench_open(bench, true);
}

static void start_with_stub(struct bench *bench)
{
    bench_open(bench, true);
    fake_add(&bench->server, "", "Release v0.10.0-rc.1");
}

static void start_with_other_inputs(struct bench *bench)
{
    bench_open(bench, true);
    add_ours(bench, 1);
}

static void start_with_two(struct bench *bench)
{
    bench_open(bench, true);
    add_ours(bench, 0);
    add_ours(bench, 0);
    add_ours(bench, 0);
}

static void start_with_stub_and_ours(struct bench *bench)
{
    bench_open(bench, false);
    add_ours(bench, 0);
    fake_add(&bench->server, "By hand", "Release v0.10.0-rc.1");
}

static void start_finished(struct bench *bench)
{
    bench_open(bench, true);
    add_ours(bench, 0);
}

static const struct {
    const char *name;
    void (*start)(struct bench *bench);
    size_t drafts; /* made by a clean run */
} starts[] = {
    {"nothing", start_with_nothing, 1}, {"branch", start_with_branch, 1},
    {"stub", start_with_stub, 0},       {"other inputs", start_with_other_inputs, 0},
    {"two of ours", start_with_two, 0}, {"stub and ours", start_with_stub_and_ours, 0},
    {"finished", start_finished, 0},
};

/* ---- clean runs ------------------------------------------------------------------------------ */

static void test_clean_runs(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct bench bench;

        starts[i].start(&bench);
        assert_int_equal(run_once(&bench), APPLY_DONE);
        assert_int_equal(bench.server.drafts_made, starts[i].drafts);
        assert_int_equal(bench.server.count, 1);
        assert_int_equal(bench.clock.slept_ms, 0);
        assert_non_null(bench.server.branch_commit);
        assert_true(bench.server.releases[0].prerelease);
        assert_contains(bench.server.releases[0].body, "* notes since v0.9.0");
        assert_int_equal(bench.applied.release.id, bench.server.releases[0].id);
        heal_and_run(&bench);
        bench_close(&bench);
    }
}

static void test_what_a_run_tells(void **state)
{
    struct bench bench;
    (void)state;

    start_with_nothing(&bench);
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_true(bench.applied.changed);
    assert_true(bench.applied.branch_created);
    assert_true(bench.applied.settled);
    assert_false(bench.applied.unseen);
    assert_string_equal(bench.applied.release.body, bench.server.releases[0].body);
    assert_in_range(bench.progress, 2, 4);
    assert_int_equal(bench.progress_with_branch, bench.progress);
    bench_close(&bench);
}

/* The order of what can be undone: the branch is there before any release is written. */
static void test_branch_goes_first(void **state)
{
    struct bench bench;
    (void)state;

    start_with_nothing(&bench);
    bench.server.fault = FAULT_FAIL;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_int_equal(bench.server.draft_requests, 0);
    assert_null(bench.server.branch_commit);
    assert_code(ERROR_REJECTED, bench.error.code);
    assert_contains(bench.error.message, "branch");
    assert_false(bench.applied.changed);
    bench_close(&bench);
}

/* What a failed run did is told all the same. */
static void test_progress_before_a_failure(void **state)
{
    struct bench bench;
    (void)state;

    start_with_nothing(&bench);
    bench.server.fault = FAULT_FAIL;
    bench.server.fault_at = 2;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_true(bench.applied.branch_created);
    assert_int_equal(bench.progress_with_branch, 1);
    assert_contains(bench.error.message, "release");
    bench_close(&bench);
}

static void test_text_of_a_person_stays(void **state)
{
    struct bench bench;
    (void)state;

    start_with_stub(&bench);
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_true(string_starts(bench.server.releases[0].body, "Release v0.10.0-rc.1"));
    assert_string_equal(bench.server.releases[0].title, tag); /* it had none */
    assert_int_equal(bench.server.releases[0].id, 101);
    bench_close(&bench);
    start_with_other_inputs(&bench);
    bench.server.releases[0].body =
        arena_print(&bench.arena, "Ahead.\n\n%s\n\nBehind.", bench.server.releases[0].body);
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_true(string_starts(bench.server.releases[0].body, "Ahead.\n\n<!--"));
    assert_contains(bench.server.releases[0].body, "-->\n\nBehind.");
    heal_and_run(&bench);
    bench_close(&bench);
}

/* ---- each call × each fault ------------------------------------------------------------------ */

static void check_fault(size_t start, size_t call, enum fake_fault fault, size_t fault_calls,
                        const char *expected)
{
    struct bench bench;

    starts[start].start(&bench);
    bench.server.fault = fault;
    bench.server.fault_at = call;
    bench.server.fault_calls = fault_calls;
    enum apply_end const end = run_once(&bench);
    if (end == APPLY_FAILED && !bench.error.code)
        fail_msg("%s, call %zu, fault %d: it failed without a reason", starts[start].name, call,
                 fault);
    if (bench.server.drafts_made > starts[start].drafts)
        fail_msg("%s, call %zu, fault %d: %zu drafts were made", starts[start].name, call, fault,
                 bench.server.drafts_made);
    if (bench.clock.slept_ms > 60 * 1000)
        fail_msg("%s, call %zu: it slept %lld ms", starts[start].name, call,
                 (long long)bench.clock.slept_ms);
    if (end == APPLY_DONE && !strings_equal(fake_state(&bench.arena, &bench.server), expected))
        fail_msg("%s, call %zu, fault %d: \"done\", but %s", starts[start].name, call, fault,
                 fake_state(&bench.arena, &bench.server));
    heal_and_run(&bench);
    if (!strings_equal(fake_state(&bench.arena, &bench.server), expected))
        fail_msg("%s, call %zu, fault %d: then %s was expected, %s was found", starts[start].name,
                 call, fault, expected, fake_state(&bench.arena, &bench.server));
    bench_close(&bench);
}

static void test_each_call_fails(void **state)
{
    size_t tried = 0;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct bench clean;

        starts[i].start(&clean);
        assert_int_equal(run_once(&clean), APPLY_DONE);
        const char *expected = fake_state(&clean.arena, &clean.server);
        for (size_t call = 1; call <= clean.server.calls; call++)
            for (enum fake_fault fault = FAULT_FAIL; fault < FAULT_COUNT; fault++)
                for (size_t calls = 1; calls <= 5; calls++, tried++)
                    check_fault(i, call, fault, calls, expected);
        bench_close(&clean);
    }
    assert_in_range(tried, 200, 2000);
}

/* ---- lost answers ---------------------------------------------------------------------------- */

/* Carried out, the answer lost: it is found, and nothing is made twice. */
static void test_lost_but_done(void **state)
{
    struct bench bench;
    (void)state;

    start_with_branch(&bench);
    bench.server.fault = FAULT_LOST_DONE;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.draft_requests, 1);
    assert_int_equal(bench.clock.slept_ms, 1000);
    assert_true(bench.applied.changed);
    bench_close(&bench);
    start_with_nothing(&bench); /* the branch */
    bench.server.fault = FAULT_LOST_DONE;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.branches_made, 1);
    assert_int_equal(bench.clock.slept_ms, 1000);
    assert_true(bench.applied.branch_created);
    bench_close(&bench);
    start_with_stub(&bench); /* an update */
    bench.server.fault = FAULT_LOST_DONE;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.updates, 1);
    assert_true(bench.applied.changed);
    bench_close(&bench);
}

/* Not carried out: it looks after 1, 3 and 9 s, then asks again. */
static void test_lost_and_not_done(void **state)
{
    struct bench bench;
    (void)state;

    start_with_branch(&bench);
    bench.server.fault = FAULT_LOST_NOT;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.draft_requests, 2);
    assert_int_equal(bench.server.drafts_made, 1);
    assert_int_equal(bench.clock.slept_ms, 1000 + 3000 + 9000);
    bench_close(&bench);
    start_with_nothing(&bench);
    bench.server.fault = FAULT_LOST_NOT;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.branches_made, 1);
    assert_int_equal(bench.clock.slept_ms, 1000 + 3000 + 9000);
    bench_close(&bench);
    start_with_stub(&bench);
    bench.server.fault = FAULT_LOST_NOT;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.updates, 1);
    bench_close(&bench);
}

/* Lists lag behind a draft whose creation was carried out and whose answer was lost. */
static void test_lost_and_the_list_lags(void **state)
{
    (void)state;

    for (size_t lag = 0; lag <= 6; lag++) {
        struct bench bench;

        start_with_branch(&bench);
        bench.server.fault = FAULT_LOST_DONE;
        bench.server.fault_at = 1;
        bench.server.lag = lag;
        assert_int_equal(run_once(&bench), APPLY_DONE);
        if (lag < 3) /* seen by one of the three looks: never made twice */
            assert_int_equal(bench.server.draft_requests, 1);
        assert_in_range(bench.server.drafts_made, 1, 2);
        heal_and_run(&bench);
        assert_int_equal(bench.server.count, 1);
        bench_close(&bench);
    }
}

/* A draft that was made is listed until it is visible; 1, 3, 9 s, then that is said. */
static void test_the_list_lags(void **state)
{
    static const int64_t slept[] = {0, 1000, 4000, 13000, 13000};
    (void)state;

    for (size_t lag = 0; lag < COUNT_OF(slept); lag++) {
        struct bench bench;

        start_with_branch(&bench);
        bench.server.lag = lag;
        assert_int_equal(run_once(&bench), APPLY_DONE);
        assert_int_equal(bench.server.draft_requests, 1);
        assert_int_equal(bench.clock.slept_ms, slept[lag]);
        assert_int_equal(bench.applied.unseen, lag > 3);
        heal_and_run(&bench);
        bench_close(&bench);
    }
}

/* ---- others, meanwhile ----------------------------------------------------------------------- */

static struct bench *raced; /* whose server it is */

static void another_run_of_ours(struct fake_server *server, size_t call)
{
    if (call != 1)
        return;
    struct release *release = fake_add(server, tag, our_body(raced, 0));
    release->prerelease = true;
}

static void another_run_later(struct fake_server *server, size_t call)
{
    if (call == 2)
        another_run_of_ours(server, 1);
}

static void somebodys_stub(struct fake_server *server, size_t call)
{
    if (call == 2)
        fake_add(server, "By hand", "Release v0.10.0-rc.1");
}

static void somebody_deletes(struct fake_server *server, size_t call)
{
    if (call == 1)
        server->count = 0;
}

static void somebody_edits(struct fake_server *server, size_t call)
{
    if (call == 2)
        server->releases[0].body = "Quite another text";
}

static void branch_of_ours(struct fake_server *server, size_t call)
{
    if (call == 1)
        server->branch_commit = object_id(server->arena, 'c', 1);
}

static void branch_of_another(struct fake_server *server, size_t call)
{
    if (call == 1)
        server->branch_commit = object_id(server->arena, 'c', 77);
}

/* Two runs at once: both find the draft with the lowest id, the other one goes. */
static void test_two_runs_at_once(void **state)
{
    struct bench bench;
    (void)state;

    start_with_branch(&bench);
    raced = &bench;
    bench.server.meanwhile = another_run_of_ours;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.count, 1);
    assert_int_equal(bench.server.releases[0].id, 101); /* the other run's, ours was 102 */
    assert_int_equal(bench.applied.release.id, 101);
    bench_close(&bench);
    start_with_branch(&bench);
    bench.server.meanwhile = another_run_later;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.count, 1);
    assert_int_equal(bench.server.releases[0].id, 101); /* ours */
    bench_close(&bench);
}

/* Another run's draft, ours not carried out: it is not made again. */
static void test_another_run_and_a_lost_answer(void **state)
{
    struct bench bench;
    (void)state;

    start_with_branch(&bench);
    raced = &bench;
    bench.server.meanwhile = another_run_of_ours;
    bench.server.fault = FAULT_LOST_NOT;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.count, 1);
    assert_int_equal(bench.server.draft_requests, 1);
    bench_close(&bench);
}

/* Somebody else's draft wins: it is adopted, ours is removed. */
static void test_a_stub_appears(void **state)
{
    struct bench bench;
    (void)state;

    start_with_branch(&bench);
    bench.server.meanwhile = somebodys_stub;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.count, 1);
    assert_string_equal(bench.server.releases[0].title, "By hand");
    assert_contains(bench.server.releases[0].body, "Release v0.10.0-rc.1");
    assert_contains(bench.server.releases[0].body, "* notes since v0.9.0");
    heal_and_run(&bench);
    bench_close(&bench);
}

/* The draft that was to be written is deleted: a new one is made. */
static void test_the_draft_disappears(void **state)
{
    struct bench bench;
    (void)state;

    start_with_stub(&bench);
    bench.server.meanwhile = somebody_deletes;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.drafts_made, 1);
    assert_int_equal(bench.server.count, 1);
    bench_close(&bench);
}

/* An answer is lost, and meanwhile a person has edited: nothing of that is overwritten. */
static void test_an_edit_after_a_lost_answer(void **state)
{
    struct bench bench;
    (void)state;

    start_with_stub(&bench);
    bench.server.meanwhile = somebody_edits;
    bench.server.fault = FAULT_LOST_NOT;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_true(string_starts(bench.server.releases[0].body, "Quite another text"));
    assert_contains(bench.server.releases[0].body, "* notes since v0.9.0");
    bench_close(&bench);
}

/* The same, and the answer to the change was lost besides. */
static void test_the_draft_disappears_and_so_does_the_answer(void **state)
{
    struct bench bench;
    (void)state;

    start_with_stub(&bench);
    bench.server.meanwhile = somebody_deletes;
    bench.server.fault = FAULT_LOST_NOT;
    bench.server.fault_at = 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.drafts_made, 1);
    assert_int_equal(bench.server.count, 1);
    bench_close(&bench);
}

/* A branch that is made meanwhile is never moved. */
static void test_the_branch_is_taken(void **state)
{
    struct bench bench;
    (void)state;

    start_with_nothing(&bench);
    bench.server.meanwhile = branch_of_ours;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.branches_made, 0);
    assert_false(bench.applied.branch_created);
    bench_close(&bench);
    start_with_nothing(&bench);
    bench.server.meanwhile = branch_of_another;
    look_and_plan(&bench);
    assert_int_equal(apply_once(&bench), APPLY_MOVED);
    assert_string_equal(bench.server.branch_commit, object_id(&bench.arena, 'c', 77));
    assert_int_equal(bench.server.draft_requests, 0);
    bench_close(&bench);
    start_with_nothing(&bench); /* the same, and the answer is lost */
    bench.server.meanwhile = branch_of_another;
    bench.server.fault = FAULT_LOST_DONE;
    bench.server.fault_at = 1;
    look_and_plan(&bench);
    assert_int_equal(apply_once(&bench), APPLY_MOVED);
    assert_false(bench.applied.branch_created);
    assert_int_equal(bench.server.draft_requests, 0);
    bench_close(&bench);
}

/* ---- odd ends -------------------------------------------------------------------------------- */

static void test_an_odd_answer_is_a_failure(void **state)
{
    struct bench bench;
    (void)state;

    start_with_branch(&bench);
    bench.server.odd_answers = true;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_ANSWER, bench.error.code);
    assert_int_equal(bench.server.draft_requests, 1);
    heal_and_run(&bench);
    assert_int_equal(bench.server.count, 1);
    bench_close(&bench);
}

/* Nothing waits for ever: a server that loses every answer is given up. */
static void test_every_answer_is_lost(void **state)
{
    struct bench bench;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        starts[i].start(&bench);
        bench.server.fault = FAULT_LOST_NOT;
        bench.server.fault_at = 1;
        bench.server.fault_calls = SIZE_MAX / 2;
        if (!strings_equal(starts[i].name, "finished"))
            assert_int_equal(run_once(&bench), APPLY_FAILED);
        assert_true(bench.server.calls < 20);
        bench_close(&bench);
    }
}

/* The same where it can be seen that nothing comes of it. */
static void test_no_change_is_carried_out(void **state)
{
    static void (*const begin[])(struct bench *) = {start_with_branch, start_with_stub};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(begin); i++) {
        struct bench bench;

        begin[i](&bench);
        bench.server.lost_writes = true;
        assert_int_equal(run_once(&bench), APPLY_FAILED);
        assert_code(ERROR_UNREACHABLE, bench.error.code);
        assert_in_range(bench.server.calls, 3, 20);
        assert_false(bench.applied.changed);
        bench.server.lost_writes = false;
        heal_and_run(&bench);
        assert_int_equal(bench.server.count, 1);
        bench_close(&bench);
    }
}

/* SIGTERM while it looks: it ends at once, says so, and writes nothing more. */
static void test_interrupted_while_looking(void **state)
{
    static void (*const begin[])(struct bench *) = {start_with_nothing, start_with_branch,
                                                    start_with_stub};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(begin); i++) {
        struct bench bench;

        begin[i](&bench);
        bench.server.fault = FAULT_LOST_NOT;
        bench.server.fault_at = 1;
        bench.clock.interrupt_after = 1;
        assert_int_equal(run_once(&bench), APPLY_FAILED);
        assert_code(ERROR_INTERRUPTED, bench.error.code);
        assert_int_equal(bench.server.calls, 1);
        bench_close(&bench);
    }
}

static void test_interrupted_while_the_list_lags(void **state)
{
    struct bench bench;
    (void)state;

    start_with_branch(&bench);
    bench.server.lag = 10;
    bench.clock.interrupt_after = 2;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_INTERRUPTED, bench.error.code);
    assert_true(bench.applied.changed); /* the draft was made, and that is told */
    assert_int_equal(bench.applied.release.id, 101);
    bench_close(&bench);
}

/* Notes over the limit are cut, with a link; that is told, and a re-run finds them as they are. */
static void test_notes_over_the_limit(void **state)
{
    struct bench bench;
    CLEANUP(text_free) struct text notes = {0};
    (void)state;

    for (int i = 0; i < 5000; i++)
        text_print(&notes, "* a change number %d by @somebody in #%d\n", i, i);
    start_with_branch(&bench);
    bench.model.notes = text_string(&notes);
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_true(bench.applied.notes_cut);
    assert_in_range(strlen(bench.server.releases[0].body), 120000, 125000 + 10);
    assert_contains(bench.server.releases[0].body, "compare/v0.9.0...v0.10.0-rc.1");
    heal_and_run(&bench);
    bench_close(&bench);
}

/* ---- making the tag -------------------------------------------------------------------------- */

/* The tags of the server, beside what support_server keeps. A fault meets the push number `fault_at`
 * (from 1). */
struct tag_bench {
    struct bench bench;
    const char *tag_object; /* on the server, NULL while there is none */
    const char *pushed;     /* the id of the first push */
    enum fake_fault fault;
    size_t fault_at, fault_calls, pushes, signings, reads, tags_made;
    size_t hidden_reads; /* so many reads don't show a tag that is there */
    bool sign_fails, read_fails;
    const char *theirs; /* somebody pushes it ahead of our push */
    bool branch_moves;  /* somebody moves the branch ahead of our push */
    enum { RUNS_SEEN, RUNS_LATE, RUNS_NONE, RUNS_HIDDEN, RUNS_FAIL } runs; /* that it started */
    size_t run_looks;
};

static int sign_tag(void *tagging, const char *bytes, size_t length, struct text *signature,
                    struct error *error)
{
    struct tag_bench *tags = tagging;

    tags->signings++;
    assert_int_equal(bytes[length - 1], '\n');
    assert_null(strstr(bytes, "-----BEGIN"));
    if (tags->sign_fails)
        return error_set(error, ERROR_GPG, NULL, "no signature");
    text_print(signature, "-----BEGIN PGP SIGNATURE-----\n\nnumber %zu\n", tags->signings);
    return 0;
}

static void name_tag(void *tagging, struct arena *arena, struct new_tag *made)
{
    uint64_t hash = 5381;

    (void)tagging;
    for (size_t i = 0; i < made->length; i++)
        hash = hash * 33 + (unsigned char)made->bytes[i];
    made->object = arena_print(arena, "d%039llu", (unsigned long long)hash);
}

static enum write_end push_tag(void *tagging, struct arena *arena, const struct new_tag *made,
                               struct error *error)
{
    struct tag_bench *tags = tagging;
    size_t const number = ++tags->pushes;
    bool const struck =
        tags->fault_at && number >= tags->fault_at && number < tags->fault_at + tags->fault_calls;
    enum fake_fault const fault = struck ? tags->fault : FAULT_NONE;

    (void)arena;
    assert_string_equal(made->name, tag);
    assert_string_equal(made->branch, "release-0.10");
    assert_non_null(tags->bench.server.branch_commit); /* the branch goes ahead of the tag */
    if (tags->theirs && !tags->tag_object)
        tags->tag_object = tags->theirs;
    if (tags->branch_moves) {
        tags->branch_moves = false;
        tags->bench.server.branch_commit = object_id(&tags->bench.arena, 'c', 77);
        return WRITE_TAKEN;
    }
    if (!tags->pushed)
        tags->pushed = made->object;
    if (tags->tag_object && fault == FAULT_NONE)
        return WRITE_TAKEN;
    if (fault == FAULT_NONE || fault == FAULT_LOST_DONE) {
        if (!tags->tag_object) {
            tags->tag_object = made->object;
            tags->tags_made++;
        }
        if (fault == FAULT_NONE)
            return WRITE_DONE;
    }
    error_set(error, fault == FAULT_FAIL ? ERROR_REJECTED : ERROR_UNREACHABLE, NULL, "a fault");
    return fault == FAULT_FAIL ? WRITE_FAILED : WRITE_LOST;
}

static int read_tag(void *state, struct arena *arena, const char *name, const char **object,
                    struct error *error)
{
    struct tag_bench *tags = state; /* the bench is its first part */

    (void)arena;
    tags->reads++;
    assert_string_equal(name, tag);
    if (tags->read_fails)
        return error_set(error, ERROR_SERVER, NULL, "a read failed");
    *object = tags->reads > tags->hidden_reads ? tags->tag_object : NULL;
    return 0;
}

/* `read_tag` gets the state of the other calls: this leads it back to the bench. */
static struct tag_bench *reading;
static int read_tag_of_bench(void *state, struct arena *arena, const char *name,
                             const char **object, struct error *error)
{
    (void)state;
    return read_tag(reading, arena, name, object, error);
}

/* The runs that the push started: seen after so many looks. */
static int count_runs_of_bench(void *state, struct arena *arena, const char *name,
                               const char *commit, int64_t *count, bool *known, struct error *error)
{
    struct tag_bench *tags = reading;

    (void)state;
    (void)arena;
    tags->run_looks++;
    assert_string_equal(name, tag);
    assert_string_equal(commit, tags->bench.plan.commit);
    if (tags->runs == RUNS_FAIL)
        return error_set(error, ERROR_SERVER, NULL, "a read failed");
    *known = tags->runs != RUNS_HIDDEN;
    *count = tags->runs == RUNS_SEEN || (tags->runs == RUNS_LATE && tags->run_looks > 1);
    return 0;
}

static void tags_open(struct tag_bench *tags)
{
    struct bench *bench = &tags->bench;

    *tags = (struct tag_bench){.fault_calls = 1};
    bench_open(bench, false);
    bench->model.tags.count = 0;
    bench->model.object_count = 0;
    model_add_tag(&bench->arena, &bench->model, "v0.9.0", object_id(&bench->arena, 'c', 40));
    bench->model.signer =
        (struct signer_facts){.identity = "Mara <mara@example.org>", .fingerprint = "0123"};
    read_inputs(&bench->arena, "tag=v0.10.0-rc.1|signing_key=key", &bench->inputs);
    model_target(&bench->arena, &bench->model, &bench->inputs, "", tag, &bench->target);
    reading = tags;
}

static enum apply_end tags_apply(struct tag_bench *tags)
{
    struct bench *bench = &tags->bench;
    struct effects effects = fake_effects(&bench->server);

    effects.tagging = tags;
    effects.sign = sign_tag;
    effects.name_tag = name_tag;
    effects.push_tag = push_tag;
    effects.read_tag = read_tag_of_bench;
    effects.count_runs = count_runs_of_bench;
    bench->applied = (struct applied){0};
    return apply(
        &(struct applying){
            .arena = &bench->arena,
            .plan = &bench->plan,
            .target = &bench->target,
            .effects = &effects,
            .clock = &bench->clock.clock,
            .release_pages = 1,
            .more = "",
            .progress = count_progress,
            .progress_state = bench,
        },
        &bench->applied, &bench->error);
}

static enum apply_end tags_run(struct tag_bench *tags)
{
    look_and_plan(&tags->bench);
    assert_false(tags->bench.plan.refused);
    return tags_apply(tags);
}

static void test_the_tag_is_made(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    assert_int_equal(tags_run(&tags), APPLY_DONE);
    assert_int_equal(tags.pushes, 1);
    assert_int_equal(tags.signings, 1);
    assert_int_equal(tags.reads, 0);
    assert_string_equal(tags.tag_object, tags.bench.applied.tag_object);
    assert_true(tags.bench.applied.tag_created);
    assert_true(tags.bench.applied.branch_created);
    assert_int_equal(tags.bench.server.count, 1);
    assert_int_equal(tags.bench.clock.slept_ms, 1000); /* ahead of the look for a run */
    assert_int_equal(tags.run_looks, 1);
    assert_false(tags.bench.applied.no_run);
    bench_close(&tags.bench);
}

/* The signature fails at the last moment: nothing is pushed, and no draft is made. */
static void test_the_signature_fails(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.sign_fails = true;
    assert_int_equal(tags_run(&tags), APPLY_FAILED);
    assert_code(ERROR_GPG, tags.bench.error.code);
    assert_contains(tags.bench.error.message, "tag");
    assert_int_equal(tags.pushes, 0);
    assert_int_equal(tags.bench.server.draft_requests, 0);
    assert_true(tags.bench.applied.branch_created);
    assert_false(tags.bench.applied.tag_created);
    bench_close(&tags.bench);
}

/* What is not signed asks for no signature. */
static void test_an_unsigned_tag_is_made(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    read_inputs(&tags.bench.arena, "tag=v0.10.0-rc.1|sign=never", &tags.bench.inputs);
    assert_int_equal(tags_run(&tags), APPLY_DONE);
    assert_int_equal(tags.signings, 0);
    assert_true(tags.bench.applied.tag_created);
    bench_close(&tags.bench);
}

/* Refused: it is said, and no draft is made. */
static void test_the_push_is_refused(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.fault = FAULT_FAIL;
    tags.fault_at = 1;
    assert_int_equal(tags_run(&tags), APPLY_FAILED);
    assert_code(ERROR_REJECTED, tags.bench.error.code);
    assert_int_equal(tags.pushes, 1);
    assert_int_equal(tags.bench.server.draft_requests, 0);
    assert_null(tags.tag_object);
    assert_false(tags.bench.applied.tag_created);
    bench_close(&tags.bench);
}

/* Somebody was quicker, or moved the branch: looked at anew, and nothing else is written. */
static void test_somebody_was_quicker(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.theirs = object_id(&tags.bench.arena, 'e', 1);
    assert_int_equal(tags_run(&tags), APPLY_MOVED);
    assert_string_equal(tags.tag_object, tags.theirs);
    assert_false(tags.bench.applied.tag_created);
    assert_true(tags.bench.applied.branch_created);
    assert_int_equal(tags.bench.server.draft_requests, 0);
    bench_close(&tags.bench);
    tags_open(&tags);
    tags.branch_moves = true;
    assert_int_equal(tags_run(&tags), APPLY_MOVED);
    assert_null(tags.tag_object);
    assert_int_equal(tags_run(&tags), APPLY_DONE); /* at the new head */
    assert_string_equal(tags.bench.plan.commit, object_id(&tags.bench.arena, 'c', 77));
    bench_close(&tags.bench);
}

/* Carried out, the answer lost: found at the first look, and not pushed again. */
static void test_a_lost_push_that_was_carried_out(void **state)
{
    (void)state;

    for (size_t hidden = 0; hidden <= 2; hidden++) {
        struct tag_bench tags;

        tags_open(&tags);
        tags.fault = FAULT_LOST_DONE;
        tags.fault_at = 1;
        tags.hidden_reads = hidden;
        assert_int_equal(tags_run(&tags), APPLY_DONE);
        assert_int_equal(tags.pushes, 1);
        assert_int_equal(tags.reads, hidden + 1);
        assert_true(tags.bench.applied.tag_created);
        assert_string_equal(tags.tag_object, tags.pushed);
        bench_close(&tags.bench);
    }
}

/* Seen by none of the three looks: pushed again, the very same object, and then found. */
static void test_a_lost_push_that_nobody_sees(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.fault = FAULT_LOST_DONE;
    tags.fault_at = 1;
    tags.hidden_reads = 3;
    assert_int_equal(tags_run(&tags), APPLY_MOVED);
    assert_int_equal(tags.pushes, 2);
    assert_int_equal(tags.signings, 1);
    assert_int_equal(tags.tags_made, 1);
    assert_string_equal(tags.tag_object, tags.pushed);
    bench_close(&tags.bench);
}

/* Not carried out: pushed once more, after looks at 1, 3 and 9 s. */
static void test_a_lost_push_that_was_not_carried_out(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.fault = FAULT_LOST_NOT;
    tags.fault_at = 1;
    assert_int_equal(tags_run(&tags), APPLY_DONE);
    assert_int_equal(tags.pushes, 2);
    assert_int_equal(tags.signings, 1);
    assert_int_equal(tags.bench.clock.slept_ms, 1000 + 3000 + 9000 + 1000);
    assert_string_equal(tags.tag_object, tags.pushed);
    bench_close(&tags.bench);
    tags_open(&tags); /* and again */
    tags.fault = FAULT_LOST_NOT;
    tags.fault_at = 1;
    tags.fault_calls = 9;
    assert_int_equal(tags_run(&tags), APPLY_FAILED);
    assert_int_equal(tags.pushes, 2);
    assert_true(tags.bench.error.code);
    assert_int_equal(tags.bench.server.draft_requests, 0);
    bench_close(&tags.bench);
}

/* The answer was lost, and the tag that is there is somebody else's: it is not ours to claim. */
static void test_a_lost_push_and_their_tag(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.fault = FAULT_LOST_NOT;
    tags.fault_at = 1;
    tags.theirs = object_id(&tags.bench.arena, 'e', 1);
    assert_int_equal(tags_run(&tags), APPLY_MOVED);
    assert_int_equal(tags.pushes, 1);
    assert_false(tags.bench.applied.tag_created);
    bench_close(&tags.bench);
}

static void test_the_look_after_a_lost_push_fails(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.fault = FAULT_LOST_DONE;
    tags.fault_at = 1;
    tags.read_fails = true;
    assert_int_equal(tags_run(&tags), APPLY_FAILED);
    assert_code(ERROR_SERVER, tags.bench.error.code);
    assert_int_equal(tags.pushes, 1);
    bench_close(&tags.bench);
}

static void test_interrupted_after_a_lost_push(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.fault = FAULT_LOST_DONE;
    tags.fault_at = 1;
    tags.bench.clock.interrupt_after = 1;
    assert_int_equal(tags_run(&tags), APPLY_FAILED);
    assert_code(ERROR_INTERRUPTED, tags.bench.error.code);
    assert_int_equal(tags.reads, 0);
    bench_close(&tags.bench);
}

/* A push that started no workflow is told; what may not be seen, or can't be, is not told as that. */
static void test_the_run_of_a_push(void **state)
{
    static const struct {
        int runs;
        size_t looks;
        bool no_run;
    } cases[] = {
        {RUNS_SEEN, 1, false},   {RUNS_LATE, 2, false}, {RUNS_NONE, 2, true},
        {RUNS_HIDDEN, 1, false}, {RUNS_FAIL, 1, false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct tag_bench tags;

        tags_open(&tags);
        tags.runs = cases[i].runs;
        assert_int_equal(tags_run(&tags), APPLY_DONE); /* all is made, whatever is seen */
        assert_int_equal(tags.run_looks, cases[i].looks);
        assert_int_equal(tags.bench.applied.no_run, cases[i].no_run);
        assert_int_equal(tags.bench.server.count, 1);
        bench_close(&tags.bench);
    }
}

/* Asked to end ahead of a step: it isn't begun. */
static void test_interrupted_ahead_of_a_step(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.bench.clock.sleeps = tags.bench.clock.interrupt_after = 1;
    assert_int_equal(tags_run(&tags), APPLY_FAILED);
    assert_code(ERROR_INTERRUPTED, tags.bench.error.code);
    assert_null(tags.bench.server.branch_commit);
    assert_int_equal(tags.signings, 0);
    assert_int_equal(tags.pushes, 0);
    assert_int_equal(tags.bench.server.draft_requests, 0);
    bench_close(&tags.bench);
}

/* Asked to end while it waits for the run: all is made, and nothing is said of it. */
static void test_interrupted_while_looking_for_the_run(void **state)
{
    struct tag_bench tags;
    (void)state;

    tags_open(&tags);
    tags.runs = RUNS_NONE;
    tags.bench.clock.interrupt_after = 1;
    assert_int_equal(tags_run(&tags), APPLY_DONE);
    assert_int_equal(tags.run_looks, 0);
    assert_false(tags.bench.applied.no_run);
    bench_close(&tags.bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_runs),
        cmocka_unit_test(test_what_a_run_tells),
        cmocka_unit_test(test_branch_goes_first),
        cmocka_unit_test(test_progress_before_a_failure),
        cmocka_unit_test(test_text_of_a_person_stays),
        cmocka_unit_test(test_each_call_fails),
        cmocka_unit_test(test_lost_but_done),
        cmocka_unit_test(test_lost_and_not_done),
        cmocka_unit_test(test_lost_and_the_list_lags),
        cmocka_unit_test(test_the_list_lags),
        cmocka_unit_test(test_two_runs_at_once),
        cmocka_unit_test(test_another_run_and_a_lost_answer),
        cmocka_unit_test(test_a_stub_appears),
        cmocka_unit_test(test_the_draft_disappears),
        cmocka_unit_test(test_the_draft_disappears_and_so_does_the_answer),
        cmocka_unit_test(test_an_edit_after_a_lost_answer),
        cmocka_unit_test(test_the_branch_is_taken),
        cmocka_unit_test(test_an_odd_answer_is_a_failure),
        cmocka_unit_test(test_every_answer_is_lost),
        cmocka_unit_test(test_no_change_is_carried_out),
        cmocka_unit_test(test_interrupted_while_looking),
        cmocka_unit_test(test_interrupted_while_the_list_lags),
        cmocka_unit_test(test_notes_over_the_limit),
        cmocka_unit_test(test_the_run_of_a_push),
        cmocka_unit_test(test_interrupted_ahead_of_a_step),
        cmocka_unit_test(test_interrupted_while_looking_for_the_run),
        cmocka_unit_test(test_the_tag_is_made),
        cmocka_unit_test(test_the_signature_fails),
        cmocka_unit_test(test_an_unsigned_tag_is_made),
        cmocka_unit_test(test_the_push_is_refused),
        cmocka_unit_test(test_somebody_was_quicker),
        cmocka_unit_test(test_a_lost_push_that_was_carried_out),
        cmocka_unit_test(test_a_lost_push_that_nobody_sees),
        cmocka_unit_test(test_a_lost_push_that_was_not_carried_out),
        cmocka_unit_test(test_a_lost_push_and_their_tag),
        cmocka_unit_test(test_the_look_after_a_lost_push_fails),
        cmocka_unit_test(test_interrupted_after_a_lost_push),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
