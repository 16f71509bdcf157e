/*
 * A real history, and one of our own with the same oddities: every tag gets its verdict, and each
 * of the two files is judged whole. How a row is put before the rules stands in
 * tests/cases/llm-d-tags-verdicts.tsv.
 */
#include "support_model.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TAG, OBJECT, SIGNATURE, DATE, BRANCH, POSITION, MESSAGE };
enum { VERDICT = 1, CODES, NEAREST };

/* ---- a row of the history, as a model -------------------------------------------------------- */

static bool is_before(const struct table_row *other, const struct table_row *row)
{
    int const order = strcmp(other->cells[DATE], row->cells[DATE]);

    return order < 0 || (order == 0 && other->line < row->line);
}

static bool is(const struct table_row *row, int cell, const char *text)
{
    return strings_equal(row->cells[cell], text);
}

/* How far behind the branch's head; -1 where it is on none. */
static int position(const struct table_row *row)
{
    if (is(row, POSITION, "head"))
        return 0;
    if (string_starts(row->cells[POSITION], "behind-"))
        return atoi(row->cells[POSITION] + strlen("behind-"));
    if (!is(row, POSITION, "no-branch") && !is(row, POSITION, "not-on-branch"))
        fail_msg("line %zu: an unknown position \"%s\"", row->line, row->cells[POSITION]);
    return -1;
}

/* Of one branch, what is at the same place is the same commit. */
static const char *commit_of(struct arena *arena, const struct table_row *row)
{
    unsigned hash = 7;

    if (position(row) < 0 && !is(row, POSITION, "no-branch"))
        return object_id(arena, 'd', (unsigned)row->line);
    for (const char *at = row->cells[BRANCH]; *at; at++)
        hash = hash * 31 % 1000000 + (unsigned char)*at;
    return object_id(arena, 'c', hash * 100 + (unsigned)(position(row) + 1));
}

static void add_own_tag(struct arena *arena, struct model *model, const struct table_row *row)
{
    if (is(row, OBJECT, "lightweight")) {
        model_add_tag(arena, model, row->cells[TAG], commit_of(arena, row));
        return;
    }
    assert_string_equal(row->cells[OBJECT], "annotated");
    struct tag_object *object =
        model_add_signed_tag(arena, model, row->cells[TAG], commit_of(arena, row));
    object->message = row->cells[MESSAGE];
    object->signature = is(row, SIGNATURE, "PGP")    ? SIGNATURE_OPENPGP
                        : is(row, SIGNATURE, "SSH")  ? SIGNATURE_SSH
                        : is(row, SIGNATURE, "X509") ? SIGNATURE_X509
                                                     : SIGNATURE_NONE;
    object->verified = object->signature != SIGNATURE_NONE;
}

static void add_branch_once(struct arena *arena, struct model *model, const struct table_row *row,
                            const struct table_row *own)
{
    const char *name = row->cells[BRANCH];
    bool const same = strings_equal(name, own->cells[BRANCH]);

    if (is(row, POSITION, "no-branch") || refs_find(&model->branches, name) ||
        (same && is(own, POSITION, "no-branch")))
        return;
    model_add_branch(arena, model, name,
                     same && position(own) == 0 ? commit_of(arena, own)
                                                : object_id(arena, 'b', (unsigned)row->line));
}

static void build_model(struct arena *arena, const struct table *history,
                        const struct table_row *row, struct model *model)
{
    *model = (struct model){
        .repository = "owner/project",
        .default_branch = "main",
        .source = "main",
        .source_head = object_id(arena, 'a', 1),
        .on_source = {.relation = RELATION_BEHIND, .behind_by = 1},
    };
    add_own_tag(arena, model, row);
    add_branch_once(arena, model, row, row);
    for (size_t i = 0; i < history->count; i++)
        if (is_before(&history->rows[i], row)) {
            model_add_tag(arena, model, history->rows[i].cells[TAG],
                          commit_of(arena, &history->rows[i]));
            add_branch_once(arena, model, &history->rows[i], row);
        }
    model->on_branch = (struct comparison){.relation = RELATION_DIVERGED, .ahead_by = 1};
    if (position(row) > 0)
        model->on_branch =
            (struct comparison){.relation = RELATION_BEHIND, .behind_by = (uint32_t)position(row)};
}

/* The last candidate is further behind than its final release by the commits that came after it. */
static void place_candidate(const struct table *history, const struct table_row *row,
                            const struct history *neighbours, struct model *model)
{
    for (size_t i = 0; neighbours->last_candidate && i < history->count; i++) {
        int const after = position(&history->rows[i]) - position(row);

        if (strings_equal(history->rows[i].cells[TAG], neighbours->last_candidate->name) &&
            after > 0)
            model->since =
                (struct comparison){.relation = RELATION_AHEAD, .ahead_by = (uint32_t)after};
    }
}

