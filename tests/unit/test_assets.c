/* core/assets: names, checksums, and what of a release is a file's. */
#include "support.h"

#include "core/assets.h"

#include <string.h>

static void test_names(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "assets.tsv", 3, 10);
    for (size_t i = 0; i < table.count; i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        const struct table_row *row = &table.rows[i];
        const char *name = asset_name(&arena, row->cells[0]);

        table_expect_text(&table, row, "name", row->cells[1], name);
        table_expect_text(&table, row, "type", row->cells[2], asset_content_type(name));
        table_expect_text(&table, row, "name of the name", name, asset_name(&arena, name));
    }
    table_close(&table);
}

static void add(struct arena *arena, struct file_facts *files, const char *path, int64_t size)
{
    assets_add(
        arena, files,
        (struct asset_file){.path = path, .real = arena_print(arena, "/w/%s", path), .size = size});
}

/* Sorted by name, each once, the checksums last and as long as they will be. */
static void test_complete(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct file_facts files = {.count = 0};
    (void)state;

    add(&arena, &files, "dist/b.gz", 5);
    add(&arena, &files, "dist/a b", 7);
    add(&arena, &files, "dist/b.gz", 5);
    assets_complete(&arena, &files, true);
    assert_int_equal(files.problem_count, 0);
    assert_int_equal(files.count, 3);
    assert_string_equal(files.items[0].name, "a.b");
    assert_string_equal(files.items[0].own, "a b");
    assert_string_equal(files.items[1].path, "dist/b.gz");
    assert_true(files.items[2].checksums);
    assert_null(assets_checksums(&arena, &files));
    files.items[0].digest = "0000000000000000000000000000000000000000000000000000000000000001";
    files.items[1].digest = "0000000000000000000000000000000000000000000000000000000000000002";
    const char *sums = assets_checksums(&arena, &files);
    assert_string_equal(sums,
                        "0000000000000000000000000000000000000000000000000000000000000001  a.b\n"
                        "0000000000000000000000000000000000000000000000000000000000000002  b.gz\n");
    assert_int_equal(files.items[2].size, strlen(sums));
    assert_int_equal(files.size, 12 + (int64_t)strlen(sums));
}

static void test_problems(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct file_facts files = {.count = 0};
    (void)state;

    assets_complete(&arena, &files, true);
    assert_int_equal(files.count, 0); /* no checksums of nothing */
    add(&arena, &files, "a b", 1);
    add(&arena, &files, "x/a.b", 1);
    add(&arena, &files, "empty", 0);
    add(&arena, &files, "large", ASSET_SIZE_LIMIT);
    add(&arena, &files, "almost", ASSET_SIZE_LIMIT - 1);
    add(&arena, &files, "SHA256SUMS", 1);
    assets_complete(&arena, &files, true);
    assert_int_equal(files.problem_count, 4);
    for (size_t i = 0; i < files.problem_count; i++)
        assert_code(files.problems[i].code, ERROR_ASSET_FILE);
}

static void test_too_many(void **state)
{
    (void)state;

    for (size_t checksums = 0; checksums < 2; checksums++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct file_facts files = {.count = 0};

        for (int i = 0; i < ASSETS_MOST; i++)
            add(&arena, &files, arena_print(&arena, "%d", i), 1);
        assets_complete(&arena, &files, checksums);
        assert_int_equal(files.problem_count, checksums);
    }
}

static void test_compare(void **state)
{
    struct asset assets[] = {
        {.id = 1, .name = "equal", .size = 5, .digest = "ab", .whole = true},
        {.id = 2, .name = "other", .size = 5, .digest = "cd", .whole = true},
        {.id = 3, .name = "shorter", .size = 4, .digest = "ab", .whole = true},
        {.id = 4, .name = "starter", .size = 5, .digest = "ab"},
        {.id = 5, .name = "silent", .size = 5, .whole = true},
    };
    struct asset_facts const there = {.items = assets, .count = COUNT_OF(assets)};
    static const struct {
        const char *name, *digest;
        enum asset_state state;
    } cases[] = {
        {"equal", "ab", ASSET_EQUAL},   {"equal", NULL, ASSET_UNDECIDED},
        {"other", "ab", ASSET_UNFIT},   {"shorter", NULL, ASSET_UNFIT},
        {"starter", NULL, ASSET_UNFIT}, {"silent", "ab", ASSET_EQUAL},
        {"silent", NULL, ASSET_EQUAL},  {"missing", NULL, ASSET_MISSING},
    };
    const struct asset *found;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct asset_file const file = {
            .name = cases[i].name, .digest = cases[i].digest, .size = 5};

        assert_int_equal(asset_compare(&file, &there, &found), cases[i].state);
        assert_int_equal(found != NULL, cases[i].state != ASSET_MISSING);
    }
}

/* A file's digest is needed where it decides; every file's where it decides about the checksums. */
static void test_digests_needed(void **state)
{
    struct asset assets[] = {
        {.name = "a", .size = 5, .digest = "ab", .whole = true},
        {.name = "SHA256SUMS", .size = 9, .digest = "cd", .whole = true},
    };
    struct asset_file items[] = {{.name = "a", .size = 5},
                                 {.name = "b", .size = 5},
                                 {.name = "SHA256SUMS", .size = 9, .checksums = true}};
    struct file_facts const files = {.items = items, .count = COUNT_OF(items)};
    (void)state;

    assert_true(asset_needs_digest(&files, 0, &(struct asset_facts){assets, 1}));
    assert_false(asset_needs_digest(&files, 1, &(struct asset_facts){assets, 1}));
    assert_true(asset_needs_digest(&files, 1, &(struct asset_facts){assets, 2}));
    assert_false(asset_needs_digest(&files, 0, &(struct asset_facts){.count = 0}));
    assert_true(assets_include(&files, "b"));
    assert_false(assets_include(&files, "c"));
}

static void test_size_text(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_string_equal(asset_size_text(&arena, 999), "999 bytes");
    assert_string_equal(asset_size_text(&arena, 1500), "1.5 kB");
    assert_string_equal(asset_size_text(&arena, 500000000), "500.0 MB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),     cmocka_unit_test(test_complete),
        cmocka_unit_test(test_problems),  cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_compare),   cmocka_unit_test(test_digests_needed),
        cmocka_unit_test(test_size_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
