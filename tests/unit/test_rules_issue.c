/* core/rules_issue and core/issue_wish: what is planned for the tracking issue, and when it is asked. */
#include "support_model.h"

#include "core/issue_choice.h"

#include <string.h>

static const char tag[] = "v0.10.0";

struct look {
    struct arena arena;
    struct inputs inputs;
    struct model model;
    struct target target;
    struct facts facts;
    struct plan plan;
    struct release release;
    struct issue issue;
    struct issue_comment comment;
};

/* v0.10.0 is published, and there is an issue with two boxes. */
static void start(struct look *look, const char *values)
{
    struct arena *arena = &look->arena;

    *look = (struct look){.model = {.repository = "o/n", .default_branch = "main"}};
    model_add_tag(arena, &look->model, "v0.9.0", object_id(arena, 'c', 40));
    model_add_signed_tag(arena, &look->model, tag, object_id(arena, 'c', 1));
    model_add_branch(arena, &look->model, "release-0.10", object_id(arena, 'c', 1));
    look->release = (struct release){
        .id = 5, .tag = tag, .title = tag, .body = "B", .page = "p", .upload_url = "u"};
    look->model.releases = (struct release_facts){.items = &look->release, .count = 1};
    look->issue = (struct issue){.number = 7,
                                 .title = "Release v0.10.0",
                                 .body = "- [ ] Push the tag\n- [ ] Close this issue\n",
                                 .author = "bob",
                                 .page = "https://github.com/o/n/issues/7",
                                 .by_maintainers = true};
    look->model.issues = (struct issue_facts){.items = &look->issue, .count = 1};
    read_inputs(arena,
                arena_print(arena, "tag=%s%s%s", tag, values ? "|" : "", values ? values : ""),
                &look->inputs);
}

static void plan_it(struct look *look)
{
    model_target(&look->arena, &look->model, &look->inputs, "", tag, &look->target);
    model_observe(&look->arena, &look->model, &look->inputs, &look->target, &look->facts);
    plan_make(&look->arena, &look->inputs, &look->target, &look->facts, "https://github.com",
              &look->plan);
}

static bool has_step(const struct look *look)
{
    for (size_t i = 0; i < look->plan.step_count; i++)
        if (look->plan.steps[i].kind == STEP_ISSUE)
            return true;
    return false;
}

static void expect_step(const struct look *look, enum step_state state, const char *target)
{
    const struct step *step = plan_step(&look->plan, STEP_ISSUE);

    assert_string_equal(step_state_text(step->state), step_state_text(state));
    assert_string_equal(step->target, target);
    assert_true(look->plan.steps[look->plan.step_count - 1].kind == STEP_ISSUE); /* last of all */
}

static size_t asked(const struct look *look)
{
    return look->model.asked[QUESTION_ISSUES] + look->model.asked[QUESTION_ISSUE_COMMENTS];
}

/* Our comment as this plan would write it. */
static void tell_already(struct look *look)
{
    look->comment.body = issue_comment_text(&look->arena, &look->plan.issue.story);
    assert_true(issue_comment_read(&look->arena, look->comment.body, &look->comment));
    look->comment.id = 70;
    look->comment.issue = 7;
    look->model.issue_comments = (struct issue_comments){.items = &look->comment, .count = 1};
}

static void test_comment_boxes_and_closing(void **state)
{
    struct look look;
    (void)state;

    start(&look, "command=announce");
    plan_it(&look);
    expect_step(&look, STEP_DO, "#7");
    assert_string_equal(plan_step(&look.plan, STEP_ISSUE)->reason,
                        "a comment with the release's link is added, 2 boxes are ticked, it is "
                        "closed as completed");
    assert_string_equal(plan_step(&look.plan, STEP_ISSUE)->link, look.issue.page);
    assert_int_equal(asked(&look), 2);
    arena_free(&look.arena);
}

