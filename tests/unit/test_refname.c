/* core/refname: the names that Git allows for a branch, beside git's own judgement. */
#include "support.h"

#include "core/refname.h"

#include <stdio.h>

/* Names that need no quoting in a shell's single quotes. */
static const struct {
    const char *name;
    bool valid;
} names[] = {
    {"release-0.1", true},
    {"main", true},
    {"release/0.1", true},
    {"a/b/c", true},
    {"r\xc3\xa9lease", true},
    {"release-0.1-", true},
    {"a@b", true},
    {"a{b", true},
    {"0.1", true},
    {"a.lockx", true},
    {"lock", true},
    {"a@", true},
    {"", false},
    {"@", false},
    {"-release", false},
    {".release", false},
    {"a/.b", false},
    {"release.", false},
    {"release..0", false},
    {"release.lock", false},
    {"a.lock/b", false},
    {".lock", false},
    {"/release", false},
    {"release/", false},
    {"a//b", false},
    {"a b", false},
    {"a\tb", false},
    {"a\nb", false},
    {"a\x7f"
     "b",
     false},
    {"a~b", false},
    {"a^b", false},
    {"a:b", false},
    {"a?b", false},
    {"a*b", false},
    {"a[b", false},
    {"a\\b", false},
    {"a@{b", false},
};

static void test_names(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (refname_is_valid(names[i].name) != names[i].valid)
            fail_msg("\"%s\" was expected to be %s", names[i].name,
                     names[i].valid ? "valid" : "refused");
    assert_false(refname_is_valid(NULL));
}

/* git check-ref-format --branch is the judge; it reads "@" as HEAD's branch, so not of that one. */
static void test_git_agrees(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (strings_equal(names[i].name, "@"))
            continue;
        const char *said = shell_line(
            &arena, "git check-ref-format --branch '%s' >/dev/null 2>&1; echo $?", names[i].name);

        if (strings_equal(said, "0") != names[i].valid)
            fail_msg("git says %s of \"%s\"", said, names[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_git_agrees),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
