/*
 * Tag names: PREFIX MAJOR.MINOR.PATCH[-LABEL.N], the part of SemVer 2.0.0 (semver.org, clauses 2,
 * 9 and 11) that releases use. Numbers have at most 9 digits and no leading zeros, N is at least 1.
 */
#ifndef CUT_RELEASE_CORE_VERSION_H
#define CUT_RELEASE_CORE_VERSION_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { VERSION_LABEL_SIZE = 24 };

struct version {
    uint32_t major, minor, patch;
    char label[VERSION_LABEL_SIZE]; /* "rc"; empty for a final release */
    uint32_t number;                /* of the candidate; 0 for a final release */
};

/* The grammar of a project: its prefix ("v", "conformance/v", "") and the labels that it allows. */
struct grammar {
    const char *prefix;
    const char *labels; /* separated by blanks: "alpha beta rc" */
};

/* Why a name misses the grammar. */
struct grammar_miss {
    size_t at;              /* the byte where it goes wrong */
    const char *expected;   /* what was expected there */
    const char *suggestion; /* the nearest valid spelling, or NULL */
};

/* 0, or -1 with *miss filled (its strings live in the arena). */
int version_parse(struct arena *arena, const struct grammar *grammar, const char *tag,
                  struct version *version, struct grammar_miss *miss);

/* SemVer's order (clause 11): negative, 0, positive. */
int version_compare(const struct version *a, const struct version *b);

/* The same MAJOR.MINOR.PATCH. */
bool version_same_core(const struct version *a, const struct version *b);
bool version_is_final(const struct version *version);

/* "0.1.0-rc.1" */
const char *version_text(struct arena *arena, const struct version *version);
/* "v0.1.0-rc.1" */
const char *version_tag(struct arena *arena, const struct grammar *grammar,
                        const struct version *version);

/* Is `word` one of the words (separated by blanks) in `list`? */
bool word_in_list(const char *list, const char *word, size_t length);

#endif
