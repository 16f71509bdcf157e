#include "api.h"

#define READ "contents=read"
#define WRITE "contents=write"
/* "Contents" (write), or that and "Workflows" (write): either set is named. */
#define WRITE_REF "contents=write; contents=write,workflows=write"
#define PAGES "per_page page"
/* Pull requests are issues: either permission will do. */
#define WRITE_ISSUE "issues=write; pull_requests=write"

const struct endpoint endpoints[] = {
    {"GET", "", "metadata=read", "", "repos/repos#get-a-repository", handle_repo_get},
    {"GET", "/rules/branches/{branch...}", "metadata=read", PAGES,
     "repos/rules#get-rules-for-a-branch", handle_rules_branch},
    {"GET", "/actions/runs", "actions=read", PAGES " event head_sha branch status actor created",
     "actions/workflow-runs#list-workflow-runs-for-a-repository", handle_runs},
    {"GET", "/rulesets/{id}", "metadata=read", "", "repos/rules#get-a-repository-ruleset",
     handle_ruleset},
    {"GET", "/immutable-releases", "administration=read", "",
     "repos/repos#check-if-immutable-releases-are-enabled-for-a-repository", handle_immutable},

    {"GET", "/git/matching-refs/{ref...}", READ, "", "git/refs#list-matching-references",
     handle_refs_matching},
    {"GET", "/git/ref/{ref...}", READ, "", "git/refs#get-a-reference", handle_ref_get},
    {"POST", "/git/refs", WRITE_REF, "", "git/refs#create-a-reference", handle_ref_create},
    {"PATCH", "/git/refs/{ref...}", WRITE_REF, "", "git/refs#update-a-reference",
     handle_ref_update},
    {"DELETE", "/git/refs/{ref...}", WRITE, "", "git/refs#delete-a-reference", handle_ref_delete},
    {"GET", "/git/trees/{sha}", READ, "", "git/trees#get-a-tree", handle_tree_get},
    {"GET", "/git/blobs/{sha}", READ, "", "git/blobs#get-a-blob", handle_blob_get},
    {"GET", "/git/tags/{sha}", READ, "", "git/tags#get-a-tag", handle_tag_get},
    {"POST", "/git/tags", WRITE, "", "git/tags#create-a-tag-object", handle_tag_create},
    {"GET", "/git/commits/{sha}", READ, "", "git/commits#get-a-commit-object",
     handle_git_commit_get},
    {"GET", "/commits/{ref...}", READ, PAGES, "commits/commits#get-a-commit", handle_commit_get},
    {"GET", "/compare/{basehead...}", READ, PAGES, "commits/commits#compare-two-commits",
     handle_compare},

    {"GET", "/releases", READ, PAGES, "releases/releases#list-releases", handle_releases_list},
    {"POST", "/releases", WRITE_REF, "", "releases/releases#create-a-release",
     handle_release_create},
    {"POST", "/releases/generate-notes", WRITE, "",
     "releases/releases#generate-release-notes-content-for-a-release", handle_notes},
    {"GET", "/releases/latest", READ, "", "releases/releases#get-the-latest-release",
     handle_release_latest},
    {"GET", "/releases/tags/{tag...}", READ, "", "releases/releases#get-a-release-by-tag-name",
     handle_release_by_tag},
    {"GET", "/releases/assets/{id}", READ, "", "releases/assets#get-a-release-asset",
     handle_asset_get},
    {"DELETE", "/releases/assets/{id}", WRITE, "", "releases/assets#delete-a-release-asset",
     handle_asset_delete},
    {"GET", "/releases/{id}", READ, "", "releases/releases#get-a-release", handle_release_get},
    {"PATCH", "/releases/{id}", WRITE_REF, "", "releases/releases#update-a-release",
     handle_release_update},
    {"DELETE", "/releases/{id}", WRITE, "", "releases/releases#delete-a-release",
     handle_release_delete},
    {"GET", "/releases/{id}/assets", READ, PAGES, "releases/assets#list-release-assets",
     handle_assets_list},
    {"UPLOAD", "/releases/{id}/assets", WRITE, "name label",
     "releases/assets#upload-a-release-asset", handle_asset_upload},

    {"GET", "/issues", "issues=read",
     PAGES " milestone state assignee type creator mentioned labels sort direction since",
     "issues/issues#list-repository-issues", handle_issues_list},
    {"GET", "/issues/{number}", "issues=read", "", "issues/issues#get-an-issue", handle_issue_get},
    {"PATCH", "/issues/{number}", WRITE_ISSUE, "", "issues/issues#update-an-issue",
     handle_issue_update},
    {"GET", "/issues/{number}/comments", "issues=read", PAGES " since",
     "issues/comments#list-issue-comments", handle_issue_comments},
    {"POST", "/issues/{number}/comments", WRITE_ISSUE, "",
     "issues/comments#create-an-issue-comment", handle_comment_create},
    {"PATCH", "/issues/comments/{id}", WRITE_ISSUE, "", "issues/comments#update-an-issue-comment",
     handle_comment_update},
    {"DELETE", "/issues/comments/{id}", WRITE_ISSUE, "", "issues/comments#delete-an-issue-comment",
     handle_comment_delete},
    {"SEARCH", "/search/issues", "metadata=read", PAGES " q sort order advanced_search",
     "search/search#search-issues-and-pull-requests", handle_search_issues},
    {0}};
