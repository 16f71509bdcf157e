/* adapters/json: whole documents only, lenient about what is absent. */
#include "support.h"

#include "adapters/json.h"

#include <string.h>

static int parse(const char *bytes, struct json **json, struct error *error)
{
    return json_parse(bytes, strlen(bytes), json, error);
}

static void test_reading(void **state)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    struct error error;
    int64_t number = 5;
    (void)state;

    assert_int_equal(parse("{\"a\":{\"b\":\"text\",\"n\":42,\"f\":true,\"g\":false},"
                           "\"list\":[1,2,3],\"null\":null,\"half\":1.5,\"big\":1e300}\n",
                           &json, &error),
                     0);
    assert_string_equal(json_text(json, "a.b"), "text");
    assert_true(json_number(json, "a.n", &number));
    assert_int_equal(number, 42);
    assert_true(json_flag(json, "a.f"));
    assert_false(json_flag(json, "a.g"));
    assert_true(json_has_flag(json, "a.g"));
    assert_int_equal(json_count(json_at(json, "list")), 3);
    assert_true(json_is_array(json_at(json, "list")));
    assert_true(json_is_object(json));
    assert_false(json_is_object(json_at(json, "list")));
}

static void test_absent(void **state)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    struct error error;
    int64_t number = 5;
    (void)state;

    assert_int_equal(parse("{\"s\":\"x\",\"null\":null,\"half\":1.5,\"big\":1e300,\"one\":\"1\"}",
                           &json, &error),
                     0);
    assert_null(json_text(json, "nothing"));
    assert_null(json_text(json, "s.deeper"));
    assert_null(json_text(json, "null"));
    assert_null(json_text(NULL, "a"));
    assert_null(json_at(json, "S")); /* names are case-sensitive */
    assert_false(json_number(json, "half", &number));
    assert_false(json_number(json, "big", &number));
    assert_false(json_number(json, "one", &number));
    assert_false(json_number(json, "nothing", &number));
    assert_int_equal(number, 5);
    assert_false(json_has_flag(json, "s"));
    assert_false(json_flag(NULL, "s"));
    assert_int_equal(json_count(NULL), 0);
    assert_null(json_first(NULL));
    assert_null(json_at(
        json,
        "a_name_that_is_longer_than_any_member_that_the_adapters_ever_ask_for_in_a_document"));
}

static void test_walking(void **state)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL;
    struct error error;
    int64_t number, sum = 0;
    (void)state;

    assert_int_equal(parse("[{\"id\":1},{\"id\":2},{\"id\":3}]", &json, &error), 0);
    for (const struct json *at = json_first(json); at; at = json_next(at)) {
        assert_true(json_number(at, "id", &number));
        sum = sum * 10 + number;
    }
    assert_int_equal(sum, 123);
}

static void test_what_is_not_whole_is_refused(void **state)
{
    static const char *const broken[] = {
        "",           " ",           "{",          "{\"a\":1",
        "{\"a\":1}x", "[1,2",        "[1,2]]",     "{\"a\":}",
        "\"cut",      "nul",         "{a:1}",      "{\"a\":1}{\"b\":2}",
        "[1,]",       "{\"a\":01x}", "<!DOCTYPE>", "{\"a\":\"\\u12",
        "{\"a\" 1}",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        struct json *json = NULL;
        struct error error = {0};

        if (!parse(broken[i], &json, &error))
            fail_msg("\"%s\" was taken for whole JSON", broken[i]);
        assert_code(ERROR_ANSWER, error.code);
        assert_null(json);
    }
}

static void test_no_bytes_at_all(void **state)
{
    struct json *json = NULL;
    struct error error = {0};
    (void)state;

    assert_int_equal(json_parse(NULL, 0, &json, &error), -1);
    assert_code(ERROR_ANSWER, error.code);
}

/* Every way of cutting a document short is noticed. */
static void test_each_cut_is_noticed(void **state)
{
    static const char whole[] = "{\"name\":\"v1\",\"body\":\"* \\u00fc by @a\",\"list\":[1,true]}";
    (void)state;

    for (size_t length = 0; length < sizeof(whole) - 1; length++) {
        struct json *json = NULL;
        struct error error;

        if (!json_parse(whole, length, &json, &error))
            fail_msg("%zu bytes were taken for the whole of %zu", length, sizeof(whole) - 1);
    }
}

static void test_deep_nesting_is_no_crash(void **state)
{
    CLEANUP(text_free) struct text deep = {0};
    struct json *json = NULL;
    struct error error = {0};
    (void)state;

    for (int i = 0; i < 200000; i++)
        text_add(&deep, "[");
    assert_int_equal(json_parse(deep.bytes, deep.length, &json, &error), -1);
    assert_code(ERROR_ANSWER, error.code);
}

static void test_writing(void **state)
{
    CLEANUP(json_free_cleanup) struct json *json = json_new_object();
    CLEANUP(text_free) struct text printed = {0};
    struct json *list = json_new_array(), *inner = json_new_object();
    (void)state;

    json_put_text(json, "text", "a\"b\\c\n\xc3\xbc");
    json_put_text(json, "none", NULL);
    json_put_flag(json, "yes", true);
    json_put_flag(inner, "no", false);
    json_append(list, inner);
    json_put(json, "list", list);
    json_print(json, &printed);
    assert_string_equal(text_string(&printed),
                        "{\"text\":\"a\\\"b\\\\c\\n\xc3\xbc\",\"none\":\"\",\"yes\":true,"
                        "\"list\":[{\"no\":false}]}");
}

/* A member that is passed over; whatever is cut or behind it is still an error. */
static void test_without_a_member(void **state)
{
    static const struct {
        const char *bytes;
        bool whole;
    } cases[] = {
        {"{\"a\": 1, \"big\": [{\"x\": \"}]\\\"\"}, [2]], \"b\": 2}", true},
        {"{\"a\": 1, \"b\": 2, \"big\" : \"text, }\"}", true},
        {"{\"big\":7,\"a\":1,\"b\":2}", true},
        {"{\"a\": 1, \"b\": 2}", true},
        {"{\"in\": {\"big\": 1}, \"a\": 1, \"b\": 2, \"said\": \"big\"}", true},
        {"{\"a\": 1, \"b\": 2, \"big\": [1, 2", false},
        {"{\"a\": 1, \"b\": 2, \"big\": \"cut", false},
        {"{\"a\": 1, \"b\": 2, \"big\": [1, 2]} more", false},
        {"{\"a\": 1, \"b\": 2, \"big", false},
        {"", false},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(json_free_cleanup) struct json *json = NULL;
        struct error error = {0};
        int64_t a = 0, b = 0;
        int const result =
            json_parse_without(cases[i].bytes, strlen(cases[i].bytes), "big", &json, &error);

        if ((result == 0) != cases[i].whole)
            fail_msg("case %zu: %d, %s", i, result, error.message);
        if (result)
            continue;
        assert_true(json_number(json, "a", &a) && a == 1);
        assert_true(json_number(json, "b", &b) && b == 2);
        assert_false(json_is_array(json_at(json, "big")));
        assert_null(json_text(json, "big"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_a_member),
        cmocka_unit_test(test_reading),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_walking),
        cmocka_unit_test(test_what_is_not_whole_is_refused),
        cmocka_unit_test(test_no_bytes_at_all),
        cmocka_unit_test(test_each_cut_is_noticed),
        cmocka_unit_test(test_deep_nesting_is_no_crash),
        cmocka_unit_test(test_writing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
