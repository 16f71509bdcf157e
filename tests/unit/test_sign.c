/* adapters/sign: keys that gpg made, good and bad, in a home of their own; what signs and what refuses. */
#include "support.h"

#include "adapters/home.h"
#include "adapters/sign.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char phrase[] = "Correct horse: 100% \"battery\" staple";
static const char past[] = "20240101T000000!";

/* The keys, made once; the agent that made them is stopped. */
static struct {
    struct arena arena;
    const char *folder, *gpg; /* the command, with its options */
} keys;

static const char *path_of(const char *name)
{
    return arena_print(&keys.arena, "%s/%s", keys.folder, name);
}

static void make_key(const char *name, const char *id, const char *algorithm, const char *usage,
                     const char *options)
{
    shell("%s %s --quick-gen-key '%s' %s %s %s && %s --list-secret-keys --with-colons | awk -F: "
          "'$1 == \"sec\" { want = 1 } $1 == \"fpr\" && want { last = $10; want = 0 } END { print "
          "last }' > '%s.fpr'",
          keys.gpg, options, id, algorithm, usage, strstr(options, "faked") ? "30d" : "never",
          keys.gpg, path_of(name));
}

static const char *fingerprint(const char *name)
{
    return shell_line(&keys.arena, "cat '%s.fpr'", path_of(name));
}

static void add_subkey(const char *name, const char *algorithm, const char *usage)
{
    shell("%s --passphrase '' --quick-add-key %s %s %s never", keys.gpg, fingerprint(name),
          algorithm, usage);
}

static void export(const char *name, const char *options)
{
    shell("%s %s --armor --export-secret-keys %s > '%s.asc' && %s --armor --export %s > '%s.pub'",
          keys.gpg, options, fingerprint(name), path_of(name), keys.gpg, fingerprint(name),
          path_of(name));
}

static int make_keys(void **state)
{
    static const char none[] = "--passphrase ''";
    const char *with_phrase;
    (void)state;

    keys.folder = make_folder(&keys.arena);
    shell("mkdir -m 700 '%s'", path_of("home"));
    keys.gpg = arena_print(&keys.arena,
                           "gpg --batch --quiet --no-tty --pinentry-mode loopback --homedir '%s'",
                           path_of("home"));
    with_phrase = arena_print(&keys.arena, "--passphrase '%s'", phrase);
    make_key("plain", "Mara Maintainer <mara@example.org>", "ed25519", "sign", none);
    export("plain", none);
    make_key("phrase", "Pia Phrase <pia@example.org>", "ed25519", "sign", with_phrase);
    export("phrase", with_phrase);
    make_key("p256", "Nils Nist <nils@example.org>", "nistp256", "sign", none);
    export("p256", none);
    make_key("subkey", "Susi Subkey <susi@example.org>", "ed25519", "cert", none);
    add_subkey("subkey", "ed25519", "sign");
    export("subkey", none);
    shell("%s --passphrase '' --armor --export-secret-subkeys %s > '%s.asc'", keys.gpg,
          fingerprint("subkey"), path_of("stub"));
    make_key("encryption", "Enno Encrypt <enno@example.org>", "ed25519", "cert", none);
    add_subkey("encryption", "cv25519", "encr");
    export("encryption", none);
    make_key("expired", "Emil Expired <emil@example.org>", "ed25519", "sign",
             arena_print(&keys.arena, "--passphrase '' --faked-system-time '%s'", past));
    export("expired", none);
    make_key("revoked", "Rita Revoked <rita@example.org>", "ed25519", "sign", none);
    shell("sed 's/^:---/---/' '%s/openpgp-revocs.d/%s.rev' | %s --import", path_of("home"),
          fingerprint("revoked"), keys.gpg);
    export("revoked", none);
    make_key("nomail", "Nobody Atall", "ed25519", "sign", "--passphrase '' --allow-freeform-uid");
    export("nomail", none);
    make_key("dsa", "Dora Dsa <dora@example.org>", "dsa1024", "sign", none);
    export("dsa", none);
    shell("cat '%s.asc' '%s.asc' > '%s.asc'", path_of("plain"), path_of("p256"), path_of("two"));
    shell("gpgconf --homedir '%s' --kill all", path_of("home"));
    return 0;
}

