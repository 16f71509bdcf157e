#include "adapters/sha256.h"

#include <mbedtls/sha256.h>
#include <stdio.h>
#include <string.h>

enum { SHA256_SIZE = 32 };

const char *sha256_digest(struct arena *arena, const void *bytes, size_t length)
{
    unsigned char digest[SHA256_SIZE];
    char text[2 * SHA256_SIZE + 1];

    if (mbedtls_sha256(bytes, length, digest, 0)) /* hardware's alone can fail */
        memset(digest, 0, sizeof(digest));
    for (size_t i = 0; i < sizeof(digest); i++)
        snprintf(text + 2 * i, 3, "%02x", digest[i]);
    return arena_print(arena, "sha256:%s", text);
}
