#include "core/changes.h"

#include "base/memory.h"
#include "base/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DIGITS = 9, ID_LENGTH = 64 };

/* A commit of which a child was read. */
struct pending_commit {
    char id[ID_LENGTH + 1];
    bool stands; /* for itself: no merged pull request brought it */
};

/* ---- what a message says ------------------------------------------------------------------------ */

static uint32_t number_at(const char *digits, size_t *length)
{
    *length = strspn(digits, "0123456789");
    return *length && *length <= MOST_DIGITS ? (uint32_t)strtoul(digits, NULL, 10) : 0;
}

uint32_t changes_number(const char *subject, size_t *length)
{
    size_t end = strlen(subject), digits;

    while (end && isspace((unsigned char)subject[end - 1]))
        end--;
    *length = end;
    size_t start = end;
    while (start && subject[start - 1] != '(')
        start--;
    if (start < 2 || subject[start] != '#' || subject[start - 2] != ' ')
        return 0;
    uint32_t const number = number_at(subject + start + 1, &digits);
    if (!number || start + 1 + digits + 1 != end || subject[end - 1] != ')')
        return 0;
    *length = start - 2;
    return number;
}

/* "Merge pull request #24 from owner/branch": what GitHub calls a merge; 0 where it is none. */
static uint32_t merged_pull(const char *message)
{
    static const char words[] = "Merge pull request #";
    size_t digits;

    if (!string_starts(message, words))
        return 0;
    uint32_t const number = number_at(message + sizeof(words) - 1, &digits);
    return string_starts(message + sizeof(words) - 1 + digits, " from ") ? number : 0;
}

/* The first line behind the subject that isn't empty: a merge's has its pull request's title. */
static const char *second_line(const char *message, size_t *length)
{
    const char *rest = message, *line;

    string_next_line(&rest, length);
    while ((line = string_next_line(&rest, length)))
        if (*length)
            return line;
    return NULL;
}

/* git cherry-pick -x; where it was picked more than once, the first is the original. */
static const char *picked_from(struct arena *arena, const char *message)
{
    static const char words[] = "(cherry picked from commit ";
    const char *at = strstr(message, words);

    if (!at)
        return NULL;
    at += sizeof(words) - 1;
    size_t const length = strspn(at, "0123456789abcdef");
    return length >= 7 && length <= ID_LENGTH && at[length] == ')'
               ? arena_copy_bytes(arena, at, length)
               : NULL;
}

/* "type(scope)!: …", or a footer: https://www.conventionalcommits.org/en/v1.0.0/ */
static bool is_breaking(const char *message)
{
    size_t end = strspn(message, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    if (end && message[end] == '(')
        end += strcspn(message + end, ")\n") + 1;
    if (end && string_starts(message + end, "!: "))
        return true;
    return strstr(message, "\nBREAKING CHANGE: ") || strstr(message, "\nBREAKING-CHANGE: ");
}

/* The login of "12345+login@users.noreply.github.com", or without the number. */
static const char *login_of(struct arena *arena, const char *mail)
{
    const char *at = mail ? strstr(mail, "@users.noreply.") : NULL;

    if (!at)
        return NULL;
    const char *plus = memchr(mail, '+', (size_t)(at - mail));
    const char *start = plus ? plus + 1 : mail;
    size_t const length = (size_t)(at - start);
    size_t const plain =
        strspn(start, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-");
    bool const bot = plain + strlen("[bot]") == length && string_starts(start + plain, "[bot]");

    return length && (plain == length || bot) ? arena_copy_bytes(arena, start, length) : NULL;
}

static struct change change_of(struct arena *arena, const struct commit *commit, uint32_t merged)
{
    const char *message = commit->message + strspn(commit->message, " \t\r\n");
    size_t length = strcspn(message, "\r\n"), title_length;
    const char *title = merged ? second_line(message, &title_length) : NULL;
    struct change change = {
        .commit = arena_copy(arena, commit->id),
        .login = string_is_empty(commit->login) ? login_of(arena, commit->mail)
                                                : arena_copy(arena, commit->login),
        .picked = picked_from(arena, message),
        .pull = merged,
        .breaking = is_breaking(merged && title ? title : message),
    };

    if (title) {
        change.subject = arena_copy_bytes(arena, title, title_length);
        return change;
    }
    char *subject = arena_copy_bytes(arena, message, length);
    if (!merged) {
        change.pull = changes_number(subject, &length);
        subject[length] = '\0';
    }
    change.subject = subject;
    return change;
}

/* ---- which commits count -------------------------------------------------------------------------- */

static struct pending_commit *find_pending(const struct changes_reader *reader, const char *id)
{
    for (size_t i = 0; i < reader->count; i++)
        if (strncmp(reader->pending[i].id, id, ID_LENGTH) == 0)
            return &reader->pending[i];
    return NULL;
}

/* A commit that stands for itself for one of its children does so whatever the others say. */
static void add_pending(struct changes_reader *reader, const char *id, bool stands)
{
    struct pending_commit *found = find_pending(reader, id);

    if (found) {
        found->stands = found->stands || stands;
        return;
    }
    if (reader->count == reader->capacity) {
        reader->capacity = reader->capacity ? reader->capacity * 2 : 64;
        reader->pending = memory_grow(reader->pending, reader->capacity * sizeof(*reader->pending));
    }
    found = &reader->pending[reader->count++];
    *found = (struct pending_commit){.stands = stands};
    strncat(found->id, id, ID_LENGTH);
}

/* Does it stand for itself? The first of all does. */
static bool take_pending(struct changes_reader *reader, const char *id)
{
    struct pending_commit *found = find_pending(reader, id);

    if (!found)
        return true;
    bool const stands = found->stands;
    *found = reader->pending[--reader->count];
    return stands;
}

void changes_read(struct arena *arena, struct changes_reader *reader, const struct commit *commit,
                  struct changes *changes)
{
    bool const stands = take_pending(reader, commit->id);
    bool const merge = commit->parent_count > 1;
    uint32_t const merged = merge ? merged_pull(commit->message) : 0;

    for (size_t i = 0; i < commit->parent_count; i++)
        add_pending(reader, commit->parents[i], stands && (i == 0 || !merged));
    if (!stands || (merge && !merged))
        return;
    changes->total++;
    if (changes->count == CHANGES_MOST)
        return;
    changes->items = arena_append(arena, changes->items, &changes->count, sizeof(*changes->items));
    changes->items[changes->count - 1] = change_of(arena, commit, merged);
}

void changes_finish(struct changes_reader *reader, struct changes *changes)
{
    for (size_t i = 0; i < changes->count / 2; i++) {
        struct change const swapped = changes->items[i];

        changes->items[i] = changes->items[changes->count - 1 - i];
        changes->items[changes->count - 1 - i] = swapped;
    }
    memory_free(reader->pending);
    *reader = (struct changes_reader){0};
}

bool changes_are_listed(const struct changes *changes, bool has_previous)
{
    return has_previous || changes->total <= CHANGES_OF_FIRST;
}
