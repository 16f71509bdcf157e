/*
 * What has to be there before a release goes out: workflow runs that succeeded for the tag, and images
 * that exist. Both are seen while observing, and waited for while applying.
 */
#ifndef CUT_RELEASE_CORE_GATES_H
#define CUT_RELEASE_CORE_GATES_H

#include <stddef.h>
#include <stdint.h>

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
};

enum image_state { IMAGE_MISSING, IMAGE_FOUND };

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
};

#endif
