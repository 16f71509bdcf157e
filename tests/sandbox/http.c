#define _GNU_SOURCE
#include "http.h"

#include <gnutls/crypto.h>

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD_MAX = 65536 };
static const size_t BODY_MAX = (size_t)2 << 30;
bool (*upload_is_cut)(const struct request *request);

static ssize_t stream_read_some(struct stream *stream, void *data, size_t size)
{
    for (;;) {
        ssize_t got = stream->tls ? gnutls_record_recv(stream->tls, data, size)
                                  : recv(stream->fd, data, size, 0);
        if (stream->tls && (got == GNUTLS_E_INTERRUPTED || got == GNUTLS_E_AGAIN))
            continue;
        if (!stream->tls && got < 0 && errno == EINTR)
            continue;
        return got;
    }
}

/* Reads until there are `need` bytes in the buffer. */
static bool stream_fill(struct stream *stream, size_t need)
{
    char piece[16384];
    while (stream->in.length < need) {
        ssize_t got = stream_read_some(stream, piece, sizeof piece);
        if (got <= 0)
            return false;
        buffer_add(&stream->in, piece, (size_t)got);
    }
    return true;
}

static void stream_drop(struct stream *stream, size_t count)
{
    stream->in.length -= count;
    memmove(stream->in.data, stream->in.data + count, stream->in.length + 1);
}

static bool stream_write(struct stream *stream, const void *data, size_t length)
{
    const char *at = data;
    while (length) {
        ssize_t sent = stream->tls ? gnutls_record_send(stream->tls, at, length)
                                   : send(stream->fd, at, length, MSG_NOSIGNAL);
        if (stream->tls && (sent == GNUTLS_E_INTERRUPTED || sent == GNUTLS_E_AGAIN))
            continue;
        if (sent <= 0)
            return false;
        at += sent;
        length -= (size_t)sent;
    }
    return true;
}

void stream_close(struct stream *stream)
{
    if (stream->tls)
        gnutls_deinit(stream->tls);
    buffer_free(&stream->in);
    close(stream->fd);
}

const char *request_header(const struct request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}

/* Reads one line or the whole head, up to and with `end`; NULL where it does not come. */
static char *read_until(struct stream *stream, struct pool *pool, const char *end, size_t max)
{
    for (;;) {
        const char *at = stream->in.length ? strstr(stream->in.data, end) : NULL;
        if (at) {
            size_t length = (size_t)(at - stream->in.data);
            char *text = pool_copy(pool, stream->in.data, length);
            stream_drop(stream, length + strlen(end));
            return text;
        }
        if (stream->in.length > max || !stream_fill(stream, stream->in.length + 1))
            return NULL;
    }
}

static bool parse_request_line(struct request *request, char *line)
{
    char *rest = line;
    request->method = strsep(&rest, " ");
    char *target = strsep(&rest, " ");
    if (!target || !rest || strncmp(rest, "HTTP/1.", 7) != 0)
        return false;
    request->keep_alive = strcmp(rest, "HTTP/1.1") == 0;
    request->target = target;
    const char *mark = strchr(target, '?');
    size_t length = mark ? (size_t)(mark - target) : strlen(target);
    request->path = pool_copy(&request->pool, target, length);
    request->query = mark ? mark + 1 : "";
    return true;
}

static bool parse_head(struct request *request, char *head)
{
    char *rest = head;
    char *line = strsep(&rest, "\n");
    line[strcspn(line, "\r")] = 0;
    if (!parse_request_line(request, line))
        return false;
    while (rest && (line = strsep(&rest, "\n"))) {
        line[strcspn(line, "\r")] = 0;
        char *colon = strchr(line, ':');
        if (!colon || request->header_count == HEADERS_MAX)
            return false;
        *colon = 0;
        const char *value = colon + 1 + strspn(colon + 1, " \t");
        request->headers[request->header_count++] = (struct header){line, value};
    }
    const char *connection = request_header(request, "Connection");
    if (connection && strcasecmp(connection, "close") == 0)
        request->keep_alive = false;
    return true;
}

