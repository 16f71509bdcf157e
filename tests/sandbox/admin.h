#ifndef SANDBOX_ADMIN_H
#define SANDBOX_ADMIN_H

#include "http.h"

/* main.c: is nobody connected but on the admin port? */
bool connections_idle(void);
/* main.c: the sandbox ends by itself that much later. */
void life_renew(void);

void admin_serve(struct request *request, struct answer *answer);

#endif
