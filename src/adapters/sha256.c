#include "adapters/sha256.h"

#include "base/memory.h"

#include <nettle/sha2.h>
#include <stdio.h>

struct sha256 {
    struct sha256_ctx context;
};

struct sha256 *sha256_start(void)
{
    struct sha256 *hash = memory_take(sizeof(*hash));

    sha256_init(&hash->context);
    return hash;
}

void sha256_add(struct sha256 *hash, const void *bytes, size_t length)
{
    sha256_update(&hash->context, length, bytes);
}

void sha256_end(struct sha256 *hash, char digits[SHA256_DIGITS + 1])
{
    unsigned char digest[SHA256_DIGITS / 2];

    sha256_digest(&hash->context, sizeof(digest), digest);
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(digits + 2 * i, 3, "%02x", digest[i]);
}

void sha256_free(struct sha256 *hash)
{
    memory_free(hash);
}

void sha256(const void *bytes, size_t length, char digits[SHA256_DIGITS + 1])
{
    struct sha256 *hash = sha256_start();

    sha256_add(hash, bytes, length);
    sha256_end(hash, digits);
    sha256_free(hash);
}
