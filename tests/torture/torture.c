/*
 * Memory that runs out where a test wants it. Linked into build/torture/cut-release alone: the linker
 * leads every malloc, calloc and realloc here (--wrap), those of the libraries and of libc too, and
 * base/memory.c is compiled anew so that its calls are told apart.
 *
 * TORTURE_OURS=N     the Nth allocation of base/memory.c fails
 * TORTURE_ALL=N      the Nth of all
 * TORTURE_CHILD=N    the Nth of each process that the run forks
 * TORTURE_ON=1       all that follow fail too
 * TORTURE_REPORT=F   at the end: "OURS ALL LIVE FAILED", how many there were, how many of ours were
 *                    not freed, whether one has failed
 * TORTURE_SITES=F    each allocation's caller, as an offset in the binary: "OURS ALL CALLER"
 * TORTURE_SECONDS=N  a run that takes longer is killed
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { MOST_SITES = 1000 * 1000 };

extern const char __ehdr_start[]; /* the linker's: where the binary begins */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *torture_calloc(size_t count, size_t size);
void *torture_realloc(void *old, size_t size);
void torture_free(void *memory);

struct site {
    uint32_t ours, all, caller;
};

static struct {
    bool ready;
    pid_t process; /* the run's; its children are other programs, or the guard */
    long ours, all, child;
    bool on;
    const char *report, *sites;
} wish;

static atomic_long ours_count, all_count, child_count, live_count, failed_count;
static pid_t child;
static struct site sites[MOST_SITES];
static _Thread_local bool within; /* libc's calloc calls malloc: that is one allocation */

static long number(const char *name)
{
    const char *value = getenv(name);

    return value ? strtol(value, NULL, 10) : 0;
}

static void write_text(const char *path, int flags, const char *text, size_t length)
{
    int const file = open(path, flags | O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    ssize_t const ignored = file < 0 ? 0 : write(file, text, length);

    (void)ignored;
    if (file >= 0)
        close(file);
}

static void write_sites(void)
{
    FILE *file = fopen(wish.sites, "we");
    long const count = all_count < MOST_SITES ? all_count : MOST_SITES;

    for (long i = 0; file && i < count; i++)
        fprintf(file, "%u %u %x\n", sites[i].ours, sites[i].all, sites[i].caller);
    if (file)
        fclose(file);
}

static void tell(void)
{
    char line[128];

    if (getpid() != wish.process)
        return;
    int const length = snprintf(line, sizeof(line), "%ld %ld %ld %ld\n", (long)ours_count,
                                (long)all_count, (long)live_count, (long)failed_count);
    if (wish.report)
        write_text(wish.report, O_TRUNC, line, (size_t)length);
    if (wish.sites)
        write_sites();
}

/* SIGKILL, since the program has a use of its own for the signals that can be caught. */
static void bound_time(long seconds)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGKILL};
    struct itimerspec const when = {.it_value.tv_sec = seconds};
    timer_t timer;

    if (seconds && !timer_create(CLOCK_MONOTONIC, &event, &timer))
        timer_settime(timer, 0, &when, NULL);
}

static void read_wish(void)
{
    if (wish.ready)
        return;
    wish.ready = true;
    wish.process = getpid();
    wish.ours = number("TORTURE_OURS");
    wish.all = number("TORTURE_ALL");
    wish.child = number("TORTURE_CHILD");
    wish.on = number("TORTURE_ON") != 0;
    wish.report = getenv("TORTURE_REPORT");
    wish.sites = getenv("TORTURE_SITES");
    bound_time(number("TORTURE_SECONDS"));
    atexit(tell);
}

static bool is_due(long count, long wished)
{
    bool const due = wished && (count == wished || (wish.on && count > wished));

    if (due) {
        failed_count++;
        errno = ENOMEM;
    }
    return due;
}

static bool fails_in_child(pid_t process)
{
    if (process != child) {
        child = process;
        child_count = 0;
    }
    return is_due(++child_count, wish.child);
}

static bool fails(bool ours, const void *caller)
{
    read_wish();
    pid_t const process = getpid();
    if (process != wish.process)
        return fails_in_child(process);
    long const all = ++all_count, of_ours = ours ? ++ours_count : 0;
    if (wish.sites && all <= MOST_SITES)
        sites[all - 1] = (struct site){(uint32_t)of_ours, (uint32_t)all,
                                       (uint32_t)((uintptr_t)caller - (uintptr_t)__ehdr_start)};
    return (ours && is_due(of_ours, wish.ours)) || is_due(all, wish.all);
}

/* ---- everybody's -------------------------------------------------------------------------------- */

void *__wrap_malloc(size_t size)
{
    if (!within && fails(false, __builtin_return_address(0)))
        return NULL;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    if (!within && fails(false, __builtin_return_address(0)))
        return NULL;
    bool const before = within;
    within = true;
    void *memory = __real_calloc(count, size);
    within = before;
    return memory;
}

void *__wrap_realloc(void *old, size_t size)
{
    if (!within && fails(false, __builtin_return_address(0)))
        return NULL;
    bool const before = within;
    within = true;
    void *memory = __real_realloc(old, size);
    within = before;
    return memory;
}

/* ---- what base/memory.c calls -------------------------------------------------------------------- */

void *torture_calloc(size_t count, size_t size)
{
    if (fails(true, __builtin_return_address(0)))
        return NULL;
    within = true;
    void *memory = __real_calloc(count, size);
    within = false;
    live_count++;
    return memory;
}

void *torture_realloc(void *old, size_t size)
{
    if (fails(true, __builtin_return_address(0)))
        return NULL;
    within = true;
    void *memory = __real_realloc(old, size);
    within = false;
    live_count += !old;
    return memory;
}

void torture_free(void *memory)
{
    live_count -= memory != NULL;
    free(memory);
}

/* ---- pauses --------------------------------------------------------------------------------------- */

struct clock;
void __real_clock_sleep_ms(const struct clock *clock, int64_t duration);
void __wrap_clock_sleep_ms(const struct clock *clock, int64_t duration);

/* The sandbox's lists don't lag: to look again after 1, 3 and 9 seconds is as good after a tenth. */
void __wrap_clock_sleep_ms(const struct clock *clock, int64_t duration)
{
    __real_clock_sleep_ms(clock, duration < 1000 ? duration : duration / 10);
}
