# shellcheck shell=bash
# The announcement (contract, sections 3, 4 and 6): composed, sent once, remembered by the release.

# A final release that a person has published, with highlights of hers.
publish_final() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    published_by_hand v0.1.7 v0.1.7 "## Highlights

* Faster by half, sagt Jürgen.
. A line that starts with a dot.

## What's Changed

* Nothing else." '{"make_latest": "true"}'
}

# subject, text, headers: the whole mail as it arrives
scenario_announcement_is_sent() {
    start_smtp
    publish_final
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_findings
    expect_changes << END
~ release v0.1.7: text
END
    expect_mails 1
    expect_mail 1 announcement.eml
    expect_announcement v0.1.7 sent
    expect_step mail do
    expect_output changed true
    expect_summary '[ANNOUNCE] llm-d-router v0.1.7 is released'
    same "the output" "$(text_of_mail 1)" "$(output announcement | sed -n '3p' | sed 's/^Subject: //')

$(output announcement | sed '1,4d')"
    same "greetings" "example.org in the clear,example.org encrypted" "$(paste -sd, "$M/dialogues")"
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_step mail 'done'
    expect_mails 1
}

# "once over any number of runs": the event's run, after the run that published it
scenario_release_goes_on_to_announce() {
    start_smtp
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_DRAFT=false "${announce[@]}"
    expect_exit 0
    expect_changes << END
+ release v0.1.7 titled "v0.1.7", make_latest true, the latest, by $bot
~ release v0.1.6: is_latest true -> false
END
    expect_mails 1
    expect_announcement v0.1.7 sent
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_changes_nothing
    run_pushed v0.1.7 INPUT_DRAFT=false "${announce[@]}"
    expect_exit 0
    expect_changes_nothing
    expect_log "othing left to do"
    expect_mails 1
}

# smtps, and several addresses
scenario_announcement_over_smtps_to_several() {
    start_smtp smtps
    publish_final
    run_published v0.1.7 "${announce[@]}" \
        'INPUT_ANNOUNCE_TO=one@example.org, "Two, Ltd." <two@example.org>,Jörg <three@example.org>'
    expect_exit 0
    expect_mails 1
    same "the envelope" "from releases@example.org to one@example.org to two@example.org to three@example.org" \
        "$(sed '/^$/,$d' "$M/mails/1" | paste -sd' ')"
    same "the header" 'To: one@example.org, "Two, Ltd." <two@example.org>, =?UTF-8?B?SsO2cmc=?= <three@example.org>' \
        "$(sed -e 's/\r$//' "$M/mails/1" | sed -n '/^To: /,/^Subject: /p' | sed '$d' | tr -d '\n')"
}

# "STARTTLS required unless the host is loopback": without it on this machine only
scenario_mail_in_the_clear_on_loopback_only() {
    start_smtp plain
    publish_final
    run_published v0.1.7 "${announce[@]}" "INPUT_SMTP_URL=smtp://2130706433:$smtp_port"
    expect_exit 1
    expect_findings "error CR-MAIL-REFUSED"
    expect_log STARTTLS
    expect_mails 0
    expect_announcement v0.1.7 ''
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_mails 1
}

# TLS is verified always
scenario_mail_server_with_an_unknown_certificate_refused() {
    start_smtp smtps
    publish_final
    run_published v0.1.7 "${announce[@]}" INPUT_CA_BUNDLE=
    expect_exit 1
    expect_findings "error CR-TLS"
    expect_mails 0
    expect_announcement v0.1.7 ''
    expect_changes << END
END
}

# a wrong password: told in the server's words, and no trace of a mail
scenario_mail_password_refused() {
    start_smtp
    publish_final
    secrets+=(wrong-horse)
    run_published v0.1.7 "${announce[@]}" INPUT_SMTP_PASSWORD=wrong-horse
    expect_exit 1
    expect_findings "error CR-MAIL-REFUSED"
    expect_log smtp_password
    expect_mails 0
    expect_announcement v0.1.7 ''
}

# "5xx: CR-MAIL-REFUSED with the server's words", which can't issue commands
scenario_mail_refused() {
    local -A words=([refuse]='550 5.1.1 No such list here' [refuse-sender]='550 5.7.1 We do not know'
        [refuse-data]='554 5.6.0 This looks like spam')
    local kind
    start_smtp
    publish_final
    for kind in "${!words[@]}"; do
        smtp_faults "$kind 1"
        run_published v0.1.7 "${announce[@]}"
        expect_exit 1
        expect_findings "error CR-MAIL-REFUSED"
        expect_log "${words[$kind]}"
        expect_changes << END
END
    done
    expect_mails 0
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_findings
    expect_mails 1
}

