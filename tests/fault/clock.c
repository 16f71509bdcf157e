/*
 * The system's clock, ten times as fast: what a run waits on purpose (retries, rate limits, lists that
 * lag) passes in a tenth of the time. In place of base/clock.c in the program of the fault run.
 */
#define system_clock true_clock
#include "base/clock.c"
#undef system_clock

enum { TIMES = 10 };

static int64_t fast_now_ms(void *state)
{
    return system_now_ms(state) * TIMES;
}

static void fast_sleep_ms(void *state, int64_t duration)
{
    system_sleep_ms(state, (duration + TIMES - 1) / TIMES);
}

const struct clock system_clock = {
    .now_ms = fast_now_ms,
    .wall_seconds = system_wall_seconds,
    .sleep_ms = fast_sleep_ms,
    .interrupted = system_interrupted,
};
