# SHA-256 by the processor's own instructions where it has them: "fat" asks at the start which, so one
# binary runs everywhere. Nothing else of it is linked but what that choice names.
configure --enable-fat --disable-public-key --disable-openssl --disable-documentation
# Its own flags would add debug information in full.
run make CFLAGS="$CFLAGS" libnettle.a
mv libnettle.a "$OUT/lib/"
mkdir "$OUT/include/nettle"
cp sha2.h nettle-types.h "$OUT/include/nettle/"
