/* What plan.c, rules_tag.c and rules_branch.c share while a plan is made. */
#ifndef CUT_RELEASE_CORE_PLANNING_H
#define CUT_RELEASE_CORE_PLANNING_H

#include "core/plan.h"

struct planning {
    struct arena *arena;
    const struct inputs *inputs;
    const struct target *target;
    const struct facts *facts;
    const char *server; /* the repository's page */
    const char *web;    /* the server's own */
    struct history history;
    struct plan *plan;
};

__attribute__((format(printf, 6, 7))) void
planning_find(struct planning *planning, enum finding_level level, enum error_code code,
              enum step_kind about, const char *remedy, const char *format, ...);

struct step *planning_step(struct planning *planning, enum step_kind kind, enum step_state state,
                           const char *target, const char *reason);

/* What somebody wrote, as one harmless line in quotation marks. */
const char *planning_quote(struct planning *planning, const char *foreign);

void rules_for_tag(struct planning *planning);
void rules_for_versions(struct planning *planning);
void rules_for_branch(struct planning *planning);
void rules_for_release(struct planning *planning);
void rules_for_gates(struct planning *planning);
void rules_for_passed_gates(struct planning *planning); /* after those that publish and announce */
/* The text of our part, where the release needs it. */
void rules_for_notes(struct planning *planning);
void rules_for_assets(struct planning *planning);
void rules_for_publishing(struct planning *planning);
void rules_for_latest(struct planning *planning);
void rules_for_mail(struct planning *planning);
void rules_for_access(struct planning *planning); /* after those that make steps */
void rules_for_issue(struct planning *planning);

/* The upstream's highlights, into plan->highlights, and what there is to say of them. */
void rules_for_upstream(struct planning *planning);

#endif
