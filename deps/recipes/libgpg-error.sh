# The errors and the portable stdio of the GnuPG libraries.
configure --disable-nls --disable-doc --disable-tests --disable-languages \
    --enable-install-gpg-error-config --enable-threads=posix
# Headers that the list of sources does not mention.
run make -C src gpg-error.h code-to-errno.h code-from-errno.h err-sources-sym.h err-codes-sym.h \
    errnos-sym.h
archive gpg-error libgpg_error_la
cp src/gpg-error.h "$OUT/include/"
cp src/gpg-error.h "$OUT/include/gpgrt.h"
# Its make would first compare the script with its successor, which takes longer than all the rest.
cp src/gpg-error-config-old "$OUT/bin/gpg-error-config"
mkdir "$OUT/lib/pkgconfig"
cp src/gpg-error.pc "$OUT/lib/pkgconfig/"
