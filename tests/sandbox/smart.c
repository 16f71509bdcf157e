#define _GNU_SOURCE
#include "smart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void reply_text(struct answer *answer, int status, const char *text)
{
    answer->status = status;
    answer_header(answer, "Content-Type", "text/plain; charset=utf-8");
    buffer_text(&answer->body, text);
}

/* "/O/R.git/info/refs" to "info/refs"; NULL where it is another repository. */
static const char *take_repository(struct request *request, const char *name)
{
    struct pool *pool = &request->pool;
    const char *slash = strchr(request->path + 1, '/');
    const char *end = slash ? strchr(slash + 1, '/') : NULL;
    if (!name || !end)
        return NULL;
    char *path = percent_decode(pool, request->path + 1, (size_t)(end - request->path - 1));
    char *with_suffix = pool_format(pool, "%s.git", name);
    bool ours = text_equal_nocase(path, name) || text_equal_nocase(path, with_suffix);
    return ours ? end + 1 : NULL;
}

static bool asks_to_write(struct request *request, const char *rest)
{
    const char *service = query_value(&request->pool, request->query, "service");
    return text_equal(rest, "git-receive-pack") || text_equal(service, "git-receive-pack");
}

/*
 * github.com answers 401 where a token is missing or unknown, and where the token may not write
 * 403 in these words.
 */
static bool permitted(struct request *request, struct answer *answer, const cJSON **who,
                      const char *rest)
{
    bool write = asks_to_write(request, rest);
    const char *value = request_header(request, "Authorization");
    bool basic = value && strncasecmp(value, "basic ", 6) == 0;
    bool known = auth_find(request, who) && (basic || !value);
    if (known && auth_may(*who, "contents", write ? "write" : "read"))
        return true;
    if (known && *who) {
        const char *login = release_text(*who, "login");
        reply_text(answer, write ? 403 : 404,
                   write ? pool_format(&request->pool, "Permission to %s.git denied to %s.\n",
                                       repo_name(), login ? login : "?")
                         : "Repository not found.\n");
        return false;
    }
    reply_text(answer, 401,
               value ? "Invalid username or token.\n" : "No anonymous write access.\n");
    answer_header(answer, "WWW-Authenticate", "Basic realm=\"GitHub\"");
    return false;
}

static bool known_service(struct request *request, const char *rest)
{
    const char *service = query_value(&request->pool, request->query, "service");
    if (text_equal(rest, "info/refs"))
        return text_equal(request->method, "GET") &&
               (text_equal(service, "git-upload-pack") || text_equal(service, "git-receive-pack"));
    return text_equal(request->method, "POST") && !*request->query &&
           (text_equal(rest, "git-upload-pack") || text_equal(rest, "git-receive-pack"));
}

/* Splits the CGI output: header lines, an empty line, the body. */
static void take_output(struct request *request, struct answer *answer, struct buffer *output)
{
    const char *at = output->data;
    answer->status = 200;
    while (*at && *at != '\r' && *at != '\n') {
        size_t length = strcspn(at, "\r\n");
        char *line = pool_copy(&request->pool, at, length);
        char *colon = strchr(line, ':');
        if (colon) {
            *colon = 0;
            const char *value = colon + 1 + strspn(colon + 1, " ");
            if (text_equal_nocase(line, "Status"))
                answer->status = atoi(value);
            else
                answer_header(answer, line, value);
        }
        at += length;
        at += *at == '\r';
        at += *at == '\n';
    }
    at += *at == '\r';
    at += *at == '\n';
    buffer_add(&answer->body, at, output->length - (size_t)(at - output->data));
    answer->chunked = true;
}

/* For the fault "lag": the refs made last are left out of the listing. */
static char *hidden_refs(struct pool *pool, int lag)
{
    struct refs refs;
    char *found = NULL;
    state_lock();
    refs_read(&refs);
    for (size_t i = 0; lag && i < refs.count; i++)
        if (ref_is_new(refs.items[i].name, lag))
            found = pool_copy(pool, refs.items[i].name, strlen(refs.items[i].name));
    refs_free(&refs);
    state_unlock();
    return found;
}

