/* A server of HTTP on loopback that answers each request by a script. */
#ifndef CUT_RELEASE_TESTS_SUPPORT_HTTP_H
#define CUT_RELEASE_TESTS_SUPPORT_HTTP_H

#include "support.h"

#include "adapters/http.h"

#include <pthread.h>

enum reply_end {
    REPLY_WHOLE,
    REPLY_CUT,    /* the connection ends behind these bytes */
    REPLY_SILENT, /* nothing more comes, the connection stays open */
};

/* The first reply whose `match` is in the request's first line and that is not used up counts. */
struct reply {
    const char *match;   /* "GET /repos/o/n/releases", or "" for any */
    int times;           /* how often; 0: for ever */
    int status;          /* with a body of JSON; 0: `body` is the whole answer as it is sent */
    const char *headers; /* "Name: value\r\n…", or NULL */
    const char *body;
    enum reply_end end;
};

enum { HTTP_SERVER_MOST = 128 };

struct http_server {
    int listener, port;
    pthread_t thread;
    struct reply *replies;
    size_t reply_count;
    struct text requests[HTTP_SERVER_MOST]; /* head and body, as they came */
    size_t request_count;
    int kept[HTTP_SERVER_MOST]; /* connections that stay open, silent */
    size_t kept_count;
    char origin[64]; /* "http://127.0.0.1:PORT" */
};

void http_server_start(struct http_server *server, struct reply *replies, size_t count);
/* Stops and frees; the requests too. */
void http_server_stop(struct http_server *server);

/* A port of loopback that nobody listens on. */
int free_port(void);

/* A client with a fake clock; the token goes to `origin` only. */
struct client {
    struct fake_clock clock;
    const char *origins[3];
    struct http_settings settings;
    struct http *http;
    size_t waits;
};

void client_open(struct client *client, const char *origin);
void client_close(struct client *client);

#endif
