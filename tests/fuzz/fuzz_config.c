/* adapters/release_config: whatever stands in .github/release.yml. */
#include "fuzz.h"

#include "adapters/release_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    static const char *labels[] = {"bug", "a"};
    struct names_list const list = {labels, 2};
    struct release_config config = {.count = 0};
    struct error error = {0};
    const char *text = arena_copy_bytes(&arena, (const char *)data, size);

    if (release_config_read(&arena, text, &config, &error)) {
        must(error.code == ERROR_NOTES_CONFIG && *error.message);
        return 0;
    }
    for (size_t i = 0; i < config.count; i++)
        must(!string_is_empty(config.categories[i].title));
    release_config_excludes(&config.exclude, &list, "octocat");
    must((release_config_title(&config, &list, NULL) != NULL) == (config.count > 0));
    return 0;
}
