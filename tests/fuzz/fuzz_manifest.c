/* adapters/registry_manifest and core/image_reference: what a registry answers, and references. */
#include "fuzz.h"

#include "adapters/registry_manifest.h"
#include "core/image_reference.h"

/* It goes into notes as it is: nothing of Markdown or HTML, no line. */
static void must_be_harmless(const char *platforms)
{
    must(platforms[strspn(platforms, "abcdefghijklmnopqrstuvwxyz0123456789.-_/, ")] == '\0');
}

static void check_reference(struct arena *arena, const char *text)
{
    struct image_reference reference, again;
    struct error error = {0};

    if (image_reference_parse(arena, text, "v1", &reference, &error)) {
        must(error.code == ERROR_INPUT_VALUE);
        return;
    }
    must(*reference.registry && *reference.name && *reference.version);
    must(!strpbrk(reference.text, " `<>|\r\n"));
    must(!strpbrk(reference.name, "?#%:@"));
    must(!image_reference_parse(arena, reference.text, "v2", &again, &error));
    must(strings_equal(again.name, reference.name));
    must(strings_equal(again.version, reference.version));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *text = arena_copy_bytes(&arena, (const char *)data, size);
    struct manifest manifest;
    struct error error = {0};

    if (manifest_parse(&arena, text, strlen(text), &manifest, &error)) {
        must(error.code == ERROR_ANSWER);
    } else {
        must_be_harmless(manifest.platforms);
        must(!manifest.config || is_image_digest(manifest.config));
    }
    must_be_harmless(manifest_platform(&arena, text, strlen(text)));
    check_reference(&arena, text);
    return 0;
}
