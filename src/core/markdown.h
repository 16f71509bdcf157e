/*
 * As much of Markdown (GitHub Flavored Markdown, https://github.github.com/gfm/) as it takes to find
 * headings in a text that somebody else wrote, and to include it elsewhere without harm.
 */
#ifndef CUT_RELEASE_CORE_MARKDOWN_H
#define CUT_RELEASE_CORE_MARKDOWN_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Lines, read one after the other. */
struct markdown_scan {
    const char *rest;
    /* Of the line that was read last. */
    const char *line; /* without its end */
    size_t length;
    int heading;  /* its level, 1 to 6; 0 where it is none */
    size_t title; /* of a heading: where its text starts, and how long it is */
    size_t title_length;
    bool underlined; /* the line behind it is its underline, and was passed over */
    bool code;       /* in a fence that surely is one, or an end of it */
    /* On the way. */
    char fence; /* ` or ~, of an open one */
    size_t fence_length, fence_indent;
    bool html;      /* in a block of HTML, where nothing else is Markdown */
    bool html_end;  /* ... which no blank line ends */
    bool untrusted; /* a fence within a list or a quote: nobody knows where it ends */
};

/* False at the end. */
bool markdown_next(struct markdown_scan *scan);

/* Without HTML comments; those in fences stay. */
const char *markdown_without_comments(struct arena *arena, const char *text);

/* Where a text came from. */
struct markdown_origin {
    const char *server;     /* "https://github.com" */
    const char *repository; /* "owner/name" */
    const char *tag;
    const char *page; /* of the release */
};

/*
 * The text as it may stand in another repository's release: its highest heading is of `level`, #123 and
 * relative links name where they lead, nobody is mentioned, a fence that is open is closed. Code stays
 * as it is.
 */
const char *markdown_transplant(struct arena *arena, const char *text,
                                const struct markdown_origin *origin, int level);

#endif
