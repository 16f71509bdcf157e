/*
 * For `make coverage`: gcc's counters are written when a process ends by exit(), but the guard of
 * GnuPG's home ends by _exit().
 */
#include <gcov.h>

_Noreturn void __real__exit(int status);
_Noreturn void __wrap__exit(int status);

_Noreturn void __wrap__exit(int status)
{
    __gcov_dump();
    __real__exit(status);
}
