#include "core/tag_text.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

bool is_object_id(const char *text)
{
    size_t const length = strlen(string_or(text, ""));

    return (length == 40 || length == 64) && strspn(text, "0123456789abcdef") == length &&
           strspn(text, "0") != length;
}

const char *tag_text(struct arena *arena, const char *commit, const char *name, const char *tagger,
                     int64_t seconds, const char *message)
{
    return arena_print(arena, "object %s\ntype commit\ntag %s\ntagger %s %" PRId64 " +0000\n\n%s\n",
                       commit, name, tagger, seconds, message);
}

/* Git's own list: ident.c, crud(); a dot was one of them up to Git 2.39 at least. */
static bool is_crud(char c)
{
    return (unsigned char)c <= ' ' || strchr(",:;<>\"\\'", c);
}

static void add_without_crud(struct text *out, const char *text)
{
    size_t end = strlen(text), start = 0;

    while (end && is_crud(text[end - 1]))
        end--;
    while (start < end && is_crud(text[start]))
        start++;
    for (; start < end; start++)
        if (!strchr("\n<>", text[start]))
            text_add_bytes(out, text + start, 1);
}

const char *tag_identity(struct arena *arena, const char *name, const char *mail)
{
    CLEANUP(text_free) struct text clean_name = {0}, clean_mail = {0};

    add_without_crud(&clean_name, string_or(name, ""));
    add_without_crud(&clean_mail, string_or(mail, ""));
    if (!clean_mail.length)
        return NULL;
    return arena_print(arena, "%s <%s>",
                       clean_name.length ? text_string(&clean_name) : text_string(&clean_mail),
                       text_string(&clean_mail));
}

bool tag_split_identity(struct arena *arena, const char *identity, const char **name,
                        const char **mail)
{
    const char *open = strchr(identity, '<'), *close = open ? strchr(open, '>') : NULL;

    if (!open || !close || close[1] || strchr(open + 1, '<') || close == open + 1 ||
        open == identity)
        return false;
    *name = arena_copy_bytes(arena, identity, (size_t)(open - identity));
    *mail = arena_copy_bytes(arena, open + 1, (size_t)(close - open - 1));
    return true;
}

size_t tag_signature_start(const char *text, enum signature_kind *kind)
{
    static const struct {
        const char *start;
        enum signature_kind kind;
    } known[] = {
        {"-----BEGIN PGP SIGNATURE-----", SIGNATURE_OPENPGP},
        {"-----BEGIN PGP MESSAGE-----", SIGNATURE_OPENPGP},
        {"-----BEGIN SSH SIGNATURE-----", SIGNATURE_SSH},
        {"-----BEGIN SIGNED MESSAGE-----", SIGNATURE_X509},
    };
    size_t found = strlen(text);

    *kind = SIGNATURE_NONE;
    for (const char *line = text, *rest = text; *rest; line = rest) {
        size_t length;

        string_next_line(&rest, &length);
        for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
            if (string_starts(line, known[i].start)) { /* the last one counts: gpg-interface.c */
                found = (size_t)(line - text);
                *kind = known[i].kind;
            }
    }
    return found;
}

/* "name value\n" at *at: the value, and *at moved behind it. NULL where another line stands there. */
static const char *read_header(struct arena *arena, const char **at, const char *name)
{
    size_t const name_length = strlen(name);
    const char *line = *at;

    if (strncmp(line, name, name_length) != 0 || line[name_length] != ' ')
        return NULL;
    line += name_length + 1;
    size_t const length = strcspn(line, "\n");
    if (!length || line[length] != '\n')
        return NULL;
    *at = line + length + 1;
    return arena_copy_bytes(arena, line, length);
}

/* Without the seconds and the zone at its end. */
static const char *identity_of(struct arena *arena, const char *tagger)
{
    const char *close = strrchr(string_or(tagger, ""), '>');

    return close ? arena_copy_bytes(arena, tagger, (size_t)(close - tagger) + 1) : "";
}

int tag_parse(struct arena *arena, const char *bytes, size_t length, struct tag_object *object,
              size_t *payload_length)
{
    const char *text = arena_copy_bytes(arena, bytes, length), *at = text;
    struct tag_object found = *object;

    if (strlen(text) != length) /* a NUL inside */
        return -1;
    found.target = read_header(arena, &at, "object");
    found.target_type = is_object_id(found.target) ? read_header(arena, &at, "type") : NULL;
    found.name = found.target_type ? read_header(arena, &at, "tag") : NULL;
    if (!found.name)
        return -1;
    found.tagger =
        identity_of(arena, read_header(arena, &at, "tagger")); /* very old ones lack it */
    if (*at++ != '\n')
        return -1;
    size_t const message_length = tag_signature_start(at, &found.signature);
    found.message = arena_copy_bytes(arena, at, message_length);
    *payload_length = (size_t)(at - text) + message_length;
    *object = found;
    return 0;
}
