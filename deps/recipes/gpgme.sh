# C only: no bindings, no graphical helpers. musl's off_t has 64 bits; the names with 64 that gpgme
# uses are behind this macro.
CFLAGS="$CFLAGS -D_LARGEFILE64_SOURCE"
PROBE_CFLAGS="$PROBE_CFLAGS -D_LARGEFILE64_SOURCE"
configure --enable-languages= --disable-gpgconf-test --disable-gpg-test --disable-gpgsm-test \
    --disable-g13-test --disable-glibtest --disable-fd-passing \
    --with-libgpg-error-prefix="$SYSROOT" --with-libassuan-prefix="$SYSROOT"
archive gpgme libgpgme_la
cp src/gpgme.h "$OUT/include/"
