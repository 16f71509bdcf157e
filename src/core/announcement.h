/*
 * What a published release's body says about its announcement: one comment at its end, the only thing
 * in it that a run changes.
 *
 *   <!-- cut-release:announcement state=sending id=cut-release.1f2e….v0.1.0@example.org -->
 *
 * `sending` is written before the mail goes out and `sent` after it, so that a run that was killed in
 * between leaves a trace.
 */
#ifndef CUT_RELEASE_CORE_ANNOUNCEMENT_H
#define CUT_RELEASE_CORE_ANNOUNCEMENT_H

#include "base/arena.h"

enum announcement_state {
    ANNOUNCEMENT_NONE,
    ANNOUNCEMENT_SENDING, /* a mail may have gone out */
    ANNOUNCEMENT_SENT,
};

struct announcement {
    enum announcement_state state;
    const char
        *id; /* the Message-ID without its brackets; NULL where none, or an odd one, is told */
};

void announcement_read(struct arena *arena, const char *body, struct announcement *announcement);

/* The body with the comment set so, or without it (NONE); all the rest as it is. */
const char *announcement_write(struct arena *arena, const char *body,
                               const struct announcement *announcement);

#endif
