/*
 * adapters/github: whatever a server answers to whichever question, or to a change. http_run is ours:
 * it hands every exchange the fuzzer's bytes. The first byte says what is asked, the second the status;
 * then come a line of the Link header and one of the permissions, and the body.
 */
#include "fuzz.h"

#include "adapters/file_stream.h"
#include "adapters/github.h"
#include "base/clock.h"

enum { ASKED, STATUS, HEAD, MOST_RUNS = 6 };

static struct {
    const uint8_t *body;
    size_t length;
    const char *link, *permissions;
    long status;
    int runs;
} answer;

void http_run(struct http *http, struct http_exchange *exchanges, size_t count)
{
    (void)http;
    must(count);
    answer.runs++;
    for (size_t i = 0; i < count; i++) {
        struct http_exchange *exchange = &exchanges[i];

        must(exchange->method && exchange->url && !exchange->content.length);
        exchange->outcome = answer.status ? HTTP_ANSWERED : HTTP_LOST;
        exchange->status = answer.runs > MOST_RUNS ? 500 : answer.status;
        if (!answer.status)
            error_set(&exchange->error, ERROR_UNREACHABLE, NULL, "cut");
        text_add_bytes(&exchange->content, (const char *)answer.body, answer.length);
        text_add(&exchange->content_type, "application/json; charset=utf-8");
        text_add(&exchange->link, answer.link);
        text_add(&exchange->permissions, answer.permissions);
    }
}

void http_exchange_free(struct http_exchange *exchange)
{
    text_free(&exchange->content);
    text_free(&exchange->content_type);
    text_free(&exchange->link);
    text_free(&exchange->permissions);
}

bool http_takes_token(const struct http *http, const char *url)
{
    (void)http;
    return string_starts(url, "https://127.0.0.1/");
}

/* What it links besides, and what no server's bytes reach: files that are uploaded. */
ptrdiff_t file_stream_read(struct file_stream *stream, int64_t offset, char *buffer, size_t size)
{
    (void)stream;
    (void)offset;
    (void)buffer;
    (void)size;
    return 0;
}

void file_stream_close(struct file_stream *stream)
{
    (void)stream;
}

int file_hash(struct arena *arena, struct asset_file *file, struct error *error)
{
    (void)arena;
    (void)file;
    (void)error;
    return 0;
}

void file_hash_checksums(struct arena *arena, struct file_facts *files)
{
    (void)arena;
    (void)files;
}

static int64_t now(void *state)
{
    (void)state;
    return 1;
}

static void no_sleep(void *state, int64_t duration)
{
    (void)state;
    (void)duration;
}

static bool never(void *state)
{
    (void)state;
    return false;
}

static const struct clock still = {NULL, now, now, no_sleep, never};
static const char name[] = "v0.10.0-rc.1", commit[] = "c000000000000000000000000000000000000001";

static const char *workflows[] = {"ci.yaml"};
static const struct gates_wanted wanted = {.workflows = workflows, .workflow_count = 1};

static void must_be_gates(const struct gates *gates)
{
    for (size_t i = 0; i < gates->run_count; i++)
        must(gates->runs[i].workflow &&
             (gates->runs[i].state == RUN_MISSING) == !gates->runs[i].page &&
             (gates->runs[i].state == RUN_MISSING) == !gates->runs[i].said);
}

static void must_be_release(const struct release *release)
{
    must(release->tag && release->title && release->body && release->page && release->upload_url);
}

static void must_be_facts(const struct facts *facts)
{
    for (size_t i = 0; i < facts->tags.count; i++)
        must(facts->tags.items[i].name && facts->tags.items[i].object);
    for (size_t i = 0; i < facts->releases.count; i++) {
        must_be_release(&facts->releases.items[i]);
        must(strings_equal(facts->releases.items[i].tag, name));
    }
    must(facts->ruleset_count <= MOST_RULESETS);
    must_be_gates(&facts->gates);
    if (facts_known(facts, QUESTION_TAG_OBJECT))
        must(facts->tag_object.target && facts->tag_object.name && facts->tag_object.message &&
             strings_equal(facts->tag_object.object, commit));
    if (facts_known(facts, QUESTION_NOTES))
        must(!facts->notes || *facts->notes); /* NULL: the server generates none */
    for (size_t i = 0; i < facts->changes.count; i++)
        must(facts->changes.items[i].commit && facts->changes.items[i].subject);
    if (facts_known(facts, QUESTION_REPOSITORY))
        must(!string_is_empty(facts->repository.default_branch));
}

