/*
 * The list of changes in a release's notes. What GitHub generates is built from the pull requests that
 * belong to the range's commits, so that cherry-picks and direct pushes are missing; they are added
 * here, in its form. Where GitHub generates nothing, the whole list is made here.
 */
#ifndef CUT_RELEASE_CORE_CHANGELOG_H
#define CUT_RELEASE_CORE_CHANGELOG_H

#include "core/changes.h"
#include "core/release_config.h"

enum { CHANGELOG_MOST_PULLS = 100 }; /* so many are asked for */

/* What the server says about a pull request. */
struct pull_request {
    const char *commit; /* the commit that was asked for; NULL where the number was */
    uint32_t number;    /* 0: the commit belongs to no pull request */
    const char *title;  /* NULL: the number is none of a merged pull request's */
    const char *login;
    struct names_list labels;
    const char *note; /* what its author wrote for the notes, or NULL */
    bool silent;      /* its author wants it left out of them */
};

struct pulls {
    struct pull_request *items;
    size_t count;
    const char *refused; /* why the token may not read them; NULL where it may */
};

struct changelog {
    const char *generated; /* GitHub's own notes; NULL: there are none */
    const struct changes *changes;
    const struct pulls *pulls;
    const struct release_config *config;
    const char *page;         /* the repository's; NULL where not known */
    const char *changes_page; /* all changes since the previous tag; NULL where not known */
};

/*
 * What the changes that aren't in the generated notes don't tell: numbers of pull requests, and ids of
 * commits whose pull request isn't known, "24 27 5f0e…". NULL where nothing has to be asked; *all is
 * false where there is more than may be.
 */
const char *changelog_wanted(struct arena *arena, const char *generated,
                             const struct changes *changes, bool *all);

/* The whole list; what GitHub generated stays as it is where nothing is missing. */
const char *changelog_text(struct arena *arena, const struct changelog *changelog);

#endif
