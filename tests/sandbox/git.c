#define _GNU_SOURCE
#include "git.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Nothing of the user's or the machine's git configuration may leak in. What github.com itself
 * allows is set here: fetching a commit by its sha, partial clones, pushes over HTTP; refs/pull
 * cannot be written.
 */
static const char *const git_environment[] = {"GIT_CONFIG_GLOBAL=/dev/null",
                                              "GIT_CONFIG_NOSYSTEM=1",
                                              "GIT_CONFIG_COUNT=8",
                                              "GIT_CONFIG_KEY_0=safe.directory",
                                              "GIT_CONFIG_VALUE_0=*",
                                              "GIT_CONFIG_KEY_1=http.receivepack",
                                              "GIT_CONFIG_VALUE_1=true",
                                              "GIT_CONFIG_KEY_2=uploadpack.allowAnySHA1InWant",
                                              "GIT_CONFIG_VALUE_2=true",
                                              "GIT_CONFIG_KEY_3=uploadpack.allowFilter",
                                              "GIT_CONFIG_VALUE_3=true",
                                              "GIT_CONFIG_KEY_4=receive.hideRefs",
                                              "GIT_CONFIG_VALUE_4=refs/pull",
                                              "GIT_CONFIG_KEY_5=gc.auto",
                                              "GIT_CONFIG_VALUE_5=0",
                                              "GIT_CONFIG_KEY_6=receive.autogc",
                                              "GIT_CONFIG_VALUE_6=false",
                                              "GIT_CONFIG_KEY_7=core.quotePath",
                                              "GIT_CONFIG_VALUE_7=false",
                                              "LC_ALL=C",
                                              NULL};

static char repository[4096];
static struct {
    pid_t pid;
    FILE *to;
    FILE *from;
} batch;
static struct object *table[4096];

extern char **environ;

const char *git_dir(void)
{
    return repository;
}

static bool sets_same(const char *const *list, const char *variable)
{
    size_t length = strcspn(variable, "=") + 1;
    for (; list && *list; list++)
        if (strncmp(*list, variable, length) == 0)
            return true;
    return false;
}

static size_t list_length(const char *const *list)
{
    size_t length = 0;
    while (list && list[length])
        length++;
    return length;
}

/* The environment of a child: `extra`, what it leaves of git's as above, and no other GIT_. */
static char **make_environment(const char *const *extra)
{
    const char *const *inherited = (const char *const *)environ;
    size_t room = list_length(extra) + list_length(git_environment) + list_length(inherited) + 1;
    const char **list = must_alloc(room * sizeof *list);
    size_t used = 0;
    for (const char *const *item = extra; item && *item; item++)
        list[used++] = *item;
    for (const char *const *item = git_environment; *item; item++)
        if (!sets_same(extra, *item))
            list[used++] = *item;
    for (const char *const *item = inherited; *item; item++)
        if (!text_begins(*item, "GIT_") && !sets_same(list, *item))
            list[used++] = *item;
    return (char **)(uintptr_t)list;
}

