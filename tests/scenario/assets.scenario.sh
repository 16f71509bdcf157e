# shellcheck shell=bash
# Assets: files of the workspace, uploaded to the draft, whole and once (contract, sections 3 and 6).

# Three files and a name that GitHub rewrites, in the workspace.
make_files() {
    mkdir -p "$WORKSPACE/dist/deep"
    head -c 300000 /dev/urandom > "$WORKSPACE/dist/tool-linux-amd64.tar.gz"
    head -c 200000 /dev/urandom > "$WORKSPACE/dist/tool-linux-arm64.tar.gz"
    echo "kind: List" > "$WORKSPACE/dist/deep/manifests (all).yaml"
}

files='INPUT_FILES=dist/*.tar.gz
dist/**/*.yaml'

assets_of() { # TAG: "NAME STATE SIZE DIGEST" a line, of the one release
    state | jq -r --arg tag "$1" '.releases[] | select(.tag_name == $tag) | .assets[] |
        "\(.name) \(.state) \(.size) \(.digest)"'
}

# The assets are those of the workspace's files, and sha256sum -c accepts their checksums.
expect_assets() { # TAG NAME=PATH …
    local pair expected='' found sums=$S/sums
    rm -rf "$sums"
    mkdir "$sums"
    for pair in "${@:2}"; do
        cp "$WORKSPACE/${pair#*=}" "$sums/${pair%%=*}"
    done
    (cd "$sums" && sha256sum -- * > ../SHA256SUMS && mv ../SHA256SUMS .)
    expected=$(cd "$sums" && for pair in *; do
        echo "$pair uploaded $(stat -c %s "$pair") sha256:$(sha256sum < "$pair" | cut -c1-64)"
    done | sort)
    found=$(assets_of "$1" | sort)
    same "the assets of $1" "$expected" "$found"
}

expect_all() { # TAG
    expect_assets "$1" tool-linux-amd64.tar.gz=dist/tool-linux-amd64.tar.gz \
        tool-linux-arm64.tar.gz=dist/tool-linux-arm64.tar.gz \
        'manifests.all.yaml=dist/deep/manifests (all).yaml'
}

# "files: assets to upload, one glob a line"; "checksums: also upload SHA256SUMS"; "names as GitHub
# rewrites them"; a run that has nothing left to do says so
scenario_assets_are_uploaded_with_checksums() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_findings "notice CR-ASSET-RENAMED"
    expect_all v0.1.7-rc.1
    expect_step assets do
    expect_log "uploaded SHA256SUMS"
    expect_output changed true
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_step assets done
    expect_changes_nothing
    expect_output changed false
}

# "checksums" false: the files alone
thorough_assets_without_checksums() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 'INPUT_FILES=dist/tool-*' INPUT_CHECKSUMS=false
    expect_exit 0
    same "names" "tool-linux-amd64.tar.gz tool-linux-arm64.tar.gz" \
        "$(assets_of v0.1.7-rc.1 | cut -d' ' -f1 | sort | paste -sd' ')"
    run_pushed v0.1.7-rc.1 'INPUT_FILES=dist/tool-*' INPUT_CHECKSUMS=false
    expect_exit 0
    expect_changes_nothing
}

