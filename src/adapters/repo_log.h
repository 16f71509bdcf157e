/* What the clone's history says about a release. */
#ifndef CUT_RELEASE_ADAPTERS_REPO_LOG_H
#define CUT_RELEASE_ADAPTERS_REPO_LOG_H

#include "adapters/repo.h"

/* Answers QUESTION_CHANGES where the clone has all of the history that it takes, else leaves it open. */
bool repo_changes(struct repo *repo, struct arena *arena, const struct question *question,
                  struct facts *facts);

/* Answers QUESTION_RELEASE_CONFIG where the clone has the commit's files, else leaves it open. */
bool repo_release_config(struct repo *repo, struct arena *arena, const struct question *question,
                         struct facts *facts);

#endif
