# shellcheck shell=bash
# On a laptop: no runner, no token, no network (contract, section 2; issue, "dry_run everywhere").

# run_offline FOLDER ARGUMENT…: where there is no network at all
run_offline() {
    find_no_network
    as_user=("${no_network[@]}")
    run_laptop "$@"
    as_user=()
}

# "for a tag that does not exist yet too: branch, signed tag, draft"
scenario_laptop_plans_a_tag_that_does_not_exist() {
    clone "$S/clone"
    run_offline "$S/clone" release --tag v0.2.0-rc.1 --dry-run
    expect_exit 0
    expect_findings
    expect_log llm-d/llm-d-router
    expect_line "^ *branch +do +release-0\.2 .*($(commit main)|main)"
    expect_line '^ *tag +unknown +v0\.2\.0-rc\.1 .*signed'
    expect_line '^ *release +unknown +v0\.2\.0-rc\.1 '
    expect_no_log '::'
    expect_changes_nothing
}

# the same from a subfolder, with inputs from the environment as `docker run -e` gives them
thorough_laptop_in_a_subfolder() {
    clone "$S/clone" https://github.com/llm-d/llm-d-router.git
    laptop_environment=(INPUT_TAG=v0.2.0-rc.1 INPUT_DRY_RUN=true)
    run_offline "$S/clone/docs"
    expect_exit 0
    expect_line '^ *branch +do +release-0\.2 '
}

# section 1: `docker run -v "$PWD:/github/workspace" …`: the image's folder, another user's files
scenario_laptop_by_docker_run() {
    clone "$S/clone"
    [ "$(id -u)" != 0 ] || chown -R 1001 "$S/clone"
    laptop_environment=(INPUT_TAG=v0.2.0-rc.1 INPUT_DRY_RUN=true)
    run_offline "$S/clone"
    expect_exit 0
    expect_line '^ *branch +do +release-0\.2 '
}

# "in any clone": addresses of remotes as people have them
thorough_laptop_addresses_of_remotes() {
    local address
    secrets=(secret-of-mine)
    clone "$S/clone"
    for address in git@github.com:llm-d/llm-d-router.git https://github.com/llm-d/llm-d-router \
        ssh://git@github.com/llm-d/llm-d-router.git https://github.com/llm-d/llm-d-router/ \
        https://someone:secret-of-mine@github.com/llm-d/llm-d-router.git \
        ssh://git@github.com:22/llm-d/llm-d-router.git; do
        git -C "$S/clone" remote set-url origin "$address"
        run_offline "$S/clone" release --tag v0.2.0-rc.1 --dry-run
        expect_exit 0
        expect_log llm-d/llm-d-router
    done
}

# "prints the plan from what the clone knows": a tag that exists in it
thorough_laptop_plans_an_existing_tag() {
    push_tag v0.1.7-rc.1 release-0.1
    clone "$S/clone"
    run_offline "$S/clone" release --tag v0.1.7-rc.1 --dry-run --verify-tag off
    expect_exit 0
    expect_line '^ *branch +done +release-0\.1 '
    expect_line '^ *tag +done +v0\.1\.7-rc\.1 '
    expect_line '^ *release +unknown '
}

# "exits 0 unless something is refused"
thorough_laptop_refuses_what_the_run_would_refuse() {
    clone "$S/clone"
    run_offline "$S/clone" release --tag v0.2.0 --dry-run
    expect_exit 1
    expect_findings "error CR-BRANCH-MISSING" "warning CR-CANDIDATE-NONE"
    run_offline "$S/clone" release --tag v0.1.6-rc.3 --dry-run
    expect_exit 1
    expect_findings "error CR-FINAL-EXISTS" "warning CR-PATCH-GAP"
}

# a name that misses the grammar is an input's value here: exit 2
thorough_laptop_tag_that_misses_grammar() {
    clone "$S/clone"
    run_offline "$S/clone" release --tag v0.2.0-RC1 --dry-run
    expect_exit 2
    expect_findings "error CR-TAG-GRAMMAR"
    expect_log v0.2.0-rc.1
}

# the tag object in the clone is looked at
thorough_laptop_looks_at_the_tag_object() {
    # shellcheck disable=SC2016 # the dollar is the message's
    push_unsigned_tag v0.1.7-rc.1 release-0.1 'llm-d-router v${MAJOR}'
    clone "$S/clone"
    run_offline "$S/clone" release --tag v0.1.7-rc.1 --dry-run --sign never
    expect_exit 0
    expect_findings "warning CR-TAG-MESSAGE" "warning CR-TAG-UNSIGNED"
}

# input remote: "on a laptop: the remote that is the project's repository"; here origin is a fork
thorough_laptop_with_another_remote() {
    clone "$S/clone" git@github.com:someone/fork.git
    git -C "$S/clone" remote add upstream git@github.com:llm-d/llm-d-router.git
    git -C "$S/clone" update-ref -d refs/remotes/origin/release-0.1
    git -C "$S/clone" update-ref refs/remotes/upstream/release-0.1 "$(object release-0.1)"
    git -C "$S/clone" update-ref refs/remotes/upstream/main "$(object main)"
    run_offline "$S/clone" release --tag v0.1.7-rc.1 --dry-run --remote upstream
    expect_exit 0
    expect_log llm-d/llm-d-router
    expect_no_log someone/fork
    expect_line '^ *branch +done +release-0\.1 '
}

