/* How each question is asked, and what its answer says. */
#include "adapters/github_internal.h"

#include "base/memory.h"
#include "core/tag_text.h"

#include <stdlib.h>
#include <string.h>

struct asking {
    struct github *github;
    struct arena *arena;
    const struct question *question;
    struct facts *facts;
    const char *item; /* of a question that takes several requests: what this one is about */
};

/* ---- how it is asked -------------------------------------------------------------------------- */

static const char *matching_refs(const struct asking *asking, const char *kind, const char *start)
{
    /* Slashes in a name are %2F; https://docs.github.com/en/rest/git/refs#list-matching-references */
    return github_url(asking->github, asking->arena, "/git/matching-refs/%s%s%s", kind,
                      *start ? "/" : "", github_encoded(asking->arena, start));
}

static const char *compare_url(const struct asking *asking, const char *paging)
{
    return github_url(asking->github, asking->arena, "/compare/%s...%s?%s",
                      github_encoded(asking->arena, asking->question->base),
                      github_encoded(asking->arena, asking->question->head), paging);
}

static const char *url_of(const struct asking *asking)
{
    const struct github *github = asking->github;
    const char *head = asking->question->head;

    switch (asking->question->kind) {
    case QUESTION_TAGS:
        return matching_refs(asking, "tags", github->settings.tag_prefix);
    case QUESTION_BRANCHES:
        return matching_refs(asking, "heads", github->settings.branch_stem);
    case QUESTION_RELEASES:
        return github_releases_url(github, asking->arena, 1);
    case QUESTION_TAG_OBJECT:
        return github_url(github, asking->arena, "/git/tags/%s", head);
    case QUESTION_SOURCE:
        return github_url(github, asking->arena, "/git/ref/heads/%s",
                          github_encoded(asking->arena, head));
    case QUESTION_ON_BRANCH:
    case QUESTION_ON_SOURCE:
        return compare_url(asking, "per_page=1&page=2"); /* the diffs come with page 1 */
    case QUESTION_SINCE_CANDIDATE:
        return compare_url(asking, "per_page=50");
    case QUESTION_NOTES:
        return github_url(github, asking->arena, "/releases/generate-notes");
    case QUESTION_RUNS:
        return github_runs_url(github, asking->arena, head);
    case QUESTION_CHANGES:
        return github_changes_url(github, asking->arena, asking->question, 1);
    case QUESTION_RELEASE_CONFIG:
        return github_url(github, asking->arena, "/contents/%s?ref=%s", asking->item,
                          github_encoded(asking->arena, head));
    case QUESTION_MODULE_NOW:
    case QUESTION_MODULE_BEFORE:
    case QUESTION_UPSTREAM:
        return github_upstream_url(github, asking->arena, asking->question);
    case QUESTION_BRANCH_RULES:
    case QUESTION_TAG_RULES:
        return github_rules_url(github, asking->arena, asking->question);
    case QUESTION_LATEST:
        return github_url(github, asking->arena, "/releases/latest");
    case QUESTION_ISSUES:
        return github_issues_url(github, asking->arena, asking->question);
    case QUESTION_ISSUE_COMMENTS:
        return github_comments_url(github, asking->arena, strtoll(head, NULL, 10));
    case QUESTION_PUBLISHED:
        return github_url(github, asking->arena, "/releases/tags/%s",
                          github_encoded(asking->arena, head));
    default:
        return github_url(github, asking->arena, "%s", "");
    }
}

static const char *notes_request(const struct asking *asking)
{
    CLEANUP(json_free_cleanup) struct json *body = json_new_object();
    CLEANUP(text_free) struct text printed = {0};

    json_put_text(body, "tag_name", asking->github->settings.tag);
    json_put_text(body, "target_commitish", asking->question->head);
    json_put_text(body, "previous_tag_name", asking->question->base);
    json_print(body, &printed);
    return arena_copy(asking->arena, text_string(&printed));
}

static struct http_exchange exchange_of(const struct asking *asking)
{
    struct http_exchange exchange;

    if (asking->question->kind == QUESTION_PULLS)
        return github_pull_request(asking->github, asking->arena, asking->item);
    exchange = github_get(url_of(asking));
    if (asking->question->kind == QUESTION_NOTES) { /* it changes nothing, so it may be repeated */
        exchange.method = "POST";
        exchange.body = notes_request(asking);
    }
    return exchange;
}

