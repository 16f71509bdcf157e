/* core/issue_choice: every run finds the same issue, and the same comment. */
#include "support_model.h"

#include "core/issue_choice.h"

#include <stdlib.h>
#include <string.h>

enum { WHAT, INPUT, ISSUES, FOUND, NUMBERS, STRANGERS, TO_ASK };

static bool has(const char *kind, const char *word)
{
    return strstr(kind, word) != NULL;
}

static void add_issue(struct arena *arena, struct facts *facts, const char *cell)
{
    char *kind;
    int64_t const number = strtoll(cell, &kind, 10);

    facts->issues.items = arena_append(arena, facts->issues.items, &facts->issues.count,
                                       sizeof(*facts->issues.items));
    facts->issues.items[facts->issues.count - 1] = (struct issue){
        .number = number,
        .title = has(kind, "titled") ? "Release v0.2.0-rc.1" : "Release v0.2.0",
        .body = "",
        .closed = has(kind, "closed"),
        .pull_request = has(kind, "pull"),
        .elsewhere = has(kind, "moved"),
        .by_maintainers = !has(kind, "stranger"),
    };
    if (!has(kind, "ours"))
        return;
    facts->issue_comments.items =
        arena_append(arena, facts->issue_comments.items, &facts->issue_comments.count,
                     sizeof(*facts->issue_comments.items));
    facts->issue_comments.items[facts->issue_comments.count - 1] =
        (struct issue_comment){.id = 100 + number, .issue = number, .tag = "v0.1.9"};
}

static const char *found_text(struct arena *arena, const struct issue_choice *choice)
{
    static const char *const texts[] = {
        [ISSUE_NONE] = "none",         [ISSUE_SEVERAL] = "several", [ISSUE_MISSING] = "missing",
        [ISSUE_PULL_REQUEST] = "pull", [ISSUE_ELSEWHERE] = "moved",
    };

    if (choice->found == ISSUE_ONE)
        return arena_print(arena, "%lld", (long long)choice->winner->number);
    assert_null(choice->winner);
    return texts[choice->found];
}

static void make_target(struct arena *arena, struct inputs *inputs, const char *issue,
                        struct target *target)
{
    struct model const model = {.repository = "o/n", .default_branch = "main"};

    read_inputs(arena, arena_print(arena, "tag=v0.2.0-rc.1|issue=%s", issue), inputs);
    model_target(arena, &model, inputs, "", "v0.2.0-rc.1", target);
}

static void check_row(struct table *table, const struct table_row *row)
{
    struct arena *arena = &table->arena;
    const char *rest = row->cells[ISSUES], *cell;
    struct facts *facts = arena_take(arena, sizeof(*facts));
    struct inputs inputs;
    struct target target;
    struct issue_choice choice;

    make_target(arena, &inputs, row->cells[INPUT], &target);
    while ((cell = next_part(arena, &rest, ' ')))
        if (!strings_equal(cell, "-"))
            add_issue(arena, facts, cell);
    issue_choose(arena, &inputs, &target, facts, &choice);
    table_expect_text(table, row, "found", row->cells[FOUND], found_text(arena, &choice));
    if (choice.found == ISSUE_SEVERAL)
        table_expect_text(table, row, "numbers", row->cells[NUMBERS], choice.numbers);
    table_expect_text(table, row, "strangers", row->cells[STRANGERS],
                      string_or(choice.strangers, "-"));
    table_expect_text(table, row, "to ask", row->cells[TO_ASK], string_or(choice.to_ask, "-"));
}

static void test_table(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "issue_choice.tsv", 7, 19);
    for (size_t i = 0; i < table.count; i++)
        check_row(&table, &table.rows[i]);
    table_close(&table);
}

/* Comments are asked for of a few closed issues, however many there are. */
static void test_many_closed_issues(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct facts facts = {.notes = NULL};
    struct inputs inputs;
    struct target target;
    struct issue_choice choice;
    (void)state;

    make_target(&arena, &inputs, "auto", &target);
    for (int i = 1; i <= 30; i++)
        add_issue(&arena, &facts, arena_print(&arena, "%d:closed", i));
    issue_choose(&arena, &inputs, &target, &facts, &choice);
    assert_string_equal(choice.to_ask, "1,2,3,4,5,6,7,8,9,10");
}

static void test_titles(void **state)
{
    static const char *const same[] = {"Release v0.1.0", "release V0.1.0",
                                       "  Release \t v0.1.0 \n"};
    static const char *const others[] = {"Release v0.1.0-rc.1", "Release v0.1.01", "Releasev0.1.0",
                                         "Re lease v0.1.0",     "Release",         "",
                                         "A Release v0.1.0",    "Release v0.1.0 x"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(same); i++)
        assert_true(issue_title_is(same[i], "Release v0.1.0"));
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_false(issue_title_is(others[i], "Release v0.1.0"));
}

/* The title is that of the final version, with the prefix of its line. */
static void test_title_of_a_candidate(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct model const model = {.repository = "o/n", .default_branch = "main"};
    struct inputs inputs;
    struct target target;
    (void)state;

    read_inputs(&arena, "tag=conformance/v0.2.0-rc.3|tag_prefix=conformance/v", &inputs);
    model_target(&arena, &model, &inputs, "", "conformance/v0.2.0-rc.3", &target);
    assert_string_equal(issue_title(&arena, &target), "Release conformance/v0.2.0");
}

/* ---- comments -------------------------------------------------------------------------------------- */

static const char *chosen(struct arena *arena, const struct issue_comment *items, size_t count)
{
    struct issue_comments comments = {.count = count};
    struct comment_choice choice;
    CLEANUP(text_free) struct text out = {0};

    comments.items = arena_take(arena, count * sizeof(*items) + 1);
    memcpy(comments.items, items, count * sizeof(*items));
    comment_choose(arena, &comments, 7, "v0.1.0", &choice);
    text_print(&out, "%lld;", choice.winner ? (long long)choice.winner->id : 0);
    for (size_t i = 0; i < choice.loser_count; i++)
        text_print(&out, " %lld", (long long)choice.losers[i]->id);
    return arena_copy(arena, text_string(&out));
}

static void test_comments(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct issue_comment const comments[] = {
        {.id = 9, .issue = 7, .tag = "v0.1.0", .intact = true},
        {.id = 4, .issue = 7, .tag = "v0.1.0-rc.1", .intact = true},
        {.id = 3, .issue = 8, .tag = "v0.1.0", .intact = true},
        {.id = 5, .issue = 7, .tag = "v0.1.0", .intact = true},
        {.id = 11, .issue = 7, .tag = "v0.1.0", .intact = false},
        {.id = 13, .issue = 7, .tag = "v0.1.0", .intact = false},
    };
    (void)state;

    assert_string_equal(chosen(&arena, comments, 0), "0;");
    assert_string_equal(chosen(&arena, comments + 1, 2), "0;");
    assert_string_equal(chosen(&arena, comments, 1), "9;");
    assert_string_equal(chosen(&arena, comments, 4), "5; 9");
    assert_string_equal(chosen(&arena, comments, 6),
                        "11; 9 5"); /* an edited one is never removed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),    cmocka_unit_test(test_many_closed_issues),
        cmocka_unit_test(test_titles),   cmocka_unit_test(test_title_of_a_candidate),
        cmocka_unit_test(test_comments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
