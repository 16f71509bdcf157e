/* What the clone's history says about a release: its commits, and how its notes are arranged. */
#include "adapters/repo_log.h"

#include "adapters/repo_internal.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <string.h>

CLEANUP_POINTER(git_blob *, git_blob_free)
CLEANUP_POINTER(git_commit *, git_commit_free)
CLEANUP_POINTER(git_revwalk *, git_revwalk_free)
CLEANUP_POINTER(git_tree *, git_tree_free)
CLEANUP_POINTER(git_tree_entry *, git_tree_entry_free)

enum { MOST_PARENTS = 64 };

struct reading {
    struct repo *repo;
    struct arena *arena;
    struct changes_reader reader;
    struct changes changes;
};

static bool read_commit(struct reading *reading, const git_oid *id)
{
    CLEANUP(git_commit_free_cleanup) git_commit *commit = NULL;
    char ids[MOST_PARENTS + 1][GIT_OID_MAX_HEXSIZE + 1];
    const char *parents[MOST_PARENTS];

    if (git_commit_lookup(&commit, reading->repo->git, id) < 0)
        return false;
    size_t count = git_commit_parentcount(commit);
    if (count > MOST_PARENTS)
        count = MOST_PARENTS;
    for (size_t i = 0; i < count; i++)
        parents[i] =
            git_oid_tostr(ids[i], sizeof(ids[i]), git_commit_parent_id(commit, (unsigned)i));
    const git_signature *author = git_commit_author(commit);
    const struct commit read = {
        .id = git_oid_tostr(ids[MOST_PARENTS], sizeof(ids[0]), id),
        .parents = parents,
        .parent_count = count,
        .message = string_or(git_commit_message(commit), ""),
        .mail = author ? author->email : NULL,
    };
    changes_read(reading->arena, &reading->reader, &read, &reading->changes);
    return true;
}

static bool walk(struct reading *reading, const git_oid *base, const git_oid *head)
{
    CLEANUP(git_revwalk_free_cleanup) git_revwalk *walk = NULL;
    git_oid id;
    int result;

    if (git_revwalk_new(&walk, reading->repo->git) < 0 || git_revwalk_push(walk, head) < 0 ||
        (base && git_revwalk_hide(walk, base) < 0))
        return false;
    git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME);
    while (!(result = git_revwalk_next(&id, walk))) {
        if (reading->changes.count == CHANGES_MOST) {
            reading->changes.total++;
            continue;
        }
        if (!read_commit(reading, &id))
            return false;
        if (!changes_are_listed(&reading->changes, base != NULL))
            return true; /* that there are many is all that is to be known */
    }
    return result == GIT_ITEROVER;
}

bool repo_changes(struct repo *repo, struct arena *arena, const struct question *question,
                  struct facts *facts)
{
    struct reading reading = {.repo = repo, .arena = arena};
    git_oid base, head;

    if (repo->shallow || !repo_commit_behind(repo, question->head, &head) ||
        (question->base && !repo_commit_behind(repo, question->base_object, &base)))
        return false;
    /* To keep each commit would cost memory and serve nobody. To hash each again costs a third more;
     * what decides trust is not read here. */
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    bool const whole = walk(&reading, question->base ? &base : NULL, &head);
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 1);
    changes_finish(&reading.reader, &reading.changes);
    if (!whole)
        return false;
    facts->changes = reading.changes;
    facts_answered(facts, question);
    return true;
}

bool repo_release_config(struct repo *repo, struct arena *arena, const struct question *question,
                         struct facts *facts)
{
    CLEANUP(git_commit_free_cleanup) git_commit *commit = NULL;
    CLEANUP(git_tree_free_cleanup) git_tree *tree = NULL;
    git_oid head;

    if (!repo_commit_behind(repo, question->head, &head) ||
        git_commit_lookup(&commit, repo->git, &head) < 0 || git_commit_tree(&tree, commit) < 0)
        return false;
    facts->config_text = NULL;
    for (size_t i = 0; release_config_paths[i] && !facts->config_text; i++) {
        CLEANUP(git_tree_entry_free_cleanup) git_tree_entry *entry = NULL;
        CLEANUP(git_blob_free_cleanup) git_blob *blob = NULL;

        if (git_tree_entry_bypath(&entry, tree, release_config_paths[i]) < 0)
            continue;
        if (git_blob_lookup(&blob, repo->git, git_tree_entry_id(entry)) < 0)
            return false;
        facts->config_text =
            arena_copy_bytes(arena, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
    }
    facts_answered(facts, question);
    return true;
}
