/*
 * A container registry: manifests and configurations by OCI's distribution specification
 * (github.com/opencontainers/distribution-spec), tokens by distribution.github.io/distribution/spec/auth.
 * Which images there are is configuration; what they hold follows from it.
 */
#define _GNU_SOURCE
#include "registry.h"

#include "api.h"

#include <gnutls/crypto.h>
#include <stdlib.h>
#include <string.h>

static const char *const index_type = "application/vnd.oci.image.index.v1+json";
static const char *const manifest_type = "application/vnd.oci.image.manifest.v1+json";

/* An image that somebody has asked for, to count and to wait. */
struct asked {
    struct asked *next;
    char *key; /* "name:tag" */
    uint64_t first_us;
    long heads;
};

static struct asked *all_asked;

struct visit {
    struct request *request;
    struct answer *answer;
    struct log_entry *entry;
    struct pool *pool;
    char *name; /* of /v2/NAME/KIND/REFERENCE */
    char *kind;
    char *reference;
};

bool registry_path(const char *path)
{
    return text_begins(path, "/v2/") || text_equal(path, "/token") || text_begins(path, "/blobs/");
}

static const cJSON *setting(const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(config_get("registry"), name);
}

static void reply_json_text(struct visit *visit, int status, const char *type, const char *text)
{
    visit->answer->status = status;
    answer_header(visit->answer, "Content-Type", type);
    buffer_text(&visit->answer->body, text);
}

/* The specification's form of an error. */
static void refuse(struct visit *visit, int status, const char *code, const char *message)
{
    reply_json_text(visit, status, "application/json",
                    pool_format(visit->pool, "{\"errors\":[{\"code\":\"%s\",\"message\":\"%s\"}]}",
                                code, message));
}

static char *digest_of(struct pool *pool, const char *text)
{
    unsigned char hash[32];
    char digits[65];
    gnutls_hash_fast(GNUTLS_DIG_SHA256, text, strlen(text), hash);
    for (size_t i = 0; i < sizeof hash; i++) {
        digits[2 * i] = "0123456789abcdef"[hash[i] >> 4];
        digits[2 * i + 1] = "0123456789abcdef"[hash[i] & 15];
    }
    digits[64] = 0;
    return pool_format(pool, "sha256:%s", digits);
}

/* ---- tokens --------------------------------------------------------------------------------- */

/* The password of Basic, where it is a token that may read packages. */
static bool may_read_packages(struct request *request)
{
    const char *value = request_header(request, "Authorization");
    const cJSON *who;
    return value && strncasecmp(value, "basic ", 6) == 0 && auth_find(request, &who) && who &&
           text_equal(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(
                          cJSON_GetObjectItemCaseSensitive(who, "permissions"), "packages")),
                      "read");
}

static void serve_token(struct visit *visit)
{
    const char *service = query_value(visit->pool, visit->request->query, "service");
    const char *scope = query_value(visit->pool, visit->request->query, "scope");
    if (!text_equal(service, "sandbox") || !scope || !text_begins(scope, "repository:") ||
        !strstr(scope, ":pull")) {
        visit->entry->strange = true;
        refuse(visit, 400, "UNSUPPORTED", "service and scope are wanted");
        return;
    }
    bool anybody = !cJSON_IsFalse(setting("anonymous"));
    if (!anybody && !may_read_packages(visit->request)) {
        refuse(visit, 401, "DENIED", "requested access to the resource is denied");
        return;
    }
    reply_json_text(visit, 200, "application/json",
                    pool_format(visit->pool, "{\"token\":\"pass-%s\",\"expires_in\":300}",
                                digest_of(visit->pool, scope)));
}

/* Does the request bear the token of this name's scope? Else it is asked for one. */
static bool admitted(struct visit *visit)
{
    const char *scheme = cJSON_GetStringValue(setting("auth"));
    const char *value = request_header(visit->request, "Authorization");
    char *scope = pool_format(visit->pool, "repository:%s:pull", visit->name);
    char *wanted = pool_format(visit->pool, "Bearer pass-%s", digest_of(visit->pool, scope));
    if (text_equal(scheme, "none"))
        return true;
    if (text_equal(scheme, "basic") ? may_read_packages(visit->request)
                                    : value && text_equal(value, wanted))
        return true;
    answer_header(visit->answer, "WWW-Authenticate",
                  text_equal(scheme, "basic")
                      ? "Basic realm=\"sandbox\""
                      : pool_format(visit->pool,
                                    "Bearer realm=\"%.*s/token\",service=\"sandbox\",scope=\"%s\"",
                                    (int)(strlen(addresses.api) - strlen("/api/v3")), addresses.api,
                                    scope));
    refuse(visit, 401, "UNAUTHORIZED", "authentication required");
    return false;
}

/* ---- images --------------------------------------------------------------------------------- */

