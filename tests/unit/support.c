#include "support.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- tables ---------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *unescape(char *cell)
{
    char *out = cell;

    for (char *at = cell; *at; at++) {
        if (*at != '\\') {
            *out++ = *at;
            continue;
        }
        at++;
        if (*at == 'x' && hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0) {
            *out++ = (char)(hex_digit(at[1]) * 16 + hex_digit(at[2]));
            at += 2;
        } else if (*at != 'e')
            *out++ = *at == 't' ? '\t' : *at == 'n' ? '\n' : *at == 'r' ? '\r' : *at;
    }
    *out = '\0';
    return cell;
}

static void read_row(struct table *table, size_t line, char *text, size_t columns, bool lenient)
{
    table->rows = arena_append(&table->arena, table->rows, &table->count, sizeof(*table->rows));
    struct table_row *row = &table->rows[table->count - 1];
    size_t cells = 0;

    row->line = line;
    for (char *cell = text; cell; cells++) {
        char *tab = strchr(cell, '\t');

        if (tab)
            *tab++ = '\0';
        if (cells == columns)
            fail_msg("%s:%zu has more than %zu cells", table->path, line, columns);
        row->cells[cells] = lenient ? cell : unescape(cell);
        cell = tab;
    }
    for (; cells < columns; cells++) {
        if (!lenient)
            fail_msg("%s:%zu has %zu cells, %zu were expected", table->path, line, cells, columns);
        row->cells[cells] = "";
    }
}

void table_open_path(struct table *table, const char *path, size_t columns, bool lenient)
{
    CLEANUP(text_free) struct text content = {0};
    const char *rest, *line;
    size_t length, number = 0;

    assert_true(columns <= TABLE_MOST_CELLS);
    *table = (struct table){0};
    table->path = arena_copy(&table->arena, path);
    read_whole(path, &content);
    rest = text_string(&content);
    while ((line = string_next_line(&rest, &length))) {
        number++;
        if (length && *line != '#')
            read_row(table, number, arena_copy_bytes(&table->arena, line, length), columns,
                     lenient);
    }
}

void table_open(struct table *table, const char *name, size_t columns, size_t least)
{
    struct arena arena = {0};
    const char *folder = string_or(getenv("CASES"), "tests/cases");

    table_open_path(table, arena_print(&arena, "%s/%s", folder, name), columns, false);
    arena_free(&arena);
    if (table->count < least)
        fail_msg("%s has %zu rows, at least %zu were expected", table->path, table->count, least);
}

void table_wrong(struct table *table, const struct table_row *row, const char *format, ...)
{
    char message[2048];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    print_error("%s:%zu: %s\n    %s\n", table->path, row->line, row->cells[0], message);
    table->failures++;
}

void table_expect_text(struct table *table, const struct table_row *row, const char *what,
                       const char *expected, const char *found)
{
    const char *none = "(none)";

    if ((!expected) != (!found) || !strings_equal(expected, found))
        table_wrong(table, row, "%s: \"%s\" was expected, \"%s\" was found", what,
                    expected ? expected : none, found ? found : none);
}

void table_expect_number(struct table *table, const struct table_row *row, const char *what,
                         long long expected, long long found)
{
    if (expected != found)
        table_wrong(table, row, "%s: %lld was expected, %lld was found", what, expected, found);
}

void table_close(struct table *table)
{
    size_t const failures = table->failures, count = table->count;

    arena_free(&table->arena);
    if (failures)
        fail_msg("%zu expectations failed in a table of %zu rows", failures, count);
}

const char *cell_or_null(const char *cell)
{
    return strings_equal(cell, "-") ? NULL : cell;
}

const char *next_part(struct arena *arena, const char **rest, char separator)
{
    const char *start = *rest;

    while (*start == ' ')
        start++;
    if (!*start)
        return NULL;
    const char *end = strchr(start, separator);
    size_t length = end ? (size_t)(end - start) : strlen(start);
    *rest = start + length + (end != NULL);
    while (length && start[length - 1] == ' ')
        length--;
    return arena_copy_bytes(arena, start, length);
}

/* ---- time ------------------------------------------------------------------------------------ */

static int64_t fake_now_ms(void *state)
{
    return ((struct fake_clock *)state)->now_ms;
}

static int64_t fake_wall_seconds(void *state)
{
    const struct fake_clock *fake = state;

    return fake->wall_seconds + fake->slept_ms / 1000;
}

static void fake_sleep_ms(void *state, int64_t duration)
{
    struct fake_clock *fake = state;

    fake->now_ms += duration;
    fake->slept_ms += duration;
    fake->sleeps++;
}

static bool fake_interrupted(void *state)
{
    const struct fake_clock *fake = state;

    return fake->interrupt_after && fake->sleeps >= fake->interrupt_after;
}

