/* core/plan and its rules: repositories on paper, and the plan that section 5 gives. */
#include "support_model.h"

#include "core/marker.h"
#include "core/notes.h"

#include <stdlib.h>
#include <string.h>

enum { WHAT, EVENT, INPUTS, TAG, OBJECT, PLACE, TAGS, BRANCHES, SINCE, RELEASES, FINDINGS, STEPS };

/* A row of rules.tsv, and what is made of it. */
struct rule {
    struct arena arena;
    const struct table_row *row;
    struct inputs inputs;
    struct model model;
    struct target target;
    const char *commit, *head; /* of the tag, and of the release branch */
    struct plan plan;
};

static bool has(const char *cell, const char *word)
{
    size_t const length = strlen(word);

    for (const char *at = cell; (at = strstr(at, word)); at++)
        if ((at == cell || strchr(",+ ", at[-1])) && (!at[length] || strchr(",+ ", at[length])))
            return true;
    return false;
}

static void change_object(struct rule *rule, struct tag_object *object, const char *how)
{
    if (has(how, "unsigned"))
        object->signature = SIGNATURE_NONE, object->verified = false;
    if (has(how, "ssh"))
        object->signature = SIGNATURE_SSH;
    if (has(how, "x509"))
        object->signature = SIGNATURE_X509;
    if (has(how, "unverified"))
        object->verified = false, object->verification_reason = "unknown_key";
    if (has(how, "unseen"))
        object->verification = UNKNOWN;
    if (has(how, "nested"))
        object->target_type = "tag", object->target = object_id(&rule->arena, '8', 1);
    if (has(how, "tree"))
        object->target_type = "tree", object->target = object_id(&rule->arena, '8', 2);
    if (has(how, "name"))
        object->name = "v9.9.9";
    if (has(how, "message"))
        object->message = "project v${MAJOR}.${MINOR}.${PATCH}-rc.${RC} Release Candidate\n";
}

static void build_tags(struct rule *rule)
{
    const char *how = rule->row->cells[OBJECT], *rest = rule->row->cells[TAGS], *name;
    unsigned number = 100;

    while ((name = next_part(&rule->arena, &rest, ' ')))
        if (!strings_equal(name, "-"))
            model_add_tag(&rule->arena, &rule->model, name, object_id(&rule->arena, 'c', number++));
    if (has(how, "light")) {
        model_add_tag(&rule->arena, &rule->model, rule->row->cells[TAG], rule->commit);
        rule->model.tags.items[rule->model.tags.count - 1].odd = has(how, "odd");
    } else if (!has(how, "none"))
        change_object(
            rule,
            model_add_signed_tag(&rule->arena, &rule->model, rule->row->cells[TAG], rule->commit),
            how);
}

static void build_place(struct rule *rule)
{
    const char *place = rule->row->cells[PLACE];
    struct model *model = &rule->model;

    model->source = has(place, "no-source") ? NULL : "main";
    model->source_head = has(place, "no-branch") && !strchr(place, '+')
                             ? rule->commit
                             : object_id(&rule->arena, 'c', 50);
    model->on_source.relation = has(place, "behind") ? RELATION_BEHIND : RELATION_DIVERGED;
    model->on_source_open = has(place, "open");
    model->on_branch_open = has(place, "open");
    model->on_branch = (struct comparison){.relation = RELATION_DIVERGED, .ahead_by = 2};
    if (string_starts(place, "behind-"))
        model->on_branch = (struct comparison){.relation = RELATION_BEHIND,
                                               .behind_by = (uint32_t)atoi(place + 7)};
    if (has(place, "ahead"))
        model->on_branch = (struct comparison){.relation = RELATION_AHEAD, .ahead_by = 1};
}

static void build_branches(struct rule *rule)
{
    const char *place = rule->row->cells[PLACE], *rest = rule->row->cells[BRANCHES], *name;
    bool const at_head = has(place, "head");

    while ((name = next_part(&rule->arena, &rest, ' ')))
        if (!strings_equal(name, "-"))
            model_add_branch(&rule->arena, &rule->model, name, object_id(&rule->arena, 'c', 60));
    rule->head = at_head ? rule->commit : object_id(&rule->arena, 'c', 2);
    if (!string_starts(place, "no-"))
        model_add_branch(&rule->arena, &rule->model, rule->target.branch, rule->head);
}

