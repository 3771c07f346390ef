#ifndef GRAPH_BASE_BASE64_H
#define GRAPH_BASE_BASE64_H

#include <stddef.h>

#include "graph/base/str.h"

/* base64url without padding (RFC 4648 section 5). Appends to out. */
void base64url_encode(struct str *out, const void *bytes, size_t n);
/* Plain base64 with padding (section 4). */
void base64_encode(struct str *out, const void *bytes, size_t n);
/* Takes padding and the plain alphabet too. -1 when text is neither; what was
 * read until then stays in out. */
int base64url_decode(struct str *out, const char *text, size_t n);

#endif
