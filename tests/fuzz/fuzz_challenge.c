/* adapters/registry_challenge: the header WWW-Authenticate of whatever registry an input names. */
#include "fuzz.h"

#include "adapters/registry_challenge.h"

static void must_come_from(const char *header, const char *value)
{
    must(!value || strlen(value) <= strlen(header));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *header = arena_copy_bytes(&arena, (const char *)data, size);
    struct challenge found;

    challenge_parse(&arena, header, &found);
    must(found.bearer || (!found.realm && !found.service && !found.scope));
    must_come_from(header, found.realm);
    must_come_from(header, found.service);
    must_come_from(header, found.scope);
    return 0;
}
