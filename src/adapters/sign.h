/*
 * OpenPGP by gpgme, which runs gpg in a private home (home.h). Keys come as text and live there
 * only.
 */
#ifndef CUT_RELEASE_ADAPTERS_SIGN_H
#define CUT_RELEASE_ADAPTERS_SIGN_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <stddef.h>

/* "1.18.0" */
const char *sign_version(void);

struct signer;

struct signer_key {
    const char *name, *mail; /* of the key's first user id that is valid */
    const char *fingerprint; /* of the primary key */
};

/*
 * Takes the armored private key into the home, chooses what signs (where there are several keys, the
 * one with the user id `mail`; may be empty), and tries it. Refuses with a code of its own: no gpg,
 * no key, a public key only, several keys, expired, revoked, a key that can't sign, a passphrase that
 * is wrong or missing.
 */
int signer_open(struct arena *arena, const char *home, const char *key, const char *passphrase,
                const char *mail, struct signer **signer, struct signer_key *chosen,
                struct error *error);

/* Adds the detached, armored signature of the bytes. */
int signer_sign(struct signer *signer, const char *bytes, size_t length, struct text *signature,
                struct error *error);

void signer_close(struct signer *signer); /* takes NULL */

#endif
