/* What a run is about: the command and the tag, out of the inputs and the event. */
#ifndef CUT_RELEASE_CORE_TARGET_H
#define CUT_RELEASE_CORE_TARGET_H

#include "core/context.h"
#include "core/gates.h"
#include "core/inputs.h"
#include "core/version.h"

enum command {
    COMMAND_RELEASE,
    COMMAND_ANNOUNCE, /* of a release that is published */
};

struct target {
    enum command command;
    struct grammar grammar;
    struct version version;
    const char *tag; /* "v0.1.0-rc.1" */

    /* These names follow from the inputs and the version alone. */
    const char *project;
    const char *branch;      /* "release-0.1" */
    const char *branch_stem; /* what all release branches start with: "release-" */
    const char *title;
    const char *message; /* of a tag that is made */

    bool pushed; /* the tag's push brought us here, not a person's button */
    /* The release that was published is of another line of tags: nobody asked us about it. */
    bool of_another_line;
    /* What the event says, to be confirmed; NULL where it doesn't. */
    const char *object_hint; /* what the ref names: a tag object, or a commit */
    const char *commit_hint;
    const char *run_head; /* of a workflow_run: the commit that the run was for */

    struct gates_wanted gates; /* what has to be there before the release goes out */
};

/*
 * Refuses an event that no command serves, numbers that are incomplete or disagree with the tag, and
 * a name that misses the grammar (exit status 2 where an input gave it, 1 where it was pushed).
 */
int target_resolve(struct arena *arena, const struct inputs *inputs, const struct context *context,
                   const struct event *event, struct target *target, struct error *error);

#endif
