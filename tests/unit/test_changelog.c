/* core/changelog: what is asked, and the list that is made of it. */
#include "support.h"

#include "core/changelog.h"

#include <string.h>

#define PAGE "https://github.com/o/n"
#define PULL(title, number) "* " title " by @a in " PAGE "/pull/" #number "\n"
#define LINK "**Full Changelog**: " PAGE "/compare/v1...v2"
#define NOTES "## What's Changed\n" PULL("One", 1) "\n" LINK

static const char *const bug[] = {"bug"}, *const feature[] = {"feature"}, *const no[] = {"no"};

static struct category two_categories[] = {
    {.title = "Features", .labels = {(const char **)feature, 1}},
    {.title = "Bugs", .labels = {(const char **)bug, 1}},
};

/* What a test gives; the rest is empty. */
struct given {
    const char *generated;
    struct change changes[8];
    struct pull_request pulls[8];
    struct release_config config;
    bool nowhere; /* no page is known */
};

static size_t count_changes(const struct given *given)
{
    size_t count = 0;

    while (count < COUNT_OF(given->changes) && given->changes[count].commit)
        count++;
    return count;
}

static size_t count_pulls(const struct given *given)
{
    size_t count = 0;

    while (count < COUNT_OF(given->pulls) &&
           (given->pulls[count].number || given->pulls[count].commit))
        count++;
    return count;
}

static const char *text_of(struct arena *arena, struct given *given)
{
    struct changes const changes = {given->changes, count_changes(given), count_changes(given)};
    struct pulls const pulls = {given->pulls, count_pulls(given), NULL};

    return changelog_text(arena,
                          &(struct changelog){
                              .generated = given->generated,
                              .changes = &changes,
                              .pulls = &pulls,
                              .config = &given->config,
                              .page = given->nowhere ? NULL : PAGE,
                              .changes_page = given->nowhere ? NULL : PAGE "/compare/v1...v2",
                          });
}

#define TEXT(...) text_of(&arena, &(struct given){__VA_ARGS__})

static void test_what_is_asked(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct change list[] = {
        {.commit = "c1", .subject = "One", .pull = 1},
        {.commit = "c2", .subject = "Two", .pull = 2},
        {.commit = "c3", .subject = "By hand"},
        {.commit = "c4", .subject = "Picked", .picked = "c0"},
        {.commit = "c5", .subject = "Two again", .pull = 2},
        {.commit = "c6", .subject = "One"},
    };
    struct changes const changes = {list, COUNT_OF(list), COUNT_OF(list)};
    struct changes const none = {NULL, 0, 0};
    bool all;
    (void)state;

    assert_string_equal(changelog_wanted(&arena, NOTES, &changes, &all), "2 c0 c3");
    assert_true(all);
    assert_string_equal(changelog_wanted(&arena, NULL, &changes, &all), "c6 2 c0 c3 1");
    assert_null(changelog_wanted(&arena, NOTES, &none, &all));
    assert_null(changelog_wanted(&arena, NOTES, &(struct changes){list, 1, 1}, &all));
}

static void test_so_many_are_asked(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct change list[CHANGELOG_MOST_PULLS + 1] = {{.commit = NULL}};
    struct changes changes = {list, COUNT_OF(list), COUNT_OF(list)};
    bool all = true;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(list); i++)
        list[i] = (struct change){.commit = "c", .subject = "s", .pull = (uint32_t)(1000 + i)};
    const char *wanted = changelog_wanted(&arena, NULL, &changes, &all);
    assert_false(all);
    assert_true(string_starts(wanted, "1100 1099 ")); /* the newest first */
    assert_lacks(wanted, "1000");
    changes.count--;
    changelog_wanted(&arena, NULL, &changes, &all);
    assert_true(all);
}

static void test_nothing_is_missing(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    static const char odd[] = "## What's Changed\n\n\n" PULL("One", 1) "\n\n\n" LINK "\n\n";
    (void)state;

    assert_string_equal(TEXT(.generated = NOTES), NOTES);
    assert_string_equal(
        TEXT(.generated = odd, .changes = {{.commit = "c", .subject = "", .pull = 1}}), odd);
    assert_string_equal(TEXT(.generated = LINK), LINK);
    assert_string_equal(TEXT(.generated = NULL), LINK);
    assert_string_equal(TEXT(.generated = "Something"), "Something\n\n" LINK);
    assert_string_equal(TEXT(.generated = "Something", .nowhere = true), "Something");
    assert_string_equal(TEXT(.nowhere = true), "");
}

