#include "core/questions.h"

#include "base/text.h"
#include "core/history.h"
#include "core/issue_choice.h"
#include "core/plan.h"

#include <inttypes.h>

const char *source_branch_name(const struct inputs *inputs, const struct facts *facts)
{
    if (input_given(inputs, INPUT_SOURCE_BRANCH))
        return input_text(inputs, INPUT_SOURCE_BRANCH);
    return facts->repository.default_branch;
}

static const char *commit_of_tag(const struct target *target, const struct facts *facts,
                                 const struct git_ref *tag)
{
    if (!tag->annotated)
        return tag->odd ? NULL : tag->object;
    if (facts_known(facts, QUESTION_TAG_OBJECT) &&
        strings_equal(facts->tag_object.object, tag->object))
        return strings_equal(facts->tag_object.target_type, "commit") ? facts->tag_object.target
                                                                      : NULL;
    /* Until the object is here: what the event says, if it is about this object. Payloads differ in
     * whether `after` names the tag object or its commit. */
    if (strings_equal(target->object_hint, tag->object) ||
        strings_equal(target->object_hint, target->commit_hint))
        return target->commit_hint;
    return NULL;
}

const char *release_commit(const struct target *target, const struct facts *facts,
                           const struct git_ref *tag)
{
    if (tag)
        return commit_of_tag(target, facts, tag);
    if (!facts_known(facts, QUESTION_TAGS) || !facts_known(facts, QUESTION_BRANCHES))
        return NULL;
    const struct git_ref *branch = refs_find(&facts->branches, target->branch);
    if (branch)
        return branch->object;
    return facts_known(facts, QUESTION_SOURCE) ? facts->source_head : NULL;
}

static bool asked_already(const struct facts *facts, const struct question *question)
{
    const struct answer *answer = &facts->answers[question->kind];

    return answer->knowledge != NOT_ASKED && strings_equal(answer->question.base, question->base) &&
           strings_equal(answer->question.head, question->head);
}

static void ask(struct questions *questions, const struct facts *facts, struct question question)
{
    if (!asked_already(facts, &question))
        questions->items[questions->count++] = question;
}

static void ask_about_branches(struct questions *questions, const struct inputs *inputs,
                               const struct target *target, const struct facts *facts,
                               const struct history *history, const char *commit)
{
    const struct git_ref *branch = refs_find(&facts->branches, target->branch);
    const char *source = source_branch_name(inputs, facts);

    if (branch && commit && !strings_equal(branch->object, commit))
        ask(questions, facts,
            (struct question){.kind = QUESTION_ON_BRANCH, .base = branch->object, .head = commit});
    if (branch || version_is_final(&target->version) || !source)
        return;
    ask(questions, facts, (struct question){.kind = QUESTION_SOURCE, .head = source});
    if (history->tag && commit && facts->source_head && !strings_equal(facts->source_head, commit))
        ask(questions, facts,
            (struct question){
                .kind = QUESTION_ON_SOURCE, .base = facts->source_head, .head = commit});
}

/* The very bytes of what claims to be signed, and whose signature it is. */
static void ask_about_signature(struct questions *questions, const struct inputs *inputs,
                                const struct facts *facts, const struct history *history)
{
    const struct tag_object *object = &facts->tag_object;
    const char *source = source_branch_name(inputs, facts);

    if (!history->tag || !input_given(inputs, INPUT_TRUSTED_KEYS) ||
        strings_equal(input_text(inputs, INPUT_VERIFY_TAG), "off"))
        return;
    if (!input_keys_are_text(inputs) && source)
        ask(questions, facts,
            (struct question){QUESTION_TRUSTED_KEYS, .base = source,
                              .head = input_text(inputs, INPUT_TRUSTED_KEYS)});
    if (!facts_known(facts, QUESTION_TAG_BYTES) || object->signature != SIGNATURE_OPENPGP ||
        (!input_keys_are_text(inputs) && !facts_known(facts, QUESTION_TRUSTED_KEYS)))
        return;
    ask(questions, facts, (struct question){.kind = QUESTION_SIGNATURE, .head = object->object});
}

