/* adapters/actions: the log, commands, outputs and the summary, as the runner reads them. */
#include "support.h"

#include "adapters/actions.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct place {
    struct arena arena;
    const char *folder;
    struct actions actions;
    struct text log; /* what was said since the last look */
};

static int open_place(void **state)
{
    static struct place place;

    place = (struct place){.folder = NULL};
    place.folder = make_folder(&place.arena);
    place.actions.commands = true;
    place.actions.output_path = arena_print(&place.arena, "%s/output", place.folder);
    place.actions.summary_path = arena_print(&place.arena, "%s/summary", place.folder);
    *state = &place;
    return 0;
}

static int close_place(void **state)
{
    struct place *place = *state;

    remove_folder(place->folder);
    text_free(&place->log);
    arena_free(&place->arena);
    return 0;
}

static const char *said(struct place *place)
{
    text_cut(&place->log, 0);
    capture_end(&place->log);
    return text_string(&place->log);
}

/* ---- the runner, reading --------------------------------------------------------------------- */

/* .NET's ReadLine ends a line at CR, LF or both. */
static const char *runner_line(const char **rest, size_t *length)
{
    const char *line = *rest;

    if (!*line)
        return NULL;
    *length = strcspn(line, "\r\n");
    *rest = line + *length;
    if (**rest == '\r')
        (*rest)++;
    if (**rest == '\n' && (*rest == line + *length || (*rest)[-1] == '\r'))
        (*rest)++;
    return line;
}

/* .NET's TrimStart also takes the blanks of Unicode. */
static const char *without_blanks(const char *line)
{
    static const char *const blanks[] = {
        " ",
        "\t",
        "\v",
        "\f",
        "\xc2\x85",
        "\xc2\xa0",
        "\xe1\x9a\x80",
        "\xe2\x80\x80",
        "\xe2\x80\x83",
        "\xe2\x80\x8a",
        "\xe2\x80\xa8",
        "\xe2\x80\xa9",
        "\xe2\x80\xaf",
        "\xe2\x81\x9f",
        "\xe3\x80\x80",
    };

    for (bool found = true; found;) {
        found = false;
        for (size_t i = 0; i < COUNT_OF(blanks); i++)
            if (string_starts(line, blanks[i])) {
                line += strlen(blanks[i]);
                found = true;
            }
    }
    return line;
}

/* The commands that the runner would carry out in a log; stop-commands are obeyed. */
static size_t commands_in(const char *log)
{
    char stopped[64] = "";
    size_t count = 0, length;
    const char *line;

    while ((line = runner_line(&log, &length))) {
        CLEANUP(text_free) struct text copy = {0};

        text_add_bytes(&copy, line, length);
        const char *at = without_blanks(text_string(&copy));
        if (*stopped) {
            if (string_starts(at, "::") && string_starts(at + 2, stopped))
                *stopped = '\0';
        } else if (string_starts(at, "::stop-commands::")) {
            snprintf(stopped, sizeof(stopped), "%s", at + strlen("::stop-commands::"));
            assert_true(strlen(stopped) >= 16); /* nobody guesses it */
        } else
            count += string_starts(at, "::") || strstr(at, "##[") != NULL;
    }
    assert_string_equal(stopped, ""); /* and they are started again */
    return count;
}

/* ---- the log --------------------------------------------------------------------------------- */

static void test_say(void **state)
{
    struct place *place = *state;

    capture_start();
    actions_say(&place->actions, "a %s of %d", "line", 7);
    assert_string_equal(said(place), "a line of 7\n");
}

