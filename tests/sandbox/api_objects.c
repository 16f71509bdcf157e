/* docs.github.com/rest/git/tags, docs.github.com/rest/git/commits */
#define _GNU_SOURCE
#include "api.h"

#include <stdlib.h>
#include <string.h>

/* The start of the signature in a tag's text, as git finds it: the last line that begins one. */
static const char *signature_start(const char *text)
{
    static const char *const starts[] = {
        "-----BEGIN PGP SIGNATURE-----", "-----BEGIN PGP MESSAGE-----",
        "-----BEGIN SSH SIGNATURE-----", "-----BEGIN SIGNED MESSAGE-----"};
    const char *found = NULL;
    for (const char *line = text; *line;) {
        for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
            if (text_begins(line, starts[i]))
                found = line;
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    return found;
}

/* A commit's signature stands in its header "gpgsig", its lines indented by a space. */
static char *commit_signature(struct pool *pool, const struct object *commit, char **payload)
{
    const char *start = strstr(commit->data, "\ngpgsig ");
    if (!start || start > object_message(commit))
        return NULL;
    struct buffer text = {0};
    const char *at = start + strlen("\ngpgsig ");
    for (;;) {
        size_t length = strcspn(at, "\n");
        buffer_add(&text, at, length);
        at += length;
        at += *at == '\n';
        if (*at != ' ')
            break;
        buffer_text(&text, "\n");
        at++;
    }
    char *signature = pool_copy(pool, text.data, text.length);
    buffer_free(&text);
    *payload = pool_format(pool, "%.*s%s", (int)(start + 1 - commit->data), commit->data, at);
    return signature;
}

static char *without_newline(struct pool *pool, char *text)
{
    size_t length = strlen(text);
    return length && text[length - 1] == '\n' ? pool_copy(pool, text, length - 1) : text;
}

/* The parts of a signed object; false where it is not signed. */
static bool signed_parts(struct pool *pool, const struct object *object, char **signature,
                         char **payload)
{
    if (object->type == OBJECT_COMMIT) {
        *signature = commit_signature(pool, object, payload);
    } else {
        const char *start = signature_start(object_message(object));
        *signature = start ? pool_copy(pool, start, strlen(start)) : NULL;
        if (start)
            *payload = pool_copy(pool, object->data, (size_t)(start - object->data));
    }
    const char *trim = config_text("verification_newline", "keep");
    if (*signature && text_equal(trim, "signature"))
        *signature = without_newline(pool, *signature);
    if (*signature && text_equal(trim, "payload"))
        *payload = without_newline(pool, *payload);
    return *signature != NULL;
}

/*
 * A signature that is there counts as valid: the sandbox knows no keys. Configuration
 * "verification" says otherwise, by the tag's name or by the object's sha.
 */
cJSON *verification_json(struct pool *pool, const struct object *object, const char *tag)
{
    char *signature;
    char *payload = NULL;
    bool is_signed = signed_parts(pool, object, &signature, &payload);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddBoolToObject(json, "verified", is_signed);
    cJSON_AddStringToObject(json, "reason", is_signed ? "valid" : "unsigned");
    if (is_signed) {
        json_add_clean(pool, json, "signature", signature);
        json_add_clean(pool, json, "payload", payload);
        cJSON_AddStringToObject(json, "verified_at", time_text(pool, clock_now()));
    } else {
        cJSON_AddNullToObject(json, "signature");
        cJSON_AddNullToObject(json, "payload");
        cJSON_AddNullToObject(json, "verified_at");
    }
    const cJSON *overrides = config_get("verification");
    const cJSON *override = cJSON_GetObjectItemCaseSensitive(overrides, object->sha);
    if (!override && tag)
        override = cJSON_GetObjectItemCaseSensitive(overrides, tag);
    for (const cJSON *item = json_first(override); item; item = item->next)
        json_replace(json, item->string, cJSON_Duplicate(item, true));
    if (override && !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "verified")) &&
        !cJSON_HasObjectItem(override, "verified_at"))
        json_replace(json, "verified_at", cJSON_CreateNull());
    return json;
}

