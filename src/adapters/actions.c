#include "adapters/actions.h"

#include "adapters/file.h"
#include "base/cleanup.h"
#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

enum { SUMMARY_LIMIT = 1024 * 1024, SHORTEST_SECRET = 4 };

/* ---- what is written is harmless ---------------------------------------------------------------- */

/*
 * A word that the text doesn't contain: at random, and where the kernel gives nothing (no such call in a
 * sandbox) the next one, of which the text is as innocent.
 */
static void choose_token(const char *text, char token[33])
{
    static unsigned char bytes[16];

    do {
        if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
            for (size_t i = 0; i < sizeof(bytes) && !++bytes[i]; i++)
                ;
        for (size_t i = 0; i < sizeof(bytes); i++)
            snprintf(token + 2 * i, 3, "%02x", bytes[i]);
    } while (strstr(text, token));
}

/* Adds `bytes` with every line of every secret replaced. */
static void add_masked(const struct actions *actions, struct text *out, const char *bytes)
{
    while (*bytes) {
        size_t skipped = 0;

        for (size_t i = 0; i < actions->secret_count; i++) {
            const char *rest = actions->secrets[i], *line;
            size_t length;

            while ((line = string_next_line(&rest, &length)))
                if (length >= SHORTEST_SECRET && length > skipped &&
                    strncmp(bytes, line, length) == 0)
                    skipped = length;
        }
        if (skipped)
            text_add(out, "***");
        else
            text_add_bytes(out, bytes, skipped = 1);
        bytes += skipped;
    }
}

/*
 * The runner takes a line that starts with "::" for a command, and the older "##[" anywhere in one
 * (actions/runner, ActionCommand.cs). It trims Unicode's blanks too, and a CR ends a line for it; so
 * "::" counts wherever nothing but controls, blanks and bytes beyond ASCII stand ahead of it.
 */
static bool looks_like_command(const char *text)
{
    for (const char *at = text; (at = strstr(at, "::")); at++) {
        const char *ahead = at;

        while (ahead > text &&
               ((unsigned char)ahead[-1] <= ' ' || (unsigned char)ahead[-1] >= 0x7F) &&
               ahead[-1] != '\n' && ahead[-1] != '\r')
            ahead--;
        if (ahead == text || ahead[-1] == '\n' || ahead[-1] == '\r')
            return true;
    }
    return strstr(text, "##[") != NULL;
}

static void write_out(const struct text *text)
{
    fwrite(text_string(text), 1, text->length, stdout);
    fflush(stdout);
}

static void say(const struct actions *actions, const char *text)
{
    CLEANUP(text_free) struct text out = {0};
    char token[33];

    if (actions->commands && looks_like_command(text)) {
        choose_token(text, token);
        text_print(&out, "::stop-commands::%s\n", token);
        add_masked(actions, &out, text);
        text_print(&out, "\n::%s::\n", token);
    } else {
        add_masked(actions, &out, text);
        text_add(&out, "\n");
    }
    write_out(&out);
}

void actions_say(struct actions *actions, const char *format, ...)
{
    char line[4096];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    say(actions, line);
}

/* ---- workflow commands -------------------------------------------------------------------------- */

static void add_escaped(struct text *out, const char *value, bool property)
{
    for (; *value; value++) {
        if (*value == '%' || *value == '\r' || *value == '\n' ||
            (property && (*value == ':' || *value == ',')))
            text_print(out, "%%%02X", (unsigned char)*value);
        else
            text_add_bytes(out, value, 1);
    }
}

void actions_mask(struct actions *actions, const char *secret)
{
    const char *rest = secret, *line;
    size_t length;

    for (size_t i = 0; i < actions->secret_count; i++)
        if (strings_equal(actions->secrets[i], secret))
            return;
    if (string_is_empty(secret) || actions->secret_count == ACTIONS_MOST_SECRETS)
        return;
    actions->secrets[actions->secret_count++] = secret;
    if (!actions->commands)
        return;
    while ((line = string_next_line(&rest, &length))) {
        CLEANUP(text_free) struct text out = {0}, value = {0};

        text_add_bytes(&value, line, length);
        if (!value.length)
            continue;
        text_add(&out, "::add-mask::");
        add_escaped(&out, text_string(&value), false);
        text_add(&out, "\n");
        write_out(&out);
    }
}

