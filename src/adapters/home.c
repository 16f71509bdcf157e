#include "adapters/home.h"

#include "adapters/sha1.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { ROOM_BYTES = 256 * 1024, ROOM_FILES = 32 }; /* gpg with one key takes less than half of it */
enum { ROUNDS = 20, ROUND_MS = 50 }; /* how long the guard sees to it that nothing is left */

/* ---- what the guard does at the end ---------------------------------------------------------------- */

static void remove_tree_at(int parent, const char *name)
{
    int const folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = folder < 0 ? NULL : fdopendir(folder);
    const struct dirent *entry;

    while (entries && (entry = readdir(entries))) {
        if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
            continue;
        if (unlinkat(folder, entry->d_name, 0) && (errno == EISDIR || errno == EPERM))
            remove_tree_at(folder, entry->d_name);
    }
    if (entries)
        closedir(entries);
    else if (folder >= 0)
        close(folder);
    unlinkat(parent, name, AT_REMOVEDIR);
}

/*
 * Where /run/user/UID exists, GnuPG puts its sockets into gnupg/d.HASH there: the first 15 bytes of
 * the SHA-1 of the home's path in z-base-32 (GnuPG, common/homedir.c).
 */
static void socket_folder(const char *home, char *folder, size_t size)
{
    static const char letters[] = "ybndrfg8ejkmcpqxot1uwisza345h769";
    uint8_t hash[SHA1_SIZE];
    char name[25] = {0};
    uint64_t bits = 0;
    int count = 0;

    sha1(home, strlen(home), hash);
    for (size_t i = 0, out = 0; i < 15; i++) {
        bits = bits << 8 | hash[i];
        for (count += 8; count >= 5; count -= 5)
            name[out++] = letters[bits >> (count - 5) & 31];
    }
    snprintf(folder, size, "/run/user/%lu/gnupg/d.%s", (unsigned long)geteuid(), name);
}

/* The agent ends on KILLAGENT; its greeting and its answer are of no interest. */
static void stop_agent(const char *folder)
{
    static const char command[] = "KILLAGENT\n";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int const connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (connection < 0)
        return;
    snprintf(address.sun_path, sizeof(address.sun_path), "%s/S.gpg-agent", folder);
    if (!connect(connection, (const struct sockaddr *)&address, sizeof(address)) &&
        send(connection, command, sizeof(command) - 1, MSG_NOSIGNAL) > 0) {
        char answer[256];
        struct timeval patience = {.tv_usec = ROUND_MS * 1000};

        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
        while (recv(connection, answer, sizeof(answer), 0) > 0)
            ;
    }
    close(connection);
}

/* Was this process started for the home? gpg and its agent both are with --homedir. */
static bool is_at_work_in(const char *home, const char *process)
{
    char path[64], wanted[128], line[4096];
    int const length = snprintf(wanted, sizeof(wanted), "--homedir%c%s", '\0', home);

    snprintf(path, sizeof(path), "/proc/%.20s/cmdline", process);
    int const file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t const got = file < 0 ? 0 : read(file, line, sizeof(line));
    if (file >= 0)
        close(file);
    return got > 0 && memmem(line, (size_t)got, wanted, (size_t)length + 1);
}

/* A gpg that waits for its agent would outlive the home by seconds. True where there was one. */
static bool end_those_at_work(const char *home)
{
    DIR *processes = opendir("/proc");
    const struct dirent *entry;
    bool found = false;

    while (processes && (entry = readdir(processes)))
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' &&
            is_at_work_in(home, entry->d_name))
            found = !kill((pid_t)strtol(entry->d_name, NULL, 10), SIGKILL) || found;
    if (processes)
        closedir(processes);
    return found;
}

/* A gpg that is still at work may make files anew, or start another agent: a few rounds. */
static void clean_up(const char *home)
{
    char sockets[128];
    int quiet = 0;

    socket_folder(home, sockets, sizeof(sockets));
    for (int round = 0; round < ROUNDS && quiet < 3; round++) {
        struct stat about;

        stop_agent(home);
        stop_agent(sockets);
        bool const busy = end_those_at_work(home);
        remove_tree_at(AT_FDCWD, home);
        remove_tree_at(AT_FDCWD, sockets);
        quiet = stat(home, &about) && !busy ? quiet + 1 : 0;
        nanosleep(&(struct timespec){.tv_nsec = ROUND_MS * 1000000L}, NULL);
    }
}