static void test_all_is_done(void **state)
{
    struct look look;
    (void)state;

    start(&look, "command=announce");
    plan_it(&look);
    tell_already(&look);
    look.issue.closed = true;
    look.issue.body = "- [x] Push the tag\n- [x] Close this issue\n- [ ] Celebrate\n";
    plan_it(&look);
    expect_step(&look, STEP_DONE, "#7");
    arena_free(&look.arena);
}

/* Each thing that is left makes a step of it. */
static void test_what_is_left(void **state)
{
    struct look look;
    (void)state;

    start(&look, "command=announce|close_issue=false");
    plan_it(&look);
    tell_already(&look);
    plan_it(&look);
    assert_string_equal(plan_step(&look.plan, STEP_ISSUE)->reason,
                        "our comment is there, 1 box is ticked");
    look.issue.body = "";
    plan_it(&look);
    expect_step(&look, STEP_DONE, "#7");
    look.comment.recipe ^= 1;
    plan_it(&look);
    assert_string_equal(plan_step(&look.plan, STEP_ISSUE)->reason, "our comment is written again");
    look.comment.intact = false; /* a person's words stay, whatever they tell */
    plan_it(&look);
    expect_step(&look, STEP_DONE, "#7");
    plan_finding(&look.plan, ERROR_ISSUE_EDITED);
    struct issue_comment twins[2] = {look.comment, look.comment};
    twins[1].id++;
    twins[1].intact = true;
    look.model.issue_comments = (struct issue_comments){.items = twins, .count = 2};
    plan_it(&look);
    assert_string_equal(plan_step(&look.plan, STEP_ISSUE)->reason,
                        "our comment is there, surplus comments of ours are removed");
    arena_free(&look.arena);
}

/* Nothing is asked and planned where the run has nothing to tell. */
static void test_nothing_to_tell(void **state)
{
    static const struct {
        const char *values;
        bool draft;
    } cases[] = {
        {NULL, false},
        {NULL, true},
        {"issue=7", false},
        {"command=announce|issue=none", false},
        {"command=announce", true},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct look look;

        start(&look, cases[i].values);
        look.release.draft = cases[i].draft;
        plan_it(&look);
        if (asked(&look) || has_step(&look))
            fail_msg("case %zu asks %zu questions", i, asked(&look));
        arena_free(&look.arena);
    }
}

static void test_refusals(void **state)
{
    struct look look;
    struct issue issues[2];
    (void)state;

    start(&look, "command=announce|issue=12");
    look.model.issues.count = 0;
    plan_it(&look);
    assert_contains(plan_finding(&look.plan, ERROR_ISSUE_MISSING)->message,
                    "number 12 isn't there");
    expect_step(&look, STEP_REFUSED, "12");
    look.model.issues.count = 1;
    look.issue.pull_request = true;
    plan_it(&look);
    assert_contains(plan_finding(&look.plan, ERROR_ISSUE_MISSING)->message, "is a pull request");
    look.issue.elsewhere = true;
    plan_it(&look);
    assert_contains(plan_finding(&look.plan, ERROR_ISSUE_MISSING)->message,
                    "was moved to another repository");
    arena_free(&look.arena);

    start(&look, "command=announce");
    issues[0] = issues[1] = look.issue;
    issues[1].number = 9;
    look.model.issues = (struct issue_facts){.items = issues, .count = 2};
    plan_it(&look);
    assert_contains(plan_finding(&look.plan, ERROR_ISSUE_SEVERAL)->message, "#7, #9");
    assert_contains(plan_finding(&look.plan, ERROR_ISSUE_SEVERAL)->remedy, "issue");
    assert_true(look.plan.refused);
    arena_free(&look.arena);
}

static void test_none_and_strangers(void **state)
{
    struct look look;
    (void)state;

    start(&look, "command=announce");
    look.issue.by_maintainers = false;
    plan_it(&look);
    expect_step(&look, STEP_DONE, "Release v0.10.0");
    assert_false(look.plan.refused);
    assert_contains(plan_finding(&look.plan, ERROR_ISSUE_STRANGER)->message, "#7");
    arena_free(&look.arena);
}