static void ask(struct github *github, struct arena *arena, enum question_kind kind)
{
    struct question const question = {.kind = kind, .base = "v0.9.0", .head = commit};
    struct facts facts = {.releases = {.last_page = 3}, .ruleset_count = 2};
    struct error error = {0};

    if (github_answer(github, arena, &question, 1, &facts, &error))
        must(error.code && *error.message);
    else
        must(facts.answers[kind].knowledge != NOT_ASKED);
    must_be_facts(&facts);
}

static void must_have_ended(enum write_end end, const struct error *error)
{
    if (end == WRITE_LOST || end == WRITE_FAILED)
        must(error->code && *error->message);
}

static void check_assets(const struct effects *effects, struct arena *arena)
{
    struct asset_facts assets = {0};
    struct error error = {0};

    if (effects->list_assets(effects->state, arena, 7, &assets, &error)) {
        must(error.code && *error.message);
        return;
    }
    for (size_t i = 0; i < assets.count; i++)
        must(assets.items[i].name != NULL);
}

static void check_upload(const struct effects *effects, struct arena *arena)
{
    struct asset_file const file = {.own = "a b", .name = "a.b", .size = 3};
    struct error error = {0};
    struct asset_upload upload = {.file = &file, .error = &error};

    if (effects->upload_assets(effects->state, arena, "https://127.0.0.1/up{?name,label}", &upload,
                               1, NULL, &error))
        must(error.code && *error.message);
    else if (upload.end == WRITE_DONE)
        must(upload.made.name != NULL);
    else if (upload.end == WRITE_LOST || upload.end == WRITE_FAILED)
        must(error.code && *error.message);
}

static void check_lists(const struct effects *effects, struct arena *arena, bool runs)
{
    struct release_facts releases = {.last_page = 1};
    struct error error = {0};
    int64_t count = 0;
    bool known = false;

    if (runs ? effects->count_runs(effects->state, arena, name, commit, &count, &known, &error)
             : effects->list_releases(effects->state, arena, name, 2, &releases, &error))
        must(error.code && *error.message);
    else
        for (size_t i = 0; i < releases.count; i++)
            must_be_release(&releases.items[i]);
}

static void check_draft(const struct effects *effects, struct arena *arena, bool update)
{
    struct release_fields const fields = {.tag = name, .commit = commit, .title = "T", .body = "B"};
    struct release release = {0};
    struct error error = {0};
    enum write_end const end =
        update ? effects->update_draft(effects->state, arena, 7, &fields, &release, &error)
               : effects->create_draft(effects->state, arena, &fields, &release, &error);

    must_have_ended(end, &error);
    if (end == WRITE_DONE)
        must_be_release(&release);
}

static void check_release(const struct effects *effects, struct arena *arena)
{
    struct release release = {0};
    struct error error = {0};
    bool exists = false;

    if (effects->read_release(effects->state, arena, 7, &release, &exists, &error))
        must(error.code && *error.message);
    else if (exists)
        must_be_release(&release);
}

static void check_publishing(const struct effects *effects, struct arena *arena, unsigned which)
{
    struct latest_release latest = {0};
    struct release release = {0};
    struct error error = {0};

    if (which == 11) {
        enum write_end const end =
            effects->publish(effects->state, arena, 7, false, true, &release, &error);

        must_have_ended(end, &error);
        if (end == WRITE_DONE)
            must_be_release(&release);
    } else if (which == 12)
        must_have_ended(effects->set_latest(effects->state, 7, true, &error), &error);
    else if (effects->read_latest(effects->state, arena, &latest, &error))
        must(error.code && *error.message);
    else
        must(!latest.id || latest.tag);
}

