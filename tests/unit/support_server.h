/*
 * A GitHub in memory, behind `struct effects`: it keeps a branch and releases, and lets any call
 * fail, get its answer lost, or meet another actor.
 */
#ifndef CUT_RELEASE_TESTS_SUPPORT_SERVER_H
#define CUT_RELEASE_TESTS_SUPPORT_SERVER_H

#include "support_model.h"

#include "apply.h"

enum fake_fault {
    FAULT_NONE,
    FAULT_FAIL,      /* not carried out, and said so */
    FAULT_LOST_DONE, /* carried out, the answer is lost (a read just fails) */
    FAULT_LOST_NOT,  /* not carried out, and nobody knows */
    FAULT_COUNT
};

enum { FAKE_MOST_RELEASES = 32 };

struct fake_server {
    struct arena *arena;
    const char *tag;
    const char *branch, *branch_commit; /* NULL while there is none */
    const char *tag_object;             /* what the tag names */
    int64_t latest;                     /* the id of the latest release, 0: none */
    const char *latest_tag;             /* its tag, where it isn't one of `releases` */
    bool ignores_latest; /* what publishing says of it is ignored: it takes "latest" */
    bool keeps_latest;   /* what is said of it later is ignored, too */
    struct release releases[FAKE_MOST_RELEASES];
    size_t count;
    int64_t next_id;

    /* What goes wrong: the fault meets the call number `fault_at` (from 1), and `fault_calls - 1`
     * calls behind it. */
    enum fake_fault fault;
    size_t fault_at, fault_calls;
    enum error_code
        failure;      /* what FAULT_FAIL says of the latest, unless it is that it is refused */
    size_t lag;       /* so many lists don't show a draft that was made since the start */
    bool odd_answers; /* what was written is answered with another text */
    bool lost_writes; /* no draft is written, and no answer says so; reads are answered */
    /* Called ahead of each call; may change the state. */
    void (*meanwhile)(struct fake_server *server, size_t call);

    /* What happened. */
    size_t calls, lists;
    size_t drafts_made, branches_made, updates, deletions; /* carried out */
    size_t draft_requests;
    size_t publications, latest_sets, mails;
    const char *mail_ids[8]; /* the lines with the Message-IDs of the mails that it got */
    size_t refuse_mails;     /* so many are refused for now */
    size_t mail_requests;
    int64_t first_hidden; /* drafts from this id on are what a list that lags doesn't show */
};

struct effects fake_effects(struct fake_server *server);

/* A draft that somebody made. */
struct release *fake_add(struct fake_server *server, const char *title, const char *body);

/* "branch=…; draft \"title\" body…", without ids: what must be the same after each way. */
const char *fake_state(struct arena *arena, const struct fake_server *server);

#endif
