# For `make check`: the same sources with the host's gcc and glibc under AddressSanitizer and UBSan.
# shellcheck shell=bash disable=SC2034  # read by deps/library
FLAVOUR_CC=gcc
FLAVOUR_CFLAGS="-O1 -g1 -fPIC -fno-omit-frame-pointer"
FLAVOUR_LDFLAGS=
# Only for the library itself: hundreds of probing programs need not be instrumented.
FLAVOUR_EXTRA="-fsanitize=address,undefined"
FLAVOUR_SKIP=musl
