#include "core/changelog.h"

#include "base/cleanup.h"
#include "base/memory.h"
#include "base/text.h"
#include "core/outline.h"

#include <ctype.h>
#include <string.h>

enum { LONGEST_TITLE = 500, MOST_NOTE_LINES = 20, SHORT_ID = 7 };

/* ---- numbers that are listed ----------------------------------------------------------------------- */

/* A set with open addressing; 0 is none of its numbers. */
struct numbers {
    uint32_t *slots;
    size_t count, capacity; /* a power of two */
};

static void numbers_free(struct numbers *numbers)
{
    memory_free(numbers->slots);
}

static uint32_t *slot_of(const struct numbers *numbers, uint32_t number)
{
    size_t at = (number * 2654435761U) & (numbers->capacity - 1); /* Knuth's multiplier */

    while (numbers->slots[at] && numbers->slots[at] != number)
        at = (at + 1) & (numbers->capacity - 1);
    return &numbers->slots[at];
}

static bool numbers_have(const struct numbers *numbers, uint32_t number)
{
    return numbers->capacity && *slot_of(numbers, number) == number;
}

static void numbers_add(struct numbers *numbers, uint32_t number)
{
    if (numbers->count * 2 >= numbers->capacity) {
        struct numbers larger = {.capacity = numbers->capacity ? numbers->capacity * 2 : 64};

        larger.slots = memory_take(larger.capacity * sizeof(*larger.slots));
        larger.count = numbers->count;
        for (size_t i = 0; i < numbers->capacity; i++)
            if (numbers->slots[i])
                *slot_of(&larger, numbers->slots[i]) = numbers->slots[i];
        numbers_free(numbers);
        *numbers = larger;
    }
    uint32_t *slot = slot_of(numbers, number);
    numbers->count += !*slot;
    *slot = number;
}

static void add_listed(struct numbers *numbers, const struct outline *outline)
{
    for (size_t i = 0; i < outline->count; i++)
        for (size_t j = 0; j < outline->sections[i].count; j++) {
            uint32_t const number = outline_number(outline->sections[i].entries[j]);

            if (number)
                numbers_add(numbers, number);
        }
}

/* A pull request whose commits were rebased has its entry, and its commit no number. */
static bool is_titled_so(const struct outline *outline, const char *subject)
{
    for (size_t i = 0; i < outline->count; i++)
        for (size_t j = 0; j < outline->sections[i].count; j++)
            if (outline_is_titled(outline->sections[i].entries[j], subject))
                return true;
    return false;
}

/* ---- what has to be asked --------------------------------------------------------------------------- */

/* The commit by which the server knows the pull request: of a cherry-pick, the original. */
static const char *known_commit(const struct change *change)
{
    return change->picked ? change->picked : change->commit;
}

static bool is_missing(const struct outline *outline, const struct numbers *listed,
                       const struct change *change)
{
    return change->pull ? !numbers_have(listed, change->pull)
                        : !is_titled_so(outline, change->subject);
}

const char *changelog_wanted(struct arena *arena, const char *generated,
                             const struct changes *changes, bool *all)
{
    CLEANUP(text_free) struct text wanted = {0};
    CLEANUP(numbers_free) struct numbers listed = {0};
    struct outline outline;
    size_t count = 0;

    *all = true;
    outline_read(arena, string_or(generated, ""), &outline);
    add_listed(&listed, &outline);
    for (size_t i = changes->count; i > 0; i--) { /* the newest first, should there be too many */
        const struct change *change = &changes->items[i - 1];

        if (!is_missing(&outline, &listed, change))
            continue;
        if (count == CHANGELOG_MOST_PULLS) {
            *all = false;
            break;
        }
        text_add(&wanted, count++ ? " " : "");
        if (change->pull) {
            numbers_add(&listed, change->pull);
            text_print(&wanted, "%u", change->pull);
        } else
            text_add(&wanted, known_commit(change));
    }
    return count ? arena_copy(arena, text_string(&wanted)) : NULL;
}

/* ---- entries ----------------------------------------------------------------------------------------- */

struct listing {
    struct arena *arena;
    const struct changelog *changelog;
    struct outline outline;
    struct numbers listed;
    bool by_config; /* headings are the configuration's categories, by labels */
    bool by_type;   /* headings are those of Conventional Commits */
};

