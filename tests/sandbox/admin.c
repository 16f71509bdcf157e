/* The second port, in the clear: what tests read and switch. README.md lists it. */
#define _GNU_SOURCE
#include "admin.h"

#include "api.h"

#include <stdlib.h>
#include <string.h>

static void reply_json(struct answer *answer, int status, cJSON *json)
{
    char *text = cJSON_Print(json);
    answer->status = status;
    answer_header(answer, "Content-Type", "application/json; charset=utf-8");
    buffer_text(&answer->body, text);
    buffer_text(&answer->body, "\n");
    free(text);
    cJSON_Delete(json);
}

static void reply_fine(struct answer *answer)
{
    reply_json(answer, 200, cJSON_CreateObject());
}

static void reply_problem(struct answer *answer, const char *problem)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "problem", problem);
    reply_json(answer, 400, json);
}

static cJSON *refs_state(void)
{
    cJSON *list = cJSON_CreateArray();
    struct refs refs;
    refs_read(&refs);
    for (size_t i = 0; i < refs.count; i++) {
        struct object *object = object_get(refs.items[i].sha);
        cJSON *ref = cJSON_CreateObject();
        cJSON_AddStringToObject(ref, "name", refs.items[i].name);
        cJSON_AddStringToObject(ref, "sha", refs.items[i].sha);
        cJSON_AddStringToObject(ref, "type", object ? object_type_name(object->type) : "missing");
        cJSON_AddItemToArray(list, ref);
    }
    refs_free(&refs);
    return list;
}

static void copy_fields(cJSON *into, const cJSON *from, const char *const *names)
{
    for (; *names; names++) {
        cJSON *item = cJSON_GetObjectItemCaseSensitive(from, *names);
        cJSON_AddItemToObject(into, *names,
                              item ? cJSON_Duplicate(item, true) : cJSON_CreateNull());
    }
}

/* A "stable" state leaves out what depends on how many steps led to it: numbers and times. */
static cJSON *release_state(const cJSON *release, bool stable)
{
    static const char *const steps[] = {"id", "created_at", "published_at", "updated_at", NULL};
    static const char *const fields[] = {
        "tag_name",   "target_commitish", "name",        "body",   "draft",
        "prerelease", "immutable",        "make_latest", "author", NULL};
    static const char *const asset_fields[] = {"name", "label", "size", "digest", NULL};
    cJSON *json = cJSON_CreateObject();
    if (!stable)
        copy_fields(json, release, steps);
    copy_fields(json, release, fields);
    cJSON_AddBoolToObject(json, "is_latest", store_latest() == release);
    cJSON *assets = cJSON_AddArrayToObject(json, "assets");
    for (const cJSON *asset = json_first(cJSON_GetObjectItemCaseSensitive(release, "assets"));
         asset; asset = asset->next) {
        cJSON *item = cJSON_CreateObject();
        copy_fields(item, asset, asset_fields);
        cJSON_AddItemToArray(assets, item);
    }
    return json;
}

static int by_id(const void *a, const void *b)
{
    const cJSON *const *left = a;
    const cJSON *const *right = b;
    return release_id(*left) < release_id(*right) ? -1 : 1;
}

static void serve_state(struct request *request, struct answer *answer)
{
    bool stable = strstr(request->query, "stable") != NULL;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "repository", repo_name());
    cJSON_AddItemToObject(json, "refs", refs_state());
    cJSON *list = cJSON_AddArrayToObject(json, "releases");
    cJSON **sorted = store_sorted();
    qsort(sorted, (size_t)cJSON_GetArraySize(store_releases()), sizeof *sorted, by_id);
    for (size_t i = 0; sorted[i]; i++)
        cJSON_AddItemToArray(list, release_state(sorted[i], stable));
    free(sorted);
    reply_json(answer, 200, json);
}

static void serve_log(struct request *request, struct answer *answer)
{
    (void)request;
    reply_json(answer, 200, log_json());
}

static void serve_stats(struct request *request, struct answer *answer)
{
    (void)request;
    reply_json(answer, 200, stats_json());
}

