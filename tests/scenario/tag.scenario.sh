# shellcheck shell=bash
# The tag itself, its neighbours, and who may be trusted (contract, section 5).

unexpanded='llm-d-router v${MAJOR}.${MINOR}.${PATCH}-rc.${RC} Release Candidate'

# "its final exists already: refused"
scenario_candidate_of_existing_final_refused() {
    push_tag v0.1.6-rc.3 release-0.1
    run_pushed v0.1.6-rc.3
    expect_exit 1
    expect_findings "error CR-FINAL-EXISTS" "warning CR-PATCH-GAP"
    expect_changes_nothing
}

# "the candidate before it is missing: a warning"
scenario_candidate_gap_warned() {
    push_tag v0.1.7-rc.2 release-0.1
    run_pushed v0.1.7-rc.2
    expect_exit 0
    expect_findings "warning CR-CANDIDATE-GAP"
    expect_one_draft v0.1.7-rc.2
}

# "… or the patch before it: a warning"
scenario_patch_gap_warned() {
    push_tag v0.1.8-rc.1 release-0.1
    run_pushed v0.1.8-rc.1
    expect_exit 0
    expect_findings "warning CR-PATCH-GAP"
    expect_one_draft v0.1.8-rc.1
}

# "no candidate at all: a warning"
scenario_final_without_candidate_warned() {
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7
    expect_exit 0
    expect_findings "warning CR-CANDIDATE-NONE"
    expect_one_draft v0.1.7 latest
    expect_outputs rc= prerelease=false latest=true
}

# "… refused with require_rc"
scenario_final_without_candidate_refused_with_require_rc() {
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_REQUIRE_RC=true
    expect_exit 1
    expect_findings "error CR-CANDIDATE-NONE"
    expect_changes_nothing
}

# "commits after it: listed"
scenario_commits_after_last_candidate_listed() {
    push_tag v0.1.7-rc.1 release-0.1~2
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_REQUIRE_RC=true
    expect_exit 0
    expect_findings "notice CR-CANDIDATE-BEHIND"
    expect_log "Conformance profile (#34)"
    expect_log "Bump k8s.io/api from 0.33.0 to 0.34.1 (#42)"
    expect_one_draft v0.1.7 latest
}

# a final on its candidate's commit: nothing to say
scenario_final_on_last_candidate() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_REQUIRE_RC=true
    expect_exit 0
    expect_findings
    expect_one_draft v0.1.7 latest
}

# "message with ${ in it … by verify_tag": auto without trusted_keys is warn
scenario_unexpanded_message_warned() {
    push_tag v0.1.7-rc.1 release-0.1 "$unexpanded"
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "warning CR-TAG-MESSAGE"
    expect_log '${MAJOR}'
    expect_one_draft v0.1.7-rc.1
}

# the same: verify_tag: required
scenario_unexpanded_message_refused_where_required() {
    push_tag v0.1.7-rc.1 release-0.1 "$unexpanded"
    run_pushed v0.1.7-rc.1 INPUT_VERIFY_TAG=required
    expect_exit 1
    expect_findings "error CR-TAG-MESSAGE"
    expect_changes_nothing
}

# "lightweight … by verify_tag": auto and warn
scenario_lightweight_tag_warned() {
    push_lightweight_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "warning CR-TAG-LIGHTWEIGHT"
    expect_one_draft v0.1.7-rc.1
    expect_output tag_object ""
    expect_output commit "$(object release-0.1)"
}

# the same: verify_tag: required
scenario_lightweight_tag_refused_where_required() {
    push_lightweight_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_VERIFY_TAG=required
    expect_exit 1
    expect_findings "error CR-TAG-LIGHTWEIGHT"
    expect_changes_nothing
}

# "unsigned … by verify_tag": warn
scenario_unsigned_tag_warned() {
    push_unsigned_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_VERIFY_TAG=warn
    expect_exit 0
    expect_findings "warning CR-TAG-UNSIGNED"
    expect_one_draft v0.1.7-rc.1
}

# the same: verify_tag: required; "for a pushed tag `sign` says nothing"
scenario_unsigned_tag_refused_where_required() {
    push_unsigned_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_VERIFY_TAG=required INPUT_SIGN=never
    expect_exit 1
    expect_findings "error CR-TAG-UNSIGNED"
    expect_changes_nothing
}

# the same: verify_tag: off
scenario_nothing_said_where_verification_is_off() {
    push_unsigned_tag v0.1.7-rc.1 release-0.1 "$unexpanded"
    run_pushed v0.1.7-rc.1 INPUT_VERIFY_TAG=off
    expect_exit 0
    expect_findings
    expect_one_draft v0.1.7-rc.1
}

# "unknown signer … by verify_tag": GitHub does not verify the signature
scenario_unverified_signature_warned() {
    configure '{"verification": {"v0.1.7-rc.1": {"verified": false, "reason": "unknown_key"}}}'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "warning CR-TAG-UNVERIFIED"
    expect_log unknown_key
    expect_one_draft v0.1.7-rc.1
}

