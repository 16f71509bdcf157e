/* core/inputs: one table defines them; this one says what is read. */
#include "support.h"

#include "core/outputs.h"

#include <string.h>

static const char *const nothing[] = {NULL};

/* An argument may be a blank-free word or hold blanks: they are separated by |. */
static void check_values(struct table *table, const struct table_row *row, struct arena *arena,
                         const struct inputs *inputs)
{
    const char *rest = row->cells[3], *expected;

    while ((expected = next_part(arena, &rest, '|'))) {
        const char *equals = strchr(expected, '=');
        enum input_id id = 0;

        assert_non_null(equals);
        while (id < INPUT_COUNT &&
               (strncmp(input_specs[id].name, expected, (size_t)(equals - expected)) != 0 ||
                input_specs[id].name[equals - expected]))
            id++;
        if (id == INPUT_COUNT)
            fail_msg("%s:%zu: there is no input %s", table->path, row->line, expected);
        table_expect_text(table, row, input_specs[id].name, equals + 1, input_text(inputs, id));
    }
}

static void check_row(struct table *table, const struct table_row *row, struct arena *arena)
{
    const char *const *arguments = environment_of(arena, cell_or_null(row->cells[1]));
    CLEANUP(text_free) struct text found = {0};
    const char **environment = NULL, *rest = string_or(cell_or_null(row->cells[2]), "");
    size_t count = 0;
    struct inputs inputs = {.values = {"untouched"}};
    struct error error = {0};

    for (bool more = true; more;) { /* as it stands, blanks too */
        size_t const length = strcspn(rest, "|");

        environment = arena_append(arena, environment, &count, sizeof(*environment));
        environment[count - 1] = *rest ? arena_copy_bytes(arena, rest, length) : NULL;
        more = *rest != '\0';
        rest += length + (rest[length] == '|');
    }
    if (inputs_read(arena, arguments, environment, &inputs, &error)) {
        text_print(&found, "%s %d", error_code_text(error.code), error.status);
        table_expect_text(table, row, "error", row->cells[3], text_string(&found));
        table_expect_text(table, row, "inputs", "untouched", inputs.values[0]);
    } else if (string_starts(row->cells[3], "CR-"))
        table_wrong(table, row, "%s was expected, it was taken", row->cells[3]);
    else
        check_values(table, row, arena, &inputs);
}

static void test_table(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "inputs.tsv", 4, 60);
    for (size_t i = 0; i < table.count; i++) {
        CLEANUP(arena_free) struct arena arena = {0};

        check_row(&table, &table.rows[i], &arena);
    }
    table_close(&table);
}

/* Every input of the contract is there, in the contract's order of names; none is there twice. */
static void test_all_inputs(void **state)
{
    static const char names[] =
        "command token tag major minor patch rc tag_prefix remote prerelease_labels project "
        "source_branch release_branch tag_message signing_key signing_passphrase sign tagger "
        "trusted_keys verify_tag require_rc title draft prerelease make_latest body body_path "
        "generate_notes previous_tag notes_on_edit upstream upstream_module files checksums "
        "workflows images wait_minutes announce_to announce_from announce_candidates smtp_url "
        "smtp_username smtp_password announcement_path issue close_issue dry_run ca_bundle "
        "timeout_seconds";
    CLEANUP(text_free) struct text found = {0};
    (void)state;

    for (enum input_id id = 0; id < INPUT_COUNT; id++)
        text_print(&found, "%s%s", id ? " " : "", input_specs[id].name);
    assert_string_equal(text_string(&found), names);
}

/* The default of each input is a value that the parser takes. */
static void test_defaults_are_valid(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    for (enum input_id id = 0; id < INPUT_COUNT; id++) {
        const char *const environment[] = {
            arena_print(&arena, "%s=%s", input_variable(&arena, id), input_specs[id].fallback),
            NULL,
        };
        struct inputs inputs;
        struct error error = {0};

        if (inputs_read(&arena, nothing, environment, &inputs, &error))
            fail_msg("%s: %s", input_specs[id].name, error.message);
        assert_string_equal(input_text(&inputs, id), input_specs[id].fallback);
    }
}

