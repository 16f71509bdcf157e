/* The step summary, in Markdown. */
#ifndef CUT_RELEASE_REPORT_SUMMARY_H
#define CUT_RELEASE_REPORT_SUMMARY_H

#include "report.h"

/* `error` is NULL where the run went well. */
void summary_write(const struct report *report, const struct error *error, struct text *out);

#endif
