#define _GNU_SOURCE
#include "util.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("sandbox: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

void *must_alloc(size_t size)
{
    void *memory = calloc(1, size ? size : 1);
    if (!memory)
        die("out of memory (%zu bytes)", size);
    return memory;
}

void *must_grow(void *memory, size_t size)
{
    void *grown = realloc(memory, size);
    if (!grown)
        die("out of memory (%zu bytes)", size);
    return grown;
}

char *must_copy(const char *text)
{
    size_t length = strlen(text);
    char *copy = must_alloc(length + 1);
    memcpy(copy, text, length);
    return copy;
}

static void buffer_reserve(struct buffer *buffer, size_t more)
{
    size_t need = buffer->length + more + 1;
    if (need <= buffer->capacity)
        return;
    size_t capacity = buffer->capacity ? buffer->capacity * 2 : 256;
    if (capacity < need)
        capacity = need;
    buffer->data = must_grow(buffer->data, capacity);
    buffer->capacity = capacity;
}

void buffer_add(struct buffer *buffer, const void *data, size_t length)
{
    buffer_reserve(buffer, length);
    if (length)
        memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
    buffer->data[buffer->length] = 0;
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = NULL;
    int length = vasprintf(&text, format, args);
    va_end(args);
    if (length < 0)
        die("out of memory");
    buffer_add(buffer, text, (size_t)length);
    free(text);
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

struct pool_item {
    struct pool_item *next;
    char text[];
};

static char *pool_take(struct pool *pool, size_t size)
{
    struct pool_item *item = must_alloc(sizeof *item + size);
    item->next = pool->first;
    pool->first = item;
    return item->text;
}

char *pool_copy(struct pool *pool, const char *text, size_t length)
{
    char *copy = pool_take(pool, length + 1);
    memcpy(copy, text, length);
    return copy;
}

char *pool_format(struct pool *pool, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        die("bad format");
    char *text = pool_take(pool, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void pool_free(struct pool *pool)
{
    while (pool->first) {
        struct pool_item *next = pool->first->next;
        free(pool->first);
        pool->first = next;
    }
}

uint64_t clock_us(void)
{
    static uint64_t start;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t us = (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
    if (!start)
        start = us; /* the first call is made by main before any thread is started */
    return us - start;
}

void sleep_ms(long ms)
{
    struct timespec left = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};
    while (ms > 0 && nanosleep(&left, &left) && errno == EINTR)
        ;
}

char *time_text(struct pool *pool, time_t when)
{
    struct tm parts;
    char text[32];
    gmtime_r(&when, &parts);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return pool_copy(pool, text, strlen(text));
}

time_t time_parse(const char *text)
{
    struct tm parts = {0};
    const char *end = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;
    if (!end || (*end && strcmp(end, "Z") != 0))
        return -1;
    return timegm(&parts);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *percent_decode(struct pool *pool, const char *text, size_t length)
{
    char *out = pool_copy(pool, text, length);
    size_t used = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '%' && i + 2 < length && hex_digit(text[i + 1]) >= 0 &&
            hex_digit(text[i + 2]) >= 0) {
            out[used++] = (char)(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out[used++] = text[i];
        }
    }
    out[used] = 0;
    return out;
}

char *percent_encode(struct pool *pool, const char *text)
{
    struct buffer out = {0};
    for (; *text; text++) {
        if (isalnum((unsigned char)*text) || strchr("-._~", *text))
            buffer_add(&out, text, 1);
        else
            buffer_format(&out, "%%%02X", (unsigned)(unsigned char)*text);
    }
    char *copy = pool_copy(pool, out.data ? out.data : "", out.length);
    buffer_free(&out);
    return copy;
}

char *query_value(struct pool *pool, const char *query, const char *name)
{
    size_t name_length = strlen(name);
    while (query && *query) {
        size_t length = strcspn(query, "&");
        if (length > name_length && query[name_length] == '=' &&
            strncmp(query, name, name_length) == 0)
            return percent_decode(pool, query + name_length + 1, length - name_length - 1);
        query += length;
        query += *query == '&';
    }
    return NULL;
}

static int base64_digit(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

char *base64_decode(struct pool *pool, const char *text)
{
    size_t length = strlen(text);
    char *out = pool_copy(pool, text, length);
    size_t used = 0;
    unsigned bits = 0;
    int count = 0;
    for (size_t i = 0; i < length && text[i] != '='; i++) {
        int digit = base64_digit(text[i]);
        if (digit < 0)
            return NULL;
        bits = (bits << 6 | (unsigned)digit) & 0xffffff;
        count += 6;
        if (count >= 8) {
            count -= 8;
            out[used++] = (char)(bits >> count & 0xff);
        }
    }
    out[used] = 0;
    return out;
}

/* Length of the well-formed UTF-8 sequence at `text`, 0 where there is none. */
static size_t utf8_step(const unsigned char *text, size_t left)
{
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xc2 ? 0
                    : text[0] < 0xe0 ? 2
                    : text[0] < 0xf0 ? 3
                    : text[0] < 0xf5 ? 4
                                     : 0;
    if (length > left)
        return 0;
    for (size_t i = 1; i < length; i++)
        if ((text[i] & 0xc0) != 0x80)
            return 0;
    if (length == 3 && ((text[0] == 0xe0 && text[1] < 0xa0) || (text[0] == 0xed && text[1] > 0x9f)))
        return 0;
    if (length == 4 && ((text[0] == 0xf0 && text[1] < 0x90) || (text[0] == 0xf4 && text[1] > 0x8f)))
        return 0;
    return length;
}

char *utf8_clean(struct pool *pool, const char *text, size_t length)
{
    struct buffer out = {0};
    buffer_text(&out, "");
    for (size_t i = 0; i < length;) {
        size_t step = utf8_step((const unsigned char *)text + i, length - i);
        if (!step || !text[i])
            buffer_text(&out, "\xef\xbf\xbd");
        else
            buffer_add(&out, text + i, step);
        i += step ? step : 1;
    }
    char *copy = pool_copy(pool, out.data, out.length);
    buffer_free(&out);
    return copy;
}

size_t utf8_length(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += (*text & 0xc0) != 0x80;
    return count;
}

bool text_equal(const char *a, const char *b)
{
    return a && b && strcmp(a, b) == 0;
}

bool text_equal_nocase(const char *a, const char *b)
{
    return a && b && strcasecmp(a, b) == 0;
}

bool text_ends(const char *text, const char *end)
{
    size_t const length = strlen(text), size = strlen(end);
    return length >= size && strcmp(text + length - size, end) == 0;
}

bool text_begins(const char *text, const char *start)
{
    return text && strncmp(text, start, strlen(start)) == 0;
}

bool is_sha(const char *text)
{
    return text && strlen(text) == 40 && strspn(text, "0123456789abcdef") == 40;
}
