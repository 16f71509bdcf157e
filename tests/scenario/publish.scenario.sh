# shellcheck shell=bash
# Publishing, the command announce, and who is the latest release (contract, sections 2, 3 and 6).

# In $latest the tag of the latest release.
find_latest() {
    local id
    record "$S" now
    latest=$(jq -r '[.releases[] | select(.is_latest).tag_name] | join(" ")' "$S/now")
}

expect_latest() { # TAG
    local latest
    find_latest
    same "the latest release" "$1" "$latest"
}

# A patch of an older line: it may be released, and never is the latest.
push_backport() { # the tag v0.0.6
    push_tag v0.0.6-rc.1 release-0.0
    push_tag v0.0.6 release-0.0
}

# input draft: "false publishes"
scenario_draft_false_publishes_a_candidate() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_DRAFT=false
    expect_exit 0
    expect_findings
    expect_changes << END
+ branch release-0.2 at $(commit main)
+ release v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_generated_text v0.2.0-rc.1 v0.1.6
    expect_step release do
    expect_step publish do
    expect_step latest ''
    expect_request PATCH "/releases/$(output release_id)" \
        '.draft == false and .prerelease == true and .make_latest == "false"'
    expect_output release_url "$SERVER_URL/$repository/releases/tag/v0.2.0-rc.1"
    run_pushed v0.2.0-rc.1 INPUT_DRAFT=false
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_step publish 'done'
    expect_log "othing left to do"
}

# the same for a final release, which becomes the latest
scenario_draft_false_publishes_a_final_release() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_DRAFT=false
    expect_exit 0
    expect_changes << END
+ release v0.1.7 titled "v0.1.7", make_latest true, the latest, by $bot
~ release v0.1.6: is_latest true -> false
END
    expect_step publish do
    expect_step latest do
    expect_output latest true
    run_pushed v0.1.7 INPUT_DRAFT=false
    expect_exit 0
    expect_changes_nothing
    expect_step latest 'done'
}

# "nothing is published until all is there": the draft of an earlier run
scenario_draft_of_an_earlier_run_is_published() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7
    expect_exit 0
    edit_draft v0.1.7 '{"name": "The winter release"}'
    run_pushed v0.1.7 INPUT_DRAFT=false
    expect_exit 0
    expect_findings "notice CR-DRAFT-TITLE"
    expect_changes << END
~ release v0.1.6: is_latest true -> false
~ release v0.1.7: draft true -> false, is_latest false -> true
END
    run_pushed v0.1.7 INPUT_DRAFT=false
    expect_exit 0
    expect_findings
    expect_changes_nothing
}

# "make_latest sent in the same PATCH that publishes is not always applied": it is set again
scenario_make_latest_that_publishing_ignores_is_set_again() {
    configure '{"publish_ignores_make_latest": true}'
    push_backport
    run_pushed v0.0.6 INPUT_DRAFT=false
    expect_exit 0
    expect_latest v0.1.6
    expect_output latest false
    expect_step latest do
    expect_changes << END
+ release v0.0.6 titled "v0.0.6", make_latest false, by $bot
END
    run_pushed v0.0.6 INPUT_DRAFT=false
    expect_exit 0
    expect_changes_nothing
}

# the same where the run is killed in between: the next one puts it right
scenario_make_latest_is_set_by_the_next_run() {
    configure '{"publish_ignores_make_latest": true}'
    push_backport
    fault 500 PATCH '/repos/*/releases/*[0-9]' -1
    run_pushed v0.0.6 INPUT_DRAFT=false
    expect_failure
    no_faults
    edit_draft v0.0.6 '{"draft": false}'
    expect_latest v0.0.6
    run_pushed v0.0.6 INPUT_DRAFT=false
    expect_exit 0
    expect_findings "notice CR-LATEST-MOVED"
    expect_latest v0.1.6
    run_pushed v0.0.6 INPUT_DRAFT=false
    expect_exit 0
    expect_findings
    expect_changes_nothing
}

# "never steals latest from a higher version"
scenario_backport_does_not_become_the_latest() {
    push_backport
    run_pushed v0.0.6 INPUT_DRAFT=false
    expect_exit 0
    expect_latest v0.1.6
    expect_changes << END
+ release v0.0.6 titled "v0.0.6", make_latest false, by $bot
END
}

# input make_latest: true makes it the latest, whatever else there is
thorough_make_latest_true_is_respected() {
    push_backport
    run_pushed v0.0.6 INPUT_DRAFT=false INPUT_MAKE_LATEST=true
    expect_exit 0
    expect_latest v0.0.6
    run_pushed v0.0.6 INPUT_DRAFT=false INPUT_MAKE_LATEST=true
    expect_exit 0
    expect_changes_nothing
}

