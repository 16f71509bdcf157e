/*
 * Which template may name what: `release_branch`, `title` and `tag_message` what the target tells,
 * the branch's own template all but the branch; `body` what the plan tells, too; and the mail's template
 * besides parts of the release.
 */
#ifndef CUT_RELEASE_CORE_NAMES_H
#define CUT_RELEASE_CORE_NAMES_H

#include "core/plan.h"
#include "core/target.h"
#include "core/template.h"

enum { NAMES_MOST = 17 };

struct names {
    struct template_value values[NAMES_MOST];
    size_t count;
};

/* Begins anew; {branch} is there as soon as the target has one. */
void names_of_target(struct arena *arena, const struct target *target, struct names *names);

/* Adds what is known with the plan. */
void names_of_plan(const struct plan *plan, struct names *names);

/* Adds what a mail's template may name besides. */
void names_of_mail(const char *images, const char *highlights, const char *notes,
                   struct names *names);

#endif
