/* The tracking issue: which one it is, and what it is told (contract, sections 3 and 6). */
#include "core/announcement.h"
#include "core/issue_choice.h"
#include "core/planning.h"

static bool is_published(const struct facts *facts)
{
    for (size_t i = 0; i < facts->releases.count; i++)
        if (!facts->releases.items[i].draft)
            return true;
    return false;
}

/* By the inputs alone: a run that leaves a draft has nothing to tell yet. */
static bool may_tell(const struct inputs *inputs, const struct target *target)
{
    return !input_is(inputs, INPUT_ISSUE, "none") && plan_announces(inputs, target);
}

bool issue_is_asked(const struct inputs *inputs, const struct target *target,
                    const struct facts *facts)
{
    return may_tell(inputs, target) && facts_known(facts, QUESTION_REPOSITORY) &&
           facts_known(facts, QUESTION_RELEASES) &&
           (target->command == COMMAND_RELEASE || is_published(facts));
}

/* ---- what the comment tells of the tag ------------------------------------------------------------ */

static void tell_signature(const struct planning *planning, struct issue_wish *wish)
{
    const struct plan *plan = planning->plan;
    struct issue_story *story = &wish->story;

    wish->signed_tag = plan->signed_by != NULL;
    story->signer = plan->signed_by;
    story->signature = plan->signed_by                         ? "signed by"
                       : plan->tag_exists && !plan->tag_object ? "lightweight"
                       : !plan->tag_exists                     ? "not signed"
                       : planning->facts->tag_object.signature == SIGNATURE_NONE
                           ? "not signed"
                           : "signed, not verified";
}

/* Sent by an earlier run, as the release's text tells, or by this run before it comes here. */
static const char *find_message_id(const struct planning *planning)
{
    const struct plan *plan = planning->plan;
    struct announcement sent = {.state = ANNOUNCEMENT_NONE};

    if (plan->release.winner && !plan->release.winner->draft)
        announcement_read(planning->arena, plan->release.winner->body, &sent);
    return sent.state == ANNOUNCEMENT_SENT && sent.id ? sent.id : plan->mail.id;
}

static void make_wish(struct planning *planning, const struct issue *issue)
{
    const struct inputs *inputs = planning->inputs;
    const struct target *target = planning->target;
    struct plan *plan = planning->plan;
    struct issue_wish *wish = &plan->issue;
    bool const candidate = !version_is_final(&target->version);
    bool const there = plan->branch_exists || target->command == COMMAND_RELEASE;

    *wish = (struct issue_wish){
        .issue = issue,
        .story = {.tag = target->tag,
                  .commit = plan->commit,
                  .branch = there ? target->branch : NULL,
                  .tag_object = plan->tag_object,
                  .page = plan->final_page,
                  .candidate = candidate},
        .checklist = {.candidate = candidate,
                      .tag = target->tag,
                      .version = version_text(planning->arena, &target->version),
                      .branch = target->branch},
        .closes = !candidate && input_flag(inputs, INPUT_CLOSE_ISSUE),
        .with_notes = input_flag(inputs, INPUT_GENERATE_NOTES),
        .with_assets = input_given(inputs, INPUT_FILES),
        .counts_assets = target->command == COMMAND_ANNOUNCE,
    };
    tell_signature(planning, wish);
    issue_wish_settle(wish, plan->release.winner, &planning->facts->gates,
                      find_message_id(planning));
}

/* ---- the step --------------------------------------------------------------------------------------- */

static void tell_edit(struct planning *planning, const struct comment_choice *comment)
{
    if (comment->winner && !comment->winner->intact)
        planning_find(
            planning, FINDING_NOTICE, ERROR_ISSUE_EDITED, STEP_ISSUE,
            "delete the comment to have it written again",
            "our comment on the issue was expected as it was written; a person has edited "
            "it, so it stays as it is");
}

static const char *describe(struct planning *planning, const char *comment, size_t surplus,
                            const struct issue_change *change)
{
    return arena_print(planning->arena, "%s%s%s%s", comment,
                       surplus ? ", surplus comments of ours are removed" : "",
                       !change->ticks
                           ? ""
                           : arena_print(planning->arena, ", %zu box%s ticked", change->ticks,
                                         change->ticks == 1 ? " is" : "es are"),
                       change->close ? ", it is closed as completed" : "");
}

