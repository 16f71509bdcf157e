/*
 * apply_publish and apply_announce, against a GitHub and a mail server in memory: every call fails in
 * turn, answers are lost, others come in between. A clean run afterwards ends in the state of one clean
 * run: published once, the right one the latest, one mail, or two with one Message-ID.
 */
#include "support_server.h"

#include "core/announcement.h"
#include "core/marker.h"

#include <string.h>

static const char mailing[] = "announce_to=list@example.org|announce_from=Us <us@example.org>|"
                              "smtp_url=smtps://mail.example.org";

struct bench {
    struct arena arena;
    struct fake_clock clock;
    struct inputs inputs;
    struct target target;
    struct model model;
    struct fake_server server;
    struct plan plan;
    struct applied applied;
    struct error error;
};

/* The tag is there, and its branch; `others` are published, with ids from 1 on, the first the latest. */
static void bench_open(struct bench *bench, const char *tag, const char *inputs, const char *others)
{
    struct arena *arena = &bench->arena;
    const char *commit, *name;

    *bench = (struct bench){.error = {0}};
    commit = object_id(arena, 'c', 1);
    fake_clock_start(&bench->clock);
    bench->model = (struct model){
        .repository = "owner/project",
        .default_branch = "main",
        .source = "main",
        .source_head = commit,
    };
    model_add_tag(arena, &bench->model, "v0.9.0", object_id(arena, 'c', 40));
    model_add_signed_tag(arena, &bench->model, tag, commit);
    model_add_branch(arena, &bench->model, "release-0.10", commit);
    read_inputs(arena, arena_print(arena, "%s|%s", mailing, inputs), &bench->inputs);
    model_target(arena, &bench->model, &bench->inputs, "push", tag, &bench->target);
    bench->server = (struct fake_server){
        .arena = arena,
        .tag = bench->target.tag,
        .branch = "release-0.10",
        .branch_commit = commit,
        .tag_object = bench->model.objects[0].object,
        .next_id = 100,
        .first_hidden = INT64_MAX,
    };
    while ((name = next_part(arena, &others, ' '))) {
        struct release_facts *releases = &bench->model.releases;

        releases->others = arena_append(arena, releases->others, &releases->other_count,
                                        sizeof(*releases->others));
        releases->others[releases->other_count - 1] =
            (struct other_release){.id = (int64_t)releases->other_count, .tag = name};
        bench->server.latest = 1;
        bench->server.latest_tag = releases->others[0].tag;
    }
}

static void bench_close(struct bench *bench)
{
    arena_free(&bench->arena);
}

static void look_and_plan(struct bench *bench)
{
    struct fake_server *server = &bench->server;
    struct release_facts *releases = &bench->model.releases;

    releases->items = arena_take(&bench->arena, sizeof(server->releases));
    memcpy(releases->items, server->releases, sizeof(server->releases));
    releases->count = server->count;
    bench->model.latest = (struct latest_release){
        server->latest, server->latest > 100 ? server->tag : server->latest_tag};
    model_plan(&bench->arena, &bench->model, &bench->inputs, &bench->target, &bench->plan);
}

static enum apply_end apply_once(struct bench *bench)
{
    struct effects const effects = fake_effects(&bench->server);
    struct applying const applying = {
        .arena = &bench->arena,
        .plan = &bench->plan,
        .target = &bench->target,
        .effects = &effects,
        .clock = &bench->clock.clock,
        .deadline_ms = bench->clock.now_ms + 70 * 60 * 1000,
        .release_pages = 1,
        .more = "https://github.com/owner/project/compare",
    };

    return apply(&applying, &bench->applied, &bench->error);
}

static enum apply_end run_once(struct bench *bench)
{
    enum apply_end end = APPLY_MOVED;

    bench->applied = (struct applied){0};
    for (int attempt = 0; attempt < 2 && end == APPLY_MOVED; attempt++) {
        look_and_plan(bench);
        assert_false(bench->plan.refused);
        end = apply_once(bench);
    }
    return end;
}

