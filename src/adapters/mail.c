#include "adapters/mail.h"

#include "adapters/trust.h"
#include "base/cleanup.h"
#include "base/host.h"
#include "base/memory.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CONNECT_SECONDS = 10,
    PATIENCE = 4, /* mail servers take their time: RFC 5321, 4.5.3.2, speaks of minutes */
    LONGEST_WORDS = 2000,
};

/* One dialogue. */
struct dialogue {
    const struct mailer_settings *settings;
    struct trust *trust;
    const struct mail *mail;
    size_t read; /* bytes of the message that libcurl took */
    bool whole;  /* it took the end, too: from here on the server may have the mail */
    bool over_time;
    struct text words; /* the server's last reply */
    bool words_end;    /* the next line begins another reply */
    char curl_message[CURL_ERROR_SIZE];
};

static size_t on_read(char *buffer, size_t size, size_t count, void *state)
{
    struct dialogue *dialogue = state;
    const char *left = dialogue->mail->message + dialogue->read;
    size_t length = strlen(left);

    if (length > size * count)
        length = size * count;
    memcpy(buffer, left, length);
    dialogue->read += length;
    dialogue->whole = !length;
    return length;
}

/* libcurl hands the lines of replies to the callback for headers. "250-…" goes on, "250 …" ends it. */
static size_t on_reply(char *bytes, size_t size, size_t count, void *state)
{
    struct dialogue *dialogue = state;
    size_t const length = size * count;

    if (dialogue->words_end)
        text_cut(&dialogue->words, 0);
    if (dialogue->words.length + length <= LONGEST_WORDS)
        text_add_bytes(&dialogue->words, bytes, length);
    dialogue->words_end = length > 3 && bytes[3] != '-';
    return length;
}

/* Called at least once a second. */
static int on_progress(void *state, curl_off_t total_down, curl_off_t down, curl_off_t total_up,
                       curl_off_t up)
{
    struct dialogue *dialogue = state;
    const struct clock *clock = dialogue->settings->clock;
    (void)total_down, (void)down, (void)total_up, (void)up;

    dialogue->over_time = clock_now_ms(clock) > dialogue->settings->deadline_ms;
    return dialogue->over_time || clock_interrupted(clock);
}

static CURLcode set_trust(CURL *easy, void *config, void *trust)
{
    (void)easy;
    trust_apply(trust, config);
    return CURLE_OK;
}

/* ---- how it ended -------------------------------------------------------------------------------------- */

static enum mail_end end_with_reply(const struct dialogue *dialogue, long code, struct error *error)
{
    CLEANUP(text_free) struct text words = {0};

    text_add_foreign(&words, text_string(&dialogue->words), 400);
    while (words.length && words.bytes[words.length - 1] == ' ')
        text_cut(&words, words.length - 1);
    error_set(error, ERROR_MAIL_REFUSED,
              code == 535 ? "check smtp_username and smtp_password"
                          : "see what the server's words ask for, and run it again",
              "the mail server %s was expected to take the mail, it says: %s",
              dialogue->settings->server.host, text_string(&words));
    return code < 500 ? MAIL_LATER : MAIL_REFUSED;
}

/* The dialogue broke off before the mail's end was sent: the server has no mail. */
static enum mail_end end_without_reply(const struct dialogue *dialogue, CURLcode result,
                                       struct error *error)
{
    const char *host = dialogue->settings->server.host;
    const char *said = string_or(dialogue->curl_message, curl_easy_strerror(result));

    switch (result) {
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
        error_set(error, ERROR_TLS, "give the CA that signed it in ca_bundle or SSL_CERT_FILE",
                  "a certificate that can be verified was expected from %s: %s", host, said);
        return MAIL_REFUSED;
    case CURLE_USE_SSL_FAILED:
        error_set(error, ERROR_MAIL_REFUSED, "use smtps://, or a server that offers STARTTLS",
                  "the mail server %s was expected to offer STARTTLS, it doesn't", host);
        return MAIL_REFUSED;
    case CURLE_LOGIN_DENIED:
        error_set(error, ERROR_MAIL_REFUSED, "check smtp_username and smtp_password",
                  "the mail server %s was expected to accept the user name and password: %s", host,
                  said);
        return MAIL_REFUSED;
    default:
        error_set(error, ERROR_UNREACHABLE, "check smtp_url and the network, and run it again",
                  "the mail server %s can't be reached, or cut the connection: %s", host, said);
        return MAIL_UNREACHABLE;
    }
}

