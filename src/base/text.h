/*
 * A text that grows. Zero-initialised it is empty; the owner calls text_free (or declares it with
 * `CLEANUP(text_free)`, see cleanup.h). Nothing here fails (see memory.h).
 */
#ifndef CUT_RELEASE_BASE_TEXT_H
#define CUT_RELEASE_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct text {
    char *bytes; /* ends with a NUL that `length` doesn't count; NULL while empty */
    size_t length, capacity;
};

void text_add(struct text *text, const char *string);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
__attribute__((format(printf, 2, 3))) void text_print(struct text *text, const char *format, ...);

/* Makes room for `more` bytes, so that adding that many doesn't move what is there. */
void text_reserve(struct text *text, size_t more);

/* Never NULL; valid until the text changes. */
const char *text_string(const struct text *text);

/* Forgets what is behind `length`. */
void text_cut(struct text *text, size_t length);

/* Overwrites the bytes first. */
void text_free(struct text *text);

/* Small helpers on plain strings. NULL counts as the empty string. */
bool string_is_empty(const char *string);
bool strings_equal(const char *a, const char *b);
bool string_starts(const char *string, const char *prefix);
const char *string_or(const char *string, const char *otherwise);

bool string_is_utf8(const char *string);

/*
 * The next line of `*rest` without its line ending (LF or CRLF), its length in `*length`; moves
 * `*rest` behind it. NULL at the end.
 */
const char *string_next_line(const char **rest, size_t *length);

/*
 * Adds what another person wrote as one harmless line: control characters (the C0 and C1 sets and
 * the direction marks that reorder a terminal's line) become spaces, invalid UTF-8 becomes `?`,
 * and more than `limit` bytes are cut with an ellipsis.
 */
void text_add_foreign(struct text *text, const char *foreign, size_t limit);

/* Adds a string with `%XX` for everything that RFC 3986 doesn't call unreserved. */
void text_add_percent_encoded(struct text *text, const char *string);

#endif
