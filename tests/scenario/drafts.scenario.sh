# shellcheck shell=bash
# The release: found, made, adopted, left alone (contract, sections 5 and 6).

# "A draft that another job made for the tag (a stub …) is adopted: our part is added, the
# prerelease flag set"; a person's title and text stay
scenario_stub_draft_is_adopted() {
    push_tag v0.1.7-rc.1 release-0.1
    draft_by_hand v0.1.7-rc.1 "Release 0.1.7, first candidate" "Release v0.1.7-rc.1

Written by hand."
    local id
    id=$(draft_id v0.1.7-rc.1)
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "notice CR-DRAFT-TITLE"
    expect_changes << END
~ draft v0.1.7-rc.1: prerelease false -> true, text
END
    expect_output release_id "$id"
    expect_marked v0.1.7-rc.1
    same "the text's start" "Release v0.1.7-rc.1||Written by hand.|" \
        "$(body_of v0.1.7-rc.1 | head -3 | tr '\n' '|')"
    expect_request PATCH "/releases/$id" 'has("name") | not'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes_nothing
}

# the same: a stub without a title and a text
scenario_empty_stub_draft_is_adopted() {
    push_tag v0.1.7-rc.1 release-0.1
    tell_admin /releases '{"tag_name": "v0.1.7-rc.1", "draft": true}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes << END
~ draft v0.1.7-rc.1: name null -> "v0.1.7-rc.1", prerelease false -> true, text
END
    expect_text v0.1.7-rc.1 patch.md
}

# issue: "drafts are found however many pages behind they lie"
scenario_draft_behind_250_newer_releases_is_found() {
    push_tag v0.1.7-rc.1 release-0.1
    draft_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "A stub."
    tell_admin /bulk-releases '{"count": 250, "tag_prefix": "nightly-"}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes << END
~ draft v0.1.7-rc.1: prerelease false -> true, text
END
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes_nothing
}

# "Any run removes losers whose marker is intact and that hold nothing foreign"; "lowest id first"
thorough_two_drafts_of_ours_become_one() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    local id
    id=$(draft_id v0.1.7-rc.1)
    twin_of_draft v0.1.7-rc.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes << END
- draft v0.1.7-rc.1 titled "v0.1.7-rc.1", prerelease, make_latest null, by $bot
END
    same "the draft that is left" "$id" "$(draft_id v0.1.7-rc.1)"
    expect_output changed true
    expect_output release_id "$id"
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes_nothing
}

# "a published release; else one that somebody else made or edited, lowest id first; else ours"
thorough_foreign_draft_beside_ours_wins() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    draft_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "By hand." '{"prerelease": true}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes << END
- draft v0.1.7-rc.1 titled "v0.1.7-rc.1", prerelease, make_latest false, by $bot
~ draft v0.1.7-rc.1: text
END
    expect_marked v0.1.7-rc.1
    same "the text's first line" "By hand." "$(body_of v0.1.7-rc.1 | head -1)"
}

# "losers … that hold nothing foreign": a second draft that a person edited is never removed
thorough_second_draft_with_an_edit_is_not_removed() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    twin_of_draft v0.1.7-rc.1 '{"name": "A title of my own"}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes << END
- draft v0.1.7-rc.1 titled "v0.1.7-rc.1", prerelease, make_latest false, by $bot
END
    same "the title of the draft that is left" '"A title of my own"' \
        "$(state | jq '.releases[] | select(.tag_name == "v0.1.7-rc.1").name')"
}

# two drafts of other people: nothing of theirs is removed
thorough_two_foreign_drafts_are_both_left() {
    push_tag v0.1.7-rc.1 release-0.1
    draft_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "One." '{"prerelease": true}'
    draft_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "Two." '{"prerelease": true}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "warning CR-DRAFT-SEVERAL"
    expect_changes << END
~ draft v0.1.7-rc.1: text
END
    same "first lines" "One. Two." "$(state | jq -r '[.releases[] |
        select(.tag_name == "v0.1.7-rc.1") | .body | split("\n")[0]] | join(" ")')"
}

# input notes_on_edit: "a re-run keeps (keep) … a generated part that a person has edited"
thorough_edit_of_generated_part_is_kept() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    edit_body v0.2.0-rc.1 'sub("Predict latency"; "Predicts the latency of prompts")'
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings "notice CR-DRAFT-EDITED"
    expect_summary "a person edited the generated notes; they are kept"
    expect_changes_nothing
    expect_output notes "$(body_of v0.2.0-rc.1)"
}

# "… or overwrites (replace)"
thorough_edit_of_generated_part_is_replaced_if_wanted() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    edit_body v0.2.0-rc.1 'sub("Predict latency"; "Predicts the latency of prompts")
        | "Ahead.\n\n" + .'
    run_pushed v0.2.0-rc.1 INPUT_NOTES_ON_EDIT=replace
    expect_exit 0
    expect_changes << END
