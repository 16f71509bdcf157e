/*
 * What may not be done to a ref: rulesets, classic branch protection, and workflow files that a
 * token without "workflows" may not bring in. The texts are those that people report from
 * github.com (GH013, GH006).
 */
#define _GNU_SOURCE
#include "api.h"

#include <stdlib.h>
#include <string.h>

static const char zero_sha[] = "0000000000000000000000000000000000000000";

static bool is_zero(const char *sha)
{
    return strcmp(sha, zero_sha) == 0;
}

static bool has_rule(const cJSON *ruleset, const char *name)
{
    for (const cJSON *rule = json_first(cJSON_GetObjectItemCaseSensitive(ruleset, "rules")); rule;
         rule = rule->next) {
        if (text_equal(cJSON_GetStringValue(rule), name))
            return true;
    }
    return false;
}

static bool applies(const cJSON *ruleset, const cJSON *who, const char *ref)
{
    const cJSON *bypass = cJSON_GetObjectItemCaseSensitive(ruleset, "bypass");
    if (who && pattern_matches(bypass, release_text(who, "login")))
        return false;
    return pattern_matches(cJSON_GetObjectItemCaseSensitive(ruleset, "include"), ref) &&
           !pattern_matches(cJSON_GetObjectItemCaseSensitive(ruleset, "exclude"), ref);
}

static bool is_fast_forward(const char *old_sha, const char *new_sha)
{
    struct object *old = object_peel(object_get(old_sha));
    struct object *new = object_peel(object_get(new_sha));
    return old && new &&commit_reaches(new, old);
}

static const char *violated(const cJSON *ruleset, const char *old_sha, const char *new_sha)
{
    if (is_zero(old_sha))
        return has_rule(ruleset, "creation")
                   ? "Cannot create ref due to creations being restricted."
                   : NULL;
    if (is_zero(new_sha))
        return has_rule(ruleset, "deletion") ? "Cannot delete this ref" : NULL;
    if (has_rule(ruleset, "update"))
        return "Cannot update this protected ref.";
    if (has_rule(ruleset, "pull_request"))
        return "Changes must be made through a pull request.";
    if (has_rule(ruleset, "non_fast_forward") && !is_fast_forward(old_sha, new_sha))
        return "Cannot force-push to this branch";
    return NULL;
}

static void refuse_ruleset(struct pool *pool, const char *ref, const char *violations,
                           struct refusal *refusal)
{
    char *encoded = percent_encode(pool, ref);
    refusal->status = 422;
    refusal->reason = pool_format(pool, "push declined due to repository rule violations");
    refusal->rest = pool_format(pool, "Repository rule violations found\n\n%s", violations);
    struct buffer lines = {0};
    for (const char *at = violations; *at;) {
        size_t length = strcspn(at, "\n");
        buffer_format(&lines, "- %.*s\n\n", (int)length, at);
        at += length + strspn(at + length, "\n");
    }
    refusal->remote = pool_format(pool,
                                  "error: GH013: Repository rule violations found for %s.\n"
                                  "Review all repository rules at %s/%s/rules?ref=%s\n\n%s",
                                  ref, addresses.server, repo_name(), encoded, lines.data);
    buffer_free(&lines);
}

static bool rulesets_refuse(struct pool *pool, const cJSON *who, const char *ref,
                            const char *old_sha, const char *new_sha, struct refusal *refusal)
{
    struct buffer violations = {0};
    for (const cJSON *ruleset = json_first(config_get("rulesets")); ruleset;
         ruleset = ruleset->next) {
        if (!applies(ruleset, who, ref))
            continue;
        const char *text = violated(ruleset, old_sha, new_sha);
        if (text && !(violations.data && strstr(violations.data, text)))
            buffer_format(&violations, "%s\n\n", text);
    }
    if (violations.length)
        refuse_ruleset(pool, ref, violations.data, refusal);
    bool refused = violations.length > 0;
    buffer_free(&violations);
    return refused;
}

static bool protection_refuses(struct pool *pool, const char *ref, struct refusal *refusal)
{
    if (!text_begins(ref, "refs/heads/") ||
        !pattern_matches(config_get("protected_branches"), ref + strlen("refs/heads/")))
        return false;
    refusal->status = 422;
    refusal->reason = pool_format(pool, "protected branch hook declined");
    refusal->rest = pool_format(pool, "Reference update failed");
    refusal->remote = pool_format(pool,
                                  "error: GH006: Protected branch update failed for %s.\n"
                                  "error: You're not authorized to push to this branch. Visit "
                                  "https://docs.github.com/articles/about-protected-branches/ for "
                                  "more information.\n",
                                  ref);
    return true;
}

