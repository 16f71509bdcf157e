/* adapters/http: origins, waiting, redirects, where the token goes; TLS against a real server. */
#include "support_http.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

/* ---- origins --------------------------------------------------------------------------------- */

static void test_origins(void **state)
{
    static const struct {
        const char *url, *origin; /* NULL: refused */
    } cases[] = {
        {"https://api.github.com", "https://api.github.com"},
        {"https://api.github.com/repos/o/n", "https://api.github.com"},
        {"https://api.github.com?x=/y", "https://api.github.com"},
        {"https://api.github.com#x", "https://api.github.com"},
        {"https://ghe.example.org:8443/api/v3", "https://ghe.example.org:8443"},
        {"https://[2001:db8::1]:8443/x", "https://[2001:db8::1]:8443"},
        {"http://127.0.0.1:8080/x", "http://127.0.0.1:8080"},
        {"http://127.9.9.9/", "http://127.9.9.9"},
        {"http://localhost:1/x", "http://localhost:1"},
        {"http://LOCALHOST/x", "http://LOCALHOST"},
        {"http://[::1]:80/x", "http://[::1]:80"},
        {"http://api.github.com", NULL},
        {"http://127.0.0.1.example.org/", NULL},
        {"http://localhost.example.org/", NULL},
        {"http://127.example.org/", NULL},
        {"http://10.0.0.1/", NULL},
        {"http://0.0.0.0/", NULL},
        {"http://[::2]/", NULL},
        {"http://[::1/", NULL},
        {"https://user@api.github.com/", NULL},
        {"https://api.github.com@evil.example/", NULL},
        {"https://user:x@api.github.com/", NULL},
        {"https://api.github.com\\@evil.example/", NULL},
        {"http://127.0.0.1\\.example.org/", NULL},
        {"https://", NULL},
        {"https:///x", NULL},
        {"https://:443/x", NULL},
        {"http://:80/", NULL},
        {"ftp://api.github.com/", NULL},
        {"file:///etc/passwd", NULL},
        {"//api.github.com/", NULL},
        {"api.github.com", NULL},
        {"", NULL},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char origin[280] = "untouched";
        struct error error = {0};
        int const result = http_origin(cases[i].url, origin, sizeof(origin), &error);

        if (result != (cases[i].origin ? 0 : -1))
            fail_msg("%s was %s", cases[i].url, result ? "refused" : "taken");
        assert_string_equal(origin, string_or(cases[i].origin, "untouched"));
        if (result)
            assert_code(ERROR_ENVIRONMENT, error.code);
    }
}

static void test_an_origin_that_is_too_long(void **state)
{
    CLEANUP(text_free) struct text url = {0};
    char origin[32];
    struct error error = {0};
    (void)state;

    text_add(&url, "https://abcdefghijklmnopqrstuvwxyz.example.org/");
    assert_int_equal(http_origin(text_string(&url), origin, sizeof(origin), &error), -1);
    assert_code(ERROR_ENVIRONMENT, error.code);
}

/* ---- exchanges ------------------------------------------------------------------------------- */

struct talk {
    struct arena arena;
    struct http_server server;
    struct client client;
    struct http_exchange exchange;
};

static void talk_start(struct talk *talk, struct reply *replies, size_t count)
{
    *talk = (struct talk){.arena = {0}};
    http_server_start(&talk->server, replies, count);
    client_open(&talk->client, talk->server.origin);
}

static void talk_end(struct talk *talk)
{
    http_exchange_free(&talk->exchange);
    client_close(&talk->client);
    http_server_stop(&talk->server);
    arena_free(&talk->arena);
}

static struct http_exchange *request(struct talk *talk, const char *method, const char *path,
                                     const char *body)
{
    http_exchange_free(&talk->exchange);
    talk->exchange = (struct http_exchange){
        .method = method,
        .url = arena_print(&talk->arena, "%s%s", talk->server.origin, path),
        .body = body,
        .repeat = body ? HTTP_ONCE : HTTP_REPEATABLE,
    };
    http_run(talk->client.http, &talk->exchange, 1);
    return &talk->exchange;
}

#define TALK(...)                                                                                  \
    struct reply replies[] = {__VA_ARGS__};                                                        \
    struct talk talk;                                                                              \
    (void)state;                                                                                   \
    talk_start(&talk, replies, COUNT_OF(replies))

