#include "adapters/repo_push.h"

#include "adapters/repo_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <string.h>

enum { HIGHEST_PRIORITY = 999 };

CLEANUP_POINTER(git_object *, git_object_free)
CLEANUP_POINTER(git_odb *, git_odb_free)
CLEANUP_POINTER(git_remote *, git_remote_free)
CLEANUP_POINTER(git_repository *, git_repository_free)

/* What the callbacks of a push need, and what they found. */
struct pushing {
    const struct repo_push *push;
    bool refused;
    bool taken;      /* the ref is there already: nothing was sent */
    bool handed_out; /* the token was asked for already: asked again, it isn't accepted */
    struct text reason;
};

bool repo_is_our_host(const char *ours, const char *address)
{
    const char *host = strstr(ours, "://");
    size_t const length = host ? (size_t)(host - ours) + 3 + strcspn(host + 3, "/") : 0;

    /* With what ends it: github.com.example.org begins like github.com. */
    return length && strncmp(ours, address, length) == 0 &&
           (address[length] == '/' || !address[length]);
}

static int hand_token(git_credential **out, const char *url, const char *user, unsigned int types,
                      void *state)
{
    struct pushing *pushing = state;

    (void)user;
    /* A redirect to another host asks anew: the token doesn't go there. */
    if (!(types & GIT_CREDENTIAL_USERPASS_PLAINTEXT) || pushing->handed_out ||
        !repo_is_our_host(pushing->push->url, url))
        return GIT_EAUTH;
    pushing->handed_out = true;
    return git_credential_userpass_plaintext_new(out, "x-access-token", pushing->push->token);
}

static int note_refusal(const char *ref, const char *status, void *state)
{
    struct pushing *pushing = state;

    (void)ref;
    if (status) {
        pushing->refused = true;
        text_add_foreign(&pushing->reason, status, 400);
    }
    return 0;
}

/* What the server prints for people: the reasons of rulesets stand here. */
static int note_words(const char *words, int length, void *state)
{
    struct pushing *pushing = state;

    if (pushing->reason.length < 2000) {
        CLEANUP(text_free) struct text line = {0};

        text_add_bytes(&line, words, (size_t)length);
        text_add_foreign(&pushing->reason, text_string(&line), 1000);
    }
    return clock_interrupted(pushing->push->clock) ? -1 : 0;
}

/* What goes to the server: one ref that isn't there (its old id is zero), else nothing at all. */
static int check_updates(const git_push_update **updates, size_t count, void *state)
{
    struct pushing *pushing = state;

    pushing->taken = count != 1 || !git_oid_is_zero(&updates[0]->src);
    return pushing->taken ? -1 : 0;
}

static git_remote_callbacks callbacks_of(struct pushing *pushing)
{
    git_remote_callbacks callbacks = GIT_REMOTE_CALLBACKS_INIT;

    callbacks.credentials = hand_token;
    callbacks.push_negotiation = check_updates;
    callbacks.push_update_reference = note_refusal;
    callbacks.sideband_progress = note_words;
    callbacks.payload = pushing;
    return callbacks;
}

/* libgit2 tells what went wrong in words only. */
static enum error_code code_of_failure(const struct repo_push *push, const char *words)
{
    if (clock_interrupted(push->clock))
        return ERROR_INTERRUPTED;
    if (strcasestr(words, "certificate"))
        return ERROR_TLS;
    if (strstr(words, "unexpected http status code: 5"))
        return ERROR_SERVER;
    if (strstr(words, "unexpected http status code: 429"))
        return ERROR_RATE_LIMIT;
    if (strstr(words, "unexpected http status code: 403"))
        return ERROR_PERMISSION;
    if (strstr(words, "timed out") || strstr(words, "0xffffffdb"))
        return ERROR_TIMEOUT;
    return ERROR_UNREACHABLE;
}

