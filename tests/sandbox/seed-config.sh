# Sourced by `seed`: writes $dir/config.json, with pull requests from main's subjects and releases
# for some of the tags. README.md describes every key.
# shellcheck shell=bash disable=SC2154

pulls() {
    local mark=0 line number who title path
    for line in "${lines[@]}"; do
        mark=$((mark + 1))
        split "$line"
        [ "$number" = - ] || printf '%s\t%s\t%s\t%s\n' "$number" "${sha[mark]}" "${!who}" "$title"
    done
}

releases() {
    git for-each-ref --format='%(refname:short)%09%(*committerdate:unix)%(committerdate:unix)' \
        refs/tags/v0.0.3 refs/tags/v0.0.4 refs/tags/v0.0.5 refs/tags/v0.1.0-rc.1 \
        refs/tags/v0.1.0-rc.2 refs/tags/v0.1.0 refs/tags/v0.1.1 refs/tags/v0.1.2 refs/tags/v0.1.3 \
        refs/tags/v0.1.6-rc.1 refs/tags/v0.1.6-rc.2 refs/tags/v0.1.6 refs/tags/conformance/v0.1.0
}

# shellcheck disable=SC2016 # the dollars are jq's
jq -n --rawfile pulls <(pulls) --rawfile releases <(releases) '
def login: if test("bob@") then "bobbirch" elif test("carol@") then "carol-capek"
    elif test("erin@") then "erineld"
    else sub("@users.noreply.*"; "") | sub(".*[0-9]\\+"; "") end;
def labels: if test("^Bump ") then ["dependencies"] elif test("^Fix |[Tt]ypo|Spell") then ["bug"]
    elif test("^Add |^Support ") then ["enhancement"] elif test("[Dd]oc|Quickstart") then ["documentation"]
    elif test("^Remove ") then ["breaking-change"] else [] end;
{
  repository: "llm-d/llm-d-router",
  id: 912345678,
  default_branch: "main",
  private: false,
  renamed_from: "llm-d/llm-d-inference-scheduler",
  now: "2026-09-01T12:00:00Z",
  latency_ms: 0,
  list_lag_ms: 0,
  tokens: {
    "test-token-write": {login: "github-actions[bot]", permissions: {contents: "write", issues: "write"}},
    "test-token-read": {login: "github-actions[bot]", permissions: {contents: "read"}}
  },
  users: {"bob@example.org": "bobbirch", "carol@example.net": "carol-capek"},
  pull_requests: [
    $pulls | split("\n")[] | select(length > 0) | split("\t")
    | . as [$number, $sha, $person, $title]
    | {number: ($number | tonumber), title: $title, author: ($person | login),
       labels: ($title | labels), merge_commit_sha: $sha}
  ],
  releases: [
    $releases | split("\n")[] | select(length > 0) | split("\t")
    | . as [$tag, $time] | ($time | tonumber | todate) as $when
    | {tag_name: $tag, name: $tag, body: "Notes of \($tag)", target_commitish: "main", draft: false,
       make_latest: (if $tag == "v0.1.6" then "true" else "false" end),
       prerelease: ($tag | test("-")), author: "bobbirch", created_at: $when, published_at: $when,
       updated_at: $when}
  ],
  verification: {},
  protected_branches: [],
  rulesets: [],
  workflows_check: "off",
  rate_limit: {limit: 1000, remaining: 1000, reset_in: 3600},
  immutable_releases: false
}' > "$dir/config.json"
