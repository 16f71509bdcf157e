/* git over HTTP: docs `git help http-protocol`, served by git's own http-backend. */
#ifndef SANDBOX_SMART_H
#define SANDBOX_SMART_H

#include "api.h"

void smart_serve(struct request *request, struct answer *answer, struct log_entry *entry,
                 const struct fault *fault);

/* receive.c: answers a push itself where a rule refuses one of its refs, and returns true. */
bool receive_refused(struct request *request, struct answer *answer, const cJSON *who);
/* Takes note of the refs that a push created, once it went through. */
void receive_note(struct request *request);

#endif
