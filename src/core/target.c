#include "core/target.h"

#include "base/cleanup.h"
#include "base/text.h"
#include "core/gates_wanted.h"
#include "core/names.h"
#include "core/refname.h"
#include "core/tag_text.h"

#include <string.h>

static const char events_that_serve[] =
    "the events that serve are push and create of a tag, workflow_run, workflow_dispatch, "
    "repository_dispatch, schedule, and release (published)";

static const char tag_prefix_of_refs[] = "refs/tags/";

static bool event_is(const struct context *context, const char *name)
{
    return strings_equal(context->event_name, name);
}

/* A push brought the tag, at once or by way of a workflow; else a person pressed a button. */
static bool brings_tag(const struct context *context)
{
    return event_is(context, "push") || event_is(context, "create") ||
           event_is(context, "workflow_run");
}

/* What a person published, on the page or elsewhere, is to be announced. */
static enum command choose_command(const struct inputs *inputs, const struct context *context)
{
    bool const announces =
        input_is(inputs, INPUT_COMMAND, "announce") ||
        (input_is(inputs, INPUT_COMMAND, "auto") && event_is(context, "release"));

    return announces ? COMMAND_ANNOUNCE : COMMAND_RELEASE;
}

static const char *tag_of_ref(const char *ref)
{
    return string_starts(ref, tag_prefix_of_refs) ? ref + sizeof(tag_prefix_of_refs) - 1 : NULL;
}

/* The tag that the event is about, or NULL; refuses events that no command serves. */
static int tag_of_event(const struct inputs *inputs, const struct context *context,
                        const struct event *event, const char **tag, struct error *error)
{
    bool const automatic = input_is(inputs, INPUT_COMMAND, "auto");

    if (event_is(context, "release") && automatic && !strings_equal(event->action, "published"))
        return error_set(error, ERROR_EVENT, events_that_serve,
                         "no command serves the event release with the action \"%.40s\"",
                         string_or(event->action, "(none)"));
    if (event_is(context, "release"))
        *tag = event->release_tag;
    else if (event_is(context, "workflow_run"))
        *tag = event->run_branch;
    else if (event_is(context, "push") || event_is(context, "create")) {
        *tag = tag_of_ref(context->ref);
        if (!*tag && automatic)
            return error_set(error, ERROR_EVENT, events_that_serve,
                             "a %s of a tag was expected, this one is of \"%.80s\"",
                             context->event_name, context->ref);
    } else if (event_is(context, "workflow_dispatch") || event_is(context, "repository_dispatch") ||
               event_is(context, "schedule") || string_is_empty(context->event_name))
        *tag = tag_of_ref(context->ref);
    else if (automatic)
        return error_set(error, ERROR_EVENT, events_that_serve,
                         "no command serves the event \"%.40s\"", context->event_name);
    else
        *tag = NULL;
    return 0;
}

/* The label that the input `rc` counts: "rc" where it is allowed, else the only one there is. */
static int label_of_numbers(const struct inputs *inputs, struct version *version,
                            struct error *error)
{
    const char *labels = input_text(inputs, INPUT_PRERELEASE_LABELS);
    const char *label = word_in_list(labels, "rc", 2) ? "rc" : labels;

    if (strchr(label, ' '))
        return error_set(error, ERROR_INPUT_NUMBERS, "give the tag instead",
                         "rc: the labels allowed (%.60s) don't tell which one is meant", labels);
    memcpy(version->label, label, strlen(label) + 1); /* its length was checked with the inputs */
    return 0;
}

