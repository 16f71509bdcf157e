/* The text of our part of a release's body. */
#ifndef CUT_RELEASE_CORE_NOTES_H
#define CUT_RELEASE_CORE_NOTES_H

#include "base/arena.h"
#include "core/marker.h"

#include <stdbool.h>

/* GitHub refuses a longer body (422, field body, code custom). Unicode characters. */
enum { NOTES_BODY_LIMIT = 125000 };
/* What is cut leaves room for the comment about the announcement, see announcement.h. */
enum { NOTES_ROOM = 190 };

/* What our part is made of, in this order; each may be NULL or empty. */
struct notes_sections {
    const char *person;     /* the inputs body and body_path */
    const char *highlights; /* the upstream project's */
    const char *generated;  /* the list of changes, with the link to all of them at its end */
};

/* What stands between the markers: the sections, an empty line between them, made harmless. */
const char *notes_part(struct arena *arena, const struct notes_sections *sections);

/*
 * The whole body: `before` and `after` as a person left them, our part between its markers. Where
 * that is too long, the part ends at the end of one of its entries, with a link to `more` and the
 * images' block; *cut says so. An entry's further lines are indented.
 */
const char *notes_body(struct arena *arena, const char *before, const struct marker *marker,
                       const char *part, const char *after, const char *more, bool *cut);

/* Unicode characters of UTF-8. */
size_t notes_length(const char *text);

#endif
