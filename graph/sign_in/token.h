#ifndef GRAPH_SIGN_IN_TOKEN_H
#define GRAPH_SIGN_IN_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/secret.h"

/* Whether the sign-in of a person is kept for the next start. */
enum token_kept {
	TOKEN_KEPT_NEVER,	/* this source cannot keep one */
	TOKEN_KEPT_NOT,
	TOKEN_KEPT_BUSY,	/* the keyring was asked */
	TOKEN_KEPT,
	TOKEN_KEPT_FAILED,	/* not_remembered says why */
	TOKEN_KEPT_STILL,	/* it could not be deleted; the same says why */
};

/*
 * struct token_source - where the bearer token comes from. Implementations:
 * the simulated tenant's fixed token, and the ways of signing in (DESIGN 6).
 * Members of token_ops after free may be NULL: the source has nothing to do
 * there.
 */
struct token_source;
struct token_ops {
	const char *name;	/* "demo", "secret", ... */
	bool application;	/* no person is signed in, whoever started it */
	/* Calls done from the loop, with err.kind ERR_NONE and the token, which
	 * is borrowed until the next get. renew: the last one was refused. */
	void (*get)(struct token_source *s, bool renew,
		    void (*done)(void *ctx, const struct secret *token, const struct err *err),
		    void *ctx);
	void (*free)(struct token_source *s);
	/* Asks for more scopes (NULL-terminated, without the resource): silently
	 * when that was consented to, else by a new sign-in. done as for get; on
	 * failure the token stays what it was. Sources that cannot ask for scopes
	 * one by one (applications) do not have it. */
	void (*need)(struct token_source *s, const char *const *scopes,
		     void (*done)(void *ctx, const struct secret *token, const struct err *err),
		     void *ctx);
	/* Asks for a token that meets the claims (JSON text) of a challenge:
	 * silently where that is enough, else by a new sign-in. done as for get.
	 * Sources that cannot prove more than they did do not have it. */
	void (*meet)(struct token_source *s, const char *claims,
		     void (*done)(void *ctx, const struct secret *token, const struct err *err),
		     void *ctx);
	/* Ends a sign-in that waits for a person; its getters get ERR_CANCELLED. */
	void (*cancel)(struct token_source *s);
	/* Brings what a prompt asks for by SIGN_IN_PASSWORD; it is taken over, and
	 * wiped. The prompt then ends, or asks again. */
	void (*answer)(struct token_source *s, struct secret *take_password);
	/* Forgets who is signed in: the next get lets another person sign in. */
	void (*forget)(struct token_source *s);
	/* Keeps the sign-in of a person in the desktop's keyring from now on, or deletes
	 * it there; and how that stands. */
	void (*keep)(struct token_source *s, bool keep);
	enum token_kept (*kept)(const struct token_source *s);
};

struct token_source {
	const struct token_ops *ops;
	char account[128];	/* who is signed in, clean text, "" unknown */
	char granted[4096];	/* the scopes of the token, "" unknown */
	char *unmet;		/* claims that meet failed for: not to be asked again */
	char trouble[320];	/* while a person enters a code: why the service could not be
				   asked at the last try, one clause; "" when it could */
	const char *not_remembered;	/* why, one clause; NULL or "": nothing to tell */
	char tenant[40];	/* the id of the tenant it is for, "" unknown */
};

#endif