static struct asked *asked_for(struct pool *pool, const char *name, const char *tag)
{
    char *key = pool_format(pool, "%s:%s", name, tag);
    struct asked *asked = all_asked;
    while (asked && !text_equal(asked->key, key))
        asked = asked->next;
    if (asked)
        return asked;
    asked = must_alloc(sizeof *asked);
    *asked = (struct asked){all_asked, must_copy(key), clock_us(), 0};
    return all_asked = asked;
}

static double number(const cJSON *image, const char *name)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(image, name);
    return cJSON_IsNumber(item) ? item->valuedouble : 0;
}

static bool is_there(struct pool *pool, const char *name, const cJSON *image)
{
    const struct asked *asked = asked_for(pool, name, image->string);
    const char *builder = release_text(image, "built_by");
    return clock_us() >= asked->first_us + (uint64_t)number(image, "appears_ms") * 1000 &&
           (!builder || workflow_succeeded(builder, image->string));
}

/* Which push of it is there by now. */
static long revision(struct pool *pool, const char *name, const cJSON *image)
{
    const cJSON *after = cJSON_GetObjectItemCaseSensitive(image, "drifts_after");
    return (long)number(image, "revision") +
           (cJSON_IsNumber(after) &&
            asked_for(pool, name, image->string)->heads > (long)after->valuedouble);
}

static char *config_of(struct visit *visit, const cJSON *image)
{
    const char *platform =
        cJSON_GetStringValue(json_first(cJSON_GetObjectItemCaseSensitive(image, "platforms")));
    const char *slash = platform ? strchr(platform, '/') : NULL;
    if (!slash)
        return pool_format(visit->pool, "{\"revision\":%ld}",
                           revision(visit->pool, visit->name, image));
    return pool_format(visit->pool, "{\"architecture\":\"%s\",\"os\":\"%.*s\",\"revision\":%ld}",
                       slash + 1, (int)(slash - platform), platform,
                       revision(visit->pool, visit->name, image));
}

static cJSON *descriptor(struct pool *pool, const char *type, const char *content)
{
    cJSON *json = cJSON_CreateObject();
    cJSON_AddStringToObject(json, "mediaType", type);
    cJSON_AddStringToObject(json, "digest", digest_of(pool, content));
    cJSON_AddNumberToObject(json, "size", (double)strlen(content));
    return json;
}

static void add_platform(cJSON *entry, const char *system, size_t length, const char *machine)
{
    cJSON *json = cJSON_AddObjectToObject(entry, "platform");
    char *copy = strndup(system, length);
    const char *slash = strchr(machine, '/');
    char *architecture = strndup(machine, slash ? (size_t)(slash - machine) : strlen(machine));
    cJSON_AddStringToObject(json, "architecture", architecture);
    cJSON_AddStringToObject(json, "os", copy);
    if (slash)
        cJSON_AddStringToObject(json, "variant", slash + 1);
    free(copy);
    free(architecture);
}

static void add_manifests(struct visit *visit, const cJSON *image, cJSON *json)
{
    cJSON *list = cJSON_AddArrayToObject(json, "manifests");
    const cJSON *item = json_first(cJSON_GetObjectItemCaseSensitive(image, "platforms"));
    for (; item; item = item->next) {
        const char *platform = cJSON_GetStringValue(item);
        size_t length = strcspn(platform, "/");
        cJSON *entry = descriptor(visit->pool, manifest_type, platform);
        add_platform(entry, platform, length, platform + length + (platform[length] == '/'));
        cJSON_AddItemToArray(list, entry);
    }
    /* What buildx adds: an attestation, of no platform. */
    cJSON *entry = descriptor(visit->pool, manifest_type, "attestation");
    add_platform(entry, "unknown", 7, "unknown");
    cJSON_AddItemToArray(list, entry);
}

static bool is_single(const cJSON *image)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(image, "single"));
}

static char *manifest_of(struct visit *visit, const cJSON *image)
{
    struct pool *pool = visit->pool;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "schemaVersion", 2);
    cJSON_AddStringToObject(json, "mediaType", is_single(image) ? manifest_type : index_type);
    if (is_single(image)) {
        cJSON_AddItemToObject(
            json, "config",
            descriptor(pool, "application/vnd.oci.image.config.v1+json", config_of(visit, image)));
        cJSON_AddArrayToObject(json, "layers");
    } else {
        add_manifests(visit, image, json);
    }
    cJSON *notes = cJSON_AddObjectToObject(json, "annotations");
    cJSON_AddStringToObject(notes, "name",
                            pool_format(pool, "%s:%s#%ld", visit->name, image->string,
                                        revision(pool, visit->name, image)));
    char *text = cJSON_PrintUnformatted(json);
    char *copy = pool_copy(pool, text, strlen(text));
    free(text);
    cJSON_Delete(json);
    return copy;
}

/* By its tag, or by the digest of its manifest. */
static const cJSON *find_image(struct visit *visit)
{
    const cJSON *image =
        json_first(cJSON_GetObjectItemCaseSensitive(config_get("images"), visit->name));
    for (; image; image = image->next)
        if (text_equal(visit->reference, image->string) ||
            (text_begins(visit->reference, "sha256:") &&
             text_equal(visit->reference, digest_of(visit->pool, manifest_of(visit, image)))))
            return is_there(visit->pool, visit->name, image) ? image : NULL;
    return NULL;
}

