/*
 * What a manifest says of platforms
 * (https://github.com/opencontainers/image-spec: image-index.md, manifest.md, config.md; Docker's
 * forms are the same as far as this goes).
 */
#ifndef CUT_RELEASE_ADAPTERS_REGISTRY_MANIFEST_H
#define CUT_RELEASE_ADAPTERS_REGISTRY_MANIFEST_H

#include "base/arena.h"
#include "base/error.h"

#include <stddef.h>

struct manifest {
    const char *platforms; /* of an index: "linux/amd64, linux/arm64"; else empty */
    const char *config;    /* the digest of a single image's configuration, or NULL */
};

int manifest_parse(struct arena *arena, const char *bytes, size_t length, struct manifest *manifest,
                   struct error *error);

/* The platform in a single image's configuration; empty where it says none (a chart, an artifact). */
const char *manifest_platform(struct arena *arena, const char *bytes, size_t length);

#endif
