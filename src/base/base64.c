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
