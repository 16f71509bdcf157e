/* What sign.c and sign_verify.c share. */
#ifndef CUT_RELEASE_ADAPTERS_SIGN_INTERNAL_H
#define CUT_RELEASE_ADAPTERS_SIGN_INTERNAL_H

#include "base/arena.h"
#include "base/error.h"

#include <stdbool.h>

/* gpgme's own; its header is included by the two. */
struct gpgme_context;
struct gpgme_data;

/* A context for gpg in that home, armored and offline. The caller releases it. */
int sign_context(struct arena *arena, const char *home, struct gpgme_context **context,
                 struct error *error);

/*
 * Waits for what was begun (gpgme_op_…_start gave *problem) and takes its end into *problem. Refuses
 * where that does not come: the run was asked to end, a minute is over, the system gave gpg too little.
 */
int sign_wait(struct gpgme_context *context, unsigned *problem, struct error *error);

/* Is the digest (gpgme_hash_algo_t) broken for signatures? SHA-1 and older (RFC 9580, section 9.5). */
bool sign_is_weak(int digest);

/* For CLEANUP. */
void sign_release_data(struct gpgme_data **data);

#endif