static void serve_fault_kinds(struct request *request, struct answer *answer)
{
    (void)request;
    reply_json(answer, 200, faults_json());
}

static void serve_reset(struct request *request, struct answer *answer)
{
    (void)request;
    log_reset();
    reply_fine(answer);
}

/* The request's body as JSON; answers itself and returns NULL where it is none. */
static cJSON *take_json(struct request *request, struct answer *answer)
{
    cJSON *json = cJSON_Parse(request->body.data);
    if (!json)
        reply_problem(answer, "the body is no JSON");
    return json;
}

static void serve_faults(struct request *request, struct answer *answer)
{
    const char *problem = NULL;
    cJSON *json = take_json(request, answer);
    if (!json)
        return;
    if (!cJSON_IsArray(json))
        reply_problem(answer, "faults are an array of rules");
    else if (!faults_set(json, &problem))
        reply_problem(answer, pool_format(&request->pool, "no such fault: %s",
                                          problem ? problem : "(none named)"));
    else
        reply_fine(answer);
    cJSON_Delete(json);
}

static void serve_config(struct request *request, struct answer *answer)
{
    cJSON *json = take_json(request, answer);
    if (!json)
        return;
    config_merge(json);
    cJSON_Delete(json);
    reply_fine(answer);
}

static void serve_add_release(struct request *request, struct answer *answer)
{
    cJSON *json = take_json(request, answer);
    if (!json)
        return;
    cJSON *release = store_add(json, NULL);
    cJSON_Delete(json);
    reply_json(answer, 201, release_state(release, false));
}

/* Fillers that are newer than all there is: a minute apart, the last one the newest. */
static void serve_bulk(struct request *request, struct answer *answer)
{
    cJSON *json = take_json(request, answer);
    if (!json)
        return;
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(json, "count");
    const char *prefix = release_text(json, "tag_prefix");
    const char *author = release_text(json, "author");
    cJSON **sorted = store_sorted();
    time_t newest = sorted[0] ? time_parse(release_text(sorted[0], "created_at")) : clock_now();
    free(sorted);
    if (newest < clock_now())
        newest = clock_now();
    for (int i = 1; count && i <= count->valueint; i++) {
        struct pool *pool = &request->pool;
        cJSON *fields = cJSON_CreateObject();
        char *tag = pool_format(pool, "%s%d", prefix ? prefix : "nightly-", i);
        char *when = time_text(pool, newest + 60 * (time_t)i);
        cJSON_AddStringToObject(fields, "tag_name", tag);
        cJSON_AddStringToObject(fields, "name", tag);
        cJSON_AddStringToObject(fields, "body", "filler");
        cJSON_AddStringToObject(fields, "created_at", when);
        cJSON_AddStringToObject(fields, "published_at", when);
        cJSON_AddTrueToObject(fields, "prerelease");
        store_add(fields, author);
        cJSON_Delete(fields);
    }
    cJSON_Delete(json);
    reply_fine(answer);
}

void admin_serve(struct request *request, struct answer *answer)
{
    static const struct {
        const char *method;
        const char *path;
        void (*serve)(struct request *request, struct answer *answer);
    } table[] = {{"GET", "/state", serve_state},        {"GET", "/log", serve_log},
                 {"GET", "/stats", serve_stats},        {"GET", "/faults", serve_fault_kinds},
                 {"POST", "/faults", serve_faults},     {"POST", "/reset", serve_reset},
                 {"POST", "/config", serve_config},     {"POST", "/releases", serve_add_release},
                 {"POST", "/bulk-releases", serve_bulk}};
    state_lock();
    answer->status = 0;
    for (size_t i = 0; i < sizeof table / sizeof *table && !answer->status; i++)
        if (text_equal(table[i].method, request->method) &&
            text_equal(table[i].path, request->path))
            table[i].serve(request, answer);
    if (!answer->status) {
        reply_problem(answer, "no such thing; see tests/sandbox/README.md");
        answer->status = 404;
    }
    state_unlock();
}
