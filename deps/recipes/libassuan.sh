# The protocol between gpgme and GnuPG.
configure --disable-doc --with-libgpg-error-prefix="$SYSROOT"
archive assuan libassuan_la
cp src/assuan.h "$OUT/include/"
cp src/libassuan-config "$OUT/bin/"
mkdir "$OUT/lib/pkgconfig"
cp src/libassuan.pc "$OUT/lib/pkgconfig/"