static void check_runs(const struct effects *effects, struct arena *arena, bool start)
{
    struct gates gates = {0};
    struct error error = {0};

    if (start)
        must_have_ended(effects->start_workflow(effects->state, "ci-release.yaml", name, &error),
                        &error);
    else if (effects->read_runs(effects->state, arena, commit, &gates, &error))
        must(error.code && *error.message);
    else
        must(gates.run_count == 1 && gates_runs_text(arena, &gates));
    must_be_gates(&gates);
}

static void check_file(struct github *github, struct arena *arena)
{
    struct error error = {0};
    const char *found = NULL;

    if (github_file(github, arena, "main", "docs/KEYS", &found, &error))
        must(error.code && *error.message);
    else
        must(found != NULL);
}

static void change(struct github *github, struct arena *arena, unsigned which)
{
    struct effects const effects = github_effects(github);
    struct error error = {0};

    switch (which % 16) {
    case 0:
        check_draft(&effects, arena, true);
        break;
    case 1:
        must_have_ended(effects.delete_draft(effects.state, 7, &error), &error);
        break;
    case 2:
    case 3:
        check_lists(&effects, arena, which % 16 == 3);
        break;
    case 4:
        check_file(github, arena);
        break;
    case 5:
        must_have_ended(effects.create_branch(effects.state, "release-0.10", commit, &error),
                        &error);
        break;
    case 6:
        check_draft(&effects, arena, false);
        break;
    case 7:
        check_assets(&effects, arena);
        break;
    case 8:
        check_upload(&effects, arena);
        break;
    case 9:
        must_have_ended(effects.delete_asset(effects.state, 7, &error), &error);
        break;
    case 10:
        check_release(&effects, arena);
        break;
    case 11:
    case 12:
    case 13:
        check_publishing(&effects, arena, which % 16);
        break;
    default:
        check_runs(&effects, arena, which % 16 == 14);
        break;
    }
}

/* The next line, ended; NULL where there is none left. */
static const char *take_line(struct arena *arena, const uint8_t **data, size_t *left)
{
    const uint8_t *end = *left ? memchr(*data, '\n', *left) : NULL;
    size_t const length = end ? (size_t)(end - *data) : *left;
    const char *line = arena_copy_bytes(arena, (const char *)*data, length);

    *data += length + (end != NULL);
    *left -= length + (end != NULL);
    return line;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const long statuses[] = {200, 201, 204, 404, 403, 422, 409, 401, 500, 0};
    CLEANUP(arena_free) struct arena arena = {0};

    if (size < HEAD)
        return 0;
    const uint8_t *rest = data + HEAD;
    size_t left = size - HEAD;
    answer.link = take_line(&arena, &rest, &left);
    answer.permissions = take_line(&arena, &rest, &left);
    answer.body = rest;
    answer.length = left;
    answer.status = statuses[data[STATUS] % (sizeof(statuses) / sizeof(statuses[0]))];
    answer.runs = 0;
    static const char *workflows[] = {"ci-release.yaml", "e2e.yaml"};
    static const struct gates_wanted gates = {.workflows = workflows, .workflow_count = 2};
    struct github *github = github_open(&(struct github_settings){.gates = &gates,
                                                                  .api_url = "https://127.0.0.1",
                                                                  .repository = "o/n",
                                                                  .tag_prefix = "v",
                                                                  .tag = name,
                                                                  .branch_stem = "release-",
                                                                  .gates = &wanted,
                                                                  .clock = &still,
                                                                  .of_user = data[STATUS] & 0x80,
                                                                  .lenient = data[STATUS] & 0x40},
                                        NULL);
    if (data[ASKED] < 128)
        ask(github, &arena, (enum question_kind)(data[ASKED] % QUESTION_COUNT));
    else
        change(github, &arena, data[ASKED]);
    github_close(github);
    return 0;
}