static void test_missing_ones_are_added(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_string_equal(
        TEXT(.generated = NOTES,
             .changes = {{.commit = "c1", .subject = "One", .pull = 1},
                         {.commit = "0123456789", .subject = "Two, picked", .pull = 2},
                         {.commit = "abcdef0123", .subject = "By hand", .login = "me"},
                         {.commit = "c4", .subject = "Two, more", .pull = 2}},
             .pulls = {{.number = 2, .title = "Two", .login = "a"}, {.commit = "abcdef0123"}}),
        "## What's Changed\n" PULL("One", 1) PULL("Two", 2) "* By hand ([abcdef0](" PAGE
                                                            "/commit/abcdef0123))\n\n" LINK);
    /* Without any generated entry. */
    assert_string_equal(TEXT(.generated = LINK,
                             .changes = {{.commit = "c", .subject = "", .pull = 2}},
                             .pulls = {{.number = 2, .title = "Two", .login = "a"}}),
                        "## What's Changed\n" PULL("Two", 2) "\n" LINK);
    /* A pull request that nobody asked for, or was to be: by the commit alone. */
    assert_string_equal(TEXT(.changes = {{.commit = "c", .subject = "Two", .pull = 2, .login = "a"},
                                         {.commit = "d", .subject = "Three", .pull = 3}}),
                        "## What's Changed\n" PULL("Two", 2) "* Three in " PAGE "/pull/3\n\n" LINK);
    /* The number is an issue's. */
    assert_string_equal(
        TEXT(.changes = {{.commit = "c", .subject = "Two", .pull = 2}}, .pulls = {{.number = 2}}),
        "## What's Changed\n* Two (#2) ([c](" PAGE "/commit/c))\n\n" LINK);
    /* Nobody knows the repository's page. */
    assert_string_equal(
        TEXT(.nowhere = true, .changes = {{.commit = "0123456789", .subject = "By hand"},
                                          {.commit = "d", .subject = "Three", .pull = 3}}),
        "## What's Changed\n* By hand (0123456)\n* Three (#3)\n");
}

/* The commits of a rebased pull request name it only by way of the server. */
static void test_commits_of_pull_requests(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_string_equal(
        TEXT(.generated = NOTES,
             .changes = {{.commit = "c1", .subject = "a part"}, {.commit = "c2", .subject = "One"}},
             .pulls = {{.commit = "c1", .number = 1, .title = "One"}}),
        NOTES);
    assert_string_equal(
        TEXT(.generated = NOTES, .changes = {{.commit = "c1", .subject = "Picked", .picked = "c0"}},
             .pulls = {{.commit = "c0", .number = 5, .title = "Five", .login = "a"}}),
        "## What's Changed\n" PULL("One", 1) PULL("Five", 5) "\n" LINK);
}

static void test_categories(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    static const char generated[] = "## What's Changed\n### Bugs\n" PULL("One", 1) "\n" LINK;
    struct release_config const config = {
        .categories = two_categories,
        .count = 2,
        .exclude = {{(const char **)no, 1}, {(const char **)no, 1}}};
    (void)state;

    assert_string_equal(
        TEXT(.generated = generated, .config = config,
             .changes = {{.commit = "c2", .subject = "", .pull = 2},
                         {.commit = "c3", .subject = "", .pull = 3},
                         {.commit = "c4", .subject = "", .pull = 4},
                         {.commit = "c5", .subject = "", .pull = 5},
                         {.commit = "c6", .subject = "", .pull = 6},
                         {.commit = "c7", .subject = "By no", .login = "no"}},
             .pulls = {{.number = 2, .title = "Two", .login = "a"},
                       {.number = 3, .title = "Three", .login = "a", .labels = {(void *)bug, 1}},
                       {.number = 4, .title = "Four", .login = "a", .labels = {(void *)feature, 1}},
                       {.number = 5, .title = "Five", .login = "a", .labels = {(void *)no, 1}},
                       {.number = 6, .title = "Six", .login = "no"}}),
        "## What's Changed\n### Features\n" PULL("Four", 4) "### Bugs\n" PULL("One", 1)
            PULL("Three", 3) "### Other Changes\n" PULL("Two", 2) "\n" LINK);
    /* Headings that the server made, and we know nothing of. */
    assert_string_equal(
        TEXT(.generated = generated, .changes = {{.commit = "c", .subject = "", .pull = 2}},
             .pulls = {{.number = 2, .title = "Two", .login = "a"}}),
        "## What's Changed\n### Bugs\n" PULL("One", 1) "### Other Changes\n" PULL("Two",
                                                                                  2) "\n" LINK);
}

/* What the server listed without a heading stays ahead of those that have one; and where no labels are
 * known, or no pull request was one, there are none. */
static void test_entries_without_a_category(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct release_config const config = {.categories = two_categories, .count = 2};
    (void)state;

    assert_string_equal(
        TEXT(.generated = NOTES, .config = config,
             .changes = {{.commit = "c2", .subject = "", .pull = 2}},
             .pulls = {{.number = 2, .title = "Two", .login = "a", .labels = {(void *)bug, 1}}}),
        "## What's Changed\n" PULL("One", 1) "### Bugs\n" PULL("Two", 2) "\n" LINK);
    assert_string_equal(TEXT(.config = config,
                             .changes = {{.commit = "c", .subject = "Two", .pull = 2}},
                             .pulls = {{.number = 2}}),
                        "## What's Changed\n* Two (#2) ([c](" PAGE "/commit/c))\n\n" LINK);
}

