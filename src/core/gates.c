#include "core/gates.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>

const char *run_state_text(enum run_state state)
{
    static const char *const texts[] = {
        [RUN_MISSING] = "missing",
        [RUN_WAITING] = "waiting",
        [RUN_SUCCEEDED] = "succeeded",
        [RUN_FAILED] = "failed",
    };

    return texts[state];
}

const char *image_state_text(enum image_state state)
{
    static const char *const texts[] = {
        [IMAGE_MISSING] = "missing",
        [IMAGE_DENIED] = "denied",
        [IMAGE_FOUND] = "found",
    };

    return texts[state];
}

/* ---- runs ----------------------------------------------------------------------------------------- */

/* The run's path is that of the file, with "@REF" behind it in some answers. */
static bool is_run_of(const struct seen_run *run, const char *workflow)
{
    static const char folder[] = ".github/workflows/";
    const char *at = strstr(string_or(run->path, ""), folder);
    size_t const length = strlen(workflow);

    if (!at)
        return false;
    at += sizeof(folder) - 1;
    return strncmp(at, workflow, length) == 0 && (!at[length] || at[length] == '@');
}

static bool is_for_tag(const struct seen_run *run, const char *tag, const char *commit)
{
    static const char *const events[] = {"push", "create", "release", "workflow_dispatch"};
    bool counts = false;

    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        counts = counts || strings_equal(run->event, events[i]);
    return counts && strings_equal(run->branch, tag) && strings_equal(run->commit, commit);
}

/*
 * `neutral` passes, as it does for GitHub's required checks. `skipped` doesn't, although it does
 * there: nothing was built or tested.
 */
static enum run_state state_of(const struct seen_run *run)
{
    if (!strings_equal(run->status, "completed"))
        return RUN_WAITING;
    return strings_equal(run->conclusion, "success") || strings_equal(run->conclusion, "neutral")
               ? RUN_SUCCEEDED
               : RUN_FAILED;
}

static struct run_fact newest_run(struct arena *arena, const char *workflow, const char *tag,
                                  const char *commit, const struct seen_run *seen, size_t count)
{
    const struct seen_run *newest = NULL;

    for (size_t i = 0; i < count; i++)
        if (is_run_of(&seen[i], workflow) && is_for_tag(&seen[i], tag, commit) &&
            (!newest || seen[i].id > newest->id))
            newest = &seen[i];
    if (!newest)
        return (struct run_fact){.workflow = workflow};
    enum run_state const state = state_of(newest);
    return (struct run_fact){
        .workflow = workflow,
        .state = state,
        .id = newest->id,
        .page = arena_copy(arena, newest->page),
        .said =
            arena_copy(arena, string_or(state == RUN_WAITING ? newest->status : newest->conclusion,
                                        "unknown")),
    };
}

void gates_take_runs(struct arena *arena, const struct gates_wanted *wanted, const char *tag,
                     const char *commit, const struct seen_run *seen, size_t count,
                     struct gates *gates)
{
    gates->runs = NULL;
    gates->run_count = gates->publishing_runs = 0;
    for (size_t i = 0; i < wanted->workflow_count; i++) {
        gates->runs = arena_append(arena, gates->runs, &gates->run_count, sizeof(*gates->runs));
        gates->runs[i] = newest_run(arena, wanted->workflows[i], tag, commit, seen, count);
    }
    for (size_t i = 0; i < count; i++)
        gates->publishing_runs +=
            strings_equal(seen[i].event, "release") && is_for_tag(&seen[i], tag, commit) &&
            state_of(&seen[i]) == RUN_WAITING && seen[i].id != wanted->own_run;
}

bool gates_runs_good(const struct gates_wanted *wanted, const struct gates *gates)
{
    for (size_t i = 0; i < gates->run_count; i++)
        if (gates->runs[i].state != RUN_SUCCEEDED)
            return false;
    return gates->run_count == wanted->workflow_count;
}

const struct run_fact *gates_failed_run(const struct gates *gates)
{
    for (size_t i = 0; i < gates->run_count; i++)
        if (gates->runs[i].state == RUN_FAILED)
            return &gates->runs[i];
    return NULL;
}

const char *gates_runs_text(struct arena *arena, const struct gates *gates)
{
    CLEANUP(text_free) struct text out = {0};

    for (size_t i = 0; i < gates->run_count; i++) {
        const struct run_fact *run = &gates->runs[i];

        if (run->state == RUN_SUCCEEDED)
            continue;
        text_print(&out, "%s%s: ", out.length ? ", " : "", run->workflow);
        text_add_foreign(&out, string_or(run->said, "no run yet"), 40);
    }
    return arena_copy(arena, text_string(&out));
}

/* ---- images --------------------------------------------------------------------------------------- */

bool gates_images_good(const struct gates_wanted *wanted, const struct gates *gates)
{
    for (size_t i = 0; i < gates->image_count; i++)
        if (gates->images[i].state != IMAGE_FOUND)
            return false;
    return gates->image_count == wanted->image_count;
}

const char *gates_images_text(struct arena *arena, const struct gates *gates)
{
    CLEANUP(text_free) struct text out = {0};

    for (size_t i = 0; i < gates->image_count; i++)
        if (gates->images[i].state != IMAGE_FOUND)
            text_print(&out, "%s%s: %s", out.length ? ", " : "", gates->images[i].reference,
                       gates->images[i].state == IMAGE_MISSING
                           ? "not there yet"
                           : "not there yet, or this token may not see it");
    return arena_copy(arena, text_string(&out));
}
