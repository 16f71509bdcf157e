/*
 * The tracking issue, last of all: one comment, then boxes and state in one change. Each is looked at
 * right before it is written, since hours of waiting can lie between the plan and this.
 */
#include "apply.h"

#include "base/text.h"
#include "core/issue_choice.h"

#include <inttypes.h>

enum { MOST_WRITES = 3 };

static enum apply_end issue_gone(const struct issue_wish *wish, struct error *error)
{
    error_set(error, ERROR_ISSUE_MISSING, "give the number of another issue, or set issue to none",
              "the tracking issue #%" PRId64 " was expected, it was deleted or moved away, or the "
              "token may not see it any more",
              wish->issue->number);
    return APPLY_FAILED;
}

/* ---- the comment -------------------------------------------------------------------------------------- */

/* What is told, and how, in all of the comment's part. */
struct telling {
    const struct applying *applying;
    const struct issue_wish *wish;
    struct applied *applied;
    const char *text;
    uint64_t recipe;
};

/* The one that counts, of what the list shows. */
static int choose(const struct telling *telling, struct issue_comments *comments,
                  struct comment_choice *choice, struct error *error)
{
    const struct effects *effects = telling->applying->effects;
    int64_t const issue = telling->wish->issue->number;

    if (effects->list_issue_comments(effects->state, telling->applying->arena, issue, comments,
                                     error))
        return -1;
    comment_choose(telling->applying->arena, comments, issue, telling->wish->story.tag, choice);
    return 0;
}

/* Nothing to write where it tells the same, or where a person has edited it. */
static bool is_told(const struct telling *telling, const struct comment_choice *choice)
{
    return choice->winner && (!choice->winner->intact || choice->winner->recipe == telling->recipe);
}

/* Puts what was written among what was listed; false where the list didn't show it so. */
static bool add_made(const struct telling *telling, const struct issue_comment *made,
                     struct issue_comments *comments)
{
    for (size_t i = 0; i < comments->count; i++) {
        struct issue_comment *listed = &comments->items[i];

        if (listed->id != made->id)
            continue;
        bool const shown = listed->recipe == made->recipe;
        *listed = *made;
        return shown;
    }
    comments->items = arena_append(telling->applying->arena, comments->items, &comments->count,
                                   sizeof(*comments->items));
    comments->items[comments->count - 1] = *made;
    return false;
}

/* Lists until what was written is seen, or three times more: another run's may be there too. */
static enum apply_end list_until_seen(const struct telling *telling,
                                      const struct issue_comment *made,
                                      struct comment_choice *choice, struct error *error)
{
    for (size_t look = 0;; look++) {
        struct issue_comments comments;

        if (choose(telling, &comments, choice, error))
            return APPLY_FAILED;
        bool const seen = add_made(telling, made, &comments);
        comment_choose(telling->applying->arena, &comments, made->issue, telling->wish->story.tag,
                       choice);
        if (seen || look == APPLY_LOOKS)
            return APPLY_DONE;
        if (!apply_pause(telling->applying, look, error))
            return APPLY_FAILED;
    }
}

/* After a lost answer: is it there by now? */
static enum apply_end look_for_comment(const struct telling *telling, struct comment_choice *choice,
                                       struct error *error)
{
    for (size_t look = 0; look < APPLY_LOOKS; look++) {
        struct issue_comments comments;

        if (!apply_pause(telling->applying, look, error) ||
            choose(telling, &comments, choice, error))
            return APPLY_FAILED;
        if (is_told(telling, choice)) {
            telling->applied->changed = true;
            return APPLY_DONE;
        }
    }
    return APPLY_DONE;
}

/* One attempt to have the comment there, and a look at what is there then. */
static enum apply_end write_comment(const struct telling *telling, struct comment_choice *choice,
                                    struct error *error)
{
    const struct effects *effects = telling->applying->effects;
    struct arena *arena = telling->applying->arena;
    struct issue_comments comments;
    struct issue_comment made;
    struct error looking = {0};
    enum apply_end seen;
    enum write_end const end =
        choice->winner
            ? effects->update_issue_comment(effects->state, arena, choice->winner, telling->text,
                                            &made, error)
            : effects->create_issue_comment(effects->state, arena, telling->wish->issue->number,
                                            telling->text, &made, error);