static void plan_issue(struct planning *planning, const struct issue *issue)
{
    struct issue_wish *wish = &planning->plan->issue;
    struct comment_choice comment;

    make_wish(planning, issue);
    comment_choose(planning->arena, &planning->facts->issue_comments, issue->number,
                   planning->target->tag, &comment);
    struct issue_change const change = issue_change_of(planning->arena, wish, issue);
    bool const renew = comment.winner && comment.winner->intact &&
                       comment.winner->recipe != issue_recipe(&wish->story);
    bool const changes =
        !comment.winner || renew || comment.loser_count || change.body || change.close;
    struct step *step = planning_step(
        planning, STEP_ISSUE, changes ? STEP_DO : STEP_DONE,
        arena_print(planning->arena, "#%lld", (long long)issue->number), "is told, as planned");
    if (changes)
        step->reason = describe(planning,
                                !comment.winner ? "a comment with the release's link is added"
                                : renew         ? "our comment is written again"
                                                : "our comment is there",
                                comment.loser_count, &change);
    step->link = issue->page;
    tell_edit(planning, &comment);
}

static void refuse(struct planning *planning, const struct issue_choice *choice)
{
    const char *number = input_text(planning->inputs, INPUT_ISSUE);

    if (choice->found == ISSUE_SEVERAL)
        planning_find(planning, FINDING_REFUSAL, ERROR_ISSUE_SEVERAL, STEP_ISSUE,
                      "give the number of the one that is meant as issue, or close the others",
                      "one tracking issue titled \"%s\" was expected, there are several: %s",
                      issue_title(planning->arena, planning->target), choice->numbers);
    else
        planning_find(planning, FINDING_REFUSAL, ERROR_ISSUE_MISSING, STEP_ISSUE,
                      "give the number of an issue, or set issue to auto or none",
                      "issue: an issue of this repository was expected, number %s %s", number,
                      choice->found == ISSUE_PULL_REQUEST ? "is a pull request"
                      : choice->found == ISSUE_ELSEWHERE  ? "was moved to another repository"
                                                          : "isn't there");
}

static void tell_strangers(struct planning *planning, const struct issue_choice *choice)
{
    if (choice->strangers)
        planning_find(planning, FINDING_NOTICE, ERROR_ISSUE_STRANGER, STEP_ISSUE,
                      "give its number as issue if it is meant",
                      "a tracking issue is one that an owner, member or collaborator wrote; others "
                      "with its title are ignored: %s",
                      choice->strangers);
}

/* What can't be seen: in a dry run that stays open, else the release must not begin. */
static void plan_unseen(struct planning *planning, enum question_kind kind)
{
    const char *why = planning->facts->answers[kind].why_unknown;

    bool const dry_run = input_flag(planning->inputs, INPUT_DRY_RUN);

    planning_step(planning, STEP_ISSUE, dry_run ? STEP_UNKNOWN : STEP_DO,
                  input_text(planning->inputs, INPUT_ISSUE), why);
    if (!dry_run)
        planning_find(planning, FINDING_REFUSAL, ERROR_PERMISSION, STEP_ISSUE,
                      "give the token issues: write, or set issue to none",
                      "the tracking issue could not be looked for: %s", why);
}

void rules_for_issue(struct planning *planning)
{
    const struct facts *facts = planning->facts;
    struct issue_choice choice;

    if (!may_tell(planning->inputs, planning->target))
        return;
    if (!facts_known(facts, QUESTION_RELEASES)) {
        plan_unseen(planning, QUESTION_RELEASES);
        return;
    }
    if (!planning->plan->out)
        return;
    if (!facts_known(facts, QUESTION_ISSUES) || facts_unknown(facts, QUESTION_ISSUE_COMMENTS)) {
        plan_unseen(planning, facts_unknown(facts, QUESTION_ISSUE_COMMENTS)
                                  ? QUESTION_ISSUE_COMMENTS
                                  : QUESTION_ISSUES);
        return;
    }
    issue_choose(planning->arena, planning->inputs, planning->target, facts, &choice);
    tell_strangers(planning, &choice);
    if (choice.found == ISSUE_ONE)
        plan_issue(planning, choice.winner);
    else if (choice.found == ISSUE_NONE)
        planning_step(planning, STEP_ISSUE, STEP_DONE,
                      issue_title(planning->arena, planning->target),
                      "there is no open issue of that title, and no closed one with our comment");
    else {
        planning_step(planning, STEP_ISSUE, STEP_DO, input_text(planning->inputs, INPUT_ISSUE), "");
        refuse(planning, &choice);
    }
}
