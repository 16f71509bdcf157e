/*
 * Workflow runs: docs.github.com/rest/actions/workflow-runs and
 * docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event. Which workflows there are
 * is configuration; what is pushed, published or dispatched makes their runs, which then take their time.
 */
#define _GNU_SOURCE
#include "api.h"

#include <stdlib.h>
#include <string.h>

struct run {
    struct run *next;
    long id;
    const char *workflow; /* "ci-release.yaml" */
    const char *event;
    const char *branch; /* the tag, or a branch */
    const char *sha;
    uint64_t asked_us; /* when what starts it was seen first */
};

static struct run *runs; /* the newest first */

static const cJSON *workflow_named(const char *file)
{
    return cJSON_GetObjectItemCaseSensitive(config_get("workflows"), file);
}

static bool starts_on(const cJSON *workflow, const char *event)
{
    const cJSON *item = json_first(cJSON_GetObjectItemCaseSensitive(workflow, "on"));
    while (item && !text_equal(cJSON_GetStringValue(item), event))
        item = item->next;
    return item != NULL;
}

static uint64_t time_of(const struct run *run, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(workflow_named(run->workflow), name);
    return cJSON_IsNumber(item) ? (uint64_t)item->valuedouble * 1000 : 0;
}

static bool is_visible(const struct run *run)
{
    return clock_us() >= run->asked_us + time_of(run, "starts_ms");
}

static bool is_over(const struct run *run)
{
    return clock_us() >= run->asked_us + time_of(run, "starts_ms") + time_of(run, "takes_ms");
}

static struct run *find_run(const char *workflow, const char *event, const char *branch,
                            const char *sha)
{
    struct run *run = runs;
    while (run && !(text_equal(run->workflow, workflow) && text_equal(run->event, event) &&
                    text_equal(run->branch, branch) && text_equal(run->sha, sha)))
        run = run->next;
    return run;
}

static struct run *add_run(const char *workflow, const char *event, const char *branch,
                           const char *sha)
{
    struct run *run = must_alloc(sizeof *run);
    *run = (struct run){runs,           next_id(), must_copy(workflow), event, must_copy(branch),
                        must_copy(sha), clock_us()};
    return runs = run;
}

/* The runs of all workflows that such an event starts, where it has not started them yet. */
static void start_all(const char *event, const char *tag, const char *sha)
{
    for (const cJSON *item = json_first(config_get("workflows")); item; item = item->next)
        if (starts_on(item, event) && !find_run(item->string, event, tag, sha))
            add_run(item->string, event, tag, sha);
}

/* Nobody tells of pushes (tests write refs): they are seen when somebody asks. */
static void notice_events(void)
{
    static const char prefix[] = "refs/tags/";
    struct refs refs;
    if (!config_get("workflows"))
        return;
    refs_read(&refs);
    for (size_t i = 0; i < refs.count; i++) {
        const char *tag = refs.items[i].name + strlen(prefix);
        if (!text_begins(refs.items[i].name, prefix))
            continue;
        struct object *commit = object_peel(object_get(refs.items[i].sha));
        if (!commit)
            continue;
        start_all("push", tag, commit->sha);
        if (store_published(tag))
            start_all("release", tag, commit->sha);
    }
    refs_free(&refs);
}

/* ---- what is listed ------------------------------------------------------------------------- */

