/* report_gates: the gates in the plan's JSON and in the summary. */
#include "support.h"

#include "report_gates.h"

static void test_nothing(void **state)
{
    CLEANUP(text_free) struct text out = {0};
    struct gates const gates = {.run_count = 0};
    (void)state;

    summary_gates(&gates, &out);
    assert_string_equal(text_string(&out), "");
}

static void test_all_states(void **state)
{
    CLEANUP(text_free) struct text out = {0}, printed = {0};
    struct run_fact runs[] = {
        {.workflow = "ci.yaml",
         .state = RUN_SUCCEEDED,
         .page = "https://github.com/o/n/actions/runs/7"},
        {.workflow = "e2e.yaml", .state = RUN_MISSING},
    };
    struct image_fact images[] = {
        {.reference = "a/b:1",
         .state = IMAGE_FOUND,
         .digest = "sha256:1",
         .platforms = "linux/amd64"},
        {.reference = "a/c:1", .state = IMAGE_DENIED, .platforms = ""},
    };
    struct gates const gates = {.runs = runs, .run_count = 2, .images = images, .image_count = 2};
    (void)state;

    summary_gates(&gates, &out);
    assert_string_equal(text_string(&out),
                        "\n### Workflows and images\n\n"
                        "- ci.yaml: [succeeded](https://github.com/o/n/actions/runs/7)\n"
                        "- e2e.yaml: missing\n"
                        "- `a/b:1`: `sha256:1` (linux/amd64)\n"
                        "- `a/c:1`: denied\n");
    CLEANUP(json_free_cleanup) struct json *json = json_of_gates(&gates);
    json_print(json, &printed);
    assert_string_equal(
        text_string(&printed),
        "{\"workflows\":[{\"workflow\":\"ci.yaml\",\"state\":\"succeeded\",\"page\":"
        "\"https://github.com/o/n/actions/runs/7\"},{\"workflow\":\"e2e.yaml\",\"state\":"
        "\"missing\"}],\"images\":[{\"reference\":\"a/b:1\",\"state\":\"found\",\"digest\":"
        "\"sha256:1\",\"platforms\":\"linux/amd64\"},{\"reference\":\"a/"
        "c:1\",\"state\":\"denied\"}]}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_all_states),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
