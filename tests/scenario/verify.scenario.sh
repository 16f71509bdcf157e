# shellcheck shell=bash
# Pushed tags and trusted_keys (contract, sections 3, 5, 7, 8).

tag=v0.1.7-rc.1
at=release-0.1

# ---- signed tags -------------------------------------------------------------------------------------

write_payload() { # NAME OBJECT TYPE MESSAGE: what is signed, in $S/payload
    printf 'object %s\ntype %s\ntag %s\ntagger %s 1788177600 +0000\n\n%s\n' "$2" "$3" "$1" \
        "${tagger:-Gerd Good <gerd@example.org>}" "$4" > "$S/payload"
}

# As git does it: gpg-interface.c, sign_buffer_gpg.
sign_payload() { # KEY [OPTION …]: the object, in $S/tag-object
    "$rings/gpg" "${@:2}" -bsau "${fingerprint[$1]}" < "$S/payload" > "$S/signature" ||
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
    ssh-keygen -q -Y sign -n git -f "$rings/ssh" < "$S/payload" > "$S/signature" 2> "$S/ssh.log" ||
        fail "ssh-keygen does not sign" "$(cat "$S/ssh.log")"
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$commit"
}

put_keys() { # BRANCH PATH NAME …: their public keys
    local name
    for name in "${@:3}"; do
        cat "$keys/test-key-$name.pub"
    done > "$S/keys"
    put_file "$1" "$2" 100644 "$S/keys"
}

# ---- runs --------------------------------------------------------------------------------------------

run_verified() { # NAME=VALUE …
    run_pushed $tag "$@"
    expect_nothing_left
}

expect_trusted() { # KEY: done, and whose signature it is
    expect_exit 0
    expect_findings
    expect_one_draft $tag
    expect_log "verified with trusted_keys (${fingerprint[$1]})"
}

# What is not trusted is refused by auto; each policy's answer is shown once, by expect_policy.
expect_untrusted() { # CODE TEXT …
    local text
    run_verified "$trusted"
    expect_refused 1 "error $1"
    for text in "${@:2}"; do
        expect_log "$text"
    done
}

