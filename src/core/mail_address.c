#include "core/mail_address.h"

#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

/* RFC 5321, 4.5.3.1: the longest that every server takes. */
enum { LONGEST_LOCAL = 64, LONGEST_DOMAIN = 255, LONGEST_NAME = 200, MOST_ADDRESSES = 50 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

/* RFC 5322's dot-atom; quoted local parts are legal, and nobody's list has one. */
static bool is_local_part(const char *text, size_t length)
{
    static const char atom[] = LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~.";

    return length && length <= LONGEST_LOCAL && strspn(text, atom) >= length && text[0] != '.' &&
           text[length - 1] != '.' && !memmem(text, length, "..", 2);
}

static bool is_domain(const char *text)
{
    if (!*text || strlen(text) > LONGEST_DOMAIN)
        return false;
    for (const char *label = text;;) {
        size_t const length = strspn(label, LETTERS DIGITS "-");

        if (!length || length > 63 || label[0] == '-' || label[length - 1] == '-')
            return false;
        if (!label[length])
            return true;
        if (label[length] != '.')
            return false;
        label += length + 1;
    }
}

static bool is_address(const char *text)
{
    const char *at = strchr(text, '@');

    return at && is_local_part(text, (size_t)(at - text)) && is_domain(at + 1);
}

static const char *trimmed(struct arena *arena, const char *text, size_t length)
{
    while (length && strchr(" \t", text[length - 1]))
        length--;
    while (length && strchr(" \t", *text))
        text++, length--;
    return arena_copy_bytes(arena, text, length);
}

/* A name in quotation marks stands for what is between them. */
static const char *unquoted(struct arena *arena, const char *name)
{
    size_t const length = strlen(name);

    if (length < 2 || name[0] != '"' || name[length - 1] != '"')
        return name;
    return arena_copy_bytes(arena, name + 1, length - 2);
}

static bool read_one(struct arena *arena, const char *text, size_t length,
                     struct mail_address *address)
{
    const char *whole = trimmed(arena, text, length);
    const char *open = strrchr(whole, '<');
    struct mail_address found = {.name = "", .address = whole};

    if (open) {
        size_t const inner = strcspn(open + 1, ">");

        if (!open[1 + inner] || open[1 + inner + 1])
            return false;
        found.address = arena_copy_bytes(arena, open + 1, inner);
        found.name = unquoted(arena, trimmed(arena, whole, (size_t)(open - whole)));
    }
    if (!is_address(found.address) || strlen(found.name) > LONGEST_NAME ||
        strpbrk(found.name, "\"\\<>"))
        return false;
    *address = found;
    return true;
}

/* The length up to the next comma that isn't in quotation marks. */
static size_t length_of_one(const char *text)
{
    bool quoted = false;
    size_t length = 0;

    for (; text[length] && (quoted || text[length] != ','); length++)
        quoted = quoted != (text[length] == '"');
    return length;
}

int mail_addresses_read(struct arena *arena, const char *what, const char *text,
                        struct mail_addresses *addresses, struct error *error)
{
    struct mail_addresses found = {0};

