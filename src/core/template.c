#include "core/template.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>

/* The value of "{name}" at `brace` and its whole length, or NULL. */
static const char *value_at(const char *brace, const struct template_value *values, size_t count,
                            size_t *length)
{
    size_t const name_length = strcspn(brace + 1, "{}\n");

    if (brace[1 + name_length] != '}')
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (strlen(values[i].name) == name_length &&
            strncmp(values[i].name, brace + 1, name_length) == 0) {
            *length = name_length + 2;
            return string_or(values[i].value, "");
        }
    return NULL;
}

const char *template_fill(struct arena *arena, const char *template,
                          const struct template_value *values, size_t count)
{
    CLEANUP(text_free) struct text out = {0};

    while (*template) {
        size_t length = strcspn(template, "{");
        const char *value;

        text_add_bytes(&out, template, length);
        template += length;
        if (!*template)
            break;
        value = value_at(template, values, count, &length);
        if (value)
            text_add(&out, value);
        else
            text_add_bytes(&out, template, length = 1);
        template += length;
    }
    return arena_copy(arena, text_string(&out));
}

/* "use {tag} or {version}": what this template may name. */
static const char *names_to_use(struct arena *arena, const struct template_value *values,
                                size_t count)
{
    CLEANUP(text_free) struct text out = {0};

    for (size_t i = 0; i < count; i++)
        text_print(&out, "%s{%s}", !i ? "use " : i + 1 < count ? ", " : " or ", values[i].name);
    return arena_copy(arena, text_string(&out));
}

int template_expand(struct arena *arena, const char *what, const char *template,
                    const struct template_value *values, size_t count, const char **expanded,
                    struct error *error)
{
    for (const char *brace = template; (brace = strpbrk(brace, "{}")); brace++) {
        size_t length;

        if (*brace == '{' && (brace == template || brace[-1] != '$') &&
            value_at(brace, values, count, &length)) {
            brace += length - 1;
            continue;
        }
        return error_set(error, ERROR_INPUT_TEMPLATE, names_to_use(arena, values, count),
                         "%s: \"%.80s\" has a brace that stands for nothing at character %zu", what,
                         template, (size_t)(brace - template) + 1);
    }
    *expanded = template_fill(arena, template, values, count);
    return 0;
}

const char *template_stem(struct arena *arena, const char *template)
{
    return arena_copy_bytes(arena, template, strcspn(template, "{"));
}
