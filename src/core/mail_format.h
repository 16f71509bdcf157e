/*
 * A mail as it goes over the wire: RFC 5322 and MIME, plain text in UTF-8. Every line is ASCII and at
 * most 78 characters long, so that no server on the way has anything to change.
 */
#ifndef CUT_RELEASE_CORE_MAIL_FORMAT_H
#define CUT_RELEASE_CORE_MAIL_FORMAT_H

#include "core/mail_address.h"

struct mail_parts {
    struct mail_address from;
    struct mail_addresses to;
    const char *subject;
    const char *id;          /* without its brackets */
    const char *in_reply_to; /* the same, or NULL */
    int64_t wall_seconds;    /* since 1970 */
    const char *text;        /* UTF-8, lines end with LF or CR LF */
};

/* The whole message; its lines end with CR LF. */
const char *mail_format(struct arena *arena, const struct mail_parts *parts);

#endif
