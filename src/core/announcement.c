#include "core/announcement.h"

#include "base/text.h"
#include "core/marker.h"

#include <string.h>

enum { LONGEST_ID = 240 };

static const char word[] = "cut-release:announcement";

/* A person may have edited it, and it goes into a header of a mail: RFC 5322's msg-id in its plain
 * form, dot-atom-text on both sides. */
static bool is_message_id(const char *id)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "!#$%&'*+-/=?^_`{|}~.";
    size_t const left = strspn(id, allowed);
    size_t const right = id[left] == '@' ? strspn(id + left + 1, allowed) : 0;

    return left && right && !id[left + 1 + right] && left + right < LONGEST_ID;
}

/* The comment; one that never ends, ahead of another, is a person's text. */
static const char *find_comment(const char *body, const char **end)
{
    const char *at = body;

    while ((at = marker_find(at, word, end))) {
        const char *inner = strstr(at + 1, "<!--");

        if (!inner || inner >= *end)
            return at;
        at = inner;
    }
    return NULL;
}

void announcement_read(struct arena *arena, const char *body, struct announcement *announcement)
{
    const char *end, *at = find_comment(body, &end);
    struct announcement found = {.state = ANNOUNCEMENT_NONE};

    if (at) {
        found.state = strings_equal(marker_field(arena, at, end, "state"), "sent")
                          ? ANNOUNCEMENT_SENT
                          : ANNOUNCEMENT_SENDING;
        found.id = marker_field(arena, at, end, "id");
        if (found.id && !is_message_id(found.id))
            found.id = NULL;
    }
    *announcement = found;
}

/* Where ours stands, blank lines ahead of it included: they are written with it. */
static const char *find_place(const char *body, const char **end)
{
    const char *at = find_comment(body, end);

    if (at && at - body >= 2 && at[-1] == '\n' && at[-2] == '\n')
        at -= 2;
    return at;
}

const char *announcement_write(struct arena *arena, const char *body,
                               const struct announcement *announcement)
{
    const char *end, *at = find_place(body, &end);
    const char *comment = "";

    if (announcement->state != ANNOUNCEMENT_NONE)
        comment = arena_print(arena, "\n\n<!-- %s state=%s id=%s -->", word,
                              announcement->state == ANNOUNCEMENT_SENT ? "sent" : "sending",
                              announcement->id);
    if (!at)
        return arena_print(arena, "%s%s", body, comment);
    return arena_print(arena, "%.*s%s%s", (int)(at - body), body, comment, end);
}
