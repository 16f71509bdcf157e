/* core/target (and core/context): what a run is about, by a table. */
#include "support.h"

#include "core/names.h"

#include <string.h>

enum { WHAT, EVENT, REF, PAYLOAD, INPUTS, EXPECTED };

static const char object[] = "7000000000000000000000000000000000000001";
static const char commit[] = "c000000000000000000000000000000000000001";

static const char *value_of(struct arena *arena, const char *payload, const char *name)
{
    const char *const *given = environment_of(arena, cell_or_null(payload));

    return environment_value(given, name);
}

static const char *id_of(const char *short_name)
{
    return !short_name ? NULL : *short_name == '7' ? object : commit;
}

static struct event event_of(struct arena *arena, const struct table_row *row)
{
    const char *payload = row->cells[PAYLOAD];

    return (struct event){
        .ref = cell_or_null(row->cells[REF]),
        .after = id_of(value_of(arena, payload, "after")),
        .head_commit = id_of(value_of(arena, payload, "head")),
        .deleted = strings_equal(payload, "deleted"),
        .action = value_of(arena, payload, "action"),
        .release_tag = value_of(arena, payload, "release"),
        .run_branch = value_of(arena, payload, "run"),
        .run_head = id_of(value_of(arena, payload, "run_head")),
    };
}

static int resolve(struct arena *arena, const struct table_row *row, struct target *target,
                   struct error *error)
{
    struct event const event = event_of(arena, row);
    struct context const context = {
        .event_name = string_or(cell_or_null(row->cells[EVENT]), ""),
        .ref = string_or(cell_or_null(row->cells[REF]), ""),
        .repository = "owner/project",
    };
    struct inputs *inputs = arena_take(arena, sizeof(*inputs));

    read_inputs(arena, cell_or_null(row->cells[INPUTS]), inputs);
    return target_resolve(arena, inputs, &context, &event, target, error);
}

static const char *result_of(struct arena *arena, const struct table_row *row)
{
    struct target target = {.tag = "untouched"};
    struct error error = {0};

    if (resolve(arena, row, &target, &error)) {
        assert_string_equal(target.tag, "untouched");
        assert_false(string_is_empty(error.message));
        return arena_print(arena, "%s %d", error_code_text(error.code), error.status);
    }
    return arena_print(arena, "%s%s%s%s", target.tag, target.pushed ? " pushed" : "",
                       target.command == COMMAND_ANNOUNCE ? " announce" : "",
                       target.of_another_line ? " other" : "");
}

static void test_table(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "target.tsv", 6, 40);
    for (size_t i = 0; i < table.count; i++) {
        CLEANUP(arena_free) struct arena arena = {0};

        table_expect_text(&table, &table.rows[i], "result", table.rows[i].cells[EXPECTED],
                          result_of(&arena, &table.rows[i]));
    }
    table_close(&table);
}

static const struct table_row *row_of(const char *event, const char *ref, const char *payload,
                                      const char *inputs)
{
    static struct table_row row;

    row = (struct table_row){.cells = {"", event, ref, payload, inputs, ""}};
    return &row;
}

/* An event that doesn't serve: the error names those that do. */
static void test_events_are_named(void **state)
{
    static const char *const events[] = {"pull_request", "push", "release"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(events); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct target target;
        struct error error = {0};

        assert_int_equal(
            resolve(&arena, row_of(events[i], "refs/heads/main", "-", "-"), &target, &error), -1);
        const char *said = arena_print(&arena, "%s %s", error.message, error.remedy);
        assert_contains(said, "push");
        assert_contains(said, "workflow_run");
        assert_contains(said, "workflow_dispatch");
        assert_contains(said, "release");
    }
}

static void test_names(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct target target;
    struct error error = {0};
    (void)state;

    assert_int_equal(
        resolve(&arena, row_of("push", "refs/tags/v0.10.0-rc.1", "-", "-"), &target, &error), 0);
    assert_string_equal(target.project, "project");
    assert_string_equal(target.branch, "release-0.10");
    assert_string_equal(target.branch_stem, "release-");
    assert_string_equal(target.title, "v0.10.0-rc.1");
    assert_string_equal(target.message, "project v0.10.0-rc.1 Release Candidate");
    assert_int_equal(
        resolve(&arena,
                row_of("push", "refs/tags/v1.2.3", "-", "project=Router|title={project} {version}"),
                &target, &error),
        0);
    assert_string_equal(target.message, "Router v1.2.3 Release");
    assert_string_equal(target.title, "Router 1.2.3");
    assert_int_equal(resolve(&arena,
                             row_of("push", "refs/tags/v1.2.3", "-",
                                    "release_branch={project}/{major}.{minor}|title={branch}|"
                                    "tag_message={tag} {patch} {rc}."),
                             &target, &error),
                     0);
    assert_string_equal(target.branch, "project/1.2");
    assert_string_equal(target.title, "project/1.2");
    assert_string_equal(target.message, "v1.2.3 3 .");
}

