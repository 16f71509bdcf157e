/*
 * The patterns of refs in a ruleset's conditions, by Ruby's fnmatch with FNM_PATHNAME:
 * https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/creating-rulesets-for-a-repository
 * Where it isn't certain how GitHub reads one, the two answers differ, so that nobody is refused for
 * a guess.
 */
#ifndef CUT_RELEASE_CORE_REF_PATTERN_H
#define CUT_RELEASE_CORE_REF_PATTERN_H

#include <stdbool.h>

/* Does the pattern name the ref ("refs/tags/v1") by every reading? Also "~ALL". */
bool ref_pattern_names(const char *pattern, const char *ref);

/* Does it by any reading? */
bool ref_pattern_may_name(const char *pattern, const char *ref);

#endif
