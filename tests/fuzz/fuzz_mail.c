/* core/mail_* and core/announcement: what goes into a mail was written by many people. */
#include "fuzz.h"

#include "core/announcement.h"
#include "core/mail_format.h"
#include "core/mail_text.h"

static const char id[] = "cut-release.1.v0.1.0@example.org";

/* Lines of ASCII, at most 78 long, that end with CR LF; each header once, and nobody's besides. */
static void check_mail(struct arena *arena, const char *text, const char *name)
{
    struct mail_address to = {"", "list@example.org"};
    struct mail_parts const parts = {
        .from = {name, "us@example.org"},
        .to = {&to, 1},
        .subject = text,
        .id = id,
        .wall_seconds = 1788177600,
        .text = text,
    };
    const char *mail = mail_format(arena, &parts);
    const char *body = strstr(mail, "\r\n\r\n");
    size_t headers = 0;

    must(body != NULL);
    for (const char *line = mail, *end; *line; line = end + 2) {
        end = strstr(line, "\r\n");
        must(end != NULL && end - line <= 78);
        for (const char *at = line; at < end; at++)
            must(*at >= ' ' && *at < 0x7F);
        must(*line != '.');
        headers += line < body && *line != ' ';
    }
    must(headers == 9);
}

static void check_addresses(struct arena *arena, const char *text)
{
    struct mail_addresses addresses;
    struct error error;

    if (mail_addresses_read(arena, "announce_to", text, &addresses, &error))
        return;
    for (size_t i = 0; i < addresses.count; i++) {
        for (const char *at = addresses.items[i].address; *at; at++)
            must(*at > ' ' && *at < 0x7F && !strchr("<>()[]:;,\\\"", *at));
        must(strchr(addresses.items[i].address, '@') != NULL);
        check_mail(arena, text, addresses.items[i].name);
    }
}

/* What is written is read, and taking it out leaves what was there. */
static void check_announcement(struct arena *arena, const char *body)
{
    struct announcement const sent = {ANNOUNCEMENT_SENT, id};
    struct announcement found, before;

    announcement_read(arena, body, &before);
    const char *written = announcement_write(arena, body, &sent);
    announcement_read(arena, written, &found);
    must(found.state == ANNOUNCEMENT_SENT && strings_equal(found.id, id));
    must(strings_equal(announcement_write(arena, written, &sent), written));
    if (before.state == ANNOUNCEMENT_NONE)
        must(strings_equal(
            announcement_write(arena, written, &(struct announcement){ANNOUNCEMENT_NONE, NULL}),
            body));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *text = arena_copy_bytes(&arena, (const char *)data, size);

    check_mail(&arena, text, "");
    check_addresses(&arena, text);
    check_announcement(&arena, text);
    must(strlen(mail_highlights(&arena, text)) <= 20100);
    return 0;
}
