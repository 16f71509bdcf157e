#include "adapters/release_config.h"

#include "base/memory.h"
#include "base/text.h"

#include <string.h>
#include <yaml.h>

struct reading {
    struct arena *arena;
    yaml_document_t document;
};

static const char *scalar(const struct reading *reading, const yaml_node_t *node)
{
    return node && node->type == YAML_SCALAR_NODE
               ? arena_copy_bytes(reading->arena, (const char *)node->data.scalar.value,
                                  node->data.scalar.length)
               : NULL;
}

/* The value of a key; NULL where the node is no mapping, or has it not. */
static yaml_node_t *member(struct reading *reading, const yaml_node_t *node, const char *key)
{
    if (!node || node->type != YAML_MAPPING_NODE)
        return NULL;
    for (const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
         pair < node->data.mapping.pairs.top; pair++)
        if (strings_equal(scalar(reading, yaml_document_get_node(&reading->document, pair->key)),
                          key))
            return yaml_document_get_node(&reading->document, pair->value);
    return NULL;
}

static void add_name(struct reading *reading, const char *name, struct names_list *names)
{
    if (string_is_empty(name))
        return;
    names->items = arena_append(reading->arena, names->items, &names->count, sizeof(*names->items));
    names->items[names->count - 1] = name;
}

/* A list of names; one alone may stand for itself. */
static void read_names(struct reading *reading, const yaml_node_t *node, struct names_list *names)
{
    if (!node || node->type != YAML_SEQUENCE_NODE) {
        add_name(reading, scalar(reading, node), names);
        return;
    }
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++)
        add_name(reading, scalar(reading, yaml_document_get_node(&reading->document, *item)),
                 names);
}

static void read_exclusion(struct reading *reading, const yaml_node_t *node,
                           struct exclusion *exclude)
{
    read_names(reading, member(reading, node, "labels"), &exclude->labels);
    read_names(reading, member(reading, node, "authors"), &exclude->authors);
}

static void read_categories(struct reading *reading, const yaml_node_t *node,
                            struct release_config *config)
{
    if (!node || node->type != YAML_SEQUENCE_NODE)
        return;
    for (const yaml_node_item_t *item = node->data.sequence.items.start;
         item < node->data.sequence.items.top; item++) {
        const yaml_node_t *entry = yaml_document_get_node(&reading->document, *item);
        const char *title = scalar(reading, member(reading, entry, "title"));

        if (string_is_empty(title))
            continue;
        config->categories = arena_append(reading->arena, config->categories, &config->count,
                                          sizeof(*config->categories));
        struct category *category = &config->categories[config->count - 1];
        category->title = title;
        read_names(reading, member(reading, entry, "labels"), &category->labels);
        read_exclusion(reading, member(reading, entry, "exclude"), &category->exclude);
    }
}

int release_config_read(struct arena *arena, const char *text, struct release_config *config,
                        struct error *error)
{
    struct reading reading = {.arena = arena};
    yaml_parser_t parser;

    if (!yaml_parser_initialize(&parser))
        memory_exhausted();
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    bool const whole = yaml_parser_load(&parser, &reading.document);
    if (!whole && parser.error == YAML_MEMORY_ERROR)
        memory_exhausted();
    if (!whole)
        error_set(error, ERROR_NOTES_CONFIG, NULL, "line %zu: %s", parser.problem_mark.line + 1,
                  string_or(parser.problem, "no YAML"));
    yaml_parser_delete(&parser);
    if (!whole)
        return -1;
    *config = (struct release_config){.count = 0};
    const yaml_node_t *changelog =
        member(&reading, yaml_document_get_root_node(&reading.document), "changelog");
    read_exclusion(&reading, member(&reading, changelog, "exclude"), &config->exclude);
    read_categories(&reading, member(&reading, changelog, "categories"), config);
    yaml_document_delete(&reading.document);
    return 0;
}

const char *release_config_yaml_version(void)
{
    return yaml_get_version_string();
}
