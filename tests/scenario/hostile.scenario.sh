# shellcheck shell=bash
# What others wrote (contract, section 8): it "cannot issue workflow commands, break out of an
# output's delimiter, forge our markers, …". Every run of every scenario has its log read as the
# runner reads it, its outputs parsed, and is searched for secrets (lib.sh, inspect_run).

escape=$'\x1b'
bidi=$'\u202e' # right-to-left override
marker='<!-- cut-release:begin tag=v0.2.0-rc.1 commit=0 recipe=0 title=0 text=0 -->'

# What a run may print of foreign text: no control characters, no marks that turn text around.
expect_tame_log() {
    local odd
    odd=$(LC_ALL=C grep -anE $'[\x01-\x08\x0b-\x1f\x7f]' "$RUN/log" | cat -v)
    [ -z "$odd" ] || fail "control characters in the log:" "$odd"
    odd=$(LC_ALL=C grep -anE $'\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]' "$RUN/log")
    [ -z "$odd" ] || fail "marks that turn text around in the log:" "$odd"
}

# a tag message with all of it, shown because of its "${"
scenario_hostile_tag_message() {
    push_tag v0.1.7-rc.1 release-0.1 "\${A} ::set-output name=tag::pwned
::set-output name=tag::pwned
   ::error title=CR-FAKE x::pwned
##[error]pwned ##[set-env name=PATH]/pwned
::stop-commands::pwned
::add-path::/pwned
%0A::set-env name=PATH::/pwned
$(printf '\r::set-env name=PATH::/pwned\r\n::save-state name=x::pwned')
tag<< END
pwned
END
<!-- cut-release:begin tag=v0.1.7-rc.1 commit=0 recipe=0 title=0 text=0 -->
<!-- cut-release:end -->
${escape}[31mred${escape}]0;title$(printf '\a') ${bidi}evil $(printf '\x7f\x01')"
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "warning CR-TAG-MESSAGE"
    expect_tame_log
    expect_output tag v0.1.7-rc.1
    expect_one_draft v0.1.7-rc.1
    expect_marked v0.1.7-rc.1
    run_pushed v0.1.7-rc.1 INPUT_VERIFY_TAG=required
    expect_exit 1
    expect_findings "error CR-TAG-MESSAGE"
    expect_tame_log
}

# each way that a command may begin, as the first words of a message
thorough_hostile_starts_of_tag_messages() {
    local message number=0
    # shellcheck disable=SC2016 # the dollars are the message's
    for message in '::error::pwned ${A}' '##[error]pwned ${A}' \
        $'\t ::set-output name=tag::pwned ${A}' $'\u00a0::set-output name=tag::pwned ${A}' \
        $'\r::set-output name=tag::pwned ${A}' $'\u2028::set-output name=tag::pwned ${A}' \
        $'\xc2\x85::set-output name=tag::pwned ${A}' '::add-mask::a ${A}'; do
        number=$((number + 1))
        push_tag v0.1.7-rc.$number release-0.1 "$message"
        run_pushed v0.1.7-rc.$number
        expect_exit 0
        expect_findings "warning CR-TAG-MESSAGE"
        expect_tame_log
        expect_output tag v0.1.7-rc.$number
    done
}

# a tag object that is not UTF-8, with a hostile name inside and a hostile tagger
thorough_hostile_tag_object() {
    local id
    id=$(printf 'object %s\ntype commit\ntag ::error::pwned\xff\ntagger ::set-output name=tag::x <a@example.org> 1788177600 +0000\n\n\xff\xfe message\n%s\n' \
        "$(object release-0.1)" "$signature" | on_server hash-object -t tag -w --stdin --literally)
    push_object v0.1.7-rc.1 "$id" "$(object release-0.1)"
    run_pushed v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-TAG-NAME"
    expect_tame_log
    expect_changes_nothing
}

# titles of pull requests in the generated notes
thorough_hostile_pull_request_titles() {
    title_pull_request 40 '::set-output name=tag::pwned'
    title_pull_request 41 "x --> <!-- cut-release:end --> y $marker"
    title_pull_request 42 $'two\nlines\n<!-- cut-release:end -->\n::stop-commands::pwned\r::error::pwned'
    title_pull_request 43 $'END\nEOF\ntag<<EOF\npwned\nEOF'
    title_pull_request 44 "##[error]pwned ${escape}[31m ${bidi}evil \`\`\`\` <details>"
    title_pull_request 45 '<!-- CUT-RELEASE:END --> <!--cut-release:end-->'
    title_pull_request 46 'an open comment <!-- and an open <details>'
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_tame_log
    expect_output tag v0.2.0-rc.1
    expect_output notes "$(body_of v0.2.0-rc.1)"
    expect_whole_marker_pair
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_changes_nothing
    expect_output notes "$(body_of v0.2.0-rc.1)"
}

