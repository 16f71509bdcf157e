/*
 * What the server will refuse, told before the first write, so that nothing is left half-way. On
 * positive evidence only: what the server doesn't tell is tried.
 */
#include "core/planning.h"

static const char *const what[STEP_COUNT] = {
    [STEP_BRANCH] = "branch",   [STEP_TAG] = "tag",        [STEP_RELEASE] = "release",
    [STEP_PUBLISH] = "release", [STEP_LATEST] = "release",
};

static void check_repository(struct planning *planning, const struct step *step)
{
    const struct repository_facts *repository = &planning->facts->repository;
    const char *name = planning_quote(planning, step->target);

    if (repository->archived)
        planning_find(planning, FINDING_REFUSAL, ERROR_ARCHIVED, step->kind,
                      "unarchive the repository in its settings",
                      "the %s %s can't be written: the repository %s is archived", what[step->kind],
                      name, repository->full_name);
    /* A dry run may be given less than the run. */
    if (repository->write_refused || (repository->push_denied && repository->user_known))
        planning_find(
            planning,
            input_flag(planning->inputs, INPUT_DRY_RUN) ? FINDING_WARNING : FINDING_REFUSAL,
            ERROR_PERMISSION, step->kind,
            repository->write_refused ? "give the token contents: write"
                                      : "give a token of somebody who may, with "
                                        "contents: write",
            "the %s %s can't be written: %s may not push to %s", what[step->kind], name,
            repository->write_refused ? "the token" : "whose token it is", repository->full_name);
}

/* An App is no user, and what is told of it may be about none: then it is tried, and said. */
static void check_ruleset(struct planning *planning, const struct step *step,
                          const struct ruleset *ruleset)
{
    bool const known = planning->facts->repository.user_known;
    const char *name = ruleset->name
                           ? planning_quote(planning, ruleset->name)
                           : arena_print(planning->arena, "number %lld", (long long)ruleset->id);

    planning_find(planning, known ? FINDING_REFUSAL : FINDING_WARNING, ERROR_RULESET, step->kind,
                  arena_print(planning->arena,
                              "%sput who runs this on the ruleset's bypass list, or make the %s by "
                              "hand",
                              known ? "" : "if it is refused, ", what[step->kind]),
                  "the ruleset %s lets only some create the %s %s, and the server says that %s "
                  "isn't among them%s",
                  name, what[step->kind], step->target, known ? "whose token it is" : "the token",
                  known ? "" : "; of an App it may not know, so it is tried");
}

static void check_rulesets(struct planning *planning, const struct step *step)
{
    const struct facts *facts = planning->facts;

    for (size_t i = 0; i < facts->ruleset_count; i++) {
        const struct ruleset *ruleset = &facts->rulesets[i];

        if (ruleset->of_asking == BYPASS_NO && ((step->kind == STEP_BRANCH && ruleset->of_branch) ||
                                                (step->kind == STEP_TAG && ruleset->of_tag)))
            check_ruleset(planning, step, ruleset);
    }
}

void rules_for_access(struct planning *planning)
{
    const struct plan *plan = planning->plan;

    for (size_t i = 0; i < plan->step_count; i++) {
        if (!what[plan->steps[i].kind] || plan->steps[i].state == STEP_DONE)
            continue;
        check_repository(planning, &plan->steps[i]);
        check_rulesets(planning, &plan->steps[i]);
    }
}