static void test_an_answer(void **state)
{
    TALK({.match = "GET /a?b=c",
          .status = 200,
          .headers = "Link: <http://127.0.0.1/x?page=2>; rel=\"next\"\r\n"
                     "X-Accepted-GitHub-Permissions: contents=write\r\n",
          .body = "{\"a\":1}"});
    const struct http_exchange *exchange = request(&talk, "GET", "/a?b=c", NULL);

    assert_int_equal(exchange->outcome, HTTP_ANSWERED);
    assert_int_equal(exchange->status, 200);
    assert_string_equal(text_string(&exchange->content), "{\"a\":1}");
    assert_string_equal(text_string(&exchange->content_type), "application/json; charset=utf-8");
    assert_string_equal(text_string(&exchange->permissions), "contents=write");
    assert_contains(text_string(&exchange->link), "page=2");
    const char *sent = text_string(&talk.server.requests[0]);
    assert_contains(sent, "User-Agent: cut-release/");
    assert_contains(sent, "Authorization: Bearer ghs_secret\r\n");
    assert_lacks(sent, "Expect:");
    talk_end(&talk);
}

static void test_a_body(void **state)
{
    TALK({.match = "", .status = 201, .body = "{}"});
    CLEANUP(text_free) struct text body = {0};

    while (body.length < 130000)
        text_add(&body, "{\"a long body\":\"\xc3\xbc\"}");
    const struct http_exchange *exchange = request(&talk, "PATCH", "/x", text_string(&body));
    assert_int_equal(exchange->outcome, HTTP_ANSWERED);
    const char *sent = text_string(&talk.server.requests[0]);
    assert_true(string_starts(sent, "PATCH /x "));
    assert_contains(sent, "Content-Type: application/json\r\n");
    assert_string_equal(strstr(sent, "\r\n\r\n") + 4, text_string(&body));
    talk_end(&talk);
}

/* ---- streams ----------------------------------------------------------------------------------- */

/* Letters by their place in the body; `lacks` bytes can't be read. */
struct letters {
    int64_t length, lacks;
    size_t starts;
    int64_t next;
};

static ptrdiff_t read_letters(void *state, int64_t offset, char *buffer, size_t size)
{
    struct letters *letters = state;
    int64_t const left = letters->length - letters->lacks - offset;

    letters->starts += offset == 0;
    letters->next = offset ? letters->next : 0;
    assert_int_equal(offset, letters->next);
    if ((int64_t)size > left)
        size = (size_t)left;
    for (size_t i = 0; i < size; i++)
        buffer[i] = (char)('a' + (offset + (int64_t)i) % 26);
    letters->next += (int64_t)size;
    return letters->lacks < 0 ? -1 : (ptrdiff_t)size;
}

static struct http_exchange *send_letters(struct talk *talk, struct letters *letters,
                                          struct http_stream *stream)
{
    *stream = (struct http_stream){letters, read_letters, letters->length, "text/x-letters"};
    http_exchange_free(&talk->exchange);
    talk->exchange = (struct http_exchange){
        .method = "POST",
        .url = arena_print(&talk->arena, "%s/upload", talk->server.origin),
        .stream = stream,
        .repeat = HTTP_ONCE,
    };
    http_run(talk->client.http, &talk->exchange, 1);
    return &talk->exchange;
}

static void test_a_stream(void **state)
{
    TALK({.match = "", .status = 201, .body = "{}"});
    struct letters letters = {.length = 300000};
    struct http_stream stream;

    assert_int_equal(send_letters(&talk, &letters, &stream)->outcome, HTTP_ANSWERED);
    assert_int_equal(talk.exchange.status, 201);
    const char *sent = text_string(&talk.server.requests[0]);
    assert_contains(sent, "Content-Type: text/x-letters\r\n");
    assert_contains(sent, "Content-Length: 300000\r\n");
    assert_contains(sent, "Authorization: Bearer ghs_secret\r\n");
    const char *body = strstr(sent, "\r\n\r\n") + 4;
    assert_int_equal(strlen(body), 300000);
    assert_true(string_starts(body, "abcdefghijklmnopqrstuvwxyzabc"));
    assert_int_equal(letters.starts, 1);
    talk_end(&talk);
}

/* A limit is waited for, and then all is sent again, from the start. */
static void test_a_stream_is_sent_again(void **state)
{
    TALK({.match = "", .times = 1, .status = 429, .headers = "Retry-After: 3\r\n", .body = "{}"},
         {.match = "", .status = 201, .body = "{}"});
    struct letters letters = {.length = 40000};
    struct http_stream stream;

    assert_int_equal(send_letters(&talk, &letters, &stream)->outcome, HTTP_ANSWERED);
    assert_int_equal(letters.starts, 2);
    assert_int_equal(strlen(strstr(text_string(&talk.server.requests[1]), "\r\n\r\n") + 4), 40000);
    talk_end(&talk);
}

