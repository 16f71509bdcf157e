# shellcheck shell=bash
# The button (contract, sections 3, 5, 6, 8): version inputs make the branch, the signed tag and the
# draft.

bot_tagger='github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>'

# ---- what is expected ------------------------------------------------------------------------------

expect_cut() { # TAG BRANCH [RUN [REVISION]]: branch (where REVISION is given), tag and draft
    local latest=false prerelease=
    [[ $1 = *-* ]] && prerelease=', prerelease' || latest=true
    [ "$latest" = false ] || [[ $1 = v0.[1-9]* ]] || latest=false
    {
        [ -z "${4:-}" ] || echo "+ branch $2 at $(commit "$4")"
        tag_line "$1"
        echo "+ draft $1 titled \"$1\"$prerelease, make_latest $latest, by $bot"
    } | expect_changes ${3:+"$3"}
}

tag_line() {
    local id
    id=$(on_server rev-parse -q --verify "refs/tags/$1") || fail "the tag $1 was not made" "$(tail -5 "$RUN/log")"
    echo "+ tag $1 at ${id:0:12}"
}

# ---- the four ways ---------------------------------------------------------------------------------

# "release branch missing: created at the source branch's head"; "new tag: at the head of the branch"
scenario_button_candidate_from_nothing() {
    with_keys
    press plain INPUT_MAJOR=0 INPUT_MINOR=2 INPUT_PATCH=0 INPUT_RC=1
    expect_exit 0
    expect_findings
    expect_cut v0.2.0-rc.1 release-0.2 1 main
    expect_signed_tag v0.2.0-rc.1 main plain
    expect_generated_text v0.2.0-rc.1 v0.1.6
    expect_outputs tag=v0.2.0-rc.1 version=0.2.0-rc.1 branch=release-0.2 branch_created=true \
        tag_created=true changed=true commit="$(object main)" previous_tag=v0.1.6 prerelease=true \
        latest=false release_id="$(draft_id v0.2.0-rc.1)"
    expect_step branch do
    expect_step tag do
    expect_step release do
    expect_log "${fingerprint[plain]}"
    # the branch ahead of the tag, the tag ahead of the draft
    same "the order of writes" "POST git/refs POST git-receive-pack POST releases " "$(requests | jq -rj \
        '.[] | select(.method == "POST" and (.path | test("git/refs|receive-pack|/releases$"))) |
        "\(.method) \(.path | sub(".*/(?<end>git/refs|git-receive-pack|releases)$"; "\(.end)")) "')"
}

# a second candidate, from the input tag; then the same once more: nothing to do
scenario_button_second_candidate() {
    with_keys
    push_branch release-0.2 main
    push_tag v0.2.0-rc.1 main~1
    press plain INPUT_TAG=v0.2.0-rc.2
    expect_exit 0
    expect_findings
    expect_cut v0.2.0-rc.2 release-0.2
    expect_verified_tag v0.2.0-rc.2 main plain
    expect_outputs previous_tag=v0.2.0-rc.1 branch_created=false tag_created=true
    press plain INPUT_TAG=v0.2.0-rc.2
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_outputs changed=false tag_created=false tag_object="$(object refs/tags/v0.2.0-rc.2)"
}

# a final release, at the head of the branch
scenario_button_final() {
    with_keys
    push_branch release-0.2 main
    push_tag v0.2.0-rc.1 main
    press plain INPUT_MAJOR=0 INPUT_MINOR=2 INPUT_PATCH=0
    expect_exit 0
    expect_findings
    expect_cut v0.2.0 release-0.2
    expect_signed_tag v0.2.0 main plain
    expect_outputs previous_tag=v0.1.6 latest=true prerelease=false rc=
}

# a patch, on its branch; "no candidate: a warning"
thorough_button_patch() {
    with_keys
    press plain INPUT_TAG=v0.1.7
    expect_exit 0
    expect_findings "warning CR-CANDIDATE-NONE"
    expect_cut v0.1.7 release-0.1
    expect_signed_tag v0.1.7 release-0.1 plain
    expect_outputs previous_tag=v0.1.6 latest=true
}

# "final: refused, with the way out"; nothing is tried with the key that could leave something
scenario_button_final_without_branch_refused() {
    with_keys
    press plain INPUT_TAG=v0.2.0
    expect_refused 1 "error CR-BRANCH-MISSING" "warning CR-CANDIDATE-NONE"
}

# ---- the workspace -----------------------------------------------------------------------------------

checkout_main() { # full|shallow
    local depth=()
    [ "$1" = full ] || depth=(--depth=1)
    rm -rf "$WORKSPACE"
    git clone -q "${depth[@]}" -b main "file://$ROOT/repo.git" "$WORKSPACE"
    git -C "$WORKSPACE" remote set-url origin "$SERVER_URL/$repository"
    [ "$(id -u)" != 0 ] || chown -R 1001 "$WORKSPACE"
    touch -d '1 minute ago' "$WORKSPACE"
    find "$WORKSPACE" -exec touch -h -d '1 minute ago' {} +
}

expect_candidate_end() {
    expect_exit 0
    expect_findings
    expect_cut v0.2.0-rc.1 release-0.2 1 main
    expect_verified_tag v0.2.0-rc.1 main plain
}

# a full clone has the commit: it is not fetched
thorough_button_full_checkout() {
    with_keys
    checkout_main full
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_candidate_end
    expect_no_request POST git-upload-pack
}

