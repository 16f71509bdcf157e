/* Templates with the names of the outputs in braces: "release-{major}.{minor}". */
#ifndef CUT_RELEASE_CORE_TEMPLATE_H
#define CUT_RELEASE_CORE_TEMPLATE_H

#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>

struct template_value {
    const char *name, *value;
};

/*
 * A name, a title or a message: every brace must be resolved, `${…}` (a shell's variable that nobody
 * expanded) is refused. `what` names the input in the error.
 */
int template_expand(struct arena *arena, const char *what, const char *template,
                    const struct template_value *values, size_t count, const char **expanded,
                    struct error *error);

/* Prose, where braces are common (code): what isn't one of the names stays as it is. */
const char *template_fill(struct arena *arena, const char *template,
                          const struct template_value *values, size_t count);

/* The part of a template ahead of its first brace: "release-". */
const char *template_stem(struct arena *arena, const char *template);

#endif
