#include "core/history.h"

#include "base/text.h"
#include "core/template.h"

#include <stdlib.h>
#include <string.h>

/* While walking: the versions that belong to the refs chosen so far. */
struct walk {
    const struct version *target;
    struct history *history;
    struct version last_candidate, highest_final;
};

static void see_same_core(struct walk *walk, const struct git_ref *ref,
                          const struct version *version)
{
    struct history *history = walk->history;
    const struct version *target = walk->target;

    if (version_compare(version, target) == 0)
        history->tag = ref;
    if (version_is_final(version)) {
        history->final_of_candidate = ref;
        return;
    }
    if (version_compare(version, target) >= 0)
        return;
    if (!history->last_candidate || version_compare(version, &walk->last_candidate) > 0) {
        history->last_candidate = ref;
        walk->last_candidate = *version;
    }
    if (strings_equal(version->label, target->label) && version->number + 1 == target->number)
        history->candidate_before = ref;
}

static void see_other_final(struct walk *walk, const struct git_ref *ref,
                            const struct version *version)
{
    struct history *history = walk->history;
    const struct version *target = walk->target;

    if (version->major == target->major && version->minor == target->minor &&
        version->patch + 1 == target->patch)
        history->patch_before = ref;
    if (version_compare(version, target) > 0)
        history->is_highest_final = false;
    else if (!history->highest_final_below || version_compare(version, &walk->highest_final) > 0) {
        history->highest_final_below = ref;
        walk->highest_final = *version;
    }
}

void history_read(struct arena *arena, const struct target *target, const struct git_refs *tags,
                  struct history *history)
{
    struct history found = {.is_highest_final = true};
    struct walk walk = {.target = &target->version, .history = &found};

    for (size_t i = 0; i < tags->count; i++) {
        struct version version;
        struct grammar_miss miss;

        if (version_parse(arena, &target->grammar, tags->items[i].name, &version, &miss))
            continue;
        if (version_same_core(&version, &target->version))
            see_same_core(&walk, &tags->items[i], &version);
        else if (version_is_final(&version))
            see_other_final(&walk, &tags->items[i], &version);
    }
    *history = found;
}

const char *history_previous_tag(const struct target *target, const struct history *history)
{
    const struct git_ref *previous = history->highest_final_below;

    if (!version_is_final(&target->version) && history->last_candidate)
        previous = history->last_candidate;
    return previous ? previous->name : NULL;
}

/* Reads "release-0.11" by "release-{major}.{minor}": only those two may stand in the template. */
static bool line_of_branch(const char *template, const char *name, struct version *line)
{
    *line = (struct version){0};
    while (*template) {
        uint32_t *number = string_starts(template, "{major}")   ? &line->major
                           : string_starts(template, "{minor}") ? &line->minor
                                                                : NULL;
        size_t const digits = strspn(name, "0123456789");

        if (!number) {
            if (*template ++ != *name++)
                return false;
            continue;
        }
        if (!digits || digits > 9)
            return false;
        *number = (uint32_t)strtoul(name, NULL, 10);
        name += digits;
        template += strlen("{major}");
    }
    return !*name;
}

bool history_highest_line(struct arena *arena, const char *branch_template,
                          const struct target *target, const struct git_refs *branches,
                          struct version *line)
{
    const struct template_value project = {"project", target->project};
    const char *template = template_fill(arena, branch_template, &project, 1);
    bool found = false;

    for (size_t i = 0; i < branches->count; i++) {
        struct version other;

        if (!line_of_branch(template, branches->items[i].name, &other))
            continue;
        if (!found || version_compare(&other, line) > 0)
            *line = other;
        found = true;
    }
    return found;
}
