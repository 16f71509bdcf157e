/* core/gomod and core/upstream: go.mod, and the names of releases. */
#include "fuzz.h"

#include "core/gomod.h"
#include "core/upstream.h"

static void check_release(struct arena *arena, const struct upstream_range *range, const char *tag)
{
    struct upstream_facts upstream = {.missing = false};
    struct upstream_release const release = {.tag = tag, .body = ""};

    upstream_offer(arena, &upstream, range, &release);
    upstream_offer(arena, &upstream, range, &release);
    must(upstream.count <= 1 && !upstream.left_out); /* the same one counts once */
    if (upstream.count)
        must(tag[0] == 'v' && strspn(tag + 1, "0123456789.") == strlen(tag + 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *text = arena_copy_bytes(&arena, (const char *)data, size), *version;
    struct upstream_range range;

    enum gomod_use const use = gomod_read(&arena, text, "m.example/x", &version);
    must((use == GOMOD_VERSION) == (version != NULL));
    upstream_by_module(&arena, "m.example/x", text, NULL, &range);
    must(!range.wanted || (range.up_to && !range.after));
    must(range.wanted || range.notice || range.refusal);
    upstream_by_module(&arena, "m.example/x", text, text, &range);
    must(!range.wanted || use != GOMOD_VERSION); /* nothing is new */
    range = (struct upstream_range){.wanted = true, .up_to = version};
    check_release(&arena, &range, text);
    check_release(&arena, &(struct upstream_range){.wanted = true, .after = "v0.0.0"}, text);
    return 0;
}
