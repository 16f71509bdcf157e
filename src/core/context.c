#include "core/context.h"

#include "base/text.h"

#include <string.h>

static const char *without_slash(struct arena *arena, const char *url)
{
    size_t length = strlen(url);

    while (length && url[length - 1] == '/')
        length--;
    return arena_copy_bytes(arena, url, length);
}

static const char *value(const char *const *environment, const char *name)
{
    return string_or(environment_value(environment, name), "");
}

void context_read_token(const char *const *environment, const struct inputs *inputs,
                        struct context *context)
{
    context->token = input_text(inputs, INPUT_TOKEN);
    if (!*context->token && !context->on_github)
        context->token =
            string_or(value(environment, "GITHUB_TOKEN"), value(environment, "GH_TOKEN"));
}

void context_read(struct arena *arena, const char *const *environment, struct context *context)
{
    bool const commands = strings_equal(value(environment, "GITHUB_ACTIONS"), "true");
    bool const on_github = commands || !string_is_empty(value(environment, "GITHUB_REPOSITORY")) ||
                           !string_is_empty(value(environment, "GITHUB_EVENT_NAME"));

    *context = (struct context){
        .on_github = on_github,
        .commands = commands,
        .api_url = without_slash(arena, value(environment, "GITHUB_API_URL")),
        .server_url = without_slash(arena, value(environment, "GITHUB_SERVER_URL")),
        .repository = value(environment, "GITHUB_REPOSITORY"),
        .ref = value(environment, "GITHUB_REF"),
        .event_name = value(environment, "GITHUB_EVENT_NAME"),
        .event_path = value(environment, "GITHUB_EVENT_PATH"),
        .workspace = value(environment, "GITHUB_WORKSPACE"),
        .output_path = value(environment, "GITHUB_OUTPUT"),
        .summary_path = value(environment, "GITHUB_STEP_SUMMARY"),
        .action_repository = value(environment, "GITHUB_ACTION_REPOSITORY"),
        .workflow_ref = value(environment, "GITHUB_WORKFLOW_REF"),
        .run_id = value(environment, "GITHUB_RUN_ID"),
        .certificates = value(environment, "SSL_CERT_FILE"),
        .token = "",
    };
}
