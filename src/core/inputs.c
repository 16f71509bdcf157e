#include "core/inputs.h"

#include "core/mail_address.h"
#include "core/version.h"

#include <stdlib.h>
#include <string.h>

const struct input_spec input_specs[INPUT_COUNT] = {
#define INPUT(id, name, kind, choices, fallback, meaning)                                          \
    [INPUT_##id] = {name, INPUT_KIND_##kind, choices, fallback, meaning},
#include "core/inputs.def"
#undef INPUT
};

const char *environment_value(const char *const *environment, const char *name)
{
    size_t const length = strlen(name);

    for (; *environment; environment++)
        if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
            return *environment + length + 1;
    return NULL;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const char *trimmed(struct arena *arena, const char *value)
{
    size_t length = strlen(value);

    while (length && is_blank(value[length - 1]))
        length--;
    while (length && is_blank(*value))
        value++, length--;
    return arena_copy_bytes(arena, value, length);
}

const char *input_variable(struct arena *arena, enum input_id id)
{
    char *variable = arena_print(arena, "INPUT_%s", input_specs[id].name);

    for (char *at = variable; *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    return variable;
}

/* Does an option ("dry-run" or "dry_run", `length` bytes) mean this input? */
static bool option_is(const char *option, size_t length, const char *name)
{
    if (strlen(name) != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if ((option[i] == '-' ? '_' : option[i]) != name[i])
            return false;
    return true;
}

static enum input_id option_find(const char *option, size_t length)
{
    enum input_id id = 0;

    while (id < INPUT_COUNT && !option_is(option, length, input_specs[id].name))
        id++;
    return id;
}

/* One option; moves `*arguments` to its value where that is an argument of its own. */
static int read_option(const char *const **arguments, struct inputs *inputs, struct error *error)
{
    const char *option = **arguments + strlen("--");
    size_t const length = strcspn(option, "=");
    enum input_id const id = option_find(option, length);

    if (id == INPUT_COUNT)
        return error_set(error, ERROR_INPUT_UNKNOWN, "see --help for the options",
                         "there is no option --%.*s", (int)length, option);
    if (option[length] == '=')
        inputs->values[id] = option + length + 1;
    else if (input_specs[id].kind == INPUT_KIND_FLAG)
        inputs->values[id] = "true";
    else if ((*arguments)[1])
        inputs->values[id] = *++*arguments;
    else
        return error_set(error, ERROR_INPUT_VALUE, NULL, "--%s needs a value", option);
    return 0;
}

static int read_arguments(const char *const *arguments, struct inputs *inputs, struct error *error)
{
    bool command_seen = false;

    for (; *arguments; arguments++) {
        if (strings_equal(*arguments, "--help") || strings_equal(*arguments, "-h"))
            inputs->help = true;
        else if (strings_equal(*arguments, "--version"))
            inputs->version = true;
        else if (string_starts(*arguments, "--") && (*arguments)[2]) {
            if (read_option(&arguments, inputs, error))
                return -1;
        } else if (!command_seen) {
            inputs->values[INPUT_COMMAND] = *arguments;
            command_seen = true;
        } else
            return error_set(error, ERROR_INPUT_UNKNOWN, "see --help",
                             "one command was expected, \"%.60s\" is left over", *arguments);
    }
    return 0;
}

static int check_number(const struct input_spec *spec, const char *value, struct error *error)
{
    size_t const digits = strspn(value, "0123456789");

    if (value[digits] || digits == 0 || digits > 9 || (value[0] == '0' && digits > 1))
        return error_set(error, ERROR_INPUT_VALUE, NULL,
                         "%s: a number of at most 9 digits without leading zeros was expected, "
                         "\"%.60s\" was given",
                         spec->name, value);
    return 0;
}

/* Control characters have no business in a name, a path or an address. */
static int check_line(const struct input_spec *spec, const char *value, struct error *error)
{
    for (const char *at = value; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return error_set(error, ERROR_INPUT_VALUE, NULL,
                             "%s: one line was expected, a control character (0x%02x) was found at "
                             "character %zu",
                             spec->name, (unsigned)(unsigned char)*at, (size_t)(at - value) + 1);
    return 0;
}

static int check_value(const struct input_spec *spec, const char *value, struct error *error)
{
    const char *choices = spec->kind == INPUT_KIND_FLAG ? "true false" : spec->choices;

    if (choices && !word_in_list(choices, value, strlen(value)))
        return error_set(error, ERROR_INPUT_VALUE, NULL,
                         "%s: one of %s was expected, \"%.60s\" was given", spec->name, choices,
                         value);
    if (spec->kind == INPUT_KIND_NUMBER && *value && check_number(spec, value, error))
        return -1;
    if ((spec->kind == INPUT_KIND_TEXT || spec->kind == INPUT_KIND_CHOICE) &&
        check_line(spec, value, error))
        return -1;
    return 0;
}

/* Labels are SemVer identifiers of letters; what looks otherwise would never match. */
static int check_labels(const char *labels, struct error *error)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    for (const char *at = labels; *at;) {
        size_t const length = strspn(at, letters);

        if (!length || length >= VERSION_LABEL_SIZE || (at[length] && at[length] != ' '))
            return error_set(error, ERROR_INPUT_VALUE, NULL,
                             "prerelease_labels: words of letters (at most %d each) separated by "
                             "blanks were expected, \"%.60s\" was given",
                             VERSION_LABEL_SIZE - 1, labels);
        at += length + strspn(at + length, " ");
    }
    return 0;
}

/* A path in the repository, from its root: nothing may lead out of it. */
static bool is_inner_path(const char *path)
{
    for (const char *part = path;;) {
        size_t const length = strcspn(part, "/");

        if (!length || (length == 1 && part[0] == '.') ||
            (length == 2 && part[0] == '.' && part[1] == '.'))
            return false;
        if (!part[length])
            return true;
        part += length + 1;
    }
}

static int check_keys(const struct inputs *inputs, struct error *error)
{
    const char *keys = input_text(inputs, INPUT_TRUSTED_KEYS);

    if (*keys && !input_keys_are_text(inputs) && (strchr(keys, '\n') || !is_inner_path(keys)))
        return error_set(error, ERROR_INPUT_PATH, NULL,
                         "trusted_keys: armored public keys, or a path from the repository's root, "
                         "were expected, \"%.60s\" was given",
                         keys);
    return 0;
}

/* It becomes a part of addresses. */
static int check_upstream(const struct inputs *inputs, struct error *error)
{
    const char *name = input_text(inputs, INPUT_UPSTREAM), *slash = strchr(name, '/');
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";

    if (!*name && input_given(inputs, INPUT_UPSTREAM_MODULE))
        return error_set(error, ERROR_INPUT_VALUE, "set upstream",
                         "upstream_module: with it upstream was expected, which is empty");
    if (*name && (!slash || slash == name || !slash[1] || strchr(slash + 1, '/') ||
                  strspn(name, allowed) != strlen(name) || strstr(name, "..")))
        return error_set(error, ERROR_INPUT_VALUE, NULL,
                         "upstream: owner/repo was expected, \"%.100s\" was given", name);
    return 0;
}

static int check_bounds(const struct inputs *inputs, struct error *error)
{
    int64_t const timeout = input_number(inputs, INPUT_TIMEOUT_SECONDS);

    if (timeout < 1 || timeout > 3600)
        return error_set(error, ERROR_INPUT_VALUE, NULL,
                         "timeout_seconds: 1 to 3600 was expected, %lld was given",
                         (long long)timeout);
    if (input_number(inputs, INPUT_WAIT_MINUTES) > 360 * 24)
        return error_set(error, ERROR_INPUT_VALUE, NULL,
                         "wait_minutes: at most %d (six days) was expected", 360 * 24);
    return 0;
}

static int check_issue(const struct inputs *inputs, struct error *error)
{
    const char *issue = input_text(inputs, INPUT_ISSUE);
    size_t const digits = strspn(issue, "0123456789");

    if (strings_equal(issue, "auto") || strings_equal(issue, "none") ||
        (digits && digits <= 9 && !issue[digits] && *issue != '0'))
        return 0;
    return error_set(
        error, ERROR_INPUT_VALUE, NULL,
        "issue: the number of an issue, auto or none was expected, \"%.60s\" was given", issue);
}

int inputs_read(struct arena *arena, const char *const *arguments, const char *const *environment,
                struct inputs *inputs, struct error *error)
{
    struct inputs found = {0};

    for (enum input_id id = 0; id < INPUT_COUNT; id++)
        found.values[id] = environment_value(environment, input_variable(arena, id));
    if (read_arguments(arguments, &found, error))
        return -1;
    if (found.help || found.version) {
        *inputs = found;
        return 0;
    }
    for (enum input_id id = 0; id < INPUT_COUNT; id++) {
        const struct input_spec *spec = &input_specs[id];
        const char *value = trimmed(arena, string_or(found.values[id], ""));

        found.values[id] = string_or(value, spec->fallback);
        if (check_value(spec, found.values[id], error))
            return -1;
    }
    if (check_labels(found.values[INPUT_PRERELEASE_LABELS], error) || check_keys(&found, error) ||
        check_bounds(&found, error) || check_upstream(&found, error) ||
        check_issue(&found, error) || mail_check_inputs(arena, &found, error))
        return -1;
    *inputs = found;
    return 0;
}

const char *input_text(const struct inputs *inputs, enum input_id id)
{
    return inputs->values[id];
}

bool input_given(const struct inputs *inputs, enum input_id id)
{
    return !string_is_empty(inputs->values[id]);
}

bool input_is(const struct inputs *inputs, enum input_id id, const char *value)
{
    return strings_equal(inputs->values[id], value);
}

bool input_flag(const struct inputs *inputs, enum input_id id)
{
    return input_is(inputs, id, "true");
}

int64_t input_number(const struct inputs *inputs, enum input_id id)
{
    return input_given(inputs, id) ? strtoll(inputs->values[id], NULL, 10) : -1;
}

const char *input_tag_prefix(const struct inputs *inputs)
{
    return input_is(inputs, INPUT_TAG_PREFIX, "none") ? "" : inputs->values[INPUT_TAG_PREFIX];
}

static void help_option(struct text *out, const struct input_spec *spec)
{
    char option[64];
    size_t length = 0;

    for (const char *at = spec->name; *at && length + 1 < sizeof(option); at++)
        option[length++] = *at == '_' ? '-' : *at;
    option[length] = '\0';
    text_print(out, "  --%s%s\n        %s\n", option, spec->kind == INPUT_KIND_FLAG ? "" : " VALUE",
               spec->meaning);
    if (spec->choices)
        text_print(out, "        one of: %s\n", spec->choices);
    if (*spec->fallback)
        text_print(out, "        default: %s\n", spec->fallback);
}

void inputs_help(struct text *out)
{
    text_add(
        out,
        "cut-release cuts a release: it validates a tag, makes sure that the release branch\n"
        "exists, drafts the GitHub release with its notes, and publishes it if that is wanted;\n"
        "announce mails that a release is published, and tells the tracking issue.\n"
        "\n"
        "usage: cut-release [release|announce] [--OPTION VALUE ...]\n"
        "       cut-release release --tag v0.1.0-rc.1 --dry-run\n"
        "\n"
        "Every option is an input of the action too: --dry-run is dry_run, read from the\n"
        "variable INPUT_DRY_RUN. An option beats the variable; an empty value is the default.\n"
        "One without VALUE below says true; --draft=false says no.\n"
        "\n"
        "Options:\n");
    for (enum input_id id = 0; id < INPUT_COUNT; id++)
        help_option(out, &input_specs[id]);
    text_add(out,
             "  --help\n        this text\n"
             "  --version\n        the version\n"
             "\n"
             "Exit status: 0 the state is as planned, 1 refused or failed, 2 the inputs cannot "
             "be used.\n");
}

bool input_keys_are_text(const struct inputs *inputs)
{
    return strstr(inputs->values[INPUT_TRUSTED_KEYS], "-----BEGIN PGP") != NULL;
}
