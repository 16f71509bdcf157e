/*
 * States of the sandbox that are kept under a name and put back: a test that runs a hundred cases from
 * the same beginning prepares it once. What a file of the sandbox remembers besides is a part of its
 * own here. Objects of the repository stay: nothing names them once the refs are as they were.
 */
#include "state.h"

#include "api.h"
#include "git.h"
#include "issues.h"
#include "registry.h"

#include <stdlib.h>

struct part {
    const char *name;
    cJSON *(*take)(void);
    void (*put)(const cJSON *kept);
};

static const struct part parts[] = {
    {"config", config_take, config_put}, {"releases", store_take, store_put},
    {"refs", refs_take, refs_put},       {"created", created_take, created_put},
    {"runs", runs_take, runs_put},       {"images", images_take, images_put},
    {"issues", issues_take, issues_put},
};

static cJSON *snapshots; /* by name */

void snapshot_keep(const char *name)
{
    cJSON *kept = cJSON_CreateObject();
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cJSON_AddItemToObject(kept, parts[i].name, parts[i].take());
    if (!snapshots)
        snapshots = cJSON_CreateObject();
    json_replace(snapshots, name, kept);
}

bool snapshot_restore(const char *name)
{
    const cJSON *kept = cJSON_GetObjectItemCaseSensitive(snapshots, name);
    if (!kept)
        return false;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        parts[i].put(cJSON_GetObjectItemCaseSensitive(kept, parts[i].name));
    faults_set(NULL, NULL);
    log_reset();
    return true;
}
