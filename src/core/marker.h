/*
 * The marker: an HTML comment at each end of our part of a release's body. It tells our draft from
 * others, and a person's edits from our text. What is outside is never touched.
 *
 *   <!-- cut-release:begin tag=… commit=… recipe=… title=… text=… -->
 *   our part
 *   <!-- cut-release:end -->
 */
#ifndef CUT_RELEASE_CORE_MARKER_H
#define CUT_RELEASE_CORE_MARKER_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct marker {
    const char *tag, *commit;
    uint64_t recipe; /* of what the part is made from: the inputs, not the answers */
    uint64_t title;  /* of the title that was set with it */
};

enum marked {
    MARKED_NONE,     /* no marker: somebody else's text */
    MARKED_INTACT,   /* our part, as we wrote it */
    MARKED_EDITED,   /* our part, changed by a person */
    MARKED_TAMPERED, /* markers that are doubled, cut or out of order: nobody can say what is ours */
};

struct marked_body {
    enum marked state;
    struct marker marker;              /* of INTACT and EDITED */
    const char *before, *part, *after; /* what stands ahead, between and behind; never NULL */
};

/* A hash that finds edits (FNV-1a, 64 bits); line endings and blanks at the end don't count, since
 * GitHub's editor rewrites them. It is no defence against forgery: who can forge it may edit the
 * draft anyway. */
uint64_t marker_hash(const char *text);

void marker_read(struct arena *arena, const char *body, struct marked_body *marked);

/* Adds `part` between markers. */
void marker_write(struct text *out, const struct marker *marker, const char *part);

/* The next comment that begins with `word`, and behind its "-->"; NULL where there is none. */
const char *marker_find(const char *text, const char *word, const char **end);

/* The value of " name=" in such a comment, or NULL. */
const char *marker_field(struct arena *arena, const char *comment, const char *end,
                         const char *name);

/* Adds foreign text in which nothing can be taken for one of our markers. */
void marker_add_harmless(struct text *out, const char *foreign);

#endif
