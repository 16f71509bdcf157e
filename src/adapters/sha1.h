/*
 * SHA-1 by mbedTLS, for names that others make with it. Nothing is trusted because of it: whose
 * signature rests on SHA-1 is refused.
 */
#ifndef CUT_RELEASE_ADAPTERS_SHA1_H
#define CUT_RELEASE_ADAPTERS_SHA1_H

#include <stddef.h>
#include <stdint.h>

enum { SHA1_SIZE = 20 };

void sha1(const void *bytes, size_t length, uint8_t digest[SHA1_SIZE]);

#endif
