/*
 * core: the notes that a server generated, a commit's message, a pull request's title and its
 * description, each ended by a NUL; and the list that is made of them.
 */
#include "fuzz.h"

#include "core/changelog.h"
#include "core/notes.h"
#include "core/release_note.h"

static const char *next_text(struct arena *arena, const uint8_t **data, size_t *size)
{
    const uint8_t *end = *size ? memchr(*data, 0, *size) : NULL;
    size_t const length = end ? (size_t)(end - *data) : *size;
    const char *text = arena_copy_bytes(arena, (const char *)*data, length);

    *data += length + (end ? 1 : 0);
    *size -= length + (end ? 1 : 0);
    return text;
}

static void read_message(struct arena *arena, const char *message, size_t parents,
                         struct changes *changes)
{
    static const char *const ids[] = {"c1", "c2"};
    struct changes_reader reader = {0};

    changes_read(arena, &reader,
                 &(struct commit){.id = "c3",
                                  .parents = ids,
                                  .parent_count = parents,
                                  .message = message,
                                  .mail = message},
                 changes);
    changes_finish(&reader, changes);
    must(changes->count == changes->total);
    for (size_t i = 0; i < changes->count; i++)
        must(changes->items[i].subject && !strpbrk(changes->items[i].subject, "\n"));
}

static void list(struct arena *arena, const char *generated, const struct changes *changes,
                 const struct pulls *pulls)
{
    struct release_config const config = {.count = 0};
    bool all;
    const char *wanted = changelog_wanted(arena, generated, changes, &all);
    const char *text = changelog_text(arena, &(struct changelog){
                                                 .generated = generated,
                                                 .changes = changes,
                                                 .pulls = pulls,
                                                 .config = &config,
                                                 .page = "https://github.com/o/n",
                                                 .changes_page = "https://github.com/o/n/compare",
                                             });

    must(all && (!wanted || *wanted));
    must(strstr(text, "**Full Changelog**") != NULL);
    if (generated && !changes->count && strstr(generated, "\n**Full Changelog**"))
        must(strings_equal(text, generated));
    notes_part(arena, &(struct notes_sections){.person = generated, .generated = text});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *generated = next_text(&arena, &data, &size);
    const char *message = next_text(&arena, &data, &size);
    const char *title = next_text(&arena, &data, &size);
    const char *body = next_text(&arena, &data, &size);
    struct changes changes = {0}, none = {0};
    struct pull_request pull = {.number = 24, .title = title, .login = "a"};
    struct pulls const pulls = {&pull, 1, NULL}, unasked = {NULL, 0, NULL};

    pull.note = release_note_read(&arena, body, &pull.silent);
    must(!pull.note || (*pull.note && !pull.silent));
    read_message(&arena, message, size % 3, &changes);
    list(&arena, generated, &none, &unasked);
    list(&arena, generated, &changes, &unasked);
    list(&arena, NULL, &changes, &pulls);
    list(&arena, generated, &changes, &pulls);
    return 0;
}
