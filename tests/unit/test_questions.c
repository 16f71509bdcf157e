/* core/questions: what is asked, and in how few rounds (the contract's budget is four round trips). */
#include "support_model.h"

#include <string.h>

static const char tag[] = "v0.10.0-rc.2";

struct asking {
    struct arena arena;
    struct inputs inputs;
    struct model model;
    struct target target;
    struct facts facts;
};

static void start(struct asking *asking, const char *values)
{
    struct arena *arena = &asking->arena;

    *asking = (struct asking){.model = {.repository = "o/n", .default_branch = "main"}};
    asking->model.source = "main";
    asking->model.source_head = object_id(arena, 'c', 50);
    model_add_tag(arena, &asking->model, "v0.9.0", object_id(arena, 'c', 40));
    model_add_tag(arena, &asking->model, "v0.10.0-rc.1", object_id(arena, 'c', 2));
    read_inputs(arena, values, &asking->inputs);
}

static void look(struct asking *asking, const char *event, const char *name)
{
    model_target(&asking->arena, &asking->model, &asking->inputs, event, name, &asking->target);
    if (strings_equal(event, "push"))
        asking->target.commit_hint = object_id(&asking->arena, 'c', 1);
    model_observe(&asking->arena, &asking->model, &asking->inputs, &asking->target, &asking->facts);
}

static size_t asked(const struct asking *asking, enum question_kind kind)
{
    return asking->model.asked[kind];
}

/* Tag pushed, branch there: two rounds; one request that creates, one that looks, makes four. */
static void test_pushed_tag(void **state)
{
    struct asking asking;
    (void)state;

    start(&asking, NULL);
    model_add_signed_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
    model_add_branch(&asking.arena, &asking.model, "release-0.10",
                     object_id(&asking.arena, 'c', 3));
    look(&asking, "push", tag);
    assert_int_equal(asking.model.rounds, 2);
    for (enum question_kind kind = 0; kind < QUESTION_COUNT; kind++) {
        bool const needed = kind == QUESTION_REPOSITORY || kind == QUESTION_TAGS ||
                            kind == QUESTION_BRANCHES || kind == QUESTION_RELEASES ||
                            kind == QUESTION_TAG_OBJECT || kind == QUESTION_TAG_BYTES ||
                            kind == QUESTION_ON_BRANCH || kind == QUESTION_NOTES ||
                            kind == QUESTION_CHANGES;

        if (asked(&asking, kind) != needed)
            fail_msg("question %d was asked %zu times", kind, asked(&asking, kind));
    }
    assert_string_equal(asking.facts.answers[QUESTION_NOTES].question.base, "v0.10.0-rc.1");
    arena_free(&asking.arena);
}

/* Who is the latest is asked where a final release goes out, and nowhere else; and what is announced
 * is there already, so neither branches nor notes are. */
