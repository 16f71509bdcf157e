/* docs.github.com/rest/git/refs */
#define _GNU_SOURCE
#include "api.h"

#include <stdlib.h>
#include <string.h>

static const char zero_sha[] = "0000000000000000000000000000000000000000";
static char **created; /* names of the refs that were made through the sandbox, oldest first */
static size_t created_count;

void refs_note_created(const char *name)
{
    created = must_grow(created, (created_count + 1) * sizeof *created);
    created[created_count++] = must_copy(name);
}

cJSON *created_take(void)
{
    cJSON *kept = cJSON_CreateArray();
    for (size_t i = 0; i < created_count; i++)
        cJSON_AddItemToArray(kept, cJSON_CreateString(created[i]));
    return kept;
}

void created_put(const cJSON *kept)
{
    while (created_count)
        free(created[--created_count]);
    for (const cJSON *name = json_first(kept); name; name = name->next)
        refs_note_created(cJSON_GetStringValue(name));
}

bool ref_is_new(const char *name, int count)
{
    size_t from = created_count > (size_t)count ? created_count - (size_t)count : 0;
    for (size_t i = from; i < created_count; i++)
        if (strcmp(created[i], name) == 0)
            return true;
    return false;
}

static cJSON *ref_json(struct pool *pool, const struct ref *ref)
{
    struct object *object = object_get(ref->sha);
    const char *type = object_type_name(object ? object->type : OBJECT_COMMIT);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "ref", ref->name);
    cJSON_AddStringToObject(json, "node_id", pool_format(pool, "REF_%s", ref->name + 5));
    cJSON_AddStringToObject(json, "url", repo_url(pool, pool_format(pool, "/git/%s", ref->name)));
    cJSON *target = cJSON_AddObjectToObject(json, "object");
    cJSON_AddStringToObject(target, "sha", ref->sha);
    cJSON_AddStringToObject(target, "type", type);
    cJSON_AddStringToObject(target, "url",
                            repo_url(pool, pool_format(pool, "/git/%ss/%s", type, ref->sha)));
    return json;
}

void handle_refs_matching(struct call *call)
{
    struct pool *pool = &call->request->pool;
    char *start = pool_format(pool, "refs/%s", call->args[0]);
    cJSON *list = cJSON_CreateArray();
    struct refs refs;
    refs_read(&refs);
    for (size_t i = 0; i < refs.count; i++) {
        bool hidden = ref_is_new(refs.items[i].name, fault_lag(call->fault));
        if (text_begins(refs.items[i].name, start) && !hidden)
            cJSON_AddItemToArray(list, ref_json(pool, &refs.items[i]));
    }
    refs_free(&refs);
    reply(call, 200, list);
}

void handle_ref_get(struct call *call)
{
    struct refs refs;
    refs_read(&refs);
    char *name = pool_format(&call->request->pool, "refs/%s", call->args[0]);
    const struct ref *ref = refs_find(&refs, name);
    if (ref)
        reply(call, 200, ref_json(&call->request->pool, ref));
    else
        reply_error(call, 404, "Not Found");
    refs_free(&refs);
}

/* git update-ref takes the lock and checks the old value: no race with a push. */
static int update_ref(const char *ref, const char *new_sha, const char *old_sha)
{
    const char *const arguments[] = {"git",   "update-ref", "--no-deref", ref,
                                     new_sha, old_sha,      NULL};
    return git_run(arguments, NULL, NULL);
}

bool create_ref(const char *ref, const char *sha)
{
    if (!ref_write_new(ref, sha))
        return false;
    refs_note_created(ref);
    clock_change();
    return true;
}

static void reply_refusal(struct call *call, const struct refusal *refusal)
{
    reply_error(call, refusal->status, refusal->rest);
}

