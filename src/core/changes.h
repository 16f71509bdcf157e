/*
 * The commits that a release brings, as far as its notes need them. They are read one after the
 * other, so that a long history takes little memory.
 */
#ifndef CUT_RELEASE_CORE_CHANGES_H
#define CUT_RELEASE_CORE_CHANGES_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHANGES_MOST = 3000,   /* the newest are kept; a body has no room for so many */
    CHANGES_OF_FIRST = 200 /* a first release lists so many, or none */
};

/* A commit as git or the server has it. */
struct commit {
    const char *id;
    const char *const *parents;
    size_t parent_count;
    const char *message;
    const char *mail;  /* the author's; may be NULL */
    const char *login; /* the author's, where the server tells; may be NULL */
};

/* What was done at once: a pull request, or a commit without one. */
struct change {
    const char *commit;
    const char
        *subject;       /* without the pull request's number; of a merge its pull request's title */
    const char *login;  /* the author's; NULL where not known */
    const char *picked; /* the commit that this one was cherry-picked from, or NULL */
    uint32_t pull;      /* the pull request's number, 0 where the commit doesn't tell */
    bool breaking;      /* by Conventional Commits */
};

struct changes {
    struct change *items; /* the oldest first */
    size_t count;
    size_t total; /* of those there are; more than `count` where some weren't kept */
};

/* While reading: the commits that come yet, and whether they stand for themselves. */
struct changes_reader {
    struct pending_commit *pending;
    size_t count, capacity;
};

/*
 * Reads one commit; they must come children first. The commits that a merged pull request brought
 * stand for nothing: the merge does. Neither does any other merge, but the commits that it brought
 * do.
 */
void changes_read(struct arena *arena, struct changes_reader *reader, const struct commit *commit,
                  struct changes *changes);

/* At the end: the oldest comes first. Frees what the reader has. */
void changes_finish(struct changes_reader *reader, struct changes *changes);

/* Does a release list them? The first one (that has none before it) only where they are few. */
bool changes_are_listed(const struct changes *changes, bool has_previous);

/* The number behind a subject, "… (#24)", and how long the subject is without it. 0: there is none. */
uint32_t changes_number(const char *subject, size_t *length);

#endif
