#include "core/highlights.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "core/markdown.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

enum { HEADING_LEVEL = 2 };

static bool says(const struct markdown_scan *scan, const char *word)
{
    const char *title = scan->line + scan->title;
    size_t const length = strlen(word);

    for (size_t i = 0; i + length <= scan->title_length; i++)
        if (strncasecmp(title + i, word, length) == 0)
            return true;
    return false;
}

/* With a straight apostrophe, a typographic one, or none. */
static bool says_what_changed(const struct markdown_scan *scan)
{
    return says(scan, "what's changed") || says(scan, "what\xE2\x80\x99s changed") ||
           says(scan, "whats changed");
}

/* Without the blank lines around it; NULL where nothing is left. */
static const char *trimmed(struct arena *arena, const struct text *text)
{
    const char *start = text_string(text), *end = start + text->length;

    for (const char *at = start; *at && isspace((unsigned char)*at); at++)
        if (*at == '\n')
            start = at + 1;
    while (end > start && isspace((unsigned char)end[-1]))
        end--;
    return end > start ? arena_copy_bytes(arena, start, (size_t)(end - start)) : NULL;
}

/* As a part of its own; nothing where it is blank. */
static void add_part(struct arena *arena, struct text *out, const char *from, const char *to)
{
    CLEANUP(text_free) struct text part = {0};

    text_add_bytes(&part, from, (size_t)(to - from));
    const char *text = trimmed(arena, &part);
    if (text)
        text_print(out, "%s%s\n", out->length ? "\n" : "", text);
}

static void add_sections(struct arena *arena, struct text *out, const char *text)
{
    struct markdown_scan scan = {.rest = text};
    const char *from = NULL;
    int level = 0;

    while (markdown_next(&scan)) {
        if (!scan.heading || (from && scan.heading > level))
            continue;
        if (from)
            add_part(arena, out, from, scan.line);
        from = NULL;
        if (!says(&scan, "highlight"))
            continue;
        level = scan.heading;
        from = scan.rest;
    }
    if (from)
        add_part(arena, out, from, from + strlen(from));
}

static void add_introduction(struct arena *arena, struct text *out, const char *text)
{
    struct markdown_scan scan = {.rest = text};

    while (markdown_next(&scan))
        if (scan.heading && says_what_changed(&scan)) {
            add_part(arena, out, text, scan.line);
            return;
        }
}

const char *highlights_of_body(struct arena *arena, const char *body)
{
    const char *text = markdown_without_comments(arena, body);
    CLEANUP(text_free) struct text out = {0};

    add_sections(arena, &out, text);
    const char *found = trimmed(arena, &out);
    if (found)
        return found;
    text_cut(&out, 0);
    add_introduction(arena, &out, text);
    return trimmed(arena, &out);
}

/* ---- all of them --------------------------------------------------------------------------------- */

/* The longest start that ends with a line and has at most `limit` bytes. */
static const char *cut_at_line(struct arena *arena, const char *text, size_t limit, bool *cut)
{
    size_t end = limit;

    *cut = strlen(text) > limit;
    if (!*cut)
        return text;
    while (end && text[end - 1] != '\n')
        end--;
    return arena_copy_bytes(arena, text, end);
}

static void add_release(struct arena *arena, struct text *out, const struct markdown_origin *origin,
                        const char *found)
{
    size_t const room = out->length < HIGHLIGHTS_ALL_LIMIT ? HIGHLIGHTS_ALL_LIMIT - out->length : 0;
    bool cut;

    found = cut_at_line(arena, found, room < HIGHLIGHTS_LIMIT ? room : HIGHLIGHTS_LIMIT, &cut);
    text_print(out, "%s## Highlights of [%s %s](%s)\n\n%s", out->length ? "\n" : "",
               origin->repository, origin->tag, origin->page,
               markdown_transplant(arena, found, origin, HEADING_LEVEL + 1));
    if (cut)
        text_print(out, "\n… and more: %s\n", origin->page);
}

const char *highlights_compose(struct arena *arena, const char *server, const char *repository,
                               const struct upstream_facts *upstream, const char **silent)
{
    CLEANUP(text_free) struct text out = {0}, none = {0};

    for (size_t i = 0; i < upstream->count; i++) {
        const struct upstream_release *release = &upstream->items[i];
        const char *found = highlights_of_body(arena, release->body);
        struct markdown_origin const origin = {
            .server = server,
            .repository = repository,
            .tag = release->tag,
            .page = arena_print(arena, "%s/%s/releases/tag/%s", server, repository, release->tag),
        };

        if (found)
            add_release(arena, &out, &origin, found);
        else
            text_print(&none, "%s%s", none.length ? ", " : "", release->tag);
    }
    if (upstream->left_out && out.length)
        text_print(&out, "\nAnd %zu earlier releases: %s/%s/releases\n", upstream->left_out, server,
                   repository);
    *silent = arena_copy(arena, text_string(&none));
    return trimmed(arena, &out);
}
