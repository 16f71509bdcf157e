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
#include "core/mail_address.h"

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

/* A file that is to be uploaded, and what became of it. */
struct asset_upload {
    const struct asset_file *file;
    enum write_end end;  /* WRITE_TAKEN: there is one of that name */
    const char *digest;  /* of what was sent; NULL where it wasn't sent whole */
    struct asset made;   /* of WRITE_DONE */
    struct error *error; /* of the others: all point to one, of which the first is kept */
};

/* Told how many bytes were sent, with each piece. */
struct upload_watch {
    void *state;
    void (*sent)(void *state, size_t bytes);
};

/* A tag that is to be made. */
struct new_tag {
    const char *name, *commit;
    const char *branch; /* which names the commit */
    const char *bytes;  /* the whole object, signature included */
    size_t length;
    const char *object; /* its id */
};

/* A mail, ready to go. */
struct mail {
    const char *from;   /* the bare address */
    const char *domain; /* the sender's, to greet the server with */
    struct mail_addresses to;
    const char *message; /* as mail_format has it */
};

/* How sending it ended; but for SENT, *error says why. */
enum mail_end {
    MAIL_SENT,
    MAIL_LATER,       /* the server has no mail, and may take it later */
    MAIL_UNREACHABLE, /* it has none, there was no dialogue to its end */
    MAIL_REFUSED,     /* it has none, and trying again is of no use */
    MAIL_LOST,        /* nobody knows whether it has the mail */
};

struct effects {
    void *state;
    void *mailer;
    void *tagging; /* the state of the three about tags */
    enum mail_end (*send_mail)(void *mailer, const struct mail *mail, struct error *error);
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
    /* Gates: how the wanted workflows ran for the tag; of *gates the images stay as they are. */
    int (*read_runs)(void *state, struct arena *arena, const char *commit, struct gates *gates,
                     struct error *error);
    /* Starts a workflow on the tag. Where it can't be started there, FAILED with CR-GATE-NO-RUN. */
    enum write_end (*start_workflow)(void *state, const char *workflow, const char *tag,
                                     struct error *error);
    void *registry; /* the state of the next one */
    /* `facts` has as many elements, with what is known already. */
    int (*look_at_images)(void *registry, struct arena *arena, const struct image_reference *images,
                          size_t count, struct image_fact *facts, struct error *error);
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
    /* Makes a draft public, with its flags. WRITE_TAKEN: another release of the tag is public. */
    enum write_end (*publish)(void *state, struct arena *arena, int64_t id, bool prerelease,
                              bool latest, struct release *made, struct error *error);
    /* Of a release that is public: it is to be the latest, or not to be. */
    enum write_end (*set_latest)(void *state, int64_t id, bool latest, struct error *error);
    int (*read_latest)(void *state, struct arena *arena, struct latest_release *latest,
                       struct error *error);
    /* *exists is false where there is none of that id. */
    int (*read_release)(void *state, struct arena *arena, int64_t id, struct release *release,
                        bool *exists, struct error *error);

    /* Assets. All that a release has, by the list that is paged. */
    int (*list_assets)(void *state, struct arena *arena, int64_t release,
                       struct asset_facts *assets, struct error *error);
    enum write_end (*delete_asset)(void *state, int64_t id, struct error *error);
    /* A few at once. -1 where nothing was sent, since the address isn't one for the token. */
    int (*upload_assets)(void *state, struct arena *arena, const char *upload_url,
                         struct asset_upload *uploads, size_t count,
                         const struct upload_watch *watch, struct error *error);
    /* The digest of a file, and what follows from all files' digests: the checksums. */
    int (*hash_file)(struct arena *arena, struct asset_file *file, struct error *error);
    void (*hash_checksums)(struct arena *arena, struct file_facts *files);

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
