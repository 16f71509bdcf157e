# shellcheck shell=bash
# The upstream's highlights in the notes (contract, section 3). The seeded go.mod requires the upstream
# at v0.2.0, v0.3.0 (from #14 on) and v0.4.0 (from #38 on).

upstream=kubernetes-sigs/gateway-api-inference-extension
module=sigs.k8s.io/gateway-api-inference-extension

with_upstream() { # [RELEASE …]: more releases
    configure '{"upstreams": {"'$upstream'": {"releases": [
        {"tag_name": "v0.5.0-rc.1", "prerelease": true, "body": "## Highlights\nA candidate."},
        {"tag_name": "conformance/v9.0.0", "body": "## Highlights\nAnother line."},
        {"tag_name": "v0.10.0", "draft": true, "body": "## Highlights\nA draft."},
        {"tag_name": "v0.2.0", "body": "## Highlights\nTwo."},
        {"tag_name": "v0.3.0", "body": "### Major Highlights\n- Three, #3 by @somebody"},
        {"tag_name": "v0.3.1", "body": "## What'"'"'s Changed\n* a fix"},
        {"tag_name": "v0.4.0", "body": "Four.\n## What'"'"'s Changed\n* a fix"},
        {"tag_name": "v0.4.1", "body": "## Highlights\nFour dot one."}'"${1:+, $1}"']}}}'
}

# The lines of the draft that name the upstream's releases, and what stands below.
highlights_of() { # TAG
    body_of "$1" | grep -A2 '^## Highlights of' | grep -v '^$\|^--' |
        sed -e "s,\](https[^)]*),](),"
}

# "upstream alone takes the latest published final release (by SemVer …)"
scenario_upstream_takes_the_latest_final_release() {
    with_upstream
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream
    expect_exit 0
    expect_findings
    expect_one_draft v0.1.7-rc.1
    same "highlights" "## Highlights of [$upstream v0.4.1]()
Four dot one." "$(highlights_of v0.1.7-rc.1)"
    expect_marked v0.1.7-rc.1
    with_upstream '{"tag_name": "v0.4.2", "body": "## Highlights\nLater."}'
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream
    expect_exit 0
    expect_no_request GET "/repos/$upstream/releases"
    expect_changes_nothing
}

# "with upstream_module, … every upstream release in between is included"
scenario_upstream_by_module_takes_what_is_new() {
    with_upstream
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_UPSTREAM=$upstream INPUT_UPSTREAM_MODULE=$module \
        INPUT_PREVIOUS_TAG=v0.0.5
    expect_exit 0
    expect_findings "notice CR-UPSTREAM"
    expect_log "names no highlights in \"v0.3.1\""
    local expected="## Highlights of [$upstream v0.4.0]()
Four.
## Highlights of [$upstream v0.3.0]()
- Three, $upstream#3 by @JOINTsomebody"
    same "highlights" "${expected/JOINT/$'\u200b'}" "$(highlights_of v0.2.0-rc.1)"
    expect_request GET /contents/go.mod true
    run_pushed v0.2.0-rc.1 INPUT_UPSTREAM=$upstream INPUT_UPSTREAM_MODULE=$module \
        INPUT_PREVIOUS_TAG=v0.0.5
    expect_exit 0
    expect_changes_nothing
}

# "nothing where the version did not change"; a clone answers what go.mod says
scenario_upstream_that_did_not_change_is_left_out() {
    with_upstream
    push_tag v0.1.7-rc.1 release-0.1
    checkout full v0.1.7-rc.1
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream INPUT_UPSTREAM_MODULE=$module
    expect_exit 0
    expect_findings
    expect_no_request GET "/repos/$upstream/releases"
    expect_no_request GET /contents/go.mod
    same "highlights" "" "$(highlights_of v0.1.7-rc.1)"
}

scenario_upstream_that_is_not_there_is_refused() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream
    expect_refused 1 "error CR-UPSTREAM"
}

