/* What the inputs `workflows` and `images` ask for. */
#ifndef CUT_RELEASE_CORE_GATES_WANTED_H
#define CUT_RELEASE_CORE_GATES_WANTED_H

#include "core/context.h"
#include "core/gates.h"
#include "core/names.h"

/* Refuses lines that are no workflow file, or no image reference. */
int gates_want(struct arena *arena, const struct inputs *inputs, const struct context *context,
               const struct names *names, const char *tag, struct gates_wanted *wanted,
               struct error *error);

#endif
