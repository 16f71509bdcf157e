/*
 * Pull requests by their number, or by a commit of theirs: https://docs.github.com/en/rest/pulls/pulls
 * #get-a-pull-request, https://docs.github.com/en/rest/commits/commits
 * #list-pull-requests-associated-with-a-commit
 */
#include "adapters/github_internal.h"

#include "core/release_note.h"

#include <stdlib.h>
#include <string.h>

/* Ids of commits are longer than any number. */
static bool is_number(const char *wanted)
{
    return strlen(wanted) < 10;
}

struct http_exchange github_pull_request(const struct github *github, struct arena *arena,
                                         const char *wanted)
{
    return github_get(is_number(wanted) ? github_url(github, arena, "/pulls/%s", wanted)
                                        : github_url(github, arena, "/commits/%s/pulls", wanted));
}

static void read_labels(struct arena *arena, const struct json *json, struct names_list *labels)
{
    for (const struct json *at = json_first(json); at; at = json_next(at)) {
        if (!json_text(at, "name"))
            continue;
        labels->items = arena_append(arena, labels->items, &labels->count, sizeof(*labels->items));
        labels->items[labels->count - 1] = arena_copy(arena, json_text(at, "name"));
    }
}

/* Only what was merged brought something. */
static void read_pull(struct arena *arena, const struct json *json, struct pull_request *pull)
{
    const char *title = json_text(json, "title");
    int64_t number;

    if (!title || !json_text(json, "merged_at") || !json_number(json, "number", &number) ||
        number <= 0 || number > INT32_MAX)
        return;
    pull->number = (uint32_t)number;
    pull->title = arena_copy(arena, title);
    pull->login = arena_copy(arena, json_text(json, "user.login"));
    pull->note = release_note_read(arena, string_or(json_text(json, "body"), ""), &pull->silent);
    read_labels(arena, json_at(json, "labels"), &pull->labels);
}

static void add_pull(struct arena *arena, struct pulls *pulls, const struct pull_request *pull)
{
    pulls->items = arena_append(arena, pulls->items, &pulls->count, sizeof(*pulls->items));
    pulls->items[pulls->count - 1] = *pull;
}

int github_take_pull(struct arena *arena, const char *wanted, const struct http_exchange *exchange,
                     struct pulls *pulls, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    struct pull_request pull = {.commit = is_number(wanted) ? NULL : wanted};
    long const status = exchange->outcome == HTTP_ANSWERED ? exchange->status : 0;

    if (!pull.commit)
        pull.number = (uint32_t)strtoul(wanted, NULL, 10);
    if (status == 403) { /* a token without that permission, in a private repository */
        struct error refusal;

        github_error(exchange, &refusal);
        pulls->refused = arena_copy(arena, refusal.message);
        return 0;
    }
    if (status == 404 || status == 410 || status == 422) { /* it is an issue's, or nobody's */
        add_pull(arena, pulls, &pull);
        return 0;
    }
    if (github_read(exchange, 200, &json, error))
        return -1;
    if (json_is_array(json) != (pull.commit != NULL))
        return github_odd(exchange, pull.commit ? "a list of pull requests" : "a pull request",
                          error);
    if (!pull.commit)
        read_pull(arena, json, &pull);
    for (const struct json *at = pull.commit ? json_first(json) : NULL; at && !pull.title;
         at = json_next(at))
        read_pull(arena, at, &pull);
    add_pull(arena, pulls, &pull);
    return 0;
}

int github_read_pulls(struct github *github, struct arena *arena, const char *wanted,
                      struct pulls *pulls, struct error *error)
{
    int result = 0;

    while (!result && *wanted) {
        struct http_exchange exchanges[GITHUB_PULLS_AT_ONCE];
        const char *words[GITHUB_PULLS_AT_ONCE];
        size_t count;

        for (count = 0; count < GITHUB_PULLS_AT_ONCE && *wanted; count++) {
            words[count] = github_next_word(arena, &wanted);
            exchanges[count] = github_pull_request(github, arena, words[count]);
        }
        http_run(github->http, exchanges, count);
        for (size_t i = 0; i < count; i++) {
            if (!result)
                result = github_take_pull(arena, words[i], &exchanges[i], pulls, error);
            http_exchange_free(&exchanges[i]);
        }
    }
    return result;
}

const char *github_next_word(struct arena *arena, const char **words)
{
    size_t const length = strcspn(*words, " ");
    const char *word = arena_copy_bytes(arena, *words, length);

    *words += length + ((*words)[length] == ' ');
    return word;
}
