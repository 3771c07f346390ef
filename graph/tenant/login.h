#ifndef GRAPH_TENANT_LOGIN_H
#define GRAPH_TENANT_LOGIN_H

#include "graph/tenant/internal.h"

/* Inside the simulated sign-in service: one request to it. */
struct login {
	struct tenant *t;
	char *base, *tenant;	/* "https://login..." as asked, first segment */
	char *names[24], *values[24];	/* of the query and the form */
	size_t n;
	const char *nonce;	/* of the code that is redeemed, or NULL */
	struct tenant_response *r;
};

/* A field of the form, or NULL. */
const char *login_field(const struct login *in, const char *name);
/* The value of a field that must be there; NULL when it is not, and then the
 * answer is written. */
const char *login_demand(struct login *in, const char *name);
/* Answers with an error in the shape of sign-in-and-transport.md 1.3; message
 * without "AADSTSn: ". */
void login_fail(struct login *in, int status, const char *error, int code, const char *message);
/* Answers with a person's tokens for the scopes asked. */
void login_tokens(struct login *in, const char *asked);
/* Adds what must be known later as a sealed text. */
void login_sealed(struct json *out, const char *name, struct json *take);

/* The authorization code with PKCE (login_code.c): the page, and the grant. */
void login_authorize(struct login *in);
void login_redeem_code(struct login *in);

#endif