/* What others wrote issues no command, however it hides. */
static void test_foreign_text_is_no_command(void **state)
{
    static const char *const hostile[] = {
        "::error::owned",
        "  ::set-output name=x::y",
        "\t::add-mask::x",
        "fine\n::error::owned",
        "fine\r\n::error::owned",
        "fine\r::error::owned",
        "fine\n\n \v::error::owned",
        "\xc2\xa0::error::owned",
        "\xe2\x80\x83::error::owned",
        "\xe3\x80\x80 ::error::owned",
        "x\n\xc2\x85::error::owned",
        "a ##[error]owned",
        "##[set-env name=PATH;]x",
        "::stop-commands::x\n::x::\n::error::owned",
    };
    struct place *place = *state;

    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        capture_start();
        actions_say(&place->actions, "%s", hostile[i]);
        const char *log = said(place);
        if (commands_in(log))
            fail_msg("case %zu: \"%s\" got through: %s", i, hostile[i], log);
    }
}

static void test_harmless_text_is_not_bracketed(void **state)
{
    static const char *const harmless[] = {"a::b", "std::string", "see https://x::1", "# [x]", ""};
    struct place *place = *state;

    for (size_t i = 0; i < COUNT_OF(harmless); i++) {
        capture_start();
        actions_say(&place->actions, "%s", harmless[i]);
        assert_lacks(said(place), "stop-commands");
    }
}

static void test_no_brackets_on_a_terminal(void **state)
{
    struct place *place = *state;

    place->actions.commands = false;
    capture_start();
    actions_say(&place->actions, "::x");
    assert_string_equal(said(place), "::x\n");
}

static void test_groups(void **state)
{
    struct place *place = *state;

    capture_start();
    actions_group(&place->actions, "The plan for 100%\nv1");
    actions_group_end(&place->actions);
    assert_string_equal(said(place), "::group::The plan for 100%25%0Av1\n::endgroup::\n");
    place->actions.commands = false;
    capture_start();
    actions_group(&place->actions, "The plan");
    actions_group_end(&place->actions);
    assert_string_equal(said(place), "The plan:\n");
}

static void test_annotations(void **state)
{
    struct place *place = *state;

    capture_start();
    actions_annotate(&place->actions, ANNOTATION_ERROR, ERROR_TAG_GONE, "50%: a,b\r\n::error::x",
                     "push it");
    const char *log = said(place);
    assert_string_equal(
        log, "::error title=CR-TAG-GONE Tag gone::50%25: a,b%0D%0A::error::x; push it\n");
    assert_int_equal(commands_in(log), 1);
    capture_start();
    actions_annotate(&place->actions, ANNOTATION_WARNING, ERROR_NOTES_CUT, "cut", NULL);
    actions_annotate(&place->actions, ANNOTATION_NOTICE, ERROR_BRANCH_BEHIND, "behind", "");
    assert_string_equal(said(place),
                        "::warning title=CR-NOTES-CUT Notes cut::cut\n"
                        "::notice title=CR-BRANCH-BEHIND Behind the release branch::behind\n");
    place->actions.commands = false;
    capture_start();
    actions_annotate(&place->actions, ANNOTATION_ERROR, ERROR_TAG_GONE, "gone", "push it");
    assert_string_equal(said(place), "error CR-TAG-GONE: gone; push it\n");
}

/* ---- secrets --------------------------------------------------------------------------------- */

static void test_masks(void **state)
{
    struct place *place = *state;

    capture_start();
    actions_mask(&place->actions, "ghs_token");
    actions_mask(&place->actions, "line one\r\n\nline%two\n");
    actions_mask(&place->actions, "ghs_token"); /* once is enough */
    actions_mask(&place->actions, "");
    actions_mask(&place->actions, NULL);
    assert_string_equal(said(place),
                        "::add-mask::ghs_token\n::add-mask::line one\n::add-mask::line%25two\n");
}

