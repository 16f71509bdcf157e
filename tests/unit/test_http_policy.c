/* adapters/http_policy: the waiting rules of the contract's section 7, without any waiting. */
#include "support.h"

#include "adapters/http_policy.h"

static struct attempt attempt(enum attempt_end end, long status)
{
    return (struct attempt){
        .end = end,
        .status = status,
        .sent = true,
        .repeatable = true,
        .retry_after = -1,
        .limit_remaining = -1,
        .limit_reset = -1,
        .wall_seconds = 1700000000,
        .jitter = 0.5,
    };
}

static void test_answers_count(void **state)
{
    static const long taken[] = {200, 201, 204, 301, 307, 400, 401, 403, 404, 409, 422, 499};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(taken); i++) {
        struct attempt at = attempt(ATTEMPT_ANSWERED, taken[i]);

        assert_int_equal(http_decide(&at).verdict, VERDICT_TAKE);
        at.repeatable = false;
        assert_int_equal(http_decide(&at).verdict, VERDICT_TAKE);
    }
}

/* "5xx and cut connections are retried with backoff, at most 5 times" */
static void test_failures_of_reads(void **state)
{
    static const long statuses[] = {500, 502, 503, 504, 599};
    (void)state;

    for (size_t i = 0; i <= COUNT_OF(statuses); i++) {
        struct attempt at = i < COUNT_OF(statuses) ? attempt(ATTEMPT_ANSWERED, statuses[i])
                                                   : attempt(ATTEMPT_CUT, 0);
        int64_t before = 0;

        for (at.failures = 0; at.failures < 5; at.failures++) {
            struct decision const decision = http_decide(&at);

            assert_int_equal(decision.verdict, VERDICT_AGAIN);
            assert_false(decision.limited);
            assert_true(decision.wait_ms > before); /* backoff */
            before = decision.wait_ms;
        }
        assert_int_equal(http_decide(&at).verdict, VERDICT_FAIL);
    }
}

static void test_backoff_has_jitter_and_a_bound(void **state)
{
    struct attempt at = attempt(ATTEMPT_CUT, 0), other = at;
    (void)state;

    other.jitter = 0.9;
    assert_true(http_decide(&other).wait_ms > http_decide(&at).wait_ms);
    for (at.failures = 0; at.failures < 5; at.failures++)
        for (int tenth = 0; tenth <= 10; tenth++) {
            at.jitter = tenth / 10.0;
            assert_in_range(http_decide(&at).wait_ms, 50, 60 * 1000);
        }
}

/* "a request that ran into its timeout is tried twice in all" */
static void test_timeouts_of_reads(void **state)
{
    struct attempt at = attempt(ATTEMPT_TIMEOUT, 0);
    (void)state;

    assert_int_equal(http_decide(&at).verdict, VERDICT_AGAIN);
    at.timeouts = 1;
    assert_int_equal(http_decide(&at).verdict, VERDICT_FAIL);
}

/* "A change is never repeated blindly": once it left, whatever happens is for the caller. */
static void test_changes_are_not_repeated(void **state)
{
    struct attempt cut = attempt(ATTEMPT_CUT, 0), timeout = attempt(ATTEMPT_TIMEOUT, 0);
    struct attempt failed = attempt(ATTEMPT_ANSWERED, 502);
    (void)state;

    cut.repeatable = timeout.repeatable = failed.repeatable = false;
    assert_int_equal(http_decide(&cut).verdict, VERDICT_LOST);
    assert_int_equal(http_decide(&timeout).verdict, VERDICT_LOST);
    assert_int_equal(http_decide(&failed).verdict, VERDICT_LOST);
    cut.sent = timeout.sent = false; /* nothing left: nothing can have been carried out */
    assert_int_equal(http_decide(&cut).verdict, VERDICT_AGAIN);
    assert_int_equal(http_decide(&timeout).verdict, VERDICT_AGAIN);
    cut.failures = 5;
    timeout.timeouts = 1;
    assert_int_equal(http_decide(&cut).verdict, VERDICT_FAIL);
    assert_int_equal(http_decide(&timeout).verdict, VERDICT_FAIL);
}

static struct decision limited(struct attempt at)
{
    struct decision const decision = http_decide(&at);

    assert_int_equal(decision.verdict, VERDICT_AGAIN);
    assert_true(decision.limited);
    return decision;
}

