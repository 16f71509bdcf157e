/* The assets: which files are to be on the release, and which are there already. */
#include "core/planning.h"

const struct file_facts *plan_files(const struct inputs *inputs, const struct target *target,
                                    const struct facts *facts)
{
    bool const wanted = target->command == COMMAND_RELEASE && input_given(inputs, INPUT_FILES);

    return wanted && facts_known(facts, QUESTION_FILES) ? &facts->files : NULL;
}

/* How the files lie to what the release has. */
struct comparison_of_files {
    size_t states[ASSET_UNDECIDED + 1];
    const char *first; /* the name of the first that is missing or unfit */
};

static struct comparison_of_files compare(const struct file_facts *files,
                                          const struct release *release)
{
    struct comparison_of_files found = {.first = NULL};

    for (size_t i = 0; i < files->count; i++) {
        enum asset_state const state = asset_compare(&files->items[i], &release->assets, NULL);

        found.states[state]++;
        if (!found.first && state != ASSET_EQUAL)
            found.first = files->items[i].name;
    }
    return found;
}

static const char *target_text(struct planning *planning, const struct file_facts *files)
{
    return arena_print(planning->arena, "%zu file%s", files->count, files->count == 1 ? "" : "s");
}

static void plan_draft(struct planning *planning, const struct file_facts *files, struct step *step)
{
    const struct release *winner = planning->plan->release.winner;
    const char *size = asset_size_text(planning->arena, files->size);

    if (!winner) {
        step->reason = arena_print(planning->arena, "uploaded, %s", size);
        return;
    }
    struct comparison_of_files const found = compare(files, winner);
    if (found.states[ASSET_EQUAL] == files->count) {
        step->state = STEP_DONE;
        step->reason = arena_print(planning->arena, "are there, whole, %s", size);
        return;
    }
    step->reason = arena_print(planning->arena, "%zu uploaded, %zu replaced, %zu there already",
                               found.states[ASSET_MISSING],
                               found.states[ASSET_UNFIT] + found.states[ASSET_UNDECIDED],
                               found.states[ASSET_EQUAL]);
}

/* What is published stays as it is. */
static void plan_published(struct planning *planning, const struct file_facts *files,
                           struct step *step)
{
    struct comparison_of_files const found = compare(files, planning->plan->release.winner);
    size_t const missing = found.states[ASSET_MISSING];
    size_t const different = files->count - missing - found.states[ASSET_EQUAL];

    step->state = STEP_DONE;
    step->reason = "are on the published release";
    if (found.first)
        planning_find(planning, FINDING_REFUSAL, ERROR_ASSET_DIFFERS, STEP_ASSETS,
                      "change them by hand, or the input files; a published release is never "
                      "changed by a run",
                      "the published release was expected to have the files: %zu missing, %zu "
                      "different, such as %s",
                      missing, different, found.first);
}

static void tell_problems(struct planning *planning, const struct file_facts *files)
{
    for (size_t i = 0; i < files->problem_count; i++)
        planning_find(planning, FINDING_REFUSAL, files->problems[i].code, STEP_ASSETS,
                      files->problems[i].remedy, "%s", files->problems[i].message);
}

static void tell_names(struct planning *planning, const struct file_facts *files)
{
    const struct asset_file *first = NULL;
    size_t count = 0;

    for (size_t i = 0; i < files->count; i++)
        if (!strings_equal(files->items[i].own, files->items[i].name)) {
            first = first ? first : &files->items[i];
            count++;
        }
    if (count)
        planning_find(planning, FINDING_NOTICE, ERROR_ASSET_RENAMED, STEP_ASSETS,
                      "name the files with letters, digits and - _ . + @ alone",
                      "%zu file%s with characters that GitHub renames, such as %s, which becomes "
                      "%s",
                      count, count == 1 ? "" : "s", first->path, first->name);
}

void rules_for_assets(struct planning *planning)
{
    const struct plan *plan = planning->plan;
    const struct file_facts *files = plan->files;

    if (!files)
        return;
    struct step *step =
        planning_step(planning, STEP_ASSETS, STEP_DO, target_text(planning, files), NULL);
    tell_problems(planning, files);
    tell_names(planning, files);
    if (!facts_known(planning->facts, QUESTION_RELEASES) ||
        (!plan->release.winner && planning->facts->repository.push_denied &&
         input_flag(planning->inputs, INPUT_DRY_RUN))) {
        step->state = STEP_UNKNOWN;
        step->reason = arena_print(planning->arena, "uploaded unless they are there, %s",
                                   asset_size_text(planning->arena, files->size));
    } else if (plan->release.winner && !plan->release.winner->draft)
        plan_published(planning, files, step);
    else
        plan_draft(planning, files, step);
}
