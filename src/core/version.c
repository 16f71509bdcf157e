#include "core/version.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

enum { MAX_DIGITS = 9 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool word_in_list(const char *list, const char *word, size_t length)
{
    while (*list) {
        size_t width = strcspn(list, " ");

        if (width == length && length && strncmp(list, word, length) == 0)
            return true;
        list += width + strspn(list + width, " ");
    }
    return false;
}

/* What reads a name: where it is, and what it missed first. */
struct reader {
    const char *start, *at;
    const char *expected; /* not NULL once something was missed */
};

static bool missed(struct reader *reader, const char *expected)
{
    if (!reader->expected)
        reader->expected = expected;
    return false;
}

static bool read_character(struct reader *reader, char c, const char *expected)
{
    if (*reader->at != c)
        return missed(reader, expected);
    reader->at++;
    return true;
}

static bool read_number(struct reader *reader, uint32_t *number, const char *expected)
{
    const char *digit = reader->at;
    uint32_t value = 0;

    if (!is_digit(*digit))
        return missed(reader, expected);
    if (*digit == '0' && is_digit(digit[1]))
        return missed(reader, "a number without leading zeros");
    for (; is_digit(*digit); digit++) {
        if (digit - reader->at == MAX_DIGITS)
            return missed(reader, "a number of at most 9 digits");
        value = value * 10 + (uint32_t)(*digit - '0');
    }
    reader->at = digit;
    *number = value;
    return true;
}

static bool read_label(struct reader *reader, const struct grammar *grammar,
                       struct version *version, const char *expected)
{
    size_t length = 0;

    while (is_letter(reader->at[length]))
        length++;
    if (length >= sizeof(version->label) || !word_in_list(grammar->labels, reader->at, length))
        return missed(reader, expected);
    memcpy(version->label, reader->at, length);
    version->label[length] = '\0';
    reader->at += length;
    return true;
}

static bool read_candidate(struct arena *arena, struct reader *reader,
                           const struct grammar *grammar, struct version *version)
{
    const char *label = arena_print(arena, "one of the labels allowed (%s)", grammar->labels);

    if (!read_label(reader, grammar, version, label) ||
        !read_character(reader, '.', "a dot and the candidate's number"))
        return false;
    if (*reader->at == '0' && !is_digit(reader->at[1]))
        return missed(reader, "a candidate's number of at least 1");
    return read_number(reader, &version->number, "the candidate's number");
}

static bool read_tag(struct arena *arena, struct reader *reader, const struct grammar *grammar,
                     struct version *version)
{
    size_t const prefix_length = strlen(grammar->prefix);

    if (strncmp(reader->at, grammar->prefix, prefix_length) != 0)
        return missed(reader, arena_print(arena, "the prefix \"%s\"", grammar->prefix));
    reader->at += prefix_length;
    if (!read_number(reader, &version->major, "the major number") ||
        !read_character(reader, '.', "a dot and the minor number") ||
        !read_number(reader, &version->minor, "the minor number") ||
        !read_character(reader, '.', "a dot and the patch number") ||
        !read_number(reader, &version->patch, "the patch number"))
        return false;
    if (*reader->at == '-') {
        reader->at++;
        if (!read_candidate(arena, reader, grammar, version))
            return false;
    }
    return *reader->at == '\0' || missed(reader, "the end of the name");
}

/* A number in whatever spelling: leading zeros allowed. */
static bool guess_number(const char **at, uint32_t *number)
{
    const char *digit = *at;
    uint32_t value = 0;

    if (!is_digit(*digit))
        return false;
    while (*digit == '0')
        digit++;
    for (int count = 0; is_digit(*digit); digit++, value = value * 10 + (uint32_t)(digit[-1] - '0'))
        if (++count > MAX_DIGITS)
            return false;
    *at = digit;
    *number = value;
    return true;
}

/* A label in whatever case, with whatever between it and its neighbours. */
static bool guess_candidate(const char *at, const struct grammar *grammar, struct version *version)
{
    at += strspn(at, "-._");
    for (const char *label = grammar->labels; *label;) {
        size_t const length = strcspn(label, " ");

        if (length < sizeof(version->label) && strncasecmp(at, label, length) == 0 &&
            !is_letter(at[length])) {
            memcpy(version->label, label, length);
            version->label[length] = '\0';
            at += length;
            at += strspn(at, "-._");
            return guess_number(&at, &version->number) && *at == '\0' && version->number > 0;
        }
        label += length + strspn(label + length, " ");
    }
    return false;
}

/*
 * The nearest valid spelling of a name that a person got nearly right: another case, no prefix, no
 * patch, leading zeros, no dot ahead of N.
 */
static const char *guess(struct arena *arena, const struct grammar *grammar, const char *tag)
{
    size_t const prefix_length = strlen(grammar->prefix);
    struct version version = {0};
    const char *at = tag;

    if (strncasecmp(at, grammar->prefix, prefix_length) == 0)
        at += prefix_length;
    if (!guess_number(&at, &version.major) || *at++ != '.' || !guess_number(&at, &version.minor))
        return NULL;
    if (*at == '.' && is_digit(at[1])) {
        at++;
        if (!guess_number(&at, &version.patch))
            return NULL;
    }
    if (*at && !guess_candidate(at, grammar, &version))
        return NULL;
    return version_tag(arena, grammar, &version);
}

int version_parse(struct arena *arena, const struct grammar *grammar, const char *tag,
                  struct version *version, struct grammar_miss *miss)
{
    struct reader reader = {.start = tag, .at = tag};
    struct version found = {0};

    if (read_tag(arena, &reader, grammar, &found)) {
        *version = found;
        return 0;
    }
    *miss = (struct grammar_miss){
        .at = (size_t)(reader.at - reader.start),
        .expected = reader.expected,
        .suggestion = guess(arena, grammar, tag),
    };
    return -1;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

int version_compare(const struct version *a, const struct version *b)
{
    int order = compare_numbers(a->major, b->major);

    if (!order)
        order = compare_numbers(a->minor, b->minor);
    if (!order)
        order = compare_numbers(a->patch, b->patch);
    if (!order) /* a final release is above its candidates */
        order = version_is_final(a) - version_is_final(b);
    if (!order)
        order = strcmp(a->label, b->label);
    if (!order)
        order = compare_numbers(a->number, b->number);
    return order;
}

bool version_same_core(const struct version *a, const struct version *b)
{
    return a->major == b->major && a->minor == b->minor && a->patch == b->patch;
}

bool version_is_final(const struct version *version)
{
    return !version->label[0];
}

const char *version_text(struct arena *arena, const struct version *version)
{
    static const struct grammar no_prefix = {.prefix = "", .labels = ""};

    return version_tag(arena, &no_prefix, version);
}

const char *version_tag(struct arena *arena, const struct grammar *grammar,
                        const struct version *version)
{
    const char *core = arena_print(arena, "%s%u.%u.%u", grammar->prefix, version->major,
                                   version->minor, version->patch);

    if (version_is_final(version))
        return core;
    return arena_print(arena, "%s-%s.%u", core, version->label, version->number);
}
