#ifndef GRAPH_SIGN_IN_PROMPT_H
#define GRAPH_SIGN_IN_PROMPT_H

#include <stdint.h>

#include "graph/base/secret.h"

/* What a sign-in that waits for a person shows. Texts are clean, and borrowed
 * for the time of the call. */
enum sign_in_kind {
	SIGN_IN_CODE,		/* open url anywhere, enter code there */
	SIGN_IN_BROWSER,	/* a browser was sent to url on this machine */
	SIGN_IN_PASSWORD,	/* the password of the file url is wanted: token_ops.answer */
};

struct sign_in_prompt {
	enum sign_in_kind kind;
	const char *url;
	const char *code;	/* "" for a browser */
	int64_t expires_ms;	/* wall time when it is over: for a countdown */
	const char *message;	/* one sentence for the person */
	const char *why;	/* why one is asked again, or NULL */
};

/*
 * struct sign_in_front - what a front end gives to the ways that need a
 * person. Zero is valid: nobody is there, and such a sign-in says so instead
 * of waiting.
 */
struct sign_in_front {
	/* Shows the prompt; NULL: it is over, well or not. */
	void (*prompt)(void *ctx, const struct sign_in_prompt *p);
	void *ctx;
};

#endif
