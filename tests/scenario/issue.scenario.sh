# shellcheck shell=bash
# The tracking issue: found, told once, its boxes ticked, closed (contract, sections 3 and 6).

checklist='Release checklist.

- [ ] Permissions to push to the repository.
- [ ] Create the release branch
- [ ] Sign the tag and push it
- [ ] Pushing the tag triggers CI to build and publish the container image
- [ ] Create a new release:
  - [ ] Choose the tag that you created for the release
  - [ ] If this is a release candidate, select the "This is a pre-release" checkbox
- [ ] Send an announcement email
- [ ] Add a link to the final release in this issue
- [ ] Close this issue

```
- [ ] push the tag
```'

# An issue as a maintainer wrote it; the fields given come in place of the usual ones.
add_issue() { # NUMBER TITLE [MORE-FIELDS, as an object]
    local title body more=${3:-}
    json_text title "$2"
    json_text body "${issue_text-$checklist}"
    more=${more#'{'}
    more=${more%'}'}
    [[ $more = *author_association* ]] || more="\"author_association\": \"MEMBER\"${more:+, $more}"
    tell_admin /issues "{\"number\": $1, \"title\": $title, \"body\": $body, $more}"
}

final_is_out() { # v0.1.7, published by hand
    push_tag v0.1.7 release-0.1
    published_by_hand v0.1.7 v0.1.7 "By hand." '{"make_latest": "true"}'
}

candidate_is_out() {
    push_tag v0.1.7-rc.1 release-0.1
    published_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "By hand." '{"prerelease": true}'
}

announce() { # TAG [NAME=VALUE …]
    run_with_inputs INPUT_COMMAND=announce INPUT_TAG="$1" "${@:2}"
}

comments_on() { # NUMBER: how many, in $found
    local id
    look
    found=0
    for id in "${comment_ids[@]}"; do
        [ "${comment_issue[$id]}" != "$1" ] || found=$((found + 1))
    done
}

expect_comments() { # NUMBER HOW-MANY
    local found
    comments_on "$1"
    same "comments on #$1" "$2" "$found"
}

expect_ticked() { # NUMBER LINE-START …: these boxes and no others
    local line expected="${*:2}" found=''
    look
    while IFS= read -r line; do
        [[ $line != *'[x] '* ]] || found+=${found:+ }$(cut -d' ' -f1 <<< "${line#*'[x] '}")
    done <<< "${issue_body[$1]}"
    same "boxes ticked on #$1" "$expected" "$found"
}

nothing_left_to_do() { # TAG [NAME=VALUE …]
    announce "$@"
    expect_exit 0
    expect_step issue done
    expect_changes_nothing
    expect_output changed false
}

# "one comment with the release's link and the evidence"; "the checklist's boxes that are now true are
# ticked"; "a final release closes the issue as completed"
scenario_issue_of_a_final_release() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    announce v0.1.7
    expect_exit 0
    expect_step issue do
    expect_changes << END
+ comment on #7 of v0.1.7, by $bot
~ issue #7: boxes, closed as completed
END
    expect_ticked 7 Create Sign Create Choose Add Close
    expect_summary "[\\#7]($SERVER_URL/$repository/issues/7)"
    expect_log "6 boxes are ticked"
    local id=${comment_ids[0]}
    [[ ${comment_body[$id]} = *"](https://"*"/releases/tag/v0.1.7) is released."* ]] ||
        fail "the release's link was expected:" "${comment_body[$id]}"
    [[ ${comment_body[$id]} = *"| Commit | $(object 'refs/tags/v0.1.7^{commit}') |"* ]] ||
        fail "the commit was expected:" "${comment_body[$id]}"
    nothing_left_to_do v0.1.7
}

# "a candidate leaves it open"; it ticks what speaks of a candidate
scenario_issue_of_a_candidate() {
    candidate_is_out
    add_issue 7 "Release v0.1.7"
    announce v0.1.7-rc.1
    expect_exit 0
    expect_changes << END
+ comment on #7 of v0.1.7-rc.1, by $bot
~ issue #7: boxes
END
    expect_ticked 7 If
    nothing_left_to_do v0.1.7-rc.1
    final_is_out
    announce v0.1.7
    expect_exit 0
    expect_changes << END
+ comment on #7 of v0.1.7, by $bot
~ issue #7: boxes, closed as completed
END
    expect_comments 7 2
    nothing_left_to_do v0.1.7
}