/* After a lost answer it isn't sent again: it may have arrived. */
static void test_a_stream_is_lost(void **state)
{
    TALK({.match = "", .body = "", .end = REPLY_CUT});
    struct letters letters = {.length = 40000};
    struct http_stream stream;

    assert_int_equal(send_letters(&talk, &letters, &stream)->outcome, HTTP_LOST);
    assert_int_equal(letters.starts, 1);
    talk_end(&talk);
}

/* A file that is shorter than it was, or can't be read: the attempt ends, and there is no other. */
static void test_a_stream_that_ends_early(void **state)
{
    static const int64_t lacks[] = {1, 30000, -1};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(lacks); i++) {
        struct reply reply = {.match = "", .status = 201, .body = "{}"};
        struct letters letters = {.length = 30000, .lacks = lacks[i]};
        struct http_stream stream;
        struct talk talk;

        talk_start(&talk, &reply, 1);
        assert_int_not_equal(send_letters(&talk, &letters, &stream)->outcome, HTTP_ANSWERED);
        assert_code(ERROR_ASSET_FILE, talk.exchange.error.code);
        assert_int_equal(talk.server.request_count, 0);
        talk_end(&talk);
    }
}

/* More than may be under way at once: all of them end. */
static void test_many_streams(void **state)
{
    TALK({.match = "", .status = 201, .body = "{}"});
    enum { MANY = 3 * HTTP_STREAMS_AT_ONCE };
    struct letters letters[MANY];
    struct http_stream streams[MANY];
    struct http_exchange exchanges[MANY];

    for (size_t i = 0; i < MANY; i++) {
        letters[i] = (struct letters){.length = 1000};
        streams[i] = (struct http_stream){&letters[i], read_letters, 1000, "text/plain"};
        exchanges[i] = (struct http_exchange){.method = "POST",
                                              .url = talk.server.origin,
                                              .stream = &streams[i],
                                              .repeat = HTTP_ONCE};
    }
    http_run(talk.client.http, exchanges, MANY);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(exchanges[i].outcome, HTTP_ANSWERED);
        http_exchange_free(&exchanges[i]);
    }
    assert_int_equal(talk.server.request_count, MANY);
    talk_end(&talk);
}

static void test_where_the_token_goes(void **state)
{
    TALK({.match = "", .status = 200, .body = "{}"});

    assert_true(
        http_takes_token(talk.client.http, arena_print(&talk.arena, "%s/x?y", talk.server.origin)));
    assert_false(http_takes_token(talk.client.http, "https://uploads.example.org/x"));
    assert_false(http_takes_token(talk.client.http, "no address"));
    request(&talk, "GET", "/x", NULL);
    talk_end(&talk);
}

/* Where the token may not go it does not go, nor does a request that counts on it. */
static void test_token_of_another_origin(void **state)
{
    TALK({.match = "", .status = 200, .body = "{}"});
    char other[64];

    snprintf(other, sizeof(other), "http://localhost:%d", talk.server.port);
    talk.client.origins[0] = other;
    assert_int_equal(request(&talk, "GET", "/x", NULL)->outcome, HTTP_FAILED);
    assert_code(ERROR_ANSWER, talk.exchange.error.code);
    assert_int_equal(talk.server.request_count, 0);
    talk.exchange.no_token = true;
    http_run(talk.client.http, &talk.exchange, 1);
    assert_int_equal(talk.server.request_count, 1);
    assert_lacks(text_string(&talk.server.requests[0]), "ghs_secret");
    assert_lacks(text_string(&talk.server.requests[0]), "uthorization");
    talk_end(&talk);
}

/* A client without a token sends none. */
static void test_no_token(void **state)
{
    TALK({.match = "", .status = 200, .body = "{}"});
    struct error error = {0};

    http_close(talk.client.http);
    talk.client.settings.token = NULL;
    assert_int_equal(http_open(&talk.client.settings, &talk.client.http, &error), 0);
    request(&talk, "GET", "/x", NULL);
    assert_int_equal(talk.exchange.outcome, HTTP_ANSWERED);
    assert_lacks(text_string(&talk.server.requests[0]), "uthorization");
    talk_end(&talk);
}

static void test_other_statuses_are_answers(void **state)
{
    TALK({.match = "/404", .status = 404, .body = "{}"},
         {.match = "/422", .status = 422, .body = "{}"});

    assert_int_equal(request(&talk, "GET", "/404", NULL)->outcome, HTTP_ANSWERED);
    assert_int_equal(talk.exchange.status, 404);
    assert_int_equal(request(&talk, "POST", "/422", "{}")->status, 422);
    assert_int_equal(talk.server.request_count, 2);
    talk_end(&talk);
}

