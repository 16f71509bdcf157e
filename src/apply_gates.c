/*
 * The gates: workflows are waited for, then images. What is true of the one stays true while the
 * other is waited for, so one after the other takes no longer than both at once, and fewer requests.
 */
#include "apply.h"

#include "base/text.h"

#include <inttypes.h>
#include <string.h>

enum {
    SEARCH_MS = 60000, /* how long a run is looked for before it is started (issue 7) */
    FIRST_PAUSE_MS = 2000,
    AFTER_START_MS = 1000,
    LONGEST_PAUSE_MS = 30000,
    MOST_FAILURES = 3, /* looks one after the other that may fail for want of a server */
    MOST_STARTS = 2, /* of one workflow, the second only where the first was lost without a trace */
};

/* A workflow that this run has started, or tried to. */
struct start {
    size_t count;
    int64_t at_ms;
    bool lost;        /* nobody knows whether it was */
    struct error why; /* then: what came instead of an answer */
};

struct watch {
    const struct applying *applying;
    struct applied *applied;
    int64_t began_ms, pause_ms;
    size_t failures;
    const char *said;
    struct start *starts; /* one a workflow */
};

static struct watch begin(const struct applying *applying, struct applied *applied)
{
    int64_t const now = clock_now_ms(applying->clock);

    if (!applied->gates_until_ms)
        applied->gates_until_ms = now + applying->wait_ms;
    return (struct watch){
        .applying = applying,
        .applied = applied,
        .began_ms = now,
        .pause_ms = FIRST_PAUSE_MS,
        .said = "",
        .starts = arena_take(applying->arena,
                             (applying->target->gates.workflow_count + 1) * sizeof(struct start)),
    };
}

/* Said as it changes, not at every look. */
static void say(struct watch *watch, const char *what)
{
    const struct applying *applying = watch->applying;

    if (strings_equal(watch->said, what))
        return;
    watch->said = what;
    if (applying->said && *what)
        applying->said(applying->progress_state, what);
}

/* Waits a moment, longer each time. False where the time is over, or the run is asked to end. */
static bool watch_pause(struct watch *watch)
{
    const struct clock *clock = watch->applying->clock;
    int64_t const left = watch->applied->gates_until_ms - clock_now_ms(clock);

    if (left <= 0)
        return false;
    clock_sleep_ms(clock, left < watch->pause_ms ? left : watch->pause_ms);
    watch->pause_ms += watch->pause_ms / 2;
    if (watch->pause_ms > LONGEST_PAUSE_MS)
        watch->pause_ms = LONGEST_PAUSE_MS;
    return !clock_interrupted(clock);
}

static enum apply_end time_is_over(const struct watch *watch, const char *missing,
                                   struct error *error)
{
    if (apply_interrupted(watch->applying, error))
        return APPLY_FAILED;
    error_set(error, ERROR_GATE_TIMEOUT, "run it again once that is done, or raise wait_minutes",
              "all was expected to be done within %" PRId64 " minutes; what is missing: %s",
              watch->applying->wait_ms / 60000, missing);
    return APPLY_FAILED;
}

/*
 * A server that can't be reached for a moment ends no waiting of an hour. False where it is too
 * often, or something else.
 */
static bool may_be_passed_over(struct watch *watch, int failed, const struct error *error)
{
    bool const passing = error->code == ERROR_UNREACHABLE || error->code == ERROR_SERVER ||
                         error->code == ERROR_TIMEOUT;

    if (!failed)
        watch->failures = 0;
    else if (!passing || ++watch->failures == MOST_FAILURES ||
             clock_interrupted(watch->applying->clock))
        return false;
    return true;
}

/* ---- workflows ------------------------------------------------------------------------------------ */

static int look_at_runs(struct watch *watch, struct gates *gates, struct error *error)
{
    const struct applying *applying = watch->applying;
    const struct effects *effects = applying->effects;
    struct error found = {0};

    int const failed =
        effects->read_runs(effects->state, applying->arena, applying->plan->commit, gates, &found);
    if (may_be_passed_over(watch, failed, &found))
        return 0;
    *error = found;
    return -1;
}

