/* core/highlights and core/markdown: what an upstream writes, included in our text. */
#include "fuzz.h"

#include "core/highlights.h"
#include "core/markdown.h"
#include "core/marker.h"

/* Is any @name left that GitHub would take for a mention, outside of what surely is code? */
static void check_mentions(const char *text)
{
    struct markdown_scan scan = {.rest = text};

    while (markdown_next(&scan))
        for (size_t i = 0; !scan.code && i + 1 < scan.length; i++)
            if (scan.line[i] == '@' && (scan.line[i + 1] == 'e' || scan.line[i + 1] == 'E'))
                /* Within a line, code, a word or an address may hold one. */
                must(memchr(scan.line, '`', i) || memchr(scan.line, ':', i) ||
                     memchr(scan.line, '/', i) || memchr(scan.line, '(', i) ||
                     memchr(scan.line, '"', i) || (i && scan.line[i - 1] != ' '));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text part = {0};
    const char *text = arena_copy_bytes(&arena, (const char *)data, size), *silent;
    struct upstream_release release = {.tag = "v1.0.0", .body = text};
    struct upstream_facts const upstream = {.items = &release, .count = 1};
    struct marked_body marked;

    const char *found = highlights_of_body(&arena, text);
    const char *composed =
        highlights_compose(&arena, "https://github.com", "o/r", &upstream, &silent);
    must((found != NULL) == (composed != NULL));
    must(*silent == (found ? '\0' : 'v'));
    if (!found)
        return 0;
    must(strlen(found) <= strlen(text) + 1);
    check_mentions(composed);
    marker_add_harmless(&part, composed);
    marker_read(&arena, text_string(&part), &marked);
    must(marked.state == MARKED_NONE);
    return 0;
}
