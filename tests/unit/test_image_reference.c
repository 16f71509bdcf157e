/* core/image_reference: each row of tests/cases/images.tsv. */
#include "support.h"

#include "core/image_reference.h"

#include <string.h>

static void check(struct table *table, const struct table_row *row)
{
    const char *const *cells = row->cells;
    struct image_reference found;
    struct error error = {0};

    if (image_reference_parse(&table->arena, cells[0], cells[1], &found, &error)) {
        table_expect_text(table, row, "registry", cells[2], "refused");
        assert_code(error.code, ERROR_INPUT_VALUE);
        return;
    }
    table_expect_text(table, row, "registry", cells[2], found.registry);
    table_expect_text(table, row, "name", cells[3], found.name);
    table_expect_text(table, row, "version", cells[4], found.version);
    table_expect_text(table, row, "text", cells[5], found.text);
    table_expect_text(table, row, "origin",
                      arena_print(&table->arena, "%s://%s",
                                  string_starts(cells[0], "http://") ? "http" : "https", cells[2]),
                      found.origin);
}

static void test_references(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "images.tsv", 6, 40);
    for (size_t i = 0; i < table.count; i++)
        check(&table, &table.rows[i]);
    table_close(&table);
}

static void test_bounds(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct image_reference found;
    struct error error = {0};
    char long_tag[130] = {0}, long_name[257] = {0};
    (void)state;

    memset(long_tag, 't', 128);
    assert_int_equal(image_reference_parse(&arena, "a", long_tag, &found, &error), 0);
    long_tag[128] = 't';
    assert_int_equal(image_reference_parse(&arena, "a", long_tag, &found, &error), -1);
    memset(long_name, 'n', 255);
    const char *whole = arena_print(&arena, "ghcr.io/%s", long_name);
    assert_int_equal(image_reference_parse(&arena, whole, "v1", &found, &error), 0);
    whole = arena_print(&arena, "ghcr.io/%sn", long_name);
    assert_int_equal(image_reference_parse(&arena, whole, "v1", &found, &error), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_references),
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
