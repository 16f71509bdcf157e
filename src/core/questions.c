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

/* What is known while questions are collected; what follows from the tags once these are here. */
struct asking {
    struct arena *arena;
    const struct inputs *inputs;
    const struct target *target;
    const struct facts *facts;
    struct history history;
    const char *commit;                 /* to be released; NULL while it isn't known */
    const char *previous;               /* the name of the tag before; NULL where there is none */
    const struct git_ref *previous_tag; /* NULL also where no tag has that name */
    struct release_choice choice;
    bool needs_part; /* our part of a release's body is to be written */
    struct questions questions;
};

static bool asked_already(const struct facts *facts, const struct question *question)
{
    const struct answer *answer = &facts->answers[question->kind];

    return answer->knowledge != NOT_ASKED && strings_equal(answer->question.base, question->base) &&
           strings_equal(answer->question.head, question->head);
}

static void ask(struct asking *asking, struct question question)
{
    if (!asked_already(asking->facts, &question))
        asking->questions.items[asking->questions.count++] = question;
}

/* What needs no tags to be known. */
static void ask_at_first(struct asking *asking)
{
    const struct target *target = asking->target;
    bool const release = target->command == COMMAND_RELEASE;

    ask(asking, (struct question){.kind = QUESTION_REPOSITORY});
    ask(asking, (struct question){.kind = QUESTION_TAGS});
    if (release)
        ask(asking, (struct question){.kind = QUESTION_BRANCHES});
    ask(asking, (struct question){.kind = QUESTION_RELEASES});
    if (release && input_given(asking->inputs, INPUT_FILES))
        ask(asking, (struct question){.kind = QUESTION_FILES});
    if (plan_announces(asking->inputs, target) && version_is_final(&target->version))
        ask(asking, (struct question){.kind = QUESTION_LATEST});
    if (!facts_known(asking->facts, QUESTION_TAGS) && target->object_hint &&
        !strings_equal(target->object_hint, target->commit_hint))
        ask(asking, (struct question){.kind = QUESTION_TAG_OBJECT, .head = target->object_hint});
}

/* The tag object, and its very bytes where it is signed, also in a form that only the server knows. */
static void ask_about_tag(struct asking *asking)
{
    const struct git_ref *tag = asking->history.tag;
    const struct tag_object *object = &asking->facts->tag_object;

    if (tag && tag->annotated)
        ask(asking, (struct question){.kind = QUESTION_TAG_OBJECT, .head = tag->object});
    if (tag && facts_known(asking->facts, QUESTION_TAG_OBJECT) &&
        (object->signature != SIGNATURE_NONE || !string_is_empty(object->signed_with)))
        ask(asking, (struct question){.kind = QUESTION_TAG_BYTES, .head = object->object});
    if (!tag && !asking->target->pushed && asking->target->command == COMMAND_RELEASE &&
        !input_is(asking->inputs, INPUT_SIGN, "never") &&
        input_given(asking->inputs, INPUT_SIGNING_KEY))
        ask(asking, (struct question){.kind = QUESTION_SIGNER});
}

static void ask_about_branches(struct asking *asking)
{
    const struct git_ref *branch = refs_find(&asking->facts->branches, asking->target->branch);
    const char *source = source_branch_name(asking->inputs, asking->facts);

    if (branch && asking->commit && !strings_equal(branch->object, asking->commit))
        ask(asking, (struct question){.kind = QUESTION_ON_BRANCH,
                                      .base = branch->object,
                                      .head = asking->commit});
    if (branch || version_is_final(&asking->target->version) || !source)
        return;
    ask(asking, (struct question){.kind = QUESTION_SOURCE, .head = source});
    if (asking->history.tag && asking->commit && asking->facts->source_head &&
        !strings_equal(asking->facts->source_head, asking->commit))
        ask(asking, (struct question){.kind = QUESTION_ON_SOURCE,
                                      .base = asking->facts->source_head,
                                      .head = asking->commit});
}

/* The very bytes of what claims to be signed, and whose signature it is. */
static void ask_about_signature(struct asking *asking)
{
    const struct tag_object *object = &asking->facts->tag_object;
    const char *source = source_branch_name(asking->inputs, asking->facts);

    if (!asking->history.tag || !input_given(asking->inputs, INPUT_TRUSTED_KEYS) ||
        strings_equal(input_text(asking->inputs, INPUT_VERIFY_TAG), "off"))
        return;
    if (!input_keys_are_text(asking->inputs) && source)
        ask(asking, (struct question){QUESTION_TRUSTED_KEYS, .base = source,
                                      .head = input_text(asking->inputs, INPUT_TRUSTED_KEYS)});
    if (!facts_known(asking->facts, QUESTION_TAG_BYTES) || object->signature != SIGNATURE_OPENPGP ||
        (!input_keys_are_text(asking->inputs) &&
         !facts_known(asking->facts, QUESTION_TRUSTED_KEYS)))
        return;
    ask(asking, (struct question){.kind = QUESTION_SIGNATURE, .head = object->object});
}