static enum mail_end end_of(const struct dialogue *dialogue, CURLcode result, long code,
                            struct error *error)
{
    if (result == CURLE_OK)
        return MAIL_SENT;
    if (code >= 400 && code < 600)
        return end_with_reply(dialogue, code, error);
    if (dialogue->whole) {
        error_set(error, ERROR_MAIL_LOST,
                  "look whether it has arrived; a further run sends it again, with the same "
                  "Message-ID",
                  "the mail server %s was expected to confirm the mail, and didn't (%s): it may "
                  "have been sent",
                  dialogue->settings->server.host,
                  string_or(dialogue->curl_message, curl_easy_strerror(result)));
        return MAIL_LOST;
    }
    if (result == CURLE_ABORTED_BY_CALLBACK) {
        if (dialogue->over_time)
            error_set(error, ERROR_TIMEOUT, "run it again",
                      "the time of the whole run is over (wait_minutes and 10 minutes)");
        else
            error_set(error, ERROR_INTERRUPTED, "run it again", "the run was asked to end");
        return MAIL_REFUSED;
    }
    return end_without_reply(dialogue, result, error);
}

/* ---- the dialogue -------------------------------------------------------------------------------------- */

/* The name behind the last slash is what EHLO says: the sender's domain, since a container's own name
 * means nothing. */
static void set_address(CURL *easy, const struct dialogue *dialogue)
{
    const struct smtp_server *server = &dialogue->settings->server;
    bool const here = host_is_loopback(server->host, strlen(server->host));
    CLEANUP(text_free) struct text url = {0};

    text_print(&url, "%s://%s%s%s/%s", server->tls ? "smtps" : "smtp", server->host,
               *server->port ? ":" : "", server->port, dialogue->mail->domain);
    curl_easy_setopt(easy, CURLOPT_URL, text_string(&url));
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)(here ? CURLUSESSL_TRY : CURLUSESSL_ALL));
    if (!string_is_empty(dialogue->settings->username)) {
        curl_easy_setopt(easy, CURLOPT_USERNAME, dialogue->settings->username);
        curl_easy_setopt(easy, CURLOPT_PASSWORD, dialogue->settings->password);
    }
}

static void set_bounds(CURL *easy, struct dialogue *dialogue)
{
    long const stall = (long)dialogue->settings->stall_seconds * PATIENCE;

    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_SECONDS);
    curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, stall);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, stall);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
    curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(easy, CURLOPT_XFERINFODATA, dialogue);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, dialogue->curl_message);
}

static void set_security(CURL *easy, const struct dialogue *dialogue)
{
    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, set_trust);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, dialogue->trust);
}

static struct curl_slist *recipients_of(const struct mail *mail)
{
    struct curl_slist *list = NULL;

    for (size_t i = 0; i < mail->to.count; i++) {
        struct curl_slist *longer = curl_slist_append(list, mail->to.items[i].address);

        if (!longer)
            memory_exhausted();
        list = longer;
    }
    return list;
}

static enum mail_end hold(struct dialogue *dialogue, CURL *easy, struct error *error)
{
    struct curl_slist *recipients = recipients_of(dialogue->mail);
    long code = 0;

    set_address(easy, dialogue);
    set_bounds(easy, dialogue);
    set_security(easy, dialogue);
    curl_easy_setopt(easy, CURLOPT_MAIL_FROM, dialogue->mail->from);
    curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, recipients);
    curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(easy, CURLOPT_READDATA, dialogue);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_reply);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, dialogue);
    CURLcode const result = curl_easy_perform(easy);
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &code);
    enum mail_end const end = end_of(dialogue, result, code, error);
    curl_slist_free_all(recipients);
    return end;
}

static enum mail_end send_mail(void *mailer, const struct mail *mail, struct error *error)
{
    const struct mailer_settings *settings = mailer;
    struct dialogue dialogue = {.settings = settings, .mail = mail};

    if (trust_open(settings->certificates, settings->extra_certificates, &dialogue.trust, error))
        return MAIL_REFUSED;
    CURL *easy = curl_easy_init();
    if (!easy)
        memory_exhausted();
    enum mail_end const end = hold(&dialogue, easy, error);
    curl_easy_cleanup(easy);
    trust_close(dialogue.trust);
    text_free(&dialogue.words);
    return end;
}

void mailer_effects(const struct mailer_settings *settings, struct effects *effects)
{
    effects->mailer = (void *)(uintptr_t)settings; /* nobody writes to it */
    effects->send_mail = send_mail;
}
