/* AES-GCM as mbedTLS has it from nettle (deps/recipes/mbedtls/gcm_alt.c): known answers, forgeries, and
 * what it refuses. */
#include "support.h"

#include <mbedtls/gcm.h>
#include <stdlib.h>
#include <string.h>

struct answer {
    const char *key, *iv, *add, *plain, *cipher, *tag;
};

#define PLAIN                                                                                      \
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6" \
    "b525b16aedf5aa0de657ba637b39"
#define KEY "feffe9928665731c6d6a8f9467308308"
#define ADD "feedfacedeadbeeffeedfacedeadbeefabaddad2"

/* The test cases 1, 2, 4, 5, 10 and 16 of "The Galois/Counter Mode of Operation" (McGrew, Viega), its
 * appendix B: each length of key, an IV of another length than 12, a last block that isn't whole. */
static const struct answer answers[] = {
    {"00000000000000000000000000000000", "000000000000000000000000", "", "", "",
     "58e2fccefa7e3061367f1d57a4e7455a"},
    {"00000000000000000000000000000000", "000000000000000000000000", "",
     "00000000000000000000000000000000", "0388dace60b6a392f328c2b971b2fe78",
     "ab6e47d42cec13bdf53a67b21257bddf"},
    {KEY, "cafebabefacedbaddecaf888", ADD, PLAIN,
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84a"
     "a05"
     "1ba30b396a0aac973d58e091",
     "5bc94fbc3221a5db94fae95ae7121a47"},
    {KEY, "cafebabefacedbad", ADD, PLAIN,
     "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c742373806900e49f24b22b097544d4896"
     "b42"
     "4989b5e1ebac0f07c23f4598",
     "3612d2e79e3b0785561be14aaca2fccb"},
    {KEY "feffe9928665731c", "cafebabefacedbaddecaf888", ADD, PLAIN,
     "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c7d773d00c144c525ac619d18c84a3"
     "f47"
     "18e2448b2fe324d9ccda2710",
     "2519498e80f1478f37ba55bd6d27618c"},
    {KEY KEY, "cafebabefacedbaddecaf888", ADD, PLAIN,
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828"
     "838"
     "c5f61e6393ba7a0abcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
};

struct bytes {
    unsigned char at[64];
    size_t length;
};

static struct bytes bytes_of(const char *digits)
{
    struct bytes bytes = {.length = strlen(digits) / 2};

    for (size_t i = 0; i < bytes.length; i++) {
        char const pair[] = {digits[2 * i], digits[2 * i + 1], '\0'};

        bytes.at[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return bytes;
}

static void set_key(mbedtls_gcm_context *context, const char *digits)
{
    struct bytes const key = bytes_of(digits);

    mbedtls_gcm_init(context);
    assert_int_equal(
        mbedtls_gcm_setkey(context, MBEDTLS_CIPHER_ID_AES, key.at, (unsigned int)(8 * key.length)),
        0);
}

static int open_in_place(const struct answer *answer, const struct bytes *tag, struct bytes *text)
{
    struct bytes const iv = bytes_of(answer->iv), add = bytes_of(answer->add);
    mbedtls_gcm_context context;

    set_key(&context, answer->key);
    int const end = mbedtls_gcm_auth_decrypt(&context, text->length, iv.at, iv.length, add.at,
                                             add.length, tag->at, tag->length, text->at, text->at);
    mbedtls_gcm_free(&context);
    return end;
}

static void test_known(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        struct bytes const iv = bytes_of(answers[i].iv), add = bytes_of(answers[i].add);
        struct bytes const cipher = bytes_of(answers[i].cipher), tag = bytes_of(answers[i].tag);
        struct bytes const plain = bytes_of(answers[i].plain);
        struct bytes text = plain;
        unsigned char made[16];
        mbedtls_gcm_context context;

        set_key(&context, answers[i].key);
        assert_int_equal(mbedtls_gcm_crypt_and_tag(&context, MBEDTLS_GCM_ENCRYPT, text.length,
                                                   iv.at, iv.length, add.at, add.length, text.at,
                                                   text.at, sizeof(made), made),
                         0);
        mbedtls_gcm_free(&context);
        assert_memory_equal(text.at, cipher.at, cipher.length);
        assert_memory_equal(made, tag.at, tag.length);
        assert_int_equal(open_in_place(&answers[i], &tag, &text), 0);
        assert_memory_equal(text.at, plain.at, plain.length);
    }
}

/* One bit of text, tag or what else is covered: refused, and nothing of the plain text remains. */
static void test_forged(void **state)
{
    const struct answer *answer = &answers[2];
    static const unsigned char nothing[64];
    (void)state;

    for (size_t bit = 0; bit < 8 * (size_t)16; bit++) {
        struct bytes text = bytes_of(answer->cipher), tag = bytes_of(answer->tag);

        tag.at[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_int_equal(open_in_place(answer, &tag, &text), MBEDTLS_ERR_GCM_AUTH_FAILED);
        assert_memory_equal(text.at, nothing, text.length);
    }
    for (size_t bit = 0; bit < 8 * (size_t)60; bit++) {
        struct bytes text = bytes_of(answer->cipher), tag = bytes_of(answer->tag);

        text.at[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_int_equal(open_in_place(answer, &tag, &text), MBEDTLS_ERR_GCM_AUTH_FAILED);
    }
    struct answer other = *answer;
    struct bytes text = bytes_of(answer->cipher), tag = bytes_of(answer->tag);

    other.add = "feedfacedeadbeeffeedfacedeadbeefabaddad3";
    assert_int_equal(open_in_place(&other, &tag, &text), MBEDTLS_ERR_GCM_AUTH_FAILED);
}

/* In pieces as at once, where all but the last are whole blocks; anything else is refused. */
static void test_in_pieces(void **state)
{
    const struct answer *answer = &answers[2];
    struct bytes const iv = bytes_of(answer->iv), add = bytes_of(answer->add);
    struct bytes const plain = bytes_of(answer->plain), cipher = bytes_of(answer->cipher);
    struct bytes const tag = bytes_of(answer->tag);
    unsigned char made[64], made_tag[16];
    size_t first, second, none;
    mbedtls_gcm_context context;
    (void)state;

    set_key(&context, answer->key);
    assert_int_equal(mbedtls_gcm_starts(&context, MBEDTLS_GCM_ENCRYPT, iv.at, iv.length), 0);
    assert_int_equal(mbedtls_gcm_update_ad(&context, add.at, 16), 0);
    assert_int_equal(mbedtls_gcm_update_ad(&context, add.at + 16, add.length - 16), 0);
    assert_int_equal(mbedtls_gcm_update_ad(&context, add.at, 1), MBEDTLS_ERR_GCM_BAD_INPUT);
    assert_int_equal(mbedtls_gcm_update(&context, plain.at, 32, made, 31, &first),
                     MBEDTLS_ERR_GCM_BUFFER_TOO_SMALL);
    assert_int_equal(mbedtls_gcm_update(&context, plain.at, 32, made, 32, &first), 0);
    assert_int_equal(mbedtls_gcm_update_ad(&context, add.at, 16), MBEDTLS_ERR_GCM_BAD_INPUT);
    assert_int_equal(mbedtls_gcm_update(&context, plain.at + first, plain.length - first,
                                        made + first, sizeof(made) - first, &second),
                     0);
    assert_int_equal(first + second, plain.length);
    assert_memory_equal(made, cipher.at, cipher.length);
    assert_int_equal(mbedtls_gcm_update(&context, plain.at, 16, made, 16, &second),
                     MBEDTLS_ERR_GCM_BAD_INPUT);
    assert_int_equal(mbedtls_gcm_finish(&context, NULL, 0, &none, made_tag, sizeof(made_tag)), 0);
    assert_int_equal(none, 0);
    assert_memory_equal(made_tag, tag.at, tag.length);
    mbedtls_gcm_free(&context);
}

static void test_refused(void **state)
{
    unsigned char bytes[64] = {0};
    size_t length;
    mbedtls_gcm_context context;
    (void)state;

    mbedtls_gcm_free(NULL);
    mbedtls_gcm_init(&context);
    assert_int_not_equal(mbedtls_gcm_starts(&context, MBEDTLS_GCM_ENCRYPT, bytes, 12), 0);
    assert_int_not_equal(mbedtls_gcm_setkey(&context, MBEDTLS_CIPHER_ID_CAMELLIA, bytes, 128), 0);
    assert_int_not_equal(mbedtls_gcm_setkey(&context, MBEDTLS_CIPHER_ID_AES, bytes, 100), 0);
    set_key(&context, answers[0].key);
    assert_int_not_equal(mbedtls_gcm_starts(&context, MBEDTLS_GCM_ENCRYPT, bytes, 0), 0);
    assert_int_equal(mbedtls_gcm_starts(&context, MBEDTLS_GCM_ENCRYPT, bytes, 12), 0);
    assert_int_not_equal(mbedtls_gcm_update(&context, bytes, 32, bytes + 1, 32, &length), 0);
    assert_int_not_equal(mbedtls_gcm_update(&context, bytes + 1, 32, bytes, 32, &length), 0);
    assert_int_not_equal(mbedtls_gcm_finish(&context, NULL, 0, &length, bytes, 3), 0);
    assert_int_not_equal(mbedtls_gcm_finish(&context, NULL, 0, &length, bytes, 17), 0);
    mbedtls_gcm_free(&context);
    mbedtls_gcm_free(&context);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known),
        cmocka_unit_test(test_forged),
        cmocka_unit_test(test_in_pieces),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
