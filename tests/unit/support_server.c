#include "support_server.h"

#include <string.h>

/* Does this call go wrong, and how? */
static enum fake_fault next_call(struct fake_server *server)
{
    size_t const call = ++server->calls;
    size_t const faults = server->fault_calls ? server->fault_calls : 1;

    if (server->meanwhile)
        server->meanwhile(server, call);
    return server->fault_at && call >= server->fault_at && call < server->fault_at + faults
               ? server->fault
               : FAULT_NONE;
}

static enum fake_fault next_write(struct fake_server *server)
{
    enum fake_fault const fault = next_call(server);

    return server->lost_writes ? FAULT_LOST_NOT : fault;
}

/* How a change ends that was carried out, or wasn't. */
static enum write_end end_of(enum fake_fault fault, struct error *error)
{
    if (fault == FAULT_NONE)
        return WRITE_DONE;
    error_set(error, fault == FAULT_FAIL ? ERROR_REJECTED : ERROR_UNREACHABLE, NULL, "a fault");
    return fault == FAULT_FAIL ? WRITE_FAILED : WRITE_LOST;
}

static bool is_carried_out(enum fake_fault fault)
{
    return fault == FAULT_NONE || fault == FAULT_LOST_DONE;
}

static int read_fails(enum fake_fault fault, struct error *error)
{
    return fault == FAULT_NONE ? 0 : error_set(error, ERROR_SERVER, NULL, "a read failed");
}

static enum write_end create_branch(void *state, const char *name, const char *commit,
                                    struct error *error)
{
    struct fake_server *server = state;
    enum fake_fault const fault = next_call(server);

    assert_string_equal(name, server->branch);
    if (is_carried_out(fault)) {
        if (server->branch_commit)
            return fault == FAULT_NONE ? WRITE_TAKEN : end_of(fault, error);
        server->branch_commit = arena_copy(server->arena, commit);
        server->branches_made++;
    }
    return end_of(fault, error);
}

static int read_branch(void *state, struct arena *arena, const char *name, const char **commit,
                       struct error *error)
{
    struct fake_server *server = state;

    if (read_fails(next_call(server), error))
        return -1;
    assert_string_equal(name, server->branch);
    *commit = arena_copy(arena, server->branch_commit);
    return 0;
}

struct release *fake_add(struct fake_server *server, const char *title, const char *body)
{
    assert_true(server->count < FAKE_MOST_RELEASES);
    struct release *release = &server->releases[server->count++];

    *release = (struct release){
        .id = ++server->next_id,
        .tag = server->tag,
        .title = arena_copy(server->arena, title),
        .body = arena_copy(server->arena, body),
        .page = "https://github.com/owner/project/releases/untagged",
        .upload_url = "https://uploads.github.com/x",
        .draft = true,
    };
    return release;
}

static void answer_release(const struct fake_server *server, const struct release *release,
                           struct release *made)
{
    *made = *release;
    if (server->odd_answers)
        made->body = "something else";
}

static enum write_end create_draft(void *state, struct arena *arena,
                                   const struct release_fields *fields, struct release *made,
                                   struct error *error)
{
    struct fake_server *server = state;
    enum fake_fault const fault = next_write(server);
    struct release ignored;
    (void)arena;

    assert_non_null(fields->tag);
    assert_non_null(fields->commit);
    assert_non_null(fields->title);
    assert_non_null(fields->body);
    server->draft_requests++;
    if (is_carried_out(fault)) {
        struct release *release = fake_add(server, fields->title, fields->body);

        release->prerelease = fields->prerelease;
        server->drafts_made++;
        answer_release(server, release, fault == FAULT_NONE ? made : &ignored);
    }
    return end_of(fault, error);
}

static struct release *find(struct fake_server *server, int64_t id)
{
    for (size_t i = 0; i < server->count; i++)
        if (server->releases[i].id == id)
            return &server->releases[i];
    return NULL;
}

static enum write_end update_draft(void *state, struct arena *arena, int64_t id,
                                   const struct release_fields *fields, struct release *made,
                                   struct error *error)
{
    struct fake_server *server = state;
    enum fake_fault const fault = next_write(server);
    struct release *release = find(server, id);
    (void)arena;

    assert_null(fields->tag);
    if (is_carried_out(fault)) {
        if (!release)
            return fault == FAULT_NONE ? WRITE_GONE : end_of(fault, error);
        if (fields->title)
            release->title = arena_copy(server->arena, fields->title);
        if (fields->body)
            release->body = arena_copy(server->arena, fields->body);
        if (!fields->keep_prerelease)
            release->prerelease = fields->prerelease;
        server->updates++;
        if (fault == FAULT_NONE)
            answer_release(server, release, made);
    }
    return end_of(fault, error);
}

static enum write_end delete_draft(void *state, int64_t id, struct error *error)
{
    struct fake_server *server = state;
    enum fake_fault const fault = next_call(server);
    struct release *release = find(server, id);

    if (is_carried_out(fault)) {
        if (!release)
            return fault == FAULT_NONE ? WRITE_GONE : end_of(fault, error);
        assert_true(release->draft);
        *release = server->releases[--server->count];
        server->deletions++;
    }
    return end_of(fault, error);
}

static int list_releases(void *state, struct arena *arena, const char *tag, uint32_t pages,
                         struct release_facts *releases, struct error *error)
{
    struct fake_server *server = state;
    struct release_facts found = {.last_page = pages};

