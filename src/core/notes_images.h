/*
 * The images' block: a part of our part of the notes that comes later than the rest, since images are
 * built by what the tag starts. It is added and replaced textually.
 */
#ifndef CUT_RELEASE_CORE_NOTES_IMAGES_H
#define CUT_RELEASE_CORE_NOTES_IMAGES_H

#include "core/gates.h"

/* With its comments; NULL where there is no image, or one that wasn't found. */
const char *notes_images_block(struct arena *arena, const struct gates *gates);

/* The block that stands in a part, or NULL. */
const char *notes_images(struct arena *arena, const char *part);

/* The part with that block in place of an old one; else ahead of the link to all changes at its end,
 * if there is one. */
const char *notes_with_images(struct arena *arena, const char *part, const char *block);

/* The part without a block. */
const char *notes_without_images(struct arena *arena, const char *part);

/* Does the block name this image with another digest? */
bool notes_images_differ(const char *block, const struct image_fact *image);

#endif
