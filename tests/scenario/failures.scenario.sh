# shellcheck shell=bash
# What goes wrong between here and the server (contract, sections 6 and 7). "Every run converges":
# after a fault and a clean run, the state is that of one clean run.

expect_clean_end() { # what one clean run of v0.2.0-rc.1 gives, since the first run of the scenario
    expect_changes 1 << END
+ branch release-0.2 at $(commit main)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_generated_text v0.2.0-rc.1 v0.1.6
}

clean_run_ends_right() {
    no_faults
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_clean_end
}

# section 7: TLS "is verified always": a certificate that another authority signed
scenario_wrong_ca_is_refused() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 SSL_CERT_FILE="$OTHER_CA"
    expect_exit 1
    expect_findings "error CR-TLS"
    expect_log 127.0.0.1
    expect_changes < /dev/null
    expect_stat requests 0
}

# the same: no authority of the machine's signed it
scenario_no_ca_is_refused() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 '!SSL_CERT_FILE'
    expect_exit 1
    expect_findings "error CR-TLS"
    expect_stat requests 0
}

# the same: a file of authorities that is not there, or none
thorough_missing_ca_file_is_refused() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 SSL_CERT_FILE="$S/nothing.pem"
    expect_failure
    expect_log nothing.pem
    echo "no certificate" > "$S/rubbish.pem"
    run_pushed v0.2.0-rc.1 SSL_CERT_FILE="$S/rubbish.pem"
    expect_failure
    expect_stat requests 0
}

# input ca_bundle: "extra CA certificates, a path in the workspace", beside SSL_CERT_FILE
scenario_extra_ca_in_the_workspace() {
    push_tag v0.1.7-rc.1 release-0.1
    mkdir "$WORKSPACE/certs"
    cp "$CA" "$WORKSPACE/certs/ca.pem"
    run_pushed v0.1.7-rc.1 SSL_CERT_FILE="$OTHER_CA" INPUT_CA_BUNDLE=certs/ca.pem
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
}

# section 8: "http:// only for loopback"
scenario_plain_http_elsewhere_refused() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 GITHUB_API_URL=http://github.example/api/v3
    expect_exit 2
    expect_log http
    expect_changes < /dev/null
}

# section 7: "an unreachable host by its host", and "retried with backoff, at most 5 times"
scenario_slow_unreachable_host_is_named() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 GITHUB_API_URL=https://127.0.0.1:1/api/v3
    expect_exit 1
    expect_findings "error CR-UNREACHABLE"
    expect_log "127.0.0.1"
    expect_within 15000
}

# the same: a name that nobody knows
scenario_slow_unknown_host_is_named() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 GITHUB_API_URL=https://api.github.invalid
    expect_exit 1
    expect_findings "error CR-UNREACHABLE"
    expect_log api.github.invalid
    expect_within 55000 # without a network each of the six looks at the name server takes 5 s
}

# "a request that ran into its timeout is tried twice in all", timeout_seconds each
scenario_slow_silent_host_is_given_up() {
    push_tag v0.2.0-rc.1 main
    fault silent GET '/repos/*' -1
    run_pushed v0.2.0-rc.1 INPUT_TIMEOUT_SECONDS=1
    expect_exit 1
    expect_findings "error CR-TIMEOUT"
    expect_within 6000
    expect_changes < /dev/null
    clean_run_ends_right
}

# the same: one silence is got over
thorough_silent_once_is_tried_again() {
    push_tag v0.2.0-rc.1 main
    fault silent GET '/repos/*/git/matching-refs/tags/*'
    run_pushed v0.2.0-rc.1 INPUT_TIMEOUT_SECONDS=1
    expect_exit 0
    expect_clean_end
}

# "no progress timeout_seconds": slow, but with progress, is no timeout
thorough_slow_answer_with_progress_is_no_timeout() {
    push_tag v0.2.0-rc.1 main
    fault slow GET '/repos/*/releases*' 1 2500
    run_pushed v0.2.0-rc.1 INPUT_TIMEOUT_SECONDS=1
    expect_exit 0
    expect_clean_end
}

# "5xx and cut connections are retried with backoff": on each of the reads
thorough_faults_of_reads_are_got_over() {
    push_tag v0.2.0-rc.1 main
    fault cut-before GET '/repos/*/git/matching-refs/tags/*' 2
    fault 503 GET '/repos/*/releases*' 2
    fault 502-after GET '/repos/*/git/tags/*'
    fault 500 GET '/repos/*/git/matching-refs/heads/*'
    fault truncated GET '/repos/*/compare/*'
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_clean_end
}

