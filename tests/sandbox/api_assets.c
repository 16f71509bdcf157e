/* docs.github.com/rest/releases/assets */
#define _GNU_SOURCE
#include "api.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>

static void copy_field(cJSON *json, const cJSON *asset, const char *name)
{
    cJSON *item = cJSON_GetObjectItemCaseSensitive(asset, name);
    cJSON_AddItemToObject(json, name, item ? cJSON_Duplicate(item, true) : cJSON_CreateNull());
}

cJSON *asset_json(struct pool *pool, const cJSON *release, const cJSON *asset)
{
    static const char *const fields[] = {"id",   "name",   "label",      "content_type", "state",
                                         "size", "digest", "created_at", "updated_at"};
    cJSON *json = cJSON_CreateObject();
    const char *tag = release_text(release, "tag_name");
    const char *uploader = release_text(asset, "uploader");
    long id = release_id(asset);
    cJSON_AddStringToObject(json, "url",
                            repo_url(pool, pool_format(pool, "/releases/assets/%ld", id)));
    cJSON_AddStringToObject(json, "node_id", pool_format(pool, "RA_%ld", id));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        copy_field(json, asset, fields[i]);
    cJSON_AddItemToObject(json, "uploader", user_json(pool, uploader ? uploader : "ghost"));
    cJSON_AddNumberToObject(json, "download_count", 0);
    cJSON_AddStringToObject(json, "browser_download_url",
                            pool_format(pool, "%s/%s/releases/download/%s/%s", addresses.server,
                                        repo_name(), percent_encode(pool, tag),
                                        release_text(asset, "name")));
    return json;
}

/* A release that the caller may see; answers 404 itself. */
static cJSON *visible_release(struct call *call)
{
    cJSON *release = store_find(strtol(call->args[0], NULL, 10));
    bool push = call->who && call_may(call, "contents", "write");
    if (release && (push || !release_is(release, "draft")))
        return release;
    reply_error(call, 404, "Not Found");
    return NULL;
}

void handle_assets_list(struct call *call)
{
    cJSON *release = visible_release(call);
    if (!release)
        return;
    cJSON *list = cJSON_CreateArray();
    for (const cJSON *asset = json_first(cJSON_GetObjectItemCaseSensitive(release, "assets"));
         asset; asset = asset->next)
        cJSON_AddItemToArray(list, asset_json(&call->request->pool, release, asset));
    reply(call, 200, call_page(call, list));
}

void handle_asset_get(struct call *call)
{
    cJSON *release;
    cJSON *asset = store_asset(strtol(call->args[0], NULL, 10), &release);
    if (asset)
        reply(call, 200, asset_json(&call->request->pool, release, asset));
    else
        reply_error(call, 404, "Not Found");
}

void handle_asset_delete(struct call *call)
{
    cJSON *release;
    cJSON *asset = store_asset(strtol(call->args[0], NULL, 10), &release);
    if (!asset) {
        reply_error(call, 404, "Not Found");
    } else if (release_is(release, "immutable")) {
        reply_error(call, 422, "Cannot delete asset from an immutable release");
    } else {
        cJSON *assets = cJSON_GetObjectItemCaseSensitive(release, "assets");
        cJSON_Delete(cJSON_DetachItemViaPointer(assets, asset));
        clock_change();
        call->answer->status = 204;
    }
}

static char *digest(struct pool *pool, const struct buffer *data)
{
    unsigned char hash[32];
    struct buffer out = {0};
    gnutls_hash_fast(GNUTLS_DIG_SHA256, data->data, data->length, hash);
    buffer_text(&out, "sha256:");
    for (size_t i = 0; i < sizeof hash; i++)
        buffer_format(&out, "%02x", hash[i]);
    char *text = pool_copy(pool, out.data, out.length);
    buffer_free(&out);
    return text;
}

/* "GitHub renames asset filenames that have special characters": all but these become dots. */
static char *tidy_name(struct pool *pool, const char *name)
{
    static const char kept[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+@";
    char *copy = pool_copy(pool, name, strlen(name));
    for (char *at = copy; *at; at++)
        if (!strchr(kept, *at))
            *at = '.';
    return copy;
}

static bool name_taken(const cJSON *release, const char *name)
{
    for (const cJSON *asset = json_first(cJSON_GetObjectItemCaseSensitive(release, "assets"));
         asset; asset = asset->next) {
        if (text_equal(release_text(asset, "name"), name))
            return true;
    }
    return false;
}

/* Answers itself where the upload cannot be taken. */
static bool upload_fits(struct call *call, const cJSON *release, const char *name)
{
    if (!name || !*name)
        reply_error(call, 400, "Bad Request: missing name parameter");
    else if (release_is(release, "immutable"))
        reply_error(call, 422, "Cannot upload assets to an immutable release.");
    else if (name_taken(release, tidy_name(&call->request->pool, name)))
        reply_invalid(call, "ReleaseAsset", "name", "already_exists", NULL);
    else
        return true;
    return false;
}

void handle_asset_upload(struct call *call)
{
    struct pool *pool = &call->request->pool;
    cJSON *release = visible_release(call);
    const char *name = call_query(call, "name");
    const char *label = call_query(call, "label");
    const char *type = request_header(call->request, "Content-Type");
    if (!release || !upload_fits(call, release, name))
        return;
    char *when = time_text(pool, clock_change());
    cJSON *asset = cJSON_CreateObject();
    cJSON_AddNumberToObject(asset, "id", (double)next_id());
    cJSON_AddStringToObject(asset, "name", tidy_name(pool, name));
    cJSON_AddStringToObject(asset, "label", label ? label : "");
    cJSON_AddStringToObject(asset, "content_type", type ? type : "application/octet-stream");
    cJSON_AddStringToObject(asset, "state", "uploaded");
    cJSON_AddNumberToObject(asset, "size", (double)call->request->body.length);
    cJSON_AddStringToObject(asset, "digest", digest(pool, &call->request->body));
    cJSON_AddStringToObject(asset, "uploader", call_login(call));
    cJSON_AddStringToObject(asset, "created_at", when);
    cJSON_AddStringToObject(asset, "updated_at", when);
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(release, "assets"), asset);
    reply(call, 201, asset_json(pool, release, asset));
}
