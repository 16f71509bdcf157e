/*
 * Generated notes: docs.github.com/rest/releases/releases and
 * docs.github.com/repositories/releasing-projects-on-github/automatically-generated-release-notes
 */
#define _GNU_SOURCE
#include "api.h"
#include "release_yml.h"

#include <stdlib.h>
#include <string.h>

/* The commit that a pull request was merged as; by its "(#N)" where the entry does not say. */
static struct object *merged_as(const cJSON *pull)
{
    const char *text = release_text(pull, "merge_commit_sha");
    return text ? object_peel(object_find(text)) : NULL;
}

static bool in_list(const struct commit_list *list, const struct object *commit)
{
    for (size_t i = 0; commit && i < list->count; i++)
        if (list->items[i] == commit)
            return true;
    return false;
}

static const char *pull_author(const cJSON *pull)
{
    const char *author = release_text(pull, "author");
    return author ? author : "ghost";
}

static char *pull_url(struct pool *pool, const cJSON *pull)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(pull, "number");
    return pool_format(pool, "%s/%s/pull/%d", addresses.server, repo_name(),
                       number ? number->valueint : 0);
}

/* The pull requests merged in the range, in the order of their commits. */
static void find_pulls(const struct commit_list *range, const cJSON ***found, size_t *count)
{
    const cJSON *pulls = config_get("pull_requests");
    *found = must_alloc(sizeof **found * ((size_t)cJSON_GetArraySize(pulls) + 1));
    *count = 0;
    for (size_t i = 0; i < range->count; i++) {
        for (const cJSON *pull = json_first(pulls); pull; pull = pull->next) {
            bool seen = false;
            for (size_t j = 0; j < *count; j++)
                seen = seen || (*found)[j] == pull;
            if (!seen && pull_has_commit(pull, range->items[i]))
                (*found)[(*count)++] = pull;
        }
    }
}

/* Has the author a pull request that was merged before the range? */
static bool is_new_author(const char *author, const struct commit_list *before)
{
    for (const cJSON *pull = json_first(config_get("pull_requests")); pull; pull = pull->next) {
        if (text_equal(pull_author(pull), author) && in_list(before, merged_as(pull)))
            return false;
    }
    return true;
}

static void add_contributors(struct pool *pool, const cJSON **pulls, size_t count,
                             const struct commit_list *before, struct buffer *out)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        const char *author = pull_author(pulls[i]);
        bool seen = !is_new_author(author, before);
        for (size_t j = 0; j < i && !seen; j++)
            seen = text_equal(author, pull_author(pulls[j]));
        if (seen)
            continue;
        buffer_format(out, "%s* @%s made their first contribution in %s\n",
                      any ? "" : "\n## New Contributors\n", author, pull_url(pool, pulls[i]));
        any = true;
    }
    buffer_text(out, any ? "\n" : "\n\n");
}

static void add_pull(struct pool *pool, const cJSON *pull, struct buffer *out)
{
    const char *title = release_text(pull, "title");
    buffer_format(out, "* %s by @%s in %s\n", title ? title : "", pull_author(pull),
                  pull_url(pool, pull));
}

/* Under the headings of the categories, where there are some. */
static void add_pulls(struct pool *pool, const cJSON *config, const cJSON **pulls, size_t count,
                      struct buffer *out)
{
    const cJSON *categories = cJSON_GetObjectItemCaseSensitive(config, "categories");
    int number = cJSON_GetArraySize(categories);
    for (int i = 0; i <= number; i++) {
        const char *title = release_text(cJSON_GetArrayItem(categories, i), "title");
        bool any = !number;
        for (size_t j = 0; j < count; j++) {
            if (number && release_yml_category(config, pulls[j]) != i)
                continue;
            if (!any)
                buffer_format(out, "### %s\n", i < number && title ? title : "Other Changes");
            any = true;
            add_pull(pool, pulls[j], out);
        }
    }
}

/* Without what the configuration leaves out. */
static size_t drop_excluded(const cJSON *config, const cJSON **pulls, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (!release_yml_excludes(cJSON_GetObjectItemCaseSensitive(config, "exclude"), pulls[i]))
            pulls[kept++] = pulls[i];
    return kept;
}

char *notes_text(struct pool *pool, const char *tag, struct object *head, const char *previous,
                 struct object *base)
{
    struct commit_list range;
    struct commit_list before = {0};
    struct buffer out = {0};
    const cJSON **pulls;
    size_t count;
    commits_between(head, base, &range);
    if (base)
        commits_between(base, NULL, &before);
    find_pulls(&range, &pulls, &count);
    cJSON *config = release_yml_read(pool, head);
    count = drop_excluded(config, pulls, count);
    if (count)
        buffer_text(&out, "## What's Changed\n");
    add_pulls(pool, config, pulls, count, &out);
    cJSON_Delete(config);
    if (count)
        add_contributors(pool, pulls, count, &before, &out);
    buffer_format(&out, "**Full Changelog**: %s/%s/%s/%s%s%s", addresses.server, repo_name(),
                  previous ? "compare" : "commits", previous ? previous : "", previous ? "..." : "",
                  tag);
    char *text = pool_copy(pool, out.data, out.length);
    buffer_free(&out);
    free(pulls);
    commit_list_free(&range);
    commit_list_free(&before);
    return text;
}

/*
 * GitHub does not say how it picks one. This takes the newest published release of another tag,
 * prereleases and other lines of tags included: whoever relies on the choice gets a wrong one.
 */
const char *notes_previous(const char *tag)
{
    cJSON **sorted = store_sorted();
    const char *found = NULL;
    for (size_t i = 0; sorted[i] && !found; i++)
        if (!release_is(sorted[i], "draft") &&
            !text_equal(release_text(sorted[i], "tag_name"), tag))
            found = release_text(sorted[i], "tag_name");
    free(sorted);
    return found;
}

static struct object *tag_commit(struct pool *pool, const char *tag)
{
    struct refs refs;
    refs_read(&refs);
    const struct ref *ref = refs_find(&refs, pool_format(pool, "refs/tags/%s", tag));
    struct object *commit = ref ? object_peel(object_get(ref->sha)) : NULL;
    refs_free(&refs);
    return commit;
}

void handle_notes(struct call *call)
{
    struct pool *pool = &call->request->pool;
    if (config_flag("no_generated_notes")) {
        reply_error(call, 404, "Not Found");
        return;
    }
    if (!call_body(call, "tag_name:s! target_commitish:s previous_tag_name:s "
                         "configuration_file_path:s"))
        return;
    const char *tag = body_text(call, "tag_name");
    const char *target = body_text(call, "target_commitish");
    const char *previous = body_text(call, "previous_tag_name");
    struct object *head = tag_commit(pool, tag);
    if (!head)
        head = commit_named(pool, target ? target : config_text("default_branch", "main"));
    if (!head) {
        reply_error(call, 400, "Invalid target_commitish parameter");
        return;
    }
    const char *named = previous;
    if (!previous)
        previous = notes_previous(tag);
    struct object *base = previous ? tag_commit(pool, previous) : NULL;
    /* 400 is what people report (googleapis/release-please issue 1787), not 422. */
    if (named && !base) {
        reply_error(call, 400, "Invalid previous_tag parameter");
        return;
    }
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "name", tag);
    cJSON_AddStringToObject(json, "body",
                            notes_text(pool, tag, head, base ? previous : NULL, base));
    reply(call, 200, json);
}
