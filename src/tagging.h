/*
 * Making and verifying tags: the keys in a private home, and the push. The home is opened only where
 * it is needed, so that other runs start no gpg.
 */
#ifndef CUT_RELEASE_TAGGING_H
#define CUT_RELEASE_TAGGING_H

#include "adapters/home.h"
#include "adapters/repo_push.h"
#include "adapters/sign.h"
#include "core/context.h"

struct tagging {
    struct home home;
    struct signer *signer;
    struct repo_push push;
    const char *extra_certificates; /* a path; may be empty */
};

/* Takes the key into the home and tries it; what is wrong with it becomes a fact. */
void tagging_try_key(struct tagging *tagging, struct arena *arena, const struct inputs *inputs,
                     const struct question *question, struct facts *facts);

/*
 * The bytes of the target's tag object, which must hash to the ref: from the clone, out of the
 * server's payload and signature, or fetched by git. What they say replaces the server's words.
 */
void tagging_read_bytes(struct tagging *tagging, struct arena *arena, const char *tag,
                        const struct question *question, struct facts *facts);

/* Whose signature it is, by the trusted keys. */
void tagging_check_signature(struct tagging *tagging, struct arena *arena,
                             const struct inputs *inputs, const struct question *question,
                             struct facts *facts);

/* Adds what it can do to the effects. */
void tagging_effects(struct tagging *tagging, struct effects *effects);

/* Stops the agent and removes the home. */
void tagging_close(struct tagging *tagging);

#endif