# "With draft: false the release command goes on to announce": tag, release, mail and issue in one run;
# the event's run, and the same one again, find all done
scenario_issue_of_a_release_that_the_run_publishes() {
    local more='
- [ ] Click "Generate release notes"
- [ ] Publish the release'
    start_smtp
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    issue_text=$checklist$more add_issue 7 "Release v0.1.7"
    run_pushed v0.1.7 INPUT_DRAFT=false "${announce[@]}"
    expect_exit 0
    expect_changes << END
+ release v0.1.7 titled "v0.1.7", make_latest true, the latest, by $bot
~ release v0.1.6: is_latest true -> false
+ comment on #7 of v0.1.7, by $bot
~ issue #7: boxes, closed as completed
END
    expect_ticked 7 Create Sign Create Choose Send Add Close Click Publish
    expect_mails 1
    [[ ${comment_body[${comment_ids[0]}]} = *"| Mail | \`$(message_id 1)\` |"* ]] ||
        fail "the mail's id was expected:" "${comment_body[${comment_ids[0]}]}"
    run_published v0.1.7 "${announce[@]}"
    expect_exit 0
    expect_changes_nothing
    expect_step issue done
    run_pushed v0.1.7 INPUT_DRAFT=false "${announce[@]}"
    expect_exit 0
    expect_changes_nothing
}

# the same by the button, which makes the tag before it comes to the issue
scenario_issue_of_a_release_by_the_button() {
    with_keys
    push_tag v0.1.7-rc.1 release-0.1
    add_issue 7 "Release v0.1.7"
    press plain INPUT_TAG=v0.1.7 INPUT_DRAFT=false
    expect_exit 0
    expect_comments 7 1
    expect_ticked 7 Create Sign Create Choose Add Close
    [[ ${comment_body[${comment_ids[0]}]} = *", the object \`$(object refs/tags/v0.1.7)\`, signed by: "* ]] ||
        fail "tag and signer were expected:" "${comment_body[${comment_ids[0]}]}"
    press plain INPUT_TAG=v0.1.7 INPUT_DRAFT=false
    expect_exit 0
    expect_changes_nothing
    announce v0.1.7
    expect_exit 0
    expect_changes_nothing
}

# "runs, images with digests": what the gates found is told, and ticks its boxes; waited for, too
scenario_issue_tells_workflows_and_images() {
    local gates text
    with_workflows '{"ci-release.yaml": {"on": ["push"]},
        "e2e-quickstart.yaml": {"on": ["push"], "takes_ms": 1500}}'
    with_images v0.1.7 "$two_platforms"
    gates=(INPUT_WORKFLOWS=$'ci-release.yaml\ne2e-quickstart.yaml' INPUT_IMAGES="$reference")
    issue_text='- [ ] The image is built
- [ ] Test the steps in the tagged quickstart guide
- [ ] All workflows have passed
- [ ] Celebrate' add_issue 7 "Release v0.1.7"
    final_is_out
    announce v0.1.7 "${gates[@]}"
    expect_exit 0
    expect_ticked 7 The Test All
    text=$(sed -E 's/sha256:[0-9a-f]{64}/DIGEST/' <<< "${comment_body[${comment_ids[0]}]}")
    [[ $text = *"| Workflow | [\`ci-release.yaml\`]($SERVER_URL/$repository/actions/runs/"* &&
        $text = *"| Image | \`$reference:v0.1.7\`, \`DIGEST\`, \`linux/amd64, linux/arm64\` |"* ]] ||
        fail "the gates were expected:" "$text"
    nothing_left_to_do v0.1.7 "${gates[@]}"
}

# the same, where the issue has no such boxes
scenario_issue_of_a_candidate_is_only_commented() {
    candidate_is_out
    issue_text="No list." add_issue 7 "Release v0.1.7"
    announce v0.1.7-rc.1
    expect_exit 0
    expect_changes <<< "+ comment on #7 of v0.1.7-rc.1, by $bot"
}

