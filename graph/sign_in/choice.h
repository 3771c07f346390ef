#ifndef GRAPH_SIGN_IN_CHOICE_H
#define GRAPH_SIGN_IN_CHOICE_H

#include <stdbool.h>

#include "graph/base/err.h"

/*
 * Which way of signing in to take. The variables are those of the azure-identity
 * libraries, so that what works there works here (facts
 * sign-in-and-transport.md 3.3).
 */
struct sign_in_environment {
	bool secret;			/* AZURE_CLIENT_SECRET is set */
	const char *certificate;	/* AZURE_CLIENT_CERTIFICATE_PATH, or NULL */
	const char *credentials;	/* AZURE_TOKEN_CREDENTIALS, or NULL */
	const char *identity_endpoint;	/* IDENTITY_ENDPOINT of a host on Azure, or NULL */
	bool display;			/* a browser can be opened on this machine */
	bool ssh;			/* the person sits at another one */
};

/* Reads it from the process; an empty variable counts as not set. */
void sign_in_environment_read(struct sign_in_environment *e);

struct sign_in_choice {
	const char *name;	/* "browser", "device", "certificate", ... */
	const char *why;	/* one sentence for the person */
};

/*
 * auth: what --auth or the profile says, or NULL. person: somebody is there to
 * sign in. Fails with ERR_AUTH when nothing can work, and says what would.
 */
int sign_in_choose(const char *auth, const struct sign_in_environment *e, bool person,
		   struct sign_in_choice *ret, struct err *err);

/* The built-in cloud of an authority host (AZURE_AUTHORITY_HOST), or NULL. */
const char *sign_in_cloud_of(const char *authority_host);

#endif