static void heal_and_run(struct bench *bench)
{
    bench->server.fault_at = 0;
    bench->server.meanwhile = NULL;
    bench->server.odd_answers = bench->server.keeps_latest = false;
    bench->server.refuse_mails = 0;
    assert_int_equal(run_once(bench), APPLY_DONE);
    size_t const calls = bench->server.calls;
    look_and_plan(bench);
    assert_false(plan_changes(&bench->plan));
    assert_int_equal(run_once(bench), APPLY_DONE);
    assert_int_equal(bench->server.calls, calls);
}

/* What every way must end in. */
static void expect_end(struct bench *bench, int64_t latest)
{
    const struct fake_server *server = &bench->server;
    struct announcement found;

    assert_int_equal(server->count, 1);
    assert_false(server->releases[0].draft);
    assert_int_equal(server->publications, 1);
    assert_int_equal(server->latest, latest ? latest : server->releases[0].id);
    announcement_read(&bench->arena, server->releases[0].body, &found);
    assert_int_equal(found.state, ANNOUNCEMENT_SENT);
    assert_in_range(server->mails, 1, 2);
    assert_string_equal(server->mail_ids[0], server->mail_ids[server->mails - 1]);
}

/* ---- clean runs ------------------------------------------------------------------------------ */

static const struct {
    const char *tag, *inputs, *others;
    bool ignores_latest;
    int64_t latest; /* 0: ours */
} starts[] = {
    {"v0.10.0", "draft=false", "v0.9.0", false, 0},
    {"v0.10.0", "draft=false", "", false, 0},
    {"v0.10.0", "draft=false", "v0.9.0", true, 0},
    {"v0.10.0", "draft=false", "v0.11.0 v0.9.0", true, 1},
    {"v0.10.0", "draft=false|make_latest=false", "v0.9.0", true, 1},
    {"v0.10.0-rc.1", "draft=false|announce_candidates=true", "v0.9.0", false, 1},
};

static void start(struct bench *bench, size_t i)
{
    bench_open(bench, starts[i].tag, starts[i].inputs, starts[i].others);
    bench->server.ignores_latest = starts[i].ignores_latest;
    if (string_starts(starts[i].others, "v0.11.0")) /* its tag is there, too */
        model_add_tag(&bench->arena, &bench->model, "v0.11.0", object_id(&bench->arena, 'c', 41));
}

static void test_clean_runs(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT_OF(starts); i++) {
        struct bench bench;

        start(&bench, i);
        assert_int_equal(run_once(&bench), APPLY_DONE);
        expect_end(&bench, starts[i].latest);
        assert_int_equal(bench.server.mails, 1);
        assert_true(bench.applied.published);
        assert_false(bench.applied.mail_again);
        assert_int_equal(bench.clock.slept_ms, 0);
        assert_contains(bench.applied.announcement, "Subject: [ANNOUNCE] project v0.10.0");
        heal_and_run(&bench);
        assert_int_equal(bench.server.mails, 1);
        bench_close(&bench);
    }
}

/* ---- every call goes wrong ------------------------------------------------------------------- */

static void test_each_call_goes_wrong(void **state)
{
    (void)state;

    for (size_t i = 0; i < COUNT_OF(starts); i++)
        for (enum fake_fault fault = FAULT_FAIL; fault < FAULT_COUNT; fault++)
            for (size_t call = 1;; call++) {
                struct bench bench;

                start(&bench, i);
                bench.server.fault = fault;
                bench.server.fault_at = call;
                enum apply_end const end = run_once(&bench);
                bool const struck = bench.server.calls >= call;

                if (end == APPLY_DONE && !bench.applied.latest_stuck)
                    expect_end(&bench, starts[i].latest);
                else if (end != APPLY_DONE)
                    assert_true(bench.error.message[0]);
                heal_and_run(&bench);
                expect_end(&bench, starts[i].latest);
                bench_close(&bench);
                if (!struck)
                    break;
            }
}

/* The same, and twice in a row. */
static void test_two_calls_go_wrong(void **state)
{
    (void)state;

    for (size_t call = 1; call < 20; call++) {
        struct bench bench;

        start(&bench, 0);
        bench.server.fault = FAULT_LOST_NOT;
        bench.server.fault_at = call;
        bench.server.fault_calls = 2;
        run_once(&bench);
        heal_and_run(&bench);
        expect_end(&bench, 0);
        bench_close(&bench);
    }
}

