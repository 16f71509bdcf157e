/*
 * What has to be there before a release goes out: workflow runs that succeeded for the tag, and images
 * that exist. Both are seen while observing, and waited for while applying.
 */
#ifndef CUT_RELEASE_CORE_GATES_H
#define CUT_RELEASE_CORE_GATES_H

#include "core/image_reference.h"

#include <stddef.h>
#include <stdint.h>

/* What the inputs ask for. */
struct gates_wanted {
    const char **workflows; /* file names: "ci-release.yaml" */
    size_t workflow_count;
    struct image_reference *images;
    size_t image_count;
    const char *own_workflow; /* the file of the workflow that we run in, or NULL */
    int64_t own_run;          /* the run that we are part of, or 0 */
};

enum run_state {
    RUN_MISSING, /* no run of the workflow for the tag */
    RUN_WAITING, /* queued, or under way */
    RUN_SUCCEEDED,
    RUN_FAILED, /* ended otherwise */
};

struct run_fact {
    const char *workflow; /* "ci-release.yaml" */
    enum run_state state;
    int64_t id;       /* 0 where it is missing */
    const char *page; /* for people; NULL where it is missing */
    const char
        *said; /* the server's word for its state: "in_progress", "failure"; NULL if missing */
};

enum image_state {
    IMAGE_MISSING,
    IMAGE_DENIED, /* the registry doesn't say whether there is one */
    IMAGE_FOUND,
};

struct image_fact {
    const char *reference; /* "ghcr.io/owner/name:v0.1.0" */
    enum image_state state;
    const char *digest;    /* "sha256:…" of the index or the manifest; NULL where it is missing */
    const char *platforms; /* "linux/amd64, linux/arm64"; empty where it isn't told */
};

struct gates {
    struct run_fact *runs;
    size_t run_count;
    struct image_fact *images;
    size_t image_count;
    size_t publishing_runs; /* not ended: what publishing the release has started, ours left out */
};

/* A run as the server lists it. */
struct seen_run {
    const char *path;   /* ".github/workflows/ci-release.yaml", perhaps with "@REF" */
    const char *event;  /* "push" */
    const char *branch; /* the tag, where it ran for one */
    const char *commit;
    const char *status, *conclusion; /* "completed", "success"; the second may be NULL */
    const char *page;
    int64_t id;
};

/*
 * The newest run of each wanted workflow for the tag: of those that a push, a person or a release
 * started on it (others, such as of pull requests, happen to have a branch of that name).
 */
void gates_take_runs(struct arena *arena, const struct gates_wanted *wanted, const char *tag,
                     const char *commit, const struct seen_run *seen, size_t count,
                     struct gates *gates);

/* Are there as many as wanted, and all as they should be? */
bool gates_runs_good(const struct gates_wanted *wanted, const struct gates *gates);
bool gates_images_good(const struct gates_wanted *wanted, const struct gates *gates);

/* The first that has failed, or NULL. */
const struct run_fact *gates_failed_run(const struct gates *gates);

/* "ci-release.yaml: in_progress, e2e.yaml: no run yet", of those that are not as they should be. */
const char *gates_runs_text(struct arena *arena, const struct gates *gates);
const char *gates_images_text(struct arena *arena, const struct gates *gates);

const char *run_state_text(enum run_state state);     /* "missing" */
const char *image_state_text(enum image_state state); /* "found" */

#endif
