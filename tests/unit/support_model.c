#include "support_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *object_id(struct arena *arena, char kind, unsigned number)
{
    return arena_print(arena, "%c%039x", kind, number);
}

static void add_ref(struct arena *arena, struct git_refs *refs, const char *name,
                    const char *object, bool annotated)
{
    refs->items = arena_append(arena, refs->items, &refs->count, sizeof(*refs->items));
    refs->items[refs->count - 1] =
        (struct git_ref){.name = arena_copy(arena, name), .object = object, .annotated = annotated};
}

void model_add_branch(struct arena *arena, struct model *model, const char *name,
                      const char *commit)
{
    add_ref(arena, &model->branches, name, commit, false);
}

void model_add_tag(struct arena *arena, struct model *model, const char *name, const char *commit)
{
    add_ref(arena, &model->tags, name, commit, false);
}

struct tag_object *model_add_signed_tag(struct arena *arena, struct model *model, const char *name,
                                        const char *commit)
{
    const char *object = object_id(arena, '7', (unsigned)model->tags.count + 1);

    add_ref(arena, &model->tags, name, object, true);
    model->objects =
        arena_append(arena, model->objects, &model->object_count, sizeof(*model->objects));
    struct tag_object *made = &model->objects[model->object_count - 1];
    *made = (struct tag_object){
        .object = object,
        .target = commit,
        .target_type = "commit",
        .name = arena_copy(arena, name),
        .message = arena_print(arena, "project %s Release\n", name),
        .tagger = "Maintainer <m@example.org>",
        .signature = SIGNATURE_OPENPGP,
        .verification = model->clone_only ? UNKNOWN : KNOWN,
        .verified = true,
        .verification_reason = "valid",
    };
    return made;
}

/* ---- answers --------------------------------------------------------------------------------- */

static void answer_tag_object(const struct model *model, const struct question *question,
                              struct facts *facts)
{
    for (size_t i = 0; i < model->object_count; i++)
        if (strings_equal(model->objects[i].object, question->head)) {
            facts->tag_object = model->objects[i];
            facts_answered(facts, question);
            return;
        }
    facts_hidden(facts, question, "there is no such tag object");
}

static void answer_comparison(const struct comparison *found, bool open,
                              const struct question *question, struct comparison *out,
                              struct facts *facts)
{
    assert_non_null(question->base);
    assert_non_null(question->head);
    if (open) {
        facts_hidden(facts, question, "the history is cut");
        return;
    }
    *out = *found;
    facts_answered(facts, question);
}

static void answer_releases(const struct model *model, const struct question *question,
                            struct facts *facts)
{
    if (model->clone_only) {
        facts_hidden(facts, question, "nobody asks the server");
        return;
    }
    facts->releases = model->releases;
    facts->releases.last_page = model->release_pages ? model->release_pages : 1;
    facts_answered(facts, question);
}

static void answer_notes(struct arena *arena, const struct model *model,
                         const struct question *question, struct facts *facts)
{
    if (model->clone_only || model->notes_hidden) {
        facts_hidden(facts, question, "nobody asks the server");
        return;
    }
    facts->notes = model->notes_absent ? NULL
                   : model->notes      ? model->notes
                                       : arena_print(arena, "* notes since %s", question->base);
    facts_answered(facts, question);
}

static void answer_gates(const struct model *model, const struct question *question,
                         struct facts *facts)
{
    if (model->clone_only || model->gates_hidden) {
        facts_hidden(facts, question, "nobody can see it");
        return;
    }
    if (question->kind == QUESTION_RUNS) {
        facts->gates.runs = model->gates.runs;
        facts->gates.run_count = model->gates.run_count;
        facts->gates.publishing_runs = model->gates.publishing_runs;
    } else {
        facts->gates.images = model->gates.images;
        facts->gates.image_count = model->gates.image_count;
    }
    facts_answered(facts, question);
}

static void answer_changes(const struct model *model, const struct question *question,
                           struct facts *facts)
{
    if (model->changes_hidden) {
        facts_hidden(facts, question, "the history is cut");
        return;
    }
    facts->changes = model->changes;
    facts_answered(facts, question);
}

static void answer_pulls(const struct model *model, const struct question *question,
                         struct facts *facts)
{
    if (model->clone_only) {
        facts_hidden(facts, question, "nobody asks the server");
        return;
    }
    facts->pulls = model->pulls;
    facts_answered(facts, question);
}

static void answer_digests(struct arena *arena, struct facts *facts)
{
    struct asset_file *items = arena_take(arena, facts->files.count * sizeof(*items));

    for (size_t i = 0; i < facts->files.count; i++) {
        items[i] = facts->files.items[i];
        items[i].digest = items[i].own;
    }
    facts->files.items = items;
}