# "a pattern that matches nothing" is told before the first write, with all else that is wrong
scenario_asset_missing_is_refused() {
    make_files
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 'INPUT_FILES=dist/*.tar.gz
dist/*.zip
dist'
    expect_refused 1 "error CR-ASSET-MISSING" "error CR-ASSET-MISSING"
    expect_step assets refused
}

# files that GitHub takes as no asset, or that would be the same one
scenario_files_that_are_no_assets_are_refused() {
    make_files
    : > "$WORKSPACE/dist/empty"
    mkdir "$WORKSPACE/other"
    echo a > "$WORKSPACE/other/tool-linux-amd64.tar.gz"
    echo b > "$WORKSPACE/other/SHA256SUMS"
    truncate -s 2G "$WORKSPACE/other/large"
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 'INPUT_FILES=dist/*
other/*'
    expect_refused 1 "error CR-ASSET-FILE" "error CR-ASSET-FILE" "error CR-ASSET-FILE" \
        "error CR-ASSET-FILE"
}

# "file names … cannot escape the workspace"
scenario_files_outside_the_workspace_are_refused() {
    make_files
    echo secret > "$S/outside"
    ln -s "$S/outside" "$WORKSPACE/dist/link.tar.gz"
    ln -s tool-linux-amd64.tar.gz "$WORKSPACE/dist/inside.tar.gz"
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 'INPUT_FILES=dist/*.tar.gz
../outside
/etc/hostname
dist/../../outside'
    expect_refused 2 "error CR-INPUT-PATH" "error CR-INPUT-PATH" "error CR-INPUT-PATH" \
        "error CR-INPUT-PATH"
}

# a dry run prints the very plan
scenario_asset_dry_run_changes_nothing() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 "$files" INPUT_DRY_RUN=true
    expect_exit 0
    expect_step assets do
    expect_changes_nothing
}

# "A half-made or wrong asset of an earlier run is replaced, an equal one left"; what others uploaded
# stays
scenario_wrong_assets_of_a_draft_are_replaced() {
    make_files
    local sum
    sum=$(sha256sum < "$WORKSPACE/dist/tool-linux-arm64.tar.gz")
    push_tag v0.1.7-rc.1 release-0.1
    draft_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "A stub." '{"prerelease": true, "assets": [
        {"id": 5, "name": "tool-linux-amd64.tar.gz", "state": "starter", "size": 0},
        {"id": 6, "name": "tool-linux-arm64.tar.gz", "state": "uploaded", "size": 200000,
            "digest": "sha256:'"${sum%% *}"'"},
        {"id": 7, "name": "manifests.all.yaml", "state": "uploaded", "size": 11,
            "digest": "sha256:00"},
        {"id": 8, "name": "SHA256SUMS", "state": "uploaded", "size": 3, "digest": "sha256:01"},
        {"id": 9, "name": "notes.pdf", "state": "uploaded", "size": 3, "digest": "sha256:02"}]}'
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_no_request DELETE /releases/assets/6
    expect_no_request DELETE /releases/assets/9
    same "what a person uploaded" "notes.pdf uploaded 3 sha256:02" \
        "$(assets_of v0.1.7-rc.1 | grep '^notes')"
    configure '{"releases": null}'
    same "assets" 5 "$(assets_of v0.1.7-rc.1 | wc -l)"
    same "whole" 5 "$(assets_of v0.1.7-rc.1 | grep -c uploaded)"
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_changes_nothing
}

# "On a published release: nothing is changed"
scenario_published_assets_that_differ_are_told() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    published_by_hand v0.1.7-rc.1 v0.1.7-rc.1 "By hand." '{"prerelease": true, "assets": [
        {"id": 5, "name": "tool-linux-amd64.tar.gz", "state": "uploaded", "size": 300000,
            "digest": "sha256:00"}]}'
    run_pushed v0.1.7-rc.1 "$files"
    expect_refused 1 "error CR-ASSET-DIFFERS" "notice CR-ASSET-RENAMED"
    expect_log "3 missing, 1 different"
}

thorough_published_assets_that_are_equal_are_done() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    edit_draft v0.1.7-rc.1 '{"draft": false}'
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_step assets done
    expect_changes_nothing
}

# a server without digests (GitHub Enterprise before 2025): the size is compared
thorough_assets_of_a_server_without_digests() {
    make_files
    configure '{"no_digests": true}'
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    same "assets" 4 "$(assets_of v0.1.7-rc.1 | grep -c uploaded)"
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_changes_nothing
}

# More than a page of assets, on a draft that was there.
thorough_assets_beyond_a_page() {
    local i
    mkdir "$WORKSPACE/many"
    for ((i = 0; i < 130; i++)); do
        echo "file $i" > "$WORKSPACE/many/$i.txt"
    done
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 'INPUT_FILES=many/*'
    expect_exit 0
    same "assets" 131 "$(assets_of v0.1.7-rc.1 | grep -c uploaded)"
    echo "file 17, changed" > "$WORKSPACE/many/17.txt"
    run_pushed v0.1.7-rc.1 'INPUT_FILES=many/*'
    expect_exit 0
    expect_stat writes 4 # it and the checksums, removed and uploaded
    same "assets" 131 "$(assets_of v0.1.7-rc.1 | grep -c uploaded)"
    run_pushed v0.1.7-rc.1 'INPUT_FILES=many/*'
    expect_exit 0
    expect_changes_nothing
}

# Whatever goes wrong with one upload: the run mends it itself, or fails and the next one does.
upload_under() { # FAULT [ARGUMENT]
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    fault "$1" POST '/api/uploads/*' 1 "${2:-}"
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_all v0.1.7-rc.1
    no_faults
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_changes_nothing
}
thorough_upload_cut_in_the_middle() { upload_under cut-upload; }
thorough_upload_cut_in_the_middle_leaves_nothing() {
    configure '{"cut_uploads": "nothing"}'
    upload_under cut-upload
}
thorough_upload_cut_before() { upload_under cut-before; }
thorough_upload_cut_after() { upload_under cut-after; }
thorough_upload_starter() { upload_under starter; }
thorough_upload_damaged() { upload_under corrupt; }
thorough_upload_502_after() { upload_under 502-after; }
thorough_upload_503() { upload_under 503; }
thorough_upload_429() { upload_under 429 1; }
thorough_upload_truncated() { upload_under truncated; }
thorough_upload_truncated_json() { upload_under truncated-json; }
thorough_upload_html() { upload_under html; }
thorough_upload_html_after() { upload_under html-after; }
thorough_upload_empty_after() { upload_under empty-after; }
thorough_upload_wrong_type() { upload_under wrong-type; }

# every upload is damaged: it says so, and a later run mends it
thorough_uploads_always_damaged() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    fault corrupt POST '/api/uploads/*' -1
    run_pushed v0.1.7-rc.1 INPUT_FILES=dist/tool-linux-amd64.tar.gz INPUT_CHECKSUMS=false
    expect_exit 1
    expect_findings "error CR-ASSET-UPLOAD"
    no_faults
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_all v0.1.7-rc.1
}

# the list of assets can't be read
thorough_upload_lost_and_the_list_fails() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    fault cut-after POST '/api/uploads/*'
    fault truncated-json GET '/repos/*/releases/*/assets*' -1
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 1
    no_faults
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_all v0.1.7-rc.1
}

# killed in the middle of the uploads
thorough_killed_while_uploading() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    configure '{"latency_ms": 300}'
    killed_status=137
    meanwhile=(kill_at_upload)
    run_pushed v0.1.7-rc.1 "$files"
    unchecked=
    killed_status=
    configure '{"latency_ms": 0}'
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_all v0.1.7-rc.1
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_changes_nothing
}
kill_at_upload() {
    await POST '/api/uploads/*'
    kill -KILL "$run_pid"
}

# a person publishes before the uploads: nothing of it is changed, and it is said
thorough_published_ahead_of_the_uploads() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    local id
    id=$(draft_id v0.1.7-rc.1)
    configure '{"latency_ms": 3000}'
    meanwhile=(when_asked GET "*/releases" at_once as_maintainer PATCH "/releases/$id"
        '{"draft": false}')
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 1
    expect_acted
    expect_finding "error CR-ASSET-DIFFERS"
    expect_no_request POST "/releases/$id/assets"
}

# an upload address that isn't the server's: the token stays here
thorough_upload_address_of_another_host() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    configure '{"upload_url": "https://uploads.example.org/x"}'
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 1
    expect_findings "error CR-ASSET-UPLOAD" "notice CR-ASSET-RENAMED"
}

# two runs at once, each with its files: one draft, with all of them
thorough_two_runs_upload_at_once() {
    make_files
    push_tag v0.1.7-rc.1 release-0.1
    push_event refs/tags/v0.1.7-rc.1 "$(object refs/tags/v0.1.7-rc.1)" \
        "$(object 'refs/tags/v0.1.7-rc.1^{commit}')" > "$S/event.json"
    runner_environment push refs/tags/v0.1.7-rc.1 "$(object 'refs/tags/v0.1.7-rc.1^{commit}')"
    configure '{"latency_ms": 50, "list_lag_ms": 2000}'
    local other
    env -i "${environment[@]}" "$files" "$CUT_RELEASE" > "$S/other.log" 2>&1 &
    other=$!
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    wait "$other" || true
    configure '{"latency_ms": 0, "list_lag_ms": 0}'
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_all v0.1.7-rc.1
    run_pushed v0.1.7-rc.1 "$files"
    expect_exit 0
    expect_changes_nothing
}