# so has one of depth 1, of the right commit
thorough_button_shallow_checkout() {
    with_keys
    checkout_main shallow
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_candidate_end
    expect_no_request POST git-upload-pack
}

# depth 1 of another commit than the release branch's head: fetched into a scratch repository
thorough_button_shallow_checkout_of_another_commit() {
    with_keys
    checkout_main shallow
    press plain INPUT_TAG=v0.1.7-rc.1
    expect_exit 0
    expect_cut v0.1.7-rc.1 release-0.1
    expect_signed_tag v0.1.7-rc.1 release-0.1 plain
}

# the workspace is not ours to change: it may be read-only
thorough_button_read_only_workspace() {
    with_keys "mount --bind '$WORKSPACE' '$WORKSPACE' && mount -o remount,ro,bind '$WORKSPACE'"
    checkout_main full
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_candidate_end
}

# A clone whose configuration an earlier step wrote: no program is started, no other host is asked.
configure_clone() { # NAME VALUE
    git -c safe.directory='*' -C "$WORKSPACE" config "$1" "$2"
    find "$WORKSPACE" -exec touch -h -d '1 minute ago' {} +
}

thorough_button_programs_of_the_clone() {
    with_keys
    checkout_main full
    printf '#!/bin/sh\ntouch "%s/pwned"\n' "$S" | tee "$S/touch-pwned" > "$WORKSPACE/.git/hooks/pre-push"
    chmod +x "$S/touch-pwned" "$WORKSPACE/.git/hooks/pre-push"
    configure_clone gpg.program "$S/touch-pwned"
    configure_clone credential.helper "!touch $S/pwned"
    configure_clone core.sshCommand "touch $S/pwned"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_candidate_end
    [ ! -e "$S/pwned" ] || fail "a program of the clone's configuration was started"
}

# the address that we push to is ours alone: no insteadOf leads elsewhere
thorough_button_addresses_of_the_clone() {
    with_keys
    checkout_main full
    configure_clone "url.https://127.0.0.1:1/.insteadOf" "$SERVER_URL/"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_candidate_end
}

thorough_button_proxy_of_the_clone() {
    with_keys
    checkout_main full
    configure_clone http.proxy http://127.0.0.1:1
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_candidate_end
}

# the same in HOME, which other steps share
thorough_button_addresses_of_the_home() {
    with_keys
    git config --file "$S/home/.gitconfig" "url.https://127.0.0.1:1/.insteadOf" "$SERVER_URL/"
    git config --file "$S/home/.gitconfig" http.proxy http://127.0.0.1:1
    use_key plain
    run_with_inputs "${with[@]}" INPUT_TAG=v0.2.0-rc.1
    expect_candidate_end
}

# TLS "is verified always", for git too; ca_bundle beside SSL_CERT_FILE
thorough_button_extra_ca_in_the_workspace() {
    with_keys
    cp "$CA" "$WORKSPACE/ca.pem"
    press plain INPUT_TAG=v0.2.0-rc.1 SSL_CERT_FILE="$OTHER_CA" INPUT_CA_BUNDLE=ca.pem
    expect_candidate_end
}

# the same where the machine has no certificates at all
thorough_button_no_certificates_of_the_system() {
    with_keys 'mount -t tmpfs none /etc/ssl'
    cp "$CA" "$WORKSPACE/ca.pem"
    press plain INPUT_TAG=v0.2.0-rc.1 '!SSL_CERT_FILE' INPUT_CA_BUNDLE=ca.pem
    expect_candidate_end
}

# the same: the API is trusted, and the same server under a name that its certificate lacks is not
thorough_button_certificate_of_another_host() {
    with_keys
    press plain INPUT_TAG=v0.2.0-rc.1 GITHUB_SERVER_URL="https://127.1:$PORT"
    expect_exit 1
    expect_finding "error CR-TLS"
    expect_changes <<< "+ branch release-0.2 at $(commit main)"
}

# ---- key kinds ---------------------------------------------------------------------------------------

# NUMBER is the candidate's
expect_signs_with() { # NUMBER KEY [NAME MAIL]
    press "$2" "INPUT_TAG=v0.2.0-rc.$1"
    expect_exit 0
    expect_findings
    expect_signed_tag "v0.2.0-rc.$1" main "$2" "${@:3}"
}

scenario_button_key_with_passphrase() { with_keys; expect_signs_with 1 passphrase; }
thorough_button_key_p256() { with_keys; expect_signs_with 1 p256; }
thorough_button_key_rsa_3072() { with_keys; expect_signs_with 1 rsa3072; }
thorough_button_key_with_signing_subkey() { with_keys; expect_signs_with 1 subkey; }

# the primary's secret part stayed at home
thorough_button_key_of_a_subkey_alone() { with_keys; expect_signs_with 1 stub; }

thorough_button_key_rsa_4096() { with_keys; expect_signs_with 1 rsa4096; }

# what others wrote in a user id: the tagger is what git would make of it, and no command is issued
thorough_button_hostile_user_id() { with_keys; expect_signs_with 1 hostile; }
thorough_button_long_user_id() { with_keys; expect_signs_with 1 long; }

# brackets within the name: gpg tells no mail, so it is the bot's
thorough_button_user_id_with_brackets() {
    with_keys
    expect_signs_with 1 brackets "${bot_tagger% <*}" '41898282+github-actions[bot]@users.noreply.github.com'
}

