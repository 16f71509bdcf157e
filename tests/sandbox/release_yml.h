/* .github/release.yml: what generated notes leave out, and their categories. */
#ifndef SANDBOX_RELEASE_YML_H
#define SANDBOX_RELEASE_YML_H

#include "git.h"

#include <cjson/cJSON.h>

/*
 * The file of a commit as JSON, {"exclude": {…}, "categories": […]}; an empty object where there is
 * none, or where it is no YAML. The caller frees it.
 */
cJSON *release_yml_read(struct pool *pool, const struct object *commit);

bool release_yml_excludes(const cJSON *exclude, const cJSON *pull);
/* The index of the first category that takes the pull request; their number where none does. */
int release_yml_category(const cJSON *config, const cJSON *pull);

#endif
