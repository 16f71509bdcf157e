# shellcheck shell=bash
# The gates: workflows and images, and what the notes tell of them (issue 7; contract, sections 3, 6, 8).

image=llm-d/llm-d-router-endpoint-picker

# The workflows of this repository, as JSON: {"FILE": {"on": [EVENT …], "takes_ms": N, …}}
with_workflows() { # JSON
    configure "{\"workflows\": $1, \"tokens\": {\"$write_token\": {\"permissions\": {\"actions\": \"write\"}}}}"
}

with_images() { # TAG JSON [MORE-CONFIGURATION]
    configure "{\"images\": {\"$image\": {\"$1\": $2}}${3:+, $3}}"
    reference=127.0.0.1:$PORT/$image
}

# once_said TEXT COMMAND …, a word for $meanwhile: what is waited for takes as long as the run needs to
# say that it waits, however slow the machine is.
once_said() {
    local tries=0
    until grep -qF -- "$1" "$RUN/log"; do
        tries=$((tries + 1))
        [ $tries -lt 1200 ] || fail "it was never said: $1" "$(tail -3 "$RUN/log")"
        kill -0 "$run_pid" 2> /dev/null || return 0 # too early: the scenario tells what is wrong
        sleep 0.05
    done
    "${@:2}"
}
now_there() { configure "{\"images\": {\"$image\": {\"$1\": {\"appears_ms\": 0}}}}"; } # TAG
now_over() { configure "{\"workflows\": {\"$1\": {\"starts_ms\": 0, \"takes_ms\": 0}}}"; } # WORKFLOW

two_platforms='{"platforms": ["linux/amd64", "linux/arm64"]}'

# What the draft tells of the image, between the block's comments.
images_block() { # TAG
    body_of "$1" | sed -n '/^<!-- cut-release:images -->$/,/^<!-- cut-release:images-end -->$/p'
}

expect_images() { # TAG LINE…
    local tag=$1 expected line
    shift
    expected=$'<!-- cut-release:images -->\n## Images\n\n| image | digest | platforms |\n| --- | --- | --- |'
    for line in "$@"; do
        expected+=$'\n'$line
    done
    same "the images in the notes of $tag" "$expected"$'\n<!-- cut-release:images-end -->' \
        "$(images_block "$tag" | sed -E 's/sha256:[0-9a-f]{64}/DIGEST/')"
}

# The token is for GitHub: no registry has seen it.
expect_token_kept() {
    jq -e --arg token $write_token 'any(.[]; (.path | test("^/(v2|token|blobs)")) and
        .token == $token) | not' "$RUN/requests" > /dev/null ||
        fail "the token went to the registry" "$(jq -c '.[] | select(.path | test("^/(v2|token)"))' \
            "$RUN/requests")"
}

# all green: what is there already costs no waiting, and is written with the draft
scenario_gates_all_green() {
    with_workflows '{"ci-release.yaml": {"on": ["push"]}, "e2e.yaml": {"on": ["push"]}}'
    with_images v0.2.0-rc.1 "$two_platforms"
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=$'ci-release.yaml\n.github/workflows/e2e.yaml' \
        INPUT_IMAGES="$reference"
    expect_exit 0
    expect_findings
    expect_changes << END
+ branch release-0.2 at $(commit main)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_step workflows "done"
    expect_step images "done"
    expect_step notes "done"
    expect_images v0.2.0-rc.1 "| \`$reference:v0.2.0-rc.1\` | \`DIGEST\` | linux/amd64, linux/arm64 |"
    expect_summary "ci-release.yaml: [succeeded]($SERVER_URL/$repository/actions/runs/"
    expect_summary "\`$reference:v0.2.0-rc.1\`: \`sha256:"
    [[ ${given[plan]} = *'"gates":{"workflows":[{"workflow":"ci-release.yaml","state":"succeeded"'* ]] ||
        fail "the output plan was expected to tell the gates" "${given[plan]}"
    expect_token_kept
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=$'ci-release.yaml\n.github/workflows/e2e.yaml' \
        INPUT_IMAGES="$reference"
    expect_exit 0
    expect_changes_nothing
    expect_log "othing left to do"
}