/* ---- redirects ------------------------------------------------------------------------------- */

static void test_redirects_keep_the_method(void **state)
{
    static const int statuses[] = {301, 302, 307, 308};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        struct talk talk;
        char headers[128];
        struct reply replies[] = {
            {.match = "/old", .status = statuses[i], .headers = headers, .body = ""},
            {.match = "POST /new", .status = 201, .body = "{}"},
        };

        talk_start(&talk, replies, COUNT_OF(replies));
        snprintf(headers, sizeof(headers), "Location: %s/new\r\n", talk.server.origin);
        assert_int_equal(request(&talk, "POST", "/old", "{\"a\":1}")->outcome, HTTP_ANSWERED);
        assert_int_equal(talk.exchange.status, 201);
        assert_contains(text_string(&talk.server.requests[1]), "{\"a\":1}");
        assert_contains(text_string(&talk.server.requests[1]), "Bearer ghs_secret");
        talk_end(&talk);
    }
}

/* A server may leave its own host out. */
static void test_a_redirect_to_a_path(void **state)
{
    TALK({.match = "/old",
          .status = 301,
          .headers = "Location: /repositories/1?x=y\r\n",
          .body = ""},
         {.match = "GET /repositories/1?x=y", .status = 200, .body = "{}"});

    assert_int_equal(request(&talk, "GET", "/old", NULL)->outcome, HTTP_ANSWERED);
    assert_int_equal(talk.exchange.status, 200);
    assert_contains(text_string(&talk.server.requests[1]), "Bearer ghs_secret");
    talk_end(&talk);
}

/* A chunked answer may end with trailers: it is whole, and they are none of its headers. */
static void test_an_answer_with_trailers(void **state)
{
    TALK({.match = "",
          .body = "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\nTrailer: Link, Server-Timing\r\n"
                  "content-type: application/json\r\n\r\n2\r\n{}\r\n0\r\n"
                  "Server-Timing: x\r\nLink: <http://127.0.0.1/2>; rel=\"next\"\r\n\r\n"});

    assert_int_equal(request(&talk, "POST", "/x", "{}")->outcome, HTTP_ANSWERED);
    assert_string_equal(text_string(&talk.exchange.content), "{}");
    assert_string_equal(text_string(&talk.exchange.content_type), "application/json");
    assert_string_equal(text_string(&talk.exchange.link), "");
    talk_end(&talk);
}

/* What is stored lies behind an address with its signature, of a few thousand characters. */
static void test_a_long_location(void **state)
{
    char location[4096];
    TALK({.match = "/old", .status = 307, .headers = location, .body = ""},
         {.match = "GET /new", .status = 200, .body = "{}"});

    snprintf(location, sizeof(location), "Location: %s/new?s=%03000d&end=1\r\n", talk.server.origin,
             7);
    assert_int_equal(request(&talk, "GET", "/old", NULL)->outcome, HTTP_ANSWERED);
    assert_contains(text_string(&talk.server.requests[1]), "7&end=1 HTTP");
    talk_end(&talk);
}

/* To another host nothing is sent: the token would go along. */
static void test_redirects_to_another_host(void **state)
{
    static const char *const locations[] = {
        "http://localhost:%d/new",   "https://127.0.0.1:%d/new", "http://example.org/new?%d",
        "http://user@127.0.0.1:%d/", "//127.0.0.1:%d/new",       "file:///etc/passwd?%d",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(locations); i++) {
        struct talk talk;
        CLEANUP(text_free) struct text headers = {0};
        struct reply replies[] = {{.match = "/old", .status = 307, .body = ""},
                                  {.match = "", .status = 200, .body = "{}"}};

        talk_start(&talk, replies, COUNT_OF(replies));
        text_add(&headers, "Location: ");
        for (const char *at = locations[i]; *at; at++) {
            if (at[0] == '%' && at[1] == 'd') {
                text_print(&headers, "%d", talk.server.port);
                at++;
            } else
                text_add_bytes(&headers, at, 1);
        }
        text_add(&headers, "\r\n");
        replies[0].headers = text_string(&headers);
        assert_int_equal(request(&talk, "GET", "/old", NULL)->outcome, HTTP_FAILED);
        assert_code(ERROR_ANSWER, talk.exchange.error.code);
        assert_int_equal(talk.server.request_count, 1);
        talk_end(&talk);
    }
}

