# TLS 1.2 and 1.3, client only. The header's end is the place for a project's own settings; curl
# and libgit2 see them too, since it is installed.
cat "$DEPS/recipes/mbedtls/config.h" >>include/mbedtls/mbedtls_config.h
# AES-GCM is nettle's.
cp "$DEPS/recipes/mbedtls/gcm_alt.h" include/mbedtls/
cp "$DEPS/recipes/mbedtls/gcm_alt.c" library/gcm.c
PROBE_CFLAGS="$PROBE_CFLAGS -I$SYSROOT/include"
CFLAGS="$CFLAGS -I$SYSROOT/include"
install_cmake -DENABLE_PROGRAMS=OFF -DENABLE_TESTING=OFF -DGEN_FILES=OFF \
    -DMBEDTLS_FATAL_WARNINGS=OFF -DUSE_STATIC_MBEDTLS_LIBRARY=ON -DUSE_SHARED_MBEDTLS_LIBRARY=OFF
