/* What the files of the GitHub adapter share. */
#ifndef CUT_RELEASE_ADAPTERS_GITHUB_INTERNAL_H
#define CUT_RELEASE_ADAPTERS_GITHUB_INTERNAL_H

#include "adapters/github.h"
#include "adapters/json.h"

struct github {
    struct github_settings settings;
    struct http *http;
    char *repository;      /* as the server has it now, where it was renamed */
    bool may_write;        /* something that needs contents: write was granted */
    int64_t last_write_ms; /* on the clock; 0 where there was none */
};

/* "API/repos/OWNER/NAME" and what is formatted, in the arena. */
__attribute__((format(printf, 3, 4))) const char *
github_url(const struct github *github, struct arena *arena, const char *format, ...);

/* A name for a path: percent-encoded, slashes too. */
const char *github_encoded(struct arena *arena, const char *name);

/* A repeatable GET. */
struct http_exchange github_get(const char *url);

/* The whole answer as JSON, where its status is `expected`; else the error says what was found. */
int github_read(const struct http_exchange *exchange, long expected, struct json **document,
                struct error *error);

/* The same, without the value of one member of the document. */
int github_read_without(const struct http_exchange *exchange, long expected, const char *member,
                        struct json **document, struct error *error);

/* What an answer with an unexpected status means, for people. Always -1. */
int github_error(const struct http_exchange *exchange, struct error *error);

/* "An answer with …, a string, was expected". Always -1. */
int github_odd(const struct http_exchange *exchange, const char *expected, struct error *error);

/* Sends a change, once; whether it ended with `expected`, and if not, how. The exchange is the
 * caller's. */
enum write_end github_write(struct github *github, struct http_exchange *exchange, long expected,
                            struct error *error);

/* The effects of github_publish.c, added to the others. */
void github_publish_effects(struct effects *effects);

/* A file's content, whole: https://docs.github.com/en/rest/repos/contents#get-repository-content */
int github_take_content(struct arena *arena, const struct http_exchange *exchange,
                        const struct json *json, const char **content, struct error *error);

/* What refs/KIND/NAME names; NULL in *object where there is none. */
int github_read_ref(struct github *github, struct arena *arena, const char *kind, const char *name,
                    const char **object, struct error *error);

/*
 * What is asked about access (adapters/github_access.c): the addresses, and what the answers say.
 */
const char *github_rules_url(const struct github *github, struct arena *arena,
                             const struct question *question);
const char *github_ruleset_url(const struct github *github, struct arena *arena, int64_t id);
/* Whether a 403 to the request for notes is an answer. */
bool github_take_refusal(const struct github *github, const struct http_exchange *exchange,
                         struct facts *facts);
void github_take_access(const struct github *github, const struct json *json, struct facts *facts);
int github_take_rules(const struct http_exchange *exchange, const struct question *question,
                      const struct json *json, struct facts *facts, struct error *error);
int github_take_ruleset(const struct github *github, struct arena *arena,
                        const struct http_exchange *exchange, const struct json *json,
                        struct facts *facts, struct error *error);

/*
 * Sends a change; whether it ended with `expected`, and if not, how. Changes are a second apart. The
 * exchange is the caller's.
 */
enum write_end github_write(struct github *github, struct http_exchange *exchange, long expected,
                            struct error *error);

/* Is it refused because there is one of that name? In GitHub's code for it, or in words. */
bool github_says_taken(const struct http_exchange *exchange);

/* How a change ended that was sent. */
enum write_end github_write_end(const struct http_exchange *exchange, long expected,
                                struct error *error);

/* The effects about assets. */
void github_asset_effects(struct effects *effects);

/* Adds the assets of a list; -1 where one of them is none. */
int github_parse_assets(const struct json *list, struct arena *arena, struct asset_facts *assets);

/* The questions about the upstream, see github_upstream.c. */
const char *github_upstream_url(const struct github *github, struct arena *arena,
                                const struct question *question);
