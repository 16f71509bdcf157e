/* The rules about the tag itself and about its neighbours (contract, section 5). */
#include "core/planning.h"
#include "core/tag_text.h"

#include <string.h>

enum policy { POLICY_OFF, POLICY_WARN, POLICY_REQUIRED };

static enum policy verify_policy(const struct inputs *inputs)
{
    if (input_is(inputs, INPUT_VERIFY_TAG, "off"))
        return POLICY_OFF;
    if (input_is(inputs, INPUT_VERIFY_TAG, "required"))
        return POLICY_REQUIRED;
    if (input_is(inputs, INPUT_VERIFY_TAG, "auto") && input_given(inputs, INPUT_TRUSTED_KEYS))
        return POLICY_REQUIRED;
    return POLICY_WARN;
}

/* A finding whose weight is the policy's. */
static void find_by_policy(struct planning *planning, enum error_code code, const char *message)
{
    enum policy policy = verify_policy(planning->inputs);
    bool const unsigned_tag = code == ERROR_TAG_UNSIGNED || code == ERROR_TAG_LIGHTWEIGHT;

    /* Who presses the button with sign: required gets no unsigned release, whoever made the tag. */
    if (unsigned_tag && !planning->target->pushed && planning->target->command == COMMAND_RELEASE &&
        input_is(planning->inputs, INPUT_SIGN, "required"))
        policy = POLICY_REQUIRED;
    if (policy == POLICY_OFF)
        return;
    planning_find(planning, policy == POLICY_REQUIRED ? FINDING_REFUSAL : FINDING_WARNING, code,
                  STEP_TAG,
                  "make the next one with git tag -s, and don't move this one: a tag is for ever",
                  "%s", message);
}

static const char *signature_name(enum signature_kind kind)
{
    static const char *const names[] = {
        [SIGNATURE_NONE] = "none",
        [SIGNATURE_OPENPGP] = "OpenPGP",
        [SIGNATURE_SSH] = "SSH",
        [SIGNATURE_X509] = "X.509",
    };

    return names[kind];
}

static bool is_judged_by_keys(const struct planning *planning)
{
    return planning->facts->tag_object.signature == SIGNATURE_OPENPGP &&
           input_given(planning->inputs, INPUT_TRUSTED_KEYS);
}

/* Is this a signature that somebody must have verified, and nobody told? */
static bool must_be_verified(const struct planning *planning)
{
    const struct tag_object *object = &planning->facts->tag_object;

    return object->signature != SIGNATURE_NONE && !is_judged_by_keys(planning) &&
           object->verification != KNOWN && verify_policy(planning->inputs) == POLICY_REQUIRED;
}

/* What our own keys say of an OpenPGP signature. */
static void judge_signature(struct planning *planning)
{
    static const struct {
        enum error_code code;
        const char *words;
    } verdicts[] = {
        [SIGNATURE_GOOD] = {ERROR_NONE, ""},
        [SIGNATURE_BAD] = {ERROR_SIGNATURE_BAD, "a good signature was expected, this one is not"},
        [SIGNATURE_WEAK] = {ERROR_SIGNATURE_WEAK,
                            "a signature with a sound digest was expected, its digest is broken "
                            "(SHA-1 or older)"},
        [SIGNATURE_EXPIRED] = {ERROR_SIGNATURE_EXPIRED,
                               "a signature that still holds was expected, it has expired"},
        [SIGNATURE_KEY_EXPIRED] = {ERROR_SIGNER_EXPIRED,
                                   "a key that still holds was expected, it has expired"},
        [SIGNATURE_KEY_REVOKED] = {ERROR_SIGNER_REVOKED,
                                   "a key that still holds was expected, it is revoked"},
        [SIGNATURE_UNKNOWN_SIGNER] = {ERROR_SIGNER_UNKNOWN,
                                      "one of trusted_keys was expected to have signed"},
    };
    const struct signature_check *check = &planning->facts->signature;

    if (check->verdict == SIGNATURE_GOOD)
        return;
    bool const known = !string_is_empty(check->signer);
    find_by_policy(
        planning, verdicts[check->verdict].code,
        arena_print(
            planning->arena, "%s; it was made with the key %s %s %s",
            verdicts[check->verdict].words, string_or(check->fingerprint, "(unknown)"),
            known ? "of" : "of nobody we know; as its tagger the tag names",
            planning_quote(planning, known ? check->signer : planning->facts->tag_object.tagger)));
}

