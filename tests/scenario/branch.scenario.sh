# shellcheck shell=bash
# The release branch of a pushed tag (contract, section 5, first and third row of the table).

# "release branch missing: created … at the tagged commit": here main's head, the usual first candidate
scenario_first_candidate_makes_branch_and_draft() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_changes << END
+ branch release-0.2 at $(commit main)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_text v0.2.0-rc.1 first-candidate.md
    expect_outputs tag=v0.2.0-rc.1 version=0.2.0-rc.1 major=0 minor=2 patch=0 rc=1 prerelease=true \
        latest=false branch=release-0.2 branch_created=true tag_created=false changed=true \
        commit="$(object main)" tag_object="$(object refs/tags/v0.2.0-rc.1)" previous_tag=v0.1.6 \
        announcement= release_id="$(draft_id v0.2.0-rc.1)" \
        release_url="$SERVER_URL/$repository/releases/tag/v0.2.0-rc.1" \
        upload_url="$UPLOAD_URL/repos/$repository/releases/$(draft_id v0.2.0-rc.1)/assets{?name,label}" \
        notes="$(body_of v0.2.0-rc.1)"
    expect_step branch do
    expect_step tag done
    expect_step release do
    expect_summary "release-0.2"
    expect_summary "Quickstart for 0.2"
    expect_request POST /releases '.draft == true and .make_latest == "false"'
}

# section 9: "sequential round trips, tag pushed, branch there, up to the finished draft: 4". With a
# long latency and the best of three, since on a busy machine requests do not arrive at once.
scenario_usual_run_takes_four_round_trips() {
    local number trips least=99
    configure '{"latency_ms": 500}'
    push_branch release-0.2 main
    for number in 1 2 3; do
        push_tag v0.2.0-rc.$number release-0.2
        run_pushed v0.2.0-rc.$number
        expect_exit 0
        trips=$(ask_admin /stats | jq .sequential_round_trips)
        [ "$trips" -ge "$least" ] || least=$trips
        [ "$least" -gt 4 ] || return 0
    done
    fail "at most 4 sequential round trips were expected, found $least"
}

# the same where GitHub's notes lack something: the pull requests are one round more
thorough_cherry_picks_take_one_round_trip_more() {
    local number trips least=99
    configure '{"latency_ms": 500}'
    for number in 1 2 3; do
        push_tag v0.1.7-rc.$number "release-0.1~$((number == 3))"
        run_pushed v0.1.7-rc.$number INPUT_PREVIOUS_TAG=v0.1.6
        expect_exit 0
        trips=$(ask_admin /stats | jq .sequential_round_trips)
        [ "$trips" -ge "$least" ] || least=$trips
        [ "$least" -gt 5 ] || return 0
    done
    fail "at most 5 sequential round trips were expected, found $least"
}

# "at the tagged commit, which must be on the source branch": a commit behind main's head is on it
thorough_candidate_behind_main_makes_branch_at_tagged_commit() {
    push_tag v0.2.0-rc.1 main~2
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_changes << END
+ branch release-0.2 at $(commit main~2)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_generated_text v0.2.0-rc.1 v0.1.6
    expect_output commit "$(object main~2)"
}

# "Refused: PATCH > 0 …; the way out is a branch made by hand"
scenario_candidate_of_patch_without_branch_refused() {
    push_tag v0.2.1-rc.1 main
    run_pushed v0.2.1-rc.1
    expect_exit 1
    expect_findings "error CR-BRANCH-PATCH" "warning CR-PATCH-GAP"
    expect_log "git push origin"
    expect_changes_nothing
}

# "Refused: … a line below the highest release branch (0.1 typed for 0.11)"
scenario_candidate_below_highest_line_refused() {
    push_branch release-0.11 main
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 1
    expect_findings "error CR-BRANCH-BELOW"
    expect_log 0.11
    expect_changes_nothing
}

