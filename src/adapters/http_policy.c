#include "adapters/http_policy.h"

enum {
    MOST_FAILURES = 5, /* retries of cut connections and 5xx */
    MOST_TIMEOUTS = 2, /* attempts in all that ran into the timeout */
    FIRST_BACKOFF_MS = 250,
    FIRST_LIMIT_MS = 60000,
    SECOND_LIMIT_MS =
        1000, /* at least, after a second limit; twice as long after each further one */
    LONGEST_WAIT_S = 2000000000, /* about as much as a time since 1970 */
};

static int64_t backoff(int64_t first_ms, uint32_t before, double jitter)
{
    int64_t const longest = first_ms << (before < 6 ? before : 6);

    return longest / 2 + (int64_t)((double)longest / 2 * jitter);
}

/*
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api says: retry-after,
 * else x-ratelimit-remaining 0 and x-ratelimit-reset, else at least a minute, longer each time.
 */
static bool is_limit(const struct attempt *attempt)
{
    if (attempt->status == 429)
        return true;
    return attempt->status == 403 &&
           (attempt->retry_after >= 0 || attempt->limit_remaining == 0 || attempt->secondary_limit);
}

/* Servers say what they like: a wait beyond any deadline is as good as a longer one. */
static int64_t bounded(int64_t seconds)
{
    return seconds < 0 ? 0 : seconds > LONGEST_WAIT_S ? LONGEST_WAIT_S : seconds;
}

/* What the server asks for, or -1. */
static int64_t asked_wait(const struct attempt *attempt)
{
    if (attempt->retry_after >= 0)
        return bounded(attempt->retry_after) * 1000;
    if (attempt->limit_remaining == 0 && attempt->limit_reset >= 0) /* clocks may differ a little */
        return bounded(bounded(attempt->limit_reset) - attempt->wall_seconds) * 1000 + 1000;
    return -1;
}

/*
 * A server that limits again what came when it had asked for it (a retry-after of 0, a reset that is
 * over) isn't asked without a pause for an hour: that is how integrations get banned.
 */
static int64_t limit_wait(const struct attempt *attempt)
{
    int64_t const asked = asked_wait(attempt);
    int64_t const least =
        attempt->limits ? SECOND_LIMIT_MS << (attempt->limits < 7 ? attempt->limits - 1 : 6) : 0;

    if (asked < 0)
        return FIRST_LIMIT_MS + backoff(FIRST_LIMIT_MS, attempt->limits, attempt->jitter);
    return asked > least ? asked : least;
}

static struct decision decide_failure(const struct attempt *attempt)
{
    if (attempt->failures >= MOST_FAILURES)
        return (struct decision){.verdict = VERDICT_FAIL};
    return (struct decision){
        .verdict = VERDICT_AGAIN,
        .wait_ms = backoff(FIRST_BACKOFF_MS, attempt->failures, attempt->jitter),
    };
}

struct decision http_decide(const struct attempt *attempt)
{
    bool const server_failed = attempt->end == ATTEMPT_ANSWERED && attempt->status >= 500;

    if (attempt->end == ATTEMPT_ANSWERED && is_limit(attempt))
        return (struct decision){
            .verdict = VERDICT_AGAIN, .limited = true, .wait_ms = limit_wait(attempt)};
    if (attempt->end == ATTEMPT_ANSWERED && !server_failed)
        return (struct decision){.verdict = VERDICT_TAKE};
    if (!attempt->repeatable && attempt->sent)
        return (struct decision){.verdict = VERDICT_LOST};
    if (attempt->end == ATTEMPT_TIMEOUT)
        return (struct decision){.verdict = attempt->timeouts + 1 < MOST_TIMEOUTS ? VERDICT_AGAIN
                                                                                  : VERDICT_FAIL};
    return decide_failure(attempt);
}
