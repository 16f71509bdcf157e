/*
 * Issues and their comments: https://docs.github.com/en/rest/issues/issues and
 * https://docs.github.com/en/rest/issues/comments.
 *
 * By its title an issue is searched for (https://docs.github.com/en/rest/search/search): one request
 * tells the open and the closed ones, where a list would be read through all pages of issues and pull
 * requests. The index lags behind, so what it finds is read again before it counts.
 */
#include "adapters/github_internal.h"

#include "core/issue_choice.h"
#include "core/issue_text.h"

#include <stdlib.h>
#include <string.h>

enum {
    MOST_READ_AGAIN = 20, /* issues of one title that maintainers wrote */
};

/* 410: "if the issue was deleted" (Get an issue). */
static bool is_gone(const struct http_exchange *exchange)
{
    return exchange->outcome == HTTP_ANSWERED &&
           (exchange->status == 404 || exchange->status == 410);
}

bool github_lacks_issue(const struct http_exchange *exchange)
{
    return is_gone(exchange) && !strstr(exchange->url, "/search/");
}

/* ---- reading ------------------------------------------------------------------------------------------ */

/* "Owner", "member" and "collaborator" may write to the project, the others are anybody. */
static bool is_by_maintainer(const struct json *json)
{
    const char *association = json_text(json, "author_association");

    return strings_equal(association, "OWNER") || strings_equal(association, "MEMBER") ||
           strings_equal(association, "COLLABORATOR");
}

/* A transferred issue is answered with a redirect to its new repository. */
static bool is_elsewhere(const struct github *github, const char *repository_url)
{
    const char *name = strstr(repository_url, "/repos/");

    return !name || strcasecmp(name + strlen("/repos/"), github->repository) != 0;
}

static int parse_issue(const struct github *github, const struct json *json, struct arena *arena,
                       struct issue *issue)
{
    const char *title = json_text(json, "title"), *page = json_text(json, "html_url");
    const char *state = json_text(json, "state"), *url = json_text(json, "repository_url");
    struct issue found = {0};

    if (!title || !page || !state || !url || !json_number(json, "number", &found.number))
        return -1;
    found.title = arena_copy(arena, title);
    found.body = arena_copy(arena, string_or(json_text(json, "body"), ""));
    found.author = arena_copy(arena, string_or(json_text(json, "user.login"), "ghost"));
    found.page = arena_copy(arena, page);
    found.closed = !strings_equal(state, "open");
    found.locked = json_flag(json, "locked");
    found.pull_request = json_at(json, "pull_request") != NULL;
    found.elsewhere = is_elsewhere(github, url);
    found.by_maintainers = is_by_maintainer(json);
    *issue = found;
    return 0;
}

static int take_issue(const struct github *github, const struct http_exchange *exchange,
                      struct arena *arena, struct issue *issue, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;

    if (github_read(exchange, 200, &json, error))
        return -1;
    if (parse_issue(github, json, arena, issue))
        return github_odd(exchange,
                          "an issue with number, title, state, html_url and "
                          "repository_url",
                          error);
    return 0;
}

static const char *issue_url(const struct github *github, struct arena *arena, int64_t number)
{
    return github_url(github, arena, "/issues/%lld", (long long)number);
}

static int read_issue(void *state, struct arena *arena, int64_t number, struct issue *issue,
                      bool *exists, struct error *error)
{
    struct github *github = state;
    CLEANUP(http_exchange_free)
    struct http_exchange exchange = github_get(issue_url(github, arena, number));

    http_run(github->http, &exchange, 1);
    *exists = !is_gone(&exchange);
    if (!*exists)
        return 0;
    if (take_issue(github, &exchange, arena, issue, error))
        return -1;
    *exists = !issue->elsewhere;
    return 0;
}

static void add_issue(struct arena *arena, struct issue_facts *issues, const struct issue *issue)
{
    for (size_t i = 0; i < issues->count; i++) /* pages shift while they are read */
        if (issues->items[i].number == issue->number)
            return;
    issues->items = arena_append(arena, issues->items, &issues->count, sizeof(*issues->items));
    issues->items[issues->count - 1] = *issue;
}

/* ---- searching ------------------------------------------------------------------------------------------ */

static bool is_number(const char *text)
{
    return !text[strspn(text, "0123456789")];
}

const char *github_issues_url(const struct github *github, struct arena *arena,
                              const struct question *question)
{
    if (is_number(question->head))
        return github_url(github, arena, "/issues/%s", question->head);
    const char *query =
        arena_print(arena, "repo:%s is:issue in:title \"%s\"", question->base, question->head);
    return arena_print(arena, "%s/search/issues?q=%s&per_page=100", github->settings.api_url,
                       github_encoded(arena, query));
}

