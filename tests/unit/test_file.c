/* adapters/file: whole files, bounded, and a full disk is an error. */
#include "support.h"

#include "adapters/file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    struct arena arena;
    const char *folder;
};

static int open_place(void **state)
{
    static struct place place;

    place = (struct place){{0}, NULL};
    place.folder = make_folder(&place.arena);
    *state = &place;
    return 0;
}

static int close_place(void **state)
{
    struct place *place = *state;

    remove_folder(place->folder);
    arena_free(&place->arena);
    return 0;
}

static const char *path_in(struct place *place, const char *name)
{
    return arena_print(&place->arena, "%s/%s", place->folder, name);
}

static void test_read(void **state)
{
    const char *path = path_in(*state, "file");
    CLEANUP(text_free) struct text content = {0};
    struct error error = {0};

    write_file(path, "one\0two", 7);
    assert_int_equal(file_read(path, 7, &content, &error), 0);
    assert_int_equal(content.length, 7);
    assert_memory_equal(content.bytes, "one\0two", 8);
}

/* A path that was looked at, and what is put in its place since. */
static void test_read_real(void **state)
{
    struct place *place = *state;
    static const char *const refused[] = {"link",      "way/file", "folder/none",
                                          "none/file", "fifo",     ""};
    CLEANUP(text_free) struct text content = {0}, name = {0};
    struct error error = {0};

    shell("cd %s && mkdir folder && printf one > folder/file && ln -s folder/file link && "
          "ln -s folder way && mkfifo fifo",
          place->folder);
    assert_int_equal(file_read_real(path_in(place, "folder/file"), 7, &content, &error), 0);
    assert_string_equal(text_string(&content), "one");
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        error.code = ERROR_NONE;
        assert_int_equal(file_read_real(path_in(place, refused[i]), 7, &content, &error), -1);
        assert_code(ERROR_INPUT_PATH, error.code);
    }
    for (int i = 0; i < 30; i++)
        text_add(&name, "0123456789");
    text_add(&name, "/file");
    assert_int_equal(file_read_real(path_in(place, text_string(&name)), 7, &content, &error), -1);
    assert_code(ERROR_INPUT_PATH, error.code);
}

static void test_empty(void **state)
{
    const char *path = path_in(*state, "file");
    CLEANUP(text_free) struct text content = {0};
    struct error error = {0};

    write_file(path, "", 0);
    assert_int_equal(file_read(path, 7, &content, &error), 0);
    assert_int_equal(content.length, 0);
}

static void refuse(const char *path, size_t limit)
{
    CLEANUP(text_free) struct text content = {0};
    struct error error = {0};

    assert_int_equal(file_read(path, limit, &content, &error), -1);
    assert_code(ERROR_INPUT_PATH, error.code);
    assert_contains(error.message, path);
    assert_string_equal(error.remedy, "correct the path");
}

static void test_what_is_refused(void **state)
{
    struct place *place = *state;
    const char *file = path_in(place, "file"), *pipe = path_in(place, "pipe");

    refuse(path_in(place, "missing"), 10);
    write_file(file, "12345678", 8);
    refuse(file, 7);
    refuse(place->folder, 10);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    refuse(pipe, 10); /* and doesn't wait for a writer */
    refuse("/dev/zero", 10);
    refuse("/proc/self/mem", 10); /* a regular file, and reading it fails */
}

static void test_larger_than_its_buffer(void **state)
{
    const char *path = path_in(*state, "file");
    CLEANUP(text_free) struct text content = {0}, large = {0};
    struct error error = {0};

    for (int i = 0; i < 20000; i++)
        text_print(&large, "%05d", i);
    write_file(path, large.bytes, large.length);
    assert_int_equal(file_read(path, large.length, &content, &error), 0);
    assert_string_equal(text_string(&content), text_string(&large));
    refuse(path, large.length - 1);
}

static void test_append(void **state)
{
    const char *path = path_in(*state, "output");
    CLEANUP(text_free) struct text content = {0};
    struct error error = {0};

    assert_int_equal(file_append(path, "one\n", 4, &error), 0);
    assert_int_equal(file_append(path, "", 0, &error), 0);
    assert_int_equal(file_append(path, "two\n", 4, &error), 0);
    read_whole(path, &content);
    assert_string_equal(text_string(&content), "one\ntwo\n");
}

/* "Never 0 with anything missing, a full disk under the output file included": and never 2. */
static void test_what_can_not_be_written(void **state)
{
    struct place *place = *state;
    const char *const paths[] = {"/dev/full", place->folder, path_in(place, "no/such/folder")};

    for (size_t i = 0; i < COUNT_OF(paths); i++) {
        struct error error = {0};

        assert_int_equal(file_append(paths[i], "x", 1, &error), -1);
        assert_code(ERROR_OUTPUT, error.code);
        assert_int_equal(error.status, 1);
        assert_contains(error.message, paths[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_read, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_read_real, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_empty, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_what_is_refused, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_larger_than_its_buffer, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_append, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_what_can_not_be_written, open_place, close_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
