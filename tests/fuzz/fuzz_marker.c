/* core/marker: bodies of releases, which anybody may edit who may write. */
#include "fuzz.h"

#include "core/marker.h"

static void must_be_same(const struct marker *a, const struct marker *b)
{
    must(strings_equal(a->tag, b->tag) && strings_equal(a->commit, b->commit));
    must(a->recipe == b->recipe && a->title == b->title);
}

/* A body that is read can be written again, and is read as the same. */
static void check_again(struct arena *arena, const struct marked_body *marked)
{
    CLEANUP(text_free) struct text body = {0};
    struct marked_body again;

    text_add(&body, marked->before);
    marker_write(&body, &marked->marker, marked->part);
    text_add(&body, marked->after);
    marker_read(arena, text_string(&body), &again);
    must(again.state == MARKED_INTACT);
    must_be_same(&again.marker, &marked->marker);
    must(strings_equal(again.before, marked->before) && strings_equal(again.after, marked->after));
    must(marker_hash(again.part) == marker_hash(marked->part));
}

/* Whatever somebody wrote, made harmless it is no marker, and stays between ours. */
static void check_harmless(struct arena *arena, const char *foreign)
{
    CLEANUP(text_free) struct text part = {0}, body = {0};
    struct marker const ours = {.tag = "v0.1.0",
                                .commit = "c000000000000000000000000000000000000001",
                                .recipe = 0x1234,
                                .title = UINT64_MAX};
    struct marked_body marked;

    marker_add_harmless(&part, foreign);
    marker_read(arena, text_string(&part), &marked);
    must(marked.state == MARKED_NONE);
    marker_write(&body, &ours, text_string(&part));
    marker_read(arena, text_string(&body), &marked);
    must(marked.state == MARKED_INTACT);
    must_be_same(&marked.marker, &ours);
    must(!*marked.before && !*marked.after);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *text = arena_copy_bytes(&arena, (const char *)data, size);
    struct marked_body marked;

    marker_read(&arena, text, &marked);
    must(marked.before && marked.part && marked.after);
    must(strlen(marked.before) + strlen(marked.part) + strlen(marked.after) <= strlen(text));
    if (marked.state == MARKED_NONE || marked.state == MARKED_TAMPERED)
        must(strings_equal(marked.before, text));
    else
        check_again(&arena, &marked);
    check_harmless(&arena, text);
    return 0;
}
