/*
 * What the container starts, as PID 1: the chores that belong to the process, then the run. A shell
 * would be a shell next to a private key, and drops variables whose names it doesn't like.
 */
#include "base/clock.h"
#include "run.h"

#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

extern char **environ;

static void on_signal(int number)
{
    (void)number;
    clock_interrupt();
}

/* As PID 1 a signal without a handler does nothing at all. */
static void handle_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

/* Secrets are in this memory: no core file, no debugger of the same user. */
static void keep_memory_private(void)
{
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0);
}

int main(int count, char **arguments)
{
    umask(077);
    keep_memory_private();
    handle_signals();
    return run((const char *const *)arguments + (count > 0), (const char *const *)environ,
               &system_clock);
}
