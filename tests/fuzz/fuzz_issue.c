/* core/checklist and core/issue_text: issues and comments, which anybody may write. */
#include "fuzz.h"

#include "core/checklist.h"
#include "core/issue_text.h"

#include <string.h>

/* Nothing but empty boxes is changed, and none of them twice. */
static void check_ticks(struct arena *arena, const char *text, bool candidate)
{
    struct checklist const checklist = {
        .evidence = ~0U,
        .candidate = candidate,
        .tag = candidate ? "v0.2.0-rc.1" : "v0.2.0",
        .version = candidate ? "0.2.0-rc.1" : "0.2.0",
        .branch = "release-0.2",
    };
    size_t count, found = 0;
    const char *ticked = checklist_tick(arena, text, &checklist, &count);

    if (!ticked) {
        must(!count);
        return;
    }
    must(strlen(ticked) == strlen(text));
    for (size_t i = 0; text[i]; i++) {
        if (ticked[i] == text[i])
            continue;
        must(i && text[i] == ' ' && ticked[i] == 'x' && text[i - 1] == '[' && text[i + 1] == ']');
        found++;
    }
    must(found == count);
    must(!checklist_tick(arena, ticked, &checklist, &count));
}

/* Whoever signed, the comment is one of ours, and its rows are as many as without that text. */
static void check_comment(struct arena *arena, const char *foreign)
{
    struct issue_story const story = {.tag = "v0.2.0",
                                      .commit = "c1",
                                      .branch = "release-0.2",
                                      .page = "https://github.com/o/n/releases/tag/v0.2.0",
                                      .signature = "signed",
                                      .signer = foreign,
                                      .message_id = foreign};
    const char *text = issue_comment_text(arena, &story);
    struct issue_comment comment;
    size_t lines = 0;

    must(issue_comment_read(arena, text, &comment));
    must(comment.intact && strings_equal(comment.tag, "v0.2.0"));
    must(comment.recipe == issue_recipe(&story));
    for (const char *at = text; *at; at++)
        lines += *at == '\n';
    must(lines == 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *text = arena_copy_bytes(&arena, (const char *)data, size);
    struct issue_comment comment;

    check_ticks(&arena, text, false);
    check_ticks(&arena, text, true);
    if (issue_comment_read(&arena, text, &comment))
        must(string_starts(text, "<!-- cut-release:issue tag=") && comment.tag);
    check_comment(&arena, text);
    return 0;
}
