/* adapters/sign: the keys of tests/keys, good and bad; what signs and what is refused. */
#include "support.h"

#include "adapters/home.h"
#include "adapters/sign.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char phrase[] = "Correct horse: 100% \"battery\" staple";

static struct arena texts; /* of the whole program */

static const char *path_of(const char *name)
{
    return arena_print(&texts, "%s/../keys/%s", string_or(getenv("CASES"), "tests/cases"), name);
}

static const char *fingerprint(const char *name)
{
    return shell_line(&texts, "awk -F'\\t' '$1 == \"%s\" { print $2 }' '%s'", name,
                      path_of("test-keys.tsv"));
}

static int free_texts(void **state)
{
    (void)state;
    arena_free(&texts);
    return 0;
}

/* A try with a key, in a home of its own. */
struct attempt {
    struct arena arena;
    struct home home;
    struct signer *signer;
    struct signer_key chosen;
    struct error error;
};

static int try_text(struct attempt *attempt, const char *key, const char *passphrase,
                    const char *mail)
{
    *attempt = (struct attempt){.error = {0}};
    assert_int_equal(home_open(&attempt->home, &attempt->error), 0);
    return signer_open(&attempt->arena, attempt->home.path, key, passphrase, mail, &attempt->signer,
                       &attempt->chosen, &attempt->error);
}

static int try_key(struct attempt *attempt, const char *name, const char *passphrase,
                   const char *mail)
{
    CLEANUP(text_free) struct text key = {0};

    read_whole(path_of(name), &key);
    return try_text(attempt, text_string(&key), passphrase, mail);
}

static void end(struct attempt *attempt)
{
    char path[sizeof(attempt->home.path)];

    memcpy(path, attempt->home.path, sizeof(path));
    signer_close(attempt->signer);
    home_close(&attempt->home);
    assert_int_not_equal(access(path, F_OK), 0);
    shell("! pgrep -f '[h]omedir %s'", path);
    arena_free(&attempt->arena);
}

/* gpg itself, with the public key alone, finds the signature good. */
static void check_signature(struct attempt *attempt, const char *name)
{
    static const char bytes[] = "object 0\ntype commit\n\xff\x00\n";
    CLEANUP(text_free) struct text signature = {0};
    const char *folder = make_folder(&texts);

    assert_int_equal(
        signer_sign(attempt->signer, bytes, sizeof(bytes) - 1, &signature, &attempt->error), 0);
    assert_true(string_starts(text_string(&signature), "-----BEGIN PGP SIGNATURE-----\n\n"));
    assert_string_equal(text_string(&signature) + signature.length - 29,
                        "\n-----END PGP SIGNATURE-----\n");
    assert_lacks(text_string(&signature), "Version:");
    assert_lacks(text_string(&signature), "\r");
    write_file(arena_print(&texts, "%s/bytes", folder), bytes, sizeof(bytes) - 1);
    write_file(arena_print(&texts, "%s/bytes.asc", folder), signature.bytes, signature.length);
    shell("chmod 700 '%s' && gpg --homedir '%s' --batch --quiet --import '%s' && gpg --homedir "
          "'%s' --batch --status-fd 1 --verify '%s/bytes.asc' '%s/bytes' | grep -q 'VALIDSIG.*%s'",
          folder, folder, path_of(arena_print(&texts, "test-key-%s.pub", name)), folder, folder,
          folder, fingerprint(name));
    remove_folder(folder);
}

static void test_keys_that_sign(void **state)
{
    static const struct {
        const char *file, *name, *passphrase, *person, *mail;
    } cases[] = {
        {"test-key-plain.asc", "plain", "", "Mara Maintainer", "mara@example.org"},
        {"test-key-plain.asc", "plain", "not needed", "Mara Maintainer", "mara@example.org"},
        {"test-key-passphrase.asc", "passphrase", phrase, "Pia Phrase", "pia@example.org"},
        {"test-key-p256.asc", "p256", "", "Nils Nist", "nils@example.org"},
        {"test-key-subkey.asc", "subkey", "", "Susi Subkey", "susi@example.org"},
        {"test-key-stub.asc", "subkey", "", "Susi Subkey", "susi@example.org"},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct attempt attempt;

        if (try_key(&attempt, cases[i].file, cases[i].passphrase, ""))
            fail_msg("%s: %s", cases[i].file, attempt.error.message);
        assert_string_equal(attempt.chosen.name, cases[i].person);
        assert_string_equal(attempt.chosen.mail, cases[i].mail);
        assert_string_equal(attempt.chosen.fingerprint, fingerprint(cases[i].name));
        check_signature(&attempt, cases[i].name);
        end(&attempt);
    }
}

