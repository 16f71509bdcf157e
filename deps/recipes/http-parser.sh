# HTTP for libgit2. As strict as its authors ship it.
install_files http_parser http_parser.h http_parser.h http_parser.c