static void test_masked_everywhere(void **state)
{
    struct place *place = *state;
    CLEANUP(text_free) struct text output = {0}, summary = {0};

    capture_start();
    actions_mask(&place->actions, "ghs_token");
    actions_mask(&place->actions, "line one\nline two\n");
    said(place);
    capture_start();
    actions_say(&place->actions, "a ghs_token, line two; ghs_tokeghs_token");
    actions_annotate(&place->actions, ANNOTATION_ERROR, ERROR_TOKEN, "ghs_token", "line one");
    const char *log = said(place);
    assert_contains(log, "a ***, ***; ghs_toke***");
    assert_lacks(log, "ghs_token");
    assert_lacks(log, "line one");
    actions_output(&place->actions, "notes", "by ghs_token");
    actions_summary(&place->actions, "by ghs_token\n");
    read_whole(place->actions.output_path, &output);
    read_whole(place->actions.summary_path, &summary);
    assert_contains(text_string(&output), "by ***");
    assert_lacks(text_string(&output), "ghs_token");
    assert_string_equal(text_string(&summary), "by ***\n");
}

static void test_masks_on_a_terminal_too(void **state)
{
    struct place *place = *state;

    place->actions.commands = false;
    capture_start();
    actions_mask(&place->actions, "ghs_token");
    actions_say(&place->actions, "a ghs_token");
    assert_string_equal(said(place), "a ***\n");
}

/* One secret starts like another: none shows its end. */
static void test_overlapping_secrets(void **state)
{
    struct place *place = *state;

    capture_start();
    actions_mask(&place->actions, "abcd");
    actions_mask(&place->actions, "abcdefgh");
    actions_mask(&place->actions, "wxyz1234");
    actions_mask(&place->actions, "wxyz");
    said(place);
    capture_start();
    actions_say(&place->actions, "abcdefgh wxyz1234 abcd");
    assert_string_equal(said(place), "*** *** ***\n");
}

/* Four secret inputs, each as given and trimmed or as an option, and two tokens of a laptop. */
static void test_every_secret_is_masked(void **state)
{
    struct place *place = *state;
    CLEANUP(text_free) struct text all = {0};

    capture_start();
    for (int i = 0; i < 12; i++) {
        const char *secret = arena_print(&place->arena, "secret-%c%c", 'a' + i, 'a' + i);

        actions_mask(&place->actions, secret);
        text_print(&all, "%s ", secret);
    }
    said(place);
    capture_start();
    actions_say(&place->actions, "%s", text_string(&all));
    assert_lacks(said(place), "secret-");
}

/* ---- files of the runner --------------------------------------------------------------------- */

/* The value of an output, as the runner parses its file; the file must hold nothing else. */
static const char *parse_output(struct place *place, const char *name, const char *file)
{
    const char *heredoc = strstr(file, "<<");

    assert_non_null(heredoc);
    assert_int_equal((size_t)(heredoc - file), strlen(name));
    assert_memory_equal(file, name, strlen(name));
    size_t const width = strcspn(heredoc + 2, "\n");
    const char *delimiter = arena_copy_bytes(&place->arena, heredoc + 2, width);
    const char *value = heredoc + 2 + width + 1;
    const char *end = strstr(value, arena_print(&place->arena, "\n%s\n", delimiter));
    assert_non_null(end);
    assert_true(width >= 16);
    assert_string_equal(end + 1 + width + 1, "");
    return arena_copy_bytes(&place->arena, value, (size_t)(end - value));
}

static void test_outputs(void **state)
{
    static const char *const values[] = {
        "",
        "true",
        "one\ntwo\n",
        "EOF\nname=x",
        "a<<b\nc\nb",
        "gr\xc3\xbc\xc3\x9f\n\n",
        "::set-output name=x::y",
        "\r\n",
    };
    struct place *place = *state;

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        CLEANUP(text_free) struct text file = {0};

        write_file(place->actions.output_path, "", 0);
        actions_output(&place->actions, "notes", values[i]);
        read_whole(place->actions.output_path, &file);
        assert_string_equal(parse_output(place, "notes", text_string(&file)), values[i]);
    }
    assert_int_equal(place->actions.failure.code, ERROR_NONE);
}

