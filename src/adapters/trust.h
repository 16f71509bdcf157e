/*
 * The CA certificates that are trusted, parsed once a run: libcurl's own way parses the whole bundle
 * for each connection, which costs 10 ms every time (145 certificates).
 */
#ifndef CUT_RELEASE_ADAPTERS_TRUST_H
#define CUT_RELEASE_ADAPTERS_TRUST_H

#include "base/error.h"

struct trust;

/*
 * `certificates` is a PEM file in place of the system's, `extra` one more; either may be empty.
 * Refuses a file that can't be read, or that has no certificate.
 */
int trust_open(const char *certificates, const char *extra, struct trust **trust,
               struct error *error);
void trust_close(struct trust *trust); /* takes NULL */

/* mbedTLS takes its memory from base/library_memory.h. To be called before anything of it is used. */
void trust_start_library(void);

/* The file that counts where `certificates` is empty; "" where the system has none. */
const char *trust_system_file(void);

/* `config` is the mbedtls_ssl_config of a connection, as CURLOPT_SSL_CTX_FUNCTION hands it out. */
void trust_apply(struct trust *trust, void *config);

#endif
