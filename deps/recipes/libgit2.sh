# git over HTTPS and the local object store; no SSH, no NTLM, no command line tool.
# CERT_LOCATION: a file that is no certificate store, else the bundle of the build machine would be
# compiled in and parsed at every start. The caller names the bundle.
if [[ $FLAVOUR == asan ]]; then
    # The bundled sha1dc loads words from odd addresses, on purpose where the processor allows it.
    CFLAGS="$CFLAGS -fno-sanitize=alignment"
fi
install_cmake -DUSE_HTTPS=mbedTLS -DCERT_LOCATION=/dev/null -DUSE_SHA1=CollisionDetection \
    -DUSE_SHA256=mbedTLS -DREGEX_BACKEND=regcomp -DUSE_HTTP_PARSER=http-parser -DUSE_SSH=OFF \
    -DUSE_NTLMCLIENT=OFF -DUSE_GSSAPI=OFF -DUSE_ICONV=OFF -DUSE_BUNDLED_ZLIB=OFF \
    -DBUILD_TESTS=OFF -DBUILD_CLI=OFF -DBUILD_EXAMPLES=OFF -DBUILD_FUZZERS=OFF