# "runs are waited for with progress": the draft is there first, its images come later
scenario_gates_run_and_image_are_waited_for() {
    with_workflows '{"ci-release.yaml": {"on": ["push"], "takes_ms": 900000}}'
    with_images v0.2.0-rc.1 '{"platforms": ["linux/amd64"], "built_by": "ci-release.yaml"}'
    push_tag v0.2.0-rc.1 main
    meanwhile=(once_said 'waiting for ci-release.yaml: in_progress' now_over ci-release.yaml)
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml INPUT_IMAGES="$reference"
    expect_exit 0
    expect_findings
    expect_step workflows do
    expect_step images do
    expect_step notes do
    expect_line '^waiting for ci-release.yaml: in_progress$'
    expect_images v0.2.0-rc.1 "| \`$reference:v0.2.0-rc.1\` | \`DIGEST\` | linux/amd64 |"
    expect_output notes "$(body_of v0.2.0-rc.1)"
    same "where the block stands" '<!-- cut-release:images-end -->||**Full Changelog**' \
        "$(body_of v0.2.0-rc.1 | sed -n '/images-end/,/Full Changelog/s/: http.*//;/images-end/,/Full Changelog/p' |
            paste -sd '|')"
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml INPUT_IMAGES="$reference"
    expect_exit 0
    expect_findings
    expect_changes_nothing
}

# "failure names the run's address"; the draft is there, and the next run goes on from it
scenario_gates_failed_run() {
    with_workflows '{"ci-release.yaml": {"on": ["push"], "conclusion": "failure"}}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml
    expect_exit 1
    expect_findings "warning CR-GATE-FAILED" "error CR-GATE-FAILED"
    expect_log "$SERVER_URL/$repository/actions/runs/"
    expect_changes << END
+ branch release-0.2 at $(commit main)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_summary "ci-release.yaml: [failed]"
    configure '{"workflows": {"ci-release.yaml": {"conclusion": "success"}}}' # run again, by a person
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml
    expect_exit 0
    expect_findings
    expect_changes_nothing
}

# a run that fails while it is waited for; cancelled is no success either
thorough_gates_run_that_fails_later() {
    with_workflows '{"ci-release.yaml": {"on": ["push"], "takes_ms": 900000, "conclusion": "cancelled"}}'
    push_tag v0.2.0-rc.1 main
    meanwhile=(once_said 'waiting for ci-release.yaml: in_progress' now_over ci-release.yaml)
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml
    expect_exit 1
    expect_findings "error CR-GATE-FAILED"
    expect_log cancelled
}

# "a run is looked for during 60 s": one that takes a while to appear is never started a second time
thorough_gates_run_that_appears_late() {
    with_workflows '{"ci-release.yaml": {"on": ["push", "workflow_dispatch"], "starts_ms": 900000}}'
    push_tag v0.2.0-rc.1 main
    meanwhile=(once_said 'waiting for ci-release.yaml: no run yet' now_over ci-release.yaml)
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml
    expect_exit 0
    expect_line '^waiting for ci-release.yaml: no run yet$'
    expect_no_request POST /dispatches
}

# "one that never starts is dispatched on the tag where the workflow allows it"
thorough_slow_gates_run_that_never_starts_is_dispatched() {
    with_workflows '{"e2e.yaml": {"on": ["workflow_dispatch"], "starts_ms": 1500, "takes_ms": 1000}}'
    configure '{"old_dispatches": true}' # a server that is asked a second time, without the newer parameter
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=e2e.yaml
    expect_exit 0
    expect_findings
    expect_changes << END
+ branch release-0.2 at $(commit main)
+ run of e2e.yaml on v0.2.0-rc.1
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_log "e2e.yaml had no run; it is started on v0.2.0-rc.1"
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=e2e.yaml
    expect_exit 0
    expect_changes_nothing
}

# "… else said with the remedy": no such trigger
thorough_slow_gates_run_that_cannot_be_dispatched() {
    with_workflows '{"e2e.yaml": {"on": ["pull_request"]}}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=e2e.yaml
    expect_exit 1
    expect_findings "error CR-GATE-NO-RUN"
    expect_log "does not have 'workflow_dispatch' trigger"
    expect_log "a token that starts workflows"
    expect_one_draft_and_branch v0.2.0-rc.1
}

# the same: the token may not, and the answer to the first start is lost
thorough_slow_gates_start_that_is_not_permitted() {
    with_workflows '{"e2e.yaml": {"on": ["workflow_dispatch"]}}'
    configure "{\"tokens\": {\"$write_token\": {\"permissions\": {\"actions\": \"read\"}}}}"
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=e2e.yaml
    expect_exit 1
    expect_findings "error CR-GATE-NO-RUN"
    expect_log "actions: write"
}