static void test_secrets_are_not_shown(void **state)
{
    static const enum input_id secrets[] = {INPUT_TOKEN, INPUT_SIGNING_KEY,
                                            INPUT_SIGNING_PASSPHRASE, INPUT_SMTP_PASSWORD};
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(secrets); i++) {
        const char *const environment[] = {
            arena_print(&arena, "%s=hunter2-secret", input_variable(&arena, secrets[i])), NULL};
        struct inputs inputs;
        struct error error = {0};

        assert_int_equal(input_specs[secrets[i]].kind, INPUT_KIND_SECRET);
        inputs_read(&arena, nothing, environment, &inputs, &error);
        assert_lacks(error.message, "hunter2");
        assert_lacks(error.remedy, "hunter2");
    }
}

static void test_help_and_version(void **state)
{
    const char *const help[] = {"--help", "--nonsense-behind-is-refused-first", NULL};
    const char *const version[] = {"--version", NULL}, *const short_help[] = {"-h", NULL};
    const char *const broken[] = {"INPUT_DRY_RUN=perhaps", NULL};
    CLEANUP(arena_free) struct arena arena = {0};
    struct inputs inputs = {0};
    struct error error = {0};
    (void)state;

    assert_int_equal(inputs_read(&arena, version, broken, &inputs, &error), 0);
    assert_true(inputs.version);
    assert_int_equal(inputs_read(&arena, short_help, broken, &inputs, &error), 0);
    assert_true(inputs.help);
    assert_int_equal(inputs_read(&arena, help, nothing, &inputs, &error), -1);
    assert_code(ERROR_INPUT_UNKNOWN, error.code);
}

static void test_help_names_every_option(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text help = {0};
    (void)state;

    inputs_help(&help);
    for (enum input_id id = 0; id < INPUT_COUNT; id++) {
        char *option = arena_print(&arena, "\n  --%s", input_specs[id].name);

        for (char *at = option; *at; at++)
            *at = *at == '_' ? '-' : *at;
        assert_contains(text_string(&help), option);
        assert_contains(text_string(&help), input_specs[id].meaning);
    }
    assert_contains(text_string(&help), "--help");
    assert_contains(text_string(&help), "--version");
    assert_contains(text_string(&help), "Exit status");
}

static void test_questions_about_inputs(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct inputs inputs;
    (void)state;

    read_inputs(&arena, "tag_prefix=none|major=12|dry_run=true|project=p", &inputs);
    assert_string_equal(input_tag_prefix(&inputs), "");
    assert_int_equal(input_number(&inputs, INPUT_MAJOR), 12);
    assert_int_equal(input_number(&inputs, INPUT_MINOR), -1);
    assert_true(input_flag(&inputs, INPUT_DRY_RUN));
    assert_false(input_flag(&inputs, INPUT_REQUIRE_RC));
    assert_true(input_given(&inputs, INPUT_PROJECT));
    assert_false(input_given(&inputs, INPUT_TAG));
    assert_true(input_is(&inputs, INPUT_SIGN, "required"));
    assert_string_equal(input_variable(&arena, INPUT_DRY_RUN), "INPUT_DRY_RUN");
    read_inputs(&arena, "tag_prefix=conformance/v", &inputs);
    assert_string_equal(input_tag_prefix(&inputs), "conformance/v");
}

static void test_environment_value(void **state)
{
    const char *const environment[] = {"A=1", "AB=2", "EMPTY=", "BROKEN", "A=3", NULL};
    (void)state;

    assert_string_equal(environment_value(environment, "A"), "1");
    assert_string_equal(environment_value(environment, "AB"), "2");
    assert_string_equal(environment_value(environment, "EMPTY"), "");
    assert_null(environment_value(environment, "B"));
    assert_null(environment_value(environment, "BROKEN"));
}

/* The outputs of the contract's section 4, in one table too. */
static void test_all_outputs(void **state)
{
    static const char names[] =
        "tag version major minor patch rc prerelease latest branch branch_created tag_created "
        "commit tag_object previous_tag release_id release_url upload_url notes announcement "
        "changed plan";
    CLEANUP(text_free) struct text found = {0};
    (void)state;

    for (enum output_id id = 0; id < OUTPUT_COUNT; id++) {
        text_print(&found, "%s%s", id ? " " : "", output_specs[id].name);
        assert_false(string_is_empty(output_specs[id].meaning));
    }
    assert_string_equal(text_string(&found), names);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_all_inputs),
        cmocka_unit_test(test_defaults_are_valid),
        cmocka_unit_test(test_secrets_are_not_shown),
        cmocka_unit_test(test_help_and_version),
        cmocka_unit_test(test_help_names_every_option),
        cmocka_unit_test(test_questions_about_inputs),
        cmocka_unit_test(test_environment_value),
        cmocka_unit_test(test_all_outputs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
