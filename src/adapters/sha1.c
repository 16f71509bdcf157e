#include "adapters/sha1.h"

#include <mbedtls/sha1.h>
#include <string.h>

void sha1(const void *bytes, size_t length, uint8_t digest[SHA1_SIZE])
{
    if (mbedtls_sha1(bytes, length, digest)) /* hardware's alone can fail */
        memset(digest, 0, SHA1_SIZE);
}
