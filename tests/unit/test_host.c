/* base/host */
#include "support.h"

#include "base/host.h"

#include <string.h>

static void test_loopback(void **state)
{
    static const char *const here[] = {"localhost", "LocalHost", "127.0.0.1", "127.9.8.7", "[::1]"};
    static const char *const elsewhere[] = {
        "",      "localhost.example.org", "127.example.org", "127.0.0.1.org", "128.0.0.1",
        "[::2]", "example.org",           "2130706433",      "127.1",         "::1",
    };
    (void)state;

    for (size_t i = 0; i < COUNT_OF(here); i++)
        assert_true(host_is_loopback(here[i], strlen(here[i])));
    for (size_t i = 0; i < COUNT_OF(elsewhere); i++)
        assert_false(host_is_loopback(elsewhere[i], strlen(elsewhere[i])));
    assert_true(host_is_loopback("127.0.0.1:8080", 9));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_loopback)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
