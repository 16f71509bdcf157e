# shellcheck shell=bash
# The words that scenarios are written in. Sourced by `run`, for one scenario a process; the first
# thing that is not as expected ends it. Bash itself does here what other programs could do shorter:
# starting one costs more than all that it does, and a run is looked at with every word.

repository=llm-d/llm-d-router
former_repository=llm-d/llm-d-inference-scheduler
write_token=test-token-write
read_token=test-token-read
bot='github-actions[bot]'
zero=0000000000000000000000000000000000000000

inputs='command token tag major minor patch rc tag_prefix remote prerelease_labels project
source_branch release_branch tag_message signing_key signing_passphrase sign tagger trusted_keys
verify_tag require_rc title draft prerelease make_latest body body_path generate_notes previous_tag
notes_on_edit upstream upstream_module files checksums workflows images wait_minutes announce_to
announce_from announce_candidates smtp_url smtp_username smtp_password announcement_path issue
close_issue dry_run ca_bundle timeout_seconds'

outputs=' tag version major minor patch rc prerelease latest branch branch_created tag_created commit
tag_object previous_tag release_id release_url upload_url notes announcement changed plan '

export LC_ALL=C.UTF-8 TZ=UTC GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
export GIT_AUTHOR_NAME='Bob Birch' GIT_AUTHOR_EMAIL=bob@example.org
export GIT_COMMITTER_NAME='Bob Birch' GIT_COMMITTER_EMAIL=bob@example.org
export GIT_AUTHOR_DATE='1788177600 +0000' GIT_COMMITTER_DATE='1788177600 +0000'

# How many times longer than alone a run may take here: others run beside it, and sanitizers are slow.
patience=${PATIENCE:-2}

# ---- beginning and end ----------------------------------------------------------------------------

fail() { # LINE…: says what is wrong, and ends the scenario
    printf '    %s\n' "$@"
    exit 1
}

same() { # WHAT EXPECTED FOUND
    [ "$2" = "$3" ] || fail "$1" "expected: $2" "found:    $3"
}

begin() { # FOLDER, a copy of the template: a sandbox of this scenario's own
    S=$1
    N=0
    RUN=
    unchecked=
    ROOT=$S/root
    WORKSPACE=$S/workspace
    declare -gA given=()  # the outputs of the last run
    declare -gA known=()  # what revisions name, as far as nothing was pushed since
    declare -gA pushed=() # what tags named when they were pushed: "OBJECT COMMIT"
    read_revisions < "$S/revisions"
    "$SANDBOX" --root "$ROOT" > "$S/sandbox.log" 2>&1 &
    sandbox_pid=$!
    # shellcheck disable=SC2086 # one that was not started is none
    trap 'kill "$sandbox_pid" $smtp_pid 2> /dev/null; wait "$sandbox_pid" $smtp_pid 2> /dev/null' EXIT
    local tries=0
    exec 8<> "$S/never"
    until [ -f "$ROOT/ready" ]; do
        tries=$((tries + 1))
        { [ $tries -lt 500 ] && kill -0 "$sandbox_pid" 2> /dev/null; } ||
            fail "the sandbox does not start" "$(cat "$S/sandbox.log")"
        read -rt 0.02 -u 8 # a sleep without a process
    done
    exec 8>&-
    # shellcheck disable=SC1091 # written by the sandbox
    . "$ROOT/ready"
    api=$API_URL/repos/$repository
}

read_revisions() {
    local revision id
    while read -r revision id; do
        known[$revision]=$id
    done
}

finish() {
    [ -n "$RUN" ] || fail "the scenario ran nothing"
    [ -z "$unchecked" ] || fail "nobody asked how the last run ended (expect_exit)"
}

# ---- the sandbox -----------------------------------------------------------------------------------

# Without curl, whose start costs more than all the rest of a scenario.
open_admin() { # METHOD PATH [BODY]: the answer's body is then read from 9
    local line status LC_ALL=C # lengths are in bytes
    exec 9<> "/dev/tcp/127.0.0.1/${ADMIN_URL##*:}" || fail "the sandbox is gone"
    printf '%s %s HTTP/1.1\r\nHost: sandbox\r\nUser-Agent: test\r\nAuthorization: Bearer %s\r\n%s' \
        "$1" "$2" $write_token $'Connection: close\r\n' >&9
    printf 'Content-Length: %d\r\n\r\n%s' "$((0${3:+ + ${#3}}))" "${3:-}" >&9
    read -r _ status _ <&9
    while read -r line <&9 && [ "$line" != $'\r' ]; do :; done
    [ "${status:0:1}" = 2 ]
}

ask_admin() { # PATH: prints the answer of the sandbox's second port
    local status
    open_admin GET "$1"
    status=$?
    cat <&9
    exec 9>&-
    return $status
}

tell_admin() { # PATH [BODY]
    open_admin POST "$@" || fail "the sandbox does not take $*" "$(cat <&9)"
    exec 9>&-
}

await() { # METHOD PATH-PATTERN [answered]: such a request
    tell_admin "/await?method=$1&path=$2${3:+&answered=1}"
}

