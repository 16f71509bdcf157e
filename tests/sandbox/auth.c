/* Tokens and what they may do. */
#define _GNU_SOURCE
#include "api.h"

#include <string.h>

bool auth_find(struct request *request, const cJSON **who)
{
    const char *value = request_header(request, "Authorization");
    *who = NULL;
    if (!value)
        return true;
    const char *space = strchr(value, ' ');
    const char *secret = space ? space + 1 + strspn(space + 1, " ") : value;
    if (strncasecmp(value, "basic ", 6) == 0) {
        char *pair = base64_decode(&request->pool, secret);
        const char *colon = pair ? strchr(pair, ':') : NULL;
        secret = colon ? colon + 1 : "";
    }
    *who = cJSON_GetObjectItemCaseSensitive(config_get("tokens"), secret);
    return *who != NULL;
}

static int rank(const char *level)
{
    return text_equal(level, "admin")   ? 3
           : text_equal(level, "write") ? 2
           : text_equal(level, "read")  ? 1
                                        : 0;
}

bool auth_may(const cJSON *who, const char *permission, const char *level)
{
    if (!config_flag("private") && rank(level) <= 1)
        return true; /* public resources need neither a token nor a permission */
    if (!who)
        return false;
    if (text_equal(permission, "metadata"))
        return true; /* every token has it */
    const cJSON *granted = cJSON_GetObjectItemCaseSensitive(who, "permissions");
    const char *have = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(granted, permission));
    return rank(have) >= rank(level);
}
