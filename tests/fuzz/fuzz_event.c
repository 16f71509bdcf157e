/* adapters/event, and what core/target makes of it: the event file. The first byte says which event. */
#include "fuzz.h"

#include "adapters/event.h"
#include "core/target.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* The bytes as a file, always the same one. */
static const char *file_of(const uint8_t *data, size_t size)
{
    static int file = -1;
    static char path[64];

    if (file < 0)
        file = memfd_create("event", MFD_CLOEXEC);
    must(file >= 0 && !ftruncate(file, 0) && pwrite(file, data, size, 0) == (ssize_t)size);
    snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
    return path;
}

static void check_target(struct arena *arena, const struct event *event, const char *name)
{
    static const char *const nothing[] = {NULL};
    struct context const context = {.on_github = true,
                                    .repository = "o/n",
                                    .event_name = name,
                                    .ref = string_or(event->ref, "")};
    struct inputs inputs;
    struct target target = {0};
    struct error error = {0};

    must(!inputs_read(arena, nothing, nothing, &inputs, &error));
    if (target_resolve(arena, &inputs, &context, event, &target, &error)) {
        must(error.code && *error.message);
        return;
    }
    if (target.of_another_line) { /* another project's name in this repository: nothing is done */
        must(!target.branch && target.command == COMMAND_ANNOUNCE);
        return;
    }
    must(string_starts(target.tag, "v") && target.branch && target.title && target.message);
    must(strspn(target.tag + 1, "0123456789.-rc") == strlen(target.tag + 1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"push",         "create",   "workflow_run",
                                        "release",      "schedule", "workflow_dispatch",
                                        "pull_request", ""};
    CLEANUP(arena_free) struct arena arena = {0};
    struct event event = {0};
    struct error error = {0};

    if (!size)
        return 0;
    if (event_read(&arena, file_of(data + 1, size - 1), &event, &error)) {
        must(error.code == ERROR_EVENT_FILE && *error.message);
        return 0;
    }
    check_target(&arena, &event, names[data[0] % (sizeof(names) / sizeof(names[0]))]);
    return 0;
}
