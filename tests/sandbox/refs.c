/*
 * The repository's refs, read from packed-refs and the loose files, and new ones written as files:
 * a process would cost several ms, and the sandbox's own time is part of what benchmarks measure.
 */
#define _GNU_SOURCE
#include "git.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void refs_add(struct refs *refs, const char *name, const char *sha)
{
    if (refs->count % 64 == 0) {
        refs->items = must_grow(refs->items, (refs->count + 64) * sizeof *refs->items);
    }
    struct ref *ref = &refs->items[refs->count++];
    ref->name = must_copy(name);
    memcpy(ref->sha, sha, 40);
    ref->sha[40] = 0;
}

static void read_packed(struct refs *refs)
{
    char path[4200];
    char line[4200];
    snprintf(path, sizeof path, "%s/packed-refs", git_dir());
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        if (strlen(line) > 41 && line[40] == ' ')
            refs_add(refs, line + 41, line);
    }
    if (file)
        fclose(file);
}

static void read_loose_file(struct refs *refs, const char *path, const char *name)
{
    char sha[64] = {0};
    FILE *file = fopen(path, "re");
    if (!file)
        return;
    size_t length = fread(sha, 1, sizeof sha - 1, file);
    fclose(file);
    if (length < 40)
        return;
    sha[40] = 0;
    if (is_sha(sha))
        refs_add(refs, name, sha);
}

/* Loose refs come after the packed ones, and win over them in refs_unite(). */
static void read_loose(struct refs *refs, const char *name)
{
    struct pool pool = {0};
    char *path = pool_format(&pool, "%s/%s", git_dir(), name);
    DIR *folder = opendir(path);
    struct dirent *entry;
    while (folder && (entry = readdir(folder))) {
        size_t length = strlen(entry->d_name);
        if (entry->d_name[0] == '.' ||
            (length > 5 && strcmp(entry->d_name + length - 5, ".lock") == 0))
            continue;
        char *child = pool_format(&pool, "%s/%s", name, entry->d_name);
        if (entry->d_type == DT_DIR)
            read_loose(refs, child);
        else
            read_loose_file(refs, pool_format(&pool, "%s/%s", git_dir(), child), child);
    }
    if (folder)
        closedir(folder);
    pool_free(&pool);
}

static int compare_refs(const void *a, const void *b)
{
    const struct ref *left = a;
    const struct ref *right = b;
    return strcmp(left->name, right->name);
}

static void refs_unite(struct refs *refs, size_t packed)
{
    size_t kept = 0;
    for (size_t i = 0; i < refs->count; i++) {
        bool covered = false;
        for (size_t j = packed; i < packed && j < refs->count && !covered; j++)
            covered = strcmp(refs->items[i].name, refs->items[j].name) == 0;
        if (covered)
            free(refs->items[i].name);
        else
            refs->items[kept++] = refs->items[i];
    }
    refs->count = kept;
}

void refs_read(struct refs *refs)
{
    *refs = (struct refs){0};
    read_packed(refs);
    size_t packed = refs->count;
    read_loose(refs, "refs");
    refs_unite(refs, packed);
    if (refs->count)
        qsort(refs->items, refs->count, sizeof *refs->items, compare_refs);
}

const struct ref *refs_find(const struct refs *refs, const char *name)
{
    for (size_t i = 0; i < refs->count; i++)
        if (strcmp(refs->items[i].name, name) == 0)
            return &refs->items[i];
    return NULL;
}

void refs_free(struct refs *refs)
{
    for (size_t i = 0; i < refs->count; i++)
        free(refs->items[i].name);
    free(refs->items);
    *refs = (struct refs){0};
}

static bool component_ok(const char *text, size_t length)
{
    bool locked = length >= 5 && strncmp(text + length - 5, ".lock", 5) == 0;
    return length && text[0] != '.' && !locked;
}

bool ref_name_ok(const char *name)
{
    size_t length = strlen(name);
    if (!length || name[length - 1] == '.' || !strchr(name, '/') || strstr(name, "..") ||
        strstr(name, "@{"))
        return false;
    for (const char *at = name; *at; at++)
        if ((unsigned char)*at <= ' ' || strchr("~^:?*[\\\177", *at))
            return false;
    for (const char *at = name;; at++) {
        size_t part = strcspn(at, "/");
        if (!component_ok(at, part))
            return false;
        at += part;
        if (!*at)
            return true;
    }
}