static cJSON *run_json(struct pool *pool, const struct run *run)
{
    const char *conclusion = release_text(workflow_named(run->workflow), "conclusion");
    char *url = repo_url(pool, pool_format(pool, "/actions/runs/%ld", run->id));
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "id", (double)run->id);
    cJSON_AddStringToObject(json, "name", run->workflow);
    cJSON_AddStringToObject(json, "path", pool_format(pool, ".github/workflows/%s", run->workflow));
    cJSON_AddStringToObject(json, "event", run->event);
    cJSON_AddStringToObject(json, "head_branch", run->branch);
    cJSON_AddStringToObject(json, "head_sha", run->sha);
    cJSON_AddStringToObject(json, "status", is_over(run) ? "completed" : "in_progress");
    cJSON_AddItemToObject(json, "conclusion",
                          json_text_or_null(!is_over(run) ? NULL
                                            : conclusion  ? conclusion
                                                          : "success"));
    cJSON_AddNumberToObject(json, "run_attempt", 1);
    cJSON_AddStringToObject(json, "url", url);
    cJSON_AddStringToObject(
        json, "html_url",
        pool_format(pool, "%s/%s/actions/runs/%ld", addresses.server, repo_name(), run->id));
    return json;
}

/* Without a configuration every tag of the commit has a run: the token is one that starts them. */
static void add_runs_of_tags(const struct call *call, cJSON *list)
{
    const char *sha = call_query(call, "head_sha");
    struct refs refs;

    refs_read(&refs);
    for (size_t i = 0; sha && i < refs.count; i++) {
        static const char prefix[] = "refs/tags/";
        struct object *commit = object_peel(object_get(refs.items[i].sha));

        if (strncmp(refs.items[i].name, prefix, strlen(prefix)) != 0 || !commit ||
            !text_equal(commit->sha, sha))
            continue;
        struct run run = {.id = 9000 + (long)i,
                          .workflow = "ci.yaml",
                          .event = "push",
                          .branch = refs.items[i].name + strlen(prefix),
                          .sha = commit->sha};
        cJSON_AddItemToArray(list, run_json(&call->request->pool, &run));
    }
    refs_free(&refs);
}

static bool fits(const struct call *call, const cJSON *run, const char *query, const char *field)
{
    const char *wanted = call_query(call, query);
    const char *value = release_text(run, field);
    return !wanted || text_equal(wanted, value);
}

static bool fits_query(const struct call *call, const cJSON *run)
{
    const char *status = call_query(call, "status");
    return fits(call, run, "event", "event") && fits(call, run, "head_sha", "head_sha") &&
           fits(call, run, "branch", "head_branch") &&
           (!status || text_equal(status, release_text(run, "status")) ||
            text_equal(status, release_text(run, "conclusion")));
}

/* Those of one workflow, or of all; the configuration's `workflow_runs` are listed as they stand. */
static void reply_runs(struct call *call, const char *workflow)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *list = cJSON_CreateArray();
    notice_events();
    if (!config_get("workflow_runs") && !config_get("workflows"))
        add_runs_of_tags(call, list);
    for (const struct run *run = runs; run; run = run->next)
        if (is_visible(run) && (!workflow || text_equal(workflow, run->workflow)))
            cJSON_AddItemToArray(list, run_json(&call->request->pool, run));
    for (const cJSON *run = json_first(config_get("workflow_runs")); run; run = run->next)
        cJSON_AddItemToArray(list, cJSON_Duplicate(run, true));
    cJSON *next;
    for (cJSON *run = json_first(list); run; run = next) {
        next = run->next;
        if (!fits_query(call, run))
            cJSON_Delete(cJSON_DetachItemViaPointer(list, run));
    }
    cJSON_AddNumberToObject(json, "total_count", cJSON_GetArraySize(list));
    cJSON_AddItemToObject(json, "workflow_runs", call_page(call, list));
    reply(call, 200, json);
}

void handle_runs(struct call *call)
{
    reply_runs(call, NULL);
}

void handle_workflow_runs(struct call *call)
{
    if (workflow_named(call->args[0]))
        reply_runs(call, call->args[0]);
    else
        reply_error(call, 404, "Not Found");
}

/* ---- starting one --------------------------------------------------------------------------- */

/* "The git reference for the workflow. The reference can be a branch or tag name." */
static struct object *ref_commit(struct pool *pool, const char *name)
{
    static const char *const folders[] = {"", "refs/tags/", "refs/heads/"};
    struct object *commit = NULL;
    struct refs refs;
    refs_read(&refs);
    for (size_t i = 0; i < 3 && !commit; i++) {
        const struct ref *ref = refs_find(&refs, pool_format(pool, "%s%s", folders[i], name));
        commit = ref ? object_peel(object_get(ref->sha)) : NULL;
    }
    refs_free(&refs);
    return commit;
}

