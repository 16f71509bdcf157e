#include "adapters/http.h"

#include "adapters/http_internal.h"
#include "base/cleanup.h"
#include "base/memory.h"

#include <string.h>
#include <sys/random.h>

enum {
    MOST_REDIRECTS = 5,
    POLL_MS = 200, /* how soon SIGTERM and the deadline are seen */
    LIMIT_BYTES = 10 * 1000 * 1000,
};

static double random_fraction(void)
{
    uint32_t number = 0;

    if (getrandom(&number, sizeof(number), GRND_NONBLOCK) != sizeof(number))
        number = UINT32_MAX / 2;
    return (double)number / (double)UINT32_MAX;
}

static void fail(struct transfer *transfer, enum http_outcome outcome)
{
    transfer->state = TRANSFER_ENDED;
    transfer->exchange->outcome = outcome;
}

static const char *host_of(const struct transfer *transfer)
{
    return transfer->origin + strcspn(transfer->origin, "/") + 2;
}

/* What a person reads when there will be no further attempt. */
static void explain(struct http *http, struct transfer *transfer, const struct decision *decision,
                    const struct attempt *attempt)
{
    struct error *error = &transfer->exchange->error;
    const char *host = host_of(transfer);

    if (decision->limited)
        error_set(error, ERROR_RATE_LIMIT, "run it again later",
                  "%s limits the requests of this token, and asks to wait longer than the run may "
                  "take",
                  host);
    else if (attempt->end == ATTEMPT_ANSWERED)
        error_set(error, ERROR_SERVER, "run it again later; see the status page of the server",
                  "%s answered %s %s with %ld", host, transfer->exchange->method,
                  transfer->exchange->url, attempt->status);
    else if (attempt->end == ATTEMPT_TIMEOUT && attempt->sent)
        error_set(error, ERROR_TIMEOUT, "run it again later; timeout_seconds sets the bound",
                  "%s was silent for %lld s on %s %s", host,
                  (long long)http->settings.stall_seconds, transfer->exchange->method,
                  transfer->exchange->url);
    else if (attempt->sent)
        error_set(error, ERROR_UNREACHABLE, "run it again later",
                  "%s cut the connection on %s %s (%s)", host, transfer->exchange->method,
                  transfer->exchange->url, transfer->curl_message);
    else
        error_set(error, ERROR_UNREACHABLE, "check the network, the proxy and the address",
                  "%s can't be reached: %s", host, transfer->curl_message);
}

static void wait_for(struct http *http, struct transfer *transfer, const struct decision *decision,
                     const struct attempt *attempt)
{
    int64_t const until = clock_now_ms(http->settings.clock) + decision->wait_ms;

    if (until > http->settings.deadline_ms ||
        (decision->limited && transfer->exchange->impatient)) {
        explain(http, transfer, decision, attempt);
        fail(transfer, HTTP_FAILED);
        return;
    }
    transfer->state = TRANSFER_WAITING;
    transfer->not_before = until;
    if (http->settings.waiting && decision->wait_ms >= 1000 && until > http->said_until_ms) {
        http->said_until_ms = until; /* requests that wait together are one wait for people */
        http->settings.waiting(http->settings.waiting_state,
                               decision->limited ? "a rate limit of the server" : "a retry",
                               decision->wait_ms);
    }
}

static void count_attempt(struct transfer *transfer, const struct attempt *attempt,
                          const struct decision *decision)
{
    transfer->limits += decision->limited;
    transfer->timeouts += attempt->end == ATTEMPT_TIMEOUT;
    transfer->failures += !decision->limited && attempt->end != ATTEMPT_TIMEOUT;
}

/* Somewhere else, where the exchange allows it: then without its headers, which may be credentials. */
static bool may_go_to(struct transfer *transfer, const char *origin)
{
    if (strings_equal(origin, transfer->origin))
        return true;
    if (!transfer->exchange->follow_anywhere)
        return false;
    transfer->bare = true;
    memcpy(transfer->origin, origin, strlen(origin) + 1);
    return true;
}

