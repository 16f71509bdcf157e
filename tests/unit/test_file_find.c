/* adapters/file_find: globs in a real folder, links in it, and ways out of it. */
#include "support.h"

#include "adapters/file_find.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
    struct arena arena;
    const char *folder;
    struct file_facts files;
};

static void place_open(struct place *place)
{
    *place = (struct place){.folder = NULL};
    place->folder = make_folder(&place->arena);
    shell(
        "cd %s && mkdir -p ws/dist/deep/er ws/.hidden outside && cd ws &&"
        " for f in a.gz b.gz c.zip .dot.gz dist/d.gz dist/deep/e.gz dist/deep/er/f.gz .hidden/g.gz"
        " 'odd [x].gz'; do echo \"$f\" > \"$f\"; done && echo s > ../outside/s.gz",
        place->folder);
}

static void place_close(struct place *place)
{
    remove_folder(place->folder);
    arena_free(&place->arena);
}

/* The paths that were found, then the codes of the problems. */
static const char *find(struct place *place, const char *patterns)
{
    CLEANUP(text_free) struct text out = {0};

    file_find(&place->arena, arena_print(&place->arena, "%s/ws", place->folder), patterns, false,
              &place->files);
    for (size_t i = 0; i < place->files.count; i++)
        text_print(&out, "%s%s", out.length ? " " : "", place->files.items[i].path);
    for (size_t i = 0; i < place->files.problem_count; i++)
        text_print(&out, "%s%s", out.length ? " " : "",
                   error_code_text(place->files.problems[i].code));
    return arena_copy(&place->arena, text_string(&out));
}

static void test_globs(void **state)
{
    static const struct {
        const char *patterns, *found;
    } cases[] = {
        {"a.gz", "a.gz"},
        {"./a.gz", "a.gz"},
        {"?.gz", "a.gz b.gz"},
        {"[ab].gz", "a.gz b.gz"},
        {"*.gz", "a.gz b.gz odd [x].gz"},
        {"a.gz\n  \n\tb.gz  \r\na.*", "a.gz b.gz"},
        {"dist/*.gz", "dist/d.gz"},
        {"dist//*.gz", "dist/d.gz"},
        {"*/d.gz", "dist/d.gz"},
        {"dist/**/*.gz", "dist/d.gz dist/deep/e.gz dist/deep/er/f.gz"},
        {"**/f.gz", "dist/deep/er/f.gz"},
        {"dist/deep/**", "dist/deep/e.gz dist/deep/er/f.gz"},
        {".dot.gz", ".dot.gz"},
        {".hidden/*", ".hidden/g.gz"},
        {"dist", "CR-ASSET-MISSING"},
        {"dist/", "CR-ASSET-MISSING"},
        {"a.gz/x", "CR-ASSET-MISSING"},
        {"*.tar\n*.rpm\na.gz", "a.gz CR-ASSET-MISSING CR-ASSET-MISSING"},
        {"/etc/hostname", "CR-INPUT-PATH"},
        {"../outside/s.gz", "CR-INPUT-PATH"},
        {"dist/../../outside/*", "CR-INPUT-PATH"},
        {"dist/..", "CR-INPUT-PATH"},
        {"a..gz", "CR-ASSET-MISSING"},
    };
    struct place place;
    (void)state;

    place_open(&place);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(find(&place, cases[i].patterns), cases[i].found);
    place_close(&place);
}

/* Links lead to where they lead; out of the workspace is told, in it is a file. */
static void test_links(void **state)
{
    struct place place;
    (void)state;

    place_open(&place);
    shell(
        "cd %s/ws && ln -s a.gz inside.tgz && ln -s ../outside/s.gz out.tgz && ln -s ../outside way"
        " && ln -s nowhere.tgz dangling.tgz && ln -s . dist/loop",
        place.folder);
    assert_string_equal(find(&place, "inside.tgz"), "inside.tgz");
    assert_string_equal(find(&place, "out.tgz"), "CR-INPUT-PATH");
    assert_string_equal(find(&place, "*.tgz"), "inside.tgz CR-INPUT-PATH");
    assert_string_equal(find(&place, "way/*"), "CR-INPUT-PATH");
    assert_string_equal(find(&place, "way/s.gz"), "CR-INPUT-PATH");
    assert_string_equal(find(&place, "dangling.tgz"), "CR-ASSET-MISSING");
    assert_string_equal(find(&place, "dist/**/d.gz"), "dist/d.gz");
    shell("cd %s/ws && ln -s ring.tgz ring.tgz", place.folder);
    assert_string_equal(find(&place, "ring.tgz"), "CR-ASSET-FILE");
    assert_string_equal(find(&place, "r*.tgz\na.gz"), "a.gz CR-ASSET-FILE");
    assert_string_equal(find(&place, "a.gz\ninside.tgz"), "a.gz inside.tgz");
    place_close(&place);
}

/* What is no regular file, or isn't there at all. */
static void test_odd_places(void **state)
{
    struct place place;
    (void)state;

    place_open(&place);
    shell("mkfifo %s/ws/pipe.gz", place.folder);
    assert_string_equal(find(&place, "pipe.gz"), "CR-ASSET-MISSING");
    shell("mv %s/ws %s/elsewhere", place.folder, place.folder);
    assert_string_equal(find(&place, "a.gz"), "CR-INPUT-PATH");
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_globs),
        cmocka_unit_test(test_links),
        cmocka_unit_test(test_odd_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
