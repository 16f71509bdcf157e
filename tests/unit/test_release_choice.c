/* core/release_choice: every run finds the same winner. A table, and what it leaves out. */
#include "support_model.h"

#include "core/marker.h"
#include "core/release_choice.h"

#include <stdlib.h>
#include <string.h>

enum { WHAT, RELEASES, EDITS, WINNER, PART, ALSO, LOSERS, OTHERS, CHANGES };

static const char tag[] = "v0.1.0-rc.1";

static bool has(const char *kind, const char *word)
{
    return strstr(kind, word) != NULL;
}

static struct asset_file planned_file = {.name = "tool.tar.gz"};
static const struct file_facts planned = {.items = &planned_file, .count = 1};

static struct release_wish wish_of(struct arena *arena, bool replace)
{
    return (struct release_wish){
        .tag = tag,
        .commit = object_id(arena, 'c', 1),
        .title = tag,
        .prerelease = true,
        .replace_edits = replace,
        .recipe = 0xABCDEF,
        .files = &planned,
    };
}

static const char *replaced(struct arena *arena, const char *text, const char *from,
                            const char *into)
{
    CLEANUP(text_free) struct text out = {0};
    const char *at;

    while ((at = strstr(text, from))) {
        text_add_bytes(&out, text, (size_t)(at - text));
        text_add(&out, into);
        text = at + strlen(from);
    }
    text_add(&out, text);
    return arena_copy(arena, text_string(&out));
}

static const char *body_of(struct arena *arena, const char *kind)
{
    CLEANUP(text_free) struct text body = {0};
    struct marker const marker = {
        .tag = has(kind, "tag") ? "v0.1.0-rc.2" : tag,
        .commit = object_id(arena, 'c', has(kind, "commit") ? 2 : 1),
        .recipe = has(kind, "recipe") ? 0x123456 : 0xABCDEF,
        .title = marker_hash(tag),
    };

    if (has(kind, "empty"))
        return "";
    if (!has(kind, "ours"))
        return "Release v0.1.0-rc.1";
    if (has(kind, "around"))
        text_add(&body, "Read this first.\n\n");
    marker_write(&body, &marker, "* one\n* two");
    if (has(kind, "damaged"))
        text_add(&body, "\n<!-- cut-release:end -->");
    const char *made = arena_copy(arena, text_string(&body));
    if (has(kind, "edited"))
        made = replaced(arena, made, "* two", "* two, and more");
    return has(kind, "crlf") ? replaced(arena, made, "\n", "\r\n") : made;
}

/* "asset" is anybody's, "planned" one of the files that a run uploads. */
static struct asset_facts assets_of(struct arena *arena, const char *kind)
{
    struct asset_facts assets = {.items = arena_take(arena, 2 * sizeof(*assets.items))};

    if (has(kind, "asset"))
        assets.items[assets.count++] = (struct asset){.name = "by-hand.txt", .whole = true};
    if (has(kind, "planned"))
        assets.items[assets.count++] = (struct asset){.name = "tool.tar.gz", .whole = true};
    return assets;
}

static void add_release(struct arena *arena, struct release_facts *releases, const char *word)
{
    const char *kind = strchr(word, ':') + 1;
    bool const other_title = has(kind, "title") || has(kind, "stub");

    releases->items =
        arena_append(arena, releases->items, &releases->count, sizeof(*releases->items));
    releases->items[releases->count - 1] = (struct release){
        .id = atoll(word),
        .tag = tag,
        .title = has(kind, "untitled") || has(kind, "empty") ? ""
                 : other_title                               ? "Somebody's title"
                                                             : tag,
        .body = body_of(arena, kind),
        .page = "",
        .upload_url = "",
        .draft = *kind != 'P',
        .prerelease = !has(kind, "flag"),
        .assets = assets_of(arena, kind),
    };
}

static const char *part_text(enum part_change part)
{
    static const char *const texts[] = {
        [PART_KEEP] = "keep", [PART_ADD] = "add", [PART_RENEW] = "renew", [PART_REFUSE] = "refuse"};

    return texts[part];
}

static const char *also_text(struct arena *arena, const struct release_choice *choice)
{
    CLEANUP(text_free) struct text out = {0};

    text_add(&out, choice->edited ? ",edited" : "");
    text_add(&out, choice->set_title ? ",set-title" : "");
    text_add(&out, choice->title_kept ? ",title-kept" : "");
    text_add(&out, choice->set_prerelease ? ",set-flag" : "");
    text_add(&out, choice->differences ? ",differs" : "");
    return out.length ? arena_copy(arena, text_string(&out) + 1) : "-";
}