thorough_button_user_id_with_control_characters() { with_keys; expect_signs_with 1 control; }

# no mail in the user id: git would refuse; the bot is the tagger
thorough_button_key_without_mail() {
    with_keys
    press nomail INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    same tagger "$bot_tagger" "$(tag_field v0.2.0-rc.1 tagger | sed 's/ [0-9]* +0000$//')"
}

# ---- refused keys ------------------------------------------------------------------------------------

refused_with_key() { # KEY EXIT CODE [NAME=VALUE …]
    local key=$1 exit=$2 code=$3
    shift 3
    press "$key" INPUT_TAG=v0.2.0-rc.1 "$@"
    expect_refused "$exit" "error $code"
    expect_step tag refused
    expect_outputs changed=false branch_created=false tag_created=false
}

scenario_button_no_key_refused() { with_keys; refused_with_key none 2 CR-KEY-NONE; }
scenario_button_garbage_key_refused() { with_keys; refused_with_key garbage 2 CR-KEY-INVALID; }
thorough_button_cut_key_refused() { with_keys; refused_with_key cut 2 CR-KEY-INVALID; }
scenario_button_public_key_refused() { with_keys; refused_with_key public 2 CR-KEY-PUBLIC; }
scenario_button_expired_key_refused() { with_keys; refused_with_key expired 1 CR-KEY-EXPIRED; }
thorough_button_expired_subkey_refused() { with_keys; refused_with_key expired-subkey 1 CR-KEY-EXPIRED; }
scenario_button_revoked_key_refused() { with_keys; refused_with_key revoked 1 CR-KEY-REVOKED; }
scenario_button_encryption_key_refused() { with_keys; refused_with_key encryption 1 CR-KEY-USAGE; }

scenario_button_wrong_passphrase_refused() {
    with_keys
    refused_with_key passphrase 1 CR-KEY-PASSPHRASE INPUT_SIGNING_PASSPHRASE=wrong
    refused_with_key passphrase 1 CR-KEY-PASSPHRASE INPUT_SIGNING_PASSPHRASE=
    expect_log "none was given"
}

# "several keys without a choice"; the tagger's mail is one
thorough_button_several_keys() {
    with_keys
    refused_with_key two 2 CR-KEY-SEVERAL
    refused_with_key two 2 CR-KEY-SEVERAL 'INPUT_TAGGER=Somebody <else@example.org>'
    press two INPUT_TAG=v0.2.0-rc.1 'INPUT_TAGGER=Nils Nist <nils@example.org>'
    expect_exit 0
    expect_signed_tag v0.2.0-rc.1 main p256
}

# no gpg anywhere, no agent, no tmpfs: each said, nothing begun
scenario_button_no_gpg_refused() {
    with_keys 'mount --bind /dev/null "$(command -v gpg)"'
    refused_with_key plain 1 CR-GPG PATH=/nowhere
    expect_log GnuPG
}

# where the image and Debian don't have it, PATH tells where it is
thorough_button_gpg_along_the_path() {
    with_keys 'mount --bind /dev/null /usr/bin/gpg'
    mkdir "$S/bin"
    cp /usr/bin/gpg "$S/bin/gpg"
    press plain INPUT_TAG=v0.2.0-rc.1 PATH="/nowhere::$S/bin:/usr/bin:/bin"
    expect_candidate_end
}

scenario_button_no_agent_refused() {
    with_keys 'mount --bind /dev/null "$(command -v gpg-agent)"'
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 1
    expect_finding "error CR-GPG"
    expect_changes_nothing
}

# gpg says that the key is no good; but it is the room that is missing
thorough_button_full_memory_for_the_key_refused() {
    local files
    for files in 3 6 9; do
        with_keys "mount -t tmpfs -o nr_inodes=$files none /dev/shm"
        press plain INPUT_TAG=v0.2.0-rc.1
        expect_exit 1
        expect_finding "error CR-GPG-HOME"
        expect_changes_nothing
    done
}

scenario_button_no_room_for_the_key_refused() {
    with_keys 'mount -t tmpfs -o ro none /dev/shm'
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 1
    expect_finding "error CR-GPG-HOME"
    expect_changes_nothing
}

# without a key git needs the folder too, for what it fetches: the branch is there by then
thorough_button_no_room_without_a_key() {
    with_keys 'mount -t tmpfs -o ro none /dev/shm'
    press none INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=never
    expect_exit 1
    expect_finding "error CR-GPG-HOME"
    expect_changes <<< "+ branch release-0.2 at $(commit main)"
    expect_outputs branch_created=true tag_created=false
}

# all refusals at once: the key's beside the branch's
scenario_button_all_refusals_at_once() {
    with_keys
    press expired INPUT_TAG=v0.2.1-rc.1
    expect_refused 1 "error CR-BRANCH-PATCH" "error CR-KEY-EXPIRED" "warning CR-PATCH-GAP"
}

# ---- sign, tagger, message ---------------------------------------------------------------------------

expect_unsigned_by() { # TAG TAGGER
    same "the object" "$(printf 'object %s\ntype commit\ntag %s\ntagger %s\n\n%s\n' "$(object main)" "$1" \
        "$2" "$(message_of "$1")")" "$(on_server cat-file tag "refs/tags/$1" |
        sed -E 's/^(tagger .*>) [0-9]+ \+0000$/\1/')"
    expect_strict "$1"
}

