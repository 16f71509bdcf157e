/* What the files of this adapter share. */
#ifndef CUT_RELEASE_ADAPTERS_REPO_INTERNAL_H
#define CUT_RELEASE_ADAPTERS_REPO_INTERNAL_H

#include "adapters/repo.h"

#include <git2.h>

struct repo {
    git_repository *git;
    bool shallow;
};

/* libgit2 with the program's own memory. -1 where it can't be started. */
int repo_start_library(void);

/* The commit behind an id, which may be a tag's. False where the clone lacks it. */
bool repo_commit_behind(struct repo *repo, const char *text, git_oid *commit);

/* libgit2's own words for its last error. */
const char *repo_last_words(void);

#endif
