/* Publishing the draft, and giving "latest" to the release it belongs to. */
#include "apply.h"

#include "base/text.h"

#include <inttypes.h>

enum { MOST_TRIES = 3 };

/* ---- publishing ------------------------------------------------------------------------------------ */

/* Gates may have taken an hour: does the tag still name what was verified? Where it is gone, GitHub
 * would make another, unsigned. */
static enum apply_end check_tag(const struct applying *applying, const struct applied *applied,
                                struct error *error)
{
    const struct plan *plan = applying->plan;
    const char *verified = string_or(plan->tag_object, plan->commit), *found = NULL;

    if (applied->tag_created)
        verified = applied->tag_object;
    if (applying->effects->read_tag(applying->effects->state, applying->arena,
                                    applying->target->tag, &found, error))
        return APPLY_FAILED;
    return strings_equal(found, verified) ? APPLY_DONE : APPLY_MOVED;
}

/* Is it still a draft? A person may have published it, then it is left as it is. */
static enum apply_end check_draft(const struct applying *applying, struct applied *applied,
                                  bool *published, struct error *error)
{
    const struct effects *effects = applying->effects;
    struct release now;
    bool exists;

    if (effects->read_release(effects->state, applying->arena, applied->release.id, &now, &exists,
                              error))
        return APPLY_FAILED;
    if (!exists)
        return APPLY_MOVED;
    *published = !now.draft;
    if (*published && now.prerelease == applying->plan->prerelease)
        applied->release = now;
    return APPLY_DONE;
}

static enum apply_end take_published(const struct applying *applying, const struct release *made,
                                     struct applied *applied, struct error *error)
{
    applied->changed = applied->published = true;
    if (made->draft || made->prerelease != applying->plan->prerelease) {
        error_set(error, ERROR_ANSWER, "look at the release, and run it again",
                  "the release %" PRId64 " was expected to be published%s; the server says %s%s",
                  made->id, applying->plan->prerelease ? " as a pre-release" : "",
                  made->draft ? "that it is a draft" : "that it is published",
                  made->prerelease ? ", as a pre-release" : "");
        return APPLY_FAILED;
    }
    applied->release = *made;
    return APPLY_DONE;
}

enum apply_end apply_publish(const struct applying *applying, struct applied *applied,
                             struct error *error)
{
    const struct effects *effects = applying->effects;
    const struct plan *plan = applying->plan;
    enum apply_end end = check_tag(applying, applied, error);

    for (size_t attempt = 0; end == APPLY_DONE && attempt < MOST_TRIES; attempt++) {
        struct release made;
        bool published = false;

        if (attempt && !apply_pause(applying, attempt - 1, error))
            return APPLY_FAILED;
        end = check_draft(applying, applied, &published, error);
        if (end == APPLY_DONE &&
            published) { /* by our request whose answer was lost, if there was one */
            applied->changed = applied->published = attempt > 0 && !applied->release.draft;
            return applied->published ? APPLY_DONE : APPLY_MOVED;
        }
        if (end != APPLY_DONE)
            return end;
        switch (effects->publish(effects->state, applying->arena, applied->release.id,
                                 plan->prerelease, plan->latest, &made, error)) {
        case WRITE_DONE:
            return take_published(applying, &made, applied, error);
        case WRITE_TAKEN: /* another release of the tag was published meanwhile */
        case WRITE_GONE:
            return APPLY_MOVED;
        case WRITE_LOST:
            continue;
        default:
            return APPLY_FAILED;
        }
    }
    return end == APPLY_DONE ? APPLY_FAILED : end;
}

/* ---- the latest ------------------------------------------------------------------------------------ */

static enum apply_end set_latest(const struct applying *applying, struct applied *applied,
                                 struct error *error)
{
    const struct latest_wish *wish = &applying->plan->latest_wish;
    const struct effects *effects = applying->effects;
    const struct other_release *other = wish->rule == LATEST_OTHER ? wish->other : NULL;

    if (other ? other->immutable : applied->release.immutable) {
        applied->latest_stuck = true;
        return APPLY_DONE;
    }
    switch (effects->set_latest(effects->state, other ? other->id : applied->release.id,
                                wish->rule != LATEST_NOT_OURS, error)) {
    case WRITE_DONE:
        applied->changed = true;
        return APPLY_DONE;
    case WRITE_LOST: /* whoever looks next sees whether it was carried out */
        return APPLY_DONE;
    case WRITE_GONE:
        return APPLY_MOVED;
    default:
        applied->latest_stuck = error->code == ERROR_REJECTED;
        return applied->latest_stuck ? APPLY_DONE : APPLY_FAILED;
    }
}

/*
 * What the publishing request said of "latest" isn't always done, and a person may have given it to
 * another release; so it is looked at, set, and looked at again.
 */
enum apply_end apply_latest(const struct applying *applying, struct applied *applied,
                            struct error *error)
{
    const struct effects *effects = applying->effects;
    const struct latest_wish *wish = &applying->plan->latest_wish;
    struct latest_release now = {0};
    struct error lost = {0};

    for (size_t look = 0; look <= APPLY_LOOKS; look++) {
        enum apply_end end;

        if (look > 1 && !apply_pause(applying, look - 2, error))
            return APPLY_FAILED;
        if (effects->read_latest(effects->state, applying->arena, &now, error))
            return APPLY_FAILED;
        if (latest_is_right(applying->arena, applying->target, wish, &now, applied->release.id))
            return APPLY_DONE;
        lost.code = ERROR_NONE;
        end = set_latest(applying, applied, &lost);
        if (end == APPLY_FAILED)
            *error = lost;
        if (end != APPLY_DONE || applied->latest_stuck)
            return end;
    }
    if (lost.code) { /* the last one got no answer, and wasn't carried out */
        *error = lost;
        return APPLY_FAILED;
    }
    error_set(error, ERROR_LATEST_MOVED, "set it on the release's page, or run it again",
              "%s was expected to be the latest release, the server still says %.100s",
              wish->rule == LATEST_OTHER  ? wish->other->tag
              : wish->rule == LATEST_OURS ? applying->target->tag
                                          : "another one",
              string_or(now.tag, "that there is none"));
    return APPLY_FAILED;
}
