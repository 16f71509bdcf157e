# shellcheck shell=bash
# What the server will refuse is told ahead of the first write, as far as the server tells it (contract,
# section 7: "what can be known before the first write is checked before it").

# A user's token, by its form; an App's is ghs_…, and of that the server tells nothing that counts.
user_token=ghp_0123456789abcdefghijklmnopqrstuvwxyz
with_user() { # PERMISSION of the contents
    configure '{"tokens": {"'$user_token'": {"login": "bobbirch", "permissions": {"contents": "'"$1"'"}}}}'
    secrets+=("$user_token")
}

ruleset_on_branches='{"name": "release branches", "id": 42, "include": ["refs/heads/release-*"],
    "rules": ["creation"], "bypass": ["carol-capek"]}'
ruleset_on_tags='{"name": "release tags", "id": 43, "include": ["refs/tags/v*"],
    "exclude": ["refs/tags/v9*"], "rules": ["creation", "update"], "bypass": ["carol-capek"]}'

cut_as_user() { # NAME=VALUE …
    run_with_inputs INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=never INPUT_TOKEN=$user_token "$@"
}

expect_nothing_tried() {
    expect_changes_nothing
    same "changes that were asked for" 0 \
        "$(requests | jq '[.[] | select(.method != "GET" and (.path | endswith("/generate-notes") | not))] | length')"
}

# "permissions" of the repository: who may not push makes no branch, no tag and no draft
scenario_access_user_who_may_not_push() {
    with_user read
    cut_as_user
    expect_exit 1
    expect_findings "error CR-PERMISSION" "error CR-PERMISSION" "error CR-PERMISSION"
    expect_step branch refused
    expect_step tag refused
    expect_step release refused
    expect_log "may not push to $repository"
    expect_nothing_tried
    cut_as_user INPUT_DRY_RUN=true # of which the README says that a reader may make one
    expect_exit 0
    expect_findings "warning CR-PERMISSION" "warning CR-PERMISSION" "warning CR-PERMISSION"
    expect_step branch do
    expect_nothing_tried
}

# whoever it is: the notes need contents: write, and where the server refuses them for want of that,
# nothing is written
scenario_access_token_that_may_not_write() {
    run_with_inputs INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=never INPUT_TOKEN=$read_token
    expect_exit 1
    expect_findings "error CR-PERMISSION" "error CR-PERMISSION" "error CR-PERMISSION"
    expect_log "give the token contents: write"
    expect_changes_nothing
}

# "archived"
scenario_access_archived_repository() {
    configure '{"archived": true}'
    run_with_inputs INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=never
    expect_exit 1
    expect_findings "error CR-ARCHIVED" "error CR-ARCHIVED" "error CR-ARCHIVED"
    expect_log "$repository is archived"
    expect_nothing_tried
}

# the rules of the branch to be made: the ruleset is called by its name
scenario_access_ruleset_on_the_branch() {
    with_user write
    configure '{"rulesets": ['"$ruleset_on_branches"']}'
    cut_as_user
    expect_exit 1
    expect_findings "error CR-RULESET"
    expect_step branch refused
    expect_log 'the ruleset "release branches"'
    expect_log "bypass list"
    expect_nothing_tried
}

# the same for a tag that was pushed, whose branch is missing
scenario_access_ruleset_on_the_branch_of_a_pushed_tag() {
    with_user write
    configure '{"rulesets": ['"$ruleset_on_branches"']}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_TOKEN=$user_token
    expect_exit 1
    expect_findings "error CR-RULESET"
    expect_step tag done
    expect_nothing_tried
}

# a ruleset of tags: no branch is left half-way
scenario_access_ruleset_on_the_tag() {
    with_user write
    configure '{"rulesets": ['"$ruleset_on_tags"']}'
    cut_as_user
    expect_exit 1
    expect_findings "error CR-RULESET"
    expect_step branch do
    expect_step tag refused
    expect_log 'the ruleset "release tags"'
    expect_nothing_tried
}

# all of them at once, and what else is refused
scenario_access_all_refusals_at_once() {
    with_user read
    configure '{"archived": true, "rulesets": ['"$ruleset_on_branches, $ruleset_on_tags"']}'
    cut_as_user INPUT_SIGN=required
    expect_exit 1
    expect_findings "error CR-ARCHIVED" "error CR-ARCHIVED" "error CR-ARCHIVED" \
        "error CR-PERMISSION" "error CR-PERMISSION" "error CR-PERMISSION" \
        "error CR-RULESET" "error CR-RULESET" "error CR-KEY-NONE"
    expect_nothing_tried
}

# who is on the bypass lists passes
scenario_access_bypassing_token_passes() {
    with_user write
    configure '{"rulesets": ['"${ruleset_on_branches/carol-capek/bobbirch}, ${ruleset_on_tags/carol-capek/bobbirch}"']}'
    cut_as_user
    expect_exit 0
    expect_findings
    bot=bobbirch expect_cut v0.2.0-rc.1 release-0.2 1 main
}

# rulesets for others: of other names, excluded, without the rule, not told
thorough_access_rulesets_that_do_not_refuse() {
    with_user write
    configure '{"rulesets": [
        {"id": 1, "include": ["refs/heads/main"], "rules": ["creation", "update"]},
        {"id": 2, "include": ["refs/tags/*"], "exclude": ["refs/tags/v0.2.*"], "rules": ["creation"]},
        {"id": 3, "include": ["refs/tags/*"], "rules": ["update", "deletion"]},
        {"id": 4, "include": ["refs/heads/release-*"], "rules": ["non_fast_forward"]}]}'
    cut_as_user
    expect_exit 0
    expect_findings
    bot=bobbirch expect_cut v0.2.0-rc.1 release-0.2 1 main
}

# whom the server doesn't tell is not refused ahead: it is tried, and the server refuses
thorough_access_bypass_that_is_not_told() {
    with_user write
    configure '{"rulesets": ['"${ruleset_on_branches%\}}"', "bypass_untold": true}]}'
    cut_as_user
    expect_exit 1
    expect_findings "error CR-RULESET"
    expect_log "Cannot create ref due to creations being restricted"
    expect_changes < /dev/null
}

# An App's installation is told that it may nothing, whatever it may: that is no evidence.
scenario_access_of_an_app_is_no_evidence() {
    configure '{"tokens": {"test-token-write": {"installation": true}}}'
    run_with_inputs INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=never
    expect_exit 0
    expect_findings
    expect_cut v0.2.0-rc.1 release-0.2 1 main
}

# where neither branch nor tag is made, nobody asks
thorough_access_is_not_asked_where_nothing_is_made() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    same "requests about rules" 0 "$(requests | jq '[.[] | select(.path | test("rule|router$"))] | length')"
}

# a clone's own remote and its user's token: the repository's page was asked for already
thorough_access_on_a_laptop() {
    with_user read
    clone "$S/clone" "$SERVER_URL/$repository.git"
    laptop_environment=("GITHUB_TOKEN=$user_token" SSL_CERT_FILE="$CA" GITHUB_API_URL="$API_URL"
        GITHUB_SERVER_URL="$SERVER_URL")
    run_laptop "$S/clone" release --tag v0.2.0-rc.1 --sign never
    expect_exit 1
    expect_findings "error CR-PERMISSION" "error CR-PERMISSION" "error CR-PERMISSION"
    same "requests of the repository's page" 1 \
        "$(requests | jq '[.[] | select(.path | test("/llm-d-router$"))] | length')"
    expect_nothing_tried
}