/* The entries of .github/workflows at a commit, one "MODE SHA\tNAME" a line. */
static void workflow_files(struct object *commit, struct buffer *out)
{
    const char *const arguments[] = {"git", "ls-tree", "-r", commit->sha, ".github/workflows/",
                                     NULL};
    buffer_text(out, "\n");
    git_run(arguments, NULL, out);
}

/* The workflow files that may be written, by configuration: of all branches, or of the default. */
static void known_workflows(struct pool *pool, struct buffer *known)
{
    bool all = text_equal(config_text("workflows_check", "off"), "branches");
    char *usual = pool_format(pool, "refs/heads/%s", config_text("default_branch", "main"));
    struct refs refs;
    refs_read(&refs);
    for (size_t i = 0; i < refs.count; i++) {
        const char *name = refs.items[i].name;
        struct object *commit = object_peel(object_get(refs.items[i].sha));
        if (commit && (all ? text_begins(name, "refs/heads/") : text_equal(name, usual)))
            workflow_files(commit, known);
    }
    refs_free(&refs);
}

/* The first workflow file of the commit that none of the known ones equals, or NULL. */
static char *new_workflow(struct pool *pool, struct object *commit)
{
    struct buffer known = {0};
    struct buffer wanted = {0};
    char *found = NULL;
    known_workflows(pool, &known);
    workflow_files(commit, &wanted);
    char *rest = wanted.data;
    for (char *line = strsep(&rest, "\n"); line && !found; line = strsep(&rest, "\n"))
        if (*line && !strstr(known.data, pool_format(pool, "\n%s\n", line)))
            found = pool_copy(pool, line, strlen(line));
    buffer_free(&known);
    buffer_free(&wanted);
    return found;
}

/*
 * "branches": every workflow file of the commit must stand like that on some branch already;
 * "default": on the default branch. What such a token may not do is told in
 * docs.github.com/rest/git/refs#create-a-reference (contents=write,workflows=write).
 */
static bool workflows_refuse(struct pool *pool, const cJSON *who, const char *new_sha,
                             struct refusal *refusal)
{
    struct object *commit = object_peel(object_get(new_sha));
    if (text_equal(config_text("workflows_check", "off"), "off") || !commit ||
        auth_may(who, "workflows", "write"))
        return false;
    char *line = new_workflow(pool, commit);
    if (!line)
        return false;
    const char *file = strchr(line, '\t');
    refusal->status = 403;
    refusal->rest = pool_format(pool, "Resource not accessible by integration");
    refusal->reason = pool_format(pool,
                                  "refusing to allow a GitHub App to create or update workflow "
                                  "`%s` without `workflows` permission",
                                  file ? file + 1 : line);
    refusal->remote = NULL;
    return true;
}

bool rules_refuse(struct pool *pool, const cJSON *who, const char *ref, const char *old_sha,
                  const char *new_sha, struct refusal *refusal)
{
    *refusal = (struct refusal){0};
    return rulesets_refuse(pool, who, ref, old_sha, new_sha, refusal) ||
           protection_refuses(pool, ref, refusal) ||
           (!is_zero(new_sha) && workflows_refuse(pool, who, new_sha, refusal));
}

/* A ruleset of the configuration is known by its id, else by its place. */
static double ruleset_id(const cJSON *ruleset, long place)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(ruleset, "id");
    return id ? id->valuedouble : (double)place;
}

/* Of a ruleset that says nothing else, the kind of ref that its first pattern is about. */
static const char *ruleset_target(const cJSON *ruleset)
{
    const cJSON *first = json_first(cJSON_GetObjectItemCaseSensitive(ruleset, "include"));
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(ruleset, "target"));
    const char *pattern = cJSON_GetStringValue(first);
    return text ? text : pattern && text_begins(pattern, "refs/tags/") ? "tag" : "branch";
}

