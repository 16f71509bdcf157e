#include "adapters/repo.h"

#include "adapters/repo_internal.h"
#include "base/cleanup.h"
#include "base/library_memory.h"
#include "base/memory.h"
#include "base/text.h"
#include "core/tag_text.h"

#include <git2/sys/alloc.h>
#include <string.h>

CLEANUP_POINTER(git_commit *, git_commit_free)
CLEANUP_POINTER(git_object *, git_object_free)
CLEANUP_POINTER(git_reference *, git_reference_free)
CLEANUP_POINTER(git_remote *, git_remote_free)
CLEANUP_POINTER(git_revwalk *, git_revwalk_free)
CLEANUP_POINTER(git_tag *, git_tag_free)
CLEANUP_POINTER(git_odb *, git_odb_free)
CLEANUP_POINTER(git_odb_object *, git_odb_object_free)
CLEANUP_POINTER(git_tree_entry *, git_tree_entry_free)
CLEANUP_POINTER(git_blob *, git_blob_free)

enum { WINDOW_BYTES = 1 << 20, MAPPED_BYTES = 8 << 20 };

const char *repo_version(void)
{
    return LIBGIT2_VERSION;
}

const char *repo_last_words(void)
{
    const git_error *error = git_error_last();

    return error && error->message ? error->message : "no reason given";
}

static void *take(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return library_take(size);
}

static void *grow(void *old, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return library_grow(old, size);
}

int repo_start_library(void)
{
    git_allocator allocator = {.gmalloc = take, .grealloc = grow, .gfree = library_free};

    if (git_libgit2_opts(GIT_OPT_SET_ALLOCATOR, &allocator) < 0)
        return -1;
    /* Of a pack that is large only a part is mapped at once: else a walk takes it all into memory. */
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)WINDOW_BYTES);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)MAPPED_BYTES);
    return git_libgit2_init() < 0 ? -1 : 0;
}

/*
 * In a container we are root and the workspace belongs to uid 1001, which libgit2 refuses to trust.
 * The person handed us this folder, so the check is off while it is opened, and only then.
 */
int repo_open(const char *path, struct repo **repo, struct error *error)
{
    git_repository *git = NULL;

    if (repo_start_library())
        return error_set(error, ERROR_INTERNAL, NULL, "libgit2 could not be started: %s",
                         repo_last_words());
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    int const result = git_repository_open_ext(&git, path, 0, NULL);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1);
    if (result == GIT_ENOTFOUND) {
        git_libgit2_shutdown();
        *repo = NULL;
        return 0;
    }
    if (result < 0) {
        error_set(error, ERROR_REPOSITORY, NULL, "the repository in %s can't be read: %s", path,
                  repo_last_words());
        git_libgit2_shutdown();
        return -1;
    }
    struct repo *opened = memory_take(sizeof(*opened));
    opened->git = git;
    opened->shallow = git_repository_is_shallow(git) != 0;
    *repo = opened;
    return 0;
}

void repo_close(struct repo *repo)
{
    if (!repo)
        return;
    git_repository_free(repo->git);
    git_libgit2_shutdown();
    memory_free(repo);
}

/* https://host:8443/owner/name.git, ssh://git@host:22/owner/name, git@host:owner/name: the port of
 * https is the API's too. */
static void split_address(struct arena *arena, const char *url, struct remote_address *address)
{
    const char *scheme = strstr(url, "://");
    const char *host = scheme ? scheme + 3 : url;
    const char *user = memchr(host, '@', strcspn(host, "/"));
    size_t length;

    if (user)
        host = user + 1;
    length = strcspn(host, ":/");
    if (!length || !host[length] || (!scheme && host[length] != ':') ||
        string_starts(url, "file://"))
        return;
    const char *path = host + length;
    if (scheme && *path == ':') { /* a port */
        const char *port = path;

        path += strcspn(path, "/");
        if (string_starts(url, "https://") && !string_starts(port, ":443/"))
            length = (size_t)(path - host);
    }
    path += strspn(path, ":/");
    size_t path_length = strlen(path);
    while (path_length && path[path_length - 1] == '/')
        path_length--;
    if (path_length > 4 && strncmp(path + path_length - 4, ".git", 4) == 0)
        path_length -= 4;
    if (!memchr(path, '/', path_length))
        return;
    address->host = arena_copy_bytes(arena, host, length);
    address->repository = arena_copy_bytes(arena, path, path_length);
}

