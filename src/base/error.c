#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *text, *title;
    int status;
} codes[ERROR_COUNT] = {
    [ERROR_NONE] = {"", "", 0},
#define CODE(name, text, status, title) [ERROR_##name] = {text, title, status},
#include "base/codes.def"
#undef CODE
};

int error_set(struct error *error, enum error_code code, const char *remedy, const char *format,
              ...)
{
    va_list arguments;

    error->code = code;
    error->status = codes[code].status;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof(error->message), format, arguments);
    va_end(arguments);
    snprintf(error->remedy, sizeof(error->remedy), "%s", remedy ? remedy : "");
    return -1;
}

int error_wrap(struct error *error, const char *format, ...)
{
    char inner[sizeof(error->message)];
    va_list arguments;

    memcpy(inner, error->message, sizeof(inner));
    va_start(arguments, format);
    vsnprintf(error->message, sizeof(error->message), format, arguments);
    va_end(arguments);
    size_t const length = strlen(error->message);
    size_t const room = sizeof(error->message) - length;
    if (snprintf(error->message + length, room, ": %s", inner) < 0)
        error->message[length] = '\0';
    return -1;
}

const char *error_code_text(enum error_code code)
{
    return codes[code].text;
}

const char *error_code_title(enum error_code code)
{
    return codes[code].title;
}

int error_code_status(enum error_code code)
{
    return codes[code].status;
}
