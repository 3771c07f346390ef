#ifndef GRAPH_SIGN_IN_TOKEN_CACHE_H
#define GRAPH_SIGN_IN_TOKEN_CACHE_H

#include <stdint.h>

#include "graph/loop.h"
#include "graph/sign_in/keyring.h"
#include "graph/sign_in/request.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * struct token_cache - what all ways of signing in share: the token, when it
 * ends, who waits for it, and the refresh token of a person. Nothing is sent
 * before the first get. A token is renewed five minutes before it ends (facts
 * sign-in-and-transport.md 4.1); getters that come while a sign-in runs wait
 * for its end. First member of each source that is built on it.
 *
 * Only memory holds the tokens: nothing is left behind when the program ends, but
 * for the refresh token in the keyring of a person who asked for that.
 */
struct token_cache;

/* What differs from way to way. */
struct token_way {
	/* Starts a sign-in that ends, from the loop, with token_cache_take() or
	 * token_cache_fail(). Called when no refresh token helps. */
	void (*begin)(struct token_cache *c);
	/* Stops what runs; neither of the two may be called after. NULL: there
	 * is only the cache's request. */
	void (*stop)(struct token_cache *c);
	/* Adds how the client proves itself to a form; NULL for a public
	 * client. */
	void (*prove)(struct token_cache *c, struct str *form);
	/* Whether an answer with tokens is to what this sign-in asked; false with
	 * *err when it is not. NULL: the request alone says so. */
	bool (*accept)(const struct token_cache *c, const struct json *answer, struct err *err);
	/* Adds to a refusal what only this way knows; NULL for nothing. */
	void (*explain)(const struct token_cache *c, struct err *err);
};

struct token_getter {
	void (*done)(void *ctx, const struct secret *token, const struct err *err);
	void *ctx;
};

struct token_cache {
	struct token_source base;	/* first */
	const struct token_way *way;
	struct loop *loop;		/* borrowed */
	struct transport *transport;	/* borrowed */
	char *url;			/* the token endpoint */
	char *client_id;
	char *scopes;			/* what is asked for, separated by spaces */
	char *claims;			/* the next request asks for these, or NULL */
	char *challenge;		/* of a meet that runs, or NULL */
	char *met;			/* the challenge that this token meets, or NULL */
	struct secret token, refresh;
	struct keyring keyring;		/* opened by sign_in_new() for a person */
	int64_t got_ms, renew_ms, end_ms;	/* wall time */
	bool refused;			/* the token was refused: of no use any more */
	struct token_getter *getters;
	size_t ngetters, cap;
	struct sign_in_request request;
	struct loop_timer timer;	/* answers from the loop */
	char *scopes_before;		/* of a wish that is not granted yet */
	bool began;			/* way->begin() was called and has not ended */
	bool another;			/* another person may want to sign in */
	bool narrowed;			/* the granular names were given up */
	struct loop_timer late;		/* tells late_err from the loop */
	struct err late_err;
	struct err failed;		/* why the last sign-in ended, or ERR_NONE */
	int64_t failed_mono_ms;
};

/* Copies the texts. ops->get, need and cancel are the cache's functions below. */
void token_cache_init(struct token_cache *c, const struct token_ops *ops,
		      const struct token_way *way, struct loop *l, struct transport *t,
		      const char *url, const char *client_id, const char *scopes);
/* Asks for other scopes than those of the way (for az: the resource); before the
 * first get. */
void token_cache_set_scopes(struct token_source *s, const char *scopes);
/* Stops everything and wipes; the struct itself is the caller's. Getters are
 * not called any more. */
void token_cache_release(struct token_cache *c);

/* For struct token_ops. */
void token_cache_get(struct token_source *s, bool renew,
		     void (*done)(void *ctx, const struct secret *token, const struct err *err),
		     void *ctx);
void token_cache_need(struct token_source *s, const char *const *scopes,
		      void (*done)(void *ctx, const struct secret *token, const struct err *err),
		      void *ctx);
void token_cache_meet(struct token_source *s, const char *claims,
		      void (*done)(void *ctx, const struct secret *token, const struct err *err),
		      void *ctx);
void token_cache_cancel(struct token_source *s);
void token_cache_forget(struct token_source *s);
void token_cache_keep(struct token_source *s, bool keep);
enum token_kept token_cache_kept(const struct token_source *s);

/* For the ways: why a person is asked again, for the prompt; NULL when there is
 * no special reason. The caller frees. */
char *token_cache_why(const struct token_cache *c);
/* For the ways: what the service says of an answer that is no token, and what this
 * sign-in knows about it: the certificate, the clocks, when to come back, where an
 * administrator consents. */
void token_cache_explain(struct token_cache *c, struct err *err, int status,
			 const struct json *answer);
/* For the ways: sends a form (taken over; client_id, proof and claims
 * are added) to
 * the token endpoint; the answer ends the sign-in. */
void token_cache_ask(struct token_cache *c, struct str *form);
/* What the id token of an answer claims; NULL when there is none. The caller frees. */
struct json *token_cache_id(const struct json *answer);
/* Takes the tokens out of an answer and wipes them there; ends the sign-in and
 * returns true, or returns false when there is none. */
bool token_cache_take(struct token_cache *c, struct json *answer);
void token_cache_fail(struct token_cache *c, const struct err *err);
/* The same from the loop: for a begin() that fails at once. */
void token_cache_fail_later(struct token_cache *c, const struct err *err);

#endif
