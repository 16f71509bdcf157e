/* adapters/home: a private folder on tmpfs that goes, whatever becomes of the process. */
#include "support.h"

#include "adapters/home.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static bool exists(const char *path)
{
    struct stat about;

    return lstat(path, &about) == 0;
}

static bool alive(pid_t process)
{
    return kill(process, 0) == 0 || errno != ESRCH;
}

/* Within a second, as the guard promises. */
static bool goes(const char *path)
{
    for (int i = 0; i < 100 && exists(path); i++)
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000000L}, NULL);
    return !exists(path);
}

static void fill(const char *home)
{
    shell("mkdir -p '%s/private-keys-v1.d/a/b' && echo secret > '%s/private-keys-v1.d/key' && "
          "echo x > '%s/private-keys-v1.d/a/b/c' && ln -s /etc '%s/link' && chmod 500 "
          "'%s/private-keys-v1.d/a'",
          home, home, home, home, home);
}

/* Its path is kept beside, for when it is gone. */
static void open_home(struct home *home, char *path)
{
    struct error error = {0};

    if (home_open(home, &error))
        fail_msg("%s", error.message);
    memcpy(path, home->path, sizeof(home->path));
}

static void test_open_and_close(void **state)
{
    struct home home = {0};
    struct error error = {0};
    struct stat about;
    char path[sizeof(home.path)];
    (void)state;

    assert_int_equal(home_open(&home, &error), 0);
    memcpy(path, home.path, sizeof(path));
    pid_t const guard = home.guard;
    assert_true(string_starts(path, "/dev/shm/cut-release-"));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0700);
    assert_int_equal(about.st_uid, geteuid());
    assert_int_equal(home_open(&home, &error), 0); /* once a run: the same again */
    assert_string_equal(path, home.path);
    assert_int_equal(guard, home.guard);
    fill(path);
    home_close(&home);
    assert_false(exists(path));
    assert_false(alive(guard));
    assert_true(exists("/etc/passwd")); /* no link was followed */
    assert_string_equal(home.path, "");
    home_close(&home); /* never opened, or closed before */
}

static void test_two_are_not_the_same(void **state)
{
    struct home one = {0}, other = {0};
    struct error error = {0};
    (void)state;

    assert_int_equal(home_open(&one, &error), 0);
    assert_int_equal(home_open(&other, &error), 0);
    assert_string_not_equal(one.path, other.path);
    home_close(&one);
    assert_true(exists(other.path));
    home_close(&other);
}

/* Where no file can be opened any more that is said, and the next try finds things as they were. */
static void test_no_file_left(void **state)
{
    struct rlimit before, none;
    (void)state;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    int const lowest = dup(0);
    close(lowest);
    for (int left = 0; left < 4; left++) { /* of the four ends of two pipes */
        struct home home = {0};
        struct error error = {0};

        none = (struct rlimit){(rlim_t)(lowest + left), before.rlim_max};
        setrlimit(RLIMIT_NOFILE, &none);
        int const result = home_open(&home, &error);
        setrlimit(RLIMIT_NOFILE, &before);
        assert_int_equal(result, -1);
        assert_code(ERROR_GPG_HOME, error.code);
        assert_string_equal(home.path, "");
        int const next = dup(0);
        close(next);
        assert_int_equal(next, lowest);
    }
}

