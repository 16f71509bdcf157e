/* go.mod: which version of a module is used. https://go.dev/ref/mod#go-mod-file */
#ifndef CUT_RELEASE_CORE_GOMOD_H
#define CUT_RELEASE_CORE_GOMOD_H

#include "base/arena.h"

enum gomod_use {
    GOMOD_ABSENT,  /* nothing requires the module */
    GOMOD_VERSION, /* required, or replaced by that version of it or of a fork */
    GOMOD_FOLDER,  /* replaced by a folder: nobody knows which version that is */
};

/* *version is "v1.2.3", as it stands there; NULL unless it is GOMOD_VERSION. */
enum gomod_use gomod_read(struct arena *arena, const char *content, const char *module,
                          const char **version);

#endif
