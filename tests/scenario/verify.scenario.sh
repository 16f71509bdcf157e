# shellcheck shell=bash
# Pushed tags and trusted_keys (contract, sections 3, 5, 7, 8): signed by throwaway keys that are made
# once a run of the tests. Each run of the binary has a /dev/shm of its own here, so that what it
# leaves there is seen beside other runs.

tag=v0.1.7-rc.1
at=release-0.1
hostile_id='Zoe ::error::x %0A ${HOME} ##[error]x <zoe@example.org>'

# ---- keys ------------------------------------------------------------------------------------------

gpg_in() { # HOME ARGUMENT…
    gpg --batch --quiet --no-tty --pinentry-mode loopback --passphrase '' --homedir "$@"
}

make_signer() { # NAME "USER ID" ALGORITHM [EXPIRY [OPTION …]]
    local home=$SIGNERS/home
    gpg_in "$home" "${@:5}" --allow-freeform-uid --quick-gen-key "$2" "$3" "${usage:-sign}" "${4:-never}"
    gpg_in "$home" --list-secret-keys --with-colons "=$2" |
        awk -F: '$1 == "fpr" { print $10; exit }' > "$SIGNERS/$1.fpr"
    gpg_in "$home" --armor --export "$(< "$SIGNERS/$1.fpr")" > "$SIGNERS/$1.pub"
}

make_signers() {
    local past='20240101T000000!' other=$SIGNERS/other-home
    mkdir -m 700 "$SIGNERS" "$SIGNERS/home" "$other"
    make_signer good 'Gerd Good <gerd@example.org>' ed25519
    make_signer stranger 'Stella Stranger <stella@example.org>' ed25519
    make_signer third 'Tom Third <tom@example.org>' nistp256
    make_signer rsa 'Rosa Rivest <rosa@example.org>' rsa2048
    make_signer expired 'Emil Expired <emil@example.org>' ed25519 30d --faked-system-time "$past"
    make_signer veteran 'Vera Veteran <vera@example.org>' ed25519 never --faked-system-time "$past"
    make_signer hostile "$hostile_id" ed25519 30d --faked-system-time "$past"
    make_signer revoked 'Rita Revoked <rita@example.org>' ed25519
    gpg_in "$other" --import "$SIGNERS/revoked.pub" # the secret key goes on signing
    sed 's/^:---/---/' "$SIGNERS/home/openpgp-revocs.d/$(< "$SIGNERS/revoked.fpr").rev" |
        gpg_in "$other" --import
    gpg_in "$other" --armor --export "$(< "$SIGNERS/revoked.fpr")" > "$SIGNERS/revoked.pub"
    gpg_in "$SIGNERS/home" --armor --export-secret-keys "$(< "$SIGNERS/good.fpr")" > "$SIGNERS/good.asc"
    usage=cert make_signer subkey 'Susi Subkey <susi@example.org>' ed25519
    gpg_in "$SIGNERS/home" --quick-add-key "$(< "$SIGNERS/subkey.fpr")" ed25519 sign never
    gpg_in "$SIGNERS/home" --armor --export "$(< "$SIGNERS/subkey.fpr")" > "$SIGNERS/subkey.pub"
    ssh-keygen -q -t ed25519 -N '' -C '' -f "$SIGNERS/ssh"
    gpgconf --homedir "$other" --kill all
    gpgconf --homedir "$SIGNERS/home" --kill all
    rm -f "$SIGNERS"/home/S.*
    [ -s "$SIGNERS/revoked.pub" ] && [ -s "$SIGNERS/good.asc" ] && : > "$SIGNERS/ready"
}

