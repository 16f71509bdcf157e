/* Base64 (RFC 4648), for what is public: a decoder in constant time is slower. */
#ifndef CUT_RELEASE_BASE_BASE64_H
#define CUT_RELEASE_BASE_BASE64_H

#include "base/text.h"

#include <stddef.h>

/*
 * Adds the bytes. Line ends, padding and whatever else is no digit are passed over. It makes its room
 * first, so what `text_reserve` promised holds.
 */
void base64_decode(const char *digits, size_t length, struct text *out);

/* Adds the digits, padded. */
void base64_encode(const char *bytes, size_t length, struct text *out);

#endif