/* ---- others come in between --------------------------------------------------------------------- */

static void publish_by_hand(struct fake_server *server, size_t call)
{
    (void)call;
    if (server->count && server->releases[0].draft && server->calls > 2) {
        server->releases[0].draft = false;
        server->latest = server->releases[0].id;
        server->meanwhile = NULL;
        server->publications++;
    }
}

/* A person publishes the draft: it is left as it is, and announced. */
static void test_published_meanwhile(void **state)
{
    struct bench bench;
    (void)state;

    start(&bench, 0);
    bench.server.meanwhile = publish_by_hand;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_false(bench.applied.published);
    expect_end(&bench, 0);
    bench_close(&bench);
}

static size_t removed_at;

static void remove_the_draft(struct fake_server *server, size_t call)
{
    if (call == removed_at && server->count && server->releases[0].draft)
        server->count = 0;
}

/* A person throws the draft away, at any moment: another is made, and published. */
static void test_draft_removed_meanwhile(void **state)
{
    (void)state;

    for (removed_at = 1; removed_at < 12; removed_at++) {
        struct bench bench;

        start(&bench, 0);
        bench.server.meanwhile = remove_the_draft;
        run_once(&bench);
        heal_and_run(&bench);
        expect_end(&bench, 0);
        bench_close(&bench);
    }
}

static void move_tag(struct fake_server *server, size_t call)
{
    (void)call;
    if (server->count)
        server->tag_object = "7000000000000000000000000000000000000099";
}

/* The tag was moved, or removed, since it was verified. */
static void test_tag_moved_meanwhile(void **state)
{
    struct bench bench;
    (void)state;

    start(&bench, 0);
    bench.server.meanwhile = move_tag;
    assert_int_equal(run_once(&bench), APPLY_MOVED);
    assert_int_equal(bench.server.publications, 0);
    assert_true(bench.server.releases[0].draft);
    bench.server.meanwhile = NULL;
    bench.server.tag_object = NULL;
    assert_int_equal(run_once(&bench), APPLY_MOVED);
    assert_int_equal(bench.server.publications, 0);
    bench_close(&bench);
}

/* Another release of the tag becomes public under our hands. */
static void another_is_published(struct fake_server *server, size_t call)
{
    (void)call;
    if (server->count != 1 || !server->releases[0].draft || server->calls < 5)
        return;
    fake_add(server, server->tag, "By hand.")->draft = false;
    server->publications++;
    server->latest = server->next_id;
}

static void test_another_release_is_published(void **state)
{
    struct bench bench;
    (void)state;

    start(&bench, 0);
    bench.server.meanwhile = another_is_published;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    expect_end(&bench, 0);
    assert_contains(bench.server.releases[0].body, "By hand.");
    bench_close(&bench);
}

/* An answer that says something else than what was asked for. */
static void test_odd_answers(void **state)
{
    struct bench bench;
    (void)state;

    start(&bench, 0);
    assert_int_equal(run_once(&bench), APPLY_DONE);
    bench_close(&bench);
    start(&bench, 0);
    fake_add(&bench.server, bench.target.tag, "A stub.");
    bench.server.releases[0].title = bench.target.tag;
    look_and_plan(&bench);
    bench.plan.steps[2].state = STEP_DONE; /* the release: nothing is written ahead of publishing */
    bench.server.odd_answers = true;
    assert_int_equal(apply_once(&bench), APPLY_FAILED);
    assert_code(ERROR_ANSWER, bench.error.code);
    bench_close(&bench);
}

/* ---- the latest -------------------------------------------------------------------------------- */

static void publish_ours(struct bench *bench)
{
    struct release *release = fake_add(&bench->server, bench->target.tag, "Notes.");

    release->draft = false;
    bench->server.publications++;
    bench->server.latest = release->id;
}