    if (read_fails(next_call(server), error))
        return -1;
    assert_string_equal(tag, server->tag);
    bool const lags = server->lists++ < server->lag;
    for (size_t i = 0; i < server->count; i++) {
        if (lags && server->releases[i].id >= server->first_hidden)
            continue;
        found.items = arena_append(arena, found.items, &found.count, sizeof(*found.items));
        found.items[found.count - 1] = server->releases[i];
    }
    *releases = found;
    return 0;
}

static int read_release(void *state, struct arena *arena, int64_t id, struct release *release,
                        bool *exists, struct error *error)
{
    struct fake_server *server = state;
    (void)arena;

    if (read_fails(next_call(server), error))
        return -1;
    *exists = find(server, id) != NULL;
    if (*exists)
        *release = *find(server, id);
    return 0;
}

static int read_tag(void *state, struct arena *arena, const char *name, const char **object,
                    struct error *error)
{
    struct fake_server *server = state;

    if (read_fails(next_call(server), error))
        return -1;
    assert_string_equal(name, server->tag);
    *object = arena_copy(arena, server->tag_object);
    return 0;
}

static enum write_end publish(void *state, struct arena *arena, int64_t id, bool prerelease,
                              bool latest, struct release *made, struct error *error)
{
    struct fake_server *server = state;
    enum fake_fault const fault = next_write(server);
    struct release *release = find(server, id);
    (void)arena;

    if (is_carried_out(fault)) {
        if (!release)
            return fault == FAULT_NONE ? WRITE_GONE : end_of(fault, error);
        for (size_t i = 0; i < server->count; i++)
            if (!server->releases[i].draft && &server->releases[i] != release)
                return fault == FAULT_NONE ? WRITE_TAKEN : end_of(fault, error);
        assert_true(release->draft); /* what is public is left alone */
        release->draft = false;
        release->prerelease = prerelease;
        server->publications++;
        if (!prerelease && (latest || server->ignores_latest))
            server->latest = id;
        if (fault == FAULT_NONE)
            answer_release(server, release, made);
        if (server->odd_answers && fault == FAULT_NONE)
            made->draft = true;
    }
    return end_of(fault, error);
}

static enum write_end set_latest(void *state, int64_t id, bool latest, struct error *error)
{
    struct fake_server *server = state;
    enum fake_fault const fault = next_write(server);

    if (fault == FAULT_NONE && id > 100 && !find(server, id))
        return WRITE_GONE;
    if (fault == FAULT_FAIL && server->failure) {
        error_set(error, server->failure, NULL, "a fault");
        return WRITE_FAILED;
    }
    if (is_carried_out(fault) && !server->keeps_latest) {
        server->latest = latest ? id : server->latest == id ? 0 : server->latest;
        server->latest_sets++;
    }
    return end_of(fault, error);
}

static int read_latest(void *state, struct arena *arena, struct latest_release *latest,
                       struct error *error)
{
    struct fake_server *server = state;
    const struct release *release = find(server, server->latest);
    (void)arena;

    if (read_fails(next_call(server), error))
        return -1;
    *latest = (struct latest_release){server->latest, release ? release->tag : server->latest_tag};
    return 0;
}

/* As a mail server does, it has the mail or not, and may not come to say so. */
static enum mail_end send_mail(void *mailer, const struct mail *mail, struct error *error)
{
    struct fake_server *server = mailer;
    enum fake_fault const fault = next_call(server);
    const char *id = strstr(mail->message, "Message-ID: ");

    server->mail_requests++;
    if (fault == FAULT_FAIL || server->refuse_mails) {
        server->refuse_mails -= server->refuse_mails > 0;
        error_set(error, ERROR_MAIL_REFUSED, NULL, "not now");
        return fault == FAULT_FAIL ? MAIL_REFUSED : MAIL_LATER;
    }
    if (is_carried_out(fault)) {
        assert_non_null(id);
        assert_true(server->mails < sizeof(server->mail_ids) / sizeof(server->mail_ids[0]));
        server->mail_ids[server->mails++] =
            arena_copy_bytes(server->arena, id, strcspn(id, "\r\n"));
    }
    if (fault == FAULT_NONE)
        return MAIL_SENT;
    error_set(error, ERROR_MAIL_LOST, NULL, "nobody knows");
    return MAIL_LOST;
}

struct effects fake_effects(struct fake_server *server)
{
    return (struct effects){
        .state = server,
        .create_branch = create_branch,
        .read_branch = read_branch,
        .create_draft = create_draft,
        .update_draft = update_draft,
        .delete_draft = delete_draft,
        .list_releases = list_releases,
        .read_release = read_release,
        .read_tag = read_tag,
        .publish = publish,
        .set_latest = set_latest,
        .read_latest = read_latest,
        .mailer = server,
        .send_mail = send_mail,
    };
}

const char *fake_state(struct arena *arena, const struct fake_server *server)
{
    CLEANUP(text_free) struct text out = {0};

    text_print(&out, "branch %s", string_or(server->branch_commit, "(none)"));
    for (int64_t id = 0; id <= server->next_id; id++)
        for (size_t i = 0; i < server->count; i++)
            if (server->releases[i].id == id)
                text_print(&out, "; %s%s \"%s\": %s",
                           server->releases[i].draft ? "draft" : "public",
                           server->releases[i].prerelease ? " pre-release" : "",
                           server->releases[i].title, server->releases[i].body);
    return arena_copy(arena, text_string(&out));
}
