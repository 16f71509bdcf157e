#include "core/latest.h"

#include <string.h>

static bool has_slash(const char *tag)
{
    return strchr(tag, '/') != NULL;
}

static bool reads_as(struct arena *arena, const struct target *target, const char *tag,
                     struct version *version)
{
    struct grammar_miss miss;

    return !version_parse(arena, &target->grammar, tag, version, &miss);
}

/* The highest final release of the line that is published, besides ours. */
static const struct other_release *find_highest(struct arena *arena, const struct target *target,
                                                const struct release_facts *releases,
                                                struct version *highest)
{
    const struct other_release *found = NULL;

    for (size_t i = 0; i < releases->other_count; i++) {
        const struct other_release *other = &releases->others[i];
        struct version version;

        if (other->prerelease || !reads_as(arena, target, other->tag, &version) ||
            !version_is_final(&version) || (found && version_compare(&version, highest) <= 0))
            continue;
        found = other;
        *highest = version;
    }
    return found;
}

struct latest_wish latest_choose(struct arena *arena, const struct inputs *inputs,
                                 const struct target *target, const struct release_facts *releases,
                                 bool takes_it)
{
    bool const refused = input_is(inputs, INPUT_MAKE_LATEST, "false");
    struct version highest;

    if (takes_it)
        return (struct latest_wish){.rule = LATEST_OURS};
    if (!version_is_final(&target->version))
        return (struct latest_wish){.rule = LATEST_ANY};
    if (has_slash(target->grammar.prefix))
        return (struct latest_wish){.rule = LATEST_NOT_OURS};
    const struct other_release *other = find_highest(arena, target, releases, &highest);
    if (other && (refused || version_compare(&highest, &target->version) > 0))
        return (struct latest_wish){.rule = LATEST_OTHER, .other = other};
    /* The highest that is published, below a tag whose release isn't: nobody else can have it. */
    return (struct latest_wish){.rule = refused ? LATEST_NOT_OURS : LATEST_ANY};
}

bool latest_is_right(struct arena *arena, const struct target *target,
                     const struct latest_wish *wish, const struct latest_release *now, int64_t ours)
{
    struct version version;

    switch (wish->rule) {
    case LATEST_OURS:
        return now->id == ours;
    case LATEST_NOT_OURS:
        return now->id != ours;
    case LATEST_OTHER:
        if (!now->id || now->id == wish->other->id)
            return true;
        /* One of this line is lower; one of a line with a slash never takes it. Others are left. */
        return now->id != ours && !reads_as(arena, target, now->tag, &version) &&
               !has_slash(now->tag);
    default:
        return true;
    }
}
