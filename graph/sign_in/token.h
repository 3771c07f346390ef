#ifndef GRAPH_SIGN_IN_TOKEN_H
#define GRAPH_SIGN_IN_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/secret.h"

/*
 * struct token_source - where the bearer token comes from. Implementations:
 * the simulated tenant's fixed token, client secret; the others of DESIGN 6
 * follow behind the same interface.
 */
struct token_source;
struct token_ops {
	const char *name;	/* "demo", "secret", ... */
	/* Calls done from the loop, with err.kind ERR_NONE and the token, which
	 * is borrowed until the next get. renew: the last one was refused. */
	void (*get)(struct token_source *s, bool renew,
		    void (*done)(void *ctx, const struct secret *token, const struct err *err),
		    void *ctx);
	void (*free)(struct token_source *s);
};

struct token_source {
	const struct token_ops *ops;
	char account[128];	/* who is signed in, clean text, "" unknown */
};

#endif