    while (*text) {
        size_t const length = length_of_one(text);
        struct mail_address address;

        if (found.count == MOST_ADDRESSES)
            return error_set(error, ERROR_INPUT_VALUE, NULL,
                             "%s: at most %d addresses were expected", what, MOST_ADDRESSES);
        if (!read_one(arena, text, length, &address))
            return error_set(error, ERROR_INPUT_VALUE, "separate several by commas",
                             "%s: an address such as dev@example.org, or Name <dev@example.org>, "
                             "was expected, \"%.*s\" was given",
                             what, length < 80 ? (int)length : 80, text);
        found.items = arena_append(arena, found.items, &found.count, sizeof(*found.items));
        found.items[found.count - 1] = address;
        text += length;
        if (*text == ',' && !*++text)
            return error_set(error, ERROR_INPUT_VALUE, NULL,
                             "%s: an address was expected behind the last comma", what);
    }
    *addresses = found;
    return 0;
}

const char *mail_domain(const struct mail_address *address)
{
    return strchr(address->address, '@') + 1;
}

/* ---- the server ------------------------------------------------------------------------------------ */

/* Length of a host's name or address at the start of the text; 0 where there is none. */
static size_t host_length(const char *text)
{
    size_t const length = *text == '[' ? 1 + strspn(text + 1, "0123456789abcdefABCDEF:.")
                                       : strspn(text, LETTERS DIGITS "-.");

    if (*text != '[')
        return length;
    return length > 2 && text[length] == ']' ? length + 1 : 0;
}

static bool is_port(const char *text, size_t length)
{
    long const port = length && length <= 5 ? strtol(text, NULL, 10) : 0;

    return port > 0 && port <= 65535;
}

/* The parts of smtp_url; false where it is none. */
static bool split_url(struct arena *arena, const char *url, struct smtp_server *server)
{
    bool const tls = string_starts(url, "smtps://");

    if (!tls && !string_starts(url, "smtp://"))
        return false;
    const char *host = url + strlen(tls ? "smtps://" : "smtp://");
    size_t const length = host_length(host);
    const char *port = host + length + (host[length] == ':');
    size_t const digits = strspn(port, DIGITS);
    const char *rest = port + digits;

    if (!length || (host[length] == ':' ? !is_port(port, digits) : digits != 0) ||
        (*rest && !strings_equal(rest, "/")))
        return false;
    *server = (struct smtp_server){
        .tls = tls,
        .host = arena_copy_bytes(arena, host, length),
        .port = arena_copy_bytes(arena, port, digits),
    };
    return true;
}

struct smtp_server mail_server(struct arena *arena, const struct inputs *inputs)
{
    struct smtp_server server = {.host = "", .port = ""};

    split_url(arena, input_text(inputs, INPUT_SMTP_URL), &server);
    return server;
}

/* ---- the inputs ------------------------------------------------------------------------------------- */

static int check_server(struct arena *arena, const struct inputs *inputs, struct error *error)
{
    struct smtp_server ignored;

    /* The value isn't shown: a password may stand in it. */
    if (input_given(inputs, INPUT_SMTP_URL) &&
        !split_url(arena, input_text(inputs, INPUT_SMTP_URL), &ignored))
        return error_set(error, ERROR_INPUT_VALUE,
                         "user name and password have inputs of their own",
                         "smtp_url: smtps://host:465 or smtp://host:587 was expected");
    if (input_given(inputs, INPUT_SMTP_USERNAME) != input_given(inputs, INPUT_SMTP_PASSWORD))
        return error_set(
            error, ERROR_INPUT_VALUE, "give both, or neither",
            "%s was expected too, since %s is given",
            input_given(inputs, INPUT_SMTP_USERNAME) ? "smtp_password" : "smtp_username",
            input_given(inputs, INPUT_SMTP_USERNAME) ? "smtp_username" : "smtp_password");
    return 0;
}

int mail_check_inputs(struct arena *arena, const struct inputs *inputs, struct error *error)
{
    struct mail_addresses to = {0}, from = {0};

    if (check_server(arena, inputs, error) ||
        mail_addresses_read(arena, "announce_to", input_text(inputs, INPUT_ANNOUNCE_TO), &to,
                            error) ||
        mail_addresses_read(arena, "announce_from", input_text(inputs, INPUT_ANNOUNCE_FROM), &from,
                            error))
        return -1;
    if (from.count > 1)
        return error_set(error, ERROR_INPUT_VALUE, NULL,
                         "announce_from: one address was expected, %zu were given", from.count);
    if (to.count && (!from.count || !input_given(inputs, INPUT_SMTP_URL)))
        return error_set(error, ERROR_INPUT_VALUE,
                         "leave announce_to empty to have the mail only composed",
                         "%s was expected, since announce_to is given",
                         from.count ? "smtp_url" : "announce_from");
    return 0;
}