/* "429 and secondary limits are honoured (retry-after, then x-ratelimit-reset, else backoff)" */
static void test_retry_after_comes_first(void **state)
{
    struct attempt at = attempt(ATTEMPT_ANSWERED, 429);
    (void)state;

    at.retry_after = 7;
    at.limit_remaining = 0;
    at.limit_reset = at.wall_seconds + 100;
    assert_int_equal(limited(at).wait_ms, 7000);
    at.status = 403;
    assert_int_equal(limited(at).wait_ms, 7000);
    at.retry_after = 0;
    assert_int_equal(limited(at).wait_ms, 0);
    at.repeatable = false; /* a limited request was not carried out */
    assert_int_equal(limited(at).wait_ms, 0);
}

static void test_then_the_reset(void **state)
{
    struct attempt at = attempt(ATTEMPT_ANSWERED, 403);
    (void)state;

    at.limit_remaining = 0;
    at.limit_reset = at.wall_seconds + 100;
    assert_in_range(limited(at).wait_ms, 100 * 1000, 105 * 1000);
    at.limit_reset = at.wall_seconds - 50; /* over already, by our clock */
    assert_in_range(limited(at).wait_ms, 0, 5000);
}

/* A limit that is over at once, and is there again: longer each time, at most about a minute. */
static void test_limits_that_never_end(void **state)
{
    struct attempt soon = attempt(ATTEMPT_ANSWERED, 429), over = attempt(ATTEMPT_ANSWERED, 403);
    int64_t before = 0;
    (void)state;

    soon.retry_after = 0;
    over.limit_remaining = 0;
    over.limit_reset = over.wall_seconds - 50;
    for (soon.limits = over.limits = 1; soon.limits < 7; soon.limits = ++over.limits) {
        assert_true(limited(soon).wait_ms > before);
        assert_int_equal(limited(over).wait_ms, limited(soon).wait_ms);
        before = limited(soon).wait_ms;
    }
    soon.limits = UINT32_MAX;
    assert_in_range(limited(soon).wait_ms, 60 * 1000, 70 * 1000);
    soon.retry_after = 100; /* what is asked for counts where it is longer */
    assert_int_equal(limited(soon).wait_ms, 100 * 1000);
}

static void test_else_a_minute_and_longer_each_time(void **state)
{
    struct attempt at = attempt(ATTEMPT_ANSWERED, 429);
    int64_t before = 0;
    (void)state;

    for (at.limits = 0; at.limits < 4; at.limits++) {
        int64_t const wait = limited(at).wait_ms;

        assert_true(wait >= 60 * 1000);
        assert_true(wait > before);
        before = wait;
    }
    at = attempt(ATTEMPT_ANSWERED, 403);
    at.secondary_limit = true;
    at.jitter = 0;
    assert_true(limited(at).wait_ms >= 60 * 1000);
    at.status = 404; /* words alone are none */
    assert_int_equal(http_decide(&at).verdict, VERDICT_TAKE);
}

static void test_requests_that_are_left_are_no_limit(void **state)
{
    struct attempt at = attempt(ATTEMPT_ANSWERED, 403);
    (void)state;

    at.limit_remaining = 12;
    at.limit_reset = at.wall_seconds + 100;
    assert_int_equal(http_decide(&at).verdict, VERDICT_TAKE);
    at.status = 200;
    at.limit_remaining = 0; /* the last one that was allowed */
    assert_int_equal(http_decide(&at).verdict, VERDICT_TAKE);
}

/* A server that asks for an absurd time must not be asked again at once. */
static void test_absurd_numbers(void **state)
{
    int64_t const day_ms = 24 * 3600 * 1000LL;
    struct attempt at = attempt(ATTEMPT_ANSWERED, 429);
    (void)state;

    at.retry_after = INT64_MAX;
    assert_true(limited(at).wait_ms > day_ms);
    at.retry_after = INT64_MAX / 1000 + 1;
    assert_true(limited(at).wait_ms > day_ms);
    at.retry_after = -1;
    at.limit_remaining = 0;
    at.limit_reset = INT64_MAX;
    assert_true(limited(at).wait_ms > day_ms);
    at.limit_remaining = -1;
    at.limits = UINT32_MAX;
    assert_true(limited(at).wait_ms >= 60 * 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_count),
        cmocka_unit_test(test_failures_of_reads),
        cmocka_unit_test(test_backoff_has_jitter_and_a_bound),
        cmocka_unit_test(test_timeouts_of_reads),
        cmocka_unit_test(test_changes_are_not_repeated),
        cmocka_unit_test(test_retry_after_comes_first),
        cmocka_unit_test(test_then_the_reset),
        cmocka_unit_test(test_limits_that_never_end),
        cmocka_unit_test(test_else_a_minute_and_longer_each_time),
        cmocka_unit_test(test_requests_that_are_left_are_no_limit),
        cmocka_unit_test(test_absurd_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