/* A backport that a person made the latest: given back by announce. */
static void test_latest_is_given_back(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, "v0.10.0", "command=announce", "v0.11.0");
    model_add_tag(&bench.arena, &bench.model, "v0.11.0", object_id(&bench.arena, 'c', 41));
    publish_ours(&bench);
    assert_int_equal(run_once(&bench), APPLY_DONE);
    expect_end(&bench, 1);
    assert_int_equal(bench.server.latest_sets, 1);
    heal_and_run(&bench);
    assert_int_equal(bench.server.latest_sets, 1);
    bench_close(&bench);
}

/* A server that doesn't do it, whatever it says. */
static void test_latest_is_never_right(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, "v0.10.0", "command=announce", "v0.11.0");
    model_add_tag(&bench.arena, &bench.model, "v0.11.0", object_id(&bench.arena, 'c', 41));
    publish_ours(&bench);
    bench.server.keeps_latest = true;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_LATEST_MOVED, bench.error.code);
    assert_int_equal(bench.server.mails, 0);
    heal_and_run(&bench);
    expect_end(&bench, 1);
    bench_close(&bench);
}

/* What it says then names who was expected. */
static void test_latest_that_stays_another(void **state)
{
    static const struct {
        const char *inputs, *others, *expected;
        int64_t latest;
    } cases[] = {
        {"command=announce", "v0.9.0", "v0.10.0 was expected", 1},
        {"command=announce|make_latest=false", "", "another one was expected", 101},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct bench bench;

        bench_open(&bench, "v0.10.0", cases[i].inputs, cases[i].others);
        publish_ours(&bench);
        bench.server.latest = cases[i].latest;
        bench.server.keeps_latest = true;
        assert_int_equal(run_once(&bench), APPLY_FAILED);
        assert_code(ERROR_LATEST_MOVED, bench.error.code);
        assert_contains(bench.error.message, cases[i].expected);
        bench_close(&bench);
    }
}

/* A backport is the latest, and is to give that back. */
static void start_giving_back(struct bench *bench)
{
    bench_open(bench, "v0.10.0", "command=announce", "v0.11.0");
    model_add_tag(&bench->arena, &bench->model, "v0.11.0", object_id(&bench->arena, 'c', 41));
    publish_ours(bench);
}

static void test_latest_and_faults(void **state)
{
    struct bench bench;
    (void)state;

    start_giving_back(&bench); /* a token that may not, for one */
    bench.server.fault = FAULT_FAIL;
    bench.server.fault_at = 2;
    bench.server.failure = ERROR_PERMISSION;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_PERMISSION, bench.error.code);
    heal_and_run(&bench);
    expect_end(&bench, 1);
    bench_close(&bench);

    start_giving_back(&bench); /* never carried out, and no answer says so */
    bench.server.lost_writes = true;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_UNREACHABLE, bench.error.code);
    assert_int_equal(bench.server.mails, 0);
    bench.server.lost_writes = false;
    heal_and_run(&bench);
    expect_end(&bench, 1);
    bench_close(&bench);

    start_giving_back(&bench); /* a signal */
    bench.server.keeps_latest = true;
    bench.clock.interrupt_after = 1;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_INTERRUPTED, bench.error.code);
    bench_close(&bench);
}

static void remove_ours(struct fake_server *server, size_t call)
{
    if (call == removed_at)
        server->count = 0;
}

static void test_release_gone_while_it_is_the_latest(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, "v0.10.0", "command=announce|make_latest=false", "");
    publish_ours(&bench);
    removed_at = 2;
    bench.server.meanwhile = remove_ours;
    look_and_plan(&bench);
    assert_int_equal(apply_once(&bench), APPLY_MOVED);
    assert_int_equal(bench.server.latest_sets + bench.server.mails, 0);
    bench_close(&bench);
}

static void test_latest_of_an_immutable_release(void **state)
{
    struct bench bench;
    (void)state;

    bench_open(&bench, "v0.10.0", "command=announce", "v0.11.0");
    model_add_tag(&bench.arena, &bench.model, "v0.11.0", object_id(&bench.arena, 'c', 41));
    bench.model.releases.others[0].immutable = true;
    publish_ours(&bench);
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.latest_sets, 0);
    assert_int_equal(bench.server.mails, 1);
    assert_int_equal(plan_finding(&bench.plan, ERROR_LATEST_MOVED)->level, FINDING_WARNING);
    bench_close(&bench);
}

