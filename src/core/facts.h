/*
 * What was seen: plain values that live in the run's arena. Each fact is the answer to a question;
 * an answer that could not be had is `unknown` with its reason, and only a dry run goes on with one.
 */
#ifndef CUT_RELEASE_CORE_FACTS_H
#define CUT_RELEASE_CORE_FACTS_H

#include "base/error.h"
#include "core/assets.h"
#include "core/changelog.h"
#include "core/gates.h"
#include "core/upstream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum question_kind {
    QUESTION_REPOSITORY,      /* its name, default branch */
    QUESTION_TAGS,            /* all tags of the prefix */
    QUESTION_BRANCHES,        /* all branches that start like a release branch */
    QUESTION_RELEASES,        /* the first page of releases and drafts */
    QUESTION_MORE_RELEASES,   /* the pages behind it */
    QUESTION_TAG_OBJECT,      /* head: the tag object */
    QUESTION_SOURCE,          /* head: a branch name; what it names */
    QUESTION_ON_BRANCH,       /* base: the release branch's head, head: the tagged commit */
    QUESTION_ON_SOURCE,       /* base: the source branch's head, head: the tagged commit */
    QUESTION_SINCE_CANDIDATE, /* base: the last candidate's tag, head: the tagged commit */
    QUESTION_TAG_BYTES,       /* head: the tag object; its very bytes */
    QUESTION_TRUSTED_KEYS,    /* base: the source branch, head: the path of the keys */
    QUESTION_SIGNATURE,       /* head: the tag object; is its signature one of the trusted keys' */
    QUESTION_SIGNER,          /* does the signing key sign, and whose is it */
    QUESTION_NOTES,           /* base: the previous tag, head: the tagged commit */
    QUESTION_CHANGES,         /* the same; base NULL: all commits up to it, if they aren't many */
    QUESTION_RELEASE_CONFIG,  /* head: the tagged commit; its .github/release.yml */
    QUESTION_PULLS,           /* head: what changelog_wanted says */
    QUESTION_MODULE_NOW,      /* head: the released commit; its go.mod */
    QUESTION_MODULE_BEFORE,   /* head: the previous tag; its go.mod */
    QUESTION_UPSTREAM,        /* base, head: the range's versions; the upstream's releases in it */
    QUESTION_RUNS,         /* head: the tagged commit; how the wanted workflows ran for the tag */
    QUESTION_IMAGES,       /* head: the tagged commit; which of the wanted images exist */
    QUESTION_ACCESS,       /* may the repository be written to, as far as the server tells */
    QUESTION_BRANCH_RULES, /* head: a branch to be made; the rules that apply to it */
    QUESTION_TAG_RULES,    /* head: a tag to be made; the rulesets that may apply to it */
    QUESTION_RULESETS,     /* what these two have found: its name, and who may bypass it */
    QUESTION_FILES,        /* what the input `files` finds in the workspace */
    QUESTION_DIGESTS,      /* head: the release's id; of the files that must be compared with it */
    QUESTION_LATEST,       /* the release that is the latest */
    QUESTION_ISSUES,       /* base: "owner/name", head: the tracking issue's number or title */
    QUESTION_ISSUE_COMMENTS, /* head: numbers, "7,9"; our comments on these issues */
    QUESTION_PUBLISHED,      /* head: our tag; its published release, where the list has none */
    QUESTION_COUNT
};

struct question {
    enum question_kind kind;
    const char *base, *head; /* as the kinds above say, else NULL */
    const char
        *base_object; /* where `base` (or, of MODULE_BEFORE, `head`) is a tag: what it names */
};

enum knowledge {
    NOT_ASKED,
    KNOWN,
    UNKNOWN, /* asked, but can't be seen from here */
};

struct answer {
    enum knowledge knowledge;
    const char *why_unknown;
    struct question question; /* what it was asked with */
};

struct repository_facts {
    const char *full_name;      /* "owner/name", as the server has it now */
    const char *default_branch; /* "main" */
    bool push_denied;           /* the server says that the token may not push: it sees no drafts */
    bool write_refused;         /* it refused the token something for want of contents: write */
    bool archived;
    /* What the server says of the user holds for the token. Of an App's installation, which is no
     * user, it says "no" to everything: https://github.com/semantic-release/github/issues/182 */
    bool user_known;
};

/* https://docs.github.com/en/rest/repos/rules */
enum bypass { BYPASS_UNTOLD, BYPASS_NO, BYPASS_YES };

enum { MOST_RULESETS = 8 }; /* of which more is asked than their numbers */

struct ruleset {
    int64_t id;
    const char *name;      /* NULL while not told */
    bool of_branch;        /* it restricts who may create the branch to be made */
    bool of_tag;           /* the same for the tag to be made */
    enum bypass of_asking; /* may who asks create it all the same */
};

struct git_ref {
    const char *name; /* without refs/tags/ or refs/heads/ */
    const char *object;
    bool annotated; /* it names a tag object */
    bool odd;       /* it names neither a tag object nor a commit */
};

struct git_refs {
    struct git_ref *items;
    size_t count;
};

enum signature_kind { SIGNATURE_NONE, SIGNATURE_OPENPGP, SIGNATURE_SSH, SIGNATURE_X509 };

struct tag_object {
    const char *object;      /* its own id */
    const char *target;      /* what it names */
    const char *target_type; /* "commit", "tag", … */
    const char *name;        /* the name inside */
    const char *message;     /* without the signature */
    const char *tagger;      /* "Name <mail>" */
    enum signature_kind signature;
    const char *payload, *signed_with; /* as the server gives them: together they are the object */
    enum knowledge verification;       /* KNOWN: the two below are GitHub's word */
    bool verified;
    const char *verification_reason; /* "valid", "unsigned", "unknown_key", … */
};

