#ifndef GRAPH_BASE_DIGEST_H
#define GRAPH_BASE_DIGEST_H

#include <stddef.h>

/* SHA-256 of n bytes in lower-case hex; returns out. */
#define SHA256_TEXT 65
const char *sha256_hex(const void *bytes, size_t n, char out[SHA256_TEXT]);

#endif
