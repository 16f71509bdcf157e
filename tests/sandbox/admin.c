/* The second port, in the clear: what tests read and switch. README.md lists it. */
#define _GNU_SOURCE
#include "admin.h"

#include "api.h"
#include "issues.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { AWAIT_MS = 20000, AWAIT_STEP_MS = 5, IDLE_STEP_MS = 1 };

static void reply_json(struct answer *answer, int status, cJSON *json)
{
    char *text = cJSON_Print(json);
    answer->status = status;
    answer_header(answer, "Content-Type", "application/json; charset=utf-8");
    buffer_text(&answer->body, text);
    buffer_text(&answer->body, "\n");
    free(text);
    cJSON_Delete(json);
}

static void reply_fine(struct answer *answer)
{
    reply_json(answer, 200, cJSON_CreateObject());
}

static void reply_problem(struct answer *answer, const char *problem)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "problem", problem);
    reply_json(answer, 400, json);
}

/* A tag's object, but for its time and what its signature holds. */
static char *tag_text(struct pool *pool, const struct object *tag)
{
    static const char mark[] = "-----BEGIN ";
    const char *signature = strstr(tag->data, mark);
    const char *tagger = strstr(tag->data, "\ntagger ");
    const char *time = tagger ? strstr(tagger, "> ") : NULL;
    size_t length =
        signature ? (size_t)(signature - tag->data) + strcspn(signature, "\n") : tag->size;
    if (!time)
        return pool_copy(pool, tag->data, length);
    size_t head = (size_t)(time + 1 - tag->data);
    size_t rest = head + strcspn(time + 1, "\n");
    return pool_format(pool, "%.*s%.*s", (int)head, tag->data, (int)(length - rest),
                       tag->data + rest);
}

/* A "stable" state tells of a tag that was made here what it says: its sha depends on the time. */
static cJSON *refs_state(struct pool *pool, bool stable)
{
    cJSON *list = cJSON_CreateArray();
    struct refs refs;
    refs_read(&refs);
    for (size_t i = 0; i < refs.count; i++) {
        struct object *object = object_get(refs.items[i].sha);
        bool tag = object && object->type == OBJECT_TAG;
        cJSON *ref = cJSON_CreateObject();
        cJSON_AddStringToObject(ref, "name", refs.items[i].name);
        if (stable && tag && ref_is_new(refs.items[i].name, INT_MAX))
            cJSON_AddStringToObject(ref, "says", tag_text(pool, object));
        else
            cJSON_AddStringToObject(ref, "sha", refs.items[i].sha);
        cJSON_AddStringToObject(ref, "type", object ? object_type_name(object->type) : "missing");
        cJSON_AddItemToArray(list, ref);
    }
    refs_free(&refs);
    return list;
}

static void copy_fields(cJSON *into, const cJSON *from, const char *const *names)
{
    for (; *names; names++) {
        cJSON *item = cJSON_GetObjectItemCaseSensitive(from, *names);
        cJSON_AddItemToObject(into, *names,
                              item ? cJSON_Duplicate(item, true) : cJSON_CreateNull());
    }
}

static int by_name(const void *a, const void *b)
{
    const cJSON *const *left = a;
    const cJSON *const *right = b;
    return strcmp(release_text(*left, "name"), release_text(*right, "name"));
}

/* By name: uploads that ran at once have ended in any order. */
static cJSON *assets_state(const cJSON *release)
{
    static const char *const fields[] = {"name", "label", "state", "size", "digest", NULL};
    const cJSON *assets = cJSON_GetObjectItemCaseSensitive(release, "assets");
    size_t count = 0;
    const cJSON **sorted = must_alloc(((size_t)cJSON_GetArraySize(assets) + 1) * sizeof *sorted);
    cJSON *list = cJSON_CreateArray();
    for (const cJSON *asset = json_first(assets); asset; asset = asset->next)
        sorted[count++] = asset;
    qsort(sorted, count, sizeof *sorted, by_name);
    for (size_t i = 0; i < count; i++) {
        cJSON *item = cJSON_CreateObject();
        copy_fields(item, sorted[i], fields);
        cJSON_AddItemToArray(list, item);
    }
    free(sorted);
    return list;
}

/* A "stable" state leaves out what depends on how many steps led to it: numbers, times, order. */
static cJSON *release_state(const cJSON *release, bool stable)
{
    static const char *const steps[] = {"id", "created_at", "published_at", "updated_at", NULL};
    static const char *const fields[] = {
        "tag_name",   "target_commitish", "name",        "body",   "draft",
        "prerelease", "immutable",        "make_latest", "author", NULL};
    cJSON *json = cJSON_CreateObject();
    if (!stable)
        copy_fields(json, release, steps);
    copy_fields(json, release, fields);
    cJSON_AddBoolToObject(json, "is_latest", store_latest() == release);
    cJSON_AddItemToObject(json, "assets", assets_state(release));
    return json;
}

