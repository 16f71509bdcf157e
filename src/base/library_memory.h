/*
 * Memory for libraries that take their allocator from the program: it is there, or the process ends,
 * as memory.h has it. Otherwise each of their calls could fail for want of memory, and so leave out
 * a header, a ref or a key without our seeing it.
 */
#ifndef CUT_RELEASE_BASE_LIBRARY_MEMORY_H
#define CUT_RELEASE_BASE_LIBRARY_MEMORY_H

#include <stddef.h>

/* Not zeroed. */
void *library_take(size_t size);
/* Zeroed. */
void *library_take_array(size_t count, size_t size);
/* `old` may be NULL. */
void *library_grow(void *old, size_t size);
char *library_copy(const char *string);
/* Takes NULL. */
void library_free(void *memory);

#endif
