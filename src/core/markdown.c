#include "core/markdown.h"

#include "base/cleanup.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static size_t indent_of(const char *line, size_t length)
{
    size_t indent = 0;

    while (indent < length && line[indent] == ' ')
        indent++;
    return indent;
}

static bool is_blank(const char *line, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!strchr(" \t\r", line[i]))
            return false;
    return true;
}

static size_t run_of(const char *text, size_t length, char character)
{
    size_t run = 0;

    while (run < length && text[run] == character)
        run++;
    return run;
}

/* ---- fences ------------------------------------------------------------------------------------ */

/* GFM, section 4.5: at most three blanks, three or more of ` or ~; no ` behind an opening `. */
static size_t fence_at(const char *line, size_t length, char *character)
{
    size_t const indent = indent_of(line, length);

    if (indent > 3 || indent == length || (line[indent] != '`' && line[indent] != '~'))
        return 0;
    *character = line[indent];
    size_t const run = run_of(line + indent, length - indent, *character);
    if (run < 3 || (*character == '`' && memchr(line + indent + run, '`', length - indent - run)))
        return 0;
    return run;
}

static bool closes_fence(const struct markdown_scan *scan)
{
    size_t const indent = indent_of(scan->line, scan->length);
    size_t const run = run_of(scan->line + indent, scan->length - indent, scan->fence);

    return indent <= 3 && run >= scan->fence_length &&
           is_blank(scan->line + indent + run, scan->length - indent - run);
}

/* A fence behind a list's mark or a quote's: it may end with the list, which isn't followed here. */
static bool hides_fence(const char *line, size_t length)
{
    for (size_t i = 0; i + 2 < length; i++)
        if ((line[i] == '`' || line[i] == '~') && line[i + 1] == line[i] && line[i + 2] == line[i])
            return !memchr(line + i + run_of(line + i, length - i, line[i]), line[i],
                           length - i - run_of(line + i, length - i, line[i]));
    return false;
}

/* One that isn't at the margin may belong to a list, and end with that. */
static void read_in_fence(struct markdown_scan *scan)
{
    bool const blank = is_blank(scan->line, scan->length);

    scan->code = !scan->untrusted;
    if (closes_fence(scan))
        scan->fence = 0;
    else if (!blank && scan->line[0] != '\t' &&
             indent_of(scan->line, scan->length) < scan->fence_indent) {
        scan->untrusted = true;
        scan->code = false;
        scan->fence = 0;
    }
}

/* ---- blocks of HTML ------------------------------------------------------------------------------ */

static bool starts_with_word(const char *text, size_t length, const char *word)
{
    size_t const size = strlen(word);

    return length >= size && strncasecmp(text, word, size) == 0;
}

/* GFM, section 4.6. The kinds that a blank line doesn't end are taken to go on for ever. */
static void read_html(struct markdown_scan *scan)
{
    static const char *const endless[] = {"<pre", "<script", "<style", "<textarea", "<!", "<?"};
    size_t const indent = indent_of(scan->line, scan->length);
    const char *text = scan->line + indent;
    size_t const length = scan->length - indent;

    if (is_blank(scan->line, scan->length)) {
        scan->html = scan->html_end;
        return;
    }
    if (indent > 3 || length < 2 || text[0] != '<' ||
        !(isalpha((unsigned char)text[1]) || strchr("/!?", text[1])))
        return;
    scan->html = true;
    for (size_t i = 0; i < sizeof(endless) / sizeof(endless[0]); i++)
        scan->html_end = scan->html_end || starts_with_word(text, length, endless[i]);
}

/* ---- headings ----------------------------------------------------------------------------------- */

static void set_title(struct markdown_scan *scan, size_t start, size_t end)
{
    while (start < end && strchr(" \t", scan->line[start]))
        start++;
    while (end > start && strchr(" \t\r", scan->line[end - 1]))
        end--;
    scan->title = start;
    scan->title_length = end - start;
}

