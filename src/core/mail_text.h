/* What the announcement says: its subject, and its text, by default or from a template. */
#ifndef CUT_RELEASE_CORE_MAIL_TEXT_H
#define CUT_RELEASE_CORE_MAIL_TEXT_H

#include "core/gates.h"
#include "core/plan.h"

/* "[ANNOUNCE] project v0.1.0 is released" */
const char *mail_subject(struct arena *arena, const struct target *target);

/*
 * The text: lines that end with LF. `body` is the release's, from which highlights are taken; the
 * template, where the plan has one, may name the outputs, {images}, {highlights} and {notes}.
 */
const char *mail_text(struct arena *arena, const struct plan *plan, const struct target *target,
                      const struct gates *gates, const char *body);

/* The mail for people, who may send it by hand: what is known of its headers, and the text. */
const char *mail_for_people(struct arena *arena, const struct plan *plan,
                            const struct target *target, const char *text);

/*
 * Of a repository and a tag, the same in every run, so that a second copy of the mail is recognised:
 * "cut-release.HASH.v0.1.0@example.org".
 */
const char *mail_message_id(struct arena *arena, const char *page, const char *tag,
                            const char *domain);

/* The sections of a body whose headings speak of highlights; empty where there is none. */
const char *mail_highlights(struct arena *arena, const char *body);

#endif
