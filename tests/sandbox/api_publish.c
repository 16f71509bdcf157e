/*
 * docs.github.com/rest/releases/releases: creating, changing, publishing.
 * The error entries are those that people report from github.com.
 */
#define _GNU_SOURCE
#include "api.h"

#include <stdlib.h>
#include <string.h>

static const char zero_sha[] = "0000000000000000000000000000000000000000";
#define RELEASE_FIELDS                                                                             \
    "target_commitish:s name:s body:s draft:b prerelease:b make_latest:s "                         \
    "discussion_category_name:s"

static bool tag_exists(struct pool *pool, const char *tag, char sha[41])
{
    struct refs refs;
    refs_read(&refs);
    const struct ref *ref = refs_find(&refs, pool_format(pool, "refs/tags/%s", tag));
    if (ref && sha)
        memcpy(sha, ref->sha, 41);
    refs_free(&refs);
    return ref != NULL;
}

static void check_texts(struct call *call, const cJSON *next, cJSON *errors)
{
    enum { BODY_LIMIT = 125000 };
    const char *body = release_text(next, "body");
    const char *latest = body_text(call, "make_latest");
    const char *category = body_text(call, "discussion_category_name");
    if (body && utf8_length(body) > BODY_LIMIT)
        add_invalid(errors, "Release", "body", "custom",
                    "body is too long (maximum is 125000 characters)");
    if (latest && !text_equal(latest, "true") && !text_equal(latest, "false") &&
        !text_equal(latest, "legacy"))
        add_invalid(errors, "Release", "make_latest", "invalid", NULL);
    if (category && *category && release_is(next, "draft"))
        add_invalid(errors, "Release", "discussion_category_name", "invalid", NULL);
}

static void check_tag_name(struct call *call, const cJSON *next, cJSON *errors)
{
    struct pool *pool = &call->request->pool;
    const char *tag = release_text(next, "tag_name");
    bool draft = release_is(next, "draft");
    if (*tag && ref_name_ok(pool_format(pool, "refs/tags/%s", tag)))
        return;
    add_invalid(errors, "Release", "tag_name", "custom", "tag_name is not a valid tag");
    add_invalid(errors, "Release", "tag_name", "custom", "tag_name is not well-formed");
    if (!draft)
        add_invalid(errors, "Release", NULL, "custom", "Published releases must have a valid tag");
}

/* Where the tag has still to be made: may it, and of what? */
static void check_new_tag(struct call *call, const cJSON *next, cJSON *errors)
{
    struct pool *pool = &call->request->pool;
    const char *tag = release_text(next, "tag_name");
    struct object *commit = commit_named(pool, release_text(next, "target_commitish"));
    struct refusal refusal;
    if (tag_exists(pool, tag, NULL))
        return;
    if (!commit) {
        add_invalid(errors, "Release", "target_commitish", "invalid", NULL);
        return;
    }
    if (release_is(next, "draft") ||
        !rules_refuse(pool, call->who, pool_format(pool, "refs/tags/%s", tag), zero_sha,
                      commit->sha, &refusal))
        return;
    add_invalid(errors, "Release", "pre_receive", "custom",
                pool_format(pool, "pre_receive %s", refusal.rest));
    add_invalid(errors, "Release", NULL, "custom", "Published releases must have a valid tag");
}

/* `next` is the release as it would be, `old` as it is (NULL for a new one). */
static bool check_release(struct call *call, const cJSON *next, const cJSON *old)
{
    cJSON *errors = cJSON_CreateArray();
    const cJSON *other = store_published(release_text(next, "tag_name"));
    const char *latest = body_text(call, "make_latest");
    bool hidden = release_is(next, "draft") || release_is(next, "prerelease");
    check_texts(call, next, errors);
    check_tag_name(call, next, errors);
    if (!cJSON_GetArraySize(errors))
        check_new_tag(call, next, errors);
    if (!release_is(next, "draft") && store_tag_spent(release_text(next, "tag_name"))) {
        add_invalid(errors, "Release", "tag_name", "custom",
                    "tag_name was used by an immutable release");
        add_invalid(errors, "Release", NULL, "custom", "Published releases must have a valid tag");
    }
    if (!release_is(next, "draft") && other && other != old)
        add_invalid(errors, "Release", "tag_name", "already_exists", NULL);
    /* A draft may be created with "true"; changing one is refused (reported 2026-09). */
    if (hidden && text_equal(latest, "true") && (old || !release_is(next, "draft")))
        add_invalid(errors, "Release", "make_latest", "custom",
                    "Latest release cannot be draft or prerelease");
    if (!cJSON_GetArraySize(errors)) {
        cJSON_Delete(errors);
        return true;
    }
    reply_errors(call, errors);
    return false;
}

/* "Drafts and prereleases cannot be set as latest. Defaults to true for newly published." */
static void apply_latest(struct call *call, const cJSON *release, bool newly_published)
{
    const char *wish = body_text(call, "make_latest");
    if (release_is(release, "draft") || release_is(release, "prerelease"))
        return;
    if (newly_published && wish && config_flag("publish_ignores_make_latest"))
        wish = NULL; /* seen on github.com in 2026-07 */
    if (!wish && !newly_published)
        return;
    if (!wish || text_equal(wish, "true")) {
        store_set_latest(release);
    } else if (text_equal(wish, "legacy") || store_latest() == release) {
        store_set_latest(NULL);
    }
}

