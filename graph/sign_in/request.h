#ifndef GRAPH_SIGN_IN_REQUEST_H
#define GRAPH_SIGN_IN_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/json.h"
#include "graph/loop.h"
#include "graph/transport.h"

/*
 * struct sign_in_request - one request to a service that gives tokens, and its
 * retries: asking for a token twice harms nothing, so lost connections, 429
 * and 5xx are tried again twice. Zero is valid: idle. What was sent and
 * answered is wiped.
 */
struct sign_in_request {
	struct loop *loop;		/* borrowed */
	struct transport *transport;	/* borrowed */
	int timeout_ms;			/* of one try; 0 = 30 s */
	bool once;			/* no answer is an answer: not tried again */
	/* How long to wait before the n-th retry (from 1) of a status, or -1 for
	 * none; NULL: as above. */
	int64_t (*wait_ms)(int status, unsigned n);
	const char *keep;		/* a header of the answer that done wants, or NULL */
	char *kept;			/* its value until the next start, or NULL */

	/* What follows is the request's own. */
	char *url, *headers[4];		/* name, value, name, value */
	struct str form;		/* empty: a GET */
	void (*done)(void *ctx, int status, struct json *answer, const struct err *err);
	void *ctx;
	struct exchange x;
	struct loop_timer timer;
	unsigned retries;
	int64_t began_ms;		/* monotonic: the first try */
	/* How far this computer's clock is ahead of the service's (behind: less than
	 * zero), by the Date of its last answer; 0 while none came. */
	int64_t clock_ahead_ms;
	int64_t asked_ms;		/* how long its last answer asked to wait, -1 = not */
	bool on_wire, freeing;
};

/* Ids and domains: nothing that could change the path of a URL (facts
 * sign-in-and-transport.md 3.3). */
bool sign_in_is_name(const char *s);
/* True for the names that stand for no single tenant: common and the like. */
bool sign_in_any_tenant(const char *tenant);

/* Adds "name=value" with the value encoded, and "&" before it if need be. */
void sign_in_form_add(struct str *form, const char *name, const char *value);

/*
 * Sends form (taken over, and wiped after) as a POST, or a GET when it is
 * empty. headers: up to two names and values, NULL-terminated, or NULL.
 *
 * done is called from the loop: with a status and the answer (borrowed, NULL
 * when it is no JSON), or with status 0 and why none came. Only one request
 * runs at a time.
 */
void sign_in_request_start(struct sign_in_request *r, const char *url,
			   const char *const *headers, struct str *form,
			   void (*done)(void *ctx, int status, struct json *answer,
					const struct err *err),
			   void *ctx);
/* Says in *err when to come back, where the service asked for longer than we wait. */
void sign_in_request_come_back(const struct sign_in_request *r, struct err *err);
bool sign_in_request_runs(const struct sign_in_request *r);
/* Ends it without calling done. Runs the loop until the transport gave the
 * exchange back. */
void sign_in_request_stop(struct sign_in_request *r);

#endif
