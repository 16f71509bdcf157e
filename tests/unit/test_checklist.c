/* core/checklist: which lines are true, and where boxes are. Two tables, and what they leave out. */
#include "support.h"

#include "core/checklist.h"

#include <string.h>

static const struct {
    const char *name;
    unsigned bit;
} evidence_names[] = {
    {"branch", EVIDENCE_BRANCH},
    {"tag", EVIDENCE_TAG},
    {"signed", EVIDENCE_SIGNED},
    {"workflows", EVIDENCE_WORKFLOWS},
    {"quickstart", EVIDENCE_QUICKSTART},
    {"images", EVIDENCE_IMAGES},
    {"release", EVIDENCE_RELEASE},
    {"title", EVIDENCE_TITLE},
    {"notes", EVIDENCE_NOTES},
    {"highlights", EVIDENCE_HIGHLIGHTS},
    {"prerelease", EVIDENCE_PRERELEASE},
    {"assets", EVIDENCE_ASSETS},
    {"published", EVIDENCE_PUBLISHED},
    {"mail", EVIDENCE_MAIL},
    {"link", EVIDENCE_LINK},
    {"closed", EVIDENCE_CLOSED},
};

enum { ALL_EVIDENCE = (1 << COUNT_OF(evidence_names)) - 1 };

static struct checklist checklist_of(const char *kind, unsigned evidence)
{
    bool const candidate = strings_equal(kind, "candidate");

    return (struct checklist){
        .evidence = evidence,
        .candidate = candidate,
        .tag = candidate ? "v0.2.0-rc.1" : "v0.2.0",
        .version = candidate ? "0.2.0-rc.1" : "0.2.0",
        .branch = "release-0.2",
    };
}

static bool ticks(const char *line, const char *kind, unsigned evidence)
{
    struct checklist const checklist = checklist_of(kind, evidence);

    return checklist_proves(line, line + strlen(line), &checklist);
}

static unsigned evidence_of(struct arena *arena, const char *names)
{
    unsigned evidence = 0;
    const char *name;

    while ((name = next_part(arena, &names, ','))) {
        size_t i = 0;

        while (i < COUNT_OF(evidence_names) && !strings_equal(evidence_names[i].name, name))
            i++;
        if (i == COUNT_OF(evidence_names))
            fail_msg("no evidence is called %s", name);
        evidence |= evidence_names[i].bit;
    }
    return evidence;
}

/* Needed is what the table says, no less and no more. */
static void check_line(struct table *table, const struct table_row *row)
{
    const char *line = row->cells[0], *kind = row->cells[1];

    if (strings_equal(row->cells[2], "-")) {
        if (ticks(line, kind, ALL_EVIDENCE))
            table_wrong(table, row, "\"%s\" is ticked", line);
        return;
    }
    unsigned const needed = evidence_of(&table->arena, row->cells[2]);
    if (!ticks(line, kind, needed))
        table_wrong(table, row, "\"%s\" isn't ticked by %s", line, row->cells[2]);
    for (size_t i = 0; i < COUNT_OF(evidence_names); i++)
        if ((needed & evidence_names[i].bit) &&
            ticks(line, kind, ALL_EVIDENCE & ~evidence_names[i].bit))
            table_wrong(table, row, "\"%s\" is ticked without %s", line, evidence_names[i].name);
}

static void test_lines(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "checklist.tsv", 3, 80);
    for (size_t i = 0; i < table.count; i++)
        check_line(&table, &table.rows[i]);
    table_close(&table);
}

static const char *with_lines(struct arena *arena, const char *text)
{
    CLEANUP(text_free) struct text out = {0};
    const char *at;

    while ((at = strstr(text, "PUSH"))) {
        text_add_bytes(&out, text, (size_t)(at - text));
        text_add(&out, "Push the tag");
        text = at + strlen("PUSH");
    }
    text_add(&out, text);
    return arena_copy(arena, text_string(&out));
}

static void check_text(struct table *table, const struct table_row *row)
{
    struct checklist const checklist = checklist_of("final", ALL_EVIDENCE);
    const char *text = with_lines(&table->arena, row->cells[1]);
    bool const same = strings_equal(row->cells[2], "=");
    size_t count;
    const char *ticked = checklist_tick(&table->arena, text, &checklist, &count);

    if (same && ticked)
        table_wrong(table, row, "%s: ticked to \"%s\"", row->cells[0], ticked);
    if (!same)
        table_expect_text(table, row, row->cells[0], with_lines(&table->arena, row->cells[2]),
                          string_or(ticked, "(none)"));
    if (ticked && count != occurrences(ticked, "[x]"))
        table_wrong(table, row, "%s: %zu counted", row->cells[0], count);
    /* What is ticked is ticked once. */
    if (ticked && checklist_tick(&table->arena, ticked, &checklist, &count))
        table_wrong(table, row, "%s: ticked again", row->cells[0]);
}

static void test_texts(void **state)
{
    struct table table;
    (void)state;

    table_open(&table, "checklist-text.tsv", 3, 40);
    for (size_t i = 0; i < table.count; i++)
        check_text(&table, &table.rows[i]);
    table_close(&table);
}

/* A line of two prefixes' worth of tag: the words around a slash count by themselves. */
static void test_tags_with_a_prefix(void **state)
{
    struct checklist checklist = checklist_of("final", ALL_EVIDENCE);
    const char *ours = "Push the tag conformance/v0.2.0",
               *other = "Push the tag conformance/v0.1.0";
    (void)state;

    checklist.tag = "conformance/v0.2.0";
    assert_true(checklist_proves(ours, ours + strlen(ours), &checklist));
    assert_false(checklist_proves(other, other + strlen(other), &checklist));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_tags_with_a_prefix),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
