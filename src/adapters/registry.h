/*
 * Container registries, by OCI's distribution protocol
 * (https://github.com/opencontainers/distribution-spec/blob/main/spec.md) with the tokens of
 * https://distribution.github.io/distribution/spec/auth/token. They are only looked at.
 */
#ifndef CUT_RELEASE_ADAPTERS_REGISTRY_H
#define CUT_RELEASE_ADAPTERS_REGISTRY_H

#include "adapters/http.h"
#include "core/gates.h"

struct registry;

struct registry_settings {
    const char *token;
    /* "ghcr.io": the only registry that is ever given the token, and only once it has answered 401 or
     * 403 to somebody without one (contract, section 8). NULL: none is. */
    const char *token_registry;
};

/* The strings must live as long, and so must `http`. */
struct registry *registry_open(const struct registry_settings *settings, struct http *http);
void registry_close(struct registry *registry);

/*
 * Looks at all images at once. `facts` has as many elements; what it says already (a digest with its
 * platforms) isn't asked again where it still holds.
 */
int registry_look(struct registry *registry, struct arena *arena,
                  const struct image_reference *images, size_t count, struct image_fact *facts,
                  struct error *error);

#endif