static const char *loser_text(struct arena *arena, const struct release_choice *choice)
{
    CLEANUP(text_free) struct text out = {0};

    for (int64_t id = 0; id < 100; id++)
        for (size_t i = 0; i < choice->loser_count; i++)
            if (choice->losers[i]->id == id)
                text_print(&out, "%s%d", out.length ? "," : "", (int)id);
    return out.length ? arena_copy(arena, text_string(&out)) : "-";
}

static void check_choice(struct table *table, const struct table_row *row, struct arena *arena,
                         const struct release_facts *releases)
{
    struct release_wish const wish = wish_of(arena, strings_equal(row->cells[EDITS], "replace"));
    struct release_choice choice;

    release_choose(arena, releases, &wish, &choice);
    const char *winner = choice.winner ? arena_print(arena, "%d", (int)choice.winner->id) : "new";
    table_expect_text(table, row, "winner", row->cells[WINNER], winner);
    table_expect_text(table, row, "part", row->cells[PART], part_text(choice.part));
    table_expect_text(table, row, "also", row->cells[ALSO], also_text(arena, &choice));
    table_expect_text(table, row, "losers", row->cells[LOSERS], loser_text(arena, &choice));
    table_expect_number(table, row, "others", atoi(row->cells[OTHERS]), (int)choice.others);
    table_expect_text(table, row, "changes", row->cells[CHANGES],
                      release_choice_changes(&choice) ? "yes" : "no");
    bool const needs =
        strings_equal(row->cells[PART], "add") || strings_equal(row->cells[PART], "renew");
    table_expect_number(table, row, "needs its part", needs, release_choice_needs_part(&choice));
}

/* In whatever order the server lists them. */
static void check_row(struct table *table, const struct table_row *row, bool reversed)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct release_facts releases = {0};
    const char *rest = row->cells[RELEASES], *word;

    while ((word = next_part(&arena, &rest, ' ')))
        if (!strings_equal(word, "-"))
            add_release(&arena, &releases, word);
    for (size_t i = 0; reversed && i < releases.count / 2; i++) {
        struct release const swapped = releases.items[i];

        releases.items[i] = releases.items[releases.count - 1 - i];
        releases.items[releases.count - 1 - i] = swapped;
    }
    check_choice(table, row, &arena, &releases);
}

static void test_choices(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "release_choice.tsv", 9, 40);
    for (size_t i = 0; i < table.count; i++) {
        check_row(&table, &table.rows[i], false);
        check_row(&table, &table.rows[i], true);
    }
    table_close(&table);
}

/* A title that we set follows the input; a person's stays. */
static void test_title_follows_the_input(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct release_facts releases = {0};
    struct release_choice choice;
    struct release_wish wish = wish_of(&arena, false);
    (void)state;

    add_release(&arena, &releases, "5:ours");
    wish.title = "Release v0.1.0-rc.1";
    release_choose(&arena, &releases, &wish, &choice);
    assert_true(choice.set_title);
    assert_false(choice.title_kept);
    assert_true(release_choice_changes(&choice));
    releases.items[0].title = "By hand";
    release_choose(&arena, &releases, &wish, &choice);
    assert_false(choice.set_title);
    assert_true(choice.title_kept);
}

/* The differences of a published release are named, and harmless. */
static void test_differences_are_named(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct release_facts releases = {0};
    struct release_wish const wish = wish_of(&arena, false);
    struct release_choice choice;
    (void)state;

    add_release(&arena, &releases, "5:Pours+commit+flag");
    releases.items[0].title = "Odd\n::error::title";
    release_choose(&arena, &releases, &wish, &choice);
    assert_non_null(choice.differences);
    assert_contains(choice.differences, "pre-release");
    assert_contains(choice.differences, "Odd");
    assert_contains(choice.differences, "commit");
    assert_lacks(choice.differences, "\n");
}

static void test_untouched(void **state)
{
    static const struct {
        const char *release;
        bool untouched;
    } cases[] = {
        {"5:ours", true},        {"5:ours+commit", true},  {"5:ours+recipe", true},
        {"5:ours+crlf", true},   {"5:Pours", false},       {"5:stub", false},
        {"5:empty", false},      {"5:ours+edited", false}, {"5:ours+around", false},
        {"5:ours+asset", false}, {"5:ours+title", false},  {"5:ours+damaged", false},
        {"5:ours+tag", false},   {"5:ours+planned", true}, {"5:ours+planned+asset", false},
    };
    struct release_wish const wish = {.tag = tag, .files = &planned};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct release_facts releases = {0};

        add_release(&arena, &releases, cases[i].release);
        if (release_is_untouched(&arena, &releases.items[0], &wish) != cases[i].untouched)
            fail_msg("%s was expected to be %s", cases[i].release,
                     cases[i].untouched ? "untouched" : "touched");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_title_follows_the_input),
        cmocka_unit_test(test_differences_are_named),
        cmocka_unit_test(test_untouched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
