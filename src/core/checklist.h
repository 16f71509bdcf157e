/*
 * The boxes of a release's checklist, "- [ ] Push the tag" in an issue's text. Which line is true is
 * decided by a table of words and by evidence; where it isn't plain, a box stays as it is.
 */
#ifndef CUT_RELEASE_CORE_CHECKLIST_H
#define CUT_RELEASE_CORE_CHECKLIST_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* What a run knows to be true: bits. */
enum evidence {
    EVIDENCE_BRANCH = 1 << 0,      /* the release branch is there */
    EVIDENCE_TAG = 1 << 1,         /* the tag is pushed */
    EVIDENCE_SIGNED = 1 << 2,      /* and its signature was verified */
    EVIDENCE_WORKFLOWS = 1 << 3,   /* the workflows that were asked for have succeeded */
    EVIDENCE_QUICKSTART = 1 << 4,  /* one of them tests the quickstart */
    EVIDENCE_IMAGES = 1 << 5,      /* the images that were asked for are there */
    EVIDENCE_RELEASE = 1 << 6,     /* there is a release of the tag */
    EVIDENCE_TITLE = 1 << 7,       /* whose title is the tag */
    EVIDENCE_NOTES = 1 << 8,       /* with generated notes */
    EVIDENCE_HIGHLIGHTS = 1 << 9,  /* and the upstream's highlights */
    EVIDENCE_PRERELEASE = 1 << 10, /* it is marked as a pre-release */
    EVIDENCE_ASSETS = 1 << 11,     /* it has the files */
    EVIDENCE_PUBLISHED = 1 << 12,
    EVIDENCE_MAIL = 1 << 13,   /* the announcement is sent */
    EVIDENCE_LINK = 1 << 14,   /* the issue links the release */
    EVIDENCE_CLOSED = 1 << 15, /* the issue is closed, or closed with the same change */
};

struct checklist {
    unsigned evidence;
    bool candidate;      /* the release is one: only lines that speak of candidates are ticked */
    const char *tag;     /* "v0.1.0-rc.1" */
    const char *version; /* "0.1.0-rc.1" */
    const char *branch;  /* "release-0.1" */
};

/*
 * The text with the boxes ticked that are true by now, nothing else changed; how many in *count.
 * NULL where there are none.
 */
const char *checklist_tick(struct arena *arena, const char *text, const struct checklist *checklist,
                           size_t *count);

/* Is what a line says proved, all of it? */
bool checklist_proves(const char *at, const char *end, const struct checklist *checklist);

#endif
