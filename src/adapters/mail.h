/*
 * Mail by libcurl's SMTP: one message, once. TLS is verified always, and required unless the server is
 * on this machine; user name and password go to that server only.
 */
#ifndef CUT_RELEASE_ADAPTERS_MAIL_H
#define CUT_RELEASE_ADAPTERS_MAIL_H

#include "base/clock.h"
#include "core/effects.h"
#include "core/mail_address.h"

struct mailer_settings {
    struct smtp_server server;
    const char *username, *password; /* empty: the server wants none */
    const char *certificates;        /* as http has them */
    const char *extra_certificates;
    int64_t stall_seconds; /* without any progress for that long, times four, it has failed */
    int64_t deadline_ms;   /* on the clock */
    const struct clock *clock;
};

/* The settings, and their strings, must live as long as the effects. http_open comes first: it starts
 * libcurl. */
void mailer_effects(const struct mailer_settings *settings, struct effects *effects);

#endif
