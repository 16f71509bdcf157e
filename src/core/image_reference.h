/*
 * An image's reference, as people write it and as a registry is asked for it. The grammar is that of
 * https://github.com/distribution/reference (reference.go).
 */
#ifndef CUT_RELEASE_CORE_IMAGE_REFERENCE_H
#define CUT_RELEASE_CORE_IMAGE_REFERENCE_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

struct image_reference {
    const char *text;     /* whole, for people: "ghcr.io/owner/name:v0.1.0" */
    const char *registry; /* the host that is asked, with its port: "ghcr.io" */
    const char *origin;   /* "https://ghcr.io" */
    const char *name;     /* "owner/name" */
    const char *version;  /* the tag or, where there is one, the digest */
};

/*
 * `tag` is taken where the reference has neither a tag nor a digest. Upper case in the name becomes
 * lower case, since no registry has any, and an owner on GitHub often does. "http://" may stand ahead
 * of a registry on loopback.
 */
int image_reference_parse(struct arena *arena, const char *text, const char *tag,
                          struct image_reference *reference, struct error *error);

/* "sha256:" and 64 digits. */
bool is_image_digest(const char *text);

#endif