static void ask_about_candidate(struct questions *questions, const struct target *target,
                                const struct facts *facts, const struct history *history,
                                const char *commit)
{
    const struct git_ref *candidate = history->last_candidate;

    if (!version_is_final(&target->version) || !candidate || !commit ||
        strings_equal(candidate->object, commit))
        return;
    ask(questions, facts,
        (struct question){.kind = QUESTION_SINCE_CANDIDATE,
                          .base = candidate->name,
                          .head = commit,
                          .base_object = candidate->object});
}

/* What the changes that the notes lack don't tell, once it is known which these are. */
static void ask_about_missing(struct arena *arena, struct questions *questions,
                              const struct inputs *inputs, const struct facts *facts,
                              const char *previous, const char *commit)
{
    bool const seen = facts_known(facts, QUESTION_NOTES) || !previous ||
                      (facts_unknown(facts, QUESTION_NOTES) && input_flag(inputs, INPUT_DRY_RUN));
    bool all;

    if (!seen || !facts_known(facts, QUESTION_CHANGES) ||
        !changes_are_listed(&facts->changes, previous != NULL))
        return;
    const char *wanted = changelog_wanted(arena, facts->notes, &facts->changes, &all);
    if (!wanted)
        return;
    ask(questions, facts, (struct question){.kind = QUESTION_RELEASE_CONFIG, .head = commit});
    ask(questions, facts, (struct question){.kind = QUESTION_PULLS, .head = wanted});
}

static bool needs_part(struct arena *arena, const struct inputs *inputs,
                       const struct target *target, const struct facts *facts,
                       const struct history *history, const char *commit)
{
    struct release_wish wish = plan_wish(arena, inputs, target, history, commit);
    struct release_choice choice;

    wish.files = plan_files(inputs, target, facts);
    release_choose(arena, &facts->releases, &wish, &choice);
    return release_choice_needs_part(&choice);
}

/*
 * The notes are asked for as soon as the first page shows no release that makes them needless, so
 * that they don't wait for the pages behind it. Where no tag is before it, GitHub would choose one.
 */
static void ask_for_notes(struct arena *arena, struct questions *questions,
                          const struct inputs *inputs, const struct target *target,
                          const struct facts *facts, const struct history *history,
                          const char *commit)
{
    const char *previous = plan_previous_tag(inputs, target, history);
    const struct git_ref *ref = previous ? refs_find(&facts->tags, previous) : NULL;

    if (target->command == COMMAND_ANNOUNCE || !input_flag(inputs, INPUT_GENERATE_NOTES) ||
        !commit || (previous && !ref) || !needs_part(arena, inputs, target, facts, history, commit))
        return;
    if (previous)
        ask(questions, facts,
            (struct question){.kind = QUESTION_NOTES, .base = previous, .head = commit});
    ask(questions, facts,
        (struct question){.kind = QUESTION_CHANGES,
                          .base = previous,
                          .head = commit,
                          .base_object = ref ? ref->object : NULL});
    ask_about_missing(arena, questions, inputs, facts, previous, commit);
}

/* The upstream's releases, once go.mod has told which. */
static void ask_about_upstream(struct arena *arena, struct questions *questions,
                               const struct inputs *inputs, const struct target *target,
                               const struct facts *facts, const struct history *history,
                               const char *commit)
{
    const char *previous = plan_previous_tag(inputs, target, history);
    const struct git_ref *tag = previous ? refs_find(&facts->tags, previous) : NULL;
    struct upstream_range range;

    if (target->command != COMMAND_RELEASE || !input_given(inputs, INPUT_UPSTREAM) || !commit ||
        !needs_part(arena, inputs, target, facts, history, commit))
        return;
    if (input_given(inputs, INPUT_UPSTREAM_MODULE)) {
        ask(questions, facts, (struct question){.kind = QUESTION_MODULE_NOW, .head = commit});
        if (tag)
            ask(questions, facts,
                (struct question){
                    .kind = QUESTION_MODULE_BEFORE, .head = tag->name, .base_object = tag->object});
    }
    if (plan_upstream(arena, inputs, facts, previous, &range))
        ask(questions, facts,
            (struct question){.kind = QUESTION_UPSTREAM, .base = range.after, .head = range.up_to});
}

