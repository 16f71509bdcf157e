/*
 * The plan: what a run does, as a value. It is a pure function of inputs and facts; the dry run, the
 * summary, the output `plan` and apply all read this one list.
 */
#ifndef CUT_RELEASE_CORE_PLAN_H
#define CUT_RELEASE_CORE_PLAN_H

#include "base/error.h"
#include "core/facts.h"
#include "core/history.h"
#include "core/inputs.h"
#include "core/issue_wish.h"
#include "core/latest.h"
#include "core/mail_address.h"
#include "core/release_choice.h"
#include "core/target.h"

enum step_kind {
    STEP_BRANCH,    /* the release branch is there */
    STEP_TAG,       /* the tag is there and passes */
    STEP_RELEASE,   /* the release is there, with notes and flags */
    STEP_TIDY,      /* surplus drafts of ours are gone */
    STEP_ASSETS,    /* the files are uploaded, whole */
    STEP_WORKFLOWS, /* the workflows have succeeded for the tag */
    STEP_IMAGES,    /* the images exist */
    STEP_NOTES,     /* the notes tell the images' digests */
    STEP_PUBLISH,   /* the release is published */
    STEP_LATEST,    /* "latest" is where it belongs */
    STEP_MAIL,      /* the announcement is sent */
    STEP_ISSUE,     /* the tracking issue tells of the release */
    STEP_COUNT
};

enum step_state {
    STEP_DO,
    STEP_DONE,    /* nothing to do, with the reason */
    STEP_REFUSED, /* with the rule's code */
    STEP_UNKNOWN, /* a dry run can't see from here what is to be done */
};

struct step {
    enum step_kind kind;
    enum step_state state;
    const char *target; /* "release-0.1" */
    const char *reason;
    const char *link; /* a page for people, or NULL */
    enum error_code code;
};

enum finding_level { FINDING_NOTICE, FINDING_WARNING, FINDING_REFUSAL };

/* What a rule found. */
struct finding {
    enum finding_level level;
    enum error_code code;
    enum step_kind about;
    const char *message; /* what was expected, what was found */
    const char *remedy;  /* what to do; may be empty */
};

/* The announcement, where there is one. */
struct mail_plan {
    bool composed;            /* it is written; else there is none to write */
    struct mail_address from; /* `address` is NULL where none is given */
    struct mail_addresses to; /* empty: a person sends it, if anybody does */
    const char *template;     /* of its text, or NULL */
    const char *id;           /* the Message-ID without its brackets; NULL where it isn't sent */
    const char *in_reply_to;  /* the Message-ID of a candidate's announcement, or NULL */
};

struct plan {
    struct step steps[STEP_COUNT];
    size_t step_count;
    struct finding *findings;
    size_t finding_count;
    bool refused;

    bool tag_exists, branch_exists;
    const char *commit;       /* NULL where not known */
    const char *tag_object;   /* of an annotated tag, else NULL */
    const char *previous_tag; /* NULL where there is none */
    bool prerelease, latest;
    bool signs;         /* of a tag to be made */
    const char *tagger; /* of a tag to be made: "Name <mail>" */
    bool out;           /* the release is published, or this run publishes it */
    struct release_wish wish;
    struct release_choice release;
    const struct file_facts *files; /* to be assets; NULL where none is wanted */
    const char *highlights; /* the upstream's, where the part is written and there are any */
    struct latest_wish latest_wish;
    struct mail_plan mail;
    const char *signed_by; /* the tag's good signature's, for people; NULL where none is known */
    struct issue_wish issue;
    const char *part;         /* the text between the markers, where the release needs it */
    struct gates gates;       /* as they were observed */
    const char *final_page;   /* the release's address once it is published; NULL where not known */
    const char *changes_page; /* all changes since the previous tag; NULL where not known */
};

/* `server` is the address of the web pages, for links. */
void plan_make(struct arena *arena, const struct inputs *inputs, const struct target *target,
               const struct facts *facts, const char *server, struct plan *plan);

/* What a refused plan ends the run with: the code of its first refusal, and how many there are.
 * Always -1. */
int plan_refusal(const struct plan *plan, struct error *error);

/* Does applying it change anything? */
bool plan_changes(const struct plan *plan);

/* Does this run publish what it drafts? */
bool plan_publishes(const struct inputs *inputs, const struct target *target);

/* Does it go on to what comes behind publishing: the announcement, the tracking issue? */
bool plan_announces(const struct inputs *inputs, const struct target *target);

const char *step_kind_text(enum step_kind kind);
const char *step_state_text(enum step_state state);
const char *finding_level_text(enum finding_level level);

/* Parts of the plan that observing needs to know what to ask. */
const char *plan_previous_tag(const struct inputs *inputs, const struct target *target,
                              const struct history *history);
/* Has this run something to tell a tracking issue? Not before the releases are known. */
bool issue_is_asked(const struct inputs *inputs, const struct target *target,
                    const struct facts *facts);
struct release_wish plan_wish(struct arena *arena, const struct inputs *inputs,
                              const struct target *target, const struct facts *facts,
                              const struct history *history, const char *commit);
/*
 * Which releases of the upstream are wanted; false where none is, or nobody knows yet. What a person
 * should know is in range->notice and range->refusal.
 */
bool plan_upstream(struct arena *arena, const struct inputs *inputs, const struct facts *facts,
                   const char *previous, struct upstream_range *range);
/* The files that are to be assets, NULL where none is wanted (or nobody looked yet). */
const struct file_facts *plan_files(const struct inputs *inputs, const struct target *target,
                                    const struct facts *facts);

#endif
