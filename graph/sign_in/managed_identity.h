#ifndef GRAPH_SIGN_IN_MANAGED_IDENTITY_H
#define GRAPH_SIGN_IN_MANAGED_IDENTITY_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * Signs in as the identity of the machine on Azure that this runs on: by
 * IDENTITY_ENDPOINT and IDENTITY_HEADER where they are set (App Service), else
 * by the instance metadata service (facts sign-in-and-transport.md 3.4). It
 * answers at once or is not there: three seconds of patience. client_id names
 * one of several identities, or is NULL. Fails with ERR_INVALID when
 * IDENTITY_ENDPOINT is no address of this machine.
 */
struct token_source *managed_identity_new(struct loop *l, struct transport *t,
					  const struct cloud *c, const char *client_id,
					  struct err *err);

#endif
