/* base/memory: memory that is there, or the process ends with a word. */
#include "support.h"

#include "base/library_memory.h"
#include "base/memory.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void test_take_and_grow(void **state)
{
    char *memory = memory_take(8);
    (void)state;

    for (int i = 0; i < 8; i++)
        assert_int_equal(memory[i], 0);
    memcpy(memory, "1234567", 8);
    memory = memory_grow(memory, 100000);
    assert_string_equal(memory, "1234567");
    memory_free(memory);
    memory_free(NULL);
    memory = memory_take(0);
    assert_non_null(memory);
    memory = memory_grow(memory, 0);
    assert_non_null(memory);
    memory_free(memory);
}

static void test_wipe(void **state)
{
    char secret[] = "secret";
    (void)state;

    memory_wipe(secret, 0);
    assert_string_equal(secret, "secret");
    memory_wipe(secret, sizeof(secret));
    for (size_t i = 0; i < sizeof(secret); i++)
        assert_int_equal(secret[i], 0);
    memory_wipe(NULL, 0);
}

/* AddressSanitizer, where it is linked, would end the process itself. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

static int words;

static void last_words(void)
{
    ssize_t const written = write(words, "wiped", 5);

    (void)written;
}

static const size_t too_much = SIZE_MAX / 2;

static void exhaust(void)
{
    (void)!memory_take(too_much);
}

static void exhaust_by_library(void)
{
    (void)!library_take(too_much);
}

static void exhaust_by_array(void)
{
    (void)!library_take_array(too_much, 1);
}

static void exhaust_by_growing(void)
{
    (void)!library_grow(NULL, too_much);
}

/* In a child, since it ends the process. */
static void expect_exhausted(void (*take)(void))
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text output = {0};
    const char *folder = make_folder(&arena), *said = arena_print(&arena, "%s/said", folder);
    int status = 0;

    fflush(stdout);
    pid_t const child = fork();
    assert_true(child >= 0);
    if (!child) {
        words = fileno(freopen(said, "w", stderr));
        memory_when_exhausted(last_words);
        take();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    read_whole(said, &output);
    assert_contains(text_string(&output), "CR-MEMORY");
    assert_contains(text_string(&output), "wiped"); /* what was registered was called */
    remove_folder(folder);
}

static void test_exhausted(void **state)
{
    (void)state;
    expect_exhausted(exhaust);
    expect_exhausted(exhaust_by_library);
    expect_exhausted(exhaust_by_array);
    expect_exhausted(exhaust_by_growing);
}

static void test_library_memory(void **state)
{
    char *array = library_take_array(4, 2), *copy = library_copy("1234567");
    char *none = library_take(0), *empty = library_take_array(0, 8);
    (void)state;

    for (int i = 0; i < 8; i++)
        assert_int_equal(array[i], 0);
    copy = library_grow(copy, 100000);
    assert_string_equal(copy, "1234567");
    assert_non_null(none);
    assert_non_null(empty);
    library_free(array);
    library_free(copy);
    library_free(none);
    library_free(empty);
    library_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_and_grow),
        cmocka_unit_test(test_wipe),
        cmocka_unit_test(test_exhausted),
        cmocka_unit_test(test_library_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
