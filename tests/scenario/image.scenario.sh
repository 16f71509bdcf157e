# shellcheck shell=bash
# The image, started by `runner` as GitHub's runner starts it. What is the same in the container as
# outside is shown by other scenarios, some of which run there too.

# Whatever gpg has to judge is among them: the image's is newer than that of the machine, perhaps.
in_container=(first_candidate_makes_branch_and_draft tag_on_head_of_branch candidate_below_highest_line_refused
    button_candidate_from_nothing button_second_candidate button_key_with_passphrase button_final
    button_expired_key_refused button_revoked_key_refused button_cut_key_refused button_no_key_refused
    button_key_of_a_subkey_alone button_wrong_passphrase_refused
    verify_several_keys_as_text verify_keys_from_path verify_signer_unknown verify_signer_expired
    verify_signer_revoked verify_signature_expired verify_tampered_object verify_weak_digest
    verify_inline_signed_payload_is_no_signature verify_two_signatures_one_unknown
    dry_run_on_runner_writes_nothing dry_run_exits_1_where_the_run_would_refuse
    no_ca_is_refused full_checkout shallow_checkout_by_another_user numbers_incomplete missing_token_is_told
    event_that_no_command_serves secrets_are_masked_first terminated_while_waiting
    second_run_changes_nothing_and_says_so help_and_version)

in_image() { # ARGUMENT of docker …
    DOCKER_HOST=${DOCKER_HOST:-} "$DOCKER" "$@"
}

cut_candidate() { # NAME=VALUE …: the button, with a key, in the container as it is set up
    press passphrase INPUT_TAG=v0.2.0-rc.1 "$@"
    expect_exit 0
    expect_findings
    expect_cut v0.2.0-rc.1 release-0.2 1 main
    expect_verified_tag v0.2.0-rc.1 main passphrase
}

# ---- what it may be denied ---------------------------------------------------------------------------

image_read_only_without_capabilities() {
    with_keys
    container_options+=(--read-only --cap-drop ALL --security-opt no-new-privileges)
    cut_candidate
}

image_workspace_of_another_user() { # the runner's, 1001
    with_keys
    checkout_main full
    cut_candidate
}

# a user that no file names, in a checkout of another's
image_any_user() {
    with_keys
    checkout_main full
    chmod -R a+rX "$WORKSPACE"
    container_options+=(--user 4711:4712)
    cut_candidate
}

image_no_tmpfs_refused() {
    with_keys
    mkdir -p "$S/disk"
    container_options=(-v "$S/disk:/dev/shm")
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 1
    expect_findings "error CR-GPG-HOME"
    expect_changes_nothing
}

# ---- signals -------------------------------------------------------------------------------------------

# as `docker stop` sends it, to PID 1, which has to hand it on; with a key that lies in /dev/shm
image_stopped_while_the_push_is_silent() {
    with_keys
    fault silent POST "/$repository.git/git-receive-pack" -1
    meanwhile=(terminate_once await POST '*/git-receive-pack')
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_TIMEOUT_SECONDS=60
    expect_exit 1
    expect_within 2500
    expect_finding "error CR-INTERRUPTED"
    expect_output branch_created true
    no_faults
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    expect_verified_tag v0.2.0-rc.1 main plain
}

# PID 1 outlives a run that is killed, reaps what that leaves, and removes the key
image_run_killed_in_the_container() {
    with_keys
    fault silent POST "/$repository.git/git-receive-pack" -1
    meanwhile=(kill_run_once await POST '*/git-receive-pack')
    killed_status=137
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_TIMEOUT_SECONDS=60
    expect_exit 137
    expect_log 'ended by signal 9'
    no_faults
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    expect_verified_tag v0.2.0-rc.1 main plain
}

kill_run_once() { # COMMAND …: then the child of the container's PID 1
    local one
    "$@"
    one=$(in_image top "$container" -o pid,ppid,comm | awk '$3 == "cut-release" { print $1, $2 }' |
        awk 'NR == 1 { first = $1 } $2 == first { print $1 }')
    [ -n "$one" ] || fail "no child of PID 1:" "$(in_image top "$container")"
    if [ "$(id -u)" = 0 ]; then kill -KILL "$one"; else sudo -n kill -KILL "$one"; fi
}

# ---- inputs ----------------------------------------------------------------------------------------------

image_inputs_of_several_lines() {
    with_keys
    trust stranger p256 plain
    signed_tag p256
    run_verified "$trusted" INPUT_VERIFY_TAG=required INPUT_GENERATE_NOTES=false \
        INPUT_BODY=$'First line\n\n  % "second" $HOME `line`\n<<EOF'
    expect_trusted p256
    [[ $(body_of $tag) = *$'First line\n\n  % "second" $HOME `line`\n<<EOF'* ]] ||
        fail "another body:" "$(body_of $tag)"
}

image_input_missing() {
    run_with_inputs INPUT_MAJOR=0 INPUT_PATCH=0 INPUT_RC=1
    expect_exit 2
    expect_findings "error CR-INPUT-NUMBERS"
    expect_log minor
    expect_changes_nothing
}

# ---- TLS and proxies ------------------------------------------------------------------------------------

image_ca_bundle_in_the_workspace() {
    with_keys
    mkdir "$WORKSPACE/certs"
    cp "$CA" "$WORKSPACE/certs/ca.pem"
    cut_candidate '!SSL_CERT_FILE' INPUT_CA_BUNDLE=certs/ca.pem
}

