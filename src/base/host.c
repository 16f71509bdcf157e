#include "base/host.h"

#include <string.h>
#include <strings.h>

bool host_is_loopback(const char *host, size_t length)
{
    static const char *const names[] = {"localhost", "[::1]"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (strlen(names[i]) == length && strncasecmp(host, names[i], length) == 0)
            return true;
    return length >= 7 && strncmp(host, "127.", 4) == 0 &&
           strspn(host, "0123456789.") >= length; /* no name such as 127.example.org */
}
