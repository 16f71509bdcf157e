/* core/changes: what commits say, and which of them stand for themselves. */
#include "support.h"

#include "core/changes.h"

#include <stdlib.h>
#include <string.h>

enum { WHAT, MESSAGE, PARENTS, MAIL, SUBJECT, PULL, PICKED, BREAKING, LOGIN, COLUMNS };

static void test_table(void **state)
{
    static const char *const parents[] = {"p1", "p2"};
    struct table table;
    (void)state;

    table_open(&table, "changes.tsv", COLUMNS, 36);
    for (size_t i = 0; i < table.count; i++) {
        const struct table_row *row = &table.rows[i];
        struct commit const commit = {.id = "c1",
                                      .parents = parents,
                                      .parent_count = (size_t)atoi(row->cells[PARENTS]),
                                      .message = row->cells[MESSAGE],
                                      .mail = row->cells[MAIL]};
        struct changes_reader reader = {0};
        struct changes changes = {0};

        changes_read(&table.arena, &reader, &commit, &changes);
        changes_finish(&reader, &changes);
        table_expect_number(&table, row, "changes", 1, (long long)changes.count);
        if (!changes.count)
            continue;
        const struct change *change = &changes.items[0];
        table_expect_text(&table, row, "the subject", row->cells[SUBJECT], change->subject);
        table_expect_number(&table, row, "the number", atoi(row->cells[PULL]), change->pull);
        table_expect_text(&table, row, "the original", cell_or_null(row->cells[PICKED]),
                          change->picked);
        table_expect_number(&table, row, "it breaks", strings_equal(row->cells[BREAKING], "yes"),
                            change->breaking);
        table_expect_text(&table, row, "the login", cell_or_null(row->cells[LOGIN]), change->login);
    }
    table_close(&table);
}

/* Commits as "ID:PARENT,PARENT:SUBJECT", children first; the subjects that stand, the oldest first. */
static const char *standing(struct arena *arena, const char *const *lines)
{
    CLEANUP(text_free) struct text out = {0};
    struct changes_reader reader = {0};
    struct changes changes = {0};

    for (; *lines; lines++) {
        const char *rest = *lines, *parents[3];
        size_t count = 0;
        const char *id = next_part(arena, &rest, ':');
        const char *list = next_part(arena, &rest, ':'), *parent;

        while ((parent = next_part(arena, &list, ',')))
            if (*parent)
                parents[count++] = parent;
        changes_read(
            arena, &reader,
            &(struct commit){.id = id, .parents = parents, .parent_count = count, .message = rest},
            &changes);
    }
    changes_finish(&reader, &changes);
    assert_null(reader.pending);
    for (size_t i = 0; i < changes.count; i++)
        text_print(&out, "%s%s", i ? " " : "", changes.items[i].subject);
    return arena_copy(arena, text_string(&out));
}

#define STANDING(...) standing(&arena, (const char *const[]){__VA_ARGS__, NULL})

static void test_who_stands(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_string_equal(STANDING("c:b:three", "b:a:two", "a::one"), "one two three");
    /* What a merged pull request brought stands for nothing, however deep. */
    assert_string_equal(STANDING("m:b,y:Merge pull request #7 from o/b\n\nseven", "y:x:inner",
                                 "x:a:first", "b:a:two", "a::one"),
                        "one two seven");
    /* What another merge brought does. */
    assert_string_equal(
        STANDING("m:b,y:Merge branch 'main'", "y:x:four", "x:a:three", "b:a:two", "a::one"),
        "one two three four");
    /* A merge of the trunk inside of a pull request doesn't hide the trunk's own. */
    assert_string_equal(STANDING("m:b,y:Merge pull request #7 from o/b\n\nseven",
                                 "y:x,b:Merge branch 'main'", "b:a:two", "x:a:inner", "a::one"),
                        "one two seven");
    /* The same where the trunk's commit is reached through the pull request first. */
    assert_string_equal(STANDING("m:c,y:Merge pull request #7 from o/b\n\nseven", "y:b:inner",
                                 "c:b:three", "b:a:two", "a::one"),
                        "one two three seven");
}

static void test_only_the_newest_are_kept(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct changes_reader reader = {0};
    struct changes changes = {0};
    (void)state;

    for (int i = 0; i < CHANGES_MOST + 3; i++) {
        const char *parent = arena_print(&arena, "c%d", i + 1);

        changes_read(&arena, &reader,
                     &(struct commit){.id = arena_print(&arena, "c%d", i),
                                      .parents = &parent,
                                      .parent_count = 1,
                                      .message = arena_print(&arena, "number %d", i)},
                     &changes);
    }
    changes_finish(&reader, &changes);
    assert_int_equal(changes.count, CHANGES_MOST);
    assert_int_equal(changes.total, CHANGES_MOST + 3);
    assert_string_equal(changes.items[CHANGES_MOST - 1].subject, "number 0");
}

static void test_the_first_release_lists_few(void **state)
{
    (void)state;

    assert_true(changes_are_listed(&(struct changes){.total = CHANGES_OF_FIRST}, false));
    assert_false(changes_are_listed(&(struct changes){.total = CHANGES_OF_FIRST + 1}, false));
    assert_true(changes_are_listed(&(struct changes){.total = CHANGES_OF_FIRST + 1}, true));
}

/* The server's own word on the author counts more than the mail. */
static void test_login_of_the_server(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct changes_reader reader = {0};
    struct changes changes = {0};
    (void)state;

    changes_read(&arena, &reader,
                 &(struct commit){.id = "c1",
                                  .message = "Fix it",
                                  .mail = "old@users.noreply.github.com",
                                  .login = "renamed"},
                 &changes);
    changes_finish(&reader, &changes);
    assert_string_equal(changes.items[0].login, "renamed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_who_stands),
        cmocka_unit_test(test_only_the_newest_are_kept),
        cmocka_unit_test(test_the_first_release_lists_few),
        cmocka_unit_test(test_login_of_the_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