/* Is there a ref of that name, or one that is a folder of it, or a folder that it would be? */
static bool in_the_way(const char *name)
{
    struct pool pool = {0};
    struct refs refs;
    bool found = false;
    refs_read(&refs);
    for (size_t i = 0; i < refs.count && !found; i++) {
        const char *other = refs.items[i].name;
        found = strcmp(other, name) == 0 || text_begins(other, pool_format(&pool, "%s/", name)) ||
                text_begins(name, pool_format(&pool, "%s/", other));
    }
    refs_free(&refs);
    pool_free(&pool);
    return found;
}

static void make_folders(char *path)
{
    for (char *slash = strchr(path + strlen(git_dir()) + 1, '/'); slash;
         slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0777);
        *slash = '/';
    }
}

/* NAME.lock is how git itself keeps others out (`git help update-ref`). */
bool ref_write_new(const char *name, const char *sha)
{
    struct pool pool = {0};
    char *path = pool_format(&pool, "%s/%s", git_dir(), name);
    char *lock = pool_format(&pool, "%s.lock", path);
    char *line = pool_format(&pool, "%s\n", sha);
    bool done = false;
    make_folders(lock);
    int fd = open(lock, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) {
        done = !in_the_way(name) && write(fd, line, 41) == 41;
        done = !close(fd) && done;
        done = done && !rename(lock, path);
        if (!done)
            unlink(lock);
    }
    pool_free(&pool);
    return done;
}

/* ---- all of them, kept and put back ----------------------------------------------------------- */

static void packed_path(char *path, size_t size)
{
    snprintf(path, size, "%s/packed-refs", git_dir());
}

static char *read_packed_text(void)
{
    char path[4200];
    char piece[4096];
    struct buffer text = {0};
    size_t got;
    packed_path(path, sizeof path);
    FILE *file = fopen(path, "re");
    buffer_text(&text, "");
    while (file && (got = fread(piece, 1, sizeof piece, file)))
        buffer_add(&text, piece, got);
    if (file)
        fclose(file);
    return text.data;
}

cJSON *refs_take(void)
{
    struct refs refs = {0};
    char *packed = read_packed_text();
    cJSON *kept = cJSON_CreateObject();
    cJSON_AddStringToObject(kept, "packed", packed);
    cJSON *loose = cJSON_AddObjectToObject(kept, "loose");
    free(packed);
    read_loose(&refs, "refs");
    for (size_t i = 0; i < refs.count; i++)
        cJSON_AddStringToObject(loose, refs.items[i].name, refs.items[i].sha);
    refs_free(&refs);
    return kept;
}

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    if (!file || fputs(text, file) < 0 || fclose(file))
        die("cannot write %s", path);
}

static void put_packed(const char *text)
{
    char path[4200];
    char *now = read_packed_text();
    packed_path(path, sizeof path);
    if (strcmp(now, text) != 0)
        write_text(path, text);
    free(now);
}

void refs_put(const cJSON *kept)
{
    struct pool pool = {0};
    struct refs refs = {0};
    const cJSON *loose = cJSON_GetObjectItemCaseSensitive(kept, "loose");
    put_packed(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(kept, "packed")));
    read_loose(&refs, "refs");
    for (size_t i = 0; i < refs.count; i++)
        if (!cJSON_HasObjectItem(loose, refs.items[i].name))
            unlink(pool_format(&pool, "%s/%s", git_dir(), refs.items[i].name));
    for (const cJSON *ref = loose->child; ref; ref = ref->next) {
        const struct ref *there = refs_find(&refs, ref->string);
        if (there && strcmp(there->sha, ref->valuestring) == 0)
            continue;
        char *path = pool_format(&pool, "%s/%s", git_dir(), ref->string);
        make_folders(path);
        write_text(path, pool_format(&pool, "%s\n", ref->valuestring));
    }
    refs_free(&refs);
    pool_free(&pool);
}