static int by_id(const void *a, const void *b)
{
    const cJSON *const *left = a;
    const cJSON *const *right = b;
    return release_id(*left) < release_id(*right) ? -1 : 1;
}

static int by_tag(const void *a, const void *b)
{
    const cJSON *const *left = a;
    const cJSON *const *right = b;
    int order = strcmp(release_text(*left, "tag_name"), release_text(*right, "tag_name"));
    return order ? order : by_id(a, b);
}

static cJSON *state_json(struct pool *pool, bool stable)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "repository", repo_name());
    cJSON_AddItemToObject(json, "refs", refs_state(pool, stable));
    cJSON *list = cJSON_AddArrayToObject(json, "releases");
    cJSON **sorted = store_sorted();
    qsort(sorted, (size_t)cJSON_GetArraySize(store_releases()), sizeof *sorted,
          stable ? by_tag : by_id);
    for (size_t i = 0; sorted[i]; i++)
        cJSON_AddItemToArray(list, release_state(sorted[i], stable));
    free(sorted);
    cJSON_AddItemToObject(json, "dispatches", dispatches_state());
    cJSON_AddItemToObject(json, "issues", issues_state(stable));
    return json;
}

static void serve_state(struct request *request, struct answer *answer)
{
    bool stable = strstr(request->query, "stable") != NULL;
    reply_json(answer, 200, state_json(&request->pool, stable));
}

static void serve_log(struct request *request, struct answer *answer)
{
    if (!strstr(request->query, "lines")) {
        reply_json(answer, 200, log_json());
        return;
    }
    char *lines = log_lines();
    answer->status = 200;
    answer_header(answer, "Content-Type", "text/plain; charset=utf-8");
    buffer_text(&answer->body, lines);
    free(lines);
}

static void serve_stats(struct request *request, struct answer *answer)
{
    (void)request;
    reply_json(answer, 200, stats_json());
}

static void serve_fault_kinds(struct request *request, struct answer *answer)
{
    (void)request;
    reply_json(answer, 200, faults_json());
}

static void serve_reset(struct request *request, struct answer *answer)
{
    (void)request;
    log_reset();
    reply_fine(answer);
}

/* A word of the shell: in single quotes, where nothing but the quote itself is special. */
static void shell_word(FILE *file, const char *text)
{
    fputc('\'', file);
    for (; text && *text; text++) {
        if (*text == '\'')
            fputs("'\\''", file);
        else
            fputc(*text, file);
    }
    fputc('\'', file);
}

/* The releases as bash's arrays, by id: a test that asks for one starts no program. */
static void write_releases(FILE *file, const cJSON *state)
{
    static const char *const names[] = {"tag_name", "name", "body", "draft"};
    fputs("release_ids=()\n", file);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        fprintf(file, "declare -gA release_%s=()\n", names[i]);
    const cJSON *release = json_first(cJSON_GetObjectItemCaseSensitive(state, "releases"));
    for (; release; release = release->next) {
        long id = release_id(release);
        fprintf(file, "release_ids+=(%ld)\n", id);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const cJSON *item = cJSON_GetObjectItemCaseSensitive(release, names[i]);
            fprintf(file, "release_%s[%ld]=", names[i], id);
            shell_word(file, cJSON_IsBool(item) ? cJSON_IsTrue(item) ? "true" : "false"
                                                : cJSON_GetStringValue(item));
            fputc('\n', file);
        }
    }
}

/* The issues by number, the comments by id; which issue a comment belongs to. */
static void write_issues(FILE *file)
{
    fputs("issue_numbers=() comment_ids=()\ndeclare -gA issue_body=() issue_state=() "
          "issue_reason=() comment_issue=() comment_body=()\n",
          file);
    for (const cJSON *issue = json_first(issues_all()); issue; issue = issue->next) {
        const char *reason = release_text(issue, "state_reason");
        long number = issue_number(issue);
        fprintf(file, "issue_numbers+=(%ld)\nissue_body[%ld]=", number, number);
        shell_word(file, release_text(issue, "body"));
        fprintf(file, "\nissue_state[%ld]=%s\nissue_reason[%ld]=%s\n", number,
                release_text(issue, "state"), number, reason ? reason : "");
        for (const cJSON *at = json_first(issue_comments(issue)); at; at = at->next) {
            long id = release_id(at);
            fprintf(file, "comment_ids+=(%ld)\ncomment_issue[%ld]=%ld\ncomment_body[%ld]=", id, id,
                    number, id);
            shell_word(file, release_text(at, "body"));
            fputc('\n', file);
        }
    }
}

