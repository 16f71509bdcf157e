/* The event file: the webhook's payload that started the run. */
#ifndef CUT_RELEASE_ADAPTERS_EVENT_H
#define CUT_RELEASE_ADAPTERS_EVENT_H

#include "base/arena.h"
#include "base/error.h"
#include "core/context.h"

/* Refuses a file that is missing, larger than 25 MB, cut, or no JSON object. */
int event_read(struct arena *arena, const char *path, struct event *event, struct error *error);

#endif
