/* core/version: the grammar and SemVer's order, by tables. */
#include "support.h"

#include "core/version.h"

#include <stdlib.h>

static void check_valid(struct table *table, const struct table_row *row, struct arena *arena,
                        const struct grammar *grammar, const struct version *version)
{
    table_expect_text(table, row, "version", row->cells[3], version_text(arena, version));
    table_expect_text(table, row, "written again", row->cells[0],
                      version_tag(arena, grammar, version));
}

static void check_miss(struct table *table, const struct table_row *row, struct arena *arena,
                       const struct grammar *grammar, const struct grammar_miss *miss)
{
    struct version version;
    struct grammar_miss ignored;

    if (!strings_equal(row->cells[3], "-")) {
        table_wrong(table, row, "was expected to be valid, misses at %zu (%s expected)",
                    miss->at + 1, miss->expected);
        return;
    }
    table_expect_number(table, row, "wrong character", atoi(row->cells[4]), (int)miss->at + 1);
    table_expect_text(table, row, "suggestion", cell_or_null(row->cells[5]), miss->suggestion);
    if (string_is_empty(miss->expected))
        table_wrong(table, row, "says nothing about what was expected");
    if (miss->suggestion && version_parse(arena, grammar, miss->suggestion, &version, &ignored))
        table_wrong(table, row, "the suggestion %s is itself not valid", miss->suggestion);
}

static void test_grammar(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "grammar.tsv", 6, 60);
    for (size_t i = 0; i < table.count; i++) {
        const struct table_row *row = &table.rows[i];
        CLEANUP(arena_free) struct arena arena = {0};
        struct grammar const grammar = {string_or(cell_or_null(row->cells[1]), ""), row->cells[2]};
        struct version version = {.major = 7};
        struct grammar_miss miss = {0};

        if (version_parse(&arena, &grammar, row->cells[0], &version, &miss)) {
            check_miss(&table, row, &arena, &grammar, &miss);
            table_expect_number(&table, row, "version untouched", 7, version.major);
        } else
            check_valid(&table, row, &arena, &grammar, &version);
    }
    table_close(&table);
}

static struct version parse(struct arena *arena, const char *text)
{
    static const struct grammar grammar = {"", "alpha beta rc RC"};
    struct version version = {0};
    struct grammar_miss miss;

    if (version_parse(arena, &grammar, text, &version, &miss))
        fail_msg("%s is not valid", text);
    return version;
}

static char sign(int number)
{
    return number < 0 ? '<' : number > 0 ? '>' : '=';
}

static void test_order(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "order.tsv", 3, 20);
    for (size_t i = 0; i < table.count; i++) {
        const struct table_row *row = &table.rows[i];
        CLEANUP(arena_free) struct arena arena = {0};
        struct version const a = parse(&arena, row->cells[0]), b = parse(&arena, row->cells[2]);
        char const expected = row->cells[1][0];
        char const reversed = expected == '<' ? '>' : expected == '>' ? '<' : '=';

        table_expect_number(&table, row, "order", expected, sign(version_compare(&a, &b)));
        table_expect_number(&table, row, "reversed", reversed, sign(version_compare(&b, &a)));
    }
    table_close(&table);
}

/* The rows of the table are consistent with each other: sorting by it is possible. */
static void test_order_is_transitive(void **state)
{
    static const char *const sorted[] = {
        "0.0.0-alpha.1", "0.0.0-alpha.2", "0.0.0-beta.1", "0.0.0-rc.1", "0.0.0-rc.9",
        "0.0.0-rc.10",   "0.0.0",         "0.0.1-rc.1",   "0.0.1",      "0.0.10",
        "0.1.0-alpha.1", "0.1.0",         "0.9.0",        "0.10.0",     "1.0.0-rc.1",
        "1.0.0",         "1.0.1",         "9.0.0",        "10.0.0",
    };
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(sorted); i++)
        for (size_t j = 0; j < COUNT_OF(sorted); j++) {
            struct version const a = parse(&arena, sorted[i]), b = parse(&arena, sorted[j]);

            if (sign(version_compare(&a, &b)) != sign((int)i - (int)j))
                fail_msg("%s and %s are out of order", sorted[i], sorted[j]);
        }
}

static void test_core_and_final(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct version const final = parse(&arena, "1.2.3"), candidate = parse(&arena, "1.2.3-rc.1");
    struct version const patch = parse(&arena, "1.2.4"), minor = parse(&arena, "1.3.3");
    struct version const major = parse(&arena, "2.2.3");
    (void)state;

    assert_true(version_is_final(&final));
    assert_false(version_is_final(&candidate));
    assert_true(version_same_core(&final, &candidate));
    assert_false(version_same_core(&final, &patch));
    assert_false(version_same_core(&final, &minor));
    assert_false(version_same_core(&final, &major));
}

static void test_word_in_list(void **state)
{
    (void)state;

    assert_true(word_in_list("rc", "rc", 2));
    assert_true(word_in_list("alpha beta rc", "beta", 4));
    assert_true(word_in_list("alpha  beta", "beta", 4));
    assert_true(word_in_list("alpha beta", "alphabet", 5));
    assert_false(word_in_list("alpha beta", "alp", 3));
    assert_false(word_in_list("alpha beta", "alphabet", 8));
    assert_false(word_in_list("alpha beta", "", 0));
    assert_false(word_in_list("", "rc", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grammar),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_order_is_transitive),
        cmocka_unit_test(test_core_and_final),
        cmocka_unit_test(test_word_in_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
