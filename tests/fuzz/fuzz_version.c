/* core/version: names of tags. The first byte chooses the grammar. */
#include "fuzz.h"

#include "core/version.h"

static const struct grammar grammars[] = {
    {"v", "rc"}, {"v", "alpha beta rc"}, {"conformance/v", "rc"}, {"", "rc"}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct version version = {0}, again;
    struct grammar_miss miss = {0};

    if (!size)
        return 0;
    const struct grammar *grammar = &grammars[data[0] % (sizeof(grammars) / sizeof(*grammars))];
    const char *tag = arena_copy_bytes(&arena, (const char *)data + 1, size - 1);

    if (!version_parse(&arena, grammar, tag, &version, &miss)) {
        must(strings_equal(version_tag(&arena, grammar, &version), tag));
        must(!version_compare(&version, &version));
        must(version_is_final(&version) == !*version.label);
        must(version_is_final(&version) == !version.number);
        must(!*version.label ||
             word_in_list(grammar->labels, version.label, strlen(version.label)));
        return 0;
    }
    must(miss.at <= strlen(tag));
    must(!string_is_empty(miss.expected));
    if (miss.suggestion) {
        must(!strings_equal(miss.suggestion, tag));
        must(!version_parse(&arena, grammar, miss.suggestion, &again, &miss));
    }
    return 0;
}
