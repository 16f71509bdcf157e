/* The releases. GitHub's rules: docs.github.com/rest/releases/releases */
#define _GNU_SOURCE
#include "state.h"

#include "git.h"

#include <stdlib.h>
#include <string.h>

static cJSON *releases;
static cJSON *spent; /* tags of immutable releases that were deleted */
static long latest;  /* id of the release that was made the latest by name, 0: none was */

cJSON *json_first(const cJSON *list)
{
    return list ? list->child : NULL;
}

void json_replace(cJSON *object, const char *name, cJSON *value)
{
    cJSON_DeleteItemFromObjectCaseSensitive(object, name);
    cJSON_AddItemToObject(object, name, value);
}

cJSON *json_text_or_null(const char *text)
{
    return text ? cJSON_CreateString(text) : cJSON_CreateNull();
}

void store_open(void)
{
    releases = cJSON_CreateArray();
    spent = cJSON_CreateArray();
    for (const cJSON *seed = json_first(config_get("releases")); seed; seed = seed->next)
        store_add(seed, NULL);
}

cJSON *store_take(void)
{
    cJSON *kept = cJSON_CreateObject();
    cJSON_AddItemToObject(kept, "releases", cJSON_Duplicate(releases, true));
    cJSON_AddItemToObject(kept, "spent", cJSON_Duplicate(spent, true));
    cJSON_AddNumberToObject(kept, "latest", (double)latest);
    return kept;
}

void store_put(const cJSON *kept)
{
    cJSON_Delete(releases);
    cJSON_Delete(spent);
    releases = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(kept, "releases"), true);
    spent = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(kept, "spent"), true);
    latest = (long)cJSON_GetObjectItemCaseSensitive(kept, "latest")->valuedouble;
}

cJSON *store_releases(void)
{
    return releases;
}

bool release_is(const cJSON *release, const char *flag)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(release, flag));
}

const char *release_text(const cJSON *release, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(release, name));
}

long release_id(const cJSON *release)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(release, "id");
    return cJSON_IsNumber(id) ? (long)id->valuedouble : 0;
}

cJSON *store_find(long id)
{
    for (cJSON *release = json_first(releases); release; release = release->next)
        if (release_id(release) == id)
            return release;
    return NULL;
}

cJSON *store_published(const char *tag)
{
    for (cJSON *release = json_first(releases); release; release = release->next) {
        if (!release_is(release, "draft") && text_equal(release_text(release, "tag_name"), tag))
            return release;
    }
    return NULL;
}

static void set_default(cJSON *release, const char *name, cJSON *value)
{
    if (cJSON_HasObjectItem(release, name))
        cJSON_Delete(value);
    else
        cJSON_AddItemToObject(release, name, value);
}

cJSON *store_add(const cJSON *fields, const char *author)
{
    struct pool pool = {0};
    cJSON *release = cJSON_Duplicate(fields, true);
    char *when = time_text(&pool, clock_change());
    if (!cJSON_HasObjectItem(release, "id"))
        cJSON_AddNumberToObject(release, "id", (double)next_id());
    set_default(release, "tag_name", cJSON_CreateString(""));
    set_default(release, "target_commitish",
                cJSON_CreateString(config_text("default_branch", "main")));
    set_default(release, "name", cJSON_CreateNull());
    set_default(release, "body", cJSON_CreateNull());
    set_default(release, "draft", cJSON_CreateFalse());
    set_default(release, "prerelease", cJSON_CreateFalse());
    set_default(release, "immutable", cJSON_CreateFalse());
    set_default(release, "make_latest", cJSON_CreateNull());
    set_default(release, "author", cJSON_CreateString(author ? author : "release-manager"));
    set_default(release, "created_at", cJSON_CreateString(when));
    bool draft = release_is(release, "draft");
    set_default(release, "published_at", json_text_or_null(draft ? NULL : when));
    set_default(release, "updated_at", cJSON_CreateString(when));
    set_default(release, "assets", cJSON_CreateArray());
    set_default(release, "_made_us", cJSON_CreateNumber(0));
    cJSON_AddItemToArray(releases, release);
    if (!author && text_equal(release_text(release, "make_latest"), "true"))
        latest = release_id(release);
    pool_free(&pool);
    return release;
}

bool store_tag_spent(const char *tag)
{
    for (const cJSON *item = json_first(spent); item; item = item->next) {
        if (text_equal(cJSON_GetStringValue(item), tag))
            return true;
    }
    return false;
}

void store_remove(cJSON *release)
{
    if (release_is(release, "immutable"))
        cJSON_AddItemToArray(spent, cJSON_CreateString(release_text(release, "tag_name")));
    if (release_id(release) == latest)
        latest = 0;
    cJSON_Delete(cJSON_DetachItemViaPointer(releases, release));
    clock_change();
}

static bool can_be_latest(const cJSON *release)
{
    return release && !release_is(release, "draft") && !release_is(release, "prerelease");
}

/* The order of semantic versions, as far as "legacy" needs it: by the numbers in the name. */
static int compare_tags(const char *a, const char *b)
{
    return strverscmp(a ? a : "", b ? b : "");
}

static int compare_newest_first(const void *left, const void *right)
{
    const cJSON *const *a = left;
    const cJSON *const *b = right;
    int order = strcmp(release_text(*b, "created_at"), release_text(*a, "created_at"));
    if (order)
        return order;
    return release_id(*b) > release_id(*a) ? 1 : -1;
}

cJSON **store_sorted(void)
{
    size_t count = (size_t)cJSON_GetArraySize(releases);
    cJSON **list = must_alloc((count + 1) * sizeof(cJSON *));
    size_t used = 0;
    for (cJSON *release = json_first(releases); release; release = release->next)
        list[used++] = release;
    qsort(list, count, sizeof *list, compare_newest_first);
    return list;
}

/*
 * The one that was made the latest by name; where there is none, "the most recent non-prerelease,
 * non-draft release, sorted by the created_at attribute" (Get the latest release), and of several
 * of the same time the higher version ("legacy").
 */
cJSON *store_latest(void)
{
    cJSON *best = store_find(latest);
    if (can_be_latest(best))
        return best;
    best = NULL;
    for (cJSON *release = json_first(releases); release; release = release->next) {
        if (!can_be_latest(release) || text_equal(release_text(release, "make_latest"), "false"))
            continue;
        int order =
            best ? strcmp(release_text(release, "created_at"), release_text(best, "created_at"))
                 : 1;
        if (!order)
            order = compare_tags(release_text(release, "tag_name"), release_text(best, "tag_name"));
        if (order > 0)
            best = release;
    }
    return best;
}

void store_set_latest(const cJSON *release)
{
    latest = release ? release_id(release) : 0;
}

cJSON *store_asset(long id, cJSON **owner)
{
    for (cJSON *release = json_first(releases); release; release = release->next) {
        for (cJSON *asset = json_first(cJSON_GetObjectItemCaseSensitive(release, "assets")); asset;
             asset = asset->next) {
            if (release_id(asset) != id)
                continue;
            *owner = release;
            return asset;
        }
    }
    return NULL;
}
