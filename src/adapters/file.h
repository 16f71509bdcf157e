/* Files, read and written whole. */
#ifndef CUT_RELEASE_ADAPTERS_FILE_H
#define CUT_RELEASE_ADAPTERS_FILE_H

#include "base/error.h"
#include "base/text.h"

#include <stddef.h>

/* Adds the file's content; refuses what is larger than `limit` or no regular file. On failure
 * error->remedy holds the bare reason. */
int file_read(const char *path, size_t limit, struct text *content, struct error *error);

/*
 * Opens what realpath has found, to be read. No link is followed, in no part of the path: one that is
 * there by now was put there since the path was looked at. -1 and errno where that fails.
 */
int file_open_real(const char *path);

/* file_read of such a path. */
int file_read_real(const char *path, size_t limit, struct text *content, struct error *error);

/* Appends to a file that the runner made; a full disk is an error, also where only closing tells. */
int file_append(const char *path, const char *bytes, size_t length, struct error *error);

#endif
