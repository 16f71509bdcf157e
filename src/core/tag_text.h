/*
 * The text of an annotated tag object, as git-tag(1) and git-mktag(1) have it:
 *
 *   object COMMIT / type commit / tag NAME / tagger NAME <MAIL> SECONDS +0000 / (blank) / message
 *
 * A signature is the last part of the message; what is signed is all ahead of it.
 */
#ifndef CUT_RELEASE_CORE_TAG_TEXT_H
#define CUT_RELEASE_CORE_TAG_TEXT_H

#include "base/arena.h"
#include "core/facts.h"

#include <stddef.h>
#include <stdint.h>

/* 40 (SHA-1) or 64 (SHA-256) hexadecimal digits, not all zero. */
bool is_object_id(const char *text);

/* What is to be signed; with the signature behind it, it is the object. */
const char *tag_text(struct arena *arena, const char *commit, const char *name, const char *tagger,
                     int64_t seconds, const char *message);

/*
 * "Name <mail>" as git writes it into an object: without line ends and angle brackets inside, and
 * without the punctuation at its ends that git calls crud (ident.c). NULL where no mail is left.
 */
const char *tag_identity(struct arena *arena, const char *name, const char *mail);

/* Splits "Name <mail>"; false where it isn't of that form. */
bool tag_split_identity(struct arena *arena, const char *identity, const char **name,
                        const char **mail);

/*
 * Reads an object's bytes strictly; fills target, target_type, name, tagger, message (without the
 * signature) and signature of *object, and the payload's length. -1 where they are no tag object.
 */
int tag_parse(struct arena *arena, const char *bytes, size_t length, struct tag_object *object,
              size_t *payload_length);

/* Where the signature starts in a message or an object (its length where there is none). */
size_t tag_signature_start(const char *text, enum signature_kind *kind);

#endif