/* ---- the mail ------------------------------------------------------------------------------------ */

static void start_announcing(struct bench *bench, const char *body)
{
    bench_open(bench, "v0.10.0", "command=announce", "v0.9.0");
    publish_ours(bench);
    if (body)
        bench->server.releases[0].body = body;
}

/* Busy servers are tried again, for a while; then nothing is left that says a mail was sent. */
static void test_mail_later(void **state)
{
    struct bench bench;
    (void)state;

    start_announcing(&bench, NULL);
    bench.server.refuse_mails = 3;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.mail_requests, 4);
    assert_int_equal(bench.clock.slept_ms, 65000);
    expect_end(&bench, 0);
    bench_close(&bench);

    start_announcing(&bench, NULL);
    bench.server.refuse_mails = 1000;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_MAIL_REFUSED, bench.error.code);
    assert_int_equal(bench.server.mail_requests, 6);
    assert_string_equal(bench.server.releases[0].body, "Notes.");
    heal_and_run(&bench);
    assert_int_equal(bench.server.mails, 1);
    bench_close(&bench);
}

static const char sending[] = "Notes.\n\n<!-- cut-release:announcement state=sending "
                              "id=cut-release.1.v0.10.0@elsewhere.org -->";

/* An earlier run began to send it, and was killed: sent again, under the id of then. */
static void test_mail_again(void **state)
{
    struct bench bench;
    (void)state;

    start_announcing(&bench, sending);
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_true(bench.applied.mail_again);
    assert_string_equal(bench.server.mail_ids[0],
                        "Message-ID: <cut-release.1.v0.10.0@elsewhere.org>");
    assert_int_equal(bench.clock.slept_ms, 13000);
    heal_and_run(&bench);
    assert_int_equal(bench.server.mails, 1);
    bench_close(&bench);

    start_announcing(&bench, sending); /* refused: the doubt stays */
    bench.server.refuse_mails = 1000;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_contains(bench.server.releases[0].body, "state=sending");
    bench_close(&bench);
}

static void finish_the_mail(struct fake_server *server, size_t call)
{
    if (call == 3)
        server->releases[0].body =
            "Notes.\n\n<!-- cut-release:announcement state=sent id=a@example.org -->";
}

/* Another run is about to finish it. */
static void test_mail_of_another_run(void **state)
{
    struct bench bench;
    (void)state;

    start_announcing(&bench, sending);
    bench.server.meanwhile = finish_the_mail;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.mails, 0);
    assert_false(bench.applied.changed);
    bench_close(&bench);
}

static void send_it_too(struct fake_server *server, size_t call)
{
    struct announcement found;

    if (call != 5) /* the mail is out, and the release isn't told so yet */
        return;
    announcement_read(server->arena, server->releases[0].body, &found);
    found.state = ANNOUNCEMENT_SENT;
    server->releases[0].body = announcement_write(server->arena, server->releases[0].body, &found);
}

/* Two announce at once: who comes to its end later sees it, and says so. */
static void test_mail_of_two_at_once(void **state)
{
    struct bench bench;
    (void)state;

    start_announcing(&bench, NULL);
    bench.server.meanwhile = send_it_too;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_int_equal(bench.server.mails, 1);
    assert_true(bench.applied.mail_again);
    bench_close(&bench);
}

static void edit_the_release(struct fake_server *server, size_t call)
{
    if (call == 4) /* between the mail's marker and its sending */
        server->releases[0].body =
            arena_print(server->arena, "A word ahead. %s", server->releases[0].body);
}

static void test_edit_meanwhile_is_kept(void **state)
{
    struct bench bench;
    (void)state;

    start_announcing(&bench, NULL);
    bench.server.meanwhile = edit_the_release;
    assert_int_equal(run_once(&bench), APPLY_DONE);
    assert_true(string_starts(bench.server.releases[0].body, "A word ahead. Notes.\n\n<!--"));
    bench_close(&bench);
}