static enum apply_end fail_of_run(const struct watch *watch, const struct run_fact *run,
                                  struct error *error)
{
    error_set(error, ERROR_GATE_FAILED,
              "look at the run; once its failed jobs have been run again, run this again",
              "%s was expected to succeed for %s; it ended with \"%.60s\": %s", run->workflow,
              watch->applying->target->tag, run->said, run->page);
    return APPLY_FAILED;
}

/*
 * Never twice, unless the first answer was lost and no run has shown for as long as one may take: then
 * it wasn't carried out.
 */
static enum apply_end start_run(struct watch *watch, const struct run_fact *run,
                                struct start *start, struct error *error)
{
    const struct applying *applying = watch->applying;
    const struct effects *effects = applying->effects;

    if (start->count == MOST_STARTS && start->lost) {
        *error = start->why;
        return APPLY_FAILED;
    }
    if (start->count == MOST_STARTS || (start->count && !start->lost)) {
        error_set(error, ERROR_GATE_NO_RUN, "look at the repository's page of Actions",
                  "%s was started on %s, and a run was expected within %d s; there is none",
                  run->workflow, applying->target->tag, SEARCH_MS / 1000);
        return APPLY_FAILED;
    }
    enum write_end const end =
        effects->start_workflow(effects->state, run->workflow, applying->target->tag, error);
    if (end != WRITE_DONE && end != WRITE_LOST)
        return APPLY_FAILED;
    start->count++;
    start->at_ms = clock_now_ms(applying->clock);
    start->lost = end == WRITE_LOST;
    start->why = *error;
    *error = (struct error){0};
    watch->pause_ms = AFTER_START_MS;
    watch->applied->changed = true;
    say(watch, arena_print(applying->arena, "%s had no run; it is started on %s", run->workflow,
                           applying->target->tag));
    return APPLY_DONE;
}

static enum apply_end start_missing(struct watch *watch, struct error *error)
{
    const struct gates *gates = &watch->applied->gates;
    int64_t const now = clock_now_ms(watch->applying->clock);

    for (size_t i = 0; i < gates->run_count; i++) {
        struct start *start = &watch->starts[i];
        int64_t const since = start->count ? start->at_ms : watch->began_ms;

        if (gates->runs[i].state == RUN_MISSING && now - since >= SEARCH_MS &&
            start_run(watch, &gates->runs[i], start, error) != APPLY_DONE)
            return APPLY_FAILED;
    }
    return APPLY_DONE;
}

enum apply_end apply_workflows(const struct applying *applying, struct applied *applied,
                               struct error *error)
{
    struct watch watch = begin(applying, applied);

    for (;;) {
        if (look_at_runs(&watch, &applied->gates, error))
            return APPLY_FAILED;
        const struct run_fact *failed = gates_failed_run(&applied->gates);
        if (failed)
            return fail_of_run(&watch, failed, error);
        if (gates_runs_good(&applying->target->gates, &applied->gates))
            return APPLY_DONE;
        const char *missing = gates_runs_text(applying->arena, &applied->gates);
        say(&watch,
            arena_print(applying->arena, "waiting for %s", string_or(missing, "the server")));
        if (start_missing(&watch, error) != APPLY_DONE)
            return APPLY_FAILED;
        if (!watch_pause(&watch))
            return time_is_over(&watch, string_or(missing, "the server"), error);
    }
}

/* ---- images --------------------------------------------------------------------------------------- */

/* Builds that run again because the release was published change what the tag names. */
static enum apply_end wait_for_publishing(struct watch *watch, struct error *error)
{
    const struct applying *applying = watch->applying;
    struct gates *gates = &watch->applied->gates;

    for (;;) {
        if (look_at_runs(watch, gates, error))
            return APPLY_FAILED;
        if (!gates->publishing_runs && !watch->failures)
            return APPLY_DONE;
        const char *missing =
            arena_print(applying->arena, "%zu run%s that publishing has started",
                        gates->publishing_runs, gates->publishing_runs == 1 ? "" : "s");
        say(watch, arena_print(applying->arena, "waiting for %s", missing));
        if (!watch_pause(watch))
            return time_is_over(watch, missing, error);
    }
}

