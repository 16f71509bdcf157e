/* .github/release.yml by libyaml, the one file that knows it. */
#ifndef CUT_RELEASE_ADAPTERS_RELEASE_CONFIG_H
#define CUT_RELEASE_ADAPTERS_RELEASE_CONFIG_H

#include "base/arena.h"
#include "base/error.h"
#include "core/release_config.h"

/* Refuses what is no YAML; what the file says besides is passed over. */
int release_config_read(struct arena *arena, const char *text, struct release_config *config,
                        struct error *error);

/* "0.2.5" */
const char *release_config_yaml_version(void);

#endif
