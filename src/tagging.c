#include "tagging.h"

#include "adapters/file.h"
#include "adapters/sign_verify.h"
#include "base/cleanup.h"
#include "core/tag_text.h"

#include <stdlib.h>
#include <string.h>

enum { CERTIFICATES_LIMIT = 4 * 1000 * 1000 };

/* gpg takes a home without room for a key that is no good. */
static void blame_full_home(const struct tagging *tagging, struct error *error)
{
    if (error->code && home_is_full(&tagging->home))
        error_set(error, ERROR_GPG_HOME, "give /dev/shm more room (docker run --shm-size)",
                  "room on /dev/shm was expected for the key, in memory; it is full");
}

/* ---- the signing key ---------------------------------------------------------------------------- */

static int open_signer(struct tagging *tagging, struct arena *arena, const struct inputs *inputs,
                       struct signer_key *chosen, struct error *error)
{
    const char *name, *mail = "";

    tag_split_identity(arena, input_text(inputs, INPUT_TAGGER), &name, &mail);
    if (home_open(&tagging->home, error))
        return -1;
    signer_close(tagging->signer); /* where it is planned anew */
    tagging->signer = NULL;
    return signer_open(arena, tagging->home.path, input_text(inputs, INPUT_SIGNING_KEY),
                       input_text(inputs, INPUT_SIGNING_PASSPHRASE), mail, &tagging->signer, chosen,
                       error);
}

void tagging_try_key(struct tagging *tagging, struct arena *arena, const struct inputs *inputs,
                     const struct question *question, struct facts *facts)
{
    struct signer_key chosen;
    struct error error = {0};

    int const failed = open_signer(tagging, arena, inputs, &chosen, &error);

    blame_full_home(tagging, &error);
    if (failed)
        facts->signer = (struct signer_facts){
            .refusal = error.code,
            .message = arena_copy(arena, error.message),
            .remedy = arena_copy(arena, error.remedy),
        };
    else
        facts->signer = (struct signer_facts){
            .identity = tag_identity(arena, chosen.name, chosen.mail),
            .fingerprint = chosen.fingerprint,
        };
    facts_answered(facts, question);
}

/* ---- what git needs -------------------------------------------------------------------------------- */

/* libgit2 takes one file of certificates: where there are two, they become one in the home. */
static int join_certificates(struct tagging *tagging, struct arena *arena, struct error *error)
{
    CLEANUP(text_free) struct text both = {0};
    const char *path = arena_print(arena, "%s/ca.pem", tagging->home.path);

    if (string_is_empty(tagging->extra_certificates))
        return 0;
    if (file_read(tagging->push.certificates, CERTIFICATES_LIMIT, &both, error))
        text_cut(&both, 0); /* no certificates of the system: the extra ones alone */
    text_add(&both, "\n");
    if (file_read(tagging->extra_certificates, CERTIFICATES_LIMIT, &both, error) ||
        file_append(path, text_string(&both), both.length, error))
        return -1;
    tagging->push.certificates = path;
    tagging->extra_certificates = "";
    return 0;
}

static int prepare_git(struct tagging *tagging, struct arena *arena, const char *scratch,
                       struct error *error)
{
    if (home_open(&tagging->home, error) || join_certificates(tagging, arena, error))
        return -1;
    tagging->push.scratch = arena_print(arena, "%s/%s", tagging->home.path, scratch);
    return 0;
}

/* ---- verifying ------------------------------------------------------------------------------------- */

/* Is this the object? Then it is taken, and its own words count. */
static bool take_bytes(struct arena *arena, const char *bytes, size_t length,
                       const struct question *question, struct facts *facts)
{
    struct tag_bytes taken = {.bytes = bytes, .length = length};

    if (!strings_equal(repo_tag_id(arena, bytes, length), question->head) ||
        tag_parse(arena, bytes, length, &facts->tag_object, &taken.payload_length))
        return false;
    facts->tag_bytes = taken;
    facts_answered(facts, question);
    return true;
}