/* ---- its verdict ----------------------------------------------------------------------------- */

static void judge_name(struct table *verdicts, const struct table_row *verdict,
                       const struct grammar_miss *miss)
{
    table_expect_text(verdicts, verdict, "verdict", verdict->cells[VERDICT], "grammar");
    table_expect_text(verdicts, verdict, "codes", verdict->cells[CODES], "error:CR-TAG-GRAMMAR");
    table_expect_text(verdicts, verdict, "nearest spelling", cell_or_null(verdict->cells[NEAREST]),
                      miss->suggestion);
}

static void judge_plan(struct table *verdicts, const struct table_row *verdict, struct arena *arena,
                       const struct plan *plan)
{
    table_expect_text(verdicts, verdict, "verdict", verdict->cells[VERDICT],
                      plan->refused ? "refused" : "passes");
    table_expect_text(verdicts, verdict, "codes", sorted_words(arena, verdict->cells[CODES]),
                      plan_findings(arena, plan));
    table_expect_text(verdicts, verdict, "previous tag", cell_or_null(verdict->cells[NEAREST]),
                      plan->previous_tag);
}

static void judge(struct table *verdicts, const struct table_row *verdict,
                  const struct table *history, const struct table_row *row)
{
    static const struct grammar grammar = {"v", "rc"};
    CLEANUP(arena_free) struct arena arena = {0};
    struct grammar_miss miss;
    struct version version;
    struct model model;
    struct inputs inputs;
    struct target target;
    struct history neighbours;
    struct plan plan;

    if (version_parse(&arena, &grammar, row->cells[TAG], &version, &miss)) {
        judge_name(verdicts, verdict, &miss);
        return;
    }
    build_model(&arena, history, row, &model);
    read_inputs(&arena, NULL, &inputs);
    model_target(&arena, &model, &inputs, "push", row->cells[TAG], &target);
    assert_string_equal(target.branch, row->cells[BRANCH]);
    history_read(&arena, &target, &model.tags, &neighbours);
    place_candidate(history, row, &neighbours, &model);
    model_plan(&arena, &model, &inputs, &target, &plan);
    judge_plan(verdicts, verdict, &arena, &plan);
}

static const struct table_row *find_tag(const struct table *table, const char *tag)
{
    for (size_t i = 0; i < table->count; i++)
        if (strings_equal(table->rows[i].cells[TAG], tag))
            return &table->rows[i];
    return NULL;
}

/* Every row of the history has a verdict, and the other way round. */
static void judge_all(const struct table *history, struct table *verdicts)
{
    for (size_t i = 0; i < history->count; i++) {
        const struct table_row *row = &history->rows[i];
        const struct table_row *verdict = find_tag(verdicts, row->cells[TAG]);

        if (verdict)
            judge(verdicts, verdict, history, row);
        else
            table_wrong(verdicts, &verdicts->rows[0], "the tag %s has no verdict yet",
                        row->cells[TAG]);
    }
    for (size_t i = 0; i < verdicts->count; i++)
        if (!find_tag(history, verdicts->rows[i].cells[TAG]))
            table_wrong(verdicts, &verdicts->rows[i], "the history has no such tag");
    if (history->count != verdicts->count)
        table_wrong(verdicts, &verdicts->rows[0], "%zu tags, %zu verdicts", history->count,
                    verdicts->count);
}

static void test_own_history(void **state)
{
    struct table history, verdicts;
    (void)state;

    table_open(&history, "odd-history.tsv", 7, 12);
    table_open(&verdicts, "odd-history-verdicts.tsv", 4, 12);
    judge_all(&history, &verdicts);
    table_close(&history);
    table_close(&verdicts);
}

static void test_real_history(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *shared = string_or(getenv("SHARED"), "../shared");
    const char *path = arena_print(&arena, "%s/data/llm-d-tags.tsv", shared);
    struct table history, verdicts;
    (void)state;

    table_open(&verdicts, "llm-d-tags-verdicts.tsv", 4, 40);
    if (access(path, R_OK) != 0) {
        print_message("NOT CHECKED: there is no %s (set SHARED); only the project's own history "
                      "was judged\n",
                      path);
        table_close(&verdicts);
        return;
    }
    table_open_path(&history, path, 7, true);
    judge_all(&history, &verdicts);
    print_message("judged: %zu tags of %s\n", history.count, path);
    table_close(&history);
    table_close(&verdicts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_history),
        cmocka_unit_test(test_real_history),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
