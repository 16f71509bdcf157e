/*
 * Carries the plan out, in the order of what can be undone. No change is repeated blindly: after an
 * answer that was lost it looks again, then decides.
 */
#ifndef CUT_RELEASE_APPLY_H
#define CUT_RELEASE_APPLY_H

#include "base/clock.h"
#include "core/effects.h"
#include "core/plan.h"
#include "core/target.h"

struct applied {
    bool changed;
    bool branch_created, tag_created;
    const char *tag_object; /* of a tag that was made */
    struct release release; /* what is there by now, its text too; id 0 while there is none */
    size_t steps; /* of the plan that are behind us, whether they had to be carried out or not */
    bool notes_cut;
    bool no_run;         /* the tag that was made has started no workflow, as far as can be seen */
    bool published;      /* by this run */
    bool latest_stuck;   /* another release is the latest, and that can't be changed */
    const char *mail_id; /* of the mail that this run sent, without its brackets */
    bool mail_again;     /* another run may have sent it, too */
    const char *announcement; /* the mail for people; NULL where there is none */
    bool settled;             /* the release is known to be the only one of ours */
    bool unseen;              /* the list doesn't show our draft yet */
    struct gates gates;       /* as they are by now */
    int64_t gates_until_ms;   /* the end of the waiting for them, on the clock; 0: not begun */
};

enum apply_end {
    APPLY_DONE,
    APPLY_MOVED, /* something changed since it was looked at: look and plan anew */
    APPLY_FAILED,
};

struct applying {
    struct arena *arena;
    const struct plan *plan;
    const struct target *target;
    const struct effects *effects;
    const struct clock *clock;
    struct gates gates;     /* as they were observed */
    int64_t wait_ms;        /* the bound on the waiting for gates */
    int64_t deadline_ms;    /* of the whole run, on the clock */
    uint32_t release_pages; /* how many pages the list of releases had */
    const char *more;       /* where the rest of notes that are too long can be read */
    /* Told after each step that changed something, and ahead of the mail, so that it is reported also
     * if a later one fails. May be NULL. */
    void (*progress)(void *state, const struct applied *applied);
    /* Told that it waits; may be NULL. */
    void (*waiting)(void *state, const char *why, int64_t milliseconds);
    void *progress_state;
    /* Told a line about what takes long, for people, with the same state. May be NULL. */
    void (*said)(void *state, const char *line);
};

/* *applied is kept up to date on the way, also where it fails. */
enum apply_end apply(const struct applying *applying, struct applied *applied, struct error *error);

/* The release's part of it; see apply_release.c. */
enum apply_end apply_release(const struct applying *applying, struct applied *applied,
                             struct error *error);

/*
 * One PATCH of a draft, looked at again where its answer is lost. `before` is the draft as it was
 * seen; APPLY_MOVED where it isn't there any more, or another has changed it.
 */
enum apply_end apply_update(const struct applying *applying, const struct release *before,
                            const struct release_fields *fields, struct applied *applied,
                            struct error *error);

/* The gates: waits until they are as they should be; see apply_gates.c. */
enum apply_end apply_workflows(const struct applying *applying, struct applied *applied,
                               struct error *error);
enum apply_end apply_images(const struct applying *applying, struct applied *applied,
                            struct error *error);
/* The images' block of the notes; see apply_notes.c. */
enum apply_end apply_notes(const struct applying *applying, struct applied *applied,
                           struct error *error);

/*
 * Looks at the images once more, right before something goes out that names them: a digest that has
 * changed is an error (CR-IMAGE-DRIFT), and so is an image that is gone. Where this run has published
 * the release, it waits first for what that has started, which may push them anew.
 */
enum apply_end apply_images_hold(const struct applying *applying, struct applied *applied,
                                 struct error *error);
/* The files', see apply_assets.c. */
enum apply_end apply_assets(const struct applying *applying, struct applied *applied,
                            struct error *error);

/* Publishing, and who is the latest; see apply_publish.c. */
enum apply_end apply_publish(const struct applying *applying, struct applied *applied,
                             struct error *error);
enum apply_end apply_latest(const struct applying *applying, struct applied *applied,
                            struct error *error);

/* The mail; see apply_announce.c. */
enum apply_end apply_mail(const struct applying *applying, struct applied *applied,
                          struct error *error);
/* The tracking issue's part; see apply_issue.c. */
enum apply_end apply_issue(const struct applying *applying, struct applied *applied,
                           struct error *error);

/* The pauses before looking again, since the server's lists lag: 1, 3 and 9 s (contract, section 6). */
enum { APPLY_LOOKS = 3 };
extern const int64_t apply_pauses_ms[APPLY_LOOKS];

/* Was the run asked to end? Then *error says so. */
bool apply_interrupted(const struct applying *applying, struct error *error);

/* Waits the pause ahead of that look; false, with the error, where the run was asked to end. */
bool apply_pause(const struct applying *applying, size_t look, struct error *error);

#endif
