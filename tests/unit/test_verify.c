/* core/rules_tag: what a signature's verdict means, by verify_tag and trusted_keys (contract, 5). */
#include "support_model.h"

#include <string.h>

static const char tag[] = "v0.10.0-rc.1";
static const char key[] = "0123456789ABCDEF0123456789ABCDEF01234567";

struct judged {
    struct arena arena;
    struct model model;
    struct inputs inputs;
    struct target target;
    struct facts *facts;
    struct tag_object *object;
    struct plan plan;
};

/* A pushed tag at the head of its release branch, and a path as trusted_keys. */
static void begin(struct judged *judged, const char *inputs)
{
    struct arena *arena = &judged->arena;
    const char *commit = object_id(arena, 'c', 1);

    judged->model =
        (struct model){.repository = "owner/project", .default_branch = "main", .source = "main"};
    judged->model.source_head = commit;
    model_add_branch(arena, &judged->model, "release-0.10", commit);
    judged->object = model_add_signed_tag(arena, &judged->model, tag, commit);
    read_inputs(arena, inputs, &judged->inputs);
    judged->inputs.values[INPUT_TRUSTED_KEYS] = "KEYS";
    model_target(arena, &judged->model, &judged->inputs, "push", tag, &judged->target);
    judged->facts = arena_take(arena, sizeof(*judged->facts));
}

static void look(struct judged *judged)
{
    model_observe(&judged->arena, &judged->model, &judged->inputs, &judged->target, judged->facts);
}

static void plan(struct judged *judged)
{
    plan_make(&judged->arena, &judged->inputs, &judged->target, judged->facts, "https://github.com",
              &judged->plan);
}

static void hide(struct judged *judged, enum question_kind kind, const char *why)
{
    struct question const question = judged->facts->answers[kind].question;

    facts_hidden(judged->facts, &question, why);
}

static void test_verdicts_by_policy(void **state)
{
    static const struct {
        enum signature_verdict verdict;
        const char *code;
    } verdicts[] = {
        {SIGNATURE_GOOD, NULL},
        {SIGNATURE_BAD, "CR-SIGNATURE-BAD"},
        {SIGNATURE_WEAK, "CR-SIGNATURE-WEAK"},
        {SIGNATURE_EXPIRED, "CR-SIGNATURE-EXPIRED"},
        {SIGNATURE_KEY_EXPIRED, "CR-SIGNER-EXPIRED"},
        {SIGNATURE_KEY_REVOKED, "CR-SIGNER-REVOKED"},
        {SIGNATURE_UNKNOWN_SIGNER, "CR-SIGNER-UNKNOWN"},
    };
    static const char *const policies[][2] = {
        {NULL, "error"},
        {"verify_tag=required", "error"},
        {"verify_tag=warn", "warning"},
        {"verify_tag=off", NULL},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(verdicts); i++)
        for (size_t j = 0; j < COUNT_OF(policies); j++) {
            struct judged judged = {.facts = NULL};
            const char *expected = "-";

            begin(&judged, policies[j][0]);
            look(&judged);
            judged.facts->signature = (struct signature_check){
                .verdict = verdicts[i].verdict, .fingerprint = key, .signer = "Maintainer"};
            plan(&judged);
            if (verdicts[i].code && policies[j][1])
                expected =
                    arena_print(&judged.arena, "%s:%s@tag", policies[j][1], verdicts[i].code);
            assert_string_equal(plan_findings(&judged.arena, &judged.plan), expected);
            assert_int_equal(judged.plan.refused, string_starts(expected, "error"));
            if (*expected != '-') {
                assert_contains(judged.plan.findings[0].message, key);
                assert_contains(judged.plan.findings[0].message, "Maintainer");
            } else {
                assert_contains(plan_step(&judged.plan, STEP_TAG)->reason,
                                policies[j][1] ? key : "not verified with trusted_keys");
            }
            arena_free(&judged.arena);
        }
}

/* Who the tag says that its tagger is isn't said to be the key's owner. */
static void test_the_tagger_is_not_the_signer(void **state)
{
    struct judged judged = {.facts = NULL};
    (void)state;

    begin(&judged, NULL);
    look(&judged);
    judged.facts->signature = (struct signature_check){
        .verdict = SIGNATURE_UNKNOWN_SIGNER, .fingerprint = key, .signer = ""};
    plan(&judged);
    assert_string_equal(plan_findings(&judged.arena, &judged.plan), "error:CR-SIGNER-UNKNOWN@tag");
    assert_contains(judged.plan.findings[0].message, key);
    assert_contains(judged.plan.findings[0].message, "nobody we know");
    assert_contains(judged.plan.findings[0].message, judged.object->tagger);
    arena_free(&judged.arena);
}

