/*
 * HTTP/1.1 as a server speaks it, over TLS or in the clear: keep-alive, chunked bodies,
 * Expect: 100-continue. Written by hand because the faults need a say in every byte that leaves:
 * a body cut in the middle under its full Content-Length, a connection closed without a word,
 * bytes that dribble.
 */
#ifndef SANDBOX_HTTP_H
#define SANDBOX_HTTP_H

#include "util.h"

#include <gnutls/gnutls.h>

struct stream {
    int fd;
    gnutls_session_t tls; /* NULL in the clear */
    struct buffer in;     /* bytes that were read and not used yet */
    unsigned connection;  /* number of the connection, from 1 */
};

enum { HEADERS_MAX = 64 };

struct header {
    const char *name;
    const char *value;
};

struct request {
    struct pool pool; /* owns all texts below, and whatever the handlers make */
    const char *method;
    const char *target; /* as sent, with the query */
    const char *path;   /* still percent-encoded */
    const char *query;  /* without "?", "" where there is none */
    struct header headers[HEADERS_MAX];
    size_t header_count;
    struct buffer body;
    /* An upload's body isn't kept: its length and its SHA-256 are. */
    bool cut; /* it ended before its length was reached */
    size_t upload_length;
    unsigned char upload_hash[32];
    uint64_t started_us; /* when its first byte was there */
    bool keep_alive;
};

/* How an answer is delivered: what faults change. */
enum delivery {
    DELIVER_WHOLE,
    DELIVER_NOTHING,   /* closed without a byte */
    DELIVER_TRUNCATED, /* half of the body under the full length, then closed */
    DELIVER_SLOWLY,    /* the body in small pieces over delivery_ms */
    DELIVER_SILENCE,   /* nothing, until the client goes or delivery_ms are over */
};

struct answer {
    int status;
    struct header headers[HEADERS_MAX];
    size_t header_count;
    struct buffer body;
    bool chunked; /* git's answers, as GitHub sends them */
    enum delivery delivery;
    long delivery_ms;
};

/* False where the client closed, or sent what is no request. An upload that is cut, by the client or
 * by the fault "cut-upload", is told in `cut`. */
bool request_read(struct stream *stream, struct request *request);
/* Asked ahead of an upload's body: is the connection to be closed in the middle of it? */
extern bool (*upload_is_cut)(const struct request *request);
const char *request_header(const struct request *request, const char *name);
void request_free(struct request *request);

/* Sets or replaces a header; `value` must live as long as the answer (literal or pool). */
void answer_header(struct answer *answer, const char *name, const char *value);
const char *answer_find(const struct answer *answer, const char *name);
/* False where the connection is to be closed. */
bool answer_send(struct stream *stream, const struct request *request, struct answer *answer);
void answer_free(struct answer *answer);

void stream_close(struct stream *stream);

#endif
