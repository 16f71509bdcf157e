# HTTP/1.1, HTTP/2 and SMTP, with proxies and compression; nothing else.
# Digest authentication stays, SASL's sources (SMTP) need it. No certificates are built in: the
# caller names the bundle.
options=()
for feature in ALTSVC AWS BINDLOCAL COOKIES DICT DOH FILE FORM_API FTP GETOPTIONS GOPHER HSTS IMAP \
    IPFS KERBEROS_AUTH LDAP LDAPS MIME MQTT NEGOTIATE_AUTH NETRC NTLM POP3 PROGRESS_METER RTSP \
    SHUFFLE_DNS SMB SRP TELNET TFTP WEBSOCKETS; do
    options+=("-DCURL_DISABLE_$feature=ON")
done
# Its authors test unity builds; three large files are compiled in a quarter of the time. It is configured
# once, with all flags: a second time it forgets that no certificates were wanted.
PROBE_CFLAGS=$CFLAGS FLAVOUR_EXTRA='' install_cmake "${options[@]}" -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=60 -DCURL_USE_MBEDTLS=ON -DCURL_USE_OPENSSL=OFF -DUSE_NGHTTP2=ON \
    -DCURL_ZLIB=ON -DCURL_BROTLI=OFF -DCURL_ZSTD=OFF -DUSE_LIBIDN2=OFF -DCURL_USE_LIBPSL=OFF \
    -DCURL_USE_LIBSSH2=OFF -DENABLE_THREADED_RESOLVER=ON -DENABLE_UNIX_SOCKETS=OFF \
    -DCURL_CA_BUNDLE=none -DCURL_CA_PATH=none -DPICKY_COMPILER=OFF \
    -DBUILD_CURL_EXE=OFF -DBUILD_LIBCURL_DOCS=OFF -DBUILD_MISC_DOCS=OFF -DENABLE_CURL_MANUAL=OFF \
    -DBUILD_TESTING=OFF -DBUILD_EXAMPLES=OFF
