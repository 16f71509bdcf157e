/*
 * apply_assets, against a release's assets in memory and a clock that stands still: each call meets
 * each fault. Whatever happened, a clean run afterwards ends with the files, whole and once.
 */
#include "support.h"

#include "apply.h"

#include <string.h>

enum depot_fault {
    DEPOT_FINE,
    DEPOT_FAIL,       /* not carried out, and said so */
    DEPOT_LOST_DONE,  /* carried out, the answer is lost (a list just fails) */
    DEPOT_LOST_NOT,   /* not carried out, and nobody knows */
    DEPOT_STARTER,    /* an upload leaves an empty asset, and its answer is lost */
    DEPOT_CORRUPT,    /* an upload's bytes are others, and its answer tells */
    DEPOT_GONE,       /* the release or the asset is not there */
    DEPOT_OTHER_NAME, /* an upload got another name */
    DEPOT_FAULTS
};

enum { FILES = 3, MOST_ASSETS = 16 };

struct depot {
    struct arena arena;
    struct fake_clock clock;
    struct asset assets[MOST_ASSETS];
    size_t count;
    int64_t next_id;
    bool published, without_digests, silent;
    const char *upload_url;

    size_t calls, fault_at, fault_calls;
    enum depot_fault fault;
    size_t uploads, deletions, hashes, lines;

    struct asset_file files[FILES + 1];
    struct file_facts facts;
    struct plan plan;
    struct applied applied;
    struct error error;
};

static enum depot_fault next_call(struct depot *depot)
{
    size_t const call = ++depot->calls;

    return depot->fault_at && call >= depot->fault_at && call < depot->fault_at + depot->fault_calls
               ? depot->fault
               : DEPOT_FINE;
}

static int read_release(void *state, struct arena *arena, int64_t id, struct release *release,
                        bool *exists, struct error *error)
{
    struct depot *depot = state;
    enum depot_fault const fault = next_call(depot);
    (void)arena;

    if (fault != DEPOT_FINE && fault != DEPOT_GONE)
        return error_set(error, ERROR_SERVER, NULL, "a read failed");
    *exists = fault == DEPOT_FINE;
    *release = (struct release){.id = id, .draft = !depot->published};
    return 0;
}

static int list_assets(void *state, struct arena *arena, int64_t release,
                       struct asset_facts *assets, struct error *error)
{
    struct depot *depot = state;

    assert_int_equal(release, 7);
    if (next_call(depot) != DEPOT_FINE)
        return error_set(error, ERROR_SERVER, NULL, "a read failed");
    assets->count = depot->count;
    assets->items = arena_take(arena, sizeof(depot->assets));
    memcpy(assets->items, depot->assets, sizeof(depot->assets));
    return 0;
}

static size_t find(const struct depot *depot, const char *name)
{
    size_t i = 0;

    while (i < depot->count && !strings_equal(depot->assets[i].name, name))
        i++;
    return i;
}

static enum write_end lose(enum depot_fault fault, struct error *error)
{
    error_set(error, fault == DEPOT_FAIL ? ERROR_REJECTED : ERROR_UNREACHABLE, NULL, "a fault");
    return fault == DEPOT_FAIL ? WRITE_FAILED : WRITE_LOST;
}

static enum write_end delete_asset(void *state, int64_t id, struct error *error)
{
    struct depot *depot = state;
    enum depot_fault const fault = next_call(depot);

    assert_false(depot->published);
    if (fault == DEPOT_GONE)
        return WRITE_GONE;
    for (size_t i = 0; i < depot->count; i++)
        if (depot->assets[i].id == id && (fault == DEPOT_FINE || fault == DEPOT_LOST_DONE)) {
            depot->assets[i] = depot->assets[--depot->count];
            depot->deletions++;
            return fault == DEPOT_FINE ? WRITE_DONE : lose(fault, error);
        }
    return fault == DEPOT_FINE ? WRITE_GONE : lose(fault, error);
}

static void store(struct depot *depot, struct asset_upload *upload, enum depot_fault fault)
{
    const struct asset_file *file = upload->file;
    bool const starter = fault == DEPOT_STARTER;

    assert_true(depot->count < MOST_ASSETS);
    upload->made = (struct asset){
        .id = ++depot->next_id,
        .name = fault == DEPOT_OTHER_NAME ? "other-name" : file->name,
        .size = starter ? 0 : file->size,
        .digest = starter || depot->without_digests ? NULL
                  : fault == DEPOT_CORRUPT          ? "damaged"
                                                    : upload->digest,
        .whole = !starter,
    };
    depot->assets[depot->count++] = upload->made;
    depot->uploads++;
}

