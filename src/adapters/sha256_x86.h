/*
 * SHA-256 by the processor's own instructions, which mbedTLS has for ARM alone: of an asset of 500 MB
 * its C code takes two seconds, these a third of one.
 */
#ifndef CUT_RELEASE_ADAPTERS_SHA256_X86_H
#define CUT_RELEASE_ADAPTERS_SHA256_X86_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Has this processor got them? */
bool sha256_x86_is_there(void);

/* Takes blocks of 64 bytes into the state (FIPS 180-4, section 6.2.2). */
void sha256_x86_blocks(uint32_t state[8], const unsigned char *bytes, size_t blocks);

#endif
