#include "base/library_memory.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static void *there(void *memory)
{
    if (!memory)
        memory_exhausted();
    return memory;
}

void *library_take(size_t size)
{
    return there(malloc(size ? size : 1));
}

void *library_take_array(size_t count, size_t size)
{
    return there(count && size ? calloc(count, size) : malloc(1));
}

void *library_grow(void *old, size_t size)
{
    return there(realloc(old, size ? size : 1));
}

char *library_copy(const char *string)
{
    return there(strdup(string));
}

void library_free(void *memory)
{
    free(memory);
}
