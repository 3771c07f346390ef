#ifndef GRAPH_SIGN_IN_SIGN_IN_H
#define GRAPH_SIGN_IN_SIGN_IN_H

#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/prompt.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/* What signing in is done with; texts may be NULL. */
struct sign_in_options {
	const char *auth;	/* a way by name, or NULL: the best one that can work */
	const char *tenant, *client_id;
	const char *certificate;	/* its file; NULL: AZURE_CLIENT_CERTIFICATE_PATH */
	const char *scopes;	/* what a person is asked for, by name; NULL: to read */
	const char *more_scopes;	/* asked for beside those to read; or NULL */
	bool remember;		/* a person asked for the keyring */
	bool person_only;	/* credentials in the environment are of no use here */
};

/*
 * Opens the way of signing in that the options and the AZURE_* variables ask
 * for; nothing is sent before the first get. *ret_why is one sentence on why
 * this way (a constant). Borrows everything. Fails with ERR_AUTH and
 * says what is missing; ERR_IO when a file cannot be read.
 */
struct token_source *sign_in_new(struct loop *l, struct transport *t, const struct cloud *c,
				 const struct sign_in_options *o,
				 const struct sign_in_front *front, const char **ret_why,
				 struct err *err);

#endif
