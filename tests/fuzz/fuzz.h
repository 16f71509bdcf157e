/* What the targets share. Each takes bytes as they may come from a server, and looks at what the
 * code makes of them; __builtin_trap is a finding, as is whatever a sanitizer sees. */
#ifndef CUT_RELEASE_TESTS_FUZZ_H
#define CUT_RELEASE_TESTS_FUZZ_H

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void must(bool holds)
{
    if (!holds)
        __builtin_trap();
}

#endif