/* GitHub's word is of no account where the keys can judge. */
static void test_keys_beat_github(void **state)
{
    struct judged judged = {.facts = NULL};
    (void)state;

    begin(&judged, NULL);
    judged.object->verified = false;
    look(&judged);
    judged.facts->signature = (struct signature_check){.fingerprint = key, .signer = ""};
    plan(&judged);
    assert_string_equal(plan_findings(&judged.arena, &judged.plan), "-");
    arena_free(&judged.arena);
}

/* The keys can't judge these: GitHub's word decides, and no word is none. */
static void test_other_kinds_are_githubs(void **state)
{
    static const struct {
        enum signature_kind kind;
        enum knowledge known;
        bool verified;
        const char *findings;
    } cases[] = {
        {SIGNATURE_SSH, KNOWN, true, "-"},
        {SIGNATURE_SSH, KNOWN, false, "error:CR-TAG-UNVERIFIED@tag"},
        {SIGNATURE_SSH, UNKNOWN, true, "error:CR-TAG-UNVERIFIED@tag"},
        {SIGNATURE_X509, KNOWN, true, "-"},
        {SIGNATURE_X509, KNOWN, false, "error:CR-TAG-UNVERIFIED@tag"},
        {SIGNATURE_NONE, KNOWN, false, "error:CR-TAG-UNSIGNED@tag"},
        {SIGNATURE_NONE, KNOWN, true, "error:CR-TAG-UNSIGNED@tag"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct judged judged = {.facts = NULL};

        begin(&judged, NULL);
        judged.object->signature = cases[i].kind;
        judged.object->verification = cases[i].known;
        judged.object->verified = cases[i].verified;
        look(&judged);
        assert_int_equal(judged.model.asked[QUESTION_SIGNATURE], 0);
        plan(&judged);
        assert_string_equal(plan_findings(&judged.arena, &judged.plan), cases[i].findings);
        arena_free(&judged.arena);
    }
}

/* Keys that can't be read are refused, whatever the policy. */
static void test_keys_that_cannot_be_read(void **state)
{
    static const char *const policies[] = {NULL, "verify_tag=warn", "verify_tag=required"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        struct judged judged = {.facts = NULL};

        begin(&judged, policies[i]);
        look(&judged);
        hide(&judged, QUESTION_TRUSTED_KEYS, "there is no such file");
        plan(&judged);
        assert_string_equal(plan_findings(&judged.arena, &judged.plan),
                            "error:CR-TRUSTED-KEYS@tag");
        assert_contains(judged.plan.findings[0].message, "there is no such file");
        arena_free(&judged.arena);
    }
}

/* A signature that couldn't be checked is not a good one. */
static void test_signature_that_was_not_checked(void **state)
{
    struct judged judged = {.facts = NULL};
    (void)state;

    begin(&judged, NULL);
    look(&judged);
    hide(&judged, QUESTION_SIGNATURE, "gpg is ill");
    plan(&judged);
    assert_string_equal(plan_findings(&judged.arena, &judged.plan), "error:CR-TAG-UNVERIFIED@tag");
    assert_contains(judged.plan.findings[0].message, "gpg is ill");
    arena_free(&judged.arena);
}

/* Nothing is asked about keys and signatures where they are not given. */
static void test_nothing_asked_without_keys(void **state)
{
    struct judged judged = {.facts = NULL};
    (void)state;

    begin(&judged, NULL);
    judged.inputs.values[INPUT_TRUSTED_KEYS] = "";
    look(&judged);
    assert_int_equal(judged.model.asked[QUESTION_TRUSTED_KEYS], 0);
    assert_int_equal(judged.model.asked[QUESTION_SIGNATURE], 0);
    arena_free(&judged.arena);
}

/* Keys as text need no file. */
static void test_keys_as_text_need_no_file(void **state)
{
    struct judged judged = {.facts = NULL};
    (void)state;

    begin(&judged, NULL);
    judged.inputs.values[INPUT_TRUSTED_KEYS] = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n";
    look(&judged);
    assert_int_equal(judged.model.asked[QUESTION_TRUSTED_KEYS], 0);
    assert_int_equal(judged.model.asked[QUESTION_SIGNATURE], 1);
    arena_free(&judged.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts_by_policy),
        cmocka_unit_test(test_the_tagger_is_not_the_signer),
        cmocka_unit_test(test_keys_beat_github),
        cmocka_unit_test(test_other_kinds_are_githubs),
        cmocka_unit_test(test_keys_that_cannot_be_read),
        cmocka_unit_test(test_signature_that_was_not_checked),
        cmocka_unit_test(test_nothing_asked_without_keys),
        cmocka_unit_test(test_keys_as_text_need_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
