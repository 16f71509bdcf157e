/* The assets: each uploaded once, compared with what was sent, and sent again only where looking shows
 * that it isn't there whole. */
#include "apply.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TELL_MS = 5000 };

struct assets_work {
    const struct applying *applying;
    struct applied *applied;
    struct file_facts files;  /* ours, since digests are added */
    struct asset_facts there; /* as far as is known */
    struct asset_upload *uploads;
    size_t upload_count;
    int64_t sent, wanted; /* bytes */
    int64_t told_ms;
};

__attribute__((format(printf, 2, 3))) static void say(const struct assets_work *work,
                                                      const char *format, ...)
{
    char line[512];
    va_list arguments;

    if (!work->applying->said)
        return;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    work->applying->said(work->applying->progress_state, line);
}

static void count_sent(void *state, size_t bytes)
{
    struct assets_work *work = state;
    int64_t const now = clock_now_ms(work->applying->clock);

    work->sent += (int64_t)bytes;
    if (now - work->told_ms < TELL_MS)
        return;
    work->told_ms = now;
    say(work, "sent %.1f of %.1f MB", (double)work->sent / 1e6, (double)work->wanted / 1e6);
}

/* ---- looking -------------------------------------------------------------------------------------- */

/* Published meanwhile, or gone: then it is planned anew. A run that has just listed it knows. */
static enum apply_end check_draft(const struct assets_work *work, struct error *error)
{
    const struct effects *effects = work->applying->effects;
    struct release now;
    bool exists;

    if (work->applied->settled)
        return APPLY_DONE;
    if (effects->read_release(effects->state, work->applying->arena, work->applied->release.id,
                              &now, &exists, error))
        return APPLY_FAILED;
    return exists && now.draft ? APPLY_DONE : APPLY_MOVED;
}

static int look(struct assets_work *work, struct error *error)
{
    const struct effects *effects = work->applying->effects;

    return effects->list_assets(effects->state, work->applying->arena, work->applied->release.id,
                                &work->there, error);
}

/* A file of the same name and size: its digest decides. */
static int decide(struct assets_work *work, struct asset_file *file, enum asset_state *state,
                  const struct asset **asset, struct error *error)
{
    const struct effects *effects = work->applying->effects;

    *state = asset_compare(file, &work->there, asset);
    if (*state != ASSET_UNDECIDED)
        return 0;
    if (effects->hash_file(work->applying->arena, file, error))
        return -1;
    *state = asset_compare(file, &work->there, asset);
    return 0;
}

/* ---- writing -------------------------------------------------------------------------------------- */

/* What an upload left that failed, or another file: a draft's may be replaced. */
static enum apply_end remove_asset(struct assets_work *work, const struct asset *asset,
                                   struct error *error)
{
    const struct effects *effects = work->applying->effects;
    enum write_end end = effects->delete_asset(effects->state, asset->id, error);

    if (end == WRITE_LOST) /* deleting what is gone harms nobody */
        end = effects->delete_asset(effects->state, asset->id, error);
    if (end == WRITE_LOST || end == WRITE_FAILED)
        return APPLY_FAILED;
    say(work, "removed %s, which was %s", asset->name,
        asset->whole ? "another file" : "not uploaded whole");
    work->applied->changed = true;
    return APPLY_DONE;
}

/* What is still to be uploaded, after those that are in the way were removed. */
static enum apply_end collect(struct assets_work *work, size_t first, size_t last,
                              struct error *failure, struct error *error)
{
    work->upload_count = 0;
    work->sent = work->wanted = 0;
    for (size_t i = first; i < last; i++) {
        struct asset_file *file = &work->files.items[i];
        const struct asset *asset;
        enum asset_state state;

        if (decide(work, file, &state, &asset, error) ||
            (state == ASSET_UNFIT && remove_asset(work, asset, error) != APPLY_DONE))
            return APPLY_FAILED;
        if (state == ASSET_EQUAL)
            continue;
        work->wanted += file->size;
        work->uploads[work->upload_count++] = (struct asset_upload){.file = file, .error = failure};
    }
    return APPLY_DONE;
}

/* Is what the server has what was sent? */
static bool is_as_sent(const struct asset_upload *upload)
{
    const struct asset *made = &upload->made;

    return made->whole && made->size == upload->file->size && upload->digest &&
           (!made->digest || strings_equal(made->digest, upload->digest));
}

static void tell_unlike(const struct asset_upload *upload, struct error *error)
{
    if (error->code)
        return;
    error_set(error, ERROR_ASSET_UPLOAD, "run it again",
              "the asset %s was expected with %lld bytes and the digest %.64s; the server has %lld "
              "bytes and %.64s%s",
              upload->file->name, (long long)upload->file->size, string_or(upload->digest, "?"),
              (long long)upload->made.size, string_or(upload->made.digest, "no digest"),
              upload->made.whole ? "" : ", not whole");
}