/* The tag that the numbers make, or NULL where none is given. */
static int tag_of_numbers(struct arena *arena, const struct inputs *inputs,
                          const struct grammar *grammar, const char **tag, struct error *error)
{
    static const enum input_id needed[] = {INPUT_MAJOR, INPUT_MINOR, INPUT_PATCH};
    struct version version = {0};
    int64_t numbers[3];
    size_t given = 0;

    for (size_t i = 0; i < 3; i++) {
        numbers[i] = input_number(inputs, needed[i]);
        given += numbers[i] >= 0;
    }
    if (!given && !input_given(inputs, INPUT_RC))
        return 0;
    if (given < 3)
        return error_set(error, ERROR_INPUT_NUMBERS, NULL,
                         "major, minor and patch were expected together; major is \"%.9s\", minor "
                         "\"%.9s\", patch \"%.9s\"",
                         input_text(inputs, INPUT_MAJOR), input_text(inputs, INPUT_MINOR),
                         input_text(inputs, INPUT_PATCH));
    version.major = (uint32_t)numbers[0];
    version.minor = (uint32_t)numbers[1];
    version.patch = (uint32_t)numbers[2];
    if (input_given(inputs, INPUT_RC)) {
        version.number = (uint32_t)input_number(inputs, INPUT_RC);
        if (!version.number)
            return error_set(error, ERROR_INPUT_NUMBERS, "leave it empty for a final release",
                             "rc: a number of at least 1 was expected, 0 was given");
        if (label_of_numbers(inputs, &version, error))
            return -1;
    }
    *tag = version_tag(arena, grammar, &version);
    return 0;
}

/* The tag that the inputs name, or NULL. */
static int tag_of_inputs(struct arena *arena, const struct inputs *inputs,
                         const struct grammar *grammar, const char **tag, struct error *error)
{
    const char *given = input_text(inputs, INPUT_TAG), *numbers = NULL;

    if (tag_of_numbers(arena, inputs, grammar, &numbers, error))
        return -1;
    if (*given >= '0' && *given <= '9')
        given = arena_print(arena, "%s%s", grammar->prefix, given);
    if (*given && numbers && !strings_equal(given, numbers))
        return error_set(error, ERROR_INPUT_NUMBERS, "give one of them, or make them agree",
                         "tag is %.80s, but the numbers make %s", given, numbers);
    *tag = *given ? given : numbers;
    return 0;
}

/*
 * The event release comes for each release of the repository, and no filter of a workflow tells them
 * apart by their tags: what neither begins like a tag of this line nor comes near to one is another's.
 */
static bool is_of_another_line(const struct grammar *grammar, const char *name,
                               const struct grammar_miss *miss)
{
    const char *number = name + strlen(grammar->prefix);

    return !miss->suggestion &&
           !(string_starts(name, grammar->prefix) && *number >= '0' && *number <= '9');
}

static int parse_tag(struct arena *arena, const char *name, bool from_input, bool from_release,
                     struct target *target, struct error *error)
{
    struct grammar_miss miss;

    target->tag = name;
    if (!version_parse(arena, &target->grammar, name, &target->version, &miss))
        return 0;
    target->of_another_line = from_release && is_of_another_line(&target->grammar, name, &miss);
    if (target->of_another_line)
        return 0;
    const char *remedy =
        !miss.suggestion
            ? arena_print(arena, "a tag is %sMAJOR.MINOR.PATCH or %sMAJOR.MINOR.PATCH-LABEL.N",
                          target->grammar.prefix, target->grammar.prefix)
        : from_input
            ? arena_print(arena, "did you mean %s?", miss.suggestion)
            : arena_print(arena, "the nearest valid name is %s: delete this tag and push that one",
                          miss.suggestion);
    CLEANUP(text_free) struct text shown = {0};
    text_add_foreign(&shown, name, 100);
    error_set(error, ERROR_TAG_GRAMMAR, remedy, "the tag \"%s\": %s was expected at character %zu",
              text_string(&shown), miss.expected, miss.at + 1);
    if (from_input)
        error->status = 2;
    return -1;
}