static bool take_body(struct stream *stream, struct request *request, size_t length)
{
    while (length) {
        if (!stream->in.length && !stream_fill(stream, 1))
            return false;
        size_t part = stream->in.length < length ? stream->in.length : length;
        buffer_add(&request->body, stream->in.data, part);
        stream_drop(stream, part);
        length -= part;
    }
    return true;
}

static bool read_chunks(struct stream *stream, struct request *request)
{
    for (;;) {
        char *line = read_until(stream, &request->pool, "\r\n", HEAD_MAX);
        char *end = NULL;
        size_t length = line ? strtoul(line, &end, 16) : 0;
        if (!line || end == line || request->body.length + length > BODY_MAX)
            return false;
        if (length && !take_body(stream, request, length))
            return false;
        line =
            read_until(stream, &request->pool, "\r\n", HEAD_MAX); /* the line's end, or a trailer */
        if (!line)
            return false;
        if (!length) {
            while (*line && (line = read_until(stream, &request->pool, "\r\n", HEAD_MAX)))
                ;
            return line != NULL;
        }
    }
}

/* Hashed as it comes: 500 MB of several clients at once fit nowhere. */
static bool take_upload(struct stream *stream, struct request *request, size_t length)
{
    size_t const end = upload_is_cut && upload_is_cut(request) ? length / 2 : length;
    gnutls_hash_hd_t hash;
    if (gnutls_hash_init(&hash, GNUTLS_DIG_SHA256))
        die("no SHA-256");
    while (request->upload_length < end) {
        size_t const left = end - request->upload_length;
        if (!stream->in.length && !stream_fill(stream, 1))
            break;
        size_t part = stream->in.length < left ? stream->in.length : left;
        gnutls_hash(hash, stream->in.data, part);
        stream_drop(stream, part);
        request->upload_length += part;
    }
    gnutls_hash_deinit(hash, request->upload_hash);
    request->cut = request->upload_length < length;
    return !request->cut;
}

static bool read_body(struct stream *stream, struct request *request)
{
    const char *coding = request_header(request, "Transfer-Encoding");
    const char *length = request_header(request, "Content-Length");
    const char *expect = request_header(request, "Expect");
    buffer_text(&request->body, "");
    if (!coding && !length)
        return true;
    if (expect && strcasecmp(expect, "100-continue") == 0 &&
        !stream_write(stream, "HTTP/1.1 100 Continue\r\n\r\n", 25))
        return false;
    if (coding && (strcasecmp(coding, "chunked") != 0 || !read_chunks(stream, request)))
        return false;
    request->upload_length = request->body.length;
    gnutls_hash_fast(GNUTLS_DIG_SHA256, request->body.data, request->body.length,
                     request->upload_hash);
    if (coding)
        return true;
    size_t count = strtoul(length, NULL, 10);
    if (text_begins(request->path, "/api/uploads/"))
        return count <= BODY_MAX && take_upload(stream, request, count);
    return count <= BODY_MAX && take_body(stream, request, count);
}

bool request_read(struct stream *stream, struct request *request)
{
    if (!stream->in.length && !stream_fill(stream, 1))
        return false;
    request->started_us = clock_us();
    char *head = read_until(stream, &request->pool, "\r\n\r\n", HEAD_MAX);
    return head && parse_head(request, head) && read_body(stream, request);
}

void request_free(struct request *request)
{
    buffer_free(&request->body);
    pool_free(&request->pool);
    *request = (struct request){0};
}

void answer_header(struct answer *answer, const char *name, const char *value)
{
    size_t i = 0;
    while (i < answer->header_count && strcasecmp(answer->headers[i].name, name) != 0)
        i++;
    if (i == HEADERS_MAX)
        die("too many headers");
    answer->headers[i] = (struct header){name, value};
    if (i == answer->header_count)
        answer->header_count++;
}

const char *answer_find(const struct answer *answer, const char *name)
{
    for (size_t i = 0; i < answer->header_count; i++)
        if (strcasecmp(answer->headers[i].name, name) == 0)
            return answer->headers[i].value;
    return NULL;
}

void answer_free(struct answer *answer)
{
    buffer_free(&answer->body);
    *answer = (struct answer){0};
}

