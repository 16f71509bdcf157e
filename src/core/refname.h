/* The names that Git allows for a branch (git-check-ref-format(1)). */
#ifndef CUT_RELEASE_CORE_REFNAME_H
#define CUT_RELEASE_CORE_REFNAME_H

#include <stdbool.h>

bool refname_is_valid(const char *name);

#endif
