/* One attempt at a request, by libcurl. */
#include "adapters/http_internal.h"

#include "adapters/trust.h"
#include "base/cleanup.h"
#include "base/host.h"
#include "base/library_memory.h"
#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CONNECT_SECONDS = 10 };

int http_origin(const char *url, char *origin, size_t size, struct error *error)
{
    bool const secure = string_starts(url, "https://");
    size_t const scheme = secure ? strlen("https://") : strlen("http://");

    if (!secure && !string_starts(url, "http://"))
        return error_set(error, ERROR_ENVIRONMENT, NULL,
                         "an address with https:// was expected, \"%.100s\" was found", url);
    const char *authority = url + scheme;
    size_t const length = strcspn(authority, "/?#");
    size_t host = authority[0] == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/?#");
    if (!host || !length || memchr(authority, '@', length) || memchr(authority, '\\', length) ||
        host > length || scheme + length >= size)
        return error_set(error, ERROR_ENVIRONMENT, NULL,
                         "an address with a host and nothing ahead of it was expected, \"%.100s\" "
                         "was found",
                         url);
    if (!secure && !host_is_loopback(authority, host))
        return error_set(
            error, ERROR_ENVIRONMENT, "use https://",
            "http:// serves for this machine's own addresses only, \"%.100s\" was found", url);
    memcpy(origin, url, scheme + length);
    origin[scheme + length] = '\0';
    return 0;
}

int http_open(const struct http_settings *settings, struct http **http, struct error *error)
{
    struct http *opened = memory_take(sizeof(*opened));

    opened->settings = *settings;
    if (!curl_global_init_mem(CURL_GLOBAL_DEFAULT, library_take, library_free, library_grow,
                              library_copy, library_take_array))
        opened->multi = curl_multi_init();
    if (trust_open(settings->certificates, settings->extra_certificates, &opened->trust, error)) {
        http_close(opened);
        return -1;
    }
    if (!opened->multi) {
        http_close(opened);
        return error_set(error, ERROR_INTERNAL, NULL, "libcurl could not be started");
    }
    *http = opened;
    return 0;
}

void http_close(struct http *http)
{
    if (!http)
        return;
    if (http->multi)
        curl_multi_cleanup(http->multi);
    trust_close(http->trust);
    memory_free(http);
}

static size_t on_content(char *bytes, size_t size, size_t count, void *state)
{
    struct transfer *transfer = state;
    struct http_exchange *exchange = transfer->exchange;

    if (exchange->content.length + size * count > exchange->limit) {
        error_set(&transfer->failure, ERROR_ANSWER, NULL,
                  "an answer of at most %zu bytes was expected from %s", exchange->limit,
                  exchange->url);
        return CURL_WRITEFUNC_ERROR;
    }
    text_add_bytes(&exchange->content, bytes, size * count);
    return size * count;
}

/*
 * The body goes through a callback that can't be rewound, and that is on purpose: libcurl sends a
 * request again by itself where a kept connection is cut before the first byte of the answer. For a
 * change that may have been carried out this must not happen; so it fails with
 * CURLE_SEND_FAIL_REWIND instead, and counts as cut.
 */
static size_t on_body(char *buffer, size_t size, size_t count, void *state)
{
    struct transfer *transfer = state;
    const char *left = transfer->exchange->body + transfer->body_sent;
    size_t length = strlen(left);

    if (length > size * count)
        length = size * count;
    memcpy(buffer, left, length);
    transfer->body_sent += (int64_t)length;
    return length;
}

/* The same for a body that is read while it is sent. One that is shorter than it was said to be ends
 * the attempt, and no other is made: its length went ahead of it. */
static size_t on_stream(char *buffer, size_t size, size_t count, void *state)
{
    struct transfer *transfer = state;
    const struct http_stream *stream = transfer->exchange->stream;
    int64_t const left = stream->length - transfer->body_sent;
    size_t const room = (int64_t)(size * count) < left ? size * count : (size_t)left;
    ptrdiff_t const length =
        room ? stream->read(stream->state, transfer->body_sent, buffer, room) : 0;

    if (length < 0 || (room && !length)) {
        error_set(&transfer->failure, ERROR_ASSET_FILE, "run it again",
                  "a file changed, or could not be read to its end, while it was sent to %s",
                  transfer->exchange->url);
        return CURL_READFUNC_ABORT;
    }
    transfer->body_sent += length;
    return (size_t)length;
}

static void take_text(struct text *text, const char *value, size_t length)
{
    text_cut(text, 0);
    text_add_bytes(text, value, length);
}

static int64_t whole_number(const char *value)
{
    return *value >= '0' && *value <= '9' ? strtoll(value, NULL, 10) : -1;
}

