/* core/latest: who is to be the latest release, and is it. */
#include "support.h"

#include "core/latest.h"

#include <string.h>

/* What is published besides ours; "*" behind a tag: a pre-release. */
static void build_others(struct arena *arena, const char *tags, struct release_facts *releases)
{
    const char *name;
    int64_t id = 1;

    while ((name = next_part(arena, &tags, ' '))) {
        size_t const length = strcspn(name, "*");

        releases->others = arena_append(arena, releases->others, &releases->other_count,
                                        sizeof(*releases->others));
        releases->others[releases->other_count - 1] = (struct other_release){
            .id = id++,
            .tag = arena_copy_bytes(arena, name, length),
            .prerelease = name[length] == '*',
        };
    }
}

static struct latest_wish choose(struct arena *arena, const char *values, const char *tag,
                                 const char *others, struct target *target)
{
    struct release_facts releases = {0};
    struct inputs *inputs = arena_take(arena, sizeof(*inputs));
    struct grammar_miss miss;

    read_inputs(arena, values, inputs);
    *target = (struct target){.grammar = {input_tag_prefix(inputs), "rc"}, .tag = tag};
    assert_int_equal(version_parse(arena, &target->grammar, tag, &target->version, &miss), 0);
    build_others(arena, others, &releases);
    return latest_choose(arena, inputs, target, &releases,
                         input_is(inputs, INPUT_MAKE_LATEST, "true"));
}

static const char slash[] = "tag_prefix=conformance/v";

static void test_who(void **state)
{
    static const struct {
        const char *inputs, *tag, *others;
        enum latest_rule rule;
        const char *other;
    } cases[] = {
        {"make_latest=true", "v0.1.1", "v0.2.0", LATEST_OURS, NULL},
        {NULL, "v0.1.1", "v0.1.0 v0.2.0 v0.10.0 v0.9.9", LATEST_OTHER, "v0.10.0"},
        {NULL, "v0.1.1", "v0.2.0-rc.1* v0.1.0", LATEST_ANY, NULL},
        {NULL, "v0.1.1", "v0.3.0* v0.2.0", LATEST_OTHER, "v0.2.0"},
        {NULL, "v0.1.1", "v-next vendor v0.2", LATEST_ANY, NULL},
        {NULL, "v0.1.1", "", LATEST_ANY, NULL}, /* a tag above, without a release of its own */
        {NULL, "v0.1.1-rc.1", "v0.2.0", LATEST_ANY, NULL},
        {"make_latest=false", "v0.3.0", "v0.2.0 v0.1.0", LATEST_OTHER, "v0.2.0"},
        {"make_latest=false", "v0.3.0", "", LATEST_NOT_OURS, NULL},
        {slash, "conformance/v1.0.0", "conformance/v2.0.0", LATEST_NOT_OURS, NULL},
        {slash, "conformance/v1.0.0-rc.1", "", LATEST_ANY, NULL},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct target target;
        struct latest_wish const wish =
            choose(&arena, cases[i].inputs, cases[i].tag, cases[i].others, &target);

        if (wish.rule != cases[i].rule ||
            !strings_equal(wish.other ? wish.other->tag : NULL, cases[i].other))
            fail_msg("case %zu: rule %d, %s", i, wish.rule,
                     wish.other ? wish.other->tag : "no other");
    }
}

static void test_is_right(void **state)
{
    static const struct {
        const char *inputs, *tag, *others; /* the others' ids are 1, 2, … and ours is 50 */
        int64_t id;
        const char *latest;
        bool right;
    } cases[] = {
        {"make_latest=true", "v0.3.0", "v0.2.0", 50, "v0.3.0", true},
        {"make_latest=true", "v0.3.0", "v0.2.0", 1, "v0.2.0", false},
        {"make_latest=true", "v0.3.0", "", 0, NULL, false},
        {NULL, "v0.1.1", "v0.2.0", 1, "v0.2.0", true},
        {NULL, "v0.1.1", "v0.2.0", 50, "v0.1.1", false},
        {NULL, "v0.1.1", "v0.2.0 v0.1.0", 2, "v0.1.0", false},
        {NULL, "v0.1.1", "v0.2.0", 0, NULL, true},
        {NULL, "v0.1.1", "v0.2.0", 70, "conformance/v1.0.0", false},
        {NULL, "v0.1.1", "v0.2.0", 70, "client-1.0", true}, /* another line's business */
        {NULL, "v0.1.1", "", 50, "v0.1.1", true},
        {slash, "conformance/v1.0.0", "", 50, "conformance/v1.0.0", false},
        {slash, "conformance/v1.0.0", "", 70, "v0.1.0", true},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct target target;
        struct latest_wish const wish =
            choose(&arena, cases[i].inputs, cases[i].tag, cases[i].others, &target);
        struct latest_release const now = {cases[i].id, cases[i].latest};

        if (latest_is_right(&arena, &target, &wish, &now, 50) != cases[i].right)
            fail_msg("case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who),
        cmocka_unit_test(test_is_right),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
