/*
 * core/inputs and what is made of them: options and variables as anybody may give them, templates, the
 * tag. One a line; what begins with a dash is an option.
 */
#include "fuzz.h"

#include "core/names.h"
#include "core/target.h"

enum { MOST = 40 };

/* Whatever was given is one of the choices, a number, a flag. */
static void check_values(const struct inputs *inputs)
{
    for (enum input_id id = 0; id < INPUT_COUNT; id++) {
        const char *value = inputs->values[id];

        must(value != NULL);
        if (input_specs[id].kind == INPUT_KIND_FLAG)
            must(strings_equal(value, "true") || strings_equal(value, "false"));
        if (input_specs[id].kind == INPUT_KIND_NUMBER)
            must(strspn(value, "0123456789") == strlen(value) && strlen(value) <= 9);
        if (input_specs[id].kind == INPUT_KIND_TEXT)
            must(!strpbrk(value, "\n"));
    }
}

static void check_target(struct arena *arena, const struct inputs *inputs)
{
    struct context const context = {.repository = "o/n", .event_name = "", .ref = ""};
    struct event const event = {0};
    struct target target = {0};
    struct names names;
    struct error error = {0};

    if (target_resolve(arena, inputs, &context, &event, &target, &error)) {
        must(error.code && *error.message);
        return;
    }
    must(target.tag && target.branch && target.branch_stem && target.title && target.message);
    must(string_starts(target.branch, target.branch_stem));
    names_of_target(arena, &target, &names);
    must(template_fill(arena, input_text(inputs, INPUT_BODY), names.values, names.count) != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *rest = arena_copy_bytes(&arena, (const char *)data, size), *line;
    const char *arguments[MOST + 1] = {NULL}, *environment[MOST + 1] = {NULL};
    size_t options = 0, variables = 0, length;
    struct inputs inputs;
    struct error error = {0};

    while ((line = string_next_line(&rest, &length)) && options < MOST && variables < MOST) {
        const char *copy = arena_copy_bytes(&arena, line, length);

        if (*copy == '-')
            arguments[options++] = copy;
        else
            environment[variables++] = copy;
    }
    if (inputs_read(&arena, arguments, environment, &inputs, &error)) {
        must(error.code && *error.message);
        return 0;
    }
    if (inputs.help || inputs.version) /* then nothing else is looked at */
        return 0;
    check_values(&inputs);
    check_target(&arena, &inputs);
    return 0;
}
