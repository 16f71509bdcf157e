/*
 * apply_issue, against an issue in memory and a clock that stands still: each call fails in turn, or
 * loses its answer, others come in between. Whatever happened, a clean run afterwards ends in the state
 * of one clean run.
 */
#include "support_model.h"

#include "apply.h"
#include "core/issue_choice.h"

#include <string.h>

static const char tag[] = "v0.10.0";
static const char body[] = "- [ ] Push the tag\n- [ ] Celebrate\n- [ ] Close this issue\n";

enum fault {
    FAULT_NONE,
    FAULT_FAIL,      /* not carried out, and said so */
    FAULT_LOST_DONE, /* carried out, the answer is lost (a read just fails) */
    FAULT_LOST_NOT,  /* not carried out, and nobody knows */
    FAULT_COUNT
};

enum { MOST_COMMENTS = 8 };

struct bench {
    struct arena arena;
    struct fake_clock clock;
    struct inputs inputs;
    struct target target;
    struct plan plan;
    struct release release;
    struct applied applied;
    struct error error;

    /* The server. */
    struct issue issue;
    bool deleted;
    struct issue_comment comments[MOST_COMMENTS];
    size_t comment_count;
    int64_t next_id;

    /* What goes wrong. */
    enum fault fault;
    size_t fault_at, fault_calls;
    size_t lag;           /* so many lists don't show comments that were made in this run */
    int64_t first_hidden; /* from this id on */
    bool odd_answers;     /* an issue that was written is answered with another text */
    void (*meanwhile)(struct bench *bench, size_t call); /* ahead of each call */

    /* What happened. */
    size_t calls, made, updates, deletions, issue_updates, closings;
};

/* ---- the server --------------------------------------------------------------------------------- */

static enum fault next_call(struct bench *bench)
{
    bench->calls++;
    if (bench->meanwhile)
        bench->meanwhile(bench, bench->calls);
    bool const struck = bench->fault_at && bench->calls >= bench->fault_at &&
                        bench->calls < bench->fault_at + bench->fault_calls;
    return struck ? bench->fault : FAULT_NONE;
}

static bool is_carried_out(enum fault fault)
{
    return fault == FAULT_NONE || fault == FAULT_LOST_DONE;
}

static enum write_end end_of(enum fault fault, struct error *error)
{
    if (fault == FAULT_NONE)
        return WRITE_DONE;
    error_set(error, ERROR_SERVER, NULL, "the server failed");
    return fault == FAULT_FAIL ? WRITE_FAILED : WRITE_LOST;
}

static int read_fails(enum fault fault, struct error *error)
{
    return fault == FAULT_NONE ? 0 : error_set(error, ERROR_SERVER, NULL, "the server failed");
}

static struct issue_comment *add_comment(struct bench *bench, const char *text)
{
    assert_true(bench->comment_count < MOST_COMMENTS);
    struct issue_comment *comment = &bench->comments[bench->comment_count++];

    *comment = (struct issue_comment){.id = ++bench->next_id, .issue = 7};
    assert_true(issue_comment_read(&bench->arena, text, comment));
    return comment;
}

static int list_comments(void *state, struct arena *arena, int64_t issue,
                         struct issue_comments *comments, struct error *error)
{
    struct bench *bench = state;
    struct issue_comments found = {.count = 0};

    assert_int_equal(issue, 7);
    if (read_fails(next_call(bench), error))
        return -1;
    bool const lags = bench->lag && bench->lag--;
    for (size_t i = 0; i < bench->comment_count; i++) {
        if (lags && bench->comments[i].id >= bench->first_hidden)
            continue;
        found.items = arena_append(arena, found.items, &found.count, sizeof(*found.items));
        found.items[found.count - 1] = bench->comments[i];
    }
    *comments = found;
    return 0;
}

static enum write_end create_comment(void *state, struct arena *arena, int64_t issue,
                                     const char *text, struct issue_comment *made,
                                     struct error *error)
{
    struct bench *bench = state;
    enum fault const fault = next_call(bench);
    (void)arena;

    assert_int_equal(issue, 7);
    if (bench->deleted)
        return WRITE_GONE;
    if (is_carried_out(fault)) {
        const struct issue_comment *comment = add_comment(bench, text);

        bench->made++;
        if (fault == FAULT_NONE)
            *made = *comment;
    }
    return end_of(fault, error);
}

