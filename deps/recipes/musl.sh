# The C library. Built with the host's gcc; musl-gcc then wraps it for everything else.
#
# A third of it is mathematics that nothing here calls; what the rest of libc needs of it stays.
rm -r src/complex
find src/math -type f ! -name '__*' ! -name 'copysign*' ! -name 'fabs*' ! -name 'floor*' \
    ! -name 'fmod*' ! -name 'frexp*' ! -name 'scalbn*' -delete
run ./configure CC=gcc CFLAGS="$CFLAGS" --prefix="$PREFIX" --disable-shared --disable-wrapper
run make
run make install DESTDIR="$build/out/root"
take_installed

# The kernel's headers are Debian's (linux-libc-dev comes with gcc).
ln -s /usr/include/linux /usr/include/asm-generic "$OUT/include/"
ln -s "/usr/include/$(gcc -print-multiarch)/asm" "$OUT/include/asm"

# musl's own wrapper knows static PIE only as an option; here every executable is one, also those
# that configure scripts try.
mkdir -p "$OUT/bin"
cat >"$OUT/bin/musl-gcc" <<END
#!/bin/sh
exec gcc "\$@" -specs "$PREFIX/lib/musl-gcc.specs"
END
chmod +x "$OUT/bin/musl-gcc"
cat >"$OUT/lib/musl-gcc.specs" <<END
%rename cpp_options old_cpp_options

*cpp_options:
-nostdinc -isystem $PREFIX/include -isystem include%s %(old_cpp_options)

*cc1:
%(cc1_cpu) -nostdinc -isystem $PREFIX/include -isystem include%s

*link_libgcc:
-L$PREFIX/lib -L .%s

*libgcc:
libgcc.a%s %:if-exists(libgcc_eh.a%s)

*startfile:
$PREFIX/lib/rcrt1.o $PREFIX/lib/crti.o crtbeginS.o%s

*endfile:
crtendS.o%s $PREFIX/lib/crtn.o

*link:
-nostdlib -static -pie --no-dynamic-linker -z text

*esp_link:


*esp_options:


*esp_cpp_options:


END
