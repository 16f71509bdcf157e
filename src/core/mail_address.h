/*
 * Addresses of mails (RFC 5322, 3.4), as people give them: "a@example.org, Name <b@example.org>".
 * What is taken can stand in a header and in an SMTP command as it is.
 */
#ifndef CUT_RELEASE_CORE_MAIL_ADDRESS_H
#define CUT_RELEASE_CORE_MAIL_ADDRESS_H

#include "core/inputs.h"

struct mail_address {
    const char *name;    /* for people, UTF-8; may be empty */
    const char *address; /* ASCII */
};

struct mail_addresses {
    struct mail_address *items;
    size_t count;
};

/* Refuses what is none; `what` names the input. An empty text has none. */
int mail_addresses_read(struct arena *arena, const char *what, const char *text,
                        struct mail_addresses *addresses, struct error *error);

/* "example.org" of "a@example.org". */
const char *mail_domain(const struct mail_address *address);

/* All that is given about the mail: addresses, the server's URL, what belongs together. */
int mail_check_inputs(struct arena *arena, const struct inputs *inputs, struct error *error);

/* What smtp_url says, once it was checked. */
struct smtp_server {
    bool tls;         /* from the first byte on (smtps) */
    const char *host; /* without a port; an IPv6 address has its brackets */
    const char *port; /* empty: the usual one */
};

struct smtp_server mail_server(struct arena *arena, const struct inputs *inputs);

#endif
