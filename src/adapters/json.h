/*
 * JSON by cJSON, the one file that knows it. Reading is lenient where a field is absent (NULL, false)
 * and strict about whole documents: cut JSON, or anything behind it, is an error.
 */
#ifndef CUT_RELEASE_ADAPTERS_JSON_H
#define CUT_RELEASE_ADAPTERS_JSON_H

#include "base/cleanup.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json; /* a value inside a document; the document's root owns all of it */

/* "1.7.18" */
const char *json_version(void);

/* The document; the caller frees it. */
int json_parse(const char *bytes, size_t length, struct json **document, struct error *error);
/* The same, but the value of that member of the document is passed over, and null: it may be large. */
int json_parse_without(const char *bytes, size_t length, const char *member, struct json **document,
                       struct error *error);
struct json *json_new_object(void);
struct json *json_new_array(void);
void json_free(struct json *document);
CLEANUP_POINTER(struct json *, json_free)

/* The member at a path such as "object.sha"; NULL where there is none. `value` may be NULL. */
const struct json *json_at(const struct json *value, const char *path);

bool json_is_array(const struct json *value);
bool json_is_object(const struct json *value);

/* NULL where there is no string at the path. Lives as long as the document. */
const char *json_text(const struct json *value, const char *path);

/* False where there is no boolean at the path. */
bool json_flag(const struct json *value, const char *path);
bool json_has_flag(const struct json *value, const char *path);

/* False where there is no whole number (within 2^53) at the path. */
bool json_number(const struct json *value, const char *path, int64_t *number);

size_t json_count(const struct json *array);
/* The elements of an array (or the members of an object) in turn; NULL at the end. */
const struct json *json_first(const struct json *array);
const struct json *json_next(const struct json *element);

void json_put_text(struct json *object, const char *name, const char *text);
void json_put_flag(struct json *object, const char *name, bool flag);
/* `value` belongs to `object` or `array` from here on. */
void json_put(struct json *object, const char *name, struct json *value);
void json_append(struct json *array, struct json *value);

void json_print(const struct json *value, struct text *out);

#endif