static void upload_one(struct depot *depot, struct asset_upload *upload)
{
    enum depot_fault const fault = next_call(depot);
    bool const taken = find(depot, upload->file->name) < depot->count;

    assert_false(depot->published);
    upload->digest = upload->file->checksums ? upload->file->digest : upload->file->own;
    if (fault == DEPOT_GONE) {
        upload->end = WRITE_GONE;
        return;
    }
    if (fault == DEPOT_FAIL || fault == DEPOT_LOST_NOT) {
        upload->end = lose(fault, upload->error);
        return;
    }
    if (taken) {
        error_set(upload->error, ERROR_REJECTED, NULL, "it exists");
        upload->end = WRITE_TAKEN;
        return;
    }
    store(depot, upload, fault);
    upload->end = fault == DEPOT_LOST_DONE || fault == DEPOT_STARTER ? lose(fault, upload->error)
                                                                     : WRITE_DONE;
}

static int upload_assets(void *state, struct arena *arena, const char *upload_url,
                         struct asset_upload *uploads, size_t count,
                         const struct upload_watch *watch, struct error *error)
{
    struct depot *depot = state;
    (void)arena;

    if (!strings_equal(upload_url, depot->upload_url))
        return error_set(error, ERROR_ASSET_UPLOAD, NULL, "another host");
    for (size_t i = 0; i < count; i++) {
        watch->sent(watch->state, (size_t)uploads[i].file->size);
        depot->clock.now_ms += 6000;
        upload_one(depot, &uploads[i]);
    }
    return 0;
}

/* The files' own names stand for their digests. */
static int hash_file(struct arena *arena, struct asset_file *file, struct error *error)
{
    (void)arena;
    if (strings_equal(file->own, "unreadable"))
        return error_set(error, ERROR_ASSET_FILE, NULL, "it can't be read");
    file->digest = file->own;
    return 0;
}

static void hash_checksums(struct arena *arena, struct file_facts *files)
{
    struct asset_file *last = &files->items[files->count - 1];

    last->content = assets_checksums(arena, files);
    last->digest = "digest of the checksums";
}

static void count_line(void *state, const char *line)
{
    struct depot *depot = state;

    assert_true(*line);
    depot->lines++;
}

static void depot_open(struct depot *depot, bool checksums)
{
    *depot = (struct depot){.upload_url = "https://uploads.example.org/x", .next_id = 100};
    fake_clock_start(&depot->clock);
    for (size_t i = 0; i < FILES; i++)
        assets_add(&depot->arena, &depot->facts,
                   (struct asset_file){.path = arena_print(&depot->arena, "file-%zu", i),
                                       .real = arena_print(&depot->arena, "/file-%zu", i),
                                       .size = 10 + (int64_t)i});
    assets_complete(&depot->arena, &depot->facts, checksums);
    depot->plan.files = &depot->facts;
}

static enum apply_end run_once(struct depot *depot)
{
    struct effects const effects = {
        .state = depot,
        .read_release = read_release,
        .list_assets = list_assets,
        .delete_asset = delete_asset,
        .upload_assets = upload_assets,
        .hash_file = hash_file,
        .hash_checksums = hash_checksums,
    };
    struct applying const applying = {
        .arena = &depot->arena,
        .plan = &depot->plan,
        .effects = &effects,
        .clock = &depot->clock.clock,
        .said = depot->silent ? NULL : count_line,
        .progress_state = depot,
    };

    depot->applied =
        (struct applied){.release = {.id = 7,
                                     .draft = true,
                                     .upload_url = "https://uploads.example.org/x",
                                     .assets = {.items = depot->assets, .count = depot->count}}};
    depot->error = (struct error){0};
    return apply_assets(&applying, &depot->applied, &depot->error);
}

static void expect_all(const struct depot *depot)
{
    assert_int_equal(depot->count, depot->facts.count);
    for (size_t i = 0; i < depot->facts.count; i++) {
        const struct asset_file *file = &depot->facts.items[i];
        size_t const at = find(depot, file->name);

        assert_true(at < depot->count);
        assert_true(depot->assets[at].whole);
        assert_int_equal(depot->assets[at].size, file->size);
        if (!depot->without_digests)
            assert_string_equal(depot->assets[at].digest,
                                file->checksums ? "digest of the checksums" : file->own);
    }
}

/* All is well again. */
static void heal_and_run(struct depot *depot)
{
    depot->fault_at = 0;
    assert_int_equal(run_once(depot), APPLY_DONE);
    expect_all(depot);
    size_t const uploads = depot->uploads, deletions = depot->deletions;
    assert_int_equal(run_once(depot), APPLY_DONE);
    assert_int_equal(depot->uploads, uploads);
    assert_int_equal(depot->deletions, deletions);
    assert_false(depot->applied.changed);
}

static void test_clean(void **state)
{
    (void)state;

    for (size_t checksums = 0; checksums < 2; checksums++) {
        struct depot depot;

        depot_open(&depot, checksums);
        assert_int_equal(run_once(&depot), APPLY_DONE);
        assert_true(depot.applied.changed);
        assert_true(depot.lines > FILES);
        assert_int_equal(depot.uploads, FILES + checksums);
        assert_int_equal(depot.clock.slept_ms, 0);
        expect_all(&depot);
        heal_and_run(&depot);
        arena_free(&depot.arena);
    }
}

