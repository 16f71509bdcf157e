#include "adapters/sha256.h"

#include "base/memory.h"

#include <mbedtls/sha256.h>
#include <stdio.h>

struct sha256 {
    mbedtls_sha256_context context;
};

/* In software nothing fails here; in hardware it could, and then no digest would fit any. */
struct sha256 *sha256_start(void)
{
    struct sha256 *hash = memory_take(sizeof(*hash));

    mbedtls_sha256_init(&hash->context);
    (void)mbedtls_sha256_starts(&hash->context, 0);
    return hash;
}

void sha256_add(struct sha256 *hash, const void *bytes, size_t length)
{
    (void)mbedtls_sha256_update(&hash->context, bytes, length);
}

void sha256_end(struct sha256 *hash, char digits[SHA256_DIGITS + 1])
{
    unsigned char digest[SHA256_DIGITS / 2] = {0};

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
    struct sha256 *hash = sha256_start();

    sha256_add(hash, bytes, length);
    sha256_end(hash, digits);
    sha256_free(hash);
}
