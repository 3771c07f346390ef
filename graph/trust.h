#ifndef GRAPH_TRUST_H
#define GRAPH_TRUST_H

#include "graph/base/err.h"
#include "graph/base/str.h"

/*
 * Whom to trust, as PEM into *to; it stays empty when the system's bundle is what
 * counts. CURL_CA_BUNDLE and SSL_CERT_FILE replace that, as in the curl program
 * (libcurl itself does not read them: facts sign-in-and-transport.md 8.3); ca_file,
 * or NULL, comes on top. built_in is the system's bundle, or NULL. Fails for a file
 * that holds no certificate or a broken one.
 */
int trust_load(struct str *to, const char *ca_file, const char *built_in, struct err *err);

#endif