~ draft v0.2.0-rc.1: text
END
    expect_marked v0.2.0-rc.1
    same "the first line" "Ahead." "$(body_of v0.2.0-rc.1 | head -1)"
    same "the entry" 1 "$(body_of v0.2.0-rc.1 | grep -c '^\* Predict latency by ')"
}

# "text outside the markers is never touched"
thorough_text_outside_the_markers_is_never_touched() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    edit_body v0.2.0-rc.1 '"# Highlights\r\n\r\nMine, ahead.\r\n\r\n" + . + "\n\nMine, behind.\n"'
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_summary "the draft is there, as planned"
    expect_changes_nothing
    run_pushed v0.2.0-rc.1 INPUT_NOTES_ON_EDIT=replace INPUT_BODY="A new word ahead of the notes."
    expect_exit 0
    expect_changes << END
~ draft v0.2.0-rc.1: text
END
    expect_marked v0.2.0-rc.1
    same "what stands ahead and behind" '["# Highlights\r\n\r\nMine, ahead.\r\n\r\n","\n\nMine, behind.\n"]' \
        "$(state | jq -c '.releases[] | select(.tag_name == "v0.2.0-rc.1").body |
            [(split("<!-- cut-release:begin")[0]), (split("<!-- cut-release:end -->")[1])]')"
}

# GitHub's editor writes CR LF: that is no edit
thorough_line_endings_of_the_editor_are_no_edit() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    edit_body v0.2.0-rc.1 'gsub("\n"; "\r\n")'
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_changes_nothing
}

# markers that a person damaged or doubled: nobody can say what is ours, so nothing is touched
thorough_damaged_markers_leave_the_text_alone() {
    local damage
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    local whole
    whole=$(body_of v0.2.0-rc.1)
    for damage in 'sub("<!-- cut-release:end -->"; "")' '. + "\n\n" + .' \
        'sub("<!-- cut-release:begin "; "<!-- cut-release:begin x")' \
        '(. / "\n") | reverse | join("\n")'; do
        edit_body v0.2.0-rc.1 "$damage"
        run_pushed v0.2.0-rc.1 INPUT_NOTES_ON_EDIT=replace
        expect_exit 0
        expect_findings "warning CR-DRAFT-EDITED"
        expect_summary "damaged or doubled"
        expect_changes_nothing
        edit_draft v0.2.0-rc.1 "$(jq -n --arg body "$whole" '{body: $body}')"
    done
}

# a title that a person changed is kept
thorough_title_of_a_person_is_kept() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    edit_draft v0.1.7-rc.1 '{"name": "The winter release"}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "notice CR-DRAFT-TITLE"
    expect_summary "a person titled the draft"
    expect_summary "The winter release"
    expect_changes_nothing
}

# a person took the pre-release mark away: flags follow the plan (the input prerelease), so it is set
# again, and said
thorough_prerelease_mark_is_set_again() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    edit_draft v0.1.7-rc.1 '{"prerelease": false}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes << END
~ draft v0.1.7-rc.1: prerelease false -> true
END
    expect_summary "it is marked as a pre-release"
    edit_draft v0.1.7-rc.1 '{"prerelease": false}'
    run_pushed v0.1.7-rc.1 INPUT_PRERELEASE=false # who means it says so
    expect_exit 0
    expect_changes_nothing
}

# markers removed by hand: what is left is a person's text, "a draft that another job made" is adopted
thorough_markers_that_a_person_removed() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    edit_body v0.2.0-rc.1 'gsub("<!-- cut-release:[^>]*-->\n?"; "") | "Mine now.\n\n" + .'
    local text
    text=$(body_of v0.2.0-rc.1)
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_summary "the draft is there, our notes are added"
    expect_changes << END
~ draft v0.2.0-rc.1: text
END
    expect_marked v0.2.0-rc.1
    [[ $(body_of v0.2.0-rc.1) = "$text"* ]] || fail "the person's text was expected ahead of ours"
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_changes_nothing
}

# markers that a person forged: a hash that isn't the text's is an edit of ours, and what claims to be of
# another commit is refused; neither is removed or written over
thorough_markers_that_a_person_forged() {
    local zeros=0000000000000000 marker
    push_tag v0.1.7-rc.1 release-0.1
    marker="<!-- cut-release:begin tag=v0.1.7-rc.1 commit=$(object release-0.1) recipe=$zeros title=$zeros text=$zeros -->"
    draft_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "$marker
By hand.
<!-- cut-release:end -->" '{"prerelease": true}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "notice CR-DRAFT-EDITED"
    expect_summary "a person edited the generated notes; they are kept"
    expect_changes_nothing
    edit_body v0.1.7-rc.1 'sub("commit=[0-9a-f]*"; "commit=c000000000000000000000000000000000000001")'
    run_pushed v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-DRAFT-STALE"
    expect_summary "it was made for c00000000000"
    expect_changes_nothing
}