void handle_dispatch(struct call *call)
{
    struct pool *pool = &call->request->pool;
    const char *file = call->args[0];
    if (!call_body(call, config_flag("old_dispatches") ? "ref:s! inputs:o"
                                                       : "ref:s! inputs:o return_run_details:b"))
        return;
    const char *ref = body_text(call, "ref");
    struct object *commit = ref_commit(pool, ref);
    if (!workflow_named(file)) {
        reply_error(call, 404, "Not Found");
    } else if (!commit) {
        reply_error(call, 422, pool_format(pool, "No ref found for: %s", ref));
    } else if (!starts_on(workflow_named(file), "workflow_dispatch")) {
        reply_error(call, 422, "Workflow does not have 'workflow_dispatch' trigger");
    } else {
        const struct run *run = add_run(file, "workflow_dispatch", ref, commit->sha);
        cJSON *json = run_json(pool, run);
        cJSON *answer = cJSON_CreateObject();
        cJSON_AddNumberToObject(answer, "workflow_run_id", (double)run->id);
        cJSON_AddStringToObject(answer, "run_url", release_text(json, "url"));
        cJSON_AddStringToObject(answer, "html_url", release_text(json, "html_url"));
        cJSON_Delete(json);
        clock_change();
        if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(call->body, "return_run_details"))) {
            reply(call, 200, answer);
        } else {
            cJSON_Delete(answer);
            call->answer->status = 204;
        }
    }
}

/* ---- for others ----------------------------------------------------------------------------- */

/* What clients have started, the oldest first. */
cJSON *dispatches_state(void)
{
    cJSON *list = cJSON_CreateArray();
    for (const struct run *run = runs; run; run = run->next) {
        if (!text_equal(run->event, "workflow_dispatch"))
            continue;
        cJSON *json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "workflow", run->workflow);
        cJSON_AddStringToObject(json, "ref", run->branch);
        cJSON_AddStringToObject(json, "sha", run->sha);
        cJSON_InsertItemInArray(list, 0, json);
    }
    return list;
}

bool workflow_succeeded(const char *workflow, const char *tag)
{
    const char *conclusion = release_text(workflow_named(workflow), "conclusion");
    notice_events();
    for (const struct run *run = runs; run; run = run->next)
        if (text_equal(run->workflow, workflow) && text_equal(run->branch, tag) && is_over(run))
            return !conclusion || text_equal(conclusion, "success");
    return false;
}

/* With how long ago each was asked for, so that what is put back takes as long as it had still to. */
cJSON *runs_take(void)
{
    cJSON *list = cJSON_CreateArray();
    for (const struct run *run = runs; run; run = run->next) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddNumberToObject(json, "id", (double)run->id);
        cJSON_AddStringToObject(json, "workflow", run->workflow);
        cJSON_AddStringToObject(json, "event", run->event);
        cJSON_AddStringToObject(json, "branch", run->branch);
        cJSON_AddStringToObject(json, "sha", run->sha);
        cJSON_AddNumberToObject(json, "age", (double)(clock_us() - run->asked_us));
        cJSON_InsertItemInArray(list, 0, json);
    }
    return list;
}

void runs_put(const cJSON *kept)
{
    runs = NULL; /* what it held stays until the sandbox ends */
    for (const cJSON *json = json_first(kept); json; json = json->next) {
        struct run *run =
            add_run(release_text(json, "workflow"), must_copy(release_text(json, "event")),
                    release_text(json, "branch"), release_text(json, "sha"));
        run->id = release_id(json);
        run->asked_us -= (uint64_t)cJSON_GetObjectItemCaseSensitive(json, "age")->valuedouble;
    }
}
