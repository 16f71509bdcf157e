/* core/highlights, core/markdown: bodies in tests/cases/highlights, NAME.md with what is to come of it in
 * NAME.expected. All are of o/r v1.1.0. */
#include "support.h"

#include "core/highlights.h"
#include "core/markdown.h"

#include <stdio.h>
#include <string.h>

static const char heading[] =
    "## Highlights of [o/r v1.1.0](https://github.com/o/r/releases/tag/v1.1.0)\n\n";

static const char *compose(struct arena *arena, const char *body, const char **silent)
{
    struct upstream_release release = {.tag = "v1.1.0", .body = body};
    struct upstream_facts const upstream = {.items = &release, .count = 1};

    return highlights_compose(arena, "https://github.com", "o/r", &upstream, silent);
}

static const char *read_case(struct arena *arena, const char *name, const char *end)
{
    CLEANUP(text_free) struct text content = {0};

    read_whole(arena_print(arena, "tests/cases/highlights/%s.%s", name, end), &content);
    return arena_copy(arena, text_string(&content));
}

static void test_bodies(void **state)
{
    static const char *const names[] = {"major",   "ahead", "nothing", "candidate",
                                        "fence",   "empty", "windows", "plain",
                                        "hostile", "links", "odd"};
    size_t failures = 0;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        const char *expected = read_case(&arena, names[i], "expected"), *silent;
        const char *found = compose(&arena, read_case(&arena, names[i], "md"), &silent);

        if (*expected)
            expected = arena_print(&arena, "%s%.*s", heading, (int)strlen(expected) - 1, expected);
        if (!strings_equal(expected, string_or(found, ""))) {
            printf("%s: expected:\n%s\nfound:\n%s\n", names[i], expected, string_or(found, ""));
            failures++;
        }
        assert_string_equal(silent, found ? "" : "v1.1.0");
    }
    assert_int_equal(failures, 0);
}

/* Too long: cut at a line, with a link, and a fence that was cut is closed. */
static void test_length(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text body = {0};
    const char *silent;
    (void)state;

    text_add(&body, "# Highlights\n```\n");
    for (int i = 0; i < 3000; i++)
        text_print(&body, "line %d\n", i);
    const char *found = compose(&arena, text_string(&body), &silent);
    assert_true(strlen(found) < HIGHLIGHTS_LIMIT + 300);
    assert_contains(found, "\n```\n\n… and more: https://github.com/o/r/releases/tag/v1.1.0");
    assert_int_equal(occurrences(found, "```"), 2);
}

/* Several releases, of which one says nothing; and those that are too many. */
static void test_several(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct upstream_release releases[] = {
        {.tag = "v1.2.0", .body = "## Highlights\nTwo."},
        {.tag = "v1.1.1", .body = "## What's Changed\n* x"},
        {.tag = "v1.1.0", .body = "One.\n## What's Changed\n* x"},
    };
    struct upstream_facts const upstream = {
        .items = releases, .count = COUNT_OF(releases), .left_out = 4};
    const char *silent;
    (void)state;

    const char *found = highlights_compose(&arena, "https://github.com", "o/r", &upstream, &silent);
    assert_string_equal(
        found,
        "## Highlights of [o/r v1.2.0](https://github.com/o/r/releases/tag/v1.2.0)\n\nTwo.\n\n"
        "## Highlights of [o/r v1.1.0](https://github.com/o/r/releases/tag/v1.1.0)\n\nOne.\n\n"
        "And 4 earlier releases: https://github.com/o/r/releases");
    assert_string_equal(silent, "v1.1.1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bodies),
        cmocka_unit_test(test_length),
        cmocka_unit_test(test_several),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
