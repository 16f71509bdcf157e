/* Where the boxes of a checklist are. */
#include "core/checklist.h"

#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* ---- where the boxes are --------------------------------------------------------------------------- */

enum { DEEPEST_LIST = 16, CODE_INDENT = 4 };

/*
 * As much of Markdown as tells a box from text that looks like one (https://github.github.com/gfm/,
 * sections 4.4, 4.5, 4.6, 5.2, 5.3): code by fences and by indentation, comments, nested lists.
 */
struct reading {
    size_t indents[DEEPEST_LIST]; /* where the text of each open list item starts */
    size_t depth;
    char fence; /* of an open block of code, else 0 */
    size_t fence_length;
    const char *hidden_until; /* of an open comment or <pre>, else NULL */
    bool blank_before;
};

struct line {
    const char *at, *end; /* behind its indentation; ahead of its end */
    size_t indent;
};

static struct line read_line(const char *start, size_t length)
{
    struct line line = {.at = start, .end = start + length};

    for (; line.at < line.end && (*line.at == ' ' || *line.at == '\t'); line.at++)
        line.indent += *line.at == ' ' ? 1 : 4 - line.indent % 4;
    return line;
}

/* Is it a list item's start? Then behind its marker; else NULL. */
static const char *behind_marker(const struct line *line)
{
    const char *at = line->at;
    size_t digits = 0;

    while (at < line->end && isdigit((unsigned char)*at) && digits < 9)
        at++, digits++;
    if (at == line->end || !strchr(digits ? ".)" : "-*+", *at))
        return NULL;
    at++;
    return at < line->end && (*at == ' ' || *at == '\t') ? at : NULL;
}

static size_t fence_at(const struct line *line, char *fence)
{
    size_t length = 0;

    if (line->at == line->end || (*line->at != '`' && *line->at != '~'))
        return 0;
    *fence = *line->at;
    while (line->at + length < line->end && line->at[length] == *fence)
        length++;
    return length >= 3 ? length : 0;
}

/* Inside of code or of a comment; true where the line belongs to it. */
static bool pass_hidden(struct reading *reading, const struct line *line)
{
    char fence = 0;

    if (reading->hidden_until) {
        size_t const length = (size_t)(line->end - line->at);

        if (memmem(line->at, length, reading->hidden_until, strlen(reading->hidden_until)))
            reading->hidden_until = NULL;
        return true;
    }
    if (!reading->fence)
        return false;
    size_t const length = fence_at(line, &fence);
    if (length >= reading->fence_length && fence == reading->fence &&
        line->at + length + strspn(line->at + length, " \t\r") >= line->end)
        reading->fence = 0;
    return true;
}

/* A comment or <pre> that this line opens and doesn't close; `end` moves ahead of the first one. */
static void open_hidden(struct reading *reading, struct line *line)
{
    static const char *const pairs[][2] = {{"<!--", "-->"}, {"<pre", "</pre>"}};
    const char *first = line->end;

    for (size_t i = 0; i < 2; i++) {
        const char *at = line->at, *open;
        size_t const length = strlen(pairs[i][1]);

        while ((open = memmem(at, (size_t)(line->end - at), pairs[i][0], 4))) {
            first = open < first ? open : first;
            at = memmem(open, (size_t)(line->end - open), pairs[i][1], length);
            if (!at) {
                reading->hidden_until = pairs[i][1];
                break;
            }
        }
    }
    line->end = first;
}

static void open_fence(struct reading *reading, const struct line *line)
{
    char fence = 0;
    size_t const length = fence_at(line, &fence);

    if (!length ||
        (fence == '`' && memchr(line->at + length, '`', (size_t)(line->end - line->at) - length)))
        return;
    reading->fence = fence;
    reading->fence_length = length;
}

/* The list items that this line ends; false where it is so far in that it is code. */
static bool find_depth(struct reading *reading, const struct line *line, bool item)
{
    while (reading->depth && line->indent < reading->indents[reading->depth - 1] &&
           (item || reading->blank_before))
        reading->depth--;
    size_t const outer = reading->depth ? reading->indents[reading->depth - 1] : 0;
    return line->indent < outer + CODE_INDENT;
}

/* The space in a "[ ]" at the start of an item's text, or NULL. */
static const char *find_box(const struct line *text)
{
    bool const box = text->end - text->at > 4 && !memcmp(text->at, "[ ]", 3) &&
                     (text->at[3] == ' ' || text->at[3] == '\t');

    return box ? text->at + 1 : NULL;
}

/* Reads a line on; returns the empty box that it starts with, `line` being what the box says. */
static const char *read_item(struct reading *reading, struct line *line)
{
    if (pass_hidden(reading, line))
        return NULL;
    const char *behind = behind_marker(line);
    bool const inside = find_depth(reading, line, behind != NULL);
    reading->blank_before = line->at == line->end;
    if (!inside || line->at == line->end)
        return NULL;
    if (behind) {
        struct line text = read_line(behind, (size_t)(line->end - behind));
        size_t const width = text.indent > CODE_INDENT ? 1 : text.indent;

        if (reading->depth < DEEPEST_LIST)
            reading->indents[reading->depth++] = line->indent + (size_t)(behind - line->at) + width;
        if (text.indent > CODE_INDENT)
            return NULL;
        *line = text;
    }
    open_fence(reading, line);
    if (!reading->fence)
        open_hidden(reading, line);
    return behind ? find_box(line) : NULL;
}

const char *checklist_tick(struct arena *arena, const char *text, const struct checklist *checklist,
                           size_t *count)
{
    char *ticked = arena_copy(arena, text);
    struct reading reading = {.depth = 0};
    const char *rest = text, *start;
    size_t length;

    *count = 0;
    while ((start = string_next_line(&rest, &length))) {
        struct line line = read_line(start, length);
        const char *box = read_item(&reading, &line);

        if (box && checklist_proves(box + 2, line.end, checklist)) {
            ticked[box - text] = 'x';
            ++*count;
        }
    }
    return *count ? ticked : NULL;
}