static void reset_answer(struct transfer *transfer)
{
    struct http_exchange *exchange = transfer->exchange;

    transfer->retry_after = transfer->limit_remaining = transfer->limit_reset = -1;
    text_cut(&transfer->location, 0);
    text_cut(&exchange->content, 0);
    text_cut(&exchange->link, 0);
    text_cut(&exchange->content_type, 0);
    text_cut(&exchange->permissions, 0);
    text_cut(&exchange->digest, 0);
    text_cut(&exchange->challenge, 0);
}

/* Several challenges are one list (RFC 9110, section 11.6.1). */
static void add_challenge(struct text *challenge, const char *value)
{
    text_add(challenge, challenge->length ? ", " : "");
    text_add(challenge, value);
}

static size_t on_header(char *bytes, size_t size, size_t count, void *state)
{
    struct transfer *transfer = state;
    struct http_exchange *exchange = transfer->exchange;
    char line[HTTP_LONGEST_HEADER];
    size_t length = size * count < sizeof(line) ? size * count : sizeof(line) - 1;

    memcpy(line, bytes, length);
    while (length && strchr("\r\n ", line[length - 1]))
        length--;
    line[length] = '\0';
    if (string_starts(line, "HTTP/")) {
        reset_answer(transfer);
        transfer->head_complete = false;
    } else if (transfer->head_complete) /* a trailer, behind the body: RFC 9110, 6.5.1 */
        return size * count;
    transfer->head_complete = !length;
    char *value = strchr(line, ':');
    if (!value)
        return size * count;
    *value++ = '\0';
    value += strspn(value, " \t");
    length = strlen(value);
    if (!strcasecmp(line, "link"))
        take_text(&exchange->link, value, length);
    else if (!strcasecmp(line, "content-type"))
        take_text(&exchange->content_type, value, length);
    else if (!strcasecmp(line, "x-accepted-github-permissions"))
        take_text(&exchange->permissions, value, length);
    else if (!strcasecmp(line, "docker-content-digest"))
        take_text(&exchange->digest, value, length);
    else if (!strcasecmp(line, "www-authenticate"))
        add_challenge(&exchange->challenge, value);
    else if (!strcasecmp(line, "location"))
        take_text(&transfer->location, value, length);
    else if (!strcasecmp(line, "retry-after"))
        transfer->retry_after = whole_number(value);
    else if (!strcasecmp(line, "x-ratelimit-remaining"))
        transfer->limit_remaining = whole_number(value);
    else if (!strcasecmp(line, "x-ratelimit-reset"))
        transfer->limit_reset = whole_number(value);
    return size * count;
}

/* The token goes nowhere but to the hosts that it is for (contract, section 8). */
static bool may_have_token(const struct http *http, const char *its_origin)
{
    if (string_is_empty(http->settings.token))
        return false;
    for (const char *const *origin = http->settings.token_origins; *origin; origin++)
        if (strings_equal(*origin, its_origin))
            return true;
    return false;
}

bool http_takes_token(const struct http *http, const char *url)
{
    char origin[HTTP_ORIGIN_SIZE];
    struct error ignored;

    return !http_origin(url, origin, sizeof(origin), &ignored) && may_have_token(http, origin);
}

static void add_header(struct transfer *transfer, const char *header)
{
    struct curl_slist *longer = curl_slist_append(transfer->headers, header);

    if (longer)
        transfer->headers = longer;
}

static void add_headers(struct http *http, struct transfer *transfer)
{
    const struct http_exchange *exchange = transfer->exchange;

    for (const char *const *header = exchange->headers; header && *header && !transfer->bare;
         header++)
        add_header(transfer, *header);
    add_header(transfer, "Expect:");
    if (exchange->body)
        add_header(transfer, "Content-Type: application/json");
    if (exchange->stream) {
        CLEANUP(text_free) struct text type = {0};

        text_print(&type, "Content-Type: %s", exchange->stream->content_type);
        add_header(transfer, text_string(&type));
    }
    if (!exchange->no_token && may_have_token(http, transfer->origin)) {
        CLEANUP(text_free) struct text authorization = {0};

        text_print(&authorization, "Authorization: Bearer %s", http->settings.token);
        add_header(transfer, text_string(&authorization));
    }
    curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, transfer->headers);
}

static void set_body(struct transfer *transfer)
{
    const struct http_exchange *exchange = transfer->exchange;

    if (!exchange->body && !exchange->stream)
        return;
    curl_easy_setopt(transfer->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(transfer->easy, CURLOPT_READFUNCTION, exchange->stream ? on_stream : on_body);
    curl_easy_setopt(transfer->easy, CURLOPT_READDATA, transfer);
    curl_easy_setopt(transfer->easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     exchange->stream ? (curl_off_t)exchange->stream->length
                                      : (curl_off_t)strlen(exchange->body));
}

static void set_bounds(struct http *http, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)http->settings.stall_seconds);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L); /* a resolver's thread can't hold up the end */
}

