#include "base/base64.h"

#include <stdint.h>
#include <string.h>

static void fill_values(signed char values[256])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    memset(values, -1, 256);
    for (int i = 0; i < 64; i++)
        values[(unsigned char)digits[i]] = (signed char)i;
}

void base64_decode(const char *digits, size_t length, struct text *out)
{
    signed char values[256];
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
