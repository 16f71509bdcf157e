# shellcheck shell=bash disable=SC2154
# The mail server (../smtp/server) as one of the servers of the fault run, see lib.sh. Sourced by
# scenarios.sh.

smtp_keep() { # STATE
    rm -rf "$M/kept-$1"
    cp -r "$M/mails" "$M/kept-$1"
}

smtp_restore() { # STATE
    [ -d "$M/kept-$1" ] || return 0
    rm -rf "$M/mails"
    cp -r "$M/kept-$1" "$M/mails"
    : > "$M/events"
    smtp_calm
}

# A second copy with the same Message-ID, to the same people, is the same mail.
smtp_observe() {
    local mail
    for mail in "$M"/mails/*; do
        [ ! -e "$mail" ] || echo "$(sed -nE 's/\r$//; s/^to (.*)|^(Message-ID: .*)/mail \1\2/p' "$mail" | tr '\n' ' ')"
    done | sort -u > "$S/mails"
    observed+=$(< "$S/mails")
}

smtp_places() { sort "$M/events" | awk '{ print $0 ":" count[$0]++ }'; }

smtp_kinds() {
    case $1 in
    greeting:*) echo cut-greeting ;;
    sender:*) echo refuse-sender ;;
    rcpt:*) echo greylist refuse cut-rcpt hang-rcpt-silent ;;
    end:*) echo refuse-data later cut cut-after silent hang-silent ;;
    esac
}

smtp_deaths() {
    case $1 in
    rcpt:*) echo killed-rcpt ;;
    end:*) echo killed killed-after ;;
    esac
}

smtp_rules=()
smtp_strike() { # KIND PLACE MARK
    local kind=${1%-silent}
    case $1 in
    silent) kind=silent ;;
    killed-rcpt) kind=hang-rcpt ;;
    killed) kind=hang ;;
    killed-after) kind=silent ;;
    esac
    smtp_rules+=("$kind 1 ${2##*:} $3")
    smtp_faults "${smtp_rules[@]}"
}

smtp_calm() {
    smtp_rules=()
    smtp_faults
}

# What the server may take later is sent again; what it may have taken, is not.
smtp_passes() {
    case $1 in
    greylist | later | cut-greeting | cut-rcpt | hang-rcpt-silent) return 0 ;;
    esac
    return 1
}

smtp_codes() {
    case $1 in
    refuse*) echo CR-MAIL-REFUSED ;;
    cut | cut-after | silent | hang-silent) echo CR-MAIL-LOST ;;
    greylist | later) echo CR-MAIL-REFUSED ;;
    cut-* | hang-rcpt*) echo CR-UNREACHABLE ;;
    esac
}