/* With trusted_keys it is their word that counts, for the kind of signature that they can judge. */
static void check_by_keys(struct planning *planning)
{
    const struct facts *facts = planning->facts;
    const struct answer *keys = &facts->answers[QUESTION_TRUSTED_KEYS];
    const struct answer *check = &facts->answers[QUESTION_SIGNATURE];

    if (keys->knowledge == UNKNOWN)
        planning_find(planning, FINDING_REFUSAL, ERROR_TRUSTED_KEYS, STEP_TAG,
                      "check trusted_keys and source_branch", "trusted_keys: %s",
                      keys->why_unknown);
    else if (check->knowledge == KNOWN)
        judge_signature(planning);
    else if (!facts_unknown(facts, QUESTION_TAG_BYTES)) /* that is refused already */
        find_by_policy(planning, ERROR_TAG_UNVERIFIED,
                       arena_print(planning->arena, "the signature could not be checked: %s",
                                   string_or(check->why_unknown, "no reason given")));
}

static void check_signature(struct planning *planning)
{
    const struct tag_object *object = &planning->facts->tag_object;

    if (object->signature == SIGNATURE_NONE)
        find_by_policy(planning, ERROR_TAG_UNSIGNED,
                       "a signed tag was expected, this one is annotated but not signed");
    else if (is_judged_by_keys(planning))
        check_by_keys(planning);
    else if (object->verification == KNOWN && !object->verified)
        find_by_policy(
            planning, ERROR_TAG_UNVERIFIED,
            arena_print(planning->arena,
                        "a signature that GitHub can verify was expected; GitHub says of "
                        "this one (%s): %s",
                        signature_name(object->signature),
                        planning_quote(planning, object->verification_reason)));
    else if (must_be_verified(planning) && !input_flag(planning->inputs, INPUT_DRY_RUN))
        find_by_policy(planning, ERROR_TAG_UNVERIFIED,
                       "a signature that GitHub can verify was expected; its answer doesn't say "
                       "whether it did");
}

static void check_object(struct planning *planning)
{
    const struct tag_object *object = &planning->facts->tag_object;
    const char *tag = planning->target->tag;

    if (strings_equal(object->target_type, "tag"))
        planning_find(planning, FINDING_REFUSAL, ERROR_TAG_NESTED, STEP_TAG,
                      "delete it, and tag the commit itself",
                      "a tag of a commit was expected, %s is a tag of a tag (%.12s)", tag,
                      object->target);
    else if (!strings_equal(object->target_type, "commit"))
        planning_find(planning, FINDING_REFUSAL, ERROR_TAG_TARGET, STEP_TAG,
                      "delete it, and tag a commit",
                      "a tag of a commit was expected, %s is a tag of a %s", tag,
                      planning_quote(planning, object->target_type));
    if (!strings_equal(object->name, tag))
        planning_find(planning, FINDING_REFUSAL, ERROR_TAG_NAME, STEP_TAG,
                      "delete it, and push the tag under its own name",
                      "the name %s was expected inside the tag object, %s was found", tag,
                      planning_quote(planning, object->name));
    if (strstr(string_or(object->message, ""), "${"))
        find_by_policy(planning, ERROR_TAG_MESSAGE,
                       arena_print(planning->arena,
                                   "a message without ${ was expected (a shell left it, mostly for "
                                   "single quotes); it is %s",
                                   planning_quote(planning, object->message)));
    if (facts_unknown(planning->facts, QUESTION_TAG_BYTES) &&
        !input_flag(planning->inputs, INPUT_DRY_RUN))
        planning_find(
            planning, FINDING_REFUSAL, ERROR_TAG_OBJECT, STEP_TAG, "run it again",
            "the tag object was expected to hash to what %s names, it could not be had: %s", tag,
            planning->facts->answers[QUESTION_TAG_BYTES].why_unknown);
    check_signature(planning);
}

static const char *who_verified(const struct planning *planning)
{
    const struct facts *facts = planning->facts;

    if (is_judged_by_keys(planning))
        return facts_known(facts, QUESTION_SIGNATURE) && facts->signature.verdict == SIGNATURE_GOOD
                   ? arena_print(planning->arena, "verified with trusted_keys (%s)",
                                 facts->signature.fingerprint)
                   : "not verified with trusted_keys";
    if (facts->tag_object.verification != KNOWN)
        return "not verified from here";
    return facts->tag_object.verified ? "verified by GitHub" : "not verified by GitHub";
}

static const char *describe_object(struct planning *planning)
{
    const struct tag_object *object = &planning->facts->tag_object;
    const char *commit = planning->plan->commit;

    if (!commit)
        return arena_print(planning->arena, "names %.12s, which is no commit", object->target);
    if (object->signature == SIGNATURE_NONE)
        return arena_print(planning->arena, "names %.12s; annotated, not signed", commit);
    return arena_print(planning->arena, "names %.12s; %s signature, %s", commit,
                       signature_name(object->signature), who_verified(planning));
}