/* ---- what the answer says ----------------------------------------------------------------------- */

static int take_repository(const struct asking *asking, const struct http_exchange *exchange,
                           const struct json *json, struct error *error)
{
    const char *name = json_text(json, "full_name"), *branch = json_text(json, "default_branch");
    struct github *github = asking->github;

    if (string_is_empty(name) || string_is_empty(branch))
        return github_odd(exchange, "a repository with full_name and default_branch", error);
    asking->facts->repository.full_name = arena_copy(asking->arena, name);
    asking->facts->repository.default_branch = arena_copy(asking->arena, branch);
    github->may_write = github->may_write || json_flag(json, "permissions.push");
    github_take_access(github, json, asking->facts);
    facts_answered(asking->facts, &(struct question){.kind = QUESTION_ACCESS});
    if (!strings_equal(name, github->repository)) { /* renamed: no further redirects */
        memory_free(github->repository);
        github->repository = memory_take(strlen(name) + 1);
        memcpy(github->repository, name, strlen(name));
    }
    return 0;
}

static int take_refs(const struct asking *asking, const struct http_exchange *exchange,
                     const struct json *json, struct error *error)
{
    bool const tags = asking->question->kind == QUESTION_TAGS;
    const char *prefix = tags ? "refs/tags/" : "refs/heads/";
    struct git_refs *found = tags ? &asking->facts->tags : &asking->facts->branches;

    if (!json_is_array(json))
        return github_odd(exchange, "a list of references", error);
    for (const struct json *ref = json_first(json); ref; ref = json_next(ref)) {
        const char *name = json_text(ref, "ref"), *object = json_text(ref, "object.sha");

        const char *type = json_text(ref, "object.type");

        if (!name || !object || !type || !string_starts(name, prefix))
            return github_odd(exchange, "a reference with ref, object.sha and object.type", error);
        found->items =
            arena_append(asking->arena, found->items, &found->count, sizeof(*found->items));
        found->items[found->count - 1] = (struct git_ref){
            .name = arena_copy(asking->arena, name + strlen(prefix)),
            .object = arena_copy(asking->arena, object),
            .annotated = strings_equal(type, "tag"),
            .odd = !strings_equal(type, "tag") && !strings_equal(type, "commit"),
        };
    }
    return 0;
}

static int take_tag_object(const struct asking *asking, const struct http_exchange *exchange,
                           const struct json *json, struct error *error)
{
    struct arena *arena = asking->arena;
    const char *target = json_text(json, "object.sha"), *type = json_text(json, "object.type");
    const char *name = json_text(json, "tag"), *object = json_text(json, "sha");
    enum signature_kind signature;

    if (!target || !type || !name || !strings_equal(object, asking->question->head))
        return github_odd(exchange, "the tag object with tag, sha and object", error);
    tag_signature_start(string_or(json_text(json, "verification.signature"), ""), &signature);
    asking->facts->tag_object = (struct tag_object){
        .object = arena_copy(arena, object),
        .target = arena_copy(arena, target),
        .target_type = arena_copy(arena, type),
        .name = arena_copy(arena, name),
        .message = arena_copy(arena, string_or(json_text(json, "message"), "")),
        .tagger = arena_print(arena, "%s <%s>", string_or(json_text(json, "tagger.name"), ""),
                              string_or(json_text(json, "tagger.email"), "")),
        .signature = signature,
        .payload = arena_copy(arena, json_text(json, "verification.payload")),
        .signed_with = arena_copy(arena, json_text(json, "verification.signature")),
        .verification = json_has_flag(json, "verification.verified") ? KNOWN : UNKNOWN,
        .verified = json_flag(json, "verification.verified"),
        .verification_reason =
            arena_copy(arena, string_or(json_text(json, "verification.reason"), "no reason")),
    };
    return 0;
}

static int take_source(const struct asking *asking, const struct http_exchange *exchange,
                       const struct json *json, struct error *error)
{
    const char *object = json_text(json, "object.sha");

    if (!object)
        return github_odd(exchange, "a reference with object.sha", error);
    asking->facts->source_head = arena_copy(asking->arena, object);
    return 0;
}

