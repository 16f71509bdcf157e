#include "base/arena.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct arena_block {
    struct arena_block *older;
    size_t size, used;
    _Alignas(max_align_t) char bytes[];
};

static struct arena_block *block_add(struct arena *arena, size_t size)
{
    struct arena_block *block = memory_take(sizeof(*block) + size);

    block->size = size;
    block->older = arena->newest;
    arena->newest = block;
    return block;
}

void *arena_take(struct arena *arena, size_t size)
{
    size_t const alignment = _Alignof(max_align_t);
    size_t rounded = (size + alignment - 1) / alignment * alignment;
    struct arena_block *block = arena->newest;

    if (!block || block->size - block->used < rounded)
        block = block_add(arena, rounded > BLOCK_SIZE ? rounded : BLOCK_SIZE);
    void *memory = block->bytes + block->used;
    block->used += rounded;
    return memory;
}

char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length)
{
    char *copy = arena_take(arena, length + 1);

    if (length)
        memcpy(copy, bytes, length);
    return copy;
}

char *arena_copy(struct arena *arena, const char *string)
{
    return string ? arena_copy_bytes(arena, string, strlen(string)) : NULL;
}

char *arena_print(struct arena *arena, const char *format, ...)
{
    va_list arguments, again;

    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *string = arena_take(arena, length < 0 ? 1 : (size_t)length + 1);
    if (length >= 0)
        vsnprintf(string, (size_t)length + 1, format, again);
    va_end(again);
    return string;
}

void *arena_append(struct arena *arena, void *array, size_t *count, size_t size)
{
    size_t const used = *count;
    bool const full = (used & (used - 1)) == 0; /* room is always a power of two */

    *count = used + 1;
    if (!full)
        return array;
    char *larger = arena_take(arena, (used ? used * 2 : 1) * size);
    if (used)
        memcpy(larger, array, used * size);
    return larger;
}

void arena_free(struct arena *arena)
{
    while (arena->newest) {
        struct arena_block *older = arena->newest->older;

        memory_wipe(arena->newest->bytes, arena->newest->used); /* inputs are secrets, too */
        memory_free(arena->newest);
        arena->newest = older;
    }
}
