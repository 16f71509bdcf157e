/*
 * Which releases of the upstream are new: all final ones, by SemVer, between the version that go.mod
 * had at the previous tag and the one that it has now; without a module the latest.
 */
#ifndef CUT_RELEASE_CORE_UPSTREAM_H
#define CUT_RELEASE_CORE_UPSTREAM_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { UPSTREAM_MOST_RELEASES = 20 };

struct upstream_release {
    const char *tag, *body;
};

struct upstream_facts {
    struct upstream_release *items; /* the highest first */
    size_t count;
    size_t left_out; /* lower ones, beyond UPSTREAM_MOST_RELEASES */
    bool missing;    /* there is no such repository, or the token may not see it */
};

/* What is asked for. */
struct upstream_range {
    bool wanted;
    const char *after; /* exclusive; NULL: the highest one alone */
    const char *up_to; /* inclusive; NULL: the latest */
    /* Why nothing is wanted, where a person should know; or what is wrong with the inputs. */
    const char *notice, *refusal;
};

/* `now` and `before` are go.mod's texts, NULL where there is no such file. */
void upstream_by_module(struct arena *arena, const char *module, const char *now,
                        const char *before, struct upstream_range *range);

/* A release that was published and is no pre-release; it is kept if it is one of the range. */
void upstream_offer(struct arena *arena, struct upstream_facts *upstream,
                    const struct upstream_range *range, const struct upstream_release *release);

#endif
