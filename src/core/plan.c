#include "core/planning.h"

#include "base/cleanup.h"
#include "core/questions.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *step_kind_text(enum step_kind kind)
{
    static const char *const texts[] = {
        [STEP_BRANCH] = "branch", [STEP_TAG] = "tag",       [STEP_RELEASE] = "release",
        [STEP_TIDY] = "tidy",     [STEP_ASSETS] = "assets", [STEP_WORKFLOWS] = "workflows",
        [STEP_IMAGES] = "images", [STEP_NOTES] = "notes",   [STEP_PUBLISH] = "publish",
        [STEP_LATEST] = "latest", [STEP_MAIL] = "mail",     [STEP_ISSUE] = "issue",
    };

    return texts[kind];
}

const char *step_state_text(enum step_state state)
{
    static const char *const texts[] = {
        [STEP_DO] = "do",
        [STEP_DONE] = "done",
        [STEP_REFUSED] = "refused",
        [STEP_UNKNOWN] = "unknown",
    };

    return texts[state];
}

const char *finding_level_text(enum finding_level level)
{
    static const char *const texts[] = {
        [FINDING_NOTICE] = "notice",
        [FINDING_WARNING] = "warning",
        [FINDING_REFUSAL] = "error",
    };

    return texts[level];
}

void planning_find(struct planning *planning, enum finding_level level, enum error_code code,
                   enum step_kind about, const char *remedy, const char *format, ...)
{
    struct plan *plan = planning->plan;
    char message[sizeof(((struct error *)NULL)->message)];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    plan->findings = arena_append(planning->arena, plan->findings, &plan->finding_count,
                                  sizeof(*plan->findings));
    plan->findings[plan->finding_count - 1] = (struct finding){
        .level = level,
        .code = code,
        .about = about,
        .message = arena_copy(planning->arena, message),
        .remedy = arena_copy(planning->arena, string_or(remedy, "")),
    };
}

struct step *planning_step(struct planning *planning, enum step_kind kind, enum step_state state,
                           const char *target, const char *reason)
{
    struct step *step = &planning->plan->steps[planning->plan->step_count++];

    *step = (struct step){.kind = kind, .state = state, .target = target, .reason = reason};
    return step;
}

const char *planning_quote(struct planning *planning, const char *foreign)
{
    CLEANUP(text_free) struct text quoted = {0};

    text_add(&quoted, "\"");
    text_add_foreign(&quoted, foreign, 100);
    text_add(&quoted, "\"");
    return arena_copy(planning->arena, text_string(&quoted));
}

const char *plan_previous_tag(const struct inputs *inputs, const struct target *target,
                              const struct history *history)
{
    if (!input_is(inputs, INPUT_PREVIOUS_TAG, "auto"))
        return input_text(inputs, INPUT_PREVIOUS_TAG);
    return history_previous_tag(target, history);
}

static bool wants_prerelease(const struct inputs *inputs, const struct target *target)
{
    if (input_is(inputs, INPUT_PRERELEASE, "auto"))
        return !version_is_final(&target->version);
    return input_is(inputs, INPUT_PRERELEASE, "true");
}

/* There is one "latest" a repository, so a line whose prefix has a slash never takes it. */
static bool wants_latest(const struct inputs *inputs, const struct target *target,
                         const struct history *history)
{
    if (!input_is(inputs, INPUT_MAKE_LATEST, "auto"))
        return input_is(inputs, INPUT_MAKE_LATEST, "true");
    return version_is_final(&target->version) && !wants_prerelease(inputs, target) &&
           history->is_highest_final && !strchr(target->grammar.prefix, '/');
}

struct release_wish plan_wish(struct arena *arena, const struct inputs *inputs,
                              const struct target *target, const struct facts *facts,
                              const struct history *history, const char *commit)
{
    const char *ingredients =
        arena_print(arena, "2\n%s\n%s\n%s\n%s", input_text(inputs, INPUT_GENERATE_NOTES),
                    string_or(plan_previous_tag(inputs, target, history), ""),
                    input_text(inputs, INPUT_BODY), string_or(inputs->body_file, ""));

    /* Which releases of the upstream follows from the commit and the previous tag, or was the latest
     * when the part was written. */
    if (input_given(inputs, INPUT_UPSTREAM))
        ingredients =
            arena_print(arena, "%s\n%s\n%s", ingredients, input_text(inputs, INPUT_UPSTREAM),
                        input_text(inputs, INPUT_UPSTREAM_MODULE));

    return (struct release_wish){
        .tag = target->tag,
        .commit = commit,
        .title = target->title,
        .files = plan_files(inputs, target, facts),
        .prerelease = wants_prerelease(inputs, target),
        .replace_edits = input_is(inputs, INPUT_NOTES_ON_EDIT, "replace"),
        .any_title = target->command == COMMAND_ANNOUNCE,
        .kept_title = plan_publishes(inputs, target),
        .recipe = marker_hash(ingredients),
    };
}