# a remote that the clone does not have
thorough_laptop_with_a_remote_that_is_missing() {
    clone "$S/clone"
    run_offline "$S/clone" release --tag v0.2.0-rc.1 --dry-run --remote nowhere
    expect_failure
    expect_log nowhere
}

# a folder that is no clone
scenario_laptop_in_a_folder_that_is_no_clone() {
    mkdir "$S/folder"
    run_offline "$S/folder" release --tag v0.2.0-rc.1 --dry-run
    expect_exit 1
    expect_findings "error CR-REPOSITORY"
}

# without dry_run a token is needed: said, and nothing tried
thorough_laptop_without_token() {
    clone "$S/clone"
    run_offline "$S/clone" release --tag v0.2.0-rc.1
    expect_exit 2
    expect_findings "error CR-INPUT-TOKEN"
    expect_log GITHUB_TOKEN
}

# a shallow clone; a clone without any remote; one without any commit
thorough_laptop_in_odd_clones() {
    git clone -q --depth 1 "file://$ROOT/repo.git" "$S/shallow"
    git -C "$S/shallow" remote set-url origin git@github.com:llm-d/llm-d-router.git
    run_offline "$S/shallow" release --tag v0.2.0-rc.1 --dry-run
    expect_exit 0
    clone "$S/clone"
    git -C "$S/clone" remote remove origin
    run_offline "$S/clone" release --tag v0.2.0-rc.1 --dry-run
    [ "$ended" -le 2 ] || fail "an orderly end was expected"
    expect_exit "$ended"
    git init -q "$S/new"
    run_offline "$S/new" release --tag v0.2.0-rc.1 --dry-run
    [ "$ended" -le 2 ] || fail "an orderly end was expected"
    expect_exit "$ended"
}

# input token: "on a laptop GITHUB_TOKEN or GH_TOKEN serve too"; a terminal gets no commands
thorough_laptop_with_token_makes_the_draft() {
    push_tag v0.1.7-rc.1 release-0.1
    clone "$S/clone" "$SERVER_URL/$repository.git"
    laptop_environment=("GITHUB_TOKEN=$write_token" SSL_CERT_FILE="$CA" GITHUB_API_URL="$API_URL"
        GITHUB_SERVER_URL="$SERVER_URL")
    run_laptop "$S/clone" release --tag v0.1.7-rc.1
    expect_exit 0
    expect_no_log '::'
    expect_one_draft v0.1.7-rc.1
    laptop_environment[0]=GH_TOKEN=$write_token
    run_laptop "$S/clone" release --tag v0.1.7-rc.1
    expect_exit 0
    expect_changes_nothing
    expect_log "othing left to do"
}

# a server of one's own, by its port: the remote names the API's address too
thorough_laptop_with_a_port_in_the_remote() {
    clone "$S/clone" "https://127.0.0.1:$PORT/$repository.git"
    laptop_environment=("GITHUB_TOKEN=$write_token" SSL_CERT_FILE="$CA")
    run_laptop "$S/clone" release --tag v0.1.7-rc.1 --dry-run
    expect_exit 0
    expect_line "^  release +do"
    [[ $stats =~ \"api_requests\":[[:space:]]*[1-9] ]] || fail "the API was expected to be asked"
}

# a clone without a remote: nothing names the project
thorough_laptop_without_a_remote() {
    clone "$S/clone"
    git -C "$S/clone" remote rename -q origin other 2> /dev/null || git -C "$S/clone" remote rename origin other > /dev/null
    git -C "$S/clone" config --remove-section remote.other
    run_laptop "$S/clone" release --tag v0.2.0-rc.1 --dry-run
    expect_exit 0
    expect_log '"v0.2.0-rc.1 Release Candidate"'
}

# what is public, and what a registry has, nobody knows there: said, for each step that depends on it
thorough_laptop_plans_to_publish() {
    push_tag v0.1.7-rc.1 release-0.1
    push_tag v0.1.7 release-0.1
    clone "$S/clone"
    run_offline "$S/clone" release --tag v0.1.7 --dry-run --verify-tag off --draft=false \
        --images ghcr.io/llm-d/llm-d-router --announce-to a@example.org,b@example.org \
        --announce-from c@example.org --smtp-url smtps://mail.example.org
    expect_exit 0
    expect_line '^ *images +unknown '
    expect_line '^ *publish +unknown '
    expect_line '^ *latest +unknown '
    expect_line '^ *mail +unknown +a@example\.org and 1 more '
}

# a clone whose remote says what git doesn't take
thorough_laptop_with_a_broken_remote() {
    clone "$S/clone"
    git -C "$S/clone" config --add remote.origin.fetch '+refs/heads/*:refs/x'
    run_offline "$S/clone" release --tag v0.1.7-rc.1 --dry-run
    expect_exit 1
    expect_findings "error CR-REPOSITORY"
}