static void test_issues_that_are_not_seen(void **state)
{
    struct look look;
    (void)state;

    start(&look, "command=announce");
    look.model.issues_hidden = true;
    plan_it(&look);
    expect_step(&look, STEP_REFUSED, "auto");
    assert_contains(plan_finding(&look.plan, ERROR_PERMISSION)->remedy, "issues: write");
    arena_free(&look.arena);

    start(&look, "command=announce|dry_run=true");
    look.model.issues_hidden = true;
    plan_it(&look);
    expect_step(&look, STEP_UNKNOWN, "auto");
    assert_false(look.plan.refused);
    arena_free(&look.arena);

    start(&look, "command=announce|dry_run=true");
    look.model.clone_only = true;
    plan_it(&look);
    expect_step(&look, STEP_UNKNOWN, "auto");
    arena_free(&look.arena);
}

/* ---- what the comment says of the signature -------------------------------------------------------- */

static const char *signature_told(struct look *look)
{
    plan_it(look);
    return arena_print(&look->arena, "%s|%s|%d", look->plan.issue.story.signature,
                       string_or(look->plan.issue.story.signer, "-"), look->plan.issue.signed_tag);
}

static void test_signatures(void **state)
{
    struct look look;
    (void)state;

    start(&look, "command=announce|verify_tag=off|sign=never");
    struct tag_object *object = &look.model.objects[0];
    assert_string_equal(signature_told(&look),
                        "signed by|Maintainer <m@example.org> (verified by GitHub)|1");
    object->verified = false;
    assert_string_equal(signature_told(&look), "signed, not verified|-|0");
    object->signature = SIGNATURE_NONE;
    assert_string_equal(signature_told(&look), "not signed|-|0");
    look.model.tags.items[1].annotated = false;
    look.model.tags.items[1].object = object->target;
    assert_string_equal(signature_told(&look), "lightweight|-|0");
    arena_free(&look.arena);
}

/* A tag that the run makes before it comes to the issue. */
static void test_tag_to_be_made(void **state)
{
    struct look look;
    (void)state;

    start(&look, "draft=false|sign=never");
    look.model.tags.count = 1;
    look.model.releases.count = 0;
    assert_string_equal(signature_told(&look), "not signed|-|0");
    expect_step(&look, STEP_DO, "#7");
    arena_free(&look.arena);
}

/* The mail counts that was sent, or that this run sends. */
static void test_message_id(void **state)
{
    struct look look;
    (void)state;

    start(&look, "command=announce");
    plan_it(&look);
    assert_null(look.plan.issue.story.message_id);
    look.release.body = "<!-- cut-release:announcement state=sent id=a@example.org -->";
    plan_it(&look);
    assert_string_equal(look.plan.issue.story.message_id, "a@example.org");
    arena_free(&look.arena);

    start(&look, "command=announce|announce_to=a@example.org|announce_from=us@example.org|"
                 "smtp_url=smtp://mail.example.org:25");
    look.release.body = "<!-- cut-release:announcement state=sending id=a@example.org -->";
    plan_it(&look);
    assert_string_equal(look.plan.issue.story.message_id, look.plan.mail.id);
    assert_true(look.plan.issue.checklist.evidence & EVIDENCE_MAIL);
    arena_free(&look.arena);
}

/* ---- evidence --------------------------------------------------------------------------------------- */

static unsigned settled(struct issue_wish wish, const struct release *release,
                        const struct gates *gates, const char *message_id)
{
    issue_wish_settle(&wish, release, gates, message_id);
    return wish.checklist.evidence;
}

