/*
 * Memory that is there, or the process ends.
 *
 * cut-release runs once and ends. A failed allocation can't be mended, so nothing above this file
 * checks for it: the last words are said, the clean-up that was registered runs, and the exit
 * status is 1. What the run had already done is in the outputs by then, since each is written as
 * soon as it is known.
 */
#ifndef CUT_RELEASE_BASE_MEMORY_H
#define CUT_RELEASE_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed memory of `size` bytes; the caller frees it with memory_free. Never NULL. */
void *memory_take(size_t size);

/* `old` (may be NULL) made `size` bytes long, what is new is not zeroed. Never NULL. */
void *memory_grow(void *old, size_t size);

/* Takes NULL. */
void memory_free(void *memory);

/* Overwrites a secret in a way that the compiler can't leave out. Takes NULL with size 0. */
void memory_wipe(void *memory, size_t size);

/* Where somebody else's allocation has failed: says so, and ends the process. */
_Noreturn void memory_exhausted(void);

/* What is called once, before exit(1), when memory has run out. It must not allocate. */
void memory_when_exhausted(void (*last_words)(void));

#endif