# greylisting: tried again after a while
scenario_slow_mail_greylisted() {
    start_smtp
    publish_final
    smtp_faults "greylist 1"
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_findings
    expect_log "waiting 5 s: the mail server"
    expect_mails 1
    expect_announcement v0.1.7 sent
}

# a server that is away for a moment
scenario_slow_mail_server_cuts_the_connection() {
    start_smtp
    publish_final
    smtp_faults "cut-greeting 1" "cut-rcpt 1"
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_findings
    expect_mails 1
}

# none there at all
scenario_slow_mail_server_unreachable() {
    start_smtp
    publish_final
    stop_smtp
    run_published v0.1.7 "${announce[@]}"
    expect_exit 1
    expect_findings "error CR-UNREACHABLE"
    expect_log localhost
    expect_announcement v0.1.7 ''
}

# cut behind the mail's end: it may have been sent; the next run sends it again, with the same
# Message-ID, and says so
scenario_slow_mail_cut_behind_its_end() {
    start_smtp
    publish_final
    smtp_faults "cut-after 1"
    run_published v0.1.7 "${announce[@]}"
    expect_exit 1
    expect_findings "error CR-MAIL-LOST"
    expect_announcement v0.1.7 sending
    run_published v0.1.7 "${announce[@]}" 'INPUT_ANNOUNCE_FROM=other@example.net'
    expect_exit 0
    expect_findings "warning CR-MAIL-AGAIN"
    expect_mails 2
    expect_same_message_id 1 2
    expect_announcement v0.1.7 sent
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_mails 2
}

# the same, and the mail was lost with it
thorough_mail_cut_and_lost() {
    start_smtp
    publish_final
    smtp_faults "cut 1"
    run_published v0.1.7 "${announce[@]}"
    expect_exit 1
    expect_findings "error CR-MAIL-LOST"
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_findings "warning CR-MAIL-AGAIN"
    expect_mails 1
}

# SIGTERM while the server is silent: within 2 s, and the release remembers
scenario_slow_mail_server_silent_and_terminated() {
    start_smtp
    publish_final
    smtp_faults "silent 1"
    meanwhile=(terminate_once until_true test -e "$M/mails/1")
    run_published v0.1.7 "${announce[@]}"
    expect_exit 1
    expect_findings "error CR-MAIL-LOST"
    expect_within 2000
    expect_announcement v0.1.7 sending
}

# killed ahead of the mail, and behind it
scenario_slow_killed_around_the_mail() {
    start_smtp
    publish_final
    fault silent-after PATCH '/repos/*/releases/*'
    killed_status=137
    meanwhile=(kill_at_patch)
    run_published v0.1.7 "${announce[@]}"
    unchecked=
    no_faults
    expect_mails 0
    expect_announcement v0.1.7 sending
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_findings "warning CR-MAIL-AGAIN"
    expect_mails 1
}

kill_at_patch() {
    await PATCH '*/releases/*'
    sleep 0.2
    kill -KILL "$run_pid"
}

# the answer to the marker is lost: looked at, and not doubled
thorough_lost_answers_around_the_mail() {
    local kind
    start_smtp
    publish_final
    for kind in cut-after cut-before; do
        fault $kind PATCH '/repos/*/releases/*'
    done
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_mails 1
    expect_announcement v0.1.7 sent
}

# two at once: one mail, or two with the same Message-ID
scenario_slow_two_announce_at_once() {
    local mails first second
    start_smtp
    publish_final
    release_event v0.1.7 published > "$S/event.json"
    runner_environment release refs/tags/v0.1.7 "$(object v0.1.7)"
    prepare_run
    change_environment "${announce[@]}"
    timeout 60 env -i "${environment[@]}" "$CUT_RELEASE" > "$S/first" 2>&1 &
    first=$!
    timeout 60 env -i "${environment[@]}" "$CUT_RELEASE" > "$S/second" 2>&1 &
    second=$!
    wait $first
    same "the exit status of the first (log: $(tail -3 "$S/first"))" 0 $?
    wait $second
    same "the exit status of the second (log: $(tail -3 "$S/second"))" 0 $?
    count_mails
    [ "$mails" = 1 ] || { expect_mails 2 && expect_same_message_id 1 2; }
    expect_announcement v0.1.7 sent
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_changes_nothing
}