static void take_subjects(const struct asking *asking, const struct json *commits,
                          struct comparison *comparison)
{
    for (const struct json *at = json_first(commits); at; at = json_next(at)) {
        const char *message = string_or(json_text(at, "commit.message"), "");

        comparison->subjects =
            arena_append(asking->arena, comparison->subjects, &comparison->subject_count,
                         sizeof(*comparison->subjects));
        comparison->subjects[comparison->subject_count - 1] =
            arena_copy_bytes(asking->arena, message, strcspn(message, "\r\n"));
    }
}

static int take_comparison(const struct asking *asking, const struct http_exchange *exchange,
                           const struct json *json, struct error *error)
{
    struct comparison *out = facts_comparison(asking->facts, asking->question->kind);
    struct comparison found = {0};
    int64_t ahead, behind;

    if (!out || !github_read_relation(json_text(json, "status"), &found.relation) ||
        !json_number(json, "ahead_by", &ahead) || !json_number(json, "behind_by", &behind) ||
        ahead < 0 || behind < 0)
        return github_odd(exchange, "a comparison with status, ahead_by and behind_by", error);
    found.ahead_by = (uint32_t)ahead;
    found.behind_by = (uint32_t)behind;
    if (asking->question->kind == QUESTION_SINCE_CANDIDATE)
        take_subjects(asking, json_at(json, "commits"), &found);
    *out = found;
    return 0;
}

static int take_notes(const struct asking *asking, const struct http_exchange *exchange,
                      const struct json *json, struct error *error)
{
    const char *body = json_text(json, "body");

    if (string_is_empty(body))
        return github_odd(exchange, "generated notes with a body", error);
    asking->facts->notes = arena_copy(asking->arena, body);
    asking->github->may_write = true;
    return 0;
}

static int take_json(const struct asking *asking, const struct http_exchange *exchange,
                     const struct json *json, struct error *error)
{
    switch (asking->question->kind) {
    case QUESTION_REPOSITORY:
        return take_repository(asking, exchange, json, error);
    case QUESTION_TAGS:
    case QUESTION_BRANCHES:
        return take_refs(asking, exchange, json, error);
    case QUESTION_TAG_OBJECT:
        return take_tag_object(asking, exchange, json, error);
    case QUESTION_SOURCE:
        return take_source(asking, exchange, json, error);
    case QUESTION_NOTES:
        return take_notes(asking, exchange, json, error);
    case QUESTION_RUNS:
        return github_take_runs(asking->github, asking->arena, asking->question->head, exchange,
                                json, &asking->facts->gates, error);
    case QUESTION_CHANGES:
        return github_take_changes(asking->github, asking->arena, asking->question, exchange, json,
                                   asking->facts, error);
    case QUESTION_RELEASE_CONFIG:
        return github_take_config(asking->arena, exchange, json, asking->facts, error);
    case QUESTION_ACCESS:
        github_take_access(asking->github, json, asking->facts);
        return 0;
    case QUESTION_BRANCH_RULES:
    case QUESTION_TAG_RULES:
        return github_take_rules(exchange, asking->question, json, asking->facts, error);
    case QUESTION_RULESETS:
        return github_take_ruleset(asking->github, asking->arena, exchange, json, asking->facts,
                                   error);
    case QUESTION_LATEST:
    case QUESTION_PUBLISHED:
        return github_take_published(asking->arena, asking->question, exchange, json, asking->facts,
                                     error);
    default:
        return take_comparison(asking, exchange, json, error);
    }
}

/* An answer that isn't there, for people: the server's own words. */
static bool hide(const struct asking *asking, const struct http_exchange *exchange)
{
    struct error error = exchange->error;

    if (exchange->outcome == HTTP_ANSWERED)
        github_error(exchange, &error);
    facts_hidden(asking->facts, asking->question, arena_copy(asking->arena, error.message));
    return true;
}

/*
 * Answers that aren't there. A source branch that doesn't exist is an answer. Others stay unknown,
 * since they were asked with what the event says, which may be no commit; the plan refuses if it
 * needs them. So does, in a dry run, what the token may not do.
 */