/* What gpg and its agent have no business with. */
static void test_inputs_are_hidden(void **state)
{
    struct home home = {0};
    struct error error = {0};
    (void)state;

    setenv("INPUT_SIGNING_KEY", "key", 1);
    setenv("INPUT_SIGNING_PASSPHRASE", "phrase", 1);
    setenv("INPUT_TOKEN", "token", 1);
    setenv("ACTIONS_RUNTIME_TOKEN", "token", 1);
    setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "token", 1);
    setenv("GITHUB_TOKEN", "token", 1);
    setenv("GH_TOKEN", "token", 1);
    setenv("GITHUB_REPOSITORY", "owner/name", 1);
    setenv("INPUTS_OF_OTHERS", "x", 1);
    assert_int_equal(home_open(&home, &error), 0);
    assert_null(getenv("INPUT_SIGNING_KEY"));
    assert_null(getenv("INPUT_SIGNING_PASSPHRASE"));
    assert_null(getenv("INPUT_TOKEN"));
    assert_null(getenv("ACTIONS_RUNTIME_TOKEN"));
    assert_null(getenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN"));
    assert_null(getenv("GITHUB_TOKEN"));
    assert_null(getenv("GH_TOKEN"));
    assert_string_equal(getenv("GITHUB_REPOSITORY"), "owner/name");
    assert_string_equal(getenv("INPUTS_OF_OTHERS"), "x");
    home_close(&home);
}

/* A child opens a home, fills it, and ends as `end` has it; the path comes back. */
static void end_of_child(int end, char *path)
{
    int pipes[2];

    assert_int_equal(pipe(pipes), 0);
    pid_t const child = fork();
    if (!child) {
        struct home home = {0};
        struct error error = {0};

        if (home_open(&home, &error))
            _exit(1);
        fill(home.path);
        if (write(pipes[1], home.path, sizeof(home.path)) < 0)
            _exit(1);
        if (!end)
            _exit(0);
        prctl(PR_SET_DUMPABLE, 0); /* no core file in the tests' folder */
        signal(end, SIG_DFL);      /* not the handler of the tests */
        kill(getpid(), end);
        pause();
    }
    close(pipes[1]);
    assert_int_equal(read(pipes[0], path, sizeof(((struct home *)0)->path)),
                     sizeof(((struct home *)0)->path));
    close(pipes[0]);
    waitpid(child, NULL, 0);
}

static void test_it_goes_with_the_process(void **state)
{
    static const int ends[] = {0, SIGTERM, SIGINT, SIGKILL, SIGABRT, SIGSEGV, SIGHUP};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(ends); i++) {
        char path[sizeof(((struct home *)0)->path)];

        end_of_child(ends[i], path);
        if (!goes(path))
            fail_msg("end %d: %s was expected to be gone within a second", ends[i], path);
    }
}

/* A signal to the whole group (Ctrl-C) doesn't keep the guard from its work. */
static void test_a_signal_to_the_guard(void **state)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGPIPE, SIGQUIT};
    struct home home = {0};
    char path[sizeof(home.path)];
    (void)state;

    open_home(&home, path);
    nanosleep(&(struct timespec){.tv_nsec = 50 * 1000000L}, NULL);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        kill(home.guard, signals[i]);
    fill(path);
    assert_true(exists(path));
    home_close(&home);
    assert_false(exists(path));
}

/* SIGKILL to the whole group takes this process, and not the guard. */
static void test_the_guard_is_in_no_group_of_ours(void **state)
{
    int pipes[2];
    char path[sizeof(((struct home *)0)->path)];
    (void)state;

    assert_int_equal(pipe(pipes), 0);
    pid_t const child = fork();
    if (!child) {
        struct home home = {0};
        struct error error = {0};

        setpgid(0, 0);
        if (home_open(&home, &error) ||
            write(pipes[1], home.path, sizeof(home.path)) != sizeof(home.path))
            _exit(1);
        fill(home.path);
        kill(0, SIGKILL);
        pause();
    }
    close(pipes[1]);
    assert_int_equal(read(pipes[0], path, sizeof(path)), sizeof(path));
    close(pipes[0]);
    waitpid(child, NULL, 0);
    assert_true(goes(path));
}

static void ignore_alarm(int number)
{
    (void)number;
}