# Acts once the sandbox has answered such a request.
when_asked() { # METHOD PATH-PATTERN COMMAND …
    (
        await "$1" "$2" answered
        touch "$S/acted"
        "${@:3}"
    ) &
}

# Acts when our branch is there, and before the next request is carried out.
when_branch_made() { # COMMAND …
    configure '{"latency_ms": 1000}'
    when_asked POST '*/git/refs' at_once "$@"
}

at_once() {
    "$@"
    configure '{"latency_ms": 0}'
}

expect_acted() { [ -e "$S/acted" ] || fail "nobody acted in between"; }

# What is there, in FOLDER: the state as NAME and, for bash, as NAME.sh; requests and stats.
record() { # FOLDER NAME [reset]
    tell_admin "/record?folder=$1&name=$2${3:+&reset=1}"
}

configure() { # JSON, merged into the sandbox's configuration
    tell_admin /config "$1"
}

# fault KIND METHOD PATH [TIMES] [ARGUMENT]: how the sandbox answers requests of a kind wrongly
fault() {
    faults=${faults:+$faults,}$(printf '{"match": {"method": "%s", "path": "%s"}, "fault": "%s",
        "times": %d%s}' "$2" "$3" "$1" "${4:-1}" "${5:+, \"arg\": $5}")
    tell_admin /faults "[$faults]"
}

no_faults() {
    faults=
    tell_admin /faults '[]'
}

state() { # what is there now, as JSON
    record "$S" now
    echo "$(< "$S/now")"
}

look() { # what is there now, in $release_ids and by id in $release_tag_name, …_name, …_body, …_draft
    record "$S" now
    # shellcheck disable=SC1091 # written by the sandbox
    . "$S/now.sh"
}

# as_maintainer METHOD PATH [BODY]: what a person does on the page, through the API
as_maintainer() {
    open_admin "$1" "/api/v3/repos/$repository$2" "${@:3}" ||
        fail "the sandbox refused $1 $2" "$(cat <&9)"
    [ "$1" = PATCH ] || cat <&9
    exec 9>&-
}

# ---- what maintainers do -----------------------------------------------------------------------------

on_server() { git --git-dir="$ROOT/repo.git" "$@"; }

commit() { # REVISION, as the changes show it
    find_object "$1^{commit}"
    echo "${found:0:12}"
}

find_object() { # REVISION: in $found
    found=${known[$1]:-}
    if [ -z "$found" ]; then
        found=$(on_server rev-parse "$1")
        known[$1]=$found
    fi
}

object() { # REVISION
    find_object "$1"
    echo "$found"
}

push_ref() { # REF OBJECT: as update-ref does, without the process
    [ -d "$ROOT/repo.git/${1%/*}" ] || mkdir -p "$ROOT/repo.git/${1%/*}"
    echo "$2" > "$ROOT/repo.git/$1"
}

push_object() { # TAG OBJECT COMMIT
    push_ref "refs/tags/$1" "$2"
    pushed[$1]="$2 $3"
    known["refs/tags/$1"]=$2
    known["refs/tags/$1^{commit}"]=$3
}

# The sandbox knows no keys: a signature that is there counts as valid, unless told otherwise.
signature='-----BEGIN PGP SIGNATURE-----

iHUEABYKAB0WIQQAAAAAAAAAAAAAAAAAAAAAAAAAAAUCaAAAAAAKCRAAAAAAAAAA
AAD9AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
=AAAA
-----END PGP SIGNATURE-----'

usual_message() { # TAG: in $message
    case $1 in
    *-rc.*) message="llm-d-router $1 Release Candidate" ;;
    *) message="llm-d-router $1 Release" ;;
    esac
}

# write_tag NAME OBJECT TYPE TEXT: prints the new tag object
write_tag() {
    on_server hash-object -t tag -w --stdin --literally <<< "object $2
type $3
tag $1
tagger Bob Birch <bob@example.org> 1788177600 +0000

$4"
}