# "tracking issue: a number": whatever its title is, and whoever wrote it
scenario_issue_by_number() {
    final_is_out
    add_issue 12 "Next week" '{"author_association": "NONE"}'
    add_issue 7 "Release v0.1.7"
    announce v0.1.7 INPUT_ISSUE=12
    expect_exit 0
    expect_changes << END
+ comment on #12 of v0.1.7, by $bot
~ issue #12: boxes, closed as completed
END
    nothing_left_to_do v0.1.7 INPUT_ISSUE=12
}

# "a number" that no issue has
scenario_issue_number_missing() {
    final_is_out
    announce v0.1.7 INPUT_ISSUE=12
    expect_refused 1 "error CR-ISSUE-MISSING"
    expect_step issue refused
}

# … or that a pull request has
scenario_issue_number_of_a_pull_request() {
    final_is_out
    add_issue 12 "Release v0.1.7" '{"pull_request": true}'
    announce v0.1.7 INPUT_ISSUE=12
    expect_refused 1 "error CR-ISSUE-MISSING"
    expect_log "is a pull request"
}

# "If the issue was deleted, … 410 Gone"; "if the issue was transferred, … 301"
thorough_issue_number_deleted_or_moved() {
    final_is_out
    add_issue 12 "Release v0.1.7" '{"deleted": true}'
    add_issue 13 "Release v0.1.7" "{\"transferred_to\": \"llm-d/elsewhere\"}"
    announce v0.1.7 INPUT_ISSUE=12
    expect_exit 1
    expect_finding "error CR-ISSUE-MISSING"
    expect_changes_nothing
    announce v0.1.7
    expect_exit 0
    expect_step issue done
    expect_changes_nothing
}

# "none": nothing is asked
scenario_issue_none() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    announce v0.1.7 INPUT_ISSUE=none
    expect_exit 0
    expect_changes_nothing
    expect_no_request GET /search/issues
    [[ ${given[plan]} != *'"kind":"issue"'* ]] || fail "no step was expected"
}

# A run that leaves a draft has nothing to tell: it asks nothing
scenario_issue_and_a_draft() {
    push_tag v0.1.7-rc.1 release-0.1
    add_issue 7 "Release v0.1.7"
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
    expect_no_request GET /search/issues
    expect_no_request GET /issues/7
}

# "several are refused"
scenario_issue_several() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    add_issue 9 "  release  V0.1.7 "
    add_issue 10 "Release v0.1.7 notes"
    announce v0.1.7
    expect_refused 1 "error CR-ISSUE-SEVERAL"
    expect_log "#7, #9"
    announce v0.1.7 INPUT_ISSUE=9
    expect_exit 0
    expect_comments 9 1
}

# "written by a member or collaborator": a stranger's is ignored, and said
scenario_issue_of_a_stranger() {
    final_is_out
    add_issue 7 "Release v0.1.7" '{"author_association": "CONTRIBUTOR", "user": "mallory"}'
    announce v0.1.7
    expect_exit 0
    expect_findings "notice CR-ISSUE-STRANGER"
    expect_step issue done
    expect_changes_nothing
    add_issue 8 "Release v0.1.7" '{"author_association": "COLLABORATOR"}'
    announce v0.1.7
    expect_exit 0
    expect_finding "notice CR-ISSUE-STRANGER"
    expect_comments 7 0
    expect_comments 8 1
}

# "else the closed one that bears our marker": another closed one of the title isn't meant
scenario_issue_closed_already() {
    final_is_out
    add_issue 5 "Release v0.1.7" '{"state": "closed"}'
    announce v0.1.7
    expect_exit 0
    expect_step issue done
    expect_changes_nothing
    add_issue 7 "Release v0.1.7"
    announce v0.1.7 INPUT_CLOSE_ISSUE=false
    expect_exit 0
    expect_changes << END
+ comment on #7 of v0.1.7, by $bot
~ issue #7: boxes
END
    as_maintainer PATCH /issues/7 '{"state": "closed", "state_reason": "not_planned"}'
    announce v0.1.7
    expect_exit 0
    expect_changes <<< "~ issue #7: boxes" # "Close this issue", which is true by now
    nothing_left_to_do v0.1.7
}

