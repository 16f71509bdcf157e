/* What people and later steps are told: the plan, outputs, annotations, the summary. */
#ifndef CUT_RELEASE_REPORT_H
#define CUT_RELEASE_REPORT_H

#include "adapters/actions.h"
#include "apply.h"
#include "core/context.h"
#include "core/outputs.h"
#include "core/plan.h"

struct report {
    struct actions actions;
    struct arena *arena;
    /* What is known so far; NULL while it isn't. */
    const struct inputs *inputs;
    const struct target *target;
    const struct plan *plan;
    const struct applied *applied;
    const struct gates *gates; /* as they were observed */
    const char *announcement;  /* the mail, as far as it is known; NULL where there is none */
    const char *repository;
    const char *outputs[OUTPUT_COUNT]; /* as written last; NULL while not written */
    struct finding late[8];            /* found while applying */
    size_t late_count;
    const char *issues; /* where faults of ours are reported */
};

/* What a person has still to do where all went well. */
enum report_rest { REST_NOTHING, REST_PUBLISH, REST_SEND };
enum report_rest report_rest(const struct report *report);

void report_open(struct report *report, struct arena *arena, const struct context *context);

/* The release that was published isn't one of ours: that is all there is to say. */
void report_other_line(struct report *report, const char *tag);

/* The plan on the log, its findings as annotations, and the outputs that it settles. */
void report_plan(struct report *report);

/* The outputs that a step of apply settled. */
void report_progress(void *report, const struct applied *applied);

/* A line about what takes long. */
void report_said(void *report, const char *line);

/* The end: the last outputs, the summary, and the error if there is one. The exit status. */
int report_end(struct report *report, const struct error *error);

/* That a request waits. */
void report_waiting(void *report, const char *why, int64_t milliseconds);

#endif
