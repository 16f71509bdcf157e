/* core/tag_text: the bytes of a tag object, identities as git writes them, where a signature starts. */
#include "support.h"

#include "core/tag_text.h"

#include <string.h>

static void test_the_object(void **state)
{
    struct arena arena = {0};
    (void)state;

    assert_string_equal(tag_text(&arena, "0123456789012345678901234567890123456789", "v1.2.3-rc.1",
                                 "A B <a@example.org>", 1788177600, "project v1.2.3-rc.1"),
                        "object 0123456789012345678901234567890123456789\n"
                        "type commit\n"
                        "tag v1.2.3-rc.1\n"
                        "tagger A B <a@example.org> 1788177600 +0000\n"
                        "\n"
                        "project v1.2.3-rc.1\n");
    arena_free(&arena);
}

/* A date beyond 2038 is no less a date. */
static void test_a_late_date(void **state)
{
    struct arena arena = {0};
    (void)state;

    assert_contains(tag_text(&arena, "c", "t", "A <a@b>", INT64_C(4102444800), "m"),
                    "> 4102444800 +0000\n");
    arena_free(&arena);
}

/* What git makes of them (ident.c). */
static void test_identities(void **state)
{
    static const struct {
        const char *name, *mail, *expected;
    } cases[] = {
        {"Bob Birch", "bob@example.org", "Bob Birch <bob@example.org>"},
        {"Zo\xc3\xab", "zoe@example.org", "Zo\xc3\xab <zoe@example.org>"},
        {"  Bob  Birch ", " bob@example.org ", "Bob  Birch <bob@example.org>"},
        {"Bob \"the <b>\" Birch", "bob@example.org", "Bob \"the b\" Birch <bob@example.org>"},
        {"\"Bob\"", "bob@example.org", "Bob <bob@example.org>"},
        {"Bob, Jr.", "bob@example.org", "Bob, Jr. <bob@example.org>"},
        {"'Bob'", "bob@example.org", "Bob <bob@example.org>"},
        {"Bob\nobject 0", "bob@example.org", "Bobobject 0 <bob@example.org>"},
        {"Bob", "bob@\nexample.org", "Bob <bob@example.org>"},
        {"Bob", "<bob@example.org>", "Bob <bob@example.org>"},
        {"Bob", "b<o>b@example.org", "Bob <bob@example.org>"},
        {"", "bob@example.org", "bob@example.org <bob@example.org>"},
        {"<>,:;", "bob@example.org", "bob@example.org <bob@example.org>"},
        {NULL, "bob@example.org", "bob@example.org <bob@example.org>"},
        {"Bob", "", NULL},
        {"Bob", NULL, NULL},
        {"Bob", " <> ", NULL},
    };
    struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *found = tag_identity(&arena, cases[i].name, cases[i].mail);

        if (!cases[i].expected)
            assert_null(found);
        else
            assert_string_equal(cases[i].expected, found ? found : "(none)");
    }
    arena_free(&arena);
}

/* Whatever comes in, the line of the tagger stays one line, with one pair of brackets. */
static void test_no_identity_breaks_the_header(void **state)
{
    static const char bytes[] = "\n<>\"'\\.,:; \t\x01\x7f\xc3\xab@a";
    struct arena arena = {0};
    unsigned seed = 1;
    (void)state;

    for (int round = 0; round < 5000; round++) {
        char name[12], mail[12];

        for (size_t i = 0; i < sizeof(name); i++) {
            seed = seed * 1103515245 + 12345;
            name[i] = bytes[(seed >> 16) % sizeof(bytes)];
            mail[i] = bytes[(seed >> 20) % sizeof(bytes)];
        }
        name[sizeof(name) - 1] = mail[sizeof(mail) - 1] = 0;
        const char *identity = tag_identity(&arena, name, mail);
        if (!identity)
            continue;
        assert_int_equal(occurrences(identity, "<"), 1);
        assert_int_equal(occurrences(identity, ">"), 1);
        assert_int_equal(occurrences(identity, "\n"), 0);
        assert_int_equal(identity[strlen(identity) - 1], '>');
        assert_false(identity[0] == '<' || identity[0] == ' ');
    }
    arena_free(&arena);
}

