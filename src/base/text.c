#include "base/text.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

void text_reserve(struct text *text, size_t more)
{
    size_t needed = text->length + more + 1;

    if (needed <= text->capacity)
        return;
    size_t capacity = text->capacity ? text->capacity : 64;
    while (capacity < needed)
        capacity *= 2;
    text->bytes = memory_grow(text->bytes, capacity);
    text->capacity = capacity;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    text_reserve(text, length);
    if (length)
        memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = '\0';
}

void text_add(struct text *text, const char *string)
{
    if (string)
        text_add_bytes(text, string, strlen(string));
}

void text_print(struct text *text, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length > 0) {
        text_reserve(text, (size_t)length);
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

const char *text_string(const struct text *text)
{
    return text->bytes ? text->bytes : "";
}

void text_cut(struct text *text, size_t length)
{
    if (length >= text->length)
        return;
    text->length = length;
    text->bytes[length] = '\0';
}

void text_free(struct text *text)
{
    if (text->bytes)
        memory_wipe(text->bytes, text->capacity);
    memory_free(text->bytes);
    *text = (struct text){0};
}

bool string_is_empty(const char *string)
{
    return !string || !*string;
}

bool strings_equal(const char *a, const char *b)
{
    return strcmp(string_or(a, ""), string_or(b, "")) == 0;
}

bool string_starts(const char *string, const char *prefix)
{
    return strncmp(string_or(string, ""), prefix, strlen(prefix)) == 0;
}

const char *string_or(const char *string, const char *otherwise)
{
    return string_is_empty(string) ? otherwise : string;
}

const char *string_next_line(const char **rest, size_t *length)
{
    const char *line = *rest;

    if (string_is_empty(line))
        return NULL;
    *length = strcspn(line, "\n");
    *rest = line + *length + (line[*length] == '\n');
    if (*length && line[*length - 1] == '\r')
        (*length)--;
    return line;
}

/*
 * The length of the UTF-8 character at `at` and its code point; 0 where the bytes are not one
 * (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
 */
static size_t utf8_character(const unsigned char *at, uint32_t *code)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80    ? 1
                    : at[0] >= 0xF5 ? 0
                    : at[0] >= 0xF0 ? 4
                    : at[0] >= 0xE0 ? 3
                    : at[0] >= 0xC2 ? 2
                                    : 0;

    if (length < 2) {
        *code = at[0];
        return length;
    }
    *code = at[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (at[i] & 0x3FU);
    }
    bool const valid =
        *code >= smallest[length] && *code <= 0x10FFFF && !(*code >= 0xD800 && *code <= 0xDFFF);
    return valid ? length : 0;
}

bool string_is_utf8(const char *string)
{
    const unsigned char *at = (const unsigned char *)string_or(string, "");
    size_t length = 1;
    uint32_t code;

    for (; *at && length; at += length)
        length = utf8_character(at, &code);
    return length != 0;
}

static bool is_control(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
           code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2066 && code <= 0x2069);
}

void text_add_foreign(struct text *text, const char *foreign, size_t limit)
{
    const unsigned char *at = (const unsigned char *)string_or(foreign, "");
    size_t const end = text->length + limit;

    while (*at) {
        uint32_t code;
        size_t length = utf8_character(at, &code);

        if (text->length + (length ? length : 1) > end) {
            text_add(text, "…");
            return;
        }
        if (!length)
            text_add(text, "?");
        else if (is_control(code))
            text_add(text, " ");
        else
            text_add_bytes(text, (const char *)at, length);
        at += length ? length : 1;
    }
}

void text_add_percent_encoded(struct text *text, const char *string)
{
    for (const unsigned char *at = (const unsigned char *)string_or(string, ""); *at; at++) {
        bool const letter = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z');
        bool const digit = *at >= '0' && *at <= '9';

        if (letter || digit || strchr("-._~", *at))
            text_print(text, "%c", *at);
        else
            text_print(text, "%%%02X", *at);
    }
}