/* A registry's: asked without the token, and its storage without the exchange's own headers. */
static void test_requests_for_others(void **state)
{
    static const char *const headers[] = {"Authorization: Bearer pass", NULL};
    char location[128];
    TALK({.match = "GET /blob", .status = 307, .headers = location, .body = ""},
         {.match = "GET /stored", .status = 200, .body = "{}"});
    struct http_exchange exchange = {
        .method = "GET", .headers = headers, .no_token = true, .follow_anywhere = true};
    CLEANUP(text_free) struct text url = {0};

    snprintf(location, sizeof(location), "Location: http://localhost:%d/stored\r\n",
             talk.server.port);
    text_print(&url, "%s/blob", talk.server.origin);
    exchange.url = text_string(&url);
    http_run(talk.client.http, &exchange, 1);
    assert_int_equal(exchange.outcome, HTTP_ANSWERED);
    assert_int_equal(exchange.status, 200);
    assert_contains(text_string(&talk.server.requests[0]), "Authorization: Bearer pass\r\n");
    assert_lacks(text_string(&talk.server.requests[0]), "ghs_secret");
    assert_lacks(text_string(&talk.server.requests[1]), "Authorization");
    http_exchange_free(&exchange);
    talk_end(&talk);
}

/* The head alone, with what registries say in it. */
static void test_heads(void **state)
{
    TALK({.match = "HEAD /x",
          .body = "HTTP/1.1 401 X\r\nDocker-Content-Digest: sha256:1\r\nContent-Length: 500\r\n"
                  "WWW-Authenticate: Bearer realm=\"a\"\r\nwww-authenticate: Basic\r\n\r\n"});

    assert_int_equal(request(&talk, "HEAD", "/x", NULL)->outcome, HTTP_ANSWERED);
    assert_int_equal(talk.exchange.status, 401);
    assert_string_equal(text_string(&talk.exchange.digest), "sha256:1");
    assert_string_equal(text_string(&talk.exchange.challenge), "Bearer realm=\"a\", Basic");
    talk_end(&talk);
}

static void test_redirects_have_an_end(void **state)
{
    struct talk talk;
    char headers[128];
    struct reply replies[] = {{.match = "", .status = 301, .headers = headers, .body = ""}};
    (void)state;

    talk_start(&talk, replies, 1);
    snprintf(headers, sizeof(headers), "Location: %s/again\r\n", talk.server.origin);
    assert_int_equal(request(&talk, "GET", "/old", NULL)->outcome, HTTP_FAILED);
    assert_code(ERROR_ANSWER, talk.exchange.error.code);
    assert_in_range(talk.server.request_count, 2, 10);
    talk_end(&talk);
}

/* ---- failures -------------------------------------------------------------------------------- */

static void test_reads_are_repeated(void **state)
{
    TALK({.match = "", .times = 2, .status = 502, .body = "oops"},
         {.match = "",
          .times = 1,
          .body = "HTTP/1.1 200 X\r\nContent-Length: 9\r\n\r\n{\"a\"",
          .end = REPLY_CUT},
         {.match = "", .status = 200, .body = "{\"a\":1}"});

    assert_int_equal(request(&talk, "GET", "/x", NULL)->outcome, HTTP_ANSWERED);
    assert_string_equal(text_string(&talk.exchange.content), "{\"a\":1}");
    assert_int_equal(talk.server.request_count, 4);
    assert_true(talk.client.clock.slept_ms > 0);
    talk_end(&talk);
}

static void test_reads_are_given_up(void **state)
{
    TALK({.match = "", .status = 503, .body = "{}"});

    assert_int_equal(request(&talk, "GET", "/x", NULL)->outcome, HTTP_FAILED);
    assert_code(ERROR_SERVER, talk.exchange.error.code);
    assert_int_equal(talk.server.request_count, 6); /* once, and 5 retries */
    talk_end(&talk);
}

/* A change whose answer was lost is never sent again by this file. */
static void test_changes_are_lost(void **state)
{
    static struct reply const ends[] = {
        {.match = "", .status = 500, .body = "{}"},
        {.match = "", .body = "", .end = REPLY_CUT},
        {.match = "", .body = "HTTP/1.1 201 X\r\nContent-Len", .end = REPLY_CUT},
        {.match = "", .body = "HTTP/1.1 201 X\r\nContent-Length: 99\r\n\r\n{", .end = REPLY_CUT},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        struct reply reply = ends[i];
        struct talk talk;

        talk_start(&talk, &reply, 1);
        if (request(&talk, "POST", "/x", "{}")->outcome != HTTP_LOST)
            fail_msg("case %zu: outcome %d, status %ld", i, talk.exchange.outcome,
                     talk.exchange.status);
        assert_true(talk.exchange.error.code != ERROR_NONE);
        assert_int_equal(talk.server.request_count, 1);
        talk_end(&talk);
    }
}

