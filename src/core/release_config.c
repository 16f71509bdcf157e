#include "core/release_config.h"

#include "base/text.h"

#include <string.h>
#include <strings.h>

const char *const release_config_paths[] = {".github/release.yml", ".github/release.yaml", NULL};

/* What GitHub puts it under; its documentation is silent. */
const char release_config_rest[] = "Other Changes";

/* Labels differ by more than their case: a repository has no two that don't. */
static bool has_label(const struct names_list *labels, const char *label)
{
    for (size_t i = 0; i < labels->count; i++)
        if (strcasecmp(labels->items[i], label) == 0)
            return true;
    return false;
}

/* Bots are written with and without what GitHub puts behind their names. */
static bool is_author(const char *login, const char *name)
{
    size_t const length = strlen(name);

    return strncasecmp(login, name, length) == 0 &&
           (!login[length] || strings_equal(login + length, "[bot]"));
}

bool release_config_excludes(const struct exclusion *exclude, const struct names_list *labels,
                             const char *login)
{
    for (size_t i = 0; i < exclude->labels.count; i++)
        if (has_label(labels, exclude->labels.items[i]))
            return true;
    for (size_t i = 0; login && i < exclude->authors.count; i++)
        if (is_author(login, exclude->authors.items[i]))
            return true;
    return false;
}

static bool takes(const struct category *category, const struct names_list *labels)
{
    for (size_t i = 0; i < category->labels.count; i++)
        if (strings_equal(category->labels.items[i], "*") ||
            has_label(labels, category->labels.items[i]))
            return true;
    return false;
}

const char *release_config_title(const struct release_config *config,
                                 const struct names_list *labels, const char *login)
{
    if (!config->count)
        return NULL;
    for (size_t i = 0; i < config->count; i++)
        if (takes(&config->categories[i], labels) &&
            !release_config_excludes(&config->categories[i].exclude, labels, login))
            return config->categories[i].title;
    return release_config_rest;
}