scenario_upstream_inputs_that_cannot_be_used() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=https://github.com/a/b
    expect_refused 2 "error CR-INPUT-VALUE"
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM_MODULE=$module
    expect_refused 2 "error CR-INPUT-VALUE"
    with_upstream
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream INPUT_UPSTREAM_MODULE=example.org/nothing
    expect_refused 1 "error CR-UPSTREAM"
}

# an upstream without a final release is no failure
thorough_upstream_without_releases() {
    configure '{"upstreams": {"'$upstream'": {"releases": []}}}'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream
    expect_exit 0
    expect_findings "notice CR-UPSTREAM"
    expect_one_draft v0.1.7-rc.1
}

# "A short or odd answer is a failure, never an empty note"
thorough_upstream_answers_that_are_odd() {
    local kind
    with_upstream
    push_tag v0.1.7-rc.1 release-0.1
    for kind in truncated-json wrong-type html html-after empty-after; do
        fault $kind GET "/repos/$upstream/*" -1
        run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream
        expect_exit 1
        expect_changes_nothing
        no_faults
    done
    for kind in cut-before cut-after 503 truncated; do
        fault $kind GET "/repos/$upstream/*"
    done
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
}

# the same for go.mod
thorough_module_answers_that_are_odd() {
    local kind
    with_upstream
    push_tag v0.2.0-rc.1 main
    for kind in truncated-json html-after empty-after; do
        fault $kind GET '*/contents/go.mod*' -1
        run_pushed v0.2.0-rc.1 INPUT_UPSTREAM=$upstream INPUT_UPSTREAM_MODULE=$module
        expect_exit 1
        expect_changes_nothing
        no_faults
    done
}

# more releases than a page, and many in the range
thorough_upstream_of_many_releases() {
    local i more=
    for ((i = 1; i <= 130; i++)); do
        more+=${more:+, }'{"tag_name": "v0.3.'$i'", "body": "## Highlights\nNumber '$i'."}'
    done
    with_upstream "$more"
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_UPSTREAM=$upstream INPUT_UPSTREAM_MODULE=$module \
        INPUT_PREVIOUS_TAG=v0.0.5
    expect_exit 0
    same "releases" 20 "$(body_of v0.2.0-rc.1 | grep -c '^## Highlights of')"
    [[ $(body_of v0.2.0-rc.1) = *'And 112 earlier releases: '* ]] || fail "the rest was expected" \
        "$(body_of v0.2.0-rc.1 | grep -a earlier)"
}

# a dry run on a laptop without a token: the clone tells what go.mod says, and nobody what the upstream
thorough_upstream_on_a_laptop() {
    clone "$S/clone"
    run_laptop "$S/clone" release --tag v0.2.0-rc.1 --dry-run --upstream $upstream \
        --upstream-module $module
    expect_exit 0
    expect_findings "notice CR-UPSTREAM"
    expect_line 'release +unknown'
}

# what an upstream writes can't forge a marker, mention a person or command the runner
thorough_upstream_that_is_hostile() {
    configure '{"upstreams": {"'$upstream'": {"releases": [{"tag_name": "v1.0.0", "body":
        "## Highlights\r\n<!-- cut-release:end -->\n@evil `@code`\n```\n<!-- cut-release:begin tag=v9 -->\n::error title=CR-FAKE::x\n@in-code\n::add-mask::a"}]}}}'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream
    expect_exit 0
    expect_findings
    same "markers" 2 "$(body_of v0.1.7-rc.1 | grep -c '<!-- *cut-release:')"
    [[ $(body_of v0.1.7-rc.1) = *"@"$'\u200b'"evil"* ]] || fail "a mention: $(body_of v0.1.7-rc.1)"
    run_pushed v0.1.7-rc.1 INPUT_UPSTREAM=$upstream
    expect_exit 0
    expect_changes_nothing
}
