/* base/base64: files as a server gives them. */
#include "support.h"

#include "base/base64.h"

#include <string.h>

static void test_vectors(void **state) /* RFC 4648, section 10 */
{
    static const char *const vectors[][2] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"},
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"},
        {"Zg", "f"},
        {"Zm8", "fo"}, /* padding is not asked for */
        {"Zm9v\nYmFy\n", "foobar"},
        {"\r\nZ m\t9v\n", "foo"},
        {"====", ""},
        {"-_-_", ""},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        CLEANUP(text_free) struct text out = {0};

        base64_decode(vectors[i][0], strlen(vectors[i][0]), &out);
        assert_string_equal(text_string(&out), vectors[i][1]);
        assert_int_equal(out.length, strlen(vectors[i][1]));
    }
}

static void test_encoding(void **state)
{
    static const char *const vectors[][2] = {
        {"", ""},        {"f", "Zg=="},        {"fo", "Zm8="},
        {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xff\xfe\xfd", "//79"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        CLEANUP(text_free) struct text out = {0};

        base64_encode(vectors[i][0], strlen(vectors[i][0]), &out);
        assert_string_equal(text_string(&out), vectors[i][1]);
    }
}

static void test_all_digits(void **state)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    CLEANUP(text_free) struct text out = {0};
    unsigned bits = 0;
    (void)state;

    base64_decode(digits, 64, &out);
    assert_int_equal(out.length, 48);
    for (unsigned i = 0, at = 0; i < 64; i++) {
        bits = bits << 6 | i;
        if (i % 4 == 3)
            for (int shift = 16; shift >= 0; shift -= 8)
                assert_int_equal((unsigned char)out.bytes[at++], bits >> shift & 0xFF);
    }
}

/* It adds, counts zero bytes, and reads no further than it was told. */
static void test_adds_bytes(void **state)
{
    CLEANUP(text_free) struct text out = {0};
    (void)state;

    text_add(&out, "ahead ");
    base64_decode("AAD/Zm9v", 4, &out);
    assert_int_equal(out.length, 9);
    assert_memory_equal(out.bytes, "ahead \0\0\xff", 10);
}

static void test_keeps_its_promise_of_room(void **state)
{
    CLEANUP(text_free) struct text out = {0};
    (void)state;

    text_reserve(&out, 100);
    const char *before = out.bytes;
    base64_decode("Zm9vYmFy", 8, &out);
    assert_ptr_equal(out.bytes, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors),
        cmocka_unit_test(test_encoding),
        cmocka_unit_test(test_all_digits),
        cmocka_unit_test(test_adds_bytes),
        cmocka_unit_test(test_keeps_its_promise_of_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
