/*
 * What the container starts, as PID 1: the chores that belong to the process, then the run. A shell
 * would be a shell next to a private key, and drops variables whose names it doesn't like.
 */
#include "base/clock.h"
#include "run.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CLEANING_SECONDS = 2 }; /* what the guard of GnuPG's home may take after the run's end */

static volatile pid_t running; /* the process of the run, where this is PID 1 */

static void on_signal(int number)
{
    if (running > 0)
        kill(running, number);
    else
        clock_interrupt();
}

/* As PID 1 a signal without a handler does nothing at all. */
static void handle_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGALRM, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/*
 * Nobody else reaps what gpg leaves, and the kernel kills the rest when PID 1 ends: so it outlives
 * the run until the guard of GnuPG's home has cleaned up, also where the run was killed.
 */
static int look_after_run(void)
{
    int status = 0, ended;
    pid_t process;

    while ((process = waitpid(-1, &ended, 0)) > 0 || (errno == EINTR && running > 0)) {
        if (process != running)
            continue;
        status = ended;
        running = 0;
        alarm(CLEANING_SECONDS);
    }
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    fprintf(stderr, "The run was ended by signal %d (%s). Run it again: it goes on from there.\n",
            WTERMSIG(status), strsignal(WTERMSIG(status)));
    return 128 + WTERMSIG(status);
}

int main(int count, char **arguments)
{
    sigset_t all, before;

    umask(077);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}); /* secrets are in this memory: no core file, */
    prctl(PR_SET_DUMPABLE, 0);                      /* no debugger of the same user */
    handle_signals();
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    running = getpid() == 1 ? fork() : 0;
    sigprocmask(SIG_SETMASK, &before, NULL);
    if (running > 0)
        return look_after_run();
    return run((const char *const *)arguments + (count > 0), (const char *const *)environ,
               &system_clock);
}
