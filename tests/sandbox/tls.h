/* A certificate authority and a server certificate that are made anew at every start. */
#ifndef SANDBOX_TLS_H
#define SANDBOX_TLS_H

#include <gnutls/gnutls.h>
#include <stdbool.h>

/* Writes ROOT/ca.pem and ROOT/other-ca.pem (which signed nothing here). */
void tls_open(const char *root);
/* Shakes hands on a connected socket; NULL where that fails. */
gnutls_session_t tls_accept(int fd);

#endif
