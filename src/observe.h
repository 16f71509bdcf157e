/* Asks until no question is open (see core/questions.h); `facts` holds what is known before. */
#ifndef CUT_RELEASE_OBSERVE_H
#define CUT_RELEASE_OBSERVE_H

#include "world.h"

int observe(struct world *world, struct arena *arena, const struct inputs *inputs,
            const struct target *target, struct facts *facts, struct error *error);

#endif