static void check_inputs(struct planning *planning)
{
    const struct inputs *inputs = planning->inputs;
    const struct plan *plan = planning->plan;

    if (input_is(inputs, INPUT_MAKE_LATEST, "true") && plan->prerelease)
        planning_find(planning, FINDING_REFUSAL, ERROR_LATEST_CANDIDATE, STEP_RELEASE,
                      "set make_latest to auto",
                      "make_latest is true, but a pre-release can't be the latest release");
    if (!input_is(inputs, INPUT_PREVIOUS_TAG, "auto") &&
        facts_known(planning->facts, QUESTION_TAGS) &&
        !refs_find(&planning->facts->tags, plan->previous_tag))
        planning_find(planning, FINDING_REFUSAL, ERROR_INPUT_VALUE, STEP_RELEASE,
                      "set previous_tag to auto, or to a tag with the same prefix",
                      "previous_tag: the repository has no tag %s",
                      planning_quote(planning, plan->previous_tag));
}

/* Only a dry run may leave a step open. */
static void refuse_unknown(struct planning *planning)
{
    const struct plan *plan = planning->plan;

    if (input_flag(planning->inputs, INPUT_DRY_RUN))
        return;
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].state == STEP_UNKNOWN)
            planning_find(planning, FINDING_REFUSAL, ERROR_ANSWER, plan->steps[i].kind,
                          "run it again", "the %s could not be seen: %s",
                          step_kind_text(plan->steps[i].kind), plan->steps[i].reason);
}

/* A step is refused by the first refusal that is about it. */
static void mark_refusals(struct plan *plan)
{
    for (size_t i = 0; i < plan->finding_count; i++) {
        const struct finding *finding = &plan->findings[i];

        if (finding->level != FINDING_REFUSAL)
            continue;
        plan->refused = true;
        for (size_t j = 0; j < plan->step_count; j++) {
            struct step *step = &plan->steps[j];

            if (step->kind != finding->about || step->state == STEP_REFUSED)
                continue;
            step->state = STEP_REFUSED;
            step->reason = finding->message;
            step->code = finding->code;
        }
    }
}

/* Addresses for people; slashes of a tag are encoded, as GitHub does. */
static void add_pages(struct planning *planning)
{
    struct plan *plan = planning->plan;
    CLEANUP(text_free) struct text tag = {0}, previous = {0};

    if (!planning->server)
        return;
    text_add_percent_encoded(&tag, planning->target->tag);
    text_add_percent_encoded(&previous, plan->previous_tag);
    plan->final_page =
        arena_print(planning->arena, "%s/releases/tag/%s", planning->server, text_string(&tag));
    plan->changes_page =
        plan->previous_tag
            ? arena_print(planning->arena, "%s/compare/%s...%s", planning->server,
                          text_string(&previous), text_string(&tag))
            : arena_print(planning->arena, "%s/commits/%s", planning->server, text_string(&tag));
}

void plan_make(struct arena *arena, const struct inputs *inputs, const struct target *target,
               const struct facts *facts, const char *server, struct plan *plan)
{
    struct planning planning = {
        .arena = arena,
        .inputs = inputs,
        .target = target,
        .facts = facts,
        .web = string_or(server, "https://github.com"),
        .plan = plan,
    };

    *plan = (struct plan){0};
    if (!string_is_empty(server) && !string_is_empty(facts->repository.full_name))
        planning.server = arena_print(arena, "%s/%s", server, facts->repository.full_name);
    history_read(arena, target, &facts->tags, &planning.history);
    plan->tag_exists = planning.history.tag != NULL;
    plan->branch_exists = refs_find(&facts->branches, target->branch) != NULL;
    plan->commit = release_commit(target, facts, planning.history.tag);
    if (plan->tag_exists && planning.history.tag->annotated)
        plan->tag_object = planning.history.tag->object;
    plan->previous_tag = plan_previous_tag(inputs, target, &planning.history);
    plan->prerelease = wants_prerelease(inputs, target);
    plan->latest = wants_latest(inputs, target, &planning.history);
    plan->wish = plan_wish(arena, inputs, target, facts, &planning.history, plan->commit);
    plan->files = plan_files(inputs, target, facts);
    add_pages(&planning);

    plan->out = plan_publishes(inputs, target);
    if (target->command == COMMAND_RELEASE)
        rules_for_branch(&planning);
    rules_for_tag(&planning);
    if (target->command == COMMAND_RELEASE)
        rules_for_versions(&planning);
    rules_for_release(&planning);
    rules_for_assets(&planning);
    rules_for_gates(&planning);
    rules_for_publishing(&planning);
    rules_for_latest(&planning);
    rules_for_mail(&planning);
    rules_for_issue(&planning);
    rules_for_passed_gates(&planning);
    rules_for_access(&planning);
    check_inputs(&planning);
    refuse_unknown(&planning);
    mark_refusals(plan);
}

bool plan_changes(const struct plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        if (plan->steps[i].state == STEP_DO)
            return true;
    return false;
}

int plan_refusal(const struct plan *plan, struct error *error)
{
    const struct finding *first = NULL;
    size_t count = 0;
    int status = 2;

    for (size_t i = 0; i < plan->finding_count; i++) {
        const struct finding *finding = &plan->findings[i];

        if (finding->level != FINDING_REFUSAL)
            continue;
        first = first ? first : finding;
        if (error_code_status(finding->code) < status)
            status = error_code_status(finding->code);
        count++;
    }
    if (!first)
        return error_set(error, ERROR_INTERNAL, NULL, "a plan without a refusal was refused");
    error_set(error, first->code, first->remedy, "%s%s", first->message,
              count > 1 ? " (and more, see the plan)" : "");
    error->status = status;
    return -1;
}
