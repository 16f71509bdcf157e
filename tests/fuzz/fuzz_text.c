/* base/text: what others wrote becomes one harmless line of UTF-8, cut at a limit. */
#include "fuzz.h"

#include <stdio.h>

/* The length of the character at `at` by RFC 3629, written apart from the code that is tested; 0
 * where it is none. */
static size_t character(const unsigned char *at, size_t left, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t const length = *at < 0x80 ? 1 : *at < 0xC0 ? 0 : *at < 0xE0 ? 2 : *at < 0xF0 ? 3 : 4;

    if (!length || length > left || *at > 0xF4)
        return 0;
    *code = length == 1 ? *at : *at & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (at[i] & 0x3FU);
    }
    if (*code < least[length] || *code > 0x10FFFF || (*code >= 0xD800 && *code <= 0xDFFF))
        return 0;
    return length;
}

static void check_foreign(const char *foreign, size_t limit)
{
    static const char ellipsis[] = "\xe2\x80\xa6";
    CLEANUP(text_free) struct text text = {0};
    const unsigned char *at;
    uint32_t code = 0;

    text_add(&text, "> ");
    text_add_foreign(&text, foreign, limit);
    must(string_starts(text_string(&text), "> "));
    must(strlen(text_string(&text)) == text.length);
    must(text.length <= 2 + limit + sizeof(ellipsis) - 1);
    at = (const unsigned char *)text_string(&text);
    for (size_t left = text.length, length; left; left -= length, at += length) {
        must((length = character(at, left, &code)));
        must(code >= 0x20 && code != 0x7F && !(code >= 0x80 && code < 0xA0));
        must(code != 0x200E && code != 0x200F && !(code >= 0x202A && code <= 0x202E));
        must(!(code >= 0x2066 && code <= 0x2069));
    }
}

static void check_percent_encoded(const char *string)
{
    CLEANUP(text_free) struct text text = {0};

    text_add_percent_encoded(&text, string);
    const char *at = text_string(&text);
    must(strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%") ==
         text.length);
    for (; *at; at++, string++) {
        unsigned byte = (unsigned char)*at;

        if (*at == '%') {
            must(sscanf(at, "%%%2X", &byte) == 1);
            at += 2;
        }
        must(byte == (unsigned char)*string);
    }
    must(!*string);
}

static void check_lines(const char *string)
{
    const char *rest = string, *line;
    size_t length, count = 0, expected = 0;

    while ((line = string_next_line(&rest, &length))) {
        must(line >= string && line + length <= rest && !memchr(line, '\n', length));
        count++;
    }
    for (const char *at = string; *at; at++) /* a last line without a newline counts */
        expected += *at == '\n' || !at[1];
    must(!*rest && count == expected);
}

/* The first byte is the limit. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};

    if (!size)
        return 0;
    const char *string = arena_copy_bytes(&arena, (const char *)data + 1, size - 1);
    check_foreign(string, data[0]);
    check_foreign(string, SIZE_MAX / 4);
    check_percent_encoded(string);
    check_lines(string);
    return 0;
}
