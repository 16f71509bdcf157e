#include "adapters/sign.h"

#include <gpgme.h>
#include <stddef.h>

const char *sign_version(void)
{
    return gpgme_check_version(NULL);
}
