/* SHA-256 by mbedTLS. */
#ifndef CUT_RELEASE_ADAPTERS_SHA256_H
#define CUT_RELEASE_ADAPTERS_SHA256_H

#include "base/arena.h"

/* "sha256:" and 64 digits, in the arena. */
const char *sha256_digest(struct arena *arena, const void *bytes, size_t length);

#endif
