/* core/announcement: what a release's body says of its mail. */
#include "support.h"

#include "core/announcement.h"
#include "core/marker.h"

#include <string.h>

static const char id[] = "cut-release.0123456789abcdef.v0.1.0@example.org";

static const char *write(struct arena *arena, const char *body, enum announcement_state state)
{
    return announcement_write(arena, body, &(struct announcement){state, id});
}

/* What is written is read, whatever was there before; the rest stays as it is. */
static void test_there_and_back(void **state)
{
    static const char *const bodies[] = {"", "Notes.", "Notes.\n", "Notes.\r\n\r\n* one\r\n",
                                         "<!-- a person's --> text"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct announcement found;

        announcement_read(&arena, bodies[i], &found);
        assert_int_equal(found.state, ANNOUNCEMENT_NONE);
        assert_null(found.id);
        const char *sending = write(&arena, bodies[i], ANNOUNCEMENT_SENDING);
        announcement_read(&arena, sending, &found);
        assert_int_equal(found.state, ANNOUNCEMENT_SENDING);
        assert_string_equal(found.id, id);
        const char *sent = write(&arena, sending, ANNOUNCEMENT_SENT);
        announcement_read(&arena, sent, &found);
        assert_int_equal(found.state, ANNOUNCEMENT_SENT);
        assert_int_equal(occurrences(sent, "cut-release:announcement"), 1);
        assert_string_equal(write(&arena, sending, ANNOUNCEMENT_NONE), bodies[i]);
        assert_string_equal(write(&arena, sent, ANNOUNCEMENT_NONE), bodies[i]);
        assert_string_equal(write(&arena, sending, ANNOUNCEMENT_SENDING), sending);
    }
}

/* A person wrote below it, or GitHub's editor rewrote the lines. */
static void test_what_stands_around_is_kept(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct announcement found;
    (void)state;

    const char *body = arena_print(
        &arena, "Above.\r\n\r\n<!--  cut-release:announcement state=sending id=%s -->\r\nBelow.",
        id);
    announcement_read(&arena, body, &found);
    assert_int_equal(found.state, ANNOUNCEMENT_SENDING);
    const char *sent = write(&arena, body, ANNOUNCEMENT_SENT);
    assert_true(string_starts(sent, "Above.\r\n"));
    assert_contains(sent, "state=sent");
    assert_contains(sent, "-->\r\nBelow.");
}

/* Our part of the body is judged without it. */
static void test_our_part_is_intact_beside_it(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text body = {0};
    struct marked_body marked;
    (void)state;

    marker_write(&body, &(struct marker){.tag = "v0.1.0", .commit = "c0"}, "* notes");
    marker_read(&arena, write(&arena, text_string(&body), ANNOUNCEMENT_SENT), &marked);
    assert_int_equal(marked.state, MARKED_INTACT);
    assert_contains(marked.after, "cut-release:announcement");
}

/* What a person, or somebody worse, made of it: the state counts as perhaps sent, the id is ours. */
static void test_odd_ones(void **state)
{
    static const char *const odd[] = {
        "<!-- cut-release:announcement -->",
        "<!-- cut-release:announcement state=sending id= -->",
        "<!-- cut-release:announcement state=sending id=a -->",
        "<!-- cut-release:announcement state=sending id=a@ -->",
        "<!-- cut-release:announcement state=sending id=@b -->",
        "<!-- cut-release:announcement state=sending id=a@b@c -->",
        "<!-- cut-release:announcement state=sending id=<a@b> -->",
        "<!-- cut-release:announcement state=SENT id=a@b\xc3\xa4 -->",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct announcement found;

        announcement_read(&arena, odd[i], &found);
        if (found.state != ANNOUNCEMENT_SENDING || found.id)
            fail_msg("%s: state %d, id %s", odd[i], found.state, string_or(found.id, "none"));
    }
}

/* A comment that never ends is none, and stays where it is. */
static void test_no_end(void **state)
{
    static const char odd[] = "<!-- cut-release:announcement state=sending id=a@b and more";
    CLEANUP(arena_free) struct arena arena = {0};
    struct announcement found;
    (void)state;

    announcement_read(&arena, odd, &found);
    assert_int_equal(found.state, ANNOUNCEMENT_NONE);
    const char *sent = write(&arena, odd, ANNOUNCEMENT_SENT);
    assert_true(string_starts(sent, odd));
    announcement_read(&arena, sent, &found);
    assert_int_equal(found.state, ANNOUNCEMENT_SENT);
    assert_string_equal(write(&arena, sent, ANNOUNCEMENT_NONE), odd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_there_and_back),
        cmocka_unit_test(test_what_stands_around_is_kept),
        cmocka_unit_test(test_our_part_is_intact_beside_it),
        cmocka_unit_test(test_odd_ones),
        cmocka_unit_test(test_no_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
