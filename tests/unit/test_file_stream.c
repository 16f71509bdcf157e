/* adapters/file_stream: files that are read once and hashed on the way. */
#include "support.h"

#include "adapters/file_stream.h"

#include <string.h>

static const char hello_digest[] =
    "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"; /* "hello\n" */

struct place {
    struct arena arena;
    const char *folder;
    struct asset_file file;
};

static void place_open(struct place *place)
{
    *place = (struct place){.folder = NULL};
    place->folder = make_folder(&place->arena);
    place->file = (struct asset_file){
        .path = "hello", .real = arena_print(&place->arena, "%s/hello", place->folder), .size = 6};
    write_file(place->file.real, "hello\n", 6);
}

static void place_close(struct place *place)
{
    remove_folder(place->folder);
    arena_free(&place->arena);
}

static void test_in_pieces(void **state)
{
    struct place place;
    char buffer[16];
    (void)state;

    place_open(&place);
    struct file_stream stream = {.file = &place.file};
    assert_int_equal(file_stream_read(&stream, 0, buffer, 4), 4);
    assert_memory_equal(buffer, "hell", 4);
    assert_int_equal(file_stream_read(&stream, 0, buffer, 4), 4);  /* again from the start */
    assert_int_equal(file_stream_read(&stream, 2, buffer, 4), -1); /* nowhere else */
    assert_int_equal(file_stream_read(&stream, 4, buffer, sizeof(buffer)), 2);
    assert_string_equal(stream.digest, hello_digest);
    assert_int_equal(file_stream_read(&stream, 6, buffer, 4), -1); /* it is over */
    file_stream_close(&stream);
    place_close(&place);
}

/* A file that isn't what was found: another size, a link, gone. */
static void test_changed(void **state)
{
    static const char *const changes[] = {"echo longer > hello", "rm hello; ln -s other hello",
                                          "rm hello", "rm hello; mkfifo hello"};
    (void)state;

    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct place place;
        struct error error = {0};
        char buffer[16];

        place_open(&place);
        shell("cd %s && printf 'hello\\n' > other && %s", place.folder, changes[i]);
        struct file_stream stream = {.file = &place.file};
        assert_int_equal(file_stream_read(&stream, 0, buffer, sizeof(buffer)), -1);
        file_stream_close(&stream);
        assert_int_equal(file_hash(&place.arena, &place.file, &error), -1);
        assert_code(error.code, ERROR_ASSET_FILE);
        assert_null(place.file.digest);
        place_close(&place);
    }
}

/* A link in place of a folder leads to a file that nobody has found in the workspace. */
static void test_moved(void **state)
{
    struct place place;
    char buffer[16];
    (void)state;

    place_open(&place);
    shell("cd %s && mkdir a a/b other && printf 'hello\\n' > a/b/hello && cp a/b/hello other",
          place.folder);
    place.file.real = arena_print(&place.arena, "%s/a/b/hello", place.folder);
    struct file_stream stream = {.file = &place.file};
    assert_int_equal(file_stream_read(&stream, 0, buffer, 4), 4);
    shell("cd %s && rm -r a/b && ln -s ../other a/b", place.folder);
    assert_int_equal(file_stream_read(&stream, 0, buffer, 4), -1);
    file_stream_close(&stream);
    place_close(&place);
}

/* It becomes shorter while it is read. */
static void test_shorter(void **state)
{
    struct place place;
    char buffer[16];
    (void)state;

    place_open(&place);
    struct file_stream stream = {.file = &place.file};
    assert_int_equal(file_stream_read(&stream, 0, buffer, 2), 2);
    shell("truncate -s 2 %s", place.file.real);
    assert_int_equal(file_stream_read(&stream, 2, buffer, 2), 0);
    assert_string_equal(stream.digest, "");
    file_stream_close(&stream);
    place_close(&place);
}

static void test_hash(void **state)
{
    struct place place;
    struct error error = {0};
    (void)state;

    place_open(&place);
    struct file_facts files = {.count = 0};
    assets_add(&place.arena, &files, place.file);
    assets_complete(&place.arena, &files, true);
    file_hash_checksums(&place.arena, &files);
    assert_null(files.items[1].content); /* a digest is missing */
    assert_int_equal(file_hash(&place.arena, &files.items[0], &error), 0);
    assert_string_equal(files.items[0].digest, hello_digest);
    file_hash_checksums(&place.arena, &files);
    assert_string_equal(files.items[1].content,
                        arena_print(&place.arena, "%s  hello\n", hello_digest));

    struct file_stream stream = {.file = &files.items[1]}; /* from memory */
    char buffer[128];
    assert_int_equal(file_stream_read(&stream, 0, buffer, sizeof(buffer)), files.items[1].size);
    assert_string_equal(stream.digest, files.items[1].digest);
    file_stream_close(&stream);
    file_hash_checksums(&place.arena, &(struct file_facts){.count = 0});
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_pieces), cmocka_unit_test(test_changed),
        cmocka_unit_test(test_moved),     cmocka_unit_test(test_shorter),
        cmocka_unit_test(test_hash),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
