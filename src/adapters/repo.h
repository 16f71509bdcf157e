/*
 * The workspace's Git repository, by libgit2: what it has, without asking anybody. What an object
 * says is true wherever it lies, since its name is its hash; refs are only as new as the last fetch.
 */
#ifndef CUT_RELEASE_ADAPTERS_REPO_H
#define CUT_RELEASE_ADAPTERS_REPO_H

#include "base/arena.h"
#include "base/error.h"
#include "core/facts.h"

#include <stdbool.h>

struct repo;

/* "1.9.0" */
const char *repo_version(void);

/* *repo is NULL where the folder (or one above it) is no repository. */
int repo_open(const char *path, struct repo **repo, struct error *error);
void repo_close(struct repo *repo); /* takes NULL */

/* A remote's address split up; what it lacks is an empty string. */
struct remote_address {
    const char *host;       /* "github.com", "git.example.org:8443" */
    const char *repository; /* "owner/name" */
};

/*
 * Is there such a remote, and where? The address is empty where it is a path of this machine. -1 where
 * the clone's configuration can't be read.
 */
int repo_remote(struct repo *repo, struct arena *arena, const char *remote, bool *there,
                struct remote_address *address, struct error *error);

struct repo_view {
    const char *remote;     /* whose tracking branches stand for the server's */
    const char *repository; /* "owner/name"; may be empty */
    const char *tag_prefix, *branch_stem;
};

/*
 * Answers from the clone alone, as far as it can. What only the server knows is hidden, with the
 * reason; -1 where the clone's refs can't be read whole.
 */
int repo_answer(struct repo *repo, struct arena *arena, const struct repo_view *view,
                const struct question *question, struct facts *facts, struct error *error);

/* The very bytes of a tag object, where the clone has it. */
bool repo_tag_bytes(struct repo *repo, struct arena *arena, const char *object, const char **bytes,
                    size_t *length);

/* A file's content at a branch of the remote; -1 where there is none, or it lies behind a link. */
int repo_file(struct repo *repo, struct arena *arena, const struct repo_view *view,
              const char *branch, const char *path, const char **content);

/*
 * go.mod at a commit or a tag, where the clone has that object; *content is NULL where it has no such
 * file. False where the object isn't there, or its tree is not.
 */
bool repo_module(struct repo *repo, struct arena *arena, const char *object, const char **content);

/*
 * Answers a comparison of commits where the clone's objects prove it, else leaves it open. A shallow
 * clone can prove that a commit is on a branch, not that it isn't.
 */
bool repo_compare(struct repo *repo, struct arena *arena, const struct question *question,
                  struct facts *facts);

#endif
