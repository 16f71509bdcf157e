# shellcheck shell=bash
# The notes: what GitHub generates, what it leaves out, the person's text (contract, sections 3 and 5).

# put_config BRANCH [FILE]: standard input as .github/release.yml on the branch
put_config() {
    cat > "$S/release.yml"
    put_file "$1" ".github/${2:-release.yml}" 100644 "$S/release.yml" "Arrange the notes"
}

categories() { # as GitHub's page has them
    cat << 'END'
changelog:
  exclude:
    labels: [ignore-for-release]
    authors:
      - octocat
  categories:
    - title: Breaking Changes 🛠
      labels:
        - Semver-Major
        - breaking-change
    - title: Exciting New Features 🎉
      labels: [Semver-Minor, enhancement]
      exclude:
        authors: [dependabot]
    - title: Other Changes
      labels: ["*"]
END
}

label() { # NUMBER LABEL …
    change_pull_request "$1" "$(jq -nc '{labels: $ARGS.positional}' --args "${@:2}")"
}

# ---- what GitHub leaves out ----------------------------------------------------------------------------

# issue: "patch with cherry-picks only"
scenario_notes_of_patch_name_cherry_picks() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings
    expect_text v0.1.7-rc.1 patch.md
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_changes_nothing
    expect_no_request POST /releases/generate-notes
    expect_no_request GET "/compare/v0.1.6...$(object release-0.1)"
    expect_no_request GET /pulls/42
}

# the same without asking for what a clone knows
thorough_notes_of_patch_from_a_checkout() {
    push_tag v0.1.7-rc.1 release-0.1
    checkout full v0.1.7-rc.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_text v0.1.7-rc.1 patch.md
    expect_no_request GET "/compare/v0.1.6...$(object release-0.1)"
}

# issue: "second candidate"
scenario_notes_of_second_candidate() {
    push_branch release-0.2 main~4
    push_tag v0.2.0-rc.1 main~4
    pick_to release-0.2 main~1 main~3
    commit_to release-0.2 "Update the manifests for 0.2"
    push_tag v0.2.0-rc.2 release-0.2
    run_pushed v0.2.0-rc.2
    expect_exit 0
    expect_findings
    expect_text v0.2.0-rc.2 second-candidate.md
}

# issue: "final": since the final before it, whatever candidates there were
scenario_notes_of_final() {
    push_branch release-0.2 main~4
    pick_to release-0.2 main~1
    push_tag v0.2.0-rc.1 release-0.2
    push_tag v0.2.0 release-0.2
    run_pushed v0.2.0
    expect_exit 0
    expect_findings
    expect_text v0.2.0 final.md
}

# issue: "first release of all": all that there is
scenario_notes_of_first_release() {
    push_tag helm/v0.1.0-rc.1 main
    run_pushed helm/v0.1.0-rc.1 INPUT_TAG_PREFIX=helm/v 'INPUT_RELEASE_BRANCH=helm-{major}.{minor}'
    expect_exit 0
    expect_findings
    expect_text helm/v0.1.0-rc.1 first-release.md
}

# the same from a clone: the same text
thorough_notes_of_first_release_from_a_checkout() {
    push_tag helm/v0.1.0-rc.1 main
    checkout full helm/v0.1.0-rc.1
    run_pushed helm/v0.1.0-rc.1 INPUT_TAG_PREFIX=helm/v 'INPUT_RELEASE_BRANCH=helm-{major}.{minor}'
    expect_exit 0
    expect_text helm/v0.1.0-rc.1 first-release.md
}

# a first release behind a long history: the link alone
thorough_notes_of_first_release_of_an_old_project() {
    local number
    for number in {1..160}; do
        printf 'commit refs/heads/main\ncommitter B <b@example.org> 1788000000 +0000\ndata 7\nWork %02d\n%s' \
            "$((number % 100))" "$([ "$number" != 1 ] || echo 'from refs/heads/main^0')"
        echo
    done | on_server fast-import --quiet
    known=()
    push_tag helm/v0.1.0-rc.1 main
    run_pushed helm/v0.1.0-rc.1 INPUT_TAG_PREFIX=helm/v 'INPUT_RELEASE_BRANCH=helm-{major}.{minor}'
    expect_exit 0
    expect_findings
    same "the notes" "**Full Changelog**: $SERVER_URL/$repository/commits/helm%2Fv0.1.0-rc.1" \
        "$(body_of helm/v0.1.0-rc.1 | sed '/^<!-- cut-release:/d')"
}

