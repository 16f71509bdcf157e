#include "adapters/file_stream.h"

#include "adapters/file.h"
#include "base/cleanup.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void file_stream_close(struct file_stream *stream)
{
    if (stream->descriptor > 0)
        close(stream->descriptor);
    sha256_free(stream->hash);
    stream->descriptor = 0;
    stream->hash = NULL;
}

static int start(struct file_stream *stream)
{
    const struct asset_file *file = stream->file;
    struct stat about;

    file_stream_close(stream);
    stream->position = 0;
    stream->digest[0] = '\0';
    stream->hash = sha256_start();
    if (file->content)
        return 0;
    stream->descriptor = file_open_real(file->real);
    if (stream->descriptor < 0 || fstat(stream->descriptor, &about))
        return -1;
    if (!S_ISREG(about.st_mode) || about.st_size != file->size) {
        errno = ESTALE;
        return -1;
    }
    return 0;
}

static ptrdiff_t next_bytes(struct file_stream *stream, char *buffer, size_t size)
{
    const struct asset_file *file = stream->file;
    int64_t const left = file->size - stream->position;
    ssize_t length;

    if ((int64_t)size > left)
        size = (size_t)left;
    if (file->content) {
        memcpy(buffer, file->content + stream->position, size);
        return (ptrdiff_t)size;
    }
    do
        length = read(stream->descriptor, buffer, size);
    while (length < 0 && errno == EINTR);
    return length;
}

ptrdiff_t file_stream_read(struct file_stream *stream, int64_t offset, char *buffer, size_t size)
{
    if (!offset && start(stream))
        return -1;
    if (offset != stream->position || !stream->hash) {
        errno = ESPIPE;
        return -1;
    }
    ptrdiff_t const length = next_bytes(stream, buffer, size);
    if (length <= 0)
        return length;
    sha256_add(stream->hash, buffer, (size_t)length);
    stream->position += length;
    if (stream->position == stream->file->size) {
        sha256_end(stream->hash, stream->digest);
        file_stream_close(stream);
    }
    return length;
}

int file_hash(struct arena *arena, struct asset_file *file, struct error *error)
{
    struct file_stream stream = {.file = file};
    char buffer[32 * 1024];
    ptrdiff_t length;

    errno = 0;
    do
        length = file_stream_read(&stream, stream.position, buffer, sizeof(buffer));
    while (length > 0 && !stream.digest[0]);
    file_stream_close(&stream);
    if (!stream.digest[0])
        return error_set(error, ERROR_ASSET_FILE, "run it again",
                         "files: %s can't be read whole: %s", file->path,
                         errno ? strerror(errno) : "it has become shorter");
    file->digest = arena_copy(arena, stream.digest);
    return 0;
}

void file_hash_checksums(struct arena *arena, struct file_facts *files)
{
    struct asset_file *last = files->count ? &files->items[files->count - 1] : NULL;
    const char *content = last && last->checksums ? assets_checksums(arena, files) : NULL;
    char digest[SHA256_DIGITS + 1];

    if (!content)
        return;
    sha256(content, strlen(content), digest);
    last->content = content;
    last->digest = arena_copy(arena, digest);
}
