#ifndef GRAPH_SIGN_IN_BROWSER_H
#define GRAPH_SIGN_IN_BROWSER_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/prompt.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * Signs a person in with the browser of this machine (OAuth 2.0 authorization
 * code with PKCE S256; facts sign-in-and-transport.md 2). The first get listens
 * on 127.0.0.1, sends the browser to the sign-in page and shows its address too,
 * for the case that none opens. A fresh state and verifier are made for each
 * sign-in. Conditional Access works here as anywhere: the browser can prove the
 * device.
 *
 * Parameters and errors as for device_new().
 */
struct token_source *browser_new(struct loop *l, struct transport *t, const struct cloud *c,
				 const char *tenant, const char *client_id,
				 const struct sign_in_front *front, struct err *err);

#endif
