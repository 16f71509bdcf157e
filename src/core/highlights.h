/* What an upstream's releases say of themselves: the highlights in their bodies. Text to text. */
#ifndef CUT_RELEASE_CORE_HIGHLIGHTS_H
#define CUT_RELEASE_CORE_HIGHLIGHTS_H

#include "base/arena.h"
#include "core/upstream.h"

/* Characters, of one release and of all together. */
enum { HIGHLIGHTS_LIMIT = 20000, HIGHLIGHTS_ALL_LIMIT = 40000 };

/*
 * The sections whose headings say highlights, up to the next heading of the same or a higher level;
 * else the text ahead of "What's Changed"; NULL where there is neither. Without comments.
 */
const char *highlights_of_body(struct arena *arena, const char *body);

/*
 * A section for each release that has highlights, under a heading of its own; NULL where none has. In
 * *silent the tags of those that have none, separated by commas; empty where all have.
 */
const char *highlights_compose(struct arena *arena, const char *server, const char *repository,
                               const struct upstream_facts *upstream, const char **silent);

#endif
