#ifndef GRAPH_RETRY_H
#define GRAPH_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/transport.h"

/*
 * When and whether to send a request again. Source: facts graph.md 10.2 and
 * sign-in-and-transport.md 8.7.
 */

/*
 * What a Retry-After header asks for in milliseconds: a number of seconds
 * (fractions are rounded up) or an HTTP date, whose wait is counted from
 * now_ms. A past date is 0, an absurd number thirty years. Returns -1 when the header is absent (NULL) or
 * makes no sense. Neither 0 nor -1 names a wait: then it is retry_backoff_ms(), for
 * requests without a wait between them count against the limit, too.
 */
int64_t retry_after_ms(const char *value, int64_t now_ms);
/* The same of an answer's headers. A date is counted from the service's own Date
 * where it is there, so that clocks that differ change nothing. */
int64_t retry_asked_ms(const struct headers *h, int64_t now_ms);

/* No try begins later than this after the first, unless the service itself asked
 * to be asked again then. */
#define RETRY_TRIES_MS 45000

/* The wait before the n-th retry (from 1) when the server names none: 3 s,
 * doubled each time, plus up to 1 s of jitter; at most 60 s. */
int64_t retry_backoff_ms(unsigned n, uint32_t random);

/* Whether a status may be tried again. A write is sent again only when the
 * service says that it did not start: 429, and 503 with Retry-After. */
bool retry_status(int status, bool write, bool has_retry_after);

#endif
