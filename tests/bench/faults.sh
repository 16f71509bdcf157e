# shellcheck shell=bash disable=SC2034,SC2154
# `make bench-faults`: what faults leave behind, cut-release beside Debian's `gh release create`, for a
# pushed tag whose branch is there. Two scenarios of the fault run (../fault), judged alike; of gh only
# what is on the server counts, not what it says.
#
# gh is run again only where it failed, as people do: it makes a second draft each time. It waits for an
# answer without end, so it is ended after 5 s, which counts as a failure.

scenarios=(cut_release gh_create)
struck=(cut_release gh_create)
raced=() joined=()

prepare_cut_release() { push_tag v0.1.7-rc.1 release-0.1; }
act_cut_release() { run_pushed v0.1.7-rc.1; }

prepare_gh_create() { prepare_cut_release; }
act_gh_create() {
    prepare_run
    timeout 5 env -i PATH="$PATH" HOME="$S/home" SSL_CERT_FILE="$CA" GH_HOST="127.0.0.1:$PORT" \
        GH_ENTERPRISE_TOKEN="$write_token" GH_CONFIG_DIR="$S/home/gh" GH_NO_UPDATE_NOTIFIER=1 GH_PROMPT_DISABLED=1 \
        gh release create v0.1.7-rc.1 --repo "127.0.0.1:$PORT/$repository" --draft --prerelease \
        --title v0.1.7-rc.1 --generate-notes --notes-start-tag v0.1.6 > "$RUN/log" 2>&1 < /dev/null
    ended=$?
}

eval "our_$(declare -f expect_truth)"
expect_truth() { [ "$scenario" = gh_create ] || our_expect_truth "$@"; }

eval "our_$(declare -f clean_run_after_all)"
clean_run_after_all() { [ "$scenario$first" = gh_create0 ] || our_clean_run_after_all; }
