/*
 * A private GnuPG home on tmpfs, made anew for the run (0700). A small guard process makes it, and
 * ends what is at work in it and removes it as soon as this process lets go of it or ends, however it ends.
 */
#ifndef CUT_RELEASE_ADAPTERS_HOME_H
#define CUT_RELEASE_ADAPTERS_HOME_H

#include "base/error.h"

#include <stdbool.h>
#include <sys/types.h>

struct home {
    char path[64]; /* empty while there is none */
    int leash;     /* the guard acts when it is closed */
    pid_t guard;
};

/* Is what is written there kept in memory (tmpfs, ramfs), not on a disk? */
bool home_in_memory(const char *folder);

/* Once a run, before anything is signed or verified. */
int home_open(struct home *home, struct error *error);

/* Is there hardly any room left where it lies? Then what gpg says of a key is no news about the key. */
bool home_is_full(const struct home *home);

/* Waits until all is removed. Takes one that was never opened. */
void home_close(struct home *home);

#endif
