#include "adapters/registry.h"

#include "adapters/json.h"
#include "adapters/registry_challenge.h"
#include "adapters/registry_manifest.h"
#include "adapters/sha256.h"
#include "base/base64.h"
#include "base/memory.h"

#include <string.h>

enum {
    MOST_PASSES = 3, /* for one look: an old one, one for anybody, one for us */
    MANIFEST_LIMIT = 4 * 1000 * 1000,
    LONGEST_PASS = 16 * 1024,
    ORIGIN_SIZE = 280,
};

/* What a registry let us in with; kept until it is refused, since each costs a request. */
struct pass {
    const char *registry, *name;
    struct text authorization; /* "Bearer …"; empty: nothing was wanted so far */
    bool ours;                 /* given for our token, not for anybody */
    struct pass *next;
};

struct registry {
    struct registry_settings settings;
    struct http *http;
    struct arena arena; /* of the passes */
    struct pass *passes;
};

enum stage {
    STAGE_HEAD,     /* is it there, and what is its digest? */
    STAGE_PASS,     /* a token is fetched, to ask again */
    STAGE_MANIFEST, /* which platforms are in it? */
    STAGE_CONFIG,   /* a single image says its platform there */
    STAGE_OVER,
};

/* An image on its way through the stages. */
struct look {
    struct registry *registry;
    struct arena *arena;
    const struct image_reference *image;
    struct image_fact *known;
    struct image_fact found;
    struct pass *pass;
    enum stage stage;
    size_t passes;
    bool as_us; /* the last pass was wanted for our token */
    struct challenge challenge;
    const char *config;
    struct text authorization; /* the header of the request */
    const char *headers[6];
    struct http_exchange exchange;
};

struct registry *registry_open(const struct registry_settings *settings, struct http *http)
{
    struct registry *registry = memory_take(sizeof(*registry));

    registry->settings = *settings;
    registry->http = http;
    return registry;
}

void registry_close(struct registry *registry)
{
    if (!registry)
        return;
    for (struct pass *pass = registry->passes; pass; pass = pass->next)
        text_free(&pass->authorization);
    arena_free(&registry->arena);
    memory_free(registry);
}

static struct pass *find_pass(struct registry *registry, const struct image_reference *image)
{
    struct pass *pass = registry->passes;

    while (pass && (!strings_equal(pass->registry, image->registry) ||
                    !strings_equal(pass->name, image->name)))
        pass = pass->next;
    if (pass)
        return pass;
    pass = arena_take(&registry->arena, sizeof(*pass));
    *pass = (struct pass){
        .registry = arena_copy(&registry->arena, image->registry),
        .name = arena_copy(&registry->arena, image->name),
        .next = registry->passes,
    };
    return registry->passes = pass;
}

/* ---- what is asked -------------------------------------------------------------------------------- */

/* The token goes to one registry, and to no other host that one names. */
static bool may_show_token(const struct look *look)
{
    const struct registry_settings *settings = &look->registry->settings;
    const char *realm = look->challenge.realm;
    char origin[ORIGIN_SIZE];
    struct error ignored;

    if (string_is_empty(settings->token) || string_is_empty(settings->token_registry) ||
        !strings_equal(settings->token_registry, look->image->registry))
        return false;
    if (!look->challenge.bearer)
        return true;
    return realm && !http_origin(realm, origin, sizeof(origin), &ignored) &&
           strings_equal(origin, look->image->origin);
}

/* GitHub's registry takes any name with a token as its password. */
static void add_credentials(const struct look *look, struct text *out)
{
    CLEANUP(text_free) struct text pair = {0};

    text_print(&pair, "cut-release:%s", look->registry->settings.token);
    text_add(out, "Basic ");
    base64_encode(text_string(&pair), pair.length, out);
}

static const char *pass_url(const struct look *look)
{
    const struct challenge *challenge = &look->challenge;
    CLEANUP(text_free) struct text url = {0};

    text_add(&url, challenge->realm);
    text_add(&url, strchr(challenge->realm, '?') ? "&" : "?");
    if (challenge->service) {
        text_add(&url, "service=");
        text_add_percent_encoded(&url, challenge->service);
        text_add(&url, "&");
    }
    text_add(&url, "scope=");
    text_add_percent_encoded(
        &url, string_or(challenge->scope,
                        arena_print(look->arena, "repository:%s:pull", look->image->name)));
    return arena_copy(look->arena, text_string(&url));
}

