#include "adapters/registry_manifest.h"

#include "adapters/json.h"
#include "core/image_reference.h"

#include <string.h>

enum { MOST_PLATFORMS = 32, LONGEST_WORD = 32 };

/* A word of a platform; whatever else somebody put there is not shown to people. */
static const char *word_at(const struct json *json, const char *path)
{
    const char *word = string_or(json_text(json, path), "");
    size_t const length = strlen(word);

    return length && length <= LONGEST_WORD &&
                   strspn(word, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == length
               ? word
               : NULL;
}

/* "linux/arm/v7", or NULL. "unknown" is what attestations beside an image say. */
static const char *platform_at(struct arena *arena, const struct json *json)
{
    const char *system = word_at(json, "os"), *machine = word_at(json, "architecture");
    const char *variant = word_at(json, "variant");

    if (!system || !machine || strings_equal(system, "unknown"))
        return NULL;
    return arena_print(arena, "%s/%s%s%s", system, machine, variant ? "/" : "",
                       string_or(variant, ""));
}

static bool is_listed(const char *list, const char *platform)
{
    size_t const length = strlen(platform);

    for (const char *at = list; (at = strstr(at, platform)); at++)
        if ((at == list || at[-1] == ' ') && (!at[length] || at[length] == ','))
            return true;
    return false;
}

static const char *platforms_of(struct arena *arena, const struct json *manifests)
{
    CLEANUP(text_free) struct text out = {0};
    size_t count = 0;

    for (const struct json *at = json_first(manifests); at && count < MOST_PLATFORMS;
         at = json_next(at)) {
        const struct json *json = json_at(at, "platform");
        const char *platform = json ? platform_at(arena, json) : NULL;

        if (!platform || is_listed(text_string(&out), platform))
            continue;
        text_print(&out, "%s%s", count++ ? ", " : "", platform);
    }
    return arena_copy(arena, text_string(&out));
}

int manifest_parse(struct arena *arena, const char *bytes, size_t length, struct manifest *manifest,
                   struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;

    if (json_parse(bytes, length, &json, error))
        return -1;
    const struct json *manifests = json_at(json, "manifests");
    const char *config = json_text(json, "config.digest");
    if (json_is_array(manifests))
        *manifest = (struct manifest){.platforms = platforms_of(arena, manifests)};
    else if (config && is_image_digest(config))
        *manifest = (struct manifest){.platforms = "", .config = arena_copy(arena, config)};
    else
        return error_set(error, ERROR_ANSWER, NULL,
                         "an index with manifests, or a manifest with a config, was expected");
    return 0;
}

const char *manifest_platform(struct arena *arena, const char *bytes, size_t length)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    struct error ignored;

    if (json_parse(bytes, length, &json, &ignored))
        return "";
    return string_or(platform_at(arena, json), "");
}
