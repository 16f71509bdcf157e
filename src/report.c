#include "report.h"

#include "adapters/json.h"
#include "core/mail_text.h"
#include "report_gates.h"
#include "report_summary.h"

#include <inttypes.h>

enum { MOST_LINES = 1000 }; /* of notes or a mail, in the log */

static const char *truth(bool flag)
{
    return flag ? "true" : "false";
}

/* Written as soon as it is known, and again only where it has changed: the last value counts. */
static void output(struct report *report, enum output_id id, const char *value)
{
    if (report->outputs[id] && strings_equal(report->outputs[id], value))
        return;
    report->outputs[id] = string_or(value, "");
    actions_output(&report->actions, output_specs[id].name, report->outputs[id]);
}

void report_open(struct report *report, struct arena *arena, const struct context *context)
{
    *report = (struct report){
        .arena = arena,
        .actions = {.commands = context->commands,
                    .output_path = context->output_path,
                    .summary_path = context->summary_path},
    };
    if (!string_is_empty(context->action_repository))
        report->issues =
            arena_print(arena, "%s/%s/issues", string_or(context->server_url, "https://github.com"),
                        context->action_repository);
}

/* ---- the plan --------------------------------------------------------------------------------------- */

static void put_optional(struct json *object, const char *name, const char *value)
{
    if (!string_is_empty(value))
        json_put_text(object, name, value);
}

static struct json *json_of_step(const struct step *step)
{
    struct json *json = json_new_object();

    json_put_text(json, "kind", step_kind_text(step->kind));
    json_put_text(json, "state", step_state_text(step->state));
    json_put_text(json, "target", step->target);
    json_put_text(json, "reason", step->reason);
    put_optional(json, "code", error_code_text(step->code));
    put_optional(json, "link", step->link);
    return json;
}

static struct json *json_of_finding(const struct finding *finding)
{
    struct json *json = json_new_object();

    json_put_text(json, "level", finding_level_text(finding->level));
    json_put_text(json, "code", error_code_text(finding->code));
    json_put_text(json, "step", step_kind_text(finding->about));
    json_put_text(json, "message", finding->message);
    put_optional(json, "remedy", finding->remedy);
    return json;
}

static void print_plan_json(const struct plan *plan, const struct gates *gates, struct text *out)
{
    CLEANUP(json_free_cleanup) struct json *json = json_new_object();
    struct json *steps = json_new_array(), *findings = json_new_array();

    for (size_t i = 0; i < plan->step_count; i++)
        json_append(steps, json_of_step(&plan->steps[i]));
    for (size_t i = 0; i < plan->finding_count; i++)
        json_append(findings, json_of_finding(&plan->findings[i]));
    json_put_flag(json, "refused", plan->refused);
    json_put_flag(json, "changes", plan_changes(plan));
    json_put(json, "steps", steps);
    json_put(json, "findings", findings);
    if (gates->run_count || gates->image_count)
        json_put(json, "gates", json_of_gates(gates));
    json_print(json, out);
}

static void output_version(struct report *report)
{
    const struct target *target = report->target;
    const struct version *version = &target->version;

    output(report, OUTPUT_TAG, target->tag);
    output(report, OUTPUT_VERSION, version_text(report->arena, version));
    output(report, OUTPUT_MAJOR, arena_print(report->arena, "%u", version->major));
    output(report, OUTPUT_MINOR, arena_print(report->arena, "%u", version->minor));
    output(report, OUTPUT_PATCH, arena_print(report->arena, "%u", version->patch));
    output(report, OUTPUT_RC,
           version->number ? arena_print(report->arena, "%u", version->number) : "");
}

static void output_plan_json(struct report *report, const struct gates *gates)
{
    CLEANUP(text_free) struct text json = {0};

    print_plan_json(report->plan, gates, &json);
    output(report, OUTPUT_PLAN, arena_copy(report->arena, text_string(&json)));
}

static void output_plan(struct report *report)
{
    const struct plan *plan = report->plan;

    output_version(report);
    output(report, OUTPUT_PRERELEASE, truth(plan->prerelease));
    output(report, OUTPUT_LATEST, truth(plan->latest));
    output(report, OUTPUT_BRANCH, report->target->branch);
    output(report, OUTPUT_COMMIT, plan->commit);
    output(report, OUTPUT_TAG_OBJECT, plan->tag_object);
    output(report, OUTPUT_PREVIOUS_TAG, plan->previous_tag);
    output(report, OUTPUT_RELEASE_URL, plan->final_page);
    output_plan_json(report, &plan->gates);
    if (plan->release.winner) {
        output(report, OUTPUT_RELEASE_ID,
               arena_print(report->arena, "%" PRId64, plan->release.winner->id));
        output(report, OUTPUT_UPLOAD_URL, plan->release.winner->upload_url);
    }
    /* With what is known ahead of the steps: a dry run and a refused plan tell no more. */
    if (plan->mail.composed)
        report->announcement =
            mail_for_people(report->arena, plan, report->target,
                            mail_text(report->arena, plan, report->target, report->gates,
                                      plan->release.winner ? plan->release.winner->body
                                                           : string_or(plan->part, "")));
    if (plan->release.winner && !plan->part)
        output(report, OUTPUT_NOTES, plan->release.winner->body);
    else if (input_flag(report->inputs, INPUT_DRY_RUN))
        output(report, OUTPUT_NOTES, plan->part);
}

