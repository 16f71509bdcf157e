/* Issues and their comments. Names that begin with "_" are ours. */
#define _GNU_SOURCE
#include "issues.h"

#include <stdlib.h>
#include <string.h>

static cJSON *issues;

cJSON *issues_all(void)
{
    return issues;
}

long issue_number(const cJSON *issue)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(issue, "number");
    return cJSON_IsNumber(number) ? (long)number->valuedouble : 0;
}

cJSON *issue_find(long number)
{
    for (cJSON *issue = json_first(issues); issue; issue = issue->next)
        if (issue_number(issue) == number)
            return issue;
    return NULL;
}

cJSON *issue_comments(const cJSON *issue)
{
    return cJSON_GetObjectItemCaseSensitive(issue, "comments");
}

cJSON *comment_find(long id, cJSON **issue)
{
    for (cJSON *at = json_first(issues); at; at = at->next) {
        for (cJSON *comment = json_first(issue_comments(at)); comment; comment = comment->next) {
            if (release_id(comment) != id)
                continue;
            *issue = at;
            return comment;
        }
    }
    return NULL;
}

static void set_default(cJSON *object, const char *name, cJSON *value)
{
    if (cJSON_HasObjectItem(object, name))
        cJSON_Delete(value);
    else
        cJSON_AddItemToObject(object, name, value);
}

/* What an issue and a comment have in common. */
static void set_common(cJSON *object, const char *user)
{
    struct pool pool = {0};
    char *when = time_text(&pool, clock_change());
    if (!cJSON_HasObjectItem(object, "id"))
        cJSON_AddNumberToObject(object, "id", (double)next_id());
    set_default(object, "body", cJSON_CreateNull());
    set_default(object, "user", cJSON_CreateString(user));
    set_default(object, "author_association", cJSON_CreateString("NONE"));
    set_default(object, "created_at", cJSON_CreateString(when));
    set_default(object, "updated_at", cJSON_CreateString(when));
    set_default(object, "_made_us", cJSON_CreateNumber(0));
    pool_free(&pool);
}

cJSON *comment_add(cJSON *issue, const cJSON *fields)
{
    cJSON *comment = cJSON_Duplicate(fields, true);
    set_common(comment, "somebody");
    cJSON_AddItemToArray(issue_comments(issue), comment);
    return comment;
}

static long highest_number(void)
{
    long highest = 0;
    for (const cJSON *issue = json_first(issues); issue; issue = issue->next)
        if (issue_number(issue) > highest)
            highest = issue_number(issue);
    return highest;
}

cJSON *issue_add(const cJSON *fields)
{
    cJSON *issue = cJSON_Duplicate(fields, true);
    cJSON *comments = cJSON_DetachItemFromObjectCaseSensitive(issue, "comments");
    set_default(issue, "_made_us", cJSON_CreateNumber((double)clock_us() + 1));
    set_common(issue, "bobbirch");
    if (!cJSON_HasObjectItem(issue, "number"))
        cJSON_AddNumberToObject(issue, "number", (double)highest_number() + 1);
    set_default(issue, "title", cJSON_CreateString(""));
    set_default(issue, "state", cJSON_CreateString("open"));
    set_default(issue, "state_reason", cJSON_CreateNull());
    set_default(issue, "locked", cJSON_CreateFalse());
    set_default(issue, "closed_at", cJSON_CreateNull());
    cJSON_AddArrayToObject(issue, "comments");
    cJSON_AddItemToArray(issues, issue);
    for (const cJSON *comment = json_first(comments); comment; comment = comment->next)
        comment_add(issue, comment);
    cJSON_Delete(comments);
    return issue;
}

void issues_open(void)
{
    issues = cJSON_CreateArray();
    for (const cJSON *seed = json_first(config_get("issues")); seed; seed = seed->next)
        issue_add(seed);
}

static void copy_fields(cJSON *into, const cJSON *from, const char *const *names)
{
    for (; *names; names++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(from, *names);
        cJSON_AddItemToObject(into, *names,
                              item ? cJSON_Duplicate(item, true) : cJSON_CreateNull());
    }
}

cJSON *issue_state(const cJSON *issue, bool stable)
{
    static const char *const fields[] = {"number", "title", "state", "state_reason",
                                         "locked", "user",  "body",  NULL};
    static const char *const steps[] = {"id", NULL};
    static const char *const comment_fields[] = {"user", "author_association", "body", NULL};
    cJSON *json = cJSON_CreateObject();
    copy_fields(json, issue, fields);
    cJSON *list = cJSON_AddArrayToObject(json, "comments");
    for (const cJSON *at = json_first(issue_comments(issue)); at; at = at->next) {
        cJSON *comment = cJSON_CreateObject();
        if (!stable)
            copy_fields(comment, at, steps);
        copy_fields(comment, at, comment_fields);
        cJSON_AddItemToArray(list, comment);
    }
    return json;
}

cJSON *issues_state(bool stable)
{
    cJSON *list = cJSON_CreateArray();
    for (const cJSON *issue = json_first(issues); issue; issue = issue->next)
        cJSON_AddItemToArray(list, issue_state(issue, stable));
    return list;
}

cJSON *issues_take(void)
{
    return cJSON_Duplicate(issues, true);
}

void issues_put(const cJSON *kept)
{
    cJSON_Delete(issues);
    issues = cJSON_Duplicate(kept, true);
}
