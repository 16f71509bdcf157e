/* adapters/release_config reads .github/release.yml; core/release_config: what it says of labels. */
#include "support.h"

#include "adapters/release_config.h"

#include <string.h>

/* As GitHub's page has it, and what people write. */
static const char usual[] = "# .github/release.yml\n"
                            "changelog:\n"
                            "  exclude:\n"
                            "    labels:\n"
                            "      - ignore-for-release\n"
                            "    authors:\n"
                            "      - octocat\n"
                            "  categories:\n"
                            "    - title: Breaking Changes \xf0\x9f\x9b\xa0\n"
                            "      labels: [Semver-Major, breaking-change]\n"
                            "    - title: \"Features\"\n"
                            "      labels:\n"
                            "        - enhancement\n"
                            "      exclude:\n"
                            "        labels: [internal]\n"
                            "        authors:\n"
                            "          - dependabot\n"
                            "    - title: Rest\n"
                            "      labels: '*'\n"
                            "      exclude: {labels: [dependencies]}\n";

static const char *title(const struct release_config *config, const char *labels, const char *login)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct names_list list = {NULL, 0};
    const char *label;

    while ((label = next_part(&arena, &labels, ' '))) {
        list.items = arena_append(&arena, list.items, &list.count, sizeof(*list.items));
        list.items[list.count - 1] = label;
    }
    if (release_config_excludes(&config->exclude, &list, login))
        return "(excluded)";
    return release_config_title(config, &list, login);
}

static void test_categories(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct release_config config;
    struct error error;
    (void)state;

    assert_int_equal(release_config_read(&arena, usual, &config, &error), 0);
    assert_int_equal(config.count, 3);
    assert_string_equal(title(&config, "breaking-change", "a"), config.categories[0].title);
    assert_string_equal(title(&config, "enhancement breaking-change", "a"),
                        config.categories[0].title);
    assert_string_equal(title(&config, "SEMVER-MAJOR", "a"), config.categories[0].title);
    assert_string_equal(title(&config, "enhancement", "a"), "Features");
    assert_string_equal(title(&config, "enhancement internal", "a"), "Rest");
    assert_string_equal(title(&config, "enhancement", "dependabot[bot]"), "Rest");
    assert_string_equal(title(&config, "enhancement", "dependabot-preview"), "Features");
    assert_string_equal(title(&config, "bug", "a"), "Rest");
    assert_string_equal(title(&config, "", "a"), "Rest");
    assert_string_equal(title(&config, "", NULL), "Rest");
    assert_string_equal(title(&config, "dependencies", "a"), "Other Changes");
    assert_string_equal(title(&config, "bug Ignore-For-Release", "a"), "(excluded)");
    assert_string_equal(title(&config, "bug", "OctoCat"), "(excluded)");
    assert_string_equal(title(&config, "bug", "octocat2"), "Rest");
}

/* What has another shape says nothing, and is no failure. */
static void test_odd_files(void **state)
{
    static const char *const texts[] = {
        "",
        "# nothing\n",
        "- a\n- list\n",
        "just words",
        "changelog:\n",
        "changelog: words\n",
        "changelog: {categories: words, exclude: [a]}\n",
        "changelog: {categories: [words, {labels: [a]}, {title: ''}, {title: [a]}]}\n",
        "other: {categories: [{title: a, labels: [b]}]}\n",
        "[1]: 2\n",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct release_config config = {.count = 7};
        struct error error;

        assert_int_equal(release_config_read(&arena, texts[i], &config, &error), 0);
        assert_int_equal(config.count, 0);
        assert_int_equal(config.exclude.labels.count, 0);
        assert_null(title(&config, "a", "b"));
    }
}

static void test_bad_yaml(void **state)
{
    static const char *const texts[] = {"changelog:\n\t- tab\n", "a: [1, 2\n", "a: \"b\n", "*x",
                                        "a: \xff\xfe\n"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct release_config config = {.count = 7};
        struct error error = {0};

        assert_int_equal(release_config_read(&arena, texts[i], &config, &error), -1);
        assert_code(error.code, ERROR_NOTES_CONFIG);
        assert_int_equal(config.count, 7);
    }
}

/* Anchors, and a list that holds itself. */
static void test_anchors(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct release_config config;
    struct error error;
    (void)state;

    assert_int_equal(release_config_read(&arena,
                                         "changelog:\n  categories:\n"
                                         "    - {title: A, labels: &l [a, *l, b]}\n"
                                         "    - {title: B, labels: *l}\n",
                                         &config, &error),
                     0);
    assert_string_equal(title(&config, "b", NULL), "A");
    assert_int_equal(config.categories[1].labels.count, 2);
    assert_true(*release_config_yaml_version() != '\0');
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_categories),
        cmocka_unit_test(test_odd_files),
        cmocka_unit_test(test_bad_yaml),
        cmocka_unit_test(test_anchors),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
