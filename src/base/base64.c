#include "base/base64.h"

#include <stdint.h>
#include <string.h>

static void fill_values(short values[256])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (int i = 0; i < 256; i++)
        values[i] = -1;
    for (int i = 0; i < 64; i++)
        values[(unsigned char)digits[i]] = (short)i;
}

void base64_decode(const char *digits, size_t length, struct text *out)
{
    short values[256];
    uint32_t bits = 0;
    int count = 0;

    fill_values(values);
    text_reserve(out, length);
    for (size_t i = 0; i < length; i++) {
        int const value = values[(unsigned char)digits[i]];

        if (value < 0)
            continue;
        bits = bits << 6 | (uint32_t)value;
        count += 6;
        if (count >= 8)
            out->bytes[out->length++] = (char)(bits >> (count -= 8));
    }
    out->bytes[out->length] = '\0';
}

void base64_encode(const char *bytes, size_t length, struct text *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *at = (const unsigned char *)bytes;

    for (size_t i = 0; i < length; i += 3) {
        size_t const left = length - i;
        unsigned const group = (unsigned)at[i] << 16 | (left > 1 ? (unsigned)at[i + 1] << 8 : 0) |
                               (left > 2 ? at[i + 2] : 0);
        char const four[] = {digits[group >> 18], digits[group >> 12 & 63],
                             left > 1 ? digits[group >> 6 & 63] : '=',
                             left > 2 ? digits[group & 63] : '='};

        text_add_bytes(out, four, sizeof(four));
    }
}