/* Takes over `json`. */
static bool write_json(struct pool *pool, const char *folder, const char *name, cJSON *json)
{
    char *text = cJSON_Print(json);
    FILE *file = fopen(pool_format(pool, "%s/%s", folder, name), "we");
    bool written = file && fprintf(file, "%s\n", text) > 0;
    if (file && fclose(file))
        written = false;
    free(text);
    cJSON_Delete(json);
    return written;
}

static bool write_record(struct pool *pool, const char *folder, const char *name)
{
    cJSON *state = state_json(pool, false);
    FILE *file = fopen(pool_format(pool, "%s/%s.sh", folder, name), "we");
    if (file) {
        write_releases(file, state);
        write_issues(file);
    }
    bool written = file && !fclose(file);
    return write_json(pool, folder, name, state) && written &&
           write_json(pool, folder, "requests", log_json()) &&
           write_json(pool, folder, "stats", stats_json());
}

/* All that can be asked for, as files that a test reads without starting a program. */
static void serve_record(struct request *request, struct answer *answer)
{
    struct pool *pool = &request->pool;
    const char *folder = query_value(pool, request->query, "folder");
    const char *name = query_value(pool, request->query, "name");
    bool stable = query_value(pool, request->query, "stable") != NULL;
    if (!folder || !name ||
        !(stable ? write_json(pool, folder, name, state_json(pool, true))
                 : write_record(pool, folder, name))) {
        reply_problem(answer,
                      "the record was not written: name a folder, and a name for the state");
        return;
    }
    if (query_value(pool, request->query, "reset"))
        log_reset();
    reply_fine(answer);
}

/* The request's body as JSON; answers itself and returns NULL where it is none. */
static cJSON *take_json(struct request *request, struct answer *answer)
{
    cJSON *json = cJSON_Parse(request->body.data);
    if (!json)
        reply_problem(answer, "the body is no JSON");
    return json;
}

static void serve_faults(struct request *request, struct answer *answer)
{
    const char *problem = NULL;
    cJSON *json = take_json(request, answer);
    if (!json)
        return;
    if (!cJSON_IsArray(json))
        reply_problem(answer, "faults are an array of rules");
    else if (!faults_set(json, &problem))
        reply_problem(answer, pool_format(&request->pool, "no such fault: %s",
                                          problem ? problem : "(none named)"));
    else
        reply_fine(answer);
    cJSON_Delete(json);
}

static void serve_config(struct request *request, struct answer *answer)
{
    cJSON *json = take_json(request, answer);
    if (!json)
        return;
    config_merge(json);
    cJSON_Delete(json);
    reply_fine(answer);
}

static void serve_add_release(struct request *request, struct answer *answer)
{
    cJSON *json = take_json(request, answer);
    if (!json)
        return;
    cJSON *release = store_add(json, NULL);
    cJSON_Delete(json);
    reply_json(answer, 201, release_state(release, false));
}

static void serve_add_issue(struct request *request, struct answer *answer)
{
    cJSON *json = take_json(request, answer);
    if (!json)
        return;
    reply_json(answer, 201, issue_state(issue_add(json), false));
    cJSON_Delete(json);
}

static void serve_add_comment(struct request *request, struct answer *answer)
{
    cJSON *json = take_json(request, answer);
    cJSON *number = cJSON_DetachItemFromObjectCaseSensitive(json, "issue");
    cJSON *issue = issue_find(cJSON_IsNumber(number) ? (long)number->valuedouble : 0);
    if (json && !issue)
        reply_problem(answer, "there is no issue of that number");
    else if (json) {
        comment_add(issue, json);
        reply_json(answer, 201, issue_state(issue, false));
    }
    cJSON_Delete(number);
    cJSON_Delete(json);
}

