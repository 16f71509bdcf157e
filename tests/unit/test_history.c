/* core/history: neighbours of a version among the tags, by a table. */
#include "support_model.h"

#include "core/history.h"

static void read_target(struct arena *arena, const char *prefix, const char *tag,
                        struct target *target)
{
    struct grammar_miss miss;

    *target = (struct target){.grammar = {prefix, "alpha beta rc"}, .tag = tag, .project = "p"};
    if (version_parse(arena, &target->grammar, tag, &target->version, &miss))
        fail_msg("%s is not valid", tag);
}

static void add_tags(struct arena *arena, struct model *model, const char *names, bool reversed)
{
    const char *list[32], *name;
    size_t count = 0;

    while ((name = next_part(arena, &names, ' '))) {
        assert_true(count < COUNT_OF(list));
        list[count++] = name;
    }
    for (size_t i = 0; i < count; i++)
        model_add_tag(arena, model, list[reversed ? count - 1 - i : i],
                      object_id(arena, 'c', (unsigned)i));
}

static const char *name_of(const struct git_ref *ref)
{
    return ref ? ref->name : NULL;
}

static void check_row(struct table *table, const struct table_row *row, bool reversed)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct model model = {0};
    struct target target;
    struct history history;

    add_tags(&arena, &model, row->cells[0], reversed);
    read_target(&arena, string_or(cell_or_null(row->cells[2]), ""), row->cells[1], &target);
    history_read(&arena, &target, &model.tags, &history);
    table_expect_text(table, row, "previous tag", cell_or_null(row->cells[3]),
                      history_previous_tag(&target, &history));
    table_expect_text(table, row, "highest final", row->cells[4],
                      history.is_highest_final ? "yes" : "no");
    table_expect_text(table, row, "last candidate", cell_or_null(row->cells[5]),
                      name_of(history.last_candidate));
}

/* Whatever the order in which a server lists the tags. */
static void test_previous(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "previous.tsv", 6, 40);
    for (size_t i = 0; i < table.count; i++) {
        check_row(&table, &table.rows[i], false);
        check_row(&table, &table.rows[i], true);
    }
    table_close(&table);
}

static void test_neighbours(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct model model = {0};
    struct target target;
    struct history history;
    (void)state;

    add_tags(&arena, &model, "v0.1.0 v0.1.1 v0.1.2-rc.1 v0.1.2-rc.2 v0.1.2-rc.3 v0.1.2 v0.2.0",
             false);
    read_target(&arena, "v", "v0.1.2-rc.3", &target);
    history_read(&arena, &target, &model.tags, &history);
    assert_string_equal(name_of(history.tag), "v0.1.2-rc.3");
    assert_string_equal(name_of(history.final_of_candidate), "v0.1.2");
    assert_string_equal(name_of(history.candidate_before), "v0.1.2-rc.2");
    assert_string_equal(name_of(history.last_candidate), "v0.1.2-rc.2");
    assert_string_equal(name_of(history.patch_before), "v0.1.1");
    assert_string_equal(name_of(history.highest_final_below), "v0.1.1");
    assert_false(history.is_highest_final);
    read_target(&arena, "v", "v0.3.0-rc.1", &target);
    history_read(&arena, &target, &model.tags, &history);
    assert_null(history.tag);
    assert_null(history.final_of_candidate);
    assert_null(history.candidate_before);
    assert_null(history.patch_before);
}

static void test_highest_line(void **state)
{
    static const struct {
        const char *template, *branches;
        int major, minor; /* -1: none */
    } cases[] = {
        {"release-{major}.{minor}", "", -1, -1},
        {"release-{major}.{minor}", "main release-next release-1 release-1. release-.1", -1, -1},
        {"release-{major}.{minor}", "release-0.9 release-0.10 release-0.2", 0, 10},
        {"release-{major}.{minor}", "release-0.10 release-1.0 release-0.11", 1, 0},
        {"release-{major}.{minor}", "release-0.1 release-0.9-fix release-0.9.1", 0, 1},
        {"release-{major}.{minor}", "release-0.1 release-1234567890.0", 0, 1},
        {"release-{major}.{minor}", "release-0.1 xrelease-0.2 release-0.3x", 0, 1},
        {"{major}.{minor}.x", "0.1.x 0.12.x 0.9.y", 0, 12},
        {"{project}-{major}.{minor}", "p-0.3 q-0.9", 0, 3},
        {"release-{major}", "release-3 release-0.9", 3, 0},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct model model = {0};
        struct version line = {.major = 99, .minor = 99};
        struct target const target = {.project = "p"};
        const char *rest = cases[i].branches, *name;

        while ((name = next_part(&arena, &rest, ' ')))
            model_add_branch(&arena, &model, name, object_id(&arena, 'c', 1));
        bool const found =
            history_highest_line(&arena, cases[i].template, &target, &model.branches, &line);
        assert_int_equal(found, cases[i].major >= 0);
        if (found) {
            assert_int_equal(line.major, cases[i].major);
            assert_int_equal(line.minor, cases[i].minor);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_previous),
        cmocka_unit_test(test_neighbours),
        cmocka_unit_test(test_highest_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