/* Called without the detour over `git`, which is one process more. */
static const char *const *backend(void)
{
    static const char *const by_git[] = {"git", "http-backend", NULL};
    static const char *const places[][2] = {{"/usr/lib/git-core/git-http-backend", NULL},
                                            {"/usr/libexec/git-core/git-http-backend", NULL}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (access(places[i][0], X_OK) == 0)
            return places[i];
    return by_git;
}

static void run_backend(struct request *request, struct answer *answer, const char *rest,
                        const char *login, int lag)
{
    struct pool *pool = &request->pool;
    struct buffer output = {0};
    const char *type = request_header(request, "Content-Type");
    const char *coding = request_header(request, "Content-Encoding");
    const char *protocol = request_header(request, "Git-Protocol");
    const char *hidden = hidden_refs(pool, lag);
    const char *const environment[] = {
        pool_format(pool, "GIT_PROJECT_ROOT=%s", git_dir()),
        "GIT_HTTP_EXPORT_ALL=1",
        pool_format(pool, "PATH_INFO=/%s", rest),
        pool_format(pool, "REQUEST_METHOD=%s", request->method),
        pool_format(pool, "QUERY_STRING=%s", request->query),
        pool_format(pool, "CONTENT_TYPE=%s", type ? type : ""),
        pool_format(pool, "CONTENT_LENGTH=%zu", request->body.length),
        pool_format(pool, "REMOTE_USER=%s", login ? login : ""),
        pool_format(pool, "GIT_CONFIG_KEY_7=%s", hidden ? "transfer.hideRefs" : "core.quotePath"),
        pool_format(pool, "GIT_CONFIG_VALUE_7=%s", hidden ? hidden : "false"),
        pool_format(pool, "HTTP_CONTENT_ENCODING=%s", coding ? coding : ""),
        pool_format(pool, "GIT_PROTOCOL=%s", protocol ? protocol : ""),
        NULL};
    buffer_text(&output, "");
    int status = git_run_with(backend(), environment, &request->body, &output);
    if (status < 0 || !output.length)
        reply_text(answer, 500, "git http-backend failed\n");
    else
        take_output(request, answer, &output);
    buffer_free(&output);
}

/* A renamed repository: github.com answers 301 for git as well. */
static void redirect(struct request *request, struct answer *answer, const char *rest)
{
    answer_header(answer, "Location",
                  pool_format(&request->pool, "%s/%s.git/%s%s%s", addresses.server, repo_name(),
                              rest, *request->query ? "?" : "", request->query));
    reply_text(answer, 301, "");
}

/* Everything but the run of git itself is done under the lock. */
static const char *prepare(struct request *request, struct answer *answer, struct log_entry *entry,
                           const char **login)
{
    const cJSON *who;
    const char *old = take_repository(request, config_text("renamed_from", NULL));
    const char *rest = old ? old : take_repository(request, repo_name());
    if (!rest || !known_service(request, rest)) {
        entry->strange = true;
        reply_text(answer, 404, "Not Found\n");
        return NULL;
    }
    if (old) {
        redirect(request, answer, old);
        return NULL;
    }
    if (!permitted(request, answer, &who, rest))
        return NULL;
    if (text_equal(rest, "git-receive-pack") && receive_refused(request, answer, who))
        return NULL;
    const char *name = release_text(who, "login");
    *login = name ? pool_copy(&request->pool, name, strlen(name)) : NULL;
    return rest;
}

void smart_serve(struct request *request, struct answer *answer, struct log_entry *entry,
                 const struct fault *fault)
{
    const char *login = NULL;
    state_lock();
    const char *rest = prepare(request, answer, entry, &login);
    state_unlock();
    if (!rest)
        return;
    run_backend(request, answer, rest, login, fault_lag(fault));
    if (text_equal(rest, "git-receive-pack")) {
        state_lock();
        receive_note(request);
        state_unlock();
    }
}