static bool check_new_ref(struct call *call, const char *name, const char *sha)
{
    const char *first = strchr(name, '/');
    struct object *object = is_sha(sha) ? object_get(sha) : NULL;
    if (!text_begins(name, "refs/") || !first || !strchr(first + 1, '/') || !ref_name_ok(name)) {
        reply_error(call, 422,
                    text_begins(name, "refs/") && first && strchr(first + 1, '/')
                        ? pool_format(&call->request->pool, "%s is not a valid ref name.", name)
                        : "Reference name must start with 'refs' and have at least two slashes.");
        return false;
    }
    if (!is_sha(sha)) {
        reply_error(call, 422,
                    "The sha parameter must be exactly 40 characters and contain only "
                    "[0-9a-f].");
        return false;
    }
    if (!object || (text_begins(name, "refs/heads/") && object->type != OBJECT_COMMIT)) {
        reply_error(call, 422, object ? "Reference update failed" : "Object does not exist");
        return false;
    }
    return true;
}

void handle_ref_create(struct call *call)
{
    struct pool *pool = &call->request->pool;
    struct refusal refusal;
    struct refs refs;
    if (!call_body(call, "ref:s! sha:s! key:s"))
        return;
    const char *name = body_text(call, "ref");
    const char *sha = body_text(call, "sha");
    if (!check_new_ref(call, name, sha))
        return;
    refs_read(&refs);
    bool exists = refs_find(&refs, name) != NULL;
    refs_free(&refs);
    if (exists) {
        reply_error(call, 422, "Reference already exists");
    } else if (rules_refuse(pool, call->who, name, zero_sha, sha, &refusal)) {
        reply_refusal(call, &refusal);
    } else if (!create_ref(name, sha)) {
        reply_error(call, 422, "Reference update failed");
    } else {
        struct ref ref = {.name = pool_copy(pool, name, strlen(name))};
        memcpy(ref.sha, sha, 40);
        cJSON *json = ref_json(pool, &ref);
        answer_header(call->answer, "Location", pool_format(pool, "%s", release_text(json, "url")));
        reply(call, 201, json);
    }
}

/* The ref of the path; false, and 422, where there is none. */
static bool find_ref(struct call *call, struct ref *found)
{
    struct refs refs;
    found->name = pool_format(&call->request->pool, "refs/%s", call->args[0]);
    refs_read(&refs);
    const struct ref *ref = refs_find(&refs, found->name);
    if (ref)
        memcpy(found->sha, ref->sha, sizeof found->sha);
    refs_free(&refs);
    if (!ref)
        reply_error(call, 422, "Reference does not exist");
    return ref != NULL;
}

void handle_ref_update(struct call *call)
{
    struct pool *pool = &call->request->pool;
    struct refusal refusal;
    struct ref ref;
    if (!call_body(call, "sha:s! force:b") || !find_ref(call, &ref))
        return;
    const char *sha = body_text(call, "sha");
    struct object *new = object_peel(object_get(sha));
    struct object *old = object_peel(object_get(ref.sha));
    bool force = release_is(call->body, "force");
    if (!object_get(sha)) {
        reply_error(call, 422, "Object does not exist");
    } else if (!force && (!new || !old || !commit_reaches(new, old))) {
        reply_error(call, 422, "Update is not a fast forward");
    } else if (rules_refuse(pool, call->who, ref.name, ref.sha, sha, &refusal)) {
        reply_refusal(call, &refusal);
    } else if (update_ref(ref.name, sha, ref.sha)) {
        reply_error(call, 422, "Reference update failed");
    } else {
        clock_change();
        memcpy(ref.sha, sha, 40);
        reply(call, 200, ref_json(pool, &ref));
    }
}

void handle_ref_delete(struct call *call)
{
    struct refusal refusal;
    struct ref ref;
    if (!find_ref(call, &ref))
        return;
    const char *const arguments[] = {"git",    "update-ref", "--no-deref", "-d",
                                     ref.name, ref.sha,      NULL};
    if (rules_refuse(&call->request->pool, call->who, ref.name, ref.sha, zero_sha, &refusal)) {
        reply_refusal(call, &refusal);
    } else if (git_run(arguments, NULL, NULL)) {
        reply_error(call, 422, "Reference update failed");
    } else {
        clock_change();
        call->answer->status = 204;
    }
}