# The markers stand at the two ends, and nothing between them can be taken for one.
expect_whole_marker_pair() {
    local body
    body=$(body_of v0.2.0-rc.1)
    same "markers" "1 1" "$(grep -o '<!-- *cut-release:begin' <<< "$body" | wc -l) $(
        grep -o '<!-- *cut-release:end' <<< "$body" | wc -l)"
    [[ $body = '<!-- cut-release:begin '*'<!-- cut-release:end -->' ]] ||
        fail "the markers were expected at the two ends:" "$body"
}

# our own text (input body) cannot forge a marker either, nor is it generated again for that
thorough_hostile_body_input() {
    local body="<!-- cut-release:end -->
::error::pwned
$marker"
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1 INPUT_BODY="$body"
    expect_exit 0
    expect_whole_marker_pair
    expect_output notes "$(body_of v0.2.0-rc.1)"
    run_pushed v0.2.0-rc.1 INPUT_BODY="$body"
    expect_exit 0
    expect_changes_nothing
}

# inputs that a person, or another workflow's event, filled in
thorough_hostile_inputs() {
    local value
    for value in $'v0.2.0\n::error title=CR-FAKE x::pwned' '::set-output name=tag::pwned' \
        '##[error]pwned' "v0.2.0${escape}[31m" $'v0.2.0\r::error::pwned'; do
        run_with_inputs INPUT_TAG="$value"
        expect_exit 2
        expect_tame_log
        expect_changes_nothing
        run_with_inputs INPUT_TAG=v0.1.6 INPUT_TAG_PREFIX=v INPUT_TITLE="$value"
        expect_failure
        expect_tame_log
    done
}

# a title that a person gave a draft
thorough_hostile_title_of_draft() {
    push_tag v0.1.7-rc.1 release-0.1
    draft_by_hand v0.1.7-rc.1 \
        $'::set-output name=tag::pwned\n##[error]pwned\n::error::pwned | `a` @everyone <b>' \
        "::set-output name=tag::pwned" '{"prerelease": true}'
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_tame_log
    expect_output tag v0.1.7-rc.1
    expect_changes << END
~ draft v0.1.7-rc.1: text
END
    expect_findings "notice CR-DRAFT-TITLE"
    expect_output notes "$(body_of v0.1.7-rc.1)"
}

# subjects of commits, listed where they came after the last candidate
thorough_hostile_subjects_of_commits() {
    local commit
    push_tag v0.1.7-rc.1 release-0.1
    commit=$(printf '::set-output name=tag::pwned ##[error]pwned %s[31m %s\n\n::error::x\n' \
        "$escape" "$bidi" | on_server commit-tree 'release-0.1^{tree}' -p release-0.1)
    push_branch release-0.1 "$commit"
    push_tag v0.1.7 release-0.1
    run_pushed v0.1.7
    expect_exit 0
    expect_findings "notice CR-CANDIDATE-BEHIND"
    expect_tame_log
    expect_output tag v0.1.7
}

# what a compromised workflow may put into the event and the environment
thorough_hostile_event() {
    push_tag v0.1.7-rc.1 release-0.1
    printf '{"ref": "refs/tags/v1\\n::set-output name=tag::pwned", "after": "::error::pwned",
        "repository": {"default_branch": "::error::pwned\\n::error::x"}}' > "$S/event.json"
    runner_environment push refs/tags/v0.1.7-rc.1 "$(object release-0.1)"
    run_on_runner GITHUB_SHA=$'::error::pwned\n::error::x'
    expect_tame_log
    expect_exit "$ended"
    runner_environment $'pull_request\n::error::pwned' refs/heads/main "$(object main)"
    run_on_runner
    expect_exit 2
    expect_tame_log
    runner_environment push $'refs/tags/v1\n::error::pwned' "$(object main)"
    run_on_runner
    expect_failure
    expect_tame_log
}

# "Secrets are masked (…, line by line) before anything else is printed"
scenario_secrets_are_masked_first() {
    secrets=("first line of a key" "second line of a key" "pass phrase!")
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_SIGNING_KEY=$'first line of a key\nsecond line of a key\n' \
        INPUT_SIGNING_PASSPHRASE='pass phrase!' INPUT_TITLE='second line of a key'
    expect_exit 0
    local secret
    for secret in "$write_token" "${secrets[@]}"; do
        grep -qxF -- "::add-mask::$secret" "$RUN/log" || fail "not masked: $secret"
    done
    same "what comes ahead of the last mask, but for masks" "" \
        "$(tac "$RUN/log" | sed '1,/^::add-mask::/d' | grep -v '^::add-mask::')"
}

# a secret that stands in what would be printed: the search in every run finds none
scenario_secret_in_a_text_is_not_shown() {
    push_tag v0.1.7-rc.1 release-0.1
    run_pushed v0.1.7-rc.1 INPUT_BODY="Made with $write_token." INPUT_TITLE="With $write_token"
    expect_exit 0
}

# the same for an option, and where the command line cannot be used
scenario_secret_in_an_option_is_not_shown() {
    run_laptop "$S" --token "$write_token" --frobnicate
    expect_exit 2
    run_laptop "$S" release "--token=$write_token" --title "$write_token {x}" --tag v1.2.3
    expect_failure
}
