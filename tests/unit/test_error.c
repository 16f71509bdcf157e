/* base/error: the error is a value; its codes are stable. */
#include "support.h"

#include <string.h>

static void test_set(void **state)
{
    struct error error = {0};
    (void)state;

    assert_int_equal(error_set(&error, ERROR_TAG_GONE, "push it again", "%s is gone", "v1"), -1);
    assert_code(ERROR_TAG_GONE, error.code);
    assert_int_equal(error.status, 1);
    assert_string_equal(error.message, "v1 is gone");
    assert_string_equal(error.remedy, "push it again");
    error_set(&error, ERROR_INPUT_VALUE, NULL, "x");
    assert_int_equal(error.status, 2);
    assert_string_equal(error.remedy, "");
}

static void test_wrap(void **state)
{
    struct error error = {0};
    (void)state;

    error_set(&error, ERROR_ANSWER, "again", "an odd answer");
    assert_int_equal(error_wrap(&error, "while reading %d", 7), -1);
    assert_string_equal(error.message, "while reading 7: an odd answer");
    assert_string_equal(error.remedy, "again");
    assert_code(ERROR_ANSWER, error.code);
}

static void test_long_messages_are_cut(void **state)
{
    struct error error = {0};
    char longest[4000];
    (void)state;

    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    error_set(&error, ERROR_ANSWER, longest, "%s", longest);
    assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
    assert_int_equal(strlen(error.remedy), sizeof(error.remedy) - 1);
    error_wrap(&error, "while looking");
    assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
    assert_true(string_starts(error.message, "while looking: xxx"));
    error_wrap(&error, "%s", longest);
    assert_int_equal(strlen(error.message), sizeof(error.message) - 1);
}

static bool is_code_text(const char *text)
{
    return string_starts(text, "CR-") && text[3] && text[strlen(text) - 1] != '-' &&
           !strstr(text, "--") && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == strlen(text);
}

/* People search for a code: each has one of its own, a title and an exit status that is not 0. */
static void test_codes(void **state)
{
    (void)state;

    assert_string_equal(error_code_text(ERROR_NONE), "");
    assert_int_equal(error_code_status(ERROR_NONE), 0);
    for (enum error_code code = 1; code < ERROR_COUNT; code++) {
        const char *text = error_code_text(code);

        if (!is_code_text(text))
            fail_msg("\"%s\" is no code", text);
        assert_false(string_is_empty(error_code_title(code)));
        assert_in_range(error_code_status(code), 1, 2);
        for (enum error_code other = 1; other < code; other++)
            assert_string_not_equal(text, error_code_text(other));
    }
}

/*
 * "2: the inputs cannot be used", 1 for the rest; the two that the contract names. A key that can't
 * be read, or is none, is such an input; one that is expired, revoked or locked is refused.
 */
static void test_statuses(void **state)
{
    static const char *const inputs[] = {
        "CR-ENVIRONMENT", "CR-TRUSTED-KEYS", "CR-KEY-NONE",  "CR-KEY-INVALID",
        "CR-KEY-PUBLIC",  "CR-KEY-SEVERAL",  "CR-GATE-SELF",
    };
    (void)state;

    assert_int_equal(error_code_status(code_of("CR-TAG-GRAMMAR")), 1);
    assert_int_equal(error_code_status(code_of("CR-BRANCH-MISSING")), 1);
    for (enum error_code code = 1; code < ERROR_COUNT; code++) {
        const char *text = error_code_text(code);
        bool input = string_starts(text, "CR-INPUT-") || string_starts(text, "CR-EVENT");

        for (size_t i = 0; i < COUNT_OF(inputs); i++)
            input = input || strings_equal(text, inputs[i]);

        if (error_code_status(code) != (input ? 2 : 1))
            fail_msg("%s has the exit status %d", text, error_code_status(code));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_set),
        cmocka_unit_test(test_wrap),
        cmocka_unit_test(test_long_messages_are_cut),
        cmocka_unit_test(test_codes),
        cmocka_unit_test(test_statuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