need_signers() {
    SIGNERS=${S%/*}/signers
    [ ! -f "$SIGNERS/ready" ] || return 0
    command -v gpg > /dev/null || fail "gpg is missing: install the package gpg"
    command -v ssh-keygen > /dev/null || fail "ssh-keygen is missing: install openssh-client"
    exec 8> "$SIGNERS.lock"
    flock 8
    if [ ! -f "$SIGNERS/ready" ]; then
        rm -rf "$SIGNERS"
        (make_signers) > "$SIGNERS.log" 2>&1 8>&-
    fi
    exec 8>&-
    [ -f "$SIGNERS/ready" ] || fail "the keys were not made" "$(tail -5 "$SIGNERS.log")"
}

# ---- what each of these scenarios begins with --------------------------------------------------------

verify() {
    need_signers
    verify_private_shm
    cp -r "$SIGNERS/home" "$S/k" # a short name: sockets have at most 107 characters
    trap 'gpgconf --homedir "$S/k" --kill all; kill "$sandbox_pid" 2> /dev/null
        wait "$sandbox_pid" 2> /dev/null' EXIT
}

# A mount namespace whose /dev/shm is seen from here.
verify_private_shm() {
    local try found=()
    for try in "unshare -m" "unshare -rm" "sudo -n unshare -m"; do
        # shellcheck disable=SC2086 # words
        if $try true 2> /dev/null; then
            read -ra found <<< "$try"
            break
        fi
    done
    [ ${#found[@]} != 0 ] ||
        fail "a mount namespace was expected; unshare (package util-linux) may not make one here"
    mkdir -p "$S/shm"
    # shellcheck disable=SC2016 # the inner shell's
    as_user=("${found[@]}" sh -c 'mount --bind "$0" /dev/shm && exec "$@"' "$S/shm")
}

# Processes of this scenario's runs (the environment is inherited), and what is on their /dev/shm.
verify_left_over() {
    local file
    for file in $(grep -lzsxF -e "GITHUB_WORKSPACE=$WORKSPACE" -e "HOME=$S/home" /proc/[0-9]*/environ); do
        file=${file%/environ}
        [ ! -r "$file/comm" ] || echo "process ${file#/proc/} $(tr '\0' ' ' < "$file/comm")"
    done
    find "$S/shm" -mindepth 1 -printf 'file /dev/shm/%P\n'
}

verify_expect_nothing_left() { # no file at once; an agent that was told to end may take a moment
    local left tries=0
    left=$(find "$S/shm" -mindepth 1)
    [ -z "$left" ] || fail "the run left in its /dev/shm:" "$left"
    [ -z "$(ls -A "$S/home")" ] || fail "files were made in HOME:" "$(find "$S/home")"
    while left=$(verify_left_over) && [ -n "$left" ]; do
        tries=$((tries + 1))
        [ $tries -lt 25 ] || fail "left a second after the end:" "$left"
        sleep 0.04
    done
}

# ---- signed tags -------------------------------------------------------------------------------------

fpr() { cat "$SIGNERS/$1.fpr"; }

trust() { # NAME …: in $trusted, the keys as text
    local name
    trusted=INPUT_TRUSTED_KEYS=
    for name in "$@"; do
        trusted+=$(< "$SIGNERS/$name.pub")$'\n'
    done
}

write_payload() { # NAME OBJECT TYPE MESSAGE: what is signed, in $S/payload
    printf 'object %s\ntype %s\ntag %s\ntagger %s 1788177600 +0000\n\n%s\n' "$2" "$3" "$1" \
        "${tagger:-Gerd Good <gerd@example.org>}" "$4" > "$S/payload"
}

# As git does it: gpg-interface.c, sign_buffer_gpg.
sign_payload() { # KEY [OPTION …]: the object, in $S/tag-object
    gpg_in "$S/k" "${@:2}" -bsau "$(fpr "$1")" < "$S/payload" > "$S/signature" ||
        fail "gpg does not sign with $1"
    cat "$S/payload" "$S/signature" > "$S/tag-object"
}

store_tag() { # NAME COMMIT
    push_object "$1" "$(on_server hash-object -t tag -w --stdin --literally < "$S/tag-object")" "$2"
}

signed_tag() { # KEY [OPTION …]: the usual tag, with $inner_name and $message if they are set
    local commit
    commit=$(object "$at^{commit}")
    [ -n "${message:-}" ] || usual_message $tag
    write_payload "${inner_name:-$tag}" "$commit" commit "$message"
    sign_payload "$@"
    store_tag $tag "$commit"
}

ssh_signed_tag() {
    local commit
    commit=$(object "$at^{commit}")
    usual_message $tag
    write_payload $tag "$commit" commit "$message"
    ssh-keygen -q -Y sign -n git -f "$SIGNERS/ssh" < "$S/payload" > "$S/signature" 2> /dev/null
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$commit"
}

