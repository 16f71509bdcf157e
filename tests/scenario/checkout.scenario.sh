# shellcheck shell=bash
# With and without actions/checkout, and by whom the run and the workspace are owned (issue; facts:
# "the workspace belongs to uid 1001 and we are root").

expect_usual_end() {
    expect_exit 0
    expect_findings
    expect_changes << END
+ branch release-0.2 at $(commit main)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_generated_text v0.2.0-rc.1 v0.1.6
    expect_output tag_object "$(object refs/tags/v0.2.0-rc.1)"
}

# an empty workspace: "The API answers what the workspace cannot"
scenario_without_checkout() {
    push_tag v0.2.0-rc.1 main
    run_pushed v0.2.0-rc.1
    expect_usual_end
}

# no workspace at all
thorough_without_workspace() {
    push_tag v0.2.0-rc.1 main
    rmdir "$WORKSPACE"
    run_pushed v0.2.0-rc.1
    expect_usual_end
    run_pushed v0.2.0-rc.1 '!GITHUB_WORKSPACE'
    expect_exit 0
    expect_changes_nothing
}

# a full clone that another user owns
scenario_full_checkout() {
    push_tag v0.2.0-rc.1 main~1
    checkout full v0.2.0-rc.1
    run_pushed v0.2.0-rc.1
    expect_exit 0
    expect_findings
    expect_changes << END
+ branch release-0.2 at $(commit main~1)
+ draft v0.2.0-rc.1 titled "v0.2.0-rc.1", prerelease, make_latest false, by $bot
END
    expect_generated_text v0.2.0-rc.1 v0.1.6
}

# depth 1 by another user, with refs/tags/T on the commit: the tag object comes from the server
scenario_shallow_checkout_by_another_user() {
    push_tag v0.2.0-rc.1 main
    checkout shallow v0.2.0-rc.1
    run_pushed v0.2.0-rc.1 INPUT_VERIFY_TAG=required
    expect_usual_end
}

# the same, behind the head of its branch: what depth 1 does not have is asked of the server
thorough_shallow_checkout_behind_the_branch() {
    push_tag v0.1.7-rc.1 release-0.1~1
    checkout shallow v0.1.7-rc.1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "notice CR-BRANCH-BEHIND"
    expect_one_draft v0.1.7-rc.1
}

# the same, not on its branch
thorough_shallow_checkout_off_the_branch_refused() {
    push_tag v0.1.7-rc.1 main
    checkout shallow v0.1.7-rc.1
    run_pushed v0.1.7-rc.1
    expect_exit 1
    expect_findings "error CR-BRANCH-OFF"
    expect_changes_nothing
}

# a checkout of another commit than the tag's, as a button gives it
thorough_checkout_of_another_commit() {
    push_tag v0.1.7-rc.1 release-0.1
    checkout full v0.1.0
    run_with_inputs INPUT_TAG=v0.1.7-rc.1
    expect_exit 0
    expect_one_draft v0.1.7-rc.1
}

# a stale clone: its branches and tags are not the server's any more
thorough_stale_checkout() {
    checkout full v0.1.6
    push_branch release-0.1 "$(on_server commit-tree 'release-0.1^{tree}' -p release-0.1 -m Newer)"
    push_tag v0.1.7-rc.1 release-0.1~1
    run_pushed v0.1.7-rc.1
    expect_exit 0
    expect_findings "notice CR-BRANCH-BEHIND"
    expect_one_draft v0.1.7-rc.1
}

# a workspace that is no clone: files of an earlier step
thorough_workspace_that_is_no_clone() {
    push_tag v0.2.0-rc.1 main
    echo "made by an earlier step" > "$WORKSPACE/file"
    run_pushed v0.2.0-rc.1
    expect_usual_end
}

# a clone that is damaged: either the server's word is enough, or it is said
thorough_damaged_checkout() {
    push_tag v0.2.0-rc.1 main
    checkout full v0.2.0-rc.1
    rm -rf "$WORKSPACE/.git/objects"/* "$WORKSPACE/.git/refs"/*
    run_pushed v0.2.0-rc.1
    if [ "$ended" = 0 ]; then
        expect_usual_end
    else
        expect_exit 1
        expect_findings "error CR-REPOSITORY"
    fi
}

# a clone whose configuration an earlier step wrote: no program is started for it
thorough_hostile_configuration_of_the_clone() {
    push_tag v0.2.0-rc.1 main
    checkout shallow v0.2.0-rc.1
    git -c safe.directory='*' -C "$WORKSPACE" config core.fsmonitor "touch $S/pwned"
    git -c safe.directory='*' -C "$WORKSPACE" config core.sshCommand "touch $S/pwned"
    git -c safe.directory='*' -C "$WORKSPACE" config credential.helper "!touch $S/pwned"
    run_pushed v0.2.0-rc.1
    expect_usual_end
    [ ! -e "$S/pwned" ] || fail "a program of the clone's configuration was started"
}

# a user that is not root, where the tests themselves run as root
thorough_run_by_an_ordinary_user() {
    push_tag v0.2.0-rc.1 main
    checkout shallow v0.2.0-rc.1
    umask 000
    if [ "$(id -u)" = 0 ]; then
        cp "$CUT_RELEASE" "$S/cut-release" # its own folder may be closed to others
        chmod 755 "$S/cut-release"
        CUT_RELEASE=$S/cut-release
        as_user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
    fi
    run_pushed v0.2.0-rc.1
    expect_usual_end
}
