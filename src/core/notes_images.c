#include "core/notes_images.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>

static const char block_start[] = "<!-- cut-release:images -->";
static const char block_end[] = "<!-- cut-release:images-end -->";
static const char changes[] = "**Full Changelog**";

const char *notes_images_block(struct arena *arena, const struct gates *gates)
{
    CLEANUP(text_free) struct text out = {0};

    text_print(&out, "%s\n## Images\n\n| image | digest | platforms |\n| --- | --- | --- |\n",
               block_start);
    for (size_t i = 0; i < gates->image_count; i++) {
        const struct image_fact *image = &gates->images[i];

        if (image->state != IMAGE_FOUND)
            return NULL;
        text_print(&out, "| `%s` | `%s` | %s |\n", image->reference, image->digest,
                   image->platforms);
    }
    text_add(&out, block_end);
    return gates->image_count ? arena_copy(arena, text_string(&out)) : NULL;
}

/* Where the block is, its length in *length; NULL where there is none. */
static const char *find_block(const char *part, size_t *length)
{
    const char *start = strstr(part, block_start);
    const char *end = start ? strstr(start, block_end) : NULL;

    if (!end)
        return NULL;
    *length = (size_t)(end - start) + sizeof(block_end) - 1;
    return start;
}

const char *notes_images(struct arena *arena, const char *part)
{
    size_t length;
    const char *start = find_block(part, &length);

    return start ? arena_copy_bytes(arena, start, length) : NULL;
}

/* The last line, where it is the link to all changes; else the end. */
static size_t before_changes(const char *part)
{
    size_t end = strlen(part);

    while (end && strchr(" \t\r\n", part[end - 1]))
        end--;
    size_t start = end;
    while (start && part[start - 1] != '\n')
        start--;
    return string_starts(part + start, changes) ? start : end;
}

const char *notes_with_images(struct arena *arena, const char *part, const char *block)
{
    size_t length;
    const char *old = find_block(part, &length);

    if (old)
        return arena_print(arena, "%.*s%s%s", (int)(old - part), part, block, old + length);
    size_t const place = before_changes(part);
    size_t ahead = place;
    while (ahead && strchr(" \t\r\n", part[ahead - 1]))
        ahead--;
    const char *behind = part + place;
    behind += strspn(behind, " \t\r\n");
    return arena_print(arena, "%.*s%s%s%s%s", (int)ahead, part, ahead ? "\n\n" : "", block,
                       *behind ? "\n\n" : "", behind);
}

const char *notes_without_images(struct arena *arena, const char *part)
{
    size_t length;
    const char *block = find_block(part, &length);

    if (!block)
        return part;
    const char *behind = block + length;
    behind += strspn(behind, " \t\r\n");
    size_t ahead = (size_t)(block - part);
    while (ahead && strchr(" \t\r\n", part[ahead - 1]))
        ahead--;
    return arena_print(arena, "%.*s%s%s", (int)ahead, part, ahead && *behind ? "\n\n" : "", behind);
}

bool notes_images_differ(const char *block, const struct image_fact *image)
{
    size_t const length = strlen(image->reference);

    for (const char *at = block; (at = strstr(at, image->reference)); at += length)
        if (at > block && at[-1] == '`' && at[length] == '`')
            return image->state == IMAGE_FOUND && !strstr(block, image->digest);
    return false;
}