/* Fillers that are newer than all there is: a minute apart, the last one the newest. */
static void serve_bulk(struct request *request, struct answer *answer)
{
    cJSON *json = take_json(request, answer);
    if (!json)
        return;
    const cJSON *count = cJSON_GetObjectItemCaseSensitive(json, "count");
    const char *prefix = release_text(json, "tag_prefix");
    const char *author = release_text(json, "author");
    cJSON **sorted = store_sorted();
    time_t newest = sorted[0] ? time_parse(release_text(sorted[0], "created_at")) : clock_now();
    free(sorted);
    if (newest < clock_now())
        newest = clock_now();
    for (int i = 1; count && i <= count->valueint; i++) {
        struct pool *pool = &request->pool;
        cJSON *fields = cJSON_CreateObject();
        char *tag = pool_format(pool, "%s%d", prefix ? prefix : "nightly-", i);
        char *when = time_text(pool, newest + 60 * (time_t)i);
        cJSON_AddStringToObject(fields, "tag_name", tag);
        cJSON_AddStringToObject(fields, "name", tag);
        cJSON_AddStringToObject(fields, "body", "filler");
        cJSON_AddStringToObject(fields, "created_at", when);
        cJSON_AddStringToObject(fields, "published_at", when);
        cJSON_AddTrueToObject(fields, "prerelease");
        store_add(fields, author);
        cJSON_Delete(fields);
    }
    cJSON_Delete(json);
    reply_fine(answer);
}

/* The REST interface, for tests that play a person: without TLS, latency and faults. */
static void serve_api(struct request *request, struct answer *answer)
{
    struct log_entry *entry = log_begin(request, 0);
    api_serve(request, answer, entry, &(struct fault){0});
    log_end(entry, answer->status);
}

/* Answers once such a request has come, or was answered: for tests that act in between. */
static void serve_await(struct request *request, struct answer *answer)
{
    struct pool *pool = &request->pool;
    const char *method = query_value(pool, request->query, "method");
    const char *pattern = query_value(pool, request->query, "path");
    const char *answered = query_value(pool, request->query, "answered");
    bool there = false;
    for (int waited = 0; method && pattern && !there && waited < AWAIT_MS;
         waited += AWAIT_STEP_MS) {
        state_lock();
        there = log_has(method, pattern, answered != NULL);
        state_unlock();
        if (!there)
            sleep_ms(AWAIT_STEP_MS);
    }
    if (there)
        reply_fine(answer);
    else
        reply_problem(answer, "no such request came");
}

/* A client that was killed may have left a request behind, which is still carried out. */
static bool wait_until_idle(struct answer *answer)
{
    for (int waited = 0; waited < AWAIT_MS; waited += IDLE_STEP_MS) {
        if (connections_idle())
            return true;
        sleep_ms(IDLE_STEP_MS);
    }
    reply_problem(answer, "somebody is still connected");
    return false;
}

static void serve_settle(struct request *request, struct answer *answer)
{
    (void)request;
    if (wait_until_idle(answer))
        reply_fine(answer);
}

static void serve_keep(struct request *request, struct answer *answer)
{
    const char *name = query_value(&request->pool, request->query, "name");
    if (!wait_until_idle(answer))
        return;
    state_lock();
    snapshot_keep(name ? name : "");
    state_unlock();
    reply_fine(answer);
}

static void serve_restore(struct request *request, struct answer *answer)
{
    const char *name = query_value(&request->pool, request->query, "name");
    if (!wait_until_idle(answer))
        return;
    state_lock();
    bool restored = snapshot_restore(name ? name : "");
    state_unlock();
    life_renew();
    if (restored)
        reply_fine(answer);
    else
        reply_problem(answer, "nothing was kept under that name");
}

void admin_serve(struct request *request, struct answer *answer)
{
    static const struct {
        const char *method;
        const char *path; /* a pattern */
        void (*serve)(struct request *request, struct answer *answer);
        bool locks_itself;
    } table[] = {{"GET", "/state", serve_state, false},
                 {"GET", "/log", serve_log, false},
                 {"GET", "/stats", serve_stats, false},
                 {"GET", "/faults", serve_fault_kinds, false},
                 {"POST", "/faults", serve_faults, false},
                 {"POST", "/reset", serve_reset, false},
                 {"POST", "/config", serve_config, false},
                 {"POST", "/releases", serve_add_release, false},
                 {"POST", "/issues", serve_add_issue, false},
                 {"POST", "/comments", serve_add_comment, false},
                 {"POST", "/bulk-releases", serve_bulk, false},
                 {"POST", "/record", serve_record, false},
                 {"POST", "/await", serve_await, true},
                 {"POST", "/settle", serve_settle, true},
                 {"POST", "/keep", serve_keep, true},
                 {"POST", "/restore", serve_restore, true},
                 {"*", "/api/*", serve_api, true}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (fnmatch(table[i].method, request->method, 0) ||
            fnmatch(table[i].path, request->path, 0))
            continue;
        if (!table[i].locks_itself)
            state_lock();
        table[i].serve(request, answer);
        if (!table[i].locks_itself)
            state_unlock();
        return;
    }
    reply_problem(answer, "no such thing; see tests/sandbox/README.md");
    answer->status = 404;
}
