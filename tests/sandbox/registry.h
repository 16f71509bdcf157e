/* A container registry beside GitHub, on the same addresses: /v2/, /token and /blobs/. */
#ifndef SANDBOX_REGISTRY_H
#define SANDBOX_REGISTRY_H

#include "state.h"

/* Is this path the registry's? */
bool registry_path(const char *path);
void registry_serve(struct request *request, struct answer *answer, struct log_entry *entry,
                    const struct fault *fault);

#endif
