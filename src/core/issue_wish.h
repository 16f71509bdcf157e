/* What the tracking issue should look like: the comment, the boxes, closed or not. */
#ifndef CUT_RELEASE_CORE_ISSUE_WISH_H
#define CUT_RELEASE_CORE_ISSUE_WISH_H

#include "core/checklist.h"
#include "core/issue_text.h"

struct issue_wish {
    const struct issue *issue; /* NULL: there is none to tell */
    struct issue_story story;
    struct checklist checklist;
    bool closes; /* a final release closes it */

    /* What else makes evidence, of the inputs and the tag. */
    bool signed_tag;    /* its signature is good, or this run signs it */
    bool with_notes;    /* generated ones */
    bool with_assets;   /* files were to be uploaded by this run */
    bool counts_assets; /* only what the release really has is evidence */
};

/* Takes what is known by now: while planning what was observed, while applying what was done. */
void issue_wish_settle(struct issue_wish *wish, const struct release *release,
                       const struct gates *gates, const char *message_id);

/* What is to be changed on an issue as it is now. */
struct issue_change {
    const char *body; /* with its boxes ticked; NULL: none to tick */
    size_t ticks;
    bool close;
};

struct issue_change issue_change_of(struct arena *arena, const struct issue_wish *wish,
                                    const struct issue *issue);

#endif