static const char *status_text(int status)
{
    static const struct {
        int status;
        const char *text;
    } table[] = {{200, "OK"},
                 {201, "Created"},
                 {204, "No Content"},
                 {301, "Moved Permanently"},
                 {304, "Not Modified"},
                 {307, "Temporary Redirect"},
                 {400, "Bad Request"},
                 {401, "Unauthorized"},
                 {403, "Forbidden"},
                 {404, "Not Found"},
                 {409, "Conflict"},
                 {422, "Unprocessable Entity"},
                 {429, "Too Many Requests"},
                 {500, "Internal Server Error"},
                 {502, "Bad Gateway"},
                 {503, "Service Unavailable"}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].status == status)
            return table[i].text;
    return "Unknown";
}

static bool bodiless(const struct request *request, const struct answer *answer)
{
    return answer->status == 204 || answer->status == 304 || text_equal(request->method, "HEAD");
}

static void write_head(struct buffer *out, const struct request *request,
                       const struct answer *answer)
{
    time_t now = time(NULL);
    struct tm parts;
    char date[64];
    gmtime_r(&now, &parts);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    buffer_format(out, "HTTP/1.1 %d %s\r\n", answer->status, status_text(answer->status));
    buffer_format(out, "Server: GitHub.com\r\nDate: %s\r\n", date);
    for (size_t i = 0; i < answer->header_count; i++)
        buffer_format(out, "%s: %s\r\n", answer->headers[i].name, answer->headers[i].value);
    if (answer->chunked)
        buffer_text(out, "Transfer-Encoding: chunked\r\n");
    else if (answer->status != 204)
        buffer_format(out, "Content-Length: %zu\r\n", answer->body.length);
    if (!request->keep_alive)
        buffer_text(out, "Connection: close\r\n");
    buffer_text(out, "\r\n");
}

static void write_body(struct buffer *out, const struct answer *answer)
{
    enum { CHUNK = 8192 };
    if (!answer->chunked) {
        buffer_add(out, answer->body.data, answer->body.length);
        return;
    }
    for (size_t at = 0; at < answer->body.length; at += CHUNK) {
        size_t left = answer->body.length - at;
        size_t part = left < CHUNK ? left : CHUNK;
        buffer_format(out, "%zx\r\n", part);
        buffer_add(out, answer->body.data + at, part);
        buffer_text(out, "\r\n");
    }
    buffer_text(out, "0\r\n\r\n");
}

static bool send_slowly(struct stream *stream, const struct buffer *out, size_t head, long ms)
{
    enum { PIECES = 20 };
    if (!stream_write(stream, out->data, head))
        return false;
    size_t body = out->length - head;
    for (size_t i = 0; i < PIECES; i++) {
        size_t from = head + body * i / PIECES;
        size_t to = head + body * (i + 1) / PIECES;
        sleep_ms(ms / PIECES);
        if (!stream_write(stream, out->data + from, to - from))
            return false;
    }
    return true;
}

/* Waits until the client closes its side, in the end for `ms`. */
static void wait_for_close(struct stream *stream, long ms)
{
    struct pollfd watch = {.fd = stream->fd, .events = POLLRDHUP};
    poll(&watch, 1, (int)ms);
}

bool answer_send(struct stream *stream, const struct request *request, struct answer *answer)
{
    if (answer->delivery == DELIVER_SILENCE)
        wait_for_close(stream, answer->delivery_ms);
    if (answer->delivery == DELIVER_SILENCE || answer->delivery == DELIVER_NOTHING)
        return false;
    struct buffer out = {0};
    write_head(&out, request, answer);
    size_t head = out.length;
    if (!bodiless(request, answer))
        write_body(&out, answer);
    bool kept = request->keep_alive;
    if (answer->delivery == DELIVER_SLOWLY) {
        kept &= send_slowly(stream, &out, head, answer->delivery_ms);
    } else if (answer->delivery == DELIVER_TRUNCATED) {
        /* An answer without a body is cut in its head. */
        stream_write(stream, out.data,
                     out.length > head ? head + (out.length - head) / 2 : head / 2);
        kept = false;
    } else {
        kept &= stream_write(stream, out.data, out.length);
    }
    buffer_free(&out);
    return kept;
}