static int spawn_git(const char *const *arguments, const char *const *extra, int in, int out,
                     pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    char **list = make_environment(extra);
    int failed =
        posix_spawnp(pid, arguments[0], &actions, NULL, (char *const *)(uintptr_t)arguments, list);
    free(list);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

void git_open(const char *root)
{
    snprintf(repository, sizeof repository, "%s/repo.git", root);
    if (access(repository, R_OK | X_OK))
        die("%s: %s", repository, strerror(errno));
}

void git_start(void)
{
    int in[2];
    int out[2];
    if (batch.pid)
        return;
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
        die("pipe: %s", strerror(errno));
    char *dir_option = NULL;
    if (asprintf(&dir_option, "--git-dir=%s", repository) < 0)
        die("out of memory");
    const char *const arguments[] = {"git", dir_option, "cat-file", "--batch", NULL};
    if (spawn_git(arguments, NULL, in[0], out[1], &batch.pid))
        die("cannot start git");
    free(dir_option);
    close(in[0]);
    close(out[1]);
    batch.to = fdopen(in[1], "w");
    batch.from = fdopen(out[0], "r");
}

static ssize_t drain(int from, struct buffer *output)
{
    char piece[65536];
    for (;;) {
        ssize_t got = read(from, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got;
        if (output)
            buffer_add(output, piece, (size_t)got);
    }
}

/* A file in memory, so that writing the input and reading the output cannot block each other. */
static int input_file(const struct buffer *input)
{
    if (!input || !input->length)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = memfd_create("input", MFD_CLOEXEC);
    size_t done = 0;
    while (fd >= 0 && done < input->length) {
        ssize_t wrote = write(fd, input->data + done, input->length - done);
        if (wrote <= 0)
            die("writing to memory: %s", strerror(errno));
        done += (size_t)wrote;
    }
    if (fd >= 0)
        lseek(fd, 0, SEEK_SET);
    return fd;
}

int git_run_with(const char *const *arguments, const char *const *environment,
                 const struct buffer *input, struct buffer *output)
{
    int in = input_file(input);
    int out[2];
    pid_t pid;
    if (in < 0 || pipe2(out, O_CLOEXEC))
        die("no file descriptor: %s", strerror(errno));
    int failed = spawn_git(arguments, environment, in, out[1], &pid);
    close(in);
    close(out[1]);
    if (!failed)
        drain(out[0], output);
    close(out[0]);
    int status = 0;
    while (!failed && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return !failed && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int git_run(const char *const *arguments, const struct buffer *input, struct buffer *output)
{
    struct pool pool = {0};
    const char *environment[] = {pool_format(&pool, "GIT_DIR=%s", repository), NULL};
    int status = git_run_with(arguments, environment, input, output);
    pool_free(&pool);
    return status;
}

const char *object_type_name(enum object_type type)
{
    static const char *const names[] = {"commit", "tree", "blob", "tag"};
    return names[type];
}

static enum object_type type_from_name(const char *name)
{
    enum object_type type = OBJECT_COMMIT;
    while (type < OBJECT_TAG && strcmp(object_type_name(type), name) != 0)
        type++;
    return type;
}

static struct object **object_slot(const char *sha)
{
    char start[9] = {0};
    memcpy(start, sha, 8);
    return &table[strtoul(start, NULL, 16) % (sizeof table / sizeof *table)];
}

static struct object *object_known(const char *sha)
{
    struct object *object = *object_slot(sha);
    while (object && strcmp(object->sha, sha) != 0)
        object = object->next;
    return object;
}

/* Asks cat-file; its answer is "SHA TYPE SIZE\n" and the bytes, or "NAME missing\n". */
static struct object *object_ask(const char *name)
{
    char line[8192];
    char sha[41];
    char type[16];
    size_t size;
    git_start();
    fprintf(batch.to, "%s\n", name);
    if (fflush(batch.to) || !fgets(line, sizeof line, batch.from))
        die("git cat-file ended");
    if (sscanf(line, "%40[0-9a-f] %15[a-z] %zu", sha, type, &size) != 3)
        return NULL;
    char *data = must_alloc(size + 1);
    if (fread(data, 1, size, batch.from) != size || fgetc(batch.from) != '\n')
        die("git cat-file gave a short answer");
    data[size] = 0;
    struct object *object = object_known(sha);
    if (object) {
        free(data);
        return object;
    }
    object = must_alloc(sizeof *object);
    *object = (struct object){.type = type_from_name(type), .data = data, .size = size};
    memcpy(object->sha, sha, sizeof sha);
    object->next = *object_slot(sha);
    *object_slot(sha) = object;
    return object;
}

struct object *object_get(const char *sha)
{
    if (!is_sha(sha))
        return NULL;
    struct object *object = object_known(sha);
    return object ? object : object_ask(sha);
}

struct object *object_find(const char *expression)
{
    if (!*expression || strlen(expression) > 4000 || strpbrk(expression, "\n"))
        return NULL;
    return is_sha(expression) ? object_get(expression) : object_ask(expression);
}

struct object *object_peel(struct object *object)
{
    struct pool pool = {0};
    for (int depth = 0; object && object->type == OBJECT_TAG; depth++) {
        char *target = object_header(&pool, object, "object");
        object = target && depth < 16 ? object_get(target) : NULL;
    }
    pool_free(&pool);
    return object && object->type == OBJECT_COMMIT ? object : NULL;
}

const char *object_message(const struct object *object)
{
    const char *at = object->data;
    while (*at && *at != '\n') {
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    return *at == '\n' ? at + 1 : at;
}

char *object_header(struct pool *pool, const struct object *object, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = object->data; *at && *at != '\n';) {
        size_t line = strcspn(at, "\n");
        if (line > length && at[length] == ' ' && strncmp(at, name, length) == 0)
            return pool_copy(pool, at + length + 1, line - length - 1);
        at += line;
        at += *at == '\n';
    }
    return NULL;
}

bool person_split(struct pool *pool, const char *line, char **name, char **mail, time_t *when)
{
    const char *open = line ? strrchr(line, '<') : NULL;
    const char *shut = line ? strrchr(line, '>') : NULL;
    if (!open || !shut || shut < open)
        return false;
    size_t length = (size_t)(open - line);
    while (length && line[length - 1] == ' ')
        length--;
    *name = pool_copy(pool, line, length);
    *mail = pool_copy(pool, open + 1, (size_t)(shut - open - 1));
    *when = (time_t)strtoll(shut + 1, NULL, 10);
    return true;
}

struct object **commit_parents(struct object *commit, size_t *count)
{
    const char *at = commit->data;
    while (!commit->parsed && *at && *at != '\n') {
        if (text_begins(at, "parent ")) {
            char sha[41] = {0};
            memcpy(sha, at + 7, 40);
            size_t size = (commit->parent_count + 1) * sizeof *commit->parents;
            commit->parents = must_grow(commit->parents, size);
            struct object *parent = object_get(sha);
            if (!parent)
                die("commit %s has a parent that is not there", commit->sha);
            commit->parents[commit->parent_count++] = parent;
        }
        at += strcspn(at, "\n");
        at += *at == '\n';
    }
    commit->parsed = true;
    *count = commit->parent_count;
    return commit->parents;
}

time_t commit_time(const struct object *commit)
{
    struct pool pool = {0};
    char *name;
    char *mail;
    time_t when = 0;
    person_split(&pool, object_header(&pool, commit, "committer"), &name, &mail, &when);
    pool_free(&pool);
    return when;
}
