/*
 * What the sandbox knows beside the repository: its configuration (README.md lists the keys), the
 * releases, the clock, the log. All of it is guarded by one lock.
 */
#ifndef SANDBOX_STATE_H
#define SANDBOX_STATE_H

#include "http.h"

#include <cjson/cJSON.h>

void state_lock(void);
void state_unlock(void);

/* config.c; all under the lock. */
void config_load(const char *path);
/* For snapshot.c, as the take and put of other files: all that it remembers, and that again. */
cJSON *config_take(void);
void config_put(const cJSON *kept);
/* RFC 7386 merge of `patch` into the configuration. */
void config_merge(const cJSON *patch);
cJSON *config_get(const char *name);
const char *config_text(const char *name, const char *otherwise);
long config_number(const char *name, long otherwise);
bool config_flag(const char *name);
const char *repo_owner(struct pool *pool);
const char *repo_name(void); /* "owner/name" */
/* Does one of the patterns (fnmatch, "*" matches "/" too) of a JSON array match? */
bool pattern_matches(const cJSON *patterns, const char *name);

/* The addresses that answers name. */
struct addresses {
    char *api;    /* https://127.0.0.1:PORT/api/v3 */
    char *server; /* https://127.0.0.2:PORT */
    char *upload; /* https://127.0.0.1:PORT/api/uploads */
};
extern struct addresses addresses;

/* The logical clock: config "now", one second more with every change. */
time_t clock_now(void);
time_t clock_change(void);
long next_id(void);

/* store.c: releases as JSON objects; names that begin with "_" are ours. Under the lock. */
void store_open(void);
cJSON *store_take(void);
void store_put(const cJSON *kept);
cJSON *store_releases(void);
cJSON *store_find(long id);
/* The published release of a tag, or NULL. */
cJSON *store_published(const char *tag);
/* Adds a release with defaults for what `fields` lacks; the store owns the result. Without an
 * author (from the configuration, from the admin port) its make_latest takes effect at once. */
cJSON *store_add(const cJSON *fields, const char *author);
void store_remove(cJSON *release);
/* "You cannot reuse the tag of an immutable release", not even after deleting it. */
bool store_tag_spent(const char *tag);
cJSON *store_latest(void);
void store_set_latest(const cJSON *release);
cJSON *store_asset(long id, cJSON **owner);
/* The newest first: by created_at, then by id; an array of pointers, NULL at the end, to free. */
cJSON **store_sorted(void);
bool release_is(const cJSON *release, const char *flag);
const char *release_text(const cJSON *release, const char *name);
long release_id(const cJSON *release);
/* The first entry of an array or object, NULL where there is none; `->next` leads on. */
cJSON *json_first(const cJSON *list);
void json_replace(cJSON *object, const char *name, cJSON *value);
cJSON *json_text_or_null(const char *text);

/* log.c */
struct log_entry {
    unsigned n; /* of all requests since the start or the last reset, from 1 */
    char *method;
    char *path;
    char *query;
    char *token; /* as sent, NULL without one */
    char *body;  /* of REST writes */
    const char *scheme;
    const char *fault;
    unsigned connection;
    int status;
    bool git;
    bool strange;
    uint64_t start_us;
    uint64_t end_us; /* 0 while it is under way */
};

/* Both take the lock themselves. The entry stays valid until the reset that follows its end. */
struct log_entry *log_begin(const struct request *request, unsigned connection);
void log_end(struct log_entry *entry, int status);
void log_reset(void);
/* The number of the next request. Under the lock. */
unsigned log_next(void);
/* Was there such a request, of a path that fits the pattern (fnmatch)? Under the lock. */
bool log_has(const char *method, const char *pattern, bool answered);
cJSON *log_json(void);
/* "METHOD PATH" of each request, in lines; to free. */
char *log_lines(void);
cJSON *stats_json(void);

/* faults.c; under the lock. */
struct fault {
    const struct fault_kind *kind; /* NULL: none */
    cJSON *arg;                    /* a copy, may be NULL */
    char *mark;                    /* a file that is made when it strikes; may be NULL */
};
/* False where a rule names no fault of the table; `problem` then says which. */
bool faults_set(const cJSON *rules, const char **problem);
struct fault fault_pick(const struct request *request, unsigned n);
bool fault_processes(const struct fault *fault);
const char *fault_name(const struct fault *fault);
/* How many of the newest entries a list must not show (fault "lag"). */
int fault_lag(const struct fault *fault);
bool fault_is(const struct fault *fault, const char *name);
/* Is this upload, of which the head is there, to be cut? Takes the lock itself. */
bool fault_cuts_upload(const struct request *request);
void fault_apply(struct fault *fault, struct request *request, struct answer *answer);
cJSON *faults_json(void);
void fault_free(struct fault *fault);

/* snapshot.c; under the lock, while no request is under way. */
void snapshot_keep(const char *name);
/* Empties the log too, and drops all faults. False where there is none of that name. */
bool snapshot_restore(const char *name);

#endif
