# shellcheck shell=bash disable=SC2154
# The words of the fault run: servers and what can go wrong there, runs that are begun at once, the kinds
# of cases, and the judge. Sourced by run behind ../scenario/lib.sh and keys.sh.

# ---- servers -----------------------------------------------------------------------------------------
#
# What a scenario talks to. Each NAME in $servers, which a prepare_… may extend, is these functions:
#
#   NAME_keep STATE       all that it remembers is kept under that name
#   NAME_restore STATE    and is so again, without faults, once nobody is connected any more
#   NAME_observe          adds to $observed what is there, without what only tells how it came about
#   NAME_places           prints each place of the last run where a fault can strike, a word a line
#   NAME_kinds PLACE      prints the kinds of faults that can strike there, …
#   NAME_deaths PLACE     … and those that let the client hang in there, to be killed
#   NAME_strike KIND PLACE MARK   arranges for it; as it strikes, a line is written to the file MARK
#   NAME_calm             drops what was arranged
#   NAME_passes KIND      is it one that a run gets over by itself? and if not,
#   NAME_codes KIND       prints the codes that it may fail with for that reason

servers=(github)

github_keep() { tell_admin "/keep?name=$1"; }

github_restore() {
    github_rules=
    tell_admin "/restore?name=$1"
}

# The sandbox leaves out ids, times and order, and of a tag that was made there all that depends on the
# time. The port stands in the notes, but a case and its reference share a sandbox.
github_observe() {
    local text
    tell_admin "/settle"
    tell_admin "/record?folder=$S&name=stable&stable=1"
    IFS= read -rd '' text < "$S/stable"
    observed+=$text
}

# METHOD:PATH:NUMBER, where the number tells equal ones apart. What an object is called depends on the
# time of a tag.
github_places() {
    ask_admin '/log?lines' | sed -E 's/[0-9a-f]{40}/????????????????????????????????????????/g; s/ /:/' |
        sort | awk '{ print $0 ":" count[$0]++ }'
}

# Whether what only reads was carried out, nobody can tell. The sandbox's registry is behind the same rules;
# there a 403 is no limit but a word about the image.
github_kinds() {
    echo cut-before 500 502 503 429 429-in-5-s truncated truncated-json wrong-type html empty slow silent \
        cut-before-lasting 500-lasting silent-lasting 429-for-a-day
    [[ $1 = *:/v2/* || $1 = *:/token:* ]] || echo 403-secondary 403-primary 403-for-a-day
    [[ $1 = GET:* ]] || echo cut-after 500-after 502-after html-after empty-after silent-after \
        cut-after-lasting 500-after-lasting
    case $1 in # those that list
    GET:*/releases:* | GET:*/matching-refs/* | *:*/info/refs:*) echo lag ;;
    esac
}

github_deaths() {
    echo killed
    [[ $1 = GET:* ]] || echo killed-after
}

github_rules=
github_strike() { # KIND PLACE MARK
    local kind=$1 method=${2%%:*} path=${2#*:} number=${2##*:} more=
    path=${path%:*}
    [[ $kind != *-lasting ]] || more=', "times": -1'
    kind=${kind%-lasting}
    case $kind in
    killed) kind=silent ;;
    killed-after) kind=silent-after ;;
    429-in-5-s) kind=429 more=', "arg": 5' ;;
    429-for-a-day) kind=429 more=', "arg": 86400, "times": -1' ;;
    403-primary) more=', "arg": 1' ;;
    403-for-a-day) kind=403-primary more=', "arg": 86400, "times": -1' ;;
    slow) more=', "arg": 300' ;;
    esac
    [[ $path = *'?'* ]] || path=${path%?}[${path: -1}] # a pattern: else it would be a beginning
    github_rules+="${github_rules:+, }{\"match\": {\"method\": \"$method\",
        \"path\": \"$path\"}, \"skip\": $number, \"fault\": \"$kind\"$more, \"mark\": \"$3\"}"
    tell_admin /faults "[$github_rules]"
}

# An answer that is whole and wrong is a failure; all else is tried again (contract, section 7).
github_passes() {
    case $1 in
    *-lasting | *-for-a-day | truncated-json | wrong-type | html* | empty*) return 1 ;;
    esac
}

github_codes() {
    case $1 in
    cut-* | truncated) echo CR-UNREACHABLE ;;
    5*) echo CR-SERVER ;;
    429*) echo CR-RATE-LIMIT ;;
    403*) echo CR-RATE-LIMIT CR-PERMISSION ;; # libgit2 doesn't tell why it is a 403
    silent*) echo CR-TIMEOUT ;;
    truncated-json | wrong-type | html* | empty*) echo CR-ANSWER ;;
    esac
}

