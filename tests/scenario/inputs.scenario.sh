# shellcheck shell=bash
# Events, inputs and the command line (contract, sections 2, 3 and 7).

# `workflow_dispatch`: "the inputs tag …"; the tag exists
scenario_tag_as_input() {
    push_tag v0.1.7-rc.1 release-0.1
    run_with_inputs INPUT_TAG=v0.1.7-rc.1
    expect_exit 0
    expect_findings
    expect_one_draft v0.1.7-rc.1
    expect_output tag v0.1.7-rc.1
}

# input tag: "the prefix may be left out"
thorough_tag_as_input_without_prefix() {
    push_tag v0.1.7-rc.1 release-0.1
    run_with_inputs INPUT_TAG=0.1.7-rc.1
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
    expect_output tag v0.1.7-rc.1
}

# "or major minor patch rc"
scenario_numbers_as_inputs() {
    push_tag v0.1.7-rc.1 release-0.1
    run_with_inputs INPUT_MAJOR=0 INPUT_MINOR=1 INPUT_PATCH=7 INPUT_RC=1
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
}

# "an empty rc is a final release"
scenario_numbers_of_final_as_inputs() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_with_inputs INPUT_MAJOR=0 INPUT_MINOR=1 INPUT_PATCH=7
    expect_exit 0
    expect_one_draft v0.1.7 latest
}

# "Given together with tag, they must agree": they do
scenario_tag_and_numbers_agree() {
    push_tag v0.1.7-rc.1 release-0.1
    run_with_inputs INPUT_TAG=v0.1.7-rc.1 INPUT_MAJOR=0 INPUT_MINOR=1 INPUT_PATCH=7 INPUT_RC=1
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
}

# the same: they do not; exit 2 for "numbers that disagree"
scenario_tag_and_numbers_disagree() {
    push_tag v0.1.7-rc.1 release-0.1
    run_with_inputs INPUT_TAG=v0.1.7-rc.1 INPUT_MAJOR=0 INPUT_MINOR=1 INPUT_PATCH=7 INPUT_RC=2
    expect_exit 2
    expect_findings "error CR-INPUT-NUMBERS"
    expect_changes_nothing
}

# the same for a pushed tag
scenario_pushed_tag_and_numbers_disagree() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_MAJOR=0 INPUT_MINOR=1 INPUT_PATCH=8 INPUT_RC=1
    expect_exit 2
    expect_findings "error CR-INPUT-NUMBERS"
    expect_changes_nothing
}

# "numbers that … are incomplete": exit 2
scenario_numbers_incomplete() {
    run_with_inputs INPUT_MAJOR=0 INPUT_MINOR=1
    expect_exit 2
    expect_findings "error CR-INPUT-NUMBERS"
    expect_changes_nothing
    run_with_inputs INPUT_RC=1
    expect_exit 2
    expect_findings "error CR-INPUT-NUMBERS"
    expect_changes_nothing
}

# "started by the button with sign: required, an unsigned one is refused besides"
scenario_unsigned_tag_refused_by_button() {
    push_unsigned_tag v0.1.7-rc.1 release-0.1
    run_with_inputs INPUT_TAG=v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-TAG-UNSIGNED"
    expect_changes_nothing
}

# the same: "never" says nothing, verify_tag warns
scenario_unsigned_tag_by_button_with_sign_never() {
    push_unsigned_tag v0.1.7-rc.1 release-0.1
    run_with_inputs INPUT_TAG=v0.1.7-rc.1 INPUT_SIGN=never
    expect_exit 0
    expect_findings "warning CR-TAG-UNSIGNED"
    expect_one_draft v0.1.7-rc.1
}

# "with none of them, the ref it was started on if that is a tag"
scenario_button_on_tag() {
    push_tag v0.1.7-rc.1 release-0.1
    run_dispatched_on refs/tags/v0.1.7-rc.1
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
}

# the same, where it is none
scenario_button_on_branch_without_inputs() {
    run_with_inputs
    expect_exit 2
    expect_findings "error CR-INPUT-TAG"
    expect_changes_nothing
}

# `workflow_run`: "the run's head_branch, where that is a tag on its head_sha"
scenario_after_the_image_build() {
    push_tag v0.1.7-rc.1 release-0.1
    run_after_workflow v0.1.7-rc.1 "$(object release-0.1)"
    expect_exit 0
    expect_findings
    expect_one_draft v0.1.7-rc.1
}

# the same: the tag names another commit
scenario_after_an_image_build_of_another_commit_refused() {
    push_tag v0.1.7-rc.1 release-0.1
    run_after_workflow v0.1.7-rc.1 "$(object main)"
    expect_exit 1
    expect_findings "error CR-TAG-RUN"
    expect_changes_nothing
}

