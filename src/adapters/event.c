#include "adapters/event.h"

#include "adapters/file.h"
#include "adapters/json.h"
#include "base/text.h"

enum { EVENT_LIMIT = 25 * 1000 * 1000 }; /* GitHub sends no larger payload */

static const char *copy_text(struct arena *arena, const struct json *json, const char *path)
{
    return arena_copy(arena, json_text(json, path));
}

int event_read(struct arena *arena, const char *path, struct event *event, struct error *error)
{
    CLEANUP(text_free) struct text content = {0};
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    static const char remedy[] = "GITHUB_EVENT_PATH must name the event file that the runner wrote";

    if (file_read(path, EVENT_LIMIT, &content, error))
        return error_set(error, ERROR_EVENT_FILE, remedy, "the event file %s can't be read: %s",
                         path, error->remedy);
    if (json_parse(content.bytes, content.length, &json, error) || !json_is_object(json))
        return error_set(error, ERROR_EVENT_FILE, remedy,
                         "a whole JSON object was expected in the event file %s (%zu bytes)", path,
                         content.length);
    *event = (struct event){
        .ref = copy_text(arena, json, "ref"),
        .after = copy_text(arena, json, "after"),
        .head_commit = copy_text(arena, json, "head_commit.id"),
        .deleted = json_flag(json, "deleted"),
        .full_name = copy_text(arena, json, "repository.full_name"),
        .default_branch = copy_text(arena, json, "repository.default_branch"),
        .action = copy_text(arena, json, "action"),
        .release_tag = copy_text(arena, json, "release.tag_name"),
        .run_branch = copy_text(arena, json, "workflow_run.head_branch"),
        .run_head = copy_text(arena, json, "workflow_run.head_sha"),
    };
    return 0;
}