/* The rulesets of a branch or of a tag, by their numbers alone; then what is told of them. */
static void answer_rulesets(const struct model *model, enum question_kind kind, struct facts *facts)
{
    for (size_t i = 0; i < model->ruleset_count; i++) {
        const struct ruleset *ruleset = &model->rulesets[i];
        struct ruleset *found;

        if ((kind == QUESTION_BRANCH_RULES && !ruleset->of_branch) ||
            (kind == QUESTION_TAG_RULES && !ruleset->of_tag))
            continue;
        found = facts_ruleset(facts, ruleset->id);
        if (kind == QUESTION_RULESETS)
            *found = *ruleset;
    }
}

/* What goes into the release besides the notes: files, and the upstream's highlights. */
static void answer_about_content(struct arena *arena, const struct model *model,
                                 const struct question *question, struct facts *facts)
{
    if (question->kind == QUESTION_FILES)
        facts->files = model->files;
    else if (question->kind == QUESTION_DIGESTS)
        answer_digests(arena, facts);
    else if (question->kind == QUESTION_MODULE_NOW)
        facts->module_now = model->module_now;
    else if (question->kind == QUESTION_MODULE_BEFORE)
        facts->module_before = model->module_before;
    else
        facts->upstream = model->upstream;
}

/* Those of which one may be hidden, or that take more than a line; false where it is none of them. */
static bool answer_at_length(struct arena *arena, const struct model *model,
                             const struct question *question, struct facts *facts)
{
    switch (question->kind) {
    case QUESTION_TAG_OBJECT:
        answer_tag_object(model, question, facts);
        return true;
    case QUESTION_ON_BRANCH:
        answer_comparison(&model->on_branch, model->on_branch_open, question, &facts->on_branch,
                          facts);
        return true;
    case QUESTION_ON_SOURCE:
        answer_comparison(&model->on_source, model->on_source_open, question, &facts->on_source,
                          facts);
        return true;
    case QUESTION_SINCE_CANDIDATE:
        answer_comparison(&model->since, model->since_open, question, &facts->since_candidate,
                          facts);
        return true;
    case QUESTION_NOTES:
        answer_notes(arena, model, question, facts);
        return true;
    case QUESTION_CHANGES:
        answer_changes(model, question, facts);
        return true;
    case QUESTION_PULLS:
        answer_pulls(model, question, facts);
        return true;
    case QUESTION_RELEASES:
    case QUESTION_MORE_RELEASES:
        answer_releases(model, question, facts);
        return true;
    case QUESTION_RUNS:
    case QUESTION_IMAGES:
        answer_gates(model, question, facts);
        return true;
    default:
        return false;
    }
}

/* Is what the server alone knows hidden? */
static bool is_hidden(const struct model *model, enum question_kind kind)
{
    return (kind == QUESTION_UPSTREAM && model->upstream_hidden) ||
           (kind == QUESTION_LATEST && model->clone_only) ||
           ((kind == QUESTION_ISSUES || kind == QUESTION_ISSUE_COMMENTS) && model->issues_hidden);
}

static void model_answer(struct arena *arena, const struct model *model,
                         const struct question *question, struct facts *facts)
{
    if (answer_at_length(arena, model, question, facts))
        return;
    if (is_hidden(model, question->kind)) {
        facts_hidden(facts, question, "nobody asks the server");
        return;
    }
    switch (question->kind) {
    case QUESTION_REPOSITORY:
        facts->repository = (struct repository_facts){
            .full_name = model->repository,
            .default_branch = model->default_branch,
            .push_denied = model->push_denied,
        };
        break;
    case QUESTION_TAGS:
        facts->tags = model->tags;
        break;
    case QUESTION_BRANCHES:
        facts->branches = model->branches;
        break;
    case QUESTION_SOURCE:
        facts->source_head =
            strings_equal(model->source, question->head) ? model->source_head : NULL;
        break;
    case QUESTION_SIGNER:
        facts->signer = model->signer;
        facts->signer.fingerprint = string_or(model->signer.fingerprint, "0123ABCD");
        break;
    case QUESTION_ACCESS:
        facts->repository.push_denied = model->push_denied;
        facts->repository.user_known = model->user_known;
        facts->repository.archived = model->archived;
        break;
    case QUESTION_BRANCH_RULES:
    case QUESTION_TAG_RULES:
    case QUESTION_RULESETS:
        answer_rulesets(model, question->kind, facts);
        break;
    case QUESTION_FILES:
    case QUESTION_DIGESTS:
    case QUESTION_MODULE_NOW:
    case QUESTION_MODULE_BEFORE:
    case QUESTION_UPSTREAM:
        answer_about_content(arena, model, question, facts);
        break;
    case QUESTION_LATEST:
        facts->latest = model->latest;
        break;
    case QUESTION_PUBLISHED: /* the list has it, or there is none */
        break;
    case QUESTION_RELEASE_CONFIG:
        facts->config = model->config;
        facts->config_wrong = model->config_wrong;
        break;
    case QUESTION_ISSUES:
        facts->issues = model->issues;
        break;
    case QUESTION_ISSUE_COMMENTS:
        facts->issue_comments = model->issue_comments;
        break;
    default: /* of a tag's signature: a test that wants another one says so afterwards */
        break;
    }
    facts_answered(facts, question);
}

