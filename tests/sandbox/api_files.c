/* docs.github.com/rest/git/trees, …/git/blobs, docs.github.com/rest/repos/contents */
#define _GNU_SOURCE
#include "api.h"

#include <stdio.h>
#include <string.h>

/* The tree that a sha, a branch, a tag or a commit stands for. */
static struct object *tree_of(struct call *call, const char *name)
{
    char *expression = pool_format(&call->request->pool, "%s^{tree}", name);

    return object_find(expression);
}

static void add_entry(struct call *call, cJSON *list, const char *mode, const char *name,
                      const unsigned char *id)
{
    cJSON *entry = cJSON_CreateObject();
    char sha[41];

    for (int i = 0; i < 20; i++)
        snprintf(sha + 2 * i, 3, "%02x", id[i]);
    struct object *object = object_get(sha);
    cJSON_AddStringToObject(entry, "path", name);
    cJSON_AddStringToObject(entry, "mode", strlen(mode) == 5 ? "040000" : mode);
    cJSON_AddStringToObject(entry, "type", object ? object_type_name(object->type) : "commit");
    cJSON_AddStringToObject(entry, "sha", sha);
    if (object && object->type == OBJECT_BLOB)
        cJSON_AddNumberToObject(entry, "size", (double)object->size);
    cJSON_AddItemToArray(list, entry);
    (void)call;
}

/* "MODE NAME\0" and 20 bytes an entry: git's own format of a tree. */
void handle_tree_get(struct call *call)
{
    struct object *tree = tree_of(call, call->args[0]);
    cJSON *json, *list;

    if (!tree) {
        reply_error(call, 404, "Not Found");
        return;
    }
    json = cJSON_CreateObject();
    list = cJSON_CreateArray();
    for (size_t at = 0; at < tree->size;) {
        const char *mode = tree->data + at, *space = strchr(mode, ' ');
        char *mode_text = pool_copy(&call->request->pool, mode, (size_t)(space - mode));
        size_t const name = (size_t)(space - tree->data) + 1, end = name + strlen(space + 1) + 1;

        add_entry(call, list, mode_text, space + 1, (const unsigned char *)tree->data + end);
        at = end + 20;
    }
    cJSON_AddStringToObject(json, "sha", tree->sha);
    cJSON_AddItemToObject(json, "tree", list);
    cJSON_AddBoolToObject(json, "truncated", false);
    reply(call, 200, json);
}

/* Lines of 60 digits, as GitHub breaks them. */
static void add_base64(struct buffer *out, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t at = 0; at < size; at += 3) {
        unsigned const left = size - at > 2 ? 3 : (unsigned)(size - at);
        unsigned const bits = (unsigned)bytes[at] << 16 |
                              (left > 1 ? (unsigned)bytes[at + 1] << 8 : 0) |
                              (left > 2 ? (unsigned)bytes[at + 2] : 0);

        buffer_format(out, "%c%c%c%c", digits[bits >> 18 & 63], digits[bits >> 12 & 63],
                      left > 1 ? digits[bits >> 6 & 63] : '=', left > 2 ? digits[bits & 63] : '=');
        if (at % 45 == 42 || at + 3 >= size)
            buffer_format(out, "\n");
    }
}

void handle_blob_get(struct call *call)
{
    struct object *blob = object_get(call->args[0]);
    struct buffer content = {0};

    if (!blob || blob->type != OBJECT_BLOB) {
        reply_error(call, 404, "Not Found");
        return;
    }
    cJSON *json = cJSON_CreateObject();
    add_base64(&content, (const unsigned char *)blob->data, blob->size);
    cJSON_AddStringToObject(json, "sha", blob->sha);
    cJSON_AddNumberToObject(json, "size", (double)blob->size);
    cJSON_AddStringToObject(json, "encoding", "base64");
    cJSON_AddStringToObject(json, "content", content.data ? content.data : "");
    buffer_free(&content);
    reply(call, 200, json);
}

/* Of files only; of a folder GitHub gives a list. */
void handle_contents_get(struct call *call)
{
    struct pool *pool = &call->request->pool;
    const char *ref = call_query(call, "ref");
    struct object *commit = commit_named(pool, ref ? ref : config_text("default_branch", "main"));
    struct object *blob =
        commit ? object_find(pool_format(pool, "%s:%s", commit->sha, call->args[0])) : NULL;
    struct buffer content = {0};

    if (!blob || blob->type != OBJECT_BLOB) {
        reply_error(call, 404, "Not Found");
        return;
    }
    const char *slash = strrchr(call->args[0], '/');
    cJSON *json = cJSON_CreateObject();
    add_base64(&content, (const unsigned char *)blob->data, blob->size);
    cJSON_AddStringToObject(json, "type", "file");
    cJSON_AddStringToObject(json, "name", slash ? slash + 1 : call->args[0]);
    cJSON_AddStringToObject(json, "path", call->args[0]);
    cJSON_AddStringToObject(json, "sha", blob->sha);
    cJSON_AddNumberToObject(json, "size", (double)blob->size);
    cJSON_AddStringToObject(json, "encoding", "base64");
    cJSON_AddStringToObject(json, "content", content.data ? content.data : "");
    buffer_free(&content);
    reply(call, 200, json);
}