int github_take_upstream(struct github *github, struct arena *arena,
                         const struct http_exchange *exchange, const struct question *question,
                         struct facts *facts, struct error *error);

/* A comparison's "ahead", "behind", …; false where it is none of them. */
bool github_read_relation(const char *status, enum relation *relation);

/* 0 where the JSON is a release. */
int github_parse_release(const struct json *json, struct arena *arena, struct release *release);

/* The runs of a commit, and what they are to the gates; see github_runs.c. */
const char *github_runs_url(const struct github *github, struct arena *arena, const char *commit);
int github_take_runs(struct github *github, struct arena *arena, const char *commit,
                     const struct http_exchange *exchange, const struct json *json,
                     struct gates *gates, struct error *error);
void github_runs_effects(struct effects *effects);

/* The latest release, or the one that a tag has. */
int github_take_published(struct arena *arena, const struct question *question,
                          const struct http_exchange *exchange, const struct json *json,
                          struct facts *facts, struct error *error);

enum {
    GITHUB_MOST_PAGES = 100,
    GITHUB_PAGES_AT_ONCE = 4, /* so that the memory they take is bounded */
    GITHUB_PULLS_AT_ONCE = 16,
};

const char *github_releases_url(const struct github *github, struct arena *arena, uint32_t page);

/* The address of the page behind, by the Link header, or NULL. */
const char *github_next_page(const struct http_exchange *exchange, struct arena *arena);

/* How many pages the list has that this one is of. */
uint32_t github_last_page(const struct http_exchange *exchange, struct arena *arena);

/* The commits of a release: a page's address, and all of them where the first page is here. */
const char *github_changes_url(const struct github *github, struct arena *arena,
                               const struct question *question, size_t page);
int github_take_changes(struct github *github, struct arena *arena, const struct question *question,
                        const struct http_exchange *exchange, const struct json *json,
                        struct facts *facts, struct error *error);

/* .github/release.yml, one of its two names. */
int github_take_config(struct arena *arena, const struct http_exchange *exchange,
                       const struct json *json, struct facts *facts, struct error *error);

/* One of the pull requests that changelog_wanted names, and what is said about it. */
struct http_exchange github_pull_request(const struct github *github, struct arena *arena,
                                         const char *wanted);
int github_take_pull(struct arena *arena, const char *wanted, const struct http_exchange *exchange,
                     struct pulls *pulls, struct error *error);

/* All that are named, some at once. */
int github_read_pulls(struct github *github, struct arena *arena, const char *wanted,
                      struct pulls *pulls, struct error *error);

/* The first of some words, in the arena; moves `*words` behind it. */
const char *github_next_word(struct arena *arena, const char **words);

/* The releases on one page, added to what is there; `last_page` grows with it. */
int github_take_releases(const struct github *github, const struct http_exchange *exchange,
                         struct arena *arena, const char *tag, struct release_facts *releases,
                         struct error *error);

/* The pages from `first` to the last one, a few at once. A release seen twice counts once. */
int github_read_pages(struct github *github, struct arena *arena, const char *tag, uint32_t first,
                      struct release_facts *releases, struct error *error);

/* The tracking issue: where it is asked for, and the answers with whatever they lead to. */
const char *github_issues_url(const struct github *github, struct arena *arena,
                              const struct question *question);
/* A number that no issue has; what a search may not see is another thing. */
bool github_lacks_issue(const struct http_exchange *exchange);
int github_take_issues(struct github *github, const struct http_exchange *first,
                       struct arena *arena, const struct question *question,
                       struct issue_facts *issues, struct error *error);
const char *github_comments_url(const struct github *github, struct arena *arena, int64_t issue);
int github_take_issue_comments(struct github *github, const struct http_exchange *first,
                               struct arena *arena, const struct question *question,
                               struct issue_comments *comments, struct error *error);
void github_issue_effects(struct effects *effects);

#endif
