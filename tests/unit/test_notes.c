/* core/notes: our part, and the bound of a body, 125 000 characters. */
#include "support.h"

#include "core/notes.h"

#include <string.h>

static const char more[] = "https://github.com/o/p/compare/v1...v2";
static const char umlaut[] = "\xc3\xbc", rocket[] = "\xf0\x9f\x9a\x80";

static struct marker usual(void)
{
    return (struct marker){.tag = "v0.1.0-rc.1", .commit = "c1", .recipe = 1, .title = 2};
}

static const char *body_of(struct arena *arena, const char *before, const char *part,
                           const char *after, bool *cut)
{
    struct marker const marker = usual();

    return notes_body(arena, before, &marker, part, after, more, cut);
}

/* How many characters a body has besides its part. */
static size_t frame_length(void)
{
    CLEANUP(arena_free) struct arena arena = {0};
    bool cut;

    return notes_length(body_of(&arena, "", "", "", &cut));
}

/* Lines of at most 60 characters that together have `length`, the newlines counted. */
static const char *lines_of(struct arena *arena, size_t length, const char *character)
{
    CLEANUP(text_free) struct text out = {0};

    for (size_t i = 0; i < length; i++)
        text_add(&out, i % 60 == 59 && i + 1 < length ? "\n" : character);
    return arena_copy(arena, text_string(&out));
}

static void test_length_is_in_characters(void **state)
{
    (void)state;

    assert_int_equal(notes_length(""), 0);
    assert_int_equal(notes_length("abc\n"), 4);
    assert_int_equal(notes_length("\xc3\xbc\xe2\x82\xac\xf0\x9f\x9a\x80"), 3);
}

static const char *part_of(struct arena *arena, const char *person, const char *highlights,
                           const char *generated)
{
    struct notes_sections const sections = {person, highlights, generated};

    return notes_part(arena, &sections);
}

static void test_part(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_string_equal(part_of(&arena, NULL, NULL, NULL), "");
    assert_string_equal(part_of(&arena, "", "", ""), "");
    assert_string_equal(part_of(&arena, "by hand", NULL, NULL), "by hand");
    assert_string_equal(part_of(&arena, "", NULL, "* one"), "* one");
    assert_string_equal(part_of(&arena, "by hand", "", "* one"), "by hand\n\n* one");
    assert_string_equal(part_of(&arena, "by hand", "## Highlights", "* one"),
                        "by hand\n\n## Highlights\n\n* one");
    assert_string_equal(part_of(&arena, NULL, "## Highlights", "* one"), "## Highlights\n\n* one");
    assert_lacks(part_of(&arena, "<!-- cut-release:end -->", "<!-- cut-release:end -->",
                         "<!-- cut-release:end -->"),
                 "<!-- cut-release");
}

static void test_whole_body(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct marked_body marked;
    bool cut = true;
    const char *body = body_of(&arena, "ahead\n\n", "* one", "\nbehind", &cut);
    (void)state;

    assert_false(cut);
    marker_read(&arena, body, &marked);
    assert_int_equal(marked.state, MARKED_INTACT);
    assert_string_equal(marked.before, "ahead\n\n");
    assert_string_equal(marked.after, "\nbehind");
    assert_lacks(body, more);
}

/* A body of that many characters; what is over 125 000 is cut at a line, with a link. */
static void check_length(size_t length, const char *character, const char *before, bool expected)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct marked_body marked;
    bool cut = !expected;
    const char *part = lines_of(&arena, length - frame_length() - notes_length(before), character);
    const char *body = body_of(&arena, before, part, "", &cut);

    assert_int_equal(cut, expected);
    assert_in_range(notes_length(body), NOTES_BODY_LIMIT - 200 - NOTES_ROOM,
                    expected ? NOTES_BODY_LIMIT - NOTES_ROOM : NOTES_BODY_LIMIT);
    assert_int_equal(occurrences(body, more), expected);
    marker_read(&arena, body, &marked);
    assert_int_equal(marked.state, MARKED_INTACT); /* a re-run finds it unedited */
    assert_string_equal(marked.before, before);
    if (!expected) {
        assert_int_equal(notes_length(body), length);
        return;
    }
    size_t const kept = (size_t)(strstr(marked.part, "\n\n") - marked.part);
    assert_memory_equal(marked.part, part, kept);
    assert_int_equal(part[kept], '\n'); /* at the end of an entry */
}

static void test_exactly_at_the_limit(void **state)
{
    static const char *const characters[] = {"x", umlaut, rocket};
    (void)state;

    assert_int_equal(NOTES_BODY_LIMIT, 125000);
    for (size_t i = 0; i < COUNT_OF(characters); i++) {
        check_length(124999, characters[i], "", false);
        check_length(125000, characters[i], "", false);
        check_length(125001, characters[i], "", true);
        check_length(130000, characters[i], "", true);
        check_length(500000, characters[i], "", true);
    }
}

/* A person's text counts too, and stays whole. */
static void test_text_around_counts(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *before = arena_print(&arena, "%s\n\n", lines_of(&arena, 50000, umlaut));
    (void)state;

    check_length(125000, "x", before, false);
    check_length(125001, "x", before, true);
}

/* One line longer than the whole limit: no line can be kept, but the link is there. */
static void test_one_endless_line(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text line = {0};
    struct marked_body marked;
    bool cut = false;
    (void)state;

    for (int i = 0; i < 126000; i++)
        text_add(&line, rocket);
    const char *body = body_of(&arena, "", text_string(&line), "", &cut);
    assert_true(cut);
    assert_in_range(notes_length(body), 1, NOTES_BODY_LIMIT);
    marker_read(&arena, body, &marked);
    assert_int_equal(marked.state, MARKED_INTACT);
    assert_contains(marked.part, more);
}

/* An entry of several lines is kept whole, or not at all. */
static void test_entries_of_several_lines(void **state)
{
    (void)state;

    for (size_t length = 125001; length < 125080; length += 3) {
        CLEANUP(arena_free) struct arena arena = {0};
        CLEANUP(text_free) struct text part = {0};
        struct marked_body marked;
        bool cut;

        for (size_t i = 0; part.length < length - frame_length(); i++)
            text_add(&part, "* an entry\n  and its further lines\n  are indented\n");
        const char *body = body_of(&arena, "", text_string(&part), "", &cut);
        assert_true(cut);
        marker_read(&arena, body, &marked);
        const char *end = strstr(marked.part, "\n\n… and more: ");
        assert_non_null(end);
        assert_true(end - marked.part > 124000);
        assert_memory_equal(end - strlen("\n  are indented"), "\n  are indented",
                            strlen("\n  are indented"));
    }
}

/* A character is never cut apart: what is left is UTF-8. */
static void test_cut_keeps_characters_whole(void **state)
{
    (void)state;

    for (size_t length = 125001; length < 125070; length += 7) {
        CLEANUP(arena_free) struct arena arena = {0};
        CLEANUP(text_free) struct text checked = {0};
        bool cut;
        const char *body =
            body_of(&arena, "", lines_of(&arena, length - frame_length(), rocket), "", &cut);

        assert_true(cut);
        text_add_foreign(&checked, body, strlen(body));
        assert_lacks(text_string(&checked), "?");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_length_is_in_characters),
        cmocka_unit_test(test_part),
        cmocka_unit_test(test_whole_body),
        cmocka_unit_test(test_exactly_at_the_limit),
        cmocka_unit_test(test_text_around_counts),
        cmocka_unit_test(test_one_endless_line),
        cmocka_unit_test(test_entries_of_several_lines),
        cmocka_unit_test(test_cut_keeps_characters_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