/* What lists show of a ruleset: neither its conditions nor its rules. */
static cJSON *ruleset_json(const cJSON *ruleset, long place)
{
    const cJSON *name = cJSON_GetObjectItemCaseSensitive(ruleset, "name");
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "id", ruleset_id(ruleset, place));
    cJSON_AddStringToObject(json, "name", name ? cJSON_GetStringValue(name) : "ruleset");
    cJSON_AddStringToObject(json, "target", ruleset_target(ruleset));
    cJSON_AddStringToObject(json, "source_type", "Repository");
    cJSON_AddStringToObject(json, "source", repo_name());
    cJSON_AddStringToObject(json, "enforcement", "active");
    return json;
}

static cJSON *patterns_json(const cJSON *ruleset, const char *name)
{
    const cJSON *patterns = cJSON_GetObjectItemCaseSensitive(ruleset, name);
    return patterns ? cJSON_Duplicate(patterns, true) : cJSON_CreateArray();
}

/* `bypass_actors` is for those who may edit the ruleset; who asks is told about himself. */
static void add_details(cJSON *json, const cJSON *ruleset, const cJSON *who)
{
    const cJSON *bypass = cJSON_GetObjectItemCaseSensitive(ruleset, "bypass");
    bool passes = who && pattern_matches(bypass, release_text(who, "login"));
    cJSON *conditions = cJSON_AddObjectToObject(json, "conditions");
    cJSON *refs = cJSON_AddObjectToObject(conditions, "ref_name");
    cJSON *rules = cJSON_AddArrayToObject(json, "rules");
    cJSON_AddItemToObject(refs, "include", patterns_json(ruleset, "include"));
    cJSON_AddItemToObject(refs, "exclude", patterns_json(ruleset, "exclude"));
    for (const cJSON *rule = json_first(cJSON_GetObjectItemCaseSensitive(ruleset, "rules")); rule;
         rule = rule->next) {
        cJSON *entry = cJSON_CreateObject();
        cJSON_AddStringToObject(entry, "type", cJSON_GetStringValue(rule));
        cJSON_AddItemToArray(rules, entry);
    }
    if (!cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(ruleset, "bypass_untold")))
        cJSON_AddStringToObject(json, "current_user_can_bypass", passes ? "always" : "never");
}

/* docs.github.com/rest/repos/rules#get-a-repository-ruleset; NULL where there is none. */
cJSON *ruleset_by_id(const char *id, const cJSON *who)
{
    long place = 0;
    for (const cJSON *ruleset = json_first(config_get("rulesets")); ruleset;
         ruleset = ruleset->next) {
        place++;
        if (strtol(id, NULL, 10) != (long)ruleset_id(ruleset, place))
            continue;
        cJSON *json = ruleset_json(ruleset, place);
        add_details(json, ruleset, who);
        return json;
    }
    return NULL;
}

/* docs.github.com/rest/repos/rules#get-all-repository-rulesets; `targets` may be NULL. */
cJSON *rulesets_json(const char *targets)
{
    cJSON *list = cJSON_CreateArray();
    long place = 0;
    for (const cJSON *ruleset = json_first(config_get("rulesets")); ruleset;
         ruleset = ruleset->next) {
        place++;
        if (!targets || strstr(targets, ruleset_target(ruleset)))
            cJSON_AddItemToArray(list, ruleset_json(ruleset, place));
    }
    return list;
}

/* docs.github.com/rest/repos/rules#get-rules-for-a-branch: one entry a rule. */
cJSON *rules_of_branch(const char *branch)
{
    struct pool pool = {0};
    cJSON *list = cJSON_CreateArray();
    char *ref = pool_format(&pool, "refs/heads/%s", branch);
    long place = 0;
    for (const cJSON *ruleset = json_first(config_get("rulesets")); ruleset;
         ruleset = ruleset->next) {
        place++;
        if (!applies(ruleset, NULL, ref))
            continue;
        for (const cJSON *rule = json_first(cJSON_GetObjectItemCaseSensitive(ruleset, "rules"));
             rule; rule = rule->next) {
            cJSON *entry = cJSON_CreateObject();
            cJSON_AddStringToObject(entry, "type", cJSON_GetStringValue(rule));
            cJSON_AddStringToObject(entry, "ruleset_source_type", "Repository");
            cJSON_AddStringToObject(entry, "ruleset_source", repo_name());
            cJSON_AddNumberToObject(entry, "ruleset_id", ruleset_id(ruleset, place));
            cJSON_AddItemToArray(list, entry);
        }
    }
    pool_free(&pool);
    return list;
}
