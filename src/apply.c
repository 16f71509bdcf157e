#include "apply.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "core/tag_text.h"

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

/* The object: made once, so that a push that is repeated pushes the very same. */
static int make_tag(const struct applying *applying, struct new_tag *tag, struct error *error)
{
    const struct plan *plan = applying->plan;
    const struct effects *effects = applying->effects;
    CLEANUP(text_free) struct text bytes = {0};

    text_add(&bytes, tag_text(applying->arena, plan->commit, applying->target->tag, plan->tagger,
                              clock_wall_seconds(applying->clock), applying->target->message));
    if (plan->signs) {
        CLEANUP(text_free) struct text signature = {0};

        if (effects->sign(effects->tagging, bytes.bytes, bytes.length, &signature, error))
            return -1;
        text_add(&bytes, text_string(&signature));
    }
    *tag = (struct new_tag){
        .name = applying->target->tag,
        .commit = plan->commit,
        .branch = applying->target->branch,
        .bytes = arena_copy_bytes(applying->arena, bytes.bytes, bytes.length),
        .length = bytes.length,
    };
    effects->name_tag(effects->tagging, applying->arena, tag);
    return 0;
}

/* After a lost answer, as look_for_branch. */
static enum apply_end look_for_tag(const struct applying *applying, const struct new_tag *tag,
                                   bool *absent, struct error *error)
{
    *absent = false;
    for (size_t look = 0; look < APPLY_LOOKS; look++) {
        const char *object = NULL;

        clock_sleep_ms(applying->clock, apply_pauses_ms[look]);
        if (clock_interrupted(applying->clock)) {
            error_set(error, ERROR_INTERRUPTED, "run it again", "the run was asked to end");
            return APPLY_FAILED;
        }
        if (applying->effects->read_tag(applying->effects->state, applying->arena, tag->name,
                                        &object, error))
            return APPLY_FAILED;
        if (object)
            return strings_equal(object, tag->object) ? APPLY_DONE : APPLY_MOVED;
    }
    *absent = true;
    return APPLY_FAILED;
}

static enum apply_end apply_tag(const struct applying *applying, struct applied *applied,
                                struct error *error)
{
    const struct effects *effects = applying->effects;
    struct new_tag tag;

    if (make_tag(applying, &tag, error))
        return APPLY_FAILED;
    for (int attempt = 0; attempt < 2; attempt++) {
        bool absent = false;
        enum write_end const end =
            effects->push_tag(effects->tagging, applying->arena, &tag, error);

        if (end == WRITE_TAKEN)
            return APPLY_MOVED;
        if (end == WRITE_FAILED || end == WRITE_GONE)
            return APPLY_FAILED;
        enum apply_end const seen =
            end == WRITE_DONE ? APPLY_DONE : look_for_tag(applying, &tag, &absent, error);
        if (seen == APPLY_DONE) {
            applied->changed = applied->tag_created = true;
            applied->tag_object = tag.object;
        }
        if (!absent)
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
    case STEP_TAG:
        return apply_tag(applying, applied, error);
    case STEP_RELEASE:
        return apply_release(applying, applied, error);
    case STEP_TIDY: /* done with the release, and on its own where the release needs nothing */
        return applied->settled ? APPLY_DONE : apply_release(applying, applied, error);
    default:
        return APPLY_DONE;
    }
}

/*
 * A push made with GITHUB_TOKEN starts no workflow. Whether the token is such a one can't be asked;
 * so we look for the run, twice, since it takes a moment to appear.
 */
static void look_for_run(const struct applying *applying, struct applied *applied)
{
    const struct effects *effects = applying->effects;
    struct error ignored;
    int64_t count = 0;
    bool known = true;

    if (!applied->tag_created)
        return;
    for (size_t look = 0; look < 2 && known && !count; look++) {
        clock_sleep_ms(applying->clock, apply_pauses_ms[look]);
        if (clock_interrupted(applying->clock) ||
            effects->count_runs(effects->state, applying->arena, applying->target->tag,
                                applying->plan->commit, &count, &known, &ignored))
            return;
    }
    applied->no_run = known && !count;
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
    look_for_run(applying, applied);
    return APPLY_DONE;
}
