/* core/release_note: the block in a pull request's description. */
#include "support.h"

#include "core/release_note.h"

static void test_blocks(void **state)
{
    static const struct {
        const char *body, *note;
        bool silent;
    } cases[] = {
        {"", NULL, false},
        {"No block.", NULL, false},
        {"```release-note\nIt is faster.\n```", "It is faster.", false},
        {"Why.\r\n\r\n```release-note\r\nIt is faster.\r\n```\r\nMore.", "It is faster.", false},
        {"```Release-Note  \nIt is faster.\n```", "It is faster.", false},
        {"```release-note\n\n  Two\nlines\n\n```", "Two\nlines", false},
        {"```release-note\nnever closed", "never closed", false},
        {"```release-note\nNONE\n```", NULL, true},
        {"```release-note\n none \n```", NULL, true},
        {"```release-note\n\n```", NULL, false},
        {"```release-notes\nanother block\n```", NULL, false},
        {"```\nrelease-note\n```", NULL, false},
        {"```release-note\nfirst\n```\n```release-note\nsecond\n```", "first", false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        bool silent = !cases[i].silent;
        const char *note = release_note_read(&arena, cases[i].body, &silent);

        if (!strings_equal(note, cases[i].note) || silent != cases[i].silent)
            fail_msg("of \"%s\": \"%s\", %d", cases[i].body, string_or(note, "(none)"), silent);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_blocks)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
