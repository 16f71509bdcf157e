/* docs.github.com/rest/repos/repos, docs.github.com/rest/repos/rules */
#include "api.h"

#include <string.h>

cJSON *user_json(struct pool *pool, const char *login)
{
    bool bot = strstr(login, "[bot]") != NULL;
    cJSON *user = cJSON_CreateObject();
    unsigned long id = 5381;
    for (const char *at = login; *at; at++)
        id = (id * 33 + (unsigned char)*at) % 100000000;
    cJSON_AddStringToObject(user, "login", login);
    cJSON_AddNumberToObject(user, "id", (double)id);
    cJSON_AddStringToObject(user, "node_id", pool_format(pool, "U_%lu", id));
    cJSON_AddStringToObject(user, "url", pool_format(pool, "%s/users/%s", addresses.api, login));
    cJSON_AddStringToObject(user, "html_url", pool_format(pool, "%s/%s", addresses.server, login));
    cJSON_AddStringToObject(user, "type", bot ? "Bot" : "User");
    cJSON_AddBoolToObject(user, "site_admin", false);
    return user;
}

/*
 * What the user may, not the token; of an App's installation, which is no user, all is false:
 * https://github.com/semantic-release/github/issues/182
 */
static cJSON *permissions_json(const struct call *call)
{
    bool user = !cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(call->who, "installation"));
    bool push = user && call_may(call, "contents", "write");
    bool admin = user && call_may(call, "administration", "write");
    cJSON *json = cJSON_CreateObject();
    cJSON_AddBoolToObject(json, "admin", admin);
    cJSON_AddBoolToObject(json, "maintain", admin);
    cJSON_AddBoolToObject(json, "push", push);
    cJSON_AddBoolToObject(json, "triage", push);
    cJSON_AddBoolToObject(json, "pull", user && call_may(call, "contents", "read"));
    return json;
}

void handle_repo_get(struct call *call)
{
    struct pool *pool = &call->request->pool;
    bool closed = config_flag("private");
    cJSON *json = cJSON_CreateObject();
    const char *short_name = strchr(repo_name(), '/');
    cJSON *owner = user_json(pool, repo_owner(pool));
    json_replace(owner, "type", cJSON_CreateString("Organization"));
    cJSON_AddNumberToObject(json, "id", (double)config_number("id", 1));
    cJSON_AddStringToObject(json, "node_id", pool_format(pool, "R_%ld", config_number("id", 1)));
    cJSON_AddStringToObject(json, "name", short_name ? short_name + 1 : repo_name());
    cJSON_AddStringToObject(json, "full_name", repo_name());
    cJSON_AddItemToObject(json, "owner", owner);
    cJSON_AddBoolToObject(json, "private", closed);
    cJSON_AddStringToObject(json, "html_url",
                            pool_format(pool, "%s/%s", addresses.server, repo_name()));
    cJSON_AddNullToObject(json, "description");
    cJSON_AddBoolToObject(json, "fork", config_flag("fork"));
    cJSON_AddStringToObject(json, "url", repo_url(pool, ""));
    cJSON_AddStringToObject(json, "clone_url",
                            pool_format(pool, "%s/%s.git", addresses.server, repo_name()));
    cJSON_AddStringToObject(json, "releases_url", repo_url(pool, "/releases{/id}"));
    cJSON_AddStringToObject(json, "default_branch", config_text("default_branch", "main"));
    cJSON_AddStringToObject(json, "visibility", closed ? "private" : "public");
    cJSON_AddBoolToObject(json, "archived", config_flag("archived"));
    cJSON_AddBoolToObject(json, "disabled", false);
    if (call->who)
        cJSON_AddItemToObject(json, "permissions", permissions_json(call));
    reply(call, 200, json);
}

void handle_rules_branch(struct call *call)
{
    reply(call, 200, call_page(call, rules_of_branch(call->args[0])));
}

void handle_ruleset(struct call *call)
{
    cJSON *json = ruleset_by_id(call->args[0], call->who);

    if (json)
        reply(call, 200, json);
    else
        reply_error(call, 404, "Not Found");
}

void handle_rulesets(struct call *call)
{
    reply(call, 200, call_page(call, rulesets_json(call_query(call, "targets"))));
}

/* 404 is how this endpoint says "no". */
void handle_immutable(struct call *call)
{
    if (!config_flag("immutable_releases")) {
        reply_error(call, 404, "Not Found");
        return;
    }
    cJSON *json = cJSON_CreateObject();
    cJSON_AddBoolToObject(json, "enabled", true);
    cJSON_AddBoolToObject(json, "enforced_by_owner", false);
    reply(call, 200, json);
}