thorough_button_sign_never() {
    with_keys
    press none INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=never
    expect_exit 0
    expect_findings
    expect_cut v0.2.0-rc.1 release-0.2 1 main
    expect_unsigned_by v0.2.0-rc.1 "$bot_tagger"
    press none INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=never # the rerun: by verify_tag, a warning
    expect_exit 0
    expect_changes_nothing
}

thorough_button_sign_never_with_a_key() {
    with_keys
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=never
    expect_exit 0
    [[ $(on_server cat-file tag refs/tags/v0.2.0-rc.1) != *PGP* ]] || fail "it was signed"
}

thorough_button_sign_auto() {
    with_keys
    press none INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=auto
    expect_exit 0
    expect_unsigned_by v0.2.0-rc.1 "$bot_tagger"
    press plain INPUT_TAG=v0.2.0-rc.2 INPUT_SIGN=auto
    expect_exit 0
    expect_signed_tag v0.2.0-rc.2 main plain
}

thorough_button_tagger() {
    with_keys
    press none INPUT_TAG=v0.2.0-rc.1 INPUT_SIGN=never 'INPUT_TAGGER=Tilda Tagger <tilda@example.org>'
    expect_exit 0
    expect_unsigned_by v0.2.0-rc.1 'Tilda Tagger <tilda@example.org>'
    press plain INPUT_TAG=v0.2.0-rc.2 'INPUT_TAGGER=Tilda Tagger <tilda@example.org>'
    expect_exit 0
    expect_signed_tag v0.2.0-rc.2 main plain 'Tilda Tagger' tilda@example.org
}

thorough_button_bad_tagger_refused() {
    with_keys
    local tagger
    for tagger in 'Tilda Tagger' 'tilda@example.org' 'Tilda <>' 'A <a@b> B <c@d>' 'Tilda <t@e' \
        'Tilda <t@example.org> trailing' $'Tilda\nobject 0 <t@example.org>' '<t@example.org>'; do
        press plain INPUT_TAG=v0.2.0-rc.1 "INPUT_TAGGER=$tagger"
        expect_exit 2
        expect_finding "error CR-INPUT-VALUE"
        expect_changes_nothing
    done
}

thorough_button_message() {
    with_keys
    local expected_message=$'Cut for llm-d v0.2.0-rc.1 of release-0.2. Gr\u00fc\u00dfe "quoted" \\ %0A'
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_PROJECT=llm-d \
        $'INPUT_TAG_MESSAGE=Cut for {project} {tag} of {branch}. Gr\u00fc\u00dfe "quoted" \\ %0A'
    expect_exit 0
    expect_signed_tag v0.2.0-rc.1 main plain
}

thorough_button_message_of_several_lines_refused() {
    with_keys
    press plain INPUT_TAG=v0.2.0-rc.1 $'INPUT_TAG_MESSAGE=One\n\ntwo'
    expect_exit 2
    expect_findings "error CR-INPUT-VALUE"
    expect_changes_nothing
}

# a message that looks like a signature: the last one counts, for git too
thorough_button_message_like_a_signature() {
    with_keys
    local expected_message='-----BEGIN PGP SIGNATURE-----'
    press plain INPUT_TAG=v0.2.0-rc.1 "INPUT_TAG_MESSAGE=$expected_message"
    expect_exit 0
    expect_signed_tag v0.2.0-rc.1 main plain
}

scenario_button_unresolved_message_refused() {
    with_keys
    local text
    for text in '{project} {version' '{nobody} {tag}' '{project} v${MAJOR}.${MINOR}' '${TAG}'; do
        press plain INPUT_TAG=v0.2.0-rc.1 "INPUT_TAG_MESSAGE=$text"
        expect_exit 2
        expect_finding "error CR-INPUT-TEMPLATE"
        expect_changes_nothing
    done
}

# ---- dry run -----------------------------------------------------------------------------------------

thorough_button_dry_run() {
    with_keys
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_DRY_RUN=true
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_step branch do
    expect_step tag do
    expect_outputs changed=false tag_created=false branch_created=false
    press expired INPUT_TAG=v0.2.0-rc.1 INPUT_DRY_RUN=true
    expect_refused 1 "error CR-KEY-EXPIRED"
    press none INPUT_TAG=v0.2.0-rc.1 INPUT_DRY_RUN=true # a key can be missing where one only looks
    expect_exit 0
    expect_step tag unknown
    expect_changes_nothing
}

# ---- others, meanwhile -------------------------------------------------------------------------------

# Acts when the push has arrived, and before the server carries it out.
when_pushed() { # COMMAND …
    mkdir -p "$ROOT/repo.git/hooks"
    printf '#!/usr/bin/env bash\n[ ! -e "%s/acted" ] || exit 0\ntouch "%s/acted"\n%s\n' "$S" "$S" "$*" \
        > "$ROOT/repo.git/hooks/pre-receive"
    chmod +x "$ROOT/repo.git/hooks/pre-receive"
}

write_ref() { # REF OBJECT: a command for the hooks
    mkdir -p "$ROOT/repo.git/${1%/*}"
    echo "echo $2 > '$ROOT/repo.git/$1'"
}

foreign_tag() { # NAME REVISION: the object alone
    write_tag "$1" "$(object "$2^{commit}")" commit "$(message_of "$1")
$signature"
}