static struct issue_comment *find(struct bench *bench, int64_t id)
{
    for (size_t i = 0; i < bench->comment_count; i++)
        if (bench->comments[i].id == id)
            return &bench->comments[i];
    return NULL;
}

static enum write_end update_comment(void *state, struct arena *arena,
                                     const struct issue_comment *comment, const char *text,
                                     struct issue_comment *made, struct error *error)
{
    struct bench *bench = state;
    enum fault const fault = next_call(bench);
    struct issue_comment *found = find(bench, comment->id);
    (void)arena;

    if (!found)
        return fault == FAULT_NONE ? WRITE_GONE : end_of(fault, error);
    if (is_carried_out(fault)) {
        assert_true(issue_comment_read(&bench->arena, text, found));
        bench->updates++;
        if (fault == FAULT_NONE)
            *made = *found;
    }
    return end_of(fault, error);
}

static enum write_end delete_comment(void *state, struct arena *arena, int64_t id,
                                     struct error *error)
{
    struct bench *bench = state;
    enum fault const fault = next_call(bench);
    struct issue_comment *found = find(bench, id);
    (void)arena;

    if (is_carried_out(fault)) {
        if (!found)
            return fault == FAULT_NONE ? WRITE_GONE : end_of(fault, error);
        *found = bench->comments[--bench->comment_count];
        bench->deletions++;
    }
    return end_of(fault, error);
}

static int read_issue(void *state, struct arena *arena, int64_t number, struct issue *issue,
                      bool *exists, struct error *error)
{
    struct bench *bench = state;
    (void)arena;

    assert_int_equal(number, 7);
    if (read_fails(next_call(bench), error))
        return -1;
    *exists = !bench->deleted;
    *issue = bench->issue;
    return 0;
}

static enum write_end update_issue(void *state, struct arena *arena, int64_t number,
                                   const char *text, bool close, struct issue *made,
                                   struct error *error)
{
    struct bench *bench = state;
    enum fault const fault = next_call(bench);
    (void)arena;

    assert_int_equal(number, 7);
    assert_true(text || close);
    if (bench->deleted)
        return WRITE_GONE;
    if (is_carried_out(fault)) {
        if (text)
            bench->issue.body = arena_copy(&bench->arena, text);
        bench->closings += close && !bench->issue.closed;
        bench->issue.closed = bench->issue.closed || close;
        bench->issue_updates++;
        *made = bench->issue;
        if (bench->odd_answers)
            made->body = "something else";
    }
    return end_of(fault, error);
}

/* ---- a run ------------------------------------------------------------------------------------------ */

static void bench_open(struct bench *bench, const char *values)
{
    struct arena *arena = &bench->arena;
    struct model model = {.repository = "o/n", .default_branch = "main"};

    *bench = (struct bench){.next_id = 100, .first_hidden = INT64_MAX, .fault_calls = 1};
    fake_clock_start(&bench->clock);
    read_inputs(arena,
                arena_print(arena, "command=announce|tag=%s%s%s", tag, values ? "|" : "",
                            values ? values : ""),
                &bench->inputs);
    model_target(arena, &model, &bench->inputs, "", tag, &bench->target);
    bench->release = (struct release){
        .id = 5, .tag = tag, .title = tag, .body = "B", .page = "p", .upload_url = "u"};
    bench->issue = (struct issue){.number = 7,
                                  .title = "Release v0.10.0",
                                  .body = body,
                                  .author = "bob",
                                  .page = "https://github.com/o/n/issues/7",
                                  .by_maintainers = true};
}

static void look_and_plan(struct bench *bench)
{
    struct arena *arena = &bench->arena;
    struct model model = {.repository = "o/n", .default_branch = "main"};
    struct facts *facts = arena_take(arena, sizeof(*facts));
    struct issue *issue = arena_take(arena, sizeof(*issue));

    *issue = bench->issue;
    model_add_tag(arena, &model, "v0.9.0", object_id(arena, 'c', 40));
    model_add_signed_tag(arena, &model, tag, object_id(arena, 'c', 1));
    model_add_branch(arena, &model, "release-0.10", object_id(arena, 'c', 1));
    model.releases = (struct release_facts){.items = &bench->release, .count = 1};
    model.latest = (struct latest_release){.id = bench->release.id, .tag = tag};
    model.issues = (struct issue_facts){.items = issue, .count = 1};
    model.issue_comments.items = arena_take(arena, sizeof(bench->comments));
    memcpy(model.issue_comments.items, bench->comments, sizeof(bench->comments));
    model.issue_comments.count = bench->comment_count;
    model_observe(arena, &model, &bench->inputs, &bench->target, facts);
    plan_make(arena, &bench->inputs, &bench->target, facts, "https://github.com", &bench->plan);
    assert_false(bench->plan.refused);
    bench->first_hidden = bench->next_id + 1;
}

