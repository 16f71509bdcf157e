/* core/rules_gates and what core/questions ask for them: the steps of the gates. */
#include "support_model.h"

#include "core/notes_images.h"

#include <string.h>

static const char tag[] = "v0.10.0-rc.1";
static const char digest[] =
    "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

struct place {
    struct arena arena;
    struct inputs inputs;
    struct model model;
    struct target target;
    struct plan plan;
    struct run_fact runs[2];
    struct image_fact images[1];
    struct release release;
};

/* A tag with its branch; two workflows that have succeeded, an image that is there. */
static void open_place(struct place *place)
{
    struct arena *arena = &place->arena;
    const char *commit;

    *place = (struct place){.arena = {0}};
    commit = object_id(arena, 'c', 1);
    place->model = (struct model){.repository = "owner/project",
                                  .default_branch = "main",
                                  .source = "main",
                                  .source_head = commit};
    model_add_tag(arena, &place->model, "v0.9.0", object_id(arena, 'c', 40));
    model_add_branch(arena, &place->model, "release-0.10", commit);
    model_add_signed_tag(arena, &place->model, tag, commit);
    place->runs[0] = (struct run_fact){.workflow = "ci.yaml", .state = RUN_SUCCEEDED, .page = "p1"};
    place->runs[1] =
        (struct run_fact){.workflow = "e2e.yaml", .state = RUN_SUCCEEDED, .page = "p2"};
    place->images[0] = (struct image_fact){.reference = "ghcr.io/o/n:v0.10.0-rc.1",
                                           .state = IMAGE_FOUND,
                                           .digest = digest,
                                           .platforms = "linux/amd64"};
    place->model.gates = (struct gates){
        .runs = place->runs, .run_count = 2, .images = place->images, .image_count = 1};
}

static void close_place(struct place *place)
{
    arena_free(&place->arena);
}

static void plan(struct place *place, const char *values, const char *event, const char *name)
{
    struct arena *arena = &place->arena;

    read_inputs(arena, values, &place->inputs);
    place->inputs.values[INPUT_WORKFLOWS] = "ci.yaml\ne2e.yaml";
    place->inputs.values[INPUT_IMAGES] = "ghcr.io/o/n";
    model_target(arena, &place->model, &place->inputs, event, name, &place->target);
    model_plan(arena, &place->model, &place->inputs, &place->target, &place->plan);
}

static enum step_state state_of(const struct place *place, enum step_kind kind)
{
    return plan_step(&place->plan, kind)->state;
}

#define expect_states(place, workflows, images, notes)                                             \
    do {                                                                                           \
        assert_int_equal(state_of(place, STEP_WORKFLOWS), workflows);                              \
        assert_int_equal(state_of(place, STEP_IMAGES), images);                                    \
        assert_int_equal(state_of(place, STEP_NOTES), notes);                                      \
    } while (0)

static void test_all_there(void **state)
{
    struct place place;
    (void)state;

    open_place(&place);
    plan(&place, NULL, "push", tag);
    expect_states(&place, STEP_DONE, STEP_DONE, STEP_DONE);
    assert_non_null(notes_images(&place.arena, place.plan.part)); /* with the draft, at once */
    assert_string_equal(plan_step(&place.plan, STEP_IMAGES)->reason, digest);
    assert_int_equal(place.model.asked[QUESTION_RUNS], 1);
    assert_int_equal(place.model.asked[QUESTION_IMAGES], 1);
    assert_string_equal(plan_findings(&place.arena, &place.plan), "-");
    close_place(&place);
}

static void test_not_yet_there(void **state)
{
    struct place place;
    (void)state;

    open_place(&place);
    place.runs[1] = (struct run_fact){.workflow = "e2e.yaml"};
    plan(&place, NULL, "push", tag);
    expect_states(&place, STEP_DO, STEP_DO, STEP_DO);
    assert_contains(plan_step(&place.plan, STEP_WORKFLOWS)->reason, "e2e.yaml: no run yet");
    assert_contains(plan_step(&place.plan, STEP_IMAGES)->reason, "again after the workflows");
    assert_null(notes_images(&place.arena, place.plan.part)); /* it may be pushed anew */
    place.runs[1].state = RUN_SUCCEEDED;
    place.images[0].state = IMAGE_MISSING;
    plan(&place, NULL, "push", tag);
    expect_states(&place, STEP_DONE, STEP_DO, STEP_DO);
    assert_contains(plan_step(&place.plan, STEP_IMAGES)->reason, "not there yet");
    close_place(&place);
}

/* A draft is made beside a run that has failed, with a warning; an announcement is refused. */
static void test_failed_run(void **state)
{
    struct place place;
    (void)state;

    open_place(&place);
    place.runs[0].state = RUN_FAILED;
    place.runs[0].said = "failure";
    plan(&place, NULL, "push", tag);
    assert_string_equal(plan_findings(&place.arena, &place.plan),
                        "warning:CR-GATE-FAILED@workflows");
    assert_false(place.plan.refused);
    assert_int_equal(state_of(&place, STEP_WORKFLOWS), STEP_DO);
    place.target.command = COMMAND_ANNOUNCE;
    model_plan(&place.arena, &place.model, &place.inputs, &place.target, &place.plan);
    assert_true(place.plan.refused);
    assert_int_equal(state_of(&place, STEP_WORKFLOWS), STEP_REFUSED);
    close_place(&place);
}

