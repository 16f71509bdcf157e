#include "core/outputs.h"

const struct output_spec output_specs[OUTPUT_COUNT] = {
#define OUTPUT(id, name, meaning) [OUTPUT_##id] = {name, meaning},
#include "core/outputs.def"
#undef OUTPUT
};