# "a tag that is there already is the plan": the same commit
thorough_button_tag_pushed_meanwhile_at_the_same_commit() {
    with_keys
    local theirs
    theirs=$(foreign_tag v0.2.0-rc.1 main)
    when_branch_made push_ref refs/tags/v0.2.0-rc.1 "$theirs"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_acted
    expect_exit 0
    expect_cut v0.2.0-rc.1 release-0.2 1 main
    same "the tag" "$theirs" "$(on_server rev-parse refs/tags/v0.2.0-rc.1)"
    expect_outputs tag_created=false branch_created=true changed=true tag_object="$theirs"
}

# at another commit of the branch
thorough_button_tag_pushed_meanwhile_at_another_commit() {
    with_keys
    local theirs
    theirs=$(foreign_tag v0.2.0-rc.1 main~1)
    when_branch_made push_ref refs/tags/v0.2.0-rc.1 "$theirs"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_acted
    expect_exit 0
    expect_findings "notice CR-BRANCH-BEHIND"
    same "the tag" "$theirs" "$(on_server rev-parse refs/tags/v0.2.0-rc.1)"
    expect_outputs tag_created=false commit="$(object main~1)" tag_object="$theirs"
    expect_generated_text v0.2.0-rc.1 v0.1.6
}

# at a commit that is not on the branch, and unsigned: refused, and nothing is moved
thorough_button_tag_pushed_meanwhile_elsewhere_refused() {
    with_keys
    local theirs
    theirs=$(object release-0.1)
    when_branch_made push_ref refs/tags/v0.2.0-rc.1 "$theirs"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_acted
    expect_exit 1
    expect_finding "error CR-BRANCH-OFF"
    expect_finding "error CR-TAG-LIGHTWEIGHT"
    same "the tag" "$theirs" "$(on_server rev-parse refs/tags/v0.2.0-rc.1)"
    same "drafts" '' "$(state | jq -r '.releases[] | select(.tag_name == "v0.2.0-rc.1").id')"
    expect_outputs branch_created=true tag_created=false changed=true
}

# the last moment: our push has arrived, theirs was carried out before it
thorough_button_tag_pushed_while_ours_arrives() {
    with_keys
    local theirs
    theirs=$(foreign_tag v0.2.0-rc.1 main)
    when_pushed "$(write_ref refs/tags/v0.2.0-rc.1 "$theirs")"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_acted
    same "the tag" "$theirs" "$(on_server rev-parse refs/tags/v0.2.0-rc.1)"
    if [ "$ended" != 0 ]; then
        expect_exit 1
        press plain INPUT_TAG=v0.2.0-rc.1
    fi
    expect_exit 0
    expect_cut v0.2.0-rc.1 release-0.2 1 main
    same "the tag" "$theirs" "$(on_server rev-parse refs/tags/v0.2.0-rc.1)"
}

# the same at another commit, an ancestor: a push that fast-forwards would move it
thorough_button_tag_pushed_at_an_ancestor_while_ours_arrives() {
    with_keys
    local theirs
    theirs=$(object main~1)
    when_pushed "$(write_ref refs/tags/v0.2.0-rc.1 "$theirs")"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_acted
    expect_exit 1
    same "the tag" "$theirs" "$(on_server rev-parse refs/tags/v0.2.0-rc.1)"
}

# the look does not show the tag yet (GitHub's lists lag): the push does
thorough_button_tag_that_the_look_lacks() {
    with_keys
    push_branch release-0.2 main
    as_maintainer POST /git/refs "{\"ref\": \"refs/tags/v0.2.0-rc.1\", \"sha\": \"$(foreign_tag v0.2.0-rc.1 main)\"}" > /dev/null
    fault lag GET '/repos/*/git/matching-refs/tags/*' 1 1
    local theirs
    theirs=$(on_server rev-parse refs/tags/v0.2.0-rc.1)
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    expect_one_draft v0.2.0-rc.1
    same "the tag" "$theirs" "$(on_server rev-parse refs/tags/v0.2.0-rc.1)"
    expect_outputs tag_created=false tag_object="$theirs"
}

# "branch moved between look and push": seen, planned anew once, the tag is at the new head
thorough_button_branch_moved_meanwhile() {
    with_keys
    push_branch release-0.2 main~1
    fault slow POST '/repos/*/releases/generate-notes' 1 3000
    when_asked GET '*/git/matching-refs/heads/*' push_ref refs/heads/release-0.2 "$(object main)"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_acted
    expect_exit 0
    expect_verified_tag v0.2.0-rc.1 main plain
    expect_output commit "$(object main)"
    expect_generated_text v0.2.0-rc.1 v0.1.6
    same "the branch" "$(object main)" "$(on_server rev-parse refs/heads/release-0.2)"
}

# our branch, moved before the tag: planned anew
thorough_button_new_branch_moved_meanwhile() {
    with_keys
    local newer
    newer=$(on_server commit-tree 'main^{tree}' -p main -m Newer)
    when_branch_made push_ref refs/heads/release-0.2 "$newer"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_acted
    expect_exit 0
    same "the branch" "$newer" "$(on_server rev-parse refs/heads/release-0.2)"
    same "the tagged commit" "$newer" "$(tag_field v0.2.0-rc.1 object)"
    expect_outputs branch_created=true tag_created=true commit="$newer"
}