github_calm() {
    github_rules=
    tell_admin /faults '[]'
}

each_server() { # WHAT ARGUMENT…
    local server
    for server in "${servers[@]}"; do
        "${server}_$1" "${@:2}"
    done
}

observe() { # in $observed
    observed=
    each_server observe
}

# ---- runs --------------------------------------------------------------------------------------------

processes=1         # of each run that is begun
seconds=30          # what a request may go without progress
at_once=            # are runs of one act begun at once, or one after the other?
more_environment=() # of each
holding=            # is an act beginning several runs?
held=()             # their folders

# As in ../scenario/lib.sh, but $processes of them, and perhaps not yet.
start() {
    local event
    IFS= read -rd '' event < "$S/event.json"
    printf '%s' "$event" > "$RUN/event.json"
    change_environment GITHUB_EVENT_PATH="$RUN/event.json" INPUT_TIMEOUT_SECONDS="$seconds" "${more_environment[@]}"
    held+=("$RUN")
    if [ -n "$holding" ]; then
        declare -p environment | sed 's/^declare -a/declare -ga/' > "$RUN/environment"
    else
        begin_held
    fi
}

# several RUN …: acts that are one: runs that an act begins at once, or one after the other.
several() {
    holding=yes
    local act
    for act in "$@"; do
        $act
    done
    holding=
    begin_held
}

