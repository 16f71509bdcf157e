/* core/ref_pattern: what a ruleset's conditions name, by every reading and by any. */
#include "support.h"

#include "core/ref_pattern.h"

static const struct {
    const char *pattern, *ref;
    bool names, may_name;
} cases[] = {
    {"refs/tags/v1.0.0", "refs/tags/v1.0.0", true, true},
    {"refs/tags/v1.0.0", "refs/tags/v1.0.0-rc.1", false, false},
    {"refs/tags/v*", "refs/tags/v1.0.0", true, true},
    {"refs/tags/v?.0.0", "refs/tags/v1.0.0", true, true},
    {"refs/tags/v[0-9]*", "refs/tags/v1.0.0", true, true},
    {"refs/tags/v[0-9]*", "refs/tags/vx", false, false},
    {"refs/heads/v*", "refs/tags/v1.0.0", false, false},
    {"~ALL", "refs/tags/v1.0.0", true, true},
    /* "*" stays in its folder; where it were not so, an exclusion would reach further. */
    {"refs/tags/*", "refs/tags/conformance/v1", false, true},
    {"refs/tags/*/v*", "refs/tags/conformance/v1", true, true},
    {"refs/tags/*/v*", "refs/tags/v1", false, false},
    /* A double one with a slash is any folders, or none. */
    {"refs/tags/**/*", "refs/tags/v1.0.0", true, true},
    {"refs/tags/**/v*", "refs/tags/v1.0.0", true, true},
    {"refs/tags/**/v*", "refs/tags/conformance/v1", true, true},
    {"refs/tags/**/v*", "refs/tags/a/b/v1", false, true},
    {"refs/tags/**", "refs/tags/v1", true, true},
    {"refs/tags/**", "refs/tags/a/v1", false, true},
    /* What GitHub doesn't support is not taken for an answer. */
    {"refs/tags/v[^0]*", "refs/tags/v1", false, true},
    {"refs/tags/\\v1", "refs/tags/v1", false, true},
    {"~DEFAULT_BRANCH", "refs/tags/v1", false, true},
    {"~SOMETHING_NEW", "refs/tags/v1", false, true},
    {"", "refs/tags/v1", false, false},
};

static void test_patterns(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (ref_pattern_names(cases[i].pattern, cases[i].ref) != cases[i].names ||
            ref_pattern_may_name(cases[i].pattern, cases[i].ref) != cases[i].may_name)
            fail_msg("\"%s\" for \"%s\" was expected to be %d %d", cases[i].pattern, cases[i].ref,
                     cases[i].names, cases[i].may_name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
