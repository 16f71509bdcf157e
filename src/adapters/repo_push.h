/*
 * Pushing a new tag by libgit2: an annotated tag object that we wrote, create-only for real. What is
 * pushed with it is nothing but the object, since the server has the commit.
 */
#ifndef CUT_RELEASE_ADAPTERS_REPO_PUSH_H
#define CUT_RELEASE_ADAPTERS_REPO_PUSH_H

#include "adapters/repo.h"
#include "base/clock.h"
#include "core/effects.h"

struct repo_push {
    struct repo *repo;        /* the workspace's, NULL where there is none */
    const char *url;          /* "https://github.com/owner/name.git" */
    const char *token;        /* goes to the host of `url` only */
    const char *certificates; /* a PEM file */
    const char *scratch;      /* a folder that doesn't exist yet, for what the clone lacks */
    int64_t stall_seconds;
    const struct clock *clock;
};

/* Is the address on the host of ours? The token goes nowhere else. */
bool repo_is_our_host(const char *ours, const char *address);

/* Fetches a tag's object, where the clone lacks it; `scratch` is used. */
int repo_fetch_tag(const struct repo_push *push, struct arena *arena, const char *tag,
                   const char *object, const char **bytes, size_t *length, struct error *error);

/* The id that a tag object of these bytes has. */
const char *repo_tag_id(struct arena *arena, const char *bytes, size_t length);

/*
 * WRITE_TAKEN where the server has a tag of that name by now, or where the branch doesn't name the
 * commit any more: nothing was pushed then.
 */
enum write_end repo_push_tag(const struct repo_push *push, struct arena *arena,
                             const struct new_tag *tag, struct error *error);

#endif
