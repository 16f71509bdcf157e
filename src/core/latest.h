/*
 * Who is to be the repository's latest release. There is one, so it goes by SemVer within a line of
 * tags, and a line whose prefix has a slash never takes it (contract, sections 3 and 6).
 */
#ifndef CUT_RELEASE_CORE_LATEST_H
#define CUT_RELEASE_CORE_LATEST_H

#include "core/facts.h"
#include "core/inputs.h"
#include "core/target.h"

enum latest_rule {
    LATEST_ANY,      /* it is not our business */
    LATEST_OURS,     /* our release */
    LATEST_OTHER,    /* another one of our line, which is higher */
    LATEST_NOT_OURS, /* whichever, but not our release */
};

struct latest_wish {
    enum latest_rule rule;
    const struct other_release *other; /* of LATEST_OTHER */
};

/* `takes_it`: the plan marks our release as the latest. Pre-releases are never the latest. */
struct latest_wish latest_choose(struct arena *arena, const struct inputs *inputs,
                                 const struct target *target, const struct release_facts *releases,
                                 bool takes_it);

/* Is the one that is the latest now as wished? `ours` is our release's id. */
bool latest_is_right(struct arena *arena, const struct target *target,
                     const struct latest_wish *wish, const struct latest_release *now,
                     int64_t ours);

#endif
