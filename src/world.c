#include "world.h"

#include "adapters/file.h"
#include "adapters/trust.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* 125 000 characters, the longest body there is, fit. */
enum { TEMPLATE_LIMIT = 512 * 1024 };
enum { MARGIN_MINUTES = 10 }; /* of a whole run, beyond wait_minutes (contract, section 7) */

static const char github_com[] = "github.com";

/* A laptop: the remote names the project and the server. */
static int take_remote(struct world *world, struct arena *arena, const char *remote,
                       struct context *context, struct error *error)
{
    struct remote_address address;
    bool there;

    if (repo_remote(world->repo, arena, remote, &there, &address, error))
        return -1;
    if (!there && !strings_equal(remote, "origin"))
        return error_set(error, ERROR_INPUT_VALUE, "see git remote -v",
                         "remote: the clone has no remote \"%.60s\"", remote);
    if (string_is_empty(address.repository))
        return 0;
    context->repository = address.repository;
    if (!string_is_empty(context->server_url))
        return 0;
    context->server_url = arena_print(arena, "https://%s", address.host);
    if (string_is_empty(context->api_url) && !strings_equal(address.host, github_com))
        context->api_url = arena_print(arena, "https://%s/api/v3", address.host);
    return 0;
}

int world_open_clone(struct world *world, struct arena *arena, const struct inputs *inputs,
                     struct context *context, struct error *error)
{
    const char *remote = input_text(inputs, INPUT_REMOTE);

    world->workspace = string_or(context->workspace, ".");
    if (repo_open(world->workspace, &world->repo, error))
        return -1;
    if (world->repo && string_is_empty(context->repository) &&
        take_remote(world, arena, remote, context, error))
        return -1;
    if (string_is_empty(context->server_url))
        context->server_url = "https://github.com";
    if (string_is_empty(context->api_url))
        context->api_url = "https://api.github.com";
    return 0;
}

static int check_token(const char *token, struct error *error)
{
    for (const char *at = token; *at; at++)
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7F)
            return error_set(error, ERROR_INPUT_TOKEN, "check how the secret was stored",
                             "token: one word was expected, character %zu is none of a token's",
                             (size_t)(at - token) + 1);
    return 0;
}

/*
 * A user's token, by how GitHub writes them: a personal one of either kind, an OAuth app's, or one of
 * an App that acts for a user. https://github.blog/changelog/2021-03-31-authentication-token-format-updates-are-generally-available
 */
static bool is_of_user(const char *token)
{
    return string_starts(token, "ghp_") || string_starts(token, "github_pat_") ||
           string_starts(token, "gho_") || string_starts(token, "ghu_");
}

static int check_repository(const char *repository, struct error *error)
{
    const char *slash = strchr(repository, '/');
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./";

    if (!slash || slash == repository || !slash[1] || strchr(slash + 1, '/') ||
        strspn(repository, allowed) != strlen(repository) || strstr(repository, ".."))
        return error_set(
            error, ERROR_ENVIRONMENT, "check GITHUB_REPOSITORY, or the remote's address",
            "the repository as owner/name was expected, \"%.100s\" was found", repository);
    return 0;
}

/* The hosts that the token is for; uploads.github.com belongs to api.github.com. */
static int collect_origins(struct world *world, struct arena *arena, const struct context *context,
                           struct error *error)
{
    char origin[280];
    size_t count = 0;

    if (http_origin(context->api_url, origin, sizeof(origin), error))
        return error_wrap(error, "GITHUB_API_URL");
    world->origins[count++] = arena_copy(arena, origin);
    if (strings_equal(origin, "https://api.github.com")) {
        world->origins[count++] = "https://uploads.github.com";
        world->http_settings.multiplexed_origin = "https://api.github.com";
    }
    if (http_origin(context->server_url, origin, sizeof(origin), error))
        return error_wrap(error, "GITHUB_SERVER_URL");
    world->origins[count++] = arena_copy(arena, origin);
    return 0;
}

/* A path of the workspace; one that leads out of it, also by a symbolic link, is refused. */
static int workspace_path(struct arena *arena, const struct context *context, enum input_id id,
                          const char *path, const char **full, struct error *error)
{
    const char *workspace = string_or(context->workspace, ".");
    char root[PATH_MAX], real[PATH_MAX];

    if (*path == '/' || !realpath(workspace, root))
        real[0] = '\0';
    else if (!realpath(arena_print(arena, "%s/%s", workspace, path), real))
        return error_set(error, ERROR_INPUT_PATH, NULL, "%s: %.100s can't be read: %s",
                         input_specs[id].name, path, strerror(errno));
    if (!real[0] || !string_starts(real, root) || real[strlen(root)] != '/')
        return error_set(error, ERROR_INPUT_PATH, NULL,
                         "%s: a path inside the workspace was expected, \"%.100s\" leads out of it",
                         input_specs[id].name, path);
    *full = arena_copy(arena, real);
    return 0;
}

const char *world_token_registry(const struct context *context)
{
    return strings_equal(context->server_url, "https://github.com") ? "ghcr.io" : NULL;
}

