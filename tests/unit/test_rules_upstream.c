/* core/rules_upstream: what is asked about the upstream, and what is said of it. */
#include "support_model.h"

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

static struct upstream_release releases[] = {
    {"v1.2.0", "## Highlights\nTwo, by @somebody."},
    {"v1.1.0", "## What's Changed\n* x"},
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
    planned->model.upstream = (struct upstream_facts){.items = releases, .count = 2};
    planned->model.module_now = "require m.example/x v1.2.0\n";
    planned->model.module_before = "require m.example/x v1.0.0\n";
    read_inputs(arena, inputs, &planned->inputs);
}

static void look(struct planned *planned)
{
    model_target(&planned->arena, &planned->model, &planned->inputs, "push", tag, &planned->target);
    model_observe(&planned->arena, &planned->model, &planned->inputs, &planned->target,
                  &planned->facts);
    plan_make(&planned->arena, &planned->inputs, &planned->target, &planned->facts,
              "https://github.com", &planned->plan);
}

static const char *findings(struct planned *planned)
{
    return plan_findings(&planned->arena, &planned->plan);
}

#define LATEST "upstream=up/stream"
#define MODULE LATEST "|upstream_module=m.example/x"

static void test_nothing_is_asked_without(void **state)
{
    struct planned planned;
    (void)state;

    open_planned(&planned, NULL);
    look(&planned);
    assert_int_equal(planned.model.asked[QUESTION_UPSTREAM], 0);
    assert_int_equal(planned.model.asked[QUESTION_MODULE_NOW], 0);
    assert_null(planned.plan.highlights);
    arena_free(&planned.arena);
}

static void test_latest(void **state)
{
    struct planned planned;
    (void)state;

    open_planned(&planned, LATEST);
    look(&planned);
    assert_int_equal(planned.model.rounds, 2); /* beside the notes */
    assert_int_equal(planned.model.asked[QUESTION_MODULE_NOW], 0);
    assert_null(planned.facts.answers[QUESTION_UPSTREAM].question.head);
    assert_contains(planned.plan.highlights, "## Highlights of [up/stream v1.2.0](https://github");
    assert_true(string_starts(planned.plan.part, planned.plan.highlights));
    assert_contains(planned.plan.part, "* notes since v0.9.0");
    assert_string_equal(findings(&planned), "notice:CR-UPSTREAM@release"); /* v1.1.0 is silent */
    arena_free(&planned.arena);
}

static void test_module(void **state)
{
    struct planned planned;
    (void)state;

    open_planned(&planned, MODULE);
    look(&planned);
    assert_string_equal(planned.facts.answers[QUESTION_MODULE_BEFORE].question.head, "v0.9.0");
    assert_string_equal(planned.facts.answers[QUESTION_UPSTREAM].question.base, "v1.0.0");
    assert_string_equal(planned.facts.answers[QUESTION_UPSTREAM].question.head, "v1.2.0");
    assert_non_null(planned.plan.highlights);
    arena_free(&planned.arena);
}

/* The module's version says that nothing is new, or nothing can be said. */
static void test_module_without_news(void **state)
{
    static const struct {
        const char *now, *before, *findings;
    } cases[] = {
        {"require m.example/x v1.0.0", "require m.example/x v1.0.0", "-"},
        {"require m.example/x v0.9.0", "require m.example/x v1.0.0", "notice:CR-UPSTREAM@release"},
        {"module a", "require m.example/x v1.0.0", "error:CR-UPSTREAM@release"},
        {NULL, NULL, "error:CR-UPSTREAM@release"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct planned planned;

        open_planned(&planned, MODULE);
        planned.model.module_now = cases[i].now;
        planned.model.module_before = cases[i].before;
        look(&planned);
        assert_string_equal(findings(&planned), cases[i].findings);
        assert_int_equal(planned.model.asked[QUESTION_UPSTREAM], 0);
        assert_null(planned.plan.highlights);
        arena_free(&planned.arena);
    }
}

static void test_upstreams_that_tell_nothing(void **state)
{
    struct planned planned;
    (void)state;

    open_planned(&planned, LATEST);
    planned.model.upstream = (struct upstream_facts){.missing = true};
    look(&planned);
    assert_string_equal(findings(&planned), "error:CR-UPSTREAM@release");
    arena_free(&planned.arena);

    open_planned(&planned, LATEST);
    planned.model.upstream = (struct upstream_facts){.count = 0};
    look(&planned);
    assert_string_equal(findings(&planned), "notice:CR-UPSTREAM@release");
    assert_null(planned.plan.highlights);
    arena_free(&planned.arena);

    for (size_t after = 0; after < 2; after++) { /* of a module: which ones were looked for */
        open_planned(&planned, MODULE);
        planned.model.upstream = (struct upstream_facts){.count = 0};
        if (!after)
            planned.model.module_before = "module a";
        look(&planned);
        assert_string_equal(findings(&planned), "notice:CR-UPSTREAM@release");
        assert_contains(plan_finding(&planned.plan, ERROR_UPSTREAM)->message,
                        after ? "above \"v1.0.0\", up to \"v1.2.0\""
                              : "no final release up to \"v1.2.0\"");
        arena_free(&planned.arena);
    }

    for (size_t dry_run = 0; dry_run < 2; dry_run++) {
        open_planned(&planned, dry_run ? LATEST "|dry_run=true" : LATEST);
        planned.model.upstream_hidden = true;
        look(&planned);
        assert_string_equal(findings(&planned),
                            dry_run ? "notice:CR-UPSTREAM@release" : "error:CR-UPSTREAM@release");
        arena_free(&planned.arena);
    }
}

/* The recipe knows the inputs: others mean that our part is written again. */
static void test_recipe(void **state)
{
    static const char *const inputs[] = {NULL, LATEST, MODULE, "upstream=another/one"};
    uint64_t recipes[COUNT_OF(inputs)];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(inputs); i++) {
        struct planned planned;

        open_planned(&planned, inputs[i]);
        look(&planned);
        recipes[i] = planned.plan.wish.recipe;
        for (size_t j = 0; j < i; j++)
            assert_true(recipes[i] != recipes[j]);
        arena_free(&planned.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_asked_without),
        cmocka_unit_test(test_latest),
        cmocka_unit_test(test_module),
        cmocka_unit_test(test_module_without_news),
        cmocka_unit_test(test_upstreams_that_tell_nothing),
        cmocka_unit_test(test_recipe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
