/*
 * GitHub's REST API (https://docs.github.com/en/rest, version 2022-11-28): answers questions and
 * carries out effects. Each answer is checked before it is used: status, content type, whole JSON,
 * the fields that count.
 */
#ifndef CUT_RELEASE_ADAPTERS_GITHUB_H
#define CUT_RELEASE_ADAPTERS_GITHUB_H

#include "adapters/http.h"
#include "core/effects.h"
#include "core/facts.h"

struct github;

struct github_settings {
    const char *api_url;    /* "https://api.github.com" */
    const char *repository; /* "owner/name" */
    const char *tag_prefix;
    const char *tag;
    const char *branch_stem;          /* what the release branches start with */
    const struct gates_wanted *gates; /* the workflows whose runs are looked for */
    const char *upstream;             /* "owner/name"; may be empty */
    const struct clock *clock;
    bool of_user; /* the token is a user's, not an App's installation */
    bool lenient; /* a dry run: what the token may not see is unknown, not an error */
};

/* `http` and the settings' strings must live as long. */
struct github *github_open(const struct github_settings *settings, struct http *http);
void github_close(struct github *github);

/*
 * Asks all questions at once and puts the answers into the facts; their strings live in the arena.
 * Refuses on the first answer that can't be used.
 */
int github_answer(struct github *github, struct arena *arena, const struct question *questions,
                  size_t count, struct facts *facts, struct error *error);

/* A file at a branch, as text; refused where it is none, or a link lies on its path. */
int github_file(struct github *github, struct arena *arena, const char *branch, const char *path,
                const char **content, struct error *error);

/* The effects; `state` is the github. */
struct effects github_effects(struct github *github);

#endif
