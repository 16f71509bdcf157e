/* What reaches what: the walks behind "compare" and the generated notes. */
#include "git.h"

#include <stdlib.h>

static unsigned last_mark;

static void list_add(struct commit_list *list, struct object *commit)
{
    if (list->count % 256 == 0) {
        list->items = must_grow(list->items, (list->count + 256) * sizeof(struct object *));
    }
    list->items[list->count++] = commit;
}

void commit_list_free(struct commit_list *list)
{
    free(list->items);
    *list = (struct commit_list){0};
}

struct frame {
    struct object *commit;
    size_t next; /* parent to visit */
};

/*
 * Visits everything that `from` reaches and that does not bear `mark` yet, and appends it to
 * `list`, parents before children and the first parent's line first: the order of a comparison.
 */
static void walk(struct object *from, unsigned mark, struct commit_list *list)
{
    struct frame *stack = NULL;
    size_t depth = 0;
    size_t room = 0;
    if (from->mark != mark) {
        stack = must_alloc(sizeof *stack * (room = 64));
        stack[depth++] = (struct frame){from, 0};
        from->mark = mark;
    }
    while (depth) {
        struct frame *top = &stack[depth - 1];
        size_t count;
        struct object **parents = commit_parents(top->commit, &count);
        if (top->next == count) {
            list_add(list, top->commit);
            depth--;
            continue;
        }
        struct object *parent = parents[top->next++];
        if (parent->mark == mark)
            continue;
        parent->mark = mark;
        if (depth == room)
            stack = must_grow(stack, sizeof *stack * (room *= 2));
        stack[depth++] = (struct frame){parent, 0};
    }
    free(stack);
}

void commits_between(struct object *of, struct object *without, struct commit_list *list)
{
    struct commit_list rest = {0};
    unsigned mark = ++last_mark;
    *list = (struct commit_list){0};
    if (without)
        walk(without, mark, &rest);
    walk(of, mark, list);
    commit_list_free(&rest);
}

bool commit_reaches(struct object *from, struct object *wanted)
{
    struct commit_list list = {0};
    unsigned mark = ++last_mark;
    walk(from, mark, &list);
    commit_list_free(&list);
    return wanted->mark == mark;
}

/* The commits that both reach, in the order of `of_b`; `both` is put on each of them. */
static void find_common(struct object *a, struct object *b, unsigned both,
                        struct commit_list *common)
{
    struct commit_list of_a = {0};
    struct commit_list of_b = {0};
    walk(a, ++last_mark, &of_a);
    walk(b, ++last_mark, &of_b);
    unsigned in_a = ++last_mark;
    for (size_t i = 0; i < of_a.count; i++)
        of_a.items[i]->mark = in_a;
    for (size_t i = 0; i < of_b.count; i++) {
        if (of_b.items[i]->mark != in_a)
            continue;
        of_b.items[i]->mark = both;
        list_add(common, of_b.items[i]);
    }
    commit_list_free(&of_a);
    commit_list_free(&of_b);
}

/*
 * The common commits are closed under "is a parent of": those of them that are nobody's parent
 * among them are the best ones; of several, the newest is named.
 */
struct object *merge_base(struct object *a, struct object *b)
{
    struct commit_list common = {0};
    struct object *best = NULL;
    unsigned both = ++last_mark;
    unsigned dominated = ++last_mark;
    find_common(a, b, both, &common);
    for (size_t i = 0; i < common.count; i++) {
        size_t count;
        struct object **parents = commit_parents(common.items[i], &count);
        for (size_t j = 0; j < count; j++)
            parents[j]->mark = dominated;
    }
    for (size_t i = 0; i < common.count; i++) {
        struct object *commit = common.items[i];
        if (commit->mark == both && (!best || commit_time(commit) > commit_time(best)))
            best = commit;
    }
    commit_list_free(&common);
    return best;
}
