# YAML 1.1, for .github/release.yml. Parsing alone: nothing here writes YAML.
version=$(sed -nE 's/^m4_define\(\[YAML_(MAJOR|MINOR|PATCH)\], ([0-9]+)\).*/\2/p' configure.ac | paste -sd.)
IFS=. read -r major minor patch <<<"$version"
install_files yaml include/yaml.h yaml.h -Iinclude -DYAML_VERSION_STRING="\"$version\"" \
    -DYAML_VERSION_MAJOR="$major" -DYAML_VERSION_MINOR="$minor" -DYAML_VERSION_PATCH="$patch" \
    src/api.c src/reader.c src/scanner.c src/parser.c src/loader.c