# expect_policy CODE TEXT … : refused by auto and required, a warning by warn, nothing by off. What is
# to be trusted is in $trusted.
expect_policy() {
    local code=$1 text policy
    shift
    for policy in auto required; do
        run_verified "$trusted" INPUT_VERIFY_TAG=$policy
        expect_refused 1 "error $code"
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

# ---- good signatures ----------------------------------------------------------------------------------

thorough_verify_key_as_text() {
    with_keys
    trust plain
    signed_tag plain
    run_verified "$trusted"
    expect_trusted plain
    expect_summary "${fingerprint[plain]}"
}

thorough_verify_several_keys_as_text() {
    with_keys
    trust stranger p256 plain rsa3072
    signed_tag p256
    run_verified "$trusted" INPUT_VERIFY_TAG=required
    expect_trusted p256
}

# trusted_keys decide, not GitHub
thorough_verify_key_beats_github() {
    with_keys
    trust plain
    signed_tag plain
    configure "{\"verification\": {\"$tag\": {\"verified\": false, \"reason\": \"unknown_key\"}}}"
    run_verified "$trusted"
    expect_trusted plain
}

thorough_verify_rsa_with_sha512() {
    with_keys
    trust rsa3072
    signed_tag rsa3072 --digest-algo SHA512
    run_verified "$trusted"
    expect_trusted rsa3072
}

# a key whose subkey signs, as it should be
thorough_verify_subkey() {
    with_keys
    trust stranger subkey
    signed_tag subkey
    local part
    part=$("$rings/gpg" --list-packets < "$S/signature" | sed -nE 's/.*keyid ([0-9A-F]{16}).*/\1/p')
    [[ ${fingerprint[subkey]} != *"$part" ]] || fail "a signature by the subkey was expected"
    run_verified "$trusted"
    expect_exit 0
    expect_findings
    expect_line "verified with trusted_keys \\(([0-9A-F]{24}$part|${fingerprint[subkey]})\\)"
    trust plain
    run_verified "$trusted"
    expect_exit 1
    expect_findings "error CR-SIGNER-UNKNOWN"
}

# a tag that is there when the button is pressed
thorough_verify_existing_tag_of_the_button() {
    with_keys
    trust plain
    signed_tag stranger
    run_with_inputs INPUT_TAG=$tag "$trusted"
    expect_nothing_left
    expect_refused 1 "error CR-SIGNER-UNKNOWN"
    signed_tag plain
    run_with_inputs INPUT_TAG=$tag "$trusted"
    expect_nothing_left
    expect_trusted plain
}

# ---- keys from a path --------------------------------------------------------------------------------

thorough_verify_keys_from_path() {
    with_keys
    put_keys main KEYS stranger plain
    signed_tag plain
    run_verified INPUT_TRUSTED_KEYS=KEYS
    expect_trusted plain
}

thorough_verify_keys_from_nested_path() {
    with_keys
    put_keys main docs/keys/release.asc plain
    signed_tag plain
    run_verified INPUT_TRUSTED_KEYS=docs/keys/release.asc
    expect_trusted plain
}

thorough_verify_keys_from_another_source_branch() {
    with_keys
    push_branch team/keys main
    put_keys team/keys KEYS plain
    signed_tag plain
    run_verified INPUT_TRUSTED_KEYS=KEYS INPUT_SOURCE_BRANCH=team/keys
    expect_trusted plain
}

# as projects have it: listings and words between the blocks
thorough_verify_keys_file_with_words_between() {
    with_keys
    {
        echo 'This file holds the keys of those who release.'
        for name in stranger p256 plain; do
            printf '\npub   ed25519 2026-01-01\nuid   %s\n\n' $name
            sed 's/$/\r/' "$keys/test-key-$name.pub"
        done
        echo 'The end.'
    } > "$S/keys"
    put_file main KEYS 100644 "$S/keys"
    signed_tag plain
    run_verified INPUT_TRUSTED_KEYS=KEYS
    expect_trusted plain
}

# an answer that can't be had is no set of keys
thorough_verify_keys_whose_file_is_not_given() {
    with_keys
    put_keys main KEYS plain
    signed_tag plain
    local kind
    for kind in html truncated-json empty wrong-type; do
        fault $kind GET "/repos/*/git/blobs/*" -1
        run_verified INPUT_TRUSTED_KEYS=KEYS
        expect_failure
        expect_changes_nothing
        no_faults
    done
    run_verified INPUT_TRUSTED_KEYS=KEYS
    expect_trusted plain
}

# "read from the source branch, never from the tagged tree"
thorough_verify_keys_on_tagged_tree_only_refused() {
    with_keys
    put_keys release-0.1 KEYS stranger
    signed_tag stranger
    run_verified INPUT_TRUSTED_KEYS=KEYS
    expect_refused 2 "error CR-TRUSTED-KEYS"
    put_keys main KEYS plain
    run_verified INPUT_TRUSTED_KEYS=KEYS
    expect_refused 1 "error CR-SIGNER-UNKNOWN"
    run_verified INPUT_TRUSTED_KEYS=KEYS INPUT_SOURCE_BRANCH=release-0.1
    expect_trusted stranger # what the maintainers say is the source
}

# a tag that has the source branch's name: whoever may push tags must not choose the keys
thorough_verify_keys_not_from_a_tag_with_the_branchs_name() {
    with_keys
    put_keys main KEYS plain
    push_branch attack main
    put_keys attack KEYS stranger
    push_lightweight_tag main refs/heads/attack
    on_server update-ref -d refs/heads/attack
    known=()
    signed_tag stranger
    run_verified INPUT_TRUSTED_KEYS=KEYS
    expect_refused 1 "error CR-SIGNER-UNKNOWN"
}

thorough_verify_keys_through_links_refused() {
    with_keys
    put_keys main real/KEYS plain
    printf real/KEYS > "$S/link"
    put_file main KEYS 120000 "$S/link"
    printf real > "$S/link"
    put_file main folder 120000 "$S/link"
    signed_tag plain
    local path
    for path in KEYS folder/KEYS; do
        run_verified INPUT_TRUSTED_KEYS=$path
        expect_refused 2 "error CR-TRUSTED-KEYS"
    done
}

thorough_verify_keys_that_are_not_there_refused() {
    with_keys
    signed_tag plain
    local path
    for path in KEYS nowhere/KEYS go.mod/KEYS docs; do
        run_verified INPUT_TRUSTED_KEYS=$path
        expect_refused 2 "error CR-TRUSTED-KEYS"
        expect_log source_branch
    done
}

thorough_verify_keys_outside_refused() {
    with_keys
    put_keys main KEYS plain
    signed_tag plain
    local path
    for path in ../KEYS /KEYS docs/../KEYS ./KEYS docs//KEYS .. . $'KEYS\nKEYS'; do
        run_verified INPUT_TRUSTED_KEYS="$path"
        expect_exit 2
        expect_findings "error CR-INPUT-PATH"
        expect_changes_nothing
    done
}

# keys that are none: never "nothing to complain about"
thorough_verify_garbage_for_keys_refused() {
    with_keys
    signed_tag plain
    run_verified INPUT_TRUSTED_KEYS=$'-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nbm8ga2V5\n-----END PGP PUBLIC KEY BLOCK-----'
    expect_failure
    expect_changes_nothing
    expect_finding "error CR-TRUSTED-KEYS"
}

thorough_verify_garbage_in_keys_file_refused() {
    with_keys
    signed_tag plain
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

# ---- signatures that are not good ---------------------------------------------------------------------

scenario_verify_signer_unknown() {
    with_keys
    trust plain p256
    signed_tag stranger
    expect_policy CR-SIGNER-UNKNOWN "${fingerprint[stranger]}" 'Gerd Good <gerd@example.org>'
}

scenario_verify_signer_expired() {
    with_keys
    trust plain expired
    signed_tag expired --faked-system-time '20240110T000000!'
    expect_untrusted CR-SIGNER-EXPIRED "${fingerprint[expired]}" 'Emil Expired <emil@example.org>'
}

scenario_verify_signer_revoked() {
    with_keys
    trust plain revoked
    signed_tag revoked
    expect_untrusted CR-SIGNER-REVOKED "${fingerprint[revoked]}" 'Rita Revoked <rita@example.org>'
}

thorough_verify_signature_expired() {
    with_keys
    trust plain
    signed_tag plain --faked-system-time '20250101T000000!' --default-sig-expire 1d
    expect_policy CR-SIGNATURE-EXPIRED "${fingerprint[plain]}" 'Mara Maintainer <mara@example.org>'
}

# a signed object whose text was changed afterwards
scenario_verify_tampered_object() {
    with_keys
    trust plain
    signed_tag plain
    sed 's/Release Candidate/Release candidate/' "$S/tag-object" > "$S/changed"
    mv "$S/changed" "$S/tag-object"
    store_tag $tag "$(object "$at^{commit}")"
    expect_untrusted CR-SIGNATURE-BAD "${fingerprint[plain]: -16}"
}

# a signature of another tag, moved under this one
thorough_verify_signature_of_another_tag() {
    with_keys
    trust plain
    write_payload v0.1.6 "$(object "$at^{commit}")" commit x
    sign_payload plain
    cp "$S/signature" "$S/of-another"
    write_payload $tag "$(object "$at^{commit}")" commit x
    cat "$S/payload" "$S/of-another" > "$S/tag-object"
    store_tag $tag "$(object "$at^{commit}")"
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNATURE-BAD"
}

# something else that a trusted person signed, put where a tag's signature stands
thorough_verify_inline_signed_message_is_no_signature() {
    with_keys
    trust plain
    local commit
    commit=$(object "$at^{commit}")
    echo 'Lunch at one?' | "$rings/gpg" --armor --sign -u "${fingerprint[plain]}" > "$S/signature"
    grep -q 'BEGIN PGP MESSAGE' "$S/signature" || fail "an inline signature was expected"
    write_payload $tag "$commit" commit x
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$commit"
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNATURE-BAD"
    echo 'Lunch at one?' | "$rings/gpg" --clearsign -u "${fingerprint[plain]}" > "$S/signature"
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$commit"
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNATURE-BAD"
}

# the tag's own text inside an inline signature: Git does not take that either
thorough_verify_inline_signed_payload_is_no_signature() {
    with_keys
    trust plain
    write_payload $tag "$(object "$at^{commit}")" commit x
    "$rings/gpg" --armor --sign -u "${fingerprint[plain]}" < "$S/payload" > "$S/signature"
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$(object "$at^{commit}")"
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNATURE-BAD"
}

# a block that gpg can't read at all
thorough_verify_signature_of_no_sense() {
    with_keys
    trust plain
    push_tag $tag $at
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNATURE-BAD"
}

# a good signature, then one of a stranger in the same block: one is not enough
thorough_verify_two_signatures_one_unknown() {
    with_keys
    trust plain
    local commit first
    commit=$(object "$at^{commit}")
    write_payload $tag "$commit" commit x
    "$rings/gpg" -bu "${fingerprint[plain]}" < "$S/payload" > "$S/first"
    "$rings/gpg" -bu "${fingerprint[stranger]}" < "$S/payload" > "$S/second"
    cat "$S/first" "$S/second" | "$rings/gpg" --enarmor |
        sed 's/PGP ARMORED FILE/PGP SIGNATURE/;/^Comment:/d' > "$S/signature"
    cat "$S/payload" "$S/signature" > "$S/tag-object"
    store_tag $tag "$commit"
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNER-UNKNOWN"
}

scenario_verify_weak_digest() {
    with_keys
    trust rsa3072
    signed_tag rsa3072 --digest-algo SHA1
    "$rings/gpg" --list-packets < "$S/signature" | grep -q 'digest algo 2,' ||
        fail "a signature with SHA-1 was expected" "$("$rings/gpg" --list-packets < "$S/signature")"
    expect_untrusted CR-SIGNATURE-WEAK "${fingerprint[rsa3072]}"
}

# ---- not judged by the keys --------------------------------------------------------------------------

# "SSH signatures: GitHub's verification decides, and is named as the source"
scenario_verify_ssh_by_github() {
    with_keys
    trust plain
    ssh_signed_tag
    run_verified "$trusted"
    expect_exit 0
    expect_findings
    expect_one_draft $tag
    expect_log "SSH signature, verified by GitHub"
}

thorough_verify_ssh_not_by_github() {
    with_keys
    trust plain
    ssh_signed_tag
    configure "{\"verification\": {\"$tag\": {\"verified\": false, \"reason\": \"no_user\"}}}"
    expect_policy CR-TAG-UNVERIFIED GitHub no_user SSH
}

thorough_verify_ssh_and_no_word_of_github() {
    with_keys
    trust plain
    ssh_signed_tag
    configure "{\"verification\": {\"$tag\": {\"verified\": null}}}"
    run_verified "$trusted"
    expect_refused 1 "error CR-TAG-UNVERIFIED"
}

thorough_verify_x509_by_github() {
    with_keys
    trust plain
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
thorough_verify_lightweight_refused_with_keys() {
    with_keys
    trust plain
    push_lightweight_tag $tag $at
    expect_policy CR-TAG-LIGHTWEIGHT
}

thorough_verify_unsigned_refused_with_keys() {
    with_keys
    trust plain
    push_unsigned_tag $tag $at
    expect_policy CR-TAG-UNSIGNED
}

# ---- what GitHub says of the object ------------------------------------------------------------------

lie() { # FIELDS of `verification`, JSON
    configure "$(jq -cn --arg tag $tag --argjson fields "$1" '{verification: {($tag): $fields}}')"
}

expect_fetched() { expect_request POST /git-upload-pack true; }

thorough_verify_missing_newlines() {
    with_keys
    trust plain
    signed_tag plain
    configure '{"verification_newline": "signature"}'
    run_verified "$trusted"
    expect_trusted plain
    expect_no_request POST /git-upload-pack
    configure '{"verification_newline": "payload"}'
    run_verified "$trusted"
    expect_exit 0
    expect_findings
    expect_no_request POST /git-upload-pack
}

scenario_verify_cut_payload() {
    with_keys
    trust plain
    signed_tag plain
    lie "$(jq -cn --arg payload "$(head -c 90 "$S/payload")" '{payload: $payload}')"
    run_verified "$trusted"
    expect_trusted plain
    expect_fetched
}

thorough_verify_no_payload() {
    with_keys
    trust plain
    signed_tag plain
    lie '{"payload": null}'
    run_verified "$trusted"
    expect_trusted plain
    expect_fetched
}

# a payload and a signature that fit each other, but are another object's
thorough_verify_lying_answer() {
    with_keys
    trust plain
    write_payload $tag "$(object "$at^{commit}")" commit "another message"
    sign_payload plain
    local lies
    lies=$(jq -cn --rawfile payload "$S/payload" --rawfile signature "$S/signature" \
        '{payload: $payload, signature: $signature, verified: true, reason: "valid"}')
    signed_tag stranger
    lie "$lies"
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNER-UNKNOWN"
    expect_fetched
    expect_log "${fingerprint[stranger]}"
}

# an answer that calls an OpenPGP signature one of SSH, so that GitHub's word would count
thorough_verify_lie_about_the_kind() {
    with_keys
    trust plain
    signed_tag stranger
    lie '{"signature": "-----BEGIN SSH SIGNATURE-----\nU1NI\n-----END SSH SIGNATURE-----\n", "verified": true}'
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNER-UNKNOWN"
}

thorough_verify_object_not_given() {
    with_keys
    trust plain
    signed_tag plain
    lie '{"payload": "cut"}'
    fault 500 POST "*/git-upload-pack" -1
    run_verified "$trusted"
    expect_refused 1 "error CR-TAG-OBJECT"
    no_faults
    run_verified "$trusted"
    expect_trusted plain
}

thorough_verify_cut_json() {
    with_keys
    trust plain
    signed_tag plain
    fault truncated-json GET "/repos/*/git/tags/*" -1
    run_verified "$trusted"
    expect_failure
    expect_changes_nothing
    no_faults
    run_verified "$trusted"
    expect_trusted plain
}

# JSON can't carry these bytes
thorough_verify_message_that_is_not_utf8() {
    with_keys
    trust plain
    message=$'Gr\xfc\xdfe, v0.1.7-rc.1'
    signed_tag plain
    run_verified "$trusted"
    expect_trusted plain
    expect_fetched
}

# ---- objects that are refused whoever signed them ----------------------------------------------------

scenario_verify_inner_name_refused() {
    with_keys
    trust plain
    inner_name=v0.1.6-rc.9
    signed_tag plain
    local policy
    for policy in auto warn off; do
        run_verified "$trusted" INPUT_VERIFY_TAG=$policy
        expect_refused 1 "error CR-TAG-NAME"
        expect_log v0.1.6-rc.9
    done
}

scenario_verify_tag_of_tag_refused() {
    with_keys
    trust plain
    write_payload $tag "$(object refs/tags/v0.1.6)" tag x
    sign_payload plain
    store_tag $tag "$(object 'refs/tags/v0.1.6^{commit}')"
    run_verified "$trusted"
    expect_failure
    expect_finding "error CR-TAG-NESTED"
    expect_changes_nothing
}

thorough_verify_hostile_message() {
    with_keys
    trust plain
    message=$'${A} ::error title=CR-FAKE x::x\n::set-output name=tag::x\n##[error]x\r::stop-commands::x\n\e[31m<!-- cut-release:end -->'
    signed_tag plain
    run_verified "$trusted"
    expect_refused 1 "error CR-TAG-MESSAGE"
    run_verified "$trusted" INPUT_VERIFY_TAG=warn
    expect_exit 0
    expect_findings "warning CR-TAG-MESSAGE"
    expect_marked $tag
    expect_log "verified with trusted_keys (${fingerprint[plain]})"
}

# names of keys and taggers are foreign too
thorough_verify_hostile_names() {
    with_keys
    trust hostile-expired
    tagger=${user_id[hostile-expired]}
    signed_tag hostile-expired --faked-system-time '20240110T000000!'
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNER-EXPIRED"
    trust plain
    run_verified "$trusted"
    expect_refused 1 "error CR-SIGNER-UNKNOWN"
}

# ---- on a laptop -------------------------------------------------------------------------------------

# from the clone alone, where there is no network
thorough_verify_on_a_laptop() {
    with_keys
    put_keys main KEYS plain
    signed_tag plain
    clone "$S/clone"
    cp "$keys/test-key-stranger.pub" "$S/clone/KEYS" # what is not on the source branch does not count
    find_no_network
    as_user=("${no_network[@]}" "${as_user[@]}")
    run_laptop "$S/clone" release --tag $tag --dry-run --trusted-keys KEYS
    expect_nothing_left
    expect_exit 0
    expect_findings
    expect_log "verified with trusted_keys (${fingerprint[plain]})"
    expect_changes_nothing
    trust stranger
    laptop_environment=("$trusted")
    run_laptop "$S/clone" release --tag $tag --dry-run
    expect_nothing_left
    expect_refused 1 "error CR-SIGNER-UNKNOWN"
}

# ---- the button, beside somebody's push ---------------------------------------------------------------

# The tag appears once our branch is there: it is the plan then, and trusted_keys judge it. The key
# that would have signed ours is not one of them.
thorough_verify_signing_key_is_not_trusted_by_itself() {
    with_keys
    trust stranger
    tag=v0.2.0-rc.1 at=main
    signed_tag plain
    local theirs
    theirs=$(object "refs/tags/$tag")
    delete_tag $tag
    when_branch_made push_ref "refs/tags/$tag" "$theirs"
    press_button "$trusted"
    expect_acted
    expect_failure
    expect_finding "error CR-SIGNER-UNKNOWN"
    expect_no_log "verified with trusted_keys ("
    same "the tag" "$theirs" "$(on_server rev-parse "refs/tags/$tag")"
}

# ---- a push that starts nothing ----------------------------------------------------------------------

press_button() { # NAME=VALUE …: makes v0.1.7-rc.1 on release-0.1
    press plain INPUT_TAG=$tag "$@"
}

# "A tag pushed with a token that starts no workflow: known by looking for the run"
scenario_verify_tag_that_started_no_run() {
    with_keys
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

thorough_verify_tag_that_started_a_run() {
    with_keys
    configure "$(jq -cn --arg tag $tag --arg sha "$(object "$at^{commit}")" '{workflow_runs: [{id: 1,
        event: "push", head_branch: $tag, head_sha: $sha, status: "queued"}]}')"
    press_button
    expect_exit 0
    expect_findings
    expect_output tag_created true
}

# a run of the branch's push is not the tag's
thorough_verify_run_of_the_branch_is_not_the_tags() {
    with_keys
    configure "$(jq -cn --arg sha "$(object "$at^{commit}")" '{workflow_runs: [{id: 1,
        event: "push", head_branch: "release-0.1", head_sha: $sha, status: "queued"}]}')"
    press_button
    expect_exit 0
    expect_findings "warning CR-TAG-NO-RUN"
}

thorough_verify_runs_that_may_not_be_seen() {
    with_keys
    configure '{"private": true, "tokens": {"'$write_token'": {"permissions": {"pull_requests": "read"}}}}'
    press_button
    expect_exit 0
    expect_findings
    expect_output tag_created true
}
