/*
 * The announcement goes out once. SMTP can't be asked what became of a mail, so the release's body
 * remembers: "sending" before the dialogue, "sent" behind it (core/announcement.h). Whoever finds
 * "sending" sends it again, with the same Message-ID, and says so.
 */
#include "apply.h"

#include "base/text.h"
#include "core/announcement.h"
#include "core/mail_format.h"
#include "core/mail_text.h"

enum { MOST_TRIES = 3 };

/* A server that is busy, or wants to see whether we come back (greylisting), mostly for 5 minutes. */
static const int64_t later_pauses_ms[] = {5000, 15000, 45000, 135000, 405000};
enum { MOST_LATER = sizeof(later_pauses_ms) / sizeof(later_pauses_ms[0]) };

/* ---- what the release remembers ------------------------------------------------------------------------ */

/* The release as it is this moment, and what it says. */
static enum apply_end look(const struct applying *applying, const struct applied *applied,
                           struct release *now, struct announcement *found, struct error *error)
{
    bool exists;

    if (applying->effects->read_release(applying->effects->state, applying->arena,
                                        applied->release.id, now, &exists, error))
        return APPLY_FAILED;
    if (!exists || now->draft)
        return APPLY_MOVED;
    announcement_read(applying->arena, now->body, found);
    return APPLY_DONE;
}

/* Another run may be about to finish it: its end is waited for a little. */
static enum apply_end look_with_patience(const struct applying *applying,
                                         const struct applied *applied, struct release *now,
                                         struct announcement *found, struct error *error)
{
    enum apply_end end = look(applying, applied, now, found, error);

    for (size_t i = 0; end == APPLY_DONE && found->state == ANNOUNCEMENT_SENDING && i < APPLY_LOOKS;
         i++) {
        if (!apply_pause(applying, i, error))
            return APPLY_FAILED;
        end = look(applying, applied, now, found, error);
    }
    return end;
}

static bool is_the_same(const struct announcement *a, const struct announcement *b)
{
    return a->state == b->state && (a->state == ANNOUNCEMENT_NONE || strings_equal(a->id, b->id));
}

/* Writes it into the body as that is right before; nothing else in it is changed. *already: it stood
 * there so. */
static enum apply_end remember(const struct applying *applying, struct applied *applied,
                               const struct announcement *wanted, bool *already,
                               struct error *error)
{
    const struct effects *effects = applying->effects;

    *already = false;
    for (size_t attempt = 0; attempt < MOST_TRIES; attempt++) {
        struct release now, made;
        struct announcement found;
        enum apply_end const end = look(applying, applied, &now, &found, error);

        if (end != APPLY_DONE)
            return end;
        applied->release = now;
        if (is_the_same(&found, wanted)) {
            *already = attempt == 0;
            return APPLY_DONE;
        }
        struct release_fields const fields = {
            .body = announcement_write(applying->arena, now.body, wanted),
            .keep_prerelease = true,
        };
        switch (
            effects->update_draft(effects->state, applying->arena, now.id, &fields, &made, error)) {
        case WRITE_DONE:
            applied->changed = true;
            applied->release = made;
            announcement_read(applying->arena, made.body, &found);
            if (is_the_same(&found, wanted))
                return APPLY_DONE;
            error_set(error, ERROR_ANSWER, "run it again",
                      "the release's text was expected as it was sent, with the announcement's "
                      "marker; the server shows another");
            return APPLY_FAILED;
        case WRITE_GONE:
            return APPLY_MOVED;
        case WRITE_LOST:
            clock_sleep_ms(applying->clock, apply_pauses_ms[attempt]);
            break;
        default:
            return APPLY_FAILED;
        }
    }
    return APPLY_FAILED;
}

/* ---- sending --------------------------------------------------------------------------------------------- */

static struct mail compose(const struct applying *applying, const struct applied *applied,
                           const char *id)
{
    const struct mail_plan *plan = &applying->plan->mail;
    struct mail_parts const parts = {
        .from = plan->from,
        .to = plan->to,
        .subject = mail_subject(applying->arena, applying->target),
        .id = id,
        .in_reply_to = plan->in_reply_to,
        .wall_seconds = clock_wall_seconds(applying->clock),
        .text = mail_text(applying->arena, applying->plan, applying->target, &applied->gates,
                          applied->release.body),
    };

    return (struct mail){
        .from = plan->from.address,
        .domain = mail_domain(&plan->from),
        .to = plan->to,
        .message = mail_format(applying->arena, &parts),
    };
}

/* The next pause, or −1: what is a matter of time is tried again, and only that. */
static int64_t pause_behind(enum mail_end end, size_t *later, size_t *unreachable)
{
    if (end == MAIL_LATER && *later < MOST_LATER)
        return later_pauses_ms[(*later)++];
    if (end == MAIL_UNREACHABLE && *unreachable < APPLY_LOOKS)
        return apply_pauses_ms[(*unreachable)++];
    return -1;
}

static enum mail_end send_with_patience(const struct applying *applying, const struct mail *mail,
                                        struct error *error)
{
    size_t later = 0, unreachable = 0;

    for (;;) {
        enum mail_end const end =
            applying->effects->send_mail(applying->effects->mailer, mail, error);
        int64_t const pause = pause_behind(end, &later, &unreachable);

        if (pause < 0 || clock_now_ms(applying->clock) + pause > applying->deadline_ms)
            return end;
        if (applying->waiting)
            applying->waiting(applying->progress_state, "the mail server", pause);
        clock_sleep_ms(applying->clock, pause);
        if (apply_interrupted(applying, error))
            return MAIL_REFUSED;
    }
}

/* The server has no mail: so says the release again, unless an earlier run may have sent one. */
static enum apply_end take_back(const struct applying *applying, struct applied *applied,
                                const struct announcement *before)
{
    struct error ignored;
    bool already;

    if (before->state == ANNOUNCEMENT_NONE)
        remember(applying, applied, before, &already, &ignored);
    return APPLY_FAILED;
}

enum apply_end apply_mail(const struct applying *applying, struct applied *applied,
                          struct error *error)
{
    struct release now;
    struct announcement before, mark = {.state = ANNOUNCEMENT_SENDING};
    enum apply_end end = look_with_patience(applying, applied, &now, &before, error);
    bool already;

    if (end != APPLY_DONE || before.state == ANNOUNCEMENT_SENT)
        return end;
    mark.id = string_or(before.id, applying->plan->mail.id);
    end = remember(applying, applied, &mark, &already, error);
    if (end != APPLY_DONE)
        return end;
    struct mail const mail = compose(applying, applied, mark.id);
    switch (send_with_patience(applying, &mail, error)) {
    case MAIL_SENT:
        break;
    case MAIL_LOST:
        return APPLY_FAILED;
    default:
        return take_back(applying, applied, &before);
    }
    applied->mail_id = mark.id;
    applied->changed = true;
    mark.state = ANNOUNCEMENT_SENT;
    end = remember(applying, applied, &mark, &already, error);
    applied->mail_again = already || before.state == ANNOUNCEMENT_SENDING;
    if (end == APPLY_FAILED)
        error_wrap(error, "the mail was sent, but the release could not be told so");
    return end;
}
