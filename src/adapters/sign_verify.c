#include "adapters/sign_verify.h"

#include "adapters/file.h"
#include "adapters/sign_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <gpgme.h>
#include <string.h>

static void release_context(gpgme_ctx_t *context)
{
    if (*context)
        gpgme_release(*context);
}

/* Public keys need no agent; gpg would start one to ask it for secret keys, which nobody would stop. */
static int forbid_agent(struct arena *arena, const char *home, struct error *error)
{
    static const char option[] = "no-autostart\n";

    if (file_append(arena_print(arena, "%s/gpg.conf", home), option, sizeof(option) - 1, error))
        return error_wrap(error, "gpg can't be set up");
    return 0;
}

static int import_keys(gpgme_ctx_t context, const char *keys, struct error *error)
{
    CLEANUP(sign_release_data) gpgme_data_t data = NULL;
    gpgme_error_t problem = gpgme_data_new_from_mem(&data, keys, strlen(keys), 0);
    gpgme_import_result_t result;

    if (strstr(keys, "-----BEGIN PGP PRIVATE KEY"))
        return error_set(error, ERROR_TRUSTED_KEYS,
                         "replace it, and regard it as known to everybody who could read it here",
                         "armored OpenPGP public keys were expected, a private one is among them");
    if (!problem)
        problem = gpgme_op_import_start(context, data);
    if (sign_wait(context, &problem, error))
        return -1;
    result = problem ? NULL : gpgme_op_import_result(context);
    if (!result || !result->considered)
        return error_set(error, ERROR_TRUSTED_KEYS,
                         "give what gpg --armor --export prints, or the path of such a file",
                         "armored OpenPGP public keys were expected");
    return 0;
}

static enum signature_verdict verdict_of(const struct _gpgme_signature *signature)
{
    switch (gpgme_err_code(signature->status)) {
    case GPG_ERR_NO_ERROR:
        return sign_is_weak(signature->hash_algo) ? SIGNATURE_WEAK : SIGNATURE_GOOD;
    case GPG_ERR_KEY_EXPIRED:
        return SIGNATURE_KEY_EXPIRED;
    case GPG_ERR_CERT_REVOKED:
        return SIGNATURE_KEY_REVOKED;
    case GPG_ERR_SIG_EXPIRED:
        return SIGNATURE_EXPIRED;
    case GPG_ERR_NO_PUBKEY:
        return SIGNATURE_UNKNOWN_SIGNER;
    default:
        return sign_is_weak(signature->hash_algo) && signature->hash_algo != GPGME_MD_NONE
                   ? SIGNATURE_WEAK
                   : SIGNATURE_BAD;
    }
}

static bool is_revoked(gpgme_key_t key, const char *fingerprint)
{
    bool revoked = key->revoked;

    for (gpgme_subkey_t part = key->subkeys; part; part = part->next)
        revoked = revoked || (part->revoked && strings_equal(part->fpr, fingerprint));
    return revoked;
}

/* What the key says. gpg calls one that is expired and revoked expired; that it is revoked is worse. */
static void take_key(struct arena *arena, gpgme_ctx_t context, struct signature_check *check)
{
    gpgme_key_t key = NULL;

    if (gpgme_get_key(context, string_or(check->fingerprint, "-"), &key, 0) || !key)
        return;
    check->signer = arena_copy(arena, key->uids ? string_or(key->uids->uid, "") : "");
    if (check->verdict == SIGNATURE_KEY_EXPIRED && is_revoked(key, check->fingerprint))
        check->verdict = SIGNATURE_KEY_REVOKED;
    gpgme_key_unref(key);
}

/* Each signature must be good: the first that isn't decides. */
static void take_result(struct arena *arena, gpgme_ctx_t context, struct signature_check *check)
{
    gpgme_verify_result_t result = gpgme_op_verify_result(context);

    *check = (struct signature_check){.verdict = SIGNATURE_BAD, .fingerprint = "", .signer = ""};
    for (gpgme_signature_t at = result ? result->signatures : NULL; at; at = at->next) {
        *check = (struct signature_check){
            .verdict = verdict_of(at),
            .fingerprint = arena_copy(arena, string_or(at->fpr, "")),
            .signer = "",
        };
        take_key(arena, context, check);
        if (check->verdict != SIGNATURE_GOOD)
            return;
    }
}

int verify_signature(struct arena *arena, const char *home, const char *keys, const char *payload,
                     size_t length, const char *signature, struct signature_check *check,
                     struct error *error)
{
    CLEANUP(release_context) gpgme_ctx_t context = NULL;
    CLEANUP(sign_release_data) gpgme_data_t signed_data = NULL;
    CLEANUP(sign_release_data) gpgme_data_t signature_data = NULL;
    gpgme_error_t problem;

    if (forbid_agent(arena, home, error) || sign_context(arena, home, &context, error) ||
        import_keys(context, keys, error))
        return -1;
    problem = gpgme_data_new_from_mem(&signed_data, payload, length, 0);
    if (!problem)
        problem = gpgme_data_new_from_mem(&signature_data, signature, strlen(signature), 0);
    if (problem)
        return error_set(error, ERROR_GPG, NULL, "gpg can't verify: %s", gpgme_strerror(problem));
    problem = gpgme_op_verify_start(context, signature_data, signed_data, NULL);
    if (sign_wait(context, &problem, error))
        return -1;
    /* What is no detached signature at all; of some, gpg 2.4 says no more than that it failed. */
    if (problem && gpgme_err_code(problem) != GPG_ERR_NO_DATA &&
        gpgme_err_code(problem) != GPG_ERR_BAD_DATA && gpgme_err_code(problem) != GPG_ERR_GENERAL)
        return error_set(error, ERROR_GPG, NULL, "gpg can't verify: %s", gpgme_strerror(problem));
    take_result(arena, context, check);
    return 0;
}