static void say_steps(struct report *report)
{
    const struct plan *plan = report->plan;

    for (size_t i = 0; i < plan->step_count; i++) {
        const struct step *step = &plan->steps[i];

        actions_say(&report->actions, "  %-9s %-8s %-16s %s", step_kind_text(step->kind),
                    step_state_text(step->state), step->target, string_or(step->reason, ""));
    }
}

/* What the summary would preview, where there is none. */
static void say_text(struct report *report, const char *what, const char *rest)
{
    const char *line;
    size_t length;

    actions_group(&report->actions,
                  arena_print(report->arena, "The %s of %s", what, report->target->tag));
    for (size_t i = 0; i < MOST_LINES && (line = string_next_line(&rest, &length)); i++)
        actions_say(&report->actions, "  %.*s", (int)length, line);
    if (!string_is_empty(rest))
        actions_say(&report->actions, "  …");
    actions_group_end(&report->actions);
}

static void annotate_finding(struct report *report, const struct finding *finding)
{
    static const enum annotation levels[] = {
        [FINDING_NOTICE] = ANNOTATION_NOTICE,
        [FINDING_WARNING] = ANNOTATION_WARNING,
        [FINDING_REFUSAL] = ANNOTATION_ERROR,
    };

    actions_annotate(&report->actions, levels[finding->level], finding->code, finding->message,
                     finding->remedy);
}

void report_plan(struct report *report)
{
    const char *title = arena_print(report->arena, "The plan for %s of %s", report->target->tag,
                                    string_or(report->repository, "this clone"));

    actions_group(&report->actions, title);
    say_steps(report);
    actions_group_end(&report->actions);
    for (size_t i = 0; i < report->plan->finding_count; i++)
        annotate_finding(report, &report->plan->findings[i]);
    if (input_flag(report->inputs, INPUT_DRY_RUN) && !report->actions.commands &&
        !string_is_empty(report->plan->part))
        say_text(report, "notes", report->plan->part);
    output_plan(report);
}

void report_other_line(struct report *report, const char *tag)
{
    CLEANUP(text_free) struct text quoted = {0};

    text_add_foreign(&quoted, tag, 100);
    report->late[report->late_count++] = (struct finding){
        .level = FINDING_NOTICE,
        .code = ERROR_TAG_OTHER,
        .about = STEP_RELEASE,
        .message = arena_print(report->arena,
                               "the release of \"%s\" was published, a tag of another line than "
                               "this workflow's; nothing is done about it",
                               text_string(&quoted)),
        .remedy = "",
    };
}

/* ---- on the way -------------------------------------------------------------------------------------- */

void report_waiting(void *state, const char *why, int64_t milliseconds)
{
    struct report *report = state;

    actions_say(&report->actions, "waiting %" PRId64 " s: %s", (milliseconds + 999) / 1000, why);
}

void report_said(void *state, const char *line)
{
    struct report *report = state;

    actions_say(&report->actions, "%s", line);
}

void report_progress(void *state, const struct applied *applied)
{
    struct report *report = state;

    if (applied->branch_created)
        output(report, OUTPUT_BRANCH_CREATED, "true");
    if (applied->tag_created) {
        output(report, OUTPUT_TAG_CREATED, "true");
        output(report, OUTPUT_TAG_OBJECT, applied->tag_object);
    }
    if (applied->release.id) {
        output(report, OUTPUT_RELEASE_ID,
               arena_print(report->arena, "%" PRId64, applied->release.id));
        output(report, OUTPUT_UPLOAD_URL, applied->release.upload_url);
        output(report, OUTPUT_NOTES, applied->release.body);
    }
    output_plan_json(report, &applied->gates);
    if (applied->announcement) {
        report->announcement = applied->announcement;
        output(report, OUTPUT_ANNOUNCEMENT, applied->announcement);
    }
    if (applied->changed)
        output(report, OUTPUT_CHANGED, "true");
}

/* ---- the end ------------------------------------------------------------------------------------------ */