put_file() { # BRANCH PATH MODE FILE: a commit on the server's branch
    local -x GIT_INDEX_FILE=$S/index
    local blob tree
    rm -f "$S/index"
    on_server read-tree "refs/heads/$1"
    blob=$(on_server hash-object -w "$4")
    on_server update-index --add --cacheinfo "$3,$blob,$2"
    tree=$(on_server write-tree)
    push_ref "refs/heads/$1" "$(on_server commit-tree -p "refs/heads/$1" -m 'Keys' "$tree")"
    known=()
}

put_keys() { # BRANCH PATH NAME …: their public keys
    local name
    for name in "${@:3}"; do
        cat "$SIGNERS/$name.pub"
    done > "$S/keys"
    put_file "$1" "$2" 100644 "$S/keys"
}

# ---- runs --------------------------------------------------------------------------------------------

run_verified() { # NAME=VALUE …
    run_pushed $tag "$@"
    verify_expect_nothing_left
}

expect_trusted() { # KEY: done, and whose signature it is
    expect_exit 0
    expect_findings
    expect_one_draft $tag
    expect_log "verified with trusted_keys ($(fpr "$1"))"
}

verify_expect_refused() { # "FINDING" …: and nothing was written
    expect_failure
    expect_findings "$@"
    expect_changes_nothing
}

# expect_policy CODE TEXT … : refused by auto and required, a warning by warn, nothing by off. What is
# to be trusted is in $trusted.
expect_policy() {
    local code=$1 text policy
    shift
    for policy in auto required; do
        run_verified "$trusted" INPUT_VERIFY_TAG=$policy
        verify_expect_refused "error $code"
        same "exit status" 1 "$ended"
        for text in "$@"; do
            expect_log "$text"
        done
    done
    run_verified "$trusted" INPUT_VERIFY_TAG=warn
    expect_exit 0
    expect_findings "warning $code"
    expect_one_draft $tag
    expect_no_log "verified with trusted_keys ("
    run_verified "$trusted" INPUT_VERIFY_TAG=off
    expect_exit 0
    expect_findings
    expect_changes_nothing
}

# ---- good signatures ---------------------------------------------------------------------------------

scenario_verify_key_as_text() {
    verify
    trust good
    signed_tag good
    run_verified "$trusted"
    expect_trusted good
    expect_summary "$(fpr good)"
}

scenario_verify_several_keys_as_text() {
    verify
    trust stranger third good rsa
    signed_tag third
    run_verified "$trusted" INPUT_VERIFY_TAG=required
    expect_trusted third
}

# trusted_keys decide, not GitHub
scenario_verify_key_beats_github() {
    verify
    trust good
    signed_tag good
    configure "{\"verification\": {\"$tag\": {\"verified\": false, \"reason\": \"unknown_key\"}}}"
    run_verified "$trusted"
    expect_trusted good
}

scenario_verify_rsa_with_sha512() {
    verify
    trust rsa
    signed_tag rsa --digest-algo SHA512
    run_verified "$trusted"
    expect_trusted rsa
}

# a key whose subkey signs, as it should be
scenario_verify_subkey() {
    verify
    trust stranger subkey
    signed_tag subkey
    local part
    part=$(gpg_in "$S/k" --list-packets < "$S/signature" | sed -nE 's/.*keyid ([0-9A-F]{16}).*/\1/p')
    [[ $(fpr subkey) != *"$part" ]] || fail "a signature by the subkey was expected"
    run_verified "$trusted"
    expect_exit 0
    expect_findings
    expect_line "verified with trusted_keys \\(([0-9A-F]{24}$part|$(fpr subkey))\\)"
    trust good
    run_verified "$trusted"
    expect_exit 1
    expect_findings "error CR-SIGNER-UNKNOWN"
}

# a tag that is there when the button is pressed
scenario_verify_existing_tag_of_the_button() {
    verify
    trust good
    signed_tag stranger
    run_with_inputs INPUT_TAG=$tag "$trusted"
    verify_expect_nothing_left
    verify_expect_refused "error CR-SIGNER-UNKNOWN"
    signed_tag good
    run_with_inputs INPUT_TAG=$tag "$trusted"
    verify_expect_nothing_left
    expect_trusted good
}

