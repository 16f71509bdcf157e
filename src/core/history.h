/* What the other tags say about a version: neighbours, gaps, the highest (contract, section 5). */
#ifndef CUT_RELEASE_CORE_HISTORY_H
#define CUT_RELEASE_CORE_HISTORY_H

#include "core/facts.h"
#include "core/target.h"

struct history {
    /* NULL where there is none. By SemVer among the tags of the prefix; names that miss the grammar
     * don't count. */
    const struct git_ref *tag;                 /* the target's own */
    const struct git_ref *final_of_candidate;  /* the final release of the target's core */
    const struct git_ref *last_candidate;      /* the highest candidate of its core below it */
    const struct git_ref *candidate_before;    /* with the same label and N-1 */
    const struct git_ref *highest_final_below; /* of the target's core */
    const struct git_ref *patch_before;        /* the final release with PATCH-1 */
    bool is_highest_final;                     /* no final release is above the target's core */
};

void history_read(struct arena *arena, const struct target *target, const struct git_refs *tags,
                  struct history *history);

/*
 * The tag that the notes start from: a candidate's is the candidate before it, or for the first one
 * the highest final below; a final release's is the highest final below. NULL where there is none.
 */
const char *history_previous_tag(const struct target *target, const struct history *history);

/*
 * The highest release branch's MAJOR.MINOR, by the template of its name. False where there is none
 * that fits the template.
 */
bool history_highest_line(struct arena *arena, const char *branch_template,
                          const struct target *target, const struct git_refs *branches,
                          struct version *line);

#endif