# "… at most 5 times"
thorough_slow_server_that_always_fails_is_given_up() {
    push_tag v0.2.0-rc.1 main
    fault 503 GET '/repos/*/git/matching-refs/tags/*' -1
    run_pushed v0.2.0-rc.1
    expect_exit 1
    expect_findings "error CR-SERVER"
    expect_log 503
    same "attempts" 6 "$(requests | jq '[.[] | select(.fault == "503")] | length')"
    expect_changes < /dev/null
}

# section 7: "A short or odd answer is a failure, never an empty note": once, and then whole
thorough_truncated_notes_are_asked_for_again() {
    push_tag v0.2.0-rc.1 main
    fault truncated POST '/repos/*/releases/generate-notes'
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_clean_end
}

# the same: always cut
thorough_slow_notes_that_are_always_truncated() {
    push_tag v0.2.0-rc.1 main
    fault truncated POST '/repos/*/releases/generate-notes' -1
    run_pushed v0.2.0-rc.1
    expect_exit 1
    expect_log generate-notes
    same "drafts" 0 "$(state | jq '[.releases[] | select(.draft)] | length')"
    clean_run_ends_right
}

# the same: every other answer that is short or odd
thorough_slow_odd_answers_for_notes_are_never_a_note() {
    local kind
    push_tag v0.2.0-rc.1 main
    for kind in truncated-json empty html wrong-type empty-after html-after; do
        no_faults
        fault $kind POST '/repos/*/releases/generate-notes' -1
        run_pushed v0.2.0-rc.1
        expect_exit 1
        expect_findings "error CR-ANSWER"
        expect_log generate-notes
        same "drafts after $kind" 0 "$(state | jq '[.releases[] | select(.draft)] | length')"
    done
    clean_run_ends_right
}

# the same for the lists that a run reads
thorough_odd_answers_for_lists_are_failures() {
    local kind path
    push_tag v0.2.0-rc.1 main
    for path in '/repos/*/git/matching-refs/tags/*' '/repos/*/releases?*' '/repos/*/git/tags/*'; do
        for kind in truncated-json empty html wrong-type; do
            no_faults
            fault $kind GET "$path" -1
            run_pushed v0.2.0-rc.1
            expect_exit 1
            expect_findings "error CR-ANSWER"
            expect_changes < /dev/null
        done
    done
    clean_run_ends_right
}

# "After an answer that was lost or ambiguous, look again, then decide": the draft was made
lost_after_creating() { # FAULT
    push_tag v0.2.0-rc.1 main
    fault "$1" POST '/repos/*/releases'
    run_pushed v0.2.0-rc.1 INPUT_TIMEOUT_SECONDS=2
    expect_exit 0
    expect_clean_end
    expect_output changed true
    expect_output release_id "$(draft_id v0.2.0-rc.1)"
}
thorough_slow_creation_cut_after() { lost_after_creating cut-after; }
thorough_slow_creation_500_after() { lost_after_creating 500-after; }
thorough_slow_creation_502_after() { lost_after_creating 502-after; }
thorough_slow_creation_truncated() { lost_after_creating truncated; }
thorough_slow_creation_html_after() { lost_after_creating html-after; }
thorough_slow_creation_empty_after() { lost_after_creating empty-after; }
thorough_slow_creation_silent_after() { lost_after_creating silent-after; }

# the same: the draft was not made, which takes the three looks (1, 3, 9 s) to know
thorough_slow_creation_cut_before() { lost_after_creating cut-before; }
thorough_slow_creation_502() { lost_after_creating 502; }

# the same, while the list lags behind the creation
thorough_slow_creation_lost_while_lists_lag() {
    configure '{"list_lag_ms": 1600}'
    lost_after_creating cut-after
}

# the same for the branch
thorough_slow_branch_lost_after_it_was_made() {
    push_tag v0.2.0-rc.1 main
    fault cut-after POST '/repos/*/git/refs'
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_clean_end
    expect_output branch_created true
}

# "created only where the server says that there is none": a branch that somebody makes meanwhile
scenario_branch_made_meanwhile_is_not_advanced() {
    push_tag v0.2.0-rc.1 main
    push_branch release-0.2 main~1
    fault lag GET '/repos/*/git/matching-refs/heads/*'
    run_pushed v0.2.0-rc.1
    expect_exit 1
    same "release-0.2" "$(object main~1)" "$(object release-0.2)"
}

# the same for a change of a draft that is there
thorough_slow_update_lost_after_it_was_done() {
    local kind
    push_tag v0.1.7-rc.1 release-0.1
    for kind in cut-after 502-after cut-before; do
        draft_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "A stub."
        fault $kind PATCH '/repos/*/releases/*'
        run_pushed v0.1.7-rc.1
        expect_exit 0
        expect_changes << END
~ draft v0.1.7-rc.1: prerelease false -> true, text
END
        expect_marked v0.1.7-rc.1
        no_faults
        as_maintainer DELETE "/releases/$(draft_id v0.1.7-rc.1)"
    done
}

