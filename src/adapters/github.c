/* The ground of the GitHub adapter: addresses, and what an answer means. */
#include "adapters/github_internal.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static const char *const headers[] = {
    "Accept: application/vnd.github+json",
    "X-GitHub-Api-Version: 2022-11-28",
    NULL,
};

struct github *github_open(const struct github_settings *settings, struct http *http)
{
    struct github *github = memory_take(sizeof(*github));
    size_t const size = strlen(settings->repository) + 1;

    github->settings = *settings;
    github->http = http;
    github->repository = memory_take(size);
    memcpy(github->repository, settings->repository, size);
    return github;
}

void github_close(struct github *github)
{
    if (!github)
        return;
    memory_free(github->repository);
    memory_free(github);
}

const char *github_url(const struct github *github, struct arena *arena, const char *format, ...)
{
    char path[4096];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(path, sizeof(path), format, arguments);
    va_end(arguments);
    return arena_print(arena, "%s/repos/%s%s", github->settings.api_url, github->repository, path);
}

const char *github_encoded(struct arena *arena, const char *name)
{
    CLEANUP(text_free) struct text encoded = {0};

    text_add_percent_encoded(&encoded, name);
    return arena_copy(arena, text_string(&encoded));
}

struct http_exchange github_get(const char *url)
{
    return (struct http_exchange){
        .method = "GET", .url = url, .headers = headers, .repeat = HTTP_REPEATABLE};
}

int github_odd(const struct http_exchange *exchange, const char *expected, struct error *error)
{
    return error_set(error, ERROR_ANSWER,
                     "run it again; where it stays so, something between here and the server "
                     "changes its answers",
                     "%s was expected from %s %s; the answer (%ld, %s, %zu bytes) has it not",
                     expected, exchange->method, exchange->url, exchange->status,
                     string_or(text_string(&exchange->content_type), "no content type"),
                     exchange->content.length);
}

/* The server's own words, from {message, errors: [{message, resource, field, code} or "…"]}. */
static void add_server_words(struct text *out, const struct json *document)
{
    const char *message = json_text(document, "message");
    const struct json *errors = json_at(document, "errors");

    text_add_foreign(out, string_or(message, "no message"), 300);
    if (!json_is_array(errors))
        return;
    for (const struct json *error = json_first(errors); error; error = json_next(error)) {
        const char *words = json_text(error, "message");

        text_add(out, "; ");
        if (!words && json_is_object(error)) {
            text_add_foreign(out, string_or(json_text(error, "field"), "?"), 60);
            text_add(out, ": ");
            words = json_text(error, "code");
        }
        text_add_foreign(out, string_or(words ? words : json_text(error, ""), "?"), 300);
    }
}

static bool mentions(const char *words, const char *what)
{
    return strcasestr(words, what) != NULL;
}

static const char rules_remedy[] =
    "put who runs this on the rule's bypass list, or make the change by hand";

/* Rulesets say "Repository rule violations found", protected branches "Reference update failed". */
static bool is_about_rules(const char *words)
{
    return mentions(words, "rule violations") || mentions(words, "protected") ||
           mentions(words, "Reference update failed");
}

/*
 * What a token may have instead of what it has: sets, separated by semicolons.
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
static bool every_set_names(const char *sets, const char *permission)
{
    while (*sets) {
        size_t const length = strcspn(sets, ";");

        if (!memmem(sets, length, permission, strlen(permission)))
            return false;
        sets += length + (sets[length] == ';');
    }
    return true;
}

static int permission_error(const struct http_exchange *exchange, const char *words,
                            struct error *error)
{
    char remedy[sizeof(error->remedy)];

    if ((exchange->permissions.length &&
         every_set_names(text_string(&exchange->permissions), "workflows")) ||
        mentions(words, "workflow"))
        return error_set(error, ERROR_WORKFLOWS,
                         "push the branch by hand, or give the token of an App with workflows: "
                         "write; no permissions key of a workflow grants it",
                         "the server refuses %s %s, since its workflow files differ from those of "
                         "other branches: %s",
                         exchange->method, exchange->url, words);
    if (is_about_rules(words))
        return error_set(error, ERROR_RULESET, rules_remedy, "the server refuses %s %s: %s",
                         exchange->method, exchange->url, words);
    /* The first set will do; "contents=write" is "contents: write" in a workflow file. */
    size_t length = (size_t)snprintf(remedy, sizeof(remedy), "give the token ");
    for (const char *at = string_or(text_string(&exchange->permissions), "contents=write");
         *at && *at != ';' && length + 3 < sizeof(remedy); at++) {
        if (*at == '=')
            remedy[length++] = ':';
        remedy[length++] = *at == '=' ? ' ' : *at;
        remedy[length] = '\0';
    }
    return error_set(error, ERROR_PERMISSION, remedy, "the token may not %s %s: %s",
                     exchange->method, exchange->url, words);
}

int github_error(const struct http_exchange *exchange, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *document = NULL;
    CLEANUP(text_free) struct text words = {0};
    struct error ignored;

    if (!json_parse(exchange->content.bytes, exchange->content.length, &document, &ignored))
        add_server_words(&words, document);
    const char *said = string_or(text_string(&words), "no words");
    switch (exchange->status) {
    case 401:
        return error_set(error, ERROR_TOKEN, "give a token that is valid for this server",
                         "the server doesn't accept the token: %s", said);
    case 403:
        return permission_error(exchange, said, error);
    case 404:
        return error_set(error, ERROR_NOT_FOUND,
                         "check the repository's name, and that the token may see it",
                         "%s %s: there is no such thing, or the token may not see it",
                         exchange->method, exchange->url);
    case 409:
    case 422:
        return error_set(error, is_about_rules(said) ? ERROR_RULESET : ERROR_REJECTED,
                         is_about_rules(said) ? rules_remedy : NULL, "the server refuses %s %s: %s",
                         exchange->method, exchange->url, said);
    default:
        return error_set(error, ERROR_ANSWER, "run it again later", "%s %s was answered %ld: %s",
                         exchange->method, exchange->url, exchange->status, said);
    }
}

static const char json_type[] = "application/json"; /* of either case: RFC 9110, 8.3.1 */

int github_read_without(const struct http_exchange *exchange, long expected, const char *member,
                        struct json **document, struct error *error)
{
    if (exchange->outcome != HTTP_ANSWERED) {
        *error = exchange->error;
        return -1;
    }
    if (exchange->status != expected)
        return github_error(exchange, error);
    if (strncasecmp(text_string(&exchange->content_type), json_type, sizeof(json_type) - 1) != 0)
        return github_odd(exchange, "JSON", error);
    if (json_parse_without(text_string(&exchange->content), exchange->content.length, member,
                           document, error))
        return error_wrap(error, "while reading the answer to %s %s", exchange->method,
                          exchange->url);
    return 0;
}

int github_read(const struct http_exchange *exchange, long expected, struct json **document,
                struct error *error)
{
    return github_read_without(exchange, expected, "", document, error);
}

bool github_read_relation(const char *status, enum relation *relation)
{
    static const struct {
        const char *status;
        enum relation relation;
    } known[] = {
        {"identical", RELATION_IDENTICAL},
        {"behind", RELATION_BEHIND},
        {"ahead", RELATION_AHEAD},
        {"diverged", RELATION_DIVERGED},
    };

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strings_equal(status, known[i].status)) {
            *relation = known[i].relation;
            return true;
        }
    return false;
}
