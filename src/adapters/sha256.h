/* SHA-256 by nettle: what the server's `digest` of an asset, and `sha256sum -c`, compare with. */
#ifndef CUT_RELEASE_ADAPTERS_SHA256_H
#define CUT_RELEASE_ADAPTERS_SHA256_H

#include <stddef.h>

enum { SHA256_DIGITS = 64 };

struct sha256; /* of bytes that come piece by piece */

struct sha256 *sha256_start(void);
void sha256_add(struct sha256 *hash, const void *bytes, size_t length);
/* In lower case, with a NUL. */
void sha256_end(struct sha256 *hash, char digits[SHA256_DIGITS + 1]);
void sha256_free(struct sha256 *hash); /* takes NULL */

/* Of bytes that are all there. */
void sha256(const void *bytes, size_t length, char digits[SHA256_DIGITS + 1]);

#endif