static bool take_absence(const struct asking *asking, const struct http_exchange *exchange)
{
    long const status = exchange->outcome == HTTP_ANSWERED ? exchange->status : 0;
    bool const absent = status == 404 || status == 422 || status == 400;

    switch (asking->question->kind) {
    case QUESTION_SOURCE:
        if (status != 404)
            return false;
        asking->facts->source_head = NULL;
        facts_answered(asking->facts, asking->question);
        return true;
    case QUESTION_LATEST: /* there may be none yet */
        if (status != 404)
            return false;
        asking->facts->latest = (struct latest_release){0};
        facts_answered(asking->facts, asking->question);
        return true;
    case QUESTION_PUBLISHED:
        if (status != 404)
            return false;
        facts_answered(asking->facts, asking->question);
        return true;
    case QUESTION_TAG_OBJECT:
    case QUESTION_ON_BRANCH:
    case QUESTION_ON_SOURCE:
    case QUESTION_SINCE_CANDIDATE:
        return absent && hide(asking, exchange);
    case QUESTION_CHANGES: /* or its files' differences are too much for an answer */
        return (absent ||
                (exchange->outcome == HTTP_FAILED && exchange->error.code == ERROR_ANSWER)) &&
               hide(asking, exchange);
    case QUESTION_RELEASE_CONFIG:
        if (status != 404)
            return false;
        facts_answered(asking->facts, asking->question);
        return true;
    case QUESTION_ACCESS:
    case QUESTION_BRANCH_RULES:
    case QUESTION_TAG_RULES:
    case QUESTION_RULESETS: /* what isn't told is tried */
        return status >= 300 && hide(asking, exchange);
    case QUESTION_NOTES:
        if (status == 404 && !asking->github->settings.lenient) { /* the server has no such thing */
            facts_answered(asking->facts, asking->question);
            return true;
        }
        return status == 403 ? github_take_refusal(asking->github, exchange, asking->facts) &&
                                   hide(asking, exchange)
                             : absent && hide(asking, exchange);
    case QUESTION_RUNS: /* who may not see runs is told as 404 too */
        return (status == 403 || status == 404) && asking->github->settings.lenient &&
               hide(asking, exchange);
    case QUESTION_ISSUES:
        if (github_lacks_issue(exchange)) {
            facts_answered(asking->facts, asking->question);
            return true;
        }
        return (absent || status == 403) && hide(asking, exchange);
    case QUESTION_ISSUE_COMMENTS:
        return (absent || status == 403 || status == 410) && hide(asking, exchange);
    default:
        return false;
    }
}

/* GitHub doesn't page references today; a list that does page is read to its end. */
static int take_further_refs(const struct asking *asking, const struct http_exchange *first,
                             struct error *error)
{
    const char *next = github_next_page(first, asking->arena);

    for (int pages = 0; next; pages++) {
        CLEANUP(http_exchange_free) struct http_exchange exchange = github_get(next);
        CLEANUP(json_free_cleanup) struct json *json = NULL;

        if (pages == GITHUB_MOST_PAGES)
            return github_odd(first, "a list of references that ends", error);
        http_run(asking->github->http, &exchange, 1);
        if (github_read(&exchange, 200, &json, error) || take_refs(asking, &exchange, json, error))
            return -1;
        next = github_next_page(&exchange, asking->arena);
    }
    return 0;
}

static int take(const struct asking *asking, const struct http_exchange *exchange,
                struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    enum question_kind const kind = asking->question->kind;
    struct release_facts *releases = &asking->facts->releases;
    bool const refs = kind == QUESTION_TAGS || kind == QUESTION_BRANCHES;

    if (take_absence(asking, exchange))
        return 0;
    if (kind == QUESTION_RELEASES || kind == QUESTION_MORE_RELEASES) {
        if (github_take_releases(asking->github, exchange, asking->arena,
                                 asking->github->settings.tag, releases, error))
            return -1;
    } else if (kind == QUESTION_PULLS) {
        if (github_take_pull(asking->arena, asking->item, exchange, &asking->facts->pulls, error))
            return -1;
    } else if (kind == QUESTION_MODULE_NOW || kind == QUESTION_MODULE_BEFORE ||
               kind == QUESTION_UPSTREAM) {
        if (github_take_upstream(asking->github, asking->arena, exchange, asking->question,
                                 asking->facts, error))
            return -1;
    } else if (kind == QUESTION_ISSUES) {
        if (github_take_issues(asking->github, exchange, asking->arena, asking->question,
                               &asking->facts->issues, error))
            return -1;
    } else if (kind == QUESTION_ISSUE_COMMENTS) {
        if (github_take_issue_comments(asking->github, exchange, asking->arena, asking->question,
                                       &asking->facts->issue_comments, error))
            return -1;
    } else if (github_read_without(exchange, 200, kind == QUESTION_CHANGES ? "files" : "", &json,
                                   error) ||
               take_json(asking, exchange, json, error))
        return -1;
    if (refs && take_further_refs(asking, exchange, error))
        return -1;
    facts_answered(asking->facts, asking->question);
    return 0;
}

