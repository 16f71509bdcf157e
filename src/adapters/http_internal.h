/* What http.c (when and what) and http_transfer.c (how, by libcurl) share. */
#ifndef CUT_RELEASE_ADAPTERS_HTTP_INTERNAL_H
#define CUT_RELEASE_ADAPTERS_HTTP_INTERNAL_H

#include "adapters/http.h"
#include "adapters/http_policy.h"

#include <curl/curl.h>

enum {
    HTTP_ORIGIN_SIZE = 280,         /* a scheme, a host name of 253 characters and a port */
    HTTP_LONGEST_HEADER = 8 * 1024, /* addresses of storage carry their signature along */
};

struct http {
    struct http_settings settings;
    struct trust *trust;
    CURLM *multi;
    int64_t said_until_ms; /* the end of the longest wait that people were told of */
};

enum transfer_state {
    TRANSFER_WAITING, /* until not_before */
    TRANSFER_RUNNING,
    TRANSFER_OVER, /* an attempt is over; what it means isn't decided yet */
    TRANSFER_ENDED,
};

struct transfer {
    struct http_exchange *exchange;
    enum transfer_state state;
    int64_t not_before;
    struct text url; /* the exchange's, or where a redirect led */
    char origin[HTTP_ORIGIN_SIZE];
    bool bare; /* a redirect led to another host: the exchange's headers stay behind */
    uint32_t failures, timeouts, limits, redirects;

    /* Of the attempt. */
    CURL *easy;
    struct curl_slist *headers;
    int64_t body_sent;
    enum attempt_end end;
    bool sent;
    bool head_complete; /* the empty line behind the answer's headers came */
    long status;
    int64_t retry_after, limit_remaining, limit_reset;
    struct text location;
    struct error failure; /* code 0 unless no other attempt can help */
    char curl_message[CURL_ERROR_SIZE];
};

void transfer_start(struct http *http, struct transfer *transfer);
void transfer_stop(struct http *http, struct transfer *transfer);
void transfer_free(struct transfer *transfer);

/* Lets them run for a moment, at most `wait_ms`. Attempts that ended are TRANSFER_OVER. */
void transfers_progress(struct http *http, struct transfer *transfers, size_t count, int wait_ms);

#endif
