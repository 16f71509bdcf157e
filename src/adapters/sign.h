/* OpenPGP by gpgme, which runs gpg. */
#ifndef CUT_RELEASE_ADAPTERS_SIGN_H
#define CUT_RELEASE_ADAPTERS_SIGN_H

/* "1.18.0" */
const char *sign_version(void);

#endif
