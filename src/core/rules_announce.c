/* The announcement: is there one, and was it sent already (contract, section 6)? */
#include "core/announcement.h"
#include "core/mail_text.h"
#include "core/planning.h"

/* Foreign words in a line of their own: without quotation marks, and harmless. */
static const char *one_line(struct planning *planning, const char *foreign)
{
    struct text line = {0};

    text_add_foreign(&line, foreign, 200);
    const char *copy = arena_copy(planning->arena, text_string(&line));
    text_free(&line);
    return copy;
}

static const char *find_signer(struct planning *planning)
{
    const struct facts *facts = planning->facts;
    const struct plan *plan = planning->plan;

    if (!plan->tag_exists)
        return plan->signs
                   ? arena_print(planning->arena, "%s (OpenPGP key %s)",
                                 one_line(planning, plan->tagger), facts->signer.fingerprint)
                   : NULL;
    if (!plan->tag_object || facts->tag_object.signature == SIGNATURE_NONE)
        return NULL;
    if (facts_known(facts, QUESTION_SIGNATURE))
        return facts->signature.verdict == SIGNATURE_GOOD
                   ? arena_print(planning->arena, "%s (OpenPGP key %s)",
                                 one_line(planning, facts->signature.signer),
                                 facts->signature.fingerprint)
                   : NULL;
    return facts->tag_object.verification == KNOWN && facts->tag_object.verified
               ? arena_print(planning->arena, "%s (verified by GitHub)",
                             one_line(planning, facts->tag_object.tagger))
               : NULL;
}

/* The last candidate of the version whose announcement was sent: a final one's mail answers it. */
static const char *find_candidate_mail(const struct planning *planning)
{
    const struct release_facts *releases = &planning->facts->releases;
    const struct version *ours = &planning->target->version;
    struct version last = {0};
    const char *found = NULL;

    for (size_t i = 0; i < releases->other_count; i++) {
        const struct other_release *other = &releases->others[i];
        struct version version;
        struct grammar_miss miss;

        if (!other->announced ||
            version_parse(planning->arena, &planning->target->grammar, other->tag, &version,
                          &miss) ||
            !version_same_core(&version, ours) || version_compare(&version, ours) >= 0 ||
            (found && version_compare(&version, &last) <= 0))
            continue;
        found = other->announced;
        last = version;
    }
    return found;
}

static void compose(struct planning *planning)
{
    struct plan *plan = planning->plan;
    struct mail_plan *mail = &plan->mail;
    struct mail_addresses from = {0};
    struct error ignored; /* they were checked with the inputs */

    mail->composed = true;
    mail->template = planning->facts->announcement_template;
    mail_addresses_read(planning->arena, "announce_to",
                        input_text(planning->inputs, INPUT_ANNOUNCE_TO), &mail->to, &ignored);
    mail_addresses_read(planning->arena, "announce_from",
                        input_text(planning->inputs, INPUT_ANNOUNCE_FROM), &from, &ignored);
    if (from.count)
        mail->from = from.items[0];
    if (!mail->to.count)
        return;
    mail->id = mail_message_id(planning->arena, string_or(plan->final_page, planning->target->tag),
                               planning->target->tag, mail_domain(&mail->from));
    mail->in_reply_to = find_candidate_mail(planning);
}

static const char *describe_addresses(struct planning *planning)
{
    const struct mail_addresses *to = &planning->plan->mail.to;

    return to->count == 1 ? to->items[0].address
                          : arena_print(planning->arena, "%s and %zu more", to->items[0].address,
                                        to->count - 1);
}

static void plan_sending(struct planning *planning)
{
    const struct plan *plan = planning->plan;
    const struct release *winner = plan->release.winner;
    struct announcement found = {0};
    struct step *step = planning_step(planning, STEP_MAIL, STEP_DO, describe_addresses(planning),
                                      "the announcement is sent");

    if (winner && !winner->draft)
        announcement_read(planning->arena, winner->body, &found);
    if (!facts_known(planning->facts, QUESTION_RELEASES)) {
        step->state = STEP_UNKNOWN;
        step->reason = planning->facts->answers[QUESTION_RELEASES].why_unknown;
    } else if (found.state == ANNOUNCEMENT_SENT) {
        step->state = STEP_DONE;
        step->reason = arena_print(planning->arena, "was sent already%s%s", found.id ? ", as " : "",
                                   string_or(found.id, ""));
    } else if (found.state == ANNOUNCEMENT_SENDING)
        step->reason = "a run began to send it and didn't say how that ended; it is sent again";
}

void rules_for_mail(struct planning *planning)
{
    struct plan *plan = planning->plan;
    bool const wanted = version_is_final(&planning->target->version) ||
                        input_flag(planning->inputs, INPUT_ANNOUNCE_CANDIDATES);

    plan->signed_by = find_signer(planning);
    if (!plan_announces(planning->inputs, planning->target))
        return;
    if (wanted)
        compose(planning);
    if (wanted && plan->mail.to.count)
        plan_sending(planning);
    else if (!wanted && input_given(planning->inputs, INPUT_ANNOUNCE_TO))
        planning_step(planning, STEP_MAIL, STEP_DONE, planning->target->tag,
                      "candidates are announced with announce_candidates only");
}