# Two closed ones with a comment of ours: nobody knows which is meant
thorough_issue_several_closed() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    announce v0.1.7
    expect_exit 0
    add_issue 9 "Release v0.1.7"
    announce v0.1.7
    expect_exit 0
    expect_comments 9 1
    announce v0.1.7
    expect_exit 1
    expect_finding "error CR-ISSUE-SEVERAL"
    expect_changes_nothing
}

# "somebody else's quote of it doesn't count": a stranger's comment with our marker stays theirs
scenario_issue_comment_of_a_stranger() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    announce v0.1.7
    expect_exit 0
    look
    local ours=${comment_body[${comment_ids[0]}]} json
    json_text json "$ours"
    add_issue 8 "Another"
    tell_admin /comments "{\"issue\": 8, \"user\": \"mallory\", \"body\": $json}"
    json_text json "> $ours"
    tell_admin /comments "{\"issue\": 8, \"user\": \"carol\", \"author_association\": \"MEMBER\",
        \"body\": $json}"
    announce v0.1.7 INPUT_ISSUE=8
    expect_exit 0
    expect_comments 8 3
    nothing_left_to_do v0.1.7 INPUT_ISSUE=8
}

# "never doubled": what two runs left becomes one, the lowest id
scenario_issue_surplus_comments() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    announce v0.1.7 INPUT_CLOSE_ISSUE=false
    expect_exit 0
    look
    local first=${comment_ids[0]} json
    json_text json "${comment_body[$first]}"
    tell_admin /comments "{\"issue\": 7, \"user\": \"$bot\", \"body\": $json}"
    announce v0.1.7 INPUT_CLOSE_ISSUE=false
    expect_exit 0
    expect_changes <<< "- comment on #7 of v0.1.7, by $bot"
    look
    same "the comment that is left" "$first" "${comment_ids[0]}"
    expect_comments 7 1
}

# "updated": a comment that tells something else is written again, unless a person has edited it
scenario_issue_comment_updated() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    announce v0.1.7
    expect_exit 0
    look
    local id=${comment_ids[0]} json
    push_branch v0.1 release-0.1
    announce v0.1.7 'INPUT_RELEASE_BRANCH=v{major}.{minor}'
    expect_exit 0
    expect_changes <<< "~ comment on #7 of v0.1.7, by $bot"
    look
    json_text json "${comment_body[$id]}
Thanks to all."
    as_maintainer PATCH "/issues/comments/$id" "{\"body\": $json}"
    announce v0.1.7
    expect_exit 0
    expect_finding "notice CR-ISSUE-EDITED"
    expect_changes_nothing
}

# "without touching the rest of the text"; "edited meanwhile": a person edits between plan and write
scenario_issue_edited_meanwhile() {
    local json
    final_is_out
    add_issue 7 "Release v0.1.7"
    json_text json "$checklist
- [ ] Publish the release
- [x] Bring cake"
    when_asked POST '*/issues/7/comments' as_maintainer PATCH /issues/7 "{\"body\": $json}"
    configure '{"latency_ms": 300}'
    announce v0.1.7
    expect_exit 0
    expect_acted
    expect_ticked 7 Create Sign Create Choose Add Close Publish Bring
    [[ ${issue_body[7]} = *$'\n- [x] Bring cake' ]] || fail "the edit is lost" "${issue_body[7]}"
    same "state" closed "${issue_state[7]}"
}

