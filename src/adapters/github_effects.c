/* Changes. None is repeated here: what was lost is for the caller to look into. */
#include "adapters/github_internal.h"

#include <string.h>

enum { BETWEEN_WRITES_MS = 1000 };

/*
 * "If you are making a large number of POST, PATCH, PUT, or DELETE requests, wait at least one
 * second between each": best practices for using the REST API.
 */
static void pause_between_writes(struct github *github)
{
    const struct clock *clock = github->settings.clock;
    int64_t const since = clock_now_ms(clock) - github->last_write_ms;

    if (github->last_write_ms && since < BETWEEN_WRITES_MS)
        clock_sleep_ms(clock, BETWEEN_WRITES_MS - since);
}

enum write_end github_write_end(const struct http_exchange *exchange, long expected,
                                struct error *error)
{
    if (exchange->outcome != HTTP_ANSWERED) {
        *error = exchange->error;
        return exchange->outcome == HTTP_LOST ? WRITE_LOST : WRITE_FAILED;
    }
    if (exchange->status == expected)
        return WRITE_DONE;
    if (exchange->status >= 200 && exchange->status < 300) {
        github_odd(exchange, "another status", error);
        return WRITE_LOST;
    }
    github_error(exchange, error);
    return exchange->status == 404 ? WRITE_GONE : WRITE_FAILED;
}

bool github_says_taken(const struct http_exchange *exchange)
{
    const char *words = text_string(&exchange->content);

    return strcasestr(words, "already_exists") || strcasestr(words, "already exists");
}

enum write_end github_write(struct github *github, struct http_exchange *exchange, long expected,
                            struct error *error)
{
    exchange->repeat = HTTP_ONCE;
    pause_between_writes(github);
    http_run(github->http, exchange, 1);
    github->last_write_ms = clock_now_ms(github->settings.clock);
    return github_write_end(exchange, expected, error);
}

/* A ruleset is called by its name: https://docs.github.com/en/rest/repos/rules */
static void add_ruleset_name(struct github *github, struct arena *arena, int64_t id,
                             struct text *out)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    CLEANUP(http_exchange_free)
    struct http_exchange exchange =
        github_get(github_url(github, arena, "/rulesets/%lld", (long long)id));
    struct error ignored;

    http_run(github->http, &exchange, 1);
    text_add(out, out->length ? ", " : "");
    if (!github_read(&exchange, 200, &json, &ignored) && json_text(json, "name"))
        text_add_foreign(out, json_text(json, "name"), 100);
    else
        text_print(out, "number %lld", (long long)id);
}

/* Which rulesets apply to the branch; empty where the server doesn't tell. */
static void name_rulesets(struct github *github, struct arena *arena, const char *branch,
                          struct text *out)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    CLEANUP(http_exchange_free)
    struct http_exchange exchange =
        github_get(github_url(github, arena, "/rules/branches/%s", github_encoded(arena, branch)));
    struct error ignored;
    int64_t last = -1, id;

    http_run(github->http, &exchange, 1);
    if (github_read(&exchange, 200, &json, &ignored) || !json_is_array(json))
        return;
    for (const struct json *rule = json_first(json); rule; rule = json_next(rule))
        if (json_number(rule, "ruleset_id", &id) && id != last)
            add_ruleset_name(github, arena, last = id, out);
}

/*
 * A token that may write and may not make this branch: its workflow files differ from those of the
 * branches that are there. GitHub's list of permissions names contents alone, too.
 */
static bool is_about_workflows(const struct github *github, const struct http_exchange *exchange)
{
    return github->may_write && exchange->status == 403 &&
           strstr(text_string(&exchange->permissions), "workflows");
}

static void explain_branch(struct github *github, struct arena *arena, const char *branch,
                           const struct http_exchange *exchange, struct error *error)
{
    CLEANUP(text_free) struct text rulesets = {0};

    if (is_about_workflows(github, exchange)) {
        error_set(error, ERROR_WORKFLOWS,
                  "make the branch by hand, or give the token of an App with workflows: write; no "
                  "permissions key of a workflow grants it",
                  "the server refuses to make the branch %s, since its workflow files differ from "
                  "those of other branches",
                  branch);
        return;
    }
    if (error->code == ERROR_RULESET)
        name_rulesets(github, arena, branch, &rulesets);
    if (rulesets.length)
        error_wrap(error, "the branch %s is under the ruleset %s", branch, text_string(&rulesets));
    else
        error_wrap(error, "the branch %s can't be made", branch);
}