static void build_since(struct rule *rule)
{
    const char *since = rule->row->cells[SINCE];

    rule->model.since_open = has(since, "open");
    rule->model.since.relation = RELATION_IDENTICAL;
    if (has(since, "apart"))
        rule->model.since = (struct comparison){.relation = RELATION_DIVERGED, .ahead_by = 1};
    if (*since == '+')
        rule->model.since =
            (struct comparison){.relation = RELATION_AHEAD, .ahead_by = (uint32_t)atoi(since + 1)};
}

/* The body as a run with the same inputs would have written it. */
static const char *our_body(struct rule *rule, const char *how)
{
    struct arena *arena = &rule->arena;
    struct facts const nothing = {.notes = NULL};
    struct history history;
    CLEANUP(text_free) struct text body = {0};

    history_read(arena, &rule->target, &rule->model.tags, &history);
    struct release_wish const wish =
        plan_wish(arena, &rule->inputs, &rule->target, &nothing, &history, rule->commit);
    struct marker const marker = {
        .tag = wish.tag,
        .commit = has(how, "commit") ? object_id(arena, 'd', 9) : wish.commit,
        .recipe = wish.recipe,
        .title = marker_hash(wish.title),
    };
    marker_write(&body, &marker, "* notes");
    if (has(how, "damaged"))
        text_add(&body, "<!-- cut-release:end -->");
    const char *edited = strstr(text_string(&body), "* notes");
    if (!has(how, "edited"))
        return arena_copy(arena, text_string(&body));
    return arena_print(arena, "%.*s* edited%s", (int)(edited - text_string(&body)),
                       text_string(&body), edited);
}

static void build_releases(struct rule *rule)
{
    struct release_facts *releases = &rule->model.releases;
    const char *rest = rule->row->cells[RELEASES], *how;
    int64_t id = 11;

    while ((how = next_part(&rule->arena, &rest, ' '))) {
        if (strings_equal(how, "-"))
            continue;
        bool const candidate = !version_is_final(&rule->target.version);
        releases->items =
            arena_append(&rule->arena, releases->items, &releases->count, sizeof(*releases->items));
        releases->items[releases->count - 1] = (struct release){
            .id = id++,
            .tag = rule->target.tag,
            .title = has(how, "title") ? "A person's title" : rule->target.tag,
            .body = has(how, "stub") ? "Release v0.1.0" : our_body(rule, how),
            .page = "https://github.com/owner/project/releases/11",
            .upload_url = "",
            .draft = !has(how, "published"),
            .prerelease = candidate != has(how, "flag"),
            .immutable = has(how, "immutable"),
        };
        if (has(how, "published") && !has(how, "not-latest"))
            rule->model.latest = (struct latest_release){id - 1, rule->target.tag};
    }
}

static void make_rule_plan(struct rule *rule)
{
    const struct table_row *row = rule->row;
    const char *event = row->cells[EVENT];
    bool const button = strings_equal(event, "button");
    const char *given = string_or(cell_or_null(row->cells[INPUTS]), "");
    const char *inputs =
        button ? arena_print(&rule->arena, "tag=%s|%s", row->cells[TAG], given) : given;

    rule->commit = object_id(&rule->arena, 'c', 1);
    rule->model.repository = "owner/project";
    rule->model.default_branch = "main";
    read_inputs(&rule->arena, inputs, &rule->inputs);
    build_tags(rule);
    model_target(&rule->arena, &rule->model, &rule->inputs,
                 button                        ? ""
                 : strings_equal(event, "run") ? "workflow_run"
                                               : "push",
                 row->cells[TAG], &rule->target);
    if (has(row->cells[OBJECT], "moved"))
        rule->target.object_hint = object_id(&rule->arena, '9', 1);
    build_place(rule);
    build_branches(rule);
    build_since(rule);
    build_releases(rule);
    model_plan(&rule->arena, &rule->model, &rule->inputs, &rule->target, &rule->plan);
}

static void check_rule(struct table *table, struct rule *rule)
{
    const struct table_row *row = rule->row;
    const struct plan *plan = &rule->plan;
    bool const refused = strstr(row->cells[FINDINGS], "error:") != NULL;
    struct error error = {0};

    table_expect_text(table, row, "findings", sorted_words(&rule->arena, row->cells[FINDINGS]),
                      plan_findings(&rule->arena, plan));
    table_expect_text(table, row, "steps", row->cells[STEPS], plan_steps(&rule->arena, plan));
    table_expect_number(table, row, "refused", refused, plan->refused);
    if (refused && plan->refused) {
        table_expect_number(table, row, "plan_refusal", -1, plan_refusal(plan, &error));
        if (!strstr(row->cells[FINDINGS], error_code_text(error.code)))
            table_wrong(table, row, "ends with %s", error_code_text(error.code));
    }
    for (size_t i = 0; i < plan->finding_count; i++)
        if (string_is_empty(plan->findings[i].message))
            table_wrong(table, row, "%s says nothing", error_code_text(plan->findings[i].code));
    for (size_t i = 0; i < plan->step_count; i++)
        if (string_is_empty(plan->steps[i].reason))
            table_wrong(table, row, "the step %s has no reason",
                        step_kind_text(plan->steps[i].kind));
}