static int unreadable(struct repo *repo, struct error *error)
{
    return error_set(error, ERROR_REPOSITORY, NULL, "the repository in %s can't be read: %s",
                     git_repository_path(repo->git), repo_last_words());
}

int repo_remote(struct repo *repo, struct arena *arena, const char *remote, bool *there,
                struct remote_address *address, struct error *error)
{
    CLEANUP(git_remote_free_cleanup) git_remote *found = NULL;
    int const result = git_remote_lookup(&found, repo->git, remote);

    if (result < 0 && result != GIT_ENOTFOUND && result != GIT_EINVALIDSPEC)
        return unreadable(repo, error);
    *there = found != NULL;
    *address = (struct remote_address){"", ""};
    if (found && git_remote_url(found))
        split_address(arena, git_remote_url(found), address);
    return 0;
}

static const char *id_text(struct arena *arena, const git_oid *id)
{
    char text[GIT_OID_MAX_HEXSIZE + 1];

    return arena_copy(arena, git_oid_tostr(text, sizeof(text), id));
}

/* ---- refs ------------------------------------------------------------------------------------- */

static int add_ref(struct repo *repo, struct arena *arena, const git_reference *reference,
                   const char *name, struct git_refs *refs)
{
    CLEANUP(git_object_free_cleanup) git_object *object = NULL;
    const git_oid *target = git_reference_target(reference);
    git_object_t type = GIT_OBJECT_COMMIT;

    if (!target)
        return 0; /* a symbolic one, such as origin/HEAD */
    int const found = git_object_lookup(&object, repo->git, target, GIT_OBJECT_ANY);
    if (found < 0 && found != GIT_ENOTFOUND) /* a clone may lack it: shallow, or in part */
        return -1;
    if (object)
        type = git_object_type(object);
    refs->items = arena_append(arena, refs->items, &refs->count, sizeof(*refs->items));
    refs->items[refs->count - 1] = (struct git_ref){
        .name = arena_copy(arena, name),
        .object = id_text(arena, target),
        .annotated = type == GIT_OBJECT_TAG,
        .odd = type != GIT_OBJECT_TAG && type != GIT_OBJECT_COMMIT,
    };
    return 0;
}

/* All of them, or -1: a tag that is overlooked makes another plan. */
static int read_refs(struct repo *repo, struct arena *arena, const char *folder, const char *start,
                     struct git_refs *refs)
{
    git_reference_iterator *iterator = NULL;
    git_reference *reference = NULL;
    int result = git_reference_iterator_new(&iterator, repo->git);

    while (!result && !(result = git_reference_next(&reference, iterator))) {
        const char *name = git_reference_name(reference);

        if (string_starts(name, folder) && string_starts(name + strlen(folder), start))
            result = add_ref(repo, arena, reference, name + strlen(folder), refs);
        git_reference_free(reference);
    }
    git_reference_iterator_free(iterator);
    return result == GIT_ITEROVER ? 0 : -1;
}

static const char *tracking_folder(struct arena *arena, const struct repo_view *view)
{
    return arena_print(arena, "refs/remotes/%s/", view->remote);
}

static const char *default_branch(struct repo *repo, struct arena *arena,
                                  const struct repo_view *view)
{
    static const char *const usual[] = {"main", "master"};
    const char *folder = tracking_folder(arena, view);
    CLEANUP(git_reference_free_cleanup) git_reference *head = NULL;

    if (git_reference_lookup(&head, repo->git, arena_print(arena, "%sHEAD", folder)) == 0 &&
        git_reference_symbolic_target(head) &&
        string_starts(git_reference_symbolic_target(head), folder))
        return arena_copy(arena, git_reference_symbolic_target(head) + strlen(folder));
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        git_oid id;

        if (git_reference_name_to_id(&id, repo->git,
                                     arena_print(arena, "%s%s", folder, usual[i])) == 0)
            return usual[i];
    }
    return NULL;
}

static void answer_repository(struct repo *repo, struct arena *arena, const struct repo_view *view,
                              struct facts *facts)
{
    facts->repository.full_name = view->repository;
    facts->repository.default_branch = default_branch(repo, arena, view);
}

