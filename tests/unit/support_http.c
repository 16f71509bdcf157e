#include "support_http.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int listen_on_loopback(int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int const listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 16), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return listener;
}

int free_port(void)
{
    int port;

    close(listen_on_loopback(&port));
    return port;
}

static size_t body_length(const char *head)
{
    const char *header = strcasestr(head, "\r\nContent-Length:");

    return header ? strtoul(header + strlen("\r\nContent-Length:"), NULL, 10) : 0;
}

/* The whole request; false where the client went away. */
static bool read_request(int connection, struct text *request)
{
    char buffer[4096];

    for (;;) {
        const char *end = strstr(text_string(request), "\r\n\r\n");

        if (end && request->length >=
                       (size_t)(end + 4 - text_string(request)) + body_length(text_string(request)))
            return true;
        ssize_t const length = read(connection, buffer, sizeof(buffer));
        if (length <= 0)
            return false;
        text_add_bytes(request, buffer, (size_t)length);
    }
}

static struct reply *choose(struct http_server *server, const char *request)
{
    size_t const width = strcspn(request, "\r\n");

    for (size_t i = 0; i < server->reply_count; i++) {
        struct reply *reply = &server->replies[i];
        const char *found = strstr(request, reply->match);

        if (reply->times < 0 || !found || found >= request + width)
            continue;
        if (reply->times > 0 && --reply->times == 0)
            reply->times = -1; /* used up */
        return reply;
    }
    return NULL;
}

static void send_all(int connection, const char *bytes, size_t length)
{
    while (length) {
        ssize_t const sent = send(connection, bytes, length, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        bytes += sent;
        length -= (size_t)sent;
    }
}

static void answer(int connection, const struct reply *reply)
{
    struct text out = {0};

    if (reply->status) {
        text_print(&out, "HTTP/1.1 %d X\r\nConnection: close\r\n%s", reply->status,
                   string_or(reply->headers, ""));
        if (!reply->headers || !strcasestr(reply->headers, "Content-Type:"))
            text_add(&out, "Content-Type: application/json; charset=utf-8\r\n");
        text_print(&out, "Content-Length: %zu\r\n\r\n", strlen(string_or(reply->body, "")));
    }
    text_add(&out, reply->body);
    send_all(connection, text_string(&out), out.length);
    text_free(&out);
}

static void serve(struct http_server *server, int connection)
{
    struct text *request = &server->requests[server->request_count];

    if (server->request_count == HTTP_SERVER_MOST || !read_request(connection, request)) {
        close(connection);
        return;
    }
    server->request_count++;
    const struct reply *reply = choose(server, text_string(request));
    static const struct reply unexpected = {
        "", 0, 500, NULL, "{\"message\":\"not scripted\"}", REPLY_WHOLE};
    reply = reply ? reply : &unexpected;
    answer(connection, reply);
    if (reply->end == REPLY_SILENT)
        server->kept[server->kept_count++] = connection;
    else
        close(connection);
}

static void *run(void *state)
{
    struct http_server *server = state;

    for (;;) {
        int const connection = accept(server->listener, NULL, NULL);

        if (connection < 0)
            return NULL;
        serve(server, connection);
    }
}

void http_server_start(struct http_server *server, struct reply *replies, size_t count)
{
    *server = (struct http_server){.replies = replies, .reply_count = count};
    server->listener = listen_on_loopback(&server->port);
    snprintf(server->origin, sizeof(server->origin), "http://127.0.0.1:%d", server->port);
    assert_int_equal(pthread_create(&server->thread, NULL, run, server), 0);
}

void http_server_stop(struct http_server *server)
{
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    for (size_t i = 0; i < server->kept_count; i++)
        close(server->kept[i]);
    for (size_t i = 0; i < HTTP_SERVER_MOST; i++)
        text_free(&server->requests[i]);
}

static void count_wait(void *state, const char *why, int64_t milliseconds)
{
    (void)why;
    (void)milliseconds;
    ((struct client *)state)->waits++;
}

void client_open(struct client *client, const char *origin)
{
    struct error error = {0};

    *client = (struct client){.origins = {origin}};
    fake_clock_start(&client->clock);
    client->settings = (struct http_settings){
        .token = "ghs_secret",
        .token_origins = client->origins,
        .certificates = "",
        .extra_certificates = "",
        .stall_seconds = 1,
        .deadline_ms = client->clock.now_ms + 3600 * 1000,
        .clock = &client->clock.clock,
        .waiting = count_wait,
        .waiting_state = client,
    };
    if (http_open(&client->settings, &client->http, &error))
        fail_msg("%s", error.message);
}

void client_close(struct client *client)
{
    http_close(client->http);
}
