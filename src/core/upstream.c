#include "core/upstream.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "core/gomod.h"

#include <stdint.h>
#include <string.h>

/* As far as it takes to compare with a final release. */
struct module_version {
    uint32_t numbers[3];
    bool
        before; /* a pre-release or a pseudo-version: it comes ahead of the numbers' final release */
    bool more;  /* something is behind the numbers */
};

/* "v1.2.3", "v1.2.3-rc.1", "v1.2.4-0.20240101000000-abcdef012345", "v2.0.0+incompatible" */
static bool parse(const char *text, struct module_version *version)
{
    *version = (struct module_version){.before = false};
    if (!text || *text++ != 'v')
        return false;
    for (size_t i = 0; i < 3; i++) {
        size_t const digits = strspn(text, "0123456789");

        if (!digits || digits > 9 || (digits > 1 && *text == '0'))
            return false;
        for (size_t j = 0; j < digits; j++)
            version->numbers[i] = version->numbers[i] * 10 + (uint32_t)(text[j] - '0');
        text += digits;
        if (i < 2 && *text++ != '.')
            return false;
    }
    version->before = *text == '-';
    version->more = *text != '\0';
    return !*text || *text == '-' || *text == '+';
}

static int compare(const struct module_version *a, const struct module_version *b)
{
    for (size_t i = 0; i < 3; i++)
        if (a->numbers[i] != b->numbers[i])
            return a->numbers[i] < b->numbers[i] ? -1 : 1;
    return (int)b->before - (int)a->before;
}

static const char *line_of(struct arena *arena, const char *foreign)
{
    CLEANUP(text_free) struct text line = {0};

    text_add_foreign(&line, foreign, 100);
    return arena_copy(arena, text_string(&line));
}

/* What go.mod has now; -1 where nothing can be included. */
static int read_now(struct arena *arena, const char *module, const char *now,
                    struct module_version *version, struct upstream_range *range)
{
    if (!now) {
        range->refusal = "a go.mod was expected at the released commit, there is none";
        return -1;
    }
    switch (gomod_read(arena, now, module, &range->up_to)) {
    case GOMOD_ABSENT:
        range->refusal = arena_print(arena, "go.mod was expected to require %s, it doesn't",
                                     line_of(arena, module));
        return -1;
    case GOMOD_FOLDER:
        range->notice =
            arena_print(arena, "go.mod replaces %s by a folder: its version isn't known",
                        line_of(arena, module));
        return -1;
    case GOMOD_VERSION:
        break;
    }
    if (parse(range->up_to, version))
        return 0;
    range->refusal = arena_print(arena, "a version of %s was expected in go.mod, %s was found",
                                 line_of(arena, module), line_of(arena, range->up_to));
    return -1;
}

void upstream_by_module(struct arena *arena, const char *module, const char *now,
                        const char *before, struct upstream_range *range)
{
    struct module_version new_version, old_version;

    *range = (struct upstream_range){.wanted = false};
    if (read_now(arena, module, now, &new_version, range))
        return;
    if (before)
        gomod_read(arena, before, module, &range->after);
    if (!range->after || !parse(range->after, &old_version)) {
        range->after = NULL; /* it is new here: its own release alone */
        range->wanted = true;
        return;
    }
    int const order = compare(&old_version, &new_version);
    range->wanted = order < 0;
    if (order > 0)
        range->notice = arena_print(
            arena, "go.mod went back from %s to %s of %s: no upstream release is new",
            line_of(arena, range->after), line_of(arena, range->up_to), line_of(arena, module));
}

static bool is_in_range(const struct upstream_range *range, const struct module_version *version)
{
    struct module_version limit;

    if (range->up_to && (!parse(range->up_to, &limit) || compare(version, &limit) > 0))
        return false;
    return !range->after || (parse(range->after, &limit) && compare(version, &limit) > 0);
}

/* Where it belongs among those that are kept; the count's place behind all. -1: it is there. */
static ptrdiff_t place_of(const struct upstream_facts *upstream,
                          const struct module_version *version)
{
    for (size_t i = 0; i < upstream->count; i++) {
        struct module_version other;

        parse(upstream->items[i].tag, &other);
        int const order = compare(version, &other);
        if (order >= 0)
            return order ? (ptrdiff_t)i : -1;
    }
    return (ptrdiff_t)upstream->count;
}

static void insert(struct arena *arena, struct upstream_facts *upstream, size_t place,
                   const struct upstream_release *release)
{
    upstream->items =
        arena_append(arena, upstream->items, &upstream->count, sizeof(*upstream->items));
    memmove(upstream->items + place + 1, upstream->items + place,
            (upstream->count - place - 1) * sizeof(*upstream->items));
    upstream->items[place] = (struct upstream_release){
        .tag = arena_copy(arena, release->tag),
        .body = arena_copy(arena, release->body),
    };
}

void upstream_offer(struct arena *arena, struct upstream_facts *upstream,
                    const struct upstream_range *range, const struct upstream_release *release)
{
    size_t const most = range->after ? UPSTREAM_MOST_RELEASES : 1;
    struct module_version version;
    ptrdiff_t place;

    if (!parse(release->tag, &version) || version.more || !is_in_range(range, &version))
        return;
    place = place_of(upstream, &version);
    if (place < 0)
        return;
    upstream->left_out += range->after && upstream->count == most;
    if ((size_t)place < most)
        insert(arena, upstream, (size_t)place, release);
    if (upstream->count > most)
        upstream->count = most;
}