/* What the push says about the tag, if it is about this tag. */
static void take_hints(const struct context *context, const struct event *event,
                       struct target *target)
{
    if (event_is(context, "push") && strings_equal(tag_of_ref(event->ref), target->tag)) {
        target->object_hint = is_object_id(event->after) ? event->after : NULL;
        target->commit_hint = is_object_id(event->head_commit) ? event->head_commit : NULL;
    }
    if (event_is(context, "workflow_run"))
        target->run_head = is_object_id(event->run_head) ? event->run_head : NULL;
}

/* Where a clone has no remote, nothing names the project. */
static const char *usual_message(struct arena *arena, const struct target *target)
{
    return arena_print(arena, "%s{tag} Release%s", *target->project ? "{project} " : "",
                       version_is_final(&target->version) ? "" : " Candidate");
}

static int expand_names(struct arena *arena, const struct inputs *inputs,
                        const struct context *context, struct target *target, struct error *error)
{
    const char *slash = strrchr(context->repository, '/');
    const char *message = input_text(inputs, INPUT_TAG_MESSAGE);
    struct names names;

    target->project =
        string_or(input_text(inputs, INPUT_PROJECT), slash ? slash + 1 : context->repository);
    names_of_target(arena, target, &names);
    if (template_expand(arena, "release_branch", input_text(inputs, INPUT_RELEASE_BRANCH),
                        names.values, names.count, &target->branch, error))
        return -1;
    if (!refname_is_valid(target->branch))
        return error_set(error, ERROR_INPUT_VALUE, "see git-check-ref-format(1)",
                         "release_branch: \"%.80s\" is no name that Git allows for a branch",
                         target->branch);
    target->branch_stem = template_stem(arena, input_text(inputs, INPUT_RELEASE_BRANCH));
    names_of_target(arena, target, &names);
    if (template_expand(arena, "title", input_text(inputs, INPUT_TITLE), names.values, names.count,
                        &target->title, error))
        return -1;
    if (template_expand(arena, "tag_message", *message ? message : usual_message(arena, target),
                        names.values, names.count, &target->message, error))
        return -1;
    return gates_want(arena, inputs, context, &names, target->tag, &target->gates, error);
}

int target_resolve(struct arena *arena, const struct inputs *inputs, const struct context *context,
                   const struct event *event, struct target *target, struct error *error)
{
    struct target found = {.command = choose_command(inputs, context),
                           .grammar = {.prefix = input_tag_prefix(inputs),
                                       .labels = input_text(inputs, INPUT_PRERELEASE_LABELS)}};
    const char *of_event = NULL, *of_inputs = NULL;
    bool const from_release = event_is(context, "release");

    if (tag_of_event(inputs, context, event, &of_event, error) ||
        tag_of_inputs(arena, inputs, &found.grammar, &of_inputs, error))
        return -1;
    if (!of_event && !of_inputs)
        return error_set(error, ERROR_INPUT_TAG, "give tag, or major, minor, patch and rc",
                         "no tag: neither an input nor the ref (\"%.80s\") names one",
                         context->ref);
    if ((brings_tag(context) || from_release) && of_event && of_inputs &&
        !input_given(inputs, INPUT_TAG) && !strings_equal(of_event, of_inputs))
        return error_set(error, ERROR_INPUT_NUMBERS, "leave the numbers out, or make them agree",
                         "the event is about the tag %.80s, but the numbers make %s", of_event,
                         of_inputs);
    bool const from_input = !of_event || (of_inputs && !strings_equal(of_inputs, of_event));
    if (parse_tag(arena, from_input ? of_inputs : of_event, from_input, from_release && !from_input,
                  &found, error))
        return -1;
    if (found.of_another_line) {
        *target = found;
        return 0;
    }
    found.pushed = !from_input && brings_tag(context);
    if (found.pushed && event->deleted)
        return error_set(error, ERROR_TAG_GONE,
                         "leave deletions out of the workflow, or push the tag again",
                         "the push that started this run deleted the tag %s", found.tag);
    if (found.pushed)
        take_hints(context, event, &found);
    if (expand_names(arena, inputs, context, &found, error))
        return -1;
    *target = found;
    return 0;
}