/* Those of one page whose title is the very one: a search finds all that contain it. */
static int take_found(const struct github *github, const struct http_exchange *exchange,
                      struct arena *arena, const char *title, struct issue_facts *issues,
                      struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    const struct json *items;

    if (github_read(exchange, 200, &json, error))
        return -1;
    items = json_at(json, "items");
    if (!json_is_array(items) || json_flag(json, "incomplete_results"))
        return github_odd(exchange, "a search's complete results", error);
    for (const struct json *item = json_first(items); item; item = json_next(item)) {
        struct issue issue;

        if (parse_issue(github, item, arena, &issue))
            return github_odd(exchange, "issues with number, title and state", error);
        if (!issue.pull_request && issue_title_is(issue.title, title))
            add_issue(arena, issues, &issue);
    }
    return 0;
}

/* What maintainers wrote, read again; strangers' issues are only named. */
static int read_again(struct github *github, struct arena *arena, struct issue_facts *issues,
                      struct error *error)
{
    struct issue_facts now = {.count = 0};
    size_t read = 0;

    for (size_t i = 0; i < issues->count; i++) {
        struct issue issue = issues->items[i];
        bool exists = true;

        if (issue.by_maintainers && read++ < MOST_READ_AGAIN &&
            read_issue(github, arena, issue.number, &issue, &exists, error))
            return -1;
        if (exists)
            add_issue(arena, &now, &issue);
    }
    *issues = now;
    return 0;
}

int github_take_issues(struct github *github, const struct http_exchange *first,
                       struct arena *arena, const struct question *question,
                       struct issue_facts *issues, struct error *error)
{
    struct issue_facts found = {.count = 0};

    if (is_number(question->head)) {
        struct issue issue;

        if (take_issue(github, first, arena, &issue, error))
            return -1;
        add_issue(arena, &found, &issue);
        *issues = found;
        return 0;
    }
    if (take_found(github, first, arena, question->head, &found, error))
        return -1;
    const char *next = github_next_page(first, arena);
    for (int page = 1; next; page++) { /* GitHub ends at "1,000 results for each search" */
        CLEANUP(http_exchange_free) struct http_exchange exchange = github_get(next);

        if (page == GITHUB_MOST_PAGES)
            return github_odd(first, "a search that ends", error);
        http_run(github->http, &exchange, 1);
        if (take_found(github, &exchange, arena, question->head, &found, error))
            return -1;
        next = github_next_page(&exchange, arena);
    }
    if (read_again(github, arena, &found, error))
        return -1;
    *issues = found;
    return 0;
}

/* ---- comments ------------------------------------------------------------------------------------------- */

const char *github_comments_url(const struct github *github, struct arena *arena, int64_t issue)
{
    return github_url(github, arena, "/issues/%lld/comments?per_page=100", (long long)issue);
}

/*
 * Ours are those that bear the marker, and that a workflow or a maintainer wrote: anybody may comment
 * on a public repository, and what they wrote stays theirs to change.
 */
static bool parse_comment(const struct json *json, struct arena *arena, int64_t issue,
                          struct issue_comment *comment)
{
    const char *body = json_text(json, "body");
    struct issue_comment found = {.issue = issue};

    if (!body || !json_number(json, "id", &found.id) ||
        !(is_by_maintainer(json) || strings_equal(json_text(json, "user.type"), "Bot")) ||
        !issue_comment_read(arena, body, &found))
        return false;
    *comment = found;
    return true;
}

static int take_comments(const struct http_exchange *exchange, struct arena *arena, int64_t issue,
                         struct issue_comments *comments, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;

    if (github_read(exchange, 200, &json, error))
        return -1;
    if (!json_is_array(json))
        return github_odd(exchange, "a list of comments", error);
    for (const struct json *item = json_first(json); item; item = json_next(item)) {
        struct issue_comment comment;

        if (!parse_comment(item, arena, issue, &comment))
            continue;
        comments->items =
            arena_append(arena, comments->items, &comments->count, sizeof(*comments->items));
        comments->items[comments->count - 1] = comment;
    }
    return 0;
}

/* All pages from `url` on. */
static int read_comments(struct github *github, struct arena *arena, int64_t issue, const char *url,
                         struct issue_comments *comments, struct error *error)
{
    for (int page = 0; url; page++) {
        CLEANUP(http_exchange_free) struct http_exchange exchange = github_get(url);

        if (page == GITHUB_MOST_PAGES)
            return error_set(
                error, ERROR_ANSWER, NULL,
                "at most %d pages of comments were expected on an issue, #%lld has more",
                GITHUB_MOST_PAGES, (long long)issue);
        http_run(github->http, &exchange, 1);
        if (take_comments(&exchange, arena, issue, comments, error))
            return -1;
        url = github_next_page(&exchange, arena);
    }
    return 0;
}

int github_take_issue_comments(struct github *github, const struct http_exchange *first,
                               struct arena *arena, const struct question *question,
                               struct issue_comments *comments, struct error *error)
{
    struct issue_comments found = {.count = 0};
    const char *at = question->head;
    int64_t issue = strtoll(at, NULL, 10);