static void test_rules(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "rules.tsv", 12, 100);
    for (size_t i = 0; i < table.count; i++) {
        struct rule rule = {.row = &table.rows[i]};

        make_rule_plan(&rule);
        check_rule(&table, &rule);
        arena_free(&rule.arena);
    }
    table_close(&table);
}

/* ---- what a plan says besides ---------------------------------------------------------------- */

/* A repository on paper, and its plan. */
struct paper {
    struct arena arena;
    struct model model;
    const char *body_file;
    struct plan plan;
};

static void paper_free(struct paper *paper)
{
    arena_free(&paper->arena);
}

/* A repository with a release, a candidate's signed tag at the head of its branch. */
static void usual_model(struct paper *paper, const char *tag)
{
    struct arena *arena = &paper->arena;
    const char *commit = object_id(arena, 'c', 1);

    paper->model = (struct model){
        .repository = "owner/project",
        .default_branch = "main",
        .source = "main",
        .source_head = object_id(arena, 'c', 50),
    };
    model_add_tag(arena, &paper->model, "v0.9.0", object_id(arena, 'c', 40));
    if (tag)
        model_add_signed_tag(arena, &paper->model, tag, commit);
    model_add_branch(arena, &paper->model, "release-0.10", commit);
}

static void usual_plan(struct paper *paper, const char *values, const char *event, const char *tag)
{
    struct inputs *inputs = arena_take(&paper->arena, sizeof(*inputs));
    struct target *target = arena_take(&paper->arena, sizeof(*target));

    read_inputs(&paper->arena, values, inputs);
    inputs->body_file = paper->body_file;
    model_target(&paper->arena, &paper->model, inputs, event, tag, target);
    model_plan(&paper->arena, &paper->model, inputs, target, &paper->plan);
}

/* Both, of a tag that was pushed. */
static void pushed_plan(struct paper *paper, const char *values, const char *tag)
{
    usual_model(paper, tag);
    usual_plan(paper, values, "push", tag);
}

static void test_values(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    pushed_plan(&paper, NULL, "v0.10.0-rc.1");
    assert_true(paper.plan.tag_exists);
    assert_true(paper.plan.branch_exists);
    assert_string_equal(paper.plan.commit, object_id(&paper.arena, 'c', 1));
    assert_string_equal(paper.plan.tag_object, paper.model.objects[0].object);
    assert_string_equal(paper.plan.previous_tag, "v0.9.0");
    assert_true(paper.plan.prerelease);
    assert_false(paper.plan.latest);
    assert_true(plan_changes(&paper.plan));
    assert_string_equal(paper.plan.final_page,
                        "https://github.com/owner/project/releases/tag/v0.10.0-rc.1");
    assert_string_equal(plan_step(&paper.plan, STEP_BRANCH)->link,
                        "https://github.com/owner/project/tree/release-0.10");
    assert_string_equal(paper.plan.part,
                        "* notes since v0.9.0\n\n**Full Changelog**: "
                        "https://github.com/owner/project/compare/v0.9.0...v0.10.0-rc.1");
}

/* A new tag is made at the head of the release branch, or of the source branch. */
static void test_commit_of_a_new_tag(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    usual_model(&paper, NULL);
    usual_plan(&paper, "tag=v0.10.0-rc.1|dry_run=true", "", "v0.10.0-rc.1");
    assert_string_equal(paper.plan.commit, object_id(&paper.arena, 'c', 1));
    usual_plan(&paper, "tag=v0.11.0-rc.1|dry_run=true", "", "v0.11.0-rc.1");
    assert_string_equal(paper.plan.commit, object_id(&paper.arena, 'c', 50));
    assert_false(paper.plan.branch_exists);
    assert_false(paper.plan.tag_exists);
    assert_contains(plan_step(&paper.plan, STEP_TAG)->reason,
                    "project v0.11.0-rc.1 Release Candidate");
}