static void test_splitting(void **state)
{
    static const char *const wrong[] = {
        "",         "Bob",       "bob@example.org", "<bob@example.org>", "Bob <>",    "Bob <b@e",
        "Bob b@e>", "Bob >b@e<", "Bob <b@e> x",     "A <a@b> B <c@d>",   "Bob <a<b>", "Bob <b@e> ",
    };
    struct arena arena = {0};
    const char *name, *mail;
    (void)state;

    assert_true(tag_split_identity(&arena, "Bob Birch <bob@example.org>", &name, &mail));
    assert_string_equal(name, "Bob Birch ");
    assert_string_equal(mail, "bob@example.org");
    assert_string_equal(tag_identity(&arena, name, mail), "Bob Birch <bob@example.org>");
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (tag_split_identity(&arena, wrong[i], &name, &mail))
            fail_msg("\"%s\" was expected to be no identity", wrong[i]);
    arena_free(&arena);
}

static void test_where_a_signature_starts(void **state)
{
    static const struct {
        const char *text;
        enum signature_kind kind;
        size_t start;
    } cases[] = {
        {"", SIGNATURE_NONE, 0},
        {"message\n", SIGNATURE_NONE, 8},
        {"message", SIGNATURE_NONE, 7},
        {"m\n-----BEGIN PGP SIGNATURE-----\nx\n", SIGNATURE_OPENPGP, 2},
        {"m\n-----BEGIN PGP MESSAGE-----\nx\n", SIGNATURE_OPENPGP, 2},
        {"m\n-----BEGIN SSH SIGNATURE-----\nx\n", SIGNATURE_SSH, 2},
        {"m\n-----BEGIN SIGNED MESSAGE-----\nx\n", SIGNATURE_X509, 2},
        {"-----BEGIN PGP SIGNATURE-----", SIGNATURE_OPENPGP, 0},
        {"m -----BEGIN PGP SIGNATURE-----\n", SIGNATURE_NONE, 32},
        {"m\n -----BEGIN PGP SIGNATURE-----\n", SIGNATURE_NONE, 33},
        {"m\n-----BEGIN PGP SIGNATURE----\n", SIGNATURE_NONE, 31},
        {"m\n-----BEGIN PGP PUBLIC KEY BLOCK-----\n", SIGNATURE_NONE, 39},
        {"m\n\n-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\nmore\n",
         SIGNATURE_OPENPGP, 3}, /* git takes what follows for its part, too */
        /* one that the message quotes: the last one counts */
        {"As in\n-----BEGIN SSH SIGNATURE-----\nq\n-----END SSH SIGNATURE-----\nsee there\n"
         "-----BEGIN PGP SIGNATURE-----\n\nx\n-----END PGP SIGNATURE-----\n",
         SIGNATURE_OPENPGP, 76},
        {"As in\n> -----BEGIN PGP SIGNATURE-----\n> q\nsee there\n", SIGNATURE_NONE, 52},
        {"-----BEGIN PGP SIGNATURE-----\nm\n-----BEGIN SSH SIGNATURE-----\n", SIGNATURE_SSH, 32},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        enum signature_kind kind;
        size_t const start = tag_signature_start(cases[i].text, &kind);

        if (start != cases[i].start || kind != cases[i].kind)
            fail_msg("\"%s\": %zu (%d) was expected, %zu (%d) found", cases[i].text, cases[i].start,
                     cases[i].kind, start, kind);
    }
}

static void test_object_ids(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    char digits[66];
    (void)state;

    memset(digits, 'a', sizeof(digits));
    digits[65] = '\0';
    assert_true(is_object_id(digits + 25));  /* 40 */
    assert_true(is_object_id(digits + 1));   /* 64 */
    assert_false(is_object_id(digits + 24)); /* 41 */
    assert_false(is_object_id(digits));
    assert_false(is_object_id(digits + 26));
    digits[30] = 'g';
    assert_false(is_object_id(digits + 25));
    assert_false(is_object_id("0000000000000000000000000000000000000000"));
    assert_false(is_object_id("A000000000000000000000000000000000000001"));
    assert_false(is_object_id(""));
    assert_false(is_object_id(NULL));
}

#define ID "0123456789012345678901234567890123456789"