    if (take_comments(first, arena, issue, &found, error) ||
        read_comments(github, arena, issue, github_next_page(first, arena), &found, error))
        return -1;
    while ((at = strchr(at, ','))) {
        issue = strtoll(++at, NULL, 10);
        if (read_comments(github, arena, issue, github_comments_url(github, arena, issue), &found,
                          error))
            return -1;
    }
    *comments = found;
    return 0;
}

static int list_issue_comments(void *state, struct arena *arena, int64_t issue,
                               struct issue_comments *comments, struct error *error)
{
    struct github *github = state;
    struct issue_comments found = {.count = 0};

    if (read_comments(github, arena, issue, github_comments_url(github, arena, issue), &found,
                      error))
        return -1;
    *comments = found;
    return 0;
}

/* ---- changes -------------------------------------------------------------------------------------------- */

/* "Unable to create comment because issue is locked": for people with write access that isn't so. */
static enum write_end explain(const struct http_exchange *exchange, enum write_end end,
                              struct error *error)
{
    if (end == WRITE_FAILED && is_gone(exchange))
        return WRITE_GONE;
    if (end == WRITE_FAILED && exchange->status == 403 &&
        strcasestr(text_string(&exchange->content), "locked"))
        error_set(error, ERROR_ISSUE_LOCKED,
                  "unlock the issue's conversation and run it again, or set issue to none",
                  "the issue's conversation was expected to be open for comments; it is locked");
    return end;
}

static enum write_end write_comment(struct github *github, struct arena *arena, const char *method,
                                    const char *url, int64_t issue, const char *text,
                                    struct issue_comment *made, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *body = json_new_object(), *json = NULL;
    CLEANUP(text_free) struct text printed = {0};
    CLEANUP(http_exchange_free) struct http_exchange exchange = github_get(url);
    long const expected = strings_equal(method, "POST") ? 201 : 200;
    struct issue_comment found = {.issue = issue};

    json_put_text(body, "body", text);
    json_print(body, &printed);
    exchange.method = method;
    exchange.body = text_string(&printed);
    enum write_end const end =
        explain(&exchange, github_write(github, &exchange, expected, error), error);
    if (end != WRITE_DONE)
        return end;
    /* It was carried out, but an answer that can't be read tells no id: look again. */
    if (github_read(&exchange, expected, &json, error))
        return WRITE_LOST;
    if (!json_number(json, "id", &found.id) ||
        !issue_comment_read(arena, string_or(json_text(json, "body"), ""), &found)) {
        github_odd(&exchange, "the comment with id and body", error);
        return WRITE_LOST;
    }
    *made = found;
    return WRITE_DONE;
}

static enum write_end create_issue_comment(void *state, struct arena *arena, int64_t issue,
                                           const char *text, struct issue_comment *made,
                                           struct error *error)
{
    struct github *github = state;
    const char *url = github_url(github, arena, "/issues/%lld/comments", (long long)issue);

    return write_comment(github, arena, "POST", url, issue, text, made, error);
}

static enum write_end update_issue_comment(void *state, struct arena *arena,
                                           const struct issue_comment *comment, const char *text,
                                           struct issue_comment *made, struct error *error)
{
    struct github *github = state;
    const char *url = github_url(github, arena, "/issues/comments/%lld", (long long)comment->id);

    return write_comment(github, arena, "PATCH", url, comment->issue, text, made, error);
}

static enum write_end delete_issue_comment(void *state, struct arena *arena, int64_t id,
                                           struct error *error)
{
    struct github *github = state;
    CLEANUP(http_exchange_free)
    struct http_exchange exchange =
        github_get(github_url(github, arena, "/issues/comments/%lld", (long long)id));

    exchange.method = "DELETE";
    return explain(&exchange, github_write(github, &exchange, 204, error), error);
}

/* Text and state go in one request: a reason counts only where the state changes. */
static enum write_end update_issue(void *state, struct arena *arena, int64_t number,
                                   const char *text, bool close, struct issue *made,
                                   struct error *error)
{
    struct github *github = state;
    CLEANUP(json_free_cleanup) struct json *body = json_new_object();
    CLEANUP(text_free) struct text printed = {0};
    CLEANUP(http_exchange_free)
    struct http_exchange exchange = github_get(issue_url(github, arena, number));

    if (text)
        json_put_text(body, "body", text);
    if (close) {
        json_put_text(body, "state", "closed");
        json_put_text(body, "state_reason", "completed");
    }
    json_print(body, &printed);
    exchange.method = "PATCH";
    exchange.body = text_string(&printed);
    enum write_end const end =
        explain(&exchange, github_write(github, &exchange, 200, error), error);
    if (end != WRITE_DONE)
        return end;
    return take_issue(github, &exchange, arena, made, error) ? WRITE_LOST : WRITE_DONE;
}

void github_issue_effects(struct effects *effects)
{
    effects->list_issue_comments = list_issue_comments;
    effects->create_issue_comment = create_issue_comment;
    effects->update_issue_comment = update_issue_comment;
    effects->delete_issue_comment = delete_issue_comment;
    effects->read_issue = read_issue;
    effects->update_issue = update_issue;
}