# ---- keys from a path --------------------------------------------------------------------------------

scenario_verify_keys_from_path() {
    verify
    put_keys main KEYS stranger good
    signed_tag good
    run_verified INPUT_TRUSTED_KEYS=KEYS
    expect_trusted good
}

scenario_verify_keys_from_nested_path() {
    verify
    put_keys main docs/keys/release.asc good
    signed_tag good
    run_verified INPUT_TRUSTED_KEYS=docs/keys/release.asc
    expect_trusted good
}

scenario_verify_keys_from_another_source_branch() {
    verify
    push_branch team/keys main
    put_keys team/keys KEYS good
    signed_tag good
    run_verified INPUT_TRUSTED_KEYS=KEYS INPUT_SOURCE_BRANCH=team/keys
    expect_trusted good
}

# as projects have it: listings and words between the blocks
scenario_verify_keys_file_with_words_between() {
    verify
    {
        echo 'This file holds the keys of those who release.'
        for name in stranger third good; do
            printf '\npub   ed25519 2026-01-01\nuid   %s\n\n' $name
            sed 's/$/\r/' "$SIGNERS/$name.pub"
        done
        echo 'The end.'
    } > "$S/keys"
    put_file main KEYS 100644 "$S/keys"
    signed_tag good
    run_verified INPUT_TRUSTED_KEYS=KEYS
    expect_trusted good
}

# an answer that can't be had is no set of keys
scenario_verify_keys_whose_file_is_not_given() {
    verify
    put_keys main KEYS good
    signed_tag good
    local kind
    for kind in html truncated-json empty wrong-type; do
        fault $kind GET "/repos/*/git/blobs/*" -1
        run_verified INPUT_TRUSTED_KEYS=KEYS
        expect_failure
        expect_changes_nothing
        no_faults
    done
    run_verified INPUT_TRUSTED_KEYS=KEYS
    expect_trusted good
}

# "read from the source branch, never from the tagged tree"
scenario_verify_keys_on_tagged_tree_only_refused() {
    verify
    put_keys release-0.1 KEYS stranger
    signed_tag stranger
    run_verified INPUT_TRUSTED_KEYS=KEYS
    verify_expect_refused "error CR-TRUSTED-KEYS"
    put_keys main KEYS good
    run_verified INPUT_TRUSTED_KEYS=KEYS
    verify_expect_refused "error CR-SIGNER-UNKNOWN"
    run_verified INPUT_TRUSTED_KEYS=KEYS INPUT_SOURCE_BRANCH=release-0.1
    expect_trusted stranger # what the maintainers say is the source
}

# a tag that has the source branch's name: whoever may push tags must not choose the keys
scenario_verify_keys_not_from_a_tag_with_the_branchs_name() {
    verify
    put_keys main KEYS good
    push_branch attack main
    put_keys attack KEYS stranger
    push_lightweight_tag main refs/heads/attack
    on_server update-ref -d refs/heads/attack
    known=()
    signed_tag stranger
    run_verified INPUT_TRUSTED_KEYS=KEYS
    verify_expect_refused "error CR-SIGNER-UNKNOWN"
}

scenario_verify_keys_through_links_refused() {
    verify
    put_keys main real/KEYS good
    printf real/KEYS > "$S/link"
    put_file main KEYS 120000 "$S/link"
    printf real > "$S/link"
    put_file main folder 120000 "$S/link"
    signed_tag good
    local path
    for path in KEYS folder/KEYS; do
        run_verified INPUT_TRUSTED_KEYS=$path
        verify_expect_refused "error CR-TRUSTED-KEYS"
    done
}

scenario_verify_keys_that_are_not_there_refused() {
    verify
    signed_tag good
    local path
    for path in KEYS nowhere/KEYS go.mod/KEYS docs; do
        run_verified INPUT_TRUSTED_KEYS=$path
        verify_expect_refused "error CR-TRUSTED-KEYS"
        expect_log source_branch
    done
}

