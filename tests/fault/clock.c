/*
 * A clock for the fault run, in place of base/clock.c's: what a run waits on purpose (retries, rate
 * limits, lists that lag) passes 50 times as fast, and the time that it skips has passed nevertheless,
 * so that every bound means what it says. What the network takes, it takes.
 */
#define system_clock true_clock
#include "base/clock.c"
#undef system_clock

enum { TIMES = 50 };

static int64_t skipped_ms;

static int64_t warped_now_ms(void *state)
{
    return system_now_ms(state) + skipped_ms;
}

static void warped_sleep_ms(void *state, int64_t duration)
{
    int64_t const rest = (duration + TIMES - 1) / TIMES;

    system_sleep_ms(state, rest);
    skipped_ms += duration - rest;
}

const struct clock system_clock = {
    .now_ms = warped_now_ms,
    .wall_seconds = system_wall_seconds,
    .sleep_ms = warped_sleep_ms,
    .interrupted = system_interrupted,
};
