/* A container registry beside GitHub, on the same addresses: /v2/, /token and /blobs/. */
#ifndef SANDBOX_REGISTRY_H
#define SANDBOX_REGISTRY_H

#include "state.h"

/* Is this path the registry's? */
bool registry_path(const char *path);
void registry_serve(struct request *request, struct answer *answer, struct log_entry *entry,
                    const struct fault *fault);

/* Which images were asked for, when and how often; for snapshot.c. */
cJSON *images_take(void);
void images_put(const cJSON *kept);

#endif