static void serve_manifest(struct visit *visit)
{
    const char *accept = request_header(visit->request, "Accept");
    const cJSON *image = find_image(visit);
    if (!accept) /* the header comes in several lines; the first is enough to know */
        visit->entry->strange = true;
    if (cJSON_IsTrue(setting("denied"))) {
        refuse(visit, 403, "DENIED", "requested access to the resource is denied");
        return;
    }
    if (!image) {
        refuse(visit, 404, "MANIFEST_UNKNOWN", "manifest unknown");
        return;
    }
    if (text_equal(visit->request->method, "HEAD"))
        asked_for(visit->pool, visit->name, image->string)->heads++;
    char *text = manifest_of(visit, image);
    if (!cJSON_IsFalse(setting("digest_header")))
        answer_header(visit->answer, "Docker-Content-Digest", digest_of(visit->pool, text));
    reply_json_text(visit, 200, is_single(image) ? manifest_type : index_type, text);
}

static const char *find_config(struct visit *visit, const char *digest)
{
    for (const cJSON *name = json_first(config_get("images")); name; name = name->next)
        for (const cJSON *image = json_first(name); image; image = image->next) {
            visit->name = name->string;
            char *text = config_of(visit, image);
            if (text_equal(digest, digest_of(visit->pool, text)))
                return text;
        }
    return NULL;
}

/* Registries keep blobs elsewhere, under addresses that are signed: credentials have no business there. */
static void serve_stored(struct visit *visit)
{
    const char *text = find_config(visit, visit->request->path + strlen("/blobs/"));
    if (request_header(visit->request, "Authorization"))
        visit->entry->strange = true;
    if (text)
        reply_json_text(visit, 200, "application/octet-stream", text);
    else
        refuse(visit, 404, "BLOB_UNKNOWN", "blob unknown");
}

static void serve_blob(struct visit *visit)
{
    answer_header(visit->answer, "Location",
                  pool_format(visit->pool, "%s/blobs/%s", addresses.server, visit->reference));
    reply_json_text(visit, 307, "text/html", "");
}

/* ---- all of it ------------------------------------------------------------------------------ */

/* "/v2/NAME/KIND/REFERENCE"; false where it is of another form. */
static bool split(struct visit *visit)
{
    char *path = percent_decode(visit->pool, visit->request->path + strlen("/v2/"),
                                strlen(visit->request->path) - strlen("/v2/"));
    char *reference = strrchr(path, '/');
    if (!reference)
        return false;
    *reference = 0;
    char *kind = strrchr(path, '/');
    if (!kind)
        return false;
    *kind = 0;
    visit->name = path;
    visit->kind = kind + 1;
    visit->reference = reference + 1;
    return text_equal(visit->kind, "manifests") || text_equal(visit->kind, "blobs");
}

static void serve(struct visit *visit)
{
    const char *method = visit->request->method;
    if (!text_equal(method, "GET") && !text_equal(method, "HEAD")) {
        visit->entry->strange = true;
        refuse(visit, 400, "UNSUPPORTED", "this registry is only read");
    } else if (text_equal(visit->request->path, "/token")) {
        serve_token(visit);
    } else if (text_begins(visit->request->path, "/blobs/")) {
        serve_stored(visit);
    } else if (!split(visit)) {
        visit->entry->strange = true;
        refuse(visit, 404, "NAME_UNKNOWN", "no such path");
    } else if (admitted(visit)) {
        if (text_equal(visit->kind, "manifests"))
            serve_manifest(visit);
        else
            serve_blob(visit);
    }
}

void registry_serve(struct request *request, struct answer *answer, struct log_entry *entry,
                    const struct fault *fault)
{
    struct visit visit = {
        .request = request, .answer = answer, .entry = entry, .pool = &request->pool};
    (void)fault;
    state_lock();
    answer_header(answer, "Docker-Distribution-Api-Version", "registry/2.0");
    serve(&visit);
    state_unlock();
}

cJSON *images_take(void)
{
    cJSON *list = cJSON_CreateArray();
    for (const struct asked *asked = all_asked; asked; asked = asked->next) {
        cJSON *json = cJSON_CreateObject();
        cJSON_AddStringToObject(json, "key", asked->key);
        cJSON_AddNumberToObject(json, "age", (double)(clock_us() - asked->first_us));
        cJSON_AddNumberToObject(json, "heads", (double)asked->heads);
        cJSON_AddItemToArray(list, json);
    }
    return list;
}

void images_put(const cJSON *kept)
{
    all_asked = NULL; /* what it held stays until the sandbox ends */
    for (const cJSON *json = json_first(kept); json; json = json->next) {
        struct asked *asked = must_alloc(sizeof *asked);
        *asked =
            (struct asked){all_asked, must_copy(release_text(json, "key")),
                           clock_us() - (uint64_t)number(json, "age"), (long)number(json, "heads")};
        all_asked = asked;
    }
}
