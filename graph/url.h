#ifndef GRAPH_URL_H
#define GRAPH_URL_H

#include <stdbool.h>

#include "graph/base/err.h"
#include "graph/base/str.h"

/* Appends text percent-encoded for a path segment or a query value. */
void url_encode(struct str *out, const char *text);
/* The text of n encoded bytes; plus: "+" is a space, as in forms. NULL when a
 * percent sign is not followed by two digits, or a NUL hides. The caller frees. */
char *url_decode(const char *p, size_t n, bool plus);
/* Appends an OData string literal, quotes doubled and then encoded:
 * O'Brien -> %27O%27%27Brien%27 */
void url_odata_string(struct str *out, const char *text);

/* Whether a URL that a server gave (nextLink) may get our token: same scheme,
 * host and port as base, no user part, path under /v1.0/ or /beta/ of base. Parsed by
 * libcurl, the parser that connects (sign-in-and-transport.md 8.9). */
bool url_allowed(const char *url, const char *base);
/* Whether it leads to this computer itself; never with a user part. */
bool url_is_loopback(const char *url);
/* The same for 169.254.0.0/16, where a machine on Azure finds its own host. */
bool url_is_link_local(const char *url);

#endif
