/*
 * Which issue is the tracking issue, and which of our comments on it is the one. Every run, also one
 * that races with others, finds the same.
 */
#ifndef CUT_RELEASE_CORE_ISSUE_CHOICE_H
#define CUT_RELEASE_CORE_ISSUE_CHOICE_H

#include "core/facts.h"
#include "core/inputs.h"
#include "core/target.h"

/* The title that tracking issues have, of the final version also for a candidate: "Release v0.1.0". */
const char *issue_title(struct arena *arena, const struct target *target);

/* Small letters and capitals, and how many blanks there are, make no difference. */
bool issue_title_is(const char *title, const char *wanted);

enum issue_found {
    ISSUE_NONE, /* none bears the title, or none that counts */
    ISSUE_ONE,
    ISSUE_SEVERAL,
    ISSUE_MISSING, /* there is none of the number */
    ISSUE_PULL_REQUEST,
    ISSUE_ELSEWHERE, /* it was moved to another repository */
};

struct issue_choice {
    enum issue_found found;
    const struct issue *winner; /* of ONE */
    const char *numbers;        /* of SEVERAL: "#7, #9" */
    const char *strangers;      /* open ones with the title that no maintainer wrote; NULL: none */
    const char *to_ask;         /* numbers of the issues whose comments tell: "7,9"; NULL: none */
};

/* May be asked before the comments are known: then a closed issue isn't found yet. */
void issue_choose(struct arena *arena, const struct inputs *inputs, const struct target *target,
                  const struct facts *facts, struct issue_choice *choice);

struct comment_choice {
    const struct issue_comment *winner;  /* NULL: one must be made */
    const struct issue_comment **losers; /* of ours for the same tag, as we wrote them */
    size_t loser_count;
};

/* One that a person edited, else the lowest id: of an issue's comments, those for the tag. */
void comment_choose(struct arena *arena, const struct issue_comments *comments, int64_t issue,
                    const char *tag, struct comment_choice *choice);

#endif