static enum apply_end apply_once(struct bench *bench)
{
    struct effects const effects = {
        .state = bench,
        .list_issue_comments = list_comments,
        .create_issue_comment = create_comment,
        .update_issue_comment = update_comment,
        .delete_issue_comment = delete_comment,
        .read_issue = read_issue,
        .update_issue = update_issue,
    };
    struct applying const applying = {
        .arena = &bench->arena,
        .plan = &bench->plan,
        .target = &bench->target,
        .effects = &effects,
        .clock = &bench->clock.clock,
        .release_pages = 1,
    };

    bench->applied = (struct applied){0};
    return apply(&applying, &bench->applied, &bench->error);
}

static enum apply_end run_once(struct bench *bench)
{
    look_and_plan(bench);
    return apply_once(bench);
}

/* All is well again: a clean run, and another that has nothing to do. */
static void heal_and_run(struct bench *bench)
{
    bench->fault_at = bench->lag = 0;
    bench->meanwhile = NULL;
    bench->odd_answers = false;
    assert_int_equal(run_once(bench), APPLY_DONE);
    size_t const calls = bench->calls;
    look_and_plan(bench);
    assert_false(plan_changes(&bench->plan));
    assert_int_equal(apply_once(bench), APPLY_DONE);
    assert_int_equal(bench->calls, calls);
    assert_false(bench->applied.changed);
}

static void expect_end_state(const struct bench *bench)
{
    assert_int_equal(bench->comment_count, 1);
    assert_string_equal(bench->comments[0].tag, tag);
    assert_true(bench->comments[0].intact);
    assert_string_equal(bench->issue.body,
                        "- [x] Push the tag\n- [ ] Celebrate\n- [x] Close this issue\n");
    assert_true(bench->issue.closed);
    assert_int_equal(bench->closings, 1);
}

/* ---- tests ------------------------------------------------------------------------------------------ */

static void test_a_clean_run(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_true(bench.applied.changed);
    expect_end_state(&bench);
    assert_int_equal(bench.calls, 5); /* list, comment, list, read, update */
    assert_int_equal(bench.clock.sleeps, 0);
    heal_and_run(&bench);
    expect_end_state(&bench);
    arena_free(&bench.arena);
}

/* Each call of a run meets each fault, once and twice; whatever that run says, the next one mends it. */
static void test_every_fault_at_every_call(void **state)
{
    (void)state;

    for (size_t at = 1; at <= 5; at++)
        for (enum fault fault = FAULT_FAIL; fault < FAULT_COUNT; fault++)
            for (size_t calls = 1; calls <= 2; calls++) {
                struct bench bench;

                bench_open(&bench, NULL);
                bench.fault = fault;
                bench.fault_at = at;
                bench.fault_calls = calls;
                enum apply_end const end = run_once(&bench);
                if (end == APPLY_DONE)
                    expect_end_state(&bench);
                assert_true(bench.made <= 1); /* nothing is repeated blindly */
                heal_and_run(&bench);
                expect_end_state(&bench);
                assert_int_equal(bench.made, 1);
                assert_int_equal(bench.deletions, 0);
                arena_free(&bench.arena);
            }
}

/* A lost answer, and lists that lag: looked for before it is made again. */
static void test_lost_and_late(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    bench.fault = FAULT_LOST_DONE;
    bench.fault_at = 2;
    bench.lag = 3; /* the first list, and two of the looks */
    assert_int_equal(run_once(&bench), APPLY_DONE);
    expect_end_state(&bench);
    assert_int_equal(bench.made, 1);
    assert_int_equal(bench.clock.slept_ms, 1000 + 3000 + 9000);
    assert_true(bench.applied.changed);
    arena_free(&bench.arena);
}

