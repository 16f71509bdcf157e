/*
 * An error is a value that the caller owns; failing is one line:
 *
 *     return error_set(error, ERROR_TAG_GONE, "push it again", "the tag %s is gone", tag);
 *
 * Functions that can fail return 0, or -1 with *error filled; out-parameters come last and are
 * untouched on failure.
 */
#ifndef CUT_RELEASE_BASE_ERROR_H
#define CUT_RELEASE_BASE_ERROR_H

enum error_code {
    ERROR_NONE,
#define CODE(name, text, status, title) ERROR_##name,
#include "base/codes.def"
#undef CODE
    ERROR_COUNT
};

struct error {
    enum error_code code;
    int status;         /* the exit status, as codes.def has it unless the caller knows better */
    char message[1024]; /* what was expected and what was found */
    char remedy[512];   /* what to do; empty where the message says it */
};

/* Always -1. `remedy` may be NULL. A message that is too long is cut. */
__attribute__((format(printf, 4, 5))) int error_set(struct error *error, enum error_code code,
                                                    const char *remedy, const char *format, ...);

/* Puts "while …: " ahead of the message. Always -1. */
__attribute__((format(printf, 2, 3))) int error_wrap(struct error *error, const char *format, ...);

/* "CR-TAG-GRAMMAR" */
const char *error_code_text(enum error_code code);
/* "Tag name" */
const char *error_code_title(enum error_code code);
/* 1 or 2 */
int error_code_status(enum error_code code);

#endif
