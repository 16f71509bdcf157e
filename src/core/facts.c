#include "core/facts.h"

#include "base/text.h"

void facts_take_repository(struct facts *facts, const char *full_name, const char *default_branch)
{
    facts->repository.full_name = full_name;
    facts->repository.default_branch = default_branch;
    facts_answered(facts, &(struct question){.kind = QUESTION_REPOSITORY});
}

bool facts_known(const struct facts *facts, enum question_kind kind)
{
    return facts->answers[kind].knowledge == KNOWN;
}

bool facts_unknown(const struct facts *facts, enum question_kind kind)
{
    return facts->answers[kind].knowledge == UNKNOWN;
}

void facts_answered(struct facts *facts, const struct question *question)
{
    facts->answers[question->kind] = (struct answer){.knowledge = KNOWN, .question = *question};
}

void facts_hidden(struct facts *facts, const struct question *question, const char *why)
{
    facts->answers[question->kind] =
        (struct answer){.knowledge = UNKNOWN, .why_unknown = why, .question = *question};
}

struct ruleset *facts_ruleset(struct facts *facts, int64_t id)
{
    for (size_t i = 0; i < facts->ruleset_count; i++)
        if (facts->rulesets[i].id == id)
            return &facts->rulesets[i];
    if (facts->ruleset_count == MOST_RULESETS)
        return NULL;
    facts->rulesets[facts->ruleset_count] = (struct ruleset){.id = id};
    return &facts->rulesets[facts->ruleset_count++];
}

struct comparison *facts_comparison(struct facts *facts, enum question_kind kind)
{
    switch (kind) {
    case QUESTION_ON_BRANCH:
        return &facts->on_branch;
    case QUESTION_ON_SOURCE:
        return &facts->on_source;
    case QUESTION_SINCE_CANDIDATE:
        return &facts->since_candidate;
    default:
        return NULL;
    }
}

const struct git_ref *refs_find(const struct git_refs *refs, const char *name)
{
    for (size_t i = 0; i < refs->count; i++)
        if (strings_equal(refs->items[i].name, name))
            return &refs->items[i];
    return NULL;
}
