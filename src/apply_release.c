/* The draft: made or written once, looked for where an answer was lost, and alone at the end. */
#include "apply.h"

#include "base/text.h"
#include "core/notes.h"
#include "core/release_choice.h"

#include <inttypes.h>

enum { MOST_CREATES = 3 };

/* ---- what is written ------------------------------------------------------------------------------ */

/* Our part between its markers, where the choice wants it. */
static const char *compose_body(const struct applying *applying, bool *cut)
{
    const struct plan *plan = applying->plan;
    const struct release_choice *choice = &plan->release;
    const struct marker marker = {
        .tag = plan->wish.tag,
        .commit = plan->wish.commit,
        .recipe = plan->wish.recipe,
        .title = marker_hash(plan->wish.title), /* a title that a person chose never matches it */
    };
    const char *before = "", *after = "";

    if (choice->winner && choice->part == PART_ADD && !string_is_empty(choice->body.before))
        before = arena_print(applying->arena, "%s\n\n", choice->body.before);
    else if (choice->winner && choice->part == PART_RENEW) {
        before = choice->body.before;
        after = choice->body.after;
    }
    return notes_body(applying->arena, before, &marker, plan->part, after, applying->more, cut);
}

static struct release_fields fields_of(const struct applying *applying, struct applied *applied)
{
    const struct plan *plan = applying->plan;
    const struct release_choice *choice = &plan->release;
    struct release_fields fields = {
        .prerelease = plan->prerelease,
        .latest = plan->latest,
        .keep_prerelease = choice->winner && !choice->set_prerelease,
    };

    if (release_choice_needs_part(choice))
        fields.body = compose_body(applying, &applied->notes_cut);
    if (!choice->winner || choice->set_title)
        fields.title = plan->wish.title;
    if (!choice->winner) {
        fields.tag = plan->wish.tag;
        fields.commit = plan->wish.commit;
    }
    return fields;
}

/* Is this release as `fields` wanted it? */
static bool is_as_wanted(const struct release *release, const struct release_fields *fields)
{
    return (!fields->body || marker_hash(release->body) == marker_hash(fields->body)) &&
           (!fields->title || strings_equal(release->title, fields->title)) &&
           (fields->keep_prerelease || release->prerelease == fields->prerelease);
}

static enum apply_end wrong_answer(const struct release *release, struct error *error)
{
    error_set(error, ERROR_ANSWER, "look at the draft, and run it again",
              "the draft %" PRId64
              " was expected to be as it was sent; the server shows another text, "
              "title or mark",
              release->id);
    return APPLY_FAILED;
}

/* ---- looking ---------------------------------------------------------------------------------------- */

static int list(const struct applying *applying, struct release_facts *releases,
                struct error *error)
{
    return applying->effects->list_releases(applying->effects->state, applying->arena,
                                            applying->target->tag, applying->release_pages,
                                            releases, error);
}

static const struct release *find_id(const struct release_facts *releases, int64_t id)
{
    for (size_t i = 0; i < releases->count; i++)
        if (releases->items[i].id == id)
            return &releases->items[i];
    return NULL;
}

/* After a lost answer to a creation: a draft as we wanted it, if one shows up. -1 on failure. */
static int look_for_draft(const struct applying *applying, const struct release_fields *fields,
                          struct release *found, bool *exists, struct error *error)
{
    *exists = false;
    for (size_t look = 0; look < APPLY_LOOKS && !*exists; look++) {
        struct release_facts releases;

        if (!apply_pause(applying, look, error) || list(applying, &releases, error))
            return -1;
        for (size_t i = 0; i < releases.count && !*exists; i++)
            if (is_as_wanted(&releases.items[i], fields)) {
                *found = releases.items[i];
                *exists = true;
            }
    }
    return 0;
}

/* ---- writing ---------------------------------------------------------------------------------------- */

static enum apply_end create(const struct applying *applying, const struct release_fields *fields,
                             struct applied *applied, struct error *error)
{
    const struct effects *effects = applying->effects;

    for (int attempt = 0; attempt < MOST_CREATES; attempt++) {
        struct release made;
        bool exists = false;
        enum write_end const end =
            effects->create_draft(effects->state, applying->arena, fields, &made, error);

        if (end == WRITE_LOST) {
            struct error looking = {0};

            if (look_for_draft(applying, fields, &made, &exists, &looking)) {
                *error = looking;
                return APPLY_FAILED;
            }
            if (!exists)
                continue;
        } else if (end != WRITE_DONE) {
            return APPLY_FAILED;
        }
        applied->release = made;
        applied->changed = true;
        return is_as_wanted(&made, fields) ? APPLY_DONE : wrong_answer(&made, error);
    }
    return APPLY_FAILED;
}

