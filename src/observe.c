#include "observe.h"

#include "adapters/file_find.h"
#include "adapters/file_stream.h"
#include "adapters/release_config.h"
#include "adapters/repo_log.h"
#include "base/text.h"
#include "core/questions.h"

#include <stdlib.h>

/* The keys that are trusted, from the source branch and never from the tagged tree. */
static void read_trusted_keys(struct world *world, struct arena *arena,
                              const struct question *question, struct facts *facts)
{
    struct error error = {0};
    int result;

    if (world->github)
        result = github_file(world->github, arena, question->base, question->head,
                             &facts->trusted_keys, &error);
    else
        result = repo_file(world->repo, arena, &world->view, question->base, question->head,
                           &facts->trusted_keys);
    if (result)
        facts_hidden(facts, question,
                     error.code ? arena_copy(arena, error.message)
                                : "the clone has no such file on the source branch");
    else
        facts_answered(facts, question);
}

/* A registry that fails holds up no draft: apply waits for the images, and tells. */
static void look_at_images(struct world *world, struct arena *arena, const struct target *target,
                           const struct question *question, struct facts *facts)
{
    const struct gates_wanted *wanted = &target->gates;
    struct image_fact *images = arena_take(arena, wanted->image_count * sizeof(*images));
    struct error error = {0};

    if (!world->registry) {
        facts_hidden(facts, question, "without a token nobody asks the registry");
        return;
    }
    if (registry_look(world->registry, arena, wanted->images, wanted->image_count, images,
                      &error)) {
        facts_hidden(facts, question, arena_copy(arena, error.message));
        return;
    }
    facts->gates.images = images;
    facts->gates.image_count = wanted->image_count;
    facts_answered(facts, question);
}

/* Of the files that decide whether the release has them: the others are hashed while they are sent. */
static int hash_files(struct arena *arena, const struct question *question, struct facts *facts,
                      struct error *error)
{
    struct file_facts *files = &facts->files;
    int64_t const id = strtoll(question->head, NULL, 10);
    const struct release *release = NULL;

    for (size_t i = 0; i < facts->releases.count; i++)
        if (facts->releases.items[i].id == id)
            release = &facts->releases.items[i];
    for (size_t i = 0; release && i < files->count; i++)
        if (!files->items[i].digest && !files->items[i].checksums &&
            asset_needs_digest(files, i, &release->assets) &&
            file_hash(arena, &files->items[i], error))
            return -1;
    file_hash_checksums(arena, files);
    facts_answered(facts, question);
    return 0;
}

/* What the clone's objects say of go.mod is true, wherever its refs are. */
static bool read_module(struct world *world, struct arena *arena, const struct question *question,
                        struct facts *facts)
{
    bool const now = question->kind == QUESTION_MODULE_NOW;
    const char **content = now ? &facts->module_now : &facts->module_before;
    const char *object = now ? question->head : question->base_object;

    if (!world->repo || !repo_module(world->repo, arena, object, content))
        return false;
    facts_answered(facts, question);
    return true;
}

/* What takes more than a request, or none: keys and signatures, and what the clone's objects prove. */
static bool answer_here(struct world *world, struct arena *arena, const struct inputs *inputs,
                        const struct target *target, const struct question *question,
                        struct facts *facts)
{
    switch (question->kind) {
    case QUESTION_FILES:
        file_find(arena, world->workspace, input_text(inputs, INPUT_FILES),
                  input_flag(inputs, INPUT_CHECKSUMS), &facts->files);
        facts_answered(facts, question);
        return true;
    case QUESTION_SIGNER:
        tagging_try_key(&world->tagging, arena, inputs, question, facts);
        return true;
    case QUESTION_TAG_BYTES:
        tagging_read_bytes(&world->tagging, arena, target->tag, question, facts);
        return true;
    case QUESTION_SIGNATURE:
        tagging_check_signature(&world->tagging, arena, inputs, question, facts);
        return true;
    case QUESTION_TRUSTED_KEYS:
        read_trusted_keys(world, arena, question, facts);
        return true;
    case QUESTION_IMAGES:
        look_at_images(world, arena, target, question, facts);
        return true;
    case QUESTION_CHANGES:
        return world->repo && repo_changes(world->repo, arena, question, facts);
    case QUESTION_RELEASE_CONFIG:
        return world->repo && repo_release_config(world->repo, arena, question, facts);
    case QUESTION_MODULE_NOW:
    case QUESTION_MODULE_BEFORE:
        return read_module(world, arena, question, facts);
    default:
        return world->repo && repo_compare(world->repo, arena, question, facts);
    }
}

/* The rest is left in `questions`. */
static int answer_some_here(struct world *world, struct arena *arena, const struct inputs *inputs,
                            const struct target *target, struct questions *questions,
                            struct facts *facts, struct error *error)
{
    size_t left = 0;

    for (size_t i = 0; i < questions->count; i++) {
        const struct question *question = &questions->items[i];

        if (question->kind == QUESTION_DIGESTS) {
            if (hash_files(arena, question, facts, error))
                return -1;
        } else if (!answer_here(world, arena, inputs, target, question, facts))
            questions->items[left++] = *question;
    }
    questions->count = left;
    return 0;
}

static int answer(struct world *world, struct arena *arena, const struct inputs *inputs,
                  const struct target *target, struct questions *questions, struct facts *facts,
                  struct error *error)
{
    if (answer_some_here(world, arena, inputs, target, questions, facts, error))
        return -1;
    if (!questions->count)
        return 0;
    if (world->github)
        return github_answer(world->github, arena, questions->items, questions->count, facts,
                             error);
    for (size_t i = 0; i < questions->count; i++)
        if (repo_answer(world->repo, arena, &world->view, &questions->items[i], facts, error))
            return -1;
    return 0;
}

/* A configuration that can't be used is no reason to have no release. */
static void read_config(struct arena *arena, struct facts *facts)
{
    struct error error;

    if (!facts->config_text)
        return;
    if (release_config_read(arena, facts->config_text, &facts->config, &error))
        facts->config_wrong = arena_copy(arena, error.message);
    facts->config_text = NULL; /* once is enough */
}

int observe(struct world *world, struct arena *arena, const struct inputs *inputs,
            const struct target *target, struct facts *facts, struct error *error)
{
    for (;;) {
        struct questions questions = questions_open(arena, inputs, target, facts);

        if (!questions.count)
            return 0;
        if (answer(world, arena, inputs, target, &questions, facts, error))
            return error_wrap(error, "while looking at the repository");
        read_config(arena, facts);
    }
}
