/* Which lines of a checklist are true. */
#include "core/checklist.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* ---- which lines are true ------------------------------------------------------------------------ */

/*
 * A line that has a word (or phrase) of each group and none of the last claims what the evidence
 * proves. A line may claim several things; then all of them must be proved. The words are those of
 * the release issues of Kubernetes-style projects, with a person's usual changes.
 */
static const struct claim {
    unsigned evidence;
    const char *groups[2];
    const char *none;
} claims[] = {
    {EVIDENCE_BRANCH,
     {"release branch", "create|created|cut|make|made|push|pushed|exists"},
     "against|commit|commits|changes|artifacts|from the release branch|on the release branch|tag"},
    {EVIDENCE_TAG,
     {"tag", "push|pushed|pushing|create|created|make|made|cut|head"},
     "image tag|choose|title|quickstart"},
    {EVIDENCE_SIGNED | EVIDENCE_TAG, {"tag", "sign|signed|gpg|pgp"}, "image tag|choose|title"},
    {EVIDENCE_WORKFLOWS,
     {"workflow|workflows|ci", "pass|passed|passes|succeed|succeeds|succeeded|green"},
     "main branch|main is"},
    {EVIDENCE_QUICKSTART,
     {"quickstart|quick start", "test|tested|verify|verified|works|run|passes"},
     "write"},
    {EVIDENCE_IMAGES,
     {"image|images", "build|built|builds|publish|published|pushed|available|exist|exists"},
     "base image|quickstart|scan|amd64|arm64|architectures|platforms|multi-arch|signed|cosign"},
    {EVIDENCE_RELEASE,
     {"new release|draft release|release draft|draft the release|draft a release|create the "
      "release|create release|create a release|github release",
      ""},
     "branch|notes|announcement|issue"},
    {EVIDENCE_RELEASE, {"choose|select|pick", "tag"}, "image|images"},
    {EVIDENCE_TITLE, {"release title|title of the release", "tag"}, "issue|subject"},
    {EVIDENCE_NOTES, {"release notes", "generate|generated"}, "edit|write"},
    {EVIDENCE_HIGHLIGHTS, {"highlights", "include|included|upstream|add|added|paste"}, "write"},
    {EVIDENCE_PRERELEASE,
     {"pre-release|prerelease", "tick|ticked|select|set|mark|marked|check"},
     ""},
    {EVIDENCE_ASSETS,
     {"attach|attached|upload|uploaded", "artifact|artifacts|binaries|assets|files|manifests"},
     "image|images|sign|signed|signature|signatures"},
    {EVIDENCE_PUBLISHED,
     {"publish|published", "release|draft"},
     "image|images|notes|announcement|artifacts|packages|build"},
    {EVIDENCE_MAIL, {"mail|email|e-mail", "send|sent|announce|announcement"}, "link|draft|write"},
    {EVIDENCE_LINK, {"link|linked", "release"}, "announcement|mail|email|image|images|write"},
    {EVIDENCE_CLOSED, {"close|closed", "this issue|the issue|tracking issue"}, "if|other|linked"},
};

/*
 * A line with one of these is never plain: it says what not to do, speaks of another release, asks
 * for somebody's judgement, or of something that no run knows.
 */
static const char doubtful[] =
    "not|dont|never|unless|without|except|todo|skip|skipped|instead|revert|delete|remove|undo|next|"
    "previous|future|ask|plan|schedule|decide|discuss|review|reviewed|approve|approved|prepare|"
    "document|chart|charts|helm|docs|documentation|website|blog|slack|homebrew|pypi|npm|crate|pr|"
    "prs|pull|merge|merged|milestone|label|labels|cherry-pick|backport|update|updates|updated|bump|"
    "changelog|staging|promote|promoted|registry.k8s.io|k8s.io|cve|tweet|linkedin|discord|meeting|"
    "sbom|clone";

static const char if_a_candidate[] =
    "if this is a release candidate|if it is a release candidate|if this is a candidate|if it is a "
    "candidate|if creating a release candidate|if this is an rc";

static const char of_candidates[] = "candidate|candidates|rc|rcs|pre-release|prerelease";

static const char examples[] = "i.e|e.g|for example|such as";

/* ---- a line as words ------------------------------------------------------------------------------ */

/* What a line says: its words in small letters, a blank around each. */
struct saying {
    struct text words;
    bool other_version; /* it names one that isn't ours */
    bool of_candidate;
};

/* Where one of the phrases ("a|b c") stands among the words, or NULL. */
static const char *find_phrase(const char *words, const char *phrases)
{
    const char *found = NULL;

    for (const char *at = phrases; *at;) {
        size_t const length = strcspn(at, "|");
        CLEANUP(text_free) struct text phrase = {0};

        text_add(&phrase, " ");
        text_add_bytes(&phrase, at, length);
        text_add(&phrase, " ");
        const char *place = strstr(words, text_string(&phrase));
        if (place && (!found || place < found))
            found = place;
        at += length + (at[length] == '|');
    }
    return found;
}

