#include "adapters/file_find.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST_DEPTH = 64, MOST_FOUND = 4 * ASSETS_MOST };

struct finding_files {
    struct arena *arena;
    char root[PATH_MAX]; /* real */
    const char *pattern; /* for people */
    struct file_facts *files;
    size_t found;
};

static bool is_glob(const char *part)
{
    return strpbrk(part, "*?[") != NULL;
}

static const char *join(struct arena *arena, const char *folder, const char *name)
{
    return *folder ? arena_print(arena, "%s/%s", folder, name) : name;
}

static const char *full_path(const struct finding_files *finding, const char *path)
{
    return arena_print(finding->arena, "%s/%s", finding->root, path);
}

/* Links may lead from place to place, and not out of the workspace. */
static bool is_inside(const struct finding_files *finding, const char *real)
{
    size_t const length = strlen(finding->root);

    return string_starts(real, finding->root) &&
           (real[length] == '/' || strings_equal(finding->root, "/"));
}

static const char *harmless(struct arena *arena, const char *foreign)
{
    struct text line = {0};

    text_add_foreign(&line, foreign, 200);
    const char *copy = arena_copy(arena, text_string(&line));
    text_free(&line);
    return copy;
}

/* What a pattern's last part has found; folders are no assets. */
static void take(struct finding_files *finding, const char *path)
{
    struct arena *arena = finding->arena;
    char real[PATH_MAX];
    struct stat about;

    if (!realpath(full_path(finding, path), real) || stat(real, &about)) {
        if (errno == ENOENT || errno == ENOTDIR)
            return; /* it matches nothing, or a link that leads nowhere */
        assets_refuse(arena, finding->files, ERROR_ASSET_FILE, NULL, "files: %s can't be read: %s",
                      harmless(arena, path), strerror(errno));
        finding->found++;
        return;
    }
    if (!is_inside(finding, real)) {
        assets_refuse(arena, finding->files, ERROR_INPUT_PATH, "copy the file into the workspace",
                      "files: a path inside the workspace was expected, %s leads out of it",
                      harmless(arena, path));
        finding->found++;
        return;
    }
    if (!S_ISREG(about.st_mode) || finding->found >= MOST_FOUND)
        return;
    finding->found++;
    assets_add(arena, finding->files,
               (struct asset_file){.path = harmless(arena, path),
                                   .real = arena_copy(arena, real),
                                   .size = about.st_size});
}

static void walk(struct finding_files *finding, const char *folder, const char *rest, int depth);

/* One name that fits the first part: the end, or a folder to go on in. */
static void step_into(struct finding_files *finding, const char *path, const char *rest, int depth)
{
    struct stat about;

    if (!rest)
        take(finding, path);
    else if (!stat(full_path(finding, path), &about) && S_ISDIR(about.st_mode))
        walk(finding, path, rest, depth + 1);
}

/* A folder for ** is none that a link leads to: it might lead back. */
static bool is_folder(const struct finding_files *finding, const char *path)
{
    struct stat about;

    return !lstat(full_path(finding, path), &about) && S_ISDIR(about.st_mode);
}

static void walk_entries(struct finding_files *finding, const char *folder, const char *part,
                         const char *rest, int depth)
{
    bool const deep = strings_equal(part, "**");
    DIR *entries = opendir(full_path(finding, folder));
    const struct dirent *entry;

    if (deep && rest)
        walk(finding, folder, rest, depth + 1);
    while (entries && (entry = readdir(entries))) {
        const char *name = entry->d_name;
        const char *path;

        if (strings_equal(name, ".") || strings_equal(name, "..") ||
            fnmatch(deep ? "*" : part, name, FNM_PERIOD))
            continue;
        path = join(finding->arena, folder, arena_copy(finding->arena, name));
        if (!deep)
            step_into(finding, path, rest, depth);
        else if (is_folder(finding, path))
            walk(finding, path, rest ? arena_print(finding->arena, "**/%s", rest) : "**",
                 depth + 1);
        else if (!rest)
            take(finding, path);
    }
    if (entries)
        closedir(entries);
}

static void walk(struct finding_files *finding, const char *folder, const char *rest, int depth)
{
    const char *slash = strchr(rest, '/');
    const char *part =
        slash ? arena_copy_bytes(finding->arena, rest, (size_t)(slash - rest)) : rest;

    if (!*rest || depth > MOST_DEPTH)
        return;
    if (slash)
        slash += strspn(slash, "/");
    if (!*part || strings_equal(part, "."))
        walk(finding, folder, slash ? slash : "", depth + 1);
    else if (is_glob(part))
        walk_entries(finding, folder, part, slash, depth);
    else
        step_into(finding, join(finding->arena, folder, part), slash, depth);
}

static bool leads_up(const char *pattern)
{
    for (const char *at = pattern; (at = strstr(at, "..")); at += 2)
        if ((at == pattern || at[-1] == '/') && (!at[2] || at[2] == '/'))
            return true;
    return *pattern == '/';
}

static void find_pattern(struct finding_files *finding)
{
    const char *pattern = finding->pattern;

    finding->found = 0;
    if (leads_up(pattern)) {
        assets_refuse(finding->arena, finding->files, ERROR_INPUT_PATH,
                      "copy the files into the workspace",
                      "files: a glob inside the workspace was expected, %s leads out of it",
                      harmless(finding->arena, pattern));
        return;
    }
    walk(finding, "", pattern, 0);
    if (!finding->found)
        assets_refuse(finding->arena, finding->files, ERROR_ASSET_MISSING,
                      "see that the step that makes it ran ahead of this one, in the same job",
                      "files: a file was expected, %s matches none in the workspace",
                      harmless(finding->arena, pattern));
}

void file_find(struct arena *arena, const char *root, const char *patterns, bool checksums,
               struct file_facts *files)
{
    struct finding_files finding = {.arena = arena, .files = files};
    const char *line;
    size_t length;

    *files = (struct file_facts){0};
    if (!realpath(root, finding.root)) {
        assets_refuse(arena, files, ERROR_INPUT_PATH, NULL,
                      "files: the workspace can't be read: %s", strerror(errno));
        return;
    }
    while ((line = string_next_line(&patterns, &length))) {
        while (length && strchr(" \t", *line)) {
            line++;
            length--;
        }
        while (length && strchr(" \t", line[length - 1]))
            length--;
        finding.pattern = arena_copy_bytes(arena, line, length);
        if (length)
            find_pattern(&finding);
    }
    assets_complete(arena, files, checksums);
}
