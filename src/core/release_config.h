/*
 * What a repository's .github/release.yml says about generated notes. https://docs.github.com/en/
 * repositories/releasing-projects-on-github/automatically-generated-release-notes
 */
#ifndef CUT_RELEASE_CORE_RELEASE_CONFIG_H
#define CUT_RELEASE_CORE_RELEASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct names_list {
    const char **items;
    size_t count;
};

/* What is left out: of all notes, or of one category. */
struct exclusion {
    struct names_list labels, authors;
};

struct category {
    const char *title;
    struct names_list labels; /* "*": all */
    struct exclusion exclude;
};

struct release_config {
    struct exclusion exclude;
    struct category *categories;
    size_t count;
};

/* Where it may stand, the first that is there counts; ends with NULL. https://docs.github.com/en/rest/
 * releases/releases#generate-release-notes-content-for-a-release */
extern const char *const release_config_paths[];

/* The heading over what no category takes, where there are categories. */
extern const char release_config_rest[];

bool release_config_excludes(const struct exclusion *exclude, const struct names_list *labels,
                             const char *login);

/* The title of the first category that takes it; NULL where there are no categories. */
const char *release_config_title(const struct release_config *config,
                                 const struct names_list *labels, const char *login);

#endif
