/* The outside that a run looks at and changes: the clone, and the server. */
#ifndef CUT_RELEASE_WORLD_H
#define CUT_RELEASE_WORLD_H

#include "adapters/github.h"
#include "adapters/mail.h"
#include "adapters/registry.h"
#include "adapters/repo.h"
#include "base/clock.h"
#include "core/context.h"
#include "core/target.h"
#include "tagging.h"

struct world {
    struct repo *repo; /* NULL where the workspace is no clone */
    struct http *http;
    struct github *github;     /* NULL where no server is asked (a dry run without a token) */
    struct registry *registry; /* NULL where there is no image to look at, or no server is asked */
    const char *workspace;     /* a folder */
    struct http_settings http_settings;
    struct mailer_settings mailer;
    const char *origins[4]; /* where the token may go */
    struct repo_view view;
    struct tagging tagging;
};

/* Opens the clone, and fills what a laptop's remote tells into the context. */
int world_open_clone(struct world *world, struct arena *arena, const struct inputs *inputs,
                     struct context *context, struct error *error);

/* The content of a file in the workspace that an input names; NULL where the input is empty. Refuses a
 * path that leads out of the workspace. */
int world_read_file(struct arena *arena, const struct inputs *inputs, const struct context *context,
                    enum input_id id, const char **content, struct error *error);

/* The registry that the token is for: GitHub's own, where the server is GitHub's own. NULL: none. */
const char *world_token_registry(const struct context *context);

/* Makes ready to ask the server, where there is a token. */
int world_open_server(struct world *world, struct arena *arena, const struct inputs *inputs,
                      const struct context *context, const struct target *target,
                      const struct clock *clock, struct error *error);

void world_close(struct world *world);

#endif