static void test_a_user_id_without_mail(void **state)
{
    struct attempt attempt;
    (void)state;

    assert_int_equal(try_key(&attempt, "test-key-nomail.asc", "", ""), 0);
    assert_string_equal(attempt.chosen.mail, "");
    end(&attempt);
}

static void test_keys_that_are_refused(void **state)
{
    static const struct {
        const char *file, *passphrase, *mail;
        enum error_code code;
    } cases[] = {
        {"test-key-public.asc", "", "", ERROR_KEY_PUBLIC},
        {"test-key-expired.asc", "", "", ERROR_KEY_EXPIRED},
        {"test-key-revoked.asc", "", "", ERROR_KEY_REVOKED},
        {"test-key-encryption.asc", "", "", ERROR_KEY_USAGE},
        {"test-key-dsa.asc", "", "", ERROR_KEY_USAGE}, /* 160 bits: SHA-1 */
        {"test-key-passphrase.asc", "wrong", "", ERROR_KEY_PASSPHRASE},
        {"test-key-passphrase.asc", "", "", ERROR_KEY_PASSPHRASE},
        {"test-key-two.asc", "", "", ERROR_KEY_SEVERAL},
        {"test-key-two.asc", "", "nobody@example.org", ERROR_KEY_SEVERAL},
        {"test-key-garbage.asc", "", "", ERROR_KEY_INVALID}, /* no key at all */
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct attempt attempt;

        assert_int_equal(try_key(&attempt, cases[i].file, cases[i].passphrase, cases[i].mail), -1);
        if (attempt.error.code != cases[i].code)
            fail_msg("%s: %s was expected, %s found: %s", cases[i].file,
                     error_code_text(cases[i].code), error_code_text(attempt.error.code),
                     attempt.error.message);
        assert_null(attempt.signer);
        assert_lacks(attempt.error.message, "BEGIN PGP");
        end(&attempt);
    }
}

/* A key that a secret store cut or mangled. */
static void test_damaged_keys(void **state)
{
    CLEANUP(text_free) struct text key = {0};
    (void)state;

    read_whole(path_of("test-key-plain.asc"), &key);
    for (size_t keep = 0; keep < key.length - 60; keep += 97) {
        struct attempt attempt;
        char *cut = arena_print(&texts, "%.*s", (int)keep, text_string(&key));

        assert_int_equal(try_text(&attempt, cut, "", ""), -1);
        assert_code(ERROR_KEY_INVALID, attempt.error.code);
        end(&attempt);
    }
}

static void test_a_choice_by_mail(void **state)
{
    static const struct {
        const char *mail, *name;
    } cases[] = {{"nils@example.org", "p256"}, {"mara@example.org", "plain"}};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct attempt attempt;

        assert_int_equal(try_key(&attempt, "test-key-two.asc", "", cases[i].mail), 0);
        assert_string_equal(attempt.chosen.mail, cases[i].mail);
        check_signature(&attempt, cases[i].name);
        end(&attempt);
    }
}

/* One passphrase, many signatures: the agent is asked each time, and nothing is said twice. */
static void test_several_signatures(void **state)
{
    struct attempt attempt;
    (void)state;

    assert_int_equal(try_key(&attempt, "test-key-passphrase.asc", phrase, ""), 0);
    for (int i = 0; i < 3; i++)
        check_signature(&attempt, "passphrase");
    end(&attempt);
}

/* SIGTERM while gpg is at work. It can't be taken back: the last test of this program. */
static void test_interrupted(void **state)
{
    CLEANUP(text_free) struct text signature = {0};
    struct attempt signing, importing;
    (void)state;

    assert_int_equal(try_key(&signing, "test-key-plain.asc", "", ""), 0);
    clock_interrupt();
    assert_int_equal(try_key(&importing, "test-key-plain.asc", "", ""), -1);
    assert_code(ERROR_INTERRUPTED, importing.error.code);
    assert_null(importing.signer);
    assert_int_equal(signer_sign(signing.signer, "x", 1, &signature, &signing.error), -1);
    assert_code(ERROR_INTERRUPTED, signing.error.code);
    assert_int_equal(signature.length, 0);
    end(&importing);
    end(&signing);
}

static void test_closing_nothing(void **state)
{
    (void)state;
    signer_close(NULL);
    assert_non_null(sign_version());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys_that_sign),        cmocka_unit_test(test_a_user_id_without_mail),
        cmocka_unit_test(test_keys_that_are_refused), cmocka_unit_test(test_damaged_keys),
        cmocka_unit_test(test_a_choice_by_mail),      cmocka_unit_test(test_several_signatures),
        cmocka_unit_test(test_closing_nothing),       cmocka_unit_test(test_interrupted),
    };

    return cmocka_run_group_tests(tests, NULL, free_texts);
}