/* What only applying the plan could find. */
static void find_late(struct report *report)
{
    const struct applied *applied = report->applied;

    if (applied && applied->notes_cut)
        report->late[report->late_count++] = (struct finding){
            .level = FINDING_WARNING,
            .code = ERROR_NOTES_CUT,
            .about = STEP_RELEASE,
            .message = "the notes are longer than the 125000 characters that GitHub takes; they "
                       "end with a link to the rest",
            .remedy = "",
        };
    if (applied && applied->unseen)
        report->late[report->late_count++] = (struct finding){
            .level = FINDING_WARNING,
            .code = ERROR_DRAFT_UNSEEN,
            .about = STEP_RELEASE,
            .message = "the draft was made, but the server's list doesn't show it yet",
            .remedy = "if another run made one at the same time, a further run removes the surplus",
        };
    if (applied && applied->no_run)
        report->late[report->late_count++] = (struct finding){
            .level = FINDING_WARNING,
            .code = ERROR_TAG_NO_RUN,
            .about = STEP_TAG,
            .message =
                "the tag's push has started no workflow: a push with GITHUB_TOKEN starts none",
            .remedy = "push with the token of an App, or start the workflows by hand on the tag",
        };
    if (applied && applied->mail_again)
        report->late[report->late_count++] = (struct finding){
            .level = FINDING_WARNING,
            .code = ERROR_MAIL_AGAIN,
            .about = STEP_MAIL,
            .message = arena_print(report->arena,
                                   "another run may have sent the announcement, too; both have "
                                   "the Message-ID <%s>",
                                   applied->mail_id),
            .remedy = "",
        };
    if (applied && applied->latest_stuck)
        report->late[report->late_count++] = (struct finding){
            .level = FINDING_WARNING,
            .code = ERROR_LATEST_MOVED,
            .about = STEP_LATEST,
            .message = "another release is the latest than the highest final one, and the server "
                       "doesn't let that be changed",
            .remedy = "set the latest release by hand, on its page",
        };
    for (size_t i = 0; i < report->late_count; i++)
        annotate_finding(report, &report->late[i]);
}

enum report_rest report_rest(const struct report *report)
{
    const struct applied *applied = report->applied;

    if (!applied || !applied->release.id)
        return REST_NOTHING;
    if (applied->release.draft)
        return REST_PUBLISH;
    return report->announcement && !report->plan->mail.to.count ? REST_SEND : REST_NOTHING;
}

static void say_rest(struct report *report)
{
    enum report_rest const rest = report_rest(report);

    if (rest == REST_SEND && !report->actions.commands)
        say_text(report, "announcement", report->announcement);
    if (rest == REST_SEND)
        actions_say(&report->actions, "Still to do: send the announcement%s.",
                    report->actions.commands ? ", whose text is in the summary" : "");
    if (rest == REST_PUBLISH)
        actions_say(&report->actions, "Still to do: read the draft, and publish it.");
}

static void say_end(struct report *report)
{
    const struct applied *applied = report->applied;

    if (input_flag(report->inputs, INPUT_DRY_RUN))
        actions_say(&report->actions, "Dry run: nothing was changed.");
    else if (applied && applied->changed)
        actions_say(&report->actions, "Done: %s", string_or(applied->release.page, ""));
    else
        actions_say(&report->actions, "Nothing left to do: %s",
                    applied ? string_or(applied->release.page, "") : "");
    say_rest(report);
}

static void output_end(struct report *report)
{
    const struct applied *applied = report->applied;

    if (!report->target)
        return;
    if (applied) /* also what a step found or did that failed */
        report_progress(report, applied);
    output(report, OUTPUT_ANNOUNCEMENT, report->announcement);
    output(report, OUTPUT_BRANCH_CREATED, truth(applied && applied->branch_created));
    output(report, OUTPUT_TAG_CREATED, truth(applied && applied->tag_created));
    output(report, OUTPUT_CHANGED, truth(applied && applied->changed));
}

static void tell_error(struct report *report, const struct error *error)
{
    const char *remedy = error->remedy;

    if (error->code == ERROR_INTERNAL && !string_is_empty(report->issues))
        remedy = arena_print(report->arena, "please report it: %s", report->issues);
    /* The plan's refusals are annotated with the plan, each with its own code. */
    if (!report->plan || !report->plan->refused)
        actions_annotate(&report->actions, ANNOTATION_ERROR, error->code, error->message, remedy);
    if (report->applied && report->applied->changed)
        actions_say(&report->actions,
                    "It failed half-way; run it again, and it goes on from here.");
}

int report_end(struct report *report, const struct error *error)
{
    int status = error ? error->status : 0;

    if (report->applied && report->applied->announcement)
        report->announcement = report->applied->announcement;
    find_late(report);
    if (error)
        tell_error(report, error);
    else
        say_end(report);
    output_end(report);
    CLEANUP(text_free) struct text summary = {0};
    summary_write(report, error, &summary);
    actions_summary(&report->actions, text_string(&summary));
    if (report->actions.failure.code) {
        const struct error *failure = &report->actions.failure;

        actions_annotate(&report->actions, ANNOTATION_ERROR, failure->code, failure->message,
                         failure->remedy);
        status = status ? status : failure->status;
        status = status ? status : 1;
    }
    return status;
}