/* Publishing makes the tag where it is missing, and dates the release by the tagged commit. */
static void publish(struct call *call, cJSON *release)
{
    struct pool *pool = &call->request->pool;
    const char *tag = release_text(release, "tag_name");
    char sha[41] = "";
    if (!tag_exists(pool, tag, sha)) {
        struct object *target = commit_named(pool, release_text(release, "target_commitish"));
        memcpy(sha, target->sha, sizeof sha);
        create_ref(pool_format(pool, "refs/tags/%s", tag), sha);
    }
    struct object *commit = object_peel(object_get(sha));
    if (commit)
        json_replace(release, "created_at",
                     cJSON_CreateString(time_text(pool, commit_time(commit))));
    json_replace(release, "published_at", cJSON_CreateString(time_text(pool, clock_now())));
    if (config_flag("immutable_releases"))
        json_replace(release, "immutable", cJSON_CreateTrue());
}

static void take_fields(struct call *call, cJSON *release)
{
    static const char *const names[] = {"tag_name", "target_commitish", "name",       "body",
                                        "draft",    "prerelease",       "make_latest"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(call->body, names[i]);
        if (value)
            json_replace(release, names[i], cJSON_Duplicate(value, true));
    }
}

/* "If body is specified, the body will be pre-pended to the automatically generated notes." */
static void generate_notes(struct call *call, cJSON *fields)
{
    struct pool *pool = &call->request->pool;
    const char *tag = release_text(fields, "tag_name");
    const char *previous = notes_previous(tag);
    struct object *base = previous ? commit_named(pool, previous) : NULL;
    struct object *head = commit_named(pool, tag);
    if (!head)
        head = commit_named(pool, release_text(fields, "target_commitish"));
    char *notes = head ? notes_text(pool, tag, head, base ? previous : NULL, base) : NULL;
    const char *body = release_text(fields, "body");
    if (notes)
        json_replace(
            fields, "body",
            cJSON_CreateString(body && *body ? pool_format(pool, "%s\n\n%s", body, notes) : notes));
    if (!release_text(fields, "name"))
        json_replace(fields, "name", cJSON_CreateString(tag));
}

static cJSON *new_fields(struct call *call)
{
    cJSON *fields = cJSON_CreateObject();
    cJSON_AddStringToObject(fields, "target_commitish", config_text("default_branch", "main"));
    take_fields(call, fields);
    if (!cJSON_HasObjectItem(fields, "draft"))
        cJSON_AddFalseToObject(fields, "draft");
    cJSON_AddNumberToObject(fields, "_made_us", (double)clock_us() + 1);
    if (release_is(call->body, "generate_release_notes"))
        generate_notes(call, fields);
    return fields;
}

void handle_release_create(struct call *call)
{
    if (!call_body(call, "tag_name:s! generate_release_notes:b " RELEASE_FIELDS))
        return;
    cJSON *fields = new_fields(call);
    if (check_release(call, fields, NULL)) {
        cJSON *release = store_add(fields, call_login(call));
        if (!release_is(release, "draft"))
            publish(call, release);
        apply_latest(call, release, !release_is(release, "draft"));
        cJSON *json = release_json(&call->request->pool, release);
        answer_header(call->answer, "Location",
                      pool_format(&call->request->pool, "%s", release_text(json, "url")));
        reply(call, 201, json);
    }
    cJSON_Delete(fields);
}

/* "Only release title and notes can be modified", says the page of an immutable release. */
static bool touches_immutable(struct call *call, const cJSON *release)
{
    if (cJSON_HasObjectItem(call->body, "make_latest"))
        return release_is(release, "immutable");
    static const char *const frozen[] = {"tag_name", "target_commitish", "draft", "prerelease"};
    for (size_t i = 0; i < sizeof frozen / sizeof *frozen; i++) {
        const cJSON *value = cJSON_GetObjectItemCaseSensitive(call->body, frozen[i]);
        const cJSON *old = cJSON_GetObjectItemCaseSensitive(release, frozen[i]);
        if (value && !cJSON_Compare(value, old, true))
            return release_is(release, "immutable");
    }
    return false;
}

static void change_release(struct call *call, cJSON *release, cJSON *next)
{
    struct pool *pool = &call->request->pool;
    bool was_draft = release_is(release, "draft");
    clock_change();
    take_fields(call, release);
    json_replace(release, "updated_at", cJSON_CreateString(time_text(pool, clock_now())));
    bool published = was_draft && !release_is(next, "draft");
    if (published)
        publish(call, release);
    if (!was_draft && release_is(next, "draft"))
        json_replace(release, "published_at", cJSON_CreateNull());
    apply_latest(call, release, published);
    reply(call, 200, release_json(pool, release));
}

void handle_release_update(struct call *call)
{
    cJSON *release = store_find(strtol(call->args[0], NULL, 10));
    if (!release) {
        reply_error(call, 404, "Not Found");
        return;
    }
    if (!call_body(call, "tag_name:s " RELEASE_FIELDS))
        return;
    if (touches_immutable(call, release)) {
        reply_invalid(call, "Release", NULL, "custom", "Immutable releases cannot be changed");
        return;
    }
    cJSON *next = cJSON_Duplicate(release, true);
    take_fields(call, next);
    if (check_release(call, next, release))
        change_release(call, release, next);
    cJSON_Delete(next);
}
