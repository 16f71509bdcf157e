/* The images' block of the notes: later than the rest, since the tag starts what builds them. */
#include "apply.h"

#include "base/text.h"
#include "core/notes.h"
#include "core/notes_images.h"

/* The draft as it is by now: a person may have edited it while we waited. */
static enum apply_end read_again(const struct applying *applying, struct applied *applied,
                                 struct release *now, struct error *error)
{
    const struct effects *effects = applying->effects;
    bool exists;

    if (effects->read_release(effects->state, applying->arena, applied->release.id, now, &exists,
                              error))
        return APPLY_FAILED;
    return exists ? APPLY_DONE : APPLY_MOVED;
}

/* The body with the block, or NULL where nothing is to be written. */
static const char *compose(const struct applying *applying, const struct release *now,
                           const char *block, bool *cut)
{
    struct marked_body body;

    marker_read(applying->arena, now->body, &body);
    if (!now->draft || body.state != MARKED_INTACT)
        return NULL;
    const char *part = notes_with_images(applying->arena, body.part, block);
    if (marker_hash(part) == marker_hash(body.part))
        return NULL;
    return notes_body(applying->arena, body.before, &body.marker, part, body.after, applying->more,
                      cut);
}

enum apply_end apply_notes(const struct applying *applying, struct applied *applied,
                           struct error *error)
{
    const char *block = notes_images_block(applying->arena, &applied->gates);
    struct release_fields fields = {.keep_prerelease = true};
    struct release now;
    bool cut = false;
    enum apply_end end = apply_images_hold(applying, applied, error);

    if (end == APPLY_DONE)
        end = read_again(applying, applied, &now, error);
    if (end != APPLY_DONE)
        return end;
    applied->release = now;
    fields.body = block ? compose(applying, &now, block, &cut) : NULL;
    if (!fields.body)
        return APPLY_DONE;
    applied->notes_cut = applied->notes_cut || cut;
    return apply_update(applying, &now, &fields, applied, error);
}
