/* A text of another repository, made fit for ours. */
#include "core/markdown.h"

#include "base/cleanup.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* A space without width: behind an @ nobody is mentioned, and nothing is seen of it. */
static const char joint[] = "\xE2\x80\x8B";

struct transplant {
    const struct markdown_origin *origin;
    struct text *out;
    /* Of the paragraph: something in it leaves open where code begins and ends. */
    bool unclear;
};

static bool is_word(char character)
{
    return isalnum((unsigned char)character) || character == '_';
}

/* ---- links --------------------------------------------------------------------------------------- */

static bool has_scheme(const char *target, size_t length)
{
    size_t end = 0;

    while (end < length && (isalnum((unsigned char)target[end]) || strchr("+.-", target[end])))
        end++;
    return end > 1 && end < length && target[end] == ':';
}

/* A relative target names a file of the repository, at the release's tag. */
static void add_target(const struct transplant *transplant, const char *target, size_t length,
                       bool image)
{
    const struct markdown_origin *origin = transplant->origin;
    struct text *out = transplant->out;

    if (length >= 2 && target[0] == '/' && target[1] == '/')
        text_add(out, "https:");
    else if (length && target[0] == '/')
        text_add(out, origin->server);
    else if (length && target[0] == '#')
        text_add(out, origin->page);
    else if (length && !has_scheme(target, length)) {
        while (length >= 2 && target[0] == '.' && target[1] == '/') {
            target += 2;
            length -= 2;
        }
        text_print(out, "%s/%s/%s/%s/", origin->server, origin->repository, image ? "raw" : "blob",
                   origin->tag);
    }
    text_add_bytes(out, target, length);
}

/* A link's target ends with a blank, or the parenthesis that isn't its own. */
static size_t target_length(const char *text, size_t length)
{
    int depth = 0;

    for (size_t i = 0; i < length; i++) {
        if (strchr(" \t", text[i]))
            return i;
        depth += text[i] == '(';
        if (text[i] == ')' && depth-- == 0)
            return i;
    }
    return length;
}

/* "](target" or "](<target>": returns how much of it was used. */
static size_t add_link(const struct transplant *transplant, const char *text, size_t length,
                       bool image)
{
    size_t start = 2;

    while (start < length && text[start] == ' ')
        start++;
    text_add_bytes(transplant->out, text, start);
    if (start < length && text[start] == '<') {
        const char *end = memchr(text + start, '>', length - start);
        size_t const target = end ? (size_t)(end - text) - start - 1 : 0;

        text_add(transplant->out, "<");
        if (end)
            add_target(transplant, text + start + 1, target, image);
        return start + 1 + target;
    }
    size_t const target = target_length(text + start, length - start);
    add_target(transplant, text + start, target, image);
    return start + target;
}

/* An attribute of HTML: href="…" or src="…"; 0 where it is none. */
static size_t add_attribute(const struct transplant *transplant, const char *text, size_t length)
{
    static const char *const names[] = {" href=\"", " src=\""};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        size_t const name = strlen(names[i]);
        const char *end;

        if (length <= name || strncasecmp(text, names[i], name) != 0 ||
            !(end = memchr(text + name, '"', length - name)))
            continue;
        text_add_bytes(transplant->out, text, name);
        add_target(transplant, text + name, (size_t)(end - text) - name, i == 1);
        return (size_t)(end - text);
    }
    return 0;
}

static size_t scheme_length(const char *text, size_t length)
{
    if (length > 8 && strncasecmp(text, "https://", 8) == 0)
        return 8;
    return length > 7 && strncasecmp(text, "http://", 7) == 0 ? 7 : 0;
}

/* An address that is a link by itself stands as it is, with whatever @ or # is in its path. Its host
 * has a period, and it starts a word (GFM, section 6.9): another one would be plain text. */
static size_t address_length(const char *line, size_t at, size_t length)
{
    const char *text = line + at;
    size_t const left = length - at, scheme = scheme_length(text, left);
    size_t end = scheme;
    bool period = false;

    if (!scheme || (at && !strchr(" \t*_~([", line[at - 1])))
        return 0;
    for (; end < left && (isalnum((unsigned char)text[end]) || strchr("-.", text[end])); end++)
        period = period || text[end] == '.';
    if (end == scheme || !period || (end < left && text[end] == '@'))
        return 0;
    while (end < left && !strchr(" \t<>()[]\"'`|", text[end]))
        end++;
    return end;
}

/* "<https://…>" */
static size_t bracketed_length(const char *text, size_t length)
{
    size_t end = 1;

    if (!scheme_length(text + 1, length - 1))
        return 0;
    while (end < length && !strchr(" \t<>", text[end]))
        end++;
    return end < length && text[end] == '>' ? end + 1 : 0;
}

/* ---- mentions and references --------------------------------------------------------------------- */

/* &#64; and its like are an @ for whom GitHub looks. */
static size_t at_sign_entity(const char *text, size_t length)
{
    const char *end = memchr(text, ';', length < 16 ? length : 16);
    size_t digits = 2;

    if (!end)
        return 0;
    size_t const size = (size_t)(end - text) + 1;
    if (size == strlen("&commat;") && strncasecmp(text, "&commat;", size) == 0)
        return size;
    if (size < 5 || text[1] != '#')
        return 0;
    bool const hexadecimal = text[2] == 'x' || text[2] == 'X';
    digits += hexadecimal;
    while (text[digits] == '0')
        digits++;
    return strncmp(text + digits, hexadecimal ? "40;" : "64;", 3) == 0 ? size : 0;
}

