/*
 * A fake GitHub for tests: REST and git over HTTPS on a real bare repository. README.md tells how
 * it is started, configured and asked.
 */
#define _GNU_SOURCE
#include "admin.h"
#include "api.h"
#include "issues.h"
#include "registry.h"
#include "smart.h"
#include "tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIFE_SECONDS = 900, STACK_SIZE = 512 * 1024 };

struct listener {
    int fd;
    int port;
    bool admin;
};

static struct listener main_port;
static struct listener admin_port;
static struct listener git_port;
static _Atomic unsigned connected; /* but on the admin port */

struct connection {
    int fd;
    unsigned number;
    bool admin;
};

static void answer_request(struct request *request, struct answer *answer, unsigned connection)
{
    struct log_entry *entry = log_begin(request, connection);
    state_lock();
    struct fault fault = fault_pick(request, entry->n);
    entry->fault = fault_name(&fault);
    long latency = config_number("latency_ms", 0);
    state_unlock();
    sleep_ms(latency);
    if (fault_processes(&fault) && text_begins(request->path, "/api/"))
        api_serve(request, answer, entry, &fault);
    else if (fault_processes(&fault) && registry_path(request->path))
        registry_serve(request, answer, entry, &fault);
    else if (fault_processes(&fault))
        smart_serve(request, answer, entry, &fault);
    fault_apply(&fault, request, answer);
    fault_free(&fault);
    bool unanswered = answer->delivery == DELIVER_NOTHING || answer->delivery == DELIVER_SILENCE;
    log_end(entry, unanswered ? 0 : answer->status);
}

/* An upload of which a part came: GitHub may keep an empty asset of it. */
static void end_cut_upload(struct request *request, struct answer *answer, unsigned connection)
{
    struct log_entry *entry = log_begin(request, connection);
    api_serve(request, answer, entry, NULL);
    log_end(entry, 0);
    answer_free(answer);
}

static void *serve(void *data)
{
    struct connection connection = *(struct connection *)data;
    struct stream stream = {.fd = connection.fd, .connection = connection.number};
    struct request request = {0};
    struct answer answer = {0};
    bool kept = true;
    free(data);
    if (!connection.admin && !(stream.tls = tls_accept(stream.fd)))
        kept = false;
    while (kept && request_read(&stream, &request)) {
        if (connection.admin)
            admin_serve(&request, &answer);
        else
            answer_request(&request, &answer, connection.number);
        kept = answer_send(&stream, &request, &answer);
        answer_free(&answer);
        request_free(&request);
    }
    if (request.cut)
        end_cut_upload(&request, &answer, connection.number);
    request_free(&request);
    stream_close(&stream);
    connected -= !connection.admin;
    return NULL;
}

static bool somebody_waits(const struct listener *listener)
{
    return poll(&(struct pollfd){.fd = listener->fd, .events = POLLIN}, 1, 0) > 0;
}

/* Counted before the connection is taken, so that none is between the two. */
bool connections_idle(void)
{
    return !somebody_waits(&main_port) && !somebody_waits(&git_port) && !connected;
}

static void *accept_all(void *data)
{
    struct listener *listener = data;
    static _Atomic unsigned
        last; /* of the HTTPS listener only: the admin's connections are not counted */
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    for (;;) {
        int one = 1;
        struct pollfd watch = {.fd = listener->fd, .events = POLLIN};
        if (poll(&watch, 1, -1) <= 0)
            continue;
        connected += !listener->admin;
        int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd < 0) {
            connected -= !listener->admin;
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct connection *connection = must_alloc(sizeof *connection);
        *connection = (struct connection){fd, listener->admin ? 0 : ++last, listener->admin};
        pthread_t thread;
        if (pthread_create(&thread, &attributes, serve, connection))
            die("no thread");
    }
    return NULL;
}

/* Beside the rest of the start: a process costs some ms. */
static void *warm_up(void *data)
{
    state_lock();
    git_start();
    state_unlock();
    pthread_detach(pthread_self());
    return data;
}

