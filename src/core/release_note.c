#include "core/release_note.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char fence[] = "```";

static bool opens(const char *line, size_t length)
{
    static const char words[] = "```release-note";

    while (length && isspace((unsigned char)line[length - 1]))
        length--;
    return length == sizeof(words) - 1 && strncasecmp(line, words, length) == 0;
}

/* Without blanks around it. */
static const char *trimmed(struct arena *arena, const char *text)
{
    size_t length = strlen(text);

    while (length && isspace((unsigned char)text[length - 1]))
        length--;
    size_t const start = strspn(text, " \t\r\n");
    return start < length ? arena_copy_bytes(arena, text + start, length - start) : "";
}

const char *release_note_read(struct arena *arena, const char *body, bool *silent)
{
    CLEANUP(text_free) struct text inside = {0};
    const char *line;
    size_t length;
    bool open = false;

    *silent = false;
    while ((line = string_next_line(&body, &length))) {
        if (!open) {
            open = opens(line, length);
            continue;
        }
        if (string_starts(line, fence))
            break;
        text_add_bytes(&inside, line, length);
        text_add(&inside, "\n");
    }
    const char *note = trimmed(arena, text_string(&inside));
    *silent = strcasecmp(note, "none") == 0;
    return *note && !*silent ? note : NULL;
}