/* What moved between the event that started the run and now. */
static void check_hints(struct planning *planning)
{
    const struct target *target = planning->target;
    const struct git_ref *tag = planning->history.tag;

    if (target->object_hint && !strings_equal(target->object_hint, tag->object) &&
        !strings_equal(target->object_hint, planning->plan->commit))
        planning_find(planning, FINDING_REFUSAL, ERROR_TAG_MOVED, STEP_TAG,
                      "the run of the newer push is the one that counts; released tags are never "
                      "to be moved",
                      "the push that started this run made %s name %.12s, by now it names %.12s",
                      target->tag, target->object_hint, tag->object);
    if (target->run_head && planning->plan->commit &&
        !strings_equal(target->run_head, planning->plan->commit))
        planning_find(planning, FINDING_REFUSAL, ERROR_TAG_RUN, STEP_TAG,
                      "start it from a workflow_run of the tag's own push",
                      "the workflow run was expected to be for the tag's commit %.12s, it was for "
                      "%.12s",
                      planning->plan->commit, target->run_head);
}

static void plan_existing_tag(struct planning *planning)
{
    const struct git_ref *tag = planning->history.tag;
    const struct answer *answer = &planning->facts->answers[QUESTION_TAG_OBJECT];
    struct step *step = planning_step(planning, STEP_TAG, STEP_DONE, planning->target->tag, NULL);

    check_hints(planning);
    if (tag->odd) {
        step->reason = arena_print(planning->arena, "names %.12s", tag->object);
        planning_find(
            planning, FINDING_REFUSAL, ERROR_TAG_TARGET, STEP_TAG, "delete it, and tag a commit",
            "a tag of a commit was expected, %s names a tree or a blob", planning->target->tag);
    } else if (!tag->annotated) {
        step->reason = arena_print(planning->arena, "names %.12s; lightweight", tag->object);
        find_by_policy(planning, ERROR_TAG_LIGHTWEIGHT,
                       "a signed tag was expected, this one is lightweight: it has no message, no "
                       "tagger and no signature");
    } else if (answer->knowledge == KNOWN) {
        check_object(planning);
        step->reason = describe_object(planning);
        if (must_be_verified(planning) && input_flag(planning->inputs, INPUT_DRY_RUN))
            step->state = STEP_UNKNOWN;
    } else {
        step->state = STEP_UNKNOWN;
        step->reason = answer->why_unknown;
    }
    if (planning->server)
        step->link =
            arena_print(planning->arena, "%s/tree/%s", planning->server, planning->target->tag);
}

/* GitHub's own account for workflows: https://api.github.com/users/github-actions[bot] */
static const char bot[] =
    "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>";

static void choose_tagger(struct planning *planning)
{
    const char *given = input_text(planning->inputs, INPUT_TAGGER);
    const char *name, *mail, *identity = planning->facts->signer.identity;

    if (*given) {
        identity = tag_split_identity(planning->arena, given, &name, &mail)
                       ? tag_identity(planning->arena, name, mail)
                       : NULL;
        if (!identity)
            planning_find(planning, FINDING_REFUSAL, ERROR_INPUT_VALUE, STEP_TAG, NULL,
                          "tagger: Name <mail> was expected, %s was given",
                          planning_quote(planning, given));
    }
    planning->plan->tagger = string_or(identity, bot);
}

/* Whether the new tag is signed, and with what, for the step's reason; a dry run without the key
 * doesn't know how that would end (contract, section 6). */
static const char *plan_signature(struct planning *planning, struct step *step)
{
    const struct inputs *inputs = planning->inputs;
    const struct signer_facts *signer = &planning->facts->signer;
    bool const given = input_given(inputs, INPUT_SIGNING_KEY);

    if (input_is(inputs, INPUT_SIGN, "never") || (input_is(inputs, INPUT_SIGN, "auto") && !given))
        return "not signed";
    if (!given && input_flag(inputs, INPUT_DRY_RUN)) {
        step->state = STEP_UNKNOWN;
        return "signed with a key that can't be tried from here";
    }
    if (!given) {
        planning_find(planning, FINDING_REFUSAL, ERROR_KEY_NONE, STEP_TAG,
                      "set signing_key, or sign to auto or never",
                      "signing_key: an armored OpenPGP private key was expected, since sign is "
                      "required");
        return "signed";
    }
    if (signer->refusal) {
        planning_find(planning, FINDING_REFUSAL, signer->refusal, STEP_TAG, signer->remedy, "%s",
                      signer->message);
        return "signed";
    }
    planning->plan->signs = true;
    return arena_print(planning->arena, "signed with the key %s", signer->fingerprint);
}

