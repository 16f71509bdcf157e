#include "core/issue_text.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "core/marker.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_FOREIGN = 300 };

static const char marker_start[] = "<!-- cut-release:issue tag=";
static const char marker_end[] = " -->";

/*
 * Foreign text as a span of code in a cell of a table: neither mentions nor links are made of code. A
 * bar ends a cell even there, unless a backslash is ahead (GFM, section 4.10).
 */
static void add_code(struct text *out, const char *foreign)
{
    CLEANUP(text_free) struct text line = {0};

    text_add_foreign(&line, string_or(foreign, "?"), LONGEST_FOREIGN);
    text_add(out, "`");
    for (const char *at = text_string(&line); *at; at++) {
        if (*at == '|' || *at == '\\')
            text_add(out, *at == '|' ? "\\|" : "/");
        else
            text_add_bytes(out, *at == '`' ? "'" : at, 1);
    }
    text_add(out, "`");
}

/* An address that a link in Markdown may have as it is; http:// is a server's on this machine. */
static bool is_plain_address(const char *page)
{
    return (string_starts(page, "https://") || string_starts(page, "http://")) &&
           !page[strcspn(page, " \t\r\n()<>[]|`\\\"")];
}

static void add_link(struct text *out, const char *name, const char *page)
{
    bool const link = is_plain_address(page);

    text_add(out, link ? "[" : "");
    add_code(out, name);
    if (link)
        text_print(out, "](%s)", page);
}

static void add_gates(struct text *out, const struct gates *gates)
{
    for (size_t i = 0; i < gates->run_count; i++) {
        text_add(out, "| Workflow | ");
        add_link(out, gates->runs[i].workflow, gates->runs[i].page);
        text_add(out, " |\n");
    }
    for (size_t i = 0; i < gates->image_count; i++) {
        const struct image_fact *image = &gates->images[i];

        text_add(out, "| Image | ");
        add_code(out, image->reference);
        text_add(out, ", ");
        add_code(out, image->digest);
        if (!string_is_empty(image->platforms)) {
            text_add(out, ", ");
            add_code(out, image->platforms);
        }
        text_add(out, " |\n");
    }
}

static void add_tag(struct text *out, const struct issue_story *story)
{
    text_add(out, "| Tag | ");
    add_code(out, story->tag);
    if (story->tag_object) {
        text_add(out, ", the object ");
        add_code(out, story->tag_object);
    }
    text_print(out, ", %s", story->signature);
    if (story->signer) {
        text_add(out, ": ");
        add_code(out, story->signer);
    }
    text_add(out, " |\n| Commit | ");
    text_add_foreign(out, string_or(story->commit, "?"), 64); /* GitHub links it by itself */
    text_add(out, " |\n");
    if (story->branch) {
        text_add(out, "| Branch | ");
        add_code(out, story->branch);
        text_add(out, " |\n");
    }
}

uint64_t issue_recipe(const struct issue_story *story)
{
    const struct gates *gates = &story->gates;
    CLEANUP(text_free) struct text out = {0};

    text_print(&out, "1\n%s\n%s\n%s\n%s\n%s\n%s\n", story->tag, string_or(story->commit, ""),
               string_or(story->branch, ""), string_or(story->tag_object, ""),
               string_or(story->page, ""), string_or(story->message_id, ""));
    for (size_t i = 0; i < gates->run_count; i++)
        text_print(&out, "%s %s\n", gates->runs[i].workflow, string_or(gates->runs[i].page, ""));
    for (size_t i = 0; i < gates->image_count; i++)
        text_print(&out, "%s %s\n", gates->images[i].reference,
                   string_or(gates->images[i].digest, ""));
    return marker_hash(text_string(&out));
}

const char *issue_comment_text(struct arena *arena, const struct issue_story *story)
{
    CLEANUP(text_free) struct text part = {0}, out = {0};

    add_link(&part, story->tag, string_or(story->page, ""));
    text_print(&part, "%s is released.\n\n| | |\n| --- | --- |\n",
               story->candidate ? ", a release candidate," : "");
    add_tag(&part, story);
    add_gates(&part, &story->gates);
    if (story->message_id) {
        text_add(&part, "| Mail | ");
        add_code(&part, arena_print(arena, "<%s>", story->message_id));
        text_add(&part, " |\n");
    }
    text_print(&out, "%s%s recipe=%016" PRIx64 " text=%016" PRIx64 "%s\n%s", marker_start,
               story->tag, issue_recipe(story), marker_hash(text_string(&part)), marker_end,
               text_string(&part));
    return arena_copy(arena, text_string(&out));
}

/* " NAME=" and 16 digits; NULL where they aren't there, else behind them. */
static const char *read_hash(const char *at, const char *name, uint64_t *hash)
{
    char digits[17] = "";

    if (!at || !string_starts(at, name))
        return NULL;
    at += strlen(name);
    if (strspn(at, "0123456789abcdef") != 16)
        return NULL;
    memcpy(digits, at, 16);
    *hash = strtoull(digits, NULL, 16);
    return at + 16;
}

bool issue_comment_read(struct arena *arena, const char *body, struct issue_comment *comment)
{
    uint64_t recipe = 0, text = 0;

    if (!string_starts(body, marker_start))
        return false;
    const char *tag = body + sizeof(marker_start) - 1;
    size_t const length = strcspn(tag, " \r\n");
    const char *at = read_hash(tag + length, " recipe=", &recipe);
    at = read_hash(at, " text=", &text);
    if (!at || !string_starts(at, marker_end))
        return false;
    at += sizeof(marker_end) - 1;
    at += *at == '\r';
    at += *at == '\n';
    comment->tag = arena_copy_bytes(arena, tag, length);
    comment->recipe = recipe;
    comment->intact = marker_hash(at) == text;
    comment->body = arena_copy(arena, body);
    return true;
}