    switch (end) {
    case WRITE_DONE:
        telling->applied->changed = true;
        return list_until_seen(telling, &made, choice, error);
    case WRITE_LOST:
        seen = look_for_comment(telling, choice, &looking);
        if (seen == APPLY_FAILED)
            *error = looking;
        return seen;
    case WRITE_GONE: /* the comment to be changed: somebody removed it */
        if (!choice->winner)
            return issue_gone(telling->wish, error);
        return choose(telling, &comments, choice, error) ? APPLY_FAILED : APPLY_DONE;
    default:
        return APPLY_FAILED;
    }
}

static enum apply_end remove_surplus(const struct telling *telling,
                                     const struct comment_choice *choice, struct error *error)
{
    const struct effects *effects = telling->applying->effects;

    for (size_t i = 0; i < choice->loser_count; i++) {
        int64_t const id = choice->losers[i]->id;
        enum write_end end = WRITE_LOST;

        for (int attempt = 0; end == WRITE_LOST && attempt < 2; attempt++) /* harmless twice */
            end =
                effects->delete_issue_comment(effects->state, telling->applying->arena, id, error);
        if (end == WRITE_LOST || end == WRITE_FAILED)
            return APPLY_FAILED;
        if (end == WRITE_DONE)
            telling->applied->changed = true;
    }
    return APPLY_DONE;
}

/*
 * Another run may comment at the same time: each finds the same one that counts, and removes the
 * others of ours.
 */
static enum apply_end tell(const struct telling *telling, struct error *error)
{
    struct issue_comments comments;
    struct comment_choice choice;

    if (choose(telling, &comments, &choice, error))
        return APPLY_FAILED;
    for (int attempt = 0; !is_told(telling, &choice); attempt++) {
        if (attempt == MOST_WRITES)
            return APPLY_FAILED; /* by the last answer that was lost */
        if (write_comment(telling, &choice, error) != APPLY_DONE)
            return APPLY_FAILED;
    }
    return remove_surplus(telling, &choice, error);
}

/* ---- boxes and state ------------------------------------------------------------------------------------ */

static bool is_as_wanted(const struct issue *now, const struct issue_change *change)
{
    return (!change->body || strings_equal(now->body, change->body)) &&
           (!change->close || now->closed);
}

/*
 * The text is read right before it is written, and only its boxes differ: what a person wrote since
 * the plan stays. Done where a fresh look finds nothing left to do.
 */
static enum apply_end tick_and_close(const struct applying *applying, const struct issue_wish *wish,
                                     struct applied *applied, struct error *error)
{
    const struct effects *effects = applying->effects;
    bool lost = false;

    for (int attempt = 0; attempt < MOST_WRITES; attempt++) {
        struct issue now, made;
        bool exists;

        if (attempt && !apply_pause(applying, (size_t)attempt - 1, error))
            return APPLY_FAILED;
        if (effects->read_issue(effects->state, applying->arena, wish->issue->number, &now, &exists,
                                error))
            return APPLY_FAILED;
        if (!exists)
            return issue_gone(wish, error);
        struct issue_change const change = issue_change_of(applying->arena, wish, &now);
        if (!change.body && !change.close) {
            applied->changed = applied->changed || lost;
            return APPLY_DONE;
        }
        enum write_end const end = effects->update_issue(
            effects->state, applying->arena, now.number, change.body, change.close, &made, error);
        if (end == WRITE_FAILED)
            return APPLY_FAILED;
        if (end == WRITE_GONE)
            return issue_gone(wish, error);
        lost = end == WRITE_LOST;
        applied->changed = applied->changed || !lost;
        if (!lost && is_as_wanted(&made, &change))
            return APPLY_DONE;
        if (!lost)
            error_set(error, ERROR_ANSWER, "look at the issue, and run it again",
                      "the issue #%" PRId64 " was expected to be as it was sent; the server shows "
                      "another text or state",
                      now.number);
    }
    return APPLY_FAILED;
}

enum apply_end apply_issue(const struct applying *applying, struct applied *applied,
                           struct error *error)
{
    struct issue_wish wish = applying->plan->issue;

    if (applied->tag_object)
        wish.story.tag_object = applied->tag_object;
    issue_wish_settle(&wish, &applied->release, &applied->gates,
                      string_or(applied->mail_id, wish.story.message_id));
    struct telling const telling = {
        .applying = applying,
        .wish = &wish,
        .applied = applied,
        .text = issue_comment_text(applying->arena, &wish.story),
        .recipe = issue_recipe(&wish.story),
    };
    enum apply_end const end = tell(&telling, error);

    return end == APPLY_DONE ? tick_and_close(applying, &wish, applied, error) : end;
}
