/* core/gomod and core/upstream: the tables gomod.tsv and upstream.tsv. */
#include "support.h"

#include "core/gomod.h"
#include "core/upstream.h"

#include <string.h>

static const char module[] = "m.example/x";

static void test_gomod(void **state)
{
    static const char *const uses[] = {
        [GOMOD_ABSENT] = "absent", [GOMOD_VERSION] = "version", [GOMOD_FOLDER] = "folder"};
    struct table table;
    (void)state;

    table_open(&table, "gomod.tsv", 4, 25);
    for (size_t i = 0; i < table.count; i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        const struct table_row *row = &table.rows[i];
        const char *version;
        enum gomod_use const use = gomod_read(&arena, row->cells[1], module, &version);

        table_expect_text(&table, row, "use", row->cells[2], uses[use]);
        table_expect_text(&table, row, "version", row->cells[3], string_or(version, "-"));
    }
    table_close(&table);
}

static const char *gomod_of(struct arena *arena, const char *cell)
{
    if (strings_equal(cell, "-"))
        return NULL;
    if (strings_equal(cell, "none"))
        return "module a\n";
    if (strings_equal(cell, "folder"))
        return "require m.example/x v1.0.0\nreplace m.example/x => ./x\n";
    return arena_print(arena, "require %s %s\n", module, cell);
}

static const char *offer_all(struct arena *arena, const struct upstream_range *range)
{
    static const char *const tags[] = {"v0.9.0",      "v1.10.0",      "v1.2.0",
                                       "v1.2.1",      "v1.9.0",       "v2.0.0",
                                       "v2.0.1-rc.1", "v2.0.1+build", "conformance/v3.0.0",
                                       "1.5.0",       "v1.3",         "v01.4.0",
                                       "v1.2.0",      "v1.5.0 "};
    struct upstream_facts upstream = {.missing = false};
    CLEANUP(text_free) struct text out = {0};

    for (size_t i = 0; i < COUNT_OF(tags); i++)
        upstream_offer(arena, &upstream, range,
                       &(struct upstream_release){.tag = tags[i], .body = ""});
    for (size_t i = 0; i < upstream.count; i++)
        text_print(&out, "%s%s", i ? "," : "", upstream.items[i].tag);
    return out.length ? arena_copy(arena, text_string(&out)) : "-";
}

static void test_ranges(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "upstream.tsv", 5, 20);
    for (size_t i = 0; i < table.count; i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        const struct table_row *row = &table.rows[i];
        struct upstream_range range = {.wanted = true};

        if (!strings_equal(row->cells[1], "latest"))
            upstream_by_module(&arena, module, gomod_of(&arena, row->cells[1]),
                               gomod_of(&arena, row->cells[2]), &range);
        table_expect_text(&table, row, "releases", row->cells[3],
                          range.wanted ? offer_all(&arena, &range) : "-");
        table_expect_text(&table, row, "said", row->cells[4],
                          range.refusal  ? "refusal"
                          : range.notice ? "notice"
                                         : "-");
    }
    table_close(&table);
}

/* More than are kept: the highest stay, the rest is counted. */
static void test_many(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct upstream_facts upstream = {.missing = false};
    struct upstream_range const range = {.wanted = true, .after = "v1.0.0", .up_to = "v1.0.99"};
    (void)state;

    for (int i = 1; i <= 50; i++) {
        int const patch = i * 7 % 51; /* in no order */
        const char *tag = arena_print(&arena, "v1.0.%d", patch);

        upstream_offer(&arena, &upstream, &range, &(struct upstream_release){tag, "body"});
    }
    assert_int_equal(upstream.count, UPSTREAM_MOST_RELEASES);
    assert_int_equal(upstream.left_out, 50 - UPSTREAM_MOST_RELEASES);
    assert_string_equal(upstream.items[0].tag, "v1.0.50");
    assert_string_equal(upstream.items[UPSTREAM_MOST_RELEASES - 1].tag, "v1.0.31");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gomod),
        cmocka_unit_test(test_ranges),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
