/*
 * docs.github.com/rest/issues/issues and docs.github.com/rest/issues/comments. "Every pull request is
 * an issue, but not every issue is a pull request": the key `pull_request` tells.
 */
#define _GNU_SOURCE
#include "api.h"

#include "issues.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_LIMIT = 65536 };

static void copy_field(cJSON *json, const cJSON *from, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, name);
    cJSON_AddItemToObject(json, name, item ? cJSON_Duplicate(item, true) : cJSON_CreateNull());
}

static const char *address_of(struct pool *pool, const cJSON *issue)
{
    return pool_format(pool, "/issues/%ld", issue_number(issue));
}

static void add_pull_request(struct pool *pool, cJSON *json, const cJSON *issue)
{
    cJSON *pull = cJSON_AddObjectToObject(json, "pull_request");
    cJSON_AddStringToObject(pull, "url",
                            repo_url(pool, pool_format(pool, "/pulls/%ld", issue_number(issue))));
}

static cJSON *issue_json(struct pool *pool, const cJSON *issue)
{
    static const char *const fields[] = {
        "id",          "number",     "title",      "body",      "state",
        "locked",      "created_at", "updated_at", "closed_at", "author_association",
        "state_reason"};
    bool pull = release_is(issue, "pull_request");
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "url", repo_url(pool, address_of(pool, issue)));
    cJSON_AddStringToObject(json, "repository_url", repo_url(pool, ""));
    cJSON_AddStringToObject(json, "html_url",
                            pool_format(pool, "%s/%s/%s/%ld", addresses.server, repo_name(),
                                        pull ? "pull" : "issues", issue_number(issue)));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        copy_field(json, issue, fields[i]);
    cJSON_AddItemToObject(json, "user", user_json(pool, release_text(issue, "user")));
    cJSON_AddArrayToObject(json, "labels");
    cJSON_AddNumberToObject(json, "comments", cJSON_GetArraySize(issue_comments(issue)));
    if (pull)
        add_pull_request(pool, json, issue);
    return json;
}

static cJSON *comment_json(struct pool *pool, const cJSON *issue, const cJSON *comment)
{
    static const char *const fields[] = {"id", "body", "created_at", "updated_at",
                                         "author_association"};
    long id = release_id(comment);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "url",
                            repo_url(pool, pool_format(pool, "/issues/comments/%ld", id)));
    cJSON_AddStringToObject(json, "html_url",
                            pool_format(pool, "%s/%s%s#issuecomment-%ld", addresses.server,
                                        repo_name(), address_of(pool, issue), id));
    cJSON_AddStringToObject(json, "issue_url", repo_url(pool, address_of(pool, issue)));
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        copy_field(json, comment, fields[i]);
    cJSON_AddItemToObject(json, "user", user_json(pool, release_text(comment, "user")));
    return json;
}

/*
 * The issue of the path; answers itself where there is none. "If the issue was transferred to another
 * repository, the API returns a 301 Moved Permanently status. If the issue was deleted [and you have
 * read access], a 410 Gone status" (Get an issue).
 */
static cJSON *asked_issue(struct call *call)
{
    struct pool *pool = &call->request->pool;
    cJSON *issue = issue_find(strtol(call->args[0], NULL, 10));
    const char *moved = release_text(issue, "transferred_to");
    if (issue && !moved && !release_is(issue, "deleted"))
        return issue;
    if (moved) {
        cJSON *json = cJSON_CreateObject();
        char *url = pool_format(pool, "%s/repos/%s/issues/1", addresses.api, moved);
        cJSON_AddStringToObject(json, "message", "Moved Permanently");
        cJSON_AddStringToObject(json, "url", url);
        answer_header(call->answer, "Location", url);
        reply(call, 301, json);
    } else if (issue) {
        reply_error(call, 410, "This issue was deleted");
    } else {
        reply_error(call, 404, "Not Found");
    }
    return NULL;
}

static bool state_fits(const cJSON *issue, const char *state)
{
    return text_equal(state, "all") ||
           text_equal(state ? state : "open", release_text(issue, "state"));
}

static int newest_first(const void *a, const void *b)
{
    const cJSON *const *left = a;
    const cJSON *const *right = b;
    return issue_number(*left) > issue_number(*right) ? -1 : 1;
}

void handle_issues_list(struct call *call)
{
    size_t count = 0;
    const char *state = call_query(call, "state");
    const cJSON **all = must_alloc(sizeof *all * ((size_t)cJSON_GetArraySize(issues_all()) + 1));
    cJSON *list = cJSON_CreateArray();
    for (const cJSON *issue = json_first(issues_all()); issue; issue = issue->next)
        if (state_fits(issue, state) && !release_is(issue, "deleted"))
            all[count++] = issue;
    if (count)
        qsort(all, count, sizeof *all, newest_first);
    for (size_t i = 0; i < count; i++)
        cJSON_AddItemToArray(list, issue_json(&call->request->pool, all[i]));
    free(all);
    reply(call, 200, call_page(call, list));
}

void handle_issue_get(struct call *call)
{
    const cJSON *issue = asked_issue(call);
    if (issue)
        reply(call, 200, issue_json(&call->request->pool, issue));
}

