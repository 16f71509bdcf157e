#include "core/gates_wanted.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

static const char folder[] = ".github/workflows/";

/* The next line that is not blank, without the blanks around it; NULL at the end. */
static const char *next_word(struct arena *arena, const char **rest)
{
    const char *line;
    size_t length;

    while ((line = string_next_line(rest, &length))) {
        size_t const blanks = strspn(line, " \t");

        if (blanks >= length)
            continue;
        line += blanks;
        length -= blanks;
        while (strchr(" \t", line[length - 1]))
            length--;
        return arena_copy_bytes(arena, line, length);
    }
    return NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t const length = strlen(text), wanted = strlen(end);

    return length > wanted && strings_equal(text + length - wanted, end);
}

static int want_workflow(struct arena *arena, const char *line, struct gates_wanted *wanted,
                         struct error *error)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    const char *file = line + (string_starts(line, folder) ? sizeof(folder) - 1 : 0);

    if (strspn(file, allowed) != strlen(file) ||
        (!ends_with(file, ".yaml") && !ends_with(file, ".yml")))
        return error_set(
            error, ERROR_INPUT_VALUE, "name the file, such as ci-release.yaml",
            "workflows: a file of .github/workflows was expected, \"%.100s\" was given", line);
    for (size_t i = 0; i < wanted->workflow_count; i++)
        if (strings_equal(wanted->workflows[i], file))
            return 0;
    wanted->workflows =
        arena_append(arena, wanted->workflows, &wanted->workflow_count, sizeof(*wanted->workflows));
    wanted->workflows[wanted->workflow_count - 1] = file;
    return 0;
}

static int want_image(struct arena *arena, const char *line, const struct names *names,
                      const char *tag, struct gates_wanted *wanted, struct error *error)
{
    struct image_reference reference;
    const char *filled;

    if (template_expand(arena, "images", line, names->values, names->count, &filled, error) ||
        image_reference_parse(arena, filled, tag, &reference, error))
        return -1;
    for (size_t i = 0; i < wanted->image_count; i++)
        if (strings_equal(wanted->images[i].text, reference.text))
            return 0;
    wanted->images =
        arena_append(arena, wanted->images, &wanted->image_count, sizeof(*wanted->images));
    wanted->images[wanted->image_count - 1] = reference;
    return 0;
}

/* Of "owner/name/.github/workflows/cut.yaml@refs/heads/main", where the repository is ours. */
static const char *own_workflow(struct arena *arena, const struct context *context)
{
    const char *reference = string_or(context->workflow_ref, "");
    const char *at = strstr(reference, folder);

    if (!at || !string_starts(reference, context->repository) ||
        at != reference + strlen(context->repository) + 1)
        return NULL;
    at += sizeof(folder) - 1;
    return arena_copy_bytes(arena, at, strcspn(at, "@"));
}

int gates_want(struct arena *arena, const struct inputs *inputs, const struct context *context,
               const struct names *names, const char *tag, struct gates_wanted *wanted,
               struct error *error)
{
    const char *workflows = input_text(inputs, INPUT_WORKFLOWS), *line;
    const char *images = input_text(inputs, INPUT_IMAGES);
    struct gates_wanted found = {
        .own_workflow = own_workflow(arena, context),
        .own_run = strtoll(string_or(context->run_id, "0"), NULL, 10),
    };

    while ((line = next_word(arena, &workflows)))
        if (want_workflow(arena, line, &found, error))
            return -1;
    while ((line = next_word(arena, &images)))
        if (want_image(arena, line, names, tag, &found, error))
            return -1;
    *wanted = found;
    return 0;
}
