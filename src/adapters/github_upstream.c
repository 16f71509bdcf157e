/*
 * What go.mod was, and the upstream's releases:
 * https://docs.github.com/en/rest/repos/contents#get-repository-content
 * https://docs.github.com/en/rest/releases/releases#list-releases
 */
#include "adapters/github_internal.h"

#include <string.h>

enum { MOST_PAGES = 20 };

const char *github_upstream_url(const struct github *github, struct arena *arena,
                                const struct question *question)
{
    if (question->kind == QUESTION_UPSTREAM)
        return arena_print(arena, "%s/repos/%s/releases?per_page=100", github->settings.api_url,
                           github->settings.upstream);
    return github_url(github, arena, "/contents/go.mod?ref=%s",
                      github_encoded(arena, question->head));
}

/* ---- go.mod ------------------------------------------------------------------------------------- */

static int take_module(struct arena *arena, const struct http_exchange *exchange,
                       const char **content, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;

    *content = NULL;
    if (exchange->outcome == HTTP_ANSWERED && exchange->status == 404)
        return 0;
    if (github_read(exchange, 200, &json, error))
        return -1;
    if (!strings_equal(json_text(json, "type"), "file"))
        return github_odd(exchange, "a file with content in base64, and its size", error);
    return github_take_content(arena, exchange, json, content, error);
}

/* ---- releases ------------------------------------------------------------------------------------ */

static int take_page(struct arena *arena, const struct http_exchange *exchange,
                     const struct upstream_range *range, struct upstream_facts *upstream,
                     struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;

    if (github_read(exchange, 200, &json, error))
        return -1;
    if (!json_is_array(json))
        return github_odd(exchange, "a list of releases", error);
    for (const struct json *at = json_first(json); at; at = json_next(at)) {
        struct upstream_release const release = {
            .tag = json_text(at, "tag_name"),
            .body = string_or(json_text(at, "body"), ""),
        };

        if (!release.tag || !json_has_flag(at, "draft") || !json_has_flag(at, "prerelease"))
            return github_odd(exchange, "a release with tag_name, draft and prerelease", error);
        if (!json_flag(at, "draft") && !json_flag(at, "prerelease"))
            upstream_offer(arena, upstream, range, &release);
    }
    return 0;
}

static int take_releases(struct github *github, struct arena *arena,
                         const struct http_exchange *first, const struct question *question,
                         struct upstream_facts *upstream, struct error *error)
{
    struct upstream_range const range = {
        .wanted = true, .after = question->base, .up_to = question->head};
    struct upstream_facts found = {.missing = false};
    const char *next = github_next_page(first, arena);

    if (take_page(arena, first, &range, &found, error))
        return -1;
    for (int pages = 1; next; pages++) {
        CLEANUP(http_exchange_free) struct http_exchange exchange = github_get(next);

        if (pages == MOST_PAGES)
            return error_set(error, ERROR_UPSTREAM, "leave upstream empty",
                             "at most %d pages of releases were expected of %s", MOST_PAGES,
                             github->settings.upstream);
        http_run(github->http, &exchange, 1);
        if (take_page(arena, &exchange, &range, &found, error))
            return -1;
        next = github_next_page(&exchange, arena);
    }
    *upstream = found;
    return 0;
}

int github_take_upstream(struct github *github, struct arena *arena,
                         const struct http_exchange *exchange, const struct question *question,
                         struct facts *facts, struct error *error)
{
    if (question->kind == QUESTION_MODULE_NOW)
        return take_module(arena, exchange, &facts->module_now, error);
    if (question->kind == QUESTION_MODULE_BEFORE)
        return take_module(arena, exchange, &facts->module_before, error);
    if (exchange->outcome == HTTP_ANSWERED && exchange->status == 404) {
        facts->upstream.missing = true; /* the plan refuses, with all else that is wrong */
        return 0;
    }
    return take_releases(github, arena, exchange, question, &facts->upstream, error);
}