static void answer_source(struct repo *repo, struct arena *arena, const struct repo_view *view,
                          const struct question *question, struct facts *facts)
{
    const char *name = arena_print(arena, "%s%s", tracking_folder(arena, view), question->head);
    git_oid id;

    if (git_reference_name_to_id(&id, repo->git, name) == 0)
        facts->source_head = id_text(arena, &id);
}

/* ---- objects ---------------------------------------------------------------------------------- */

static bool parse_id(const char *text, git_oid *id)
{
    return text && git_oid_fromstr(id, text) == 0;
}

static bool answer_tag_object(struct repo *repo, struct arena *arena,
                              const struct question *question, struct facts *facts)
{
    CLEANUP(git_tag_free_cleanup) git_tag *tag = NULL;
    enum signature_kind signature;
    git_oid id;

    if (!parse_id(question->head, &id) || git_tag_lookup(&tag, repo->git, &id) < 0)
        return false;
    const char *message = string_or(git_tag_message(tag), "");
    const git_signature *tagger = git_tag_tagger(tag);
    size_t const length = tag_signature_start(message, &signature);
    facts->tag_object = (struct tag_object){
        .object = question->head,
        .target = id_text(arena, git_tag_target_id(tag)),
        .target_type = git_object_type2string(git_tag_target_type(tag)),
        .name = arena_copy(arena, git_tag_name(tag)),
        .message = arena_copy_bytes(arena, message, length),
        .tagger = tagger ? arena_print(arena, "%s <%s>", tagger->name, tagger->email) : "",
        .signature = signature,
        .verification = UNKNOWN,
    };
    return true;
}

bool repo_tag_bytes(struct repo *repo, struct arena *arena, const char *object, const char **bytes,
                    size_t *length)
{
    CLEANUP(git_odb_free_cleanup) git_odb *odb = NULL;
    CLEANUP(git_odb_object_free_cleanup) git_odb_object *found = NULL;
    git_oid id;

    if (!parse_id(object, &id) || git_repository_odb(&odb, repo->git) < 0 ||
        git_odb_read(&found, odb, &id) < 0 || git_odb_object_type(found) != GIT_OBJECT_TAG)
        return false;
    *length = git_odb_object_size(found);
    *bytes = arena_copy_bytes(arena, git_odb_object_data(found), *length);
    return true;
}

