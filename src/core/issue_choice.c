#include "core/issue_choice.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

/* A repository with more closed issues of one title than that has other cares. */
enum { MOST_TO_ASK = 10 };

const char *issue_title(struct arena *arena, const struct target *target)
{
    struct version final = target->version;

    final.label[0] = '\0';
    final.number = 0;
    return arena_print(arena, "Release %s", version_tag(arena, &target->grammar, &final));
}

static const char *skip_blanks(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

bool issue_title_is(const char *title, const char *wanted)
{
    title = skip_blanks(title);
    wanted = skip_blanks(wanted);
    while (*title && *wanted) {
        bool const blank = isspace((unsigned char)*title);

        if (blank != (isspace((unsigned char)*wanted) != 0) ||
            (!blank && tolower((unsigned char)*title) != tolower((unsigned char)*wanted)))
            return false;
        title = blank ? skip_blanks(title) : title + 1;
        wanted = blank ? skip_blanks(wanted) : wanted + 1;
    }
    return !*skip_blanks(title) && !*skip_blanks(wanted);
}

static void choose_by_number(const struct facts *facts, struct issue_choice *choice)
{
    const struct issue *issue = facts->issues.count ? &facts->issues.items[0] : NULL;

    choice->found = !issue                ? ISSUE_MISSING
                    : issue->elsewhere    ? ISSUE_ELSEWHERE
                    : issue->pull_request ? ISSUE_PULL_REQUEST
                                          : ISSUE_ONE;
    if (choice->found == ISSUE_ONE)
        choice->winner = issue;
}

static bool has_our_comment(const struct facts *facts, const struct issue *issue)
{
    for (size_t i = 0; i < facts->issue_comments.count; i++)
        if (facts->issue_comments.items[i].issue == issue->number)
            return true;
    return false;
}

static void add_number(struct text *list, const char *separator, const char *mark, int64_t number)
{
    text_print(list, "%s%s%" PRId64, list->length ? separator : "", mark, number);
}

/* Those that count: open ones, or closed ones that bear our comment. */
static size_t count_those(struct arena *arena, const struct facts *facts, const char *title,
                          bool closed, struct issue_choice *choice)
{
    CLEANUP(text_free) struct text numbers = {0};
    size_t count = 0;

    for (size_t i = 0; i < facts->issues.count; i++) {
        const struct issue *issue = &facts->issues.items[i];

        if (issue->closed != closed || issue->pull_request || issue->elsewhere ||
            !issue->by_maintainers || !issue_title_is(issue->title, title) ||
            (closed && !has_our_comment(facts, issue)))
            continue;
        count++;
        choice->winner = issue;
        add_number(&numbers, ", ", "#", issue->number);
    }
    choice->numbers = arena_copy(arena, text_string(&numbers));
    return count;
}

/* Issues that somebody else titled so; and closed ones, whose comments have to tell. */
static void sort_others(struct arena *arena, const struct facts *facts, const char *title,
                        struct issue_choice *choice)
{
    CLEANUP(text_free) struct text strangers = {0}, closed = {0};
    size_t count = 0;

    for (size_t i = 0; i < facts->issues.count; i++) {
        const struct issue *issue = &facts->issues.items[i];

        if (issue->pull_request || issue->elsewhere || !issue_title_is(issue->title, title))
            continue;
        if (!issue->by_maintainers && !issue->closed)
            add_number(&strangers, ", ", "#", issue->number);
        if (issue->by_maintainers && issue->closed && count++ < MOST_TO_ASK)
            add_number(&closed, ",", "", issue->number);
    }
    choice->strangers = strangers.length ? arena_copy(arena, text_string(&strangers)) : NULL;
    choice->to_ask = closed.length ? arena_copy(arena, text_string(&closed)) : NULL;
}

static void choose_by_title(struct arena *arena, const struct target *target,
                            const struct facts *facts, struct issue_choice *choice)
{
    const char *title = issue_title(arena, target);

    sort_others(arena, facts, title, choice);
    size_t count = count_those(arena, facts, title, false, choice);
    if (count)
        choice->to_ask = NULL;
    else
        count = count_those(arena, facts, title, true, choice);
    choice->found = !count ? ISSUE_NONE : count == 1 ? ISSUE_ONE : ISSUE_SEVERAL;
    if (choice->found != ISSUE_ONE)
        choice->winner = NULL;
}

void issue_choose(struct arena *arena, const struct inputs *inputs, const struct target *target,
                  const struct facts *facts, struct issue_choice *choice)
{
    *choice = (struct issue_choice){.found = ISSUE_NONE};
    if (input_is(inputs, INPUT_ISSUE, "auto"))
        choose_by_title(arena, target, facts, choice);
    else
        choose_by_number(facts, choice);
    if (choice->found == ISSUE_ONE && !choice->to_ask)
        choice->to_ask = arena_print(arena, "%" PRId64, choice->winner->number);
}

/* Every run ranks alike: what a person has edited stays, and so is the one. */
static bool is_ahead(const struct issue_comment *a, const struct issue_comment *b)
{
    return a->intact != b->intact ? !a->intact : a->id < b->id;
}

void comment_choose(struct arena *arena, const struct issue_comments *comments, int64_t issue,
                    const char *tag, struct comment_choice *choice)
{
    struct comment_choice found = {.winner = NULL};

    for (size_t i = 0; i < comments->count; i++) {
        const struct issue_comment *comment = &comments->items[i];

        if (comment->issue == issue && strings_equal(comment->tag, tag) &&
            (!found.winner || is_ahead(comment, found.winner)))
            found.winner = comment;
    }
    for (size_t i = 0; i < comments->count; i++) {
        const struct issue_comment *comment = &comments->items[i];

        if (comment->issue != issue || !strings_equal(comment->tag, tag) ||
            comment == found.winner || !comment->intact)
            continue;
        found.losers = arena_append(arena, found.losers, &found.loser_count, sizeof(*found.losers));
        found.losers[found.loser_count - 1] = comment;
    }
    *choice = found;
}