static const char *url_of(const struct look *look)
{
    const struct image_reference *image = look->image;

    switch (look->stage) {
    case STAGE_PASS:
        return pass_url(look);
    case STAGE_CONFIG:
        return arena_print(look->arena, "%s/v2/%s/blobs/%s", image->origin, image->name,
                           look->config);
    case STAGE_MANIFEST: /* what the digest names doesn't change in between */
        return arena_print(look->arena, "%s/v2/%s/manifests/%s", image->origin, image->name,
                           string_or(look->found.digest, image->version));
    default:
        return arena_print(look->arena, "%s/v2/%s/manifests/%s", image->origin, image->name,
                           image->version);
    }
}

static void set_headers(struct look *look)
{
    static const char *const accepted[] = {
        "Accept: application/vnd.oci.image.index.v1+json",
        "Accept: application/vnd.oci.image.manifest.v1+json",
        "Accept: application/vnd.docker.distribution.manifest.list.v2+json",
        "Accept: application/vnd.docker.distribution.manifest.v2+json",
    };
    size_t count = 0;

    text_free(&look->authorization);
    if (look->stage == STAGE_PASS ? look->pass->ours : look->pass->authorization.length > 0) {
        text_add(&look->authorization, "Authorization: ");
        if (look->stage == STAGE_PASS)
            add_credentials(look, &look->authorization);
        else
            text_add(&look->authorization, text_string(&look->pass->authorization));
        look->headers[count++] = text_string(&look->authorization);
    }
    if (look->stage == STAGE_HEAD || look->stage == STAGE_MANIFEST)
        for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++)
            look->headers[count++] = accepted[i];
    look->headers[count] = NULL;
}

static struct http_exchange exchange_of(struct look *look)
{
    set_headers(look);
    return (struct http_exchange){
        .method = look->stage == STAGE_HEAD ? "HEAD" : "GET",
        .url = url_of(look),
        .headers = look->headers,
        .repeat = HTTP_REPEATABLE,
        .no_token = true,
        .follow_anywhere = look->stage == STAGE_CONFIG,
        .limit = MANIFEST_LIMIT,
    };
}

/* ---- what the answers say ------------------------------------------------------------------------- */

static const char *digest_of(struct arena *arena, const struct text *content)
{
    char digits[SHA256_DIGITS + 1];

    sha256(text_string(content), content->length, digits);
    return arena_print(arena, "sha256:%s", digits);
}

static void end(struct look *look, enum image_state state)
{
    look->stage = STAGE_OVER;
    look->found.state = state;
}

static int odd(const struct look *look, const char *expected, struct error *error)
{
    const struct http_exchange *exchange = &look->exchange;

    return error_set(error, ERROR_ANSWER, "run it again; check the reference in images",
                     "%s was expected from %s %s; it was answered %ld with %zu bytes", expected,
                     exchange->method, exchange->url, exchange->status, exchange->content.length);
}

static bool is_refusal(long status)
{
    return status == 401 || status == 403;
}

/*
 * Refused: a pass is fetched, for anybody first, then for our token where that may go there. After
 * that it is how a registry says that there is no such image, or not for us.
 */
static void seek_pass(struct look *look)
{
    struct pass *pass = look->pass;
    struct challenge *challenge = &look->challenge;
    bool const first = !look->passes;

    if (look->exchange.challenge.length && look->stage != STAGE_PASS)
        challenge_parse(look->arena, text_string(&look->exchange.challenge), challenge);
    text_cut(&pass->authorization, 0);
    if (look->passes++ == MOST_PASSES || (!challenge->bearer && !challenge->basic) ||
        (challenge->bearer && string_is_empty(challenge->realm))) {
        end(look, IMAGE_DENIED);
        return;
    }
    if (!first || !challenge->bearer) {
        if (look->as_us || !may_show_token(look)) {
            end(look, IMAGE_DENIED);
            return;
        }
        pass->ours = true;
    }
    look->as_us = pass->ours;
    look->stage = challenge->bearer ? STAGE_PASS : STAGE_HEAD;
    if (!challenge->bearer)
        add_credentials(look, &pass->authorization);
}

/* What goes into a header must be one word. */
static bool is_pass(const char *token)
{
    size_t const length = strlen(string_or(token, ""));

    for (size_t i = 0; i < length; i++)
        if ((unsigned char)token[i] <= ' ' || (unsigned char)token[i] >= 0x7F)
            return false;
    return length && length <= LONGEST_PASS;
}

static int take_pass(struct look *look, struct error *error)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    const struct text *content = &look->exchange.content;

    if (is_refusal(look->exchange.status)) {
        seek_pass(look);
        return 0;
    }
    if (look->exchange.status != 200 || json_parse(content->bytes, content->length, &json, error))
        return odd(look, "a token", error);
    const char *token = string_or(json_text(json, "token"), json_text(json, "access_token"));
    if (!is_pass(token))
        return odd(look, "a token of one word", error);
    text_cut(&look->pass->authorization, 0);
    text_print(&look->pass->authorization, "Bearer %s", token);
    look->stage = STAGE_HEAD;
    return 0;
}

