/*
 * Everything that leaves the process for people and for the runner: the log, workflow commands,
 * outputs, the step summary.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 *
 * One place masks secrets and keeps what other people wrote from being taken for a command.
 */
#ifndef CUT_RELEASE_ADAPTERS_ACTIONS_H
#define CUT_RELEASE_ADAPTERS_ACTIONS_H

#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>

enum { ACTIONS_MOST_SECRETS = 32 };

struct actions {
    bool commands;                          /* the log is read for workflow commands */
    const char *output_path, *summary_path; /* empty: not wanted */
    const char *secrets[ACTIONS_MOST_SECRETS];
    size_t secret_count;
    struct error failure; /* the first output that could not be written; code 0 while none */
};

enum annotation { ANNOTATION_NOTICE, ANNOTATION_WARNING, ANNOTATION_ERROR };

/* From here on the secret (each of its lines) is masked everywhere. It must live as long. */
void actions_mask(struct actions *actions, const char *secret);

/* A line, or several, for people, on standard output. */
__attribute__((format(printf, 2, 3))) void actions_say(struct actions *actions, const char *format,
                                                       ...);

/* A headline under which the lines that follow are folded. */
void actions_group(struct actions *actions, const char *title);
void actions_group_end(struct actions *actions);

/* "error CR-TAG-GONE: …" on a terminal, an annotation on a runner. */
void actions_annotate(struct actions *actions, enum annotation level, enum error_code code,
                      const char *message, const char *remedy);

/* One output. A file that can't be written is kept as the failure. */
void actions_output(struct actions *actions, const char *name, const char *value);

/* Where memory runs out, these say so in the log and in the summary. NULL: nobody does. */
void actions_when_exhausted(const struct actions *actions);

/* Adds Markdown to the step summary; what is over its limit of 1 MiB is cut at a line. */
void actions_summary(struct actions *actions, const char *markdown);

#endif
