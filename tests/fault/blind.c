/*
 * A bug on purpose: a change whose answer was lost is simply sent again, and nothing is ever removed (a
 * run would clean up behind itself). Linked around http_run, it shows that the judge of the fault run
 * sees what it is there for.
 */
#include "adapters/http.h"

#include <string.h>

void __real_http_run(struct http *http, struct http_exchange *exchanges, size_t count);
void __wrap_http_run(struct http *http, struct http_exchange *exchanges, size_t count);

void __wrap_http_run(struct http *http, struct http_exchange *exchanges, size_t count)
{
    if (count == 1 && !strcmp(exchanges->method, "DELETE")) {
        exchanges->outcome = HTTP_ANSWERED;
        exchanges->status = 204;
        return;
    }
    __real_http_run(http, exchanges, count);
    for (size_t i = 0; i < count; i++) {
        struct http_exchange *exchange = &exchanges[i];

        if (exchange->repeat != HTTP_ONCE ||
            (exchange->outcome != HTTP_LOST && exchange->status < 500))
            continue;
        struct http_exchange again = {
            .method = exchange->method,
            .url = exchange->url,
            .body = exchange->body,
            .headers = exchange->headers,
            .repeat = HTTP_ONCE,
            .impatient = exchange->impatient,
            .limit = exchange->limit,
        };
        http_exchange_free(exchange);
        *exchange = again;
        __real_http_run(http, exchange, 1);
    }
}
