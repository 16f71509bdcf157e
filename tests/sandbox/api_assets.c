/* docs.github.com/rest/releases/assets */
#define _GNU_SOURCE
#include "api.h"

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

static char *digest(struct pool *pool, const unsigned char hash[32])
{
    struct buffer out = {0};
    buffer_text(&out, "sha256:");
    for (size_t i = 0; i < 32; i++)
        buffer_format(&out, "%02x", hash[i]);
    char *text = pool_copy(pool, out.data, out.length);
    buffer_free(&out);
    return text;
}

/*
 * "GitHub renames asset filenames that have special characters, non-alphanumeric characters, and
 * leading or trailing periods." As people report it: each run of such characters, and of periods,
 * becomes one period; at the start there is a word then, at the end nothing.
 */
static char *tidy_name(struct pool *pool, const char *name)
{
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+@";
    struct buffer out = {0};
    for (const char *at = name; *at; at++) {
        bool const run = at > name && !strchr(kept, at[-1]);
        if (strchr(kept, *at) && run)
            buffer_text(&out, out.length ? "." : "default.");
        if (strchr(kept, *at))
            buffer_add(&out, at, 1);
    }
    char *tidy = pool_copy(pool, out.length ? out.data : "default", out.length ? out.length : 7);
    buffer_free(&out);
    return tidy;
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
    if (!call->request->upload_length && !call->request->cut)
        reply_error(call, 400, "Bad Content-Length: ");
    else if (!name || !*name)
        reply_error(call, 400, "Bad Request: missing name parameter");
    else if (release_is(release, "immutable"))
        reply_error(call, 422, "Cannot upload assets to an immutable release.");
    else if (name_taken(release, tidy_name(&call->request->pool, name)))
        reply_invalid(call, "ReleaseAsset", "name", "already_exists", NULL);
    else
        return true;
    return false;
}

/* "When an upstream failure occurs, you will receive a 502 Bad Gateway status. This may leave an
 * empty asset with a state of starter." */
static bool leaves_starter(const struct call *call)
{
    return fault_is(call->fault, "starter") ||
           (call->request->cut && !text_equal(config_text("cut_uploads", "starter"), "nothing"));
}

static void add_asset(struct call *call, cJSON *release, const char *name, cJSON *asset)
{
    struct request *request = call->request;
    struct pool *pool = &request->pool;
    const char *label = call_query(call, "label");
    const char *type = request_header(request, "Content-Type");
    char *when = time_text(pool, clock_change());
    bool const starter = leaves_starter(call);
    if (fault_is(call->fault, "corrupt"))
        request->upload_hash[0] ^= 0xFF;
    cJSON_AddNumberToObject(asset, "id", (double)next_id());
    cJSON_AddStringToObject(asset, "name", tidy_name(pool, name));
    cJSON_AddStringToObject(asset, "label", label ? label : "");
    cJSON_AddStringToObject(asset, "content_type", type ? type : "application/octet-stream");
    cJSON_AddStringToObject(asset, "state", starter ? "starter" : "uploaded");
    cJSON_AddNumberToObject(asset, "size", starter ? 0 : (double)request->upload_length);
    const char *hash =
        starter || config_flag("no_digests") ? NULL : digest(pool, request->upload_hash);
    cJSON_AddItemToObject(asset, "digest", json_text_or_null(hash));
    cJSON_AddStringToObject(asset, "uploader", call_login(call));
    cJSON_AddStringToObject(asset, "created_at", when);
    cJSON_AddStringToObject(asset, "updated_at", when);
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(release, "assets"), asset);
}

void handle_asset_upload(struct call *call)
{
    cJSON *release = visible_release(call);
    const char *name = call_query(call, "name");
    if (!release || !upload_fits(call, release, name))
        return;
    if (call->request->cut && !leaves_starter(call))
        return;
    cJSON *asset = cJSON_CreateObject();
    add_asset(call, release, name, asset);
    reply(call, 201, asset_json(&call->request->pool, release, asset));
}
