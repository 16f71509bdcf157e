# SHA-256 and AES-GCM by the processor's own instructions where it has them: "fat" asks at the start
# which, so one binary runs everywhere.
configure --enable-fat --disable-public-key --disable-openssl --disable-documentation
# Its own flags would add debug information in full.
run make CFLAGS="$CFLAGS" libnettle.a
mv libnettle.a "$OUT/lib/"
mkdir "$OUT/include/nettle"
cp aes.h camellia.h gcm.h nettle-meta.h nettle-types.h sha2.h sm4.h "$OUT/include/nettle/"
