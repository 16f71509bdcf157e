/*
 * The inputs: what a person asked for, from the environment (INPUT_NAME) and the command line
 * (--name). Everything is checked here, so that whoever reads an input needs no error path.
 */
#ifndef CUT_RELEASE_CORE_INPUTS_H
#define CUT_RELEASE_CORE_INPUTS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum input_id {
#define INPUT(id, name, kind, choices, fallback, meaning) INPUT_##id,
#include "core/inputs.def"
#undef INPUT
    INPUT_COUNT
};

enum input_kind {
    INPUT_KIND_TEXT,   /* one line */
    INPUT_KIND_LINES,  /* several lines */
    INPUT_KIND_SECRET, /* masked; may have several lines */
    INPUT_KIND_FLAG,   /* true or false */
    INPUT_KIND_CHOICE, /* one of its choices */
    INPUT_KIND_NUMBER, /* at most 9 digits */
};

struct input_spec {
    const char *name; /* "dry_run" */
    enum input_kind kind;
    const char *choices;
    const char *fallback;
    const char *meaning;
};

extern const struct input_spec input_specs[INPUT_COUNT];

struct inputs {
    const char *values[INPUT_COUNT]; /* never NULL; the default where nothing was given */
    bool help, version;              /* --help, --version */
    const char *body_file;           /* what the file of body_path says; NULL where there is none */
};

/*
 * Reads `arguments` (without the program's name) and `environment`, both ending with NULL. An option
 * beats the environment; an empty value is the default.
 */
int inputs_read(struct arena *arena, const char *const *arguments, const char *const *environment,
                struct inputs *inputs, struct error *error);

const char *input_text(const struct inputs *inputs, enum input_id id);
bool input_given(const struct inputs *inputs, enum input_id id); /* not empty */
bool input_is(const struct inputs *inputs, enum input_id id, const char *value);
bool input_flag(const struct inputs *inputs, enum input_id id);
int64_t input_number(const struct inputs *inputs, enum input_id id); /* -1 where empty */

/* Are the trusted keys given as text, not as a path? */
bool input_keys_are_text(const struct inputs *inputs);

/* The prefix itself: "" for "none". */
const char *input_tag_prefix(const struct inputs *inputs);

/* "INPUT_DRY_RUN" */
const char *input_variable(struct arena *arena, enum input_id id);

/* The variable's value in an environment, or NULL. */
const char *environment_value(const char *const *environment, const char *name);

/* The text of --help. */
void inputs_help(struct text *out);

#endif
