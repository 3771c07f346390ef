#ifndef GRAPH_SIGN_IN_CERTIFICATE_H
#define GRAPH_SIGN_IN_CERTIFICATE_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/prompt.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * Signs in as an application with a certificate: an assertion signed with
 * PS256, named by x5t#S256, with a fresh jti for each request (facts
 * sign-in-and-transport.md 3.2). file is PEM (certificate and private key, in
 * any order) or PKCS#12. Its password comes from
 * AZURE_CLIENT_CERTIFICATE_PASSWORD; where that is not set and the file needs one,
 * the first get asks by front's prompt, and token_ops.answer brings it: three
 * tries, five minutes. With AZURE_CLIENT_SEND_CERTIFICATE_CHAIN all certificates of
 * the file are sent (x5c).
 *
 * The key is read once. Fails with ERR_INVALID when the file is none of
 * the two, readable by everybody, has no RSA key of 2048 bits or more, no
 * certificate for the key, or one that has expired.
 */
struct token_source *certificate_new(struct loop *l, struct transport *t, const struct cloud *c,
				     const char *tenant, const char *client_id, const char *file,
				     const struct sign_in_front *front, struct err *err);

#endif