static int take_head(struct look *look, struct error *error)
{
    const struct image_fact *known = look->known;
    const char *digest = text_string(&look->exchange.digest);

    if (is_refusal(look->exchange.status)) {
        seek_pass(look);
        return 0;
    }
    if (look->exchange.status == 404) {
        end(look, IMAGE_MISSING);
        return 0;
    }
    if (look->exchange.status != 200)
        return odd(look, "an image's manifest", error);
    if (known->state == IMAGE_FOUND && strings_equal(known->digest, digest)) {
        look->found = *known;
        end(look, IMAGE_FOUND);
        return 0;
    }
    look->found.digest = is_image_digest(digest) ? arena_copy(look->arena, digest) : NULL;
    look->stage = STAGE_MANIFEST;
    return 0;
}

static int take_manifest(struct look *look, struct error *error)
{
    const struct text *content = &look->exchange.content;
    struct manifest manifest;

    if (look->exchange.status == 404 || is_refusal(look->exchange.status)) {
        end(look, look->exchange.status == 404 ? IMAGE_MISSING : IMAGE_DENIED);
        return 0;
    }
    if (look->exchange.status != 200)
        return odd(look, "an image's manifest", error);
    const char *digest = digest_of(look->arena, content);
    if (look->found.digest && !strings_equal(look->found.digest, digest))
        return odd(look, "the manifest that the digest names", error);
    if (manifest_parse(look->arena, content->bytes, content->length, &manifest, error))
        return error_wrap(error, "while reading the answer to %s", look->exchange.url);
    look->found.digest = digest;
    look->found.platforms = manifest.platforms;
    look->config = manifest.config;
    look->stage = STAGE_CONFIG;
    if (!manifest.config)
        end(look, IMAGE_FOUND);
    return 0;
}

/* Without its platform an image is an image still. */
static void take_config(struct look *look)
{
    const struct text *content = &look->exchange.content;

    if (look->exchange.outcome == HTTP_ANSWERED && look->exchange.status == 200 &&
        strings_equal(look->config, digest_of(look->arena, content)))
        look->found.platforms =
            manifest_platform(look->arena, text_string(content), content->length);
    end(look, IMAGE_FOUND);
}

static int take(struct look *look, struct error *error)
{
    if (look->stage == STAGE_CONFIG) {
        take_config(look);
        return 0;
    }
    if (look->exchange.outcome != HTTP_ANSWERED) {
        *error = look->exchange.error;
        return -1;
    }
    switch (look->stage) {
    case STAGE_PASS:
        return take_pass(look, error);
    case STAGE_MANIFEST:
        return take_manifest(look, error);
    default:
        return take_head(look, error);
    }
}

/* ---- all of them, a stage at a time --------------------------------------------------------------- */

static void begin(struct registry *registry, struct arena *arena,
                  const struct image_reference *image, struct image_fact *known, struct look *look)
{
    *look = (struct look){
        .registry = registry,
        .arena = arena,
        .image = image,
        .known = known,
        .found = {.reference = image->text, .platforms = ""},
        .pass = find_pass(registry, image),
    };
}

/* One request for each that isn't over. *more says whether any is left. */
static int step(struct registry *registry, struct look *looks, size_t count, bool *more,
                struct error *error)
{
    struct http_exchange *exchanges = memory_take((count + 1) * sizeof(*exchanges));
    size_t running = 0, taken = 0;
    int result = 0;

    for (size_t i = 0; i < count; i++)
        if (looks[i].stage != STAGE_OVER)
            exchanges[running++] = exchange_of(&looks[i]);
    http_run(registry->http, exchanges, running);
    for (size_t i = 0; i < count; i++) {
        if (looks[i].stage == STAGE_OVER)
            continue;
        looks[i].exchange = exchanges[taken++];
        if (!result)
            result = take(&looks[i], error);
        http_exchange_free(&looks[i].exchange);
    }
    *more = running > 0;
    memory_free(exchanges);
    return result;
}

int registry_look(struct registry *registry, struct arena *arena,
                  const struct image_reference *images, size_t count, struct image_fact *facts,
                  struct error *error)
{
    struct look *looks = memory_take((count + 1) * sizeof(*looks));
    bool more = true;
    int result = 0;

    for (size_t i = 0; i < count; i++)
        begin(registry, arena, &images[i], &facts[i], &looks[i]);
    while (more && !result)
        result = step(registry, looks, count, &more, error);
    for (size_t i = 0; i < count; i++) {
        if (!result)
            facts[i] = looks[i].found;
        text_free(&looks[i].authorization);
    }
    memory_free(looks);
    return result;
}
