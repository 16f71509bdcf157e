/*
 * The commits of a release: https://docs.github.com/en/rest/commits/commits#compare-two-commits, and
 * of a first one #list-commits. And how its notes are arranged.
 */
#include "adapters/github_internal.h"

#include <string.h>

enum { PER_PAGE = 100, MOST_COMMITS = 1000 };

struct reading {
    struct github *github;
    const struct question *question;
    struct arena arena; /* of what is needed until all is read */
    struct commit *commits;
    size_t count;
};

const char *github_changes_url(const struct github *github, struct arena *arena,
                               const struct question *question, size_t page)
{
    if (!question->base)
        return github_url(github, arena, "/commits?sha=%s&per_page=%d&page=%zu",
                          github_encoded(arena, question->head), PER_PAGE, page);
    return github_url(github, arena, "/compare/%s...%s?per_page=%d&page=%zu",
                      github_encoded(arena, question->base), github_encoded(arena, question->head),
                      PER_PAGE, page);
}

static bool take_commit(struct reading *reading, const struct json *json)
{
    struct arena *arena = &reading->arena;
    const char *id = json_text(json, "sha"), *message = json_text(json, "commit.message");
    const char **parents = NULL;
    size_t parent_count = 0;

    if (!id || !message)
        return false;
    for (const struct json *at = json_first(json_at(json, "parents")); at; at = json_next(at)) {
        if (!json_text(at, "sha"))
            return false;
        parents = arena_append(arena, parents, &parent_count, sizeof(*parents));
        parents[parent_count - 1] = arena_copy(arena, json_text(at, "sha"));
    }
    reading->commits =
        arena_append(arena, reading->commits, &reading->count, sizeof(*reading->commits));
    reading->commits[reading->count - 1] = (struct commit){
        .id = arena_copy(arena, id),
        .parents = parents,
        .parent_count = parent_count,
        .message = arena_copy(arena, message),
        .mail = arena_copy(arena, json_text(json, "commit.author.email")),
        .login = arena_copy(arena, json_text(json, "author.login")),
    };
    return true;
}

static int take_commits(struct reading *reading, const struct http_exchange *exchange,
                        const struct json *json, struct error *error)
{
    const struct json *commits = reading->question->base ? json_at(json, "commits") : json;

    if (!json_is_array(commits))
        return github_odd(exchange, "a list of commits", error);
    for (const struct json *commit = json_first(commits); commit; commit = json_next(commit))
        if (!take_commit(reading, commit))
            return github_odd(exchange, "a commit with sha, message and parents", error);
    return 0;
}

/*
 * A few pages at once, so that the memory they take is bounded. *last grows where a page names one
 * behind: GitHub says how many there are, and others may only say that there is a next one.
 */
static int read_some_pages(struct reading *reading, size_t first, size_t count, size_t *last,
                           struct error *error)
{
    struct http_exchange exchanges[GITHUB_PAGES_AT_ONCE];
    int result = 0;

    for (size_t i = 0; i < count; i++)
        exchanges[i] = github_get(
            github_changes_url(reading->github, &reading->arena, reading->question, first + i));
    http_run(reading->github->http, exchanges, count);
    for (size_t i = 0; i < count; i++) {
        CLEANUP(json_free_cleanup) struct json *json = NULL;
        size_t const linked = github_last_page(&exchanges[i], &reading->arena);

        if (!result)
            result = github_read(&exchanges[i], 200, &json, error) ||
                             take_commits(reading, &exchanges[i], json, error)
                         ? -1
                         : 0;
        *last = linked > *last ? linked : *last;
        http_exchange_free(&exchanges[i]);
    }
    return result;
}

/* Up to the last page, or until there are more commits than `most`. */
static int read_pages(struct reading *reading, size_t first, size_t last, size_t most,
                      struct error *error)
{
    size_t count;

    for (size_t page = first; page <= last && reading->count <= most; page += count) {
        size_t const left = last - page + 1;

        count = left < GITHUB_PAGES_AT_ONCE ? left : GITHUB_PAGES_AT_ONCE;
        if (read_some_pages(reading, page, count, &last, error))
            return -1;
    }
    return 0;
}

/* How many pages so many commits fill, by the first one. A server may give fewer on a page than it was
 * asked for, and then there is one behind. */
static size_t pages_of(const struct http_exchange *exchange, const struct json *commits,
                       size_t total)
{
    size_t const given = json_is_array(commits) ? json_count(commits) : 0;
    size_t const a_page = exchange->link.length && given ? given : PER_PAGE;

    return (total + a_page - 1) / a_page;
}

/* All of a comparison, the oldest first; of a very long one the newest. */
static int read_comparison(struct reading *reading, const struct http_exchange *exchange,
                           const struct json *json, size_t *total, struct error *error)
{
    int64_t number;

    if (!json_number(json, "total_commits", &number) || number < 0)
        return github_odd(exchange, "a comparison with total_commits", error);
    *total = (size_t)number;
    size_t const last = pages_of(exchange, json_at(json, "commits"), *total);
    size_t const most = pages_of(exchange, json_at(json, "commits"), MOST_COMMITS);
    if (last > most)
        return read_pages(reading, last - most + 1, last, *total, error);
    if (take_commits(reading, exchange, json, error) ||
        read_pages(reading, 2, last, MOST_COMMITS, error))
        return -1;
    if (reading->count != *total)
        return github_odd(exchange, "all commits of the comparison", error);
    return 0;
}

/* The history of a first release, the newest first, where it isn't long. */
static int read_history(struct reading *reading, const struct http_exchange *exchange,
                        const struct json *json, size_t *total, struct error *error)
{
    size_t const last = github_last_page(exchange, &reading->arena);

    *total = CHANGES_OF_FIRST + 1;
    if (last > pages_of(exchange, json, CHANGES_OF_FIRST))
        return 0;
    if (take_commits(reading, exchange, json, error) ||
        read_pages(reading, 2, last, CHANGES_OF_FIRST, error))
        return -1;
    if (reading->count > CHANGES_OF_FIRST)
        reading->count = 0;
    else
        *total = reading->count;
    return 0;
}

static struct changes changes_of(struct arena *arena, const struct reading *reading, size_t total)
{
    struct changes_reader reader = {0};
    struct changes changes = {0};

    for (size_t i = 0; i < reading->count; i++)
        changes_read(arena, &reader,
                     &reading->commits[reading->question->base ? reading->count - 1 - i : i],
                     &changes);
    changes_finish(&reader, &changes);
    if (total > reading->count)
        changes.total = total;
    return changes;
}

int github_take_changes(struct github *github, struct arena *arena, const struct question *question,
                        const struct http_exchange *exchange, const struct json *json,
                        struct facts *facts, struct error *error)
{
    struct reading reading = {.github = github, .question = question};
    size_t total = 0;
    int const result = question->base ? read_comparison(&reading, exchange, json, &total, error)
                                      : read_history(&reading, exchange, json, &total, error);

    if (!result)
        facts->changes = changes_of(arena, &reading, total);
    arena_free(&reading.arena);
    return result;
}

/* https://docs.github.com/en/rest/repos/contents#get-repository-content; a link is followed, which is
 * fine for what decides no trust. */
int github_take_config(struct arena *arena, const struct http_exchange *exchange,
                       const struct json *json, struct facts *facts, struct error *error)
{
    const char *content;

    if (github_take_content(arena, exchange, json, &content, error))
        return -1;
    if (!facts->config_text) /* of two, the first one counts */
        facts->config_text = content;
    return 0;
}
