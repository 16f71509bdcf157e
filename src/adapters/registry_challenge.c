#include "adapters/registry_challenge.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>
#include <strings.h>

/* The length of an RFC 9110 token. */
static size_t token_length(const char *at)
{
    return strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                      "!#$%&'*+-.^_`|~");
}

static const char *skip(const char *at, const char *what)
{
    return at + strspn(at, what);
}

/* A quoted string or a token at *at; moves *at behind it. */
static const char *read_value(struct arena *arena, const char **at)
{
    CLEANUP(text_free) struct text value = {0};

    if (**at != '"') {
        size_t const length = strcspn(*at, ", \t");
        const char *start = *at;

        *at += length;
        return arena_copy_bytes(arena, start, length);
    }
    for ((*at)++; **at && **at != '"'; (*at)++) {
        if (**at == '\\' && (*at)[1])
            (*at)++;
        text_add_bytes(&value, *at, 1);
    }
    *at += **at == '"';
    return arena_copy(arena, text_string(&value));
}

static void take_parameter(struct challenge *challenge, const char *name, const char *value)
{
    const char **place = !strcasecmp(name, "realm")     ? &challenge->realm
                         : !strcasecmp(name, "service") ? &challenge->service
                         : !strcasecmp(name, "scope")   ? &challenge->scope
                                                        : NULL;

    if (place && !*place)
        *place = value;
}

/* A scheme's name; says whether the parameters behind it are the bearer's. */
static bool take_scheme(struct challenge *challenge, const char *name)
{
    bool const first = !challenge->bearer && !strcasecmp(name, "bearer");

    challenge->bearer = challenge->bearer || first;
    challenge->basic = challenge->basic || !strcasecmp(name, "basic");
    return first;
}

void challenge_parse(struct arena *arena, const char *header, struct challenge *challenge)
{
    bool of_bearer = false;

    *challenge = (struct challenge){.bearer = false};
    for (const char *at = skip(header, ", \t"); *at; at = skip(at, ", \t")) {
        size_t const length = token_length(at);
        const char *name = arena_copy_bytes(arena, at, length);
        const char *behind = skip(at + length, " \t");

        if (!length) { /* nothing that belongs here: passed over */
            at++;
        } else if (*behind == '=') {
            at = skip(behind + 1, " \t");
            const char *value = read_value(arena, &at);
            if (of_bearer)
                take_parameter(challenge, name, value);
        } else {
            of_bearer = take_scheme(challenge, name);
            at = behind;
        }
    }
}
