/* base/memory: memory that is there, or the process ends with a word. */
#include "support.h"

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

/* In a child, since it ends the process. */
static void exhaust(const char *said)
{
    FILE *file = freopen(said, "w", stderr);

    words = fileno(file);
    memory_when_exhausted(last_words);
    (void)!memory_take(SIZE_MAX / 2);
    _exit(0);
}

static void test_exhausted(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    CLEANUP(text_free) struct text output = {0};
    const char *folder = make_folder(&arena), *said = arena_print(&arena, "%s/said", folder);
    int status = 0;
    (void)state;

    fflush(stdout);
    pid_t const child = fork();
    assert_true(child >= 0);
    if (!child)
        exhaust(said);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    read_whole(said, &output);
    assert_contains(text_string(&output), "CR-MEMORY");
    assert_contains(text_string(&output), "wiped"); /* what was registered was called */
    remove_folder(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_take_and_grow),
        cmocka_unit_test(test_wipe),
        cmocka_unit_test(test_exhausted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
