/* docs.github.com/rest/commits/commits */
#define _GNU_SOURCE
#include "api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct object *commit_named(struct pool *pool, const char *name)
{
    static const char *const forms[] = {"refs/heads/%s", "refs/tags/%s", "refs/%s", "%s"};
    struct object *commit = is_sha(name) ? object_peel(object_get(name)) : NULL;
    struct refs refs;
    refs_read(&refs);
    for (size_t i = 0; !commit && i < sizeof forms / sizeof *forms; i++) {
        size_t start = strcspn(forms[i], "%");
        char *full = pool_format(pool, "%.*s%s", (int)start, forms[i], name);
        const struct ref *ref = refs_find(&refs, full);
        commit = ref ? object_peel(object_get(ref->sha)) : NULL;
    }
    refs_free(&refs);
    if (!commit && strlen(name) >= 7 && strspn(name, "0123456789abcdef") == strlen(name))
        commit = object_peel(object_find(name)); /* a short sha */
    if (!commit && text_equal(name, "HEAD"))
        commit = commit_named(pool, config_text("default_branch", "main"));
    return commit;
}

void handle_commit_get(struct call *call)
{
    struct pool *pool = &call->request->pool;
    struct object *commit = commit_named(pool, call->args[0]);
    if (commit)
        reply(call, 200, commit_json(pool, commit));
    else
        reply_error(call, 422, pool_format(pool, "No commit found for SHA: %s", call->args[0]));
}

/* One file of `git diff --raw --numstat`: both lists come in the same order. */
static cJSON *file_json(struct pool *pool, const char *raw, const char *numbers)
{
    char status = 'M';
    char sha[41] = "";
    unsigned long added = 0;
    unsigned long removed = 0;
    cJSON *json = cJSON_CreateObject();
    sscanf(raw, ":%*s %*s %*s %40s %c", sha, &status);
    sscanf(numbers, "%lu\t%lu", &added, &removed);
    const char *name = strchr(raw, '\t');
    const char *kind = status == 'A' ? "added" : status == 'D' ? "removed" : "modified";
    cJSON_AddStringToObject(json, "sha", sha);
    json_add_clean(pool, json, "filename", name ? name + 1 : "");
    cJSON_AddStringToObject(json, "status", kind);
    cJSON_AddNumberToObject(json, "additions", (double)added);
    cJSON_AddNumberToObject(json, "deletions", (double)removed);
    cJSON_AddNumberToObject(json, "changes", (double)(added + removed));
    return json;
}

/* At most 300 files, as documented. Without "patch", which nobody here reads. */
static cJSON *files_json(struct pool *pool, const struct object *base, const struct object *head)
{
    enum { FILES_MAX = 300 };
    struct buffer out = {0};
    cJSON *list = cJSON_CreateArray();
    const char *const arguments[] = {"git",       "diff",         "--raw",
                                     "--numstat", "--no-renames", "--no-abbrev",
                                     base->sha,   head->sha,      NULL};
    buffer_text(&out, "");
    git_run(arguments, NULL, &out);
    char *raw = out.data;
    char *numbers = strstr(out.data, "\n\n") ? strstr(out.data, "\n\n") + 2 : NULL;
    if (!numbers) /* raw lines begin with a colon, the others follow without an empty line */
        for (numbers = out.data; *numbers == ':'; numbers += strcspn(numbers, "\n") + 1)
            ;
    for (int i = 0; *raw == ':' && i < FILES_MAX; i++) {
        char *raw_line = strsep(&raw, "\n");
        char *number_line = numbers ? strsep(&numbers, "\n") : NULL;
        cJSON_AddItemToArray(list, file_json(pool, raw_line, number_line ? number_line : ""));
    }
    buffer_free(&out);
    return list;
}

/*
 * "When calling this endpoint without any paging parameter, the returned list is limited to 250
 * commits, and the last commit in the list is the most recent of the entire comparison."
 */
static void add_commits(struct call *call, cJSON *json, const struct commit_list *ahead)
{
    enum { UNPAGED_MAX = 250 };
    struct page page = page_asked(call, 30);
    bool paged = call_query(call, "per_page") || call_query(call, "page");
    if (paged)
        page_links(call, page, ahead->count);
    else
        page = (struct page){.first = ahead->count > UNPAGED_MAX ? ahead->count - UNPAGED_MAX : 0,
                             .size = UNPAGED_MAX};
    cJSON *commits = cJSON_AddArrayToObject(json, "commits");
    for (size_t i = page.first; i < ahead->count && i < page.first + page.size; i++)
        cJSON_AddItemToArray(commits, commit_json(&call->request->pool, ahead->items[i]));
}

static void reply_comparison(struct call *call, struct object *base, struct object *head,
                             struct object *common)
{
    struct pool *pool = &call->request->pool;
    struct commit_list ahead;
    struct commit_list behind;
    commits_between(head, base, &ahead);
    commits_between(base, head, &behind);
    const char *status = ahead.count    ? behind.count ? "diverged" : "ahead"
                         : behind.count ? "behind"
                                        : "identical";
    const char *page = call_query(call, "page");
    char *url = repo_url(pool, pool_format(pool, "/compare/%s...%s", base->sha, head->sha));
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "url", url);
    cJSON_AddStringToObject(json, "html_url",
                            pool_format(pool, "%s/%s/compare/%s...%s", addresses.server,
                                        repo_name(), base->sha, head->sha));
    cJSON_AddItemToObject(json, "base_commit", commit_json(pool, base));
    cJSON_AddItemToObject(json, "merge_base_commit", commit_json(pool, common));
    cJSON_AddStringToObject(json, "status", status);
    cJSON_AddNumberToObject(json, "ahead_by", (double)ahead.count);
    cJSON_AddNumberToObject(json, "behind_by", (double)behind.count);
    cJSON_AddNumberToObject(json, "total_commits", (double)ahead.count);
    add_commits(call, json, &ahead);
    if (!page || strtol(page, NULL, 10) <= 1)
        cJSON_AddItemToObject(json, "files", files_json(pool, common, head));
    commit_list_free(&ahead);
    commit_list_free(&behind);
    reply(call, 200, json);
}

void handle_compare(struct call *call)
{
    struct pool *pool = &call->request->pool;
    char *dots = strstr(call->args[0], "...");
    if (!dots) {
        reply_error(call, 404, "Not Found");
        return;
    }
    *dots = 0;
    struct object *base = commit_named(pool, call->args[0]);
    struct object *head = commit_named(pool, dots + 3);
    struct object *common = base && head ? merge_base(base, head) : NULL;
    if (!base || !head)
        reply_error(call, 404, "Not Found");
    else if (!common)
        reply_error(
            call, 404,
            pool_format(pool, "No common ancestor between %s and %s.", call->args[0], dots + 3));
    else
        reply_comparison(call, base, head, common);
}
