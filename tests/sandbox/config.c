#define _GNU_SOURCE
#include "state.h"

#include <fnmatch.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static cJSON *config;
static time_t now;
static long last_id = 1000;
struct addresses addresses;

void state_lock(void)
{
    pthread_mutex_lock(&lock);
}

void state_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

static void clock_set(void)
{
    time_t start = time_parse(config_text("now", "2026-09-01T12:00:00Z"));
    if (start < 0)
        die("config: \"now\" is not of the form 2026-09-01T12:00:00Z");
    now = start;
}

void config_load(const char *path)
{
    FILE *file = fopen(path, "re");
    struct buffer text = {0};
    char piece[65536];
    size_t got;
    if (!file)
        die("cannot read %s", path);
    while ((got = fread(piece, 1, sizeof piece, file)))
        buffer_add(&text, piece, got);
    fclose(file);
    config = cJSON_Parse(text.data ? text.data : "");
    if (!cJSON_IsObject(config))
        die("%s is no JSON object", path);
    buffer_free(&text);
    clock_set();
}

cJSON *config_take(void)
{
    cJSON *kept = cJSON_CreateObject();
    cJSON_AddItemToObject(kept, "config", cJSON_Duplicate(config, true));
    cJSON_AddNumberToObject(kept, "now", (double)now);
    cJSON_AddNumberToObject(kept, "last_id", (double)last_id);
    return kept;
}

void config_put(const cJSON *kept)
{
    cJSON_Delete(config);
    config = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(kept, "config"), true);
    now = (time_t)cJSON_GetObjectItemCaseSensitive(kept, "now")->valuedouble;
    last_id = (long)cJSON_GetObjectItemCaseSensitive(kept, "last_id")->valuedouble;
}

static void merge(cJSON *into, const cJSON *patch)
{
    for (const cJSON *item = json_first(patch); item; item = item->next) {
        cJSON *old = cJSON_GetObjectItemCaseSensitive(into, item->string);
        if (cJSON_IsNull(item))
            cJSON_DeleteItemFromObjectCaseSensitive(into, item->string);
        else if (cJSON_IsObject(item) && cJSON_IsObject(old))
            merge(old, item);
        else
            json_replace(into, item->string, cJSON_Duplicate(item, true));
    }
}

void config_merge(const cJSON *patch)
{
    merge(config, patch);
    if (cJSON_HasObjectItem(patch, "now"))
        clock_set();
}

cJSON *config_get(const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(config, name);
}

const char *config_text(const char *name, const char *otherwise)
{
    const char *text = cJSON_GetStringValue(config_get(name));
    return text ? text : otherwise;
}

long config_number(const char *name, long otherwise)
{
    cJSON *item = config_get(name);
    return cJSON_IsNumber(item) ? (long)item->valuedouble : otherwise;
}

bool config_flag(const char *name)
{
    return cJSON_IsTrue(config_get(name));
}

const char *repo_name(void)
{
    return config_text("repository", "llm-d/llm-d-router");
}

const char *repo_owner(struct pool *pool)
{
    return pool_copy(pool, repo_name(), strcspn(repo_name(), "/"));
}

bool pattern_matches(const cJSON *patterns, const char *name)
{
    for (const cJSON *pattern = json_first(patterns); pattern; pattern = pattern->next) {
        const char *text = cJSON_GetStringValue(pattern);
        if (text && fnmatch(text, name, 0) == 0)
            return true;
    }
    return false;
}

time_t clock_now(void)
{
    return now;
}

time_t clock_change(void)
{
    return ++now;
}

long next_id(void)
{
    return ++last_id;
}
