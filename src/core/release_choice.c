#include "core/release_choice.h"

#include "base/cleanup.h"

#include <string.h>

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\r\n")] == '\0';
}

/*
 * A run that raced may have uploaded to its own draft before it saw the other: a draft with our assets
 * alone holds nothing foreign. By their names: builds of the same tag may differ in their bytes, and
 * the winner gets every asset that the loser had.
 */
static bool has_foreign_asset(const struct release *release, const struct file_facts *files)
{
    for (size_t i = 0; i < release->assets.count; i++)
        if (!files || !assets_include(files, release->assets.items[i].name))
            return true;
    return false;
}

bool release_is_untouched(struct arena *arena, const struct release *release,
                          const struct release_wish *wish)
{
    struct marked_body body;

    marker_read(arena, release->body, &body);
    return release->draft && body.state == MARKED_INTACT &&
           strings_equal(body.marker.tag, wish->tag) && is_blank(body.before) &&
           is_blank(body.after) && !has_foreign_asset(release, wish->files) &&
           marker_hash(release->title) == body.marker.title;
}

/* A published release, else somebody's draft, else ours; among equals the lowest id. */
static int rank(struct arena *arena, const struct release *release, const struct release_wish *wish)
{
    if (!release->draft)
        return 0;
    return release_is_untouched(arena, release, wish) ? 2 : 1;
}

static const struct release *find_winner(struct arena *arena, const struct release_facts *releases,
                                         const struct release_wish *wish)
{
    const struct release *winner = NULL;
    int best = 0;

    for (size_t i = 0; i < releases->count; i++) {
        const struct release *release = &releases->items[i];
        int const its = rank(arena, release, wish);

        if (!winner || its < best || (its == best && release->id < winner->id)) {
            winner = release;
            best = its;
        }
    }
    return winner;
}

static void find_losers(struct arena *arena, const struct release_facts *releases,
                        const struct release_wish *wish, struct release_choice *choice)
{
    for (size_t i = 0; i < releases->count; i++) {
        const struct release *release = &releases->items[i];

        if (release == choice->winner || !release->draft)
            continue;
        if (!release_is_untouched(arena, release, wish)) {
            choice->others++;
            continue;
        }
        choice->losers =
            arena_append(arena, choice->losers, &choice->loser_count, sizeof(*choice->losers));
        choice->losers[choice->loser_count - 1] = release;
    }
}

static void choose_part(const struct release_wish *wish, struct release_choice *choice)
{
    const struct marked_body *body = &choice->body;
    bool const fresh = strings_equal(body->marker.tag, wish->tag) &&
                       strings_equal(body->marker.commit, string_or(wish->commit, ""));

    switch (body->state) {
    case MARKED_NONE:
        choice->part = PART_ADD;
        return;
    case MARKED_TAMPERED:
        choice->part = PART_KEEP;
        choice->edited = true;
        return;
    case MARKED_INTACT:
        choice->part = fresh && body->marker.recipe == wish->recipe ? PART_KEEP : PART_RENEW;
        return;
    case MARKED_EDITED:
        choice->edited = !wish->replace_edits;
        choice->part = wish->replace_edits ? PART_RENEW : fresh ? PART_KEEP : PART_REFUSE;
        return;
    }
}

/* Only a title that we set, or none, is ours to change. */
static void choose_title(const struct release_wish *wish, struct release_choice *choice)
{
    const char *title = choice->winner->title;
    bool const marked = choice->body.state == MARKED_INTACT || choice->body.state == MARKED_EDITED;

    if (strings_equal(title, wish->title))
        return;
    if (!*title || (marked && marker_hash(title) == choice->body.marker.title))
        choice->set_title = true;
    else
        choice->title_kept = true;
}

static const char *published_differences(struct arena *arena, const struct release_wish *wish,
                                         const struct release_choice *choice)
{
    const struct release *release = choice->winner;
    const struct marker *marker = &choice->body.marker;
    CLEANUP(text_free) struct text out = {0};

    if (release->prerelease != wish->prerelease)
        text_print(&out, "it is %s, the plan is %s",
                   release->prerelease ? "a pre-release" : "no pre-release",
                   wish->prerelease ? "a pre-release" : "none");
    if (!wish->any_title && !strings_equal(release->title, wish->title) &&
        !(wish->kept_title && !string_is_empty(marker->commit) &&
          marker->title == marker_hash(wish->title))) {
        text_print(&out, "%sits title is \"", out.length ? "; " : "");
        text_add_foreign(&out, release->title, 100);
        text_print(&out, "\", the plan's is \"%s\"", wish->title);
    }
    if (!string_is_empty(marker->commit) && !strings_equal(marker->commit, wish->commit))
        text_print(&out, "%sit was made for the commit %.12s, the tag names %.12s",
                   out.length ? "; " : "", marker->commit, string_or(wish->commit, "(unknown)"));
    return out.length ? arena_copy(arena, text_string(&out)) : NULL;
}

void release_choose(struct arena *arena, const struct release_facts *releases,
                    const struct release_wish *wish, struct release_choice *choice)
{
    struct release_choice found = {.winner = find_winner(arena, releases, wish)};

    find_losers(arena, releases, wish, &found);
    if (!found.winner) {
        found.part = PART_ADD;
        *choice = found;
        return;
    }
    marker_read(arena, found.winner->body, &found.body);
    if (!found.winner->draft) {
        found.differences = published_differences(arena, wish, &found);
    } else {
        choose_part(wish, &found);
        choose_title(wish, &found);
        found.set_prerelease = found.winner->prerelease != wish->prerelease;
    }
    *choice = found;
}

bool release_choice_changes(const struct release_choice *choice)
{
    if (!choice->winner)
        return true;
    return choice->winner->draft &&
           (release_choice_needs_part(choice) || choice->set_title || choice->set_prerelease);
}

bool release_choice_needs_part(const struct release_choice *choice)
{
    if (choice->winner && !choice->winner->draft)
        return false;
    return choice->part == PART_ADD || choice->part == PART_RENEW;
}
