/* docs.github.com/rest/releases/releases: reading. Writing is in api_publish.c. */
#define _GNU_SOURCE
#include "api.h"

#include <gnutls/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void copy_field(cJSON *json, const cJSON *release, const char *name)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(release, name);
    cJSON_AddItemToObject(json, name, item ? cJSON_Duplicate(item, true) : cJSON_CreateNull());
}

/* "untagged-" and 20 hex digits: of the id, so that every run gives the same. */
static char *untagged(struct pool *pool, long id)
{
    unsigned char hash[20];
    char *text = pool_format(pool, "release %ld", id);
    gnutls_hash_fast(GNUTLS_DIG_SHA1, text, strlen(text), hash);
    struct buffer out = {0};
    for (size_t i = 0; i < 10; i++)
        buffer_format(&out, "%02x", hash[i]);
    char *name = pool_format(pool, "untagged-%s", out.data);
    buffer_free(&out);
    return name;
}

static char *escape_tag(struct pool *pool, const char *tag)
{
    return percent_encode(pool, tag);
}

static void add_addresses(struct pool *pool, cJSON *json, const cJSON *release)
{
    long id = release_id(release);
    const char *tag = release_text(release, "tag_name");
    char *page = release_is(release, "draft") ? untagged(pool, id) : escape_tag(pool, tag);
    cJSON_AddStringToObject(json, "url", repo_url(pool, pool_format(pool, "/releases/%ld", id)));
    cJSON_AddStringToObject(json, "assets_url",
                            repo_url(pool, pool_format(pool, "/releases/%ld/assets", id)));
    cJSON_AddStringToObject(json, "upload_url",
                            pool_format(pool, "%s/repos/%s/releases/%ld/assets{?name,label}",
                                        config_text("upload_url", addresses.upload), repo_name(),
                                        id));
    cJSON_AddStringToObject(
        json, "html_url",
        pool_format(pool, "%s/%s/releases/tag/%s", addresses.server, repo_name(), page));
    cJSON_AddStringToObject(json, "node_id", pool_format(pool, "RE_%ld", id));
}

cJSON *release_json(struct pool *pool, const cJSON *release)
{
    cJSON *json = cJSON_CreateObject();
    const char *author = release_text(release, "author");
    const char *tag = release_text(release, "tag_name");
    bool draft = release_is(release, "draft");
    add_addresses(pool, json, release);
    copy_field(json, release, "id");
    cJSON_AddItemToObject(json, "author", user_json(pool, author ? author : "ghost"));
    static const char *const fields[] = {
        "tag_name",   "target_commitish", "name",       "draft",        "immutable",
        "prerelease", "created_at",       "updated_at", "published_at", "body"};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        copy_field(json, release, fields[i]);
    cJSON *assets = cJSON_AddArrayToObject(json, "assets");
    for (const cJSON *asset = json_first(cJSON_GetObjectItemCaseSensitive(release, "assets"));
         asset; asset = asset->next)
        cJSON_AddItemToArray(assets, asset_json(pool, release, asset));
    char *source = repo_url(pool, pool_format(pool, "/tarball/%s", escape_tag(pool, tag)));
    cJSON_AddItemToObject(json, "tarball_url", json_text_or_null(draft ? NULL : source));
    source = repo_url(pool, pool_format(pool, "/zipball/%s", escape_tag(pool, tag)));
    cJSON_AddItemToObject(json, "zipball_url", json_text_or_null(draft ? NULL : source));
    return json;
}

static bool in_lists(const cJSON *release)
{
    const cJSON *made = cJSON_GetObjectItemCaseSensitive(release, "_made_us");
    double age = (double)clock_us() - (made ? made->valuedouble : 0);
    return !made || made->valuedouble <= 0 || age >= (double)config_number("list_lag_ms", 0) * 1000;
}

/* Is it among the newest `count` by id: those that the fault "lag" leaves out? */
static bool is_newest(const cJSON *release, int count)
{
    int newer = 0;
    const cJSON *other;
    if (!count)
        return false;
    for (other = json_first(store_releases()); other; other = other->next)
        newer += release_id(other) > release_id(release);
    return newer < count;
}

void handle_releases_list(struct call *call)
{
    struct pool *pool = &call->request->pool;
    bool push = call->who && call_may(call, "contents", "write");
    struct page page = page_asked(call, 30);
    cJSON **sorted = store_sorted();
    cJSON *list = cJSON_CreateArray();
    size_t count = 0;
    for (size_t i = 0; sorted[i]; i++) {
        if ((release_is(sorted[i], "draft") && !push) || !in_lists(sorted[i]) ||
            is_newest(sorted[i], fault_lag(call->fault)))
            continue;
        if (count >= page.first && count < page.first + page.size)
            cJSON_AddItemToArray(list, release_json(pool, sorted[i]));
        count++;
    }
    free(sorted);
    page_links(call, page, count);
    reply(call, 200, list);
}

void handle_release_get(struct call *call)
{
    cJSON *release = store_find(strtol(call->args[0], NULL, 10));
    bool push = call->who && call_may(call, "contents", "write");
    if (release && (push || !release_is(release, "draft")))
        reply(call, 200, release_json(&call->request->pool, release));
    else
        reply_error(call, 404, "Not Found");
}

void handle_release_by_tag(struct call *call)
{
    cJSON *release = store_published(call->args[0]);
    if (release)
        reply(call, 200, release_json(&call->request->pool, release));
    else
        reply_error(call, 404, "Not Found");
}

void handle_release_latest(struct call *call)
{
    cJSON *release = store_latest();
    if (release)
        reply(call, 200, release_json(&call->request->pool, release));
    else
        reply_error(call, 404, "Not Found");
}

void handle_release_delete(struct call *call)
{
    cJSON *release = store_find(strtol(call->args[0], NULL, 10));
    if (!release) {
        reply_error(call, 404, "Not Found");
        return;
    }
    store_remove(release);
    call->answer->status = 204;
}
