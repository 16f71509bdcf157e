/* core/tag_text: tag objects, signatures, identities. The bytes come from who pushes tags. */
#include "fuzz.h"

#include "core/tag_text.h"

/* A copied line: it stands in the object, behind its header's name. */
static void must_be_header(const char *text, const char *name, const char *value)
{
    CLEANUP(text_free) struct text line = {0};

    must(value && *value && !strchr(value, '\n'));
    text_print(&line, "%s %s\n", name, value);
    must(strstr(text, text_string(&line)));
}

static void check_signature_start(const char *text)
{
    enum signature_kind kind;
    size_t const length = strlen(text), start = tag_signature_start(text, &kind);

    must(start <= length);
    must((kind == SIGNATURE_NONE) == (start == length));
    if (kind == SIGNATURE_NONE)
        return;
    must(string_starts(text + start, "-----BEGIN "));
    must(!start || text[start - 1] == '\n');
}

static void check_object(struct arena *arena, const char *bytes, size_t length)
{
    struct tag_object object = {.object = "kept"};
    size_t payload_length = SIZE_MAX;
    enum signature_kind kind;

    if (tag_parse(arena, bytes, length, &object, &payload_length)) {
        must(payload_length == SIZE_MAX && !object.target && !object.message);
        must(strings_equal(object.object, "kept"));
        return;
    }
    const char *text = arena_copy_bytes(arena, bytes, length);
    must(strlen(text) == length);
    must(strings_equal(object.object, "kept"));
    must(payload_length <= length);
    must_be_header(text, "object", object.target);
    must_be_header(text, "type", object.target_type);
    must_be_header(text, "tag", object.name);
    must(object.tagger && strstr(text, object.tagger) && !strchr(object.tagger, '\n'));
    must(object.message && strlen(object.message) <= payload_length);

    /* The payload ends with the message, and the signature is all that is behind it. */
    size_t const start = payload_length - strlen(object.message);
    must(!memcmp(text + start, object.message, strlen(object.message)));
    must(start >= 2 && text[start - 1] == '\n' && text[start - 2] == '\n');
    must((object.signature == SIGNATURE_NONE) == (payload_length == length));
    must(tag_signature_start(text + start, &kind) == strlen(object.message));
    must(kind == object.signature);

    /* The payload alone is an object too; with a signature left in its message it can't be. */
    struct tag_object again = {0};
    size_t again_length;
    must(!tag_parse(arena, bytes, payload_length, &again, &again_length));
    must(again_length <= payload_length);
    must(strings_equal(again.target, object.target) && strings_equal(again.name, object.name));
}

/* What we make of somebody's identity is read as one line, and as we wrote it. */
static void check_identity(struct arena *arena, const char *text)
{
    const char *name, *mail;
    struct tag_object object = {0};
    size_t payload_length;

    if (!tag_split_identity(arena, text, &name, &mail))
        return;
    must(*mail && !strchr(mail, '<') && !strchr(mail, '>'));
    const char *identity = tag_identity(arena, name, mail);
    if (!identity)
        return;
    must(!strchr(identity, '\n'));
    const char *made =
        tag_text(arena, "c000000000000000000000000000000000000001", "v0.1.0", identity, 1, "x");
    must(!tag_parse(arena, made, strlen(made), &object, &payload_length));
    must(strings_equal(object.tagger, identity));
    must(strings_equal(object.message, "x\n") && object.signature == SIGNATURE_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_free) struct arena arena = {0};
    const char *text = arena_copy_bytes(&arena, (const char *)data, size);

    check_signature_start(text);
    check_object(&arena, (const char *)data, size);
    check_identity(&arena, text);
    return 0;
}
