#define _GNU_SOURCE
#include "registry.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static struct log_entry **entries;
static size_t count;
static struct log_entry **old; /* of before a reset, while their requests may be under way */
static size_t old_count;

static bool is_api(const char *path)
{
    return text_begins(path, "/api/") || registry_path(path);
}

static char *copy_or_null(const char *text)
{
    return text ? must_copy(text) : NULL;
}

/* "Bearer TOKEN", "token TOKEN", or Basic with the token as the password. */
static void note_token(struct log_entry *entry, const struct request *request)
{
    const char *value = request_header(request, "Authorization");
    struct pool pool = {0};
    entry->scheme = "none";
    if (!value)
        return;
    const char *space = strchr(value, ' ');
    const char *secret = space ? space + 1 : value;
    entry->scheme = "bearer";
    if (strncasecmp(value, "basic ", 6) == 0) {
        char *pair = base64_decode(&pool, secret);
        const char *colon = pair ? strchr(pair, ':') : NULL;
        secret = colon ? colon + 1 : "";
        entry->scheme = "basic";
    }
    entry->token = must_copy(secret);
    pool_free(&pool);
}

struct log_entry *log_begin(const struct request *request, unsigned connection)
{
    struct pool pool = {0};
    struct log_entry *entry = must_alloc(sizeof *entry);
    entry->method = must_copy(request->method);
    entry->path = must_copy(request->path);
    entry->query = must_copy(request->query);
    note_token(entry, request);
    entry->git = !is_api(request->path);
    bool write = strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0;
    if (write && text_begins(request->path, "/api/v3/"))
        entry->body = copy_or_null(utf8_clean(&pool, request->body.data, request->body.length));
    entry->connection = connection;
    entry->start_us = request->started_us;
    pool_free(&pool);
    state_lock();
    if (count % 256 == 0)
        entries = must_grow(entries, (count + 256) * sizeof(struct log_entry *));
    entries[count++] = entry;
    entry->n = (unsigned)count;
    state_unlock();
    return entry;
}

/* Taken just before the answer leaves: what the client does next starts after it. */
void log_end(struct log_entry *entry, int status)
{
    state_lock();
    entry->status = status;
    entry->end_us = clock_us();
    state_unlock();
}

static void entry_free(struct log_entry *entry)
{
    free(entry->method);
    free(entry->path);
    free(entry->query);
    free(entry->token);
    free(entry->body);
    free(entry);
}

/* Entries whose request is not over are kept until the next reset. Under the lock. */
void log_reset(void)
{
    struct log_entry **kept = NULL;
    size_t kept_count = 0;
    for (size_t i = 0; i < count + old_count; i++) {
        struct log_entry *entry = i < count ? entries[i] : old[i - count];
        if (entry->end_us) {
            entry_free(entry);
            continue;
        }
        kept = must_grow(kept, (kept_count + 1) * sizeof *kept);
        kept[kept_count++] = entry;
    }
    free(entries);
    free(old);
    old = kept;
    old_count = kept_count;
    entries = NULL;
    count = 0;
}

static cJSON *entry_json(const struct log_entry *entry)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "n", entry->n);
    cJSON_AddStringToObject(json, "method", entry->method);
    cJSON_AddStringToObject(json, "path", entry->path);
    cJSON_AddStringToObject(json, "query", entry->query);
    cJSON_AddNumberToObject(json, "status", entry->status);
    cJSON_AddNumberToObject(json, "connection", entry->connection);
    cJSON_AddStringToObject(json, "auth", entry->scheme);
    cJSON_AddItemToObject(json, "token", json_text_or_null(entry->token));
    cJSON_AddItemToObject(json, "body", json_text_or_null(entry->body));
    cJSON_AddNumberToObject(json, "start_us", (double)entry->start_us);
    cJSON_AddNumberToObject(json, "end_us", (double)entry->end_us);
    cJSON_AddItemToObject(json, "fault", json_text_or_null(entry->fault));
    cJSON_AddBoolToObject(json, "git", entry->git);
    cJSON_AddBoolToObject(json, "strange", entry->strange);
    return json;
}

cJSON *log_json(void)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, entry_json(entries[i]));
    return list;
}

unsigned log_next(void)
{
    return (unsigned)count + 1;
}

char *log_lines(void)
{
    struct buffer lines = {0};
    buffer_text(&lines, "");
    for (size_t i = 0; i < count; i++)
        buffer_format(&lines, "%s %s\n", entries[i]->method, entries[i]->path);
    return lines.data;
}

bool log_has(const char *method, const char *pattern, bool answered)
{
    for (size_t i = 0; i < count; i++) {
        const struct log_entry *entry = entries[i];
        if (text_equal(entry->method, method) && !fnmatch(pattern, entry->path, 0) &&
            (!answered || (entry->end_us && entry->status)))
            return true;
    }
    return false;
}

static int by_end(const void *a, const void *b)
{
    const struct log_entry *const *left = a;
    const struct log_entry *const *right = b;
    return (*left)->end_us < (*right)->end_us ? -1 : (*left)->end_us > (*right)->end_us;
}

/* The longest chain of requests that follow one another: always take what ends first. */
static unsigned round_trips(void)
{
    struct log_entry **sorted = must_alloc((count + 1) * sizeof(struct log_entry *));
    unsigned chain = 0;
    uint64_t end = 0;
    if (count) {
        memcpy(sorted, entries, count * sizeof *sorted);
        qsort(sorted, count, sizeof *sorted, by_end);
    }
    for (size_t i = 0; i < count; i++) {
        if (!sorted[i]->end_us || (chain && sorted[i]->start_us < end))
            continue;
        end = sorted[i]->end_us;
        chain++;
    }
    free(sorted);
    return chain;
}

/* Connections on which a request came since the last reset. */
static unsigned count_connections(void)
{
    unsigned used = 0;
    for (size_t i = 0; i < count; i++) {
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++)
            seen = entries[j]->connection == entries[i]->connection;
        used += !seen;
    }
    return used;
}

static bool changes(const struct log_entry *entry)
{
    bool reads = text_equal(entry->method, "GET") || text_equal(entry->method, "HEAD") ||
                 strstr(entry->path, "/git-upload-pack") || strstr(entry->path, "/generate-notes");
    return !reads;
}

cJSON *stats_json(void)
{
    unsigned api = 0;
    unsigned writes = 0;
    unsigned strange = 0;
    for (size_t i = 0; i < count; i++) {
        api += !entries[i]->git;
        writes += changes(entries[i]);
        strange += entries[i]->strange;
    }
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "requests", (double)count);
    cJSON_AddNumberToObject(json, "api_requests", api);
    cJSON_AddNumberToObject(json, "git_requests", (double)count - api);
    cJSON_AddNumberToObject(json, "connections", count_connections());
    cJSON_AddNumberToObject(json, "sequential_round_trips", round_trips());
    cJSON_AddNumberToObject(json, "writes", writes);
    cJSON_AddNumberToObject(json, "strange", strange);
    return json;
}
