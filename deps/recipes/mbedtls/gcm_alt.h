/* The context of gcm_alt.c, as MBEDTLS_GCM_ALT wants it. nettle's types stay out of the headers that
 * curl and libgit2 read. */
#ifndef CUT_RELEASE_GCM_ALT_H
#define CUT_RELEASE_GCM_ALT_H

typedef struct mbedtls_gcm_context {
    struct gcm_state *state;
} mbedtls_gcm_context;

#endif
