#include "adapters/sign.h"

#include "adapters/sign_internal.h"
#include "base/cleanup.h"
#include "base/clock.h"
#include "base/memory.h"

#include <errno.h>
#include <gpgme.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    MOST_SECONDS = 60, /* of one call of gpg; usual are some ms */
    STEP_MS = 2,
};

struct signer {
    gpgme_ctx_t context;
    const char *passphrase;
};

void sign_release_data(gpgme_data_t *data)
{
    if (*data)
        gpgme_data_release(*data);
}

bool sign_is_weak(int digest)
{
    return digest == GPGME_MD_MD5 || digest == GPGME_MD_SHA1 || digest == GPGME_MD_RMD160 ||
           digest == GPGME_MD_NONE;
}

const char *sign_version(void)
{
    return gpgme_check_version(NULL);
}

/* Where the image and Debian have it, else along PATH. NULL where there is none. */
static const char *find_gpg(struct arena *arena)
{
    const char *path = getenv("PATH");

    if (access("/usr/bin/gpg", X_OK) == 0)
        return "/usr/bin/gpg";
    while (path && *path) {
        size_t const length = strcspn(path, ":");
        const char *program = arena_print(arena, "%.*s/gpg", (int)length, path);

        if (length && access(program, X_OK) == 0)
            return program;
        path += length + (path[length] == ':');
    }
    return NULL;
}

/* gpgme's loopback: the passphrase goes through a pipe, never on a command line. */
static gpgme_error_t hand_passphrase(void *state, const char *hint, const char *info, int was_bad,
                                     int pipe)
{
    const struct signer *signer = state;

    (void)hint;
    (void)info;
    if (was_bad || string_is_empty(signer->passphrase))
        return gpgme_error(GPG_ERR_BAD_PASSPHRASE);
    if (gpgme_io_writen(pipe, signer->passphrase, strlen(signer->passphrase)) ||
        gpgme_io_writen(pipe, "\n", 1))
        return gpgme_error_from_errno(errno);
    return 0;
}

int sign_context(struct arena *arena, const char *home, gpgme_ctx_t *context, struct error *error)
{
    const char *gpg = find_gpg(arena);
    gpgme_error_t problem;

    gpgme_check_version(NULL);
    if (!gpg)
        return error_set(error, ERROR_GPG, "install GnuPG 2.2 or newer",
                         "gpg was expected in PATH, there is none");
    problem = gpgme_new(context);
    if (!problem)
        problem = gpgme_ctx_set_engine_info(*context, GPGME_PROTOCOL_OpenPGP, gpg, home);
    if (problem)
        return error_set(error, ERROR_GPG, "install GnuPG 2.2 or newer", "%s can't be used: %s",
                         gpg, gpgme_strerror(problem));
    gpgme_set_armor(*context, 1);
    gpgme_set_offline(*context, 1);
    return 0;
}

int sign_wait(gpgme_ctx_t context, gpgme_error_t *problem, struct error *error)
{
    int64_t const until = clock_now_ms(&system_clock) + MOST_SECONDS * 1000;

    while (!*problem && !gpgme_wait(context, problem, 0)) {
        bool const interrupted = clock_interrupted(&system_clock);

        if (!interrupted && clock_now_ms(&system_clock) < until) {
            clock_sleep_ms(&system_clock, STEP_MS);
            continue;
        }
        gpgme_cancel(context);
        if (interrupted)
            return error_set(error, ERROR_INTERRUPTED, "run it again", "the run was asked to end");
        return error_set(error, ERROR_GPG, "run it again",
                         "gpg was expected to end within %d s, it did not", MOST_SECONDS);
    }
    /* What the system lacks (memory, descriptors) is no fault of a key. */
    if (gpgme_err_code_to_errno(gpgme_err_code(*problem)))
        return error_set(error, ERROR_GPG, "run it again", "gpg can't be run: %s",
                         gpgme_strerror(*problem));
    return 0;
}

static int open_context(struct arena *arena, const char *home, struct signer *signer,
                        struct error *error)
{
    if (sign_context(arena, home, &signer->context, error))
        return -1;
    gpgme_set_pinentry_mode(signer->context, GPGME_PINENTRY_MODE_LOOPBACK);
    gpgme_set_passphrase_cb(signer->context, hand_passphrase, signer);
    return 0;
}

/* gpg 2.4 takes what a secret store cut behind the secret part, with a user id made of rubbish. */
static bool is_cut(const char *key)
{
    const char *at = key;

    while ((at = strstr(at, "-----BEGIN PGP PRIVATE KEY BLOCK-----")))
        if (!(at = strstr(at, "-----END PGP PRIVATE KEY BLOCK-----")))
            return true;
    return false;
}

