/* core/rules_assets: what is planned for the files, and when their digests are needed. */
#include "support_model.h"

#include "core/marker.h"

#include <string.h>

static const char tag[] = "v0.10.0-rc.1";

struct planned {
    struct arena arena;
    struct inputs inputs;
    struct model model;
    struct target target;
    struct facts facts;
    struct plan plan;
};

static void open_planned(struct planned *planned, const char *inputs)
{
    struct arena *arena = &planned->arena;

    *planned = (struct planned){
        .model = {.repository = "o/n", .default_branch = "main", .source = "main"}};
    const char *commit = planned->model.source_head = object_id(arena, 'c', 1);
    model_add_tag(arena, &planned->model, "v0.9.0", object_id(arena, 'c', 40));
    model_add_signed_tag(arena, &planned->model, tag, commit);
    model_add_branch(arena, &planned->model, "release-0.10", commit);
    read_inputs(arena, inputs, &planned->inputs);
    assets_add(arena, &planned->model.files,
               (struct asset_file){.path = "dist/a", .real = "/dist/a", .size = 5});
    assets_add(arena, &planned->model.files,
               (struct asset_file){.path = "dist/b c", .real = "/dist/b c", .size = 2000});
    assets_complete(arena, &planned->model.files, false);
}

/* A release by hand, with these assets. */
static void add_release(struct planned *planned, bool draft, struct asset *assets, size_t count)
{
    struct release *release = arena_take(&planned->arena, sizeof(*release));

    *release = (struct release){
        .id = 9,
        .tag = tag,
        .title = tag,
        .body = "By hand.",
        .page = "",
        .upload_url = "",
        .draft = draft,
        .prerelease = true,
        .assets = {.items = assets, .count = count},
    };
    planned->model.releases = (struct release_facts){.items = release, .count = 1};
}

static void look(struct planned *planned)
{
    model_target(&planned->arena, &planned->model, &planned->inputs, "push", tag, &planned->target);
    model_observe(&planned->arena, &planned->model, &planned->inputs, &planned->target,
                  &planned->facts);
    plan_make(&planned->arena, &planned->inputs, &planned->target, &planned->facts,
              "https://github.com", &planned->plan);
}

static const struct step *assets_step(const struct planned *planned)
{
    return plan_step(&planned->plan, STEP_ASSETS);
}

static void test_no_files(void **state)
{
    struct planned planned;
    (void)state;

    open_planned(&planned, NULL);
    look(&planned);
    assert_int_equal(planned.model.asked[QUESTION_FILES], 0);
    assert_null(planned.plan.files);
    assert_string_equal(plan_steps(&planned.arena, &planned.plan),
                        "branch=done tag=done release=do");
    arena_free(&planned.arena);
}

/* A new draft: nobody needs a digest yet. */
static void test_new_draft(void **state)
{
    struct planned planned;
    (void)state;

    open_planned(&planned, "files=dist/*");
    look(&planned);
    assert_int_equal(planned.model.asked[QUESTION_DIGESTS], 0);
    assert_int_equal(assets_step(&planned)->state, STEP_DO);
    assert_string_equal(assets_step(&planned)->target, "2 files");
    assert_contains(assets_step(&planned)->reason, "2.0 kB");
    assert_string_equal(plan_findings(&planned.arena, &planned.plan),
                        "notice:CR-ASSET-RENAMED@assets");
    arena_free(&planned.arena);
}

static void test_drafts(void **state)
{
    struct asset equal[] = {{.name = "a", .size = 5, .digest = "a", .whole = true},
                            {.name = "b.c", .size = 2000, .digest = "b c", .whole = true}};
    struct asset other[] = {{.name = "a", .size = 5, .digest = "z", .whole = true},
                            {.name = "b.c", .size = 7, .whole = true}};
    static const struct {
        size_t equal, digests;
        enum step_state state;
        const char *reason;
    } cases[] = {
        {2, 1, STEP_DONE, "are there, whole"},
        {1, 1, STEP_DO, "1 uploaded, 0 replaced, 1 there already"},
        {0, 1, STEP_DO, "0 uploaded, 2 replaced, 0 there already"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct planned planned;

        open_planned(&planned, "files=dist/*");
        add_release(&planned, true, cases[i].equal ? equal : other,
                    cases[i].equal ? cases[i].equal : 2);
        look(&planned);
        assert_int_equal(planned.model.asked[QUESTION_DIGESTS], cases[i].digests);
        assert_int_equal(assets_step(&planned)->state, cases[i].state);
        assert_contains(assets_step(&planned)->reason, cases[i].reason);
        assert_false(planned.plan.refused);
        arena_free(&planned.arena);
    }
}

static void test_published(void **state)
{
    struct asset assets[] = {{.name = "b.c", .size = 2000, .digest = "b c", .whole = true},
                             {.name = "a", .size = 5, .digest = "a", .whole = true}};
    (void)state;

    for (size_t count = 0; count <= 2; count++) {
        struct planned planned;

        open_planned(&planned, "files=dist/*");
        add_release(&planned, false, assets, count);
        look(&planned);
        assert_int_equal(planned.plan.refused, count < 2);
        assert_int_equal(assets_step(&planned)->state, count < 2 ? STEP_REFUSED : STEP_DONE);
        if (count < 2)
            assert_contains(plan_finding(&planned.plan, ERROR_ASSET_DIFFERS)->message, "such as a");
        arena_free(&planned.arena);
    }
}

/* All that is wrong with the files is told at once, with all else. */
static void test_problems(void **state)
{
    struct planned planned;
    (void)state;

    open_planned(&planned, "files=dist/*");
    assets_refuse(&planned.arena, &planned.model.files, ERROR_ASSET_MISSING, "make it", "none");
    assets_refuse(&planned.arena, &planned.model.files, ERROR_INPUT_PATH, NULL, "leads out");
    look(&planned);
    assert_string_equal(plan_findings(&planned.arena, &planned.plan),
                        "error:CR-ASSET-MISSING@assets error:CR-INPUT-PATH@assets "
                        "notice:CR-ASSET-RENAMED@assets");
    assert_int_equal(assets_step(&planned)->state, STEP_REFUSED);
    arena_free(&planned.arena);
}

/* What can't be seen from here. */
static void test_unknown(void **state)
{
    struct planned planned;
    (void)state;

    open_planned(&planned, "files=dist/*|dry_run=true");
    planned.model.clone_only = true;
    look(&planned);
    assert_int_equal(assets_step(&planned)->state, STEP_UNKNOWN);
    arena_free(&planned.arena);

    open_planned(&planned, "files=dist/*|dry_run=true");
    planned.model.push_denied = true;
    look(&planned);
    assert_int_equal(assets_step(&planned)->state, STEP_UNKNOWN);
    arena_free(&planned.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_files), cmocka_unit_test(test_new_draft),
        cmocka_unit_test(test_drafts),   cmocka_unit_test(test_published),
        cmocka_unit_test(test_problems), cmocka_unit_test(test_unknown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