/*
 * GitHub redirects renamed repositories, and asks to keep the method
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api). To
 * another host nothing is sent: the token would go along.
 */
static bool follow(struct transfer *transfer)
{
    CLEANUP(text_free) struct text address = {0};
    const char *location = text_string(&transfer->location);
    char origin[HTTP_ORIGIN_SIZE];
    struct error ignored;

    if (transfer->status < 301 || transfer->status > 308 || transfer->status == 304 ||
        !transfer->location.length)
        return false;
    if (location[0] == '/' && location[1] != '/') /* without the host: RFC 9110, 10.2.2 */
        text_add(&address, transfer->origin);
    text_add(&address, location);
    location = text_string(&address);
    if (transfer->redirects++ == MOST_REDIRECTS ||
        http_origin(location, origin, sizeof(origin), &ignored) || !may_go_to(transfer, origin)) {
        error_set(&transfer->exchange->error, ERROR_ANSWER, NULL,
                  "%s redirects %s to another host, or for ever; that isn't followed",
                  host_of(transfer), transfer->exchange->url);
        fail(transfer, HTTP_FAILED);
        return true;
    }
    text_cut(&transfer->url, 0);
    text_add(&transfer->url, location);
    transfer->state = TRANSFER_WAITING;
    transfer->not_before = 0;
    return true;
}

/* One attempt is over: the answer counts, it is tried again, or given up. */
static void conclude(struct http *http, struct transfer *transfer)
{
    struct attempt attempt = {
        .end = transfer->end,
        .sent = transfer->sent,
        .status = transfer->status,
        .repeatable = transfer->exchange->repeat == HTTP_REPEATABLE,
        .secondary_limit =
            strstr(text_string(&transfer->exchange->content), "secondary rate limit") != NULL,
        .retry_after = transfer->retry_after,
        .limit_remaining = transfer->limit_remaining,
        .limit_reset = transfer->limit_reset,
        .wall_seconds = clock_wall_seconds(http->settings.clock),
        .failures = transfer->failures,
        .timeouts = transfer->timeouts,
        .limits = transfer->limits,
        .jitter = random_fraction(),
    };

    if (transfer->failure.code) { /* a certificate, or an answer that is too large: for ever so */
        transfer->exchange->error = transfer->failure;
        fail(transfer, attempt.repeatable || !attempt.sent ? HTTP_FAILED : HTTP_LOST);
        return;
    }
    struct decision decision = http_decide(&attempt);
    count_attempt(transfer, &attempt, &decision);
    switch (decision.verdict) {
    case VERDICT_TAKE:
        if (!follow(transfer)) {
            transfer->exchange->status = transfer->status;
            fail(transfer, HTTP_ANSWERED);
        }
        return;
    case VERDICT_AGAIN:
        wait_for(http, transfer, &decision, &attempt);
        return;
    case VERDICT_LOST:
    case VERDICT_FAIL:
        explain(http, transfer, &decision, &attempt);
        fail(transfer, decision.verdict == VERDICT_LOST ? HTTP_LOST : HTTP_FAILED);
        return;
    }
}

/* SIGTERM, or the run's time is over: what is under way may have been carried out. */
static void abandon(struct http *http, struct transfer *transfers, size_t count, bool interrupted)
{
    for (size_t i = 0; i < count; i++) {
        struct transfer *transfer = &transfers[i];
        bool const sent =
            transfer->state == TRANSFER_RUNNING && transfer->exchange->repeat == HTTP_ONCE;

        if (transfer->state == TRANSFER_ENDED)
            continue;
        if (transfer->state == TRANSFER_RUNNING)
            transfer_stop(http, transfer);
        if (interrupted)
            error_set(&transfer->exchange->error, ERROR_INTERRUPTED, "run it again",
                      "the run was asked to end");
        else
            error_set(&transfer->exchange->error, ERROR_TIMEOUT, "run it again",
                      "the time of the whole run is over (wait_minutes and 10 minutes)");
        fail(transfer, sent ? HTTP_LOST : HTTP_FAILED);
    }
}

