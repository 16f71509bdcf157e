/* What a scope owns is freed on every way out of it (systemd's and ostree's habit). */
#ifndef CUT_RELEASE_BASE_CLEANUP_H
#define CUT_RELEASE_BASE_CLEANUP_H

#define CLEANUP(function) __attribute__((cleanup(function)))

/*
 * Makes `name_cleanup(type *)` out of `function(type)`, for types that are pointers and whose
 * freeing function takes NULL.
 */
#define CLEANUP_POINTER(type, function)                                                            \
    static inline void function##_cleanup(type *pointer)                                           \
    {                                                                                              \
        function(*pointer);                                                                        \
    }

#endif