# "Comparison is SemVer's: 0.10 > 0.9": 0.10 is above 0.9, whatever the letters say
scenario_candidate_above_highest_line_by_number() {
    push_branch release-0.9 main
    push_tag v0.10.0-rc.1 main
    run_pushed v0.10.0-rc.1
    expect_exit 0
    expect_findings
    expect_output branch release-0.10
    expect_output branch_created true
}

# "final: release branch missing: refused, with the way out"
scenario_final_without_branch_refused() {
    push_tag v0.2.0 main
    run_pushed v0.2.0
    expect_exit 1
    expect_findings "error CR-BRANCH-MISSING" "warning CR-CANDIDATE-NONE"
    expect_output branch_created false
    expect_output changed false
    expect_step branch refused
    expect_changes_nothing
}

# "its commit must be on the release branch (head …)"
scenario_tag_on_head_of_branch() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings
    expect_one_draft v0.1.7-rc.1
    expect_output branch_created false
    expect_step branch done
}

# "… or behind: said in a notice"
scenario_tag_behind_head_of_branch_is_noticed() {
    push_tag v0.1.7-rc.1 release-0.1~1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "notice CR-BRANCH-BEHIND"
    expect_one_draft v0.1.7-rc.1
}

# "its commit must be on the release branch": a commit of main that is not on it
scenario_tag_not_on_branch_refused() {
    push_tag v0.1.7-rc.1 main
    run_pushed v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-BRANCH-OFF"
    expect_changes_nothing
}

# "at the tagged commit, which must be on the source branch"
scenario_tag_not_on_source_branch_refused() {
    push_tag v0.2.0-rc.1 release-0.1
    run_pushed v0.2.0-rc.1
    expect_exit 1
    expect_findings "error CR-SOURCE-OFF"
    expect_changes_nothing
}

# input source_branch: "where a new release branch starts"
thorough_source_branch_as_given() {
    push_branch develop release-0.1
    push_tag v0.2.0-rc.1 release-0.1~1
    run_pushed v0.2.0-rc.1 INPUT_SOURCE_BRANCH=develop
    expect_exit 0
    expect_output branch_created true
}

# input source_branch: one that the repository does not have
scenario_source_branch_missing_refused() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_SOURCE_BRANCH=trunk
    expect_exit 1
    expect_findings "error CR-SOURCE-MISSING"
    expect_log trunk
    expect_changes_nothing
}

# input release_branch: its name
thorough_release_branch_named_otherwise() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 'INPUT_RELEASE_BRANCH=releases/v{major}.{minor}.x'
    expect_exit 0
    expect_changes << END
+ branch releases/v0.2.x at $(commit main)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
}

# section 5: all refusals at once (section 6, "plan"), not the first one
scenario_all_refusals_at_once() {
    push_unsigned_tag v0.1.6-rc.3 main 'llm-d-router v${MAJOR}.${MINOR}.${PATCH}'
    run_pushed v0.1.6-rc.3 INPUT_VERIFY_TAG=required
    expect_exit 1
    expect_findings "error CR-BRANCH-OFF" "error CR-FINAL-EXISTS" "error CR-TAG-MESSAGE" \
        "error CR-TAG-UNSIGNED" "warning CR-PATCH-GAP"
    expect_changes_nothing
}

# section 7: a ruleset "is called by its name"
scenario_ruleset_that_forbids_the_branch_is_told() {
    configure '{"rulesets": [{"name": "release branches", "id": 42,
        "include": ["refs/heads/release-*"], "rules": ["creation"]}]}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 1
    expect_findings "warning CR-RULESET" "error CR-RULESET"
    expect_log "Cannot create ref due to creations being restricted"
    expect_log release-0.2
    expect_changes < /dev/null
    expect_output changed false
}

# section 7: a protected branch "is called by its name"
thorough_protected_branch_is_told() {
    configure '{"protected_branches": ["release-*"]}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 1
    expect_findings "error CR-RULESET"
    expect_log release-0.2
    expect_changes < /dev/null
}