# "a branch made meanwhile is never advanced by us": at an ancestor, which a push would fast-forward
thorough_button_branch_made_meanwhile_at_an_ancestor() {
    with_keys
    as_maintainer POST /git/refs "{\"ref\": \"refs/heads/release-0.2\", \"sha\": \"$(object main~1)\"}" > /dev/null
    fault lag GET '/repos/*/git/matching-refs/heads/*' 1 1
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    same "the branch" "$(object main~1)" "$(on_server rev-parse refs/heads/release-0.2)"
    expect_verified_tag v0.2.0-rc.1 main~1 plain
    expect_outputs branch_created=false tag_created=true
}

# two buttons pressed at once: one branch, one tag, one draft
thorough_button_pressed_twice_at_once() {
    with_keys
    configure '{"latency_ms": 60}'
    press none INPUT_TAG=v0.2.0-rc.1 INPUT_DRY_RUN=true # sets up what the second one needs
    expect_exit 0
    use_key plain
    change_environment INPUT_DRY_RUN=false "${with[@]}" GITHUB_OUTPUT="$S/output" GITHUB_STEP_SUMMARY="$S/summary"
    "${as_user[@]}" env -i "${environment[@]}" "$CUT_RELEASE" > "$S/log" 2>&1 < /dev/null &
    local other=$!
    use_key plain
    run_with_inputs "${with[@]}" INPUT_TAG=v0.2.0-rc.1
    wait $other || true
    expect_failure_or_success
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    expect_cut v0.2.0-rc.1 release-0.2 2 main
    expect_signed_tag v0.2.0-rc.1 main plain
}

expect_failure_or_success() {
    unchecked=
    [ "$ended" -lt 2 ] || fail "exit status 0 or 1 was expected, $ended found"
}

# ---- what the server refuses -------------------------------------------------------------------------

scenario_button_protected_branch_is_told() {
    with_keys
    configure '{"protected_branches": ["release-*"]}'
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 1
    expect_findings "error CR-RULESET"
    expect_log release-0.2
    expect_changes < /dev/null
    expect_outputs changed=false tag_created=false
}

# the tag's: the branch is there by then, and a later run goes on from it
scenario_button_ruleset_on_the_tag_is_told() {
    with_keys
    configure '{"rulesets": [{"name": "release tags", "id": 42, "include": ["refs/tags/v*"],
        "rules": ["creation"]}]}'
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 1
    expect_findings "warning CR-RULESET" "error CR-RULESET"
    expect_log v0.2.0-rc.1
    expect_log "creations being restricted"
    expect_changes <<< "+ branch release-0.2 at $(commit main)"
    expect_outputs branch_created=true tag_created=false changed=true
    configure '{"rulesets": []}'
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    expect_cut v0.2.0-rc.1 release-0.2 1 main
}

scenario_button_workflows_refusal_of_the_branch() {
    with_keys
    configure '{"workflows_check": "default"}'
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_SOURCE_BRANCH=release-0.1
    expect_exit 1
    expect_findings "error CR-WORKFLOWS"
    expect_log workflows
    expect_changes < /dev/null
}

scenario_button_workflows_refusal_of_the_tag() {
    with_keys
    configure '{"workflows_check": "default"}'
    press plain INPUT_TAG=v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-WORKFLOWS"
    expect_log workflows
    expect_changes < /dev/null
}

# "a tag whose workflow files no branch has": the branch went first, so it is accepted
thorough_button_workflows_that_only_the_branch_has() {
    with_keys
    configure '{"workflows_check": "branches"}'
    press plain INPUT_TAG=v0.1.7-rc.1
    expect_exit 0
    expect_cut v0.1.7-rc.1 release-0.1
}

thorough_button_token_that_may_only_read() {
    with_keys
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_TOKEN=$read_token
    expect_exit 1
    expect_finding "error CR-PERMISSION"
    expect_changes < /dev/null
    push_branch release-0.2 main
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_TOKEN=$read_token
    expect_exit 1
    expect_changes < /dev/null
}

# ---- cut off -----------------------------------------------------------------------------------------

