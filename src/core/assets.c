#include "core/assets.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char checksums_name[] = "SHA256SUMS";

/* ---- names ------------------------------------------------------------------------------------ */

const char *asset_name(struct arena *arena, const char *own)
{
    static const char kept[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+@";
    CLEANUP(text_free) struct text name = {0};
    bool period = false;

    for (const char *at = own; *at; at++) {
        if (!strchr(kept, *at)) {
            period = true;
            continue;
        }
        if (period)
            text_add(&name, name.length ? "." : "default.");
        period = false;
        text_add_bytes(&name, at, 1);
    }
    return name.length ? arena_copy(arena, text_string(&name)) : "default";
}

const char *asset_content_type(const char *name)
{
    static const struct {
        const char *end, *type;
    } known[] = {{".gz", "application/gzip"},   {".tgz", "application/gzip"},
                 {".zip", "application/zip"},   {".json", "application/json"},
                 {".yaml", "application/yaml"}, {".yml", "application/yaml"},
                 {".txt", "text/plain"},        {".md", "text/markdown"},
                 {".asc", "text/plain"},        {checksums_name, "text/plain"}};
    size_t const length = strlen(name);

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        size_t const end = strlen(known[i].end);

        if (length >= end && !strcasecmp(name + length - end, known[i].end))
            return known[i].type;
    }
    return "application/octet-stream";
}

/* ---- the files -------------------------------------------------------------------------------- */

void assets_refuse(struct arena *arena, struct file_facts *files, enum error_code code,
                   const char *remedy, const char *format, ...)
{
    char message[sizeof(((struct error *)NULL)->message)];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    files->problems =
        arena_append(arena, files->problems, &files->problem_count, sizeof(*files->problems));
    files->problems[files->problem_count - 1] = (struct file_problem){
        .code = code, .message = arena_copy(arena, message), .remedy = remedy};
}

static void check_size(struct arena *arena, struct file_facts *files, const struct asset_file *file)
{
    if (!file->size)
        assets_refuse(arena, files, ERROR_ASSET_FILE, "see why it is empty, or leave it out",
                      "files: %s is empty, and GitHub takes no empty asset", file->path);
    else if (file->size >= ASSET_SIZE_LIMIT)
        assets_refuse(arena, files, ERROR_ASSET_FILE, "split it, or publish it elsewhere",
                      "files: less than 2 GiB was expected of %s, it has %" PRId64 " bytes",
                      file->path, file->size);
}

void assets_add(struct arena *arena, struct file_facts *files, struct asset_file file)
{
    const char *slash = strrchr(file.path, '/');

    file.own = slash ? slash + 1 : file.path;
    file.name = asset_name(arena, file.own);
    check_size(arena, files, &file);
    files->items = arena_append(arena, files->items, &files->count, sizeof(*files->items));
    files->items[files->count - 1] = file;
    files->size += file.size;
}

static int by_name(const void *a, const void *b)
{
    const struct asset_file *left = a, *right = b;
    int const order = strcmp(left->name, right->name);

    return order ? order : strcmp(left->path, right->path);
}

/* Two patterns may find the same file. */
static void drop_doubles(struct file_facts *files)
{
    size_t kept = 0;

    for (size_t i = 0; i < files->count; i++)
        if (kept && strings_equal(files->items[kept - 1].real, files->items[i].real) &&
            strings_equal(files->items[kept - 1].name, files->items[i].name))
            files->size -= files->items[i].size;
        else
            files->items[kept++] = files->items[i];
    files->count = kept;
}

static void check_names(struct arena *arena, struct file_facts *files, bool checksums)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct asset_file *file = &files->items[i];

        if (i && strings_equal(file->name, files->items[i - 1].name))
            assets_refuse(arena, files, ERROR_ASSET_FILE, "give one of them another name",
                          "files: %s and %s would both be the asset %s", files->items[i - 1].path,
                          file->path, file->name);
        if (checksums && strings_equal(file->name, checksums_name))
            assets_refuse(arena, files, ERROR_ASSET_FILE,
                          "set checksums to false, or leave the file out",
                          "files: %s would be the asset %s, which checksums makes itself",
                          file->path, checksums_name);
    }
}

static void add_checksums(struct arena *arena, struct file_facts *files)
{
    struct asset_file sums = {
        .path = checksums_name, .own = checksums_name, .name = checksums_name, .checksums = true};

    for (size_t i = 0; i < files->count; i++) /* two blanks and the end of the line */
        sums.size += 64 + 2 + (int64_t)strlen(files->items[i].name) + 1;
    files->items = arena_append(arena, files->items, &files->count, sizeof(*files->items));
    files->items[files->count - 1] = sums;
    files->size += sums.size;
}

void assets_complete(struct arena *arena, struct file_facts *files, bool checksums)
{
    if (!files->count)
        return;
    qsort(files->items, files->count, sizeof(*files->items), by_name);
    drop_doubles(files);
    check_names(arena, files, checksums);
    if (checksums)
        add_checksums(arena, files);
    if (files->count > ASSETS_MOST)
        assets_refuse(arena, files, ERROR_ASSET_FILE, "put several into one archive",
                      "files: at most %d assets were expected, these are %zu", ASSETS_MOST,
                      files->count);
}

const char *assets_checksums(struct arena *arena, const struct file_facts *files)
{
    CLEANUP(text_free) struct text lines = {0};

    for (size_t i = 0; i < files->count; i++) {
        if (files->items[i].checksums)
            continue;
        if (!files->items[i].digest)
            return NULL;
        text_print(&lines, "%s  %s\n", files->items[i].digest, files->items[i].name);
    }
    return arena_copy(arena, text_string(&lines));
}

/* ---- what is there ------------------------------------------------------------------------------ */

static const struct asset *find(const struct asset_facts *there, const char *name)
{
    for (size_t i = 0; i < there->count; i++)
        if (strings_equal(there->items[i].name, name))
            return &there->items[i];
    return NULL;
}

/* A server that tells no digest (GitHub Enterprise before 2025) leaves the size to compare. */
enum asset_state asset_compare(const struct asset_file *file, const struct asset_facts *there,
                               const struct asset **found)
{
    const struct asset *asset = find(there, file->name);

    if (found)
        *found = asset;
    if (!asset)
        return ASSET_MISSING;
    if (!asset->whole || asset->size != file->size)
        return ASSET_UNFIT;
    if (!asset->digest)
        return ASSET_EQUAL;
    if (!file->digest)
        return ASSET_UNDECIDED;
    return strings_equal(asset->digest, file->digest) ? ASSET_EQUAL : ASSET_UNFIT;
}

bool asset_needs_digest(const struct file_facts *files, size_t index,
                        const struct asset_facts *there)
{
    const struct asset_file *last = &files->items[files->count - 1];

    return asset_compare(&files->items[index], there, NULL) == ASSET_UNDECIDED ||
           (last->checksums && asset_compare(last, there, NULL) == ASSET_UNDECIDED);
}

bool assets_include(const struct file_facts *files, const char *name)
{
    for (size_t i = 0; i < files->count; i++)
        if (strings_equal(files->items[i].name, name))
            return true;
    return false;
}

const char *asset_size_text(struct arena *arena, int64_t size)
{
    if (size < 1000)
        return arena_print(arena, "%" PRId64 " bytes", size);
    if (size < 1000 * 1000)
        return arena_print(arena, "%.1f kB", (double)size / 1e3);
    return arena_print(arena, "%.1f MB", (double)size / 1e6);
}
