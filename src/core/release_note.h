/*
 * The block that authors of pull requests write for the notes, Kubernetes' convention:
 * https://git.k8s.io/community/contributors/guide/release-notes.md
 */
#ifndef CUT_RELEASE_CORE_RELEASE_NOTE_H
#define CUT_RELEASE_CORE_RELEASE_NOTE_H

#include "base/arena.h"

#include <stdbool.h>

/* What stands in a pull request's ```release-note block; NULL where there is none, or nothing in it.
 * *silent where it says NONE. */
const char *release_note_read(struct arena *arena, const char *body, bool *silent);

#endif