thorough_slow_gates_lost_start_is_looked_for() {
    with_workflows '{"e2e.yaml": {"on": ["workflow_dispatch"], "starts_ms": 2000}}'
    push_tag v0.2.0-rc.1 main
    fault cut-after POST '*/dispatches'
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=e2e.yaml
    expect_exit 0
    expect_changes << END
+ branch release-0.2 at $(commit main)
+ run of e2e.yaml on v0.2.0-rc.1
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
}

expect_one_draft_and_branch() { # TAG
    expect_changes << END
+ branch release-0.2 at $(commit main)
+ draft $1 titled "$1", prerelease, make_latest false, by $bot
END
}

# "the workflow that we run in is refused": before anything is written
scenario_gates_own_workflow_refused() {
    with_workflows '{"cut.yaml": {"on": ["push"]}}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=cut.yaml
    expect_refused 2 "error CR-GATE-SELF"
}

# what can't be used is told before anything is asked
scenario_gates_odd_lines_refused() {
    push_tag v0.2.0-rc.1 main
    local odd
    for odd in WORKFLOWS=ci-release WORKFLOWS=../ci.yaml 'WORKFLOWS=ci.yaml?x' \
        IMAGES=ghcr.io/llm-d/x:a:b IMAGES=ghcr.io//x IMAGES=ghcr.io/x@sha256:12 \
        IMAGES=http://ghcr.io/llm-d/x 'IMAGES=ghcr.io/llm-d/x:{nothing}'; do
        run_pushed v0.2.0-rc.1 "INPUT_$odd"
        expect_exit 2
        expect_stat requests 0
    done
}

# an image that comes late, of one platform: its configuration tells it, from another host
scenario_gates_late_image_of_one_platform() {
    with_images v0.2.0-rc.1 '{"platforms": ["linux/arm64"], "single": true, "appears_ms": 900000}'
    push_tag v0.2.0-rc.1 main
    meanwhile=(once_said 'waiting for 127' now_there v0.2.0-rc.1)
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="127.0.0.1:$PORT/LLM-D/llm-d-router-endpoint-picker"
    expect_exit 0
    expect_line "^waiting for $reference:v0.2.0-rc.1: not there yet$"
    expect_images v0.2.0-rc.1 "| \`$reference:v0.2.0-rc.1\` | \`DIGEST\` | linux/arm64 |"
    expect_token_kept
}

# an image that never comes
scenario_gates_missing_image() {
    with_images v0.2.0 "$two_platforms"
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference" INPUT_WAIT_MINUTES=0
    expect_exit 1
    expect_findings "error CR-IMAGE-MISSING"
    expect_log "$reference:v0.2.0-rc.1: not there yet"
    expect_one_draft_and_branch v0.2.0-rc.1
}

# a run that isn't over in time
scenario_gates_time_is_over() {
    with_workflows '{"ci-release.yaml": {"on": ["push"], "takes_ms": 900000}}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml INPUT_WAIT_MINUTES=0
    expect_exit 1
    expect_findings "error CR-GATE-TIMEOUT"
    expect_log "ci-release.yaml: in_progress"
}

# "registry 401/403": nobody without the token is let in, and the token is not for this registry
scenario_gates_registry_that_denies() {
    with_images v0.2.0-rc.1 "$two_platforms" '"registry": {"anonymous": false}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference" INPUT_WAIT_MINUTES=0
    expect_exit 1
    expect_findings "error CR-IMAGE-DENIED"
    expect_token_kept
    configure '{"registry": {"anonymous": true, "denied": true}}'
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference" INPUT_WAIT_MINUTES=0
    expect_exit 1
    expect_findings "error CR-IMAGE-DENIED"
    configure '{"registry": {"denied": false, "auth": "basic"}}'
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference" INPUT_WAIT_MINUTES=0
    expect_exit 1
    expect_findings "error CR-IMAGE-DENIED"
    expect_token_kept
}

# a registry without tokens, and without the header that tells the digest
thorough_gates_plain_registry() {
    with_images v0.2.0-rc.1 "$two_platforms" '"registry": {"auth": "none", "digest_header": false}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference"
    expect_exit 0
    expect_images v0.2.0-rc.1 "| \`$reference:v0.2.0-rc.1\` | \`DIGEST\` | linux/amd64, linux/arm64 |"
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference"
    expect_exit 0
    expect_changes_nothing
}

