/* core/mail_text: what the announcement says. */
#include "support_model.h"

#include "core/mail_text.h"

#include <string.h>

struct letter {
    struct arena arena;
    struct target target;
    struct plan plan;
    struct gates gates;
    const char *body;
};

static void letter_open(struct letter *letter, const char *tag)
{
    struct inputs *inputs;

    *letter = (struct letter){.body = ""};
    inputs = arena_take(&letter->arena, sizeof(*inputs));
    read_inputs(&letter->arena, "project=router", inputs);
    model_target(&letter->arena, &(struct model){.repository = "owner/router"}, inputs, "push", tag,
                 &letter->target);
    letter->plan = (struct plan){
        .commit = "c000000000000000000000000000000000000001",
        .previous_tag = "v0.0.9",
        .final_page = "https://github.com/owner/router/releases/tag/v0.1.0",
        .changes_page = "https://github.com/owner/router/compare/v0.0.9...v0.1.0",
        .signed_by = "Bob <bob@example.org> (verified by GitHub)",
    };
}

static const char *text(struct letter *letter)
{
    return mail_text(&letter->arena, &letter->plan, &letter->target, &letter->gates, letter->body);
}

static void test_default(void **state)
{
    struct image_fact images[] = {
        {"ghcr.io/owner/router:v0.1.0", IMAGE_FOUND, "sha256:0123", "linux/amd64, linux/arm64"},
        {"ghcr.io/owner/sidecar:v0.1.0", IMAGE_MISSING, NULL, ""},
    };
    struct letter letter;
    (void)state;

    letter_open(&letter, "v0.1.0");
    letter.gates = (struct gates){.images = images, .image_count = 2};
    letter.body = "Ahead.\n\n## Highlights\n\n* Faster.\n\n## What's Changed\n* x\n";
    assert_string_equal(
        text(&letter), "router v0.1.0 is released:\n\n"
                       "    https://github.com/owner/router/releases/tag/v0.1.0\n\n"
                       "## Highlights\n\n* Faster.\n\n"
                       "Images:\n\n"
                       "    ghcr.io/owner/router:v0.1.0\n"
                       "        sha256:0123\n"
                       "        linux/amd64, linux/arm64\n\n"
                       "    ghcr.io/owner/sidecar:v0.1.0\n\n"
                       "All changes since v0.0.9:\n\n"
                       "    https://github.com/owner/router/compare/v0.0.9...v0.1.0\n\n"
                       "The tag v0.1.0 names the commit c000000000000000000000000000000000000001,\n"
                       "and is signed by Bob <bob@example.org> (verified by GitHub).\n");
    arena_free(&letter.arena);
}

/* A first candidate, unsigned: what isn't known isn't told. */
static void test_least(void **state)
{
    struct letter letter;
    (void)state;

    letter_open(&letter, "v0.1.0-rc.1");
    letter.plan.previous_tag = letter.plan.signed_by = NULL;
    assert_string_equal(
        text(&letter),
        "router v0.1.0-rc.1 is released:\n\n"
        "    https://github.com/owner/router/releases/tag/v0.1.0\n\n"
        "It is a release candidate: please try it, and tell what doesn't work.\n\n"
        "The tag v0.1.0-rc.1 names the commit c000000000000000000000000000000000000001.\n");
    arena_free(&letter.arena);
}

static void test_template(void **state)
{
    struct letter letter;
    (void)state;

    letter_open(&letter, "v0.1.0");
    letter.body = "<!-- cut-release:begin x -->\nThe notes.\n<!-- cut-release:end -->\n";
    letter.plan.mail.template = "{project} {version}: {release_url} {commit}\n[{notes}][{images}]"
                                "[{highlights}] {nothing} ${x}\n";
    assert_string_equal(text(&letter),
                        "router 0.1.0: https://github.com/owner/router/releases/tag/v0.1.0 "
                        "c000000000000000000000000000000000000001\n"
                        "[The notes.][][] {nothing} ${x}\n");
    arena_free(&letter.arena);
}

static void test_highlights(void **state)
{
    static const struct {
        const char *body, *expected;
    } cases[] = {
        {"", ""},
        {"Highlights are not a heading.", ""},
        {"#highlights", ""},
        {"# HIGHLIGHTS\none", "# HIGHLIGHTS\none"},
        {"## Highlights of x\r\none\r\n\r\n### more\r\ntwo\r\n## Other\r\nthree",
         "## Highlights of x\none\n\n### more\ntwo"},
        {"## Highlights\none\n<!-- cut-release:images -->\ntwo\n# Other\nthree\n## "
         "Highlights\nfour",
         "## Highlights\none\ntwo\n## Highlights\nfour"},
        {"## Changes\n* the highlights\n", ""},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_free) struct arena arena = {0};

        assert_string_equal(mail_highlights(&arena, cases[i].body), cases[i].expected);
    }
}

/* Nobody reads a book in a mail. */
static void test_long_highlights_are_cut(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text body = {0};
    (void)state;

    text_add(&body, "## Highlights\n");
    for (int i = 0; i < 5000; i++)
        text_add(&body, "* something new\n");
    const char *found = mail_highlights(&arena, text_string(&body));
    assert_in_range(strlen(found), 19000, 20010);
    assert_string_equal(found + strlen(found) - strlen("* something new\n…"), "* something new\n…");
}

static void test_subject(void **state)
{
    struct letter letter;
    (void)state;

    letter_open(&letter, "v0.1.0-rc.1");
    assert_string_equal(mail_subject(&letter.arena, &letter.target),
                        "[ANNOUNCE] router v0.1.0-rc.1 is released");
    arena_free(&letter.arena);
}

static void test_for_people(void **state)
{
    struct mail_address several[] = {{"", "a@example.org"}, {"B", "b@example.org"}};
    struct letter letter;
    (void)state;

    letter_open(&letter, "v0.1.0");
    assert_string_equal(mail_for_people(&letter.arena, &letter.plan, &letter.target, "Text.\n"),
                        "Subject: [ANNOUNCE] router v0.1.0 is released\n\nText.\n");
    letter.plan.mail.from = (struct mail_address){"Us", "us@example.org"};
    letter.plan.mail.to = (struct mail_addresses){several, 2};
    assert_string_equal(mail_for_people(&letter.arena, &letter.plan, &letter.target, "Text.\n"),
                        "From: Us <us@example.org>\nTo: a@example.org, B <b@example.org>\n"
                        "Subject: [ANNOUNCE] router v0.1.0 is released\n\nText.\n");
    arena_free(&letter.arena);
}

/* The same for the same release, another for another, and never more than a header may hold. */
static void test_message_ids(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    const char *id = mail_message_id(&arena, "https://x/a", "conformance/v0.1.0", "example.org");
    assert_string_equal(
        id, mail_message_id(&arena, "https://x/a", "conformance/v0.1.0", "example.org"));
    assert_true(string_starts(id, "cut-release."));
    assert_string_equal(id + strlen("cut-release.") + 16, ".conformance/v0.1.0@example.org");
    assert_string_not_equal(
        id, mail_message_id(&arena, "https://x/b", "conformance/v0.1.0", "example.org"));
    assert_contains(mail_message_id(&arena, "x", "v 1@2>\xc3\xa4", "example.org"),
                    ".v-1-2---@example.org");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_default),
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_template),
        cmocka_unit_test(test_highlights),
        cmocka_unit_test(test_long_highlights_are_cut),
        cmocka_unit_test(test_subject),
        cmocka_unit_test(test_for_people),
        cmocka_unit_test(test_message_ids),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