begin_held() {
    local folder pids=() logs=() of_several=
    [ ${#held[@]} = 1 ] || of_several=yes
    ended=0
    for folder in "${held[@]}"; do
        # shellcheck disable=SC1091 # written by start
        [ -z "$of_several" ] || . "$folder/environment"
        launch "$folder"
        [ -n "$at_once" ] || end_launched
    done
    end_launched
    held=()
    [ ${#logs[@]} = 1 ] || cat "${logs[@]}" > "$RUN/log"
    inspect_run
}

# Outputs and summary are each process's own, as on a runner; the last one's are looked at.
launch() { # FOLDER
    local number log=$1/log
    for ((number = 1; number <= processes; number++)); do
        if [ "$processes$of_several" != 1 ]; then
            log=$1/log.$number
            change_environment GITHUB_OUTPUT="$1/output.$number" GITHUB_STEP_SUMMARY="$1/summary.$number"
        fi
        "${as_user[@]}" env -i "${environment[@]}" "$CUT_RELEASE" > "$log" 2>&1 < /dev/null &
        pids+=($!)
        logs+=("$log")
    done
}

# Each that fails says why.
end_launched() {
    local number status last=$((${#logs[@]} - ${#pids[@]}))
    [ ${#pids[@]} != 0 ] || return 0
    run_pid=${pids[0]}
    "${meanwhile[@]}"
    meanwhile=(:)
    for ((number = 0; number < ${#pids[@]}; number++)); do
        wait "${pids[number]}"
        status=$?
        [ $status = 0 ] || ended=$status
        [ $status = 0 ] || [ $status = "$killed_status" ] ||
            [[ $(< "${logs[last + number]}") = *'::error title=CR-'* ]] ||
            fail "exit $status without a reason" "$(tail -5 "${logs[last + number]}")"
    done
    pids=()
}

# ---- the judge ---------------------------------------------------------------------------------------

# In $doubled: is there more than one release of a tag?
look_for_doubles() {
    doubled=$(grep -o '"tag_name":[^,]*' <<< "$observed" | sort | uniq -d | tr -d '\n')
}

expect_reference() { # WHAT-IT-IS-OTHERWISE
    observe
    [ "$observed" != "$reference_state" ] || return 0
    look_for_doubles
    [ -z "$doubled" ] || echo "    double: $doubled"
    fail "$1:" "$(diff <(echo "$reference_state") <(echo "$observed") | cut -c1-300)"
}

# What a first run that failed says fits what struck.
expect_truth() { # SERVER KIND PLACE …
    local allowed=' ' finding
    [ $# != 3 ] || ! "$1_passes" "$2" || fail "a fault that passes has ended the run" "$(tail -5 "$RUN/log")"
    while [ $# != 0 ]; do
        allowed+="$("$1_codes" "$2") "
        shift 3
    done
    for finding in "${findings[@]}"; do
        [[ $finding != error* || $allowed != *" ${finding#error } "* ]] || return 0
    done
    fail "the first run doesn't name the cause, which is one of$allowed" "$(tail -5 "$RUN/log")"
}

clean_run_after_all() {
    each_server calm
    at_once='' processes=1 seconds=30 more_environment=() killed_status=
    "act_$scenario"
    unchecked=
    [ "$ended" = 0 ] || fail "the clean run fails" "$(tail -5 "$RUN/log")"
    expect_reference "not the state of a clean run"
    expect_nobody_left
}

# Of a run that had keys, and of one that was killed: no process, nothing on its /dev/shm.
expect_nobody_left() {
    [ -n "${shm:-}" ] || [ -n "$was_killed" ] || return 0
    shm=${shm:-$S/no-shm} wait_until_nothing_left 2000
}

# ---- cases -------------------------------------------------------------------------------------------

was_killed=

wait_for_death() { # of the run that hangs in a fault
    read -rt 60 -u 7 || fail "the fault never struck"
    kill -KILL "$run_pid"
}

strike() { # MARK SERVER KIND PLACE …
    local mark=$1
    shift
    while [ $# != 0 ]; do
        "$1_strike" "$2" "$3" "$mark"
        shift 3
    done
}

# One fault or several in the first run.
fault_case() { # SERVER KIND PLACE …
    : > "$S/struck"
    strike "$S/struck" "$@"
    [[ $* != *silent* ]] || seconds=2
    "act_$scenario"
    unchecked=
    [ -s "$S/struck" ] || fail "the fault never struck"
    first=$ended
    if [ "$first" = 0 ]; then
        expect_reference "exit 0 with something wrong"
    else
        expect_truth "$@"
    fi
    clean_run_after_all
}

# Killed while a request is on its way.
death_case() { # SERVER KIND PLACE
    was_killed=yes killed_status=137
    exec 7<> "$S/pipe"
    strike "$S/pipe" "$@"
    meanwhile=(wait_for_death)
    "act_$scenario"
    first=$ended
    unchecked=
    clean_run_after_all
}

# Killed after one of its system calls (kill.c).
kill_case() { # NUMBER
    was_killed=yes killed_status=137
    more_environment=(FAULT_KILL_AT="$1")
    "act_$scenario"
    first=$ended
    unchecked=
    [ "$first" != 0 ] || expect_reference "exit 0 with something wrong"
    clean_run_after_all
}

race_case() { # PROCESSES HOW
    [[ $2 != *late* ]] || configure '{"latency_ms": 40}'
    [[ $2 != *lagging* ]] || configure '{"list_lag_ms": 60}' # the program's clock makes 3 s of it
    processes=$1 at_once=yes
    "act_$scenario"
    unchecked=
    first=$ended
    configure '{"latency_ms": 0}'
    [[ $2 != *lagging* ]] || sleep 0.1
    clean_run_after_all
}

# Somebody else makes a draft of the tag while one of our requests is on its way. It was there first, or
# we were: the end is that of a run that finds it.
foreign_case() { # SERVER PLACE
    foreign_draft
    "act_$scenario"
    expect_exit 0
    observe
    reference_state=$observed
    each_server restore prepared
    exec 7<> "$S/pipe"
    "$1_strike" slow "$2" "$S/pipe"
    meanwhile=(add_foreign_draft)
    "act_$scenario"
    unchecked=
    first=$ended
    clean_run_after_all
}

foreign_draft() { draft_by_hand "$released" "$released" 'A word of somebody else'; }

add_foreign_draft() {
    read -rt 60 -u 7 || fail "the request never came"
    foreign_draft
}

# ---- a scenario without a fault: what can be done to it ------------------------------------------------

# Writes the cases: "NAME SCENARIO WORD …", where the words are one of the cases above.
refer_case() {
    local server place kind count=0 call list=$lists/$scenario
    more_environment=(FAULT_CALLS="$S/calls")
    : > "$S/calls"
    "act_$scenario"
    expect_exit 0
    for server in "${servers[@]}"; do
        for place in $("${server}_places"); do
            count=$((count + 1))
            echo "$server $place" >> "$list.places"
            for kind in $("${server}_kinds" "$place"); do
                echo "$scenario-$count-$kind $scenario fault_case $server $kind $place" >> "$list.faults"
            done
            for kind in $("${server}_deaths" "$place"); do
                echo "$scenario-$count-$kind $scenario death_case $server $kind $place" >> "$list.kills"
            done
            echo "$scenario-foreign-$count $scenario foreign_case $server $place" >> "$list.foreign"
        done
    done
    count=0
    while read -r call; do
        count=$((count + 1))
        echo "$scenario-kill-$count-$call $scenario kill_case $count" >> "$list.calls"
    done < "$S/calls"
}
