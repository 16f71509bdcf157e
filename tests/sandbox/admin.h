#ifndef SANDBOX_ADMIN_H
#define SANDBOX_ADMIN_H

#include "http.h"

void admin_serve(struct request *request, struct answer *answer);

#endif
