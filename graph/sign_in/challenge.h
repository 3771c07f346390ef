#ifndef GRAPH_SIGN_IN_CHALLENGE_H
#define GRAPH_SIGN_IN_CHALLENGE_H

#include "graph/base/err.h"
#include "graph/base/str.h"
#include "graph/transport.h"

/*
 * Claims challenges: Graph got a good token and wants one that proves more,
 * because the session was ended early or because Conditional Access asks for a
 * step-up (an authentication context) at this very place. The answer is a 401
 * or 403 with a WWW-Authenticate header whose error is "insufficient_claims".
 * Source: Microsoft identity platform, claims-challenge.md; the header's
 * grammar: RFC 9110 11.6.1.
 */

/*
 * The claims of such a header as JSON text, clean and on one line; the caller
 * frees. NULL when there is no challenge, or none that reads. The address that
 * the header names is not looked at: whoever answers could have written it.
 */
char *challenge_claims(const struct headers *h);

/* Appends half a sentence on what the claims want, never nothing. */
void challenge_explain(struct str *out, const char *claims);

/*
 * Sets *err (ERR_AUTH) for a challenge that is not met: what was asked, what is
 * wanted, and what to do, by the name of the way of signing in ("browser",
 * "azure-cli" ...). graph is the cloud's own base URL.
 */
void challenge_error(struct err *err, const char *what, int status, const char *claims,
		     const char *way, const char *graph);

#endif