# The runner gives each variable in both cases.
start_proxy() { # sets $proxy
    local port tries=0
    for port in {20000..20400..7}; do
        port=$((port + BASHPID % 400))
        printf '%s\n' "Port $port" 'Listen 127.0.0.1' 'Timeout 60' 'MaxClients 50' 'LogLevel Connect' \
            "LogFile \"$S/proxy.log\"" > "$S/proxy.conf"
        tinyproxy -d -c "$S/proxy.conf" > "$S/proxy.said" 2>&1 &
        proxy_pid=$!
        for ((tries = 0; tries < 50; tries++)); do
            kill -0 $proxy_pid 2> /dev/null || continue 2
            (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null && break 2
            sleep 0.1
        done
    done
    trap 'kill "$sandbox_pid" "$proxy_pid" 2> /dev/null; wait "$sandbox_pid" "$proxy_pid" 2> /dev/null' EXIT
    proxy=http://127.0.0.1:$port
}

image_proxy_of_the_runner() {
    with_keys
    start_proxy
    cut_candidate {HTTPS,https,HTTP,http}_{PROXY,proxy}="$proxy"
    local host port=${SERVER_URL##*:}
    for host in 127.0.0.1 127.0.0.2; do # the API, Git
        grep -q "CONNECT $host:$port" "$S/proxy.log" ||
            fail "$host was not asked through the proxy:" "$(cat "$S/proxy.log")"
    done
}

image_no_proxy_of_the_runner() {
    with_keys
    cut_candidate {HTTPS,https,HTTP,http}_{PROXY,proxy}=http://127.0.0.1:1 \
        {NO_PROXY,no_proxy}=example.org,127.0.0.1,127.0.0.2
}

# ---- on a laptop -------------------------------------------------------------------------------------------

# the command of the README, in a clone, without a token and without a network
image_on_a_laptop() {
    clone "$S/clone"
    [ "$(id -u)" != 0 ] || chown -R 1001 "$S/clone"
    laptop_environment=(INPUT_TAG=v0.2.0-rc.1 INPUT_DRY_RUN=true)
    container_options=(--network none --read-only --cap-drop ALL)
    run_laptop "$S/clone"
    expect_exit 0
    expect_findings
    expect_line '^ *branch +do +release-0\.2 '
    expect_line '^ *tag +(do|unknown) +v0\.2\.0-rc\.1 .*signed'
    expect_changes_nothing
}

image_on_a_laptop_with_token_and_key() {
    with_keys
    clone "$S/clone" "$SERVER_URL/$repository.git"
    cp "$CA" "$S/clone/ca.pem"
    use_key plain
    laptop_environment=("GITHUB_TOKEN=$write_token" GITHUB_API_URL="$API_URL" GITHUB_SERVER_URL="$SERVER_URL"
        INPUT_TAG=v0.2.0-rc.1 INPUT_CA_BUNDLE=ca.pem "${with[@]}")
    container_options+=(--network host)
    run_laptop "$S/clone"
    expect_exit 0
    expect_cut v0.2.0-rc.1 release-0.2 1 main
    expect_verified_tag v0.2.0-rc.1 main plain
}

# ---- what it holds ---------------------------------------------------------------------------------------

# Nothing can be started but the program, gpg, its agent and their loader; each library of Debian's is
# in the bill of materials by its package, with its licence; the labels say what it is.
image_files() {
    local files name package bill layer
    mkdir "$S/image"
    in_image save -o "$S/image.tar" "$IMAGE"
    for layer in $(tar -xOf "$S/image.tar" manifest.json | jq -r '.[0].Layers[]'); do
        tar -xOf "$S/image.tar" "$layer" > "$S/layer.tar"
        tar --numeric-owner -tvf "$S/layer.tar" >> "$S/files" # MODE OWNER SIZE DATE TIME NAME
        tar -xf "$S/layer.tar" -C "$S/image"
    done
    files=$(awk '$1 ~ /^-.*x/ { print $6 }' "$S/files" | sort)
    [[ ${files//$'\n'/ } =~ ^lib(64)?/ld-linux-[a-z0-9_-]+\.so\.[0-9]\ usr/bin/cut-release\ usr/bin/gpg\ usr/bin/gpg-agent$ ]] ||
        fail "what may be executed:" "$files"
    files=$(awk '$1 !~ /^(-rw[x-]r-[x-]r-[x-]|drwxr-xr-x)$/ || $2 != "0/0"' "$S/files")
    [ -z "$files" ] || fail "odd modes or owners:" "$files"
    [ -z "$(cd "$S/image" && find . -name '*sh' -o -name 'busybox*')" ] || fail "a shell"
    bill=$S/image/usr/share/doc/cut-release/cut-release.spdx.json
    jq -e '.spdxVersion == "SPDX-2.3" and (.packages | length) > 20 and ([.packages[] |
        select(.SPDXID | IN("SPDXRef-image", "SPDXRef-cut-release") | not) |
        .versionInfo != "" and (.externalRefs[0].referenceLocator | startswith("pkg:deb/debian/")) and
        (.comment | test("source package|made from"))] | all)' "$bill" > /dev/null || fail "an odd bill of materials" "$(cat "$bill")"
    for name in libc6 gpg gpg-agent libgcrypt20 ca-certificates curl libgit2 gpgme mbedtls nettle musl cjson; do
        jq -e --arg name $name 'any(.packages[]; .name == $name)' "$bill" > /dev/null ||
            fail "$name is not in the bill of materials"
        [ -s "$S/image/usr/share/doc/$name/copyright" ] || fail "no licence of $name"
    done
    for package in "$S"/image/var/lib/dpkg/status.d/*; do
        jq -e --arg name "${package##*/}" 'any(.packages[]; .name == $name)' "$bill" > /dev/null ||
            fail "${package##*/} is not in the bill of materials"
    done
    for name in title source revision version licenses; do
        in_image inspect "$IMAGE" | jq -e --arg name "org.opencontainers.image.$name" \
            '.[0].Config.Labels | has($name)' > /dev/null || fail "no label $name"
    done
    RUN=done unchecked=
}
