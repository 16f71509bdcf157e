#include "report_gates.h"

static struct json *json_of_run(const struct run_fact *run)
{
    struct json *json = json_new_object();

    json_put_text(json, "workflow", run->workflow);
    json_put_text(json, "state", run_state_text(run->state));
    if (run->page)
        json_put_text(json, "page", run->page);
    return json;
}

static struct json *json_of_image(const struct image_fact *image)
{
    struct json *json = json_new_object();

    json_put_text(json, "reference", image->reference);
    json_put_text(json, "state", image_state_text(image->state));
    if (image->digest)
        json_put_text(json, "digest", image->digest);
    if (!string_is_empty(image->platforms))
        json_put_text(json, "platforms", image->platforms);
    return json;
}

struct json *json_of_gates(const struct gates *gates)
{
    struct json *json = json_new_object();
    struct json *runs = json_new_array(), *images = json_new_array();

    for (size_t i = 0; i < gates->run_count; i++)
        json_append(runs, json_of_run(&gates->runs[i]));
    for (size_t i = 0; i < gates->image_count; i++)
        json_append(images, json_of_image(&gates->images[i]));
    json_put(json, "workflows", runs);
    json_put(json, "images", images);
    return json;
}

static void add_run(const struct run_fact *run, struct text *out)
{
    text_print(out, "- %s: ", run->workflow);
    if (run->page)
        text_print(out, "[%s](%s)\n", run_state_text(run->state), run->page);
    else
        text_print(out, "%s\n", run_state_text(run->state));
}

static void add_image(const struct image_fact *image, struct text *out)
{
    text_print(out, "- `%s`: ", image->reference);
    if (image->state != IMAGE_FOUND)
        text_add(out, image_state_text(image->state));
    else
        text_print(out, "`%s`", image->digest);
    if (!string_is_empty(image->platforms))
        text_print(out, " (%s)", image->platforms);
    text_add(out, "\n");
}

void summary_gates(const struct gates *gates, struct text *out)
{
    if (gates->run_count || gates->image_count)
        text_add(out, "\n### Workflows and images\n\n");
    for (size_t i = 0; i < gates->run_count; i++)
        add_run(&gates->runs[i], out);
    for (size_t i = 0; i < gates->image_count; i++)
        add_image(&gates->images[i], out);
}