static void add_person(struct pool *pool, cJSON *json, const char *name, const char *line)
{
    char *who;
    char *mail;
    time_t when;
    if (!person_split(pool, line, &who, &mail, &when)) {
        cJSON_AddNullToObject(json, name);
        return;
    }
    cJSON *person = cJSON_AddObjectToObject(json, name);
    json_add_clean(pool, person, "name", who);
    json_add_clean(pool, person, "email", mail);
    cJSON_AddStringToObject(person, "date", time_text(pool, when));
}

static void add_target(struct pool *pool, cJSON *json, const char *name, const char *sha,
                       const char *type)
{
    cJSON *target = cJSON_AddObjectToObject(json, name);
    cJSON_AddStringToObject(target, "sha", sha);
    if (text_equal(name, "object"))
        cJSON_AddStringToObject(target, "type", type);
    cJSON_AddStringToObject(target, "url",
                            repo_url(pool, pool_format(pool, "/git/%ss/%s", type, sha)));
}

static cJSON *tag_json(struct pool *pool, const struct object *tag)
{
    cJSON *json = cJSON_CreateObject();
    char *name = object_header(pool, tag, "tag");
    cJSON_AddStringToObject(json, "node_id", pool_format(pool, "TA_%s", tag->sha));
    json_add_clean(pool, json, "tag", name ? name : "");
    cJSON_AddStringToObject(json, "sha", tag->sha);
    cJSON_AddStringToObject(json, "url",
                            repo_url(pool, pool_format(pool, "/git/tags/%s", tag->sha)));
    /* With the signature, if there is one: that is how GitHub shows it. */
    json_add_clean(pool, json, "message", object_message(tag));
    add_person(pool, json, "tagger", object_header(pool, tag, "tagger"));
    add_target(pool, json, "object", object_header(pool, tag, "object"),
               object_header(pool, tag, "type"));
    cJSON_AddItemToObject(json, "verification", verification_json(pool, tag, name));
    return json;
}

void handle_tag_get(struct call *call)
{
    struct object *object = object_get(call->args[0]);
    if (object && object->type == OBJECT_TAG)
        reply(call, 200, tag_json(&call->request->pool, object));
    else
        reply_error(call, 404, "Not Found");
}

static char *make_tagger(struct call *call)
{
    struct pool *pool = &call->request->pool;
    const cJSON *tagger = cJSON_GetObjectItemCaseSensitive(call->body, "tagger");
    const char *name = release_text(tagger, "name");
    const char *mail = release_text(tagger, "email");
    const char *date = release_text(tagger, "date");
    time_t when = date ? time_parse(date) : clock_now();
    return pool_format(pool, "%s <%s> %lld +0000", name ? name : call_login(call),
                       mail ? mail : "bot@users.noreply.example", (long long)when);
}

void handle_tag_create(struct call *call)
{
    struct pool *pool = &call->request->pool;
    if (!call_body(call, "tag:s! message:s! object:s! type:s! tagger:o"))
        return;
    const char *sha = body_text(call, "object");
    const char *type = body_text(call, "type");
    struct object *target = object_get(sha);
    if (!target || !text_equal(object_type_name(target->type), type)) {
        reply_error(call, 422, "Could not resolve object");
        return;
    }
    struct buffer text = {0};
    struct buffer name = {0};
    buffer_format(&text, "object %s\ntype %s\ntag %s\ntagger %s\n\n%s", sha, type,
                  body_text(call, "tag"), make_tagger(call), body_text(call, "message"));
    const char *const arguments[] = {"git", "hash-object", "-t", "tag", "-w", "--stdin", NULL};
    bool fine = git_run(arguments, &text, &name) == 0 && name.length > 40;
    struct object *tag = fine ? object_get(pool_copy(pool, name.data, 40)) : NULL;
    buffer_free(&text);
    buffer_free(&name);
    if (tag)
        reply(call, 201, tag_json(pool, tag));
    else
        reply_error(call, 422, "Could not create tag object");
}

