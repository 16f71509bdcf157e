#include "core/gomod.h"

#include "base/text.h"

#include <stdbool.h>
#include <string.h>

enum { MOST_WORDS = 8 };

struct gomod_line {
    const char *words[MOST_WORDS];
    size_t count;
};

struct gomod {
    const char *module;
    const char *block; /* the word whose block we are in: "require (", up to ")" */
    const char *required;
    const char *replaced, *replaced_for; /* a replacement, and the version that it is for */
    bool by_folder;
};

/* The next word: blanks part them, parentheses stand for themselves, quotes go, // ends the line. */
static const char *next_word(struct arena *arena, const char **at, const char *end)
{
    const char *start = *at;

    while (start < end && strchr(" \t\r", *start))
        start++;
    if (start == end || (start + 1 < end && start[0] == '/' && start[1] == '/'))
        return NULL;
    if (*start == '(' || *start == ')') {
        *at = start + 1;
        return *start == '(' ? "(" : ")";
    }
    if (*start == '"' || *start == '`') {
        const char *close = memchr(start + 1, *start, (size_t)(end - start - 1));

        close = close ? close : end;
        *at = close < end ? close + 1 : end;
        return arena_copy_bytes(arena, start + 1, (size_t)(close - start - 1));
    }
    const char *stop = start;
    while (stop < end && !strchr(" \t\r()", *stop) &&
           !(stop[0] == '/' && stop + 1 < end && stop[1] == '/'))
        stop++;
    *at = stop;
    return arena_copy_bytes(arena, start, (size_t)(stop - start));
}

static void read_line(struct arena *arena, const char *line, size_t length,
                      struct gomod_line *words)
{
    const char *at = line, *word;

    words->count = 0;
    while (words->count < MOST_WORDS && (word = next_word(arena, &at, line + length)))
        words->words[words->count++] = word;
}

/* MODULE VERSION */
static void take_requirement(struct gomod *gomod, const char *const *words, size_t count)
{
    if (count >= 2 && strings_equal(words[0], gomod->module))
        gomod->required = words[1];
}

/* MODULE [VERSION] => PATH [VERSION]; one that names the version goes first. */
static void take_replacement(struct gomod *gomod, const char *const *words, size_t count)
{
    size_t const arrow = count > 1 && strings_equal(words[1], "=>") ? 1 : 2;
    const char *its_version = arrow == 2 ? words[1] : NULL;

    if (count < arrow + 2 || !strings_equal(words[arrow], "=>") ||
        !strings_equal(words[0], gomod->module))
        return;
    if (!its_version && gomod->replaced_for)
        return;
    if (its_version && !strings_equal(its_version, gomod->required))
        return;
    gomod->replaced_for = its_version;
    gomod->by_folder = count == arrow + 2;
    gomod->replaced = gomod->by_folder ? words[arrow + 1] : words[arrow + 2];
}

/* A pass for each directive, since a replacement is for what is required, wherever that stands. */
static void pass(struct arena *arena, struct gomod *gomod, const char *content,
                 const char *directive,
                 void (*take)(struct gomod *gomod, const char *const *words, size_t count))
{
    const char *line;
    size_t length;

    gomod->block = NULL;
    while ((line = string_next_line(&content, &length))) {
        struct gomod_line words;

        read_line(arena, line, length, &words);
        if (!words.count)
            continue;
        if (strings_equal(words.words[0], ")"))
            gomod->block = NULL;
        else if (gomod->block && strings_equal(gomod->block, directive))
            take(gomod, words.words, words.count);
        else if (words.count > 1 && strings_equal(words.words[1], "("))
            gomod->block = words.words[0];
        else if (!gomod->block && strings_equal(words.words[0], directive))
            take(gomod, words.words + 1, words.count - 1);
    }
}

enum gomod_use gomod_read(struct arena *arena, const char *content, const char *module,
                          const char **version)
{
    struct gomod gomod = {.module = module};

    *version = NULL;
    pass(arena, &gomod, content, "require", take_requirement);
    if (!gomod.required)
        return GOMOD_ABSENT;
    pass(arena, &gomod, content, "replace", take_replacement);
    if (gomod.replaced && gomod.by_folder)
        return GOMOD_FOLDER;
    *version = gomod.replaced ? gomod.replaced : gomod.required;
    return GOMOD_VERSION;
}