scenario_verify_keys_outside_refused() {
    verify
    put_keys main KEYS good
    signed_tag good
    local path
    for path in ../KEYS /KEYS docs/../KEYS ./KEYS docs//KEYS .. . $'KEYS\nKEYS'; do
        run_verified INPUT_TRUSTED_KEYS="$path"
        expect_exit 2
        expect_findings "error CR-INPUT-PATH"
        expect_changes_nothing
    done
}

# keys that are none: never "nothing to complain about"
scenario_verify_garbage_for_keys_refused() {
    verify
    signed_tag good
    run_verified INPUT_TRUSTED_KEYS=$'-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nbm8ga2V5\n-----END PGP PUBLIC KEY BLOCK-----'
    expect_failure
    expect_changes_nothing
    expect_finding "error CR-TRUSTED-KEYS"
}

scenario_verify_garbage_in_keys_file_refused() {
    verify
    signed_tag good
    local text
    for text in 'not a key' ''; do
        printf '%s' "$text" > "$S/keys"
        put_file main KEYS 100644 "$S/keys"
        run_verified INPUT_TRUSTED_KEYS=KEYS INPUT_VERIFY_TAG=warn
        expect_failure
        expect_changes_nothing
        expect_finding "error CR-TRUSTED-KEYS"
    done
}

# ---- signatures that are not good --------------------------------------------------------------------

scenario_verify_signer_unknown() {
    verify
    trust good third
    signed_tag stranger
    expect_policy CR-SIGNER-UNKNOWN "$(fpr stranger)" 'Gerd Good <gerd@example.org>'
}

scenario_verify_signer_expired() {
    verify
    trust good expired
    signed_tag expired --faked-system-time '20240110T000000!'
    expect_policy CR-SIGNER-EXPIRED "$(fpr expired)" 'Emil Expired <emil@example.org>'
}

scenario_verify_signer_revoked() {
    verify
    trust good revoked
    signed_tag revoked
    expect_policy CR-SIGNER-REVOKED "$(fpr revoked)" 'Rita Revoked <rita@example.org>'
}

scenario_verify_signature_expired() {
    verify
    trust veteran
    signed_tag veteran --faked-system-time '20250101T000000!' --default-sig-expire 1d
    expect_policy CR-SIGNATURE-EXPIRED "$(fpr veteran)" 'Vera Veteran <vera@example.org>'
}

# a signed object whose text was changed afterwards
scenario_verify_tampered_object() {
    verify
    trust good
    signed_tag good
    sed 's/Release Candidate/Release candidate/' "$S/tag-object" > "$S/changed"
    mv "$S/changed" "$S/tag-object"
    store_tag $tag "$(object "$at^{commit}")"
    expect_policy CR-SIGNATURE-BAD "$(fpr good | tail -c 17)"
}

# a signature of another tag, moved under this one
scenario_verify_signature_of_another_tag() {
    verify
    trust good
    write_payload v0.1.6 "$(object "$at^{commit}")" commit x
    sign_payload good
    cp "$S/signature" "$S/of-another"
    write_payload $tag "$(object "$at^{commit}")" commit x
    cat "$S/payload" "$S/of-another" > "$S/tag-object"
    store_tag $tag "$(object "$at^{commit}")"
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNATURE-BAD"
}

# something else that a trusted person signed, put where a tag's signature stands
scenario_verify_inline_signed_message_is_no_signature() {
    verify
    trust good
    local commit
    commit=$(object "$at^{commit}")
    echo 'Lunch at one?' | gpg_in "$S/k" --armor --sign -u "$(fpr good)" > "$S/signature"
    grep -q 'BEGIN PGP MESSAGE' "$S/signature" || fail "an inline signature was expected"
    write_payload $tag "$commit" commit x
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$commit"
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNATURE-BAD"
    echo 'Lunch at one?' | gpg_in "$S/k" --clearsign -u "$(fpr good)" > "$S/signature"
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$commit"
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNATURE-BAD"
}

# the tag's own text inside an inline signature: Git does not take that either
scenario_verify_inline_signed_payload_is_no_signature() {
    verify
    trust good
    write_payload $tag "$(object "$at^{commit}")" commit x
    gpg_in "$S/k" --armor --sign -u "$(fpr good)" < "$S/payload" > "$S/signature"
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$(object "$at^{commit}")"
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNATURE-BAD"
}

