/*
 * Workflow runs: https://docs.github.com/en/rest/actions/workflow-runs and
 * https://docs.github.com/en/rest/actions/workflows#create-a-workflow-dispatch-event
 */
#include "adapters/github_internal.h"

#include "base/memory.h"

#include <string.h>

enum { RUNS_A_PAGE = 100 };

const char *github_runs_url(const struct github *github, struct arena *arena, const char *commit)
{
    return github_url(github, arena, "/actions/runs?head_sha=%s&per_page=%d",
                      github_encoded(arena, commit), RUNS_A_PAGE);
}

/* ---- what is listed ------------------------------------------------------------------------------- */

struct seen_runs {
    struct seen_run *items;
    size_t count;
};

static int add_run(const struct http_exchange *exchange, struct arena *arena,
                   const struct json *json, struct seen_runs *seen, struct error *error)
{
    struct seen_run run = {
        .path = arena_copy(arena, json_text(json, "path")),
        .event = arena_copy(arena, json_text(json, "event")),
        .branch = arena_copy(arena, json_text(json, "head_branch")),
        .commit = arena_copy(arena, json_text(json, "head_sha")),
        .status =
            arena_copy(arena, string_or(json_text(json, "status"), "queued")), /* null: none yet */
        .conclusion = arena_copy(arena, json_text(json, "conclusion")),
        .page = arena_copy(arena, json_text(json, "html_url")),
    };

    if (!run.path || !run.event || !run.commit || !run.page || !json_number(json, "id", &run.id))
        return github_odd(exchange, "a run with id, path, event, head_sha and html_url", error);
    seen->items = arena_append(arena, seen->items, &seen->count, sizeof(*seen->items));
    seen->items[seen->count - 1] = run;
    return 0;
}

static int add_runs(const struct http_exchange *exchange, struct arena *arena,
                    const struct json *json, struct seen_runs *seen, struct error *error)
{
    const struct json *runs = json_at(json, "workflow_runs");

    if (!json_is_array(runs))
        return github_odd(exchange, "a list of workflow_runs", error);
    for (const struct json *run = json_first(runs); run; run = json_next(run))
        if (add_run(exchange, arena, run, seen, error))
            return -1;
    return 0;
}

/* A commit with more runs than a page has: those of each workflow by themselves. */
static int add_each_workflow(struct github *github, struct arena *arena, const char *commit,
                             struct seen_runs *seen, struct error *error)
{
    const struct gates_wanted *wanted = github->settings.gates;
    size_t const count = wanted->workflow_count;
    struct http_exchange *exchanges = memory_take((count + 1) * sizeof(*exchanges));
    int result = 0;

    for (size_t i = 0; i < count; i++)
        exchanges[i] = github_get(
            github_url(github, arena, "/actions/workflows/%s/runs?head_sha=%s&per_page=%d",
                       wanted->workflows[i], github_encoded(arena, commit), RUNS_A_PAGE));
    http_run(github->http, exchanges, count);
    for (size_t i = 0; i < count; i++) {
        CLEANUP(json_free_cleanup) struct json *json = NULL;
        /* There may be no such workflow (yet): so it has no run either. */
        bool const none = exchanges[i].outcome == HTTP_ANSWERED && exchanges[i].status == 404;

        if (!result && !none)
            result = github_read(&exchanges[i], 200, &json, error) ||
                             add_runs(&exchanges[i], arena, json, seen, error)
                         ? -1
                         : 0;
        http_exchange_free(&exchanges[i]);
    }
    memory_free(exchanges);
    return result;
}

int github_take_runs(struct github *github, struct arena *arena, const char *commit,
                     const struct http_exchange *exchange, const struct json *json,
                     struct gates *gates, struct error *error)
{
    struct seen_runs seen = {.count = 0};
    int64_t total = 0;

    if (add_runs(exchange, arena, json, &seen, error))
        return -1;
    if (json_number(json, "total_count", &total) && total > (int64_t)seen.count &&
        add_each_workflow(github, arena, commit, &seen, error))
        return -1;
    gates_take_runs(arena, github->settings.gates, github->settings.tag, commit, seen.items,
                    seen.count, gates);
    return 0;
}

/* ---- effects -------------------------------------------------------------------------------------- */