/* make_latest: only a final release that is the highest of its line; a prefix with a / never. */
static void test_latest(void **state)
{
    static const struct {
        const char *tag, *inputs;
        bool prerelease, latest;
    } cases[] = {
        {"v0.10.0", NULL, false, true},
        {"v0.10.0-rc.1", NULL, true, false},
        {"v0.8.1", NULL, false, false}, /* v0.9.0 is above */
        {"v0.9.1", NULL, false, true},
        {"v0.10.0", "make_latest=false", false, false},
        {"v0.8.1", "make_latest=true", false, true},
        {"v0.10.0", "prerelease=true", true, false},
        {"v0.10.0-rc.1", "prerelease=false", false, false},
        {"conformance/v1.0.0", "tag_prefix=conformance/v", false, false},
        {"conformance/v1.0.0", "tag_prefix=conformance/v|make_latest=true", false, true},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(paper_free) struct paper paper = {0};

        pushed_plan(&paper, cases[i].inputs, cases[i].tag);
        if (paper.plan.prerelease != cases[i].prerelease || paper.plan.latest != cases[i].latest)
            fail_msg("%s with %s: prerelease %d, latest %d", cases[i].tag,
                     string_or(cases[i].inputs, "no inputs"), paper.plan.prerelease,
                     paper.plan.latest);
    }
}

/* Without a previous tag GitHub must not choose one of another line: the notes are our own. */
static void test_first_release_asks_for_no_notes(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    paper.model = (struct model){.repository = "owner/project", .default_branch = "main"};
    model_add_tag(&paper.arena, &paper.model, "conformance/v0.9.0",
                  object_id(&paper.arena, 'c', 3));
    model_add_signed_tag(&paper.arena, &paper.model, "v0.1.0-rc.1",
                         object_id(&paper.arena, 'c', 1));
    model_add_branch(&paper.arena, &paper.model, "release-0.1", object_id(&paper.arena, 'c', 1));
    usual_plan(&paper, NULL, "push", "v0.1.0-rc.1");
    assert_null(paper.plan.previous_tag);
    assert_int_equal(paper.model.asked[QUESTION_NOTES], 0);
    assert_contains(paper.plan.part, "https://github.com/owner/project/commits/v0.1.0-rc.1");
}

static void test_body_is_a_template(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    pushed_plan(&paper,
                "body=# {project} {tag} ({version}) since {previous_tag}, {branch}: { code }",
                "v0.10.0-rc.2");
    assert_true(string_starts(paper.plan.part, "# project v0.10.0-rc.2 (0.10.0-rc.2) since v0.9.0, "
                                               "release-0.10: { code }\n\n* notes since v0.9.0\n"));
}

/* What a value holds is not looked through for names again. */
static void test_names_in_values_stay(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    pushed_plan(&paper, "generate_notes=false|project={commit}|body={project} {commit}",
                "v0.10.0-rc.1");
    assert_string_equal(paper.plan.part,
                        arena_print(&paper.arena, "{commit} %s", paper.plan.commit));
}

static void test_without_generated_notes(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    pushed_plan(&paper, "generate_notes=false|body=by hand", "v0.10.0-rc.1");
    assert_int_equal(paper.model.asked[QUESTION_NOTES], 0);
    assert_string_equal(paper.plan.part, "by hand");
}

/* ---- what the notes lack -------------------------------------------------------------------------- */

static struct change missing_change = {.commit = "c9", .subject = "Fix it", .pull = 7};

static void missing_model(struct paper *paper)
{
    usual_model(paper, "v0.10.0-rc.1");
    paper->model.changes = (struct changes){&missing_change, 1, 1};
}

static void test_missing_changes_are_added(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    static struct pull_request pull = {.number = 7, .title = "Fix it well", .login = "a"};
    (void)state;

    missing_model(&paper);
    paper.model.notes = "**Full Changelog**: x";
    paper.model.pulls = (struct pulls){&pull, 1, NULL};
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "-");
    assert_string_equal(paper.plan.part,
                        "## What's Changed\n* Fix it well by @a in "
                        "https://github.com/owner/project/pull/7\n\n**Full Changelog**: x");
    assert_int_equal(paper.model.asked[QUESTION_PULLS], 1);
    assert_int_equal(paper.model.asked[QUESTION_RELEASE_CONFIG], 1);
}

/* What can't be seen is told, louder in a run than in a dry run; there are notes all the same. */
static void test_what_the_notes_lack_is_told(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    missing_model(&paper);
    paper.model.changes_hidden = true;
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan),
                        "warning:CR-NOTES-PARTIAL@release");
    usual_plan(&paper, "dry_run=true", "push", "v0.10.0-rc.1");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan),
                        "notice:CR-NOTES-PARTIAL@release");
    paper.model.changes_hidden = false;
    paper.model.changes.total = 7000;
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_contains(plan_finding(&paper.plan, ERROR_NOTES_PARTIAL)->message, "7000");
    paper.model.changes.total = 1;
    paper.model.pulls.refused = "not accessible";
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_contains(plan_finding(&paper.plan, ERROR_NOTES_PARTIAL)->remedy, "pull-requests: read");
    paper.model.pulls.refused = NULL;
    paper.model.config_wrong = "line 3: odd";
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_contains(plan_finding(&paper.plan, ERROR_NOTES_CONFIG)->message, "line 3: odd");
    assert_contains(paper.plan.part, "Fix it");
}

