/* core/template: names in braces. */
#include "support.h"

#include "core/template.h"

static const struct template_value values[] = {
    {"tag", "v0.1.0-rc.1"}, {"major", "0"}, {"minor", "1"}, {"rc", NULL}, {"project", "{tag}"},
};

static void test_fill(void **state)
{
    static const struct {
        const char *template, *expected;
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"{tag}", "v0.1.0-rc.1"},
        {"release-{major}.{minor}", "release-0.1"},
        {"{tag}{tag}", "v0.1.0-rc.1v0.1.0-rc.1"},
        {"a {rc} b", "a  b"},
        {"{unknown}", "{unknown}"},
        {"if (x) { y(); } {tag}", "if (x) { y(); } v0.1.0-rc.1"},
        {"{", "{"},
        {"{tag", "{tag"},
        {"}", "}"},
        {"{{tag}}", "{v0.1.0-rc.1}"},
        {"{\ntag}", "{\ntag}"},
        {"{tags}", "{tags}"},
        {"{ta}", "{ta}"},
        {"{}", "{}"},
        {"{project}", "{tag}"}, /* what a value holds is not expanded again */
    };
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(template_fill(&arena, cases[i].template, values, COUNT_OF(values)),
                            cases[i].expected);
}

static void test_expand(void **state)
{
    static const struct {
        const char *template, *expected; /* NULL: refused */
        const char *character;
    } cases[] = {
        {"", "", NULL},
        {"{project} {tag} Release", "{tag} v0.1.0-rc.1 Release", NULL},
        {"release-{major}.{minor}", "release-0.1", NULL},
        {"{rc}", "", NULL},
        {"v${MAJOR}.${MINOR}", NULL, "character 3"},
        {"${tag}", NULL, "character 2"},
        {"{unknown}", NULL, "character 1"},
        {"{tag} }", NULL, "character 7"},
        {"x {", NULL, "character 3"},
        {"{Tag}", NULL, "character 1"},
        {"{ tag }", NULL, "character 1"},
    };
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *expanded = "untouched";
        struct error error = {0};
        int const result = template_expand(&arena, "title", cases[i].template, values,
                                           COUNT_OF(values), &expanded, &error);

        assert_int_equal(result, cases[i].expected ? 0 : -1);
        assert_string_equal(expanded, string_or(cases[i].expected, result ? "untouched" : ""));
        if (result) {
            assert_code(ERROR_INPUT_TEMPLATE, error.code);
            assert_int_equal(error.status, 2);
            assert_contains(error.message, "title");
            assert_contains(error.message, cases[i].character);
            assert_string_equal(error.remedy, "use {tag}, {major}, {minor}, {rc} or {project}");
        }
    }
}

static void test_stem(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_string_equal(template_stem(&arena, "release-{major}.{minor}"), "release-");
    assert_string_equal(template_stem(&arena, "{project}/x"), "");
    assert_string_equal(template_stem(&arena, "main"), "main");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fill),
        cmocka_unit_test(test_expand),
        cmocka_unit_test(test_stem),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
