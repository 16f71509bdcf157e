/*
 * The comment on the tracking issue, one a tag. It starts with a marker, by which it is found again:
 *
 *   <!-- cut-release:issue tag=… recipe=… text=… -->
 *
 * Only at the very start of a comment does the marker count: who quotes it has something ahead of it.
 */
#ifndef CUT_RELEASE_CORE_ISSUE_TEXT_H
#define CUT_RELEASE_CORE_ISSUE_TEXT_H

#include "base/arena.h"
#include "core/facts.h"
#include "core/gates.h"

/* What the comment tells. */
struct issue_story {
    const char *tag, *commit;
    const char *branch;     /* NULL where there is none */
    const char *tag_object; /* NULL: a lightweight tag */
    const char *page;       /* the release's */
    bool candidate;
    const char *signature;  /* "signed by", "not signed" */
    const char *signer;     /* whoever signed: foreign text, or NULL */
    struct gates gates;     /* the workflows and images that were asked for */
    const char *message_id; /* of the announcement that was sent, else NULL */
};

/*
 * A hash of what the comment is made from. The signature's words are left out: the run that signs
 * knows them otherwise than the runs that verify, and neither is a reason to write the comment again.
 */
uint64_t issue_recipe(const struct issue_story *story);

/* The whole comment. What others wrote stands in it as code: it mentions nobody, and links nothing. */
const char *issue_comment_text(struct arena *arena, const struct issue_story *story);

/* Fills tag, recipe and intact of a comment; false where its text isn't one of ours. */
bool issue_comment_read(struct arena *arena, const char *body, struct issue_comment *comment);

#endif
