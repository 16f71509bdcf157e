/*
 * What the server tells about what may be written:
 * https://docs.github.com/en/rest/repos/repos#get-a-repository and
 * https://docs.github.com/en/rest/repos/rules
 */
#include "adapters/github_internal.h"

#include "core/ref_pattern.h"

#include <string.h>

/* The first page is enough: what is on no page that was read is tried. */
const char *github_rules_url(const struct github *github, struct arena *arena,
                             const struct question *question)
{
    if (question->kind == QUESTION_BRANCH_RULES)
        return github_url(github, arena, "/rules/branches/%s?per_page=100",
                          github_encoded(arena, question->head));
    return github_url(github, arena, "/rulesets?includes_parents=true&targets=tag&per_page=100");
}

const char *github_ruleset_url(const struct github *github, struct arena *arena, int64_t id)
{
    return github_url(github, arena, "/rulesets/%lld", (long long)id);
}

/*
 * "Contents: write" is what the notes need, as does all that is written:
 * https://docs.github.com/en/rest/releases/releases#generate-release-notes-content-for-a-release
 */
bool github_take_refusal(const struct github *github, const struct http_exchange *exchange,
                         struct facts *facts)
{
    if (github->settings.lenient)
        return true;
    facts->repository.write_refused =
        strstr(text_string(&exchange->permissions), "contents=write") != NULL;
    return facts->repository.write_refused;
}

void github_take_access(const struct github *github, const struct json *json, struct facts *facts)
{
    struct repository_facts *repository = &facts->repository;

    repository->push_denied =
        json_has_flag(json, "permissions.push") && !json_flag(json, "permissions.push");
    repository->archived = json_flag(json, "archived");
    repository->user_known = github->settings.of_user;
}

int github_take_rules(const struct http_exchange *exchange, const struct question *question,
                      const struct json *json, struct facts *facts, struct error *error)
{
    bool const branch = question->kind == QUESTION_BRANCH_RULES;

    if (!json_is_array(json))
        return github_odd(exchange, branch ? "a list of rules" : "a list of rulesets", error);
    for (const struct json *at = json_first(json); at; at = json_next(at)) {
        struct ruleset *ruleset;
        int64_t id;

        if (!json_number(at, branch ? "ruleset_id" : "id", &id) ||
            (branch ? !strings_equal(json_text(at, "type"), "creation")
                    : !strings_equal(json_text(at, "enforcement"), "active")))
            continue;
        ruleset = facts_ruleset(facts, id);
        if (ruleset && branch)
            ruleset->of_branch = true;
    }
    return 0;
}

static bool any_names(const struct json *patterns, const char *ref,
                      bool (*names)(const char *pattern, const char *ref))
{
    for (const struct json *at = json_first(patterns); at; at = json_next(at))
        if (names(string_or(json_text(at, ""), ""), ref))
            return true;
    return false;
}

static bool restricts_creation(const struct json *json)
{
    for (const struct json *at = json_first(json_at(json, "rules")); at; at = json_next(at))
        if (strings_equal(json_text(at, "type"), "creation"))
            return true;
    return false;
}

static bool is_of_tag(const struct json *json, const char *ref)
{
    return strings_equal(json_text(json, "target"), "tag") &&
           strings_equal(json_text(json, "enforcement"), "active") && restricts_creation(json) &&
           any_names(json_at(json, "conditions.ref_name.include"), ref, ref_pattern_names) &&
           !any_names(json_at(json, "conditions.ref_name.exclude"), ref, ref_pattern_may_name);
}

/* "pull_requests_only" is no way to a new ref. */
static enum bypass read_bypass(const char *told)
{
    if (strings_equal(told, "never") || strings_equal(told, "pull_requests_only"))
        return BYPASS_NO;
    return strings_equal(told, "always") || strings_equal(told, "exempt") ? BYPASS_YES
                                                                          : BYPASS_UNTOLD;
}

int github_take_ruleset(const struct github *github, struct arena *arena,
                        const struct http_exchange *exchange, const struct json *json,
                        struct facts *facts, struct error *error)
{
    struct ruleset *ruleset;
    int64_t id;

    if (!json_number(json, "id", &id))
        return github_odd(exchange, "a ruleset with id", error);
    ruleset = facts_ruleset(facts, id);
    if (!ruleset)
        return 0;
    ruleset->name = arena_copy(arena, json_text(json, "name"));
    ruleset->of_asking = read_bypass(json_text(json, "current_user_can_bypass"));
    ruleset->of_tag = is_of_tag(json, arena_print(arena, "refs/tags/%s", github->settings.tag));
    return 0;
}