static void test_a_silent_server(void **state)
{
    TALK({.match = "", .body = "", .end = REPLY_SILENT});

    assert_int_equal(request(&talk, "GET", "/x", NULL)->outcome, HTTP_FAILED);
    assert_code(ERROR_TIMEOUT, talk.exchange.error.code);
    assert_int_equal(talk.server.request_count, 2); /* twice in all */
    assert_int_equal(request(&talk, "POST", "/x", "{}")->outcome, HTTP_LOST);
    assert_int_equal(talk.server.request_count, 3);
    talk_end(&talk);
}

static void test_nobody_listens(void **state)
{
    struct client client;
    char url[64];
    struct http_exchange exchanges[2] = {
        {.method = "GET", .url = url, .repeat = HTTP_REPEATABLE, .no_token = true},
        {.method = "POST", .url = url, .body = "{}", .repeat = HTTP_ONCE, .no_token = true}};
    (void)state;

    snprintf(url, sizeof(url), "http://127.0.0.1:%d/x", free_port());
    client_open(&client, "http://127.0.0.1:1");
    http_run(client.http, exchanges, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(exchanges[i].outcome, HTTP_FAILED); /* nothing was carried out */
        assert_code(ERROR_UNREACHABLE, exchanges[i].error.code);
        assert_contains(exchanges[i].error.message, "127.0.0.1");
        http_exchange_free(&exchanges[i]);
    }
    client_close(&client);
}

static void test_limits_are_honoured(void **state)
{
    TALK({.match = "", .times = 1, .status = 429, .headers = "Retry-After: 7\r\n", .body = "{}"},
         {.match = "",
          .times = 1,
          .status = 403,
          .headers = "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1700000100\r\n",
          .body = "{}"},
         {.match = "",
          .times = 1,
          .status = 403,
          .body = "{\"message\":\"You have exceeded a secondary rate limit.\"}"},
         {.match = "", .status = 201, .body = "{}"});

    assert_int_equal(request(&talk, "POST", "/x", "{}")->outcome, HTTP_ANSWERED);
    assert_int_equal(talk.exchange.status, 201);
    assert_int_equal(talk.server.request_count, 4);
    assert_in_range(talk.client.clock.slept_ms, (7 + 100 + 60) * 1000, (7 + 105 + 310) * 1000);
    assert_int_equal(talk.client.waits, 3);
    talk_end(&talk);
}

/* A wait that is longer than the run may take is not begun. */
static void test_limits_have_a_bound(void **state)
{
    static const char *const headers[] = {"Retry-After: 7200\r\n",
                                          "Retry-After: 9223372036854775807\r\n",
                                          "Retry-After: 99999999999999999999999\r\n"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        struct reply reply = {.match = "", .status = 429, .headers = headers[i], .body = "{}"};
        struct talk talk;

        talk_start(&talk, &reply, 1);
        assert_int_equal(request(&talk, "GET", "/x", NULL)->outcome, HTTP_FAILED);
        assert_code(ERROR_RATE_LIMIT, talk.exchange.error.code);
        assert_int_equal(talk.client.clock.slept_ms, 0);
        assert_int_equal(talk.server.request_count, 1);
        talk_end(&talk);
    }
}

static void test_an_answer_that_is_too_large(void **state)
{
    TALK({.match = "", .status = 200, .body = "0123456789"});
    struct http_exchange exchange = {
        .method = "GET",
        .url = arena_print(&talk.arena, "%s/x", talk.server.origin),
        .repeat = HTTP_REPEATABLE,
        .limit = 10,
    };

    http_run(talk.client.http, &exchange, 1);
    assert_int_equal(exchange.outcome, HTTP_ANSWERED);
    http_exchange_free(&exchange);
    exchange.limit = 9;
    http_run(talk.client.http, &exchange, 1);
    assert_int_equal(exchange.outcome, HTTP_FAILED);
    assert_code(ERROR_ANSWER, exchange.error.code);
    assert_int_equal(talk.server.request_count, 2);
    http_exchange_free(&exchange);
    talk_end(&talk);
}

static void test_interrupted(void **state)
{
    TALK({.match = "", .status = 503, .body = "{}"});

    talk.client.clock.interrupt_after = 1; /* while it waits for the second attempt */
    assert_int_equal(request(&talk, "GET", "/x", NULL)->outcome, HTTP_FAILED);
    assert_code(ERROR_INTERRUPTED, talk.exchange.error.code);
    assert_int_equal(talk.server.request_count, 1);
    talk_end(&talk);
}

static void test_the_time_is_over(void **state)
{
    TALK({.match = "", .status = 200, .body = "{}"});

    talk.client.clock.now_ms += 2 * 3600 * 1000;
    assert_int_equal(request(&talk, "GET", "/x", NULL)->outcome, HTTP_FAILED);
    assert_code(ERROR_TIMEOUT, talk.exchange.error.code);
    assert_int_equal(talk.server.request_count, 0);
    talk_end(&talk);
}

