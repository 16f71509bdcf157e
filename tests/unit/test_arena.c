/* base/arena: one owner for everything. */
#include "support.h"

#include <stdalign.h>
#include <string.h>

static void test_memory_is_zeroed_and_aligned(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    for (size_t size = 0; size < 5000; size = size * 2 + 1) {
        unsigned char *memory = arena_take(&arena, size);

        assert_int_equal((uintptr_t)memory % alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        if (size)
            memset(memory, 0xAA, size);
    }
}

static void test_pieces_do_not_overlap(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    char *pieces[200];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(pieces); i++) {
        pieces[i] = arena_take(&arena, 333);
        memset(pieces[i], (int)i, 333);
    }
    for (size_t i = 0; i < COUNT_OF(pieces); i++)
        for (size_t j = 0; j < 333; j++)
            assert_int_equal((unsigned char)pieces[i][j], i);
}

static void test_larger_than_a_block(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    size_t const size = 1000 * 1000;
    (void)state;

    char *small = arena_copy(&arena, "small");
    char *large = arena_take(&arena, size);
    memset(large, 'x', size);
    char *after = arena_copy(&arena, "after");
    assert_string_equal(small, "small");
    assert_string_equal(after, "after");
    assert_int_equal(large[size - 1], 'x');
}

static void test_copies(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    (void)state;

    assert_null(arena_copy(&arena, NULL));
    assert_string_equal(arena_copy(&arena, ""), "");
    assert_string_equal(arena_copy_bytes(&arena, "abcdef", 3), "abc");
    assert_string_equal(arena_copy_bytes(&arena, NULL, 0), "");
    assert_string_equal(arena_print(&arena, "%s-%d", "release", 7), "release-7");
    assert_string_equal(arena_print(&arena, "%s", ""), "");
    assert_int_equal(strlen(arena_print(&arena, "%40000d", 1)), 40000);
}

static void test_append(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    int *numbers = NULL;
    size_t count = 0;
    (void)state;

    for (int i = 0; i < 1000; i++) {
        numbers = arena_append(&arena, numbers, &count, sizeof(*numbers));
        assert_int_equal(count, i + 1);
        assert_int_equal(numbers[i], 0);
        numbers[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i);
}

static void test_free_and_use_again(void **state)
{
    struct arena arena = {0};
    (void)state;

    arena_free(&arena);
    arena_copy(&arena, "one");
    arena_free(&arena);
    assert_string_equal(arena_copy(&arena, "two"), "two");
    arena_free(&arena);
    assert_null(arena.newest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory_is_zeroed_and_aligned),
        cmocka_unit_test(test_pieces_do_not_overlap),
        cmocka_unit_test(test_larger_than_a_block),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_append),
        cmocka_unit_test(test_free_and_use_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
