/* adapters/sha256: known digests, and the same in pieces. */
#include "support.h"

#include "adapters/sha256.h"

#include <string.h>

/* FIPS 180-2's examples (appendix B), and the empty message. */
static void test_known(void **state)
{
    static const struct {
        const char *message, *digest;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char digits[SHA256_DIGITS + 1];

        sha256(cases[i].message, strlen(cases[i].message), digits);
        assert_string_equal(digits, cases[i].digest);
    }
}

static void hash_in_pieces(const unsigned char *bytes, size_t length, size_t piece,
                           char digits[SHA256_DIGITS + 1])
{
    struct sha256 *hash = sha256_start();

    for (size_t at = 0; at < length; at += piece)
        sha256_add(hash, bytes + at, length - at < piece ? length - at : piece);
    sha256_end(hash, digits);
    sha256_free(hash);
}

/* However the bytes come. */
static void test_in_pieces(void **state)
{
    static const size_t pieces[] = {1, 3, 63, 64, 65, 127, 128, 1000};
    unsigned char bytes[700];
    (void)state;

    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (unsigned char)(i * 167 + i / 7);
    for (size_t length = 0; length <= sizeof(bytes); length++) {
        char expected[SHA256_DIGITS + 1], found[SHA256_DIGITS + 1];

        sha256(bytes, length, expected);
        for (size_t i = 0; i < COUNT_OF(pieces); i++) {
            hash_in_pieces(bytes, length, pieces[i], found);
            assert_string_equal(found, expected);
        }
    }
    sha256_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_in_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