/* Does the answer tell the branch as it was wanted? Else nobody knows what was carried out. */
static enum write_end check_branch(const struct http_exchange *exchange, const char *commit,
                                   struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;

    if (github_read(exchange, 201, &json, error))
        return WRITE_LOST;
    if (strings_equal(json_text(json, "object.sha"), commit))
        return WRITE_DONE;
    github_odd(exchange, "the new reference with its object.sha", error);
    return WRITE_LOST;
}

/*
 * "Reference already exists" is what GitHub says; 409 and 422 are documented for more than that, so
 * in other words it is looked for. What rules refuse is told as such.
 */
static bool is_taken(struct github *github, struct arena *arena, const char *branch,
                     const struct http_exchange *exchange, const struct error *error)
{
    struct error ignored;
    const char *found = NULL;

    if ((exchange->status != 409 && exchange->status != 422) || error->code == ERROR_RULESET)
        return false;
    return github_says_taken(exchange) ||
           (!github_read_ref(github, arena, "heads", branch, &found, &ignored) && found);
}

static enum write_end create_branch(void *state, const char *name, const char *commit,
                                    struct error *error)
{
    struct github *github = state;
    struct arena arena = {0};
    CLEANUP(json_free_cleanup) struct json *body = json_new_object();
    CLEANUP(text_free) struct text printed = {0};
    struct http_exchange exchange = github_get(github_url(github, &arena, "/git/refs"));

    json_put_text(body, "ref", arena_print(&arena, "refs/heads/%s", name));
    json_put_text(body, "sha", commit);
    json_print(body, &printed);
    exchange.method = "POST";
    exchange.body = text_string(&printed);
    enum write_end end = github_write(github, &exchange, 201, error);
    if (end == WRITE_DONE)
        end = check_branch(&exchange, commit, error);
    if (end == WRITE_FAILED && is_taken(github, &arena, name, &exchange, error))
        end = WRITE_TAKEN;
    if (end == WRITE_FAILED)
        explain_branch(github, &arena, name, &exchange, error);
    http_exchange_free(&exchange);
    arena_free(&arena);
    return end;
}

int github_read_ref(struct github *github, struct arena *arena, const char *kind, const char *name,
                    const char **object, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    CLEANUP(http_exchange_free)
    struct http_exchange exchange =
        github_get(github_url(github, arena, "/git/ref/%s/%s", kind, github_encoded(arena, name)));

    http_run(github->http, &exchange, 1);
    if (exchange.outcome == HTTP_ANSWERED && exchange.status == 404) {
        *object = NULL;
        return 0;
    }
    if (github_read(&exchange, 200, &json, error))
        return -1;
    if (!json_text(json, "object.sha"))
        return github_odd(&exchange, "a reference with object.sha", error);
    *object = arena_copy(arena, json_text(json, "object.sha"));
    return 0;
}

static int read_branch(void *state, struct arena *arena, const char *name, const char **commit,
                       struct error *error)
{
    return github_read_ref(state, arena, "heads", name, commit, error);
}

static int read_tag(void *state, struct arena *arena, const char *name, const char **object,
                    struct error *error)
{
    return github_read_ref(state, arena, "tags", name, object, error);
}

/*
 * `draft` goes with a new one only: in an update it would turn a release that a person has just
 * published back. So does `make_latest` (a string): an update of a draft with it is refused (422,
 * "Latest release cannot be draft or prerelease"); publishing sends it again.
 */
static void print_fields(const struct release_fields *fields, struct text *out)
{
    CLEANUP(json_free_cleanup) struct json *body = json_new_object();

    if (fields->tag)
        json_put_text(body, "tag_name", fields->tag);
    if (fields->commit)
        json_put_text(body, "target_commitish", fields->commit);
    if (fields->title)
        json_put_text(body, "name", fields->title);
    if (fields->body)
        json_put_text(body, "body", fields->body);
    if (fields->tag) {
        json_put_flag(body, "draft", true);
        json_put_text(body, "make_latest", fields->latest ? "true" : "false");
    }
    if (!fields->keep_prerelease)
        json_put_flag(body, "prerelease", fields->prerelease);
    json_print(body, out);
}

