/* From a request to its endpoint, and the answers' common shape (docs.github.com/rest/using). */
#define _GNU_SOURCE
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void json_add_clean(struct pool *pool, cJSON *object, const char *name, const char *text)
{
    cJSON_AddStringToObject(object, name, utf8_clean(pool, text, strlen(text)));
}

char *repo_url(struct pool *pool, const char *rest)
{
    return pool_format(pool, "%s/repos/%s%s", addresses.api, repo_name(), rest);
}

void reply(struct call *call, int status, cJSON *json)
{
    call->answer->status = status;
    char *text = cJSON_PrintUnformatted(json);
    buffer_text(&call->answer->body, text);
    free(text);
    cJSON_Delete(json);
}

static char *doc_url(struct call *call)
{
    const char *page = call->endpoint ? call->endpoint->page : "";
    const char *slash = *page ? "/" : "";
    return pool_format(&call->request->pool, "https://docs.github.com/rest%s%s", slash, page);
}

static void reply_shaped(struct call *call, int status, const char *message, cJSON *errors)
{
    struct pool *pool = &call->request->pool;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "message", message);
    if (errors)
        cJSON_AddItemToObject(json, "errors", errors);
    cJSON_AddStringToObject(json, "documentation_url", doc_url(call));
    cJSON_AddStringToObject(json, "status", pool_format(pool, "%d", status));
    reply(call, status, json);
}

void reply_error(struct call *call, int status, const char *message)
{
    reply_shaped(call, status, message, NULL);
}

void reply_errors(struct call *call, cJSON *errors)
{
    reply_shaped(call, 422, "Validation Failed", errors);
}

void add_invalid(cJSON *errors, const char *resource, const char *field, const char *code,
                 const char *message)
{
    cJSON *error = cJSON_CreateObject();
    cJSON_AddStringToObject(error, "resource", resource);
    cJSON_AddStringToObject(error, "code", code);
    if (field)
        cJSON_AddStringToObject(error, "field", field);
    if (message)
        cJSON_AddStringToObject(error, "message", message);
    cJSON_AddItemToArray(errors, error);
}

void reply_invalid(struct call *call, const char *resource, const char *field, const char *code,
                   const char *message)
{
    cJSON *errors = cJSON_CreateArray();
    add_invalid(errors, resource, field, code, message);
    reply_errors(call, errors);
}

bool call_may(const struct call *call, const char *permission, const char *level)
{
    return auth_may(call->who, permission, level);
}

const char *call_login(const struct call *call)
{
    const char *login = release_text(call->who, "login");
    return login ? login : "github-actions[bot]";
}

char *call_query(const struct call *call, const char *name)
{
    return query_value(&call->request->pool, call->request->query, name);
}

/* docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
static void limit_headers(struct pool *pool, struct answer *answer)
{
    const cJSON *limit = config_get("rate_limit");
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(limit, "limit");
    long total = cJSON_IsNumber(item) ? (long)item->valuedouble : 1000;
    item = cJSON_GetObjectItemCaseSensitive(limit, "remaining");
    long left = cJSON_IsNumber(item) ? (long)item->valuedouble : total;
    item = cJSON_GetObjectItemCaseSensitive(limit, "reset_in");
    long reset = (long)time(NULL) + (cJSON_IsNumber(item) ? (long)item->valuedouble : 3600);
    answer_header(answer, "x-ratelimit-limit", pool_format(pool, "%ld", total));
    answer_header(answer, "x-ratelimit-remaining", pool_format(pool, "%ld", left));
    answer_header(answer, "x-ratelimit-used", pool_format(pool, "%ld", total - left));
    answer_header(answer, "x-ratelimit-reset", pool_format(pool, "%ld", reset));
    answer_header(answer, "x-ratelimit-resource", "core");
}

void api_headers(struct request *request, struct answer *answer)
{
    const char *version = request_header(request, "X-GitHub-Api-Version");
    answer_header(answer, "Content-Type", "application/json; charset=utf-8");
    answer_header(answer, "Cache-Control", "private, max-age=60, s-maxage=60");
    answer_header(answer, "Vary", "Accept, Authorization, Cookie, X-GitHub-OTP");
    answer_header(answer, "X-GitHub-Media-Type", "github.v3; format=json");
    answer_header(answer, "x-github-api-version-selected", version ? version : "2022-11-28");
    limit_headers(&request->pool, answer);
    answer_header(answer, "X-Content-Type-Options", "nosniff");
    answer_header(answer, "x-github-request-id",
                  pool_format(&request->pool, "CA5E:%06X", (unsigned)(clock_us() & 0xffffff)));
}

/* Counts the request; false where none is left. */
static bool limit_take(struct call *call)
{
    cJSON *left = cJSON_GetObjectItemCaseSensitive(config_get("rate_limit"), "remaining");
    if (!cJSON_IsNumber(left))
        return true;
    if (left->valuedouble < 1) {
        reply_error(call, 403,
                    "API rate limit exceeded for installation ID 1. If you reach out to GitHub "
                    "Support for help, please include the request ID.");
        return false;
    }
    cJSON_SetNumberValue(left, left->valuedouble - 1);
    limit_headers(&call->request->pool, call->answer);
    return true;
}