/* Runs and images are there only once the tag is. Publishing starts runs too, which may build anew. */
static void ask_about_gates(struct questions *questions, const struct target *target,
                            const struct facts *facts, const struct history *history,
                            const char *commit)
{
    const struct gates_wanted *wanted = &target->gates;
    bool const rebuilt = target->command == COMMAND_ANNOUNCE && wanted->image_count;

    if (!history->tag || !commit)
        return;
    if (wanted->workflow_count || rebuilt)
        ask(questions, facts, (struct question){.kind = QUESTION_RUNS, .head = commit});
    if (wanted->image_count)
        ask(questions, facts, (struct question){.kind = QUESTION_IMAGES, .head = commit});
}

/*
 * What stands in the way of what is to be made, as far as the server tells; only where something is
 * made, and beside questions that wait for the same.
 */
static void ask_about_access(struct questions *questions, const struct target *target,
                             const struct facts *facts, const struct history *history)
{
    bool const tag = !history->tag && !target->pushed;
    bool const branch = facts_known(facts, QUESTION_BRANCHES) &&
                        !refs_find(&facts->branches, target->branch) &&
                        !version_is_final(&target->version);

    if (target->command != COMMAND_RELEASE || (!tag && !branch))
        return;
    ask(questions, facts, (struct question){.kind = QUESTION_ACCESS});
    if (branch)
        ask(questions, facts,
            (struct question){.kind = QUESTION_BRANCH_RULES, .head = target->branch});
    if (tag)
        ask(questions, facts, (struct question){.kind = QUESTION_TAG_RULES, .head = target->tag});
    if (facts->ruleset_count)
        ask(questions, facts, (struct question){.kind = QUESTION_RULESETS});
}

/* Digests cost reading the files: only of those that the release has under the same name and size. */
static void ask_for_digests(struct arena *arena, struct questions *questions,
                            const struct inputs *inputs, const struct target *target,
                            const struct facts *facts, const struct history *history,
                            const char *commit)
{
    const struct file_facts *files = plan_files(inputs, target, facts);
    struct release_wish wish;
    struct release_choice choice;

    if (!files || !facts_known(facts, QUESTION_RELEASES))
        return;
    wish = plan_wish(arena, inputs, target, history, commit);
    wish.files = files;
    release_choose(arena, &facts->releases, &wish, &choice);
    for (size_t i = 0; choice.winner && i < files->count; i++)
        if (asset_needs_digest(files, i, &choice.winner->assets)) {
            ask(questions, facts,
                (struct question){
                    .kind = QUESTION_DIGESTS,
                    .head = arena_print(arena, "%" PRId64, choice.winner->id),
                });
            return;
        }
}

/* The tracking issue, where the release is out or goes out; then what we have said on it. */
static void ask_about_issue(struct arena *arena, struct questions *questions,
                            const struct inputs *inputs, const struct target *target,
                            const struct facts *facts, const struct history *history)
{
    struct issue_choice choice;

    if (!issue_is_asked(inputs, target, facts))
        return;
    ask(questions, facts,
        (struct question){.kind = QUESTION_ISSUES,
                          .base = facts->repository.full_name,
                          .head = input_is(inputs, INPUT_ISSUE, "auto")
                                      ? issue_title(arena, target)
                                      : input_text(inputs, INPUT_ISSUE)});
    if (history->tag) /* the checklist has a box for the branch */
        ask(questions, facts, (struct question){.kind = QUESTION_BRANCHES});
    if (!facts_known(facts, QUESTION_ISSUES))
        return;
    issue_choose(arena, inputs, target, facts, &choice);
    if (choice.to_ask)
        ask(questions, facts,
            (struct question){.kind = QUESTION_ISSUE_COMMENTS, .head = choice.to_ask});
}

