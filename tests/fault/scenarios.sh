# shellcheck shell=bash disable=SC2034,SC2154
# The scenarios of the fault run, in the words of ../scenario/lib.sh. prepare_NAME makes what is there
# beforehand; act_NAME is what meets the fault, and is run again after it: one run (run_pushed,
# run_with_inputs), or `several` that belong together. To add one, write the two and put its name into
# the lists; CONTRIBUTING.md tells the rest.

# each fault, each kill
struck=(pushed pushed_again adopted rewritten button button_again assets upstream gated issue)
struck+=(published published_again announced given_back)
# several processes at once
raced=(pushed adopted rewritten button assets upstream issue published announced two_pushed two_buttons)
# somebody else's draft comes meanwhile
joined=(pushed rewritten button)
scenarios=("${struck[@]}" two_pushed two_buttons)

released=v0.2.0-rc.1

prepare_pushed() { push_tag $released main; }
act_pushed() { run_pushed $released; }

prepare_pushed_again() {
    prepare_pushed
    act_pushed
    expect_exit 0
}
act_pushed_again() { act_pushed; }

# another job's stub, and a branch that is there
prepare_adopted() {
    push_tag v0.1.7-rc.1 release-0.1
    draft_by_hand v0.1.7-rc.1 v0.1.7-rc.1 'Release v0.1.7-rc.1'
}
act_adopted() { run_pushed v0.1.7-rc.1; }

# our own draft, whose part is to be written again
prepare_rewritten() {
    prepare_pushed
    run_pushed $released INPUT_BODY='An older word'
    expect_exit 0
}
act_rewritten() { run_pushed $released INPUT_BODY='A newer word'; }

prepare_button() { with_keys; }
press_for() { # TAG
    use_key plain
    run_with_inputs "${with[@]}" INPUT_TAG="$1"
}
act_button() { press_for $released; }

prepare_button_again() {
    prepare_button
    act_button
    expect_exit 0
}
act_button_again() { act_button; }

# three files, one of them too large for one write, and their checksums
prepare_assets() {
    mkdir -p "$WORKSPACE/dist"
    head -c 300000 /dev/zero > "$WORKSPACE/dist/tool-amd64.tar.gz"
    echo 'kind: List' > "$WORKSPACE/dist/manifests.yaml"
    echo 'Read me' > "$WORKSPACE/dist/README"
    push_tag v0.1.7-rc.1 release-0.1
}
act_assets() { run_pushed v0.1.7-rc.1 INPUT_FILES='dist/*'; }

prepare_upstream() {
    configure '{"upstreams": {"example/upstream": {"releases": [
        {"tag_name": "v0.3.0", "body": "## Highlights\nThree."},
        {"tag_name": "v0.4.0", "body": "## Highlights\nFour."}]}}}'
    push_tag $released main
}
act_upstream() {
    run_pushed $released INPUT_UPSTREAM=example/upstream \
        INPUT_UPSTREAM_MODULE=sigs.k8s.io/gateway-api-inference-extension INPUT_PREVIOUS_TAG=v0.0.5
}

# a workflow that ran, one that is to be dispatched, and an image that is there
prepare_gated() {
    configure "{\"workflows\": {\"ci.yaml\": {\"on\": [\"push\"]},
            \"e2e.yaml\": {\"on\": [\"workflow_dispatch\"], \"takes_ms\": 20}},
        \"images\": {\"llm-d/picker\": {\"v0.1.7-rc.1\": {\"platforms\": [\"linux/amd64\"]}}},
        \"tokens\": {\"$write_token\": {\"permissions\": {\"actions\": \"write\"}}}}"
    push_tag v0.1.7-rc.1 release-0.1
}
act_gated() {
    run_pushed v0.1.7-rc.1 INPUT_WORKFLOWS=$'ci.yaml\ne2e.yaml' INPUT_IMAGES="127.0.0.1:$PORT/llm-d/picker"
}

# the release is out; its tracking issue is told, ticked, closed
prepare_issue() {
    push_tag v0.1.7 release-0.1
    published_by_hand v0.1.7 v0.1.7 'By hand.' '{"make_latest": "true"}'
    tell_admin /issues '{"number": 7, "title": "Release v0.1.7", "author_association": "MEMBER",
        "body": "- [ ] Add a link to the final release in this issue\n- [ ] Close this issue"}'
}
act_issue() { run_with_inputs INPUT_COMMAND=announce INPUT_TAG=v0.1.7; }

# two tags of one branch
prepare_two_pushed() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.8-rc.1 release-0.1
}
act_two_pushed() { several 'run_pushed v0.1.7-rc.1' 'run_pushed v0.1.8-rc.1'; }

prepare_two_buttons() { with_keys; }
act_two_buttons() { several 'press_for v0.1.7-rc.1' 'press_for v0.1.8-rc.1'; }

# ---- behind the draft ----------------------------------------------------------------------------------

# shellcheck source=smtp.sh
. "$faults/smtp.sh"

# one run from the tag to the mail; the server ignores what is said of "latest" with the publishing
prepare_published() {
    start_smtp
    servers=(github smtp)
    configure '{"publish_ignores_make_latest": true}'
    push_tag v0.0.6-rc.1 release-0.0
    push_tag v0.0.6 release-0.0
}
act_published() { run_pushed v0.0.6 INPUT_DRAFT=false "${announce[@]}"; }

prepare_published_again() {
    prepare_published
    act_published
    expect_exit 0
}
act_published_again() { act_published; }

# a person has published the draft
prepare_announced() {
    start_smtp
    servers=(github smtp)
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    published_by_hand v0.1.7 v0.1.7 '## Highlights' '{"make_latest": "true"}'
}
act_announced() { run_published v0.1.7 "${announce[@]}"; }

# … a backport's, and has made it the latest
prepare_given_back() {
    push_tag v0.0.6 release-0.0
    published_by_hand v0.0.6 v0.0.6 'By hand.' '{"make_latest": "true"}'
}
act_given_back() { run_published v0.0.6; }
