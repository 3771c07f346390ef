#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include <stdbool.h>
#include <stdint.h>

#include "graph/base/err.h"
#include "graph/base/json.h"
#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/request_log.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

/*
 * struct graph - the client of Microsoft Graph: signs each request, queues at
 * most GRAPH_IN_FLIGHT, waits and retries as facts graph.md 10.2 and
 * sign-in-and-transport.md 8.7 say, and turns error bodies into struct err.
 *
 * Reads are sent again after 429, 500, 502, 503, 504 and lost connections, at
 * most GRAPH_RETRIES times (lost connections and answers that do not read,
 * twice). Where the service names no wait, no try begins later than
 * RETRY_TRIES_MS after the first, and when those of one call were in vain while
 * nothing else was answered, the others are not tried again either until an
 * answer comes. Of a $batch of reads only the refused items are sent again.
 * Writes are sent again only when they cannot have been carried out:
 * after 429 and 503 with Retry-After (the service says it did not start), a
 * refused token, and when no connection came about. A lost answer of a write
 * ends with err.outcome_unknown and is never sent twice.
 *
 * After a 429 a workload is paused and then paced (graph/pace.h); a 401 renews
 * the token once, and a claims challenge is met in one round (graph/sign_in/challenge.h). An error holds the id by which Microsoft finds the request:
 * theirs, or for a lost one our client-request-id.
 */
#define GRAPH_IN_FLIGHT 6
#define GRAPH_RETRIES 5
#define GRAPH_PATIENCE_MS 120000	/* a longer Retry-After ends the call */
#define GRAPH_PAGES_MAX 20000		/* of one collection */

struct graph;

/* Borrows everything; log may be NULL. */
struct graph *graph_new(struct loop *l, struct transport *t, const struct cloud *c,
			struct token_source *tokens, struct request_log *log);
void graph_free(struct graph *g);	/* cancels what is in flight */
const struct cloud *graph_cloud(const struct graph *g);
/* Refuses every method but GET (and $batch of GETs) from now on. */
void graph_set_read_only(struct graph *g, bool on);

/*
 * Lets calls to the admin centre's own API (graph/portal.h) leave for that host
 * of the cloud, with these tokens; without it they are refused before anything
 * is sent. tokens NULL: it is wanted, but there is no sign-in for it.
 */
void graph_set_portal(struct graph *g, struct token_source *tokens);

#define CALL_EVENTUAL 1u	/* ConsistencyLevel: eventual */
#define CALL_TEXT 2u		/* the answer is text/plain ($count) */

/* One request and its final answer, retries done. */
struct graph_call {
	const char *method;	/* "GET", "POST", "PATCH", "PUT", "DELETE" */
	char *path;		/* "/v1.0/..." or a whole URL that url_allowed() */
	struct json *body;	/* owned; NULL for none */
	unsigned flags;

	/* The answer. */
	int status;		/* 0 when none came */
	struct json *json;	/* owned; NULL unless JSON came */
	char *text;		/* owned; with CALL_TEXT */
	struct err err;		/* ERR_NONE for 2xx */
	int64_t answered_ms;	/* wall time */

	/* Called once, from the loop. It may free the call (graph_call_free). */
	void (*done)(struct graph_call *c, void *ctx);
	void *ctx;
	void *state;		/* the client's own */
};

/* method and flags are kept, path copied, body taken. */
struct graph_call *graph_call_new(const char *method, const char *path,
				  struct json *body, unsigned flags);
void graph_call_free(struct graph_call *c);
/* Keeps an answer as text, clean. */
void graph_call_take_text(struct graph_call *c, const struct str *body);
/* Whether it may change the tenant: all but GET, and a $batch of GETs. */
bool graph_call_writes(const struct graph_call *c);
void graph_call_start(struct graph *g, struct graph_call *c,
		      void (*done)(struct graph_call *c, void *ctx), void *ctx);
/* done() follows from the loop with ERR_CANCELLED. A write that is on the wire
 * is not cancelled: it ends with its answer. err.outcome_unknown stays as the
 * last answer left it. */
void graph_call_cancel(struct graph *g, struct graph_call *c);
/* Cancels a call that waits, for its next try or for its turn; one whose request
 * is on its way goes on. */
void graph_call_stop_waiting(struct graph *g, struct graph_call *c);

/* What the client waits for because of throttling: the wall time when it goes
 * on, or 0. For the front ends' countdown. */
int64_t graph_waiting_until_ms(const struct graph *g);
/* How long nothing was answered, though something was sent; 0 when nothing is out. */
int64_t graph_silent_ms(const struct graph *g);
unsigned graph_in_flight(const struct graph *g);	/* sent or queued */

#endif
