/* The names of the outputs. */
#ifndef CUT_RELEASE_CORE_OUTPUTS_H
#define CUT_RELEASE_CORE_OUTPUTS_H

enum output_id {
#define OUTPUT(id, name, meaning) OUTPUT_##id,
#include "core/outputs.def"
#undef OUTPUT
    OUTPUT_COUNT
};

struct output_spec {
    const char *name, *meaning;
};

extern const struct output_spec output_specs[OUTPUT_COUNT];

#endif
