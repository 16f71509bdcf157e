/* What repo.c and repo_push.c share. */
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

/* libgit2's own words for its last error. */
const char *repo_last_words(void);

#endif
