#include "apply.h"

#include "base/text.h"

const int64_t apply_pauses_ms[APPLY_LOOKS] = {1000, 3000, 9000};

/*
 * After a lost answer: what does the branch name by now? APPLY_DONE where it names our commit, else
 * *absent says whether it may be made again.
 */
static enum apply_end look_for_branch(const struct applying *applying, bool *absent,
                                      struct error *error)
{
    *absent = false;
    for (size_t look = 0; look < APPLY_LOOKS; look++) {
        const char *commit = NULL;

        clock_sleep_ms(applying->clock, apply_pauses_ms[look]);
        if (clock_interrupted(applying->clock)) {
            error_set(error, ERROR_INTERRUPTED, "run it again", "the run was asked to end");
            return APPLY_FAILED;
        }
        if (applying->effects->read_branch(applying->effects->state, applying->arena,
                                           applying->target->branch, &commit, error))
            return APPLY_FAILED;
        if (commit)
            return strings_equal(commit, applying->plan->commit) ? APPLY_DONE : APPLY_MOVED;
    }
    *absent = true;
    return APPLY_FAILED;
}

static enum apply_end apply_branch(const struct applying *applying, struct applied *applied,
                                   struct error *error)
{
    const struct effects *effects = applying->effects;

    for (int attempt = 0; attempt < 2; attempt++) {
        bool absent;
        enum write_end const end = effects->create_branch(effects->state, applying->target->branch,
                                                          applying->plan->commit, error);

        if (end == WRITE_TAKEN) /* made meanwhile, perhaps elsewhere: it is never advanced */
            return APPLY_MOVED;
        if (end == WRITE_FAILED || end == WRITE_GONE)
            return APPLY_FAILED;
        enum apply_end const seen =
            end == WRITE_DONE ? APPLY_DONE : look_for_branch(applying, &absent, error);
        if (seen == APPLY_DONE)
            applied->changed = applied->branch_created = true;
        if (end == WRITE_DONE || seen != APPLY_FAILED || !absent)
            return seen;
    }
    return APPLY_FAILED;
}

static enum apply_end apply_step(const struct applying *applying, const struct step *step,
                                 struct applied *applied, struct error *error)
{
    if (step->state != STEP_DO)
        return APPLY_DONE;
    switch (step->kind) {
    case STEP_BRANCH:
        return apply_branch(applying, applied, error);
    case STEP_RELEASE:
        return apply_release(applying, applied, error);
    case STEP_TIDY: /* done with the release, and on its own where the release needs nothing */
        return applied->settled ? APPLY_DONE : apply_release(applying, applied, error);
    default: /* a tag that would have to be made is refused by the plan */
        return APPLY_DONE;
    }
}

enum apply_end apply(const struct applying *applying, struct applied *applied, struct error *error)
{
    const struct plan *plan = applying->plan;

    if (plan->release.winner)
        applied->release = *plan->release.winner;
    for (size_t i = 0; i < plan->step_count; i++) {
        enum apply_end const end = apply_step(applying, &plan->steps[i], applied, error);

        if (end != APPLY_DONE) {
            if (end == APPLY_FAILED)
                error_wrap(error, "while applying the step \"%s\"",
                           step_kind_text(plan->steps[i].kind));
            return end;
        }
        if (applying->progress && plan->steps[i].state == STEP_DO)
            applying->progress(applying->progress_state, applied);
    }
    return APPLY_DONE;
}
