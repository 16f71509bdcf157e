/* docs.github.com/rest/pulls/pulls, docs.github.com/rest/commits/commits */
#define _GNU_SOURCE
#include "api.h"

#include <stdlib.h>
#include <string.h>

/* The commit that a pull request was merged as. */
static struct object *merged_as(const cJSON *pull)
{
    const char *text = release_text(pull, "merge_commit_sha");
    return text ? object_peel(object_find(text)) : NULL;
}

static cJSON *labels_json(struct pool *pool, const cJSON *pull)
{
    cJSON *list = cJSON_CreateArray();
    const cJSON *labels = cJSON_GetObjectItemCaseSensitive(pull, "labels");

    for (const cJSON *label = json_first(labels); label; label = label->next) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "name", label->valuestring);
        cJSON_AddStringToObject(
            json, "url", repo_url(pool, pool_format(pool, "/labels/%s", label->valuestring)));
        cJSON_AddStringToObject(json, "color", "ededed");
        cJSON_AddBoolToObject(json, "default", false);
        cJSON_AddItemToArray(list, json);
    }
    return list;
}

/* What a list has of it: get-a-pull-request has more fields, which nobody here reads. */
static cJSON *pull_json(struct pool *pool, const cJSON *pull)
{
    cJSON *json = cJSON_CreateObject();
    struct object *merge = merged_as(pull);
    int number = cJSON_GetObjectItemCaseSensitive(pull, "number")->valueint;
    const char *author = release_text(pull, "author");

    cJSON_AddStringToObject(json, "url", repo_url(pool, pool_format(pool, "/pulls/%d", number)));
    cJSON_AddStringToObject(
        json, "html_url",
        pool_format(pool, "%s/%s/pull/%d", addresses.server, repo_name(), number));
    cJSON_AddNumberToObject(json, "number", number);
    cJSON_AddStringToObject(json, "state", merge ? "closed" : "open");
    cJSON_AddStringToObject(json, "title", release_text(pull, "title"));
    cJSON_AddItemToObject(json, "user", user_json(pool, author ? author : "ghost"));
    cJSON_AddItemToObject(json, "body", json_text_or_null(release_text(pull, "body")));
    cJSON_AddItemToObject(json, "labels", labels_json(pool, pull));
    cJSON_AddItemToObject(json, "merged_at",
                          merge ? cJSON_CreateString(time_text(pool, commit_time(merge)))
                                : cJSON_CreateNull());
    cJSON_AddItemToObject(json, "merge_commit_sha", json_text_or_null(merge ? merge->sha : NULL));
    return json;
}

void handle_pull_get(struct call *call)
{
    long number = strtol(call->args[0], NULL, 10);

    for (const cJSON *pull = json_first(config_get("pull_requests")); pull; pull = pull->next)
        if (cJSON_GetObjectItemCaseSensitive(pull, "number")->valueint == number) {
            reply(call, 200, pull_json(&call->request->pool, pull));
            return;
        }
    reply_error(call, 404, "Not Found");
}

bool pull_has_commit(const cJSON *pull, const struct object *commit)
{
    const cJSON *commits = cJSON_GetObjectItemCaseSensitive(pull, "commits");

    for (const cJSON *one = json_first(commits); one; one = one->next)
        if (object_peel(object_find(one->valuestring)) == commit)
            return true;
    return merged_as(pull) == commit;
}

/* "If the commit is not present in the repository, the endpoint will return […] pull requests": not
 * so here, 422 as for get-a-commit. */
void handle_commit_pulls(struct call *call)
{
    struct pool *pool = &call->request->pool;
    struct object *commit = commit_named(pool, call->args[0]);

    if (!commit) {
        reply_error(call, 422, pool_format(pool, "No commit found for SHA: %s", call->args[0]));
        return;
    }
    cJSON *list = cJSON_CreateArray();
    for (const cJSON *pull = json_first(config_get("pull_requests")); pull; pull = pull->next)
        if (pull_has_commit(pull, commit))
            cJSON_AddItemToArray(list, pull_json(pool, pull));
    reply(call, 200, call_page(call, list));
}

/* The newest first, from `sha`: a branch or a commit. */
void handle_commits_list(struct call *call)
{
    struct pool *pool = &call->request->pool;
    const char *name = call_query(call, "sha");
    struct object *head = commit_named(pool, name ? name : config_text("default_branch", "main"));
    struct commit_list all;

    if (!head) {
        reply_error(call, 404, "Not Found");
        return;
    }
    commits_between(head, NULL, &all);
    struct page page = page_asked(call, 30);
    page_links(call, page, all.count);
    cJSON *list = cJSON_CreateArray();
    for (size_t i = page.first; i < all.count && i < page.first + page.size; i++)
        cJSON_AddItemToArray(list, commit_json(pool, all.items[all.count - 1 - i]));
    commit_list_free(&all);
    reply(call, 200, list);
}