# and false doesn't, also for the highest, and also where a person published it so
thorough_make_latest_false_is_respected() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_DRAFT=false INPUT_MAKE_LATEST=false
    expect_exit 0
    expect_latest v0.1.6
    as_maintainer PATCH "/releases/$(output release_id)" '{"make_latest": "true"}'
    expect_latest v0.1.7
    run_published v0.1.7 INPUT_MAKE_LATEST=false
    expect_exit 0
    expect_findings "notice CR-LATEST-MOVED"
    expect_latest v0.1.6
}

# "a line whose prefix has a / never takes it"
thorough_line_with_a_slash_never_becomes_the_latest() {
    configure '{"publish_ignores_make_latest": true}'
    push_branch conformance/release-0.2 main
    push_tag conformance/v0.2.0 main
    run_pushed conformance/v0.2.0 INPUT_DRAFT=false INPUT_TAG_PREFIX=conformance/v \
        'INPUT_RELEASE_BRANCH=conformance/release-{major}.{minor}'
    expect_exit 0
    expect_latest v0.1.6
}

# "a release that a person publishes meanwhile is recognised", and not written to
scenario_published_by_a_person_ahead_of_us() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7
    expect_exit 0
    configure '{"latency_ms": 300}'
    when_asked GET '*/releases/latest' edit_draft v0.1.7 '{"draft": false, "make_latest": "true"}'
    run_pushed v0.1.7 INPUT_DRAFT=false
    expect_exit 0
    expect_acted
    expect_log "othing left to do"
    expect_output changed false
    expect_step publish 'done'
    expect_latest v0.1.7
}

# lost answers: look, then decide
scenario_slow_lost_answer_to_publishing() {
    local kind
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    for kind in cut-after cut-before 502-after; do
        run_pushed v0.1.7
        expect_exit 0
        fault $kind PATCH '/repos/*/releases/*'
        run_pushed v0.1.7 INPUT_DRAFT=false
        expect_exit 0
        no_faults
        expect_changes << END
~ release v0.1.6: is_latest true -> false
~ release v0.1.7: draft true -> false, is_latest false -> true
END
        as_maintainer DELETE "/releases/$(output release_id)"
    done
}

# the tag was moved while the draft waited: what was verified isn't what would be published
scenario_tag_moved_ahead_of_publishing() {
    push_tag v0.1.7-rc.1 release-0.1~1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    configure '{"latency_ms": 300}'
    tell_admin /reset
    when_asked GET '*/releases' push_tag v0.1.7-rc.1 release-0.1
    run_with_inputs INPUT_TAG=v0.1.7-rc.1 INPUT_DRAFT=false
    expect_exit 0
    expect_acted
    known=()
    expect_marked v0.1.7-rc.1
    expect_output commit "$(object release-0.1)"
}

# a ruleset, or a missing permission: told, and the draft stays
scenario_publishing_refused() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    fault 403-secondary PATCH '/repos/*/releases/*' -1 100000
    run_pushed v0.1.7-rc.1 INPUT_DRAFT=false
    expect_exit 1
    expect_findings "error CR-RATE-LIMIT"
    expect_changes << END
END
}

# ---- announce ----------------------------------------------------------------------------------------------

# event release, published: the command announce; it makes no branch, tag or draft
scenario_announce_after_publishing_by_hand() {
    push_tag v0.2.0-rc.1 main
    published_by_hand v0.2.0-rc.1 "Our first 0.2" "By hand." '{"prerelease": true}'
    run_published v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_step branch ''
    expect_step tag 'done'
    expect_step release 'done'
    expect_outputs tag=v0.2.0-rc.1 changed=false branch_created=false
}

# the same by the command
scenario_announce_by_the_button() {
    run_with_inputs INPUT_COMMAND=announce INPUT_TAG=0.1.6
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_step latest 'done'
    expect_output latest true
}

# what isn't published is not announced
scenario_announce_of_a_draft_refused() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    run_with_inputs INPUT_COMMAND=announce INPUT_TAG=v0.2.0-rc.1
    expect_refused 1 "error CR-NOT-PUBLISHED"
    run_with_inputs INPUT_COMMAND=announce INPUT_TAG=v0.2.0-rc.1 INPUT_DRY_RUN=true
    expect_refused 1 "error CR-NOT-PUBLISHED"
}

scenario_announce_without_a_release_refused() {
    push_tag v0.2.0-rc.1 main
    run_with_inputs INPUT_COMMAND=announce INPUT_TAG=v0.2.0-rc.1
    expect_refused 1 "error CR-NOT-PUBLISHED"
    run_with_inputs INPUT_COMMAND=announce INPUT_TAG=v0.3.0
    expect_refused 1 "error CR-NOT-PUBLISHED" "error CR-TAG-GONE"
}

