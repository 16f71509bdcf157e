/* base/text: growing texts, lines, and what makes foreign text harmless. */
#include "support.h"

#include <string.h>

static void test_growing(void **state)
{
    CLEANUP(text_free) struct text text = {0};
    (void)state;

    assert_string_equal(text_string(&text), "");
    text_add(&text, NULL);
    assert_int_equal(text.length, 0);
    for (int i = 0; i < 1000; i++)
        text_print(&text, "%d,", i);
    assert_int_equal(text.length, 10 * 2 + 90 * 3 + 900 * 4);
    assert_int_equal(strlen(text_string(&text)), text.length);
    text_add_bytes(&text, "a\0b", 3);
    assert_memory_equal(text.bytes + text.length - 3, "a\0b", 4);
}

static void test_print_longer_than_its_room(void **state)
{
    CLEANUP(text_free) struct text text = {0};
    char longest[300];
    (void)state;

    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    text_add(&text, "a");
    text_print(&text, "%s|%s", longest, "");
    assert_int_equal(text.length, 1 + 299 + 1);
    assert_int_equal(text.bytes[text.length - 1], '|');
}

static void test_cut(void **state)
{
    CLEANUP(text_free) struct text text = {0};
    (void)state;

    text_cut(&text, 0);
    text_add(&text, "abcdef");
    text_cut(&text, 9);
    assert_string_equal(text_string(&text), "abcdef");
    text_cut(&text, 3);
    assert_string_equal(text_string(&text), "abc");
    text_add(&text, "X");
    assert_string_equal(text_string(&text), "abcX");
}

static void test_free_leaves_an_empty_text(void **state)
{
    struct text text = {0};
    (void)state;

    text_add(&text, "secret");
    text_free(&text);
    assert_null(text.bytes);
    assert_int_equal(text.length + text.capacity, 0);
    text_free(&text);
}

static void test_strings(void **state)
{
    (void)state;

    assert_true(string_is_empty(NULL));
    assert_true(string_is_empty(""));
    assert_false(string_is_empty(" "));
    assert_true(strings_equal(NULL, ""));
    assert_true(strings_equal("a", "a"));
    assert_false(strings_equal("a", "A"));
    assert_true(string_starts("refs/tags/v1", "refs/tags/"));
    assert_true(string_starts("x", ""));
    assert_false(string_starts(NULL, "x"));
    assert_false(string_starts("re", "refs"));
    assert_string_equal(string_or(NULL, "b"), "b");
    assert_string_equal(string_or("", "b"), "b");
    assert_string_equal(string_or("a", "b"), "a");
}

static size_t count_lines(const char *string)
{
    size_t count = 0, length;

    while (string_next_line(&string, &length))
        count++;
    return count;
}

static void test_lines(void **state)
{
    const char *rest = "one\r\n\ntwo\rstill two\nthree", *line;
    size_t length;
    (void)state;

    assert_int_equal(count_lines(NULL), 0);
    assert_int_equal(count_lines("a"), 1);
    assert_int_equal(count_lines("a\n"), 1);
    assert_int_equal(count_lines("a\n\n"), 2);
    assert_int_equal(count_lines(rest), 4);
    line = string_next_line(&rest, &length);
    assert_int_equal(length, 3);
    assert_memory_equal(line, "one", 3);
    assert_non_null(string_next_line(&rest, &length));
    assert_int_equal(length, 0);
    assert_non_null(string_next_line(&rest, &length));
    assert_int_equal(length, strlen("two\rstill two"));
    line = string_next_line(&rest, &length);
    assert_string_equal(line, "three");
    assert_null(string_next_line(&rest, &length));
}

static void test_foreign(void **state)
{
    static const struct {
        const char *foreign;
        size_t limit;
        const char *expected;
    } cases[] = {
        {NULL, 10, ""},
        {"", 10, ""},
        {"plain", 5, "plain"},
        {"plainer", 5, "plain…"},
        {"a\nb\r\nc\td", 20, "a b  c d"},
        {"\x1b[31mred", 20, " [31mred"},
        {"\x7f", 5, " "},
        {"gr\xc3\xbc\xc3\x9f", 20, "gr\xc3\xbc\xc3\x9f"},
        {"\xe2\x82\xac", 3, "\xe2\x82\xac"},
        {"\xe2\x82\xac", 2, "…"}, /* no character is cut apart */
        {"a\xf0\x9f\x9a\x80", 5, "a\xf0\x9f\x9a\x80"},
        {"\xc2\x85x", 20, " x"}, /* next line, a C1 control */
        {"a\xe2\x80\xae"
         "b",
         20, "a b"}, /* right-to-left override */
        {"a\xe2\x80\x8f"
         "b",
         20, "a b"}, /* right-to-left mark */
        {"a\xe2\x81\xa6"
         "b",
         20, "a b"}, /* isolate */
        {"a\xe2\x80\xa8"
         "b",
         20, "a b"}, /* line separator */
        {"a\xe2\x80\xa9"
         "b",
         20, "a b"}, /* paragraph separator */
        {"\xff\xfe", 20, "??"},
        {"\xc0\xaf", 20, "??"},           /* overlong slash */
        {"\xe0\x80\xaf", 20, "???"},      /* overlong */
        {"\xed\xa0\x80", 20, "???"},      /* a surrogate */
        {"\xf4\x90\x80\x80", 20, "????"}, /* above U+10FFFF */
        {"\xf8\x90\x80\x80", 20, "????"}, /* no UTF-8 starts with f8 */
        {"\xfd\x90\x80\x80", 20, "????"},
        {"\x80", 20, "?"},
        {"a\xe2\x82", 20, "a??"}, /* cut in the middle */
        {"ab\xff", 2, "ab…"},     /* more than the limit, whatever it is */
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(text_free) struct text out = {0};

        text_add(&out, "ahead:");
        text_add_foreign(&out, cases[i].foreign, cases[i].limit);
        if (!strings_equal(text_string(&out) + strlen("ahead:"), cases[i].expected))
            fail_msg("case %zu: \"%s\" was expected, \"%s\" was found", i, cases[i].expected,
                     text_string(&out) + strlen("ahead:"));
    }
}

static void test_percent_encoding(void **state)
{
    CLEANUP(text_free) struct text out = {0};
    (void)state;

    text_add_percent_encoded(&out, "aZ09-._~ /+%?#\xc3\xbc\n");
    assert_string_equal(text_string(&out), "aZ09-._~%20%2F%2B%25%3F%23%C3%BC%0A");
    text_add_percent_encoded(&out, NULL);
    assert_int_equal(strlen(text_string(&out)), out.length);
}

static void test_utf8(void **state)
{
    (void)state;

    assert_true(string_is_utf8(""));
    assert_true(string_is_utf8(NULL));
    assert_true(string_is_utf8("a\n\xc3\xbc\xe2\x82\xac\xf0\x9f\x9a\x80"));
    assert_false(string_is_utf8("a\xff"));
    assert_false(string_is_utf8("\xc3"));
    assert_false(string_is_utf8("\xc0\x80"));
    assert_false(string_is_utf8("\xed\xa0\x80"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_growing), cmocka_unit_test(test_print_longer_than_its_room),
        cmocka_unit_test(test_cut),     cmocka_unit_test(test_free_leaves_an_empty_text),
        cmocka_unit_test(test_strings), cmocka_unit_test(test_lines),
        cmocka_unit_test(test_foreign), cmocka_unit_test(test_percent_encoding),
        cmocka_unit_test(test_utf8),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
