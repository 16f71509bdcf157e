/*
 * Which of the releases that bear our tag is the one, and what is to be done with it (contract,
 * section 6). Every run, also one that races with others, finds the same winner.
 */
#ifndef CUT_RELEASE_CORE_RELEASE_CHOICE_H
#define CUT_RELEASE_CORE_RELEASE_CHOICE_H

#include "core/facts.h"
#include "core/marker.h"

/* What the release should be. */
struct release_wish {
    const char *tag, *commit, *title;
    bool prerelease;
    bool replace_edits; /* notes_on_edit: replace */
    uint64_t recipe;    /* see marker.h */
    /* Assets of these names are ours, whoever's run uploaded them; NULL where none is wanted. */
    const struct file_facts *files;
    /* Of a published release: */
    bool any_title;  /* who published it chose the title */
    bool kept_title; /* so did who titled our draft, which an earlier run published as it was */
};

enum part_change {
    PART_KEEP,   /* our part stays as it is */
    PART_ADD,    /* there is none yet: it goes behind what is there */
    PART_RENEW,  /* it is generated again */
    PART_REFUSE, /* it belongs to another commit, and a person has edited it */
};

struct release_choice {
    const struct release *winner; /* NULL: a draft must be made */
    struct marked_body body;      /* of the winner */
    enum part_change part;
    bool edited;         /* a person edited our part (or damaged the markers), it is kept */
    bool set_title;      /* the title is to be set to the wish's */
    bool title_kept;     /* a person chose another one, it is kept */
    bool set_prerelease; /* the flag is to be changed */
    /* Of a published release: what differs from the wish, or NULL. */
    const char *differences;

    const struct release **losers; /* drafts of ours to be removed */
    size_t loser_count;
    size_t others; /* drafts of other people that bear the tag too, besides the winner */
};

void release_choose(struct arena *arena, const struct release_facts *releases,
                    const struct release_wish *wish, struct release_choice *choice);

/* Must anything of the winner (or a new draft) be written? */
bool release_choice_changes(const struct release_choice *choice);

/* Is the generated part needed? */
bool release_choice_needs_part(const struct release_choice *choice);

/* A draft that a run of ours made for this tag, that nobody touched, and that has no asset but ours.
 */
bool release_is_untouched(struct arena *arena, const struct release *release,
                          const struct release_wish *wish);

#endif