# the same: the run was of a branch
scenario_after_an_image_build_of_a_branch() {
    run_after_workflow main "$(object main)"
    expect_failure
    expect_changes_nothing
}

# "Any other event is an error that names the events that serve"; section 7: exit 2
scenario_event_that_no_command_serves() {
    common_of_events
    printf '{"action": "opened", "number": 5, "pull_request": {},\n%s}' "$common" \
        > "$S/event.json"
    runner_environment pull_request refs/pull/5/merge "$(object main)"
    run_on_runner
    expect_exit 2
    expect_findings "error CR-EVENT"
    expect_log pull_request
    expect_log workflow_dispatch
    expect_changes_nothing
}

# a push of a branch is no push of a tag
scenario_push_of_branch() {
    push_event refs/heads/main "$(object main)" "$(object main)" > "$S/event.json"
    runner_environment push refs/heads/main "$(object main)"
    run_on_runner
    expect_exit 2
    expect_log refs/heads/main
    expect_changes_nothing
}

# section 3: the defaults, spelled out as the runner fills them in from action.yml
scenario_defaults_spelled_out() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_COMMAND=auto INPUT_TAG_PREFIX=v INPUT_REMOTE=origin \
        INPUT_PRERELEASE_LABELS=rc 'INPUT_RELEASE_BRANCH=release-{major}.{minor}' \
        INPUT_SIGN=required INPUT_VERIFY_TAG=auto INPUT_REQUIRE_RC=false 'INPUT_TITLE={tag}' \
        INPUT_DRAFT=true INPUT_PRERELEASE=auto INPUT_MAKE_LATEST=auto INPUT_GENERATE_NOTES=true \
        INPUT_PREVIOUS_TAG=auto INPUT_NOTES_ON_EDIT=keep INPUT_CHECKSUMS=true \
        INPUT_WAIT_MINUTES=60 INPUT_ANNOUNCE_CANDIDATES=false INPUT_ISSUE=auto \
        INPUT_CLOSE_ISSUE=true INPUT_DRY_RUN=false INPUT_TIMEOUT_SECONDS=30
    expect_exit 0
    expect_findings
    expect_one_draft v0.1.7-rc.1
}

# section 7: exit 2 for "a value"
thorough_values_that_cannot_be_used() {
    local pair name
    for pair in DRY_RUN=yes VERIFY_TAG=maybe TIMEOUT_SECONDS=0 TIMEOUT_SECONDS=soon RC=one \
        MAJOR=-1 MAJOR=1234567890 'TITLE={nonsense}' 'RELEASE_BRANCH=a..b' COMMAND=frobnicate; do
        name=${pair%%=*}
        run_with_inputs INPUT_TAG=v0.1.6 "INPUT_$pair"
        expect_exit 2
        expect_log "${name,,}"
        expect_changes_nothing
    done
}

# section 2: "an option beats the environment"
scenario_option_beats_environment() {
    push_tag v0.1.7-rc.1 release-0.1
    dispatch_event refs/heads/main > "$S/event.json"
    runner_environment workflow_dispatch refs/heads/main "$(object main)"
    prepare_run
    change_environment GITHUB_OUTPUT="$RUN/output" GITHUB_STEP_SUMMARY="$RUN/summary" \
        INPUT_TAG=v0.1.6 INPUT_DRY_RUN=false
    start release --tag v0.1.7-rc.1 --dry-run
    expect_exit 0
    expect_output tag v0.1.7-rc.1
    expect_changes_nothing
}

# section 2: "--help and --version work", also where no input could be used
scenario_help_and_version() {
    laptop_environment=(INPUT_DRY_RUN=nonsense)
    run_laptop "$S" --help
    expect_exit 0
    expect_log --dry-run
    expect_log --tag-prefix
    run_laptop "$S" --version
    expect_exit 0
    grep -qxE 'cut-release [0-9]+\.[0-9]+\.[0-9]+[^ ]*' "$RUN/log" ||
        fail "a version was expected" "$(cat "$RUN/log")"
}

# an option that nobody knows, a word too many, a value that is missing
scenario_command_line_that_cannot_be_used() {
    run_laptop "$S" release --frobnicate
    expect_exit 2
    expect_findings "error CR-INPUT-UNKNOWN"
    expect_log frobnicate
    run_laptop "$S" release twice
    expect_exit 2
    expect_log twice
    run_laptop "$S" release --tag
    expect_exit 2
    expect_log tag
}

# section 7: "a path" that leads out of the workspace is exit 2 (section 8: "escape the workspace")
scenario_path_out_of_the_workspace_refused() {
    local path
    for path in ../ca.pem /etc/ssl/certs/ca-certificates.crt a/../../ca.pem; do
        run_with_inputs INPUT_TAG=v0.1.6 INPUT_CA_BUNDLE=$path
        expect_exit 2
        expect_findings "error CR-INPUT-PATH"
        expect_changes_nothing
    done
}