/* GitHub gives payload and signature apart; a newline may be missing at the end of either. */
static bool rebuild_bytes(struct arena *arena, const struct question *question, struct facts *facts)
{
    static const char *const joints[] = {"", "\n"};
    const struct tag_object object = facts->tag_object;

    for (size_t i = 0; object.payload && object.signed_with && i < 4; i++) {
        const char *bytes = arena_print(arena, "%s%s%s%s", object.payload, joints[i / 2],
                                        object.signed_with, joints[i % 2]);

        if (take_bytes(arena, bytes, strlen(bytes), question, facts))
            return true;
    }
    return false;
}

void tagging_read_bytes(struct tagging *tagging, struct arena *arena, const char *tag,
                        const struct question *question, struct facts *facts)
{
    struct error error = {0};
    const char *bytes;
    size_t length;

    if (tagging->push.repo &&
        repo_tag_bytes(tagging->push.repo, arena, question->head, &bytes, &length) &&
        take_bytes(arena, bytes, length, question, facts))
        return;
    if (rebuild_bytes(arena, question, facts))
        return;
    if (string_is_empty(tagging->push.url)) {
        facts_hidden(facts, question, "the clone doesn't have the tag object");
        return;
    }
    if (!prepare_git(tagging, arena, "fetched.git", &error) &&
        !repo_fetch_tag(&tagging->push, arena, tag, question->head, &bytes, &length, &error) &&
        take_bytes(arena, bytes, length, question, facts))
        return;
    facts_hidden(facts, question,
                 arena_print(arena, "the server's payload and signature don't make it, and git: %s",
                             error.code ? error.message : "it is no tag object"));
}

/* A folder in the home, made anew; NULL where that fails. */
static const char *make_folder(const struct tagging *tagging, struct arena *arena, const char *name)
{
    return mkdtemp(arena_print(arena, "%s/%s-XXXXXX", tagging->home.path, name));
}

void tagging_check_signature(struct tagging *tagging, struct arena *arena,
                             const struct inputs *inputs, const struct question *question,
                             struct facts *facts)
{
    const struct tag_bytes *bytes = &facts->tag_bytes;
    const char *keys =
        input_keys_are_text(inputs) ? input_text(inputs, INPUT_TRUSTED_KEYS) : facts->trusted_keys;
    struct error error = {0};
    const char *home;

    /* A home of its own: the signing key must not count as trusted. */
    if (home_open(&tagging->home, &error) || !(home = make_folder(tagging, arena, "trusted")) ||
        verify_signature(arena, home, keys, bytes->bytes, bytes->payload_length,
                         bytes->bytes + bytes->payload_length, &facts->signature, &error)) {
        blame_full_home(tagging, &error);
        facts_hidden(facts, question, arena_copy(arena, error.message));
    } else {
        facts_answered(facts, question);
    }
    if (error.code == ERROR_TRUSTED_KEYS) { /* it is not the signature's fault */
        struct question of_keys = facts->answers[QUESTION_TRUSTED_KEYS].question;

        of_keys.kind = QUESTION_TRUSTED_KEYS;
        facts_hidden(facts, &of_keys, arena_copy(arena, error.message));
    }
}

/* ---- effects --------------------------------------------------------------------------------------- */

static int sign(void *state, const char *bytes, size_t length, struct text *signature,
                struct error *error)
{
    struct tagging *tagging = state;

    return signer_sign(tagging->signer, bytes, length, signature, error);
}

static void name_tag(void *state, struct arena *arena, struct new_tag *tag)
{
    (void)state;
    tag->object = repo_tag_id(arena, tag->bytes, tag->length);
}

static enum write_end push_tag(void *state, struct arena *arena, const struct new_tag *tag,
                               struct error *error)
{
    struct tagging *tagging = state;

    if (prepare_git(tagging, arena, "scratch.git", error))
        return WRITE_FAILED;
    return repo_push_tag(&tagging->push, arena, tag, error);
}

void tagging_effects(struct tagging *tagging, struct effects *effects)
{
    effects->tagging = tagging;
    effects->sign = sign;
    effects->name_tag = name_tag;
    effects->push_tag = push_tag;
}

void tagging_close(struct tagging *tagging)
{
    signer_close(tagging->signer);
    home_close(&tagging->home);
}
