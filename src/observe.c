#include "observe.h"

#include "core/questions.h"

/* What the clone's objects prove needs no request; the rest is left. */
static size_t answer_by_objects(struct world *world, struct arena *arena,
                                struct questions *questions, struct facts *facts)
{
    size_t left = 0;

    for (size_t i = 0; i < questions->count; i++)
        if (!world->repo || !repo_compare(world->repo, arena, &questions->items[i], facts))
            questions->items[left++] = questions->items[i];
    return questions->count = left;
}

static int answer(struct world *world, struct arena *arena, struct questions *questions,
                  struct facts *facts, struct error *error)
{
    if (world->github) {
        if (!answer_by_objects(world, arena, questions, facts))
            return 0;
        return github_answer(world->github, arena, questions->items, questions->count, facts,
                             error);
    }
    for (size_t i = 0; i < questions->count; i++)
        repo_answer(world->repo, arena, &world->view, &questions->items[i], facts);
    return 0;
}

int observe(struct world *world, struct arena *arena, const struct inputs *inputs,
            const struct target *target, struct facts *facts, struct error *error)
{
    for (;;) {
        struct questions questions = questions_open(arena, inputs, target, facts);

        if (!questions.count)
            return 0;
        if (answer(world, arena, &questions, facts, error))
            return error_wrap(error, "while looking at the repository");
    }
}