static void test_more_than_is_asked_for_is_told(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    static struct change many[CHANGELOG_MOST_PULLS + 1];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(many); i++)
        many[i] =
            (struct change){.commit = "c9", .subject = "Fix it", .pull = (uint32_t)(1000 + i)};
    missing_model(&paper);
    paper.model.changes = (struct changes){many, COUNT_OF(many), COUNT_OF(many)};
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_contains(plan_finding(&paper.plan, ERROR_NOTES_PARTIAL)->message, "more than 100");
}

/* A server that generates none, and one that refuses. */
static void test_server_without_notes(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    missing_model(&paper);
    paper.model.notes_absent = true;
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "warning:CR-NOTES-OWN@release");
    assert_contains(paper.plan.part, "* Fix it in https://github.com/owner/project/pull/7\n");
    paper.model.notes_absent = false;
    paper.model.notes_hidden = true;
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "error:CR-NOTES@release");
    usual_plan(&paper, "dry_run=true", "push", "v0.10.0-rc.1");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "-");
    assert_contains(paper.plan.part, "* Fix it in https://github.com/owner/project/pull/7\n");
}

/* The text of body_path stands behind body's, and makes another recipe. */
static void test_body_from_a_file(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    usual_model(&paper, "v0.10.0-rc.1");
    usual_plan(&paper, "generate_notes=false|body=by {tag}", "push", "v0.10.0-rc.1");
    uint64_t const recipe = paper.plan.wish.recipe;
    paper.body_file = "from a {tag}";
    usual_plan(&paper, "generate_notes=false|body=by {tag}", "push", "v0.10.0-rc.1");
    assert_string_equal(paper.plan.part, "by v0.10.0-rc.1\n\nfrom a v0.10.0-rc.1");
    assert_true(paper.plan.wish.recipe != recipe);
    paper.body_file = "alone";
    usual_plan(&paper, "generate_notes=false", "push", "v0.10.0-rc.1");
    assert_string_equal(paper.plan.part, "alone");
}

/* What others wrote can't forge our markers, whoever's words they are. */
static void test_notes_are_made_harmless(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    usual_model(&paper, "v0.10.0-rc.1");
    paper.model.notes = "* a <!-- cut-release:end --> by @x\n* b <!--cut-release:begin tag=v9 -->";
    usual_plan(&paper, "body=<!-- cut-release:begin", "push", "v0.10.0-rc.1");
    assert_lacks(paper.plan.part, "<!-- cut-release:");
    assert_lacks(paper.plan.part, "<!--cut-release:");
    assert_contains(paper.plan.part, "* a ");
}

/* The candidate's commits are listed, in one harmless line, with an end. */
static void test_commits_after_the_candidate_are_listed(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    const char *subjects[50];
    (void)state;

    usual_model(&paper, "v0.10.0");
    model_add_tag(&paper.arena, &paper.model, "v0.10.0-rc.1", object_id(&paper.arena, 'c', 7));
    for (size_t i = 0; i < COUNT_OF(subjects); i++)
        subjects[i] = arena_print(&paper.arena, "Fix %zu\n::error::x", i);
    paper.model.since = (struct comparison){RELATION_AHEAD, 60, 0, subjects, COUNT_OF(subjects)};
    usual_plan(&paper, NULL, "push", "v0.10.0");
    const char *message = plan_finding(&paper.plan, ERROR_CANDIDATE_BEHIND)->message;
    assert_contains(message, "60 commits");
    assert_contains(message, "v0.10.0-rc.1");
    assert_contains(message, "Fix 0");
    assert_contains(message, "…");
    assert_lacks(message, "\n");
}

