/* The whole story: inputs → observe → plan → apply → report. */
#include "run.h"

#include "adapters/event.h"
#include "adapters/json.h"
#include "adapters/release_config.h"
#include "adapters/sign.h"
#include "adapters/trust.h"
#include "apply.h"
#include "base/cleanup.h"
#include "observe.h"
#include "report.h"

#include <stdio.h>

struct run {
    const struct clock *clock;
    struct arena arena; /* owns whatever the rest points to */
    struct inputs inputs;
    struct context context;
    struct event event;
    struct target target;
    struct world world;
    const char *announcement_template;
    struct facts facts;
    struct plan plan;
    struct applied applied;
    struct report report;
};

/* What is asked for: the event, the tag, and where to look. */
static int read_request(struct run *run, struct error *error)
{
    struct context *context = &run->context;

    if (!string_is_empty(context->event_path) &&
        event_read(&run->arena, context->event_path, &run->event, error))
        return -1;
    if (world_open_clone(&run->world, &run->arena, &run->inputs, context, error) ||
        world_read_file(&run->arena, &run->inputs, context, INPUT_BODY_PATH, &run->inputs.body_file,
                        error))
        return -1;
    if (target_resolve(&run->arena, &run->inputs, context, &run->event, &run->target, error))
        return -1;
    run->report.inputs = &run->inputs;
    if (run->target.of_another_line)
        return 0;
    run->report.target = &run->target;
    run->report.repository = context->repository;
    if (world_read_file(&run->arena, &run->inputs, context, INPUT_ANNOUNCEMENT_PATH,
                        &run->announcement_template, error))
        return -1;
    run->world.http_settings.waiting = report_waiting;
    run->world.http_settings.waiting_state = &run->report;
    return world_open_server(&run->world, &run->arena, &run->inputs, context, &run->target,
                             run->clock, error);
}

static int look_and_plan(struct run *run, struct error *error)
{
    const struct event *event = &run->event;

    run->facts = (struct facts){.releases = {.last_page = 1},
                                .announcement_template = run->announcement_template};
    if (!input_flag(&run->inputs, INPUT_DRY_RUN) && event->full_name && event->default_branch &&
        strings_equal(event->full_name, run->context.repository))
        facts_take_repository(&run->facts, event->full_name, event->default_branch);
    if (observe(&run->world, &run->arena, &run->inputs, &run->target, &run->facts, error))
        return -1;
    plan_make(&run->arena, &run->inputs, &run->target, &run->facts, run->context.server_url,
              &run->plan);
    run->report.plan = &run->plan;
    run->report.gates = &run->facts.gates;
    report_plan(&run->report);
    return run->plan.refused ? plan_refusal(&run->plan, error) : 0;
}

static int look_at_images(void *registry, struct arena *arena, const struct image_reference *images,
                          size_t count, struct image_fact *facts, struct error *error)
{
    return registry_look(registry, arena, images, count, facts, error);
}

static enum apply_end apply_plan(struct run *run, struct error *error)
{
    struct effects effects = github_effects(run->world.github);
    struct applying const applying = {
        .arena = &run->arena,
        .plan = &run->plan,
        .target = &run->target,
        .effects = &effects,
        .clock = run->clock,
        .gates = run->facts.gates,
        .wait_ms = input_number(&run->inputs, INPUT_WAIT_MINUTES) * 60 * 1000,
        .deadline_ms = run->world.http_settings.deadline_ms,
        .release_pages = run->facts.releases.last_page,
        .more = run->plan.changes_page,
        .progress = report_progress,
        .waiting = report_waiting,
        .progress_state = &run->report,
        .said = report_said,
    };

    effects.registry = run->world.registry;
    effects.look_at_images = look_at_images;
    mailer_effects(&run->world.mailer, &effects);
    tagging_effects(&run->world.tagging, &effects);
    run->report.applied = &run->applied;
    return apply(&applying, &run->applied, error);
}

static int release(struct run *run, struct error *error)
{
    for (int attempt = 0; attempt < 2; attempt++) {
        if (look_and_plan(run, error))
            return -1;
        if (input_flag(&run->inputs, INPUT_DRY_RUN))
            return 0;
        switch (apply_plan(run, error)) {
        case APPLY_DONE:
            return 0;
        case APPLY_FAILED:
            return -1;
        case APPLY_MOVED: /* look again, once */
            break;
        }
    }
    return error_set(error, ERROR_MOVED, "run it again",
                     "the repository changed twice while the plan was carried out");
}

static int carry_out(struct run *run, struct error *error)
{
    if (!run->target.of_another_line)
        return release(run, error);
    report_other_line(&run->report, run->target.tag);
    return 0;
}

/* Secrets are masked before anything else is printed, also where the inputs can't be used. */
static void mask_environment(struct run *run, const char *const *environment)
{
    struct actions *actions = &run->report.actions;

    for (enum input_id id = 0; id < INPUT_COUNT; id++)
        if (input_specs[id].kind == INPUT_KIND_SECRET)
            actions_mask(actions, environment_value(environment, input_variable(&run->arena, id)));
    actions_mask(actions, environment_value(environment, "GITHUB_TOKEN"));
    actions_mask(actions, environment_value(environment, "GH_TOKEN"));
}

static int read_inputs(struct run *run, const char *const *arguments,
                       const char *const *environment, struct error *error)
{
    if (inputs_read(&run->arena, arguments, environment, &run->inputs, error))
        return -1;
    if (run->inputs.help || run->inputs.version)
        return 0;
    for (enum input_id id = 0; id < INPUT_COUNT; id++) /* options are secrets too */
        if (input_specs[id].kind == INPUT_KIND_SECRET)
            actions_mask(&run->report.actions, input_text(&run->inputs, id));
    context_read_token(environment, &run->inputs, &run->context);
    return 0;
}

static bool print_help(const struct inputs *inputs)
{
    CLEANUP(text_free) struct text help = {0};

    if (inputs->help)
        inputs_help(&help);
    else if (inputs->version)
        text_print(&help, "cut-release %s\nlibgit2/%s %s cJSON/%s gpgme/%s libyaml/%s\n",
                   CUT_RELEASE_VERSION, repo_version(), http_version(), json_version(),
                   sign_version(), release_config_yaml_version());
    fputs(text_string(&help), stdout);
    return inputs->help || inputs->version;
}

int run(const char *const *arguments, const char *const *environment, const struct clock *clock)
{
    struct run run = {.clock = clock};
    struct error error = {0};
    int status = 0;

    trust_start_library();
    context_read(&run.arena, environment, &run.context);
    report_open(&run.report, &run.arena, &run.context);
    actions_when_exhausted(&run.report.actions);
    mask_environment(&run, environment);
    int failed = read_inputs(&run, arguments, environment, &error);
    if (failed || !print_help(&run.inputs)) {
        if (!failed)
            failed = read_request(&run, &error) || carry_out(&run, &error);
        status = report_end(&run.report, failed ? &error : NULL);
    }
    world_close(&run.world);
    actions_when_exhausted(NULL);
    arena_free(&run.arena);
    return status;
}
