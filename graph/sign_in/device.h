#ifndef GRAPH_SIGN_IN_DEVICE_H
#define GRAPH_SIGN_IN_DEVICE_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/prompt.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * Signs a person in with a code that is entered in any browser (OAuth 2.0
 * device authorization grant, RFC 8628; facts sign-in-and-transport.md 1).
 * The first get asks for a code, shows it through front and polls until it is
 * entered, declined or expired. Conditional Access that wants a managed device
 * refuses this way; the browser is the better one where there is one.
 *
 * Everything is borrowed and must outlive the source. tenant may be
 * "organizations". Fails with ERR_INVALID for a tenant or client id that
 * cannot be one, and with ERR_AUTH when nobody is there to see the code.
 */
struct token_source *device_new(struct loop *l, struct transport *t, const struct cloud *c,
				const char *tenant, const char *client_id,
				const struct sign_in_front *front, struct err *err);

/* For the ways that sign a person in: whether this can begin at all. */
int person_check(const char *tenant, const char *client_id, const struct sign_in_front *front,
		 struct err *err);

#endif
