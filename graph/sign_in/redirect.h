#ifndef GRAPH_SIGN_IN_REDIRECT_H
#define GRAPH_SIGN_IN_REDIRECT_H

#include "graph/base/err.h"
#include "graph/loop.h"

/*
 * struct redirect - the loopback address that a browser is sent back to after a
 * sign-in: a small HTTP server on 127.0.0.1 with a port of the system's choice,
 * watched by the loop. It takes one form with exactly one `state`, equal to the
 * one that was sent; everything else is refused or answered with nothing and
 * does not disturb the sign-in (facts sign-in-and-transport.md 2.3). What it
 * answers is fixed text: nothing that came is shown again.
 */
struct redirect;

/* Texts of the form, borrowed for the time of the call; NULL when not there. */
struct redirect_answer {
	const char *code;
	const char *error, *error_description;
};

/* done is called once, from the loop. It may close the redirect. */
struct redirect *redirect_open(struct loop *l, const char *state,
			       void (*done)(void *ctx, const struct redirect_answer *a),
			       void *ctx, struct err *err);
unsigned redirect_port(const struct redirect *r);
void redirect_close(struct redirect *r);

#endif
