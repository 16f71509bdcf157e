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
