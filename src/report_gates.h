/* The gates' results, for people and for later steps. */
#ifndef CUT_RELEASE_REPORT_GATES_H
#define CUT_RELEASE_REPORT_GATES_H

#include "adapters/json.h"
#include "core/gates.h"

/* {"workflows": [{workflow, state, page}], "images": [{reference, state, digest, platforms}]} */
struct json *json_of_gates(const struct gates *gates);

/* Two lists, of runs with their links and of images with their digests; nothing where both are empty. */
void summary_gates(const struct gates *gates, struct text *out);

#endif
