/* base/base64: files of a repository, as a server gives them. */
#include "fuzz.h"

#include "base/base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Lines of 60 digits, as GitHub breaks them. */
static void encode(struct text *out, const uint8_t *data, size_t size)
{
    for (size_t i = 0; i < size; i += 3) {
        uint32_t const bits = (uint32_t)data[i] << 16 |
                              (i + 1 < size ? (uint32_t)data[i + 1] << 8 : 0) |
                              (i + 2 < size ? data[i + 2] : 0);

        text_print(out, "%c%c%c%c%s", digits[bits >> 18 & 63], digits[bits >> 12 & 63],
                   i + 1 < size ? digits[bits >> 6 & 63] : '=',
                   i + 2 < size ? digits[bits & 63] : '=', i % 45 == 42 ? "\n" : "");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(text_free) struct text odd = {0}, encoded = {0}, decoded = {0};

    base64_decode((const char *)data, size, &odd);
    must(odd.length <= size / 4 * 3 + 2);

    encode(&encoded, data, size);
    text_add(&decoded, "ahead");
    base64_decode(text_string(&encoded), encoded.length, &decoded);
    must(decoded.length == size + 5 && !memcmp(decoded.bytes, "ahead", 5));
    must(!size || !memcmp(decoded.bytes + 5, data, size));
    return 0;
}
