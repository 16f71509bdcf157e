/* adapters/sign_verify: signatures of keys that gpg made, judged by given keys alone. */
#include "support.h"

#include "adapters/home.h"
#include "adapters/sign_verify.h"

#include <string.h>

static const char past[] = "20240101T000000!";
static const char payload[] = "object 0\ntype commit\ntag v1\n\nA \xff message\n";

/* The keys, made once; the agent that made them is stopped. */
static struct {
    struct arena arena;
    const char *folder, *gpg;
} keys;

static const char *path_of(const char *name)
{
    return arena_print(&keys.arena, "%s/%s", keys.folder, name);
}

static const char *fingerprint(const char *name)
{
    return shell_line(&keys.arena, "cat '%s.fpr'", path_of(name));
}

/* NAME.fpr is the primary key's fingerprint. */
static void make_key(const char *name, const char *algorithm, const char *usage, const char *until,
                     const char *options)
{
    shell("%s %s --status-fd 1 --quick-gen-key '%s <%s@example.org>' %s %s %s | awk '/KEY_CREATED/ "
          "{ print $4 }' > '%s.fpr'",
          keys.gpg, options, name, name, algorithm, usage, until, path_of(name));
}

static void add_subkey(const char *name, const char *until, const char *options)
{
    shell("%s %s --quick-add-key %s ed25519 sign %s", keys.gpg, options, fingerprint(name), until);
}

static void revoke(const char *name)
{
    shell("sed 's/^:---/---/' '%s/openpgp-revocs.d/%s.rev' | %s --import", path_of("home"),
          fingerprint(name), keys.gpg);
}

static void export(const char *name)
{
    shell("%s --armor --export %s > '%s.pub'", keys.gpg, fingerprint(name), path_of(name));
}

/* FILE.asc: what `name` signs of the payload. */
static void sign_as(const char *file, const char *name, const char *options)
{
    shell("%s %s -u %s --armor --detach-sign < '%s' > '%s.asc'", keys.gpg, options,
          fingerprint(name), path_of("payload"), path_of(file));
}

