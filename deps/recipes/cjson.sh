# The nesting limit bounds the stack that hostile JSON can take.
install_files cjson cJSON.h cjson/cJSON.h -DCJSON_NESTING_LIMIT=100 cJSON.c
