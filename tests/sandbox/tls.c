#define _GNU_SOURCE
#include "tls.h"

#include "util.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

enum { HANDSHAKE_MS = 10000, DAY = 86400 };

static gnutls_certificate_credentials_t credentials;
static gnutls_priority_t priorities;

static void must(int result, const char *what)
{
    if (result < 0)
        die("%s: %s", what, gnutls_strerror(result));
}

static gnutls_x509_privkey_t make_key(void)
{
    gnutls_x509_privkey_t key;
    unsigned bits = GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1);
    must(gnutls_x509_privkey_init(&key), "key");
    must(gnutls_x509_privkey_generate(key, GNUTLS_PK_ECDSA, bits, 0), "key");
    return key;
}

static gnutls_x509_crt_t start_certificate(gnutls_x509_privkey_t key, const char *name)
{
    gnutls_x509_crt_t certificate;
    unsigned char serial[16];
    unsigned char id[20];
    size_t id_size = sizeof id;
    time_t now = time(NULL);
    must(gnutls_x509_crt_init(&certificate), "certificate");
    gnutls_x509_crt_set_version(certificate, 3);
    must(gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial), "random");
    serial[0] = 1; /* positive, as RFC 5280 wants it */
    gnutls_x509_crt_set_serial(certificate, serial, sizeof serial);
    gnutls_x509_crt_set_activation_time(certificate, now - DAY);
    gnutls_x509_crt_set_expiration_time(certificate, now + DAY);
    gnutls_x509_crt_set_key(certificate, key);
    gnutls_x509_crt_set_dn_by_oid(certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                  (unsigned)strlen(name));
    gnutls_x509_crt_get_key_id(certificate, 0, id, &id_size);
    gnutls_x509_crt_set_subject_key_id(certificate, id, id_size);
    return certificate;
}

static gnutls_x509_crt_t make_authority(gnutls_x509_privkey_t key, const char *name)
{
    gnutls_x509_crt_t authority = start_certificate(key, name);
    gnutls_x509_crt_set_basic_constraints(authority, 1, -1);
    gnutls_x509_crt_set_key_usage(authority, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
    must(gnutls_x509_crt_sign2(authority, authority, key, GNUTLS_DIG_SHA256, 0), "sign");
    return authority;
}

static void set_names(gnutls_x509_crt_t certificate)
{
    static const char name[] = "localhost";
    struct in_addr v4 = {.s_addr = htonl(INADDR_LOOPBACK)};
    struct in_addr git = {.s_addr = htonl(INADDR_LOOPBACK + 1)};
    struct in6_addr v6 = IN6ADDR_LOOPBACK_INIT;
    gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_DNSNAME, name,
                                         (unsigned)strlen(name), GNUTLS_FSAN_SET);
    gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, &v4, sizeof v4,
                                         GNUTLS_FSAN_APPEND);
    gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, &git, sizeof git,
                                         GNUTLS_FSAN_APPEND);
    gnutls_x509_crt_set_subject_alt_name(certificate, GNUTLS_SAN_IPADDRESS, &v6, sizeof v6,
                                         GNUTLS_FSAN_APPEND);
}

static gnutls_x509_crt_t make_server(gnutls_x509_privkey_t key, gnutls_x509_crt_t authority,
                                     gnutls_x509_privkey_t authority_key)
{
    unsigned char id[20];
    size_t id_size = sizeof id;
    gnutls_x509_crt_t server = start_certificate(key, "sandbox");
    set_names(server);
    gnutls_x509_crt_set_basic_constraints(server, 0, -1);
    gnutls_x509_crt_set_key_usage(server, GNUTLS_KEY_DIGITAL_SIGNATURE);
    gnutls_x509_crt_set_key_purpose_oid(server, GNUTLS_KP_TLS_WWW_SERVER, 0);
    gnutls_x509_crt_get_subject_key_id(authority, id, &id_size, NULL);
    gnutls_x509_crt_set_authority_key_id(server, id, id_size);
    must(gnutls_x509_crt_sign2(server, authority, authority_key, GNUTLS_DIG_SHA256, 0), "sign");
    return server;
}

static void write_certificate(const char *root, const char *name, gnutls_x509_crt_t certificate)
{
    struct pool pool = {0};
    gnutls_datum_t text;
    must(gnutls_x509_crt_export2(certificate, GNUTLS_X509_FMT_PEM, &text), "certificate");
    FILE *file = fopen(pool_format(&pool, "%s/%s", root, name), "we");
    if (!file || fwrite(text.data, 1, text.size, file) != text.size || fclose(file))
        die("cannot write %s/%s", root, name);
    gnutls_free(text.data);
    pool_free(&pool);
}

void tls_open(const char *root)
{
    must(gnutls_global_init(), "gnutls");
    gnutls_x509_privkey_t authority_key = make_key();
    gnutls_x509_privkey_t other_key = make_key();
    gnutls_x509_privkey_t server_key = make_key();
    gnutls_x509_crt_t authority = make_authority(authority_key, "sandbox CA");
    gnutls_x509_crt_t other = make_authority(other_key, "another CA");
    gnutls_x509_crt_t server = make_server(server_key, authority, authority_key);
    write_certificate(root, "ca.pem", authority);
    write_certificate(root, "other-ca.pem", other);
    must(gnutls_certificate_allocate_credentials(&credentials), "credentials");
    must(gnutls_certificate_set_x509_key(credentials, &server, 1, server_key), "credentials");
    must(gnutls_priority_init(&priorities, NULL, NULL), "priorities");
    gnutls_x509_crt_deinit(authority);
    gnutls_x509_crt_deinit(other);
    gnutls_x509_crt_deinit(server);
    gnutls_x509_privkey_deinit(authority_key);
    gnutls_x509_privkey_deinit(other_key);
    gnutls_x509_privkey_deinit(server_key);
}

gnutls_session_t tls_accept(int fd)
{
    static const gnutls_datum_t protocol = {(unsigned char *)(uintptr_t) "http/1.1", 8};
    gnutls_session_t session;
    if (gnutls_init(&session, GNUTLS_SERVER | GNUTLS_NO_SIGNAL))
        return NULL;
    gnutls_priority_set(session, priorities);
    gnutls_credentials_set(session, GNUTLS_CRD_CERTIFICATE, credentials);
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_IGNORE);
    gnutls_alpn_set_protocols(session, &protocol, 1, 0);
    gnutls_handshake_set_timeout(session, HANDSHAKE_MS);
    gnutls_transport_set_int(session, fd);
    int result;
    do {
        result = gnutls_handshake(session);
    } while (result < 0 && !gnutls_error_is_fatal(result));
    if (result >= 0)
        return session;
    gnutls_deinit(session);
    return NULL;
}