static CURLcode set_trust(CURL *easy, void *config, void *trust)
{
    (void)easy;
    trust_apply(trust, config);
    return CURLE_OK;
}

static void set_security(struct http *http, CURL *easy)
{
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https,http");
    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, set_trust);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, http->trust);
}

void transfer_start(struct http *http, struct transfer *transfer)
{
    CURL *easy = curl_easy_init();

    transfer->easy = easy;
    transfer->body_sent = 0;
    transfer->sent = transfer->head_complete = false;
    transfer->status = 0;
    transfer->curl_message[0] = '\0';
    reset_answer(transfer);
    if (!easy) {
        transfer->end = ATTEMPT_CUT;
        transfer->state = TRANSFER_OVER;
        return;
    }
    curl_easy_setopt(easy, CURLOPT_URL, text_string(&transfer->url));
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "cut-release/" CUT_RELEASE_VERSION);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    curl_easy_setopt(easy, CURLOPT_PIPEWAIT,
                     (long)strings_equal(transfer->origin, http->settings.multiplexed_origin));
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_content);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->curl_message);
    set_body(transfer);
    if (strings_equal(transfer->exchange->method, "HEAD"))
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, transfer->exchange->method);
    set_bounds(http, easy);
    set_security(http, easy);
    add_headers(http, transfer);
    transfer->state = TRANSFER_RUNNING;
    CURLMcode const added = curl_multi_add_handle(http->multi, easy);
    if (added) {
        snprintf(transfer->curl_message, sizeof(transfer->curl_message), "%s",
                 curl_multi_strerror(added));
        transfer->end = ATTEMPT_CUT;
        transfer->state = TRANSFER_OVER;
        transfer_stop(http, transfer);
    }
}

void transfer_stop(struct http *http, struct transfer *transfer)
{
    curl_multi_remove_handle(http->multi, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    transfer->easy = NULL;
    transfer->headers = NULL;
}

void transfer_free(struct transfer *transfer)
{
    text_free(&transfer->url);
    text_free(&transfer->location);
}

/* Did the request leave, or a part of it? */
static bool was_sent(CURL *easy)
{
    long bytes = 0;

    curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes > 0;
}

/* Some of libcurl's messages end with a line end. */
static void trim_message(char *message)
{
    size_t length = strlen(message);

    while (length && strchr(" \r\n", message[length - 1]))
        message[--length] = '\0';
}

static bool is_certificate_trouble(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_SSL_ISSUER_ERROR;
}

static enum attempt_end attempt_end(struct transfer *transfer, CURLcode code)
{
    /* libcurl takes headers that are cut for an answer without a body. */
    if (code == CURLE_OK)
        return transfer->head_complete ? ATTEMPT_ANSWERED : ATTEMPT_CUT;
    trim_message(transfer->curl_message);
    if (is_certificate_trouble(code)) {
        error_set(&transfer->failure, ERROR_TLS,
                  "give the CA that signed it in ca_bundle or SSL_CERT_FILE",
                  "a certificate that can be verified was expected from %s: %s",
                  transfer->origin + strcspn(transfer->origin, "/") + 2,
                  string_or(transfer->curl_message, curl_easy_strerror(code)));
        return ATTEMPT_CUT;
    }
    if (!transfer->curl_message[0])
        snprintf(transfer->curl_message, sizeof(transfer->curl_message), "%s",
                 curl_easy_strerror(code));
    return code == CURLE_OPERATION_TIMEDOUT ? ATTEMPT_TIMEOUT : ATTEMPT_CUT;
}

static void take_end(struct http *http, CURL *easy, CURLcode code)
{
    struct transfer *transfer = NULL;

    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &transfer->status);
    transfer->sent = was_sent(easy);
    transfer->end = attempt_end(transfer, code);
    transfer->state = TRANSFER_OVER;
    transfer_stop(http, transfer);
}

void transfers_progress(struct http *http, struct transfer *transfers, size_t count, int wait_ms)
{
    bool ended = false;
    int running, queued;
    const CURLMsg *message;

    curl_multi_perform(http->multi, &running);
    while ((message = curl_multi_info_read(http->multi, &queued)))
        if (message->msg == CURLMSG_DONE) {
            take_end(http, message->easy_handle, message->data.result);
            ended = true;
        }
    for (size_t i = 0; i < count; i++)
        ended = ended || transfers[i].state == TRANSFER_OVER;
    if (!ended)
        curl_multi_poll(http->multi, NULL, 0, wait_ms, NULL);
}

const char *http_version(void)
{
    return curl_version();
}