static void ask_about_candidate(struct asking *asking)
{
    const struct git_ref *candidate = asking->history.last_candidate;

    if (!version_is_final(&asking->target->version) || !candidate || !asking->commit ||
        strings_equal(candidate->object, asking->commit))
        return;
    ask(asking, (struct question){.kind = QUESTION_SINCE_CANDIDATE,
                                  .base = candidate->name,
                                  .head = asking->commit,
                                  .base_object = candidate->object});
}

/* What the changes that the notes lack don't tell, once it is known which these are. */
static void ask_about_missing(struct asking *asking)
{
    bool const seen =
        facts_known(asking->facts, QUESTION_NOTES) || !asking->previous ||
        (facts_unknown(asking->facts, QUESTION_NOTES) && input_flag(asking->inputs, INPUT_DRY_RUN));
    bool all;

    if (!seen || !facts_known(asking->facts, QUESTION_CHANGES) ||
        !changes_are_listed(&asking->facts->changes, asking->previous != NULL))
        return;
    const char *wanted =
        changelog_wanted(asking->arena, asking->facts->notes, &asking->facts->changes, &all);
    if (!wanted)
        return;
    ask(asking, (struct question){.kind = QUESTION_RELEASE_CONFIG, .head = asking->commit});
    ask(asking, (struct question){.kind = QUESTION_PULLS, .head = wanted});
}

/*
 * The notes are asked for as soon as the first page shows no release that makes them needless, so
 * that they don't wait for the pages behind it. Where no tag is before it, GitHub would choose one.
 */
static void ask_for_notes(struct asking *asking)
{
    const struct git_ref *tag = asking->previous_tag;

    if (!asking->needs_part || !input_flag(asking->inputs, INPUT_GENERATE_NOTES) ||
        (asking->previous && !tag))
        return;
    if (tag)
        ask(asking,
            (struct question){.kind = QUESTION_NOTES, .base = tag->name, .head = asking->commit});
    ask(asking, (struct question){.kind = QUESTION_CHANGES,
                                  .base = asking->previous,
                                  .head = asking->commit,
                                  .base_object = tag ? tag->object : NULL});
    ask_about_missing(asking);
}

/* The upstream's releases, once go.mod has told which. */
static void ask_about_upstream(struct asking *asking)
{
    const struct git_ref *tag = asking->previous_tag;
    struct upstream_range range;

    if (!asking->needs_part || !input_given(asking->inputs, INPUT_UPSTREAM))
        return;
    if (input_given(asking->inputs, INPUT_UPSTREAM_MODULE)) {
        ask(asking, (struct question){.kind = QUESTION_MODULE_NOW, .head = asking->commit});
        if (tag)
            ask(asking, (struct question){.kind = QUESTION_MODULE_BEFORE,
                                          .head = tag->name,
                                          .base_object = tag->object});
    }
    if (plan_upstream(asking->arena, asking->inputs, asking->facts, asking->previous, &range))
        ask(asking,
            (struct question){.kind = QUESTION_UPSTREAM, .base = range.after, .head = range.up_to});
}

/* Runs and images are there only once the tag is. Publishing starts runs too, which may build anew. */
static void ask_about_gates(struct asking *asking)
{
    const struct gates_wanted *wanted = &asking->target->gates;
    bool const rebuilt = asking->target->command == COMMAND_ANNOUNCE && wanted->image_count;

    if (!asking->history.tag || !asking->commit)
        return;
    if (wanted->workflow_count || rebuilt)
        ask(asking, (struct question){.kind = QUESTION_RUNS, .head = asking->commit});
    if (wanted->image_count)
        ask(asking, (struct question){.kind = QUESTION_IMAGES, .head = asking->commit});
}

/*
 * What stands in the way of what is to be made, as far as the server tells; only where something is
 * made, and beside questions that wait for the same.
 */
static void ask_about_access(struct asking *asking)
{
    bool const tag = !asking->history.tag && !asking->target->pushed;
    bool const branch = facts_known(asking->facts, QUESTION_BRANCHES) &&
                        !refs_find(&asking->facts->branches, asking->target->branch) &&
                        !version_is_final(&asking->target->version);

    if (asking->target->command != COMMAND_RELEASE || (!tag && !branch))
        return;
    ask(asking, (struct question){.kind = QUESTION_ACCESS});
    if (branch)
        ask(asking,
            (struct question){.kind = QUESTION_BRANCH_RULES, .head = asking->target->branch});
    if (tag)
        ask(asking, (struct question){.kind = QUESTION_TAG_RULES, .head = asking->target->tag});
    if (asking->facts->ruleset_count)
        ask(asking, (struct question){.kind = QUESTION_RULESETS});
}

