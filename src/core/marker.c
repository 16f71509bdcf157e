#include "core/marker.h"

#include "base/cleanup.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char comment_start[] = "<!--";
static const char begin_word[] = "cut-release:begin";
static const char end_word[] = "cut-release:end";

uint64_t marker_hash(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325U;
    size_t end = strlen(text);

    while (end && isspace((unsigned char)text[end - 1]))
        end--;
    for (size_t i = 0; i < end; i++) {
        if (text[i] == '\r' && text[i + 1] == '\n')
            continue;
        hash = (hash ^ (unsigned char)text[i]) * 0x100000001b3U;
    }
    return hash;
}

const char *marker_find(const char *text, const char *word, const char **end)
{
    for (const char *at = text; (at = strstr(at, comment_start)); at++) {
        const char *inside = at + sizeof(comment_start) - 1;

        inside += strspn(inside, " \t");
        if (!string_starts(inside, word))
            continue;
        const char *close = strstr(inside, "-->");
        if (!close)
            return NULL;
        *end = close + strlen("-->");
        return at;
    }
    return NULL;
}

const char *marker_field(struct arena *arena, const char *comment, const char *end,
                         const char *name)
{
    const char *inside = arena_copy_bytes(arena, comment, (size_t)(end - comment) - strlen("-->"));
    const char *pattern = arena_print(arena, " %s=", name);
    const char *at = strstr(inside, pattern);

    if (!at)
        return NULL;
    at += strlen(pattern);
    return arena_copy_bytes(arena, at, strcspn(at, " \r\n"));
}

static bool number_field(struct arena *arena, const char *comment, const char *end,
                         const char *name, uint64_t *number)
{
    const char *text = marker_field(arena, comment, end, name);
    char *rest;

    if (string_is_empty(text) || strlen(text) != 16)
        return false;
    *number = strtoull(text, &rest, 16);
    return !*rest;
}

static bool read_fields(struct arena *arena, const char *comment, const char *end,
                        struct marker *marker, uint64_t *text_hash)
{
    marker->tag = marker_field(arena, comment, end, "tag");
    marker->commit = marker_field(arena, comment, end, "commit");
    return !string_is_empty(marker->tag) && !string_is_empty(marker->commit) &&
           number_field(arena, comment, end, "recipe", &marker->recipe) &&
           number_field(arena, comment, end, "title", &marker->title) &&
           number_field(arena, comment, end, "text", text_hash);
}

void marker_read(struct arena *arena, const char *body, struct marked_body *marked)
{
    const char *begin_end = NULL, *end_end = NULL, *unused;
    const char *begin = marker_find(body, begin_word, &begin_end);
    const char *end = marker_find(body, end_word, &end_end);
    uint64_t text_hash;

    *marked = (struct marked_body){.before = body, .part = "", .after = ""};
    if (!begin && !end)
        return;
    marked->state = MARKED_TAMPERED;
    if (!begin || !end || end < begin_end || marker_find(begin_end, begin_word, &unused) ||
        marker_find(end_end, end_word, &unused) ||
        !read_fields(arena, begin, begin_end, &marked->marker, &text_hash))
        return;
    begin_end += *begin_end == '\r';
    begin_end += *begin_end == '\n';
    marked->before = arena_copy_bytes(arena, body, (size_t)(begin - body));
    marked->part =
        end > begin_end ? arena_copy_bytes(arena, begin_end, (size_t)(end - begin_end)) : "";
    marked->after = arena_copy(arena, end_end);
    marked->state = marker_hash(marked->part) == text_hash ? MARKED_INTACT : MARKED_EDITED;
}

void marker_write(struct text *out, const struct marker *marker, const char *part)
{
    text_print(out,
               "%s %s tag=%s commit=%s recipe=%016" PRIx64 " title=%016" PRIx64 " text=%016" PRIx64
               " -->\n%s\n%s %s -->",
               comment_start, begin_word, marker->tag, marker->commit, marker->recipe,
               marker->title, marker_hash(part), part, comment_start, end_word);
}

void marker_add_harmless(struct text *out, const char *foreign)
{
    for (const char *at = foreign; *at;) {
        size_t const length = strcspn(at, "<");

        text_add_bytes(out, at, length);
        at += length;
        if (string_starts(at, comment_start)) {
            const char *inside = at + sizeof(comment_start) - 1;

            inside += strspn(inside, " \t");
            text_add(out, string_starts(inside, "cut-release:") ? "&lt;" : "<");
            at++;
        } else if (*at)
            text_add_bytes(out, at++, 1);
    }
}
