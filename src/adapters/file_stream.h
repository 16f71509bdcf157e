/* A file that is read once, from its start to its end, and hashed on the way. */
#ifndef CUT_RELEASE_ADAPTERS_FILE_STREAM_H
#define CUT_RELEASE_ADAPTERS_FILE_STREAM_H

#include "adapters/sha256.h"
#include "base/arena.h"
#include "core/assets.h"

struct file_stream {
    const struct asset_file *file;
    int descriptor; /* 0 while it isn't open */
    int64_t position;
    struct sha256 *hash;
    char digest[SHA256_DIGITS + 1]; /* empty until all was read */
};

/*
 * Up to `size` bytes from `offset` on, which is 0 (again), or where the last call ended; how many.
 * -1 where it can't be read, or isn't the file that was found.
 */
ptrdiff_t file_stream_read(struct file_stream *stream, int64_t offset, char *buffer, size_t size);

void file_stream_close(struct file_stream *stream);

/* The digest of a whole file, into file->digest. */
int file_hash(struct arena *arena, struct asset_file *file, struct error *error);

/* The checksums' content and digest, where all the others' digests are known. */
void file_hash_checksums(struct arena *arena, struct file_facts *files);

#endif
