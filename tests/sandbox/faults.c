/* What can go wrong between a client and GitHub: one table, and the rules that choose from it. */
#define _GNU_SOURCE
#include "state.h"

#include "api.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SILENCE_MS = 120000, SLOW_MS = 3000 };

struct strike {
    struct request *request;
    struct answer *answer;
    const cJSON *arg;
};

struct fault_kind {
    const char *name;
    bool processes; /* the request is carried out before the fault strikes */
    void (*strike)(struct strike *strike);
    const char *what;
};

static void set_body(struct answer *answer, int status, const char *text)
{
    buffer_free(&answer->body);
    buffer_text(&answer->body, text);
    answer->status = status;
    answer->chunked = false;
}

static void set_error(struct strike *strike, int status, const char *message)
{
    cJSON *json = cJSON_CreateObject();
    char code[8];
    snprintf(code, sizeof code, "%d", status);
    cJSON_AddStringToObject(json, "message", message);
    cJSON_AddStringToObject(json, "documentation_url", "https://docs.github.com/rest");
    cJSON_AddStringToObject(json, "status", code);
    char *text = cJSON_PrintUnformatted(json);
    set_body(strike->answer, status, text);
    answer_header(strike->answer, "Content-Type", "application/json; charset=utf-8");
    free(text);
    cJSON_Delete(json);
}

static long number_or(const cJSON *arg, long otherwise)
{
    return cJSON_IsNumber(arg) ? (long)arg->valuedouble : otherwise;
}

static void strike_cut(struct strike *strike)
{
    strike->answer->delivery = DELIVER_NOTHING;
}

static void strike_silent(struct strike *strike)
{
    strike->answer->delivery = DELIVER_SILENCE;
    strike->answer->delivery_ms = number_or(strike->arg, SILENCE_MS);
}

static void strike_truncated(struct strike *strike)
{
    strike->answer->delivery = DELIVER_TRUNCATED;
}

static void strike_slow(struct strike *strike)
{
    strike->answer->delivery = DELIVER_SLOWLY;
    strike->answer->delivery_ms = number_or(strike->arg, SLOW_MS);
}

static void strike_500(struct strike *strike)
{
    set_error(strike, 500, "Server Error");
}

static void strike_502(struct strike *strike)
{
    set_error(strike, 502, "Server Error");
}

static void strike_503(struct strike *strike)
{
    set_error(strike, 503,
              "No server is currently available to service your request. Sorry about that. Please "
              "try resubmitting your request and contact us if the problem persists.");
}

/* docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
static void secondary(struct strike *strike, int status)
{
    set_error(strike, status,
              "You have exceeded a secondary rate limit. Please wait a few minutes before you try "
              "again. If you reach out to GitHub Support for help, please include the request ID.");
    if (cJSON_IsNumber(strike->arg))
        answer_header(strike->answer, "Retry-After",
                      pool_format(&strike->request->pool, "%ld", number_or(strike->arg, 60)));
}

static void strike_429(struct strike *strike)
{
    secondary(strike, 429);
}

static void strike_403_secondary(struct strike *strike)
{
    secondary(strike, 403);
}

static void strike_403_primary(struct strike *strike)
{
    struct pool *pool = &strike->request->pool;
    long reset = (long)time(NULL) + number_or(strike->arg, 60);
    set_error(strike, 403, "API rate limit exceeded for installation ID 1.");
    answer_header(strike->answer, "x-ratelimit-remaining", "0");
    answer_header(strike->answer, "x-ratelimit-reset", pool_format(pool, "%ld", reset));
}

static void strike_truncated_json(struct strike *strike)
{
    struct buffer *body = &strike->answer->body;
    body->length /= 2;
    if (body->data)
        body->data[body->length] = 0;
}

static void strike_wrong_type(struct strike *strike)
{
    answer_header(strike->answer, "Content-Type", "text/html; charset=utf-8");
}

static void strike_html(struct strike *strike)
{
    set_body(strike->answer, 200,
             "<!DOCTYPE html>\n<html><head><title>Sign in</title></head>\n"
             "<body><h1>Welcome to the network</h1></body></html>\n");
    answer_header(strike->answer, "Content-Type", "text/html; charset=utf-8");
}

static void strike_empty(struct strike *strike)
{
    set_body(strike->answer, 200, "");
}

/* The handlers of lists ask fault_lag(); nothing is left to do here. */
static void strike_lag(struct strike *strike)
{
    (void)strike;
}

