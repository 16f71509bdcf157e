/* The upstream's highlights: which releases, and what to say where there are none. */
#include "core/highlights.h"
#include "core/planning.h"

bool plan_upstream(struct arena *arena, const struct inputs *inputs, const struct facts *facts,
                   const char *previous, struct upstream_range *range)
{
    *range = (struct upstream_range){.wanted = input_given(inputs, INPUT_UPSTREAM)};
    if (!range->wanted || !input_given(inputs, INPUT_UPSTREAM_MODULE))
        return range->wanted;
    range->wanted = false;
    if (!facts_known(facts, QUESTION_MODULE_NOW) ||
        (previous && !facts_known(facts, QUESTION_MODULE_BEFORE)))
        return false;
    upstream_by_module(arena, input_text(inputs, INPUT_UPSTREAM_MODULE), facts->module_now,
                       previous ? facts->module_before : NULL, range);
    return range->wanted;
}

/* The server didn't tell, and only a dry run goes on without. */
static void tell_unknown(struct planning *planning)
{
    static const enum question_kind kinds[] = {QUESTION_MODULE_NOW, QUESTION_MODULE_BEFORE,
                                               QUESTION_UPSTREAM};
    const struct facts *facts = planning->facts;

    if (facts->upstream.missing)
        planning_find(planning, FINDING_REFUSAL, ERROR_UPSTREAM, STEP_RELEASE,
                      "check upstream; for a private repository give a token that may read it",
                      "the upstream %s was expected; there is none, or the token may not see it",
                      planning_quote(planning, input_text(planning->inputs, INPUT_UPSTREAM)));
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (facts_unknown(facts, kinds[i]))
            planning_find(planning,
                          input_flag(planning->inputs, INPUT_DRY_RUN) ? FINDING_NOTICE
                                                                      : FINDING_REFUSAL,
                          ERROR_UPSTREAM, STEP_RELEASE, "run it again, or leave upstream empty",
                          "the upstream's highlights can't be seen from here: %s",
                          facts->answers[kinds[i]].why_unknown);
}

static const char *range_text(struct planning *planning, const struct upstream_range *range)
{
    if (!range->up_to)
        return "";
    if (!range->after)
        return arena_print(planning->arena, " up to %s", planning_quote(planning, range->up_to));
    return arena_print(planning->arena, " above %s, up to %s",
                       planning_quote(planning, range->after),
                       planning_quote(planning, range->up_to));
}

static void compose(struct planning *planning, const struct upstream_range *range)
{
    const struct upstream_facts *upstream = &planning->facts->upstream;
    const char *name = input_text(planning->inputs, INPUT_UPSTREAM), *silent;

    if (!upstream->count) {
        planning_find(planning, FINDING_NOTICE, ERROR_UPSTREAM, STEP_RELEASE, NULL,
                      "%s has published no final release%s: there are no highlights", name,
                      range_text(planning, range));
        return;
    }
    planning->plan->highlights =
        highlights_compose(planning->arena, planning->web, name, upstream, &silent);
    if (*silent)
        planning_find(planning, FINDING_NOTICE, ERROR_UPSTREAM, STEP_RELEASE,
                      "see whether they say it in other words",
                      "%s names no highlights in %s, and nothing stands ahead of What's Changed",
                      name, planning_quote(planning, silent));
}

void rules_for_upstream(struct planning *planning)
{
    struct upstream_range range;
    bool const wanted = plan_upstream(planning->arena, planning->inputs, planning->facts,
                                      planning->plan->previous_tag, &range);

    tell_unknown(planning);
    if (range.refusal)
        planning_find(planning, FINDING_REFUSAL, ERROR_UPSTREAM, STEP_RELEASE,
                      "check upstream_module, or leave it empty", "upstream_module: %s",
                      range.refusal);
    if (range.notice)
        planning_find(planning, FINDING_NOTICE, ERROR_UPSTREAM, STEP_RELEASE, NULL,
                      "upstream_module: %s", range.notice);
    if (wanted && facts_known(planning->facts, QUESTION_UPSTREAM) &&
        !planning->facts->upstream.missing)
        compose(planning, &range);
}