static void plan_new_tag(struct planning *planning)
{
    struct plan *plan = planning->plan;
    struct step *step = planning_step(planning, STEP_TAG, STEP_DO, planning->target->tag, NULL);
    const char *signature;

    if (planning->target->pushed || planning->target->command == COMMAND_ANNOUNCE) {
        planning_find(planning, FINDING_REFUSAL, ERROR_TAG_GONE, STEP_TAG,
                      "push the tag again, or let the run be",
                      "the tag %s %s, but the repository doesn't have it (any more)",
                      planning->target->tag,
                      planning->target->pushed ? "was pushed" : "is to be announced");
        return;
    }
    choose_tagger(planning);
    signature = plan_signature(planning, step);
    step->reason = arena_print(planning->arena, "made at %s, %s: \"%s\"",
                               plan->commit ? arena_print(planning->arena, "%.12s", plan->commit)
                                            : "the branch's head",
                               signature, planning->target->message);
}

void rules_for_tag(struct planning *planning)
{
    if (!facts_known(planning->facts, QUESTION_TAGS))
        planning_step(planning, STEP_TAG, STEP_UNKNOWN, planning->target->tag,
                      planning->facts->answers[QUESTION_TAGS].why_unknown);
    else if (planning->history.tag)
        plan_existing_tag(planning);
    else
        plan_new_tag(planning);
}

static void check_candidate(struct planning *planning)
{
    const struct history *history = &planning->history;
    const struct version *version = &planning->target->version;

    if (history->final_of_candidate)
        planning_find(planning, FINDING_REFUSAL, ERROR_FINAL_EXISTS, STEP_TAG,
                      "start the next patch's candidates",
                      "a candidate ahead of its final release was expected, %s exists already",
                      history->final_of_candidate->name);
    if (version->number > 1 && !history->candidate_before)
        planning_find(planning, FINDING_WARNING, ERROR_CANDIDATE_GAP, STEP_TAG,
                      "check the number; nothing else is needed if the gap is meant",
                      "the candidate before it, %s.%u, was expected and is missing", version->label,
                      version->number - 1);
}

/* The newest of the commits that no candidate had, one a line. */
static const char *list_subjects(struct planning *planning, const struct comparison *comparison)
{
    const char *list = "";

    for (size_t i = 0; i < comparison->subject_count && i < 10; i++)
        list = arena_print(planning->arena, "%s%s%s", list, i ? ", " : "",
                           planning_quote(planning, comparison->subjects[i]));
    if (comparison->ahead_by > comparison->subject_count || comparison->subject_count > 10)
        list = arena_print(planning->arena, "%s, …", list);
    return list;
}

static void check_final(struct planning *planning)
{
    const struct git_ref *candidate = planning->history.last_candidate;
    const struct comparison *since = &planning->facts->since_candidate;
    bool const required = input_flag(planning->inputs, INPUT_REQUIRE_RC);

    if (!candidate) {
        planning_find(
            planning, required ? FINDING_REFUSAL : FINDING_WARNING, ERROR_CANDIDATE_NONE, STEP_TAG,
            "cut a release candidate first",
            "a release candidate ahead of the final release was expected, there is none%s",
            required ? " (require_rc)" : "");
        return;
    }
    if (facts_unknown(planning->facts, QUESTION_SINCE_CANDIDATE) &&
        !input_flag(planning->inputs, INPUT_DRY_RUN))
        planning_find(planning, FINDING_NOTICE, ERROR_CANDIDATE_BEHIND, STEP_TAG, NULL,
                      "what came after the last candidate %s can't be seen: %s", candidate->name,
                      planning->facts->answers[QUESTION_SINCE_CANDIDATE].why_unknown);
    if (!facts_known(planning->facts, QUESTION_SINCE_CANDIDATE) ||
        since->relation == RELATION_IDENTICAL)
        return;
    if (since->relation == RELATION_AHEAD)
        planning_find(planning, FINDING_NOTICE, ERROR_CANDIDATE_BEHIND, STEP_TAG, NULL,
                      "%u commit%s came after the last candidate %s: %s", since->ahead_by,
                      since->ahead_by == 1 ? "" : "s", candidate->name,
                      list_subjects(planning, since));
    else
        planning_find(planning, FINDING_WARNING, ERROR_CANDIDATE_BEHIND, STEP_TAG,
                      "check that the right commit was tagged",
                      "the final release was expected to contain the last candidate %s, it doesn't",
                      candidate->name);
}

void rules_for_versions(struct planning *planning)
{
    const struct version *version = &planning->target->version;

    if (!facts_known(planning->facts, QUESTION_TAGS))
        return;
    if (version_is_final(version))
        check_final(planning);
    else
        check_candidate(planning);
    if (version->patch && !planning->history.patch_before)
        planning_find(planning, FINDING_WARNING, ERROR_PATCH_GAP, STEP_TAG,
                      "check the number; nothing else is needed if the gap is meant",
                      "the patch before it, %s%u.%u.%u, was expected and is missing",
                      planning->target->grammar.prefix, version->major, version->minor,
                      version->patch - 1);
}