/* Digests cost reading the files: only of those that the release has under the same name and size. */
static void ask_for_digests(struct asking *asking)
{
    const struct file_facts *files = plan_files(asking->inputs, asking->target, asking->facts);
    const struct release *winner = asking->choice.winner;

    for (size_t i = 0; winner && files && i < files->count; i++)
        if (asset_needs_digest(files, i, &winner->assets)) {
            ask(asking, (struct question){
                            .kind = QUESTION_DIGESTS,
                            .head = arena_print(asking->arena, "%" PRId64, winner->id),
                        });
            return;
        }
}

/* The tracking issue, where the release is out or goes out; then what we have said on it. */
static void ask_about_issue(struct asking *asking)
{
    struct issue_choice choice;

    if (!issue_is_asked(asking->inputs, asking->target, asking->facts))
        return;
    ask(asking, (struct question){.kind = QUESTION_ISSUES,
                                  .base = asking->facts->repository.full_name,
                                  .head = input_is(asking->inputs, INPUT_ISSUE, "auto")
                                              ? issue_title(asking->arena, asking->target)
                                              : input_text(asking->inputs, INPUT_ISSUE)});
    if (asking->history.tag) /* the checklist has a box for the branch */
        ask(asking, (struct question){.kind = QUESTION_BRANCHES});
    if (!facts_known(asking->facts, QUESTION_ISSUES))
        return;
    issue_choose(asking->arena, asking->inputs, asking->target, asking->facts, &choice);
    if (choice.to_ask)
        ask(asking, (struct question){.kind = QUESTION_ISSUE_COMMENTS, .head = choice.to_ask});
}

/* What is to be announced was published a moment ago, and lists lag. */
static void ask_for_published(struct asking *asking)
{
    const struct release_facts *releases = &asking->facts->releases;

    if (asking->target->command != COMMAND_ANNOUNCE ||
        !facts_known(asking->facts, QUESTION_RELEASES) ||
        (releases->last_page > 1 && !facts_known(asking->facts, QUESTION_MORE_RELEASES)) ||
        facts_known(asking->facts, QUESTION_PUBLISHED))
        return;
    for (size_t i = 0; i < releases->count; i++)
        if (!releases->items[i].draft)
            return;
    ask(asking, (struct question){.kind = QUESTION_PUBLISHED, .head = asking->target->tag});
}

/* What follows from the tags. */
static void take_tags(struct asking *asking)
{
    const struct facts *facts = asking->facts;

    history_read(asking->arena, asking->target, &facts->tags, &asking->history);
    asking->commit = release_commit(asking->target, facts, asking->history.tag);
    asking->previous = plan_previous_tag(asking->inputs, asking->target, &asking->history);
    if (asking->previous)
        asking->previous_tag = refs_find(&facts->tags, asking->previous);
    struct release_wish const wish = plan_wish(asking->arena, asking->inputs, asking->target, facts,
                                               &asking->history, asking->commit);
    release_choose(asking->arena, &facts->releases, &wish, &asking->choice);
    asking->needs_part = asking->target->command == COMMAND_RELEASE && asking->commit &&
                         release_choice_needs_part(&asking->choice);
}

struct questions questions_open(struct arena *arena, const struct inputs *inputs,
                                const struct target *target, const struct facts *facts)
{
    struct asking asking = {.arena = arena, .inputs = inputs, .target = target, .facts = facts};

    ask_at_first(&asking);
    if (!facts_known(facts, QUESTION_TAGS))
        return asking.questions;
    take_tags(&asking);
    ask_about_tag(&asking);
    ask_about_signature(&asking);
    ask_about_access(&asking);
    if (facts_known(facts, QUESTION_BRANCHES))
        ask_about_branches(&asking);
    ask_about_gates(&asking);
    if (target->command == COMMAND_RELEASE)
        ask_about_candidate(&asking);
    if (facts_known(facts, QUESTION_RELEASES) && facts->releases.last_page > 1)
        ask(&asking, (struct question){.kind = QUESTION_MORE_RELEASES});
    ask_for_published(&asking);
    ask_for_notes(&asking);
    ask_about_upstream(&asking);
    ask_for_digests(&asking);
    ask_about_issue(&asking);
    return asking.questions;
}
