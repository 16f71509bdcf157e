/*
 * What is done after an attempt at a request: the waiting rules of the contract's section 7, as a
 * pure function, so that they can be tested without a network and without waiting.
 */
#ifndef CUT_RELEASE_ADAPTERS_HTTP_POLICY_H
#define CUT_RELEASE_ADAPTERS_HTTP_POLICY_H

#include <stdbool.h>
#include <stdint.h>

enum attempt_end {
    ATTEMPT_ANSWERED,
    ATTEMPT_CUT,     /* no whole answer came, or there was no connection at all */
    ATTEMPT_TIMEOUT, /* the same, for lack of progress */
};

struct attempt {
    enum attempt_end end;
    bool sent;               /* at least in part; else nothing can have been carried out */
    long status;             /* of ANSWERED */
    bool repeatable;         /* HTTP_REPEATABLE */
    bool secondary_limit;    /* the answer speaks of a secondary rate limit */
    int64_t retry_after;     /* seconds, from the header; -1 where absent */
    int64_t limit_remaining; /* x-ratelimit-remaining; -1 where absent */
    int64_t limit_reset;     /* x-ratelimit-reset, seconds since 1970; -1 where absent */
    int64_t wall_seconds;    /* now */
    uint32_t failures;       /* attempts before this one that were cut or answered 5xx */
    uint32_t timeouts;       /* attempts before this one that ran into the timeout */
    uint32_t limits;         /* attempts before this one that met a rate limit */
    double jitter;           /* 0 to 1 */
};

enum verdict {
    VERDICT_TAKE,  /* the answer counts */
    VERDICT_AGAIN, /* after the wait */
    VERDICT_LOST,  /* nobody knows whether it was carried out */
    VERDICT_FAIL,  /* given up; it was not carried out */
};

struct decision {
    enum verdict verdict;
    bool limited;    /* it is a rate limit */
    int64_t wait_ms; /* of AGAIN */
};

struct decision http_decide(const struct attempt *attempt);

#endif