# "the tag verified": by verify_tag, as for a pushed tag
scenario_announce_verifies_the_tag() {
    push_unsigned_tag v0.2.0-rc.1 main
    published_by_hand v0.2.0-rc.1 v0.2.0-rc.1 "By hand." '{"prerelease": true}'
    run_published v0.2.0-rc.1
    expect_exit 0
    expect_findings "warning CR-TAG-UNSIGNED"
    expect_changes_nothing
    run_published v0.2.0-rc.1 INPUT_VERIFY_TAG=required
    expect_refused 1 "error CR-TAG-UNSIGNED"
}

# flags differ from the plan
scenario_announce_of_a_release_with_another_flag_refused() {
    push_tag v0.2.0-rc.1 main
    published_by_hand v0.2.0-rc.1 v0.2.0-rc.1 "By hand."
    run_published v0.2.0-rc.1
    expect_refused 1 "error CR-RELEASE-DIFFERS"
}

# Publishing by hand gave "latest" to a backport: "announce gives it back to the highest final"
scenario_announce_gives_latest_back() {
    push_backport
    run_pushed v0.0.6
    expect_exit 0
    edit_draft v0.0.6 '{"draft": false, "make_latest": "true"}'
    expect_latest v0.0.6
    run_published v0.0.6
    expect_exit 0
    expect_findings "notice CR-LATEST-MOVED"
    expect_changes << END
~ release v0.1.6: is_latest false -> true
~ release v0.0.6: is_latest true -> false
END
    expect_step latest do
    run_published v0.0.6
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_step latest 'done'
}

# "an immutable release: it only says so"
scenario_announce_only_tells_of_an_immutable_release() {
    configure '{"immutable_releases": true}'
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_DRAFT=false
    expect_exit 0
    push_backport
    published_by_hand v0.0.6 v0.0.6 "By hand."
    as_maintainer PATCH "/releases/$(draft_id v0.0.6)" '{"make_latest": "true"}'
    run_published v0.0.6
    expect_exit 0
    expect_findings "warning CR-LATEST-MOVED"
    expect_changes_nothing
    expect_latest v0.0.6
}

# the same where the server ignores make_latest and freezes the release with its publishing
scenario_immutable_release_whose_make_latest_was_ignored() {
    configure '{"immutable_releases": true, "publish_ignores_make_latest": true}'
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_DRAFT=false INPUT_MAKE_LATEST=false
    expect_exit 0
    expect_latest v0.1.6
    push_tag v0.1.8-rc.1 release-0.1
    push_tag v0.1.8 release-0.1
    run_pushed v0.1.8 INPUT_DRAFT=false INPUT_MAKE_LATEST=false
    expect_exit 0
    expect_findings "warning CR-LATEST-MOVED"
    expect_latest v0.1.8
}

# The event release comes for all releases of the repository: another line's is left alone
scenario_release_of_another_line_is_left_alone() {
    run_published conformance/v0.1.0
    expect_exit 0
    expect_findings "notice CR-TAG-OTHER"
    expect_changes_nothing
    expect_stat requests 0
    run_published v0.1.2-with-sidecar-fix
    expect_refused 1 "error CR-TAG-GRAMMAR"
}

# "Any other event is an error that names the events that serve": a release that was only made
scenario_release_event_of_another_action() {
    release_event v0.1.6 created > "$S/event.json"
    runner_environment release refs/tags/v0.1.6 "$(object v0.1.6)"
    run_on_runner
    expect_refused 2 "error CR-EVENT"
    expect_log published
}

# dry_run: what is seen is told, nothing is done
scenario_dry_run_of_publishing() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_DRAFT=false INPUT_DRY_RUN=true
    expect_exit 0
    expect_changes_nothing
    expect_step publish do
    expect_step latest do
    mkdir "$S/clone"
    clone "$S/clone"
    run_laptop "$S/clone" announce --tag v0.1.6 --dry-run
    expect_exit 0
    expect_line '^ +release +unknown'
    expect_line '^ +latest +unknown|^ +release +unknown'
}

# lists lag: the event comes before the list has the release
scenario_announce_ahead_of_the_list() {
    push_tag v0.1.7 release-0.1
    published_by_hand v0.1.7 v0.1.7 "By hand." '{"make_latest": "true"}'
    fault lag GET '/repos/*/releases' 1 1
    run_published v0.1.7
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_step release 'done'
    expect_step latest 'done'
}
