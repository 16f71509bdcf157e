#include "core/mail_text.h"

#include "base/cleanup.h"
#include "core/names.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum { LONGEST_PART = 20000 }; /* of highlights, and of notes */

const char *mail_subject(struct arena *arena, const struct target *target)
{
    return arena_print(arena, "[ANNOUNCE] %s %s is released", target->project, target->tag);
}

const char *mail_message_id(struct arena *arena, const char *page, const char *tag,
                            const char *domain)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "-_.+/";
    char *id = arena_print(arena, "cut-release.%016" PRIx64 ".%s", marker_hash(page), tag);

    for (char *at = id; *at; at++)
        if (!strchr(allowed, *at))
            *at = '-';
    return arena_print(arena, "%s@%s", id, domain);
}

/* ---- parts of the release's body ----------------------------------------------------------------------- */

/* The level of a heading, 1 to 6, or 0. */
static size_t heading_level(const char *line, size_t length)
{
    size_t const level = strspn(line, "#");

    return level && level <= 6 && level < length && line[level] == ' ' ? level : 0;
}

static bool speaks_of_highlights(const char *line, size_t length)
{
    static const char word[] = "highlights";

    for (size_t i = 0; i + sizeof(word) - 1 <= length; i++) {
        size_t same = 0;

        while (word[same] && tolower((unsigned char)line[i + same]) == word[same])
            same++;
        if (!word[same])
            return true;
    }
    return false;
}

static bool is_comment(const char *line)
{
    return string_starts(line + strspn(line, " \t"), "<!--");
}

/* Without blank lines at either end, and cut at a line where it is too long. */
static const char *tidied(struct arena *arena, const struct text *text)
{
    const char *start = text_string(text);
    size_t length;

    start += strspn(start, "\n");
    length = strlen(start);
    if (length > LONGEST_PART) {
        for (length = LONGEST_PART; length && start[length] != '\n'; length--)
            ;
        return arena_print(arena, "%.*s\n…", (int)length, start);
    }
    while (length && strchr(" \n", start[length - 1]))
        length--;
    return arena_copy_bytes(arena, start, length);
}

const char *mail_highlights(struct arena *arena, const char *body)
{
    CLEANUP(text_free) struct text out = {0};
    const char *rest = body, *line;
    size_t length, inside = 0; /* the level of the heading that we are below */

    while ((line = string_next_line(&rest, &length))) {
        size_t const level = heading_level(line, length);

        if (level && (!inside || level <= inside))
            inside = speaks_of_highlights(line, length) ? level : 0;
        if (!inside || is_comment(line))
            continue;
        text_add_bytes(&out, line, length);
        text_add(&out, "\n");
    }
    return tidied(arena, &out);
}

/* The body without comments, ours among them. */
static const char *notes_of(struct arena *arena, const char *body)
{
    CLEANUP(text_free) struct text out = {0};
    const char *rest = body, *line;
    size_t length;

    while ((line = string_next_line(&rest, &length))) {
        if (is_comment(line))
            continue;
        text_add_bytes(&out, line, length);
        text_add(&out, "\n");
    }
    return tidied(arena, &out);
}

/* ---- the text ------------------------------------------------------------------------------------------- */

static const char *list_images(struct arena *arena, const struct gates *gates)
{
    CLEANUP(text_free) struct text out = {0};

    for (size_t i = 0; i < gates->image_count; i++) {
        const struct image_fact *image = &gates->images[i];

        text_print(&out, "%s    %s\n", i ? "\n" : "", image->reference);
        if (image->digest)
            text_print(&out, "        %s\n", image->digest);
        if (!string_is_empty(image->platforms))
            text_print(&out, "        %s\n", image->platforms);
    }
    if (out.length)
        text_cut(&out, out.length - 1);
    return arena_copy(arena, text_string(&out));
}

static void add_origin(struct text *out, const struct plan *plan, const struct target *target)
{
    if (plan->commit)
        text_print(out, "The tag %s names the commit %s", target->tag, plan->commit);
    if (plan->commit && plan->signed_by)
        text_print(out, ",\nand is signed by %s", plan->signed_by);
    text_add(out, plan->commit ? ".\n" : "");
}

static const char *default_text(struct arena *arena, const struct plan *plan,
                                const struct target *target, const char *images,
                                const char *highlights)
{
    CLEANUP(text_free) struct text out = {0};

    text_print(&out, "%s %s is released:\n\n    %s\n\n", target->project, target->tag,
               string_or(plan->final_page, ""));
    if (!version_is_final(&target->version))
        text_add(&out, "It is a release candidate: please try it, and tell what doesn't work.\n\n");
    if (*highlights)
        text_print(&out, "%s\n\n", highlights);
    if (*images)
        text_print(&out, "Images:\n\n%s\n\n", images);
    if (plan->previous_tag && plan->changes_page)
        text_print(&out, "All changes since %s:\n\n    %s\n\n", plan->previous_tag,
                   plan->changes_page);
    add_origin(&out, plan, target);
    return arena_copy(arena, text_string(&out));
}

const char *mail_text(struct arena *arena, const struct plan *plan, const struct target *target,
                      const struct gates *gates, const char *body)
{
    const char *images = list_images(arena, gates);
    const char *highlights = mail_highlights(arena, body);
    struct names names;

    if (!plan->mail.template)
        return default_text(arena, plan, target, images, highlights);
    names_of_target(arena, target, &names);
    names_of_plan(plan, &names);
    names_of_mail(images, highlights, notes_of(arena, body), &names);
    return template_fill(arena, plan->mail.template, names.values, names.count);
}

/* ---- for people ----------------------------------------------------------------------------------------- */

static void add_address(struct text *out, const struct mail_address *address)
{
    if (string_is_empty(address->name))
        text_add(out, address->address);
    else
        text_print(out, "%s <%s>", address->name, address->address);
}

const char *mail_for_people(struct arena *arena, const struct plan *plan,
                            const struct target *target, const char *text)
{
    const struct mail_plan *mail = &plan->mail;
    CLEANUP(text_free) struct text out = {0};

    if (mail->from.address) {
        text_add(&out, "From: ");
        add_address(&out, &mail->from);
        text_add(&out, "\n");
    }
    for (size_t i = 0; i < mail->to.count; i++) {
        text_add(&out, i ? ", " : "To: ");
        add_address(&out, &mail->to.items[i]);
    }
    text_add(&out, mail->to.count ? "\n" : "");
    text_print(&out, "Subject: %s\n\n%s", mail_subject(arena, target), text);
    return arena_copy(arena, text_string(&out));
}
