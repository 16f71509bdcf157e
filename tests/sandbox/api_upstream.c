/* Releases of other repositories, which the configuration names ("upstreams"): read only.
 * docs.github.com/rest/releases/releases#list-releases */
#define _GNU_SOURCE
#include "api.h"

#include <string.h>

static const struct endpoint endpoint = {
    "GET", "/releases", "contents=read", "per_page page", "releases/releases#list-releases", NULL};

static cJSON *release_of_upstream(struct pool *pool, const char *name, const cJSON *fields)
{
    cJSON *json = cJSON_Duplicate(fields, true);
    const char *tag = release_text(fields, "tag_name");
    if (!cJSON_HasObjectItem(json, "draft"))
        cJSON_AddFalseToObject(json, "draft");
    if (!cJSON_HasObjectItem(json, "prerelease"))
        cJSON_AddFalseToObject(json, "prerelease");
    if (!cJSON_HasObjectItem(json, "body"))
        cJSON_AddNullToObject(json, "body");
    cJSON_AddStringToObject(
        json, "html_url",
        pool_format(pool, "%s/%s/releases/tag/%s", addresses.server, name, tag ? tag : ""));
    return json;
}

static void list_releases(struct call *call, const char *name, const cJSON *upstream)
{
    struct pool *pool = &call->request->pool;
    const cJSON *releases = cJSON_GetObjectItemCaseSensitive(upstream, "releases");
    struct page page = page_asked(call, 30);
    size_t const count = (size_t)cJSON_GetArraySize(releases);
    cJSON *list = cJSON_CreateArray();
    for (size_t i = page.first; i < count && i < page.first + page.size; i++)
        cJSON_AddItemToArray(list,
                             release_of_upstream(pool, name, cJSON_GetArrayItem(releases, (int)i)));
    if (page.first + page.size < count)
        answer_header(call->answer, "Link",
                      pool_format(pool,
                                  "<%s/repos/%s/releases?per_page=%zu&page=%zu>; rel=\"next\"",
                                  addresses.api, name, page.size, page.number + 1));
    reply(call, 200, list);
}

bool upstream_serve(struct call *call, const char *path)
{
    for (const cJSON *upstream = json_first(config_get("upstreams")); upstream;
         upstream = upstream->next) {
        const char *name = upstream->string;
        size_t const length = strlen(name);
        if (!text_begins(path, "/repos/") || strncasecmp(path + 7, name, length) != 0 ||
            !text_equal(path + 7 + length, "/releases") ||
            !text_equal(call->request->method, "GET"))
            continue;
        call->endpoint = &endpoint;
        list_releases(call, name, upstream);
        return true;
    }
    return false;
}
