#include "adapters/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int read_all(int file, size_t limit, struct text *content)
{
    char buffer[16 * 1024];
    ssize_t length;

    while ((length = read(file, buffer, sizeof(buffer))) != 0) {
        if (length < 0 && errno == EINTR)
            continue;
        if (length < 0)
            return errno;
        if (content->length + (size_t)length > limit)
            return EFBIG;
        text_add_bytes(content, buffer, (size_t)length);
    }
    return 0;
}

static int reason_error(struct error *error, enum error_code code, const char *what,
                        const char *path, int reason)
{
    const char *remedy = code == ERROR_OUTPUT
                             ? "see that there is room and that it may be written, "
                               "and run it again"
                             : "correct the path";

    return error_set(error, code, remedy, "%s can't be %s: %s", path, what, strerror(reason));
}

/* The file is closed. */
static int read_regular(int file, const char *path, size_t limit, struct text *content,
                        struct error *error)
{
    struct stat about;

    if (file < 0)
        return reason_error(error, ERROR_INPUT_PATH, "read", path, errno);
    int reason = fstat(file, &about) ? errno : S_ISREG(about.st_mode) ? 0 : EINVAL;
    if (!reason)
        reason = read_all(file, limit, content);
    close(file);
    return reason ? reason_error(error, ERROR_INPUT_PATH, "read", path, reason) : 0;
}

int file_read(const char *path, size_t limit, struct text *content, struct error *error)
{
    return read_regular(open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), path, limit, content, error);
}

/* The folder `name` in another one, which is closed. */
static int step_into(int folder, const char *name, size_t length)
{
    char part[NAME_MAX + 1];
    int next = -1;

    if (length < sizeof(part)) {
        memcpy(part, name, length);
        part[length] = '\0';
        next = openat(folder, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    } else
        errno = ENAMETOOLONG;
    int const reason = errno;
    close(folder);
    errno = reason;
    return next;
}

int file_open_real(const char *path)
{
    int folder = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    const char *slash;

    path += strspn(path, "/");
    while (folder >= 0 && (slash = strchr(path, '/'))) {
        folder = step_into(folder, path, (size_t)(slash - path));
        path = slash + 1;
    }
    if (folder < 0)
        return -1;
    int const file = openat(folder, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    int const reason = errno;
    close(folder);
    errno = reason;
    return file;
}

int file_read_real(const char *path, size_t limit, struct text *content, struct error *error)
{
    return read_regular(file_open_real(path), path, limit, content, error);
}

int file_append(const char *path, const char *bytes, size_t length, struct error *error)
{
    int const file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    int reason = file < 0 ? errno : 0;

    for (size_t done = 0; !reason && done < length;) {
        ssize_t const written = write(file, bytes + done, length - done);

        if (written < 0 && errno != EINTR)
            reason = errno;
        else if (written > 0)
            done += (size_t)written;
    }
    if (file >= 0 && close(file) && !reason)
        reason = errno;
    return reason ? reason_error(error, ERROR_OUTPUT, "written", path, reason) : 0;
}