static void test_evidence_of_the_release(void **state)
{
    struct release release = {.tag = tag, .title = "T", .body = ""};
    struct issue_wish wish = {.story = {.tag = tag}};
    struct gates const none = {.runs = NULL};
    unsigned const always = EVIDENCE_TAG | EVIDENCE_LINK;
    unsigned const out = always | EVIDENCE_RELEASE | EVIDENCE_PUBLISHED;
    (void)state;

    assert_int_equal(settled(wish, NULL, &none, NULL), always);
    assert_int_equal(settled(wish, &release, &none, NULL), out);
    assert_int_equal(settled(wish, &release, &none, "id@example.org"), out | EVIDENCE_MAIL);
    wish.story.branch = "release-0.10";
    wish.signed_tag = true;
    release.title = tag;
    release.prerelease = true;
    assert_int_equal(settled(wish, &release, &none, NULL), out | EVIDENCE_BRANCH | EVIDENCE_SIGNED |
                                                               EVIDENCE_TITLE |
                                                               EVIDENCE_PRERELEASE);
    wish = (struct issue_wish){.story = {.tag = "x"}, .with_notes = true};
    release.prerelease = false;
    release.body = "\n## Highlights of [o/up v1.0.0](https://github.com/o/up/releases/tag/v1.0.0)";
    assert_int_equal(settled(wish, &release, &none, NULL), out);
    release.body = "<!-- cut-release:begin x -->\n* A change";
    assert_int_equal(settled(wish, &release, &none, NULL), out | EVIDENCE_NOTES);
    release.body = "<!-- cut-release:begin x -->\n## Highlights of [o/up v1.0.0](https://h)";
    assert_int_equal(settled(wish, &release, &none, NULL),
                     out | EVIDENCE_NOTES | EVIDENCE_HIGHLIGHTS);
    wish = (struct issue_wish){.story = {.tag = "x"}, .with_assets = true};
    release.body = "";
    assert_int_equal(settled(wish, &release, &none, NULL), out | EVIDENCE_ASSETS);
    wish.counts_assets = true;
    assert_int_equal(settled(wish, &release, &none, NULL), out);
    release.assets.count = 1;
    assert_int_equal(settled(wish, &release, &none, NULL), out | EVIDENCE_ASSETS);
}

static void test_evidence_of_gates(void **state)
{
    struct run_fact runs[] = {{.workflow = "ci-release.yaml", .state = RUN_SUCCEEDED},
                              {.workflow = "e2e-quickstart.yaml", .state = RUN_SUCCEEDED}};
    struct image_fact images[] = {{.reference = "a", .state = IMAGE_FOUND},
                                  {.reference = "b", .state = IMAGE_FOUND}};
    struct issue_wish const wish = {.story = {.tag = tag}};
    struct gates gates = {.runs = runs, .run_count = 1, .images = images, .image_count = 2};
    unsigned const always = EVIDENCE_TAG | EVIDENCE_LINK;
    (void)state;

    assert_int_equal(settled(wish, NULL, &gates, NULL),
                     always | EVIDENCE_WORKFLOWS | EVIDENCE_IMAGES);
    gates.run_count = 2;
    assert_int_equal(settled(wish, NULL, &gates, NULL),
                     always | EVIDENCE_WORKFLOWS | EVIDENCE_QUICKSTART | EVIDENCE_IMAGES);
    images[1].state = IMAGE_MISSING;
    runs[0].state = RUN_FAILED;
    assert_int_equal(settled(wish, NULL, &gates, NULL), always | EVIDENCE_QUICKSTART);
    runs[1].state = RUN_WAITING;
    assert_int_equal(settled(wish, NULL, &gates, NULL), always);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comment_boxes_and_closing),
        cmocka_unit_test(test_all_is_done),
        cmocka_unit_test(test_what_is_left),
        cmocka_unit_test(test_nothing_to_tell),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_none_and_strangers),
        cmocka_unit_test(test_issues_that_are_not_seen),
        cmocka_unit_test(test_signatures),
        cmocka_unit_test(test_tag_to_be_made),
        cmocka_unit_test(test_message_id),
        cmocka_unit_test(test_evidence_of_the_release),
        cmocka_unit_test(test_evidence_of_gates),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
