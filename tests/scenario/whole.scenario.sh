# shellcheck shell=bash
# Everything in one run: files, an upstream, workflows, images, publishing, the mail and the issue, as
# a whole set-up has it (contract, sections 4 and 6; issue 7).

# A project that has all of it; in $whole the inputs.
open_whole() {
    local built='{"platforms": ["linux/amd64"], "built_by": "ci-release.yaml"}'
    with_upstream
    configure "{\"tokens\": {\"$write_token\": {\"permissions\": {\"actions\": \"write\", \"issues\": \"write\"}}},
        \"workflows\": {\"ci-release.yaml\": {\"on\": [\"push\"], \"takes_ms\": 100}},
        \"images\": {\"$image\": {\"v0.2.0-rc.1\": $built, \"v0.2.0\": $built}}}"
    add_issue 7 "Release v0.2.0"
    mkdir "$WORKSPACE/dist"
    echo binary > "$WORKSPACE/dist/router"
    start_smtp
    whole=(INPUT_DRAFT=false INPUT_FILES='dist/*' INPUT_UPSTREAM="$upstream" INPUT_WORKFLOWS=ci-release.yaml
        INPUT_IMAGES="127.0.0.1:$PORT/$image" "${announce[@]}")
    push_tag v0.2.0-rc.1 main
    push_branch release-0.2 main
}

# What the summary previews under a title.
preview() { # TITLE
    sed -n "/^<details><summary>$1</,/^<\/details>/p" "$RUN/summary" | sed '/^```/,/^```$/!d' | sed '1d;$d'
}

# "notes (the body)"; "the notes as a preview": as the release has them at the end
expect_notes_told() { # TAG
    same "the output notes" "$(body_of "$1")" "$(output notes)"
    same "the preview" "$(body_of "$1" | sed '/^<!-- cut-release:/d')" "$(preview Notes)"
}

expect_all_done() { # COMMAND …
    "$@"
    expect_exit 0
    expect_changes_nothing
    expect_log "Nothing left to do"
    expect_output changed false
}

# the candidate, then the final release; then each of the ways to start it again
scenario_whole_checklist_in_one_run() {
    open_whole
    run_pushed v0.2.0-rc.1 "${whole[@]}"
    expect_exit 0
    expect_notes_told v0.2.0-rc.1
    [[ $(preview Notes) = *sha256:* ]] || fail "the images were expected in the preview" "$(preview Notes)"
    expect_mails 0
    expect_comments 7 1
    expect_all_done run_pushed v0.2.0-rc.1 "${whole[@]}"
    expect_all_done run_published v0.2.0-rc.1 "${whole[@]}"
    push_tag v0.2.0 main
    run_pushed v0.2.0 "${whole[@]}"
    expect_exit 0
    expect_findings
    expect_changes << END
+ release v0.2.0 titled "v0.2.0", make_latest true, the latest, 2 assets, by $bot
~ release v0.1.6: is_latest true -> false
+ comment on #7 of v0.2.0, by $bot
~ issue #7: boxes, closed as completed
END
    expect_notes_told v0.2.0
    expect_mails 1
    expect_summary '| publish | done | [v0.2.0]('
    [ -z "$(grep -E '^\| [a-z]+ \| (do|not done|failed) ' "$RUN/summary")" ] ||
        fail "a summary of steps that are done was expected" "$(cat "$RUN/summary")"
    expect_all_done run_pushed v0.2.0 "${whole[@]}"
    expect_all_done run_published v0.2.0 "${whole[@]}"
    expect_notes_told v0.2.0
    expect_all_done run_published v0.2.0-rc.1 "${whole[@]}"
    expect_mails 1
}

# "a failed run reports what it did": and the next one goes on from there
scenario_whole_checklist_cut_short_by_a_workflow() {
    open_whole
    configure '{"workflows": {"ci-release.yaml": {"conclusion": "failure"}}}'
    run_pushed v0.2.0-rc.1 "${whole[@]}"
    expect_exit 1
    expect_finding "error CR-GATE-FAILED"
    expect_notes_told v0.2.0-rc.1
    expect_summary '| assets | done | '
    expect_summary '| workflows | failed | '
    expect_summary '| publish | not done | '
    expect_summary 'It failed half-way'
    expect_outputs changed=true release_id="$(draft_id v0.2.0-rc.1)"
    configure '{"workflows": {"ci-release.yaml": {"conclusion": "success"}}}'
    run_pushed v0.2.0-rc.1 "${whole[@]}"
    expect_exit 0
    expect_notes_told v0.2.0-rc.1
    expect_all_done run_pushed v0.2.0-rc.1 "${whole[@]}"
}

# the mail's text is an output before the server is asked to take it, and the notes tell of the mark
scenario_whole_checklist_cut_short_by_the_mail() {
    open_whole
    push_tag v0.2.0 main
    smtp_faults "refuse-data 1"
    run_pushed v0.2.0 "${whole[@]}"
    expect_exit 1
    expect_finding "error CR-MAIL-REFUSED"
    [[ $(output announcement) = *sha256:* ]] || fail "the mail was expected as output" "$(output announcement)"
    expect_notes_told v0.2.0
    expect_summary '| publish | done | '
    expect_summary '| mail | failed | '
    only_the_mail_is_left
}

only_the_mail_is_left() {
    run_published v0.2.0 "${whole[@]}"
    expect_exit 0
    expect_mails 1
    expect_step mail do
    expect_all_done run_pushed v0.2.0 "${whole[@]}"
}

# "On a terminal the same is plain text": the mail that a person sends, and that one has to
scenario_laptop_announcement_is_shown() {
    publish_final
    clone "$S/clone" "$SERVER_URL/$repository.git"
    laptop_environment=(GITHUB_API_URL="$API_URL" GITHUB_SERVER_URL="$SERVER_URL" SSL_CERT_FILE="$CA"
        GITHUB_TOKEN="$write_token")
    run_laptop "$S/clone" announce --tag v0.1.7
    expect_exit 0
    expect_line '^  Subject: \[ANNOUNCE\] llm-d-router v0\.1\.7 is released$'
    expect_line '^Still to do: send the announcement\.$'
}