/* Numbers that share a place in the set of those that are listed. */
static void test_numbers_far_apart(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_string_equal(
        TEXT(.generated = NOTES,
             .changes = {{.commit = "c1", .subject = "One", .pull = 1},
                         {.commit = "c2", .subject = "Two", .pull = 4097, .login = "a"},
                         {.commit = "c3", .subject = "Three", .pull = 8193, .login = "a"},
                         {.commit = "c4", .subject = "Two again", .pull = 4097, .login = "a"}}),
        "## What's Changed\n" PULL("One", 1) PULL("Two", 4097) PULL("Three", 8193) "\n" LINK);
}

/* Where nobody may ask, it may be one that the configuration leaves out. */
static void test_unasked_and_excluded(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct release_config const config = {.exclude = {{(const char **)no, 1}, {NULL, 0}}};
    (void)state;

    assert_string_equal(
        TEXT(.generated = NOTES, .config = config,
             .changes =
                 {{.commit = "c2", .subject = "Two", .pull = 2, .login = "a"},
                  {.commit = "c3", .subject = "Three", .pull = 3, .login = "a", .picked = "x"}}),
        "## What's Changed\n" PULL("One", 1) PULL("Three", 3) "\n" LINK);
}

static void test_conventional_commits(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_string_equal(TEXT(.changes = {{.commit = "a", .subject = "fix(x): b"},
                                         {.commit = "b", .subject = "feat: a"},
                                         {.commit = "c", .subject = "chore: c"},
                                         {.commit = "d", .subject = "Whatever: d"},
                                         {.commit = "f", .subject = "wip: f"},
                                         {.commit = "e", .subject = "fix!: e", .breaking = true}}),
                        "## What's Changed\n### Breaking Changes\n* fix!: e ([e](" PAGE
                        "/commit/e))\n### Features\n* feat: a ([b](" PAGE
                        "/commit/b))\n### Bug Fixes\n* fix(x): b ([a](" PAGE
                        "/commit/a))\n### Other Changes\n* chore: c ([c](" PAGE
                        "/commit/c))\n* Whatever: d ([d](" PAGE "/commit/d))\n* wip: f ([f](" PAGE
                        "/commit/f))\n\n" LINK);
    /* Not where they are few, nor among what the server generated. */
    assert_lacks(TEXT(.changes = {{.commit = "a", .subject = "fix: b"},
                                  {.commit = "b", .subject = "One"},
                                  {.commit = "c", .subject = "Two"}}),
                 "###");
    assert_lacks(TEXT(.generated = NOTES, .changes = {{.commit = "a", .subject = "fix: b"}}),
                 "###");
    assert_lacks(TEXT(.changes = {{.commit = "a", .subject = "fix(b"},
                                  {.commit = "b", .subject = "fix(b): "},
                                  {.commit = "c", .subject = "fix"}}),
                 "###");
    /* Labels say more, where they are known. */
    assert_contains(
        TEXT(.config = {.categories = two_categories, .count = 2},
             .changes = {{.commit = "a", .subject = "fix: b", .pull = 2}},
             .pulls =
                 {{.number = 2, .title = "fix: b", .login = "a", .labels = {(void *)feature, 1}}}),
        "### Features\n" PULL("fix: b", 2));
}

static void test_release_notes_of_authors(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_string_equal(
        TEXT(.changes = {{.commit = "c2", .subject = "", .pull = 2},
                         {.commit = "c3", .subject = "", .pull = 3},
                         {.commit = "c4", .subject = "", .pull = 4}},
             .pulls = {{.number = 2, .title = "Two", .login = "a", .note = "First line\nsecond"},
                       {.number = 3, .title = "Three", .login = "a", .silent = true},
                       {.number = 4, .title = "Four", .login = "a", .note = "- Listed\n- again"}}),
        "## What's Changed\n* First line\n  second by @a in " PAGE "/pull/2\n"
        "* Listed\n  - again by @a in " PAGE "/pull/4\n\n" LINK);
}

static void test_hostile_titles(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *text =
        TEXT(.changes = {{.commit = "c2", .subject = "", .pull = 2},
                         {.commit = "c3", .subject = "@all (@b, c@d.e) `@f`\x01\xff"}},
             .pulls = {{.number = 2, .title = "<!-- @a\n## What's Changed\n@b", .login = "a"}});
    (void)state;

    assert_lacks(text, "<!--");
    assert_lacks(text, "@all");
    assert_lacks(text, "@b");
    assert_lacks(text, " @a\n");
    assert_contains(text, "c@d.e"); /* a mail address mentions nobody */
    assert_int_equal(occurrences(text, "\n## "), 0);
    assert_lacks(text, "\xff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_asked),
        cmocka_unit_test(test_so_many_are_asked),
        cmocka_unit_test(test_nothing_is_missing),
        cmocka_unit_test(test_missing_ones_are_added),
        cmocka_unit_test(test_commits_of_pull_requests),
        cmocka_unit_test(test_categories),
        cmocka_unit_test(test_entries_without_a_category),
        cmocka_unit_test(test_numbers_far_apart),
        cmocka_unit_test(test_unasked_and_excluded),
        cmocka_unit_test(test_conventional_commits),
        cmocka_unit_test(test_release_notes_of_authors),
        cmocka_unit_test(test_hostile_titles),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
