/* core/mail_address: what people give, and what may stand in a header and in a command. */
#include "support.h"

#include "core/mail_address.h"

#include <string.h>

/* The addresses as "name|address" separated by ";", or the code. */
static const char *read(struct arena *arena, const char *text)
{
    struct mail_addresses addresses = {0};
    struct error error = {0};
    CLEANUP(text_free) struct text out = {0};

    if (mail_addresses_read(arena, "announce_to", text, &addresses, &error)) {
        assert_int_equal(addresses.count, 0);
        assert_contains(error.message, "announce_to");
        return error_code_text(error.code);
    }
    for (size_t i = 0; i < addresses.count; i++)
        text_print(&out, "%s%s|%s", i ? ";" : "", addresses.items[i].name,
                   addresses.items[i].address);
    return arena_copy(arena, text_string(&out));
}

static void test_addresses(void **state)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"", ""},
        {"a@example.org", "|a@example.org"},
        {"a.b+c=d_e@mail.example-1.org", "|a.b+c=d_e@mail.example-1.org"},
        {"root@localhost", "|root@localhost"},
        {"a@example.org, b@example.org", "|a@example.org;|b@example.org"},
        {"Team <a@example.org>", "Team|a@example.org"},
        {"<a@example.org>", "|a@example.org"},
        {"Jürgen Ölmühle <a@example.org>", "Jürgen Ölmühle|a@example.org"},
        {"\"Team, the\" <a@example.org>,b@example.org", "Team, the|a@example.org;|b@example.org"},
    };
    static const char *const refused[] = {
        "a",
        "@example.org",
        "a@",
        "a b@example.org",
        "a@b@c.org",
        "a@example..org",
        "a@.org",
        "a@-b.org",
        "a@b-.org",
        "a@exam_ple.org",
        "a@example.org.",
        ".a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "a@example.org,",
        ",a@example.org",
        "a@example.org,,b@example.org",
        "Team <a@example.org",
        "Team a@example.org>",
        "Team <a@example.org> x",
        "<a@example.org>, <b",
        "a@ex\xc3\xa4mple.org",
        "\xc3\xa4@example.org",
        "\"a b\"@example.org",
        "a\"b <a@example.org>",
        "<<a@example.org>",
        "a\\b <a@example.org>",
        "<a@example.org\\>",
        "a@[127.0.0.1]",
        "a@example.org SIZE=1",
        "0123456789012345678901234567890123456789012345678901234567890123456789@example.org",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};

        assert_string_equal(read(&arena, cases[i].text), cases[i].expected);
    }
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        CLEANUP(arena_free) struct arena arena = {0};

        if (!strings_equal(read(&arena, refused[i]), "CR-INPUT-VALUE"))
            fail_msg("%s was taken as %s", refused[i], read(&arena, refused[i]));
    }
}

static void test_too_many(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *many = "a@example.org";
    (void)state;

    for (size_t i = 0; i < 49; i++)
        many = arena_print(&arena, "%s,a@example.org", many);
    assert_true(string_starts(read(&arena, many), "|a@"));
    assert_string_equal(read(&arena, arena_print(&arena, "%s,a@example.org", many)),
                        "CR-INPUT-VALUE");
}

static void test_domain(void **state)
{
    (void)state;
    assert_string_equal(mail_domain(&(struct mail_address){"", "a@example.org"}), "example.org");
}

static void test_servers(void **state)
{
    static const struct {
        const char *url, *host, *port;
        bool tls;
    } cases[] = {
        {"smtps://mail.example.org", "mail.example.org", "", true},
        {"smtps://mail.example.org:465", "mail.example.org", "465", true},
        {"smtp://mail.example.org:587/", "mail.example.org", "587", false},
        {"smtp://127.0.0.1:2525", "127.0.0.1", "2525", false},
        {"smtp://[::1]:25", "[::1]", "25", false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};
        struct inputs inputs;

        read_inputs(&arena, arena_print(&arena, "smtp_url=%s", cases[i].url), &inputs);
        struct smtp_server const server = mail_server(&arena, &inputs);
        assert_string_equal(server.host, cases[i].host);
        assert_string_equal(server.port, cases[i].port);
        assert_int_equal(server.tls, cases[i].tls);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_domain),
        cmocka_unit_test(test_servers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