# input announce_candidates; a final release's mail answers the candidate's
scenario_candidates_are_announced_if_wanted() {
    start_smtp
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_DRAFT=false "${announce[@]}"
    expect_exit 0
    expect_step mail 'done'
    expect_mails 0
    expect_output announcement ''
    run_published v0.1.7-rc.1 "${announce[@]}" INPUT_ANNOUNCE_CANDIDATES=true
    expect_exit 0
    expect_mails 1
    same "the subject" "[ANNOUNCE] llm-d-router v0.1.7-rc.1 is released" "$(text_of_mail 1 | head -1)"
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_DRAFT=false "${announce[@]}"
    expect_exit 0
    expect_mails 2
    same "what it answers" "$(message_id 1)" "$(sed -nE 's/\r$//; s/^In-Reply-To: //p' "$M/mails/2")"
    [ "$(message_id 1)" != "$(message_id 2)" ] || fail "two mails, and one Message-ID"
}

# "The whole mail is the output announcement …, for those who send by hand"
scenario_announcement_is_composed_without_a_mail_server() {
    publish_final
    run_published v0.1.7
    expect_exit 0
    expect_changes_nothing
    expect_step mail ''
    same "the output's first line" "Subject: [ANNOUNCE] llm-d-router v0.1.7 is released" \
        "$(output announcement | head -1)"
    expect_summary "Send the announcement"
    expect_summary "Faster by half"
}

# input announcement_path: "a template for the mail's text, from the workspace"
scenario_announcement_from_a_template() {
    start_smtp
    publish_final
    mkdir "$WORKSPACE/docs"
    printf '%s\n' 'Dear all,' '' '{project} {version} ({tag}) is out: {release_url} {unknown}' '{highlights}' \
        > "$WORKSPACE/docs/mail.txt"
    run_published v0.1.7 "${announce[@]}" INPUT_ANNOUNCEMENT_PATH=docs/mail.txt
    expect_exit 0
    same "the text" "[ANNOUNCE] llm-d-router v0.1.7 is released

Dear all,

llm-d-router 0.1.7 (v0.1.7) is out: $SERVER_URL/$repository/releases/tag/v0.1.7 {unknown}
## Highlights

* Faster by half, sagt Jürgen.
. A line that starts with a dot." "$(text_of_mail 1)"
    run_published v0.1.7 "${announce[@]}" INPUT_ANNOUNCEMENT_PATH=../mail.txt
    expect_refused 2 "error CR-INPUT-PATH"
    run_published v0.1.7 "${announce[@]}" INPUT_ANNOUNCEMENT_PATH=docs/missing.txt
    expect_refused 2 "error CR-INPUT-PATH"
}

# what others wrote can't add a header, a second mail or a recipient
scenario_hostile_words_stay_in_the_mail() {
    local hostile=$'## Highlights\r\n\r\nBcc: everybody@example.org\r\n.\r\nMAIL FROM:<evil@example.org>\r\n.\r\nFrom me\r\n::error::owned'
    start_smtp
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    published_by_hand v0.1.7 v0.1.7 "$hostile" '{"make_latest": "true"}'
    run_published v0.1.7 "${announce[@]}" $'INPUT_PROJECT==?utf-8?q?evil?= \u202e router ☃'
    expect_exit 0
    expect_mails 1
    same "the envelope" "from releases@example.org to announce@lists.example.org" \
        "$(sed '/^$/,$d' "$M/mails/1" | paste -sd' ')"
    same "the subject" "[ANNOUNCE] =?utf-8?q?evil?=   router ☃ v0.1.7 is released" "$(text_of_mail 1 | head -1)"
    text_of_mail 1 | grep -qx '.' || fail "the line with a dot is gone" "$(text_of_mail 1)"
    text_of_mail 1 | grep -qx 'MAIL FROM:<evil@example.org>' || fail "the text was cut" "$(text_of_mail 1)"
}

