/* adapters/sha1: the examples of FIPS 180 and RFC 3174, and sha1sum around the lengths of blocks. */
#include "support.h"

#include "adapters/sha1.h"

#include <stdio.h>
#include <string.h>

static const char *digest_of(struct arena *arena, const char *bytes, size_t length)
{
    CLEANUP(text_free) struct text out = {0};
    uint8_t digest[SHA1_SIZE];

    sha1(bytes, length, digest);
    for (size_t i = 0; i < SHA1_SIZE; i++)
        text_print(&out, "%02x", digest[i]);
    return arena_copy(arena, text_string(&out));
}

static void test_examples(void **state)
{
    static const struct {
        const char *text, *digest;
    } cases[] = {
        {"", "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
        {"abc", "a9993e364706816aba3e25717850c26c9cd0d89d"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
    };
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text million = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(digest_of(&arena, cases[i].text, strlen(cases[i].text)),
                            cases[i].digest);
    for (int i = 0; i < 100000; i++)
        text_add(&million, "aaaaaaaaaa");
    assert_string_equal(digest_of(&arena, million.bytes, million.length),
                        "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

/* The padding changes with the length; bytes above 127 and NULs are bytes like others. */
static void test_lengths(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *folder = make_folder(&arena);
    const char *path = arena_print(&arena, "%s/bytes", folder);
    static const size_t lengths[] = {0,  1,   54,  55,  56,  57,  63, 64,
                                     65, 118, 119, 120, 127, 128, 130};
    char bytes[130];
    (void)state;

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (char)(i * 37 + (i % 5 ? 200 : 0));
    write_file(path, bytes, sizeof(bytes));
    for (size_t i = 0; i < COUNT_OF(lengths); i++)
        assert_string_equal(
            digest_of(&arena, bytes, lengths[i]),
            shell_line(&arena, "head -c %zu '%s' | sha1sum | cut -c1-40", lengths[i], path));
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_lengths),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