/* A signal that arrives while the guard makes the home is no failure of it. */
static void test_signals_while_it_opens(void **state)
{
    struct sigaction action = {.sa_handler = ignore_alarm}, before;
    struct itimerval const often = {{0, 50}, {0, 50}}, never = {{0, 0}, {0, 0}};
    (void)state;

    sigaction(SIGALRM, &action, &before);
    for (int i = 0; i < 5; i++) {
        struct home home = {0};
        char path[sizeof(home.path)];

        setitimer(ITIMER_REAL, &often, NULL);
        open_home(&home, path);
        setitimer(ITIMER_REAL, &never, NULL);
        home_close(&home);
        assert_false(exists(path));
    }
    sigaction(SIGALRM, &before, NULL);
}

/* A disk is none, whatever it is called. */
static void test_in_memory(void **state)
{
    (void)state;
    assert_true(home_in_memory("/dev/shm"));
    assert_false(home_in_memory("/proc"));
    assert_false(home_in_memory("/no such folder"));
}

/* Other processes that we start don't hold the leash: it isn't theirs. */
static void test_the_leash_is_not_inherited(void **state)
{
    struct home home = {0};
    char path[sizeof(home.path)];
    (void)state;

    open_home(&home, path);
    pid_t const child = fork();
    if (!child) {
        execlp("sleep", "sleep", "20", (char *)NULL);
        _exit(127);
    }
    nanosleep(&(struct timespec){.tv_nsec = 100 * 1000000L}, NULL);
    home_close(&home);
    assert_false(exists(path));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static pid_t start_at_work(const char *home)
{
    pid_t const child = fork();

    if (!child) {
        execlp("sh", "sh", "-c", "while :; do sleep 0.1; done", "gpg", "--homedir", home,
               (char *)NULL);
        _exit(127);
    }
    return child;
}

/* A gpg or an agent that doesn't end by itself is ended; those of another home are not. */
static void test_those_at_work_are_ended(void **state)
{
    struct home home = {0};
    char path[sizeof(home.path)], other[sizeof(path) + 1];
    int status = 0;
    (void)state;

    open_home(&home, path);
    snprintf(other, sizeof(other), "%sx", path);
    pid_t const ours = start_at_work(path), neighbour = start_at_work(other);
    nanosleep(&(struct timespec){.tv_nsec = 100 * 1000000L}, NULL);
    home_close(&home);
    assert_int_equal(waitpid(ours, &status, 0), ours);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_int_equal(waitpid(neighbour, &status, WNOHANG), 0);
    kill(neighbour, SIGKILL);
    waitpid(neighbour, NULL, 0);
}

/* A gpg that is still at work makes files anew: they go too. */
static void test_files_made_while_it_cleans_up(void **state)
{
    struct home home = {0};
    char path[sizeof(home.path)];
    (void)state;

    open_home(&home, path);
    pid_t const child = fork();
    if (!child) {
        for (int i = 0; i < 60; i++) {
            char name[128];

            snprintf(name, sizeof(name), "%s/file-%d", path, i);
            FILE *file = fopen(name, "w");
            if (file)
                fclose(file);
            nanosleep(&(struct timespec){.tv_nsec = 2 * 1000000L}, NULL);
        }
        _exit(0);
    }
    nanosleep(&(struct timespec){.tv_nsec = 20 * 1000000L}, NULL);
    home_close(&home);
    waitpid(child, NULL, 0);
    assert_false(exists(path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_open_and_close),
        cmocka_unit_test(test_two_are_not_the_same),
        cmocka_unit_test(test_no_file_left),
        cmocka_unit_test(test_inputs_are_hidden),
        cmocka_unit_test(test_it_goes_with_the_process),
        cmocka_unit_test(test_a_signal_to_the_guard),
        cmocka_unit_test(test_the_guard_is_in_no_group_of_ours),
        cmocka_unit_test(test_signals_while_it_opens),
        cmocka_unit_test(test_in_memory),
        cmocka_unit_test(test_the_leash_is_not_inherited),
        cmocka_unit_test(test_those_at_work_are_ended),
        cmocka_unit_test(test_files_made_while_it_cleans_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