void model_observe(struct arena *arena, struct model *model, const struct inputs *inputs,
                   const struct target *target, struct facts *facts)
{
    *facts = (struct facts){.notes = NULL};
    for (model->rounds = 0; model->rounds < 20; model->rounds++) {
        struct questions const questions = questions_open(arena, inputs, target, facts);

        if (!questions.count)
            return;
        assert_true(questions.count <= QUESTION_COUNT);
        for (size_t i = 0; i < questions.count; i++) {
            model->asked[questions.items[i].kind]++;
            model_answer(arena, model, &questions.items[i], facts);
        }
    }
    fail_msg("%s", "the questions don't end");
}

void model_target(struct arena *arena, const struct model *model, const struct inputs *inputs,
                  const char *event_name, const char *tag, struct target *target)
{
    const struct git_ref *ref = refs_find(&model->tags, tag);
    const char *full = arena_print(arena, "refs/tags/%s", tag);
    bool const push = strings_equal(event_name, "push");
    bool const run = strings_equal(event_name, "workflow_run");
    struct context const context = {
        .on_github = *event_name != '\0',
        .repository = string_or(model->repository, ""),
        .event_name = event_name,
        .ref = push ? full : "",
    };
    struct event const event = {
        .ref = push ? full : NULL,
        .after = push && ref ? ref->object : NULL,
        .run_branch = run ? tag : NULL,
    };
    struct error error = {0};

    if (target_resolve(arena, inputs, &context, &event, target, &error))
        fail_msg("target %s: %s", tag, error.message);
}

void model_plan(struct arena *arena, struct model *model, const struct inputs *inputs,
                const struct target *target, struct plan *plan)
{
    struct facts *facts = arena_take(arena, sizeof(*facts));

    model_observe(arena, model, inputs, target, facts);
    plan_make(arena, inputs, target, facts, "https://github.com", plan);
}

/* ---- plans in words -------------------------------------------------------------------------- */

static int compare_words(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *sorted_words(struct arena *arena, const char *words)
{
    CLEANUP(text_free) struct text out = {0};
    const char **list = NULL, *word;
    size_t count = 0;

    while ((word = next_part(arena, &words, ' '))) {
        list = arena_append(arena, list, &count, sizeof(*list));
        list[count - 1] = word;
    }
    if (count)
        qsort(list, count, sizeof(*list), compare_words);
    for (size_t i = 0; i < count; i++)
        text_print(&out, "%s%s", i ? " " : "", list[i]);
    return arena_copy(arena, text_string(&out));
}

const char *plan_findings(struct arena *arena, const struct plan *plan)
{
    CLEANUP(text_free) struct text out = {0};

    for (size_t i = 0; i < plan->finding_count; i++) {
        const struct finding *finding = &plan->findings[i];

        text_print(&out, "%s:%s@%s ", finding_level_text(finding->level),
                   error_code_text(finding->code), step_kind_text(finding->about));
    }
    return plan->finding_count ? sorted_words(arena, text_string(&out)) : "-";
}

const char *plan_steps(struct arena *arena, const struct plan *plan)
{
    CLEANUP(text_free) struct text out = {0};

    for (size_t i = 0; i < plan->step_count; i++)
        text_print(&out, "%s%s=%s", i ? " " : "", step_kind_text(plan->steps[i].kind),
                   step_state_text(plan->steps[i].state));
    return arena_copy(arena, text_string(&out));
}

const struct finding *plan_finding(const struct plan *plan, enum error_code code)
{
    for (size_t i = 0; i < plan->finding_count; i++)
        if (plan->findings[i].code == code)
            return &plan->findings[i];
    fail_msg("%s was not found", error_code_text(code));
    return NULL;
}

const struct step *plan_step(const struct plan *plan, enum step_kind kind)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].kind == kind)
            return &plan->steps[i];
    fail_msg("there is no step %s", step_kind_text(kind));
    return NULL;
}
