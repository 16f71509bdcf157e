/* core/outline: generated notes, taken apart and put together. */
#include "support.h"

#include "core/outline.h"

#define ENTRY(number) "* Fix it by @a in https://github.com/o/n/pull/" #number

static const char categories[] =
    "<!-- Generated with .github/release.yml at main -->\n\n"
    "## What's Changed\n"
    "### Features\n" ENTRY(1) "\n" ENTRY(
        2) "\n"
           "### Other Changes\n" ENTRY(
               3) "\n\n"
                  "## New Contributors\n* @b made their first contribution\n\n"
                  "**Full Changelog**: https://github.com/o/n/compare/a...b";

static const char *printed(struct arena *arena, const struct outline *outline)
{
    CLEANUP(text_free) struct text out = {0};

    outline_print(outline, &out);
    return arena_copy(arena, text_string(&out));
}

/* Titles in the order of the alphabet; none comes first. */
static size_t by_letter(const void *state, const char *title)
{
    (void)state;
    return title ? (size_t)title[0] : 0;
}

static void test_parts(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct outline outline;
    (void)state;

    outline_read(&arena, categories, &outline);
    assert_int_equal(outline.count, 2);
    assert_string_equal(outline.sections[0].title, "Features");
    assert_int_equal(outline.sections[0].count, 2);
    assert_string_equal(outline.sections[1].entries[0], ENTRY(3));
    assert_true(string_starts(outline.head, "<!-- Generated"));
    assert_true(string_starts(outline.tail, "## New Contributors\n"));
    assert_true(string_starts(outline.changelog, "**Full Changelog**: "));
    assert_string_equal(printed(&arena, &outline), categories);
}

static void test_what_is_missing(void **state)
{
    static const char *const texts[] = {
        "",
        "**Full Changelog**: https://github.com/o/n/commits/a",
        "## What's Changed\n" ENTRY(1) "\n\n**Full Changelog**: x",
        "Another server's text.",
        "Another server's text.\n\n## What's Changed\n" ENTRY(1) "\n",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct outline outline;

        outline_read(&arena, texts[i], &outline);
        assert_string_equal(printed(&arena, &outline), texts[i]);
    }
}

static void test_places(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct outline outline;
    (void)state;

    outline_read(&arena, "## What's Changed\n### B\n* b\n### D\n* d\n", &outline);
    outline_add(&arena, outline_section(&arena, &outline, "C", by_letter, NULL), "* c");
    outline_add(&arena, outline_section(&arena, &outline, "E", by_letter, NULL), "* e");
    outline_add(&arena, outline_section(&arena, &outline, NULL, by_letter, NULL), "* none");
    outline_add(&arena, outline_section(&arena, &outline, "B", by_letter, NULL), "* b again");
    assert_string_equal(printed(&arena, &outline),
                        "## What's Changed\n* none\n### B\n* b\n"
                        "* b again\n### C\n* c\n### D\n* d\n### E\n* e\n");
}

static void test_entries(void **state)
{
    static const struct {
        const char *entry;
        uint32_t number;
    } cases[] = {
        {ENTRY(24), 24},
        {ENTRY(24) "  ", 24},
        {"* See https://github.com/x/y/pull/7 by @a in https://github.com/o/n/pull/24", 24},
        {"* Read /pull/7 by @a", 0},
        {"* x in https://github.com/o/n/pull/", 0},
        {"* x in https://github.com/o/n/pull/1234567890", 0},
        {"* x", 0},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(outline_number(cases[i].entry), cases[i].number);
    assert_true(outline_is_titled(ENTRY(1), "Fix it"));
    assert_false(outline_is_titled(ENTRY(1), "Fix"));
    assert_false(outline_is_titled(ENTRY(1), "Fix it by"));
    assert_false(outline_is_titled("*  by @a", ""));
    assert_false(outline_is_titled("- Fix it by @a", "Fix it"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_what_is_missing),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_entries),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