/* Types with a heading of their own, in the order of the headings; other types have the last one. */
static const struct {
    const char *type, *title;
} types[] = {
    {"!", "Breaking Changes"}, {"feat", "Features"},  {"fix", "Bug Fixes"},
    {"perf", "Performance"},   {"revert", "Reverts"}, {"docs", "Documentation"},
    {"build", NULL},           {"chore", NULL},       {"ci", NULL},
    {"refactor", NULL},        {"style", NULL},       {"test", NULL},
};

/* The index in `types` of "type(scope)!: …", 0 where it is none. */
static size_t type_of(const char *subject)
{
    size_t const length = strspn(subject, "abcdefghijklmnopqrstuvwxyz");
    size_t end = length;

    if (subject[end] == '(')
        end += strcspn(subject + end, ")") + 1;
    if (end > strlen(subject) || !string_starts(subject + end + (subject[end] == '!'), ": "))
        return 0;
    for (size_t i = 1; i < sizeof(types) / sizeof(types[0]); i++)
        if (strlen(types[i].type) == length && strncmp(types[i].type, subject, length) == 0)
            return i;
    return 0;
}

static bool mostly_typed(const struct changes *changes)
{
    size_t typed = 0;

    for (size_t i = 0; i < changes->count; i++)
        typed += type_of(changes->items[i].subject) != 0;
    return typed && typed * 2 >= changes->count;
}

static const struct pull_request *find_pull(const struct pulls *pulls, const struct change *change)
{
    for (size_t i = 0; i < pulls->count; i++) {
        const struct pull_request *pull = &pulls->items[i];

        if (pull->commit ? !change->pull && strings_equal(pull->commit, known_commit(change))
                         : change->pull && pull->number == change->pull)
            return pull;
    }
    return NULL;
}

/*
 * A title that somebody wrote: in one line, nobody is mentioned, no comment begins. What keeps "@name"
 * from being a mention is a space without width.
 */
static void add_title(struct text *out, const char *title)
{
    CLEANUP(text_free) struct text line = {0};
    char before = ' ';

    text_add_foreign(&line, title, LONGEST_TITLE);
    for (const char *at = text_string(&line); *at; before = *at++) {
        if (string_starts(at, "<!--"))
            text_add(out, "&lt;");
        else
            text_add_bytes(out, at, 1);
        if (*at == '@' && isalnum((unsigned char)at[1]) && !isalnum((unsigned char)before))
            text_add(out, "\xe2\x80\x8b");
    }
}

/* Lines behind the first belong to the same entry of the list. */
static void add_note(struct text *out, const char *note)
{
    const char *line;
    size_t length, count = 0;

    while (count < MOST_NOTE_LINES && (line = string_next_line(&note, &length))) {
        struct arena arena = {0};
        const char *text = arena_copy_bytes(&arena, line, length);

        if (!count && (string_starts(text, "- ") || string_starts(text, "* ")))
            text += 2;
        text_add(out, count++ ? "\n  " : "");
        add_title(out, text);
        arena_free(&arena);
    }
}

/* "* TITLE by @LOGIN in https://…/pull/24" */
static const char *pull_entry(const struct listing *listing, const struct change *change,
                              const struct pull_request *pull, uint32_t number)
{
    CLEANUP(text_free) struct text out = {0};
    const char *login = pull ? pull->login : change->login;

    text_add(&out, "* ");
    if (pull && pull->note)
        add_note(&out, pull->note);
    else
        add_title(&out, pull ? pull->title : change->subject);
    if (!string_is_empty(login))
        text_print(&out, " by @%s", login);
    if (listing->changelog->page)
        text_print(&out, " in %s/pull/%u", listing->changelog->page, number);
    else
        text_print(&out, " (#%u)", number);
    return arena_copy(listing->arena, text_string(&out));
}

/* "* SUBJECT ([5f0e1a2](https://…/commit/5f0e…))" */
static const char *commit_entry(const struct listing *listing, const struct change *change)
{
    CLEANUP(text_free) struct text out = {0};

    text_add(&out, "* ");
    add_title(&out, change->subject);
    if (change->pull) /* the number is an issue's, or another repository's */
        text_print(&out, " (#%u)", change->pull);
    if (listing->changelog->page)
        text_print(&out, " ([%.*s](%s/commit/%s))", SHORT_ID, change->commit,
                   listing->changelog->page, change->commit);
    else
        text_print(&out, " (%.*s)", SHORT_ID, change->commit);
    return arena_copy(listing->arena, text_string(&out));
}

