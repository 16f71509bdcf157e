/*
 * Where a run happens: what GitHub's runner sets in the environment, and what the event file says.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 */
#ifndef CUT_RELEASE_CORE_CONTEXT_H
#define CUT_RELEASE_CORE_CONTEXT_H

#include "base/arena.h"
#include "core/inputs.h"

#include <stdbool.h>

struct context {
    bool on_github; /* a runner started us; else this is a laptop */
    bool commands;  /* the log is read for workflow commands (GITHUB_ACTIONS=true) */

    /* Never NULL, empty where not set. */
    const char *api_url, *server_url; /* without a slash at the end */
    const char *repository;           /* owner/name */
    const char *ref;
    const char *event_name, *event_path;
    const char *workspace;
    const char *output_path, *summary_path;
    const char *action_repository;
    const char *workflow_ref; /* owner/name/.github/workflows/cut.yaml@refs/heads/main */
    const char *run_id;
    const char *certificates; /* SSL_CERT_FILE */
    const char *token;        /* the input, else GITHUB_TOKEN or GH_TOKEN on a laptop */
};

/*
 * What the event's payload says, as far as a release needs it.
 * https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */
struct event {
    /* NULL where the payload doesn't have it. */
    const char *ref, *after; /* of a push: what the ref names by now */
    const char *head_commit; /* of a push: the commit, also where `after` is a tag object */
    bool deleted;
    const char *full_name, *default_branch; /* of the repository */
    const char *action;                     /* of a release event: "published" */
    const char *release_tag;                /* of a release event */
    const char *run_branch, *run_head;      /* of a workflow_run */
};

/* Fills all but the token. */
void context_read(struct arena *arena, const char *const *environment, struct context *context);
void context_read_token(const char *const *environment, const struct inputs *inputs,
                        struct context *context);

#endif