# Line ends stay as a browser's form sends them
thorough_issue_with_crlf() {
    final_is_out
    issue_text=${checklist//$'\n'/$'\r\n'}
    issue_text=$(printf '%s' "$issue_text" | jq -Rs .)
    tell_admin /issues "{\"number\": 7, \"title\": \"Release v0.1.7\", \"body\": $issue_text,
        \"author_association\": \"OWNER\"}"
    announce v0.1.7
    expect_exit 0
    expect_ticked 7 Create Sign Create Choose Add Close
    [[ ${issue_body[7]} = *$'\r\n- [x] Sign'* ]] || fail "the line ends changed"
}

# "locked": said with the remedy, and nothing else is done to the issue
scenario_issue_locked() {
    final_is_out
    add_issue 7 "Release v0.1.7" '{"locked": true}'
    announce v0.1.7
    expect_exit 1
    expect_finding "error CR-ISSUE-LOCKED"
    expect_changes_nothing_but_tries
}

# "Wrong permission": 403, with what is missing
scenario_issue_without_permission() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    configure '{"tokens": {"test-token-write": {"permissions": {"issues": "read"}}}}'
    announce v0.1.7
    expect_exit 1
    expect_finding "error CR-PERMISSION"
    expect_log "issues: write"
    expect_changes_nothing_but_tries
}

expect_changes_nothing_but_tries() { # a request that was refused
    [ "$(< "$RUN/before")" = "$(< "$RUN/after")" ] || fail "no change was expected:" "$(changes)"
}

# … in a private repository already for looking
scenario_issue_that_the_token_may_not_see() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    configure '{"private": true, "tokens": {"test-token-write": {"permissions": {"issues": null}}}}'
    announce v0.1.7
    expect_refused 1 "error CR-PERMISSION"
    announce v0.1.7 INPUT_ISSUE=7
    expect_exit 1
    expect_finding "error CR-PERMISSION"
    expect_changes_nothing
    announce v0.1.7 INPUT_DRY_RUN=true
    expect_exit 0
    expect_step issue unknown
    announce v0.1.7 INPUT_ISSUE=none
    expect_exit 0
}

# A dry run says what it would do
scenario_issue_in_a_dry_run() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    announce v0.1.7 INPUT_DRY_RUN=true
    expect_exit 0
    expect_step issue do
    expect_log "6 boxes are ticked, it is closed as completed"
    expect_changes_nothing
}

# A value that is neither a number nor a word
scenario_issue_value() {
    announce v0.1.7 'INPUT_ISSUE=#7'
    expect_refused 2 "error CR-INPUT-VALUE"
}

# ---- answers that are lost ---------------------------------------------------------------------------------

# Each fault at each request of the step: this run or the next ends in the very same state.
issue_after_fault() { # FAULT METHOD PATH
    final_is_out
    add_issue 7 "Release v0.1.7"
    fault "$1" "$2" "$3"
    announce v0.1.7 INPUT_TIMEOUT_SECONDS=1
    expect_either_end
    no_faults
    announce v0.1.7
    expect_exit 0
    expect_step issue done
    expect_changes_nothing
    expect_comments 7 1
    expect_ticked 7 Create Sign Create Choose Add Close
    same "state" "closed completed" "${issue_state[7]} ${issue_reason[7]}"
}

expect_either_end() { # a fault may end the run, or be overcome
    unchecked=
    [ "$ended" = 0 ] || { [ "$ended" = 1 ] && announce v0.1.7 && expect_exit 0; } ||
        fail "the run ended with $ended"
}

