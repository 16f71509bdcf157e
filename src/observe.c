#include "observe.h"

#include "core/questions.h"

/* What is known here needs no request: the signing key, and what the clone's objects prove. */
static bool answer_here(struct world *world, struct arena *arena, const struct inputs *inputs,
                        const struct question *question, struct facts *facts)
{
    if (question->kind == QUESTION_SIGNER) {
        tagging_try_key(&world->tagging, arena, inputs, question, facts);
        return true;
    }
    return world->repo && repo_compare(world->repo, arena, question, facts);
}

/* The rest is left in `questions`. */
static size_t answer_some_here(struct world *world, struct arena *arena,
                               const struct inputs *inputs, struct questions *questions,
                               struct facts *facts)
{
    size_t left = 0;

    for (size_t i = 0; i < questions->count; i++)
        if (!answer_here(world, arena, inputs, &questions->items[i], facts))
            questions->items[left++] = questions->items[i];
    return questions->count = left;
}

static int answer(struct world *world, struct arena *arena, const struct inputs *inputs,
                  struct questions *questions, struct facts *facts, struct error *error)
{
    if (!answer_some_here(world, arena, inputs, questions, facts))
        return 0;
    if (world->github)
        return github_answer(world->github, arena, questions->items, questions->count, facts,
                             error);
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
        if (answer(world, arena, inputs, &questions, facts, error))
            return error_wrap(error, "while looking at the repository");
    }
}
