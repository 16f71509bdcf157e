/* The text of our part of a release's body. */
#ifndef CUT_RELEASE_CORE_NOTES_H
#define CUT_RELEASE_CORE_NOTES_H

#include "base/arena.h"
#include "core/marker.h"

#include <stdbool.h>

/* GitHub refuses a longer body (422, field body, code custom). Unicode characters. */
enum { NOTES_BODY_LIMIT = 125000 };

/*
 * What stands between the markers: the person's text, a blank line, the generated notes, made
 * harmless. Either may be NULL.
 */
const char *notes_part(struct arena *arena, const char *person, const char *generated);

/* The generated notes where GitHub must not choose the range: there is no previous tag. */
const char *notes_of_first_release(struct arena *arena, const char *changes_page);

/*
 * The whole body: `before` and `after` as a person left them, our part between its markers. Where
 * that is too long, the part ends at the end of one of its lines, with a link to `more` and the
 * images' block; *cut says so.
 */
const char *notes_body(struct arena *arena, const char *before, const struct marker *marker,
                       const char *part, const char *after, const char *more, bool *cut);

/* Unicode characters of UTF-8. */
size_t notes_length(const char *text);

#endif
