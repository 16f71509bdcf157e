/* core/notes_images: the images' block, added, replaced, taken out, and kept where notes are cut. */
#include "support.h"

#include "core/notes.h"
#include "core/notes_images.h"

#include <string.h>

static const char digest[] =
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static struct image_fact images[] = {
    {.reference = "ghcr.io/o/a:v1", .platforms = "linux/amd64, linux/arm64"},
    {.reference = "ghcr.io/o/b:v1", .platforms = ""},
};

static const char *block_of(struct arena *arena, const char *of_first)
{
    struct gates const gates = {.images = images, .image_count = 2};

    images[0].state = images[1].state = IMAGE_FOUND;
    images[0].digest = of_first;
    images[1].digest = digest;
    return notes_images_block(arena, &gates);
}

static void test_block(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct gates gates = {.images = images};
    (void)state;

    assert_string_equal(block_of(&arena, "sha256:1"),
                        "<!-- cut-release:images -->\n"
                        "## Images\n"
                        "\n"
                        "| image | digest | platforms |\n"
                        "| --- | --- | --- |\n"
                        "| `ghcr.io/o/a:v1` | `sha256:1` | linux/amd64, linux/arm64 |\n"
                        "| `ghcr.io/o/b:v1` | `sha256:"
                        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef` |  |\n"
                        "<!-- cut-release:images-end -->");
    assert_null(notes_images_block(&arena, &gates));
    gates.image_count = 2;
    images[1].state = IMAGE_MISSING;
    assert_null(notes_images_block(&arena, &gates));
}

#define BLOCK "<!-- cut-release:images -->\nnew\n<!-- cut-release:images-end -->"
#define OLD "<!-- cut-release:images -->\nold\nlines\n<!-- cut-release:images-end -->"
#define CHANGES "**Full Changelog**: https://github.com/o/n/compare/a...b"

static void test_places(void **state)
{
    static const struct {
        const char *part, *with, *without;
    } cases[] = {
        {"", BLOCK, ""},
        {"* one", "* one\n\n" BLOCK, "* one"},
        {"* one\n\n\n", "* one\n\n" BLOCK, "* one\n\n\n"},
        {CHANGES, BLOCK "\n\n" CHANGES, CHANGES},
        {"* one\n\n\n" CHANGES, "* one\n\n" BLOCK "\n\n" CHANGES, "* one\n\n\n" CHANGES},
        {"* one\n" CHANGES "\n", "* one\n\n" BLOCK "\n\n" CHANGES "\n", "* one\n" CHANGES "\n"},
        {CHANGES "\n* one", CHANGES "\n* one\n\n" BLOCK, CHANGES "\n* one"},
        {"* one\n\n" OLD "\n\n" CHANGES, "* one\n\n" BLOCK "\n\n" CHANGES, "* one\n\n" CHANGES},
        {"* one\n\n" OLD, "* one\n\n" BLOCK, "* one"},
        {OLD, BLOCK, ""},
        {"<!-- cut-release:images --> cut", "<!-- cut-release:images --> cut\n\n" BLOCK,
         "<!-- cut-release:images --> cut"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        const char *with = notes_with_images(&arena, cases[i].part, BLOCK);

        assert_string_equal(with, cases[i].with);
        assert_string_equal(notes_without_images(&arena, cases[i].part), cases[i].without);
        if (i + 1 < COUNT_OF(cases)) {
            assert_string_equal(notes_images(&arena, with), BLOCK);
            assert_string_equal(notes_with_images(&arena, with, BLOCK), with);
        }
    }
}

/* Our comments are none of those that mark our part. */
static void test_inside_of_our_part(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text body = {0};
    struct marker const marker = {.tag = "v1", .commit = "c1"};
    struct marked_body marked;
    (void)state;

    marker_write(&body, &marker, "* one\n\n" BLOCK);
    marker_read(&arena, text_string(&body), &marked);
    assert_int_equal(marked.state, MARKED_INTACT);
    assert_non_null(notes_images(&arena, marked.part));
    text_cut(&body, 0);
    marker_add_harmless(&body, "somebody's " BLOCK);
    assert_null(notes_images(&arena, text_string(&body)));
}

static void test_digests_that_differ(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *block = block_of(&arena, "sha256:1");
    (void)state;

    assert_false(notes_images_differ(block, &images[0]));
    images[0].digest = "sha256:2";
    assert_true(notes_images_differ(block, &images[0]));
    images[0].state = IMAGE_MISSING;
    assert_false(notes_images_differ(block, &images[0]));
    images[1].reference = "ghcr.io/o/b:v";
    images[1].digest = "sha256:2";
    assert_false(notes_images_differ(block, &images[1])); /* another, whose name is a part of it */
    images[1].reference = "ghcr.io/o/b:v1";
}

/* Notes that are too long lose entries, never the images. */
static void test_block_survives_the_cut(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text part = {0};
    struct marker const marker = {.tag = "v1", .commit = "c1"};
    struct marked_body marked;
    bool cut;
    (void)state;

    for (size_t i = 0; i < 4000; i++)
        text_print(&part, "* entry %zu of many, each of them a line that takes some room\n", i);
    text_add(&part, "\n" CHANGES);
    const char *with = notes_with_images(&arena, text_string(&part), BLOCK);
    const char *body = notes_body(&arena, "", &marker, with, "", "https://github.com/more", &cut);
    assert_true(cut);
    assert_in_range(notes_length(body), NOTES_BODY_LIMIT - NOTES_ROOM - 100,
                    NOTES_BODY_LIMIT - NOTES_ROOM);
    marker_read(&arena, body, &marked);
    assert_int_equal(marked.state, MARKED_INTACT);
    assert_string_equal(notes_images(&arena, marked.part), BLOCK);
    assert_contains(marked.part, "… and more: https://github.com/more\n\n" BLOCK);
    /* Cut once, it takes another block, and is cut no further than it must be. */
    with = notes_with_images(&arena, marked.part, OLD);
    body = notes_body(&arena, "", &marker, with, "", "https://github.com/more", &cut);
    assert_in_range(notes_length(body), NOTES_BODY_LIMIT - 300, NOTES_BODY_LIMIT);
    marker_read(&arena, body, &marked);
    assert_string_equal(notes_images(&arena, marked.part), OLD);
    assert_int_equal(occurrences(marked.part, "cut-release:images -->"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_inside_of_our_part),
        cmocka_unit_test(test_digests_that_differ),
        cmocka_unit_test(test_block_survives_the_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