# a block that gpg can't read at all
scenario_verify_signature_of_no_sense() {
    verify
    trust good
    push_tag $tag $at
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNATURE-BAD"
}

# a good signature, then one of a stranger in the same block: one is not enough
scenario_verify_two_signatures_one_unknown() {
    verify
    trust good
    local commit first
    commit=$(object "$at^{commit}")
    write_payload $tag "$commit" commit x
    gpg_in "$S/k" -bu "$(fpr good)" < "$S/payload" > "$S/first"
    gpg_in "$S/k" -bu "$(fpr stranger)" < "$S/payload" > "$S/second"
    cat "$S/first" "$S/second" | gpg_in "$S/k" --enarmor |
        sed 's/PGP ARMORED FILE/PGP SIGNATURE/;/^Comment:/d' > "$S/signature"
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$commit"
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNER-UNKNOWN"
}

scenario_verify_weak_digest() {
    verify
    trust rsa
    signed_tag rsa --digest-algo SHA1
    gpg_in "$S/k" --list-packets < "$S/signature" | grep -q 'digest algo 2,' ||
        fail "a signature with SHA-1 was expected" "$(gpg_in "$S/k" --list-packets < "$S/signature")"
    expect_policy CR-SIGNATURE-WEAK "$(fpr rsa)"
}

# ---- not judged by the keys --------------------------------------------------------------------------

# "SSH signatures: GitHub's verification decides, and is named as the source"
scenario_verify_ssh_by_github() {
    verify
    trust good
    ssh_signed_tag
    run_verified "$trusted"
    expect_exit 0
    expect_findings
    expect_one_draft $tag
    expect_log "SSH signature, verified by GitHub"
}

scenario_verify_ssh_not_by_github() {
    verify
    trust good
    ssh_signed_tag
    configure "{\"verification\": {\"$tag\": {\"verified\": false, \"reason\": \"no_user\"}}}"
    expect_policy CR-TAG-UNVERIFIED GitHub no_user SSH
}

scenario_verify_ssh_and_no_word_of_github() {
    verify
    trust good
    ssh_signed_tag
    configure "{\"verification\": {\"$tag\": {\"verified\": null}}}"
    run_verified "$trusted"
    verify_expect_refused "error CR-TAG-UNVERIFIED"
}

scenario_verify_x509_by_github() {
    verify
    trust good
    push_tag_object $tag $tag $at "x
-----BEGIN SIGNED MESSAGE-----
MIAGCSqGSIb3DQEHAqCAMIACAQExDTALBglghkgBZQMEAgEwgAYJKoZIhvcNAQcB
-----END SIGNED MESSAGE-----"
    run_verified "$trusted" INPUT_DRY_RUN=true
    expect_exit 0
    expect_findings
    expect_log "X.509 signature, verified by GitHub"
    configure "{\"verification\": {\"$tag\": {\"verified\": false, \"reason\": \"bad_cert\"}}}"
    expect_policy CR-TAG-UNVERIFIED bad_cert X.509
}

# "auto is required where trusted_keys is given"
scenario_verify_lightweight_refused_with_keys() {
    verify
    trust good
    push_lightweight_tag $tag $at
    expect_policy CR-TAG-LIGHTWEIGHT
}

scenario_verify_unsigned_refused_with_keys() {
    verify
    trust good
    push_unsigned_tag $tag $at
    expect_policy CR-TAG-UNSIGNED
}

# ---- what GitHub says of the object ------------------------------------------------------------------

lie() { # FIELDS of `verification`, JSON
    configure "$(jq -cn --arg tag $tag --argjson fields "$1" '{verification: {($tag): $fields}}')"
}

expect_fetched() { expect_request_made POST /git-upload-pack; }
expect_request_made() { # METHOD PATH-END
    requests | jq -e --arg method "$1" --arg path "$2" 'any(.[]; .method == $method and
        (.path | endswith($path)))' > /dev/null || fail "a request was expected: $1 …$2"
}