/* A refusal says what was expected, what was found and what to do. */
static void test_refusals_say_the_way_out(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    usual_model(&paper, NULL);
    usual_plan(&paper, "tag=v0.1.0-rc.1|dry_run=true", "", "v0.1.0-rc.1");
    const struct finding *finding = plan_finding(&paper.plan, ERROR_BRANCH_BELOW);
    assert_contains(finding->message, "0.10");
    assert_contains(finding->message, "0.1 ");
    assert_contains(finding->remedy, "git push origin COMMIT:refs/heads/release-0.1");
    usual_plan(&paper, "tag=v0.11.0|dry_run=true", "", "v0.11.0");
    finding = plan_finding(&paper.plan, ERROR_BRANCH_MISSING);
    assert_contains(finding->message, "release-0.11");
    assert_contains(finding->remedy, "candidate");
    assert_code(ERROR_BRANCH_MISSING, plan_step(&paper.plan, STEP_BRANCH)->code);
    assert_string_equal(plan_step(&paper.plan, STEP_BRANCH)->reason, finding->message);
}

/* All refusals at once; the run ends with the first one's code. */
static void test_refusal_of_several(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    struct error error = {0};
    (void)state;

    pushed_plan(&paper, "require_rc=true|previous_tag=v0.0.1", "v0.11.0");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan),
                        "error:CR-BRANCH-MISSING@branch error:CR-CANDIDATE-NONE@tag "
                        "error:CR-INPUT-VALUE@release");
    assert_int_equal(plan_refusal(&paper.plan, &error), -1);
    assert_code(ERROR_BRANCH_MISSING, error.code);
    assert_int_equal(error.status, 1);
    assert_contains(error.message, "and more");
}

static void test_refusal_for_an_input_alone(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    struct error error = {0};
    (void)state;

    pushed_plan(&paper, "previous_tag=v0.0.1", "v0.10.0-rc.1");
    plan_refusal(&paper.plan, &error);
    assert_code(ERROR_INPUT_VALUE, error.code);
    assert_int_equal(error.status, 2);
    assert_lacks(error.message, "and more");
}

static void test_a_plan_without_a_refusal_is_not_refused(void **state)
{
    struct plan const plan = {0};
    struct error error = {0};
    (void)state;

    assert_int_equal(plan_refusal(&plan, &error), -1);
    assert_code(ERROR_INTERNAL, error.code);
    assert_false(plan_changes(&plan));
}

/* A laptop without a token: what only the server knows is unknown, and that is no refusal. */
static void test_clone_alone(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    usual_model(&paper, NULL);
    paper.model.clone_only = true;
    model_add_signed_tag(&paper.arena, &paper.model, "v0.10.0-rc.1",
                         object_id(&paper.arena, 'c', 1));
    usual_plan(&paper, "tag=v0.10.0-rc.1|dry_run=true", "", "v0.10.0-rc.1");
    assert_string_equal(plan_steps(&paper.arena, &paper.plan),
                        "branch=done tag=done release=unknown");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "-");
    usual_plan(&paper, "tag=v0.11.0-rc.1|dry_run=true", "", "v0.11.0-rc.1");
    assert_string_equal(plan_steps(&paper.arena, &paper.plan),
                        "branch=do tag=unknown release=unknown");
    assert_false(paper.plan.refused);
}

/* An annotated tag whose object nobody gives is neither good nor bad. */
static void test_a_tag_object_that_is_not_given(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    usual_model(&paper, NULL);
    model_add_tag(&paper.arena, &paper.model, "v0.10.0-rc.1", object_id(&paper.arena, '7', 1));
    paper.model.tags.items[paper.model.tags.count - 1].annotated = true;
    usual_plan(&paper, "tag=v0.10.0-rc.1|dry_run=true", "", "v0.10.0-rc.1");
    assert_int_equal(plan_step(&paper.plan, STEP_TAG)->state, STEP_UNKNOWN);
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_true(paper.plan.refused);
    assert_int_equal(plan_step(&paper.plan, STEP_TAG)->state, STEP_REFUSED);
}

/* What nobody could list is not taken for absent: no tag or branch is made anew. */
static void test_lists_that_are_not_seen(void **state)
{
    static const enum question_kind lists[] = {QUESTION_TAGS, QUESTION_BRANCHES};
    static const char *const steps[] = {"tag=unknown", "branch=unknown"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(lists); i++)
        for (int dry_run = 0; dry_run < 2; dry_run++) {
            CLEANUP(paper_free) struct paper paper = {0};
            struct arena *arena = &paper.arena;
            struct facts *facts = arena_take(arena, sizeof(*facts));
            struct inputs inputs;
            struct target target;

            usual_model(&paper, NULL);
            read_inputs(arena,
                        dry_run ? "tag=v0.10.0-rc.1|sign=never|dry_run=true"
                                : "tag=v0.10.0-rc.1|sign=never",
                        &inputs);
            model_target(arena, &paper.model, &inputs, "", "v0.10.0-rc.1", &target);
            model_observe(arena, &paper.model, &inputs, &target, facts);
            facts_hidden(facts, &(struct question){.kind = lists[i]}, "nobody says");
            plan_make(arena, &inputs, &target, facts, "https://github.com", &paper.plan);
            if (dry_run)
                assert_contains(plan_steps(arena, &paper.plan), steps[i]);
            assert_int_equal(paper.plan.refused, !dry_run);
        }
}

