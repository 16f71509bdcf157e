/*
 * What a registry wants to know of who asks: the header WWW-Authenticate (RFC 9110, section 11.6.1),
 * as registries use it (https://distribution.github.io/distribution/spec/auth/token).
 */
#ifndef CUT_RELEASE_ADAPTERS_REGISTRY_CHALLENGE_H
#define CUT_RELEASE_ADAPTERS_REGISTRY_CHALLENGE_H

#include "base/arena.h"

#include <stdbool.h>

struct challenge {
    bool bearer, basic;
    const char *realm, *service, *scope; /* of bearer; NULL where they aren't given */
};

/* The first challenge of each kind counts. */
void challenge_parse(struct arena *arena, const char *header, struct challenge *challenge);

#endif