# issue: "commits of the range" of several pages
thorough_notes_of_250_cherry_picks() {
    local number
    for number in {1..250}; do
        printf 'commit refs/heads/release-0.1\ncommitter B <b@example.org> 1788000000 +0000\ndata 12\nWork %03d (x)\n%s' \
            "$number" "$([ "$number" != 1 ] || echo 'from refs/heads/release-0.1^0')"
        echo
    done | on_server fast-import --quiet
    known=()
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "warning CR-NOTES-PARTIAL"
    same "entries" 252 "$(body_of v0.1.7-rc.1 | grep -c '^\* ')"
    same "the newest" "Work 250 (x)" "$(body_of v0.1.7-rc.1 | sed -n 's/^\* \(Work .*)\) (.*/\1/p' | tail -1)"
}

# issue: "merged …, no doubles": a pull request onto the branch, merged, that brings a cherry-pick
scenario_backport_by_pull_request_stands_once() {
    local pick
    push_branch topic release-0.1
    pick_to topic main~1
    pick=$(on_server rev-parse refs/heads/topic)
    commit_to release-0.1 "Merge pull request #60 from carol-capek/backport-45

[release-0.1] Make the KV-cache scorer the default" "$pick"
    change_pull_request 60 '{"title": "[release-0.1] Make the KV-cache scorer the default",
        "author": "carol-capek", "merge_commit_sha": "release-0.1"}'
    on_server update-ref -d refs/heads/topic
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    same "entries of the backport" 1 "$(body_of v0.1.7-rc.1 | grep -c 'KV-cache scorer')"
    body_of v0.1.7-rc.1 | grep -q 'pull/60$' || fail "pull request 60 was expected in the notes"
}

# the same: commits of a pull request that was rebased don't name it, the server does
scenario_rebased_pull_request_stands_once() {
    commit_to release-0.1 "Refactor the index"
    commit_to release-0.1 "Test the index"
    change_pull_request 61 '{"title": "Rework the index", "author": "bobbirch",
        "merge_commit_sha": "release-0.1", "commits": ["release-0.1~1"]}'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    same "its entries" 1 "$(body_of v0.1.7-rc.1 | grep -c '[Ii]ndex')"
}

# issue: "direct pushes": with a link to the commit; another repository's number is no link
scenario_direct_pushes_are_named() {
    commit_to release-0.1 "Fix the build"
    commit_to release-0.1 "Sync the fork (#4711)"
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings
    expect_text v0.1.7-rc.1 direct-pushes.md
}

# ---- .github/release.yml --------------------------------------------------------------------------------

# issue: "categories, exclusions (labels, authors) of .github/release.yml"
scenario_notes_by_categories() {
    label 45 breaking-change
    label 34 ignore-for-release
    label 44 enhancement
    label 42 enhancement
    change_pull_request 46 '{"author": "octocat"}'
    pick_to release-0.1 main~2 main~1 main
    put_config release-0.1 < <(categories)
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings
    expect_text v0.1.7-rc.1 patch-by-categories.md
}

# the same among what GitHub generated: each in its category
scenario_notes_of_candidate_by_categories() {
    label 26 breaking-change
    label 45 enhancement
    push_branch release-0.2 main~4
    put_config release-0.2 release.yaml < <(categories)
    pick_to release-0.2 main~1 main
    push_tag v0.2.0-rc.1 release-0.2
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_text v0.2.0-rc.1 candidate-by-categories.md
}

# what can't be used is told, and is no reason to have no notes
scenario_bad_configuration_is_told() {
    put_config release-0.1 <<< $'changelog:\n  categories: ['
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "warning CR-NOTES-CONFIG"
    body_of v0.1.7-rc.1 | grep -q 'pull/42$' || fail "the cherry-picks were expected in the notes"
}

# ---- pull requests ---------------------------------------------------------------------------------------

# issue: "```release-note blocks of pull request bodies where the API gives them"
scenario_release_note_blocks() {
    change_pull_request 42 '{"body": "Why…\n```release-note\nkubernetes 1.34 is supported\n```\n"}'
    change_pull_request 34 '{"body": "```release-note\r\nNONE\r\n```"}'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    same "the entries" "* kubernetes 1.34 is supported by @dependabot[bot] in $SERVER_URL/$repository/pull/42" \
        "$(body_of v0.1.7-rc.1 | grep '^\*\ ')"
}

# section 8: titles "cannot … forge our markers, mention people"
scenario_hostile_titles_of_cherry_picks() {
    title_pull_request 42 '<!-- cut-release:end --> @everyone and <!-- hidden'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    ! body_of v0.1.7-rc.1 | grep -q '@everyone' || fail "nobody was to be mentioned"
    same "comments" 2 "$(body_of v0.1.7-rc.1 | grep -c '<!--')"
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings
    expect_changes_nothing
}

