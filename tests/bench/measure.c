/*
 * Runs one command and writes what it cost: wall and CPU time in microseconds, peak memory in KiB.
 *
 *   measure FILE COMMAND [ARGUMENT ...]           "WALL CPU PEAK" to FILE; exits as the command does
 *   measure --first-contact FILE COMMAND [...]    the time until the command's first bytes reach
 *                                                 GITHUB_API_URL, which is set for it; then ends it
 *
 * A shell or a larger wrapper would not do: Linux counts the memory of the process that calls exec
 * into the peak of the one that comes out of it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_CONTACT_MS = 10000 };

extern char **environ;

static void die(const char *what)
{
    fprintf(stderr, "measure: %s: %s\n", what, strerror(errno));
    exit(125);
}

static long long now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static long long microseconds(struct timeval time)
{
    return (long long)time.tv_sec * 1000000 + time.tv_usec;
}

static pid_t start(char **command)
{
    pid_t pid;
    int const failed = posix_spawnp(&pid, command[0], NULL, NULL, command, environ);

    if (failed) {
        errno = failed;
        die(command[0]);
    }
    return pid;
}

static void write_figures(const char *path, const char *figures)
{
    FILE *file = fopen(path, "we");

    if (!file || fprintf(file, "%s\n", figures) < 0 || fclose(file))
        die(path);
}

static int measure_run(const char *path, char **command)
{
    struct rusage usage;
    char figures[96];
    int status;
    long long const begin = now_us();
    pid_t const pid = start(command);

    if (wait4(pid, &status, 0, &usage) != pid)
        die("wait4");
    long long const wall = now_us() - begin;
    snprintf(figures, sizeof(figures), "%lld %lld %ld", wall,
             microseconds(usage.ru_utime) + microseconds(usage.ru_stime), usage.ru_maxrss);
    write_figures(path, figures);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int listen_on_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    char url[64];
    int const fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)&address, size) || listen(fd, 8) ||
        getsockname(fd, (struct sockaddr *)&address, &size))
        die("listen");
    snprintf(url, sizeof(url), "https://127.0.0.1:%d/api/v3", ntohs(address.sin_port));
    if (setenv("GITHUB_API_URL", url, 1))
        die("setenv");
    return fd;
}

static void wait_for_input(int fd, const char *what)
{
    struct pollfd watch = {.fd = fd, .events = POLLIN};

    if (poll(&watch, 1, FIRST_CONTACT_MS) != 1) {
        errno = ETIMEDOUT;
        die(what);
    }
}

static int measure_first_contact(const char *path, char **command)
{
    int const listener = listen_on_loopback();
    char figures[32];
    long long const begin = now_us();
    pid_t const pid = start(command);

    wait_for_input(listener, "no connection");
    int const fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        die("accept");
    wait_for_input(fd, "no bytes");
    snprintf(figures, sizeof(figures), "%lld", now_us() - begin);
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    write_figures(path, figures);
    return 0;
}

int main(int count, char **arguments)
{
    if (count > 3 && strcmp(arguments[1], "--first-contact") == 0)
        return measure_first_contact(arguments[2], arguments + 3);
    if (count > 2)
        return measure_run(arguments[1], arguments + 2);
    fputs("usage: measure [--first-contact] FILE COMMAND [ARGUMENT ...]\n", stderr);
    return 125;
}