static void test_release_gone_meanwhile(void **state)
{
    struct bench bench;
    (void)state;

    for (removed_at = 1; removed_at < 4; removed_at++) {
        start_announcing(&bench, NULL);
        bench.server.meanwhile = remove_ours;
        look_and_plan(&bench);
        assert_int_equal(apply_once(&bench), APPLY_MOVED);
        assert_int_equal(bench.server.mails, 0);
        bench_close(&bench);
    }
}

/* Without its marker in the release no mail goes out. */
static void test_no_mail_that_is_not_remembered(void **state)
{
    struct bench bench;
    (void)state;

    start_announcing(&bench, NULL);
    bench.server.odd_answers = true;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_ANSWER, bench.error.code);
    assert_int_equal(bench.server.mail_requests, 0);
    heal_and_run(&bench);
    assert_int_equal(bench.server.mails, 1);
    bench_close(&bench);

    start_announcing(&bench, NULL);
    bench.server.lost_writes = true;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_UNREACHABLE, bench.error.code);
    assert_int_equal(bench.server.mail_requests, 0);
    bench.server.lost_writes = false;
    heal_and_run(&bench);
    assert_int_equal(bench.server.mails, 1);
    bench_close(&bench);
}

/* A final release's mail answers that of the last candidate that has one, in whatever order they come. */
static void test_mail_answers_the_last_candidate(void **state)
{
    static const char *const orders[] = {
        "v0.10.0-rc.2 v0.10.0-rc.1 v0.10.0-rc.3 v0.9.0-rc.9",
        "v0.9.0-rc.9 v0.10.0-rc.1 v0.10.0-rc.2 v0.10.0-rc.3",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        struct bench bench;

        bench_open(&bench, "v0.10.0", "command=announce|make_latest=false", orders[i]);
        struct release_facts *releases = &bench.model.releases;
        for (size_t j = 0; j < releases->other_count; j++)
            if (!strings_equal(releases->others[j].tag, "v0.10.0-rc.3"))
                releases->others[j].announced = releases->others[j].tag;
        publish_ours(&bench);
        look_and_plan(&bench);
        assert_string_equal(bench.plan.mail.in_reply_to, "v0.10.0-rc.2");
        bench_close(&bench);
    }
}

/* A signal ends the waiting; nothing was sent. */
static void test_interrupted_while_waiting(void **state)
{
    struct bench bench;
    (void)state;

    start_announcing(&bench, NULL);
    bench.server.refuse_mails = 1000;
    bench.clock.interrupt_after = 1;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_INTERRUPTED, bench.error.code);
    assert_int_equal(bench.server.mail_requests, 1);
    bench_close(&bench);

    start_announcing(&bench, sending); /* for another run's end */
    bench.clock.interrupt_after = 1;
    assert_int_equal(run_once(&bench), APPLY_FAILED);
    assert_code(ERROR_INTERRUPTED, bench.error.code);
    assert_int_equal(bench.server.mail_requests, 0);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean_runs),
        cmocka_unit_test(test_each_call_goes_wrong),
        cmocka_unit_test(test_two_calls_go_wrong),
        cmocka_unit_test(test_published_meanwhile),
        cmocka_unit_test(test_draft_removed_meanwhile),
        cmocka_unit_test(test_tag_moved_meanwhile),
        cmocka_unit_test(test_another_release_is_published),
        cmocka_unit_test(test_odd_answers),
        cmocka_unit_test(test_latest_is_given_back),
        cmocka_unit_test(test_latest_is_never_right),
        cmocka_unit_test(test_latest_that_stays_another),
        cmocka_unit_test(test_latest_and_faults),
        cmocka_unit_test(test_release_gone_while_it_is_the_latest),
        cmocka_unit_test(test_latest_of_an_immutable_release),
        cmocka_unit_test(test_mail_later),
        cmocka_unit_test(test_mail_again),
        cmocka_unit_test(test_mail_of_another_run),
        cmocka_unit_test(test_mail_of_two_at_once),
        cmocka_unit_test(test_edit_meanwhile_is_kept),
        cmocka_unit_test(test_release_gone_meanwhile),
        cmocka_unit_test(test_no_mail_that_is_not_remembered),
        cmocka_unit_test(test_mail_answers_the_last_candidate),
        cmocka_unit_test(test_interrupted_while_waiting),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
