#include "support_github.h"

void talk_start(struct talk *talk, struct github_settings settings, struct reply *replies,
                size_t count)
{
    *talk = (struct talk){.arena = {0}};
    http_server_start(&talk->server, replies, count);
    client_open(&talk->client, talk->server.origin);
    settings.api_url = talk->server.origin;
    settings.repository = "o/n";
    settings.tag_prefix = "v";
    settings.branch_stem = "release-";
    settings.clock = &talk->client.clock.clock;
    talk->github = github_open(&settings, talk->client.http);
    talk->effects = github_effects(talk->github);
}

void talk_end(struct talk *talk)
{
    github_close(talk->github);
    client_close(&talk->client);
    http_server_stop(&talk->server);
    arena_free(&talk->arena);
}

int talk_ask(struct talk *talk, struct question question)
{
    return github_answer(talk->github, &talk->arena, &question, 1, &talk->facts, &talk->error);
}

const char *talk_sent(const struct talk *talk, size_t request)
{
    return text_string(&talk->server.requests[request]);
}
