#include "core/image_reference.h"

#include "base/text.h"

#include <string.h>

enum { LONGEST_NAME = 255, LONGEST_TAG = 128, DIGEST_DIGITS = 64 };

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static const char digest_start[] = "sha256:";

bool is_image_digest(const char *text)
{
    const char *digits = text + sizeof(digest_start) - 1;

    return string_starts(text, digest_start) && strlen(digits) == DIGEST_DIGITS &&
           strspn(digits, DIGITS "abcdef") == DIGEST_DIGITS;
}

static int refuse(const char *text, const char *expected, struct error *error)
{
    return error_set(error, ERROR_INPUT_VALUE, "write it like ghcr.io/owner/name, or with :TAG",
                     "images: %s was expected in \"%.100s\"", expected, text);
}

/* Letters and digits, with ".", "_", "__" or hyphens between them. */
static bool is_component(const char *at, size_t length)
{
    static const char word[] = LOWER DIGITS;
    size_t used = strspn(at, word);

    while (used && used < length) {
        size_t const hyphens = strspn(at + used, "-"), lines = strspn(at + used, "_");
        size_t const separator = hyphens           ? hyphens
                                 : lines == 1      ? 1
                                 : lines == 2      ? 2
                                 : at[used] == '.' ? 1
                                                   : 0;
        size_t const more = strspn(at + used + separator, word);

        if (!separator || !more)
            return false;
        used += separator + more;
    }
    return used == length && used;
}

static bool is_name(const char *name)
{
    if (!*name || strlen(name) > LONGEST_NAME)
        return false;
    for (const char *at = name;;) {
        size_t const length = strcspn(at, "/");

        if (!is_component(at, length))
            return false;
        if (!at[length])
            return true;
        at += length + 1;
    }
}

static bool is_tag(const char *tag)
{
    static const char word[] = LOWER UPPER DIGITS "_.-";
    size_t const length = strlen(tag);

    return length && length <= LONGEST_TAG && strspn(tag, word) == length && *tag != '.' &&
           *tag != '-';
}

/* A first component is a host where it has a dot, a port or capitals, or is localhost. */
static bool is_host(const char *at, size_t length)
{
    return memchr(at, '.', length) || memchr(at, ':', length) || strcspn(at, UPPER) < length ||
           (length == strlen("localhost") && !strncmp(at, "localhost", length));
}

/* A name or an address, IPv6 in brackets, and perhaps a port. */
static bool is_registry(const char *text)
{
    bool const bracket = *text == '[';
    const char *at = text + bracket;

    at += strspn(at, bracket ? DIGITS "abcdefABCDEF:" : LOWER UPPER DIGITS ".-");
    if (at == text + bracket || (bracket && *at++ != ']'))
        return false;
    if (*at == ':' && at[1])
        at += 1 + strspn(at + 1, DIGITS);
    return !*at;
}

static const char *lower(struct arena *arena, const char *text)
{
    char *copy = arena_copy(arena, text);

    for (char *at = copy; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return copy;
}

/*
 * The host that answers, and the name as it is known there; Docker Hub's short forms are filled in,
 * but not for people.
 */
static void split_host(struct arena *arena, const char *whole, struct image_reference *reference)
{
    size_t const first = strcspn(whole, "/");
    bool const host = whole[first] && is_host(whole, first);
    const char *registry = host ? arena_copy_bytes(arena, whole, first) : "docker.io";
    const char *name = lower(arena, host ? whole + first + 1 : whole);

    reference->text = host ? arena_print(arena, "%s/%s", registry, name) : name;
    if (strings_equal(registry, "docker.io") || strings_equal(registry, "index.docker.io")) {
        registry = "registry-1.docker.io";
        if (!strchr(name, '/'))
            name = arena_print(arena, "library/%s", name);
    }
    reference->registry = lower(arena, registry);
    reference->name = name;
}

/* The end of a reference: "@DIGEST" and ":TAG", cut off `whole`. */
static void split_version(char *whole, const char **tag, const char **digest)
{
    char *at = strchr(whole, '@');

    *tag = *digest = NULL;
    if (at) {
        *at = '\0';
        *digest = at + 1;
    }
    char *slash = strrchr(whole, '/');
    char *colon = strchr(slash ? slash : whole, ':');
    if (colon) {
        *colon = '\0';
        *tag = colon + 1;
    }
}

int image_reference_parse(struct arena *arena, const char *text, const char *tag,
                          struct image_reference *reference, struct error *error)
{
    bool const plain = string_starts(text, "http://");
    char *whole = arena_copy(arena, text + (plain ? strlen("http://") : 0));
    struct image_reference found = {.text = NULL};
    const char *own, *digest;

    split_version(whole, &own, &digest);
    split_host(arena, whole, &found);
    if (!is_registry(found.registry))
        return refuse(text, "a registry's host name", error);
    if (!is_name(found.name))
        return refuse(text, "a name of letters, digits and single separators", error);
    if (digest && !is_image_digest(digest))
        return refuse(text, "sha256: and 64 hexadecimal digits behind the @", error);
    if (own && !is_tag(own))
        return refuse(text, "a tag behind the colon", error);
    if (!own && !digest && !is_tag(tag))
        return error_set(error, ERROR_INPUT_VALUE, "give a tag, such as :{version} or :v{version}",
                         "images: \"%.100s\" has no tag, and \"%.100s\" can't be an image's tag",
                         text, tag);
    own = own || digest ? own : tag;
    found.origin = arena_print(arena, "%s://%s", plain ? "http" : "https", found.registry);
    found.version = digest ? digest : own;
    found.text = arena_print(arena, "%s%s%s%s%s", found.text, own ? ":" : "", string_or(own, ""),
                             digest ? "@" : "", string_or(digest, ""));
    *reference = found;
    return 0;
}
