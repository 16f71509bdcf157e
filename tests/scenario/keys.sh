# shellcheck shell=bash
# The words of scenarios that sign or verify: the keys of tests/keys, a GnuPG that plays people, and
# a /dev/shm of each scenario's own, so that what a run leaves there is seen beside other runs.

keys=$here/../keys
passphrase='Correct horse: 100% "battery" staple' # of test-key-passphrase

declare -A fingerprint=() user_id=()
while IFS=$'\t' read -r name print id; do
    fingerprint[$name]=$print
    user_id[$name]=$id
done < "$keys/test-keys.tsv"
unset name print id

# What all scenarios share: a home with all secret keys and one agent, a home with all public keys,
# and the words that make a mount namespace here. Made by the first that needs them.
need_rings() {
    rings=${S%/*}/rings
    exec 8> "$rings.lock"
    flock 8
    [ -f "$rings/ready" ] || (make_rings) > "$rings.log" 2>&1 8>&-
    exec 8>&-
    [ -f "$rings/ready" ] || fail "no ready key rings" "$(tail -5 "$rings.log")"
    read -ra namespace < "$rings/ready"
}

make_rings() {
    local secret=() name try
    rm -rf "$rings"
    mkdir -m 700 "$rings" "$rings/secret" "$rings/public"
    for name in "${!fingerprint[@]}"; do
        case $name in
        stub) ;;
        revoked) secret+=("$keys/test-key-before-revocation.asc") ;;
        *) secret+=("$keys/test-key-$name.asc") ;;
        esac
    done
    printf '%s' "$passphrase" > "$rings/passphrase"
    install -m 600 "$keys/ssh-test-key" "$rings/ssh" # ssh-keygen refuses one that others may read
    # shellcheck disable=SC2016 # the script's own
    printf '#!/bin/sh\nexec gpg --homedir "%s" --batch --quiet --no-tty --pinentry-mode loopback --passphrase-file "%s" "$@"\n' \
        "$rings/secret" "$rings/passphrase" > "$rings/gpg"
    chmod +x "$rings/gpg"
    "$rings/gpg" --import "${secret[@]}" &&
        gpg --homedir "$rings/public" --batch --quiet --no-autostart --import "$keys"/test-key-*.pub || return
    local tries=("unshare -m" "unshare -rm" "sudo -n unshare -m")
    # In a chroot that is no mount; safe where no mount of ours would be seen outside.
    grep -q ' shared:' /proc/self/mountinfo || tries+=("unshare -m --propagation unchanged")
    for try in "${tries[@]}"; do
        # shellcheck disable=SC2086 # words
        if $try true; then
            echo "$try" > "$rings/ready"
            return
        fi
    done
    echo "a mount namespace was expected; unshare (package util-linux) may not make one here"
}

# After all scenarios.
end_keys() { # FOLDER of all scenarios
    [ ! -d "$1/rings" ] || gpgconf --homedir "$1/rings/secret" --kill gpg-agent
    rm -rf "/dev/shm/${1##*/}"
}