# "header injection impossible (addresses validated at input)"
scenario_odd_addresses_refused() {
    local pair
    for pair in announce_to=nobody announce_to=a@b@c 'announce_to=a@example.org,' \
        'announce_to=a@example.org>, <b@example.org' 'announce_to=<a@example.org> RCPT' announce_to=a@-b.org \
        'announce_from=a@example.org,b@example.org' smtp_url=https://example.org \
        smtp_url=smtp://user:pass@example.org smtp_url=smtp://example.org/path smtp_url=smtps://example.org:99999; do
        run_published v0.1.6 INPUT_ANNOUNCE_TO=a@example.org INPUT_ANNOUNCE_FROM=b@example.org \
            INPUT_SMTP_URL=smtps://mail.example.org "INPUT_${pair%%=*}=" \
            "INPUT_$(tr a-z A-Z <<< "${pair%%=*}")=${pair#*=}"
        expect_refused 2 "error CR-INPUT-VALUE"
        expect_log "${pair%%=*}"
    done
    run_published v0.1.6 INPUT_ANNOUNCE_TO=a@example.org
    expect_refused 2 "error CR-INPUT-VALUE"
    run_published v0.1.6 INPUT_ANNOUNCE_TO=a@example.org INPUT_ANNOUNCE_FROM=b@example.org
    expect_refused 2 "error CR-INPUT-VALUE"
    run_published v0.1.6 INPUT_SMTP_USERNAME=releases
    expect_refused 2 "error CR-INPUT-VALUE"
}

# "nothing in it is changed but the announcement marker", of an immutable release too
scenario_immutable_release_is_announced() {
    start_smtp
    configure '{"immutable_releases": true}'
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7 INPUT_DRAFT=false "${announce[@]}"
    expect_exit 0
    expect_mails 1
    expect_announcement v0.1.7 sent
    expect_marked_beside_announcement v0.1.7
}

expect_marked_beside_announcement() { # TAG: our part of the body is what it was
    local body
    body=$(body_of "$1")
    [[ $body = '<!-- cut-release:begin '*$'\n<!-- cut-release:end -->\n\n<!-- cut-release:announcement '*' -->' ]] ||
        fail "our part, and behind it the announcement's comment, were expected:" "$body"
}

# a person edits the release while the mail is under way: her words stay
scenario_slow_release_edited_while_the_mail_is_sent() {
    start_smtp
    publish_final
    smtp_faults "greylist 1"
    meanwhile=(edit_meanwhile)
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_mails 1
    [[ $(body_of v0.1.7) = *"A word more."* ]] || fail "the edit is gone" "$(body_of v0.1.7)"
    expect_announcement v0.1.7 sent
}

edit_meanwhile() {
    await PATCH '*/releases/*' answered
    sleep 1
    edit_body v0.1.7 '"A word more.\n\n" + .'
}

# dry_run: composed, not sent
scenario_dry_run_of_an_announcement() {
    start_smtp
    publish_final
    run_published v0.1.7 "${announce[@]}" INPUT_DRY_RUN=true
    expect_exit 0
    expect_changes_nothing
    expect_mails 0
    expect_step mail do
    same "the output's third line" "Subject: [ANNOUNCE] llm-d-router v0.1.7 is released" \
        "$(output announcement | sed -n 3p)"
}

# SIGTERM ahead of the mail's end: within 2 s; no request follows that, so the next run says that it sends
# the mail in doubt
thorough_mail_server_hangs_and_terminated() {
    start_smtp
    publish_final
    smtp_faults "hang-rcpt 1 0 $S/hangs"
    meanwhile=(terminate_once until_true test -e "$S/hangs")
    run_published v0.1.7 "${announce[@]}"
    expect_exit 1
    expect_findings "error CR-INTERRUPTED"
    expect_within 2000
    expect_mails 0
    expect_announcement v0.1.7 sending
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_findings "warning CR-MAIL-AGAIN"
    expect_mails 1
    expect_announcement v0.1.7 sent
}

# a mail that is sent in many pieces arrives whole
thorough_long_mail_arrives_whole() {
    start_smtp
    publish_final
    seq -f 'This is line number %g of a long announcement.' 4000 > "$WORKSPACE/mail.txt"
    run_published v0.1.7 "${announce[@]}" INPUT_ANNOUNCEMENT_PATH=mail.txt
    expect_exit 0
    expect_findings
    expect_mails 1
    same "the text" "$(cat "$WORKSPACE/mail.txt")" "$(text_of_mail 1 | sed 1,2d)"
}