static void test_what_comes_behind_the_draft(void **state)
{
    static const struct {
        const char *inputs, *tag;
        bool latest, branches;
    } cases[] = {
        {NULL, "v0.10.0", false, true},
        {"draft=false", "v0.10.0", true, true},
        {"draft=false", "v0.10.0-rc.2", false, true},
        {"command=announce", "v0.10.0", true, false},
        {"command=announce", "v0.10.0-rc.2", false, false},
        {"command=announce|draft=false", "v0.10.0", true, false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct asking asking;

        start(&asking, cases[i].inputs);
        model_add_signed_tag(&asking.arena, &asking.model, cases[i].tag,
                             object_id(&asking.arena, 'c', 1));
        model_add_branch(&asking.arena, &asking.model, "release-0.10",
                         object_id(&asking.arena, 'c', 1));
        look(&asking, "push", cases[i].tag);
        assert_int_equal(asked(&asking, QUESTION_LATEST), cases[i].latest);
        assert_int_equal(asked(&asking, QUESTION_BRANCHES), cases[i].branches);
        assert_int_equal(asked(&asking, QUESTION_NOTES), cases[i].branches);
        assert_int_equal(asked(&asking, QUESTION_TAG_OBJECT), 1);
        arena_free(&asking.arena);
    }
}

/* A key is tried where a tag is to be signed with it, and nowhere else: trying starts gpg. */
static void test_the_key_is_tried(void **state)
{
    static const struct {
        const char *inputs, *event;
        bool tag, tried;
    } cases[] = {
        {"tag=v0.10.0-rc.2|signing_key=key", "", false, true},
        {"tag=v0.10.0-rc.2|signing_key=key|sign=auto", "", false, true},
        {"tag=v0.10.0-rc.2|signing_key=key|dry_run=true", "", false, true},
        {"tag=v0.10.0-rc.2|signing_key=key|sign=never", "", false, false},
        {"tag=v0.10.0-rc.2|sign=auto", "", false, false},
        {"tag=v0.10.0-rc.2", "", false, false},
        {"tag=v0.10.0-rc.2|signing_key=key", "", true, false},
        {"tag=v0.10.0-rc.2|signing_key=key", "push", true, false},
        {"tag=v0.10.0-rc.2|signing_key=key", "push", false, false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct asking asking;

        start(&asking, cases[i].inputs);
        if (cases[i].tag)
            model_add_signed_tag(&asking.arena, &asking.model, tag,
                                 object_id(&asking.arena, 'c', 1));
        model_add_branch(&asking.arena, &asking.model, "release-0.10",
                         object_id(&asking.arena, 'c', 1));
        look(&asking, cases[i].event, tag);
        if (asked(&asking, QUESTION_SIGNER) != cases[i].tried)
            fail_msg("case %zu: the key was tried %zu times", i, asked(&asking, QUESTION_SIGNER));
        arena_free(&asking.arena);
    }
}

/*
 * A signed tag's bytes are always asked for; keys and signature where trusted_keys is given and can
 * judge the kind, and the keys where they are a path.
 */
static void test_signatures(void **state)
{
    static const char text[] = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
    static const struct {
        const char *keys;
        enum signature_kind kind;
        size_t bytes, trusted_keys, signature;
        const char *signed_with;
    } cases[] = {
        {"", SIGNATURE_OPENPGP, 1, 0, 0},
        {"KEYS", SIGNATURE_OPENPGP, 1, 1, 1},
        {text, SIGNATURE_OPENPGP, 1, 0, 1},
        {"KEYS", SIGNATURE_SSH, 1, 1, 0},
        {"docs/KEYS", SIGNATURE_NONE, 0, 1, 0},
        {text, SIGNATURE_X509, 1, 0, 0},
        {text, SIGNATURE_NONE, 0, 0, 0},
        {"", SIGNATURE_NONE, 1, 0, 0, "-----BEGIN NEWER SIGNATURE-----"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct asking asking;

        start(&asking, NULL);
        asking.inputs.values[INPUT_TRUSTED_KEYS] = cases[i].keys;
        struct tag_object *made = model_add_signed_tag(&asking.arena, &asking.model, tag,
                                                       object_id(&asking.arena, 'c', 1));
        made->signature = cases[i].kind;
        made->signed_with = cases[i].signed_with;
        model_add_branch(&asking.arena, &asking.model, "release-0.10",
                         object_id(&asking.arena, 'c', 1));
        look(&asking, "push", tag);
        if (asked(&asking, QUESTION_TAG_BYTES) != cases[i].bytes ||
            asked(&asking, QUESTION_TRUSTED_KEYS) != cases[i].trusted_keys ||
            asked(&asking, QUESTION_SIGNATURE) != cases[i].signature)
            fail_msg("case %zu: bytes %zu, keys %zu, signature %zu", i,
                     asked(&asking, QUESTION_TAG_BYTES), asked(&asking, QUESTION_TRUSTED_KEYS),
                     asked(&asking, QUESTION_SIGNATURE));
        if (cases[i].trusted_keys) { /* never from the tag */
            const struct question *keys = &asking.facts.answers[QUESTION_TRUSTED_KEYS].question;

            assert_string_equal(keys->base, "main");
            assert_string_equal(keys->head, cases[i].keys);
        }
        arena_free(&asking.arena);
    }
}

/* At the branch's head there is nothing to compare. */
static void test_at_the_head(void **state)
{
    struct asking asking;
    (void)state;

    start(&asking, NULL);
    model_add_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
    model_add_branch(&asking.arena, &asking.model, "release-0.10",
                     object_id(&asking.arena, 'c', 1));
    look(&asking, "push", tag);
    assert_int_equal(asked(&asking, QUESTION_ON_BRANCH), 0);
    assert_int_equal(asked(&asking, QUESTION_TAG_OBJECT), 0); /* lightweight */
    arena_free(&asking.arena);
}

/* A tag object that the event promised is the tag's no more: the one that is there is asked for. */
static void test_moved_tag(void **state)
{
    struct asking asking;
    (void)state;

    start(&asking, NULL);
    struct tag_object *object =
        model_add_signed_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
    model_target(&asking.arena, &asking.model, &asking.inputs, "push", tag, &asking.target);
    asking.target.object_hint = object_id(&asking.arena, '9', 9);
    model_observe(&asking.arena, &asking.model, &asking.inputs, &asking.target, &asking.facts);
    assert_int_equal(asked(&asking, QUESTION_TAG_OBJECT), 2);
    assert_string_equal(asking.facts.tag_object.object, object->object);
    arena_free(&asking.arena);
}

/* A missing branch: the source branch; the tag's relation to it only where it isn't its head. */
static void test_missing_branch(void **state)
{
    struct asking asking;
    (void)state;

    start(&asking, NULL);
    model_add_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
    look(&asking, "push", tag);
    assert_int_equal(asked(&asking, QUESTION_SOURCE), 1);
    assert_int_equal(asked(&asking, QUESTION_ON_SOURCE), 1);
    assert_int_equal(asked(&asking, QUESTION_ON_BRANCH), 0);
    arena_free(&asking.arena);
    start(&asking, NULL);
    model_add_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 50));
    look(&asking, "push", tag);
    assert_int_equal(asked(&asking, QUESTION_SOURCE), 1);
    assert_int_equal(asked(&asking, QUESTION_ON_SOURCE), 0);
    arena_free(&asking.arena);
}

static void test_source_branch(void **state)
{
    struct asking asking;
    (void)state;

    start(&asking, "source_branch=develop");
    asking.model.source = "develop";
    model_add_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
    look(&asking, "push", tag);
    assert_string_equal(asking.facts.answers[QUESTION_SOURCE].question.head, "develop");
    assert_string_equal(asking.facts.source_head, object_id(&asking.arena, 'c', 50));
    assert_string_equal(source_branch_name(&asking.inputs, &asking.facts), "develop");
    arena_free(&asking.arena);
    start(&asking, NULL);
    assert_null(source_branch_name(&asking.inputs, &asking.facts)); /* not known yet */
    arena_free(&asking.arena);
}

/* A final release is compared with its last candidate, also where there is no branch to ask about. */
static void test_final(void **state)
{
    struct asking asking;
    (void)state;

    start(&asking, NULL);
    model_add_tag(&asking.arena, &asking.model, "v0.10.0", object_id(&asking.arena, 'c', 5));
    look(&asking, "push", "v0.10.0");
    assert_int_equal(asked(&asking, QUESTION_SINCE_CANDIDATE), 1);
    assert_int_equal(asked(&asking, QUESTION_SOURCE), 0); /* it is refused anyway */
    assert_string_equal(asking.facts.answers[QUESTION_SINCE_CANDIDATE].question.base,
                        "v0.10.0-rc.1");
    assert_string_equal(asking.facts.answers[QUESTION_NOTES].question.base, "v0.9.0");
    arena_free(&asking.arena);
}

/* Pages behind the first are asked for beside the notes, not ahead of them. */
static void test_many_releases(void **state)
{
    struct asking asking;
    (void)state;

    start(&asking, NULL);
    asking.model.release_pages = 4;
    model_add_signed_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
    model_add_branch(&asking.arena, &asking.model, "release-0.10",
                     object_id(&asking.arena, 'c', 1));
    look(&asking, "push", tag);
    assert_int_equal(asked(&asking, QUESTION_MORE_RELEASES), 1);
    assert_int_equal(asking.model.rounds, 2);
    arena_free(&asking.arena);
}

/* A published release needs no notes. */
static void test_needless_notes(void **state)
{
    struct asking asking;
    struct release published = {
        .id = 1, .tag = tag, .title = tag, .body = "", .page = "", .upload_url = ""};
    (void)state;

    start(&asking, NULL);
    asking.model.releases = (struct release_facts){.items = &published, .count = 1};
    model_add_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
    look(&asking, "push", tag);
    assert_int_equal(asked(&asking, QUESTION_NOTES), 0);
    arena_free(&asking.arena);
    start(&asking, "previous_tag=v0.0.1"); /* there is none of that name: refused later */
    model_add_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
    look(&asking, "push", tag);
    assert_int_equal(asked(&asking, QUESTION_NOTES), 0);
    arena_free(&asking.arena);
}

/* A tag to be made: the commit is the branch's head, or the source branch's. */
static void test_new_tag(void **state)
{
    struct asking asking;
    (void)state;

    start(&asking, "tag=v0.10.0-rc.2|dry_run=true");
    look(&asking, "", tag);
    assert_string_equal(release_commit(&asking.target, &asking.facts, NULL),
                        object_id(&asking.arena, 'c', 50));
    assert_int_equal(asked(&asking, QUESTION_TAG_OBJECT), 0);
    arena_free(&asking.arena);
}

/* What stands in the way is asked where something is made, and the rulesets' pages where there are
 * any; what a final release without its branch may not is known. */
static void test_access(void **state)
{
    static const struct ruleset creation = {.id = 7, .of_branch = true, .of_tag = true};
    static const struct {
        const char *event, *name;
        bool tag, branch, ruleset;
        size_t access, of_branch, of_tag, rulesets, rounds;
    } cases[] = {
        {"", "v0.10.0-rc.2", false, false, false, 1, 1, 1, 0, 3},
        {"", "v0.10.0-rc.2", false, false, true, 1, 1, 1, 1, 3},
        {"", "v0.10.0-rc.2", false, true, false, 1, 0, 1, 0, 2},
        {"", "v0.10.0-rc.2", false, true, true, 1, 0, 1, 1, 3},
        {"", "v0.10.0-rc.2", true, true, true, 0, 0, 0, 0, 2},
        {"push", "v0.10.0-rc.2", true, false, true, 1, 1, 0, 1, 3},
        {"push", "v0.10.0-rc.2", true, true, true, 0, 0, 0, 0, 2},
        {"push", "v0.10.0", true, false, true, 0, 0, 0, 0, 2},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct asking asking;

        start(&asking, strings_equal(cases[i].name, tag) ? "tag=v0.10.0-rc.2|sign=never"
                                                         : "tag=v0.10.0|sign=never");
        asking.model.rulesets = &creation;
        asking.model.ruleset_count = cases[i].ruleset;
        if (cases[i].tag)
            model_add_tag(&asking.arena, &asking.model, cases[i].name,
                          object_id(&asking.arena, 'c', 1));
        if (cases[i].branch)
            model_add_branch(&asking.arena, &asking.model, "release-0.10",
                             object_id(&asking.arena, 'c', 1));
        look(&asking, cases[i].event, cases[i].name);
        if (asked(&asking, QUESTION_ACCESS) != cases[i].access ||
            asked(&asking, QUESTION_BRANCH_RULES) != cases[i].of_branch ||
            asked(&asking, QUESTION_TAG_RULES) != cases[i].of_tag ||
            asked(&asking, QUESTION_RULESETS) != cases[i].rulesets ||
            asking.model.rounds != cases[i].rounds)
            fail_msg("case %zu: access %zu, branch %zu, tag %zu, rulesets %zu, rounds %zu", i,
                     asked(&asking, QUESTION_ACCESS), asked(&asking, QUESTION_BRANCH_RULES),
                     asked(&asking, QUESTION_TAG_RULES), asked(&asking, QUESTION_RULESETS),
                     asking.model.rounds);
        arena_free(&asking.arena);
    }
}

/* What the event promised about a tag object counts only for the object that is there. */
static void test_commit_of_a_tag(void **state)
{
    struct asking asking;
    struct git_ref annotated = {.name = tag, .object = "7", .annotated = true};
    struct git_ref const light = {.name = tag, .object = "c"};
    (void)state;

    start(&asking, NULL);
    assert_string_equal(release_commit(&asking.target, &asking.facts, &light), "c");
    assert_null(release_commit(&asking.target, &asking.facts, &annotated));
    asking.target.object_hint = "7";
    asking.target.commit_hint = "c1";
    assert_string_equal(release_commit(&asking.target, &asking.facts, &annotated), "c1");
    annotated.object = "8";
    assert_null(release_commit(&asking.target, &asking.facts, &annotated));
    facts_answered(&asking.facts, &(struct question){.kind = QUESTION_TAG_OBJECT, .head = "8"});
    asking.facts.tag_object =
        (struct tag_object){.object = "8", .target = "c8", .target_type = "commit"};
    assert_string_equal(release_commit(&asking.target, &asking.facts, &annotated), "c8");
    asking.facts.tag_object.target_type = "tag";
    assert_null(release_commit(&asking.target, &asking.facts, &annotated));
    arena_free(&asking.arena);
}

/* What the notes lack costs one round more, and only then. */
static void test_missing_changes(void **state)
{
    struct asking asking;
    static struct change change = {.commit = "c9", .subject = "Fix it", .pull = 7};
    static const struct {
        const char *inputs, *notes;
        bool hidden, asked;
        size_t rounds;
    } cases[] = {
        {NULL, "**Full Changelog**: x", false, true, 3},
        {NULL, "## What's Changed\n* Fix it by @a in x/pull/7", false, false, 2},
        {NULL, NULL, true, false, 2}, /* refused, so nothing more is needed */
        {"dry_run=true", NULL, true, true, 3},
        {"generate_notes=false", NULL, false, false, 2},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        start(&asking, cases[i].inputs);
        asking.model.notes = cases[i].notes;
        asking.model.notes_hidden = cases[i].hidden;
        asking.model.changes = (struct changes){&change, 1, 1};
        model_add_signed_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
        model_add_branch(&asking.arena, &asking.model, "release-0.10",
                         object_id(&asking.arena, 'c', 3));
        look(&asking, "push", tag);
        assert_int_equal(asking.model.rounds, cases[i].rounds);
        assert_int_equal(asked(&asking, QUESTION_PULLS), cases[i].asked);
        assert_int_equal(asked(&asking, QUESTION_RELEASE_CONFIG), cases[i].asked);
        if (cases[i].asked)
            assert_string_equal(asking.facts.answers[QUESTION_PULLS].question.head, "7");
        arena_free(&asking.arena);
    }
}

/* A first release lists what there is, unless that is much. */
static void test_first_release(void **state)
{
    struct asking asking;
    static struct change change = {.commit = "c9", .subject = "Fix it", .pull = 7};
    (void)state;

    for (size_t i = 0; i < 2; i++) {
        start(&asking, NULL);
        asking.model.tags.count = 0;
        asking.model.changes = (struct changes){&change, 1, i ? CHANGES_OF_FIRST + 1 : 1};
        model_add_signed_tag(&asking.arena, &asking.model, tag, object_id(&asking.arena, 'c', 1));
        model_add_branch(&asking.arena, &asking.model, "release-0.10",
                         object_id(&asking.arena, 'c', 3));
        look(&asking, "push", tag);
        assert_int_equal(asked(&asking, QUESTION_NOTES), 0);
        assert_int_equal(asked(&asking, QUESTION_CHANGES), 1);
        assert_null(asking.facts.answers[QUESTION_CHANGES].question.base);
        assert_int_equal(asked(&asking, QUESTION_PULLS), i == 0);
        arena_free(&asking.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pushed_tag),       cmocka_unit_test(test_what_comes_behind_the_draft),
        cmocka_unit_test(test_the_key_is_tried), cmocka_unit_test(test_at_the_head),
        cmocka_unit_test(test_moved_tag),        cmocka_unit_test(test_missing_branch),
        cmocka_unit_test(test_source_branch),    cmocka_unit_test(test_final),
        cmocka_unit_test(test_many_releases),    cmocka_unit_test(test_needless_notes),
        cmocka_unit_test(test_new_tag),          cmocka_unit_test(test_commit_of_a_tag),
        cmocka_unit_test(test_signatures),       cmocka_unit_test(test_access),
        cmocka_unit_test(test_missing_changes),  cmocka_unit_test(test_first_release),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