# What each of these scenarios begins with; MORE is done in the mount namespace beforehand.
with_keys() { # [MORE]
    need_rings
    shm=${S%/*}
    shm=/dev/shm/${shm##*/}/${S##*/}
    mkdir -p "$shm"
    if [ -n "${IMAGE:-}" ]; then
        chmod 1777 "$shm" # as Docker's own
        container_options+=(-v "$shm:/dev/shm")
        return
    fi
    as_user=("${namespace[@]}" sh -c "mount --bind \"\$0\" /dev/shm && ${1:+$1 &&} exec \"\$@\"" "$shm")
}

trust() { # NAME …: in $trusted, the public keys as text
    local name
    trusted=INPUT_TRUSTED_KEYS=
    for name in "$@"; do
        trusted+=$(< "$keys/test-key-$name.pub")$'\n'
    done
}

# ---- the button ------------------------------------------------------------------------------------

use_key() { # NAME|none: sets $with, and what must not be shown
    local line
    with=()
    secrets=()
    [ "$1" != none ] || return 0
    with=(INPUT_SIGNING_KEY="$(< "$keys/test-key-$1.asc")")
    if [ "$1" = passphrase ]; then
        with+=(INPUT_SIGNING_PASSPHRASE="$passphrase")
        secrets=("$passphrase")
    fi
    case $1 in public | garbage | empty) return 0 ;; esac
    while read -r line; do
        [ ${#line} -lt 40 ] || [[ $line = -----* ]] || secrets+=("$line")
    done < "$keys/test-key-$1.asc"
}

press() { # KEY|none NAME=VALUE …
    use_key "$1"
    shift
    run_with_inputs "${with[@]}" "$@"
    expect_nothing_left
}

# ---- what a run leaves behind ------------------------------------------------------------------------

# Processes of this scenario's runs (the environment is inherited), and what is on their /dev/shm.
left_over() {
    local file found
    found=$(grep -lzsxF -e "GITHUB_WORKSPACE=$WORKSPACE" -e "HOME=$S/home" /proc/[0-9]*/environ)
    for file in $found; do
        file=${file%/environ}
        [ ! -r "$file/comm" ] || echo "process ${file#/proc/} $(tr '\0' ' ' < "$file/comm")"
    done
    [ -z "$(shopt -s nullglob dotglob; echo "$shm"/*)" ] || find "$shm" -mindepth 1
}

wait_until_nothing_left() { # MILLISECONDS
    local began=${EPOCHREALTIME/./} left
    while left=$(left_over) && [ -n "$left" ]; do
        [ $((${EPOCHREALTIME/./} - began)) -lt $(($1 * 1000 * patience)) ] || fail "left $(($1 * patience)) ms after the end:" "$left"
        sleep 0.05
    done
}

expect_nothing_left() { # no file at once; an agent that was told to end may take a moment
    local files
    shopt -s nullglob dotglob
    files=("$shm"/*)
    [ ${#files[@]} = 0 ] || fail "the run left in its /dev/shm:" "$(find "$shm" -mindepth 1)"
    files=("$S"/home/*)
    shopt -u nullglob dotglob
    for file in "${files[@]}"; do
        [ "${file##*/}" = .gitconfig ] || fail "files were made in HOME:" "${files[@]}"
    done
    [ ! -e "$WORKSPACE/.git" ] || [ -z "$(find "$WORKSPACE" -newer "$RUN/before" -type f)" ] ||
        fail "files of the workspace were changed:" "$(find "$WORKSPACE" -newer "$RUN/before" -type f)"
    wait_until_nothing_left 1000
}

# ---- what anybody sees of a tag ----------------------------------------------------------------------

tag_bytes() { # TAG: the object in $bytes, all of it
    bytes=$(on_server cat-file tag "refs/tags/$1" && echo .) ||
        fail "the tag $1 was not made" "$(tail -5 "$RUN/log")"
    bytes=${bytes%.}
}

tag_field() { # TAG FIELD: in the object's head
    local bytes head
    tag_bytes "$1"
    head=$'\n'${bytes%%$'\n\n'*}$'\n'
    head=${head#*$'\n'"$2 "}
    echo "${head%%$'\n'*}"
}

# Who has the public key sees whose signature it is; it is a tag of that commit.
expect_verified_tag() { # TAG REVISION KEY
    local said
    said=$(GNUPGHOME=$rings/public on_server verify-tag --raw -v "$1" 2>&1) ||
        fail "git verify-tag -v $1 fails:" "$said"
    [[ $said = *VALIDSIG*"${fingerprint[$3]}"* ]] || fail "another key signed:" "$said"
    same "the tagged commit" "$(object "$2^{commit}")" "$(tag_field "$1" object)"
}

# The same closely: the object, byte for byte, and its neighbours.
expect_signed_tag() { # TAG REVISION KEY [NAME MAIL]
    local mail=${user_id[$3]##*<} bytes commit
    expect_verified_tag "$1" "$2" "$3"
    expect_strict "$1"
    commit=$(object "$2^{commit}")
    tag_bytes "$1"
    [[ $bytes = "object $commit"$'\ntype commit\ntag '"$1"$'\ntagger '* ]] ||
        fail "a tag of $commit was expected:" "$bytes"
    expect_as_git_makes_it "$1" "$commit" "$3" "${4:-${user_id[$3]% <*}}" "${5:-${mail%>}}"
    expect_output tag_object "$(object "refs/tags/$1")"
}

expect_strict() { # TAG: git's own check of the objects
    local said
    said=$(on_server fsck --strict --no-dangling --no-progress 2>&1)
    [[ $said != *"$(object "refs/tags/$1")"* ]] || fail "git fsck --strict:" "$said"
}

# git tag -s, for the same name, message, tagger and date: the same bytes, but for the signature's.
expect_as_git_makes_it() { # TAG COMMIT KEY NAME MAIL
    local ours=$bytes date=${bytes%%$'\n\n'*} repo=$S/git-repo said
    date=${date##*> }
    mkdir -p "$repo"/{refs,objects/info}
    echo 'ref: refs/heads/main' > "$repo/HEAD"
    echo "$ROOT/repo.git/objects" > "$repo/objects/info/alternates"
    said=$(GIT_COMMITTER_NAME=$4 GIT_COMMITTER_EMAIL=$5 GIT_COMMITTER_DATE=$date git \
        --git-dir="$repo" -c gpg.program="$rings/gpg" -c user.signingkey="${fingerprint[$3]}" \
        tag -sf -m "${expected_message:-$(message_of "$1")}" "$1" "$2" 2>&1) || fail "git tag -s fails:" "$said"
    bytes=$(git --git-dir="$repo" cat-file tag "refs/tags/$1" && echo .)
    bytes=${bytes%.}
    same "what git tag -s makes" "$(payload_of "$bytes")" "$(payload_of "$ours")"
    same "the form of the signature" "$(form_of "$bytes")" "$(form_of "$ours")"
}

payload_of() { # OBJECT: all ahead of the last signature, without a dot that only older Gits drop
    local payload=${1%$'\n-----BEGIN PGP SIGNATURE-----'*}
    printf '%s.' "${payload/. </ <}"
}

form_of() { # OBJECT: its signature's lines, but for what they hold, and all that follows
    local signature=${1##*$'\n-----BEGIN PGP SIGNATURE-----'} line
    while IFS= read -r line; do
        [[ -n $line && $line != -* ]] || printf '%s|' "$line"
    done <<< "$signature"
    signature=${signature: -35} # from the checksum's line on
    printf '%s' "${signature//[A-Za-z0-9+\/=]/x}"
}

message_of() { # TAG: prints what usual_message sets
    local message
    usual_message "$1"
    printf '%s' "$message"
}