static int import(struct signer *signer, const char *key, struct error *error)
{
    CLEANUP(sign_release_data) gpgme_data_t data = NULL;
    gpgme_error_t problem = gpgme_data_new_from_mem(&data, key, strlen(key), 0);
    gpgme_import_result_t result;

    if (is_cut(key))
        return error_set(error, ERROR_KEY_INVALID,
                         "store what gpg --armor --export-secret-keys prints, whole",
                         "signing_key: the key was expected to end with END PGP PRIVATE KEY BLOCK");
    if (!problem)
        problem = gpgme_op_import_start(signer->context, data);
    if (sign_wait(signer->context, &problem, error))
        return -1;
    result = problem ? NULL : gpgme_op_import_result(signer->context);
    /* Where there is no agent, gpg stops at the first secret part: imported, and not considered. */
    if (problem || !result || !(result->considered || result->imported))
        return error_set(error, ERROR_KEY_INVALID,
                         "store what gpg --armor --export-secret-keys prints, whole",
                         "signing_key: an armored OpenPGP private key was expected%s%s",
                         problem ? ": " : "", problem ? gpgme_strerror(problem) : "");
    if (!result->secret_read)
        return error_set(error, ERROR_KEY_PUBLIC, "export it with gpg --armor --export-secret-keys",
                         "signing_key: a private key was expected, this is a public one");
    if (!result->secret_imported && !result->secret_unchanged)
        return error_set(
            error, ERROR_GPG, "install gpg-agent beside gpg",
            "gpg could read the signing key and not keep it: gpg-agent can't be started");
    return 0;
}

static bool has_mail(gpgme_key_t key, const char *mail)
{
    for (gpgme_user_id_t id = key->uids; id; id = id->next)
        if (id->address && strings_equal(id->address, mail))
            return true;
    return false;
}

/* The key that signs: the only one, or the one with the mail. */
static int choose_key(struct signer *signer, const char *mail, gpgme_key_t *chosen,
                      struct error *error)
{
    gpgme_key_t key, found = NULL;
    size_t count = 0, fitting = 0;
    gpgme_error_t problem = gpgme_op_keylist_start(signer->context, NULL, 1);

    while (!problem && !(problem = gpgme_op_keylist_next(signer->context, &key))) {
        bool const fits = !string_is_empty(mail) && has_mail(key, mail);

        count++;
        fitting += fits;
        if (!found || (fits && fitting == 1)) {
            if (found)
                gpgme_key_unref(found);
            found = key;
        } else {
            gpgme_key_unref(key);
        }
    }
    gpgme_op_keylist_end(signer->context);
    if (gpgme_err_code(problem) != GPG_ERR_EOF) {
        if (found)
            gpgme_key_unref(found);
        return error_set(error, ERROR_GPG, NULL, "gpg can't list the signing key: %s",
                         gpgme_strerror(problem));
    }
    if (count == 1 || fitting == 1) {
        *chosen = found;
        return 0;
    }
    if (found)
        gpgme_key_unref(found);
    if (!count)
        return error_set(error, ERROR_KEY_INVALID, NULL,
                         "signing_key: a private key was expected, none could be read");
    return error_set(error, ERROR_KEY_SEVERAL, "give one key, or the wanted one's mail in tagger",
                     "signing_key: one private key was expected, there are %zu", count);
}

/* Is there a part of the key that signs now? What stands against it, otherwise. */
static int check_key(gpgme_key_t key, struct error *error)
{
    bool signs = false, revoked = key->revoked, expired = key->expired;

    for (gpgme_subkey_t part = key->subkeys; part; part = part->next) {
        if (!part->can_sign)
            continue;
        revoked = revoked || part->revoked;
        expired = expired || part->expired;
        if (!part->revoked && !part->expired && !part->disabled && !part->invalid && part->secret)
            signs = true;
    }
    if (key->revoked || (!signs && revoked))
        return error_set(error, ERROR_KEY_REVOKED, "sign with another key",
                         "signing_key: the key %s is revoked", key->fpr);
    if (key->expired || (!signs && expired))
        return error_set(error, ERROR_KEY_EXPIRED,
                         "prolong it (gpg --quick-set-expire), export and store it again",
                         "signing_key: the key %s is expired", key->fpr);
    if (!signs)
        return error_set(error, ERROR_KEY_USAGE, "give a key, or a key with a subkey, that signs",
                         "signing_key: the key %s can't sign, it is for encryption only", key->fpr);
    return 0;
}