static enum write_end network_error(const struct repo_push *push, enum write_end end,
                                    struct error *error)
{
    const char *words = repo_last_words();
    enum error_code const code = code_of_failure(push, words);
    const char *remedy = "run it again";

    if (code == ERROR_RATE_LIMIT)
        remedy = "run it again later";
    else if (code == ERROR_PERMISSION) /* 403 is a secondary rate limit's status too */
        remedy = "give the token contents: write; if it has that, run it again later";
    error_set(error, code, remedy, "%s: %s", push->url, words);
    return end;
}

enum { MOST_RETRIES = 5, FIRST_BACKOFF_MS = 250 };

/*
 * May a read that failed be tried again, as requests are (contract, section 7)? Waits before it says
 * yes. One that ran into its timeout is tried twice in all.
 */
static bool may_try_again(const struct repo_push *push, int result, int64_t began_ms, int attempt)
{
    bool const timed_out = clock_now_ms(push->clock) - began_ms >= push->stall_seconds * 1000;

    if (result == GIT_EAUTH || result == GIT_ECERTIFICATE || clock_interrupted(push->clock) ||
        attempt >= (timed_out ? 1 : MOST_RETRIES))
        return false;
    clock_sleep_ms(push->clock, FIRST_BACKOFF_MS << attempt);
    return !clock_interrupted(push->clock);
}

static enum write_end explain_refusal(const struct pushing *pushing, const struct new_tag *tag,
                                      struct error *error)
{
    const char *reason = text_string(&pushing->reason);

    if (strcasestr(reason, "workflow"))
        error_set(error, ERROR_WORKFLOWS,
                  "push the branch first, or give the token of an App with workflows: write; no "
                  "permissions key of a workflow grants it",
                  "the server refuses the tag %s: %s", tag->name, reason);
    else if (strcasestr(reason, "GH013") || strcasestr(reason, "rule violation") ||
             strcasestr(reason, "GH006") || strcasestr(reason, "protected"))
        error_set(error, ERROR_RULESET,
                  "put who runs this on the rule's bypass list, or push the tag by hand",
                  "the server refuses the tag %s: %s", tag->name, reason);
    else
        error_set(error, ERROR_REJECTED, NULL, "the server refuses the tag %s: %s", tag->name,
                  reason);
    return WRITE_FAILED;
}

/* ---- where it is pushed from ----------------------------------------------------------------------- */

static bool has_commit(git_repository *git, const char *commit)
{
    CLEANUP(git_object_free_cleanup) git_object *object = NULL;
    git_oid id;

    return git_oid_fromstr(&id, commit) == 0 &&
           git_object_lookup(&object, git, &id, GIT_OBJECT_COMMIT) == 0;
}

/*
 * No configuration decides where we push: an earlier step may have written url.X.insteadOf or a proxy
 * into the clone's, or into the home's.
 */
static int forget_configuration(git_repository *git)
{
    git_config *none = NULL;
    int result = git_config_new(&none);

    if (!result)
        result = git_repository_set_config(git, none);
    git_config_free(none);
    return result;
}

/* A scratch repository gets what a ref names, without its history. */
static int fetch(const struct repo_push *push, struct arena *arena, const char *ref,
                 struct pushing *pushing, git_repository **git)
{
    CLEANUP(git_remote_free_cleanup) git_remote *remote = NULL;
    git_fetch_options options = GIT_FETCH_OPTIONS_INIT;
    char *refspec = arena_print(arena, "+%s:%s", ref, ref);
    git_strarray refspecs = {&refspec, 1};

    options.callbacks = callbacks_of(pushing);
    options.callbacks.sideband_progress = NULL;
    options.depth = 1;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    options.proxy_opts.type = GIT_PROXY_AUTO;
    if (git_repository_init(git, push->scratch, 1) < 0 || forget_configuration(*git) < 0 ||
        git_remote_create_anonymous(&remote, *git, push->url) < 0)
        return -1;
    for (int attempt = 0;; attempt++) {
        int64_t const began = clock_now_ms(push->clock);
        int const result = git_remote_fetch(remote, &refspecs, &options, NULL);

        if (result >= 0 || !may_try_again(push, result, began, attempt))
            return result;
        pushing->handed_out = false;
    }
}

