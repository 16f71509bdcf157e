#include "core/mail_format.h"

#include "base/cleanup.h"

#include <string.h>

enum {
    LONGEST_LINE = 76,  /* of quoted-printable: RFC 2045, 6.7 */
    ENCODED_BYTES = 39, /* in one encoded word of at most 75 characters: RFC 2047, 2 */
    LONGEST_VALUE = 69, /* that fits in a line of 78 behind "Subject: " */
    SECONDS_OF_DAY = 86400,
};

/* ---- headers ----------------------------------------------------------------------------------------- */

static void add_base64(struct text *out, const char *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (size_t i = 0; i < length; i += 3) {
        unsigned char const a = (unsigned char)bytes[i];
        unsigned char const b = i + 1 < length ? (unsigned char)bytes[i + 1] : 0;
        unsigned char const c = i + 2 < length ? (unsigned char)bytes[i + 2] : 0;
        char const four[] = {digits[a >> 2], digits[(a & 3) << 4 | b >> 4],
                             i + 1 < length ? digits[(b & 15) << 2 | c >> 6] : '=',
                             i + 2 < length ? digits[c & 63] : '='};

        text_add_bytes(out, four, sizeof(four));
    }
}

/* At most `limit` bytes from the start, never a part of a character. */
static size_t whole_characters(const char *text, size_t limit)
{
    size_t length = strlen(text);

    if (length <= limit)
        return length;
    for (length = limit; length > 1 && ((unsigned char)text[length] & 0xC0) == 0x80;)
        length--;
    return length;
}

/* RFC 2047: words of base64, one a line. */
static void add_encoded(struct text *out, const char *value)
{
    while (*value) {
        size_t const length = whole_characters(value, ENCODED_BYTES);

        text_add(out, "=?UTF-8?B?");
        add_base64(out, value, length);
        text_add(out, value[length] ? "?=\r\n " : "?=");
        value += length;
    }
}

/* Does it say the same in every reader as it stands? "=?" would begin an encoded word. */
static bool is_plain(const char *value)
{
    for (const char *at = value; *at; at++)
        if ((unsigned char)*at < ' ' || (unsigned char)*at >= 0x7F)
            return false;
    return !strstr(value, "=?") && strlen(value) <= LONGEST_VALUE;
}

static void add_subject(struct text *out, const char *subject)
{
    CLEANUP(text_free) struct text line = {0};

    text_add_foreign(&line, subject, 900);
    text_add(out, "Subject: ");
    if (is_plain(text_string(&line)))
        text_add(out, text_string(&line));
    else
        add_encoded(out, text_string(&line));
    text_add(out, "\r\n");
}