# "a digest that changes later in the run is an error"
scenario_gates_digest_that_drifts() {
    with_workflows '{"ci-release.yaml": {"on": ["push"], "takes_ms": 900000}}'
    with_images v0.2.0-rc.1 '{"platforms": ["linux/amd64"], "drifts_after": 2}'
    push_tag v0.2.0-rc.1 main
    meanwhile=(once_said 'waiting for ci-release.yaml' now_over ci-release.yaml)
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml INPUT_IMAGES="$reference"
    expect_exit 1
    expect_findings "error CR-IMAGE-DRIFT"
    same "the images in the notes" "" "$(images_block v0.2.0-rc.1)"
}

# pushed again between two runs: the draft follows, and a person is told
scenario_gates_image_pushed_again() {
    with_images v0.2.0-rc.1 "$two_platforms"
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference"
    expect_exit 0
    local before
    before=$(images_block v0.2.0-rc.1)
    with_images v0.2.0-rc.1 '{"revision": 1}'
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference"
    expect_exit 0
    expect_findings "warning CR-IMAGE-DRIFT"
    expect_changes << END
~ draft v0.2.0-rc.1: text
END
    [ "$before" != "$(images_block v0.2.0-rc.1)" ] || fail "the notes name the old digest still"
}

# "an edited part is kept": no block is put into it
scenario_gates_edited_notes_get_no_images() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    edit_body v0.2.0-rc.1 'sub("Predict latency"; "Predicts the latency of prompts")'
    with_images v0.2.0-rc.1 "$two_platforms"
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference"
    expect_exit 0
    expect_findings "notice CR-DRAFT-EDITED"
    expect_changes_nothing
    expect_step notes "done"
}

# a person edits the draft while the image is waited for: what they wrote stays
thorough_gates_draft_edited_meanwhile() {
    with_images v0.2.0-rc.1 '{"platforms": ["linux/amd64"], "appears_ms": 900000}'
    push_tag v0.2.0-rc.1 main
    write_ahead() {
        edit_body v0.2.0-rc.1 '"Mine, ahead.\n\n" + .'
        now_there v0.2.0-rc.1
    }
    meanwhile=(once_said 'waiting for 127' write_ahead)
    run_pushed v0.2.0-rc.1 INPUT_IMAGES="$reference"
    expect_exit 0
    same "the first line" "Mine, ahead." "$(body_of v0.2.0-rc.1 | head -1)"
    expect_images v0.2.0-rc.1 "| \`$reference:v0.2.0-rc.1\` | \`DIGEST\` | linux/amd64 |"
}

# a rate limit while it waits
thorough_gates_rate_limited() {
    with_workflows '{"ci-release.yaml": {"on": ["push"]}}'
    push_tag v0.2.0-rc.1 main
    fault 429 GET '*/actions/runs' 2 1
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml
    expect_exit 0
    expect_log "rate limit"
}

# servers that fail for a moment end no waiting; that the registry fails holds up no draft
thorough_gates_servers_that_fail() {
    with_workflows '{"ci-release.yaml": {"on": ["push"]}}'
    with_images v0.2.0-rc.1 "$two_platforms"
    push_tag v0.2.0-rc.1 main
    fault 502 GET '*/actions/runs' 2
    fault cut-before HEAD '/v2/*' 2
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml INPUT_IMAGES="$reference"
    expect_exit 0
    expect_images v0.2.0-rc.1 "| \`$reference:v0.2.0-rc.1\` | \`DIGEST\` | linux/amd64, linux/arm64 |"
    no_faults
    push_tag v0.1.7-rc.1 release-0.1
    fault html-after GET /token -1
    run_pushed v0.1.7-rc.1 INPUT_IMAGES="$reference:v0.2.0-rc.1"
    expect_exit 1
    expect_findings "error CR-ANSWER"
    expect_changes << END
+ draft v0.1.7-rc.1 titled "v0.1.7-rc.1", prerelease, make_latest false, by $bot
END
}

# SIGTERM while it waits: within 2 s
scenario_gates_interrupted_while_waiting() {
    with_workflows '{"ci-release.yaml": {"on": ["push"], "takes_ms": 900000}}'
    push_tag v0.2.0-rc.1 main
    meanwhile=(terminate_once once_said 'waiting for ci-release' true)
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml
    expect_exit 1
    expect_findings "error CR-INTERRUPTED"
    expect_within 2000
    expect_one_draft_and_branch v0.2.0-rc.1
}