/* How `head` lies to `base`: https://docs.github.com/en/rest/commits/commits#compare-two-commits */
enum relation {
    RELATION_IDENTICAL,
    RELATION_BEHIND, /* head is an ancestor of base */
    RELATION_AHEAD,  /* base is an ancestor of head */
    RELATION_DIVERGED,
};

enum { COMPARISON_SUBJECTS = 50 };

struct comparison {
    enum relation relation;
    uint32_t ahead_by, behind_by;
    const char **subjects; /* of the newest commits that head has more, at most that many */
    size_t subject_count;
};

struct release {
    int64_t id;
    const char *tag, *title, *body; /* never NULL */
    const char *page;               /* html_url: of a draft, its address until it is published */
    const char *upload_url;
    bool draft, prerelease;
    struct asset_facts assets;
    bool immutable; /* but for title and body, nothing in it can be changed any more */
};

/* A published release of another tag with our prefix, as far as rules ask for it. */
struct other_release {
    int64_t id;
    const char *tag;
    bool prerelease, immutable;
    const char *announced; /* the Message-ID of the announcement that was sent, or NULL */
};

struct release_facts {
    struct release *items; /* only those of our tag */
    size_t count;
    struct other_release *others;
    size_t other_count;
    uint32_t last_page; /* how many pages the list has; 1 where all was on the first */
};

/* The release that is the latest: "the most recent non-prerelease, non-draft release", or that which
 * somebody chose: https://docs.github.com/en/rest/releases/releases#get-the-latest-release */
struct latest_release {
    int64_t id; /* 0 where there is none */
    const char *tag;
};

/* What checking a signature with our own keys found. */
enum signature_verdict {
    SIGNATURE_GOOD,
    SIGNATURE_BAD,
    SIGNATURE_WEAK, /* by a digest that is broken */
    SIGNATURE_EXPIRED,
    SIGNATURE_KEY_EXPIRED,
    SIGNATURE_KEY_REVOKED,
    SIGNATURE_UNKNOWN_SIGNER, /* none of the keys */
};

struct signature_check {
    enum signature_verdict verdict;
    const char *fingerprint; /* of the key, or its id where no more is known */
    const char *signer;      /* the user id; empty where the key isn't known */
};

/* The object as Git has it: its hash is the ref's. */
struct tag_bytes {
    const char *bytes;
    size_t length, payload_length; /* the signature is behind the payload */
};

/* The signing key, tried. */
struct signer_facts {
    enum error_code refusal; /* why it can't sign; ERROR_NONE where it can */
    const char *message, *remedy;
    const char *identity; /* "Name <mail>" of its user id; NULL where it has no mail */
    const char *fingerprint;
};

/* An issue that may be the tracking issue. */
struct issue {
    int64_t number;
    const char *title, *body, *author; /* never NULL */
    const char *page;                  /* html_url */
    bool closed, locked, pull_request;
    bool elsewhere;      /* it was moved to another repository */
    bool by_maintainers; /* author_association says owner, member or collaborator */
};

struct issue_facts {
    struct issue *items;
    size_t count;
};

/* A comment of ours, see issue_text.h. */
struct issue_comment {
    int64_t id, issue;
    const char *tag;
    uint64_t recipe;
    bool intact; /* as we wrote it */
    const char *body;
};

struct issue_comments {
    struct issue_comment *items;
    size_t count;
};

struct facts {
    struct answer answers[QUESTION_COUNT];
    struct repository_facts repository;
    struct git_refs tags, branches;
    struct ruleset rulesets[MOST_RULESETS];
    size_t ruleset_count;
    struct release_facts releases;
    struct latest_release latest;
    struct tag_object tag_object;
    const char *source_head;
    struct comparison on_branch, on_source, since_candidate;
    struct signer_facts signer;
    struct tag_bytes tag_bytes;
    const char *trusted_keys; /* armored */
    struct signature_check signature;
    const char *notes; /* as generated, not yet made harmless; NULL: the server generates none */
    struct changes changes;
    struct pulls pulls;
    const char *config_text; /* the file until it is read; NULL where there is none */
    struct release_config config;
    const char *config_wrong; /* why the file can't be used; NULL where it can */
    struct issue_facts issues;
    struct issue_comments issue_comments;
    struct gates gates;
    struct file_facts files;
    const char *module_now, *module_before; /* go.mod; NULL where there is none */
    struct upstream_facts upstream;
    const char *announcement_template; /* of the mail's text; NULL where none is given */
};

/* What the event says about the repository spares a request. */
void facts_take_repository(struct facts *facts, const char *full_name, const char *default_branch);

bool facts_known(const struct facts *facts, enum question_kind kind);
bool facts_unknown(const struct facts *facts, enum question_kind kind);
void facts_answered(struct facts *facts, const struct question *question);
void facts_hidden(struct facts *facts, const struct question *question, const char *why);

/* The ruleset of that id, added where it isn't there; NULL where there is no room for more. */
struct ruleset *facts_ruleset(struct facts *facts, int64_t id);

/* Where the answer to a comparison belongs; NULL where the question is none. */
struct comparison *facts_comparison(struct facts *facts, enum question_kind kind);

/* NULL where there is none of that name. */
const struct git_ref *refs_find(const struct git_refs *refs, const char *name);

#endif
