/*
 * Generated notes, taken apart: the list of changes with its headings, and what stands around it.
 *
 *   ## What's Changed
 *   ### Bug Fixes
 *   * Fix it by @author in https://github.com/owner/name/pull/24
 *
 *   ## New Contributors
 *   …
 *
 *   **Full Changelog**: https://github.com/owner/name/compare/v0.1.0...v0.2.0
 */
#ifndef CUT_RELEASE_CORE_OUTLINE_H
#define CUT_RELEASE_CORE_OUTLINE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdint.h>

struct outline_section {
    const char *title;    /* NULL: right below "What's Changed" */
    const char **entries; /* each may have several lines */
    size_t count;
};

struct outline {
    const char *head; /* ahead of the list */
    struct outline_section *sections;
    size_t count;
    const char *tail;      /* behind it */
    const char *changelog; /* the line with the comparison, or NULL */
};

void outline_read(struct arena *arena, const char *notes, struct outline *outline);
void outline_print(const struct outline *outline, struct text *out);

/* The section of that title; a new one stands ahead of the first whose `order` is greater. `order`
 * gives each title its place. */
struct outline_section *outline_section(struct arena *arena, struct outline *outline,
                                        const char *title,
                                        size_t (*order)(const void *state, const char *title),
                                        const void *state);

void outline_add(struct arena *arena, struct outline_section *section, const char *entry);

/* The pull request that an entry links to, 0 where it links to none. */
uint32_t outline_number(const char *entry);

/* Is it "* TITLE by @…"? */
bool outline_is_titled(const char *entry, const char *title);

#endif