/* What is to be announced was published a moment ago, and lists lag. */
static void ask_for_published(struct questions *questions, const struct target *target,
                              const struct facts *facts)
{
    const struct release_facts *releases = &facts->releases;

    if (target->command != COMMAND_ANNOUNCE || !facts_known(facts, QUESTION_RELEASES) ||
        (releases->last_page > 1 && !facts_known(facts, QUESTION_MORE_RELEASES)) ||
        facts_known(facts, QUESTION_PUBLISHED))
        return;
    for (size_t i = 0; i < releases->count; i++)
        if (!releases->items[i].draft)
            return;
    ask(questions, facts, (struct question){.kind = QUESTION_PUBLISHED, .head = target->tag});
}

struct questions questions_open(struct arena *arena, const struct inputs *inputs,
                                const struct target *target, const struct facts *facts)
{
    struct questions questions = {.count = 0};
    struct history history;

    ask(&questions, facts, (struct question){.kind = QUESTION_REPOSITORY});
    ask(&questions, facts, (struct question){.kind = QUESTION_TAGS});
    if (target->command == COMMAND_RELEASE)
        ask(&questions, facts, (struct question){.kind = QUESTION_BRANCHES});
    ask(&questions, facts, (struct question){.kind = QUESTION_RELEASES});
    if (target->command == COMMAND_RELEASE && input_given(inputs, INPUT_FILES))
        ask(&questions, facts, (struct question){.kind = QUESTION_FILES});
    if (plan_announces(inputs, target) && version_is_final(&target->version))
        ask(&questions, facts, (struct question){.kind = QUESTION_LATEST});
    if (!facts_known(facts, QUESTION_TAGS)) {
        if (target->object_hint && !strings_equal(target->object_hint, target->commit_hint))
            ask(&questions, facts,
                (struct question){.kind = QUESTION_TAG_OBJECT, .head = target->object_hint});
        return questions;
    }
    history_read(arena, target, &facts->tags, &history);
    if (history.tag && history.tag->annotated)
        ask(&questions, facts,
            (struct question){.kind = QUESTION_TAG_OBJECT, .head = history.tag->object});
    if (history.tag && facts_known(facts, QUESTION_TAG_OBJECT) &&
        (facts->tag_object.signature != SIGNATURE_NONE ||
         !string_is_empty(
             facts->tag_object.signed_with))) /* the server knows a form that we don't */
        ask(&questions, facts,
            (struct question){.kind = QUESTION_TAG_BYTES, .head = facts->tag_object.object});
    ask_about_signature(&questions, inputs, facts, &history);
    if (!history.tag && !target->pushed && target->command == COMMAND_RELEASE &&
        !input_is(inputs, INPUT_SIGN, "never") && input_given(inputs, INPUT_SIGNING_KEY))
        ask(&questions, facts, (struct question){.kind = QUESTION_SIGNER});
    ask_about_access(&questions, target, facts, &history);
    const char *commit = release_commit(target, facts, history.tag);
    if (facts_known(facts, QUESTION_BRANCHES))
        ask_about_branches(&questions, inputs, target, facts, &history, commit);
    ask_about_gates(&questions, target, facts, &history, commit);
    if (target->command == COMMAND_RELEASE)
        ask_about_candidate(&questions, target, facts, &history, commit);
    if (facts_known(facts, QUESTION_RELEASES) && facts->releases.last_page > 1)
        ask(&questions, facts, (struct question){.kind = QUESTION_MORE_RELEASES});
    ask_for_published(&questions, target, facts);
    ask_for_notes(arena, &questions, inputs, target, facts, &history, commit);
    ask_about_upstream(arena, &questions, inputs, target, facts, &history, commit);
    ask_for_digests(arena, &questions, inputs, target, facts, &history, commit);
    ask_about_issue(arena, &questions, inputs, target, facts, &history);
    return questions;
}
