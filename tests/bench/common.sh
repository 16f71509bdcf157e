# shellcheck shell=bash disable=SC2034
# What run and refs share: a seeded repository, a fresh sandbox, its counters. Sourced; makes
# $work, which is removed at the end.
set -euo pipefail
root=$(cd "${BASH_SOURCE[0]%/*}/../.." && pwd)
sandbox_program=${SANDBOX:-$root/build/sandbox}
latency_ms=40
token=test-token-write
repository=llm-d/llm-d-router
# Candidates on branches that are there: what a push of these tags starts is measured. Of the first one
# GitHub's notes lack nothing; the second one brings cherry-picks, which they lack.
tag=v0.2.0-rc.1
branch=release-0.2
picks_tag=v0.1.7-rc.1
picks_branch=release-0.1
sandbox_pid=

need() { # COMMAND PACKAGE [COMMAND PACKAGE ...]
    local missing=()
    while [ $# -gt 0 ]; do
        command -v "$1" > /dev/null || missing+=("$2")
        shift 2
    done
    [ ${#missing[@]} -eq 0 ] && return
    echo "bench: missing Debian packages: ${missing[*]} (apt-get install ${missing[*]})" >&2
    exit 1
}

need_program() { # PATH HOW
    [ -x "$1" ] && return
    echo "bench: there is no program $1; $2" >&2
    exit 1
}

stop_sandbox() {
    [ -z "$sandbox_pid" ] || { kill "$sandbox_pid" && wait "$sandbox_pid"; } 2> /dev/null || true
    sandbox_pid=
}

finish() {
    stop_sandbox
    rm -rf "$work"
}

# A seeded repository with the pushed tags in it: $work/seed, $tag_object, $commit, $picks_commit.
seed() {
    "$root/tests/sandbox/seed" "$work/seed" > /dev/null
    local git=(git --git-dir "$work/seed/repo.git")
    "${git[@]}" update-ref "refs/heads/$branch" main
    commit=$("${git[@]}" rev-parse "refs/heads/$branch")
    picks_commit=$("${git[@]}" rev-parse "refs/heads/$picks_branch")
    "${git[@]}" -c user.name=Bench -c user.email=bench@example.org tag -a \
        -m "llm-d-router $tag Release Candidate" "$tag" "$commit"
    "${git[@]}" -c user.name=Bench -c user.email=bench@example.org tag -a \
        -m "llm-d-router $picks_tag Release Candidate" "$picks_tag" "$picks_commit"
    tag_object=$("${git[@]}" rev-parse "refs/tags/$tag")
}

# A sandbox on a fresh copy of the seed; sets API_URL SERVER_URL ADMIN_URL PORT CA.
start_sandbox() {
    stop_sandbox
    rm -rf "$work/root"
    cp -r "$work/seed" "$work/root"
    "$sandbox_program" --root "$work/root" &
    sandbox_pid=$!
    local waited=0
    while [ ! -f "$work/root/ready" ]; do
        sleep 0.01
        waited=$((waited + 1))
        [ $waited -lt 1000 ] || { echo "bench: the sandbox does not start" >&2; exit 1; }
    done
    # shellcheck disable=SC1091
    . "$work/root/ready"
    admin /state > /dev/null # its git is warm after that, for everybody alike
    admin /config "{\"latency_ms\": $latency_ms}" > /dev/null
    admin /reset "" > /dev/null
}

admin() { # PATH [BODY]
    if [ $# -gt 1 ]; then
        curl -sS --fail --noproxy '*' -X POST -d "$2" "$ADMIN_URL$1"
    else
        curl -sS --fail --noproxy '*' "$ADMIN_URL$1"
    fi
}

isolate() { # nothing of the person who runs it, no proxy, no question
    unset "${!GITHUB_@}" "${!INPUT_@}" "${!GIT_@}" "${!GH_@}" HTTPS_PROXY https_proxy HTTP_PROXY \
        http_proxy ALL_PROXY all_proxy NO_PROXY no_proxy RUNNER_DEBUG SSL_CERT_FILE
    export HOME=$work/home GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0
    export LC_ALL=C
    mkdir -p "$HOME"
}

need curl curl git git jq jq
need_program "$sandbox_program" "make it first, or name it in SANDBOX"
work=$(mktemp -d)
trap finish EXIT
isolate