static int open_registry(struct world *world, const struct context *context,
                         const struct gates_wanted *wanted, struct error *error)
{
    char origin[280];

    for (size_t i = 0; i < wanted->image_count; i++)
        if (http_origin(wanted->images[i].origin, origin, sizeof(origin), error)) {
            error->code = ERROR_INPUT_VALUE;
            return error_wrap(error, "images");
        }
    if (wanted->image_count)
        world->registry = registry_open(
            &(struct registry_settings){
                .token = context->token,
                .token_registry = world_token_registry(context),
            },
            world->http);
    return 0;
}

int world_read_file(struct arena *arena, const struct inputs *inputs, const struct context *context,
                    enum input_id id, const char **content, struct error *error)
{
    const char *path = input_text(inputs, id);
    CLEANUP(text_free) struct text bytes = {0};

    *content = NULL;
    if (!*path)
        return 0;
    if (workspace_path(arena, context, id, path, &path, error))
        return -1;
    if (file_read_real(path, TEMPLATE_LIMIT, &bytes, error))
        return error_wrap(error, "%s", input_specs[id].name);
    if (strlen(text_string(&bytes)) != bytes.length || !string_is_utf8(text_string(&bytes)))
        return error_set(error, ERROR_INPUT_PATH, NULL, "%s: a text in UTF-8 was expected in %s",
                         input_specs[id].name, input_text(inputs, id));
    *content = arena_copy(arena, text_string(&bytes));
    return 0;
}

/* Where the announcement goes. */
static void set_mailer(struct world *world, struct arena *arena, const struct inputs *inputs)
{
    const struct http_settings *http = &world->http_settings;

    world->mailer = (struct mailer_settings){
        .server = mail_server(arena, inputs),
        .username = input_text(inputs, INPUT_SMTP_USERNAME),
        .password = input_text(inputs, INPUT_SMTP_PASSWORD),
        .certificates = http->certificates,
        .extra_certificates = http->extra_certificates,
        .stall_seconds = http->stall_seconds,
        .deadline_ms = http->deadline_ms,
        .clock = http->clock,
    };
}

int world_open_server(struct world *world, struct arena *arena, const struct inputs *inputs,
                      const struct context *context, const struct target *target,
                      const struct clock *clock, struct error *error)
{
    bool const dry_run = input_flag(inputs, INPUT_DRY_RUN);
    const char *bundle = input_text(inputs, INPUT_CA_BUNDLE);

    world->view = (struct repo_view){
        .remote = input_text(inputs, INPUT_REMOTE),
        .repository = context->repository,
        .tag_prefix = target->grammar.prefix,
        .branch_stem = target->branch_stem,
    };
    world->tagging.push.repo = world->repo;
    if (string_is_empty(context->token)) {
        if (!dry_run)
            return error_set(error, ERROR_INPUT_TOKEN,
                             "set the input token (on a laptop GITHUB_TOKEN), or dry_run",
                             "a token was expected, there is none");
        if (!world->repo)
            return error_set(
                error, ERROR_REPOSITORY, "run it in a clone, or give a token",
                "a clone was expected in %s, since there is no token to ask the server",
                string_or(context->workspace, "the current folder"));
        return 0;
    }
    if (check_token(context->token, error) || check_repository(context->repository, error) ||
        collect_origins(world, arena, context, error) ||
        (*bundle && workspace_path(arena, context, INPUT_CA_BUNDLE, bundle, &bundle, error)))
        return -1;
    world->http_settings.token = context->token;
    world->http_settings.token_origins = world->origins;
    world->http_settings.certificates = context->certificates;
    world->http_settings.extra_certificates = bundle;
    world->http_settings.stall_seconds = input_number(inputs, INPUT_TIMEOUT_SECONDS);
    world->http_settings.clock = clock;
    world->http_settings.deadline_ms =
        clock_now_ms(clock) +
        (input_number(inputs, INPUT_WAIT_MINUTES) + MARGIN_MINUTES) * 60 * 1000;
    if (http_open(&world->http_settings, &world->http, error))
        return -1;
    if (open_registry(world, context, &target->gates, error))
        return -1;
    set_mailer(world, arena, inputs);
    world->tagging.extra_certificates = bundle;
    world->tagging.push = (struct repo_push){
        .repo = world->repo,
        .url = arena_print(arena, "%s/%s.git", context->server_url, context->repository),
        .token = context->token,
        .certificates = string_or(context->certificates, trust_system_file()),
        .stall_seconds = world->http_settings.stall_seconds,
        .clock = clock,
    };
    world->github = github_open(
        &(struct github_settings){
            .api_url = context->api_url,
            .repository = context->repository,
            .tag_prefix = target->grammar.prefix,
            .tag = target->tag,
            .branch_stem = target->branch_stem,
            .gates = &target->gates,
            .upstream = input_text(inputs, INPUT_UPSTREAM),
            .clock = clock,
            .of_user = is_of_user(context->token),
            .lenient = dry_run,
        },
        world->http);
    return 0;
}

void world_close(struct world *world)
{
    tagging_close(&world->tagging);
    github_close(world->github);
    registry_close(world->registry);
    http_close(world->http);
    repo_close(world->repo);
}
