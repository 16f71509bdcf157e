/*
 * Assets: https://docs.github.com/en/rest/releases/assets. They are uploaded to an address that the
 * release names (uploads.github.com for api.github.com), a few at once and read while they are sent.
 */
#include "adapters/github_internal.h"

#include "adapters/file_stream.h"
#include "base/memory.h"

#include <string.h>

enum { UPLOADS_TOGETHER = 64 }; /* so that what is kept of each is bounded */

/* ---- what is there ------------------------------------------------------------------------------ */

/* `digest` is "sha256:…", or null where the asset is older than the field. */
static int parse_asset(const struct json *json, struct arena *arena, struct asset *asset)
{
    static const char kind[] = "sha256:";
    const char *name = json_text(json, "name"), *state = json_text(json, "state");
    const char *digest = json_text(json, "digest");
    struct asset found = {.whole = strings_equal(state, "uploaded")};

    if (!name || !state || !json_number(json, "id", &found.id) ||
        !json_number(json, "size", &found.size))
        return -1;
    found.name = arena_copy(arena, name);
    if (digest && string_starts(digest, kind))
        found.digest = arena_copy(arena, digest + sizeof(kind) - 1);
    *asset = found;
    return 0;
}

int github_parse_assets(const struct json *list, struct arena *arena, struct asset_facts *assets)
{
    if (!list)
        return 0;
    for (const struct json *json = json_first(list); json; json = json_next(json)) {
        struct asset asset;

        if (parse_asset(json, arena, &asset))
            return -1;
        assets->items = arena_append(arena, assets->items, &assets->count, sizeof(*assets->items));
        assets->items[assets->count - 1] = asset;
    }
    return 0;
}

static int take_page(const struct http_exchange *exchange, struct arena *arena,
                     struct asset_facts *assets, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;

    if (github_read(exchange, 200, &json, error))
        return -1;
    if (!json_is_array(json) || github_parse_assets(json, arena, assets))
        return github_odd(exchange, "a list of assets with id, name, size and state", error);
    return 0;
}

static int list_assets(void *state, struct arena *arena, int64_t release,
                       struct asset_facts *assets, struct error *error)
{
    struct github *github = state;
    const char *url =
        github_url(github, arena, "/releases/%lld/assets?per_page=100", (long long)release);
    struct asset_facts found = {.count = 0};

    for (int pages = 0; url; pages++) {
        CLEANUP(http_exchange_free) struct http_exchange exchange = github_get(url);

        if (pages == GITHUB_MOST_PAGES)
            return github_odd(&exchange, "a list of assets that ends", error);
        http_run(github->http, &exchange, 1);
        if (take_page(&exchange, arena, &found, error))
            return -1;
        url = github_next_page(&exchange, arena);
    }
    *assets = found;
    return 0;
}

static enum write_end delete_asset(void *state, int64_t id, struct error *error)
{
    struct github *github = state;
    struct arena arena = {0};
    struct http_exchange exchange =
        github_get(github_url(github, &arena, "/releases/assets/%lld", (long long)id));

    exchange.method = "DELETE";
    enum write_end const end = github_write(github, &exchange, 204, error);
    http_exchange_free(&exchange);
    arena_free(&arena);
    return end;
}

/* ---- uploading ---------------------------------------------------------------------------------- */

/* One that is sent. */
struct sending {
    struct file_stream file;
    struct http_stream stream;
    const struct upload_watch *watch;
};

static ptrdiff_t read_file(void *state, int64_t offset, char *buffer, size_t size)
{
    struct sending *sending = state;
    ptrdiff_t const length = file_stream_read(&sending->file, offset, buffer, size);

    if (length > 0 && sending->watch && sending->watch->sent)
        sending->watch->sent(sending->watch->state, (size_t)length);
    return length;
}

