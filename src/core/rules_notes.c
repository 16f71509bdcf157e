/* The text of our part of the release's body, and what it had to be made without. */
#include "core/names.h"
#include "core/notes.h"
#include "core/planning.h"

/* The inputs `body` and `body_path`: templates with the names of the outputs that are known by now. */
static const char *person_text(struct planning *planning)
{
    const struct inputs *inputs = planning->inputs;
    const char *body = input_text(inputs, INPUT_BODY), *file = string_or(inputs->body_file, "");
    struct names names;

    names_of_target(planning->arena, planning->target, &names);
    names_of_plan(planning->plan, &names);
    return template_fill(
        planning->arena,
        arena_print(planning->arena, "%s%s%s", body, *body && *file ? "\n\n" : "", file),
        names.values, names.count);
}

/* A dry run mostly has no token that sees it; a run says it louder. */
static enum finding_level level_of(const struct planning *planning)
{
    return input_flag(planning->inputs, INPUT_DRY_RUN) ? FINDING_NOTICE : FINDING_WARNING;
}

static void tell_missing_changes(struct planning *planning)
{
    const struct facts *facts = planning->facts;
    const struct changes *changes = &facts->changes;
    bool all;

    if (facts_unknown(facts, QUESTION_CHANGES)) {
        planning_find(
            planning, level_of(planning), ERROR_NOTES_PARTIAL, STEP_RELEASE,
            "check out the whole history (fetch-depth: 0), or read them in the comparison",
            "cherry-picks and direct pushes may be missing in the notes, since the commits "
            "can't be listed: %s",
            facts->answers[QUESTION_CHANGES].why_unknown);
        return;
    }
    if (!changes_are_listed(changes, planning->plan->previous_tag != NULL))
        return;
    changelog_wanted(planning->arena, facts->notes, changes, &all);
    if (changes->total > changes->count)
        planning_find(planning, FINDING_WARNING, ERROR_NOTES_PARTIAL, STEP_RELEASE,
                      "read the rest in the comparison",
                      "of %zu commits only the newest were looked through for changes",
                      changes->total);
    else if (!all && facts_known(facts, QUESTION_PULLS))
        planning_find(
            planning, FINDING_WARNING, ERROR_NOTES_PARTIAL, STEP_RELEASE,
            "check their headings in the draft",
            "the notes lack more than %d changes; of the older ones the pull requests were "
            "not asked for",
            CHANGELOG_MOST_PULLS);
}

static void tell_limits(struct planning *planning)
{
    const struct facts *facts = planning->facts;

    if (facts_known(facts, QUESTION_NOTES) && !facts->notes)
        planning_find(planning, FINDING_WARNING, ERROR_NOTES_OWN, STEP_RELEASE, NULL,
                      "the server generates no notes, so they are made from the history");
    tell_missing_changes(planning);
    if (facts->pulls.refused)
        planning_find(planning, level_of(planning), ERROR_NOTES_PARTIAL, STEP_RELEASE,
                      "give the token pull-requests: read",
                      "the pull requests of cherry-picks can't be read, so their entries have no "
                      "labels and no authors: %s",
                      facts->pulls.refused);
    if (facts->config_wrong)
        planning_find(planning, FINDING_WARNING, ERROR_NOTES_CONFIG, STEP_RELEASE,
                      "correct the file on the branch; it counts for the next release",
                      ".github/release.yml can't be used, so changes are added without categories: "
                      "%s",
                      facts->config_wrong);
}

static const char *generated_text(struct planning *planning)
{
    static const struct changes none = {NULL, 0, 0};
    const struct facts *facts = planning->facts;
    const struct plan *plan = planning->plan;
    bool const listed = facts_known(facts, QUESTION_CHANGES) &&
                        changes_are_listed(&facts->changes, plan->previous_tag != NULL);
    struct changelog const changelog = {
        .generated = facts->notes,
        .changes = listed ? &facts->changes : &none,
        .pulls = &facts->pulls,
        .config = &facts->config,
        .page = planning->server,
        .changes_page = plan->changes_page,
    };

    return changelog_text(planning->arena, &changelog);
}

void rules_for_notes(struct planning *planning)
{
    struct plan *plan = planning->plan;
    const struct facts *facts = planning->facts;
    struct notes_sections sections = {.person = person_text(planning)};

    if (!release_choice_needs_part(&plan->release) || planning->target->command == COMMAND_ANNOUNCE)
        return;
    if (input_flag(planning->inputs, INPUT_GENERATE_NOTES)) {
        if (plan->commit && facts_unknown(facts, QUESTION_NOTES) &&
            !facts->repository.write_refused && /* which is told of all that is to be written */
            !input_flag(planning->inputs, INPUT_DRY_RUN))
            planning_find(planning, FINDING_REFUSAL, ERROR_NOTES, STEP_RELEASE,
                          "set generate_notes to false, or previous_tag, or run it again later",
                          "generated notes were expected, the server gives none: %s",
                          facts->answers[QUESTION_NOTES].why_unknown);
        else
            tell_limits(planning);
        sections.generated = generated_text(planning);
    }
    rules_for_upstream(planning);
    sections.highlights = plan->highlights;
    plan->part = notes_part(planning->arena, &sections);
}
