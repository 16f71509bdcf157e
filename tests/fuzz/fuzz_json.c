/* adapters/json: answers. cJSON reads them; that they are whole, and how they are asked, is ours. */
#include "fuzz.h"

#include "adapters/json.h"

static void ask(const struct json *value, int depth)
{
    int64_t number;
    size_t count = 0;

    if (!value || depth > 20)
        return;
    json_text(value, "verification.payload");
    json_flag(value, "draft");
    if (json_number(value, "id", &number))
        must(number >= -(INT64_C(1) << 53) && number <= INT64_C(1) << 53);
    if (json_is_array(value) || json_is_object(value))
        for (const struct json *at = json_first(value); at; at = json_next(at), count++)
            ask(at, depth + 1);
    if (json_is_array(value))
        must(count == json_count(value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(json_free_cleanup) struct json *json = NULL, *again = NULL;
    CLEANUP(text_free) struct text first = {0}, second = {0};
    struct error error = {0};

    if (json_parse((const char *)data, size, &json, &error)) {
        must(!json && error.code == ERROR_ANSWER && *error.message);
        return 0;
    }
    ask(json, 0);
    json_print(json, &first);
    if (json_parse(first.bytes, first.length, &again, &error))
        return 0; /* cJSON prints numbers such as 1e999 as null, and depths that it does not read */
    json_print(again, &second);
    must(strings_equal(text_string(&first), text_string(&second)));
    return 0;
}
