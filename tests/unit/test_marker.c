/* core/marker: what is ours in a body, and what a person changed. */
#include "support.h"

#include "core/marker.h"

#include <stdio.h>
#include <string.h>

static const char commit[] = "c000000000000000000000000000000000000001";

static struct marker usual(void)
{
    return (struct marker){
        .tag = "v0.1.0-rc.1", .commit = commit, .recipe = 0xFEDCBA9876543210U, .title = 7};
}

static const char *body_with(struct arena *arena, const char *before, const char *part,
                             const char *after)
{
    CLEANUP(text_free) struct text body = {0};
    struct marker const marker = usual();

    text_add(&body, before);
    marker_write(&body, &marker, part);
    text_add(&body, after);
    return arena_copy(arena, text_string(&body));
}

static void test_written_and_read(void **state)
{
    static const char *const parts[] = {
        "", "* one", "* one\n* two\n", "\n\nx\n\n", "gr\xc3\xbc\xc3\x9f", "a --> b <!-- c --> d"};
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct marked_body marked;

        marker_read(&arena, body_with(&arena, "ahead\n\n", parts[i], "\nbehind"), &marked);
        assert_int_equal(marked.state, MARKED_INTACT);
        assert_string_equal(marked.before, "ahead\n\n");
        assert_string_equal(marked.after, "\nbehind");
        assert_string_equal(marked.marker.tag, "v0.1.0-rc.1");
        assert_string_equal(marked.marker.commit, commit);
        assert_true(marked.marker.recipe == 0xFEDCBA9876543210U);
        assert_true(marked.marker.title == 7);
        assert_true(marker_hash(marked.part) == marker_hash(parts[i]));
    }
}

/* Reading and writing again makes the same body: nothing outside moves. */
static void test_writing_again_moves_nothing(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *body = body_with(&arena, "a person's\n", "* one", "\n\nmore");
    (void)state;

    for (int round = 0; round < 3; round++) {
        CLEANUP(text_free) struct text again = {0};
        struct marked_body marked;

        marker_read(&arena, body, &marked);
        text_add(&again, marked.before);
        marker_write(&again, &marked.marker, "* one");
        text_add(&again, marked.after);
        assert_string_equal(text_string(&again), body);
    }
}

static void test_no_marker(void **state)
{
    static const char *const bodies[] = {
        "",
        "Release v0.9.0",
        "<!-- a comment -->",
        "<!-- cut -->",
        "cut-release:begin",
        "<! -- cut-release:begin -->",
        "<!--\ncut-release:begin -->",
    };
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct marked_body marked;

        marker_read(&arena, bodies[i], &marked);
        assert_int_equal(marked.state, MARKED_NONE);
        assert_string_equal(marked.before, bodies[i]);
        assert_string_equal(marked.part, "");
        assert_string_equal(marked.after, "");
    }
}

static const char *swap(struct arena *arena, const char *body, const char *from, const char *into)
{
    const char *at = strstr(body, from);

    assert_non_null(at);
    return arena_print(arena, "%.*s%s%s", (int)(at - body), body, into, at + strlen(from));
}

static enum marked state_of(struct arena *arena, const char *body)
{
    struct marked_body marked;

    marker_read(arena, body, &marked);
    return marked.state;
}

static void test_edits(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *body = body_with(&arena, "", "* one\n* two", "");
    (void)state;

    assert_int_equal(state_of(&arena, swap(&arena, body, "two", "TWO")), MARKED_EDITED);
    assert_int_equal(state_of(&arena, swap(&arena, body, "* one\n", "")), MARKED_EDITED);
    assert_int_equal(state_of(&arena, swap(&arena, body, "* one", "*  one")), MARKED_EDITED);
    assert_int_equal(state_of(&arena, swap(&arena, body, "* two", "* two\n* three")),
                     MARKED_EDITED);
    assert_int_equal(state_of(&arena, swap(&arena, body, "* one", "intro\n\n* one")),
                     MARKED_EDITED);
}