# "429 and secondary limits are honoured (retry-after …)"
thorough_limits_are_waited_for() {
    push_tag v0.2.0-rc.1 main
    fault 429 GET '/repos/*/git/matching-refs/tags/*' 1 1
    fault 403-secondary POST '/repos/*/releases' 1 1
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_clean_end
    [ "$took_ms" -ge 1900 ] || fail "a wait of twice a second was expected, the run took $took_ms ms"
}

# "… then x-ratelimit-reset"
scenario_primary_limit_is_waited_for() {
    push_tag v0.2.0-rc.1 main
    fault 403-primary GET '/repos/*/releases*' 1 1
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_clean_end
}

# "… within that bound", and "Each [output] is written as soon as it is known, so a failed run
# reports what it did"
thorough_limit_beyond_the_bound_fails_and_reports_what_was_done() {
    push_tag v0.2.0-rc.1 main
    fault 403-primary POST '/repos/*/releases' -1 7200
    run_pushed v0.2.0-rc.1
    expect_exit 1
    expect_findings "error CR-RATE-LIMIT"
    expect_within 10000
    expect_outputs branch_created=true changed=true branch=release-0.2 commit="$(object main)"
    expect_changes << END
+ branch release-0.2 at $(commit main)
END
    clean_run_ends_right
    expect_output branch_created false
}

# a token that the server does not know
scenario_bad_token_is_told() {
    secrets=(no-such-token)
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_TOKEN=no-such-token
    expect_exit 1
    expect_findings "error CR-TOKEN"
    expect_changes < /dev/null
}

# "A 403 names the missing permission (x-accepted-github-permissions)"
scenario_missing_permission_is_named() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_TOKEN="$read_token"
    expect_exit 1
    expect_findings "error CR-PERMISSION"
    expect_line "contents[:=] ?write"
    expect_changes < /dev/null
}

# "404 also means no permission": a private repository
scenario_invisible_repository_is_told() {
    configure '{"private": true, "tokens": {"test-token-read": {"permissions": null}}}'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_TOKEN="$read_token"
    expect_exit 1
    expect_log "llm-d/llm-d-router"
    expect_log "token"
    expect_changes < /dev/null
}

# no token at all
scenario_missing_token_is_told() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_TOKEN=
    expect_exit 2
    expect_findings "error CR-INPUT-TOKEN"
    expect_stat requests 0
}

# section 8: the token goes "not along a redirect to another host": the server is localhost here,
# and the renamed repository's new address is on 127.0.0.1
scenario_token_does_not_follow_a_redirect_to_another_host() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 GITHUB_REPOSITORY="$former_repository" \
        GITHUB_API_URL="https://localhost:$PORT/api/v3"
    same "requests with the token behind the redirect" 0 \
        "$(requests | jq '[.[] | select((.path | contains("/repositories/")) and .token)] | length')"
    expect_exit 1
    expect_changes < /dev/null
}

log_says() { grep -q "$1" "$RUN/log"; }

# "SIGTERM ends it within 2 s with the state reported"
scenario_terminated_while_waiting() {
    push_tag v0.2.0-rc.1 main
    fault silent POST '/repos/*/releases' -1
    meanwhile=(terminate_once await POST '*/releases')
    run_pushed v0.2.0-rc.1
    expect_exit 1
    expect_within 2000
    expect_findings "error CR-INTERRUPTED"
    expect_outputs branch_created=true changed=true
    expect_changes << END
+ branch release-0.2 at $(commit main)
END
    clean_run_ends_right
}

# the same: while it waits for a limit to end
thorough_terminated_while_a_limit_lasts() {
    push_tag v0.2.0-rc.1 main
    fault 429 GET '/repos/*/releases*' -1 120
    meanwhile=(terminate_once until_true log_says waiting)
    run_pushed v0.2.0-rc.1
    expect_exit 1
    expect_within 2000
    expect_findings "error CR-INTERRUPTED"
    expect_changes < /dev/null
}

# section 3: HTTPS_PROXY and NO_PROXY "in both cases": a proxy that is not there
thorough_slow_proxy_is_honoured() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 HTTPS_PROXY=http://127.0.0.1:1
    expect_exit 1
    expect_findings "error CR-UNREACHABLE"
    expect_stat requests 0
    run_pushed v0.1.7-rc.1 HTTPS_PROXY=http://127.0.0.1:1 NO_PROXY=example.org,127.0.0.1
    expect_exit 0
    run_pushed v0.1.7-rc.1 https_proxy=http://127.0.0.1:1 no_proxy='*'
    expect_exit 0
}
