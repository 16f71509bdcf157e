/* Publishing, and who is the latest release afterwards (contract, sections 3 and 6). */
#include "core/planning.h"

bool plan_publishes(const struct inputs *inputs, const struct target *target)
{
    return target->command == COMMAND_RELEASE && !input_flag(inputs, INPUT_DRAFT);
}

bool plan_announces(const struct inputs *inputs, const struct target *target)
{
    return target->command == COMMAND_ANNOUNCE || plan_publishes(inputs, target);
}

static bool is_published(const struct planning *planning)
{
    const struct release *winner = planning->plan->release.winner;

    return winner && !winner->draft;
}

void rules_for_publishing(struct planning *planning)
{
    const struct plan *plan = planning->plan;
    const char *title = planning->target->title;

    if (!plan_publishes(planning->inputs, planning->target))
        return;
    if (!facts_known(planning->facts, QUESTION_RELEASES))
        planning_step(planning, STEP_PUBLISH, STEP_UNKNOWN, title,
                      planning->facts->answers[QUESTION_RELEASES].why_unknown);
    else if (is_published(planning))
        planning_step(planning, STEP_PUBLISH, STEP_DONE, title, "is published already")->link =
            plan->release.winner->page;
    else
        planning_step(planning, STEP_PUBLISH, STEP_DO, title,
                      plan->prerelease ? "the draft is published, as a pre-release"
                      : plan->latest   ? "the draft is published, as the latest release"
                                       : "the draft is published");
}

/* What is not as wished, and can or can't be put right. */
static void put_right(struct planning *planning, const struct latest_wish *wish, struct step *step)
{
    const char *now = planning_quote(planning, string_or(planning->facts->latest.tag, "none"));
    const char *found = arena_print(
        planning->arena, "the latest release was expected to be %s, %s is", step->target, now);
    bool const frozen = wish->rule == LATEST_OTHER ? wish->other->immutable
                                                   : planning->plan->release.winner->immutable;

    if (frozen) {
        step->state = STEP_DONE;
        step->reason = "is immutable: only a person can make it the latest";
        planning_find(planning, FINDING_WARNING, ERROR_LATEST_MOVED, STEP_LATEST,
                      "set it as the latest release on its page",
                      "%s; that one is immutable, so it is left as it is", found);
        return;
    }
    step->state = STEP_DO;
    step->reason = wish->rule == LATEST_NOT_OURS
                       ? arena_print(planning->arena, "%s is no longer the latest", now)
                       : arena_print(planning->arena, "becomes the latest release, %s was", now);
    planning_find(planning, FINDING_NOTICE, ERROR_LATEST_MOVED, STEP_LATEST, NULL,
                  "%s; that is put right", found);
}

static void plan_latest(struct planning *planning, const struct latest_wish *wish)
{
    const struct facts *facts = planning->facts;
    const char *tag = wish->rule == LATEST_OURS    ? planning->target->tag
                      : wish->rule == LATEST_OTHER ? wish->other->tag
                                                   : "another";
    struct step *step = planning_step(planning, STEP_LATEST, STEP_DONE, tag, NULL);

    if (!facts_known(facts, QUESTION_LATEST)) {
        step->state = STEP_UNKNOWN;
        step->reason = facts->answers[QUESTION_LATEST].why_unknown;
    } else if (!is_published(planning)) {
        step->state = STEP_DO;
        step->reason =
            wish->rule == LATEST_OURS ? "becomes the latest release" : "stays the latest release";
    } else if (latest_is_right(planning->arena, planning->target, wish, &facts->latest,
                               planning->plan->release.winner->id))
        step->reason = "is the latest release";
    else
        put_right(planning, wish, step);
}

void rules_for_latest(struct planning *planning)
{
    struct plan *plan = planning->plan;

    if (!plan_announces(planning->inputs, planning->target) ||
        (planning->target->command == COMMAND_ANNOUNCE && !is_published(planning)))
        return;
    plan->latest_wish = latest_choose(planning->arena, planning->inputs, planning->target,
                                      &planning->facts->releases, plan->latest);
    if (plan->latest_wish.rule != LATEST_ANY)
        plan_latest(planning, &plan->latest_wish);
}