static void add_asset(struct depot *depot, struct asset asset)
{
    asset.id = ++depot->next_id;
    depot->assets[depot->count++] = asset;
}

/* What is in the way of each file, and what is right. */
static void test_what_is_there(void **state)
{
    struct depot depot;
    (void)state;

    depot_open(&depot, true);
    add_asset(&depot,
              (struct asset){.name = "file-0", .size = 10, .digest = "file-0", .whole = true});
    add_asset(&depot,
              (struct asset){.name = "file-1", .size = 11, .digest = "other", .whole = true});
    add_asset(&depot, (struct asset){.name = "file-2"});
    assert_int_equal(run_once(&depot), APPLY_DONE);
    assert_int_equal(depot.uploads, 3);
    assert_int_equal(depot.deletions, 2);
    heal_and_run(&depot);
    arena_free(&depot.arena);
}

/* Where its digest decides, and the file can't be read: what is there stays. */
static void test_unreadable_file(void **state)
{
    struct depot depot;
    (void)state;

    depot_open(&depot, false);
    depot.facts.items[0].own = "unreadable";
    depot.silent = true;
    add_asset(&depot,
              (struct asset){.name = "file-0", .size = 10, .digest = "other", .whole = true});
    assert_int_equal(run_once(&depot), APPLY_FAILED);
    assert_code(depot.error.code, ERROR_ASSET_FILE);
    assert_int_equal(depot.deletions, 0);
    depot.facts.items[0].own = "file-0";
    heal_and_run(&depot);
    assert_int_equal(depot.lines, 0); /* nobody wanted to hear of it */
    arena_free(&depot.arena);
}

/* Each call of a run × each fault, once, twice and for long. */
static void test_every_fault(void **state)
{
    static const size_t lengths[] = {1, 2, 100};
    (void)state;

    for (enum depot_fault fault = DEPOT_FAIL; fault < DEPOT_OTHER_NAME; fault++)
        for (size_t length = 0; length < COUNT_OF(lengths); length++)
            for (size_t at = 1; at <= 8; at++) {
                struct depot depot;

                depot_open(&depot, true);
                add_asset(&depot, (struct asset){.name = "file-1", .size = 3, .whole = true});
                depot.fault = fault;
                depot.fault_at = at;
                depot.fault_calls = lengths[length];
                enum apply_end const end = run_once(&depot);
                if (end == APPLY_DONE)
                    expect_all(&depot);
                if (end == APPLY_FAILED)
                    assert_int_not_equal(depot.error.code, ERROR_NONE);
                assert_true(depot.clock.slept_ms <= 13000 * 2);
                heal_and_run(&depot);
                arena_free(&depot.arena);
            }
}

static void test_published_meanwhile(void **state)
{
    struct depot depot;
    (void)state;

    depot_open(&depot, true);
    depot.published = true;
    assert_int_equal(run_once(&depot), APPLY_MOVED);
    assert_int_equal(depot.uploads, 0);
    arena_free(&depot.arena);
}

static void test_other_ends(void **state)
{
    struct depot depot;
    (void)state;

    depot_open(&depot, false); /* a name that GitHub gave otherwise */
    depot.fault = DEPOT_OTHER_NAME;
    depot.fault_at = 2;
    depot.fault_calls = 1;
    assert_int_equal(run_once(&depot), APPLY_FAILED);
    assert_code(depot.error.code, ERROR_ASSET_UPLOAD);
    assert_contains(depot.error.message, "other-name");
    arena_free(&depot.arena);

    depot_open(&depot, false); /* an address that isn't for the token */
    depot.upload_url = "https://elsewhere.example.org";
    assert_int_equal(run_once(&depot), APPLY_FAILED);
    assert_code(depot.error.code, ERROR_ASSET_UPLOAD);
    arena_free(&depot.arena);

    depot_open(&depot, false); /* a signal while it waits to look again */
    depot.fault = DEPOT_LOST_NOT;
    depot.fault_at = 2;
    depot.fault_calls = 1;
    depot.clock.interrupt_after = 1;
    assert_int_equal(run_once(&depot), APPLY_FAILED);
    assert_code(depot.error.code, ERROR_INTERRUPTED);
    arena_free(&depot.arena);

    depot_open(&depot, true); /* a file that was there, of which nobody can make the checksum */
    depot.facts.items[0].own = "unreadable";
    depot.without_digests = true;
    add_asset(&depot, (struct asset){.name = "file-0", .size = 10, .whole = true});
    assert_int_equal(run_once(&depot), APPLY_FAILED);
    assert_code(depot.error.code, ERROR_ASSET_FILE);
    arena_free(&depot.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clean),
        cmocka_unit_test(test_what_is_there),
        cmocka_unit_test(test_unreadable_file),
        cmocka_unit_test(test_every_fault),
        cmocka_unit_test(test_published_meanwhile),
        cmocka_unit_test(test_other_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
