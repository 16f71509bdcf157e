/* A talk with the GitHub adapter: a server with a script, a client, and what the answers are put into. */
#ifndef CUT_RELEASE_TESTS_SUPPORT_GITHUB_H
#define CUT_RELEASE_TESTS_SUPPORT_GITHUB_H

#include "support_http.h"

#include "adapters/github.h"

struct talk {
    struct arena arena;
    struct http_server server;
    struct client client;
    struct github *github;
    struct effects effects;
    struct facts facts;
    struct error error;
};

/* Of the repository o/n, with the prefix "v" and release branches "release-…"; the settings' address and
 * clock are filled in. `replies` must live as long. */
void talk_start(struct talk *talk, struct github_settings settings, struct reply *replies,
                size_t count);
void talk_end(struct talk *talk);

/* Asks one question; 0, or -1 with talk->error. */
int talk_ask(struct talk *talk, struct question question);

/* The request of that number, from 0. */
const char *talk_sent(const struct talk *talk, size_t request);

#endif
