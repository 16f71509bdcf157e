/*
 * What apply may do to the world: a table of functions, so that a test can run it against memory and
 * let any step fail.
 */
#ifndef CUT_RELEASE_CORE_EFFECTS_H
#define CUT_RELEASE_CORE_EFFECTS_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "core/facts.h"

/* How a change ended. */
enum write_end {
    WRITE_DONE,
    WRITE_TAKEN,  /* there is one of that name already; nothing was changed */
    WRITE_GONE,   /* what was to be changed is not there (any more) */
    WRITE_LOST,   /* the answer was lost or odd: it may or may not have been carried out */
    WRITE_FAILED, /* it was not carried out; *error says why. LOST fills it too. */
};

/* What a release is made of. In an update, a NULL string or a `keep_` flag leaves a field alone. */
struct release_fields {
    const char *tag, *commit; /* of a new one */
    const char *title, *body;
    bool prerelease, latest;
    bool keep_prerelease;
};

/* A tag that is to be made. */
struct new_tag {
    const char *name, *commit;
    const char *branch; /* which names the commit */
    const char *bytes;  /* the whole object, signature included */
    size_t length;
    const char *object; /* its id */
};

struct effects {
    void *state;
    void *tagging; /* the state of the three about tags */
    /* Adds the detached signature of the bytes. */
    int (*sign)(void *tagging, const char *bytes, size_t length, struct text *signature,
                struct error *error);
    /* Fills `object`. */
    void (*name_tag)(void *tagging, struct arena *arena, struct new_tag *tag);
    /* WRITE_TAKEN also where the branch has moved: nothing was pushed then. */
    enum write_end (*push_tag)(void *tagging, struct arena *arena, const struct new_tag *tag,
                               struct error *error);
    /* The object that a tag names, NULL in *object where there is none. */
    int (*read_tag)(void *state, struct arena *arena, const char *name, const char **object,
                    struct error *error);
    /* How many workflow runs the push of a tag has started; *known is false where the token may not
     * see them. */
    int (*count_runs)(void *state, struct arena *arena, const char *tag, const char *commit,
                      int64_t *count, bool *known, struct error *error);
    enum write_end (*create_branch)(void *state, const char *name, const char *commit,
                                    struct error *error);
    /* What a branch names, NULL in *commit where there is none. */
    int (*read_branch)(void *state, struct arena *arena, const char *name, const char **commit,
                       struct error *error);
    enum write_end (*create_draft)(void *state, struct arena *arena,
                                   const struct release_fields *fields, struct release *made,
                                   struct error *error);
    enum write_end (*update_draft)(void *state, struct arena *arena, int64_t id,
                                   const struct release_fields *fields, struct release *made,
                                   struct error *error);
    enum write_end (*delete_draft)(void *state, int64_t id, struct error *error);
    /* All releases and drafts of a tag; `pages` is how many the list had before. */
    int (*list_releases)(void *state, struct arena *arena, const char *tag, uint32_t pages,
                         struct release_facts *releases, struct error *error);
    /* *exists is false where there is none of that id. */
    int (*read_release)(void *state, struct arena *arena, int64_t id, struct release *release,
                        bool *exists, struct error *error);

    /* The tracking issue. Comments are ours alone; in an update of an issue a NULL text leaves it. */
    int (*list_issue_comments)(void *state, struct arena *arena, int64_t issue,
                               struct issue_comments *comments, struct error *error);
    enum write_end (*create_issue_comment)(void *state, struct arena *arena, int64_t issue,
                                           const char *text, struct issue_comment *made,
                                           struct error *error);
    enum write_end (*update_issue_comment)(void *state, struct arena *arena,
                                           const struct issue_comment *comment, const char *text,
                                           struct issue_comment *made, struct error *error);
    enum write_end (*delete_issue_comment)(void *state, struct arena *arena, int64_t id,
                                           struct error *error);
    /* *exists is false where it was deleted or moved away. */
    int (*read_issue)(void *state, struct arena *arena, int64_t number, struct issue *issue,
                      bool *exists, struct error *error);
    enum write_end (*update_issue)(void *state, struct arena *arena, int64_t number,
                                   const char *text, bool close, struct issue *made,
                                   struct error *error);
};

#endif
