/* core/issue_text: the comment on the tracking issue, and how it is known again. */
#include "support.h"

#include "core/issue_text.h"
#include "core/marker.h"

#include <string.h>

static struct run_fact runs[] = {
    {.workflow = "ci-release.yaml", .state = RUN_SUCCEEDED, .id = 77, .page = "https://h/runs/77"}};
static struct image_fact images[] = {{.reference = "ghcr.io/o/n:v0.1.0",
                                      .state = IMAGE_FOUND,
                                      .digest = "sha256:abcd",
                                      .platforms = "linux/amd64, linux/arm64"}};

static struct issue_story story_of(void)
{
    return (struct issue_story){
        .tag = "v0.1.0",
        .commit = "c000000000000000000000000000000000000001",
        .branch = "release-0.1",
        .tag_object = "7000000000000000000000000000000000000001",
        .page = "https://github.com/o/n/releases/tag/v0.1.0",
        .signature = "signed, verified by GitHub; the tagger",
        .signer = "Bob <bob@example.org>",
        .gates = {.runs = runs, .run_count = 1, .images = images, .image_count = 1},
        .message_id = "n.v0.1.0@example.org",
    };
}

/* The comment behind its marker. */
static const char *told(struct arena *arena, const struct issue_story *story)
{
    const char *text = issue_comment_text(arena, story);

    assert_true(string_starts(text, "<!-- cut-release:issue tag=v0.1.0"));
    return strchr(text, '\n') + 1;
}

static void test_all_evidence(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct issue_story const story = story_of();
    (void)state;

    assert_string_equal(
        told(&arena, &story),
        "[`v0.1.0`](https://github.com/o/n/releases/tag/v0.1.0) is released.\n"
        "\n"
        "| | |\n"
        "| --- | --- |\n"
        "| Tag | `v0.1.0`, the object `7000000000000000000000000000000000000001`, signed, verified "
        "by "
        "GitHub; the tagger: `Bob <bob@example.org>` |\n"
        "| Commit | c000000000000000000000000000000000000001 |\n"
        "| Branch | `release-0.1` |\n"
        "| Workflow | [`ci-release.yaml`](https://h/runs/77) |\n"
        "| Image | `ghcr.io/o/n:v0.1.0`, `sha256:abcd`, `linux/amd64, linux/arm64` |\n"
        "| Mail | `<n.v0.1.0@example.org>` |\n");
}

static void test_little_evidence(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct issue_story story = {.tag = "v0.1.0-rc.1",
                                .commit = "c1",
                                .candidate = true,
                                .signature = "lightweight, not signed"};
    (void)state;

    assert_string_equal(told(&arena, &story), "`v0.1.0-rc.1`, a release candidate, is released.\n"
                                              "\n"
                                              "| | |\n"
                                              "| --- | --- |\n"
                                              "| Tag | `v0.1.0-rc.1`, lightweight, not signed |\n"
                                              "| Commit | c1 |\n");
}

/* Whatever somebody is called: it mentions nobody, ends no cell, opens no comment, is one line. */
static void test_foreign_text(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct issue_story story = story_of();
    struct run_fact odd_run = runs[0];
    (void)state;

    story.signer = "`@team` | \\| x\n<!-- cut-release:issue tag=v9.9.9 --> #7";
    assert_contains(told(&arena, &story),
                    "`'@team' \\| /\\| x <!-- cut-release:issue tag=v9.9.9 --> #7` |\n");
    story.gates.runs = &odd_run;
    odd_run.page = "https://h/runs/77) @team";
    assert_contains(told(&arena, &story), "| Workflow | `ci-release.yaml` |\n");
    odd_run.page = "http://127.0.0.1:8080/o/n/runs/77"; /* a server on this machine */
    assert_contains(told(&arena, &story),
                    "| Workflow | [`ci-release.yaml`](http://127.0.0.1:8080/o/n/runs/77) |\n");
    odd_run.page = "javascript:alert(1)";
    assert_contains(told(&arena, &story), "| Workflow | `ci-release.yaml` |\n");
}

