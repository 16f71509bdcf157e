/* The files that globs find in the workspace, and nowhere else. */
#ifndef CUT_RELEASE_ADAPTERS_FILE_FIND_H
#define CUT_RELEASE_ADAPTERS_FILE_FIND_H

#include "base/arena.h"
#include "core/assets.h"

/*
 * `patterns` is one glob a line, from the folder `root` on: * ? [ ] within a name, ** for folders of
 * any depth (which links are not followed for). What can't be an asset is among the problems.
 */
void file_find(struct arena *arena, const char *root, const char *patterns, bool checksums,
               struct file_facts *files);

#endif
