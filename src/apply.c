#include "apply.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "core/mail_text.h"
#include "core/tag_text.h"

const int64_t apply_pauses_ms[APPLY_LOOKS] = {1000, 3000, 9000};

bool apply_interrupted(const struct applying *applying, struct error *error)
{
    if (!clock_interrupted(applying->clock))
        return false;
    error_set(error, ERROR_INTERRUPTED, "run it again", "the run was asked to end");
    return true;
}

bool apply_pause(const struct applying *applying, size_t look, struct error *error)
{
    clock_sleep_ms(applying->clock, apply_pauses_ms[look]);
    return !apply_interrupted(applying, error);
}

/* What reads a ref: read_branch or read_tag. */
typedef int ref_reader(void *state, struct arena *arena, const char *name, const char **object,
                       struct error *error);

/*
 * After a lost answer: what does the ref name by now? APPLY_DONE where it names what we made, else
 * *absent says whether it may be made again.
 */
static enum apply_end look_for_ref(const struct applying *applying, ref_reader *read,
                                   const char *name, const char *made, bool *absent,
                                   struct error *error)
{
    *absent = false;
    for (size_t look = 0; look < APPLY_LOOKS; look++) {
        const char *found = NULL;

        if (!apply_pause(applying, look, error) ||
            read(applying->effects->state, applying->arena, name, &found, error))
            return APPLY_FAILED;
        if (found)
            return strings_equal(found, made) ? APPLY_DONE : APPLY_MOVED;
    }
    *absent = true;
    return APPLY_FAILED;
}

/* How a creation ended; *again says whether its answer was lost and nobody sees what it made. */
static enum apply_end settle(const struct applying *applying, enum write_end end, ref_reader *read,
                             const char *name, const char *made, bool *again, struct error *error)
{
    *again = false;
    switch (end) {
    case WRITE_DONE:
        return APPLY_DONE;
    case WRITE_TAKEN: /* made meanwhile, perhaps elsewhere: it is never advanced */
        return APPLY_MOVED;
    case WRITE_LOST:
        return look_for_ref(applying, read, name, made, again, error);
    default:
        return APPLY_FAILED;
    }
}

static enum apply_end apply_branch(const struct applying *applying, struct applied *applied,
                                   struct error *error)
{
    const struct effects *effects = applying->effects;
    const char *branch = applying->target->branch, *commit = applying->plan->commit;
    bool again = true;
    enum apply_end end = APPLY_FAILED;

    for (int attempt = 0; again && attempt < 2; attempt++)
        end = settle(applying, effects->create_branch(effects->state, branch, commit, error),
                     effects->read_branch, branch, commit, &again, error);
    if (end == APPLY_DONE)
        applied->changed = applied->branch_created = true;
    return end;
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

static enum apply_end apply_tag(const struct applying *applying, struct applied *applied,
                                struct error *error)
{
    const struct effects *effects = applying->effects;
    struct new_tag tag;
    bool again = true;
    enum apply_end end = APPLY_FAILED;

    if (make_tag(applying, &tag, error))
        return APPLY_FAILED;
    for (int attempt = 0; again && attempt < 2; attempt++)
        end = settle(applying, effects->push_tag(effects->tagging, applying->arena, &tag, error),
                     effects->read_tag, tag.name, tag.object, &again, error);
    if (end == APPLY_DONE) {
        applied->changed = applied->tag_created = true;
        applied->tag_object = tag.object;
    }
    return end;
}

/* What names the images to everybody is preceded by a last look at them. */
static bool names_images(enum step_kind kind)
{
    return kind == STEP_PUBLISH || kind == STEP_MAIL;
}

static enum apply_end apply_step(const struct applying *applying, const struct step *step,
                                 struct applied *applied, struct error *error)
{
    if (step->state != STEP_DO)
        return APPLY_DONE;
    if (apply_interrupted(applying, error) ||
        (names_images(step->kind) && apply_images_hold(applying, applied, error) != APPLY_DONE))
        return APPLY_FAILED;
    switch (step->kind) {
    case STEP_BRANCH:
        return apply_branch(applying, applied, error);
    case STEP_TAG:
        return apply_tag(applying, applied, error);
    case STEP_RELEASE:
        return apply_release(applying, applied, error);
    case STEP_WORKFLOWS:
        return apply_workflows(applying, applied, error);
    case STEP_IMAGES:
        return apply_images(applying, applied, error);
    case STEP_NOTES:
        return apply_notes(applying, applied, error);
    case STEP_ASSETS:
        return apply_assets(applying, applied, error);
    case STEP_PUBLISH:
        return apply_publish(applying, applied, error);
    case STEP_LATEST:
        return apply_latest(applying, applied, error);
    case STEP_MAIL:
        return apply_mail(applying, applied, error);
    case STEP_ISSUE:
        return apply_issue(applying, applied, error);
    default: /* to tidy: done with the release, and on its own where the release needs nothing */
        return applied->settled ? APPLY_DONE : apply_release(applying, applied, error);
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

    if (!applied->tag_created || applied->gates.run_count)
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

/* The mail's text, for people: with what is known by now. */
static void compose_announcement(const struct applying *applying, struct applied *applied)
{
    const struct plan *plan = applying->plan;

    if (plan->mail.composed && applied->release.id)
        applied->announcement = mail_for_people(applying->arena, plan, applying->target,
                                                mail_text(applying->arena, plan, applying->target,
                                                          &applied->gates, applied->release.body));
}

static void tell_progress(const struct applying *applying, const struct applied *applied)
{
    if (applying->progress)
        applying->progress(applying->progress_state, applied);
}

enum apply_end apply(const struct applying *applying, struct applied *applied, struct error *error)
{
    const struct plan *plan = applying->plan;

    applied->gates = applying->gates;
    applied->settled = applied->unseen = false; /* of a plan that was given up */
    applied->steps = 0;
    if (plan->release.winner)
        applied->release = *plan->release.winner;
    for (size_t i = 0; i < plan->step_count; i++) {
        if (plan->steps[i].kind == STEP_MAIL) { /* which may wait for the server */
            compose_announcement(applying, applied);
            tell_progress(applying, applied);
        }
        enum apply_end const end = apply_step(applying, &plan->steps[i], applied, error);

        if (end != APPLY_DONE) {
            if (end == APPLY_FAILED)
                error_wrap(error, "while applying the step \"%s\"",
                           step_kind_text(plan->steps[i].kind));
            return end;
        }
        applied->steps++;
        if (plan->steps[i].state == STEP_DO)
            tell_progress(applying, applied);
    }
    compose_announcement(applying, applied);
    look_for_run(applying, applied);
    return APPLY_DONE;
}
