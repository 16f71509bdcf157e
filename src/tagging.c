#include "tagging.h"

#include "adapters/file.h"
#include "base/cleanup.h"
#include "core/tag_text.h"

enum { CERTIFICATES_LIMIT = 4 * 1000 * 1000 };

static int open_signer(struct tagging *tagging, struct arena *arena, const struct inputs *inputs,
                       struct signer_key *chosen, struct error *error)
{
    const char *name, *mail = "";

    tag_split_identity(arena, input_text(inputs, INPUT_TAGGER), &name, &mail);
    if (home_open(&tagging->home, error))
        return -1;
    if (tagging->signer) /* planned anew: it was tried already */
        signer_close(tagging->signer);
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

    if (open_signer(tagging, arena, inputs, &chosen, &error))
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

/* libgit2 takes one file of certificates: where there are two, they become one
 * in the home. */
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

static enum write_end push_tag(void *state, struct arena *arena, const struct new_tag *tag,
                               struct error *error)
{
    struct tagging *tagging = state;

    if (home_open(&tagging->home, error) || join_certificates(tagging, arena, error))
        return WRITE_FAILED;
    tagging->push.scratch = arena_print(arena, "%s/scratch.git", tagging->home.path);
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
