/* Names of hosts. */
#ifndef CUT_RELEASE_BASE_HOST_H
#define CUT_RELEASE_BASE_HOST_H

#include <stdbool.h>
#include <stddef.h>

/* Is it, as it is spelt, this machine itself: "localhost", "[::1]", "127.…"? */
bool host_is_loopback(const char *host, size_t length);

#endif