# the same: verify_tag: required
scenario_unverified_signature_refused_where_required() {
    configure '{"verification": {"v0.1.7-rc.1": {"verified": false, "reason": "expired_key"}}}'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_VERIFY_TAG=required
    expect_exit 1
    expect_findings "error CR-TAG-UNVERIFIED"
    expect_log expired_key
    expect_changes_nothing
}

# "a tag of a tag … always refused"
scenario_tag_of_tag_refused() {
    push_tag_of_tag v0.1.7-rc.1 v0.1.6
    run_pushed v0.1.7-rc.1 INPUT_VERIFY_TAG=off
    expect_exit 1
    expect_findings "error CR-TAG-NESTED"
    expect_changes_nothing
}

# "an inner name that is not the ref's … always refused"
scenario_inner_name_refused() {
    push_tag_with_inner_name v0.1.7-rc.1 release-0.1 v0.1.7-rc.9
    run_pushed v0.1.7-rc.1 INPUT_VERIFY_TAG=off
    expect_exit 1
    expect_findings "error CR-TAG-NAME"
    expect_log v0.1.7-rc.9
    expect_changes_nothing
}

# a tag that no release is made of: it names a tree
scenario_tag_of_tree_refused() {
    push_object v0.1.7-rc.1 "$(write_tag v0.1.7-rc.1 "$(object 'main^{tree}')" tree "a tree
$signature")" "$(object 'main^{tree}')"
    run_pushed v0.1.7-rc.1
    expect_exit 1
    expect_finding "error CR-TAG-TARGET"
    expect_changes_nothing
}

# "A tag that misses the grammar gets the nearest valid spelling"; section 7: exit 1 for a pushed one
scenario_pushed_tag_that_misses_grammar() {
    local pair
    for pair in v0.2.0-RC1=v0.2.0-rc.1 V1.2.3=v1.2.3 0.2.0=v0.2.0 v0.2=v0.2.0 v0.02.0=v0.2.0 \
        v0.2.0-rc1=v0.2.0-rc.1 v0.2.0-RC.1=v0.2.0-rc.1; do
        push_lightweight_tag "${pair%=*}" main
        run_pushed "${pair%=*}"
        expect_exit 1
        expect_findings "error CR-TAG-GRAMMAR"
        expect_log "${pair#*=}"
        expect_changes_nothing
    done
}

# "else what is wrong is said at the character"
scenario_pushed_tag_without_nearest_spelling() {
    push_lightweight_tag v0.3.2-with-sidecar-fix main
    run_pushed v0.3.2-with-sidecar-fix
    expect_exit 1
    expect_findings "error CR-TAG-GRAMMAR"
    expect_log "character"
    expect_changes_nothing
}

# section 7: exit 2 for an input's value
scenario_tag_input_that_misses_grammar() {
    local pair
    for pair in v0.2.0-RC1=v0.2.0-rc.1 v0.2=v0.2.0 v0.2.0-rc.0=character; do
        run_with_inputs INPUT_TAG="${pair%=*}"
        expect_exit 2
        expect_findings "error CR-TAG-GRAMMAR"
        expect_log "${pair#*=}"
        expect_changes_nothing
    done
}

# input prerelease_labels: "the labels allowed"
thorough_other_prerelease_labels() {
    push_tag v0.1.7-beta.1 release-0.1
    run_pushed v0.1.7-beta.1
    expect_exit 1
    expect_findings "error CR-TAG-GRAMMAR"
    run_pushed v0.1.7-beta.1 "INPUT_PRERELEASE_LABELS=alpha beta rc"
    expect_exit 0
    expect_output prerelease true
    expect_one_draft v0.1.7-beta.1
}

# the tag was moved between the push and the run: the newer push's run is the one that counts
scenario_tag_moved_since_push_refused() {
    push_tag v0.1.7-rc.1 release-0.1~1
    move_tag_behind_the_run v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-TAG-MOVED"
    expect_changes_nothing
}

# the tag was deleted between the push and the run
scenario_tag_deleted_since_push_refused() {
    push_tag v0.1.7-rc.1 release-0.1
    delete_tag v0.1.7-rc.1
    run_pushed v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-TAG-GONE"
    expect_changes_nothing
}

# a push that deletes a tag starts a run too
scenario_deletion_of_tag_is_no_release() {
    push_event refs/tags/v0.1.6 "$zero" "$zero" |
        jq --arg before "$(object refs/tags/v0.1.6)" '.deleted = true | .created = false | .before = $before |
            .head_commit = null' > "$S/event.json"
    runner_environment push refs/tags/v0.1.6 "$(object main)"
    run_on_runner
    expect_exit 1
    expect_findings "error CR-TAG-GONE"
    expect_changes_nothing
}

# an event without head_commit and after (push of an annotated tag, older payloads) serves too
thorough_sparse_push_event_serves() {
    push_tag v0.1.7-rc.1 release-0.1
    jq -n '{ref: "refs/tags/v0.1.7-rc.1", deleted: false}' > "$S/event.json"
    runner_environment push refs/tags/v0.1.7-rc.1 "$(object release-0.1)"
    run_on_runner
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
}
