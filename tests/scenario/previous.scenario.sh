# shellcheck shell=bash
# The previous tag, for the notes, and which release is the latest (contract, section 5).

# "rc.N → … for the first one the highest final below"
thorough_notes_of_first_candidate_since_highest_final() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_notes_since v0.1.6
    expect_text v0.1.7-rc.1 patch.md
}

# "rc.N → the candidate before it", by number: rc.10 follows rc.9
scenario_notes_of_later_candidate_since_candidate_before() {
    push_tag v0.1.7-rc.1 release-0.1~2
    push_tag v0.1.7-rc.2 release-0.1~1
    push_tag v0.1.7-rc.9 release-0.1~1
    push_tag v0.1.7-rc.10 release-0.1
    run_pushed v0.1.7-rc.10
    expect_exit 0
    expect_findings
    expect_notes_since v0.1.7-rc.9
}

# "final → the highest final below": not its candidates, and no ancestor of main
thorough_notes_of_final_since_highest_final() {
    push_branch release-0.2 main
    push_tag v0.2.0-rc.1 main~1
    push_tag v0.2.0 main
    run_pushed v0.2.0
    expect_exit 0
    expect_findings "notice CR-CANDIDATE-BEHIND"
    expect_notes_since v0.1.6
    expect_one_draft v0.2.0 latest
}

# "a patch → the patch before", of its own line, though a higher line has finals
thorough_notes_of_patch_since_patch_before() {
    push_tag v0.0.6-rc.1 release-0.0
    push_tag v0.0.6 release-0.0
    run_pushed v0.0.6
    expect_exit 0
    expect_findings
    expect_notes_since v0.0.5
}

# input previous_tag
thorough_previous_tag_as_given() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_PREVIOUS_TAG=v0.1.0
    expect_exit 0
    expect_notes_since v0.1.0
}

# input previous_tag: one that is not there is said before anything is written
scenario_previous_tag_that_is_missing_refused() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_PREVIOUS_TAG=v0.0.99
    expect_exit 2
    expect_log v0.0.99
    expect_changes_nothing
}

# "Where there is none, GitHub must not choose one of another line: the notes are then our own"
scenario_first_release_of_line_has_notes_of_our_own() {
    push_tag helm/v0.1.0-rc.1 main
    run_pushed helm/v0.1.0-rc.1 INPUT_TAG_PREFIX=helm/v 'INPUT_RELEASE_BRANCH=helm-{major}.{minor}'
    expect_exit 0
    expect_findings
    expect_changes << END
+ branch helm-0.1 at $(commit main)
+ draft helm/v0.1.0-rc.1 titled "helm/v0.1.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_output previous_tag ""
    expect_output version 0.1.0-rc.1
    expect_output release_url "$SERVER_URL/$repository/releases/tag/helm%2Fv0.1.0-rc.1"
    expect_no_request POST /releases/generate-notes
    expect_marked helm/v0.1.0-rc.1
    body_of helm/v0.1.0-rc.1 | grep -q '^[^<]' || fail "notes of our own were expected, found none"
    ! body_of helm/v0.1.0-rc.1 | grep -q 'v0\.1\.6' || fail "the notes name a tag of another line"
}

# "By SemVer among the tags of the same prefix"; "a line whose prefix has a / never takes [latest]"
thorough_second_line_of_tags() {
    push_branch conformance-0.2 main
    push_tag conformance/v0.2.0-rc.1 main
    push_tag conformance/v0.2.0 main
    run_pushed conformance/v0.2.0 INPUT_TAG_PREFIX=conformance/v \
        'INPUT_RELEASE_BRANCH=conformance-{major}.{minor}'
    expect_exit 0
    expect_findings
    expect_notes_since conformance/v0.1.0
    expect_output latest false
    expect_one_draft conformance/v0.2.0
    expect_request POST /releases '.make_latest == "false"'
}

# input tag_prefix: "none for no prefix"
thorough_tags_without_prefix() {
    push_branch release-0.2 main
    push_tag 0.2.0-rc.1 main
    run_pushed 0.2.0-rc.1 INPUT_TAG_PREFIX=none
    expect_exit 0
    expect_findings
    expect_notes_since 0.0.2
}

# make_latest auto: "true only for a final release that is the highest by SemVer of its line"
scenario_backport_is_not_latest() {
    push_tag v0.0.6-rc.1 release-0.0
    push_tag v0.0.6 release-0.0
    run_pushed v0.0.6
    expect_exit 0
    expect_output latest false
    expect_one_draft v0.0.6
    expect_request POST /releases '.make_latest == "false"'
}

# the same: the highest one
scenario_highest_final_is_latest() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7
    expect_exit 0
    expect_output latest true
    expect_one_draft v0.1.7 latest
    expect_request POST /releases '.make_latest == "true"'
}

# inputs make_latest and prerelease, given
thorough_flags_as_given() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_MAKE_LATEST=false INPUT_PRERELEASE=true 'INPUT_TITLE=Router {version}'
    expect_exit 0
    expect_changes << END
+ draft v0.1.7 titled "Router 0.1.7", prerelease, make_latest false, by $bot
END
}

# GitHub cannot make a candidate the latest: said before anything is written
scenario_latest_candidate_refused() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_MAKE_LATEST=true
    expect_exit 1
    expect_findings "error CR-LATEST-CANDIDATE"
    expect_changes_nothing
}

# inputs body and generate_notes: "text ahead of the generated notes; a template"
thorough_own_text_ahead_of_notes() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 'INPUT_BODY=# Router {version}

Since {previous_tag}.'
    expect_exit 0
    expect_marked v0.1.7-rc.1
    same "the text's start" "# Router 0.1.7-rc.1||Since v0.1.6.||## What's Changed|" \
        "$(body_of v0.1.7-rc.1 | sed '/^<!-- cut-release:/d' | tr '\n' '|' | cut -d"*" -f1)"
}

# the same, without generated notes
scenario_own_text_only() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_BODY='Read the docs.' INPUT_GENERATE_NOTES=false
    expect_exit 0
    expect_no_request POST /releases/generate-notes
    same "the text" "Read the docs." "$(body_of v0.1.7-rc.1 | sed '/^<!-- cut-release:/d')"
}

# section 8: "a body 125 000 characters (cut at an entry, with a link to the full comparison)"
thorough_long_notes_are_cut_at_an_entry() {
    local long
    long=$(printf 'very long %.0s' {1..590})
    configure "$(jq -c --arg long "$long" '{pull_requests: [.pull_requests[] | .title += " \($long)"]}' \
        "$ROOT/config.json")"
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings "warning CR-NOTES-CUT"
    expect_marked v0.2.0-rc.1
    local body entry
    body=$(body_of v0.2.0-rc.1)
    [ ${#body} -le 125000 ] || fail "at most 125000 characters were expected, found ${#body}"
    [ ${#body} -gt 110000 ] || fail "more of the notes was expected, found ${#body} characters"
    grep -qF "$SERVER_URL/$repository/compare/v0.1.6...v0.2.0-rc.1" <<< "$body" ||
        fail "a link to the full comparison was expected" "$(tail -c 300 <<< "$body")"
    while IFS= read -r entry; do
        [[ $entry =~ \ in\ https://[^\ ]+/pull/[0-9]+$ ]] || fail "an entry is cut" "${entry: -80}"
    done < <(grep '^\* ' <<< "$body")
}