/* ---- headings ---------------------------------------------------------------------------------------- */

static const char *title_of(const struct listing *listing, const struct change *change,
                            const struct names_list *labels, const char *login)
{
    const struct outline *outline = &listing->outline;

    if (listing->by_config)
        return release_config_title(listing->changelog->config, labels, login);
    if (listing->by_type) {
        const char *title =
            change->breaking ? types[0].title : types[type_of(change->subject)].title;

        return type_of(change->subject) || change->breaking ? string_or(title, release_config_rest)
                                                            : release_config_rest;
    }
    /* The server's notes have headings that we know nothing of. */
    return outline->count && outline->sections[outline->count - 1].title ? release_config_rest
                                                                         : NULL;
}

static size_t order_of(const void *state, const char *title)
{
    const struct listing *listing = state;
    const struct release_config *config = listing->changelog->config;

    if (!title)
        return 0;
    for (size_t i = 0; listing->by_config && i < config->count; i++)
        if (strings_equal(config->categories[i].title, title))
            return i + 1;
    for (size_t i = 0; listing->by_type && i < sizeof(types) / sizeof(types[0]); i++)
        if (strings_equal(types[i].title, title))
            return i + 1;
    return strings_equal(title, release_config_rest) ? SIZE_MAX : 0;
}

/* ---- the list ---------------------------------------------------------------------------------------- */

/*
 * A pull request that nobody could ask for, that GitHub knows and doesn't list: it is one of those that
 * the configuration leaves out, unless its commit is a cherry-pick.
 */
static bool is_left_out(const struct changelog *changelog, const struct change *change)
{
    const struct exclusion *exclude = &changelog->config->exclude;

    return changelog->generated && change->pull && !change->picked &&
           (exclude->labels.count || exclude->authors.count);
}

static void list_change(struct listing *listing, const struct change *change)
{
    static const struct names_list no_labels = {NULL, 0};
    const struct changelog *changelog = listing->changelog;
    const struct pull_request *pull = find_pull(changelog->pulls, change);
    bool const none = pull && !pull->title; /* the server says that it is no pull request */
    uint32_t const number = none ? 0 : pull ? pull->number : change->pull;
    const struct names_list *labels = pull ? &pull->labels : &no_labels;
    const char *login = pull && !none ? pull->login : change->login;

    if (number ? numbers_have(&listing->listed, number)
               : !is_missing(&listing->outline, &listing->listed, change))
        return;
    if (number)
        numbers_add(&listing->listed, number);
    if ((pull ? pull->silent : is_left_out(changelog, change)) ||
        release_config_excludes(&changelog->config->exclude, labels, login))
        return;
    struct outline_section *section =
        outline_section(listing->arena, &listing->outline, title_of(listing, change, labels, login),
                        order_of, listing);
    outline_add(listing->arena, section,
                number ? pull_entry(listing, change, pull, number) : commit_entry(listing, change));
}

static bool labels_known(const struct pulls *pulls)
{
    for (size_t i = 0; i < pulls->count; i++)
        if (pulls->items[i].title)
            return true;
    return false;
}

static size_t count_entries(const struct outline *outline)
{
    size_t count = 0;

    for (size_t i = 0; i < outline->count; i++)
        count += outline->sections[i].count;
    return count;
}

const char *changelog_text(struct arena *arena, const struct changelog *changelog)
{
    CLEANUP(text_free) struct text out = {0};
    struct listing listing = {.arena = arena, .changelog = changelog};

    outline_read(arena, string_or(changelog->generated, ""), &listing.outline);
    add_listed(&listing.listed, &listing.outline);
    listing.by_config =
        changelog->config->count > 0 && (changelog->generated || labels_known(changelog->pulls));
    listing.by_type =
        !changelog->generated && !listing.by_config && mostly_typed(changelog->changes);
    size_t const before = count_entries(&listing.outline);
    for (size_t i = 0; i < changelog->changes->count; i++)
        list_change(&listing, &changelog->changes->items[i]);
    numbers_free(&listing.listed);
    bool const whole = listing.outline.changelog || !changelog->changes_page;
    if (changelog->generated && whole && count_entries(&listing.outline) == before)
        return changelog->generated;
    if (!whole)
        listing.outline.changelog =
            arena_print(arena, "**Full Changelog**: %s", changelog->changes_page);
    outline_print(&listing.outline, &out);
    return arena_copy(arena, text_string(&out));
}