# a private repository's token needs a permission for the details
scenario_pull_requests_that_may_not_be_read() {
    configure '{"private": true}'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "warning CR-NOTES-PARTIAL"
    expect_log "pull-requests: read"
    body_of v0.1.7-rc.1 | grep -q '^\* Conformance profile .*in .*/pull/34$' ||
        fail "the commit's own subject was expected in the notes"
}

# ---- a generator of our own ---------------------------------------------------------------------------------

# issue: "servers without generate-notes (404)"
scenario_server_without_generated_notes() {
    configure '{"no_generated_notes": true}'
    push_branch release-0.2 main
    push_tag v0.2.0-rc.1 release-0.2
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings "warning CR-NOTES-OWN"
    # The same as GitHub's, but for new contributors.
    diff -u <(sed '/^## New Contributors/,/^$/d' "$here/golden/first-candidate.md") \
        <(text_of v0.2.0-rc.1) > "$RUN/text.diff" || fail "other notes" "$(< "$RUN/text.diff")"
}

# issue: "a dry run, a laptop": from the clone alone
scenario_laptop_shows_notes_from_the_history() {
    clone "$S/clone" https://github.com/llm-d/llm-d-router.git
    find_no_network
    as_user=("${no_network[@]}")
    run_laptop "$S/clone" release --tag v0.2.0-rc.1 --dry-run
    expect_exit 0
    expect_findings
    diff -u "$here/golden/laptop.md" <(sed -n '/^The notes of/,/Full Changelog/s/^  //p' "$RUN/log") \
        > "$RUN/text.diff" || fail "other notes" "$(< "$RUN/text.diff")"
}

# the same by Conventional Commits, what breaks first
scenario_laptop_notes_by_conventional_commits() {
    local subject
    for subject in 'feat: route by cost' 'fix(scorer): no panic without pods' 'docs: tell of it' \
        'chore: tidy' 'feat(api)!: drop v1alpha1' 'perf: fewer copies' 'Look again'; do
        commit_to release-0.1 "$subject"
    done
    commit_to release-0.1 'refactor: rename the flag

BREAKING CHANGE: the flag has another name'
    clone "$S/clone" https://github.com/llm-d/llm-d-router.git
    run_laptop "$S/clone" release --tag v0.1.7-rc.1 --dry-run
    expect_exit 0
    diff -u "$here/golden/laptop-conventional.md" \
        <(sed -n '/^The notes of/,/Full Changelog/s/^  //p' "$RUN/log") > "$RUN/text.diff" ||
        fail "other notes" "$(< "$RUN/text.diff")"
}

# ---- the person's text ------------------------------------------------------------------------------------

# inputs body, body_path: "a template with the names of the outputs"
scenario_body_path_is_a_template() {
    push_tag v0.1.7-rc.1 release-0.1
    checkout shallow v0.1.7-rc.1
    mkdir -p "$WORKSPACE/docs"
    printf '## llm-d {tag}\n\nSince {previous_tag}, not {this}.\n' > "$WORKSPACE/docs/release.md"
    run_pushed v0.1.7-rc.1 INPUT_BODY='Thanks for {version}!' INPUT_BODY_PATH=docs/release.md
    expect_exit 0
    same "the text" $'Thanks for 0.1.7-rc.1!\n\n## llm-d v0.1.7-rc.1\n\nSince v0.1.6, not {this}.' \
        "$(body_of v0.1.7-rc.1 | sed -n '2,6p')"
    run_pushed v0.1.7-rc.1 INPUT_BODY='Thanks for {version}!' INPUT_BODY_PATH=docs/release.md
    expect_exit 0
    expect_changes_nothing
    printf 'Another text.\n' > "$WORKSPACE/docs/release.md"
    run_pushed v0.1.7-rc.1 INPUT_BODY_PATH=docs/release.md
    expect_exit 0
    same "the text" "Another text." "$(body_of v0.1.7-rc.1 | sed -n '2p')"
}

# section 8: what others wrote cannot "escape the workspace"
scenario_body_path_out_of_the_workspace_refused() {
    local path
    push_tag v0.1.7-rc.1 release-0.1
    checkout shallow v0.1.7-rc.1
    ln -s /etc/passwd "$WORKSPACE/link.md"
    printf '\xff\xfe' > "$WORKSPACE/latin.md"
    for path in ../outside.md /etc/passwd link.md missing.md latin.md docs; do
        run_pushed v0.1.7-rc.1 INPUT_BODY_PATH="$path"
        expect_exit 2
        expect_log CR-INPUT-PATH
        expect_changes_nothing
    done
}