/* Without the last newline: that is how GitHub shows a commit's message. */
static char *commit_message(struct pool *pool, const struct object *commit)
{
    const char *message = object_message(commit);
    size_t length = strlen(message);
    while (length && message[length - 1] == '\n')
        length--;
    return utf8_clean(pool, message, length);
}

static void add_parents(struct pool *pool, cJSON *json, struct object *commit, const char *kind)
{
    size_t count;
    struct object **parents = commit_parents(commit, &count);
    cJSON *list = cJSON_AddArrayToObject(json, "parents");
    for (size_t i = 0; i < count; i++) {
        cJSON *parent = cJSON_CreateObject();
        cJSON_AddStringToObject(parent, "sha", parents[i]->sha);
        cJSON_AddStringToObject(parent, "url",
                                repo_url(pool, pool_format(pool, "/%s/%s", kind, parents[i]->sha)));
        cJSON_AddItemToArray(list, parent);
    }
}

static void add_commit_fields(struct pool *pool, cJSON *json, struct object *commit)
{
    add_person(pool, json, "author", object_header(pool, commit, "author"));
    add_person(pool, json, "committer", object_header(pool, commit, "committer"));
    cJSON_AddStringToObject(json, "message", commit_message(pool, commit));
    add_target(pool, json, "tree", object_header(pool, commit, "tree"), "tree");
    cJSON_AddItemToObject(json, "verification", verification_json(pool, commit, NULL));
}

cJSON *git_commit_json(struct pool *pool, struct object *commit)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "sha", commit->sha);
    cJSON_AddStringToObject(json, "node_id", pool_format(pool, "C_%s", commit->sha));
    cJSON_AddStringToObject(json, "url",
                            repo_url(pool, pool_format(pool, "/git/commits/%s", commit->sha)));
    add_commit_fields(pool, json, commit);
    add_parents(pool, json, commit, "git/commits");
    return json;
}

void handle_git_commit_get(struct call *call)
{
    struct object *object = object_get(call->args[0]);
    if (object && object->type == OBJECT_COMMIT)
        reply(call, 200, git_commit_json(&call->request->pool, object));
    else
        reply_error(call, 404, "Not Found");
}

/* The GitHub user of a mail address: "12345+login@users.noreply.github.com", or configured. */
static cJSON *author_user(struct pool *pool, const struct object *commit, const char *header)
{
    char *name;
    char *mail;
    time_t when;
    if (!person_split(pool, object_header(pool, commit, header), &name, &mail, &when))
        return cJSON_CreateNull();
    const char *login = release_text(config_get("users"), mail);
    if (login)
        return user_json(pool, login);
    char *at = strstr(mail, "@users.noreply.");
    if (!at)
        return cJSON_CreateNull();
    const char *plus = memchr(mail, '+', (size_t)(at - mail));
    const char *start = plus ? plus + 1 : mail;
    return user_json(pool, pool_copy(pool, start, (size_t)(at - start)));
}

cJSON *commit_json(struct pool *pool, const struct object *found)
{
    struct object *commit = object_get(found->sha);
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "sha", commit->sha);
    cJSON_AddStringToObject(json, "node_id", pool_format(pool, "C_%s", commit->sha));
    cJSON *inner = cJSON_AddObjectToObject(json, "commit");
    add_commit_fields(pool, inner, commit);
    cJSON_AddNumberToObject(inner, "comment_count", 0);
    cJSON_AddStringToObject(json, "url",
                            repo_url(pool, pool_format(pool, "/commits/%s", commit->sha)));
    cJSON_AddStringToObject(
        json, "html_url",
        pool_format(pool, "%s/%s/commit/%s", addresses.server, repo_name(), commit->sha));
    cJSON_AddItemToObject(json, "author", author_user(pool, commit, "author"));
    cJSON_AddItemToObject(json, "committer", author_user(pool, commit, "committer"));
    add_parents(pool, json, commit, "commits");
    return json;
}