/* The handler of uploads asks fault_is(). */
static void strike_corrupt(struct strike *strike)
{
    (void)strike;
}

static const struct fault_kind kinds[] = {
    {"cut-before", false, strike_cut, "not processed; the connection is closed"},
    {"cut-after", true, strike_cut, "processed; the connection is closed without an answer"},
    {"500", false, strike_500, "not processed; 500"},
    {"500-after", true, strike_500, "processed; 500"},
    {"502", false, strike_502, "not processed; 502"},
    {"502-after", true, strike_502, "processed; 502"},
    {"503", false, strike_503, "not processed; 503"},
    {"429", false, strike_429, "not processed; 429; arg: seconds of retry-after, or none"},
    {"403-secondary", false, strike_403_secondary,
     "not processed; 403 secondary limit; arg: seconds of retry-after, or none"},
    {"403-primary", false, strike_403_primary,
     "not processed; 403 with x-ratelimit-remaining 0; arg: seconds to its reset (60)"},
    {"truncated", true, strike_truncated,
     "processed; half of the body under the whole length, then closed"},
    {"truncated-json", true, strike_truncated_json, "processed; half of the body, well framed"},
    {"wrong-type", true, strike_wrong_type, "processed; the right body as text/html"},
    {"html", false, strike_html, "not processed; 200 and a page of HTML, as a portal gives it"},
    {"html-after", true, strike_html, "processed; 200 and a page of HTML"},
    {"empty", false, strike_empty, "not processed; 200 and nothing"},
    {"empty-after", true, strike_empty, "processed; 200 and nothing"},
    {"slow", true, strike_slow, "processed; the body in 20 pieces; arg: ms in all (3000)"},
    {"silent", false, strike_silent,
     "not processed; no byte until the client goes; arg: ms at most (120000)"},
    {"silent-after", true, strike_silent, "processed; then like silent"},
    {"cut-upload", true, strike_cut, "closed in the middle of an upload's body"},
    {"starter", true, strike_502, "an upload leaves an empty asset of the state starter; 502"},
    {"corrupt", true, strike_corrupt, "an upload's asset has other bytes: another digest"},
    {"lag", true, strike_lag, "a list lacks its newest entries; arg: how many (1)"},
};

struct rule {
    cJSON *json;
    const struct fault_kind *kind;
    long left; /* how often it may still strike; negative: always */
    long skip; /* how many matches it lets pass first */
};

static struct rule *rules;
static size_t rule_count;

static const struct fault_kind *kind_named(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (text_equal(kinds[i].name, name))
            return &kinds[i];
    return NULL;
}

static long rule_number(const cJSON *rule, const char *name, long otherwise)
{
    return number_or(cJSON_GetObjectItemCaseSensitive(rule, name), otherwise);
}

static void drop_rules(void)
{
    for (size_t i = 0; i < rule_count; i++)
        cJSON_Delete(rules[i].json);
    free(rules);
    rules = NULL;
    rule_count = 0;
}

bool faults_set(const cJSON *list, const char **problem)
{
    for (const cJSON *item = json_first(list); item; item = item->next) {
        *problem = release_text(item, "fault");
        if (!kind_named(*problem))
            return false;
    }
    drop_rules();
    rules = must_alloc(sizeof *rules * ((size_t)cJSON_GetArraySize(list) + 1));
    for (const cJSON *item = json_first(list); item; item = item->next) {
        rules[rule_count++] = (struct rule){.json = cJSON_Duplicate(item, true),
                                            .kind = kind_named(release_text(item, "fault")),
                                            .left = rule_number(item, "times", 1),
                                            .skip = rule_number(item, "skip", 0)};
    }
    return true;
}

/* A pattern without "*", "?" or "[" is a prefix. */
static bool text_fits(const char *pattern, const char *text)
{
    return strpbrk(pattern, "*?[") ? fnmatch(pattern, text, 0) == 0 : text_begins(text, pattern);
}