static void test_delimiters_differ(void **state)
{
    struct place *place = *state;
    CLEANUP(text_free) struct text first = {0}, second = {0};

    actions_output(&place->actions, "a", "x");
    read_whole(place->actions.output_path, &first);
    write_file(place->actions.output_path, "", 0);
    actions_output(&place->actions, "a", "x");
    read_whole(place->actions.output_path, &second);
    assert_string_not_equal(text_string(&first), text_string(&second));
}

static void test_files_that_are_not_wanted(void **state)
{
    struct place *place = *state;

    place->actions.output_path = place->actions.summary_path = "";
    actions_output(&place->actions, "a", "x");
    actions_summary(&place->actions, "x");
    assert_int_equal(place->actions.failure.code, ERROR_NONE);
}

/* The first failure is kept; its exit status is that of a failure, not of a bad input. */
static void test_a_full_disk(void **state)
{
    struct place *place = *state;

    place->actions.output_path = "/dev/full";
    actions_output(&place->actions, "a", "x");
    assert_code(ERROR_OUTPUT, place->actions.failure.code);
    assert_int_equal(place->actions.failure.status, 1);
    assert_contains(place->actions.failure.message, "/dev/full");
    place->actions.summary_path = place->folder;
    actions_summary(&place->actions, "x");
    assert_contains(place->actions.failure.message, "/dev/full");
}

static void test_summary_limit(void **state)
{
    struct place *place = *state;
    CLEANUP(text_free) struct text markdown = {0}, file = {0};

    for (int i = 0; i < 30000; i++)
        text_print(&markdown, "| row %05d | gr\xc3\xbc\xc3\x9f, this one is rather long |\n", i);
    actions_summary(&place->actions, text_string(&markdown));
    read_whole(place->actions.summary_path, &file);
    assert_in_range(file.length, 1024 * 1024 - 200, 1024 * 1024);
    assert_contains(text_string(&file), "1 MiB");
    const char *cut = strstr(text_string(&file), "\n\n(cut");
    assert_non_null(cut);
    assert_memory_equal(cut - 2, "|\n", 2); /* a whole row */
}

static void test_summary_of_exactly_the_limit(void **state)
{
    struct place *place = *state;
    CLEANUP(text_free) struct text markdown = {0}, file = {0};

    while (markdown.length < 1024 * 1024)
        text_add(&markdown, "0123456789abcde\n");
    assert_int_equal(markdown.length, 1024 * 1024);
    actions_summary(&place->actions, text_string(&markdown));
    read_whole(place->actions.summary_path, &file);
    assert_string_equal(text_string(&file), text_string(&markdown));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_place, close_place)

/* In a child, since it ends the process. */
static void test_out_of_memory(void **state)
{
    struct place *place = *state;
    CLEANUP(text_free) struct text file = {0};
    int status = 0;

    capture_start();
    pid_t const child = fork();
    if (!child) {
        actions_when_exhausted(&place->actions);
        memory_exhausted();
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_contains(said(place), "::error title=CR-MEMORY Out of memory::");
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    read_whole(place->actions.summary_path, &file);
    assert_contains(text_string(&file), "**CR-MEMORY**");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_say),
        TEST(test_foreign_text_is_no_command),
        TEST(test_harmless_text_is_not_bracketed),
        TEST(test_no_brackets_on_a_terminal),
        TEST(test_groups),
        TEST(test_annotations),
        TEST(test_masks),
        TEST(test_masked_everywhere),
        TEST(test_masks_on_a_terminal_too),
        TEST(test_overlapping_secrets),
        TEST(test_every_secret_is_masked),
        TEST(test_outputs),
        TEST(test_delimiters_differ),
        TEST(test_files_that_are_not_wanted),
        TEST(test_a_full_disk),
        TEST(test_out_of_memory),
        TEST(test_summary_limit),
        TEST(test_summary_of_exactly_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
