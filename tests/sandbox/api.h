/*
 * The REST interface: one table of endpoints (endpoints.c), each with the permission that it
 * needs, its documented query parameters and its page of GitHub's documentation.
 */
#ifndef SANDBOX_API_H
#define SANDBOX_API_H

#include "git.h"
#include "state.h"

enum { ARGS_MAX = 4 };

struct call;

struct endpoint {
    const char *method;
    const char *path;     /* below the repository; "{x}" one segment, "{x...}" all that follows */
    const char *accepted; /* x-accepted-github-permissions, such as "contents=read" */
    const char *query;    /* documented parameters, separated by spaces */
    const char *page;     /* below https://docs.github.com/rest/ */
    void (*handle)(struct call *call);
};

extern const struct endpoint endpoints[]; /* the last one has no method */

struct call {
    struct request *request;
    struct answer *answer;
    struct log_entry *entry;
    const struct endpoint *endpoint;
    const struct fault *fault;
    const cJSON *who;     /* the token's entry in the configuration; NULL without a token */
    char *args[ARGS_MAX]; /* decoded */
    cJSON *body;          /* the JSON that was sent, or NULL */
};

/* api.c */
void api_serve(struct request *request, struct answer *answer, struct log_entry *entry,
               const struct fault *fault);
/* The headers that all of GitHub's API answers have, for faults that answer themselves too. */
void api_headers(struct request *request, struct answer *answer);
/* Takes over `json`. */
void reply(struct call *call, int status, cJSON *json);
void reply_error(struct call *call, int status, const char *message);
/* 422 "Validation Failed" with one error; `message` may be NULL. */
void reply_invalid(struct call *call, const char *resource, const char *field, const char *code,
                   const char *message);
void add_invalid(cJSON *errors, const char *resource, const char *field, const char *code,
                 const char *message);
void reply_errors(struct call *call, cJSON *errors);
bool call_may(const struct call *call, const char *permission, const char *level);
const char *call_login(const struct call *call);
char *call_query(const struct call *call, const char *name);
/* Parses the request's body against `fields`, "name:type …" with type s(tring), b(oolean),
 * o(bject), a trailing "!" for a required one; answers 400 or 422 itself and returns false. */
bool call_body(struct call *call, const char *fields);
const char *body_text(const struct call *call, const char *name);
/* Cuts an array to the page that was asked for and sets the Link header. */
cJSON *call_page(struct call *call, cJSON *list);
struct page {
    size_t first; /* index of its first entry */
    size_t size;
    size_t number;
};
struct page page_asked(const struct call *call, size_t usual);
void page_links(struct call *call, struct page page, size_t count);

/* api_upstream.c: false where the path is none of another repository's that is known. */
bool upstream_serve(struct call *call, const char *path);

/* auth.c */
/* The entry of the token that the request carries; false where a token is sent that is unknown. */
bool auth_find(struct request *request, const cJSON **who);
/* "none" < "read" < "write" */
bool auth_may(const cJSON *who, const char *permission, const char *level);

/* rules.c: why may `ref` not be changed so? NULL where it may. */
struct refusal {
    char *reason; /* for git: what follows "! [remote rejected] a -> b" */
    char *remote; /* for git: the lines that the server prints */
    char *rest;   /* for the API: the 422's message */
    int status;   /* for the API */
};
bool rules_refuse(struct pool *pool, const cJSON *who, const char *ref, const char *old_sha,
                  const char *new_sha, struct refusal *refusal);
cJSON *rules_of_branch(const char *branch);
cJSON *ruleset_by_id(const char *id, const cJSON *who);
cJSON *rulesets_json(const char *targets);

/* Objects that several endpoints show. */
cJSON *user_json(struct pool *pool, const char *login);
cJSON *commit_json(struct pool *pool, const struct object *commit);
cJSON *git_commit_json(struct pool *pool, struct object *commit);
cJSON *verification_json(struct pool *pool, const struct object *object, const char *tag);
cJSON *release_json(struct pool *pool, const cJSON *release);
cJSON *asset_json(struct pool *pool, const cJSON *release, const cJSON *asset);
void json_add_clean(struct pool *pool, cJSON *object, const char *name, const char *text);
char *repo_url(struct pool *pool, const char *rest);
/* Branch, tag or sha to its commit, the way the API takes a commit-ish. */
struct object *commit_named(struct pool *pool, const char *name);
/* Does a pull request have the commit, or was it merged as it? */
bool pull_has_commit(const cJSON *pull, const struct object *commit);
/* The body of generated notes, made as GitHub makes it. */
char *notes_text(struct pool *pool, const char *tag, struct object *head, const char *previous,
                 struct object *base);
/* The tag to compare with where none is named: that of the latest release. */
const char *notes_previous(const char *tag);
/* Creates a ref where there is none; false where there is one. */
bool create_ref(const char *ref, const char *sha);
void refs_note_created(const char *name);
cJSON *created_take(void);
void created_put(const cJSON *kept);
/* The newest `count` refs that were made through the sandbox, for the fault "lag". */
bool ref_is_new(const char *name, int count);

/* api_runs.c: the runs that clients have started; did a workflow succeed for a tag? */
cJSON *dispatches_state(void);
bool workflow_succeeded(const char *workflow, const char *tag);
cJSON *runs_take(void);
void runs_put(const cJSON *kept);

/* The handlers, by file. */
void handle_repo_get(struct call *call);
void handle_rules_branch(struct call *call);
void handle_ruleset(struct call *call);
void handle_rulesets(struct call *call);
void handle_runs(struct call *call);
void handle_workflow_runs(struct call *call);
void handle_dispatch(struct call *call);
void handle_immutable(struct call *call);
void handle_refs_matching(struct call *call);
void handle_ref_get(struct call *call);
void handle_ref_create(struct call *call);
void handle_ref_update(struct call *call);
void handle_ref_delete(struct call *call);
void handle_tree_get(struct call *call);
void handle_blob_get(struct call *call);
void handle_contents_get(struct call *call);
void handle_tag_get(struct call *call);
void handle_tag_create(struct call *call);
void handle_git_commit_get(struct call *call);
void handle_commit_get(struct call *call);
void handle_compare(struct call *call);
void handle_commits_list(struct call *call);
void handle_commit_pulls(struct call *call);
void handle_pull_get(struct call *call);
void handle_contents_get(struct call *call);
void handle_releases_list(struct call *call);
void handle_release_create(struct call *call);
void handle_release_get(struct call *call);
void handle_release_by_tag(struct call *call);
void handle_release_latest(struct call *call);
void handle_release_update(struct call *call);
void handle_release_delete(struct call *call);
void handle_notes(struct call *call);
void handle_assets_list(struct call *call);
void handle_asset_get(struct call *call);
void handle_asset_delete(struct call *call);
void handle_asset_upload(struct call *call);
void handle_issues_list(struct call *call);
void handle_issue_get(struct call *call);
void handle_issue_update(struct call *call);
void handle_issue_comments(struct call *call);
void handle_comment_create(struct call *call);
void handle_comment_update(struct call *call);
void handle_comment_delete(struct call *call);
void handle_search_issues(struct call *call);

#endif
