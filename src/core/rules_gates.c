/* The gates: what is waited for, and what the notes tell of it (contract, section 6). */
#include "core/notes_images.h"
#include "core/planning.h"

static bool is_published(const struct plan *plan)
{
    return plan->release.winner && !plan->release.winner->draft;
}

static const char *counted(struct planning *planning, size_t count, const char *what)
{
    return arena_print(planning->arena, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

/* A gate's step; where the tag isn't there yet, or nobody could look, it is to be waited for. */
static struct step *plan_gate(struct planning *planning, enum step_kind kind,
                              enum question_kind question, const char *target)
{
    const struct facts *facts = planning->facts;
    struct step *step = planning_step(planning, kind, STEP_DO, target, NULL);

    if (!planning->plan->tag_exists)
        step->reason = "waited for, once the tag is there";
    else if (!facts_known(facts, question)) {
        if (input_flag(planning->inputs, INPUT_DRY_RUN))
            step->state = STEP_UNKNOWN;
        step->reason = string_or(facts->answers[question].why_unknown, "not asked");
    }
    return step;
}

/* ---- workflows ------------------------------------------------------------------------------------ */

static void check_self(struct planning *planning)
{
    const struct gates_wanted *wanted = &planning->target->gates;

    for (size_t i = 0; i < wanted->workflow_count; i++)
        if (wanted->own_workflow && strings_equal(wanted->workflows[i], wanted->own_workflow))
            planning_find(planning, FINDING_REFUSAL, ERROR_GATE_SELF, STEP_WORKFLOWS,
                          "take it out of workflows, or let another workflow run this action",
                          "workflows: other workflows than the one that this runs in (%s) were "
                          "expected: it would wait for itself",
                          wanted->own_workflow);
}

/* A draft is made nevertheless: somebody may run the workflow again meanwhile. */
static void tell_failure(struct planning *planning)
{
    const struct run_fact *run = gates_failed_run(&planning->plan->gates);
    bool const announce = planning->target->command == COMMAND_ANNOUNCE;

    if (run && (announce || !is_published(planning->plan)))
        planning_find(planning, announce ? FINDING_REFUSAL : FINDING_WARNING, ERROR_GATE_FAILED,
                      STEP_WORKFLOWS, "look at the run, and run its failed jobs again",
                      "%s was expected to have succeeded for %s; it ended with %s: %s",
                      run->workflow, planning->target->tag, planning_quote(planning, run->said),
                      run->page);
}

static void plan_workflows(struct planning *planning)
{
    const struct gates_wanted *wanted = &planning->target->gates;
    const struct gates *gates = &planning->plan->gates;
    struct step *step = plan_gate(planning, STEP_WORKFLOWS, QUESTION_RUNS,
                                  counted(planning, wanted->workflow_count, "workflow"));

    check_self(planning);
    if (step->reason)
        return;
    if (wanted->workflow_count == 1)
        step->link = gates->runs[0].page;
    if (gates_runs_good(wanted, gates)) {
        step->state = STEP_DONE;
        step->reason = "succeeded for the tag";
        return;
    }
    step->reason =
        arena_print(planning->arena, "waited for: %s", gates_runs_text(planning->arena, gates));
    tell_failure(planning);
}

/* ---- images --------------------------------------------------------------------------------------- */

/* What the notes told of an image earlier, and what is there now. */
static void tell_drift(struct planning *planning)
{
    const struct plan *plan = planning->plan;
    const struct release *release = plan->release.winner;
    const char *told = release ? notes_images(planning->arena, release->body) : NULL;

    for (size_t i = 0; told && i < plan->gates.image_count; i++)
        if (notes_images_differ(told, &plan->gates.images[i]))
            planning_find(planning, FINDING_WARNING, ERROR_IMAGE_DRIFT, STEP_IMAGES,
                          "find out who pushed it again",
                          "the digest of %s was expected to be the one in the notes; it is %s by "
                          "now",
                          plan->gates.images[i].reference, plan->gates.images[i].digest);
}

static void plan_images(struct planning *planning)
{
    const struct gates_wanted *wanted = &planning->target->gates;
    const struct gates *gates = &planning->plan->gates;
    struct step *step = plan_gate(planning, STEP_IMAGES, QUESTION_IMAGES,
                                  counted(planning, wanted->image_count, "image"));
    bool const announce = planning->target->command == COMMAND_ANNOUNCE;

    if (step->reason)
        return;
    if (!gates_images_good(wanted, gates)) {
        step->reason = arena_print(planning->arena, "waited for: %s",
                                   gates_images_text(planning->arena, gates));
        return;
    }
    tell_drift(planning);
    /* A run that isn't over yet may push them anew. */
    if (!gates_runs_good(wanted, gates))
        step->reason = "there; looked at again after the workflows";
    else if (announce && gates->publishing_runs)
        step->reason = "there; looked at again after the runs that publishing has started";
    else {
        step->state = STEP_DONE;
        step->reason = wanted->image_count == 1 ? gates->images[0].digest : "all there";
    }
}

/* ---- the notes ------------------------------------------------------------------------------------ */

/* Images that are there by now go into a part that is written anyway; a later one is changed. */
static void plan_notes(struct planning *planning, bool images_done)
{
    struct plan *plan = planning->plan;
    const struct release_choice *choice = &plan->release;
    const char *block = images_done ? notes_images_block(planning->arena, &plan->gates) : NULL;
    struct step *step = planning_step(planning, STEP_NOTES, STEP_DO, planning->target->title,
                                      "the images' digests go into the notes");

    if (choice->winner && choice->part == PART_KEEP && choice->body.state != MARKED_INTACT) {
        step->state = STEP_DONE;
        step->reason = "a person edited the notes; the images' digests are not added";
    } else if (block && plan->part) {
        plan->part = notes_with_images(planning->arena, plan->part, block);
        step->state = STEP_DONE;
        step->reason = "the images' digests are written with the release";
    } else if (block && strings_equal(notes_images(planning->arena, choice->body.part), block)) {
        step->state = STEP_DONE;
        step->reason = "the notes tell the images' digests";
    }
}

/* ---- all of it ------------------------------------------------------------------------------------ */

void rules_for_gates(struct planning *planning)
{
    const struct gates_wanted *wanted = &planning->target->gates;
    struct plan *plan = planning->plan;

    plan->gates = planning->facts->gates;
    if (wanted->workflow_count)
        plan_workflows(planning);
    if (wanted->image_count) {
        plan_images(planning);
        if (!is_published(plan) && planning->target->command == COMMAND_RELEASE)
            plan_notes(planning, plan->steps[plan->step_count - 1].state == STEP_DONE);
    }
}

static bool is_gate(const struct step *step)
{
    return step->kind == STEP_WORKFLOWS || step->kind == STEP_IMAGES;
}

/* Where the release is out, and no mail is left to be sent either, nothing is held back any more. */
void rules_for_passed_gates(struct planning *planning)
{
    struct plan *plan = planning->plan;

    if (!is_published(plan) || planning->target->command != COMMAND_RELEASE)
        return;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].kind == STEP_MAIL && plan->steps[i].state == STEP_DO)
            return;
    for (size_t i = 0; i < plan->step_count; i++)
        if (is_gate(&plan->steps[i]) && plan->steps[i].state != STEP_DONE) {
            plan->steps[i].state = STEP_DONE;
            plan->steps[i].reason = "the release is published already";
        }
}