static int read_runs(void *state, struct arena *arena, const char *commit, struct gates *gates,
                     struct error *error)
{
    struct github *github = state;
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    CLEANUP(http_exchange_free)
    struct http_exchange exchange = github_get(github_runs_url(github, arena, commit));

    http_run(github->http, &exchange, 1);
    if (github_read(&exchange, 200, &json, error))
        return -1;
    return github_take_runs(github, arena, commit, &exchange, json, gates, error);
}

static int count_runs(void *state, struct arena *arena, const char *tag, const char *commit,
                      int64_t *count, bool *known, struct error *error)
{
    struct github *github = state;
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    CLEANUP(http_exchange_free)
    struct http_exchange exchange =
        github_get(github_url(github, arena, "/actions/runs?event=push&head_sha=%s&per_page=100",
                              github_encoded(arena, commit)));

    exchange.impatient = true; /* all is done: nobody waits for a limit to learn this */
    http_run(github->http, &exchange, 1);
    *known = exchange.outcome == HTTP_ANSWERED && exchange.status == 200;
    if (!*known)
        return 0;
    if (github_read(&exchange, 200, &json, error))
        return -1;
    *count = 0;
    for (const struct json *run = json_first(json_at(json, "workflow_runs")); run;
         run = json_next(run))
        *count += strings_equal(json_text(run, "head_branch"), tag);
    return 0;
}

/* What keeps a workflow from being started on the tag, and what a person can do. */
static void explain_start(const struct http_exchange *exchange, const char *workflow,
                          const char *tag, struct error *error)
{
    const struct error why = *error;
    const char *remedy = "start it by hand on the tag, and run this again";

    if (exchange->status == 404)
        remedy =
            "check the file's name in workflows; it must be on the default branch and at the tag";
    else if (exchange->status == 403)
        remedy =
            "give the token actions: write, or start it by hand on the tag, and run this again";
    else if (strstr(why.message, "workflow_dispatch"))
        remedy = "push tags with a token that starts workflows, or add workflow_dispatch to its "
                 "triggers for the next tag";
    error_set(error, ERROR_GATE_NO_RUN, remedy,
              "a run of %s was expected for %s; there is none, and it can't be started: %s",
              workflow, tag, why.message);
}

static enum write_end start_once(struct github *github, const char *workflow, const char *tag,
                                 bool details, bool *too_old, struct error *error)
{
    struct arena arena = {0};
    CLEANUP(json_free_cleanup) struct json *body = json_new_object();
    CLEANUP(json_free_cleanup) struct json *answer = NULL;
    CLEANUP(text_free) struct text printed = {0};
    struct http_exchange exchange =
        github_get(github_url(github, &arena, "/actions/workflows/%s/dispatches", workflow));

    json_put_text(body, "ref", tag);
    if (details)
        json_put_flag(body, "return_run_details", true);
    json_print(body, &printed);
    exchange.method = "POST";
    exchange.body = text_string(&printed);
    enum write_end end = github_write(github, &exchange, details ? 200 : 204, error);
    if (exchange.outcome == HTTP_ANSWERED && exchange.status == 204)
        end = WRITE_DONE;
    else if (exchange.outcome == HTTP_ANSWERED &&
             exchange.status == 200) /* a proxy says that too */
        end = github_read(&exchange, 200, &answer, error) ? WRITE_LOST : WRITE_DONE;
    *too_old = details && (exchange.status == 400 || exchange.status == 422) &&
               strstr(text_string(&exchange.content), "return_run_details");
    if (exchange.outcome == HTTP_ANSWERED && exchange.status != 401 &&
        (end == WRITE_FAILED || end == WRITE_GONE)) {
        explain_start(&exchange, workflow, tag, error);
        end = WRITE_FAILED;
    }
    http_exchange_free(&exchange);
    arena_free(&arena);
    return end;
}

/*
 * With `return_run_details` the run exists when the answer comes (February 2026); servers that don't
 * know it refuse it, and start nothing.
 */
static enum write_end start_workflow(void *state, const char *workflow, const char *tag,
                                     struct error *error)
{
    bool too_old;
    enum write_end end = start_once(state, workflow, tag, true, &too_old, error);

    if (too_old)
        end = start_once(state, workflow, tag, false, &too_old, error);
    return end;
}

void github_runs_effects(struct effects *effects)
{
    effects->count_runs = count_runs;
    effects->read_runs = read_runs;
    effects->start_workflow = start_workflow;
}