/* Never seen in the list: the answer said that it was made, so there is no second one. */
static void test_made_and_never_listed(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    bench.lag = 100;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.made, 1);
    assert_int_equal(bench.clock.slept_ms, 13000);
    arena_free(&bench.arena);
}

/* Lost and not carried out: made again, once nobody sees it. */
static void test_lost_and_made_again(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    bench.fault = FAULT_LOST_NOT;
    bench.fault_at = 2;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.clock.slept_ms, 1000 + 3000 + 9000);
    expect_end_state(&bench);
    arena_free(&bench.arena);
}

/* Calls are: list, create, look, look, look, create, … */
static void lose_all_creations(struct bench *bench, size_t call)
{
    bench->fault_at = call >= 2 && (call - 2) % 4 == 0 ? call : 0;
}

static void test_given_up(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    bench.fault = FAULT_LOST_NOT;
    bench.meanwhile = lose_all_creations;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_SERVER);
    assert_int_equal(bench.made, 0);
    assert_false(bench.issue.closed); /* the comment comes first */
    assert_false(bench.applied.changed);
    heal_and_run(&bench);
    expect_end_state(&bench);
    arena_free(&bench.arena);
}

/* Another run comments right ahead of ours, which has looked already. */
static void another_run_comments(struct bench *bench, size_t call)
{
    if (call == 2)
        add_comment(bench, issue_comment_text(&bench->arena, &bench->plan.issue.story));
}

static void test_race(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    bench.meanwhile = another_run_comments;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.deletions, 1);
    assert_int_equal(bench.comments[0].id, 101); /* the lowest id is the one */
    expect_end_state(&bench);
    arena_free(&bench.arena);
}

/* The other run has removed our comment, which has the higher id. */
static void another_run_tidies(struct bench *bench, size_t call)
{
    another_run_comments(bench, call);
    if (call == 3)
        bench->comment_count = 1;
}

static void test_race_that_the_other_tidies(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    bench.meanwhile = another_run_tidies;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    expect_end_state(&bench);
    arena_free(&bench.arena);
}

/* A comment that tells of another commit is written again; gone meanwhile, it is made anew. */
static void somebody_deletes_the_comment(struct bench *bench, size_t call)
{
    if (call == 2)
        bench->comment_count = 0;
}

static void test_update(void **state)
{
    static void (*const others[])(struct bench *, size_t) = {NULL, somebody_deletes_the_comment};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(others); i++)
        for (enum fault fault = FAULT_NONE; fault < FAULT_COUNT; fault++) {
            struct bench bench;
            struct issue_story story;

            bench_open(&bench, NULL);
            look_and_plan(&bench);
            story = bench.plan.issue.story;
            story.commit = "c9";
            add_comment(&bench, issue_comment_text(&bench.arena, &story));
            bench.meanwhile = others[i];
            bench.fault = fault;
            bench.fault_at = 2;
            run_once(&bench);
            heal_and_run(&bench);
            expect_end_state(&bench);
            assert_true(bench.comments[0].recipe == issue_recipe(&bench.plan.issue.story));
            assert_int_equal(bench.updates, !others[i]);
            arena_free(&bench.arena);
        }
}

/* A person's words in our comment stay, and the issue is closed all the same. */
static void test_edited_comment(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    look_and_plan(&bench);
    struct issue_comment *comment =
        add_comment(&bench, issue_comment_text(&bench.arena, &bench.plan.issue.story));
    comment->intact = false;
    comment->recipe ^= 1;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.updates + bench.made + bench.deletions, 0);
    assert_true(bench.issue.closed);
    arena_free(&bench.arena);
}

/* ---- the issue's text ------------------------------------------------------------------------------ */

static void somebody_edits(struct bench *bench, size_t call)
{
    if (call == 3) /* the plan was made from the text before */
        bench->issue.body = "- [ ] Push the tag\n- [x] Bring cake\n- [ ] Close this issue\n";
}

static void test_edited_meanwhile(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    bench.meanwhile = somebody_edits;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_string_equal(bench.issue.body,
                        "- [x] Push the tag\n- [x] Bring cake\n- [x] Close this issue\n");
    assert_int_equal(bench.issue_updates, 1);
    arena_free(&bench.arena);
}

/* The answer shows another text: somebody wrote at the same time. Looked at anew, it is done. */
static void test_odd_answer(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    bench.odd_answers = true;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    expect_end_state(&bench);
    assert_int_equal(bench.issue_updates, 1);
    arena_free(&bench.arena);
}

