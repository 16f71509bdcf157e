/* What sign.c and sign_verify.c share. */
#ifndef CUT_RELEASE_ADAPTERS_SIGN_INTERNAL_H
#define CUT_RELEASE_ADAPTERS_SIGN_INTERNAL_H

#include "base/arena.h"
#include "base/error.h"

#include <gpgme.h>

/* A context for gpg in that home, armored and offline. The caller releases it. */
int sign_context(struct arena *arena, const char *home, gpgme_ctx_t *context, struct error *error);

/* For CLEANUP. */
void sign_release_data(gpgme_data_t *data);

#endif