# "A draft whose marker names another commit than the tag (a tag cut anew) is generated again if
# nobody edited it"
thorough_draft_of_another_commit_is_generated_again() {
    push_tag v0.1.7-rc.1 release-0.1~1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes << END
~ draft v0.1.7-rc.1: text
END
    expect_marked v0.1.7-rc.1
}

# "… else refused"
thorough_edited_draft_of_another_commit_refused() {
    push_tag v0.1.7-rc.1 release-0.1~1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    edit_body v0.1.7-rc.1 'sub("Full Changelog"; "All changes")'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-DRAFT-STALE"
    expect_changes_nothing
}

# "published already: nothing to do"
scenario_published_already() {
    run_pushed v0.1.6
    expect_exit 0
    expect_findings "notice CR-BRANCH-BEHIND" "warning CR-PATCH-GAP"
    expect_changes_nothing
    expect_outputs changed=false branch_created=false latest=true \
        release_url="$SERVER_URL/$repository/releases/tag/v0.1.6" \
        release_id="$(state | jq '.releases[] | select(.tag_name == "v0.1.6").id')"
    expect_log "othing"
    expect_step release done
}

# "where flags, title or tag differ from the plan: exit 1 and the differences": the title
thorough_published_with_another_title() {
    run_pushed v0.1.6 'INPUT_TITLE=Router {version}'
    expect_exit 1
    expect_finding "error CR-RELEASE-DIFFERS"
    expect_log "Router 0.1.6"
    expect_changes_nothing
}

# the same: the flag
thorough_published_with_another_flag() {
    push_tag v0.1.7-rc.1 release-0.1
    published_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "By hand." '{"prerelease": false}'
    run_pushed v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-RELEASE-DIFFERS"
    expect_log "pre-release"
    expect_changes_nothing
}

# "A published release is never turned back into a draft, and nothing in it is changed"
thorough_published_draft_of_ours_is_left_alone() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    edit_draft v0.1.7-rc.1 '{"draft": false}'
    edit_body v0.1.7-rc.1 '. + "\nA word more."'
    run_pushed v0.1.7-rc.1 INPUT_NOTES_ON_EDIT=replace
    expect_exit 0
    expect_changes_nothing
}

# "Any run removes losers": a published release, and a draft of ours beside it
thorough_draft_beside_published_release_is_removed() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    published_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "By hand." '{"prerelease": true}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes << END
- draft v0.1.7-rc.1 titled "v0.1.7-rc.1", prerelease, make_latest false, by $bot
END
}

# issue: "a renamed repository"
scenario_renamed_repository() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 GITHUB_REPOSITORY="$former_repository"
    expect_exit 0
    expect_findings
    expect_changes << END
+ branch release-0.2 at $(commit main)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_output release_url "$SERVER_URL/$repository/releases/tag/v0.2.0-rc.1"
}

# issue: "Run twice: the second changes nothing, says so, and costs no more than the observation"
scenario_second_run_changes_nothing_and_says_so() {
    local observation
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_DRY_RUN=true
    expect_exit 0
    observation=$(count_requests)
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_output changed true
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_outputs changed=false branch_created=false branch=release-0.2 \
        release_id="$(draft_id v0.2.0-rc.1)" notes="$(body_of v0.2.0-rc.1)" \
        release_url="$SERVER_URL/$repository/releases/tag/v0.2.0-rc.1"
    expect_log "othing left to do"
    expect_summary "othing"
    expect_step branch done
    expect_step release done
    [ "$(count_requests)" -le "$observation" ] ||
        fail "at most $observation requests were expected, found $(count_requests)"
}

# "Where runs raced, every run finds the same winner": two at once, lists that lag, one run more
scenario_slow_two_runs_at_once_end_with_one_draft() {
    configure '{"latency_ms": 40, "list_lag_ms": 700}'
    push_tag v0.2.0-rc.1 main
    local object first second
    object=$(object refs/tags/v0.2.0-rc.1)
    push_event refs/tags/v0.2.0-rc.1 "$object" "$(object main)" > "$S/event.json"
    runner_environment push refs/tags/v0.2.0-rc.1 "$(object main)"
    prepare_run
    timeout 40 env -i "${environment[@]}" "$CUT_RELEASE" > "$S/first" 2>&1 &
    first=$!
    timeout 40 env -i "${environment[@]}" "$CUT_RELEASE" > "$S/second" 2>&1 &
    second=$!
    wait $first
    same "the exit status of the first (log: $(tail -3 "$S/first"))" 0 $?
    wait $second
    same "the exit status of the second (log: $(tail -3 "$S/second"))" 0 $?
    sleep 0.8
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_changes 1 << END
+ branch release-0.2 at $(commit main)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_generated_text v0.2.0-rc.1 v0.1.6
}