/* ---- the guard --------------------------------------------------------------------------------------- */

static void close_others(int keep, int keep_too)
{
    for (int file = 0; file < 256; file++)
        if (file != keep && file != keep_too)
            close(file);
}

static void ignore_signals(void)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGQUIT};

    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
        signal(signals[i], SIG_IGN);
}

bool home_in_memory(const char *folder)
{
    struct statfs about;

    return !statfs(folder, &about) && (about.f_type == TMPFS_MAGIC || about.f_type == RAMFS_MAGIC);
}

/* Makes the home, tells its path, waits for the leash to be let go, cleans up. */
static _Noreturn void guard(int leash, int report, char *path, size_t size)
{
    char byte;

    ignore_signals();
    setsid(); /* a signal to our group, SIGKILL too, is not for it */
    close_others(leash, report);
    prctl(PR_SET_NAME, "cut-release-gd");
    if (!home_in_memory("/dev/shm") || !mkdtemp(path))
        memset(path, 0, size);
    if (write(report, path, size) != (ssize_t)size && *path)
        rmdir(path);
    close(report);
    while (read(leash, &byte, 1) < 0 && errno == EINTR)
        ;
    if (*path)
        clean_up(path);
    _exit(0);
}

static int make_pipes(int leash[2], int report[2], struct error *error)
{
    bool const first = !pipe2(leash, O_CLOEXEC);

    if (first && !pipe2(report, O_CLOEXEC))
        return 0;
    error_set(error, ERROR_GPG_HOME, NULL, "no pipe could be made: %s", strerror(errno));
    if (first) {
        close(leash[0]);
        close(leash[1]);
    }
    return -1;
}

static int start_guard(struct home *home, struct error *error)
{
    char path[sizeof(home->path)] = "/dev/shm/cut-release-XXXXXX";
    int leash[2], report[2];

    if (make_pipes(leash, report, error))
        return -1;
    home->guard = fork();
    if (home->guard == 0) {
        close(leash[1]);
        guard(leash[0], report[1], path, sizeof(path));
    }
    close(leash[0]);
    close(report[1]);
    home->leash = leash[1];
    ssize_t length = -1;
    while (home->guard > 0 && (length = read(report[0], path, sizeof(path))) < 0 && errno == EINTR)
        ;
    close(report[0]);
    if (length != (ssize_t)sizeof(path) || !*path)
        return error_set(error, ERROR_GPG_HOME, "mount a tmpfs on /dev/shm",
                         "a folder on /dev/shm for the key, in memory, was expected; none could be "
                         "made");
    memcpy(home->path, path, sizeof(path));
    return 0;
}

/*
 * What gpg and its agent have no business with: inputs, and tokens of the runner's. The strings stay;
 * only the pointers go.
 */
static void hide_inputs(void)
{
    extern char **environ;
    char **kept = environ;

    for (char **entry = environ; *entry; entry++)
        if (strncmp(*entry, "INPUT_", 6) != 0 && strncmp(*entry, "ACTIONS_", 8) != 0 &&
            strncmp(*entry, "GITHUB_TOKEN=", 13) != 0 && strncmp(*entry, "GH_TOKEN=", 9) != 0)
            *kept++ = *entry;
    *kept = NULL;
}

int home_open(struct home *home, struct error *error)
{
    if (home->path[0])
        return 0;
    hide_inputs();
    if (start_guard(home, error)) {
        home_close(home);
        return -1;
    }
    return 0;
}

bool home_is_full(const struct home *home)
{
    struct statfs about;

    if (!home->path[0] || statfs(home->path, &about))
        return false;
    return (uint64_t)about.f_bavail * (uint64_t)about.f_bsize < ROOM_BYTES ||
           (about.f_files && about.f_ffree < ROOM_FILES);
}

void home_close(struct home *home)
{
    if (home->guard <= 0)
        return;
    close(home->leash);
    while (waitpid(home->guard, NULL, 0) < 0 && errno == EINTR)
        ;
    *home = (struct home){0};
}