/* Too long, or of a kind that there is none of: 422. */
static bool check_texts(struct call *call, const char *resource)
{
    const char *body = body_text(call, "body");
    const char *state = body_text(call, "state");
    if (body && utf8_length(body) > BODY_LIMIT) {
        reply_invalid(call, resource, "body", "unprocessable",
                      "body is too long (maximum is 65536 characters)");
        return false;
    }
    if (state && !text_equal(state, "open") && !text_equal(state, "closed")) {
        reply_invalid(call, resource, "state", "invalid", NULL);
        return false;
    }
    return true;
}

/* "state_reason: the reason for the state change. Ignored unless state is changed." */
static void change_state(struct call *call, cJSON *issue, const char *when)
{
    const char *state = body_text(call, "state");
    const char *reason = body_text(call, "state_reason");
    bool closes = text_equal(state, "closed");
    if (!state || text_equal(state, release_text(issue, "state")))
        return;
    json_replace(issue, "state", cJSON_CreateString(state));
    json_replace(issue, "state_reason",
                 cJSON_CreateString(reason   ? reason
                                    : closes ? "completed"
                                             : "reopened"));
    json_replace(issue, "closed_at", json_text_or_null(closes ? when : NULL));
}

void handle_issue_update(struct call *call)
{
    struct pool *pool = &call->request->pool;
    cJSON *issue = asked_issue(call);
    if (!issue || !call_body(call, "title:s body:s state:s state_reason:s") ||
        !check_texts(call, "Issue"))
        return;
    char *when = time_text(pool, clock_change());
    if (body_text(call, "title"))
        json_replace(issue, "title", cJSON_CreateString(body_text(call, "title")));
    if (body_text(call, "body"))
        json_replace(issue, "body", cJSON_CreateString(body_text(call, "body")));
    change_state(call, issue, when);
    json_replace(issue, "updated_at", cJSON_CreateString(when));
    reply(call, 200, issue_json(pool, issue));
}

/* Do lists show it yet, and is it not among the newest that the fault "lag" leaves out? */
static bool is_listed(const struct call *call, const cJSON *list, const cJSON *comment)
{
    const cJSON *made = cJSON_GetObjectItemCaseSensitive(comment, "_made_us");
    double age = (double)clock_us() - (made ? made->valuedouble : 0);
    int newer = 0;
    for (const cJSON *other = json_first(list); other; other = other->next)
        newer += release_id(other) > release_id(comment);
    return newer >= fault_lag(call->fault) &&
           (!made || made->valuedouble <= 0 ||
            age >= (double)config_number("list_lag_ms", 0) * 1000);
}

/* "Issue comments are ordered by ascending ID." */
void handle_issue_comments(struct call *call)
{
    const cJSON *issue = asked_issue(call);
    if (!issue)
        return;
    cJSON *list = cJSON_CreateArray();
    for (const cJSON *at = json_first(issue_comments(issue)); at; at = at->next)
        if (is_listed(call, issue_comments(issue), at))
            cJSON_AddItemToArray(list, comment_json(&call->request->pool, issue, at));
    reply(call, 200, call_page(call, list));
}

static cJSON *add_comment(struct call *call, cJSON *issue)
{
    const char *association = release_text(call->who, "association");
    cJSON *fields = cJSON_CreateObject();
    cJSON_AddStringToObject(fields, "body", body_text(call, "body"));
    cJSON_AddStringToObject(fields, "user", call_login(call));
    cJSON_AddStringToObject(fields, "author_association", association ? association : "NONE");
    cJSON_AddNumberToObject(fields, "_made_us", (double)clock_us() + 1);
    cJSON *comment = comment_add(issue, fields);
    cJSON_Delete(fields);
    return comment;
}

void handle_comment_create(struct call *call)
{
    struct pool *pool = &call->request->pool;
    cJSON *issue = asked_issue(call);
    if (!issue || !call_body(call, "body:s!") || !check_texts(call, "IssueComment"))
        return;
    if (release_is(issue, "locked")) {
        reply_error(call, 403, "Unable to create comment because issue is locked.");
        return;
    }
    cJSON *json = comment_json(pool, issue, add_comment(call, issue));
    answer_header(call->answer, "Location", pool_format(pool, "%s", release_text(json, "url")));
    reply(call, 201, json);
}

/* The comment of the path; answers 404 itself. */
static cJSON *asked_comment(struct call *call, cJSON **issue)
{
    cJSON *comment = comment_find(strtol(call->args[0], NULL, 10), issue);
    if (!comment)
        reply_error(call, 404, "Not Found");
    return comment;
}

void handle_comment_update(struct call *call)
{
    struct pool *pool = &call->request->pool;
    cJSON *issue;
    cJSON *comment = asked_comment(call, &issue);
    if (!comment || !call_body(call, "body:s!") || !check_texts(call, "IssueComment"))
        return;
    json_replace(comment, "body", cJSON_CreateString(body_text(call, "body")));
    json_replace(comment, "updated_at", cJSON_CreateString(time_text(pool, clock_change())));
    reply(call, 200, comment_json(pool, issue, comment));
}

