/* base/clock: the system's clock, and its sleep that a signal ends. */
#include "support.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static void test_time_goes_on(void **state)
{
    int64_t const before = clock_now_ms(&system_clock);
    (void)state;

    clock_sleep_ms(&system_clock, 30);
    int64_t const slept = clock_now_ms(&system_clock) - before;
    assert_in_range(slept, 30, 5000);
    int64_t const wall = clock_wall_seconds(&system_clock) - (int64_t)time(NULL);
    assert_in_range(wall + 2, 0, 4);
}

static void test_no_time_at_all(void **state)
{
    int64_t const before = clock_now_ms(&system_clock);
    (void)state;

    clock_sleep_ms(&system_clock, 0);
    clock_sleep_ms(&system_clock, -1000);
    assert_true(clock_now_ms(&system_clock) - before < 1000);
    assert_false(clock_interrupted(&system_clock));
}

static void on_alarm(int number)
{
    (void)number;
    clock_interrupt();
}

/* SIGTERM ends a long sleep within a moment; and every one after it. */
static void test_interrupted(void **state)
{
    int64_t const before = clock_now_ms(&system_clock);
    (void)state;

    signal(SIGALRM, on_alarm);
    alarm(1);
    clock_sleep_ms(&system_clock, 60 * 1000);
    assert_true(clock_interrupted(&system_clock));
    clock_sleep_ms(&system_clock, 60 * 1000);
    assert_true(clock_now_ms(&system_clock) - before < 2000 + 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time_goes_on), cmocka_unit_test(test_no_time_at_all),
        cmocka_unit_test(test_interrupted), /* last: it can't be undone */
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