/* `label` is what the page shows in place of the name: the file's own where the name is another. */
static const char *address_of(struct arena *arena, const char *upload_url,
                              const struct asset_file *file)
{
    const char *base = arena_copy_bytes(arena, upload_url, strcspn(upload_url, "{?"));

    if (strings_equal(file->own, file->name))
        return arena_print(arena, "%s?name=%s", base, github_encoded(arena, file->name));
    return arena_print(arena, "%s?name=%s&label=%s", base, github_encoded(arena, file->name),
                       github_encoded(arena, file->own));
}

static void prepare(struct sending *sending, struct http_exchange *exchange, struct arena *arena,
                    const char *upload_url, const struct asset_file *file)
{
    *exchange = github_get(address_of(arena, upload_url, file));
    sending->file.file = file;
    sending->stream = (struct http_stream){
        .state = sending,
        .read = read_file,
        .length = file->size,
        .content_type = asset_content_type(file->name),
    };
    exchange->method = "POST";
    exchange->repeat = HTTP_ONCE;
    exchange->stream = &sending->stream;
}

/* "422: an asset with the same filename": an earlier attempt, or another run. */
static bool is_taken(const struct http_exchange *exchange)
{
    return exchange->outcome == HTTP_ANSWERED && exchange->status == 422 &&
           github_says_taken(exchange);
}

static void conclude(struct asset_upload *upload, const struct sending *sending,
                     const struct http_exchange *exchange, struct arena *arena)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    struct error error = {0};

    upload->end = github_write_end(exchange, 201, &error);
    if (sending->file.digest[0])
        upload->digest = arena_copy(arena, sending->file.digest);
    if (upload->end == WRITE_FAILED && is_taken(exchange))
        upload->end = WRITE_TAKEN;
    /* It was carried out, but an answer that can't be read tells nothing: look. */
    if (upload->end == WRITE_DONE &&
        (github_read(exchange, 201, &json, &error) || parse_asset(json, arena, &upload->made))) {
        if (!error.code)
            github_odd(exchange, "an asset with id, name, size and state", &error);
        upload->end = WRITE_LOST;
    }
    if (upload->end != WRITE_DONE && !upload->error->code)
        *upload->error = error;
}

static void upload_together(struct github *github, struct arena *arena, const char *upload_url,
                            struct asset_upload *uploads, size_t count,
                            const struct upload_watch *watch)
{
    struct http_exchange *exchanges = memory_take(count * sizeof(*exchanges));
    struct sending *sendings = memory_take(count * sizeof(*sendings));

    for (size_t i = 0; i < count; i++) {
        prepare(&sendings[i], &exchanges[i], arena, upload_url, uploads[i].file);
        sendings[i].watch = watch;
    }
    http_run(github->http, exchanges, count);
    for (size_t i = 0; i < count; i++) {
        conclude(&uploads[i], &sendings[i], &exchanges[i], arena);
        file_stream_close(&sendings[i].file);
        http_exchange_free(&exchanges[i]);
    }
    memory_free(exchanges);
    memory_free(sendings);
}

static int upload_assets(void *state, struct arena *arena, const char *upload_url,
                         struct asset_upload *uploads, size_t count,
                         const struct upload_watch *watch, struct error *error)
{
    struct github *github = state;

    if (!http_takes_token(github->http, upload_url))
        return error_set(error, ERROR_ASSET_UPLOAD, NULL,
                         "an upload address that belongs to %s was expected, \"%.200s\" was found; "
                         "the token isn't sent there",
                         github->settings.api_url, upload_url);
    for (size_t i = 0; i < count; i += UPLOADS_TOGETHER)
        upload_together(github, arena, upload_url, uploads + i,
                        count - i < UPLOADS_TOGETHER ? count - i : UPLOADS_TOGETHER, watch);
    return 0;
}

void github_asset_effects(struct effects *effects)
{
    effects->list_assets = list_assets;
    effects->delete_asset = delete_asset;
    effects->upload_assets = upload_assets;
    effects->hash_file = file_hash;
    effects->hash_checksums = file_hash_checksums;
}