/* What is under way at once: a question each, but for those that take several requests. */
enum {
    MOST_AT_ONCE = QUESTION_COUNT + GITHUB_PAGES_AT_ONCE + GITHUB_PULLS_AT_ONCE + MOST_RULESETS
};

struct batch {
    struct http_exchange exchanges[MOST_AT_ONCE];
    const struct question *questions[MOST_AT_ONCE];
    const char *items[MOST_AT_ONCE];
    size_t count;
    uint32_t next_page;     /* of releases, where some are asked for: the others come afterwards */
    const char *more_pulls; /* the same of pull requests */
};

static void batch_add(struct batch *batch, const struct asking *asking)
{
    batch->exchanges[batch->count] = exchange_of(asking);
    batch->items[batch->count] = asking->item;
    batch->questions[batch->count++] = asking->question;
}

static void add_get(struct batch *batch, const struct asking *asking, const char *url)
{
    batch->exchanges[batch->count] = github_get(url);
    batch->questions[batch->count++] = asking->question;
}

static void add_pages(struct batch *batch, const struct asking *asking)
{
    uint32_t const last = asking->facts->releases.last_page;
    uint32_t page;

    for (page = 2; page <= last && page < 2 + GITHUB_PAGES_AT_ONCE; page++)
        add_get(batch, asking, github_releases_url(asking->github, asking->arena, page));
    batch->next_page = page;
}

static void add_rulesets(struct batch *batch, const struct asking *asking)
{
    const struct facts *facts = asking->facts;

    for (size_t i = 0; i < facts->ruleset_count; i++)
        add_get(batch, asking,
                github_ruleset_url(asking->github, asking->arena, facts->rulesets[i].id));
}

static void add_pulls(struct batch *batch, struct asking *asking)
{
    const char *wanted = asking->question->head;

    asking->facts->pulls = (struct pulls){.count = 0};
    for (size_t i = 0; i < GITHUB_PULLS_AT_ONCE && *wanted; i++) {
        asking->item = github_next_word(asking->arena, &wanted);
        batch_add(batch, asking);
    }
    batch->more_pulls = wanted;
}

static void add_configs(struct batch *batch, struct asking *asking)
{
    for (size_t i = 0; release_config_paths[i]; i++) {
        asking->item = release_config_paths[i];
        batch_add(batch, asking);
    }
}

static void batch_fill(struct batch *batch, struct github *github, struct arena *arena,
                       const struct question *questions, size_t count, struct facts *facts)
{
    for (size_t i = 0; i < count; i++) {
        struct asking asking = {github, arena, &questions[i], facts, NULL};

        switch (questions[i].kind) {
        case QUESTION_MORE_RELEASES:
            add_pages(batch, &asking);
            break;
        case QUESTION_RULESETS:
            add_rulesets(batch, &asking);
            break;
        case QUESTION_PULLS:
            add_pulls(batch, &asking);
            break;
        case QUESTION_RELEASE_CONFIG:
            add_configs(batch, &asking);
            break;
        default:
            batch_add(batch, &asking);
        }
    }
}

int github_answer(struct github *github, struct arena *arena, const struct question *questions,
                  size_t count, struct facts *facts, struct error *error)
{
    struct batch batch = {.more_pulls = ""};
    int result = 0;

    batch_fill(&batch, github, arena, questions, count, facts);
    http_run(github->http, batch.exchanges, batch.count);
    for (size_t i = 0; i < batch.count; i++) {
        struct asking asking = {github, arena, batch.questions[i], facts, batch.items[i]};

        if (!result)
            result = take(&asking, &batch.exchanges[i], error);
        http_exchange_free(&batch.exchanges[i]);
    }
    if (!result && batch.next_page)
        result = github_read_pages(github, arena, github->settings.tag, batch.next_page,
                                   &facts->releases, error);
    if (!result)
        result = github_read_pulls(github, arena, batch.more_pulls, &facts->pulls, error);
    return result;
}