/* MAJOR.MINOR.PATCH and whatever follows, with or without a v: a version of something. */
static bool is_version(const char *word)
{
    size_t parts = 0;

    word += *word == 'v';
    for (; isdigit((unsigned char)*word) && parts < 3; parts++) {
        word += strspn(word, "0123456789");
        word += *word == '.';
    }
    return parts == 3;
}

static bool is_candidate_number(const char *word) /* "rc.1", "rc1" */
{
    if (!string_starts(word, "rc"))
        return false;
    word += word[2] == '.' ? 3 : 2;
    return *word && !word[strspn(word, "0123456789")];
}

/* A line about rc.2 says nothing of rc.1. */
static bool is_our_candidate(const char *word, const struct checklist *checklist)
{
    const char *ours = checklist->version + strlen(checklist->version);

    while (ours > checklist->version && isdigit((unsigned char)ours[-1]))
        ours--;
    return checklist->candidate && strings_equal(word + strcspn(word, "0123456789"), ours);
}

/* Our own tag and branch count as the words "tag" and "release branch". */
static void add_word(struct saying *saying, const char *word, const struct checklist *checklist)
{
    const char *slash = strrchr(checklist->tag, '/'); /* no word has one */
    const char *tag = slash ? slash + 1 : checklist->tag;

    if (!strcasecmp(word, tag) || !strcasecmp(word, checklist->version)) {
        text_add(&saying->words, "tag ");
        saying->of_candidate = saying->of_candidate || checklist->candidate;
    } else if (!strcasecmp(word, checklist->branch)) {
        text_add(&saying->words, "release branch ");
    } else if (is_version(word) ||
               (string_starts(word, "release-") && isdigit((unsigned char)word[8]))) {
        saying->other_version = true;
    } else if (is_candidate_number(word)) {
        text_add(&saying->words, "rc ");
        saying->other_version = saying->other_version || !is_our_candidate(word, checklist);
    } else {
        text_print(&saying->words, "%s ", word);
    }
}

static bool is_of_word(unsigned char byte)
{
    return isalnum(byte) || byte == '.' || byte == '-' || byte >= 0x80;
}

/* Reads a word in small letters; an apostrophe counts for nothing ("don't" is "dont"). */
static const char *read_word(const char *at, const char *end, struct text *word)
{
    for (; at < end && (is_of_word((unsigned char)*at) || *at == '\''); at++) {
        char const small = (char)tolower((unsigned char)*at);

        if ((unsigned char)*at == 0xE2 && end - at >= 3 && !memcmp(at, "\xE2\x80\x99", 3)) /* ’ */
            at += 2;
        else if (*at != '\'')
            text_add_bytes(word, &small, 1);
    }
    while (word->length && strchr(".-", word->bytes[word->length - 1]))
        text_cut(word, word->length - 1);
    return at;
}

/* What isn't said but linked: an address, or what a link's text leads to. */
static const char *skip_address(const char *at, const char *end)
{
    if (end - at > 1 && at[0] == ']' && (at[1] == '(' || at[1] == '[')) {
        char const close = at[1] == '(' ? ')' : ']';

        for (at += 2; at < end && *at != close; at++)
            ;
        return at;
    }
    if (end - at > 8 && (!memcmp(at, "https://", 8) || !memcmp(at, "http://", 7)))
        while (at < end && !isspace((unsigned char)*at))
            at++;
    return at;
}

static void read_saying(const char *at, const char *end, const struct checklist *checklist,
                        struct saying *saying)
{
    text_add(&saying->words, " ");
    while (at < end) {
        CLEANUP(text_free) struct text word = {0};
        const char *behind = skip_address(at, end);

        if (behind != at) {
            at = behind;
            continue;
        }
        if (!is_of_word((unsigned char)*at) || *at == '-' || *at == '.') {
            at++;
            continue;
        }
        at = read_word(at, end, &word);
        if (word.length)
            add_word(saying, text_string(&word), checklist);
        const char *example = find_phrase(text_string(&saying->words), examples);
        if (example) {
            text_cut(&saying->words, (size_t)(example - text_string(&saying->words)) + 1);
            return;
        }
    }
}

static bool claims_that(const char *words, const struct claim *claim)
{
    return find_phrase(words, claim->groups[0]) &&
           (!*claim->groups[1] || find_phrase(words, claim->groups[1])) &&
           !find_phrase(words, claim->none);
}

bool checklist_proves(const char *at, const char *end, const struct checklist *checklist)
{
    struct saying saying = {.other_version = false};
    unsigned claimed = 0;

    if (memmem(at, (size_t)(end - at), "~~", 2)) /* struck out */
        return false;
    read_saying(at, end, checklist, &saying);
    const char *words = text_string(&saying.words);
    bool const of_candidate = saying.of_candidate || find_phrase(words, of_candidates);
    bool plain = !saying.other_version && !find_phrase(words, doubtful) &&
                 of_candidate == checklist->candidate;
    if (find_phrase(words, "if") && !find_phrase(words, if_a_candidate))
        plain = false;
    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++)
        if (claims_that(words, &claims[i]))
            claimed |= claims[i].evidence;
    text_free(&saying.words);
    return plain && claimed && (claimed & checklist->evidence) == claimed;
}
