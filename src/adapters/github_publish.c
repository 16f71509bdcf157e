/*
 * Publishing, and the latest release:
 * https://docs.github.com/en/rest/releases/releases#update-a-release
 */
#include "adapters/github_internal.h"

#include <string.h>

static int parse_latest(const struct json *json, struct arena *arena, struct latest_release *latest)
{
    const char *tag = json_text(json, "tag_name");
    struct latest_release found = {0};

    if (!tag || !json_number(json, "id", &found.id))
        return -1;
    found.tag = arena_copy(arena, tag);
    *latest = found;
    return 0;
}

int github_take_published(struct arena *arena, const struct question *question,
                          const struct http_exchange *exchange, const struct json *json,
                          struct facts *facts, struct error *error)
{
    struct release_facts *releases = &facts->releases;
    struct release release;

    if (question->kind == QUESTION_LATEST)
        return parse_latest(json, arena, &facts->latest)
                   ? github_odd(exchange, "a release with id and tag_name", error)
                   : 0;
    if (github_parse_release(json, arena, &release) || release.draft ||
        !strings_equal(release.tag, question->head))
        return github_odd(exchange, "the tag's published release", error);
    releases->items =
        arena_append(arena, releases->items, &releases->count, sizeof(*releases->items));
    releases->items[releases->count - 1] = release;
    return 0;
}

static enum write_end patch(struct github *github, struct arena *arena, int64_t id,
                            const struct json *fields, struct http_exchange *exchange,
                            struct error *error)
{
    CLEANUP(text_free) struct text printed = {0};

    json_print(fields, &printed);
    *exchange = github_get(github_url(github, arena, "/releases/%lld", (long long)id));
    exchange->method = "PATCH";
    exchange->body = text_string(&printed);
    enum write_end const end = github_write(github, exchange, 200, error);
    exchange->body = NULL;
    return end;
}

/* `make_latest` is a string, and has to be sent again: what the draft was made with is forgotten. */
static enum write_end publish(void *state, struct arena *arena, int64_t id, bool prerelease,
                              bool latest, struct release *made, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *fields = json_new_object(), *json = NULL;
    CLEANUP(http_exchange_free) struct http_exchange exchange = {0};

    json_put_flag(fields, "draft", false);
    json_put_flag(fields, "prerelease", prerelease);
    json_put_text(fields, "make_latest", latest ? "true" : "false");
    enum write_end const end = patch(state, arena, id, fields, &exchange, error);
    if (end == WRITE_FAILED && exchange.status == 422 && github_says_taken(&exchange))
        return WRITE_TAKEN;
    if (end != WRITE_DONE)
        return end;
    if (github_read(&exchange, 200, &json, error))
        return WRITE_LOST;
    if (github_parse_release(json, arena, made)) {
        github_odd(&exchange, "a release with id, tag_name, html_url, draft and prerelease", error);
        return WRITE_LOST;
    }
    return WRITE_DONE;
}

static enum write_end set_latest(void *state, int64_t id, bool latest, struct error *error)
{
    struct arena arena = {0};
    CLEANUP(json_free_cleanup) struct json *fields = json_new_object();
    CLEANUP(http_exchange_free) struct http_exchange exchange = {0};

    json_put_text(fields, "make_latest", latest ? "true" : "false");
    enum write_end const end = patch(state, &arena, id, fields, &exchange, error);
    arena_free(&arena);
    return end;
}

static int read_latest(void *state, struct arena *arena, struct latest_release *latest,
                       struct error *error)
{
    struct github *github = state;
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    CLEANUP(http_exchange_free)
    struct http_exchange exchange = github_get(github_url(github, arena, "/releases/latest"));

    http_run(github->http, &exchange, 1);
    if (exchange.outcome == HTTP_ANSWERED && exchange.status == 404) {
        *latest = (struct latest_release){0};
        return 0;
    }
    if (github_read(&exchange, 200, &json, error))
        return -1;
    return parse_latest(json, arena, latest)
               ? github_odd(&exchange, "a release with id and tag_name", error)
               : 0;
}

void github_publish_effects(struct effects *effects)
{
    effects->publish = publish;
    effects->set_latest = set_latest;
    effects->read_latest = read_latest;
}
