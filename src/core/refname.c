#include "core/refname.h"

#include "base/text.h"

#include <string.h>

static bool component_is_valid(const char *component, size_t length)
{
    static const char lock[] = ".lock";
    size_t const lock_length = sizeof(lock) - 1;

    if (!length || component[0] == '.')
        return false;
    return length < lock_length ||
           strncmp(component + length - lock_length, lock, lock_length) != 0;
}

bool refname_is_valid(const char *name)
{
    if (string_is_empty(name) || *name == '-' || name[strlen(name) - 1] == '.' ||
        strstr(name, "..") || strstr(name, "@{") || strings_equal(name, "@"))
        return false;
    for (const char *at = name; *at; at++)
        if ((unsigned char)*at <= ' ' || *at == 0x7F || strchr("~^:?*[\\", *at))
            return false;
    for (const char *component = name;;) {
        size_t const length = strcspn(component, "/");

        if (!component_is_valid(component, length))
            return false;
        if (!component[length])
            return true;
        component += length + 1;
    }
}
