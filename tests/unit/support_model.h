/*
 * A repository on paper: refs, tag objects, relations and releases, that answers the questions of
 * core/questions the way a server (or a clone alone) would. So a plan is made from what was asked,
 * not from facts that a test happened to fill in.
 */
#ifndef CUT_RELEASE_TESTS_SUPPORT_MODEL_H
#define CUT_RELEASE_TESTS_SUPPORT_MODEL_H

#include "support.h"

#include "core/plan.h"
#include "core/questions.h"

struct model {
    bool clone_only;  /* no server is asked */
    bool push_denied; /* the token may not push */
    bool user_known;  /* it is a user's */
    bool archived;
    const struct ruleset *rulesets;
    size_t ruleset_count;
    bool notes_hidden; /* the server gives no notes */
    bool notes_absent; /* it has no such thing */
    bool changes_hidden;
    const char *repository, *default_branch;
    struct git_refs tags, branches;
    struct tag_object *objects;
    size_t object_count;
    const char *source; /* the name of the source branch that exists, NULL: none */
    const char *source_head;
    bool on_branch_open, on_source_open, since_open; /* these can't be answered */
    struct comparison on_branch, on_source, since;
    struct signer_facts signer;
    struct release_facts releases;
    uint32_t release_pages;
    struct gates gates;
    bool gates_hidden;
    const char *notes;       /* NULL: notes since the previous tag */
    struct file_facts files; /* found in the workspace; their own names stand for their digests */
    const char *module_now, *module_before; /* go.mod */
    bool upstream_hidden;                   /* the server doesn't tell */
    struct upstream_facts upstream;
    struct latest_release latest;
    struct changes changes;
    struct pulls pulls;
    struct release_config config;
    const char *config_wrong;
    struct issue_facts issues;
    struct issue_comments issue_comments;
    bool issues_hidden; /* the token may not see them */

    /* What was asked. */
    size_t rounds, asked[QUESTION_COUNT];
};

/* An object id of 40 digits that begins with `kind` (a hexadecimal digit) and bears the number. */
const char *object_id(struct arena *arena, char kind, unsigned number);

void model_add_branch(struct arena *arena, struct model *model, const char *name,
                      const char *commit);
/* A lightweight tag. */
void model_add_tag(struct arena *arena, struct model *model, const char *name, const char *commit);
/* An annotated one; the object's fields may be changed afterwards. */
struct tag_object *model_add_signed_tag(struct arena *arena, struct model *model, const char *name,
                                        const char *commit);

/* Asks until nothing is open, the way observe does; fails the test where it doesn't end. */
void model_observe(struct arena *arena, struct model *model, const struct inputs *inputs,
                   const struct target *target, struct facts *facts);

/* The target of a tag that was pushed ("push"), that a workflow_run names, or that a button's
 * inputs give (""). */
void model_target(struct arena *arena, const struct model *model, const struct inputs *inputs,
                  const char *event, const char *tag, struct target *target);

/* Observe and plan. */
void model_plan(struct arena *arena, struct model *model, const struct inputs *inputs,
                const struct target *target, struct plan *plan);

/* "error:CR-BRANCH-OFF@branch warning:…", sorted; "-" where there is none. */
const char *plan_findings(struct arena *arena, const struct plan *plan);
/* "branch=done tag=done release=do" */
const char *plan_steps(struct arena *arena, const struct plan *plan);
const struct finding *plan_finding(const struct plan *plan, enum error_code code);
const struct step *plan_step(const struct plan *plan, enum step_kind kind);
/* Words separated by blanks, sorted. */
const char *sorted_words(struct arena *arena, const char *words);

#endif