/* GitHub's editor rewrites line endings and blanks at the end; that is no edit. */
static void test_what_is_no_edit(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *body = body_with(&arena, "", "* one\n* two", "");
    CLEANUP(text_free) struct text windows = {0};
    (void)state;

    for (const char *at = body; *at; at++)
        text_add_bytes(&windows, *at == '\n' ? "\r\n" : at, *at == '\n' ? 2 : 1);
    assert_int_equal(state_of(&arena, text_string(&windows)), MARKED_INTACT);
    assert_int_equal(state_of(&arena, swap(&arena, body, "* two", "* two  \n\n")), MARKED_INTACT);
    assert_true(marker_hash("a\nb") == marker_hash("a\r\nb\r\n \t\n"));
    assert_true(marker_hash("a\nb") != marker_hash("a\n\nb"));
    assert_true(marker_hash("a\rb") != marker_hash("ab"));
    assert_true(marker_hash("") == marker_hash(" \n"));
    assert_true(marker_hash(" a") != marker_hash("a"));
}

static void test_damaged(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *body = body_with(&arena, "", "* one", "");
    const char *end = "<!-- cut-release:end -->";
    (void)state;

    assert_int_equal(state_of(&arena, swap(&arena, body, end, "")), MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, strstr(body, "* one")), MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, arena_print(&arena, "%s\n%s", body, end)), MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, arena_print(&arena, "%s\n%s", end, body)), MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, arena_print(&arena, "%s%s", body, body)), MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, swap(&arena, body, " tag=", " tog=")), MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, swap(&arena, body, " commit=", " ")), MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, swap(&arena, body, " recipe=fe", " recipe=f")),
                     MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, swap(&arena, body, " recipe=fe", " recipe=zz")),
                     MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, swap(&arena, body, " text=", " test=")), MARKED_TAMPERED);
    /* A value ends with its comment, and is none where nothing is left (found by fuzzing). */
    assert_int_equal(state_of(&arena, "<!-- cut-release:begin tag=v1 recipe=0000000000000001 "
                                      "title=0000000000000001 text=0000000000000001 commit=-->\n"
                                      "<!-- cut-release:end -->"),
                     MARKED_TAMPERED);
    assert_int_equal(state_of(&arena, "<!-- cut-release:begin tag=v1 recipe=0000000000000001 "
                                      "title=0000000000000001 text=0000000000000001 commit=c-->\n"
                                      "<!-- cut-release:end -->"),
                     MARKED_EDITED);
    assert_int_equal(state_of(&arena, "<!-- cut-release:begin tag=v1"), MARKED_NONE);
    struct marked_body marked;
    marker_read(&arena, swap(&arena, body, end, ""), &marked);
    assert_contains(marked.before, "* one"); /* nobody can say what is ours: all is foreign */
}

/* Whatever stands in foreign text, a body with it has our one pair of markers. */
static void test_foreign_text_forges_nothing(void **state)
{
    static const char *const hostile[] = {
        "<!-- cut-release:end -->",
        "<!--cut-release:end-->",
        "<!--\t cut-release:end -->",
        "<!-- cut-release:begin tag=v9 commit=c recipe=0 -->",
        "<<!-- cut-release:end -->",
        "<!<!-- cut-release:end -->",
        "<!-- <!-- cut-release:end -->",
        "<!-- cut-release:end",
        "x <!-- harmless --> <!-- cut-release:end --> <!-- cut-release:begin -->",
        "<!--",
        "<",
        "--> <!-- cut-release:future word -->",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        CLEANUP(text_free) struct text part = {0};
        struct marked_body marked;

        marker_add_harmless(&part, hostile[i]);
        marker_read(&arena, body_with(&arena, "", text_string(&part), ""), &marked);
        if (marked.state != MARKED_INTACT)
            fail_msg("\"%s\" broke the markers: state %d", hostile[i], marked.state);
        assert_string_equal(marked.after, "");
        assert_string_equal(marked.before, "");
    }
}

static void test_harmless_text_stays(void **state)
{
    static const char *const texts[] = {
        "", "a < b", "<!-- a comment -->", "<b>x</b>", "cut-release:end", "gr\xc3\xbc\xc3\x9f <3",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        CLEANUP(text_free) struct text out = {0};

        marker_add_harmless(&out, texts[i]);
        assert_string_equal(text_string(&out), texts[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_and_read),
        cmocka_unit_test(test_writing_again_moves_nothing),
        cmocka_unit_test(test_no_marker),
        cmocka_unit_test(test_edits),
        cmocka_unit_test(test_what_is_no_edit),
        cmocka_unit_test(test_damaged),
        cmocka_unit_test(test_foreign_text_forges_nothing),
        cmocka_unit_test(test_harmless_text_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