# The first run ends as it may, but truly; the second one in the state of a clean one.
broken_push() { # KIND METHOD PATH TIMES [ARGUMENT]
    with_keys
    fault "$@"
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_TIMEOUT_SECONDS=1
    if [ "$ended" = 0 ]; then
        expect_exit 0
        expect_candidate_end
    else
        expect_exit 1
        [ ${#findings[@]} != 0 ] || fail "it failed without a reason"
        local tag
        if tag=$(on_server rev-parse -q --verify refs/tags/v0.2.0-rc.1); then
            echo "$tag" > "$S/tag-before"
        fi
    fi
    no_faults
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_cut v0.2.0-rc.1 release-0.2 1 main
    expect_verified_tag v0.2.0-rc.1 main plain
    [ ! -e "$S/tag-before" ] || same "the tag" "$(< "$S/tag-before")" "$(on_server rev-parse refs/tags/v0.2.0-rc.1)"
}

upload="/$repository.git/git-receive-pack"
listing="/$repository.git/info/refs*"
thorough_slow_button_push_cut_before() { broken_push cut-before POST "$upload"; }
thorough_slow_button_push_cut_after() { broken_push cut-after POST "$upload"; }
thorough_slow_button_push_500() { broken_push 500 POST "$upload"; }
thorough_slow_button_push_500_after() { broken_push 500-after POST "$upload"; }
thorough_slow_button_push_silent() { broken_push silent POST "$upload"; }
thorough_slow_button_push_silent_after() { broken_push silent-after POST "$upload"; }
thorough_slow_button_push_truncated() { broken_push truncated POST "$upload"; }
thorough_slow_button_push_empty() { broken_push empty POST "$upload"; }
thorough_slow_button_push_empty_after() { broken_push empty-after POST "$upload"; }
thorough_slow_button_push_html_after() { broken_push html-after POST "$upload"; }
thorough_slow_button_push_always_500() { broken_push 500 POST "$upload" -1; }
thorough_slow_button_listing_cut() { broken_push cut-before GET "$listing"; }
thorough_slow_button_listing_500() { broken_push 500 GET "$listing"; }
thorough_slow_button_listing_silent() { broken_push silent GET "$listing"; }
thorough_slow_button_listing_truncated() { broken_push truncated GET "$listing"; }
thorough_slow_button_fetch_cut() { broken_push cut-before POST "/$repository.git/git-upload-pack"; }
thorough_slow_button_fetch_silent() { broken_push silent POST "/$repository.git/git-upload-pack"; }
thorough_slow_button_fetch_truncated() { broken_push truncated POST "/$repository.git/git-upload-pack"; }

# a silent server: what the push waits for is bounded by timeout_seconds
thorough_slow_button_silent_push_is_given_up() {
    with_keys
    fault silent POST "$upload" -1
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_TIMEOUT_SECONDS=1
    expect_exit 1
    expect_within 40000 # each of two pushes, and the looks after 1, 3 and 9 s behind each
    expect_changes <<< "+ branch release-0.2 at $(commit main)"
}

# ---- as PID 1, as in a container ------------------------------------------------------------------------

as_pid_1() { as_user+=(unshare -pf --kill-child --propagation unchanged --mount-proc); }

signal_once() { # SIGNAL run|pid-1 COMMAND …, which returns when it is time
    local process
    "${@:3}"
    process=$(pgrep -P "$run_pid")
    [ "$2" = pid-1 ] || process=$(pgrep -x -P "$process" cut-release)
    began=${EPOCHREALTIME/./}
    kill "-$1" "$process"
}

# the status is handed on
scenario_button_as_pid_1() {
    with_keys
    as_pid_1
    press plain INPUT_MAJOR=0 INPUT_MINOR=2
    expect_exit 2
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    expect_verified_tag v0.2.0-rc.1 main plain
}

# a signal is handed on
scenario_button_as_pid_1_terminated() {
    with_keys
    as_pid_1
    fault silent POST "/$repository.git/git-receive-pack" -1
    meanwhile=(signal_once TERM pid-1 await POST '*/git-receive-pack')
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 1
    expect_within 2000
    expect_finding "error CR-INTERRUPTED"
}

# PID 1 outlives a run that is killed, until the key is gone, and says what happened
scenario_button_as_pid_1_of_a_killed_run() {
    with_keys
    as_pid_1
    fault silent POST "/$repository.git/git-receive-pack" -1
    meanwhile=(signal_once KILL run await POST '*/git-receive-pack')
    killed_status=137
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 137
    expect_log 'ended by signal 9'
}

# ---- killed ------------------------------------------------------------------------------------------

killed_in_a_loop() { # SIGNAL
    with_keys
    configure '{"latency_ms": 15}'
    use_key plain
    local number began took=0 pid status whole
    press plain INPUT_TAG=v0.2.0-rc.1 # how long one takes here
    expect_exit 0
    whole=$took_ms
    for number in {2..6}; do
        prepare_run
        unchecked=
        button_environment
        change_environment GITHUB_OUTPUT="$RUN/output" GITHUB_STEP_SUMMARY="$RUN/summary" "${with[@]}" \
            "INPUT_TAG=v0.2.0-rc.$number"
        "${as_user[@]}" env -i "${environment[@]}" "$CUT_RELEASE" > "$RUN/log" 2>&1 < /dev/null &
        pid=$!
        sleep "$(printf '%d.%03d' $((whole * (RANDOM % 100) / 100000)) $((whole * (RANDOM % 100) / 100 % 1000)))"
        began=${EPOCHREALTIME/./}
        kill "-$1" $pid 2> /dev/null
        wait $pid 2> /dev/null
        status=$?
        took=$((${EPOCHREALTIME/./} - began))
        echo "$number: status $status after $((took / 1000)) ms" >> "$S/killed"
        [ $took -lt $((3000000 * patience)) ] || fail "it ended $((took / 1000)) ms after $1"
        wait_until_nothing_left 1000
        if [ "$1" = TERM ]; then
            case $status in
            0 | 143) ;; # it was done; or it hadn't begun
            1) grep -q 'CR-INTERRUPTED' "$RUN/log" || fail "status 1 without CR-INTERRUPTED" "$(tail -3 "$RUN/log")" ;;
            *) fail "status $status after $1" "$(tail -3 "$RUN/log")" ;;
            esac
        fi
        press plain "INPUT_TAG=v0.2.0-rc.$number"
        expect_exit 0
        expect_signed_quickly "v0.2.0-rc.$number"
        same "drafts of v0.2.0-rc.$number" 1 "$(state | jq "[.releases[] | select(.tag_name == \"v0.2.0-rc.$number\")] | length")"
    done
}