int repo_file(struct repo *repo, struct arena *arena, const struct repo_view *view,
              const char *branch, const char *path, const char **content)
{
    CLEANUP(git_object_free_cleanup) git_object *tree = NULL;
    CLEANUP(git_tree_entry_free_cleanup) git_tree_entry *entry = NULL;
    CLEANUP(git_blob_free_cleanup) git_blob *blob = NULL;
    const char *name = arena_print(arena, "%s%s^{tree}", tracking_folder(arena, view), branch);

    /* A tree has no way through a link: a path behind one isn't found. */
    if (git_revparse_single(&tree, repo->git, name) < 0 ||
        git_tree_entry_bypath(&entry, (const git_tree *)tree, path) < 0 ||
        git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK ||
        git_blob_lookup(&blob, repo->git, git_tree_entry_id(entry)) < 0)
        return -1;
    *content = arena_copy_bytes(arena, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
    return 0;
}

bool repo_module(struct repo *repo, struct arena *arena, const char *object, const char **content)
{
    CLEANUP(git_object_free_cleanup) git_object *tree = NULL;
    CLEANUP(git_tree_entry_free_cleanup) git_tree_entry *entry = NULL;
    CLEANUP(git_blob_free_cleanup) git_blob *blob = NULL;

    if (git_revparse_single(&tree, repo->git, arena_print(arena, "%s^{tree}", object)) < 0)
        return false;
    int const found = git_tree_entry_bypath(&entry, (const git_tree *)tree, "go.mod");
    if (found == GIT_ENOTFOUND) {
        *content = NULL;
        return true;
    }
    if (found < 0 || git_tree_entry_filemode(entry) == GIT_FILEMODE_LINK ||
        git_blob_lookup(&blob, repo->git, git_tree_entry_id(entry)) < 0)
        return false;
    *content = arena_copy_bytes(arena, git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
    return true;
}

/* ---- comparisons ------------------------------------------------------------------------------ */

bool repo_commit_behind(struct repo *repo, const char *text, git_oid *commit)
{
    CLEANUP(git_object_free_cleanup) git_object *object = NULL, *peeled = NULL;
    git_oid id;

    if (!parse_id(text, &id) || git_object_lookup(&object, repo->git, &id, GIT_OBJECT_ANY) < 0 ||
        git_object_peel(&peeled, object, GIT_OBJECT_COMMIT) < 0)
        return false;
    git_oid_cpy(commit, git_object_id(peeled));
    return true;
}

static void read_subjects(struct repo *repo, struct arena *arena, const git_oid *base,
                          const git_oid *head, struct comparison *comparison)
{
    CLEANUP(git_revwalk_free_cleanup) git_revwalk *walk = NULL;
    git_oid id;

    if (git_revwalk_new(&walk, repo->git) < 0 || git_revwalk_push(walk, head) < 0 ||
        git_revwalk_hide(walk, base) < 0)
        return;
    while (comparison->subject_count < COMPARISON_SUBJECTS && git_revwalk_next(&id, walk) == 0) {
        CLEANUP(git_commit_free_cleanup) git_commit *commit = NULL;

        if (git_commit_lookup(&commit, repo->git, &id) < 0)
            return;
        comparison->subjects = arena_append(arena, comparison->subjects, &comparison->subject_count,
                                            sizeof(*comparison->subjects));
        comparison->subjects[comparison->subject_count - 1] =
            arena_copy(arena, string_or(git_commit_summary(commit), ""));
    }
}

bool repo_compare(struct repo *repo, struct arena *arena, const struct question *question,
                  struct facts *facts)
{
    struct comparison *out = facts_comparison(facts, question->kind), found = {0};
    const char *base_id = question->base_object ? question->base_object : question->base;
    git_oid base, head;
    size_t ahead, behind;

    if (!out || !repo_commit_behind(repo, base_id, &base) ||
        !repo_commit_behind(repo, question->head, &head) ||
        git_graph_ahead_behind(&ahead, &behind, repo->git, &head, &base) < 0)
        return false;
    found.ahead_by = (uint32_t)ahead;
    found.behind_by = (uint32_t)behind;
    found.relation = !ahead && !behind ? RELATION_IDENTICAL
                     : !ahead          ? RELATION_BEHIND
                     : !behind         ? RELATION_AHEAD
                                       : RELATION_DIVERGED;
    if (repo->shallow && ahead > 0)
        return false; /* the history is cut: what links them may be missing */
    if (question->kind == QUESTION_SINCE_CANDIDATE)
        read_subjects(repo, arena, &base, &head, &found);
    *out = found;
    facts_answered(facts, question);
    return true;
}

int repo_answer(struct repo *repo, struct arena *arena, const struct repo_view *view,
                const struct question *question, struct facts *facts, struct error *error)
{
    switch (question->kind) {
    case QUESTION_REPOSITORY:
        answer_repository(repo, arena, view, facts);
        break;
    case QUESTION_TAGS:
        if (read_refs(repo, arena, "refs/tags/", view->tag_prefix, &facts->tags))
            return unreadable(repo, error);
        break;
    case QUESTION_BRANCHES:
        if (read_refs(repo, arena, tracking_folder(arena, view), view->branch_stem,
                      &facts->branches))
            return unreadable(repo, error);
        break;
    case QUESTION_SOURCE:
        answer_source(repo, arena, view, question, facts);
        break;
    case QUESTION_TAG_OBJECT:
        if (!answer_tag_object(repo, arena, question, facts)) {
            facts_hidden(facts, question, "the clone doesn't have the tag object");
            return 0;
        }
        break;
    case QUESTION_ON_BRANCH:
    case QUESTION_ON_SOURCE:
    case QUESTION_SINCE_CANDIDATE:
        if (!repo_compare(repo, arena, question, facts))
            facts_hidden(facts, question, "the clone doesn't have the whole history (shallow)");
        return 0;
    case QUESTION_CHANGES: /* the clone was asked already */
        facts_hidden(facts, question, "the clone doesn't have the whole history (shallow)");
        return 0;
    default:
        facts_hidden(facts, question, "without a token nobody asks the server");
        return 0;
    }
    facts_answered(facts, question);
    return 0;
}