static void take_user_id(struct arena *arena, gpgme_key_t key, struct signer_key *chosen)
{
    gpgme_user_id_t id = key->uids;

    while (id && (id->revoked || id->invalid || string_is_empty(id->address)))
        id = id->next;
    *chosen = (struct signer_key){
        .name = arena_copy(arena, id ? id->name : ""),
        .mail = arena_copy(arena, id ? id->address : ""),
        .fingerprint = arena_copy(arena, key->fpr),
    };
}

static int use_key(struct arena *arena, struct signer *signer, const char *mail,
                   struct signer_key *chosen, struct error *error)
{
    gpgme_key_t key = NULL;
    int result;

    if (choose_key(signer, mail, &key, error) || !key)
        return -1;
    result = check_key(key, error);
    if (!result && gpgme_signers_add(signer->context, key)) /* gpg would take another one */
        result = error_set(error, ERROR_GPG, NULL, "the key %s can't be chosen", key->fpr);
    if (!result)
        take_user_id(arena, key, chosen);
    gpgme_key_unref(key);
    return result;
}

int signer_open(struct arena *arena, const char *home, const char *key, const char *passphrase,
                const char *mail, struct signer **signer, struct signer_key *chosen,
                struct error *error)
{
    struct signer *opened = memory_take(sizeof(*opened));
    CLEANUP(text_free) struct text trial = {0};

    opened->passphrase = passphrase;
    if (open_context(arena, home, opened, error) || import(opened, key, error) ||
        use_key(arena, opened, mail, chosen, error) ||
        signer_sign(opened, "trial", strlen("trial"), &trial, error)) {
        signer_close(opened);
        return -1;
    }
    *signer = opened;
    return 0;
}

static int explain_failure(const struct signer *signer, gpgme_error_t problem, struct error *error)
{
    gpgme_err_code_t const code = gpgme_err_code(problem);
    bool const given = !string_is_empty(signer->passphrase);

    if (code == GPG_ERR_BAD_PASSPHRASE || code == GPG_ERR_NO_PASSPHRASE || code == GPG_ERR_CANCELED)
        return error_set(error, ERROR_KEY_PASSPHRASE, "set signing_passphrase to the key's own",
                         given ? "signing_passphrase: it does not open the key"
                               : "signing_passphrase: the key has one, none was given");
    if (code == GPG_ERR_UNUSABLE_SECKEY || code == GPG_ERR_NO_SECKEY)
        return error_set(error, ERROR_KEY_USAGE, "export the key with the part that signs",
                         "signing_key: the part that signs is not in it (%s)",
                         gpgme_strerror(problem));
    return error_set(error, ERROR_GPG, NULL, "gpg can't sign: %s", gpgme_strerror(problem));
}

int signer_sign(struct signer *signer, const char *bytes, size_t length, struct text *signature,
                struct error *error)
{
    CLEANUP(sign_release_data) gpgme_data_t payload = NULL;
    CLEANUP(sign_release_data) gpgme_data_t out = NULL;
    gpgme_error_t problem = gpgme_data_new_from_mem(&payload, bytes, length, 0);
    gpgme_sign_result_t result;
    char buffer[4096];
    ssize_t got;

    if (!problem)
        problem = gpgme_data_new(&out);
    if (!problem)
        problem = gpgme_op_sign_start(signer->context, payload, out, GPGME_SIG_MODE_DETACH);
    if (sign_wait(signer->context, &problem, error))
        return -1;
    if (problem)
        return explain_failure(signer, problem, error);
    result = gpgme_op_sign_result(signer->context);
    if (!result || !result->signatures || sign_is_weak((int)result->signatures->hash_algo))
        return error_set(error, ERROR_KEY_USAGE, "sign with an Ed25519 key, or RSA of 3072 bits",
                         "signing_key: a signature with a sound digest was expected, this key "
                         "signs with SHA-1 or older");
    gpgme_data_seek(out, 0, SEEK_SET);
    while ((got = gpgme_data_read(out, buffer, sizeof(buffer))) > 0)
        text_add_bytes(signature, buffer, (size_t)got);
    if (got < 0 || !signature->length)
        return error_set(error, ERROR_GPG, NULL, "gpg gave no signature");
    return 0;
}

void signer_close(struct signer *signer)
{
    if (!signer)
        return;
    if (signer->context)
        gpgme_release(signer->context);
    memory_free(signer);
}