/* Verification policy: auto is required where trusted keys are given. */
static void test_trusted_keys_make_verification_required(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    struct inputs inputs;
    struct target target;
    (void)state;

    usual_model(&paper, NULL);
    model_add_tag(&paper.arena, &paper.model, "v0.10.0-rc.1", object_id(&paper.arena, 'c', 1));
    read_inputs(&paper.arena, NULL, &inputs);
    inputs.values[INPUT_TRUSTED_KEYS] = "KEYS";
    model_target(&paper.arena, &paper.model, &inputs, "push", "v0.10.0-rc.1", &target);
    model_plan(&paper.arena, &paper.model, &inputs, &target, &paper.plan);
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "error:CR-TAG-LIGHTWEIGHT@tag");
}

/* Notes that the server doesn't give are never taken for empty ones. */
static void test_notes_that_are_not_given(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    usual_model(&paper, "v0.10.0-rc.1");
    paper.model.notes_hidden = true;
    usual_plan(&paper, NULL, "push", "v0.10.0-rc.1");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "error:CR-NOTES@release");
    usual_plan(&paper, "dry_run=true", "push", "v0.10.0-rc.1");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "-");
    usual_plan(&paper, "generate_notes=false", "push", "v0.10.0-rc.1");
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "-");
}

/* A token that may not push sees no drafts: a dry run doesn't know whether there is one. */
static void test_drafts_that_are_not_seen(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    (void)state;

    usual_model(&paper, "v0.10.0-rc.1");
    paper.model.push_denied = true;
    usual_plan(&paper, "dry_run=true", "push", "v0.10.0-rc.1");
    assert_string_equal(plan_steps(&paper.arena, &paper.plan),
                        "branch=done tag=done release=unknown");
}

/* What the server tells about itself and whose token it is, ahead of the first write: a refusal for
 * each thing that would be written. */
