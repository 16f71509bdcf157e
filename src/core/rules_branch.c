/* The rules about the release branch (contract, section 5). */
#include "core/planning.h"
#include "core/questions.h"

static const char by_hand[] = "make the branch by hand, git push origin COMMIT:refs/heads/%s, if "
                              "this is meant";

static void check_on_branch(struct planning *planning, const struct git_ref *branch)
{
    const struct comparison *comparison = &planning->facts->on_branch;
    const char *commit = planning->plan->commit;
    struct step *step = planning_step(planning, STEP_BRANCH, STEP_DONE, branch->name, "is there");

    if (!commit || strings_equal(branch->object, commit)) {
        step->reason = commit ? "is there, the tagged commit is its head" : "is there";
        return;
    }
    if (!facts_known(planning->facts, QUESTION_ON_BRANCH)) {
        step->state = STEP_UNKNOWN;
        step->reason = string_or(planning->facts->answers[QUESTION_ON_BRANCH].why_unknown,
                                 "whether the commit is on it can't be seen from here");
        return;
    }
    if (comparison->relation == RELATION_BEHIND) {
        step->reason =
            arena_print(planning->arena, "is there, the tagged commit is %u behind its head",
                        comparison->behind_by);
        planning_find(planning, FINDING_NOTICE, ERROR_BRANCH_BEHIND, STEP_BRANCH, NULL,
                      "the tagged commit %.12s is %u behind the head of %s", commit,
                      comparison->behind_by, branch->name);
    } else if (comparison->relation != RELATION_IDENTICAL)
        planning_find(planning, FINDING_REFUSAL, ERROR_BRANCH_OFF, STEP_BRANCH,
                      "tag a commit of the release branch; a pushed tag is to be deleted for that, "
                      "or the next number taken",
                      "the tagged commit was expected on %s, %.12s is not (it has %u commits that "
                      "the branch lacks)",
                      branch->name, commit, comparison->ahead_by);
}

/* May a missing branch be made? Refused are lines that were forgotten and numbers mistyped. */
static bool may_make_branch(struct planning *planning)
{
    const struct target *target = planning->target;
    const struct version *version = &target->version;
    const char *way_out = arena_print(planning->arena, by_hand, target->branch);
    struct version highest, line = {.major = version->major, .minor = version->minor};

    if (version_is_final(version)) {
        planning_find(planning, FINDING_REFUSAL, ERROR_BRANCH_MISSING, STEP_BRANCH,
                      "cut a release candidate first, which makes the branch, or make it by hand",
                      "the branch %s was expected for the final release %s, there is none",
                      target->branch, target->tag);
        return false;
    }
    if (version->patch) {
        planning_find(planning, FINDING_REFUSAL, ERROR_BRANCH_PATCH, STEP_BRANCH, way_out,
                      "the branch %s was expected for a patch's candidate, there is none",
                      target->branch);
        return false;
    }
    if (history_highest_line(planning->arena, input_text(planning->inputs, INPUT_RELEASE_BRANCH),
                             target, &planning->facts->branches, &highest) &&
        version_compare(&line, &highest) < 0) {
        planning_find(
            planning, FINDING_REFUSAL, ERROR_BRANCH_BELOW, STEP_BRANCH, way_out,
            "a new line above the highest one, %u.%u, was expected, %u.%u is below it and "
            "has no branch",
            highest.major, highest.minor, line.major, line.minor);
        return false;
    }
    return true;
}

/* An existing tag's branch starts at the tagged commit, which must be on the source branch. */
static void check_on_source(struct planning *planning, struct step *step, const char *source)
{
    const struct facts *facts = planning->facts;
    const char *commit = planning->plan->commit;

    if (!planning->history.tag || !commit || strings_equal(facts->source_head, commit))
        return;
    if (!facts_known(facts, QUESTION_ON_SOURCE)) {
        step->state = STEP_UNKNOWN;
        step->reason = string_or(facts->answers[QUESTION_ON_SOURCE].why_unknown,
                                 "whether the commit is on the source branch can't be seen");
    } else if (facts->on_source.relation != RELATION_BEHIND &&
               facts->on_source.relation != RELATION_IDENTICAL)
        planning_find(
            planning, FINDING_REFUSAL, ERROR_SOURCE_OFF, STEP_BRANCH,
            arena_print(planning->arena, by_hand, planning->target->branch),
            "the tagged commit was expected on the source branch %s, where %s would start; "
            "%.12s is not on it",
            source, planning->target->branch, commit);
}

static void plan_new_branch(struct planning *planning)
{
    const struct facts *facts = planning->facts;
    const char *source = string_or(source_branch_name(planning->inputs, facts), "(unknown)");
    const char *commit = planning->plan->commit;
    struct step *step =
        planning_step(planning, STEP_BRANCH, STEP_DO, planning->target->branch, NULL);

    step->reason = "is missing";
    if (!may_make_branch(planning))
        return;
    step->reason =
        arena_print(planning->arena, "made at %s%s",
                    commit ? arena_print(planning->arena, "%.12s", commit) : "the head of ",
                    planning->history.tag ? ", the tagged commit"
                    : commit              ? arena_print(planning->arena, ", the head of %s", source)
                                          : source);
    if (!facts_known(facts, QUESTION_SOURCE)) {
        step->state = STEP_UNKNOWN;
        step->reason = string_or(facts->answers[QUESTION_SOURCE].why_unknown,
                                 "the source branch can't be seen from here");
    } else if (!facts->source_head)
        planning_find(planning, FINDING_REFUSAL, ERROR_SOURCE_MISSING, STEP_BRANCH,
                      "set source_branch to the branch where releases start",
                      "the source branch %s was expected, the repository has none of that name",
                      source);
    else
        check_on_source(planning, step, source);
}

void rules_for_branch(struct planning *planning)
{
    const struct facts *facts = planning->facts;
    const struct git_ref *branch = refs_find(&facts->branches, planning->target->branch);

    if (!facts_known(facts, QUESTION_BRANCHES))
        planning_step(planning, STEP_BRANCH, STEP_UNKNOWN, planning->target->branch,
                      facts->answers[QUESTION_BRANCHES].why_unknown);
    else if (branch)
        check_on_branch(planning, branch);
    else
        plan_new_branch(planning);
    if (planning->server)
        planning->plan->steps[planning->plan->step_count - 1].link =
            arena_print(planning->arena, "%s/tree/%s", planning->server, planning->target->branch);
}
