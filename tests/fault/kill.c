/*
 * Linked between the program of the fault run and libc (-Wl,--wrap=…): the process is killed right
 * after its Nth call that others can see, be it of ours or of a library. FAULT_KILL_AT is N;
 * FAULT_CALLS names a file to which the name of each such call is added, one a line, so that one run
 * tells how many there are. Processes that were forked off live on, as they do when the kernel kills
 * the one that forked them.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static pid_t process;
static long kill_at;
static long count;
static int calls = -1;

__attribute__((constructor)) static void begin(void)
{
    const char *at = getenv("FAULT_KILL_AT");
    const char *path = getenv("FAULT_CALLS");

    process = getpid();
    kill_at = at ? strtol(at, NULL, 10) : 0;
    if (path)
        calls = (int)syscall(SYS_open, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static void seen(const char *name)
{
    char line[32];

    if (getpid() != process)
        return;
    if (calls >= 0)
        syscall(SYS_write, calls, line, snprintf(line, sizeof(line), "%s\n", name));
    if (++count == kill_at)
        kill(process, SIGKILL);
}

/* TYPE NAME(PARAMETERS), called with ARGUMENTS: counted where it did not fail. */
#define COUNTED(type, name, parameters, arguments)                                                 \
    type __real_##name parameters;                                                                 \
    type __wrap_##name parameters;                                                                 \
    type __wrap_##name parameters                                                                  \
    {                                                                                              \
        type const result = __real_##name arguments;                                               \
        if (result >= 0)                                                                           \
            seen(#name);                                                                           \
        return result;                                                                             \
    }

COUNTED(int, connect, (int fd, const struct sockaddr *address, socklen_t size), (fd, address, size))
COUNTED(ssize_t, send, (int fd, const void *bytes, size_t size, int flags),
        (fd, bytes, size, flags))
COUNTED(ssize_t, sendmsg, (int fd, const struct msghdr *message, int flags), (fd, message, flags))
COUNTED(ssize_t, write, (int fd, const void *bytes, size_t size), (fd, bytes, size))
COUNTED(ssize_t, writev, (int fd, const struct iovec *parts, int number), (fd, parts, number))
COUNTED(ssize_t, pwrite, (int fd, const void *bytes, size_t size, off_t at), (fd, bytes, size, at))
COUNTED(int, fflush, (FILE * file), (file))
COUNTED(int, ftruncate, (int fd, off_t size), (fd, size))
COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, link, (const char *from, const char *to), (from, to))
COUNTED(int, symlink, (const char *to, const char *path), (to, path))
COUNTED(int, unlink, (const char *path), (path))
COUNTED(int, mkdir, (const char *path, mode_t mode), (path, mode))
COUNTED(int, rmdir, (const char *path), (path))
COUNTED(pid_t, fork, (void), ())

/* Only one that may make a file is seen by others. */
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);

int __wrap_open(const char *path, int flags, ...)
{
    int file;

    if (!(flags & O_CREAT))
        return __real_open(path, flags);
    va_list arguments;
    va_start(arguments, flags);
    file = __real_open(path, flags, va_arg(arguments, mode_t));
    va_end(arguments);
    if (file >= 0)
        seen("open");
    return file;
}
