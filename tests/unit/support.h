/* What the unit tests share: tables, a fake clock, temporary folders, captured output. */
#ifndef CUT_RELEASE_TESTS_SUPPORT_H
#define CUT_RELEASE_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/text.h"
#include "core/inputs.h"
#include "core/target.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- tables ---------------------------------------------------------------------------------- */

enum { TABLE_MOST_CELLS = 12 };

struct table_row {
    size_t line;
    const char *cells[TABLE_MOST_CELLS];
};

/*
 * A file of tab-separated cells; a line that starts with `#` is a comment. In a cell \t \n \r \\
 * and \xNN stand for those bytes, \e for nothing at all. A row that fails is told with its line,
 * and the others are still tried.
 */
struct table {
    const char *path;
    struct arena arena;
    struct table_row *rows;
    size_t count, failures;
};

/* Of tests/cases; every row must have that many cells, and there must be `least` rows. */
void table_open(struct table *table, const char *name, size_t columns, size_t least);
/* Of any path; `lenient` takes missing cells for empty ones and does no unescaping. */
void table_open_path(struct table *table, const char *path, size_t columns, bool lenient);
/* Tells what is wrong with a row. */
__attribute__((format(printf, 3, 4))) void
table_wrong(struct table *table, const struct table_row *row, const char *format, ...);
void table_expect_text(struct table *table, const struct table_row *row, const char *what,
                       const char *expected, const char *found);
void table_expect_number(struct table *table, const struct table_row *row, const char *what,
                         long long expected, long long found);
/* Fails the test if a row was wrong. Frees. */
void table_close(struct table *table);

/* "-" stands for NULL. */
const char *cell_or_null(const char *cell);

/* The next part of `*rest` up to `separator` in the arena, blanks around it left out; NULL at the
 * end. */
const char *next_part(struct arena *arena, const char **rest, char separator);

/* ---- time ------------------------------------------------------------------------------------ */

/* A clock that stands still but for sleeping. */
struct fake_clock {
    int64_t now_ms, slept_ms, wall_seconds;
    size_t sleeps;
    size_t interrupt_after; /* the sleep that a signal ends; 0 for none */
    struct clock clock;
};

void fake_clock_start(struct fake_clock *fake);

/* ---- inputs ---------------------------------------------------------------------------------- */

/* Inputs from "name=value" strings separated by `|` ("tag=v1.0.0|dry_run=true"), or NULL. */
void read_inputs(struct arena *arena, const char *values, struct inputs *inputs);

/* An environment from "NAME=value" strings separated by `|`. */
const char *const *environment_of(struct arena *arena, const char *values);

/* The code whose text it is; fails the test where there is none. */
enum error_code code_of(const char *text);

#define assert_code(expected, found)                                                               \
    assert_string_equal(error_code_text(expected), error_code_text(found))

/* ---- the system ------------------------------------------------------------------------------ */

/* A fresh folder, in the arena; it goes with remove_folder. */
const char *make_folder(struct arena *arena);
void remove_folder(const char *folder);

void write_file(const char *path, const char *bytes, size_t length);
/* The whole file; fails the test where it can't be read. */
void read_whole(const char *path, struct text *out);

/* Runs a command of the shell; fails the test, with what it said, unless its status is 0. */
__attribute__((format(printf, 1, 2))) void shell(const char *format, ...);

/* The first line of what a command says. */
__attribute__((format(printf, 2, 3))) const char *shell_line(struct arena *arena,
                                                             const char *format, ...);

/* What is written to standard output from now on. */
void capture_start(void);
void capture_end(struct text *out);

/* How often does `part` stand in `text`? */
size_t occurrences(const char *text, const char *part);

#define assert_contains(text, part)                                                                \
    do {                                                                                           \
        if (!occurrences(text, part))                                                              \
            fail_msg("\"%s\" was expected in \"%s\"", part, text);                                 \
    } while (0)

#define assert_lacks(text, part)                                                                   \
    do {                                                                                           \
        if (occurrences(text, part))                                                               \
            fail_msg("\"%s\" was not expected in \"%s\"", part, text);                             \
    } while (0)

#endif