static void test_several_at_once(void **state)
{
    TALK({.match = "/a", .status = 200, .body = "\"a\""},
         {.match = "/b", .times = 1, .status = 500, .body = "{}"},
         {.match = "/b", .status = 200, .body = "\"b\""},
         {.match = "/c", .status = 404, .body = "{}"});
    static const char *const paths[] = {"/a", "/b", "/c", "/a"};
    static const long statuses[] = {200, 200, 404, 200};
    struct http_exchange exchanges[4] = {{0}};

    for (size_t i = 0; i < 4; i++)
        exchanges[i] = (struct http_exchange){
            .method = "GET",
            .url = arena_print(&talk.arena, "%s%s", talk.server.origin, paths[i]),
        };
    http_run(talk.client.http, exchanges, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(exchanges[i].outcome, HTTP_ANSWERED);
        assert_int_equal(exchanges[i].status, statuses[i]);
        http_exchange_free(&exchanges[i]);
    }
    assert_int_equal(talk.server.request_count, 5);
    talk_end(&talk);
}

static void test_addresses_that_are_none(void **state)
{
    struct client client;
    struct http_exchange exchange = {.method = "GET", .url = "http://example.org/"};
    (void)state;

    client_open(&client, "http://127.0.0.1:1");
    http_run(client.http, &exchange, 1);
    assert_int_equal(exchange.outcome, HTTP_FAILED);
    assert_code(ERROR_ENVIRONMENT, exchange.error.code);
    http_exchange_free(&exchange);
    client_close(&client);
}

/* ---- TLS, against openssl's server ----------------------------------------------------------- */

struct tls {
    struct arena arena;
    const char *folder;
    int port;
    pid_t pid;
};

/* A CA, a certificate for 127.0.0.1 by it, and one for another address. */
static void make_certificates(struct tls *tls)
{
    shell("cd '%s' && "
          "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
          "-subj /CN=test-ca -keyout ca.key -out ca.pem && "
          "for host in 127.0.0.1 127.0.0.9; do "
          "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=$host "
          "-keyout $host.key -out $host.csr && "
          "printf 'subjectAltName=IP:%%s\\n' $host >$host.ext && "
          "openssl x509 -req -in $host.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
          "-extfile $host.ext -out $host.pem; done",
          tls->folder);
    shell("cd '%s' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
          "-days 2 -subj /CN=other-ca -keyout other.key -out other.pem",
          tls->folder);
    const char *answer = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                         "Content-Length: 8\r\nConnection: close\r\n\r\n{\"a\":11}";
    write_file(arena_print(&tls->arena, "%s/answer", tls->folder), answer, strlen(answer));
}

static bool is_listening(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int const client = socket(AF_INET, SOCK_STREAM, 0);
    bool const connected =
        connect(client, (struct sockaddr *)&address, (socklen_t)sizeof(address)) == 0;

    close(client);
    return connected;
}

