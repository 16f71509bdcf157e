/* core/mail_format: the mail as it goes over the wire. */
#include "support.h"

#include "core/mail_format.h"

#include <string.h>

static struct mail_address to = {"", "list@example.org"};

static struct mail_parts parts_of(const char *subject, const char *text)
{
    return (struct mail_parts){
        .from = {"Us", "us@example.org"},
        .to = {&to, 1},
        .subject = subject,
        .id = "cut-release.1.v0.1.0@example.org",
        .wall_seconds = 1788177600,
        .text = text,
    };
}

static void test_whole(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct mail_parts parts = parts_of("[ANNOUNCE] router v0.1.0 is released", "One.\n\nTwo.\n");
    (void)state;

    parts.in_reply_to = "cut-release.0.v0.1.0-rc.1@example.org";
    assert_string_equal(mail_format(&arena, &parts),
                        "Date: Mon, 31 Aug 2026 12:00:00 +0000\r\n"
                        "From: Us <us@example.org>\r\n"
                        "To: list@example.org\r\n"
                        "Subject: [ANNOUNCE] router v0.1.0 is released\r\n"
                        "Message-ID: <cut-release.1.v0.1.0@example.org>\r\n"
                        "In-Reply-To: <cut-release.0.v0.1.0-rc.1@example.org>\r\n"
                        "References: <cut-release.0.v0.1.0-rc.1@example.org>\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\n"
                        "Content-Transfer-Encoding: quoted-printable\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "\r\n"
                        "One.\r\n"
                        "\r\n"
                        "Two.\r\n");
}

/* The value of a header, its folds included. */
static const char *header(struct arena *arena, const char *mail, const char *name)
{
    const char *at = strstr(mail, arena_print(arena, "\r\n%s: ", name));
    const char *end;

    assert_non_null(at);
    at += strlen(name) + 4;
    for (end = strstr(at, "\r\n"); end[2] == ' '; end = strstr(end + 2, "\r\n"))
        ;
    return arena_copy_bytes(arena, at, (size_t)(end - at));
}

static void test_subjects(void **state)
{
    static const struct {
        const char *subject, *expected;
    } cases[] = {
        {"plain", "plain"},
        {"für alle", "=?UTF-8?B?ZsO8ciBhbGxl?="},
        {"=?utf-8?q?evil?=", "=?UTF-8?B?PT91dGYtOD9xP2V2aWw/PQ==?="},
        {"two\r\nBcc: x@example.org", "two  Bcc: x@example.org"},
        {"cut\xff", "cut?"},
        {"a line of just sixty-nine characters, which is what fits in the header",
         "=?UTF-8?B?YSBsaW5lIG9mIGp1c3Qgc2l4dHktbmluZSBjaGFyYWN0ZXJzLCB3?=\r\n "
         "=?UTF-8?B?aGljaCBpcyB3aGF0IGZpdHMgaW4gdGhlIGhlYWRlcg==?="},
        {"a line of just sixty-nine characters, which is what fits in a header.",
         "a line of just sixty-nine characters, which is what fits in a header."},
        {"äääääääääääääääääääääääää",
         "=?UTF-8?B?w6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6TDpMOkw6Q=?=\r\n "
         "=?UTF-8?B?w6TDpMOkw6TDpMOk?="},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct mail_parts const parts = parts_of(cases[i].subject, "");

        assert_string_equal(header(&arena, mail_format(&arena, &parts), "Subject"),
                            cases[i].expected);
    }
}

static void test_mailboxes(void **state)
{
    static const struct {
        const char *name, *expected;
    } cases[] = {
        {"", "us@example.org"},
        {"The Team", "The Team <us@example.org>"},
        {"Team, the (new)", "\"Team, the (new)\" <us@example.org>"},
        {"Jürgen", "=?UTF-8?B?SsO8cmdlbg==?=\r\n <us@example.org>"},
        {"=?x?=", "=?UTF-8?B?PT94Pz0=?=\r\n <us@example.org>"},
        {"A name of many words that are as long as a header has room for",
         "A name of many words that are as long as a header has room for\r\n <us@example.org>"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct mail_parts parts = parts_of("x", "");

        parts.from.name = cases[i].name;
        assert_string_equal(header(&arena, mail_format(&arena, &parts), "From"), cases[i].expected);
    }
}

static void test_several_recipients(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct mail_address several[] = {{"", "a@example.org"}, {"B", "b@example.org"}};
    struct mail_parts parts = parts_of("x", "");
    (void)state;

    parts.to = (struct mail_addresses){several, 2};
    assert_string_equal(header(&arena, mail_format(&arena, &parts), "To"),
                        "a@example.org,\r\n B <b@example.org>");
}

static void test_dates(void **state)
{
    static const struct {
        int64_t seconds;
        const char *date;
    } cases[] = {
        {0, "Thu, 1 Jan 1970 00:00:00 +0000"},
        {68169599, "Mon, 28 Feb 1972 23:59:59 +0000"},
        {68169600, "Tue, 29 Feb 1972 00:00:00 +0000"},
        {951868800, "Wed, 1 Mar 2000 00:00:00 +0000"},
        {1230768000, "Thu, 1 Jan 2009 00:00:00 +0000"},
        {1798761599, "Thu, 31 Dec 2026 23:59:59 +0000"},
        {4107542400, "Mon, 1 Mar 2100 00:00:00 +0000"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct mail_parts parts = parts_of("x", "");

        parts.wall_seconds = cases[i].seconds;
        assert_true(string_starts(mail_format(&arena, &parts),
                                  arena_print(&arena, "Date: %s\r\n", cases[i].date)));
    }
}

static void test_texts(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", ""},
        {"One", "One\r\n"},
        {"One\r\nTwo\r\n", "One\r\nTwo\r\n"},
        {"a = b", "a =3D b\r\n"},
        {"ä", "=C3=A4\r\n"},
        {"at the end \n", "at the end=20\r\n"},
        {" \n", "=20\r\n"},
        {".\n..\n. .\n", "=2E\r\n=2E.\r\n=2E .\r\n"},
        {"From me\nFromage\n", "=46rom me\r\nFromage\r\n"},
        {"a\tb\x01"
         "c\x7f\x1b[31m",
         "a b c  [31m\r\n"},
        {"one\rtwo", "one two\r\n"},
        {"\xff\xfe", "??\r\n"},
        {"0123456789012345678901234567890123456789012345678901234567890123456789012345",
         "012345678901234567890123456789012345678901234567890123456789012345678901234=\r\n5\r\n"},
        {"01234567890123456789012345678901234567890123456789012345678901234567890123ä",
         "01234567890123456789012345678901234567890123456789012345678901234567890123=\r\n"
         "=C3=A4\r\n"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct mail_parts const parts = parts_of("x", cases[i].text);

        assert_string_equal(strstr(mail_format(&arena, &parts), "\r\n\r\n") + 4, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),     cmocka_unit_test(test_subjects),
        cmocka_unit_test(test_mailboxes), cmocka_unit_test(test_several_recipients),
        cmocka_unit_test(test_dates),     cmocka_unit_test(test_texts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