void handle_comment_delete(struct call *call)
{
    cJSON *issue;
    cJSON *comment = asked_comment(call, &issue);
    if (!comment)
        return;
    cJSON_Delete(cJSON_DetachItemViaPointer(issue_comments(issue), comment));
    clock_change();
    call->answer->status = 204;
}

/* ---- docs.github.com/rest/search/search#search-issues-and-pull-requests --------------------- */

struct search {
    const char *repository, *state, *phrase;
    bool issues, pulls, titles_only;
};

/* One word of a query: a qualifier, or a "phrase". */
static void take_word(struct search *search, const char *word, bool *understood)
{
    if (text_begins(word, "repo:"))
        search->repository = word + 5;
    else if (text_equal(word, "is:issue") || text_equal(word, "type:issue"))
        search->issues = true;
    else if (text_equal(word, "is:pull-request") || text_equal(word, "is:pr"))
        search->pulls = true;
    else if (text_equal(word, "is:open") || text_equal(word, "is:closed"))
        search->state = word + 3;
    else if (text_equal(word, "in:title"))
        search->titles_only = true;
    else if (!strchr(word, ':') && !search->phrase)
        search->phrase = word;
    else
        *understood = false;
}

/* Words separated by blanks; a phrase in quotation marks is one. */
static bool read_query(struct pool *pool, const char *query, struct search *search)
{
    bool understood = true;
    while (*(query += strspn(query, " "))) {
        bool quoted = *query == '"';
        size_t length = strcspn(query + quoted, quoted ? "\"" : " ");
        take_word(search, pool_copy(pool, query + quoted, length), &understood);
        query += length + quoted;
        query += quoted && *query == '"';
    }
    return understood;
}

/* The words of a text, as the index has them: " release v0 1 7 ". */
static char *index_words(struct pool *pool, const char *text)
{
    struct buffer words = {0};
    buffer_text(&words, " ");
    for (bool inside = false; text && *text; text++) {
        bool letter = isalnum((unsigned char)*text) || (unsigned char)*text >= 0x80;
        if (letter)
            buffer_format(&words, "%c", tolower((unsigned char)*text));
        else if (inside)
            buffer_text(&words, " ");
        inside = letter;
    }
    buffer_text(&words, " ");
    char *copy = pool_copy(pool, words.data, words.length);
    buffer_free(&words);
    return copy;
}

static bool has_phrase(struct pool *pool, const char *text, const char *phrase)
{
    return strstr(index_words(pool, text), index_words(pool, phrase)) != NULL;
}

static bool search_fits(struct pool *pool, const struct search *search, const cJSON *issue)
{
    const char *title = release_text(issue, "title");
    const char *body = release_text(issue, "body");
    const cJSON *made = cJSON_GetObjectItemCaseSensitive(issue, "_made_us");
    double age = (double)clock_us() - (made ? made->valuedouble : 0);
    if (made && made->valuedouble > 0 && age < (double)config_number("search_lag_ms", 0) * 1000)
        return false;
    if (release_is(issue, "deleted") || release_text(issue, "transferred_to") ||
        !(release_is(issue, "pull_request") ? search->pulls : search->issues) ||
        (search->state && !text_equal(search->state, release_text(issue, "state"))))
        return false;
    return !search->phrase || has_phrase(pool, title, search->phrase) ||
           (!search->titles_only && has_phrase(pool, body, search->phrase));
}

/* What a search answers where it isn't carried out. */
static bool refuse_search(struct call *call, const struct search *search)
{
    const char *problem = NULL;
    if (!search->issues && !search->pulls)
        problem = "Query must include 'is:issue' or 'is:pull-request'";
    else if (!text_equal_nocase(search->repository, repo_name()) ||
             !call_may(call, "issues", "read"))
        problem = "The listed users and repositories cannot be searched either because the "
                  "resources do not exist or you do not have permission to view them.";
    if (problem)
        reply_invalid(call, "Search", "q", "invalid", problem);
    return problem != NULL;
}

void handle_search_issues(struct call *call)
{
    struct pool *pool = &call->request->pool;
    const char *query = call_query(call, "q");
    struct search search = {0};
    answer_header(call->answer, "x-ratelimit-resource", "search");
    if (!query || !read_query(pool, query, &search))
        call->entry->strange = true;
    if (refuse_search(call, &search))
        return;
    cJSON *list = cJSON_CreateArray();
    for (const cJSON *issue = json_first(issues_all()); issue; issue = issue->next)
        if (search_fits(pool, &search, issue))
            cJSON_AddItemToArray(list, issue_json(pool, issue));
    for (int hidden = fault_lag(call->fault); hidden > 0; hidden--)
        cJSON_DeleteItemFromArray(list, cJSON_GetArraySize(list) - 1);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "total_count", cJSON_GetArraySize(list));
    cJSON_AddBoolToObject(json, "incomplete_results", config_flag("search_incomplete"));
    cJSON_AddItemToObject(json, "items", call_page(call, list));
    reply(call, 200, json);
}
