/*
 * Files of the repository: https://docs.github.com/en/rest/git/trees and blobs. Not by the contents
 * API, which follows symbolic links.
 */
#include "adapters/github_internal.h"

#include "base/base64.h"

#include <string.h>

static int read_json(struct github *github, const char *url, struct json **json,
                     struct error *error)
{
    CLEANUP(http_exchange_free) struct http_exchange exchange = github_get(url);

    http_run(github->http, &exchange, 1);
    return github_read(&exchange, 200, json, error);
}

/* The entry `name` of a tree: its type and id. A link is a blob with the mode 120000. */
static int find_entry(struct github *github, struct arena *arena, const char *tree,
                      const char *name, const char *type, const char **id, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;

    if (read_json(github, github_url(github, arena, "/git/trees/%s", tree), &json, error))
        return -1;
    const struct json *entry = json_first(json_at(json, "tree"));
    while (entry && !strings_equal(json_text(entry, "path"), name))
        entry = json_next(entry);
    if (!entry && json_flag(json, "truncated"))
        return error_set(
            error, ERROR_TRUSTED_KEYS, "put the file elsewhere, or give the keys themselves",
            "%s was expected in its folder, of which GitHub lists no more than a part", name);
    if (!entry || !strings_equal(json_text(entry, "type"), type) ||
        strings_equal(json_text(entry, "mode"), "120000") || !json_text(entry, "sha"))
        return error_set(error, ERROR_TRUSTED_KEYS, "check the path, and the source branch",
                         "%s was expected to be a %s of the source branch, and no link", name,
                         strings_equal(type, "blob") ? "file" : "folder");
    *id = arena_copy(arena, json_text(entry, "sha"));
    return 0;
}

int github_file(struct github *github, struct arena *arena, const char *branch, const char *path,
                const char **content, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    CLEANUP(text_free) struct text bytes = {0};
    const char *id = NULL;
    int64_t size;

    /* By its id: for a name, trees would be read from a tag of the same name. */
    if (github_read_ref(github, arena, "heads", branch, &id, error))
        return -1;
    if (!id)
        return error_set(error, ERROR_TRUSTED_KEYS, "check source_branch",
                         "the source branch %s was expected, there is none", branch);
    for (const char *part = path; part;) {
        const char *slash = strchr(part, '/');
        const char *name =
            arena_copy_bytes(arena, part, slash ? (size_t)(slash - part) : strlen(part));

        if (find_entry(github, arena, id, name, slash ? "tree" : "blob", &id, error))
            return -1;
        part = slash ? slash + 1 : NULL;
    }
    if (read_json(github, github_url(github, arena, "/git/blobs/%s", id), &json, error))
        return -1;
    const char *digits = json_text(json, "content");
    if (!digits || !strings_equal(json_text(json, "encoding"), "base64"))
        return error_set(error, ERROR_ANSWER, NULL, "%s was expected in base64", path);
    base64_decode(digits, strlen(digits), &bytes);
    if (!json_number(json, "size", &size) || size != (int64_t)bytes.length)
        return error_set(error, ERROR_ANSWER, "run it again",
                         "%s was expected whole, %zu bytes of it came", path, bytes.length);
    *content = arena_copy_bytes(arena, bytes.bytes, bytes.length);
    return 0;
}

int github_take_content(struct arena *arena, const struct http_exchange *exchange,
                        const struct json *json, const char **content, struct error *error)
{
    CLEANUP(text_free) struct text bytes = {0};
    const char *digits = json_text(json, "content");
    int64_t size;

    if (!digits || !strings_equal(json_text(json, "encoding"), "base64") ||
        !json_number(json, "size", &size))
        return github_odd(exchange, "a file with content in base64, and its size", error);
    base64_decode(digits, strlen(digits), &bytes);
    if (size != (int64_t)bytes.length)
        return github_odd(exchange, "a whole file", error);
    *content = arena_copy_bytes(arena, text_string(&bytes), bytes.length);
    return 0;
}