# a dry run tells what can be seen, and never waits
scenario_gates_dry_run() {
    with_workflows '{"ci-release.yaml": {"on": ["push"], "takes_ms": 900000}}'
    with_images v0.2.0-rc.2 "$two_platforms"
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_WORKFLOWS=ci-release.yaml INPUT_IMAGES="$reference" INPUT_DRY_RUN=true
    expect_exit 0
    expect_step workflows do
    expect_step images do
    expect_log "waited for: ci-release.yaml: in_progress"
    expect_log "waited for: $reference:v0.2.0-rc.1: not there yet"
    expect_changes_nothing
    run_with_inputs INPUT_TAG=v0.1.7-rc.1 INPUT_WORKFLOWS=ci-release.yaml INPUT_SIGN=never INPUT_DRY_RUN=true
    expect_exit 0
    expect_log "once the tag is there"
    expect_no_request GET /actions/runs
}

# a release that is out isn't held back any more
scenario_gates_of_a_published_release() {
    with_workflows '{"ci-release.yaml": {"on": ["push"], "conclusion": "failure"}}'
    with_images v0.1.5 "$two_platforms"
    run_pushed v0.1.6 INPUT_WORKFLOWS=ci-release.yaml INPUT_IMAGES="$reference"
    expect_exit 0
    expect_step workflows "done"
    expect_step images "done"
    expect_changes_nothing
}

# "with draft: false nothing is published until all are green"
scenario_gates_hold_publishing_back() {
    with_workflows '{"ci-release.yaml": {"on": ["push"], "conclusion": "failure"}}'
    with_images v0.2.0-rc.1 "$two_platforms"
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_DRAFT=false INPUT_WORKFLOWS=ci-release.yaml INPUT_IMAGES="$reference"
    expect_exit 1
    expect_findings "warning CR-GATE-FAILED" "error CR-GATE-FAILED"
    expect_one_draft_and_branch v0.2.0-rc.1
    configure '{"workflows": {"ci-release.yaml": {"conclusion": "success"}}}'
    run_pushed v0.2.0-rc.1 INPUT_DRAFT=false INPUT_WORKFLOWS=ci-release.yaml INPUT_IMAGES="$reference"
    expect_exit 0
    expect_findings
    expect_step publish do
    expect_images v0.2.0-rc.1 "| \`$reference:v0.2.0-rc.1\` | \`DIGEST\` | linux/amd64, linux/arm64 |"
    run_pushed v0.2.0-rc.1 INPUT_DRAFT=false INPUT_WORKFLOWS=ci-release.yaml INPUT_IMAGES="$reference"
    expect_exit 0
    expect_changes_nothing
}

# an image that is pushed again right before it is published: it stays a draft
scenario_gates_drift_ahead_of_publishing() {
    with_images v0.2.0-rc.1 '{"platforms": ["linux/amd64"], "drifts_after": 1}'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_DRAFT=false INPUT_IMAGES="$reference"
    expect_exit 1
    expect_findings "error CR-IMAGE-DRIFT"
    expect_one_draft_and_branch v0.2.0-rc.1
}

# "announce first waits for runs that the publishing itself started": then the mail tells the digest
scenario_gates_announce_waits_for_what_publishing_started() {
    start_smtp
    with_workflows '{"rebuild.yaml": {"on": ["release"], "takes_ms": 900000}}'
    with_images v0.1.7 "$two_platforms"
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    published_by_hand v0.1.7 v0.1.7 "By hand." '{"make_latest": "true"}'
    meanwhile=(once_said 'waiting for 1 run that publishing has started' now_over rebuild.yaml)
    run_published v0.1.7 "${announce[@]}" INPUT_IMAGES="$reference"
    expect_exit 0
    expect_findings
    expect_line '^waiting for 1 run that publishing has started$'
    expect_mails 1
    text_of_mail 1 | grep -qE '^        sha256:[0-9a-f]{64}$' || fail "the mail names no digest" "$(text_of_mail 1)"
    run_published v0.1.7 "${announce[@]}" INPUT_IMAGES="$reference"
    expect_exit 0
    expect_changes_nothing
    expect_mails 1
}

# a run that has failed: nothing is announced
scenario_gates_announce_refused() {
    start_smtp
    with_workflows '{"ci-release.yaml": {"on": ["push"], "conclusion": "timed_out"}}'
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    published_by_hand v0.1.7 v0.1.7 "By hand." '{"make_latest": "true"}'
    run_published v0.1.7 "${announce[@]}" INPUT_WORKFLOWS=ci-release.yaml
    expect_refused 1 "error CR-GATE-FAILED"
    expect_mails 0
}
