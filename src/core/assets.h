/*
 * Assets: what files are called on a release, and whether what is there is the file.
 * https://docs.github.com/en/rest/releases/assets
 */
#ifndef CUT_RELEASE_CORE_ASSETS_H
#define CUT_RELEASE_CORE_ASSETS_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* https://docs.github.com/en/repositories/releasing-projects-on-github/about-releases */
enum { ASSETS_MOST = 1000 };
#define ASSET_SIZE_LIMIT ((int64_t)2 << 30) /* a file must be smaller */

/* What is on the server. */
struct asset {
    int64_t id;
    const char *name;
    int64_t size;
    const char *digest; /* SHA-256 in hexadecimal; NULL where the server tells none */
    bool whole;         /* its state is "uploaded"; else it is what an upload left that failed */
};

struct asset_facts {
    struct asset *items;
    size_t count;
};

/* What is to be there. */
struct asset_file {
    const char *path;   /* for people: from the workspace on */
    const char *real;   /* where it is read; NULL for the checksums */
    const char *own;    /* the file's own name */
    const char *name;   /* as the server has it */
    const char *digest; /* NULL while nobody needed it */
    int64_t size;
    bool checksums;      /* SHA256SUMS, which is made of the others */
    const char *content; /* of the checksums, once all digests are known */
};

/* Why a file can't be an asset. */
struct file_problem {
    enum error_code code;
    const char *message, *remedy;
};

struct file_facts {
    struct asset_file *items; /* sorted by name; the checksums, if wanted, are the last */
    size_t count;
    int64_t size; /* of all */
    struct file_problem *problems;
    size_t problem_count;
};

/*
 * "GitHub renames asset filenames that have special characters, non-alphanumeric characters, and
 * leading or trailing periods" (Upload a release asset). It doesn't say how; people report that each
 * run of others than letters, digits and - _ . + @ becomes a period. So a name is sent in a form that
 * nothing is renamed in.
 */
const char *asset_name(struct arena *arena, const char *own);

/* "application/gzip", by the end of the name. */
const char *asset_content_type(const char *name);

/* Adds a file that was found; the problems of its size and name too. */
void assets_add(struct arena *arena, struct file_facts *files, struct asset_file file);
__attribute__((format(printf, 5, 6))) void assets_refuse(struct arena *arena,
                                                         struct file_facts *files,
                                                         enum error_code code, const char *remedy,
                                                         const char *format, ...);
/* All files were added: sorts them, adds the checksums where they are wanted, looks for doubles. */
void assets_complete(struct arena *arena, struct file_facts *files, bool checksums);

/* "HEX  NAME" a line, for sha256sum -c. NULL while a digest isn't known. */
const char *assets_checksums(struct arena *arena, const struct file_facts *files);

enum asset_state {
    ASSET_MISSING,
    ASSET_UNFIT, /* there is another one of that name, or a part of it */
    ASSET_EQUAL,
    ASSET_UNDECIDED, /* the file's digest decides, and isn't known yet */
};

/* `*found` is the one of that name, or NULL; it may be NULL itself. */
enum asset_state asset_compare(const struct asset_file *file, const struct asset_facts *there,
                               const struct asset **found);

/* Must the file's digest be known to tell whether it is on the release? For the checksums that takes
 * every file's. */
bool asset_needs_digest(const struct file_facts *files, size_t index,
                        const struct asset_facts *there);

/* Is the name one of the files'? */
bool assets_include(const struct file_facts *files, const char *name);

/* "1.5 MB" */
const char *asset_size_text(struct arena *arena, int64_t size);

#endif