static void test_access(void **state)
{
    static const struct {
        bool push_denied, user_known, archived;
        const char *event, *tag, *findings, *inputs;
    } cases[] = {
        {true, true, false, "", "v0.11.0-rc.1",
         "warning:CR-PERMISSION@branch warning:CR-PERMISSION@release warning:CR-PERMISSION@tag",
         "dry_run=true"},
        {true, true, false, "", "v0.11.0-rc.1",
         "error:CR-PERMISSION@branch error:CR-PERMISSION@release error:CR-PERMISSION@tag"},
        {true, true, true, "", "v0.10.0-rc.1",
         "error:CR-ARCHIVED@release error:CR-ARCHIVED@tag error:CR-PERMISSION@release "
         "error:CR-PERMISSION@tag"},
        {false, true, true, "push", "v0.11.0-rc.1",
         "error:CR-ARCHIVED@branch error:CR-ARCHIVED@release"},
        {true, false, false, "", "v0.11.0-rc.1", "-"}, /* an App's: it says no to everything */
        {false, true, false, "", "v0.11.0-rc.1", "-"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(paper_free) struct paper paper = {0};
        bool const push = *cases[i].event != '\0';

        usual_model(&paper, push ? cases[i].tag : NULL);
        paper.model.on_source.relation = RELATION_BEHIND;
        paper.model.push_denied = cases[i].push_denied;
        paper.model.user_known = cases[i].user_known;
        paper.model.archived = cases[i].archived;
        usual_plan(&paper,
                   push ? NULL
                        : arena_print(&paper.arena, "tag=%s|sign=never|%s", cases[i].tag,
                                      string_or(cases[i].inputs, "dry_run=false")),
                   cases[i].event, cases[i].tag);
        assert_string_equal(plan_findings(&paper.arena, &paper.plan), cases[i].findings);
        assert_int_equal(paper.plan.refused, *cases[i].findings == 'e');
    }
}

/* A ruleset refuses only whom the server knows, and says that it doesn't let pass. */
static void test_rulesets(void **state)
{
    static const struct {
        bool user_known, of_branch, of_tag;
        enum bypass bypass;
        const char *findings;
    } cases[] = {
        {true, true, false, BYPASS_NO, "error:CR-RULESET@branch"},
        {true, false, true, BYPASS_NO, "error:CR-RULESET@tag"},
        {true, true, true, BYPASS_NO, "error:CR-RULESET@branch error:CR-RULESET@tag"},
        {true, true, true, BYPASS_YES, "-"},
        {true, true, true, BYPASS_UNTOLD, "-"},
        {false, true, true, BYPASS_NO, "warning:CR-RULESET@branch warning:CR-RULESET@tag"},
        {false, true, true, BYPASS_YES, "-"},
        {true, false, false, BYPASS_NO, "-"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(paper_free) struct paper paper = {0};
        struct ruleset const ruleset = {
            .id = 7,
            .name = i ? "Only the bot" : NULL,
            .of_branch = cases[i].of_branch,
            .of_tag = cases[i].of_tag,
            .of_asking = cases[i].bypass,
        };

        usual_model(&paper, NULL);
        paper.model.rulesets = &ruleset;
        paper.model.ruleset_count = 1;
        paper.model.user_known = cases[i].user_known;
        usual_plan(&paper, "tag=v0.11.0-rc.1|sign=never", "", "v0.11.0-rc.1");
        assert_string_equal(plan_findings(&paper.arena, &paper.plan), cases[i].findings);
        if (*cases[i].findings != '-')
            assert_contains(plan_finding(&paper.plan, ERROR_RULESET)->message,
                            i ? "\"Only the bot\"" : "number 7");
    }
}

/* A workflow_run's head must be the tag's commit. */
static void test_run_of_another_commit(void **state)
{
    CLEANUP(paper_free) struct paper paper = {0};
    struct inputs inputs;
    struct target target;
    (void)state;

    usual_model(&paper, "v0.10.0-rc.1");
    read_inputs(&paper.arena, NULL, &inputs);
    model_target(&paper.arena, &paper.model, &inputs, "workflow_run", "v0.10.0-rc.1", &target);
    target.run_head = object_id(&paper.arena, 'c', 1);
    model_plan(&paper.arena, &paper.model, &inputs, &target, &paper.plan);
    assert_false(paper.plan.refused);
    target.run_head = object_id(&paper.arena, 'c', 99);
    model_plan(&paper.arena, &paper.model, &inputs, &target, &paper.plan);
    assert_string_equal(plan_findings(&paper.arena, &paper.plan), "error:CR-TAG-RUN@tag");
}

static void test_words(void **state)
{
    (void)state;

    assert_string_equal(step_kind_text(STEP_BRANCH), "branch");
    assert_string_equal(step_kind_text(STEP_TAG), "tag");
    assert_string_equal(step_kind_text(STEP_RELEASE), "release");
    assert_string_equal(step_state_text(STEP_DO), "do");
    assert_string_equal(step_state_text(STEP_DONE), "done");
    assert_string_equal(step_state_text(STEP_REFUSED), "refused");
    assert_string_equal(step_state_text(STEP_UNKNOWN), "unknown");
    assert_string_equal(finding_level_text(FINDING_NOTICE), "notice");
    assert_string_equal(finding_level_text(FINDING_REFUSAL), "error");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_commit_of_a_new_tag),
        cmocka_unit_test(test_latest),
        cmocka_unit_test(test_first_release_asks_for_no_notes),
        cmocka_unit_test(test_body_is_a_template),
        cmocka_unit_test(test_names_in_values_stay),
        cmocka_unit_test(test_without_generated_notes),
        cmocka_unit_test(test_missing_changes_are_added),
        cmocka_unit_test(test_what_the_notes_lack_is_told),
        cmocka_unit_test(test_more_than_is_asked_for_is_told),
        cmocka_unit_test(test_server_without_notes),
        cmocka_unit_test(test_body_from_a_file),
        cmocka_unit_test(test_notes_are_made_harmless),
        cmocka_unit_test(test_commits_after_the_candidate_are_listed),
        cmocka_unit_test(test_refusals_say_the_way_out),
        cmocka_unit_test(test_refusal_of_several),
        cmocka_unit_test(test_refusal_for_an_input_alone),
        cmocka_unit_test(test_a_plan_without_a_refusal_is_not_refused),
        cmocka_unit_test(test_clone_alone),
        cmocka_unit_test(test_a_tag_object_that_is_not_given),
        cmocka_unit_test(test_lists_that_are_not_seen),
        cmocka_unit_test(test_trusted_keys_make_verification_required),
        cmocka_unit_test(test_notes_that_are_not_given),
        cmocka_unit_test(test_drafts_that_are_not_seen),
        cmocka_unit_test(test_access),
        cmocka_unit_test(test_rulesets),
        cmocka_unit_test(test_run_of_another_commit),
        cmocka_unit_test(test_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