# the same through a symbolic link
scenario_symbolic_link_out_of_the_workspace_refused() {
    ln -s "$CA" "$WORKSPACE/ca.pem"
    run_with_inputs INPUT_TAG=v0.1.6 INPUT_CA_BUNDLE=ca.pem '!SSL_CERT_FILE'
    expect_exit 2
    expect_findings "error CR-INPUT-PATH"
    expect_changes_nothing
}

# section 8: an event has at most 25 MB; one that is nearly that large serves
thorough_event_file_of_25_megabytes_serves() {
    push_tag v0.1.7-rc.1 release-0.1
    large_event 24900000
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
}

# the same: a larger one is refused
thorough_event_file_over_25_megabytes_refused() {
    push_tag v0.1.7-rc.1 release-0.1
    large_event 26300000
    expect_exit 2
    expect_findings "error CR-EVENT-FILE"
    expect_changes_nothing
}

large_event() { # BYTES: runs with a push event that a long text fills up
    local event
    event=$(push_event refs/tags/v0.1.7-rc.1 "$(object refs/tags/v0.1.7-rc.1)" \
        "$(object release-0.1)")
    {
        printf '{"filler": "'
        head -c "$1" /dev/zero | tr '\0' x
        printf '",%s' "${event#\{}"
    } > "$S/event.json"
    runner_environment push refs/tags/v0.1.7-rc.1 "$(object release-0.1)"
    run_on_runner
}

# issue: "an event file that is truncated … or not JSON"
thorough_event_file_that_cannot_be_used() {
    push_tag v0.1.7-rc.1 release-0.1
    push_event refs/tags/v0.1.7-rc.1 "$(object refs/tags/v0.1.7-rc.1)" "$(object release-0.1)" \
        > "$S/whole.json"
    head -c 300 "$S/whole.json" > "$S/truncated"
    echo 'ref: refs/tags/v0.1.7-rc.1' > "$S/not-json"
    echo '["refs/tags/v0.1.7-rc.1"]' > "$S/no-object"
    printf '{"ref": "refs/tags/v0.1.7-rc.1"}\n{"ref": "refs/tags/v9.9.9"}\n' > "$S/two-objects"
    : > "$S/empty"
    runner_environment push refs/tags/v0.1.7-rc.1 "$(object release-0.1)"
    local file
    for file in truncated not-json no-object two-objects empty missing; do
        run_on_runner GITHUB_EVENT_PATH="$S/$file"
        expect_exit 2
        expect_findings "error CR-EVENT-FILE"
        expect_log "$S/$file"
        expect_changes_nothing
    done
}

# section 7: "Never 0 with anything missing or wrong, a full disk under the output file included"
thorough_output_file_on_full_disk() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 GITHUB_OUTPUT=/dev/full
    expect_exit 1
    expect_finding "error CR-OUTPUT"
}

# the same: a full disk under the summary
thorough_summary_on_full_disk() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 GITHUB_STEP_SUMMARY=/dev/full
    expect_exit 1
    expect_finding "error CR-OUTPUT"
}

# the same: an output file that cannot be written
scenario_output_file_that_cannot_be_written() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 GITHUB_OUTPUT="$S/no/such/folder/output"
    expect_exit 1
    expect_finding "error CR-OUTPUT"
}

# section 6: dry_run "prints the very plan that a run would apply, and stops"
scenario_dry_run_on_runner_writes_nothing() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_DRY_RUN=true
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_step branch do
    expect_step release do
    local plan
    plan=$(output plan)
    expect_outputs branch_created=false changed=false tag=v0.2.0-rc.1 previous_tag=v0.1.6 \
        release_url="$SERVER_URL/$repository/releases/tag/v0.2.0-rc.1"
    expect_summary "dry run"
    run_pushed v0.2.0-rc.1
    expect_exit 0
    same "the plan of the run, and of the dry run before it" "$plan" "$(output plan)"
}

# input dry_run: "exit 1 where the run would refuse"
scenario_dry_run_exits_1_where_the_run_would_refuse() {
    push_tag v0.2.0 main
    run_pushed v0.2.0 INPUT_DRY_RUN=true
    expect_exit 1
    expect_findings "error CR-BRANCH-MISSING" "warning CR-CANDIDATE-NONE"
    expect_changes_nothing
}

# a dry run with a token that may only read marks what it cannot see
thorough_dry_run_with_reading_token() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_DRY_RUN=true INPUT_TOKEN="$read_token"
    expect_exit 0
    expect_changes_nothing
    expect_step branch do
}