void fake_clock_start(struct fake_clock *fake)
{
    *fake = (struct fake_clock){.now_ms = 1000 * 1000, .wall_seconds = 1700000000};
    fake->clock = (struct clock){
        .state = fake,
        .now_ms = fake_now_ms,
        .wall_seconds = fake_wall_seconds,
        .sleep_ms = fake_sleep_ms,
        .interrupted = fake_interrupted,
    };
}

/* ---- inputs ---------------------------------------------------------------------------------- */

const char *const *environment_of(struct arena *arena, const char *values)
{
    const char **variables = NULL;
    const char *rest = string_or(values, ""), *part;
    size_t count = 0;

    do {
        part = next_part(arena, &rest, '|');
        variables = arena_append(arena, variables, &count, sizeof(*variables));
        variables[count - 1] = part;
    } while (part);
    return variables;
}

void read_inputs(struct arena *arena, const char *values, struct inputs *inputs)
{
    static const char *const no_arguments[] = {NULL};
    const char *const *given = environment_of(arena, values);
    CLEANUP(text_free) struct text variables = {0};
    struct error error = {0};

    for (; *given; given++) {
        char *variable = arena_print(arena, "INPUT_%s", *given);

        for (char *at = variable; *at && *at != '='; at++)
            if (*at >= 'a' && *at <= 'z')
                *at = (char)(*at - 'a' + 'A');
        text_print(&variables, "%s|", variable);
    }
    if (inputs_read(arena, no_arguments, environment_of(arena, text_string(&variables)), inputs,
                    &error))
        fail_msg("inputs %s: %s", values, error.message);
}

enum error_code code_of(const char *text)
{
    for (enum error_code code = ERROR_NONE; code < ERROR_COUNT; code++)
        if (strings_equal(error_code_text(code), text))
            return code;
    fail_msg("there is no error code %s", text);
    return ERROR_NONE;
}

/* ---- the system ------------------------------------------------------------------------------ */

const char *make_folder(struct arena *arena)
{
    char *folder =
        arena_print(arena, "%s/cut-release-test-XXXXXX", string_or(getenv("TMPDIR"), "/tmp"));

    if (!mkdtemp(folder))
        fail_msg("no folder could be made in %s: %s", folder, strerror(errno));
    return folder;
}

void remove_folder(const char *folder)
{
    shell("rm -rf '%s'", folder);
}

void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
}

void read_whole(const char *path, struct text *out)
{
    FILE *file = fopen(path, "rb");
    char buffer[4096];
    size_t length;

    if (!file)
        fail_msg("%s can't be read: %s", path, strerror(errno));
    while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
        text_add_bytes(out, buffer, length);
    fclose(file);
}

/* What a command says, and its status. */
static int say_and_wait(const char *command, struct text *said)
{
    struct text merged = {0};
    char buffer[4096];
    size_t length;

    text_print(&merged, "{ %s\n} 2>&1", command);
    fflush(stdout);
    FILE *pipe = popen(text_string(&merged), "r");
    assert_non_null(pipe);
    while ((length = fread(buffer, 1, sizeof(buffer), pipe)) > 0)
        text_add_bytes(said, buffer, length);
    text_free(&merged);
    return pclose(pipe);
}

void shell(const char *format, ...)
{
    CLEANUP(text_free) struct text said = {0};
    char command[8192];
    va_list arguments;

    va_start(arguments, format);
    int const length = vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    assert_in_range(length, 1, sizeof(command) - 1);
    int const status = say_and_wait(command, &said);
    if (status)
        fail_msg("status %d of: %s\n%s", status, command, text_string(&said));
}

const char *shell_line(struct arena *arena, const char *format, ...)
{
    CLEANUP(text_free) struct text said = {0};
    char command[8192];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(command, sizeof(command), format, arguments);
    va_end(arguments);
    int const status = say_and_wait(command, &said);
    if (status)
        fail_msg("status %d of: %s\n%s", status, command, text_string(&said));
    return arena_copy_bytes(arena, text_string(&said), strcspn(text_string(&said), "\n"));
}

static FILE *captured;
static int kept_output = -1;

void capture_start(void)
{
    assert_int_equal(kept_output, -1);
    captured = tmpfile();
    assert_non_null(captured);
    fflush(stdout);
    kept_output = dup(STDOUT_FILENO);
    dup2(fileno(captured), STDOUT_FILENO);
}

void capture_end(struct text *out)
{
    char buffer[4096];
    size_t length;

    fflush(stdout);
    dup2(kept_output, STDOUT_FILENO);
    close(kept_output);
    kept_output = -1;
    rewind(captured);
    while ((length = fread(buffer, 1, sizeof(buffer), captured)) > 0)
        text_add_bytes(out, buffer, length);
    fclose(captured);
}

size_t occurrences(const char *text, const char *part)
{
    size_t count = 0;

    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}
