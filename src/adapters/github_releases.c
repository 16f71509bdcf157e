/* Reading releases: https://docs.github.com/en/rest/releases/releases */
#include "adapters/github_internal.h"

#include "base/memory.h"
#include "core/announcement.h"

#include <stdlib.h>
#include <string.h>

int github_parse_release(const struct json *json, struct arena *arena, struct release *release)
{
    const char *tag = json_text(json, "tag_name"), *page = json_text(json, "html_url");
    struct release found = {0};

    if (!tag || !page || !json_number(json, "id", &found.id) || !json_has_flag(json, "draft") ||
        !json_has_flag(json, "prerelease") ||
        github_parse_assets(json_at(json, "assets"), arena, &found.assets))
        return -1;
    found.tag = arena_copy(arena, tag);
    found.title = arena_copy(arena, string_or(json_text(json, "name"), ""));
    found.body = arena_copy(arena, string_or(json_text(json, "body"), ""));
    found.page = arena_copy(arena, page);
    found.upload_url = arena_copy(arena, string_or(json_text(json, "upload_url"), ""));
    found.draft = json_flag(json, "draft");
    found.prerelease = json_flag(json, "prerelease");
    found.immutable = json_flag(json, "immutable");
    *release = found;
    return 0;
}

const char *github_releases_url(const struct github *github, struct arena *arena, uint32_t page)
{
    return github_url(github, arena, "/releases?per_page=100&page=%u", page);
}

/*
 * The address of a relation in a Link header, <https://…&page=3>; rel="last":
 * https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
static const char *linked_page(const struct http_exchange *exchange, struct arena *arena,
                               const char *relation)
{
    const char *link = text_string(&exchange->link);
    const char *at = strstr(link, relation), *start = at;

    while (start && start > link && *start != '<')
        start--;
    if (!start || *start != '<')
        return NULL;
    return arena_copy_bytes(arena, start + 1, strcspn(start + 1, ">"));
}

static uint32_t page_number(const char *url)
{
    for (; url && *url; url++)
        if ((*url == '?' || *url == '&') && string_starts(url + 1, "page="))
            return (uint32_t)strtoul(url + strlen("?page="), NULL, 10);
    return 1;
}

const char *github_next_page(const struct http_exchange *exchange, struct arena *arena)
{
    return linked_page(exchange, arena, "rel=\"next\"");
}

uint32_t github_last_page(const struct http_exchange *exchange, struct arena *arena)
{
    uint32_t const last = page_number(linked_page(exchange, arena, "rel=\"last\""));
    uint32_t const next = page_number(github_next_page(exchange, arena));

    return last > next ? last : next;
}

/* Of another tag: only its few fields that rules ask for, and only of our line. */
static void take_other(const struct json *json, struct arena *arena, const char *prefix,
                       struct release_facts *releases)
{
    struct announcement announcement;
    struct other_release other = {.tag = json_text(json, "tag_name"),
                                  .prerelease = json_flag(json, "prerelease"),
                                  .immutable = json_flag(json, "immutable")};

    if (json_flag(json, "draft") || !string_starts(other.tag, prefix) ||
        !json_number(json, "id", &other.id))
        return;
    announcement_read(arena, string_or(json_text(json, "body"), ""), &announcement);
    if (announcement.state == ANNOUNCEMENT_SENT)
        other.announced = announcement.id;
    other.tag = arena_copy(arena, other.tag);
    releases->others =
        arena_append(arena, releases->others, &releases->other_count, sizeof(*releases->others));
    releases->others[releases->other_count - 1] = other;
}

int github_take_releases(const struct github *github, const struct http_exchange *exchange,
                         struct arena *arena, const char *tag, struct release_facts *releases,
                         struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *document = NULL;

    if (github_read(exchange, 200, &document, error))
        return -1;
    if (!json_is_array(document))
        return github_odd(exchange, "a list of releases", error);
    uint32_t const last = github_last_page(exchange, arena);
    if (last > releases->last_page)
        releases->last_page = last;
    for (const struct json *json = json_first(document); json; json = json_next(json)) {
        const char *its_tag = json_text(json, "tag_name");
        struct release release;

        if (!its_tag)
            return github_odd(exchange, "a release with tag_name", error);
        if (!strings_equal(its_tag, tag)) {
            take_other(json, arena, github->settings.tag_prefix, releases);
            continue;
        }
        if (github_parse_release(json, arena, &release))
            return github_odd(exchange, "a release with id, html_url, draft and prerelease", error);
        releases->items =
            arena_append(arena, releases->items, &releases->count, sizeof(*releases->items));
        releases->items[releases->count - 1] = release;
    }
    return 0;
}

/* A release that moved to the next page between two requests is seen twice. */
static void drop_doubles(struct release_facts *releases)
{
    size_t kept = 0;

    for (size_t i = 0; i < releases->count; i++) {
        size_t j = 0;

        while (j < kept && releases->items[j].id != releases->items[i].id)
            j++;
        if (j == kept)
            releases->items[kept++] = releases->items[i];
    }
    releases->count = kept;
}

/* A few pages at once, so that the memory they take is bounded. */
static int read_some_pages(struct github *github, struct arena *arena, const char *tag,
                           uint32_t first, uint32_t count, struct release_facts *releases,
                           struct error *error)
{
    struct http_exchange exchanges[GITHUB_PAGES_AT_ONCE];
    int result = 0;

    for (uint32_t i = 0; i < count; i++)
        exchanges[i] = github_get(github_releases_url(github, arena, first + i));
    http_run(github->http, exchanges, count);
    for (uint32_t i = 0; i < count; i++) {
        if (!result)
            result = github_take_releases(github, &exchanges[i], arena, tag, releases, error);
        http_exchange_free(&exchanges[i]);
    }
    return result;
}

int github_read_pages(struct github *github, struct arena *arena, const char *tag, uint32_t first,
                      struct release_facts *releases, struct error *error)
{
    uint32_t count;

    for (uint32_t page = first; page <= releases->last_page; page += count) {
        uint32_t const left = releases->last_page - page + 1; /* as far as is known so far */

        if (page > GITHUB_MOST_PAGES)
            return error_set(error, ERROR_ANSWER, NULL,
                             "at most %d pages of releases were expected, the server has more",
                             GITHUB_MOST_PAGES);
        count = left < GITHUB_PAGES_AT_ONCE ? left : GITHUB_PAGES_AT_ONCE;
        if (read_some_pages(github, arena, tag, page, count, releases, error))
            return -1;
    }
    drop_doubles(releases);
    return 0;
}
