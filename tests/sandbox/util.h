/*
 * Small things that every part of the sandbox needs: growing buffers, texts with the life of one
 * request, percent-encoding, base64, dates.
 *
 * The sandbox is a test tool: where memory runs out it says so and ends.
 */
#ifndef SANDBOX_UTIL_H
#define SANDBOX_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* Bytes that grow; `data` is always followed by a 0 byte, and NULL only while nothing was added. */
struct buffer {
    char *data;
    size_t length;
    size_t capacity;
};

void buffer_add(struct buffer *buffer, const void *data, size_t length);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_format(struct buffer *buffer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void buffer_free(struct buffer *buffer);

/* Texts that live as long as the pool: a request owns one, so that nobody frees single strings. */
struct pool {
    struct pool_item *first;
};

char *pool_copy(struct pool *pool, const char *text, size_t length);
char *pool_format(struct pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pool_free(struct pool *pool);

void *must_alloc(size_t size);
void *must_grow(void *memory, size_t size);
char *must_copy(const char *text);
void die(const char *format, ...) __attribute__((format(printf, 1, 2), noreturn));

/* µs of the monotonic clock since the program started. */
uint64_t clock_us(void);
void sleep_ms(long ms);

/* "2026-09-01T12:00:00Z" and back; -1 where the text is not of that form. */
char *time_text(struct pool *pool, time_t when);
time_t time_parse(const char *text);

char *percent_decode(struct pool *pool, const char *text, size_t length);
char *percent_encode(struct pool *pool, const char *text);
/* The value of a name in "a=b&c=d", decoded; NULL where it is not there. */
char *query_value(struct pool *pool, const char *query, const char *name);
/* NULL where the text is not base64. */
char *base64_decode(struct pool *pool, const char *text);
/* The same text with every byte that is not UTF-8 replaced by U+FFFD, as JSON must be. */
char *utf8_clean(struct pool *pool, const char *text, size_t length);
size_t utf8_length(const char *text);

bool text_equal(const char *a, const char *b);
bool text_equal_nocase(const char *a, const char *b);
bool text_ends(const char *text, const char *end);
bool text_begins(const char *text, const char *start);
bool is_sha(const char *text);

#endif
