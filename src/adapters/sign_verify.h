/* Checking OpenPGP signatures by gpgme against the given keys only, in a private home (home.h). */
#ifndef CUT_RELEASE_ADAPTERS_SIGN_VERIFY_H
#define CUT_RELEASE_ADAPTERS_SIGN_VERIFY_H

#include "base/arena.h"
#include "base/error.h"
#include "core/facts.h"

#include <stddef.h>

/*
 * Takes the armored public keys into the home, which is to be new and nobody else's, and checks the
 * detached signature of the payload (`length` bytes). What it found is in *check; refuses only where
 * nothing could be checked: no gpg, or keys that can't be read. It starts no agent.
 */
int verify_signature(struct arena *arena, const char *home, const char *keys, const char *payload,
                     size_t length, const char *signature, struct signature_check *check,
                     struct error *error);

#endif
