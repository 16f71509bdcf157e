# Shared by the scripts of this folder: the package table, the cache's layout and its keys.
# shellcheck shell=bash disable=SC2034  # to be sourced

set -euo pipefail
export LC_ALL=C

DEPS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=${CUT_RELEASE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/cut-release}

# Configured into the libraries in place of a real folder, so that neither a binary nor the cache
# depends on where it was built. `merge` replaces it in the scripts that need the real one.
PREFIX=/cut-release-prefix

say() {
    printf 'deps: %s\n' "$*" >&2
}

die() {
    say "$*"
    exit 1
}

# field NAME COLUMN: one cell of packages.tsv.
field() {
    awk -F'\t' -v name="$1" -v column="$2" \
        '$1 == name { print $column; found = 1 } END { exit !found }' "$DEPS/packages.tsv" ||
        die "$1 is not in deps/packages.tsv"
}

# use_flavour musl|asan: loads it and sets PACKAGES, in the table's order (which builds).
use_flavour() {
    FLAVOUR=$1
    [[ -f $DEPS/flavours/$FLAVOUR.sh ]] || die "there is no flavour '$FLAVOUR'"
    # shellcheck source=/dev/null
    . "$DEPS/flavours/$FLAVOUR.sh"
    mapfile -t PACKAGES < <(awk -F'\t' -v skip="$FLAVOUR_SKIP" \
        '!/^#/ && NF && $1 != skip { print $1 }' "$DEPS/packages.tsv")
}

# needs NAME: the libraries that NAME is built upon, in this flavour.
needs() {
    local need
    for need in $(field "$1" 5); do
        [[ $need == - || $need == "$FLAVOUR_SKIP" ]] || echo "$need"
    done
}

# mirror PATTERN: where the machine's apt gets a suite from whose name matches, an ERE.
mirror() {
    apt-get update --print-uris 2>/dev/null |
        sed -nE "s,^'(.*)/dists/($1)/InRelease'.*,\1,p" | head -n1
}

# Sets $main and $security. No mirror is named here: DEBIAN_MIRROR (and DEBIAN_SECURITY_MIRROR) say
# which, else a Debian machine's own apt knows; else they are empty.
debian_mirrors() {
    main=${DEBIAN_MIRROR:-} security=${DEBIAN_SECURITY_MIRROR:-}
    if [[ -n $main ]]; then
        security=${security:-${main%/}-security}
    elif grep -qx 'ID=debian' /etc/os-release; then
        main=$(mirror '[a-z]+')
        security=${security:-$(mirror '[a-z]+-security')}
    fi
}

digest() {
    sha256sum | cut -c1-16
}

# contents PATH…: names and bytes of the files below the paths that exist, in a fixed order.
contents() {
    { find "$@" -type f 2>/dev/null || true; } | sort | while read -r file; do
        printf '%s\n' "${file#"$DEPS"}"
        cat "$file"
    done
}

# A source is fetched anew when its line of the table or one of our patches changes.
source_entry() {
    echo "$CACHE/sources/$1-$({
        field "$1" 2
        field "$1" 3
        contents "$DEPS/patches/$1"
    } | digest)"
}

# A library is built anew when anything that shapes it changes: source, recipe, flavour, compiler,
# or a library below it. Sets REPLY.
declare -A ENTRY_OF=()
library_entry() {
    local name=$1 need below=''
    if [[ -z ${ENTRY_OF[$name]:-} ]]; then
        for need in $(needs "$name"); do
            library_entry "$need"
            below+=" ${REPLY##*/}"
        done
        ENTRY_OF[$name]=$CACHE/$FLAVOUR/$name-$({
            printf '%s %s%s\n' "$(gcc -dumpmachine)" "$(gcc -dumpfullversion)" "$below"
            basename "$(source_entry "$name")"
            contents "$DEPS/recipes/$name.sh" "$DEPS/recipes/$name" "$DEPS/library" \
                "$DEPS/flavours/$FLAVOUR.sh"
        } | digest)
    fi
    REPLY=${ENTRY_OF[$name]}
}

# merge OUT ENTRY…: one folder with the files of several libraries, bound to its place. It appears
# at once, for another program may be reading the one before.
merge() {
    local out=$1 new=$1.new.$$ entry
    shift
    rm -rf "$new"
    mkdir -p "$new"/{bin,include,lib/pkgconfig}
    for entry in "$@"; do
        cp -a "$entry/files/." "$new/"
        cat "$entry/record.tsv" >>"$new/sources.tsv"
    done
    { grep -rlI -- "$PREFIX" "$new/bin" "$new/lib" || true; } | xargs -r sed -i "s,$PREFIX,$out,g"
    if [[ -d $out ]]; then mv "$out" "$new.old"; fi
    mv -T "$new" "$out"
    rm -rf "$new.old"
}

# publish FROM TO: puts a finished entry into the cache. A rename is atomic: nobody ever sees half
# an entry. Where another build was quicker, its result stays.
publish() {
    mkdir -p "$(dirname "$2")"
    mv -T "$1" "$2" 2>/dev/null || [[ -d $2 ]] || die "cannot write $2"
}
