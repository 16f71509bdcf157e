/* adapters/event: the webhook's payload, whole or not at all. */
#include "support.h"

#include "adapters/event.h"

#include <string.h>

struct place {
    struct arena arena;
    const char *folder, *path;
};

static int open_place(void **state)
{
    static struct place place;

    place = (struct place){{0}, NULL, NULL};
    place.folder = make_folder(&place.arena);
    place.path = arena_print(&place.arena, "%s/event.json", place.folder);
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

static int read_json(struct place *place, const char *json, struct event *event,
                     struct error *error)
{
    write_file(place->path, json, strlen(json));
    return event_read(&place->arena, place->path, event, error);
}

static void test_push(void **state)
{
    struct event event = {0};
    struct error error = {0};

    assert_int_equal(
        read_json(*state,
                  "{\"ref\":\"refs/tags/v0.1.0\",\"before\":\"00\",\"after\":\"7a\","
                  "\"deleted\":false,\"head_commit\":{\"id\":\"c1\",\"message\":\"x\"},"
                  "\"repository\":{\"default_branch\":\"trunk\",\"full_name\":\"o/n\"}}",
                  &event, &error),
        0);
    assert_string_equal(event.ref, "refs/tags/v0.1.0");
    assert_string_equal(event.after, "7a");
    assert_string_equal(event.head_commit, "c1");
    assert_string_equal(event.default_branch, "trunk");
    assert_false(event.deleted);
    assert_null(event.action);
    assert_null(event.run_branch);
}

static void test_other_events(void **state)
{
    struct event event = {0};
    struct error error = {0};

    assert_int_equal(read_json(*state,
                               "{\"action\":\"published\",\"release\":{\"tag_name\":\"v1\"}}\n",
                               &event, &error),
                     0);
    assert_string_equal(event.action, "published");
    assert_string_equal(event.release_tag, "v1");
    assert_int_equal(read_json(*state,
                               "{\"workflow_run\":{\"head_branch\":\"v1.0.0\","
                               "\"head_sha\":\"c1\",\"event\":\"push\"}}",
                               &event, &error),
                     0);
    assert_string_equal(event.run_branch, "v1.0.0");
    assert_string_equal(event.run_head, "c1");
    assert_int_equal(read_json(*state, "{\"deleted\":true}", &event, &error), 0);
    assert_true(event.deleted);
    assert_int_equal(read_json(*state, "{}", &event, &error), 0);
    assert_null(event.ref);
}

/* Fields of another type are absent, no crash. */
static void test_odd_fields(void **state)
{
    struct event event = {0};
    struct error error = {0};

    assert_int_equal(read_json(*state,
                               "{\"ref\":7,\"after\":null,\"head_commit\":[],\"deleted\":\"yes\","
                               "\"repository\":\"o/n\",\"release\":{\"tag_name\":{}}}",
                               &event, &error),
                     0);
    assert_null(event.ref);
    assert_null(event.after);
    assert_null(event.head_commit);
    assert_false(event.deleted);
    assert_null(event.default_branch);
    assert_null(event.release_tag);
}

static void refuse(struct place *place, int result, const struct error *error)
{
    assert_int_equal(result, -1);
    assert_code(ERROR_EVENT_FILE, error->code);
    assert_int_equal(error->status, 2);
    assert_contains(error->message, place->path);
}

static void test_what_is_refused(void **state)
{
    static const char *const broken[] = {
        "", "{", "{\"ref\":\"refs/tags/v1", "[]", "null", "7", "\"text\"", "{}{}", "{} x", "<html>",
    };
    struct place *place = *state;

    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        struct event event = {.ref = "untouched"};
        struct error error = {0};

        refuse(place, read_json(place, broken[i], &event, &error), &error);
        assert_string_equal(event.ref, "untouched");
    }
}

static void test_no_file(void **state)
{
    struct place *place = *state;
    struct event event = {0};
    struct error error = {0};

    refuse(place, event_read(&place->arena, place->path, &event, &error), &error);
    place->path = place->folder;
    refuse(place, event_read(&place->arena, place->path, &event, &error), &error);
}

/* GitHub sends 25 MB at most: that is read, one byte more is not. */
static void test_size_limit(void **state)
{
    enum { LIMIT = 25 * 1000 * 1000 };
    struct place *place = *state;
    CLEANUP(text_free) struct text json = {0};
    struct event event = {0};
    struct error error = {0};

    text_add(&json, "{\"ref\":\"refs/tags/v1\",\"padding\":\"");
    while (json.length < LIMIT - 2)
        text_add_bytes(&json, "xxxxxxxxxxxxxxxx", json.length + 16 > LIMIT - 2 ? 1 : 16);
    text_add(&json, "\"}");
    assert_int_equal(json.length, LIMIT);
    write_file(place->path, json.bytes, json.length);
    assert_int_equal(event_read(&place->arena, place->path, &event, &error), 0);
    assert_string_equal(event.ref, "refs/tags/v1");
    text_add(&json, "\n");
    write_file(place->path, json.bytes, json.length);
    refuse(place, event_read(&place->arena, place->path, &event, &error), &error);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_push, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_other_events, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_odd_fields, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_what_is_refused, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_no_file, open_place, close_place),
        cmocka_unit_test_setup_teardown(test_size_limit, open_place, close_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