static enum write_end write_draft(struct github *github, struct arena *arena, const char *method,
                                  const char *url, const struct release_fields *fields,
                                  struct release *made, struct error *error)
{
    CLEANUP(text_free) struct text printed = {0};
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    CLEANUP(http_exchange_free) struct http_exchange exchange = github_get(url);
    bool const create = strings_equal(method, "POST");

    print_fields(fields, &printed);
    exchange.method = method;
    exchange.body = text_string(&printed);
    enum write_end const end = github_write(github, &exchange, create ? 201 : 200, error);
    if (end != WRITE_DONE)
        return end;
    /* It was carried out, but an answer that can't be read tells no id: look again. */
    if (github_read(&exchange, create ? 201 : 200, &json, error))
        return WRITE_LOST;
    if (github_parse_release(json, arena, made)) {
        github_odd(&exchange, "a release with id, tag_name, html_url, draft and prerelease", error);
        return WRITE_LOST;
    }
    return WRITE_DONE;
}

/*
 * "Drafts and prereleases cannot be set as latest" is what the page says of `make_latest`. github.com
 * takes it for a new draft all the same; a server that goes by the page makes the draft without, and
 * publishing says it anyway.
 */
static bool refuses_latest(const struct error *error)
{
    return error->code == ERROR_REJECTED &&
           (strcasestr(error->message, "latest release") || strstr(error->message, "make_latest"));
}

static enum write_end create_draft(void *state, struct arena *arena,
                                   const struct release_fields *fields, struct release *made,
                                   struct error *error)
{
    struct github *github = state;
    const char *url = github_url(github, arena, "/releases");
    struct release_fields plain = *fields;
    enum write_end const end = write_draft(github, arena, "POST", url, fields, made, error);

    if (end != WRITE_FAILED || !fields->latest || !refuses_latest(error))
        return end;
    plain.latest = false;
    return write_draft(github, arena, "POST", url, &plain, made, error);
}

static enum write_end update_draft(void *state, struct arena *arena, int64_t id,
                                   const struct release_fields *fields, struct release *made,
                                   struct error *error)
{
    struct github *github = state;

    return write_draft(github, arena, "PATCH",
                       github_url(github, arena, "/releases/%lld", (long long)id), fields, made,
                       error);
}

static enum write_end delete_draft(void *state, int64_t id, struct error *error)
{
    struct github *github = state;
    struct arena arena = {0};
    struct http_exchange exchange =
        github_get(github_url(github, &arena, "/releases/%lld", (long long)id));

    exchange.method = "DELETE";
    enum write_end const end = github_write(github, &exchange, 204, error);
    http_exchange_free(&exchange);
    arena_free(&arena);
    return end;
}

static int list_releases(void *state, struct arena *arena, const char *tag, uint32_t pages,
                         struct release_facts *releases, struct error *error)
{
    struct release_facts found = {.last_page = pages ? pages : 1};

    if (github_read_pages(state, arena, tag, 1, &found, error))
        return -1;
    *releases = found;
    return 0;
}

static int read_release(void *state, struct arena *arena, int64_t id, struct release *release,
                        bool *exists, struct error *error)
{
    struct github *github = state;
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    CLEANUP(http_exchange_free)
    struct http_exchange exchange =
        github_get(github_url(github, arena, "/releases/%lld", (long long)id));

    http_run(github->http, &exchange, 1);
    *exists = exchange.outcome != HTTP_ANSWERED || exchange.status != 404;
    if (!*exists)
        return 0;
    if (github_read(&exchange, 200, &json, error))
        return -1;
    if (github_parse_release(json, arena, release))
        return github_odd(&exchange, "a release", error);
    return 0;
}

struct effects github_effects(struct github *github)
{
    struct effects effects = {
        .state = github,
        .create_branch = create_branch,
        .read_branch = read_branch,
        .read_tag = read_tag,
        .create_draft = create_draft,
        .update_draft = update_draft,
        .delete_draft = delete_draft,
        .list_releases = list_releases,
        .read_release = read_release,
    };

    github_runs_effects(&effects);
    github_asset_effects(&effects);
    github_publish_effects(&effects);
    github_issue_effects(&effects);
    return effects;
}