static void test_own_workflow(void **state)
{
    struct place place;
    (void)state;

    open_place(&place);
    plan(&place, NULL, "push", tag);
    place.target.gates.own_workflow = "e2e.yaml";
    model_plan(&place.arena, &place.model, &place.inputs, &place.target, &place.plan);
    assert_string_equal(plan_findings(&place.arena, &place.plan), "error:CR-GATE-SELF@workflows");
    assert_int_equal(state_of(&place, STEP_WORKFLOWS), STEP_REFUSED);
    close_place(&place);
}

/* For a tag that is to be made nothing is asked: nothing can be there. */
static void test_tag_to_be_made(void **state)
{
    struct place place;
    (void)state;

    open_place(&place);
    plan(&place, "dry_run=true|sign=never|tag=v0.10.0-rc.2", "", "v0.10.0-rc.2");
    expect_states(&place, STEP_DO, STEP_DO, STEP_DO);
    assert_contains(plan_step(&place.plan, STEP_WORKFLOWS)->reason, "once the tag is there");
    assert_int_equal(place.model.asked[QUESTION_RUNS] + place.model.asked[QUESTION_IMAGES], 0);
    close_place(&place);
}

/* What nobody could see is unknown in a dry run, and is waited for in another. */
static void test_what_can_not_be_seen(void **state)
{
    struct place place;
    (void)state;

    open_place(&place);
    place.model.gates_hidden = true;
    plan(&place, "dry_run=true", "push", tag);
    expect_states(&place, STEP_UNKNOWN, STEP_UNKNOWN, STEP_DO);
    assert_string_equal(plan_step(&place.plan, STEP_IMAGES)->reason, "nobody can see it");
    plan(&place, NULL, "push", tag);
    expect_states(&place, STEP_DO, STEP_DO, STEP_DO);
    assert_false(place.plan.refused);
    close_place(&place);
}

/* ---- with a release that is there ------------------------------------------------------------ */

static void add_release(struct place *place, bool draft, const char *part, const char *tampered)
{
    CLEANUP(text_free) struct text body = {0};
    struct marker const marker = {.tag = tag,
                                  .commit = place->plan.commit,
                                  .recipe = place->plan.wish.recipe,
                                  .title = marker_hash(tag)};

    marker_write(&body, &marker, part);
    text_add(&body, tampered);
    place->release = (struct release){.id = 1,
                                      .tag = tag,
                                      .title = tag,
                                      .body = arena_copy(&place->arena, text_string(&body)),
                                      .page = "page",
                                      .upload_url = "u",
                                      .draft = draft,
                                      .prerelease = true};
    place->model.releases = (struct release_facts){.items = &place->release, .count = 1};
}

static void test_draft_that_tells_them(void **state)
{
    struct place place;
    (void)state;

    open_place(&place);
    plan(&place, NULL, "push", tag);
    const char *part = place.plan.part;
    add_release(&place, true, part, "");
    plan(&place, NULL, "push", tag);
    expect_states(&place, STEP_DONE, STEP_DONE, STEP_DONE);
    assert_false(plan_changes(&place.plan));
    /* Another digest: the notes are changed, and it is told. */
    place.images[0].digest = "sha256:other";
    plan(&place, NULL, "push", tag);
    expect_states(&place, STEP_DONE, STEP_DONE, STEP_DO);
    assert_string_equal(plan_findings(&place.arena, &place.plan), "warning:CR-IMAGE-DRIFT@images");
    close_place(&place);
}

static void test_draft_without_them(void **state)
{
    struct place place;
    (void)state;

    open_place(&place);
    plan(&place, NULL, "push", tag);
    add_release(&place, true, "* one", "");
    plan(&place, NULL, "push", tag);
    expect_states(&place, STEP_DONE, STEP_DONE, STEP_DO);
    add_release(&place, true, "* one", "\n<!-- cut-release:end -->");
    plan(&place, NULL, "push", tag);
    expect_states(&place, STEP_DONE, STEP_DONE, STEP_DONE);
    assert_contains(plan_step(&place.plan, STEP_NOTES)->reason, "a person edited");
    close_place(&place);
}

/* What is out isn't held back; for an announcement the gates count. */
static void test_published(void **state)
{
    struct place place;
    (void)state;

    open_place(&place);
    plan(&place, NULL, "push", tag);
    add_release(&place, false, "* one", "");
    place.runs[0].state = RUN_WAITING;
    place.runs[0].said = "queued";
    place.images[0].state = IMAGE_MISSING;
    plan(&place, NULL, "push", tag);
    assert_string_equal(plan_steps(&place.arena, &place.plan),
                        "branch=done tag=done release=done workflows=done images=done");
    place.target.command = COMMAND_ANNOUNCE;
    model_plan(&place.arena, &place.model, &place.inputs, &place.target, &place.plan);
    assert_int_equal(state_of(&place, STEP_WORKFLOWS), STEP_DO);
    assert_int_equal(state_of(&place, STEP_IMAGES), STEP_DO);
    place.runs[0].state = RUN_SUCCEEDED;
    place.images[0].state = IMAGE_FOUND;
    place.model.gates.publishing_runs = 1;
    model_plan(&place.arena, &place.model, &place.inputs, &place.target, &place.plan);
    assert_int_equal(state_of(&place, STEP_WORKFLOWS), STEP_DONE);
    assert_int_equal(state_of(&place, STEP_IMAGES), STEP_DO);
    close_place(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_there),
        cmocka_unit_test(test_not_yet_there),
        cmocka_unit_test(test_failed_run),
        cmocka_unit_test(test_own_workflow),
        cmocka_unit_test(test_tag_to_be_made),
        cmocka_unit_test(test_what_can_not_be_seen),
        cmocka_unit_test(test_draft_that_tells_them),
        cmocka_unit_test(test_draft_without_them),
        cmocka_unit_test(test_published),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