push_tag() { # NAME REVISION [MESSAGE]: signed
    usual_message "$1"
    find_object "$2^{commit}"
    if [ $# = 2 ] && [ -n "${known["signed:$1:$found"]:-}" ]; then # one of usual_tags
        push_object "$1" "${known["signed:$1:$found"]}" "$found"
    else
        push_tag_object "$1" "$1" "$2" "${3:-$message}
$signature"
    fi
}

# The objects of the tags that most scenarios push, written once: git takes a while to start.
write_usual_tags() { # FOLDER, the template
    local tag commit message
    while read -r tag commit; do
        commit=$(git --git-dir="$1/root/repo.git" rev-parse "$commit")
        usual_message "$tag"
        echo "signed:$tag:$commit $(ROOT=$1/root write_tag "$tag" "$commit" commit "$message
$signature")"
    done >> "$1/revisions" << END
v0.1.7-rc.1 release-0.1
v0.2.0-rc.1 main
v0.1.7 release-0.1
END
}

push_unsigned_tag() { # NAME REVISION [MESSAGE]: annotated
    usual_message "$1"
    push_tag_object "$1" "$1" "$2" "${3:-$message}"
}

push_tag_with_inner_name() { # NAME REVISION INNER-NAME
    usual_message "$1"
    push_tag_object "$1" "$3" "$2" "$message
$signature"
}

push_tag_object() { # NAME INNER-NAME REVISION TEXT
    local commit
    find_object "$3^{commit}"
    commit=$found
    push_object "$1" "$(write_tag "$2" "$commit" commit "$4")" "$commit"
}

push_lightweight_tag() { # NAME REVISION
    find_object "$2^{commit}"
    push_object "$1" "$found" "$found"
}

push_tag_of_tag() { # NAME TAG
    usual_message "$1"
    push_object "$1" "$(write_tag "$1" "$(object "refs/tags/$2")" tag "$message
$signature")" "$(object "refs/tags/$2^{commit}")"
}

push_branch() { # NAME REVISION
    push_ref "refs/heads/$1" "$(object "$2^{commit}")"
    known=()
}

put_file() { # BRANCH PATH MODE FILE [MESSAGE]: a commit on the server's branch
    local -x GIT_INDEX_FILE=$S/index
    local blob tree
    rm -f "$S/index"
    on_server read-tree "refs/heads/$1"
    blob=$(on_server hash-object -w "$4")
    on_server update-index --add --cacheinfo "$3,$blob,$2"
    tree=$(on_server write-tree)
    push_ref "refs/heads/$1" "$(on_server commit-tree -p "refs/heads/$1" -m "${5:-Keys}" "$tree")"
    known=()
}

# commit_to BRANCH MESSAGE [PARENT]: an empty commit on the server's branch, with a second parent a merge
commit_to() {
    push_ref "refs/heads/$1" "$(on_server commit-tree -p "refs/heads/$1" ${3:+-p "$3"} -m "$2" \
        "refs/heads/$1^{tree}")"
    known=()
}

pick_to() { # BRANCH REVISION …: cherry-picks, as git cherry-pick -x writes them
    local revision
    for revision in "${@:2}"; do
        commit_to "$1" "$(on_server log -1 --format=%B "$revision")

(cherry picked from commit $(on_server rev-parse "$revision"))"
    done
}

delete_tag() {
    on_server update-ref -d "refs/tags/$1"
    known=()
}

# Another push moved the tag, but the run is that of the first push.
move_tag_behind_the_run() { # NAME REVISION
    local first=${pushed[$1]}
    push_tag "$1" "$2"
    pushed[$1]=$first
}

draft_by_hand() { # TAG TITLE BODY [MORE-FIELDS]: what another job or a person made
    release_by_hand "$1" "$2" "$3" '"draft": true' "${4:-}"
}

published_by_hand() { # TAG TITLE BODY [MORE-FIELDS]
    release_by_hand "$1" "$2" "$3" '"draft": false' "${4:-}"
}

release_by_hand() { # TAG TITLE BODY FIELD [MORE-FIELDS, as an object]
    local tag title body more=${5:-}
    json_text tag "$1"
    json_text title "$2"
    json_text body "$3"
    more=${more#'{'}
    more=${more%'}'}
    tell_admin /releases "{\"tag_name\": $tag, \"name\": $title, \"body\": $body, $4${more:+, $more}}"
}

json_text() { # VARIABLE TEXT: sets it to the text as JSON
    local text=$2 code character
    text=${text//\\/\\\\}
    text=${text//\"/\\\"}
    text=${text//$'\n'/\\n}
    if [[ $text = *[$'\x01'-$'\x1f']* ]]; then
        for code in {1..31}; do
            printf -v character "\\x$(printf %x "$code")"
            printf -v code '\\u%04x' "$code"
            text=${text//"$character"/"$code"}
        done
    fi
    printf -v "$1" '"%s"' "$text"
}

# In $found the ids of all releases and drafts of the tag, the lowest first; what they are is then in
# the arrays of `look`.
find_releases() { # TAG
    local id
    look
    found=()
    for id in "${release_ids[@]}"; do
        [ "${release_tag_name[$id]}" != "$1" ] || found+=("$id")
    done
}

draft_id() { # TAG: of the first draft
    local found
    find_releases "$1"
    echo "${found[0]:-null}"
}

body_of() { # TAG: of the only release or draft
    local found
    find_releases "$1"
    [ ${#found[@]} = 1 ] || fail "${#found[@]} releases of $1" >&2
    printf '%s\n' "${release_body[${found[0]}]}"
}

edit_body() { # TAG JQ-FILTER: a person edits the text on the page
    local found
    find_releases "$1"
    as_maintainer PATCH "/releases/${found[0]}" "$(jq --argjson id "${found[0]}" \
        "{body: (.releases[] | select(.id == \$id) | .body | $2)}" "$S/now")"
}

edit_draft() { as_maintainer PATCH "/releases/$(draft_id "$1")" "$2"; } # TAG FIELDS

twin_of_draft() { # TAG [MORE-FIELDS]: a second draft like the first, as a race leaves it
    local fields
    record "$S" now
    fields=$(jq -c --arg tag "$1" --argjson more "${2:-{\}}" '[.releases[] |
        select(.tag_name == $tag)][0] | del(.id, .is_latest, .assets, .make_latest) + $more' "$S/now")
    tell_admin /releases "$fields"
}

title_pull_request() { # NUMBER TITLE
    change_pull_request "$1" "$(jq -nc --arg title "$2" '{title: $title}')"
}

change_pull_request() { # NUMBER FIELDS; one that isn't there is made
    jq --argjson number "$1" --argjson fields "$2" '
        if any(.pull_requests[]; .number == $number) then .
        else .pull_requests += [{number: $number, labels: []}] end |
        .pull_requests |= [.[] | if .number == $number then . + $fields else . end]' \
        "$ROOT/config.json" > "$S/config.json"
    mv "$S/config.json" "$ROOT/config.json"
    configure "$(jq -c '{pull_requests}' "$ROOT/config.json")"
}

# ---- checkouts ---------------------------------------------------------------------------------------

# What actions/checkout leaves: a full clone, or for a tag depth 1 and the tag's ref on the commit.
checkout() { # full|shallow TAG
    local sha quiet=(-c advice.detachedHead=false -c init.defaultBranch=main)
    sha=$(object "refs/tags/$2^{commit}")
    rm -rf "$WORKSPACE"
    if [ "$1" = full ]; then
        git "${quiet[@]}" clone -q "file://$ROOT/repo.git" "$WORKSPACE"
        git -C "$WORKSPACE" "${quiet[@]}" checkout -q "refs/tags/$2"
    else
        git "${quiet[@]}" init -q "$WORKSPACE"
        GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=uploadpack.allowAnySHA1InWant GIT_CONFIG_VALUE_0=true \
            git -C "$WORKSPACE" fetch -q --no-tags --depth=1 "file://$ROOT/repo.git" \
            "+$sha:refs/tags/$2"
        git -C "$WORKSPACE" "${quiet[@]}" checkout -q "refs/tags/$2"
        git -C "$WORKSPACE" remote add origin x
    fi
    git -C "$WORKSPACE" remote set-url origin "$SERVER_URL/$repository"
    [ "$(id -u)" != 0 ] || chown -R 1001 "$WORKSPACE" # the runner's user
}

# A clone on a laptop, whose remote is an address as people have it.
clone() { # FOLDER [ADDRESS]
    git clone -q "file://$ROOT/repo.git" "$1"
    git -C "$1" remote set-url origin "${2:-git@github.com:$repository.git}"
}

# ---- events --------------------------------------------------------------------------------------------

common_of_events() { # what every event says, in $common
    local page=$SERVER_URL/$repository
    printf -v common '"repository": {"id": 912345678, "name": "%s", "full_name": "%s", "private": false,
        "owner": {"login": "llm-d", "type": "Organization"}, "html_url": "%s", "url": "%s",
        "clone_url": "%s.git", "default_branch": "main", "master_branch": "main"},
    "sender": {"login": "bobbirch", "type": "User"}' "${repository#*/}" "$repository" "$page" \
        "$page" "$page"
}

# docs.github.com/webhooks/webhook-events-and-payloads#push
push_event() { # REF OBJECT COMMIT
    common_of_events
    printf '{"ref": "%s", "before": "%s", "after": "%s", "created": true, "deleted": false,
    "forced": false, "base_ref": null, "compare": "%s/%s/compare/%s", "commits": [],
    "pusher": {"name": "bobbirch", "email": "bob@example.org"}, "head_commit": {"id": "%s",
        "distinct": true, "message": "a commit", "timestamp": "2026-08-31T12:00:00Z",
        "author": {"name": "Bob Birch", "email": "bob@example.org"},
        "added": [], "removed": [], "modified": []},
    %s}\n' "$1" $zero "$2" "$SERVER_URL" "$repository" "${1#refs/tags/}" "$3" "$common"
}

dispatch_event() { # REF
    common_of_events
    printf '{"inputs": {}, "ref": "%s", "workflow": ".github/workflows/cut.yaml",
    %s}\n' "$1" "$common"
}

workflow_run_event() { # HEAD-BRANCH HEAD-SHA
    common_of_events
    printf '{"action": "completed", "workflow_run": {"id": 77, "name": "release", "event": "push",
        "head_branch": "%s", "head_sha": "%s", "status": "completed", "conclusion": "success",
        "path": ".github/workflows/ci-release.yaml"},
    %s}\n' "$1" "$2" "$common"
}

# docs.github.com/webhooks/webhook-events-and-payloads#release
release_event() { # TAG ACTION
    common_of_events
    printf '{"action": "%s", "release": {"id": 5, "tag_name": "%s", "target_commitish": "main",
        "name": "%s", "draft": false, "prerelease": false, "author": {"login": "bobbirch"}},
    %s}\n' "$2" "$1" "$1" "$common"
}

# ---- runs -------------------------------------------------------------------------------------------------

empty_inputs=() # an input without a value arrives as an empty string
for name in $inputs; do
    empty_inputs+=("INPUT_${name^^}=")
done

# The environment that the runner gives to a container action. Of a name that comes twice, the last
# counts (env).
runner_environment() { # EVENT REF SHA
    local name=${2#refs/heads/}
    name=${name#refs/tags/}
    environment=(CI=true GITHUB_ACTIONS=true HOME="$S/home"
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
        GITHUB_API_URL="$API_URL" GITHUB_SERVER_URL="$SERVER_URL" GITHUB_REPOSITORY="$repository"
        GITHUB_REPOSITORY_OWNER=llm-d GITHUB_EVENT_NAME="$1" GITHUB_REF="$2" GITHUB_REF_NAME="$name"
        GITHUB_SHA="$3" GITHUB_EVENT_PATH="$S/event.json" GITHUB_WORKSPACE="$WORKSPACE"
        GITHUB_WORKFLOW=cut GITHUB_WORKFLOW_REF="$repository/.github/workflows/cut.yaml@$2"
        GITHUB_RUN_ID=4711 GITHUB_RUN_NUMBER=7 GITHUB_RUN_ATTEMPT=1 GITHUB_JOB=cut
        GITHUB_ACTION=__cut GITHUB_ACTION_REPOSITORY=example/cut-release GITHUB_ACTION_REF=v1
        GITHUB_ACTOR=bobbirch RUNNER_OS=Linux RUNNER_ARCH=X64 RUNNER_TEMP="$S/temp"
        SSL_CERT_FILE="$CA")
    case $2 in
    refs/tags/*) environment+=(GITHUB_REF_TYPE=tag) ;;
    *) environment+=(GITHUB_REF_TYPE=branch) ;;
    esac
    environment+=("${empty_inputs[@]}" "INPUT_TOKEN=$write_token")
    [ -z "${IMAGE:-}" ] || { # which sees the workspace only
        cp "$CA" "$WORKSPACE/sandbox-ca.pem"
        environment+=(SSL_CERT_FILE="$WORKSPACE/sandbox-ca.pem")
        use_image
    }
}

change_environment() { # NAME=VALUE … sets, !NAME removes
    local change item kept
    for change in "$@"; do
        if [[ $change != !* ]]; then
            environment+=("$change")
            continue
        fi
        kept=()
        for item in "${environment[@]}"; do
            [ "${item%%=*}" = "${change#!}" ] || kept+=("$item")
        done
        environment=("${kept[@]}")
    done
}

# Where CUT_RELEASE is `runner`, what that wants to know.
use_image() {
    [ -n "${IMAGE:-}" ] || return 0
    container=cut-release-test-$BASHPID-$N
    environment+=(IMAGE="$IMAGE" DOCKER="$DOCKER" DOCKER_HOST="${DOCKER_HOST:-}"
        CONTAINER="$container" CONTAINER_OPTIONS="${container_options[*]}")
}
container_options=() # of docker run; no blank in any

prepare_run() {
    finish_run_before
    N=$((N + 1))
    RUN=$S/run-$N
    : > "$RUN/output"
    : > "$RUN/summary"
    record "$RUN" before reset
}

finish_run_before() {
    [ -z "$unchecked" ] || fail "nobody asked how the run ended (expect_exit)"
}

# Runs the binary in $environment, with the files of a step; the arguments are its own. What stands
# in $meanwhile is done while it runs.
start() {
    local began=${EPOCHREALTIME/./}
    "${as_user[@]}" env -i "${environment[@]}" "$CUT_RELEASE" "$@" > "$RUN/log" 2>&1 < /dev/null &
    run_pid=$!
    "${meanwhile[@]}"
    wait "$run_pid"
    ended=$?
    took_ms=$(((${EPOCHREALTIME/./} - began) / 1000))
    meanwhile=(:)
    inspect_run
}
meanwhile=(:)

# terminate_once COMMAND …, which returns when it is time: a word for $meanwhile; $took_ms is then the
# time from the signal to the end.
terminate_once() {
    "$@"
    began=${EPOCHREALTIME/./}
    kill -TERM "$run_pid"
}

until_true() { # COMMAND …
    local tries=0
    until "$@"; do
        tries=$((tries + 1))
        [ $tries -lt 200 ] || fail "it was never true: $*" "$(tail -3 "$RUN/log")"
        sleep 0.05
    done
}

as_user=()

killed_status= # what a run ends with that the scenario kills
inspect_run() {
    unchecked=yes
    record "$RUN" after
    stats=$(< "$RUN/stats")
    [ "$ended" -lt 126 ] || [ "$ended" = "$killed_status" ] ||
        fail "the run ended with status $ended" "$(tail -5 "$RUN/log")"
    check_log
    read_outputs
    check_secrets
    check_requests
}

run_on_runner() { # CHANGE…
    prepare_run
    change_environment GITHUB_OUTPUT="$RUN/output" GITHUB_STEP_SUMMARY="$RUN/summary" "$@"
    start
}

run_pushed() { # TAG [NAME=VALUE|!NAME …]: the step after a push of the tag
    local tag=$1 after commit
    shift
    [ -n "${pushed[$tag]:-}" ] ||
        pushed[$tag]="$(object "refs/tags/$tag") $(object "refs/tags/$tag^{commit}")"
    read -r after commit <<< "${pushed[$tag]}"
    push_event "refs/tags/$tag" "$after" "$commit" > "$S/event.json"
    runner_environment push "refs/tags/$tag" "$commit"
    run_on_runner "$@"
}

button_environment() { # pressed on main
    dispatch_event refs/heads/main > "$S/event.json"
    runner_environment workflow_dispatch refs/heads/main "$(object main)"
}

run_with_inputs() { # NAME=VALUE …: the button, pressed on main
    button_environment
    run_on_runner "$@"
}

run_dispatched_on() { # REF [NAME=VALUE …]
    local ref=$1
    shift
    dispatch_event "$ref" > "$S/event.json"
    runner_environment workflow_dispatch "$ref" "$(object "$ref^{commit}")"
    run_on_runner "$@"
}

run_after_workflow() { # TAG SHA [NAME=VALUE …]: after the image build
    workflow_run_event "$1" "$2" > "$S/event.json"
    runner_environment workflow_run refs/heads/main "$(object main)"
    shift 2
    run_on_runner "$@"
}

run_published() { # TAG [NAME=VALUE …]: the step after its release was published
    local tag=$1
    shift
    release_event "$tag" published > "$S/event.json"
    runner_environment release "refs/tags/$tag" "$(object "refs/tags/$tag^{commit}")"
    run_on_runner "$@"
}

# run_laptop FOLDER ARGUMENT…: no runner, and $laptop_environment if a scenario sets it
run_laptop() {
    local folder=$1
    shift
    prepare_run
    environment=(HOME="$S/home" PATH=/usr/bin:/bin "${laptop_environment[@]}")
    use_image
    cd "$folder" || fail "no folder $folder"
    start "$@"
    cd "$S" || exit 1
}
laptop_environment=()

no_network=()

# What starts a program that has no network at all, not even loopback.
find_no_network() {
    [ ${#no_network[@]} = 0 ] || return 0
    local try
    for try in "unshare -n" "unshare -rn" "sudo -n unshare -n"; do
        # shellcheck disable=SC2086 # words
        if $try true 2> /dev/null; then
            read -ra no_network <<< "$try"
            return
        fi
    done
    fail "a network namespace was expected; unshare (package util-linux) may not make one here"
}

# ---- what a run said -----------------------------------------------------------------------------------------

# The command of a line in the log, as the runner finds it (actions/runner, ActionCommand.cs): blanks
# ahead of "::" are trimmed, "##[" counts anywhere. Sets $name, $properties and $data.
shopt -s extglob
blanks=$'@([ \t\v\f]|\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80)'
find_command() {
    local line=$1 head LC_ALL=C
    name='' properties=''
    while [[ $line = $blanks* ]]; do
        # shellcheck disable=SC2295 # a pattern
        line=${line#$blanks}
    done
    if [[ $line = ::*::* ]]; then
        line=${line#::}
        head=${line%%::*}
        data=${line#*::}
    elif [[ $line = *'##['*']'* ]]; then
        line=${line#*'##['}
        head=${line%%']'*}
        data=${line#*']'}
    else
        return 1
    fi
    name=${head%% *}
    name=${name,,}
    [ "$name" = "$head" ] || properties=${head#* }
}

# Reads the log as the runner does (ActionCommandManager.cs): lines end with CR or LF, and between
# ::stop-commands::TOKEN and ::TOKEN:: nothing counts. Sets $findings, "LEVEL CODE" of each
# annotation, on a terminal too.
check_log() {
    local line name properties data token='' title
    { log=$(< "$RUN/log"); } 2> /dev/null # without bash's warning of NULs
    findings=()
    while IFS= read -r line; do
        if [[ -z $token && $line =~ ^(error|warning|notice)' '(CR-[A-Z-]+): ]]; then
            findings+=("${BASH_REMATCH[1]} ${BASH_REMATCH[2]}")
        fi
        [[ $line = *::* || $line = *'##['* ]] && find_command "$line" || continue
        if [ -n "$token" ]; then
            [ "$name" != "${token,,}" ] || token=
            continue
        fi
        case $name in
        stop-commands) token=$data ;;
        add-mask | endgroup | debug) ;;
        group) [[ $data = 'The plan for '* ]] || fail "a group that is not ours: $line" ;;
        error | warning | notice)
            [[ $properties =~ ^title=(CR-[A-Z-]+)' '[^,]+$ && $properties != *CR-FAKE* ]] ||
                fail "an annotation that is not ours: $line"
            findings+=("$name ${BASH_REMATCH[1]}")
            ;;
        *) fail "a command that no run may give: $line" ;;
        esac
    done <<< "${log//$'\r'/$'\n'}"
    [ -z "$token" ] || fail "the log ends with commands stopped"
}

# Reads GITHUB_OUTPUT as the runner does (FileCommandManager.cs): the last value of a name counts.
read_outputs() {
    local line name delimiter value found
    given=()
    [ -f "$RUN/output" ] || return 0
    while IFS= read -r line || [ -n "$line" ]; do
        [ -n "$line" ] || continue
        if [[ $line = *'<<'* && ${line%%'<<'*} != *=* ]]; then
            name=${line%%'<<'*}
            delimiter=${line#*'<<'}
            value=
            found=
            while IFS= read -r line || [ -n "$line" ]; do
                [ "$line" != "$delimiter" ] || { found=yes; break; }
                value+=$line$'\n'
            done
            [ -n "$found" ] || fail "the output $name has no end"
            value=${value%$'\n'}
        elif [[ $line = *=* ]]; then
            name=${line%%=*}
            value=${line#*=}
        else
            fail "a line of GITHUB_OUTPUT that the runner refuses: $line"
        fi
        [[ " ${outputs//$'\n'/ } " = *" $name "* ]] || fail "an output that nobody knows: $name"
        given[$name]=$value
    done < "$RUN/output"
}

# No secret anywhere but in the command that masks it.
check_secrets() {
    local secret said=$log file
    for file in output summary; do
        [ ! -f "$RUN/$file" ] || said+=$(< "$RUN/$file")
    done
    for secret in "$write_token" "$read_token" test-token-runtime "${secrets[@]}"; do
        said=${said//"::add-mask::$secret"/}
        [[ $said != *"$secret"* ]] || fail "a secret was shown: $secret"
    done
}
secrets=()

check_requests() {
    [[ $stats =~ '"strange":'[[:space:]]*0 ]] || fail "requests that GitHub does not document:" \
        "$(jq -r '.[] | select(.strange) | "\(.method) \(.path)?\(.query)"' "$RUN/requests")"
}

requests() { # of the run, as JSON
    echo "$(< "$RUN/requests")"
}

expect_stat() { # NAME NUMBER|EXTENDED-PATTERN
    [[ $stats =~ \"$1\":[[:space:]]*([0-9]+) ]] || fail "no statistics"
    local found=${BASH_REMATCH[1]}
    [[ $found =~ ^($2)$ ]] || fail "$1: $2 were expected, $found found:" \
        "$(jq -r '.[] | "\(.method) \(.path)"' "$RUN/requests")"
}

expect_exit() { # STATUS
    unchecked=
    [ "$1" = "$ended" ] || fail "exit status $1 was expected, $ended found; the log:" \
        "$(tail -15 "$RUN/log")"
}

expect_failure() { # with 1 or 2, where the contract leaves open which
    unchecked=
    [ "$ended" = 1 ] || [ "$ended" = 2 ] || fail "exit status 1 or 2 was expected, $ended found" \
        "$(tail -15 "$RUN/log")"
}

# expect_findings ["LEVEL CODE" …]: the annotations, all of them and no others, in the log and in
# the summary.
expect_findings() {
    local -A count=()
    local finding summary
    for finding in "$@"; do
        count[$finding]=$((${count[$finding]:-0} + 1))
    done
    for finding in "${findings[@]}"; do
        count[$finding]=$((${count[$finding]:-0} - 1))
    done
    for finding in "${!count[@]}"; do
        [ "${count[$finding]}" = 0 ] || fail "annotations expected:" "${@:-(none)}" \
            "annotations found:" "${findings[@]:-(none)}" "$(grep -a 'CR-' "$RUN/log")"
    done
    [ "${#environment[@]}" -gt 20 ] || return 0 # a terminal has no summary
    summary=$(< "$RUN/summary")
    for finding in "$@"; do
        [[ $summary = *"${finding#* }"* ]] || fail "the summary does not name ${finding#* }"
    done
}

expect_finding() { # "LEVEL CODE", among others
    local finding
    for finding in "${findings[@]}"; do
        [ "$finding" != "$1" ] || return 0
    done
    fail "an annotation was expected: $1" "$(tail -15 "$RUN/log")"
}

expect_log() { # TEXT: somewhere in the log
    [[ $log = *"$1"* ]] || fail "the log was expected to say: $1" "$(tail -15 "$RUN/log")"
}

expect_line() { # EXTENDED-PATTERN: a line of the log
    local line
    while IFS= read -r line; do
        [[ ! $line =~ $1 ]] || return 0
    done <<< "$log"
    fail "a line was expected like: $1" "$(tail -15 "$RUN/log")"
}

expect_no_log() { # TEXT
    [[ $log != *"$1"* ]] || fail "the log was not expected to say: $1" \
        "$(grep -aF -- "$1" "$RUN/log")"
}

expect_summary() { # TEXT
    [[ $(< "$RUN/summary") = *"$1"* ]] || fail "the summary was expected to say: $1" \
        "$(cat "$RUN/summary")"
}

output() { # NAME
    [ -n "${given[$1]+x}" ] || fail "the output $1 was not written"
    printf '%s' "${given[$1]}"
}

expect_output() { # NAME VALUE
    [ -n "${given[$1]+x}" ] || fail "the output $1 was not written"
    same "output $1" "$2" "${given[$1]}"
}

expect_outputs() { # NAME=VALUE …
    local pair
    for pair in "$@"; do
        expect_output "${pair%%=*}" "${pair#*=}"
    done
}

expect_step() { # KIND STATE: in the plan
    local rest=${given[plan]:-} states=
    while [[ $rest =~ '"kind":"'$1'","state":"'([a-z]+)'"'(.*) ]]; do
        states+=${states:+,}${BASH_REMATCH[1]}
        rest=${BASH_REMATCH[2]}
    done
    same "the step $1" "$2" "$states"
}

expect_within() { # MILLISECONDS, on an idle machine
    local most=$(($1 * patience))
    [ "$took_ms" -le $most ] || fail "at most $most ms were expected, it took $took_ms ms"
}

# ---- what a run did --------------------------------------------------------------------------------------------

# The changes of the last run, one line a branch, tag, draft or release; since an earlier run where
# its number is given.
changes() { # [RUN]
    awk -f "$here/changes.awk" "$S/run-${1:-$N}/before" "$RUN/after"
}

# shellcheck disable=SC2120 # scenarios pass it
expect_changes() { # [RUN]: the lines on standard input
    local expected found
    IFS= read -r -d '' expected
    expected=${expected%$'\n'}
    found=$(changes "$@")
    [ "$expected" = "$found" ] || fail "changes expected:" "${expected:-(none)}" "changes found:" \
        "${found:-(none)}" "$(tail -5 "$RUN/log")"
}

expect_changes_nothing() {
    expect_stat writes 0
    [ "$(< "$RUN/before")" = "$(< "$RUN/after")" ] ||
        fail "no change was expected, found:" "$(changes)"
}

expect_refused() { # EXIT "FINDING" …: and nothing was written, or begun
    local exit=$1
    shift
    expect_exit "$exit"
    expect_findings "$@"
    expect_changes_nothing
}

# The one draft of the tag that a clean run ends with.
expect_one_draft() { # TAG [latest]
    local latest=false prerelease=
    [ "${2:-}" != latest ] || latest=true
    [[ $1 != *-* ]] || prerelease=', prerelease'
    expect_changes "$N" <<< "+ draft $1 titled \"$1\"$prerelease, make_latest $latest, by $bot"
}

# What stands in the draft, but for the sandbox's address and the hashes of markers.
text_of() { # TAG
    body_of "$1" | sed -E -e "s,$SERVER_URL,https://SERVER,g" \
        -e "s,$(object "refs/tags/$1^{commit}"),COMMIT,g" \
        -e '/^<!-- cut-release:begin /s/=[0-9a-f]{16}\b/=HASH/g'
}

expect_text() { # TAG GOLDEN
    diff -u "$here/golden/$2" <(text_of "$1") > "$RUN/text.diff" ||
        fail "the text of $1 is not that of golden/$2:" "$(cat "$RUN/text.diff")"
}

# The sandbox's own notes of a range, between one pair of markers: that is a clean draft's text.
expect_generated_text() { # TAG PREVIOUS
    local notes body='' line
    notes=$(as_maintainer POST /releases/generate-notes "{\"tag_name\": \"$1\",
        \"previous_tag_name\": \"$2\"}" | jq -r .body)
    while IFS= read -r line; do
        [[ $line = '<!-- cut-release:'* ]] || body+=$line$'\n'
    done < <(body_of "$1")
    same "the text of $1" "$notes" "${body%$'\n'}"
    expect_marked "$1"
}

expect_marked() { # TAG: one pair of markers, of the tag and of the commit that it names
    local body lines rest
    find_object "refs/tags/$1^{commit}"
    body=$'\n'$(body_of "$1")
    [[ $body = *$'\n<!-- cut-release:begin '*"commit=$found"*$'\n<!-- cut-release:end'* ]] ||
        fail "a pair of markers was expected, of the commit $found:" "$body"
    rest=${body,,}
    lines=${rest//cut-release:/}
    same "markers in the text of $1" 2 $(((${#rest} - ${#lines}) / 12))
}

# How many the last run made.
count_requests() {
    [[ $stats =~ \"requests\":[[:space:]]*([0-9]+) ]] && echo "${BASH_REMATCH[1]}"
}

expect_request() { # METHOD PATH-END JQ-CONDITION
    jq -e --arg method "$1" --arg path "$2" "any(.[]; .method == \$method and
        (.path | endswith(\$path)) and (.body // \"{}\" | fromjson | $3))" "$RUN/requests" > /dev/null ||
        fail "a request was expected: $1 …$2 with $3" "$(jq -r '.[] |
            "\(.method) \(.path) \(.body // "")"' "$RUN/requests")"
}

expect_no_request() { # METHOD PATH-END
    jq -e --arg method "$1" --arg path "$2" 'any(.[]; .method == $method and
        (.path | endswith($path))) | not' "$RUN/requests" > /dev/null || fail "no request was expected: $1 …$2"
}

expect_notes_since() { # PREVIOUS-TAG: asked for, and told
    expect_output previous_tag "$1"
    expect_request POST /releases/generate-notes ".previous_tag_name == \"$1\""
}

# shellcheck source=smtp.sh
. "$here/smtp.sh"
