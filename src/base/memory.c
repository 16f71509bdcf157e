#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*when_exhausted)(void);

void memory_exhausted(void)
{
    static const char message[] =
        "cut-release: CR-MEMORY: out of memory; give the container more and run it again\n";

    ssize_t ignored = write(STDERR_FILENO, message, sizeof(message) - 1);
    (void)ignored;
    if (when_exhausted)
        when_exhausted();
    exit(1);
}

void memory_when_exhausted(void (*last_words)(void))
{
    when_exhausted = last_words;
}

void *memory_take(size_t size)
{
    void *memory = calloc(1, size ? size : 1);

    if (!memory)
        memory_exhausted();
    return memory;
}

void *memory_grow(void *old, size_t size)
{
    void *memory = realloc(old, size ? size : 1);

    if (!memory)
        memory_exhausted();
    return memory;
}

void memory_free(void *memory)
{
    free(memory);
}

void memory_wipe(void *memory, size_t size)
{
    if (size)
        explicit_bzero(memory, size);
}