/* Matches `path` (encoded) against a pattern, segment by segment, and takes the arguments. */
static bool match(struct call *call, const char *pattern, const char *path)
{
    size_t used = 0;
    while (*pattern) {
        if (*pattern != '{') {
            if (*pattern++ != *path++)
                return false;
            continue;
        }
        size_t name = strcspn(pattern, "}");
        bool all = name > 3 && strncmp(pattern + name - 3, "...", 3) == 0;
        size_t length = all ? strlen(path) : strcspn(path, "/");
        if (!length && !all)
            return false;
        call->args[used++] = percent_decode(&call->request->pool, path, length);
        path += length;
        pattern += name + 1;
    }
    return !*path;
}

static bool known_parameters(struct call *call)
{
    const char *query = call->request->query;
    while (*query) {
        size_t length = strcspn(query, "=&");
        char *name = pool_copy(&call->request->pool, query, length);
        char *list = pool_format(&call->request->pool, " %s ", call->endpoint->query);
        if (!strstr(list, pool_format(&call->request->pool, " %s ", name)))
            return false;
        query += strcspn(query, "&");
        query += *query == '&';
    }
    return true;
}

/* The first of "contents=write; …" as name and level. */
static void first_permission(struct pool *pool, const char *accepted, char **name, char **level)
{
    size_t length = strcspn(accepted, "=");
    *name = pool_copy(pool, accepted, length);
    *level = pool_copy(pool, accepted + length + 1, strcspn(accepted + length + 1, ";,"));
}

/* Error answers: docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
static bool permitted(struct call *call)
{
    char *name;
    char *level;
    first_permission(&call->request->pool, call->endpoint->accepted, &name, &level);
    answer_header(call->answer, "x-accepted-github-permissions", call->endpoint->accepted);
    if (call_may(call, name, level))
        return true;
    if (call->who)
        reply_error(call, 403, "Resource not accessible by integration");
    else if (config_flag("private"))
        reply_error(call, 404, "Not Found");
    else
        reply_error(call, 401, "Requires authentication");
    return false;
}

/* `rest` is the path below the repository; uploads have a method of their own in the table. */
static void dispatch(struct call *call, const char *method, const char *rest)
{
    for (const struct endpoint *e = endpoints; e->method; e++) {
        if (strcmp(e->method, method) != 0 || !match(call, e->path, rest))
            continue;
        call->endpoint = e;
        if (!known_parameters(call))
            call->entry->strange = true;
        if (permitted(call))
            e->handle(call);
        return;
    }
    call->entry->strange = true;
    reply_error(call, 404, "Not Found");
}

/* docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api#follow-redirects */
static void redirect(struct call *call, const char *root, const char *rest)
{
    struct pool *pool = &call->request->pool;
    bool get =
        text_equal(call->request->method, "GET") || text_equal(call->request->method, "HEAD");
    const char *query = call->request->query;
    char *url = pool_format(pool, "%s/repositories/%ld%s%s%s", root, config_number("id", 1), rest,
                            *query ? "?" : "", query);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "message", "Moved Permanently");
    cJSON_AddStringToObject(json, "url", url);
    cJSON_AddStringToObject(json, "documentation_url",
                            "https://docs.github.com/rest/guides/"
                            "best-practices-for-using-the-rest-api#follow-redirects");
    answer_header(call->answer, "Location", url);
    reply(call, get ? 301 : 307, json);
}

/* Takes "/repos/O/R" or "/repositories/ID" off `path`; NULL where it is no repository of ours. */
static const char *take_repository(struct call *call, const char *path, bool *moved)
{
    struct pool *pool = &call->request->pool;
    *moved = false;
    if (text_begins(path, "/repositories/")) {
        char *end;
        long id = strtol(path + 14, &end, 10);
        return id == config_number("id", 1) && (!*end || *end == '/') ? end : NULL;
    }
    if (!text_begins(path, "/repos/"))
        return NULL;
    const char *slash = strchr(path + 7, '/');
    const char *end = slash ? slash + 1 + strcspn(slash + 1, "/") : NULL;
    char *name = end ? percent_decode(pool, path + 7, (size_t)(end - path - 7)) : NULL;
    *moved = text_equal_nocase(name, config_text("renamed_from", NULL));
    return *moved || text_equal_nocase(name, repo_name()) ? end : NULL;
}

static void route(struct call *call, const char *root, const char *path, bool upload)
{
    bool moved;
    const char *rest = take_repository(call, path, &moved);
    const char *method = call->request->method;
    if (text_equal(method, "HEAD"))
        method = "GET"; /* answer_send leaves the body out */
    else if (upload && text_equal(method, "POST"))
        method = "UPLOAD";
    if (!rest && upstream_serve(call, path))
        return;
    if (text_equal(method, "GET") && text_equal(path, "/search/issues")) {
        dispatch(call, "SEARCH", path); /* not below a repository */
    } else if (!rest) {
        /* Who asks for another repository's releases doesn't know that there is none. */
        call->entry->strange = !text_ends(path, "/releases");
        reply_error(call, 404, "Not Found");
    } else if (config_flag("private") && !call->who) {
        reply_error(call, 404, "Not Found");
    } else if (moved) {
        redirect(call, root, rest);
    } else {
        dispatch(call, method, rest);
    }
}

/* docs.github.com/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent */
static bool has_user_agent(struct call *call)
{
    const char *agent = request_header(call->request, "User-Agent");
    if (agent && *agent)
        return true;
    answer_header(call->answer, "Content-Type", "text/html; charset=utf-8");
    call->answer->status = 403;
    buffer_text(
        &call->answer->body,
        "\r\nRequest forbidden by administrative rules. Please make sure your request has "
        "a User-Agent header (https://docs.github.com/en/rest/overview/"
        "resources-in-the-rest-api#user-agent-required). Check https://developer.github.com "
        "for other possible causes.\r\n");
    return false;
}

void api_serve(struct request *request, struct answer *answer, struct log_entry *entry,
               const struct fault *fault)
{
    struct call call = {.request = request, .answer = answer, .entry = entry, .fault = fault};
    bool upload = text_begins(request->path, "/api/uploads/");
    const char *root = upload ? addresses.upload : addresses.api;
    const char *base = upload ? "/api/uploads" : "/api/v3";
    const char *path = text_begins(request->path, base) ? request->path + strlen(base) : "";
    state_lock();
    api_headers(request, answer);
    if (!has_user_agent(&call))
        ;
    else if (!auth_find(request, &call.who))
        reply_error(&call, 401, "Bad credentials");
    else if (limit_take(&call))
        route(&call, root, path, upload);
    state_unlock();
    cJSON_Delete(call.body);
}