static int open_source(const struct repo_push *push, struct arena *arena, const struct new_tag *tag,
                       struct pushing *pushing, git_repository **git)
{
    if (push->repo && has_commit(push->repo->git, tag->commit)) {
        int const opened = git_repository_open(git, git_repository_path(push->repo->git));

        return opened < 0 ? opened : forget_configuration(*git);
    }
    return fetch(push, arena, arena_print(arena, "refs/heads/%s", tag->branch), pushing, git);
}

/* The object goes into memory: the workspace may be read-only, and is not ours to change. */
static int write_object(git_repository *git, const struct new_tag *tag, git_oid *id)
{
    CLEANUP(git_odb_free_cleanup) git_odb *odb = NULL;
    git_odb_backend *memory = NULL;

    if (git_repository_odb(&odb, git) < 0 || git_mempack_new(&memory) < 0)
        return -1;
    if (git_odb_add_backend(odb, memory, HIGHEST_PRIORITY) < 0) {
        memory->free(memory);
        return -1;
    }
    return git_odb_write(id, odb, tag->bytes, tag->length, GIT_OBJECT_TAG);
}

/* ---- pushing ----------------------------------------------------------------------------------------- */

/*
 * libgit2 takes the old id of a ref from its own listing, and lets a fast-forward pass. So we look
 * at that listing: the tag must be absent, which makes the old id zero, and then the server refuses
 * it itself if another was quicker.
 */
static bool is_as_planned(git_remote *remote, struct arena *arena, const struct new_tag *tag)
{
    const char *tag_ref = arena_print(arena, "refs/tags/%s", tag->name);
    const char *branch_ref = arena_print(arena, "refs/heads/%s", tag->branch);
    const git_remote_head **heads;
    bool branch_is_there = false;
    size_t count;

    if (git_remote_ls(&heads, &count, remote) < 0)
        return false;
    for (size_t i = 0; i < count; i++) {
        char id[GIT_OID_MAX_HEXSIZE + 1];

        git_oid_tostr(id, sizeof(id), &heads[i]->oid);
        if (strings_equal(heads[i]->name, tag_ref))
            return false;
        if (strings_equal(heads[i]->name, branch_ref))
            branch_is_there = strings_equal(id, tag->commit);
    }
    return branch_is_there;
}

static enum write_end upload(git_remote *remote, struct arena *arena, const struct new_tag *tag,
                             const git_oid *id, struct pushing *pushing, struct error *error)
{
    git_push_options options = GIT_PUSH_OPTIONS_INIT;
    char hex[GIT_OID_MAX_HEXSIZE + 1];
    char *refspec =
        arena_print(arena, "%s:refs/tags/%s", git_oid_tostr(hex, sizeof(hex), id), tag->name);
    git_strarray refspecs = {&refspec, 1};

    options.callbacks = callbacks_of(pushing);
    options.proxy_opts.type = GIT_PROXY_AUTO;
    int const result = git_remote_upload(remote, &refspecs, &options);
    if (pushing->taken)
        return WRITE_TAKEN;
    /* Made by another after our look: git's own words, "cannot lock ref …: reference already exists". */
    if (pushing->refused && strstr(text_string(&pushing->reason), "reference already exists"))
        return WRITE_TAKEN;
    if (pushing->refused)
        return explain_refusal(pushing, tag, error);
    if (result == GIT_ENONFASTFORWARD)
        return WRITE_TAKEN;
    return result < 0 ? network_error(pushing->push, WRITE_LOST, error) : WRITE_DONE;
}

