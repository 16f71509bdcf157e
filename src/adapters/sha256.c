#include "adapters/sha256.h"

#include "adapters/sha256_x86.h"
#include "base/memory.h"

#include <mbedtls/sha256.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK = 64 };

struct sha256 {
    mbedtls_sha256_context context; /* where the processor has no instructions for it */
    bool fast;
    uint32_t state[8];
    uint64_t length;
    unsigned char rest[BLOCK]; /* of less than a block */
};

/* mbedTLS's own code can't fail; hardware's could, and then no digest would fit any. */
struct sha256 *sha256_start(bool fast)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    struct sha256 *hash = memory_take(sizeof(*hash));

    hash->fast = fast && sha256_x86_is_there();
    memcpy(hash->state, start, sizeof(start));
    mbedtls_sha256_init(&hash->context);
    (void)mbedtls_sha256_starts(&hash->context, 0);
    return hash;
}

void sha256_add(struct sha256 *hash, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    size_t const held = hash->length % BLOCK;

    if (!hash->fast) {
        (void)mbedtls_sha256_update(&hash->context, bytes, length);
        return;
    }
    hash->length += length;
    if (held) {
        size_t const part = length < BLOCK - held ? length : BLOCK - held;

        memcpy(hash->rest + held, at, part);
        if (held + part < BLOCK)
            return;
        sha256_x86_blocks(hash->state, hash->rest, 1);
        at += part;
        length -= part;
    }
    sha256_x86_blocks(hash->state, at, length / BLOCK);
    memcpy(hash->rest, at + length / BLOCK * BLOCK, length % BLOCK);
}

static void put_number(unsigned char *bytes, uint64_t number, size_t size)
{
    for (size_t i = 0; i < size; i++)
        bytes[i] = (unsigned char)(number >> 8 * (size - 1 - i));
}

/* The padding: a bit of 1, zeros, the length in bits (FIPS 180-4, section 5.1.1). */
static void end_fast(struct sha256 *hash, unsigned char *digest)
{
    static const unsigned char padding[BLOCK] = {0x80};
    unsigned char bits[8];

    put_number(bits, hash->length * 8, sizeof(bits));
    sha256_add(hash, padding, 1 + (2 * BLOCK - 1 - sizeof(bits) - hash->length % BLOCK) % BLOCK);
    sha256_add(hash, bits, sizeof(bits));
    for (size_t i = 0; i < 8; i++)
        put_number(digest + 4 * i, hash->state[i], 4);
}

void sha256_end(struct sha256 *hash, char digits[SHA256_DIGITS + 1])
{
    unsigned char digest[SHA256_DIGITS / 2] = {0};

    if (hash->fast)
        end_fast(hash, digest);
    else
        (void)mbedtls_sha256_finish(&hash->context, digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(digits + 2 * i, 3, "%02x", digest[i]);
}

void sha256_free(struct sha256 *hash)
{
    if (hash)
        mbedtls_sha256_free(&hash->context);
    memory_free(hash);
}

void sha256(const void *bytes, size_t length, char digits[SHA256_DIGITS + 1])
{
    struct sha256 *hash = sha256_start(true);

    sha256_add(hash, bytes, length);
    sha256_end(hash, digits);
    sha256_free(hash);
}
