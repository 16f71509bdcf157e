#include "report_summary.h"

#include "report_gates.h"

#include <string.h>

enum { LONGEST_CELL = 600, LONGEST_PREVIEW = 200 * 1024 };

/* Foreign text in a table or a list: one line, and nothing that Markdown or HTML would read. */
static void add_cell(struct text *out, const char *foreign)
{
    struct text line = {0};

    text_add_foreign(&line, foreign, LONGEST_CELL);
    for (const char *at = text_string(&line); *at; at++) {
        if (*at == '<')
            text_add(out, "&lt;");
        else if (*at == '&')
            text_add(out, "&amp;");
        else if (strchr("|`*_[]\\#@", *at))
            text_print(out, "\\%c", *at);
        else
            text_add_bytes(out, at, 1);
    }
    text_free(&line);
}

/* The step as it is at the end: who reads a failed run wants to know how far it came. */
static const char *state_at_end(const struct report *report, size_t i, const struct error *error)
{
    const struct applied *applied = report->applied;
    const struct plan *plan = report->plan;

    if (!applied || plan->refused || plan->steps[i].state != STEP_DO)
        return step_state_text(plan->steps[i].state);
    if (i < applied->steps)
        return step_state_text(STEP_DONE);
    return error && i == applied->steps ? "failed" : "not done";
}

/* Where it can be looked at, as far as that is there by now. */
static const char *link_at_end(const struct report *report, const struct step *step)
{
    const struct applied *applied = report->applied;

    if (applied && applied->release.id &&
        (step->kind == STEP_RELEASE || step->kind == STEP_PUBLISH))
        return applied->release.page;
    return step->link;
}

static void add_step(struct text *out, const struct report *report, size_t i,
                     const struct error *error)
{
    const struct step *step = &report->plan->steps[i];
    const char *link = link_at_end(report, step);

    text_print(out, "| %s | %s | ", step_kind_text(step->kind), state_at_end(report, i, error));
    if (link)
        text_print(out, "[");
    add_cell(out, step->target);
    if (link)
        text_print(out, "](%s)", link);
    text_add(out, " | ");
    if (step->code)
        text_print(out, "%s: ", error_code_text(step->code));
    add_cell(out, step->reason);
    text_add(out, " |\n");
}

static void add_findings(struct text *out, const struct finding *findings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct finding *finding = &findings[i];

        text_print(out, "%s- **%s** %s: ", i ? "" : "\n", finding_level_text(finding->level),
                   error_code_text(finding->code));
        add_cell(out, finding->message);
        if (!string_is_empty(finding->remedy)) {
            text_add(out, " → ");
            add_cell(out, finding->remedy);
        }
        text_add(out, "\n");
    }
}

/* A fence that is longer than any run of backticks in the text. */
static void add_preview(struct text *out, const char *title, const char *language,
                        const char *notes)
{
    size_t longest = 2, run = 0;

    for (const char *at = notes; *at; at++) {
        run = *at == '`' ? run + 1 : 0;
        if (run > longest)
            longest = run;
    }
    text_print(out, "\n<details><summary>%s</summary>\n\n", title);
    for (size_t i = 0; i <= longest; i++)
        text_add(out, "`");
    text_print(out, "%s\n", language);
    size_t length = strlen(notes);
    if (length > LONGEST_PREVIEW)
        for (length = LONGEST_PREVIEW; length && notes[length - 1] != '\n'; length--)
            ;
    text_add_bytes(out, notes, length);
    text_add(out, "\n");
    for (size_t i = 0; i <= longest; i++)
        text_add(out, "`");
    text_add(out, "\n\n</details>\n");
}

static void add_error(struct text *out, const struct error *error)
{
    text_print(out, "\n**%s** (%s): ", error_code_text(error->code), error_code_title(error->code));
    add_cell(out, error->message);
    if (error->remedy[0]) {
        text_add(out, " → ");
        add_cell(out, error->remedy);
    }
    text_add(out, "\n");
}

/* The release's text at the end: what is planned where nothing is carried out. Our comments, which
 * its page doesn't show either, are left out. */
static void add_notes(struct text *out, const struct report *report)
{
    CLEANUP(text_free) struct text notes = {0};
    const char *rest = report->outputs[OUTPUT_NOTES], *line;
    size_t length;

    if (report->plan->part && (string_is_empty(rest) || !report->applied))
        rest = report->plan->part;
    while (rest && (line = string_next_line(&rest, &length)))
        if (!string_starts(line, "<!-- cut-release:"))
            text_print(&notes, "%.*s\n", (int)length, line);
    if (notes.length)
        add_preview(out, "Notes", "markdown", text_string(&notes));
}

/* What a person has still to do. */
static void add_rest(struct text *out, const struct report *report, const struct error *error)
{
    const struct applied *applied = report->applied;

    if (error) {
        if (applied && applied->changed)
            text_add(out, "\nIt failed half-way; run it again, and it goes on from here.\n");
        return;
    }
    if (input_flag(report->inputs, INPUT_DRY_RUN)) {
        text_add(out, "\nA dry run: nothing was changed.\n");
        return;
    }
    if (!applied || !applied->release.id)
        return;
    text_print(out, "\n%s\n",
               applied->changed ? "The state is as planned." : "Nothing was left to do.");
    enum report_rest const rest = report_rest(report);
    if (rest == REST_PUBLISH)
        text_print(out, "\n- [ ] Read [the draft](%s) and publish it.\n", applied->release.page);
    if (rest == REST_SEND)
        text_add(out, "\n- [ ] Send the announcement: its text is above.\n");
}

void summary_write(const struct report *report, const struct error *error, struct text *out)
{
    const struct plan *plan = report->plan;

    text_add(out, "## cut-release");
    if (report->target)
        text_print(out, ": %s", report->target->tag);
    text_add(out, "\n");
    if (plan) {
        text_add(out, "\n| step | state | what | why |\n| --- | --- | --- | --- |\n");
        for (size_t i = 0; i < plan->step_count; i++)
            add_step(out, report, i, error);
        add_findings(out, plan->findings, plan->finding_count);
    }
    if (plan)
        summary_gates(report->applied ? &report->applied->gates : &plan->gates, out);
    add_findings(out, report->late, report->late_count);
    if (error && !(plan && plan->refused))
        add_error(out, error);
    if (plan)
        add_notes(out, report);
    if (plan && !plan->refused && report->announcement)
        add_preview(out, "Announcement", "text", report->announcement);
    if (plan)
        add_rest(out, report, error);
}
