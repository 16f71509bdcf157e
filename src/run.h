#ifndef CUT_RELEASE_RUN_H
#define CUT_RELEASE_RUN_H

#include "base/clock.h"

/*
 * The whole run. `arguments` (without the program's name) and `environment` end with NULL. Returns
 * the exit status (contract, section 7).
 */
int run(const char *const *arguments, const char *const *environment, const struct clock *clock);

#endif
