/*
 * Time is handed in, so that tests of waiting take no real minutes. The system's clock also knows
 * whether the process was asked to end (SIGTERM, SIGINT): a sleep ends early then.
 */
#ifndef CUT_RELEASE_BASE_CLOCK_H
#define CUT_RELEASE_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

struct clock {
    void *state;
    int64_t (*now_ms)(void *state);         /* monotonic */
    int64_t (*wall_seconds)(void *state);   /* since 1970 */
    void (*sleep_ms)(void *state, int64_t); /* may end early when interrupted */
    bool (*interrupted)(void *state);
};

extern const struct clock system_clock;

/* Async-signal-safe: called by the signal handler. */
void clock_interrupt(void);

int64_t clock_now_ms(const struct clock *clock);
int64_t clock_wall_seconds(const struct clock *clock);
void clock_sleep_ms(const struct clock *clock, int64_t duration);
bool clock_interrupted(const struct clock *clock);

#endif
