# What ships: gcc with musl's headers and start files, every executable a static PIE.
# shellcheck shell=bash disable=SC2034  # read by deps/library
FLAVOUR_CC=${SYSROOT:-}/bin/musl-gcc

# No unwind tables: nothing here throws, and they are a tenth of the binary.
FLAVOUR_CFLAGS="-O2 -fPIC -ffunction-sections -fdata-sections -fstack-protector-strong
  -fno-unwind-tables -fno-asynchronous-unwind-tables"
FLAVOUR_LDFLAGS="-static-pie -Wl,--gc-sections -Wl,-z,relro,-z,now -Wl,-z,noexecstack"
FLAVOUR_EXTRA=
FLAVOUR_SKIP=