/* GFM, section 4.2: "## Title ##" */
static bool read_heading(struct markdown_scan *scan)
{
    size_t const indent = indent_of(scan->line, scan->length);
    size_t const level = run_of(scan->line + indent, scan->length - indent, '#');
    size_t end = scan->length;

    if (indent > 3 || level < 1 || level > 6 ||
        (indent + level < end && !strchr(" \t\r", scan->line[indent + level])))
        return false;
    while (end > indent + level && strchr(" \t\r", scan->line[end - 1]))
        end--;
    size_t closing = end;
    while (closing > indent + level && scan->line[closing - 1] == '#')
        closing--;
    if (closing > indent + level && strchr(" \t", scan->line[closing - 1]))
        end = closing;
    scan->heading = (int)level;
    set_title(scan, indent + level, end);
    return true;
}

/* GFM, section 4.3: a line of text with === or --- below it, where that is a paragraph of one line. */
static void read_underline(struct markdown_scan *scan, bool after_blank)
{
    const char *rest = scan->rest;
    size_t length;
    const char *below = string_next_line(&rest, &length);
    size_t const indent = below ? indent_of(below, length) : 0;

    if (!below || !after_blank || indent > 3 || indent == length ||
        (below[indent] != '=' && below[indent] != '-') || is_blank(scan->line, scan->length) ||
        indent_of(scan->line, scan->length) > 3 || strchr(">-*+|", *scan->line) ||
        isdigit((unsigned char)*scan->line))
        return;
    size_t const run = run_of(below + indent, length - indent, below[indent]);
    if (run < 3 || !is_blank(below + indent + run, length - indent - run))
        return;
    scan->heading = below[indent] == '=' ? 1 : 2;
    scan->underlined = true;
    scan->rest = rest;
    set_title(scan, 0, scan->length);
}

/* ---- lines -------------------------------------------------------------------------------------- */

bool markdown_next(struct markdown_scan *scan)
{
    bool const after_blank =
        !scan->line || scan->heading || is_blank(scan->line, scan->length) || scan->code;
    char character = 0;

    scan->line = string_next_line(&scan->rest, &scan->length);
    scan->heading = 0;
    scan->underlined = scan->code = false;
    if (!scan->line)
        return false;
    if (scan->fence) {
        read_in_fence(scan);
        return true;
    }
    read_html(scan);
    if (scan->html)
        return true;
    size_t const fence = fence_at(scan->line, scan->length, &character);
    if (fence) {
        scan->fence = character;
        scan->fence_length = fence;
        scan->fence_indent = indent_of(scan->line, scan->length);
        scan->code = !scan->untrusted;
    } else if (hides_fence(scan->line, scan->length))
        scan->untrusted = true;
    else if (!read_heading(scan))
        read_underline(scan, after_blank);
    return true;
}

/* ---- comments ------------------------------------------------------------------------------------ */

/* What is left of a line; *inside says whether a comment goes on behind it. */
static void add_without_comments(struct text *out, const char *line, size_t length, bool *inside)
{
    size_t at = 0;

    while (at < length) {
        const char *word = *inside ? "-->" : "<!--";
        const char *found = memmem(line + at, length - at, word, strlen(word));
        size_t const end = found ? (size_t)(found - line) : length;

        if (!*inside)
            text_add_bytes(out, line + at, end - at);
        if (!found)
            return;
        /* Within a line, one that isn't closed there is none. */
        if (!*inside && !is_blank(line, end) &&
            !memmem(line + end, length - end, "-->", strlen("-->"))) {
            text_add_bytes(out, line + end, length - end);
            return;
        }
        at = end + strlen(word);
        *inside = !*inside;
    }
}

const char *markdown_without_comments(struct arena *arena, const char *text)
{
    CLEANUP(text_free) struct text out = {0};
    struct markdown_scan scan = {.rest = ""};
    bool inside = false;
    const char *line;
    size_t length;

    while ((line = string_next_line(&text, &length))) {
        size_t const start = out.length;

        scan.code = false;
        if (!inside && (scan.fence || !memmem(line, length, "<!--", strlen("<!--")))) {
            scan.rest = arena_copy_bytes(arena, line, length); /* a line alone */
            markdown_next(&scan);
        }
        if (scan.code)
            text_add_bytes(&out, line, length);
        else
            add_without_comments(&out, line, length, &inside);
        if (out.length > start || !length || scan.code)
            text_add(&out, "\n");
    }
    return arena_copy(arena, text_string(&out));
}
