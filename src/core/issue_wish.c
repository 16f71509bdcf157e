#include "core/issue_wish.h"

#include "base/text.h"
#include "core/marker.h"

#include <string.h>

static unsigned evidence_of_gates(const struct gates *gates)
{
    bool green = gates->run_count > 0, found = gates->image_count > 0, quickstart = false;

    for (size_t i = 0; i < gates->run_count; i++) {
        bool const succeeded = gates->runs[i].state == RUN_SUCCEEDED;

        green = green && succeeded;
        quickstart = quickstart || (succeeded && strstr(gates->runs[i].workflow, "quickstart"));
    }
    for (size_t i = 0; i < gates->image_count; i++)
        found = found && gates->images[i].state == IMAGE_FOUND;
    return (green ? EVIDENCE_WORKFLOWS : 0U) | (quickstart ? EVIDENCE_QUICKSTART : 0U) |
           (found ? EVIDENCE_IMAGES : 0U);
}

/* What our part of the text tells: what a person wrote alone may lack anything. */
static unsigned evidence_of_text(const struct issue_wish *wish, const char *body)
{
    if (!strstr(body, "<!-- cut-release:begin "))
        return 0;
    return (wish->with_notes ? EVIDENCE_NOTES : 0U) |
           (strstr(body, "\n## Highlights of [") ? EVIDENCE_HIGHLIGHTS : 0U);
}

static unsigned evidence_of_release(const struct issue_wish *wish, const struct release *release)
{
    bool const assets = wish->with_assets && (!wish->counts_assets || release->assets.count);

    return EVIDENCE_RELEASE | EVIDENCE_PUBLISHED | evidence_of_text(wish, release->body) |
           (strings_equal(release->title, wish->story.tag) ? EVIDENCE_TITLE : 0U) |
           (release->prerelease ? EVIDENCE_PRERELEASE : 0U) | (assets ? EVIDENCE_ASSETS : 0U);
}

void issue_wish_settle(struct issue_wish *wish, const struct release *release,
                       const struct gates *gates, const char *message_id)
{
    /* The issue comes last of all, and its comment first: by then these are true. */
    unsigned evidence = EVIDENCE_TAG | EVIDENCE_LINK;

    if (release)
        evidence |= evidence_of_release(wish, release);
    evidence |= evidence_of_gates(gates) | (wish->signed_tag ? EVIDENCE_SIGNED : 0U) |
                (wish->story.branch ? EVIDENCE_BRANCH : 0U) | (message_id ? EVIDENCE_MAIL : 0U);
    wish->story.gates = *gates;
    wish->story.message_id = message_id;
    wish->checklist.evidence = evidence;
}

struct issue_change issue_change_of(struct arena *arena, const struct issue_wish *wish,
                                    const struct issue *issue)
{
    struct issue_change change = {.close = wish->closes && !issue->closed};
    struct checklist checklist = wish->checklist;

    /* Boxes and state are changed at once, so that "Close this issue" is true as it is ticked. */
    if (issue->closed || change.close)
        checklist.evidence |= EVIDENCE_CLOSED;
    change.body = checklist_tick(arena, issue->body, &checklist, &change.ticks);
    return change;
}
