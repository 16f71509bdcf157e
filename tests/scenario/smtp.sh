# shellcheck shell=bash
# Words about mail: a real SMTP server (tests/smtp/server), and what arrived there. Sourced by lib.sh.

smtp_password=correct-horse-battery
smtp_pid=

# In $announce the inputs that have a mail sent there.
start_smtp() { # [smtps|starttls|plain]
    local mode=${1:-starttls} scheme=smtp tries=0
    M=$S/smtp
    rm -rf "$M"
    mkdir -p "$M/mails"
    printf '%s' "$smtp_password" > "$M/password"
    : > "$M/dialogues"
    "$here/../smtp/server" "$M" "$mode" > "$S/smtp.log" 2>&1 &
    smtp_pid=$!
    exec 8<> "$S/never"
    until [ -f "$M/ready" ]; do
        tries=$((tries + 1))
        { [ $tries -lt 500 ] && kill -0 "$smtp_pid" 2> /dev/null; } ||
            fail "the SMTP server does not start" "$(cat "$S/smtp.log")"
        read -rt 0.02 -u 8
    done
    exec 8>&-
    smtp_port=$(sed -n 's/^PORT=//p' "$M/ready")
    [ "$mode" != smtps ] || scheme=smtps
    cp "$M/ca.pem" "$WORKSPACE/smtp-ca.pem"
    secrets+=("$smtp_password")
    announce=(INPUT_ANNOUNCE_TO=announce@lists.example.org
        'INPUT_ANNOUNCE_FROM=llm-d Releases <releases@example.org>'
        "INPUT_SMTP_URL=$scheme://localhost:$smtp_port" INPUT_CA_BUNDLE=smtp-ca.pem)
    [ "$mode" = plain ] ||
        announce+=(INPUT_SMTP_USERNAME=releases "INPUT_SMTP_PASSWORD=$smtp_password")
}

stop_smtp() {
    kill "$smtp_pid" 2> /dev/null
    wait "$smtp_pid" 2> /dev/null
}

smtp_faults() { # "KIND TIMES [SKIP [MARK]]" …
    printf '%s\n' "$@" > "$M/faults"
}

# In $mails how many have arrived.
count_mails() {
    local all=("$M"/mails/*)
    [ -e "${all[0]}" ] || all=()
    mails=${#all[@]}
}

expect_mails() { # NUMBER
    local mails
    count_mails
    same "mails" "$1" "$mails"
}

# A mail as it came, but for the time, the sandbox's port, and the hashes of what holds that.
mail_of() { # NUMBER
    sed -E -e 's/\r$//' -e 's/^Date: .*/Date: DATE/' -e 's/127\.0\.0\.2:[0-9]+/SERVER/g' \
        -e 's/<cut-release\.[0-9a-f]{16}\./<cut-release.HASH./' "$M/mails/$1"
}

expect_mail() { # NUMBER GOLDEN
    diff -u "$here/golden/$2" <(mail_of "$1") > "$S/mail.diff" ||
        fail "mail $1 is not that of golden/$2:" "$(cat "$S/mail.diff")"
}

# The text of a mail, read by another program than ours.
text_of_mail() { # NUMBER
    sed '1,/^$/d' "$M/mails/$1" | /usr/bin/python3 -c '
import email, email.policy, sys
mail = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
print(mail["Subject"]); print(); print(mail.get_content(), end="")'
}

message_id() { # NUMBER
    sed -nE 's/\r$//; s/^Message-ID: //p' "$M/mails/$1"
}

expect_same_message_id() { # NUMBER NUMBER
    same "the Message-ID" "$(message_id "$1")" "$(message_id "$2")"
}

# What the release says about the mail: "sending", "sent", or nothing.
expect_announcement() { # TAG STATE
    local body
    body=$(body_of "$1")
    if [ -z "$2" ]; then
        [[ $body != *cut-release:announcement* ]] || fail "no trace of a mail was expected:" "$body"
    else
        [[ $body = *"<!-- cut-release:announcement state=$2 id="*'@example.org -->' ]] ||
            fail "a mail that is $2 was expected:" "$body"
    fi
}
