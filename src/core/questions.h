/*
 * What must be asked next, given what is known: observing asks until nothing is open. Questions that
 * are open together don't need each other, so they are asked at once, and the number of rounds is
 * the number of sequential round trips.
 */
#ifndef CUT_RELEASE_CORE_QUESTIONS_H
#define CUT_RELEASE_CORE_QUESTIONS_H

#include "core/facts.h"
#include "core/inputs.h"
#include "core/target.h"

struct questions {
    struct question items[QUESTION_COUNT];
    size_t count;
};

struct questions questions_open(struct arena *arena, const struct inputs *inputs,
                                const struct target *target, const struct facts *facts);

/* The source branch's name, or NULL while the repository's default branch isn't known. */
const char *source_branch_name(const struct inputs *inputs, const struct facts *facts);

/*
 * The commit that is to be released: what the tag names or, for a tag to be made, the head that it
 * will be made at. NULL while that isn't known.
 */
const char *release_commit(const struct target *target, const struct facts *facts,
                           const struct git_ref *tag);

#endif