void actions_group(struct actions *actions, const char *title)
{
    if (actions->commands) {
        CLEANUP(text_free) struct text out = {0};

        text_add(&out, "::group::");
        add_escaped(&out, title, false);
        text_add(&out, "\n");
        write_out(&out);
    } else {
        actions_say(actions, "%s:", title);
    }
}

void actions_group_end(struct actions *actions)
{
    CLEANUP(text_free) struct text out = {0};

    if (!actions->commands)
        return;
    text_add(&out, "::endgroup::\n");
    write_out(&out);
}

void actions_annotate(struct actions *actions, enum annotation level, enum error_code code,
                      const char *message, const char *remedy)
{
    static const char *const levels[] = {
        [ANNOTATION_NOTICE] = "notice",
        [ANNOTATION_WARNING] = "warning",
        [ANNOTATION_ERROR] = "error",
    };
    CLEANUP(text_free) struct text masked = {0}, out = {0};

    add_masked(actions, &masked, message);
    if (!string_is_empty(remedy)) {
        text_add(&masked, "; ");
        add_masked(actions, &masked, remedy);
    }
    if (!actions->commands) {
        actions_say(actions, "%s %s: %s", levels[level], error_code_text(code),
                    text_string(&masked));
        return;
    }
    text_print(&out, "::%s title=", levels[level]);
    add_escaped(&out, error_code_text(code), true);
    text_add(&out, " ");
    add_escaped(&out, error_code_title(code), true);
    text_add(&out, "::");
    add_escaped(&out, text_string(&masked), false);
    text_add(&out, "\n");
    write_out(&out);
}

/* ---- files of the runner ------------------------------------------------------------------------- */

static void append(struct actions *actions, const char *path, const struct text *text)
{
    struct error error = {0};

    if (file_append(path, text_string(text), text->length, &error) && !actions->failure.code)
        actions->failure = error;
}

void actions_output(struct actions *actions, const char *name, const char *value)
{
    CLEANUP(text_free) struct text out = {0}, masked = {0};
    char delimiter[33];

    if (string_is_empty(actions->output_path))
        return;
    add_masked(actions, &masked, string_or(value, ""));
    choose_token(text_string(&masked), delimiter);
    text_print(&out, "%s<<%s\n%s\n%s\n", name, delimiter, text_string(&masked), delimiter);
    append(actions, actions->output_path, &out);
}

void actions_summary(struct actions *actions, const char *markdown)
{
    CLEANUP(text_free) struct text out = {0};

    if (string_is_empty(actions->summary_path))
        return;
    add_masked(actions, &out, markdown);
    if (out.length > SUMMARY_LIMIT) {
        static const char end[] = "\n\n(cut: a step's summary has at most 1 MiB)\n";
        size_t length = SUMMARY_LIMIT - sizeof(end);

        while (length && out.bytes[length - 1] != '\n')
            length--;
        text_cut(&out, length);
        text_add(&out, end);
    }
    append(actions, actions->summary_path, &out);
}

/* ---- out of memory -------------------------------------------------------------------------------- */

static const struct actions *speaker;

/* Nothing here allocates. memory.c has said it on standard error already. */
static void say_exhausted(void)
{
    static const char annotation[] =
        "::error title=CR-MEMORY Out of memory::out of memory; give the "
        "container more and run it again\n";
    static const char summary[] =
        "\n**CR-MEMORY** (Out of memory): give the container more and run "
        "it again\n";
    struct error ignored;

    if (!speaker)
        return;
    if (speaker->commands) {
        ssize_t const written = write(STDOUT_FILENO, annotation, sizeof(annotation) - 1);

        (void)written;
    }
    if (!string_is_empty(speaker->summary_path))
        file_append(speaker->summary_path, summary, sizeof(summary) - 1, &ignored);
}

void actions_when_exhausted(const struct actions *actions)
{
    speaker = actions;
    memory_when_exhausted(actions ? say_exhausted : NULL);
}