static void tls_start(struct tls *tls, const char *host)
{
    *tls = (struct tls){.port = free_port()};
    tls->folder = make_folder(&tls->arena);
    make_certificates(tls);
    const char *port = arena_print(&tls->arena, "127.0.0.1:%d", tls->port);
    const char *certificate = arena_print(&tls->arena, "%s.pem", host);
    const char *key = arena_print(&tls->arena, "%s.key", host);
    tls->pid = fork();
    assert_true(tls->pid >= 0);
    if (!tls->pid) {
        if (!chdir(tls->folder) && freopen("/dev/null", "w", stdout) &&
            freopen("/dev/null", "w", stderr))
            execlp("openssl", "openssl", "s_server", "-HTTP", "-accept", port, "-cert", certificate,
                   "-key", key, "-quiet", (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 200 && !is_listening(tls->port); i++)
        usleep(20 * 1000);
}

static void tls_stop(struct tls *tls)
{
    kill(tls->pid, SIGTERM);
    waitpid(tls->pid, NULL, 0);
    remove_folder(tls->folder);
    arena_free(&tls->arena);
}

static void ask_over_tls(struct tls *tls, const char *certificates, const char *extra,
                         struct http_exchange *exchange)
{
    struct client client;
    struct error error = {0};

    client_open(&client, "https://127.0.0.1");
    http_close(client.http);
    if (certificates)
        client.settings.certificates = arena_print(&tls->arena, "%s/%s", tls->folder, certificates);
    if (extra)
        client.settings.extra_certificates = arena_print(&tls->arena, "%s/%s", tls->folder, extra);
    assert_int_equal(http_open(&client.settings, &client.http, &error), 0);
    *exchange = (struct http_exchange){
        .method = "GET",
        .url = arena_print(&tls->arena, "https://127.0.0.1:%d/answer", tls->port),
        .no_token = true,
    };
    http_run(client.http, exchange, 1);
    client_close(&client);
}

static void expect_over_tls(struct tls *tls, const char *certificates, const char *extra,
                            bool trusted)
{
    struct http_exchange exchange;

    ask_over_tls(tls, certificates, extra, &exchange);
    assert_int_equal(exchange.outcome, trusted ? HTTP_ANSWERED : HTTP_FAILED);
    if (trusted)
        assert_string_equal(text_string(&exchange.content), "{\"a\":11}");
    else
        assert_code(ERROR_TLS, exchange.error.code);
    http_exchange_free(&exchange);
}

static void test_tls(void **state)
{
    struct tls tls;
    (void)state;

    tls_start(&tls, "127.0.0.1");
    expect_over_tls(&tls, "ca.pem", NULL, true);        /* SSL_CERT_FILE */
    expect_over_tls(&tls, "other.pem", "ca.pem", true); /* ca_bundle besides */
    expect_over_tls(&tls, NULL, "ca.pem", true);
    expect_over_tls(&tls, "other.pem", NULL, false);
    expect_over_tls(&tls, NULL, NULL, false);
    tls_stop(&tls);
}

static void test_tls_of_another_host(void **state)
{
    struct tls tls;
    (void)state;

    tls_start(&tls, "127.0.0.9");
    expect_over_tls(&tls, "ca.pem", NULL, false);
    tls_stop(&tls);
}

static void test_certificates_that_can_not_be_read(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *folder = make_folder(&arena);
    const char *const paths[] = {arena_print(&arena, "%s/missing", folder),
                                 arena_print(&arena, "%s/text", folder), folder,
                                 arena_print(&arena, "%s/cut", folder)};
    (void)state;

    write_file(paths[1], "no PEM\n", 7);
    write_file(paths[3], "-----BEGIN CERTIFICATE-----\nAAAA\n", 33);
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        for (int extra = 0; extra < 2; extra++) {
            struct client client = {.waits = 0};
            struct http *http = NULL;
            struct error error = {0};

            client_open(&client, "https://127.0.0.1");
            *(extra ? &client.settings.extra_certificates : &client.settings.certificates) =
                paths[i];
            assert_int_equal(http_open(&client.settings, &http, &error), -1);
            assert_code(ERROR_INPUT_PATH, error.code);
            assert_null(http);
            client_close(&client);
        }
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_origins),
        cmocka_unit_test(test_an_origin_that_is_too_long),
        cmocka_unit_test(test_an_answer),
        cmocka_unit_test(test_a_body),
        cmocka_unit_test(test_a_stream),
        cmocka_unit_test(test_a_stream_is_sent_again),
        cmocka_unit_test(test_a_stream_is_lost),
        cmocka_unit_test(test_a_stream_that_ends_early),
        cmocka_unit_test(test_many_streams),
        cmocka_unit_test(test_where_the_token_goes),
        cmocka_unit_test(test_token_of_another_origin),
        cmocka_unit_test(test_no_token),
        cmocka_unit_test(test_other_statuses_are_answers),
        cmocka_unit_test(test_redirects_keep_the_method),
        cmocka_unit_test(test_a_redirect_to_a_path),
        cmocka_unit_test(test_an_answer_with_trailers),
        cmocka_unit_test(test_a_long_location),
        cmocka_unit_test(test_redirects_to_another_host),
        cmocka_unit_test(test_requests_for_others),
        cmocka_unit_test(test_heads),
        cmocka_unit_test(test_redirects_have_an_end),
        cmocka_unit_test(test_reads_are_repeated),
        cmocka_unit_test(test_reads_are_given_up),
        cmocka_unit_test(test_changes_are_lost),
        cmocka_unit_test(test_a_silent_server),
        cmocka_unit_test(test_nobody_listens),
        cmocka_unit_test(test_limits_are_honoured),
        cmocka_unit_test(test_limits_have_a_bound),
        cmocka_unit_test(test_an_answer_that_is_too_large),
        cmocka_unit_test(test_interrupted),
        cmocka_unit_test(test_the_time_is_over),
        cmocka_unit_test(test_several_at_once),
        cmocka_unit_test(test_addresses_that_are_none),
        cmocka_unit_test(test_tls),
        cmocka_unit_test(test_tls_of_another_host),
        cmocka_unit_test(test_certificates_that_can_not_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
