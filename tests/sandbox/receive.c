/*
 * What a push wants to do, read from its commands before git sees them (`git help
 * protocol-pack`, "Reference Update Request"). A rule that refuses one ref refuses the whole push,
 * as GitHub's pre-receive hooks do; the answer has the form that receive-pack gives it.
 */
#define _GNU_SOURCE
#include "smart.h"

#include <stdlib.h>
#include <string.h>

enum { COMMANDS_MAX = 64 };

struct command {
    char old_sha[41];
    char new_sha[41];
    char *ref;
};

struct push {
    struct command commands[COMMANDS_MAX];
    size_t count;
    bool side_band;
    bool report; /* the client asked for the outcome of each ref */
    size_t pack; /* where the pack begins in the body */
};

static bool packet_length(const struct buffer *body, size_t at, size_t *length)
{
    char digits[5] = {0};
    char *end;
    if (at + 4 > body->length)
        return false;
    memcpy(digits, body->data + at, 4);
    *length = strtoul(digits, &end, 16);
    return end == digits + 4 && (*length == 0 || (*length > 4 && at + *length <= body->length));
}

static bool parse_command(struct pool *pool, const char *line, size_t length, struct push *push)
{
    struct command *command = &push->commands[push->count];
    char *text = pool_copy(pool, line, length);
    if (length < 83 || text[40] != ' ' || text[81] != ' ')
        return false;
    memcpy(command->old_sha, text, 40);
    memcpy(command->new_sha, text + 41, 40);
    command->ref = text + 82;
    size_t name = strlen(command->ref);
    const char *capabilities = 82 + name < length ? command->ref + name + 1 : "";
    push->side_band |= strstr(capabilities, "side-band-64k") != NULL;
    push->report |= strstr(capabilities, "report-status") != NULL;
    command->ref[strcspn(command->ref, "\n")] = 0;
    push->count++;
    return true;
}

/* False where the body is no list of commands: git will say what is wrong with it. */
static bool parse_push(struct request *request, struct push *push)
{
    size_t at = 0;
    size_t length;
    *push = (struct push){0};
    while (push->count < COMMANDS_MAX && packet_length(&request->body, at, &length)) {
        if (!length) {
            push->pack = at + 4;
            return push->count > 0;
        }
        const char *line = request->body.data + at + 4;
        if (!text_begins(line, "shallow ") &&
            !parse_command(&request->pool, line, length - 4, push))
            return false;
        at += length;
    }
    return false;
}

/* Objects that come with the push are needed to judge it; unreferenced, they change nothing. */
static void unpack(const struct request *request, const struct push *push)
{
    if (push->pack >= request->body.length)
        return;
    struct buffer pack = {.data = request->body.data + push->pack,
                          .length = request->body.length - push->pack};
    const char *const arguments[] = {"git", "index-pack", "--stdin", "--fix-thin", NULL};
    git_run(arguments, &pack, NULL);
}

static void add_packet(struct buffer *out, const char *text, size_t length)
{
    buffer_format(out, "%04zx", length + 4);
    buffer_add(out, text, length);
}

static void add_band(struct buffer *out, char band, const struct buffer *data)
{
    struct buffer packet = {0};
    buffer_add(&packet, &band, 1);
    buffer_add(&packet, data->data, data->length);
    add_packet(out, packet.data, packet.length);
    buffer_free(&packet);
}

static void report_line(struct buffer *out, const char *line)
{
    add_packet(out, line, strlen(line));
}

static void report(struct request *request, const struct push *push, struct refusal *refusals,
                   struct buffer *out)
{
    report_line(out, "unpack ok\n");
    for (size_t i = 0; i < push->count; i++) {
        const char *reason = refusals[i].reason ? refusals[i].reason : "pre-receive hook declined";
        report_line(out, pool_format(&request->pool, "ng %s %s\n", push->commands[i].ref, reason));
    }
    buffer_text(out, "0000");
}

static void refuse(struct request *request, struct answer *answer, const struct push *push,
                   struct refusal *refusals)
{
    struct buffer lines = {0};
    struct buffer outcome = {0};
    for (size_t i = 0; i < push->count; i++)
        if (refusals[i].remote)
            buffer_text(&lines, refusals[i].remote);
    if (push->report)
        report(request, push, refusals, &outcome);
    if (push->side_band) {
        if (lines.length)
            add_band(&answer->body, 2, &lines);
        if (outcome.length)
            add_band(&answer->body, 1, &outcome);
        buffer_text(&answer->body, "0000");
    } else {
        buffer_add(&answer->body, outcome.data, outcome.length);
    }
    buffer_free(&lines);
    buffer_free(&outcome);
    answer->status = 200;
    answer->chunked = true;
    answer_header(answer, "Content-Type", "application/x-git-receive-pack-result");
    answer_header(answer, "Cache-Control", "no-cache, max-age=0, must-revalidate");
}

bool receive_refused(struct request *request, struct answer *answer, const cJSON *who)
{
    struct push push;
    struct refusal refusals[COMMANDS_MAX] = {0};
    bool refused = false;
    if (!parse_push(request, &push))
        return false;
    bool judged = cJSON_GetArraySize(config_get("rulesets")) ||
                  !text_equal(config_text("workflows_check", "off"), "off");
    if (judged)
        unpack(request, &push);
    for (size_t i = 0; i < push.count; i++) {
        struct command *command = &push.commands[i];
        refused |= rules_refuse(&request->pool, who, command->ref, command->old_sha,
                                command->new_sha, &refusals[i]);
    }
    if (refused)
        refuse(request, answer, &push, refusals);
    return refused;
}

void receive_note(struct request *request)
{
    struct push push;
    struct refs refs;
    if (!parse_push(request, &push))
        return;
    refs_read(&refs);
    for (size_t i = 0; i < push.count; i++) {
        const struct ref *ref = refs_find(&refs, push.commands[i].ref);
        if (!ref || !text_equal(ref->sha, push.commands[i].new_sha))
            continue;
        clock_change();
        if (strspn(push.commands[i].old_sha, "0") == 40)
            refs_note_created(ref->name);
    }
    refs_free(&refs);
}
