/*
 * The real bare repository, read through one `git cat-file --batch` that stays up (objects) and
 * straight from its files (refs), so that an answer costs no process. What writes starts git.
 * All but the last three functions are called under the sandbox's lock (state.h).
 */
#ifndef SANDBOX_GIT_H
#define SANDBOX_GIT_H

#include "util.h"

#include <cjson/cJSON.h>

enum object_type { OBJECT_COMMIT, OBJECT_TREE, OBJECT_BLOB, OBJECT_TAG };

/* Objects never change, so they are kept for good once read. */
struct object {
    struct object *next;
    char sha[41];
    enum object_type type;
    char *data;
    size_t size;
    /* of a commit, filled in by commit_parents() */
    struct object **parents;
    size_t parent_count;
    bool parsed;
    unsigned mark; /* used by graph.c */
};

struct ref {
    char *name;
    char sha[41];
};

struct refs {
    struct ref *items;
    size_t count;
};

void git_open(const char *root);
/* Starts cat-file where that has not been done: before the first object is asked for. */
void git_start(void);
const char *git_dir(void);
const char *object_type_name(enum object_type type);
/* NULL where there is no such object. */
struct object *object_get(const char *sha);
/* Any of git's spellings of an object: a ref, a sha, "v0.1.0~2", ":/subject". */
struct object *object_find(const char *expression);
/* Through tags to the commit; NULL where there is none. */
struct object *object_peel(struct object *object);
/* The value of a header line of a commit or tag ("tree", "author", "object"); NULL if missing. */
char *object_header(struct pool *pool, const struct object *object, const char *name);
/* What follows the empty line. */
const char *object_message(const struct object *object);
/* Splits "Name <mail> 1756700000 +0200". */
bool person_split(struct pool *pool, const char *line, char **name, char **mail, time_t *when);
struct object **commit_parents(struct object *commit, size_t *count);
time_t commit_time(const struct object *commit);

/* Sorted by name. */
void refs_read(struct refs *refs);
const struct ref *refs_find(const struct refs *refs, const char *name);
void refs_free(struct refs *refs);
/* For snapshot.c. */
cJSON *refs_take(void);
void refs_put(const cJSON *kept);
/* `git help check-ref-format` */
bool ref_name_ok(const char *name);
/* Creates a ref where there is none, with git's own locking; false where that fails. */
bool ref_write_new(const char *name, const char *sha);

/* Runs git with the arguments ("git" first, NULL last) in the repository; its status, −1 on
 * trouble. `input` may be NULL; `output` collects stdout, may be NULL. */
int git_run(const char *const *arguments, const struct buffer *input, struct buffer *output);
/* The same with more environment ("NAME=value", NULL at the end) and outside of a work tree. */
int git_run_with(const char *const *arguments, const char *const *environment,
                 const struct buffer *input, struct buffer *output);

/* graph.c: commits reachable from `of` and not from `without` (NULL: all), parents first. */
struct commit_list {
    struct object **items;
    size_t count;
};
void commits_between(struct object *of, struct object *without, struct commit_list *list);
void commit_list_free(struct commit_list *list);
struct object *merge_base(struct object *a, struct object *b);
bool commit_reaches(struct object *from, struct object *wanted);

#endif
