#include "core/ref_pattern.h"

#include "base/cleanup.h"
#include "base/text.h"

#include <fnmatch.h>
#include <string.h>

/* GitHub supports neither backslashes nor [^…], and doesn't say what becomes of them. */
static bool is_unclear(const char *pattern)
{
    return strchr(pattern, '\\') || strstr(pattern, "[^");
}

/* With each "**" + "/" taken for no folder at all, which is one of the things that it stands for. */
static bool fits_without_folders(const char *pattern, const char *ref)
{
    CLEANUP(text_free) struct text shorter = {0};

    for (const char *at = pattern; *at;) {
        size_t const skipped = string_starts(at, "**/") ? strlen("**/") : 0;

        text_add_bytes(&shorter, at, skipped ? 0 : 1);
        at += skipped ? skipped : 1;
    }
    return fnmatch(text_string(&shorter), ref, FNM_PATHNAME) == 0;
}

bool ref_pattern_names(const char *pattern, const char *ref)
{
    return strings_equal(pattern, "~ALL") ||
           (!is_unclear(pattern) &&
            (fnmatch(pattern, ref, FNM_PATHNAME) == 0 || fits_without_folders(pattern, ref)));
}

bool ref_pattern_may_name(const char *pattern, const char *ref)
{
    return is_unclear(pattern) || *pattern == '~' || fnmatch(pattern, ref, 0) == 0 ||
           fits_without_folders(pattern, ref);
}
