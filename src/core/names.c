#include "core/names.h"

static void add(struct names *names, const char *name, const char *value)
{
    names->values[names->count++] = (struct template_value){name, value};
}

void names_of_target(struct arena *arena, const struct target *target, struct names *names)
{
    const struct version *version = &target->version;

    names->count = 0;
    add(names, "tag", target->tag);
    add(names, "version", version_text(arena, version));
    add(names, "major", arena_print(arena, "%u", version->major));
    add(names, "minor", arena_print(arena, "%u", version->minor));
    add(names, "patch", arena_print(arena, "%u", version->patch));
    add(names, "rc", version->number ? arena_print(arena, "%u", version->number) : "");
    add(names, "project", target->project);
    if (target->branch)
        add(names, "branch", target->branch);
}

void names_of_plan(const struct plan *plan, struct names *names)
{
    add(names, "previous_tag", plan->previous_tag);
    add(names, "commit", plan->commit);
    add(names, "tag_object", plan->tag_object);
    add(names, "release_url", plan->final_page);
    add(names, "prerelease", plan->prerelease ? "true" : "false");
    add(names, "latest", plan->latest ? "true" : "false");
}

void names_of_mail(const char *images, const char *highlights, const char *notes,
                   struct names *names)
{
    add(names, "images", images);
    add(names, "highlights", highlights);
    add(names, "notes", notes);
}