static int look(const struct applying *applying, struct image_fact *images, struct error *error)
{
    const struct gates_wanted *wanted = &applying->target->gates;

    return applying->effects->look_at_images(applying->effects->registry, applying->arena,
                                             wanted->images, wanted->image_count, images, error);
}

/* `failure` is that of the last look, or NULL: where it had no answer, nobody knows what is missing. */
static enum apply_end give_images_up(const struct watch *watch, const struct error *failure,
                                     struct error *error)
{
    const struct applying *applying = watch->applying;
    const struct gates *gates = &watch->applied->gates;
    bool denied = false;

    if (apply_interrupted(applying, error))
        return APPLY_FAILED;
    if (failure) {
        *error = *failure;
        return APPLY_FAILED;
    }
    for (size_t i = 0; i < gates->image_count; i++)
        denied = denied || gates->images[i].state == IMAGE_DENIED;
    error_set(error, denied ? ERROR_IMAGE_DENIED : ERROR_IMAGE_MISSING,
              denied ? "check the name; for a private one on ghcr.io give the token packages: read"
                     : "look at the workflow that pushes it, and check the name; then run it again",
              "within %" PRId64 " minutes these images were expected to exist: %s",
              applying->wait_ms / 60000, gates_images_text(applying->arena, gates));
    return APPLY_FAILED;
}

/* The facts of all wanted images; what was seen before is kept. */
static void make_room(const struct applying *applying, struct gates *gates)
{
    const struct gates_wanted *wanted = &applying->target->gates;

    if (gates->image_count == wanted->image_count)
        return;
    gates->images = arena_take(applying->arena, wanted->image_count * sizeof(*gates->images));
    gates->image_count = wanted->image_count;
    for (size_t i = 0; i < wanted->image_count; i++)
        gates->images[i] =
            (struct image_fact){.reference = wanted->images[i].text, .platforms = ""};
}

enum apply_end apply_images(const struct applying *applying, struct applied *applied,
                            struct error *error)
{
    struct watch watch = begin(applying, applied);
    struct gates *gates = &applied->gates;

    make_room(applying, gates);
    if (applying->target->command == COMMAND_ANNOUNCE) {
        enum apply_end const end = wait_for_publishing(&watch, error);

        if (end != APPLY_DONE)
            return end;
    }
    for (;;) {
        struct error found = {0};
        int const failed = look(applying, gates->images, &found);

        if (!may_be_passed_over(&watch, failed, &found)) {
            *error = found;
            return APPLY_FAILED;
        }
        if (!failed && gates_images_good(&applying->target->gates, gates))
            return APPLY_DONE;
        say(&watch,
            arena_print(applying->arena, "waiting for %s",
                        failed ? "the registry" : gates_images_text(applying->arena, gates)));
        if (!watch_pause(&watch))
            return give_images_up(&watch, failed ? &found : NULL, error);
    }
}

static enum apply_end compare(const struct image_fact *then, const struct image_fact *now,
                              struct error *error)
{
    if (then->state != IMAGE_FOUND ||
        (now->state == IMAGE_FOUND && strings_equal(now->digest, then->digest)))
        return APPLY_DONE;
    error_set(error, ERROR_IMAGE_DRIFT, "find out who pushes the image again; then run this again",
              "%s was expected to stay %s during the run; now it is %s", then->reference,
              then->digest, string_or(now->digest, "gone"));
    return APPLY_FAILED;
}

enum apply_end apply_images_hold(const struct applying *applying, struct applied *applied,
                                 struct error *error)
{
    struct gates *gates = &applied->gates;
    struct watch watch = begin(applying, applied);

    if (!gates->image_count)
        return APPLY_DONE;
    if (applied->published && wait_for_publishing(&watch, error) != APPLY_DONE)
        return APPLY_FAILED;
    struct image_fact *now = arena_take(applying->arena, gates->image_count * sizeof(*now));
    memcpy(now, gates->images, gates->image_count * sizeof(*now));
    if (look(applying, now, error))
        return APPLY_FAILED;
    for (size_t i = 0; i < gates->image_count; i++)
        if (compare(&gates->images[i], &now[i], error) != APPLY_DONE)
            return APPLY_FAILED;
    return APPLY_DONE;
}
