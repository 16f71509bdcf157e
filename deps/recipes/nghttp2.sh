# HTTP/2 framing for curl. Its build system looks for a C++ compiler and a dozen libraries that only
# its programs use.
version=$(sed -nE 's/^AC_INIT\(\[nghttp2\], \[([0-9.]+).*/\1/p' configure.ac)
IFS=. read -r major minor patch <<<"$version"
sed -e "s/@PACKAGE_VERSION@/$version/" \
    -e "s/@PACKAGE_VERSION_NUM@/$(printf '0x%02x%02x%02x' "$major" "$minor" "$patch")/" \
    lib/includes/nghttp2/nghttp2ver.h.in >lib/includes/nghttp2/nghttp2ver.h
install_files nghttp2 lib/includes/nghttp2/nghttp2.h nghttp2/nghttp2.h -Ilib/includes \
    -DBUILDING_NGHTTP2 -DNGHTTP2_STATICLIB -DHAVE_ARPA_INET_H -DHAVE_NETINET_IN_H \
    -DHAVE_CLOCK_GETTIME -DHAVE_DECL_CLOCK_MONOTONIC=1 lib/*.c
cp lib/includes/nghttp2/nghttp2ver.h "$OUT/include/nghttp2/"