/* "#123", where it isn't a part of a word, of an address, of "owner/name#123" or of what "<" may begin. */
static bool is_reference(const char *line, size_t at, size_t length)
{
    size_t end = at + 1;

    if (at && (is_word(line[at - 1]) || strchr("</&#", line[at - 1])))
        return false;
    while (end < length && isdigit((unsigned char)line[end]))
        end++;
    return end > at + 1 && (end == length || !is_word(line[end]));
}

/* ---- lines ---------------------------------------------------------------------------------------- */

/* The end of the code that starts with these backticks on this line; 0 where none closes it. */
static size_t code_end(const char *line, size_t at, size_t length)
{
    size_t run = 0;

    while (at + run < length && line[at + run] == '`')
        run++;
    for (size_t i = at + run; i < length;) {
        size_t closing = 0;

        while (i + closing < length && line[i + closing] == '`')
            closing++;
        if (closing == run)
            return i + closing;
        i += closing ? closing : 1;
    }
    return 0;
}

/* HTML within a line may hold backticks that are none of code. */
static bool starts_tag(const char *line, size_t at, size_t length)
{
    return line[at] == '<' && at + 1 < length &&
           (isalpha((unsigned char)line[at + 1]) || strchr("/!?", line[at + 1]));
}

/* Copies what stands at `at` and returns where to go on. */
static size_t add_special(struct transplant *transplant, const char *line, size_t at, size_t length,
                          bool image)
{
    struct text *out = transplant->out;
    const char *text = line + at;
    size_t const left = length - at;
    size_t used = 0;

    switch (*text) {
    case '\\':
        used = left > 1 && text[1] != '@' ? 2 : 1;
        break;
    case '`':
        used = transplant->unclear ? 0 : code_end(line, at, length);
        if (used)
            used -= at;
        else
            transplant->unclear = true;
        break;
    case ']':
        if (left > 1 && text[1] == '(')
            return at + add_link(transplant, text, left, image);
        break;
    case ' ':
        used = add_attribute(transplant, text, left);
        if (used)
            return at + used;
        break;
    case '&':
        used = at_sign_entity(text, left);
        if (used) {
            text_print(out, "%.*s%s", (int)used, text, joint);
            return at + used;
        }
        break;
    case '@':
        text_add(out, "@");
        if (left > 1 && (!at || !is_word(line[at - 1])) && isalnum((unsigned char)text[1]))
            text_add(out, joint);
        return at + 1;
    case '#':
        if (is_reference(line, at, length))
            text_add(out, transplant->origin->repository);
        break;
    case '<':
        if (left >= 4 && strncmp(text, "<!--", 4) == 0) { /* one that nothing closes */
            text_print(out, "<%s", joint);
            return at + 1;
        }
        used = transplant->unclear ? 0 : bracketed_length(text, left);
        transplant->unclear = transplant->unclear || (!used && starts_tag(line, at, length));
        break;
    default:
        used = transplant->unclear ? 0 : address_length(line, at, length);
        break;
    }
    used = used ? used : 1;
    text_add_bytes(out, text, used);
    return at + used;
}

static void add_inline(struct transplant *transplant, const char *line, size_t length)
{
    bool image = false;

    for (size_t at = 0; at < length;) {
        if (line[at] == '[')
            image = at && line[at - 1] == '!';
        bool const link = line[at] == ']';
        at = add_special(transplant, line, at, length, image);
        image = image && !link;
    }
}

/* "[label]: target": the definition of a link. */
static bool add_definition(const struct transplant *transplant, const char *line, size_t length)
{
    const char *end = length && line[0] == '[' ? memmem(line, length, "]:", 2) : NULL;
    size_t start;

    if (!end || line[1] == '^')
        return false;
    start = (size_t)(end - line) + 2;
    while (start < length && strchr(" \t", line[start]))
        start++;
    size_t const target = target_length(line + start, length - start);
    if (!target || line[start] == '<')
        return false;
    text_add_bytes(transplant->out, line, start);
    add_target(transplant, line + start, target, false);
    text_add_bytes(transplant->out, line + start + target, length - start - target);
    return true;
}

static int highest_heading(const char *text)
{
    struct markdown_scan scan = {.rest = text};
    int highest = 7;

    while (markdown_next(&scan))
        if (scan.heading && scan.heading < highest)
            highest = scan.heading;
    return highest;
}

static void add_heading(struct transplant *transplant, const struct markdown_scan *scan, int shift)
{
    int const level = scan->heading + shift;

    for (int i = 0; i < (level > 6 ? 6 : level); i++)
        text_add(transplant->out, "#");
    text_add(transplant->out, " ");
    add_inline(transplant, scan->line + scan->title, scan->title_length);
}

static void add_line(struct transplant *transplant, const struct markdown_scan *scan, int shift)
{
    /* A block of HTML knows no code, and what a list's fence holds may be none. */
    if (scan->html || scan->untrusted)
        transplant->unclear = true;
    else if (!scan->length || scan->heading)
        transplant->unclear = false;
    if (scan->code)
        text_add_bytes(transplant->out, scan->line, scan->length);
    else if (scan->heading)
        add_heading(transplant, scan, shift);
    else if (!add_definition(transplant, scan->line, scan->length))
        add_inline(transplant, scan->line, scan->length);
    text_add(transplant->out, "\n");
}

const char *markdown_transplant(struct arena *arena, const char *text,
                                const struct markdown_origin *origin, int level)
{
    CLEANUP(text_free) struct text out = {0};
    struct transplant transplant = {.origin = origin, .out = &out};
    struct markdown_scan scan = {.rest = text};
    int const shift = level - highest_heading(text);

    while (markdown_next(&scan))
        add_line(&transplant, &scan, shift);
    for (size_t i = 0; scan.fence && i < scan.fence_length; i++)
        text_print(&out, "%c", scan.fence);
    if (scan.fence)
        text_add(&out, "\n");
    return arena_copy(arena, text_string(&out));
}