/* A name: as it is where it is of atoms, in quotation marks, or encoded. */
static void add_mailbox(struct text *out, const struct mail_address *address)
{
    static const char atoms[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "!#$%&'*+-/=?^_`{|}~ ";
    CLEANUP(text_free) struct text name = {0};

    text_add_foreign(&name, address->name, 300);
    if (!name.length) {
        text_add(out, address->address);
        return;
    }
    if (!is_plain(text_string(&name)))
        add_encoded(out, text_string(&name));
    else if (strspn(text_string(&name), atoms) == name.length)
        text_add(out, text_string(&name));
    else
        text_print(out, "\"%s\"", text_string(&name)); /* it has no " and no \, see mail_address */
    bool const short_enough = name.length + strlen(address->address) < LONGEST_VALUE - 10;
    text_print(out, "%s<%s>", short_enough && is_plain(text_string(&name)) ? " " : "\r\n ",
               address->address);
}

static void add_mailboxes(struct text *out, const char *header, const struct mail_address *items,
                          size_t count)
{
    text_print(out, "%s: ", header);
    for (size_t i = 0; i < count; i++) {
        add_mailbox(out, &items[i]);
        text_add(out, i + 1 < count ? ",\r\n " : "\r\n");
    }
}

/* The day since 1970 in the calendar: years from March on, so that the leap day is the last. */
static void civil_date(int64_t day, int64_t *year, unsigned *month, unsigned *of_month)
{
    int64_t const shifted = day + 719468; /* from 1970-01-01 back to 0000-03-01 */
    int64_t const era = shifted / 146097; /* of 400 years */
    int64_t const of_era = shifted % 146097;
    int64_t const year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t const of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t const from_march = (5 * of_year + 2) / 153;

    *of_month = (unsigned)(of_year - (153 * from_march + 2) / 5 + 1);
    *month = (unsigned)(from_march < 10 ? from_march + 3 : from_march - 9);
    *year = year_of_era + era * 400 + (*month <= 2);
}

static void add_date(struct text *out, int64_t wall_seconds)
{
    static const char days[][4] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    int64_t const day = wall_seconds / SECONDS_OF_DAY, second = wall_seconds % SECONDS_OF_DAY;
    int64_t year;
    unsigned month, of_month;

    civil_date(day, &year, &month, &of_month);
    text_print(out, "Date: %s, %u %s %lld %02d:%02d:%02d +0000\r\n", days[day % 7], of_month,
               months[month - 1], (long long)year, (int)(second / 3600), (int)(second / 60 % 60),
               (int)(second % 60));
}

/* ---- the text ------------------------------------------------------------------------------------------ */

/*
 * May this byte stand as it is? What a server on the way might change may not: a blank at the end of a
 * line, a dot at its start, and "From ", which mailboxes take for the next mail.
 */
static bool stands(const char *at, size_t left, bool at_start)
{
    unsigned char const byte = (unsigned char)*at;

    if (at_start && (byte == '.' || (left >= 5 && strncmp(at, "From ", 5) == 0)))
        return false;
    return byte == ' ' ? left > 1 : byte > ' ' && byte < 0x7F && byte != '=';
}

/* One line in quoted-printable. */
static void add_line(struct text *out, const char *line, size_t length)
{
    size_t column = 0;

    for (size_t i = 0; i < length; i++) {
        if (column + (stands(&line[i], length - i, !column) ? 1 : 3) > LONGEST_LINE - 1) {
            text_add(out, "=\r\n");
            column = 0;
        }
        if (stands(&line[i], length - i, !column)) {
            text_add_bytes(out, &line[i], 1);
            column++;
        } else {
            text_print(out, "=%02X", (unsigned char)line[i]);
            column += 3;
        }
    }
    text_add(out, "\r\n");
}

/* Control characters, tabulators among them, become blanks. */
static void add_text(struct text *out, const char *text)
{
    const char *rest = text, *line;
    size_t length;

    while ((line = string_next_line(&rest, &length))) {
        CLEANUP(text_free) struct text bytes = {0}, clean = {0};

        text_add_bytes(&bytes, line, length);
        text_add_foreign(&clean, text_string(&bytes), length);
        add_line(out, text_string(&clean), clean.length);
    }
}

const char *mail_format(struct arena *arena, const struct mail_parts *parts)
{
    CLEANUP(text_free) struct text out = {0};

    add_date(&out, parts->wall_seconds);
    add_mailboxes(&out, "From", &parts->from, 1);
    add_mailboxes(&out, "To", parts->to.items, parts->to.count);
    add_subject(&out, parts->subject);
    text_print(&out, "Message-ID: <%s>\r\n", parts->id);
    if (!string_is_empty(parts->in_reply_to))
        text_print(&out, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n", parts->in_reply_to,
                   parts->in_reply_to);
    text_add(&out, "MIME-Version: 1.0\r\n"
                   "Content-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n"
                   "Auto-Submitted: auto-generated\r\n" /* RFC 3834: no vacation notes, please */
                   "\r\n");
    add_text(&out, parts->text);
    return arena_copy(arena, text_string(&out));
}
