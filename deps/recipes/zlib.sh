# Not autoconf, but its own script of the same name.
run env CC="$CC" CFLAGS="$CFLAGS" ./configure --static --prefix="$PREFIX"
run make libz.a
run make install DESTDIR="$build/out/root"
take_installed