static int make_keys(void **state)
{
    static const char *const exported[] = {"good",     "other",     "subkey",  "expired",
                                           "expsub",   "expprim",   "revoked", "revsub",
                                           "exprevok", "forgotten", "old"};
    const char *then = arena_print(&keys.arena, "--faked-system-time '%s'", past);
    (void)state;

    keys.folder = make_folder(&keys.arena);
    shell("mkdir -m 700 '%s'", path_of("home"));
    keys.gpg = arena_print(&keys.arena,
                           "gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase '' "
                           "--homedir '%s'",
                           path_of("home"));
    write_file(path_of("payload"), payload, sizeof(payload) - 1);
    make_key("good", "rsa1024", "sign", "never", "");
    make_key("other", "ed25519", "sign", "never", "");
    make_key("forgotten", "ed25519", "sign", "never", "");
    make_key("subkey", "ed25519", "cert", "never", "");
    add_subkey("subkey", "never", "");
    make_key("expired", "ed25519", "sign", "30d", then);
    make_key("expsub", "ed25519", "cert", "never", then);
    add_subkey("expsub", "30d", then);
    make_key("expprim", "ed25519", "cert", "30d", then);
    add_subkey("expprim", "never", then);
    make_key("revoked", "ed25519", "sign", "never", "");
    make_key("revsub", "ed25519", "cert", "never", "");
    add_subkey("revsub", "never", "");
    make_key("exprevok", "ed25519", "sign", "30d", then);

    sign_as("good", "good", "");
    sign_as("other", "other", "");
    sign_as("forgotten", "forgotten", "");
    sign_as("subkey", "subkey", "");
    sign_as("expired", "expired", then);
    sign_as("expsub", "expsub", then);
    sign_as("expprim", "expprim", then);
    sign_as("revoked", "revoked", "");
    sign_as("revsub", "revsub", "");
    sign_as("exprevok", "exprevok", then);
    sign_as("sha1", "good", "--digest-algo SHA1");
    sign_as("md5", "good", "--allow-weak-digest-algos --digest-algo MD5");
    sign_as("ripemd", "good", "--digest-algo RIPEMD160");
    sign_as("sha512", "good", "--digest-algo SHA512");
    make_key("old", "ed25519", "sign", "never", then);
    sign_as("over", "old", arena_print(&keys.arena, "%s --default-sig-expire 30d", then));
    shell("%s -u %s --armor --sign < '%s' > '%s.asc'", keys.gpg, fingerprint("good"),
          path_of("payload"), path_of("inline"));
    shell("echo Lunch | %s -u %s --armor --sign > '%s.asc'", keys.gpg, fingerprint("good"),
          path_of("lunch"));
    shell("%s -u %s -u %s --armor --detach-sign < '%s' > '%s.asc'", keys.gpg, fingerprint("good"),
          fingerprint("forgotten"), path_of("payload"), path_of("both"));
    revoke("revoked");
    revoke("exprevok");
    shell("printf 'key 1\\nrevkey\\ny\\n0\\n\\ny\\nsave\\n' | %s --command-fd 0 --no-batch "
          "--edit-key %s",
          keys.gpg, fingerprint("revsub"));
    for (size_t i = 0; i < COUNT_OF(exported); i++)
        export(exported[i]);
    shell("%s --armor --export-secret-keys %s > '%s'", keys.gpg, fingerprint("other"),
          path_of("secret.pub"));
    shell("cd '%s' && (echo 'Who signs here'; cat good.pub; echo; echo Others; cat other.pub "
          "subkey.pub) > KEYS.pub && echo none > none.pub && : > empty.pub",
          keys.folder);
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

/* Verifies `signature` (the name of a file) of `bytes` in a home of its own. */
static int verify(const char *trusted, const char *bytes, const char *signature,
                  struct signature_check *check, struct error *error)
{
    CLEANUP(text_free) struct text key = {0}, armor = {0};
    struct home home = {0};

    *error = (struct error){0};
    read_whole(arena_print(&keys.arena, "%s.pub", path_of(trusted)), &key);
    read_whole(arena_print(&keys.arena, "%s.asc", path_of(signature)), &armor);
    assert_int_equal(home_open(&home, error), 0);
    int const result = verify_signature(&keys.arena, home.path, text_string(&key), bytes,
                                        strlen(bytes), text_string(&armor), check, error);
    shell("! pgrep -af '[h]omedir %s'", home.path); /* no agent was started */
    home_close(&home);
    return result;
}

static void expect(const char *trusted, const char *bytes, const char *signature,
                   enum signature_verdict verdict)
{
    struct signature_check check;
    struct error error;

    if (verify(trusted, bytes, signature, &check, &error))
        fail_msg("%s by %s: %s", signature, trusted, error.message);
    if (check.verdict != verdict)
        fail_msg("%s by %s: verdict %d was expected, %d found", signature, trusted, verdict,
                 check.verdict);
}

static void test_verdicts(void **state)
{
    static const struct {
        const char *keys, *signature;
        enum signature_verdict verdict;
    } cases[] = {
        {"good", "good", SIGNATURE_GOOD},
        {"good", "sha512", SIGNATURE_GOOD},
        {"KEYS", "good", SIGNATURE_GOOD},
        {"KEYS", "other", SIGNATURE_GOOD},
        {"KEYS", "subkey", SIGNATURE_GOOD},
        {"subkey", "subkey", SIGNATURE_GOOD},
        {"other", "good", SIGNATURE_UNKNOWN_SIGNER},
        {"KEYS", "forgotten", SIGNATURE_UNKNOWN_SIGNER},
        {"KEYS", "both", SIGNATURE_UNKNOWN_SIGNER}, /* each must be good */
        {"expired", "expired", SIGNATURE_KEY_EXPIRED},
        {"expsub", "expsub", SIGNATURE_KEY_EXPIRED},
        {"expprim", "expprim", SIGNATURE_KEY_EXPIRED}, /* the subkey itself never ends */
        {"revoked", "revoked", SIGNATURE_KEY_REVOKED},
        {"revsub", "revsub", SIGNATURE_KEY_REVOKED},
        {"exprevok", "exprevok", SIGNATURE_KEY_REVOKED}, /* the worse of the two is told */
        {"old", "over", SIGNATURE_EXPIRED},
        {"good", "sha1", SIGNATURE_WEAK},
        {"good", "md5", SIGNATURE_WEAK},
        {"good", "ripemd", SIGNATURE_WEAK},
        {"good", "inline", SIGNATURE_BAD},
        {"good", "lunch", SIGNATURE_BAD},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        expect(cases[i].keys, payload, cases[i].signature, cases[i].verdict);
}

/* A byte more, less or other, the final newline too. */
static void test_other_bytes(void **state)
{
    char bytes[sizeof(payload) + 1];
    (void)state;

    expect("good", "", "good", SIGNATURE_BAD);
    memcpy(bytes, payload, sizeof(payload));
    bytes[sizeof(payload) - 2] = '\0';
    expect("good", bytes, "good", SIGNATURE_BAD);
    memcpy(bytes, payload, sizeof(payload));
    strcat(bytes, "\n");
    expect("good", bytes, "good", SIGNATURE_BAD);
    memcpy(bytes, payload, sizeof(payload));
    bytes[7] = '1';
    expect("good", bytes, "good", SIGNATURE_BAD);
}

/* Whose it is: the name comes from the key, never from the signature. */
static void test_the_signer(void **state)
{
    struct signature_check check;
    struct error error;
    (void)state;

    assert_int_equal(verify("KEYS", payload, "other", &check, &error), 0);
    assert_string_equal(check.fingerprint, fingerprint("other"));
    assert_string_equal(check.signer, "other <other@example.org>");
    assert_int_equal(verify("KEYS", payload, "forgotten", &check, &error), 0);
    assert_false(string_is_empty(check.fingerprint));
    assert_string_equal(check.signer, "");
}

/* Not keys, or keys that nobody should see. */
static void test_keys_that_are_refused(void **state)
{
    static const char *const refused[] = {"none", "empty", "secret"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        struct signature_check check;
        struct error error;

        assert_int_equal(verify(refused[i], payload, "other", &check, &error), -1);
        assert_code(ERROR_TRUSTED_KEYS, error.code);
        assert_lacks(error.message, "BEGIN PGP");
    }
}

/* Without a home there is nothing that could be called verified. */
static void test_no_home(void **state)
{
    struct signature_check check = {.verdict = SIGNATURE_BAD};
    struct error error = {0};
    (void)state;

    assert_int_equal(verify_signature(&keys.arena, "/no/such/home", "x", "bytes", 5, "signature",
                                      &check, &error),
                     -1);
    assert_code(ERROR_OUTPUT, error.code);
    assert_int_equal(check.verdict, SIGNATURE_BAD);
}

/* SIGTERM while gpg reads the keys. It can't be taken back: the last test of this program. */
static void test_interrupted(void **state)
{
    struct signature_check check = {.verdict = SIGNATURE_BAD};
    CLEANUP(text_free) struct text key = {0};
    struct home home = {0};
    struct error error = {0};
    (void)state;

    read_whole(arena_print(&keys.arena, "%s.pub", path_of("good")), &key);
    assert_int_equal(home_open(&home, &error), 0);
    clock_interrupt();
    assert_int_equal(verify_signature(&keys.arena, home.path, text_string(&key), "bytes", 5,
                                      "signature", &check, &error),
                     -1);
    assert_code(ERROR_INTERRUPTED, error.code);
    assert_int_equal(check.verdict, SIGNATURE_BAD);
    home_close(&home);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),   cmocka_unit_test(test_other_bytes),
        cmocka_unit_test(test_the_signer), cmocka_unit_test(test_keys_that_are_refused),
        cmocka_unit_test(test_no_home),    cmocka_unit_test(test_interrupted),
    };

    return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