/* Somebody undoes what is written, each time. */
static void somebody_undoes(struct bench *bench, size_t call)
{
    (void)call;
    bench->issue.body = body;
}

static void test_undone_for_ever(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, "close_issue=false");
    bench.odd_answers = true;
    bench.meanwhile = somebody_undoes;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_ANSWER);
    assert_int_equal(bench.issue_updates, 3);
    arena_free(&bench.arena);
}

static void somebody_closes(struct bench *bench, size_t call)
{
    if (call == 3)
        bench->issue.closed = true;
}

static void test_closed_meanwhile(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, NULL);
    bench.meanwhile = somebody_closes;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.closings, 0);
    assert_contains(bench.issue.body, "- [x] Close this issue");
    arena_free(&bench.arena);
}

static void somebody_deletes_the_issue_early(struct bench *bench, size_t call)
{
    bench->deleted = call >= 2;
}

static void somebody_deletes_the_issue(struct bench *bench, size_t call)
{
    bench->deleted = call >= 4;
}

static void somebody_deletes_the_issue_late(struct bench *bench, size_t call)
{
    bench->deleted = call >= 5;
}

static void test_deleted_meanwhile(void **state)
{
    static void (*const others[])(struct bench *, size_t) = {somebody_deletes_the_issue_early,
                                                             somebody_deletes_the_issue,
                                                             somebody_deletes_the_issue_late};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct bench bench;

        bench_open(&bench, NULL);
        bench.meanwhile = others[i];
        assert_int_equal(run_once(&bench), APPLY_FAILED);
        assert_code(bench.error.code, ERROR_ISSUE_MISSING);
        assert_contains(bench.error.message, "while applying the step \"issue\"");
        arena_free(&bench.arena);
    }
}

/* A signal ends each of the waits. */
static void test_interrupted(void **state)
{
    (void)state;

    for (size_t at = 2; at <= 5; at += 3) {
        struct bench bench;

        bench_open(&bench, NULL);
        bench.fault = FAULT_LOST_NOT;
        bench.fault_at = at;
        bench.clock.interrupt_after = 1;
        assert_int_equal(run_once(&bench), APPLY_FAILED);
        assert_code(bench.error.code, ERROR_INTERRUPTED);
        arena_free(&bench.arena);
    }
    struct bench bench;

    bench_open(&bench, NULL);
    bench.lag = 100;
    bench.clock.interrupt_after = 2;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(bench.error.code, ERROR_INTERRUPTED);
    arena_free(&bench.arena);
}

/* Surplus comments whose removal fails, or loses its answer. */
static void test_surplus(void **state)
{
    (void)state;

    for (enum fault fault = FAULT_NONE; fault < FAULT_COUNT; fault++)
        for (size_t calls = 1; calls <= 2; calls++) {
            struct bench bench;

            bench_open(&bench, NULL);
            look_and_plan(&bench);
            for (int i = 0; i < 3; i++)
                add_comment(&bench, issue_comment_text(&bench.arena, &bench.plan.issue.story));
            bench.fault = fault;
            bench.fault_at = 2;
            bench.fault_calls = calls;
            enum apply_end const end = run_once(&bench);
            assert_int_equal(end == APPLY_DONE, fault != FAULT_FAIL && (calls == 1 || !fault));
            heal_and_run(&bench);
            expect_end_state(&bench);
            assert_int_equal(bench.comments[0].id, 101);
            arena_free(&bench.arena);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_clean_run),
        cmocka_unit_test(test_every_fault_at_every_call),
        cmocka_unit_test(test_lost_and_late),
        cmocka_unit_test(test_made_and_never_listed),
        cmocka_unit_test(test_lost_and_made_again),
        cmocka_unit_test(test_given_up),
        cmocka_unit_test(test_race),
        cmocka_unit_test(test_race_that_the_other_tidies),
        cmocka_unit_test(test_update),
        cmocka_unit_test(test_edited_comment),
        cmocka_unit_test(test_edited_meanwhile),
        cmocka_unit_test(test_odd_answer),
        cmocka_unit_test(test_undone_for_ever),
        cmocka_unit_test(test_closed_meanwhile),
        cmocka_unit_test(test_deleted_meanwhile),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_surplus),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
