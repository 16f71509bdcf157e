/* Issues and their comments, as JSON objects; pull requests are issues too. Under the lock. */
#ifndef SANDBOX_ISSUES_H
#define SANDBOX_ISSUES_H

#include "state.h"

void issues_open(void);
cJSON *issues_all(void);
cJSON *issue_find(long number);
long issue_number(const cJSON *issue);
cJSON *issue_comments(const cJSON *issue);
/* *issue is the one that it belongs to. */
cJSON *comment_find(long id, cJSON **issue);
/* With defaults for what `fields` lacks; the store owns the results. */
cJSON *issue_add(const cJSON *fields);
cJSON *comment_add(cJSON *issue, const cJSON *fields);
/* What tests compare; a "stable" one leaves out the comments' ids. */
cJSON *issue_state(const cJSON *issue, bool stable);
cJSON *issues_state(bool stable);
/* For a snapshot. */
cJSON *issues_take(void);
void issues_put(const cJSON *kept);

#endif
