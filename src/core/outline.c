#include "core/outline.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

static const char list_heading[] = "## What's Changed";
static const char changelog_words[] = "**Full Changelog**";

enum part { PART_HEAD, PART_LIST, PART_TAIL };

struct reading {
    struct arena *arena;
    struct outline *outline;
    enum part part;
    struct text head, tail;
};

static struct outline_section *last_section(struct reading *reading)
{
    struct outline *outline = reading->outline;

    if (!outline->count)
        outline->sections = arena_append(reading->arena, outline->sections, &outline->count,
                                         sizeof(*outline->sections));
    return &outline->sections[outline->count - 1];
}

static void read_entry(struct reading *reading, const char *line)
{
    struct outline *outline = reading->outline;

    if (string_starts(line, "### ")) {
        outline->sections = arena_append(reading->arena, outline->sections, &outline->count,
                                         sizeof(*outline->sections));
        last_section(reading)->title = line + strlen("### ");
    } else if (*line)
        outline_add(reading->arena, last_section(reading), line);
}

static void read_line(struct reading *reading, const char *line)
{
    if (string_starts(line, changelog_words))
        reading->outline->changelog = line;
    else if (reading->part == PART_HEAD && string_starts(line, list_heading))
        reading->part = PART_LIST;
    else if (reading->part == PART_LIST && !string_starts(line, "## "))
        read_entry(reading, line);
    else {
        if (reading->part == PART_LIST)
            reading->part = PART_TAIL;
        text_print(reading->part == PART_TAIL ? &reading->tail : &reading->head, "%s\n", line);
    }
}

/* Without empty lines around it. */
static const char *paragraph(struct arena *arena, const char *text)
{
    size_t length;

    text += strspn(text, "\n");
    for (length = strlen(text); length && text[length - 1] == '\n'; length--)
        ;
    return arena_copy_bytes(arena, text, length);
}

void outline_read(struct arena *arena, const char *notes, struct outline *outline)
{
    struct reading reading = {.arena = arena, .outline = outline};
    const char *line;
    size_t length;

    *outline = (struct outline){.head = "", .tail = ""};
    while ((line = string_next_line(&notes, &length)))
        read_line(&reading, arena_copy_bytes(arena, line, length));
    outline->head = paragraph(arena, text_string(&reading.head));
    outline->tail = paragraph(arena, text_string(&reading.tail));
    text_free(&reading.head);
    text_free(&reading.tail);
}

/* An empty line ahead of whatever isn't the first. */
static void separate(struct text *out, size_t start)
{
    if (out->length > start)
        text_add(out, text_string(out)[out->length - 1] == '\n' ? "\n" : "\n\n");
}

static void print_list(const struct outline *outline, struct text *out)
{
    text_print(out, "%s\n", list_heading);
    for (size_t i = 0; i < outline->count; i++) {
        const struct outline_section *section = &outline->sections[i];

        if (section->title)
            text_print(out, "### %s\n", section->title);
        for (size_t j = 0; j < section->count; j++) {
            text_add(out, section->entries[j]);
            text_add(out, "\n");
        }
    }
}

void outline_print(const struct outline *outline, struct text *out)
{
    size_t const start = out->length;

    text_add(out, outline->head);
    if (outline->count) {
        separate(out, start);
        print_list(outline, out);
    }
    if (*outline->tail) {
        separate(out, start);
        text_add(out, outline->tail);
    }
    if (outline->changelog) {
        separate(out, start);
        text_add(out, outline->changelog);
    }
}

struct outline_section *outline_section(struct arena *arena, struct outline *outline,
                                        const char *title,
                                        size_t (*order)(const void *state, const char *title),
                                        const void *state)
{
    size_t at;

    for (at = 0; at < outline->count; at++)
        if (strings_equal(outline->sections[at].title, title))
            return &outline->sections[at];
    for (at = 0; at < outline->count; at++)
        if (order(state, outline->sections[at].title) > order(state, title))
            break;
    outline->sections =
        arena_append(arena, outline->sections, &outline->count, sizeof(*outline->sections));
    struct outline_section *made = &outline->sections[at];
    memmove(made + 1, made, (outline->count - 1 - at) * sizeof(*made));
    *made = (struct outline_section){.title = title};
    return made;
}

void outline_add(struct arena *arena, struct outline_section *section, const char *entry)
{
    section->entries =
        arena_append(arena, section->entries, &section->count, sizeof(*section->entries));
    section->entries[section->count - 1] = entry;
}

uint32_t outline_number(const char *entry)
{
    static const char words[] = "/pull/";
    const char *at = NULL;

    for (const char *next = entry; (next = strstr(next, words)); next++)
        at = next + sizeof(words) - 1;
    if (!at)
        return 0;
    size_t const digits = strspn(at, "0123456789");
    return digits && digits <= 9 && !at[digits + strspn(at + digits, " \t")]
               ? (uint32_t)strtoul(at, NULL, 10)
               : 0;
}

bool outline_is_titled(const char *entry, const char *title)
{
    size_t const length = strlen(title);

    return length && string_starts(entry, "* ") && string_starts(entry + 2, title) &&
           string_starts(entry + 2 + length, " by @");
}