scenario_verify_missing_newlines() {
    verify
    trust good
    signed_tag good
    configure '{"verification_newline": "signature"}'
    run_verified "$trusted"
    expect_trusted good
    expect_no_request POST /git-upload-pack
    configure '{"verification_newline": "payload"}'
    run_verified "$trusted"
    expect_exit 0
    expect_findings
    expect_no_request POST /git-upload-pack
}

scenario_verify_cut_payload() {
    verify
    trust good
    signed_tag good
    lie "$(jq -cn --arg payload "$(head -c 90 "$S/payload")" '{payload: $payload}')"
    run_verified "$trusted"
    expect_trusted good
    expect_fetched
}

scenario_verify_no_payload() {
    verify
    trust good
    signed_tag good
    lie '{"payload": null}'
    run_verified "$trusted"
    expect_trusted good
    expect_fetched
}

# a payload and a signature that fit each other, but are another object's
scenario_verify_lying_answer() {
    verify
    trust good
    write_payload $tag "$(object "$at^{commit}")" commit "another message"
    sign_payload good
    local lies
    lies=$(jq -cn --rawfile payload "$S/payload" --rawfile signature "$S/signature" \
        '{payload: $payload, signature: $signature, verified: true, reason: "valid"}')
    signed_tag stranger
    lie "$lies"
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNER-UNKNOWN"
    expect_fetched
    expect_log "$(fpr stranger)"
}

# an answer that calls an OpenPGP signature one of SSH, so that GitHub's word would count
scenario_verify_lie_about_the_kind() {
    verify
    trust good
    signed_tag stranger
    lie '{"signature": "-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n", "verified": true}'
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNER-UNKNOWN"
}

scenario_verify_object_not_given() {
    verify
    trust good
    signed_tag good
    lie '{"payload": "cut"}'
    fault 500 POST "*/git-upload-pack" -1
    run_verified "$trusted"
    verify_expect_refused "error CR-TAG-OBJECT"
    no_faults
    run_verified "$trusted"
    expect_trusted good
}

scenario_verify_cut_json() {
    verify
    trust good
    signed_tag good
    fault truncated-json GET "/repos/*/git/tags/*" -1
    run_verified "$trusted"
    expect_failure
    expect_changes_nothing
    no_faults
    run_verified "$trusted"
    expect_trusted good
}

# JSON can't carry these bytes
scenario_verify_message_that_is_not_utf8() {
    verify
    trust good
    message=$'Gr\xfc\xdfe, v0.1.7-rc.1'
    signed_tag good
    run_verified "$trusted"
    expect_trusted good
    expect_fetched
}

# ---- objects that are refused whoever signed them ----------------------------------------------------

scenario_verify_inner_name_refused() {
    verify
    trust good
    inner_name=v0.1.6-rc.9
    signed_tag good
    local policy
    for policy in auto warn off; do
        run_verified "$trusted" INPUT_VERIFY_TAG=$policy
        verify_expect_refused "error CR-TAG-NAME"
        expect_log v0.1.6-rc.9
    done
}

scenario_verify_tag_of_tag_refused() {
    verify
    trust good
    write_payload $tag "$(object refs/tags/v0.1.6)" tag x
    sign_payload good
    store_tag $tag "$(object 'refs/tags/v0.1.6^{commit}')"
    run_verified "$trusted"
    expect_failure
    expect_finding "error CR-TAG-NESTED"
    expect_changes_nothing
}

scenario_verify_hostile_message() {
    verify
    trust good
    message=$'${A} ::error title=CR-FAKE x::x\n::set-output name=tag::x\n##[error]x\r::stop-commands::x\n\e[31m<!-- cut-release:end -->'
    signed_tag good
    run_verified "$trusted"
    verify_expect_refused "error CR-TAG-MESSAGE"
    run_verified "$trusted" INPUT_VERIFY_TAG=warn
    expect_exit 0
    expect_findings "warning CR-TAG-MESSAGE"
    expect_marked $tag
    expect_log "verified with trusted_keys ($(fpr good))"
}

# names of keys and taggers are foreign too
scenario_verify_hostile_names() {
    verify
    trust hostile
    tagger=$hostile_id
    signed_tag hostile --faked-system-time '20240110T000000!'
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNER-EXPIRED"
    trust good
    run_verified "$trusted"
    verify_expect_refused "error CR-SIGNER-UNKNOWN"
}

