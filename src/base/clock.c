#include "base/clock.h"

#include <signal.h>
#include <stddef.h>
#include <time.h>

static volatile sig_atomic_t interrupted;

void clock_interrupt(void)
{
    interrupted = 1;
}

static int64_t system_now_ms(void *state)
{
    struct timespec now;

    (void)state;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_wall_seconds(void *state)
{
    (void)state;
    return (int64_t)time(NULL);
}

static bool system_interrupted(void *state)
{
    (void)state;
    return interrupted != 0;
}

/* In slices, since a signal may arrive between the check and the sleep. */
static void system_sleep_ms(void *state, int64_t duration)
{
    int64_t const until = system_now_ms(state) + duration;

    for (;;) {
        int64_t left = until - system_now_ms(state);

        if (left <= 0 || interrupted)
            return;
        if (left > 200)
            left = 200;
        nanosleep(&(struct timespec){.tv_nsec = (long)left * 1000000}, NULL);
    }
}

const struct clock system_clock = {
    .now_ms = system_now_ms,
    .wall_seconds = system_wall_seconds,
    .sleep_ms = system_sleep_ms,
    .interrupted = system_interrupted,
};

int64_t clock_now_ms(const struct clock *clock)
{
    return clock->now_ms(clock->state);
}

int64_t clock_wall_seconds(const struct clock *clock)
{
    return clock->wall_seconds(clock->state);
}

void clock_sleep_ms(const struct clock *clock, int64_t duration)
{
    clock->sleep_ms(clock->state, duration);
}

bool clock_interrupted(const struct clock *clock)
{
    return clock->interrupted(clock->state);
}