expect_signed_quickly() { # TAG: as expect_signed_tag, without git's opinion
    [[ $(on_server cat-file tag "refs/tags/$1") = "object $(object main)"*"tag $1"*'-----END PGP SIGNATURE-----' ]] ||
        fail "the tag $1 is not as expected" "$(on_server cat-file tag "refs/tags/$1")"
}

thorough_slow_button_terminated_at_any_moment() { killed_in_a_loop TERM; }
thorough_slow_button_terminated_at_other_moments() { killed_in_a_loop TERM; }
thorough_slow_button_killed_at_any_moment() { killed_in_a_loop KILL; }
thorough_slow_button_killed_at_other_moments() { killed_in_a_loop KILL; }

# "SIGTERM ends it within 2 s": a gpg that never ends, as one whose agent doesn't answer
thorough_button_terminated_while_gpg_hangs() {
    with_keys "mount --bind '$S/gpg' \"\$(command -v gpg)\""
    cp "$(command -v gpg)" "$S/gpg-itself"
    cat > "$S/gpg" << END
#!/bin/bash
for argument in "\$@"; do
    case \$argument in
    --version) exec "$S/gpg-itself" "\$@" ;;
    /dev/shm/*) home=\$argument ;;
    esac
done
touch "$S/hangs"
while [ -d "\$home" ]; do sleep 0.1; done
END
    chmod +x "$S/gpg"
    use_key plain
    meanwhile=(terminate_once until_true test -e "$S/hangs")
    run_with_inputs "${with[@]}" INPUT_TAG=v0.2.0-rc.1
    expect_exit 1
    expect_within 2500
    expect_finding "error CR-INTERRUPTED"
    expect_changes_nothing
    wait_until_nothing_left 1000
}

# "SIGTERM ends it within 2 s", also while git waits for a server that says nothing
terminated_while_silent() { # METHOD PATH
    with_keys
    fault silent "$1" "$2" -1
    use_key plain
    meanwhile=(terminate_once await "$1" "$2")
    run_with_inputs "${with[@]}" INPUT_TAG=v0.2.0-rc.1
    expect_exit 1
    expect_within 2500
    expect_finding "error CR-INTERRUPTED"
    wait_until_nothing_left 1000
}

thorough_slow_button_terminated_while_the_push_is_silent() { terminated_while_silent POST "$upload"; }
thorough_slow_button_terminated_while_the_listing_is_silent() { terminated_while_silent GET "$listing"; }

# section 7: "5xx and cut connections are retried with backoff", what only reads can be
retried() { # KIND METHOD PATH
    with_keys
    fault "$@"
    press plain INPUT_TAG=v0.2.0-rc.1 INPUT_TIMEOUT_SECONDS=1
    expect_candidate_end
}

thorough_slow_button_listing_500_is_tried_again() { retried 500 GET "$listing"; }
thorough_slow_button_listing_cut_is_tried_again() { retried cut-before GET "$listing"; }
thorough_slow_button_listing_silent_is_tried_again() { retried silent GET "$listing"; }
thorough_slow_button_fetch_cut_is_tried_again() { retried cut-before POST "/$repository.git/git-upload-pack"; }

# ---- secrets -----------------------------------------------------------------------------------------

# What anybody on the machine may see: the command lines of gpg and its agent, and what they inherit.
thorough_button_no_secret_in_processes() {
    with_keys
    configure '{"latency_ms": 60}'
    use_key passphrase
    (
        while [ ! -e "$S/seen-enough" ]; do
            for file in $(grep -lzsxF "GITHUB_WORKSPACE=$WORKSPACE" /proc/[0-9]*/environ); do
                file=${file%/environ}
                tr '\0' '\n' < "$file/cmdline" >> "$S/command-lines"
                case $(< "$file/comm") in
                gpg*) { echo "== $(< "$file/comm")" && tr '\0' '\n' < "$file/environ"; } >> "$S/environments" ;;
                esac
            done
        done 2> /dev/null
    ) &
    local sampler=$! secret
    run_with_inputs "${with[@]}" INPUT_TAG=v0.2.0-rc.1
    touch "$S/seen-enough"
    wait $sampler
    expect_exit 0
    grep -q 'gpg-agent' "$S/command-lines" || fail "no agent was seen at work"
    for secret in "$write_token" "${secrets[@]}"; do
        ! grep -qF -- "$secret" "$S/command-lines" || fail "a secret on a command line: $secret"
        ! grep -qF -- "$secret" "$S/environments" || fail "a secret in the environment of gpg: $secret"
    done
    wait_until_nothing_left 1000
}

# where /run/user/UID exists, GnuPG puts its sockets there
thorough_button_sockets_elsewhere() {
    with_keys "mkdir -p '$S/run-user/$(id -u)' && chmod 700 '$S/run-user/$(id -u)' && mount -t tmpfs none /run && mkdir /run/user && mount --bind '$S/run-user' /run/user"
    mkdir -p "$S/run-user"
    press plain INPUT_TAG=v0.2.0-rc.1
    expect_exit 0
    local left
    left=$(find "$S/run-user" -mindepth 2 -path '*/gnupg/?*')
    [ -z "$left" ] || fail "sockets were left:" "$left"
    [ -d "$S/run-user/$(id -u)/gnupg" ] || fail "GnuPG was expected to use /run/user"
}