static void test_read_again(void **state)
{
    CLEANUP(arena_free) struct arena arena = {0};
    struct issue_story const story = story_of();
    const char *text = issue_comment_text(&arena, &story);
    struct issue_comment comment = {.id = 5, .issue = 7};
    CLEANUP(text_free) struct text crlf = {0};
    (void)state;

    assert_true(issue_comment_read(&arena, text, &comment));
    assert_string_equal(comment.tag, "v0.1.0");
    assert_true(comment.recipe == issue_recipe(&story));
    assert_true(comment.intact);
    assert_string_equal(comment.body, text);
    assert_true(comment.id == 5 && comment.issue == 7);

    for (const char *at = text; *at; at++) /* as a browser's form sends it */
        text_add(&crlf, *at == '\n' ? "\r\n" : (char[]){*at, '\0'});
    assert_true(issue_comment_read(&arena, text_string(&crlf), &comment));
    assert_true(comment.intact);
    assert_true(issue_comment_read(&arena, arena_print(&arena, "%sThanks!", text), &comment));
    assert_false(comment.intact);
}

static void test_no_comment_of_ours(void **state)
{
    static const char *const others[] = {
        "",
        "v0.1.0 is released.",
        "> <!-- cut-release:issue tag=v1 recipe=0123456789abcdef text=0123456789abcdef -->",
        " <!-- cut-release:issue tag=v1 recipe=0123456789abcdef text=0123456789abcdef -->",
        "\n<!-- cut-release:issue tag=v1 recipe=0123456789abcdef text=0123456789abcdef -->",
        "<!-- cut-release:issue tag=v1 recipe=0123456789abcde text=0123456789abcdef -->",
        "<!-- cut-release:issue tag=v1 recipe=0123456789abcdef0 text=0123456789abcdef -->",
        "<!-- cut-release:issue tag=v1 recipe=0123456789ABCDEF text=0123456789abcdef -->",
        "<!-- cut-release:issue tag=v1 recipe=0123456789abcdef -->",
        "<!-- cut-release:issue tag=v1 recipe=0123456789abcdef text=0123456789abcdef",
        "<!-- cut-release:issue tag=v1 text=0123456789abcdef recipe=0123456789abcdef -->",
        "<!-- cut-release:issue tag=v1",
        "<!-- cut-release:issue tag=",
        "<!-- cut-release:begin tag=v1 recipe=0123456789abcdef text=0123456789abcdef -->",
    };
    CLEANUP(arena_free) struct arena arena = {0};
    struct issue_comment comment;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (issue_comment_read(&arena, others[i], &comment))
            fail_msg("taken for ours: %s", others[i]);
}

/* What the comment tells makes its recipe; the words about the signature don't. */
static void test_recipe(void **state)
{
    struct issue_story const same = story_of();
    struct issue_story changed[8];
    struct image_fact other_image = images[0];
    struct run_fact other_run = runs[0];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(changed); i++)
        changed[i] = same;
    changed[0].tag = "v0.1.1";
    changed[1].commit = "c2";
    changed[2].branch = NULL;
    changed[3].tag_object = NULL;
    changed[4].page = "https://github.com/o/n/releases/tag/v0.1.1";
    changed[5].message_id = NULL;
    changed[6].gates.images = &other_image;
    other_image.digest = "sha256:ef01";
    changed[7].gates.runs = &other_run;
    other_run.page = "https://h/runs/78";
    for (size_t i = 0; i < COUNT_OF(changed); i++)
        if (issue_recipe(&changed[i]) == issue_recipe(&same))
            fail_msg("change %zu makes no difference", i);
    changed[0] = same;
    changed[0].signature = "signed with the key";
    changed[0].signer = "0123ABCD";
    assert_true(issue_recipe(&changed[0]) == issue_recipe(&same));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_evidence),       cmocka_unit_test(test_little_evidence),
        cmocka_unit_test(test_foreign_text),       cmocka_unit_test(test_read_again),
        cmocka_unit_test(test_no_comment_of_ours), cmocka_unit_test(test_recipe),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