/* After a lost answer to an update: is it done, not done (then once more), or another's? */
static enum apply_end look_at_draft(const struct applying *applying, const struct release *before,
                                    const struct release_fields *fields, struct release *now,
                                    bool *unchanged, struct error *error)
{
    const struct effects *effects = applying->effects;
    bool exists;

    *unchanged = false;
    if (!apply_pause(applying, 0, error) ||
        effects->read_release(effects->state, applying->arena, before->id, now, &exists, error))
        return APPLY_FAILED;
    if (!exists)
        return APPLY_MOVED;
    if (is_as_wanted(now, fields))
        return APPLY_DONE;
    *unchanged = now->draft && strings_equal(now->body, before->body) &&
                 strings_equal(now->title, before->title);
    return APPLY_MOVED;
}

enum apply_end apply_update(const struct applying *applying, const struct release *before,
                            const struct release_fields *fields, struct applied *applied,
                            struct error *error)
{
    const struct effects *effects = applying->effects;

    for (int attempt = 0; attempt < MOST_CREATES; attempt++) {
        struct release now;
        bool unchanged = false;
        enum write_end const end =
            effects->update_draft(effects->state, applying->arena, before->id, fields, &now, error);
        enum apply_end seen = APPLY_DONE;

        if (end == WRITE_GONE)
            return APPLY_MOVED;
        if (end == WRITE_FAILED)
            return APPLY_FAILED;
        if (end == WRITE_LOST)
            seen = look_at_draft(applying, before, fields, &now, &unchanged, error);
        if (seen == APPLY_DONE) {
            applied->release = now;
            applied->changed = true;
            return is_as_wanted(&now, fields) ? APPLY_DONE : wrong_answer(&now, error);
        }
        if (!unchanged)
            return seen;
    }
    return APPLY_FAILED;
}

/* ---- alone at the end -------------------------------------------------------------------------------- */

static enum apply_end remove_losers(const struct applying *applying,
                                    const struct release_choice *choice, struct applied *applied,
                                    struct error *error)
{
    const struct effects *effects = applying->effects;

    for (size_t i = 0; i < choice->loser_count; i++) {
        int64_t const id = choice->losers[i]->id;
        enum write_end end = effects->delete_draft(effects->state, id, error);

        if (end == WRITE_LOST) /* deleting what is gone harms nobody */
            end = effects->delete_draft(effects->state, id, error);
        if (end == WRITE_LOST || end == WRITE_FAILED)
            return APPLY_FAILED;
        if (end == WRITE_DONE)
            applied->changed = true;
    }
    applied->settled = true;
    return APPLY_DONE;
}

/* Lists until our own release is in the list; the last list counts. */
static int list_until_visible(const struct applying *applying, struct applied *applied,
                              struct release_facts *releases, struct error *error)
{
    for (size_t look = 0;; look++) {
        if (list(applying, releases, error))
            return -1;
        applied->unseen = applied->release.id && !find_id(releases, applied->release.id);
        if (!applied->unseen || look == APPLY_LOOKS)
            return 0;
        if (!apply_pause(applying, look, error))
            return -1;
    }
}

/*
 * Another run may have made a draft at the same time. Each of them finds the same winner, and
 * removes the ones of ours that nobody touched.
 */
static enum apply_end settle(const struct applying *applying, struct applied *applied,
                             struct error *error)
{
    struct release_facts releases;
    struct release_choice choice;

    if (list_until_visible(applying, applied, &releases, error))
        return APPLY_FAILED;
    if (applied->unseen) {
        releases.items =
            arena_append(applying->arena, releases.items, &releases.count, sizeof(*releases.items));
        releases.items[releases.count - 1] = applied->release;
    }
    release_choose(applying->arena, &releases, &applying->plan->wish, &choice);
    if (release_choice_changes(&choice) || choice.part == PART_REFUSE || choice.differences)
        return APPLY_MOVED; /* the winner is somebody else's, and wants looking at */
    applied->release = *choice.winner;
    return remove_losers(applying, &choice, applied, error);
}

enum apply_end apply_release(const struct applying *applying, struct applied *applied,
                             struct error *error)
{
    const struct release_choice *choice = &applying->plan->release;

    if (release_choice_changes(choice)) {
        struct release_fields const fields = fields_of(applying, applied);
        enum apply_end const end =
            choice->winner ? apply_update(applying, choice->winner, &fields, applied, error)
                           : create(applying, &fields, applied, error);

        if (end != APPLY_DONE)
            return end;
        if (applying->progress)
            applying->progress(applying->progress_state, applied);
    }
    return settle(applying, applied, error);
}