static void test_hints(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct target target;
    struct error error = {0};
    (void)state;

    assert_int_equal(
        resolve(&arena, row_of("push", "refs/tags/v0.1.0", "after=7|head=c", "-"), &target, &error),
        0);
    assert_string_equal(target.object_hint, object);
    assert_string_equal(target.commit_hint, commit);
    assert_null(target.run_head);
    assert_int_equal(
        resolve(&arena, row_of("workflow_run", "-", "run=v0.1.0|run_head=c", "-"), &target, &error),
        0);
    assert_string_equal(target.run_head, commit);
    assert_null(target.object_hint);
    /* A button's event says nothing about its tag; nor does a push about another one. */
    assert_int_equal(resolve(&arena,
                             row_of("push", "refs/tags/v0.1.0", "after=7|head=c", "tag=v0.2.0"),
                             &target, &error),
                     0);
    assert_null(target.object_hint);
    assert_false(target.pushed);
}

static void test_grammar_errors_help(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct target target;
    struct error error = {0};
    (void)state;

    resolve(&arena, row_of("push", "refs/tags/v0.2.0-RC1", "-", "-"), &target, &error);
    assert_contains(error.remedy, "v0.2.0-rc.1");
    assert_contains(error.message, "character 8");
    resolve(&arena, row_of("-", "-", "-", "tag=v0.2"), &target, &error);
    assert_contains(error.remedy, "v0.2.0");
    resolve(&arena, row_of("push", "refs/tags/gaie-1.5-sync", "-", "-"), &target, &error);
    assert_contains(error.remedy, "MAJOR.MINOR.PATCH");
    resolve(&arena, row_of("push", "refs/tags/v1.0.0\n::error::owned", "-", "-"), &target, &error);
    assert_code(ERROR_TAG_GRAMMAR, error.code);
    assert_lacks(error.message, "\n");
}

static void test_template_names(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct target target;
    struct error error = {0};
    struct names names;
    (void)state;

    resolve(&arena, row_of("push", "refs/tags/v0.1.2-rc.3", "-", "-"), &target, &error);
    names_of_target(&arena, &target, &names);
    assert_string_equal(
        template_fill(&arena, "{tag} {version} {major} {minor} {patch} {rc} {project} {branch}",
                      names.values, names.count),
        "v0.1.2-rc.3 0.1.2-rc.3 0 1 2 3 project release-0.1");
}

/* ---- context --------------------------------------------------------------------------------- */

static void test_context_of_a_runner(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *const environment[] = {"GITHUB_ACTIONS=true",
                                       "GITHUB_API_URL=https://api.github.com/",
                                       "GITHUB_REPOSITORY=o/n",
                                       "GITHUB_OUTPUT=/f/output",
                                       "GITHUB_TOKEN=not-for-us",
                                       "GITHUB_SERVER_URL=https://github.com",
                                       NULL};
    struct context context;
    struct inputs inputs;
    (void)state;

    context_read(&arena, environment, &context);
    read_inputs(&arena, NULL, &inputs);
    context_read_token(environment, &inputs, &context);
    assert_true(context.on_github);
    assert_true(context.commands);
    assert_string_equal(context.api_url, "https://api.github.com");
    assert_string_equal(context.repository, "o/n");
    assert_string_equal(context.output_path, "/f/output");
    assert_string_equal(context.event_path, "");
    assert_string_equal(context.token, ""); /* on a runner only the input counts */
    read_inputs(&arena, "token=mine", &inputs);
    context_read_token(environment, &inputs, &context);
    assert_string_equal(context.token, "mine");
}

static void test_context_of_a_laptop(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *const both[] = {"GH_TOKEN=second", "GITHUB_TOKEN=first", NULL};
    const char *const one[] = {"GH_TOKEN=second", "GITHUB_TOKEN=", NULL};
    struct context context;
    struct inputs inputs;
    (void)state;

    read_inputs(&arena, NULL, &inputs);
    context_read(&arena, both, &context);
    context_read_token(both, &inputs, &context);
    assert_false(context.on_github);
    assert_false(context.commands);
    assert_string_equal(context.token, "first");
    context_read(&arena, one, &context);
    context_read_token(one, &inputs, &context);
    assert_string_equal(context.token, "second");
    read_inputs(&arena, "token=mine", &inputs);
    context_read_token(both, &inputs, &context);
    assert_string_equal(context.token, "mine");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_events_are_named),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_hints),
        cmocka_unit_test(test_grammar_errors_help),
        cmocka_unit_test(test_template_names),
        cmocka_unit_test(test_context_of_a_runner),
        cmocka_unit_test(test_context_of_a_laptop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