static bool path_fits(const char *pattern, const struct request *request)
{
    const char *target = request->target;
    const char *path = request->path;
    if (text_fits(pattern, target) || text_fits(pattern, path))
        return true;
    return text_begins(path, "/api/v3/") &&
           (text_fits(pattern, target + 7) || text_fits(pattern, path + 7));
}

static bool rule_fits(const struct rule *rule, const struct request *request, unsigned n)
{
    const cJSON *match = cJSON_GetObjectItemCaseSensitive(rule->json, "match");
    const char *method = release_text(match, "method");
    const char *path = release_text(match, "path");
    long wanted = rule_number(rule->json, "n", 0);
    return rule->left && (!wanted || wanted == (long)n) &&
           (!method || text_equal(method, request->method)) && (!path || path_fits(path, request));
}

/* Tells a test that a fault has struck: a byte, for those who wait at a pipe. */
static void leave_mark(const char *mark)
{
    FILE *file = mark ? fopen(mark, "we") : NULL;
    if (mark && (!file || fputc('\n', file) == EOF || fclose(file)))
        fprintf(stderr, "sandbox: cannot make %s\n", mark);
}

/* Decided ahead of the body; the others are picked once the whole request is there. */
static bool is_upload_cut(const struct rule *rule)
{
    return text_equal(rule->kind->name, "cut-upload");
}

bool fault_cuts_upload(const struct request *request)
{
    char *mark = NULL;
    bool cuts = false;
    state_lock();
    for (size_t i = 0; i < rule_count && !cuts; i++) {
        if (!is_upload_cut(&rules[i]) || !rule_fits(&rules[i], request, log_next()))
            continue;
        cuts = rules[i].skip-- <= 0;
        rules[i].left -= cuts && rules[i].left > 0;
        const char *name = release_text(rules[i].json, "mark");
        mark = cuts && name ? strdup(name) : NULL;
    }
    state_unlock();
    leave_mark(mark);
    free(mark);
    return cuts;
}

struct fault fault_pick(const struct request *request, unsigned n)
{
    for (size_t i = 0; i < rule_count; i++) {
        if (is_upload_cut(&rules[i]) || !rule_fits(&rules[i], request, n))
            continue;
        if (rules[i].skip > 0) {
            rules[i].skip--;
            continue;
        }
        rules[i].left -= rules[i].left > 0;
        const cJSON *arg = cJSON_GetObjectItemCaseSensitive(rules[i].json, "arg");
        const char *mark = release_text(rules[i].json, "mark");
        return (struct fault){rules[i].kind, arg ? cJSON_Duplicate(arg, true) : NULL,
                              mark ? strdup(mark) : NULL};
    }
    return (struct fault){0};
}

bool fault_processes(const struct fault *fault)
{
    return !fault->kind || fault->kind->processes;
}

const char *fault_name(const struct fault *fault)
{
    return fault->kind ? fault->kind->name : NULL;
}

bool fault_is(const struct fault *fault, const char *name)
{
    return fault && fault->kind && text_equal(fault->kind->name, name);
}

int fault_lag(const struct fault *fault)
{
    bool lag = fault && fault->kind && fault->kind->strike == strike_lag;
    return lag ? (int)number_or(fault->arg, 1) : 0;
}

void fault_apply(struct fault *fault, struct request *request, struct answer *answer)
{
    struct strike strike = {request, answer, fault->arg};
    if (!fault->kind)
        return;
    if (!fault->kind->processes && text_begins(request->path, "/api/")) {
        state_lock();
        api_headers(request, answer);
        state_unlock();
    }
    fault->kind->strike(&strike);
    leave_mark(fault->mark);
}

void fault_free(struct fault *fault)
{
    cJSON_Delete(fault->arg);
    free(fault->mark);
}

cJSON *faults_json(void)
{
    cJSON *list = cJSON_CreateArray();
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        cJSON *kind = cJSON_CreateObject();
        cJSON_AddStringToObject(kind, "name", kinds[i].name);
        cJSON_AddStringToObject(kind, "what", kinds[i].what);
        cJSON_AddBoolToObject(kind, "processes", kinds[i].processes);
        cJSON_AddItemToArray(list, kind);
    }
    return list;
}
