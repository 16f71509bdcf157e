/*
 * docs.github.com/repositories/releasing-projects-on-github/automatically-generated-release-notes
 *
 * What no category takes comes last, under "Other Changes": the page does not say so, people see it.
 */
#define _GNU_SOURCE
#include "release_yml.h"

#include "state.h"

#include <string.h>
#include <strings.h>
#include <yaml.h>

/* Scalars become strings. */
static cJSON *json_of(yaml_document_t *document, const yaml_node_t *node)
{
    cJSON *json = NULL;

    if (node && node->type == YAML_SCALAR_NODE)
        return cJSON_CreateString((const char *)node->data.scalar.value);
    if (node && node->type == YAML_SEQUENCE_NODE) {
        json = cJSON_CreateArray();
        for (yaml_node_item_t *item = node->data.sequence.items.start;
             item < node->data.sequence.items.top; item++)
            cJSON_AddItemToArray(json, json_of(document, yaml_document_get_node(document, *item)));
    } else if (node && node->type == YAML_MAPPING_NODE) {
        json = cJSON_CreateObject();
        for (yaml_node_pair_t *pair = node->data.mapping.pairs.start;
             pair < node->data.mapping.pairs.top; pair++) {
            const yaml_node_t *key = yaml_document_get_node(document, pair->key);

            cJSON_AddItemToObject(json, (const char *)key->data.scalar.value,
                                  json_of(document, yaml_document_get_node(document, pair->value)));
        }
    }
    return json ? json : cJSON_CreateNull();
}

static cJSON *parse(const struct object *blob)
{
    yaml_parser_t parser;
    yaml_document_t document;
    cJSON *json = NULL;

    yaml_parser_initialize(&parser);
    yaml_parser_set_input_string(&parser, (const unsigned char *)blob->data, blob->size);
    if (yaml_parser_load(&parser, &document)) {
        json = json_of(&document, yaml_document_get_root_node(&document));
        yaml_document_delete(&document);
    }
    yaml_parser_delete(&parser);
    return json;
}

cJSON *release_yml_read(struct pool *pool, const struct object *commit)
{
    static const char *const names[] = {"release.yml", "release.yaml"};
    const struct object *blob = NULL;
    cJSON *changelog = NULL;

    for (size_t i = 0; !blob && i < sizeof names / sizeof *names; i++)
        blob = object_find(pool_format(pool, "%s:.github/%s", commit->sha, names[i]));
    cJSON *whole = blob ? parse(blob) : NULL;
    changelog = cJSON_DetachItemFromObjectCaseSensitive(whole, "changelog");
    cJSON_Delete(whole);
    return changelog ? changelog : cJSON_CreateObject();
}

static bool has_name(const cJSON *list, const char *name)
{
    for (const cJSON *item = json_first(list); item; item = item->next)
        if (cJSON_IsString(item) && strcasecmp(item->valuestring, name) == 0)
            return true;
    return false;
}

static bool has_label_of(const cJSON *list, const cJSON *pull)
{
    const cJSON *labels = cJSON_GetObjectItemCaseSensitive(pull, "labels");

    for (const cJSON *label = json_first(labels); label; label = label->next)
        if (has_name(list, label->valuestring))
            return true;
    return false;
}

bool release_yml_excludes(const cJSON *exclude, const cJSON *pull)
{
    const char *author = release_text(pull, "author");
    const cJSON *authors = cJSON_GetObjectItemCaseSensitive(exclude, "authors");

    return has_label_of(cJSON_GetObjectItemCaseSensitive(exclude, "labels"), pull) ||
           (author && has_name(authors, author));
}

int release_yml_category(const cJSON *config, const cJSON *pull)
{
    const cJSON *categories = cJSON_GetObjectItemCaseSensitive(config, "categories");
    int index = 0;

    for (const cJSON *category = json_first(categories); category; category = category->next) {
        const cJSON *labels = cJSON_GetObjectItemCaseSensitive(category, "labels");
        const cJSON *exclude = cJSON_GetObjectItemCaseSensitive(category, "exclude");

        if ((has_name(labels, "*") || has_label_of(labels, pull)) &&
            !release_yml_excludes(exclude, pull))
            return index;
        index++;
    }
    return index;
}