static int wrong_name(const struct asset_upload *upload, struct error *error)
{
    return error_set(error, ERROR_ASSET_UPLOAD, "delete that asset, and give the file another name",
                     "the asset %s was expected; the server named it %.200s", upload->file->name,
                     upload->made.name);
}

/* How the uploads ended: *again says whether looking has to show what became of one. */
static enum apply_end take_ends(struct assets_work *work, struct error *failure, bool *again,
                                struct error *error)
{
    for (size_t i = 0; i < work->upload_count; i++) {
        const struct asset_upload *upload = &work->uploads[i];
        struct asset_file *file = &work->files.items[upload->file - work->files.items];

        switch (upload->end) {
        case WRITE_DONE:
            work->applied->changed = true;
            if (!strings_equal(upload->made.name, file->name)) {
                wrong_name(upload, error);
                return APPLY_FAILED;
            }
            if (is_as_sent(upload)) {
                file->digest = upload->digest;
                say(work, "uploaded %s, %lld bytes, sha256 %s", file->name, (long long)file->size,
                    file->digest);
                continue;
            }
            tell_unlike(upload, failure);
            *again = true;
            break;
        case WRITE_LOST:
            work->applied->changed = true; /* it may have been */
            *again = true;
            break;
        case WRITE_TAKEN:
            *again = true;
            break;
        case WRITE_GONE:
            return APPLY_MOVED;
        case WRITE_FAILED:
            *error = *failure;
            return APPLY_FAILED;
        }
    }
    return APPLY_DONE;
}

/* Waits ahead of the look number `round`; the last failure where there is none left. */
static enum apply_end before_round(const struct assets_work *work, size_t round,
                                   const struct error *failure, struct error *error)
{
    if (round > APPLY_LOOKS || failure->code == ERROR_ASSET_FILE) {
        *error = *failure;
        return APPLY_FAILED;
    }
    return apply_pause(work->applying, round - 1, error) ? APPLY_DONE : APPLY_FAILED;
}

/* The files from `first` on to `last` are there, and whole. */
static enum apply_end bring(struct assets_work *work, size_t first, size_t last,
                            struct error *error)
{
    const struct applying *applying = work->applying;
    const struct effects *effects = applying->effects;
    struct upload_watch const watch = {.state = work, .sent = count_sent};

    for (size_t round = 0;; round++) {
        struct error failure = {0};
        bool again = false;
        enum apply_end end = collect(work, first, last, &failure, error);

        if (end != APPLY_DONE || !work->upload_count)
            return end;
        if (effects->upload_assets(effects->state, applying->arena,
                                   work->applied->release.upload_url, work->uploads,
                                   work->upload_count, &watch, error))
            return APPLY_FAILED;
        end = take_ends(work, &failure, &again, error);
        if (end != APPLY_DONE || !again)
            return end;
        end = before_round(work, round + 1, &failure, error);
        if (end != APPLY_DONE || look(work, error))
            return end == APPLY_DONE ? APPLY_FAILED : end;
    }
}

/* The checksums are made of the digests of all others, those that were there already too. */
static enum apply_end bring_checksums(struct assets_work *work, struct error *error)
{
    struct file_facts *files = &work->files;
    const struct effects *effects = work->applying->effects;

    for (size_t i = 0; i + 1 < files->count; i++)
        if (!files->items[i].digest &&
            effects->hash_file(work->applying->arena, &files->items[i], error))
            return APPLY_FAILED;
    effects->hash_checksums(work->applying->arena, files);
    return bring(work, files->count - 1, files->count, error);
}

enum apply_end apply_assets(const struct applying *applying, struct applied *applied,
                            struct error *error)
{
    const struct file_facts *files = applying->plan->files;
    struct assets_work work = {
        .applying = applying,
        .applied = applied,
        .files = *files,
        .told_ms = clock_now_ms(applying->clock),
    };
    bool const checksums = files->items[files->count - 1].checksums;
    enum apply_end end = check_draft(&work, error);

    if (end != APPLY_DONE)
        return end;
    work.files.items = arena_take(applying->arena, files->count * sizeof(*files->items));
    memcpy(work.files.items, files->items, files->count * sizeof(*files->items));
    work.uploads = arena_take(applying->arena, files->count * sizeof(*work.uploads));
    if (applied->release.assets.count && look(&work, error))
        return APPLY_FAILED;
    end = bring(&work, 0, files->count - checksums, error);
    return end == APPLY_DONE && checksums ? bring_checksums(&work, error) : end;
}
