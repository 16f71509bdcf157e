#include "adapters/trust.h"

#include "adapters/file.h"
#include "base/base64.h"
#include "base/cleanup.h"
#include "base/library_memory.h"
#include "base/memory.h"
#include "base/text.h"

#include <mbedtls/platform.h>
#include <mbedtls/ssl.h>
#include <mbedtls/x509_crt.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT = 4 * 1000 * 1000 };

static const char begin[] = "-----BEGIN CERTIFICATE-----";
static const char end[] = "-----END CERTIFICATE-----";

/* Where systems keep their CA certificates; the image has the first. */
static const char *const system_files[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
};

struct trust {
    mbedtls_x509_crt chain; /* points into `der` */
    struct text der[2];     /* of the two files */
};

void trust_start_library(void)
{
    mbedtls_platform_set_calloc_free(library_take_array, library_free);
}

/* A certificate that mbedTLS can't read (an odd curve) is left out, as other programs do. */
static size_t parse_all(struct trust *trust, const char *pem, struct text *der)
{
    size_t count = 0;

    text_reserve(der, strlen(pem)); /* it must not move: the chain points into it */
    for (const char *at = pem; (at = strstr(at, begin));) {
        const char *stop = strstr(at, end);
        size_t const start = der->length;

        if (!stop)
            break;
        at += sizeof(begin) - 1;
        base64_decode(at, (size_t)(stop - at), der);
        count += !mbedtls_x509_crt_parse_der_nocopy(
            &trust->chain, (const unsigned char *)der->bytes + start, der->length - start);
        at = stop;
    }
    return count;
}

static int add_file(struct trust *trust, const char *path, struct text *der, struct error *error)
{
    CLEANUP(text_free) struct text pem = {0};

    if (file_read(path, LIMIT, &pem, error))
        return error_wrap(error, "CA certificates");
    if (!parse_all(trust, text_string(&pem), der))
        return error_set(error, ERROR_INPUT_PATH, NULL,
                         "CA certificates: PEM (%s) was expected in %s", begin, path);
    return 0;
}

const char *trust_system_file(void)
{
    for (size_t i = 0; i < sizeof(system_files) / sizeof(system_files[0]); i++)
        if (access(system_files[i], R_OK) == 0)
            return system_files[i];
    return "";
}

static void add_system_file(struct trust *trust)
{
    struct error ignored;

    for (size_t i = 0; i < sizeof(system_files) / sizeof(system_files[0]); i++)
        if (!add_file(trust, system_files[i], &trust->der[0], &ignored))
            return;
}

int trust_open(const char *certificates, const char *extra, struct trust **trust,
               struct error *error)
{
    struct trust *opened = memory_take(sizeof(*opened));
    int result = 0;

    mbedtls_x509_crt_init(&opened->chain);
    if (string_is_empty(certificates))
        add_system_file(opened);
    else
        result = add_file(opened, certificates, &opened->der[0], error);
    if (!result && !string_is_empty(extra))
        result = add_file(opened, extra, &opened->der[1], error);
    if (result) {
        trust_close(opened);
        return -1;
    }
    *trust = opened;
    return 0;
}

void trust_close(struct trust *trust)
{
    if (!trust)
        return;
    mbedtls_x509_crt_free(&trust->chain);
    text_free(&trust->der[0]);
    text_free(&trust->der[1]);
    memory_free(trust);
}

void trust_apply(struct trust *trust, void *config)
{
    mbedtls_ssl_conf_ca_chain(config, &trust->chain, NULL);
}