static enum write_end connect_and_upload(git_repository *git, struct arena *arena,
                                         const struct new_tag *tag, const git_oid *id,
                                         struct pushing *pushing, struct error *error)
{
    CLEANUP(git_remote_free_cleanup) git_remote *remote = NULL;
    git_remote_callbacks callbacks = callbacks_of(pushing);
    git_proxy_options proxy = GIT_PROXY_OPTIONS_INIT;
    enum write_end end;

    proxy.type = GIT_PROXY_AUTO;
    int result = git_remote_create_anonymous(&remote, git, pushing->push->url);
    for (int attempt = 0; !result; attempt++) {
        int64_t const began = clock_now_ms(pushing->push->clock);

        pushing->handed_out = false;
        result = git_remote_connect(remote, GIT_DIRECTION_PUSH, &callbacks, &proxy, NULL);
        if (result >= 0 || !may_try_again(pushing->push, result, began, attempt))
            break;
        result = 0;
    }
    if (result == GIT_EAUTH) {
        error_set(error, ERROR_PERMISSION, "give the token contents: write",
                  "the token may not push to %s", pushing->push->url);
        return WRITE_FAILED;
    }
    if (result < 0)
        return network_error(pushing->push, WRITE_FAILED, error);
    if (is_as_planned(remote, arena, tag))
        end = upload(remote, arena, tag, id, pushing, error);
    else
        end = WRITE_TAKEN;
    git_remote_disconnect(remote);
    return end;
}

static void set_options(const struct repo_push *push)
{
    git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, push->certificates, NULL);
    git_libgit2_opts(GIT_OPT_SET_SERVER_CONNECT_TIMEOUT, 10000);
    git_libgit2_opts(GIT_OPT_SET_SERVER_TIMEOUT, (int)push->stall_seconds * 1000);
}

static enum write_end push_from(git_repository *git, struct arena *arena, const struct new_tag *tag,
                                struct pushing *pushing, struct error *error)
{
    git_oid id;

    if (write_object(git, tag, &id) < 0) {
        error_set(error, ERROR_INTERNAL, NULL, "the tag object can't be written: %s",
                  repo_last_words());
        return WRITE_FAILED;
    }
    return connect_and_upload(git, arena, tag, &id, pushing, error);
}

enum write_end repo_push_tag(const struct repo_push *push, struct arena *arena,
                             const struct new_tag *tag, struct error *error)
{
    CLEANUP(git_repository_free_cleanup) git_repository *git = NULL;
    struct pushing pushing = {.push = push};
    enum write_end end;

    repo_start_library();
    set_options(push);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    int const opened = open_source(push, arena, tag, &pushing, &git);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
    if (opened < 0)
        end = network_error(push, WRITE_FAILED, error);
    else
        end = push_from(git, arena, tag, &pushing, error);
    text_free(&pushing.reason);
    return end;
}

const char *repo_tag_id(struct arena *arena, const char *bytes, size_t length)
{
    char hex[GIT_OID_MAX_HEXSIZE + 1];
    git_oid id;

    if (git_odb_hash(&id, bytes, length, GIT_OBJECT_TAG) < 0)
        return "";
    return arena_copy(arena, git_oid_tostr(hex, sizeof(hex), &id));
}

int repo_fetch_tag(const struct repo_push *push, struct arena *arena, const char *tag,
                   const char *object, const char **bytes, size_t *length, struct error *error)
{
    CLEANUP(git_repository_free_cleanup) git_repository *git = NULL;
    struct pushing pushing = {.push = push};
    struct repo repo = {.git = NULL};

    repo_start_library();
    set_options(push);
    int const result = fetch(push, arena, arena_print(arena, "refs/tags/%s", tag), &pushing, &git);
    text_free(&pushing.reason);
    if (result < 0) {
        network_error(push, WRITE_FAILED, error);
        return -1;
    }
    repo.git = git;
    if (!repo_tag_bytes(&repo, arena, object, bytes, length))
        return error_set(error, ERROR_TAG_OBJECT, "run it again",
                         "the tag object %.12s was expected by git, the server doesn't give it",
                         object);
    return 0;
}