for issue_fault in cut-before cut-after 500 502-after truncated truncated-json wrong-type html html-after \
    empty empty-after silent silent-after; do
    eval "thorough_issue_comment_${issue_fault//-/_}() {
        issue_after_fault $issue_fault POST '/repos/*/issues/7/comments'
    }
    thorough_issue_update_${issue_fault//-/_}() { issue_after_fault $issue_fault PATCH '/repos/*/issues/7'; }
    thorough_issue_search_${issue_fault//-/_}() { issue_after_fault $issue_fault GET '/search/issues'; }
    thorough_issue_read_${issue_fault//-/_}() { issue_after_fault $issue_fault GET '/repos/*/issues/7'; }
    thorough_issue_list_${issue_fault//-/_}() {
        issue_after_fault $issue_fault GET '/repos/*/issues/7/comments'
    }"
done

# A list that doesn't show the comment yet is looked at again
thorough_issue_list_lags() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    configure '{"list_lag_ms": 2500}'
    fault cut-after POST '/repos/*/issues/7/comments'
    announce v0.1.7
    expect_exit 0
    expect_comments 7 1
}

# The index lags: an issue that a search doesn't show yet is found by its number
thorough_issue_search_lags() {
    final_is_out
    configure '{"search_lag_ms": 60000}'
    add_issue 7 "Release v0.1.7"
    announce v0.1.7
    expect_exit 0
    expect_step issue done
    announce v0.1.7 INPUT_ISSUE=7
    expect_exit 0
    expect_comments 7 1
}

# "found however many": our comment behind 250 others
thorough_issue_with_many_comments() {
    local i
    final_is_out
    add_issue 7 "Release v0.1.7"
    for ((i = 0; i < 250; i++)); do
        tell_admin /comments "{\"issue\": 7, \"body\": \"Comment $i\"}"
    done
    announce v0.1.7
    expect_exit 0
    expect_comments 7 251
    nothing_left_to_do v0.1.7
}

# More of the title than a page, all but one by strangers
thorough_issue_among_strangers() {
    local i
    final_is_out
    for ((i = 1; i <= 120; i++)); do
        issue_text=Spam add_issue "$i" "Release v0.1.7" '{"author_association": "NONE"}'
    done
    add_issue 200 "Release v0.1.7"
    announce v0.1.7
    expect_exit 0
    expect_finding "notice CR-ISSUE-STRANGER"
    expect_comments 200 1
}

# ---- two at once, and killed ---------------------------------------------------------------------------------

two_announce_at_once() { # NUMBER-OF-MILLISECONDS that lists lag
    final_is_out
    add_issue 7 "Release v0.1.7"
    configure "{\"latency_ms\": 40, \"list_lag_ms\": $1}"
    announce v0.1.7 INPUT_DRY_RUN=true # sets up the environment
    expect_exit 0
    prepare_run
    change_environment INPUT_DRY_RUN=false GITHUB_OUTPUT="$S/output" GITHUB_STEP_SUMMARY="$S/summary"
    timeout 40 env -i "${environment[@]}" "$CUT_RELEASE" > "$S/first" 2>&1 &
    local first=$! second
    timeout 40 env -i "${environment[@]}" "$CUT_RELEASE" > "$S/second" 2>&1 &
    second=$!
    wait $first
    same "the exit status of the first (log: $(tail -3 "$S/first"))" 0 $?
    wait $second
    same "the exit status of the second (log: $(tail -3 "$S/second"))" 0 $?
    expect_comments 7 1
    same "state" "closed completed" "${issue_state[7]} ${issue_reason[7]}"
    configure '{"latency_ms": 0, "list_lag_ms": 0}'
    nothing_left_to_do v0.1.7
}

scenario_issue_two_at_once() { two_announce_at_once 0; }
thorough_issue_two_at_once_with_lists_that_lag() { two_announce_at_once 700; }

killed_at() { # METHOD PATH: right after the sandbox has carried it out
    final_is_out
    add_issue 7 "Release v0.1.7"
    fault silent-after "$1" "$2"
    meanwhile=(kill_once await "$1" "$2")
    killed_status=137
    announce v0.1.7
    expect_exit 137
    no_faults
    announce v0.1.7
    expect_exit 0
    expect_comments 7 1
    expect_ticked 7 Create Sign Create Choose Add Close
    same "state" "closed completed" "${issue_state[7]} ${issue_reason[7]}"
    nothing_left_to_do v0.1.7
}

kill_once() { # COMMAND …, which returns when it is time
    "$@"
    sleep 0.1 # it is carried out
    kill -KILL "$run_pid"
}

thorough_issue_killed_at_the_comment() { killed_at POST '*/issues/7/comments'; }
thorough_issue_killed_at_the_update() { killed_at PATCH '*/issues/7'; }

# "SIGTERM ends it within 2 s", while it looks for a comment whose answer was lost
thorough_issue_terminated() {
    final_is_out
    add_issue 7 "Release v0.1.7"
    fault cut-before POST '*/issues/7/comments'
    meanwhile=(terminate_once await POST '*/issues/7/comments')
    announce v0.1.7
    expect_exit 1
    expect_within 2000
    expect_finding "error CR-INTERRUPTED"
    announce v0.1.7
    expect_exit 0
    expect_comments 7 1
}