static int remove_keys(void **state)
{
    (void)state;
    remove_folder(keys.folder);
    arena_free(&keys.arena);
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
    const char *folder = make_folder(&keys.arena);

    assert_int_equal(
        signer_sign(attempt->signer, bytes, sizeof(bytes) - 1, &signature, &attempt->error), 0);
    assert_true(string_starts(text_string(&signature), "-----BEGIN PGP SIGNATURE-----\n\n"));
    assert_string_equal(text_string(&signature) + signature.length - 29,
                        "\n-----END PGP SIGNATURE-----\n");
    assert_lacks(text_string(&signature), "Version:");
    assert_lacks(text_string(&signature), "\r");
    write_file(arena_print(&keys.arena, "%s/bytes", folder), bytes, sizeof(bytes) - 1);
    write_file(arena_print(&keys.arena, "%s/bytes.asc", folder), signature.bytes, signature.length);
    shell("chmod 700 '%s' && gpg --homedir '%s' --batch --quiet --import '%s.pub' && gpg --homedir "
          "'%s' --batch --status-fd 1 --verify '%s/bytes.asc' '%s/bytes' | grep -q 'VALIDSIG.*%s'",
          folder, folder, path_of(name), folder, folder, folder, fingerprint(name));
    remove_folder(folder);
}

static void test_keys_that_sign(void **state)
{
    static const struct {
        const char *file, *name, *passphrase, *person, *mail;
    } cases[] = {
        {"plain.asc", "plain", "", "Mara Maintainer", "mara@example.org"},
        {"plain.asc", "plain", "not needed", "Mara Maintainer", "mara@example.org"},
        {"phrase.asc", "phrase", phrase, "Pia Phrase", "pia@example.org"},
        {"p256.asc", "p256", "", "Nils Nist", "nils@example.org"},
        {"subkey.asc", "subkey", "", "Susi Subkey", "susi@example.org"},
        {"stub.asc", "subkey", "", "Susi Subkey", "susi@example.org"},
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

    assert_int_equal(try_key(&attempt, "nomail.asc", "", ""), 0);
    assert_string_equal(attempt.chosen.mail, "");
    end(&attempt);
}

static void test_keys_that_are_refused(void **state)
{
    static const struct {
        const char *file, *passphrase, *mail;
        enum error_code code;
    } cases[] = {
        {"plain.pub", "", "", ERROR_KEY_PUBLIC},
        {"expired.asc", "", "", ERROR_KEY_EXPIRED},
        {"revoked.asc", "", "", ERROR_KEY_REVOKED},
        {"encryption.asc", "", "", ERROR_KEY_USAGE},
        {"dsa.asc", "", "", ERROR_KEY_USAGE}, /* 160 bits: SHA-1 */
        {"phrase.asc", "wrong", "", ERROR_KEY_PASSPHRASE},
        {"phrase.asc", "", "", ERROR_KEY_PASSPHRASE},
        {"two.asc", "", "", ERROR_KEY_SEVERAL},
        {"two.asc", "", "nobody@example.org", ERROR_KEY_SEVERAL},
        {"plain.fpr", "", "", ERROR_KEY_INVALID}, /* no key at all */
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

    read_whole(path_of("plain.asc"), &key);
    for (size_t keep = 0; keep < key.length - 60; keep += 61) {
        struct attempt attempt;
        char *cut = arena_print(&keys.arena, "%.*s", (int)keep, text_string(&key));

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

        assert_int_equal(try_key(&attempt, "two.asc", "", cases[i].mail), 0);
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

    assert_int_equal(try_key(&attempt, "phrase.asc", phrase, ""), 0);
    for (int i = 0; i < 3; i++)
        check_signature(&attempt, "phrase");
    end(&attempt);
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
        cmocka_unit_test(test_closing_nothing),
    };

    return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