/* Streams take buffers of their own, and a server has no use for many at once. */
static bool has_room(const struct transfer *transfer, const struct transfer *transfers,
                     size_t count)
{
    size_t streams = 0;

    if (!transfer->exchange->stream)
        return true;
    for (size_t i = 0; i < count; i++)
        streams += transfers[i].state == TRANSFER_RUNNING && transfers[i].exchange->stream;
    return streams < HTTP_STREAMS_AT_ONCE;
}

/* Starts what is due; returns the milliseconds until the next one is, at most POLL_MS. */
static int64_t start_due(struct http *http, struct transfer *transfers, size_t count)
{
    int64_t const now = clock_now_ms(http->settings.clock);
    int64_t next = POLL_MS;

    for (size_t i = 0; i < count; i++) {
        struct transfer *transfer = &transfers[i];

        if (transfer->state != TRANSFER_WAITING)
            continue;
        if (transfer->not_before <= now) {
            if (has_room(transfer, transfers, count))
                transfer_start(http, transfer);
        } else if (transfer->not_before - now < next)
            next = transfer->not_before - now;
    }
    return next;
}

static size_t count_state(const struct transfer *transfers, size_t count, enum transfer_state state)
{
    size_t found = 0;

    for (size_t i = 0; i < count; i++)
        found += transfers[i].state == state;
    return found;
}

static void drive(struct http *http, struct transfer *transfers, size_t count)
{
    for (;;) {
        bool const interrupted = clock_interrupted(http->settings.clock);

        if (interrupted || clock_now_ms(http->settings.clock) > http->settings.deadline_ms)
            abandon(http, transfers, count, interrupted);
        int64_t const next = start_due(http, transfers, count);
        if (count_state(transfers, count, TRANSFER_ENDED) == count)
            return;
        if (count_state(transfers, count, TRANSFER_RUNNING) == 0) {
            clock_sleep_ms(http->settings.clock, next);
            continue;
        }
        transfers_progress(http, transfers, count, (int)next);
        for (size_t i = 0; i < count; i++)
            if (transfers[i].state == TRANSFER_OVER)
                conclude(http, &transfers[i]);
    }
}

/*
 * An answer may name any address as its next page. What another host says there would be believed
 * like the server's own words, so it isn't asked, not even without the token.
 */
static bool is_elsewhere(const struct http *http, const struct http_exchange *exchange)
{
    return !exchange->no_token && !string_is_empty(http->settings.token) &&
           !http_takes_token(http, exchange->url);
}

static void refuse_elsewhere(struct transfer *transfer)
{
    error_set(&transfer->exchange->error, ERROR_ANSWER, NULL,
              "an address of the server was expected, \"%.200s\" was found; it isn't asked",
              transfer->exchange->url);
    fail(transfer, HTTP_FAILED);
}

void http_run(struct http *http, struct http_exchange *exchanges, size_t count)
{
    struct transfer *transfers = memory_take(count * sizeof(*transfers));

    for (size_t i = 0; i < count; i++) {
        struct transfer *transfer = &transfers[i];

        transfer->exchange = &exchanges[i];
        if (!exchanges[i].limit)
            exchanges[i].limit = LIMIT_BYTES;
        text_add(&transfer->url, exchanges[i].url);
        if (http_origin(exchanges[i].url, transfer->origin, sizeof(transfer->origin),
                        &exchanges[i].error))
            fail(transfer, HTTP_FAILED);
        else if (is_elsewhere(http, &exchanges[i]))
            refuse_elsewhere(transfer);
    }
    drive(http, transfers, count);
    for (size_t i = 0; i < count; i++)
        transfer_free(&transfers[i]);
    memory_free(transfers);
}

void http_exchange_free(struct http_exchange *exchange)
{
    text_free(&exchange->content);
    text_free(&exchange->link);
    text_free(&exchange->content_type);
    text_free(&exchange->permissions);
    text_free(&exchange->digest);
    text_free(&exchange->challenge);
}