static void test_parsing(void **state)
{
    static const char bytes[] = "object " ID "\ntype commit\ntag v1\ntagger A <a@b> 1 +0000\n\nm\n"
                                "-----BEGIN PGP SIGNATURE-----\n\nx\n";
    struct tag_object object = {.object = "kept"};
    struct arena arena = {0};
    size_t length = 0;
    (void)state;

    assert_int_equal(tag_parse(&arena, bytes, sizeof(bytes) - 1, &object, &length), 0);
    assert_string_equal(object.object, "kept");
    assert_string_equal(object.target, ID);
    assert_string_equal(object.target_type, "commit");
    assert_string_equal(object.name, "v1");
    assert_string_equal(object.tagger, "A <a@b>");
    assert_string_equal(object.message, "m\n");
    assert_int_equal(object.signature, SIGNATURE_OPENPGP);
    assert_true(string_starts(bytes + length, "-----BEGIN PGP SIGNATURE-----"));
    arena_free(&arena);
}

/* Headers in another order, of other names, or cut: no tag object that we take anything from. */
static void test_what_is_no_tag_object(void **state)
{
    static const char *const wrong[] = {
        "",
        "object " ID "\n",
        "object " ID "\ntype commit\n",
        "object " ID "\ntype commit\ntag v1",
        "object " ID "\ntype commit\ntag v1\n",
        "object " ID "\ntype commit\ntag v1\ntagger A <a@b> 1 +0000\n",
        "object " ID "\ntype commit\ntag v1\nx y\n\nm\n",
        "object " ID "\ntype commit\ntag \n\nm\n",
        "object " ID "\ntype\ntag v1\n\nm\n",
        "object \ntype commit\ntag v1\n\nm\n",
        "object c1\ntype commit\ntag v1\n\nm\n",
        "object ../../" ID "\ntype commit\ntag v1\n\nm\n",
        "object " ID "0\ntype commit\ntag v1\n\nm\n",
        "object 0000000000000000000000000000000000000000\ntype commit\ntag v1\n\nm\n",
        " object " ID "\ntype commit\ntag v1\n\nm\n",
        "type commit\nobject " ID "\ntag v1\n\nm\n",
        "tree " ID "\nparent " ID "\n\nm\n",
    };
    struct arena arena = {0};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct tag_object object = {0};
        size_t length = 7;

        if (!tag_parse(&arena, wrong[i], strlen(wrong[i]), &object, &length))
            fail_msg("\"%s\" was taken for a tag object", wrong[i]);
        assert_null(object.target);
        assert_int_equal(length, 7);
    }
    static const char with_nul[] = "object " ID "\ntype commit\ntag v1\n\nm\0n\n";
    struct tag_object object = {0};
    size_t length = 7;
    assert_int_equal(tag_parse(&arena, with_nul, sizeof(with_nul) - 1, &object, &length), -1);
    assert_null(object.target);
    arena_free(&arena);
}

/* The same as git, asked for each identity. (A dot at the end goes in older Gits, stays in newer.) */
static void test_identities_as_git_has_them(void **state)
{
    static const char *const names[] = {"Bob Birch", "  Bob; ", "\"Bob\" Birch", "B<o>b",
                                        ":Bob;",     "Bob,",    "B\\ob\\",       "Zo\xc3\xab"};
    struct arena arena = {0};
    const char *folder = make_folder(&arena);
    (void)state;

    shell("git init -q '%s'", folder);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *git =
            shell_line(&arena,
                       "GIT_CONFIG_GLOBAL=/dev/null GIT_COMMITTER_NAME='%s' "
                       "GIT_COMMITTER_EMAIL=bob@example.org git -C '%s' var GIT_COMMITTER_IDENT | "
                       "sed 's/> .*/>/'",
                       names[i], folder);

        assert_string_equal(git, tag_identity(&arena, names[i], "bob@example.org"));
    }
    remove_folder(folder);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_object),
        cmocka_unit_test(test_a_late_date),
        cmocka_unit_test(test_identities),
        cmocka_unit_test(test_no_identity_breaks_the_header),
        cmocka_unit_test(test_splitting),
        cmocka_unit_test(test_where_a_signature_starts),
        cmocka_unit_test(test_object_ids),
        cmocka_unit_test(test_parsing),
        cmocka_unit_test(test_what_is_no_tag_object),
        cmocka_unit_test(test_identities_as_git_has_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
