/* Bodies that are sent, and pages that are asked for. */
#define _GNU_SOURCE
#include "api.h"

#include <stdlib.h>
#include <string.h>

const char *body_text(const struct call *call, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(call->body, name));
}

/* How GitHub names a value in "For 'properties/x', … is not a string." */
static char *shown(struct pool *pool, const cJSON *value)
{
    if (cJSON_IsNull(value))
        return pool_format(pool, "nil");
    char *text = cJSON_PrintUnformatted(value);
    char *copy = pool_copy(pool, text, strlen(text));
    free(text);
    return copy;
}

static bool type_fits(const cJSON *value, char type)
{
    return type == 's'   ? cJSON_IsString(value)
           : type == 'b' ? cJSON_IsBool(value)
                         : cJSON_IsObject(value);
}

static const char *type_name(char type)
{
    return type == 's' ? "a string" : type == 'b' ? "a boolean" : "an object";
}

/* The type letter of a field in "name:type …", 0 where it is not there. */
static char field_type(const char *fields, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = fields; *at;) {
        if (strncmp(at, name, length) == 0 && at[length] == ':')
            return at[length + 1];
        at += strcspn(at, " ");
        at += *at == ' ';
    }
    return 0;
}

static void check_given(struct call *call, const char *fields, struct buffer *problems)
{
    struct pool *pool = &call->request->pool;
    for (const cJSON *item = json_first(call->body); item; item = item->next) {
        char type = field_type(fields, item->string);
        if (!type)
            buffer_format(problems, "\n\n\"%s\" is not a permitted key.", item->string);
        else if (!type_fits(item, type))
            buffer_format(problems, "\n\nFor 'properties/%s', %s is not %s.", item->string,
                          shown(pool, item), type_name(type));
    }
}

static void check_required(struct call *call, const char *fields, struct buffer *problems)
{
    for (const char *at = fields; *at;) {
        size_t length = strcspn(at, " ");
        char *name = pool_copy(&call->request->pool, at, strcspn(at, ":"));
        if (at[length - 1] == '!' && !cJSON_HasObjectItem(call->body, name))
            buffer_format(problems, "\n\n\"%s\" wasn't supplied.", name);
        at += length;
        at += *at == ' ';
    }
}

bool call_body(struct call *call, const char *fields)
{
    struct buffer problems = {0};
    call->body = cJSON_ParseWithLength(call->request->body.data, call->request->body.length);
    if (!call->body && call->request->body.length) {
        reply_error(call, 400, "Problems parsing JSON");
        return false;
    }
    if (call->body && !cJSON_IsObject(call->body)) {
        reply_error(call, 400, "Body should be a JSON object");
        return false;
    }
    check_given(call, fields, &problems);
    check_required(call, fields, &problems);
    if (problems.length)
        reply_error(call, 422,
                    pool_format(&call->request->pool, "Invalid request.%s", problems.data));
    bool fine = !problems.length;
    buffer_free(&problems);
    return fine;
}

/* docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
struct page page_asked(const struct call *call, size_t usual)
{
    const char *size = call_query(call, "per_page");
    const char *number = call_query(call, "page");
    long per_page = size ? strtol(size, NULL, 10) : 0;
    long page = number ? strtol(number, NULL, 10) : 1;
    struct page asked = {.size = per_page > 0 ? (size_t)per_page : usual,
                         .number = page > 0 ? (size_t)page : 1};
    if (per_page > 100)
        asked.size = 100;
    asked.first = (asked.number - 1) * asked.size;
    return asked;
}

/* What follows "/repos/O/R" or "/repositories/ID" in the request's path. */
static const char *below_repository(const char *path)
{
    int slashes = strstr(path, "/repositories/") ? 5 : 6;
    while (slashes && *path)
        slashes -= *path++ == '/';
    return slashes ? path : path - 1;
}

/* Where the list is, for links: under the repository's number, or outside of any (a search). */
static char *list_address(struct call *call)
{
    struct pool *pool = &call->request->pool;
    const char *search = strstr(call->request->path, "/search/");
    if (search)
        return pool_format(pool, "%s%s", addresses.api, search);
    return pool_format(pool, "%s/repositories/%ld%s", addresses.api, config_number("id", 1),
                       below_repository(call->request->path));
}

/* One entry of the Link header: the same list with another page. */
static void add_link(struct call *call, struct buffer *out, size_t number, const char *name)
{
    const char *query = call->request->query;
    buffer_format(out, "%s<%s?", out->length ? ", " : "", list_address(call));
    while (*query) {
        size_t length = strcspn(query, "&");
        if (strncmp(query, "page=", 5) != 0)
            buffer_format(out, "%.*s&", (int)length, query);
        query += length;
        query += *query == '&';
    }
    buffer_format(out, "page=%zu>; rel=\"%s\"", number, name);
}

void page_links(struct call *call, struct page page, size_t count)
{
    struct buffer out = {0};
    size_t last = count ? (count + page.size - 1) / page.size : 1;
    if (page.number > 1)
        add_link(call, &out, page.number - 1 < last ? page.number - 1 : last, "prev");
    if (page.number < last) {
        add_link(call, &out, page.number + 1, "next");
        add_link(call, &out, last, "last");
    }
    if (page.number > 1)
        add_link(call, &out, 1, "first");
    if (out.length)
        answer_header(call->answer, "Link", pool_copy(&call->request->pool, out.data, out.length));
    buffer_free(&out);
}

cJSON *call_page(struct call *call, cJSON *list)
{
    struct page page = page_asked(call, 30);
    size_t count = (size_t)cJSON_GetArraySize(list);
    cJSON *part = cJSON_CreateArray();
    for (size_t i = 0; i < page.size && page.first < count; i++) {
        cJSON *item = cJSON_DetachItemFromArray(list, (int)page.first);
        if (!item)
            break;
        cJSON_AddItemToArray(part, item);
    }
    cJSON_Delete(list);
    page_links(call, page, count);
    return part;
}
