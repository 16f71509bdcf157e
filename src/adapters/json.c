#include "adapters/json.h"

#include "base/memory.h"

#include <cjson/cJSON.h>
#include <string.h>

/* cJSON's tree is ours: the opaque struct json is its node. */
static const cJSON *node(const struct json *value)
{
    return (const cJSON *)(const void *)value;
}

static cJSON *own(struct json *value)
{
    return (cJSON *)(void *)value;
}

static void *allocate(size_t size)
{
    return memory_take(size);
}

/* Allocation never fails (memory.h), so neither do cJSON's constructors. */
static void use_our_memory(void)
{
    static bool done;
    cJSON_Hooks hooks = {.malloc_fn = allocate, .free_fn = memory_free};

    if (!done)
        cJSON_InitHooks(&hooks);
    done = true;
}

int json_parse(const char *bytes, size_t length, struct json **document, struct error *error)
{
    const char *start = bytes ? bytes : "", *end = start;

    use_our_memory();
    cJSON *root = cJSON_ParseWithLengthOpts(start, length, &end, false);
    size_t const used = end >= start ? (size_t)(end - start) : 0;
    if (!root)
        return error_set(error, ERROR_ANSWER, NULL,
                         "whole JSON was expected; it ends or goes wrong near byte %zu of %zu",
                         used, length);
    for (size_t i = used; i < length; i++)
        if (start[i] && !strchr(" \t\r\n", start[i])) {
            cJSON_Delete(root);
            return error_set(error, ERROR_ANSWER, NULL,
                             "one JSON document was expected; something is behind it at byte %zu",
                             i);
        }
    *document = (struct json *)(void *)root;
    return 0;
}

/* Behind the string that begins at `at`. */
static size_t string_end(const char *bytes, size_t length, size_t at)
{
    for (at++; at < length && bytes[at] != '"'; at++)
        at += bytes[at] == '\\';
    return at < length ? at + 1 : length;
}

/* Behind the value that begins at `at`: the comma or the brace that ends it. */
static size_t value_end(const char *bytes, size_t length, size_t at)
{
    size_t depth = 0;

    while (at < length) {
        char const byte = bytes[at];
        bool const closes = byte == '}' || byte == ']';

        if (!depth && (closes || byte == ','))
            return at;
        depth += byte == '{' || byte == '[';
        depth -= closes;
        at = byte == '"' ? string_end(bytes, length, at) : at + 1;
    }
    return length;
}

/* Where the value of the whole document's member stands. */
static bool find_value(const char *bytes, size_t length, const char *member, size_t *start,
                       size_t *end)
{
    size_t const name = strlen(member);
    int depth = 0;

    for (size_t at = 0, next; at < length; at = next) {
        next = bytes[at] == '"' ? string_end(bytes, length, at) : at + 1;
        depth += (bytes[at] == '{' || bytes[at] == '[') - (bytes[at] == '}' || bytes[at] == ']');
        if (depth != 1 || next - at != name + 2 || memcmp(bytes + at + 1, member, name) != 0)
            continue;
        while (next < length && strchr(" \t\r\n", bytes[next]) && bytes[next])
            next++;
        if (next < length && bytes[next] == ':') {
            *start = next + 1;
            *end = value_end(bytes, length, next + 1);
            return true;
        }
    }
    return false;
}

int json_parse_without(const char *bytes, size_t length, const char *member, struct json **document,
                       struct error *error)
{
    CLEANUP(text_free) struct text rest = {0};
    size_t start, end;

    if (!*member || !find_value(bytes, length, member, &start, &end))
        return json_parse(bytes, length, document, error);
    text_add_bytes(&rest, bytes, start);
    text_add(&rest, "null");
    text_add_bytes(&rest, bytes + end, length - end);
    return json_parse(rest.bytes, rest.length, document, error);
}

struct json *json_new_object(void)
{
    use_our_memory();
    return (struct json *)(void *)cJSON_CreateObject();
}

struct json *json_new_array(void)
{
    use_our_memory();
    return (struct json *)(void *)cJSON_CreateArray();
}

void json_free(struct json *document)
{
    cJSON_Delete(own(document));
}

const struct json *json_at(const struct json *value, const char *path)
{
    const cJSON *at = node(value);

    while (at && *path) {
        char name[64];
        size_t const length = strcspn(path, ".");

        if (length >= sizeof(name))
            return NULL;
        memcpy(name, path, length);
        name[length] = '\0';
        at = cJSON_GetObjectItemCaseSensitive(at, name);
        path += length + (path[length] == '.');
    }
    return (const struct json *)(const void *)at;
}

bool json_is_array(const struct json *value)
{
    return cJSON_IsArray(node(value));
}

bool json_is_object(const struct json *value)
{
    return cJSON_IsObject(node(value));
}

const char *json_text(const struct json *value, const char *path)
{
    return cJSON_GetStringValue(node(json_at(value, path)));
}

bool json_flag(const struct json *value, const char *path)
{
    return cJSON_IsTrue(node(json_at(value, path)));
}

bool json_has_flag(const struct json *value, const char *path)
{
    return cJSON_IsBool(node(json_at(value, path)));
}

bool json_number(const struct json *value, const char *path, int64_t *number)
{
    static const double largest = 9007199254740992.0; /* 2^53 */
    const cJSON *at = node(json_at(value, path));

    if (!cJSON_IsNumber(at) || at->valuedouble < -largest || at->valuedouble > largest ||
        (double)(int64_t)at->valuedouble != at->valuedouble)
        return false;
    *number = (int64_t)at->valuedouble;
    return true;
}

size_t json_count(const struct json *array)
{
    return (size_t)cJSON_GetArraySize(node(array));
}

const struct json *json_first(const struct json *array)
{
    const cJSON *at = node(array);

    return at ? (const struct json *)(const void *)at->child : NULL;
}

const struct json *json_next(const struct json *element)
{
    return (const struct json *)(const void *)node(element)->next;
}

void json_put_text(struct json *object, const char *name, const char *text)
{
    cJSON_AddStringToObject(own(object), name, string_or(text, ""));
}

void json_put_flag(struct json *object, const char *name, bool flag)
{
    cJSON_AddBoolToObject(own(object), name, flag);
}

void json_put(struct json *object, const char *name, struct json *value)
{
    cJSON_AddItemToObject(own(object), name, own(value));
}

void json_append(struct json *array, struct json *value)
{
    cJSON_AddItemToArray(own(array), own(value));
}

void json_print(const struct json *value, struct text *out)
{
    char *printed = cJSON_PrintUnformatted(node(value));

    text_add(out, printed);
    cJSON_free(printed);
}

const char *json_version(void)
{
    return cJSON_Version();
}
