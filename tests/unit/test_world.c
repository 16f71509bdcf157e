/* world: which registry gets the token. What it opens is tested where it is used, in test_run.c. */
#include "support.h"

#include "world.h"

static void test_registry_of_the_token(void **state)
{
    static const struct {
        const char *server, *registry;
    } cases[] = {
        {"https://github.com", "ghcr.io"},
        {"http://github.com", NULL},
        {"https://github.com:8443", NULL},
        {"https://github.com.example.org", NULL},
        {"https://github.example.org", NULL},
        {"https://example.ghe.com", NULL},
        {"", NULL},
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct context const context = {.server_url = cases[i].server};

        assert_string_equal(string_or(world_token_registry(&context), "none"),
                            string_or(cases[i].registry, "none"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_registry_of_the_token),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
