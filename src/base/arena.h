/*
 * One arena owns everything that inputs, facts and the plan point to, and is freed as a whole at
 * the end of the run. So these structs are plain values that may be copied and shared freely.
 * Nothing here fails (see memory.h).
 */
#ifndef CUT_RELEASE_BASE_ARENA_H
#define CUT_RELEASE_BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
    struct arena_block *newest;
};

/* Zeroed, aligned for any type. */
void *arena_take(struct arena *arena, size_t size);

/* NULL stays NULL. */
char *arena_copy(struct arena *arena, const char *string);

/* The first `length` bytes as a string. */
char *arena_copy_bytes(struct arena *arena, const char *bytes, size_t length);

__attribute__((format(printf, 2, 3))) char *arena_print(struct arena *arena, const char *format,
                                                        ...);

/*
 * Makes room for one more element behind `array` (of `*count` elements of `size` bytes) and
 * returns the array's new address; `*count` is raised and the new element is zeroed. The room
 * doubles, so that n calls cost O(n).
 */
void *arena_append(struct arena *arena, void *array, size_t *count, size_t size);

/* Frees all; the arena can be used again. */
void arena_free(struct arena *arena);

#endif
