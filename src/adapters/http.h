/*
 * HTTP by libcurl: exchanges that don't need each other run at once, over one kept connection a host
 * where the server speaks HTTP/2. Here live the waiting (backoff, retry-after, rate limits, bounds),
 * the redirects and the rule where the token may go; what an answer means is its caller's business.
 */
#ifndef CUT_RELEASE_ADAPTERS_HTTP_H
#define CUT_RELEASE_ADAPTERS_HTTP_H

#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http;

struct http_settings {
    const char *token;                /* goes to `token_origins` only; may be empty */
    const char *const *token_origins; /* "https://api.github.com", ends with NULL */
    /*
     * An origin that is known to speak HTTP/2 (may be NULL): all requests share one connection. For
     * others libcurl would learn it from the first answer only, which costs a round trip where it
     * is HTTP/1.1; so they get a connection for each request that runs at once.
     */
    const char *multiplexed_origin;
    const char *certificates; /* a file of CA certificates in place of the system's; may be empty */
    const char *extra_certificates; /* a file of more CA certificates; may be empty */
    int64_t stall_seconds;          /* a request without any progress for that long has failed */
    int64_t deadline_ms;            /* of all requests together, on the clock */
    const struct clock *clock;
    /* Says that a request waits, for people; may be NULL. */
    void (*waiting)(void *state, const char *why, int64_t milliseconds);
    void *waiting_state;
};

enum http_repeat {
    HTTP_REPEATABLE, /* a read: after a lost answer it is simply asked again */
    HTTP_ONCE,       /* a change: after a lost answer the caller must look before it decides */
};

enum http_outcome {
    HTTP_ANSWERED, /* with whatever status, wholly read */
    HTTP_LOST,     /* it may or may not have been carried out */
    HTTP_FAILED,   /* it was not carried out; *error says why */
};

/*
 * A body that is read while it is sent, so that its size costs no memory. Each attempt reads it from
 * its start. At most HTTP_STREAMS_AT_ONCE of them are under way at a time.
 */
struct http_stream {
    void *state;
    /* Up to `size` bytes from `offset` on; how many, or -1 where they can't be read. */
    ptrdiff_t (*read)(void *state, int64_t offset, char *buffer, size_t size);
    int64_t length;
    const char *content_type;
};

enum { HTTP_STREAMS_AT_ONCE = 8 };

struct http_exchange {
    /* Asked. All strings stay the caller's and must live until http_run returns. */
    const char *method;
    const char *url;
    const char *body;                 /* JSON, or NULL */
    const struct http_stream *stream; /* in place of `body`, or NULL */
    const char *const *headers;       /* "Name: value", ends with NULL; may be NULL */
    enum http_repeat repeat;
    bool impatient; /* a rate limit is not waited for */
    /* Not even to `token_origins`: the request brings what it needs. All others go to those alone. */
    bool no_token;
    /* Redirects to other hosts too, without `headers`: what a registry stores lies elsewhere. */
    bool follow_anywhere;
    size_t limit; /* bytes of an answer at most; 0: 10 MB (contract, section 8) */

    /* Answered. */
    enum http_outcome outcome;
    struct error error; /* of LOST and FAILED */
    long status;
    struct text content;
    struct text link, content_type, permissions; /* x-accepted-github-permissions */
    struct text digest, challenge;               /* docker-content-digest, www-authenticate */
};

/* Refuses certificates that can't be read. */
int http_open(const struct http_settings *settings, struct http **http, struct error *error);
void http_close(struct http *http);

/* Runs them all to their end. What happened to each is in it. */
void http_run(struct http *http, struct http_exchange *exchanges, size_t count);

/* May the token go to this address? */
bool http_takes_token(const struct http *http, const char *url);

/* "libcurl/8.14.1 mbedTLS/3.6.6 zlib/1.3.1 nghttp2/1.64.0" */
const char *http_version(void);

void http_exchange_free(struct http_exchange *exchange);

/*
 * "https://host[:port]" of an address. Refuses other schemes, user names in it, and http:// to a
 * host that isn't loopback.
 */
int http_origin(const char *url, char *origin, size_t size, struct error *error);

#endif
