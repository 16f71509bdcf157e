#include "core/notes.h"

#include "base/cleanup.h"
#include "core/notes_images.h"

#include <string.h>

size_t notes_length(const char *text)
{
    size_t length = 0;

    for (; *text; text++)
        length += ((unsigned char)*text & 0xC0) != 0x80;
    return length;
}

static void add_section(struct text *out, const char *section)
{
    if (string_is_empty(section))
        return;
    text_add(out, out->length ? "\n\n" : "");
    marker_add_harmless(out, section);
}

const char *notes_part(struct arena *arena, const struct notes_sections *sections)
{
    CLEANUP(text_free) struct text out = {0};

    add_section(&out, sections->person);
    add_section(&out, sections->highlights);
    add_section(&out, sections->generated);
    return arena_copy(arena, text_string(&out));
}

/* The longest start of `text` that ends with an entry and has at most `limit` characters. */
static size_t whole_entries(const char *text, size_t limit)
{
    size_t characters = 0, end = 0;

    for (size_t i = 0; text[i]; i++) {
        characters += ((unsigned char)text[i] & 0xC0) != 0x80;
        if (characters > limit)
            return end;
        if (text[i] == '\n' && text[i + 1] != ' ')
            end = i;
    }
    return strlen(text);
}

const char *notes_body(struct arena *arena, const char *before, const struct marker *marker,
                       const char *part, const char *after, const char *more, bool *cut)
{
    CLEANUP(text_free) struct text out = {0};

    text_add(&out, before);
    marker_write(&out, marker, part);
    text_add(&out, after);
    size_t const length = notes_length(text_string(&out));
    *cut = length > NOTES_BODY_LIMIT;
    if (*cut) {
        const char *images = notes_images(arena, part); /* they are not what is cut */
        const char *rest = arena_print(arena, "\n\n… and more: %s%s%s", more, images ? "\n\n" : "",
                                       string_or(images, ""));
        size_t const surplus = length + NOTES_ROOM - NOTES_BODY_LIMIT + notes_length(rest);
        size_t const part_length = notes_length(part);
        size_t const room = part_length > surplus ? part_length - surplus : 0;
        const char *text = notes_without_images(arena, part);
        const char *start = arena_copy_bytes(arena, text, whole_entries(text, room));

        text_cut(&out, 0);
        text_add(&out, before);
        marker_write(&out, marker, arena_print(arena, "%s%s", start, rest));
        text_add(&out, after);
    }
    return arena_copy(arena, text_string(&out));
}