/* Port 0 is any that is free; the file descriptor is -1 where the port is taken. */
static struct listener listen_on(in_addr_t host, int port, bool admin)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(host)};
    socklen_t size = sizeof address;
    int one = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (fd >= 0 && !bind(fd, (struct sockaddr *)&address, size) && !listen(fd, 128) &&
        !getsockname(fd, (struct sockaddr *)&address, &size))
        return (struct listener){fd, ntohs(address.sin_port), admin};
    if (fd < 0 || errno != EADDRINUSE)
        die("cannot listen: %s", strerror(errno));
    close(fd);
    return (struct listener){.fd = -1};
}

/* Two addresses, the same port: one that is free for the first may be taken for the second. */
static void listen_twice(struct listener *api, struct listener *git)
{
    for (int tries = 0; tries < 100; tries++) {
        *api = listen_on(INADDR_LOOPBACK, 0, false);
        *git = listen_on(INADDR_LOOPBACK + 1, api->port, false);
        if (api->fd >= 0 && git->fd >= 0)
            return;
        close(api->fd);
    }
    die("cannot listen: no port is free");
}

static void write_ready(const char *root)
{
    struct pool pool = {0};
    char *name = pool_format(&pool, "%s/ready", root);
    char *draft = pool_format(&pool, "%s/ready.new", root);
    FILE *file = fopen(draft, "we");
    if (!file)
        die("cannot write %s", draft);
    fprintf(file, "API_URL=%s\nSERVER_URL=%s\nUPLOAD_URL=%s\n", addresses.api, addresses.server,
            addresses.upload);
    fprintf(file, "ADMIN_URL=http://127.0.0.1:%d\nPORT=%d\n", admin_port.port, main_port.port);
    fprintf(file, "CA=%s/ca.pem\nOTHER_CA=%s/other-ca.pem\nPID=%d\n", root, root, (int)getpid());
    if (fclose(file) || rename(draft, name))
        die("cannot write %s", name);
    pool_free(&pool);
}

static void set_addresses(const struct listener *listener)
{
    if (asprintf(&addresses.api, "https://127.0.0.1:%d/api/v3", listener->port) < 0 ||
        asprintf(&addresses.upload, "https://127.0.0.1:%d/api/uploads", listener->port) < 0 ||
        asprintf(&addresses.server, "https://127.0.0.2:%d", listener->port) < 0)
        die("out of memory");
}

static void end(int number)
{
    (void)number;
    _exit(0);
}

void life_renew(void)
{
    alarm(LIFE_SECONDS);
}

/* Nothing of a test is left behind: the sandbox ends with its parent, and in the end by itself. */
static void limit_life(void)
{
    pid_t parent = getppid();
    signal(SIGTERM, end);
    signal(SIGINT, end);
    signal(SIGALRM, end);
    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        _exit(0);
    life_renew();
}

int main(int argc, char **argv)
{
    struct pool pool = {0};
    if (argc != 3 || strcmp(argv[1], "--root") != 0)
        die("usage: sandbox --root DIR");
    char *root = realpath(argv[2], NULL);
    if (!root)
        die("%s: %s", argv[2], strerror(errno));
    clock_us();
    limit_life();
    unlink(pool_format(&pool, "%s/ready", root));
    config_load(pool_format(&pool, "%s/config.json", root));
    pool_free(&pool);
    git_open(root);
    store_open();
    issues_open();
    upload_is_cut = fault_cuts_upload;
    tls_open(root);
    listen_twice(&main_port, &git_port);
    do
        admin_port = listen_on(INADDR_LOOPBACK, 0, true);
    while (admin_port.fd < 0);
    set_addresses(&main_port);
    pthread_t thread;
    if (pthread_create(&thread, NULL, accept_all, &admin_port) ||
        pthread_create(&thread, NULL, accept_all, &git_port) ||
        pthread_create(&thread, NULL, warm_up, NULL))
        die("no thread");
    write_ready(root);
    accept_all(&main_port);
}
