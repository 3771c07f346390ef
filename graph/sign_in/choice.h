#ifndef GRAPH_SIGN_IN_CHOICE_H
#define GRAPH_SIGN_IN_CHOICE_H

#include <stdbool.h>

#include "graph/base/err.h"
#include "graph/sign_in/environment.h"

struct sign_in_choice {
	const char *name;	/* "browser", "device", "certificate", ... */
	const char *why;	/* one sentence for the person */
};

/*
 * auth: what --auth or the profile says, or NULL. person: somebody is there to
 * sign in. Without auth, AZURE_TOKEN_CREDENTIALS decides, then what is set up,
 * in the order of azure-identity: secret, certificate, workload identity; then a
 * person. Fails with ERR_AUTH when nothing can work, and says what would.
 */
int sign_in_choose(const char *auth, const struct sign_in_environment *e, bool person,
		   struct sign_in_choice *ret, struct err *err);

/* The built-in cloud of an authority host (AZURE_AUTHORITY_HOST), or NULL. */
const char *sign_in_cloud_of(const char *authority_host);

#endif
