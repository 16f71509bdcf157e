/* The release: which one it is, and what is to be done with it (contract, sections 5 and 6). */
#include "core/planning.h"

static void plan_published(struct planning *planning)
{
    const struct release_choice *choice = &planning->plan->release;
    struct step *step = planning_step(planning, STEP_RELEASE, STEP_DONE, planning->target->title,
                                      "is published already");

    planning->plan->out = true;
    step->link = choice->winner->page;
    if (choice->differences)
        planning_find(planning, FINDING_REFUSAL, ERROR_RELEASE_DIFFERS, STEP_RELEASE,
                      "edit the release by hand, or change the inputs; a published release is "
                      "never changed by a run",
                      "the published release was expected to be as planned: %s",
                      choice->differences);
}

static const char *describe_changes(struct planning *planning)
{
    const struct release_choice *choice = &planning->plan->release;

    return arena_print(planning->arena, "the draft is there%s%s%s",
                       choice->part == PART_ADD     ? ", our notes are added"
                       : choice->part == PART_RENEW ? ", our notes are generated again"
                                                    : "",
                       choice->set_title ? ", the title is set" : "",
                       !choice->set_prerelease      ? ""
                       : planning->plan->prerelease ? ", it is marked as a pre-release"
                                                    : ", the mark of a pre-release is removed");
}

static void tell_edits(struct planning *planning)
{
    const struct release_choice *choice = &planning->plan->release;

    if (choice->part == PART_REFUSE)
        planning_find(
            planning, FINDING_REFUSAL, ERROR_DRAFT_STALE, STEP_RELEASE,
            "set notes_on_edit to replace, or delete the draft",
            "the draft was expected to be of this tag's commit; it was made for %.12s, and "
            "a person has edited it since",
            choice->body.marker.commit);
    else if (choice->body.state == MARKED_TAMPERED)
        planning_find(
            planning, FINDING_WARNING, ERROR_DRAFT_EDITED, STEP_RELEASE,
            "remove all of the comments that say cut-release, and run it again",
            "a pair of markers was expected in the draft; they are damaged or doubled, so "
            "its text is left as it is");
    else if (choice->edited)
        planning_find(planning, FINDING_NOTICE, ERROR_DRAFT_EDITED, STEP_RELEASE,
                      "set notes_on_edit to replace to have them generated again",
                      "a person edited the generated notes; they are kept");
    if (choice->title_kept)
        planning_find(planning, FINDING_NOTICE, ERROR_DRAFT_TITLE, STEP_RELEASE, NULL,
                      "a person titled the draft %s; that is kept",
                      planning_quote(planning, choice->winner->title));
    if (choice->others)
        planning_find(
            planning, FINDING_WARNING, ERROR_DRAFT_SEVERAL, STEP_RELEASE,
            "delete the ones that aren't wanted",
            "one draft for the tag was expected, there %s %zu more that other people made "
            "or edited",
            choice->others == 1 ? "is" : "are", choice->others);
}

/* What is to be announced must be public. */
static void refuse_draft(struct planning *planning)
{
    const struct release *winner = planning->plan->release.winner;

    planning_step(planning, STEP_RELEASE, STEP_DONE, planning->target->title, NULL)->link =
        winner ? winner->page : NULL;
    planning_find(planning, FINDING_REFUSAL, ERROR_NOT_PUBLISHED, STEP_RELEASE,
                  winner ? "publish the draft first, or run the command release with draft: false"
                         : "run the command release first, and publish its draft",
                  "the release of %s was expected to be published, there is %s",
                  planning->target->tag, winner ? "only a draft" : "none");
}

static void plan_draft(struct planning *planning)
{
    const struct release_choice *choice = &planning->plan->release;
    struct step *step =
        planning_step(planning, STEP_RELEASE, STEP_DO, planning->target->title, NULL);

    if (!choice->winner && planning->facts->repository.push_denied &&
        input_flag(planning->inputs, INPUT_DRY_RUN)) {
        step->state = STEP_UNKNOWN;
        step->reason = "a draft, unless there is one: this token may not see drafts";
        return;
    }
    if (!choice->winner) {
        step->reason = planning->plan->prerelease ? "a draft is made, marked as a pre-release"
                                                  : "a draft is made";
        return;
    }
    step->link = choice->winner->page;
    if (release_choice_changes(choice))
        step->reason = describe_changes(planning);
    else {
        step->state = STEP_DONE;
        step->reason = "the draft is there, as planned";
    }
    tell_edits(planning);
}

static void plan_tidying(struct planning *planning)
{
    size_t const count = planning->plan->release.loser_count;

    if (count)
        planning_step(planning, STEP_TIDY, STEP_DO,
                      arena_print(planning->arena, "%zu draft%s", count, count == 1 ? "" : "s"),
                      "surplus drafts of ours for the same tag, untouched, are removed");
}

void rules_for_release(struct planning *planning)
{
    struct plan *plan = planning->plan;
    const struct facts *facts = planning->facts;

    release_choose(planning->arena, &facts->releases, &plan->wish, &plan->release);
    rules_for_notes(planning);
    if (!facts_known(facts, QUESTION_RELEASES)) {
        const char *why = facts->answers[QUESTION_RELEASES].why_unknown;

        planning_step(planning, STEP_RELEASE, STEP_UNKNOWN, planning->target->title,
                      planning->target->command == COMMAND_ANNOUNCE
                          ? why
                          : arena_print(planning->arena, "a draft%s, unless there is one: %s",
                                        plan->prerelease ? ", marked as a pre-release" : "", why));
        return;
    }
    if (plan->release.winner && !plan->release.winner->draft)
        plan_published(planning);
    else if (planning->target->command == COMMAND_ANNOUNCE)
        refuse_draft(planning);
    else
        plan_draft(planning);
    plan_tidying(planning);
}
