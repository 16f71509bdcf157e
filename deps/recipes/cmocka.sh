# For the unit tests only. Its build system insists on a shared library; one file needs none.
install_files cmocka include/cmocka.h cmocka.h -Iinclude -DHAVE_MALLOC_H -DHAVE_INTTYPES_H \
    -DHAVE_SIGNAL_H -DHAVE_STRINGS_H -DHAVE_STRSIGNAL -DHAVE_SIGLONGJMP -DHAVE_CLOCK_REALTIME \
    -DHAVE_STRUCT_TIMESPEC -DHAVE_GCC_THREAD_LOCAL_STORAGE src/cmocka.c