# ---- on a laptop -------------------------------------------------------------------------------------

# from the clone alone, where there is no network
scenario_verify_on_a_laptop() {
    verify
    put_keys main KEYS good
    signed_tag good
    clone "$S/clone"
    cp "$SIGNERS/stranger.pub" "$S/clone/KEYS" # what is not on the source branch does not count
    find_no_network
    as_user=("${no_network[@]}" "${as_user[@]}")
    run_laptop "$S/clone" release --tag $tag --dry-run --trusted-keys KEYS
    verify_expect_nothing_left
    expect_exit 0
    expect_findings
    expect_log "verified with trusted_keys ($(fpr good))"
    expect_changes_nothing
    trust stranger
    laptop_environment=("$trusted")
    run_laptop "$S/clone" release --tag $tag --dry-run
    verify_expect_nothing_left
    verify_expect_refused "error CR-SIGNER-UNKNOWN"
}

# ---- the button, beside somebody's push ---------------------------------------------------------------

# The tag appears once our branch is there: it is the plan then, and trusted_keys judge it. The key
# that would have signed ours is not one of them.
scenario_verify_signing_key_is_not_trusted_by_itself() {
    verify
    trust stranger
    tag=v0.2.0-rc.1 at=main
    signed_tag good
    local theirs
    theirs=$(object "refs/tags/$tag")
    delete_tag $tag
    configure '{"latency_ms": 700}'
    act_when_asked POST /git/refs push_ref "refs/tags/$tag" "$theirs" &
    press_button "$trusted"
    [ -e "$S/acted" ] || fail "nobody acted in between"
    expect_failure
    expect_finding "error CR-SIGNER-UNKNOWN"
    expect_no_log "verified with trusted_keys ("
    same "the tag" "$theirs" "$(on_server rev-parse "refs/tags/$tag")"
}

act_when_asked() { # METHOD PATH-PART COMMAND …: once the sandbox has answered such a request
    local tries=0
    until ask_admin /log | jq -e --arg method "$1" --arg path "$2" 'any(.[]; .method == $method and
        .status > 0 and (.path | contains($path)))' > /dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 400 ] || return 1
        sleep 0.02
    done
    "${@:3}"
    configure '{"latency_ms": 0}'
    touch "$S/acted"
}

# ---- a push that starts nothing ----------------------------------------------------------------------

press_button() { # NAME=VALUE …: makes v0.1.7-rc.1 on release-0.1
    run_with_inputs INPUT_TAG=$tag INPUT_SIGNING_KEY="$(< "$SIGNERS/good.asc")" "$@"
    verify_expect_nothing_left
}

# "A tag pushed with a token that starts no workflow: known by looking for the run"
scenario_verify_tag_that_started_no_run() {
    verify
    configure '{"workflow_runs": []}'
    press_button
    expect_exit 0
    expect_findings "warning CR-TAG-NO-RUN"
    expect_log GITHUB_TOKEN
    expect_output tag_created true
    press_button
    expect_exit 0
    expect_changes_nothing
}

scenario_verify_tag_that_started_a_run() {
    verify
    configure "$(jq -cn --arg tag $tag --arg sha "$(object "$at^{commit}")" '{workflow_runs: [{id: 1,
        event: "push", head_branch: $tag, head_sha: $sha, status: "queued"}]}')"
    press_button
    expect_exit 0
    expect_findings
    expect_output tag_created true
}

# a run of the branch's push is not the tag's
scenario_verify_run_of_the_branch_is_not_the_tags() {
    verify
    configure "$(jq -cn --arg sha "$(object "$at^{commit}")" '{workflow_runs: [{id: 1,
        event: "push", head_branch: "release-0.1", head_sha: $sha, status: "queued"}]}')"
    press_button
    expect_exit 0
    expect_findings "warning CR-TAG-NO-RUN"
}

scenario_verify_runs_that_may_not_be_seen() {
    verify
    configure '{"private": true}'
    press_button
    expect_exit 0
    expect_findings
    expect_output tag_created true
}
