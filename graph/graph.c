#include "graph/graph.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/guid.h"
#include "graph/base/mem.h"
#include "graph/batch.h"
#include "graph/graph_error.h"
#include "graph/pace.h"
#include "graph/portal.h"
#include "graph/retry.h"
#include "graph/sign_in/challenge.h"
#include "graph/url.h"

/* For lost connections and answers that do not read (facts
 * sign-in-and-transport.md 8.7). */
#define CONNECTION_RETRIES 2

/* One call on its way: graph_call.state points to it. */
struct pending {
	struct graph *graph;
	struct graph_call *call;
	struct exchange x;
	struct pending *next;		/* in graph.all, in order of start */
	struct loop_timer timer;
	enum workload workload;
	bool write;			/* changes the tenant */
	bool portal;			/* goes to the admin centre's own API */
	bool sent;			/* holds one of the GRAPH_IN_FLIGHT places */
	bool on_wire;
	bool waiting;			/* for its retry timer */
	bool cancelled;
	bool renew;			/* ask for a new token: the last was refused */
	bool renewed;
	char *claims;			/* of a challenge, to be met; or NULL */
	bool challenged;		/* one was: there is no second round */
	bool fresh;			/* after a 503: a new connection */
	unsigned retries;
	int64_t first_ms, began_ms;	/* monotonic: when the first try and this one went out */
	int64_t spent_ms;		/* on tries, and on waits that nobody asked for */
	struct batch *batch;		/* of a $batch of reads, else NULL */
	size_t entry_number;		/* in the log */
};

struct graph {
	struct loop *loop;
	struct transport *transport;
	const struct cloud *cloud;
	struct token_source *tokens;
	struct token_source *portal_tokens;
	bool portal;			/* the admin centre's own API may be asked */
	struct request_log *log;
	struct pending *all;
	unsigned sent;
	bool read_only;
	bool down;			/* tries were in vain, and nothing came since */
	int64_t answered_ms;		/* monotonic: the last answer that was none of a gateway */
	struct pace pace;
	struct loop_timer pause_timer;
};

static void pump(struct graph *g);

struct graph *graph_new(struct loop *l, struct transport *t, const struct cloud *c,
			struct token_source *tokens, struct request_log *log)
{
	struct graph *g = xcalloc(1, sizeof(*g));

	g->loop = l;
	g->transport = t;
	g->cloud = c;
	g->tokens = tokens;
	g->log = log;
	return g;
}

void graph_free(struct graph *g)
{
	if (!g)
		return;
	for (struct pending *p = g->all; p; p = p->next)
		graph_call_cancel(g, p->call);
	/* Cancelled calls end from the loop; a write on the wire with its answer. */
	while (g->all && loop_run_once(g->loop, -1))
		;
	loop_timer_stop(g->loop, &g->pause_timer);
	free(g);
}

const struct cloud *graph_cloud(const struct graph *g)
{
	return g->cloud;
}

void graph_set_read_only(struct graph *g, bool on)
{
	g->read_only = on;
}

void graph_set_portal(struct graph *g, struct token_source *tokens)
{
	g->portal = true;
	g->portal_tokens = tokens;
}

unsigned graph_in_flight(const struct graph *g)
{
	unsigned n = 0;

	for (const struct pending *p = g->all; p; p = p->next)
		n++;
	return n;
}

int64_t graph_waiting_until_ms(const struct graph *g)
{
	int64_t wait = pace_longest(&g->pace, clock_mono_ms());

	return wait ? clock_now_ms() + wait : 0;
}

int64_t graph_silent_ms(const struct graph *g)
{
	int64_t since = g->all ? g->all->first_ms : 0;	/* of the oldest */

	if (!since)
		return 0;
	return clock_mono_ms() - (since > g->answered_ms ? since : g->answered_ms);
}

static void log_sent(struct pending *p)
{
	const char *url = p->x.url, *base = p->graph->cloud->graph;

	p->entry_number = request_log_sent(p->graph->log, p->call->method,
					   url + (str_starts(url, base) ? strlen(base) : 0),
					   headers_get(&p->x.headers, "client-request-id"),
					   &p->x.body, (int)p->retries + 1 + p->renewed);
}

static void log_answer(struct pending *p, const char *note)
{
	request_log_answered(p->graph->log, p->entry_number,
			     p->x.result == TRANSPORT_ANSWERED ? p->x.status : 0,
			     &p->x.answer_body,
			     headers_get(&p->x.answer_headers, "request-id"), note);
}

static struct token_source *tokens_of(const struct pending *p)
{
	return p->portal ? p->graph->portal_tokens : p->graph->tokens;
}

static void give_up_place(struct pending *p)
{
	if (p->sent)
		p->graph->sent--;
	p->sent = false;
	p->on_wire = false;
}

/* Ends the call: out of the list first, because done() may free the call and
 * start others. */
static void finish(struct pending *p)
{
	struct graph *g = p->graph;
	struct graph_call *c = p->call;

	for (struct pending **at = &g->all; *at; at = &(*at)->next) {
		if (*at == p) {
			*at = p->next;
			break;
		}
	}
	give_up_place(p);
	loop_timer_stop(g->loop, &p->timer);
	exchange_release(&p->x);
	free(p->claims);
	batch_free(p->batch);
	free(p);
	c->state = NULL;
	c->answered_ms = clock_now_ms();
	c->done(c, c->ctx);
}

static void finish_from_timer(void *ctx)
{
	struct graph *g = ((struct pending *)ctx)->graph;

	finish(ctx);
	pump(g);
}

/* Ends a call that never went out, from the loop. */
static void finish_later(struct pending *p)
{
	p->waiting = true;
	loop_timer_start(p->graph->loop, &p->timer, 0, finish_from_timer, p);
}

static void retry_now(void *ctx)
{
	struct pending *p = ctx;

	p->waiting = false;
	pump(p->graph);
}

/* Gives the place back and tries again after wait_ms. */
static void retry_later(struct pending *p, int64_t wait_ms)
{
	give_up_place(p);
	p->retries++;
	p->waiting = true;
	loop_timer_start(p->graph->loop, &p->timer, wait_ms, retry_now, p);
}

static uint32_t random_number(void)
{
	uint32_t n = 0;

	RAND_bytes((unsigned char *)&n, sizeof(n));
	return n;
}

/*
 * Whether another try may begin after a wait: one that was asked for within our
 * patience; one of our own, within RETRY_TRIES_MS from the first try on, unless
 * others wait in vain already.
 */
static bool may_wait(struct pending *p, bool asked, int64_t wait)
{
	if (p->cancelled || p->retries >= GRAPH_RETRIES || wait > GRAPH_PATIENCE_MS)
		return false;
	if (asked)
		return true;
	p->spent_ms += clock_mono_ms() - p->began_ms + wait;
	return !p->graph->down && p->spent_ms <= RETRY_TRIES_MS;
}

/* 429, 503 and the like, of a whole request or of items of a batch: waits as
 * long as was asked (0 or -1 = nothing was), then tries again. False when it does not. */
static bool retry_busy(struct pending *p, int64_t asked, bool throttled)
{
	int64_t wait = asked > 0 ? asked : retry_backoff_ms(p->retries + 1, random_number());
	char note[80], span[TIME_TEXT];

	if (!may_wait(p, asked > 0, wait)) {
		if (asked > 0)
			graph_error_come_back(&p->call->err, asked);
		return false;
	}
	snprintf(note, sizeof(note), "%s, waits %s",
		 throttled ? "throttled" : "service unavailable", time_span(wait, span));
	log_answer(p, note);
	if (throttled)
		pace_throttled(&p->graph->pace, p->workload, clock_mono_ms(), wait);
	p->fresh = !throttled;
	retry_later(p, wait);
	return true;
}

/* True when a refused request is tried again. */
static bool retry_refused(struct pending *p)
{
	int64_t asked = retry_asked_ms(&p->x.answer_headers, clock_now_ms());

	return retry_status(p->x.status, p->write, asked >= 0) &&
	       retry_busy(p, asked, p->x.status == 429);
}

/* Keeps what a batch brought and asks again for the items that were refused for
 * a while, without the others. True when it does. */
static bool retry_items(struct pending *p)
{
	struct graph_call *c = p->call;
	struct batch_rest rest;

	/* What is none, or no batch's answer, is the caller's to judge. */
	if (!json_is(json_get(c->json, "responses"), JSON_ARRAY))
		return false;
	rest = batch_take(p->batch, c->json, clock_now_ms());
	if (rest.n && retry_busy(p, rest.wait_ms, rest.throttled))
		return true;
	json_free(c->json);
	c->json = batch_answer(p->batch);
	c->err = (struct err)ERR_INIT;	/* "too long" is said of its items */
	return false;
}

/*
 * A challenge is met in one round: a token with its claims, then the same
 * request again, for nothing of it was carried out. True when it is sent again.
 * One that cannot be met, or was not enough, is explained in the error.
 */
static bool meet(struct pending *p, const char *what, char *claims)
{
	struct token_source *tokens = tokens_of(p);
	char request_id[sizeof(p->call->err.request_id)];

	memcpy(request_id, p->call->err.request_id, sizeof(request_id));
	challenge_error(&p->call->err, what, p->x.status, claims, tokens->ops->name,
			p->graph->cloud->graph);
	memcpy(p->call->err.request_id, request_id, sizeof(request_id));
	if (p->challenged || p->cancelled || !tokens->ops->meet ||
	    str_same(tokens->unmet, claims)) {
		free(claims);
		return false;
	}
	p->claims = claims;
	p->challenged = true;
	log_answer(p, "more proof wanted, signs in for it");
	give_up_place(p);
	return true;
}

/* Nothing came that can be read: true when it is tried again. */
static bool retry_lost(struct pending *p, const char *note)
{
	int64_t wait = retry_backoff_ms(p->retries + 1, random_number());

	if (p->retries >= CONNECTION_RETRIES || !may_wait(p, false, wait))
		return false;
	log_answer(p, note);
	p->fresh = true;
	retry_later(p, wait);
	return true;
}

/* Reads what came into the call. False when the request is to be sent again. */
static bool take_answer(struct pending *p)
{
	struct graph_call *c = p->call;
	struct exchange *x = &p->x;
	struct err parse = ERR_INIT;
	char what[200], *claims;

	c->status = x->status;
	c->err = (struct err)ERR_INIT;
	snprintf(what, sizeof(what), "%s %.*s", c->method, (int)strcspn(c->path, "?"), c->path);
	json_free(c->json);
	c->json = NULL;
	if (x->answer_body.len && !((c->flags & CALL_TEXT) && x->status / 100 == 2))
		c->json = json_parse(str_text(&x->answer_body), x->answer_body.len, &parse);
	if (x->status / 100 != 2) {
		if (p->portal)
			portal_error(&c->err, what, x->status, c->json);
		else
			graph_error(&c->err, what, x->status, c->json, &x->answer_headers);
		c->err.outcome_unknown = p->write && x->status >= 500;
		claims = x->status == 401 || x->status == 403 ?
			 challenge_claims(&x->answer_headers) : NULL;
		if (claims)
			return !meet(p, what, claims);
		if (c->err.kind == ERR_AUTH && !p->renewed && !p->cancelled) {
			p->renew = p->renewed = true;
			log_answer(p, "token refused, renews it");
			give_up_place(p);
			return false;
		}
		return !retry_refused(p);
	}
	if (p->batch && c->json)
		return !retry_items(p);
	if (c->flags & CALL_TEXT) {
		graph_call_take_text(c, &x->answer_body);
	} else if (!c->json && (x->answer_body.len || str_same(c->method, "GET"))) {
		/* A read without a body must not pass for "there is nothing". */
		c->err = parse;
		if (!x->answer_body.len)
			err_set(&c->err, ERR_PARSE, 0, "it is empty");
		err_wrap(&c->err, "%s: the answer does not read", what);
		graph_error_request_id(&c->err, &x->answer_headers);
		err_todo(&c->err, "Try again; if it stays, something between here and Microsoft "
			 "changes answers.");
		c->err.outcome_unknown = p->write;
		return p->write || !retry_lost(p, "does not read, tries again");
	}
	return true;
}

/* No answer: cancelled, not sent, or lost. False when it is sent again. */
static bool take_failure(struct pending *p)
{
	struct graph_call *c = p->call;
	bool lost = p->x.result == TRANSPORT_LOST;

	c->status = 0;
	c->err = p->x.err;
	if (p->x.result == TRANSPORT_CANCELLED) {
		err_set(&c->err, ERR_CANCELLED, 0, "%s %s: stopped", c->method, c->path);
		return true;
	}
	c->err.outcome_unknown = lost && p->write;
	if (lost)
		graph_error_request_id(&c->err, &p->x.headers);
	if (c->err.outcome_unknown)
		err_todo(&c->err, "It may have been carried out all the same: read again first.");
	if ((lost && p->write) || p->x.hopeless || c->err.kind != ERR_NET)
		return true;
	return !retry_lost(p, lost ? "connection lost, tries again" :
			   "no connection, tries again");
}

static void exchange_done(struct exchange *x, void *ctx)
{
	struct pending *p = ctx;
	struct graph *g = p->graph;
	bool ended;

	(void)x;
	p->on_wire = false;
	if (p->x.result == TRANSPORT_ANSWERED && p->x.status < 500) {
		g->down = false;
		g->answered_ms = clock_mono_ms();
	}
	ended = p->x.result == TRANSPORT_ANSWERED ? take_answer(p) : take_failure(p);
	if (ended) {
		g->down |= p->retries && !p->cancelled && g->answered_ms < p->first_ms;
		log_answer(p, p->x.result == TRANSPORT_ANSWERED ? "" :
			   p->x.result == TRANSPORT_CANCELLED ? "stopped" : "no answer");
		finish(p);
	}
	pump(g);
}

static const char *base_of(const struct pending *p)
{
	return p->portal ? p->graph->cloud->portal : p->graph->cloud->graph;
}

static void send_request(struct pending *p, const struct secret *token)
{
	struct graph_call *c = p->call;
	struct str bearer = { 0 };
	char guid[GUID_TEXT];

	exchange_release(&p->x);
	p->x = (struct exchange){ .method = c->method, .done = exchange_done, .ctx = p };
	p->x.url = str_starts(c->path, "/") ? xasprintf("%s%s", base_of(p), c->path)
					    : xstrdup(c->path);
	p->x.flags = (p->fresh ? TRANSPORT_FRESH : 0) | (p->write ? 0 : TRANSPORT_READ);
	guid_make(guid);
	str_addf(&bearer, "Bearer %s", secret_text(token));
	headers_add(&p->x.headers, "Authorization", str_text(&bearer));
	secret_wipe(bearer.buf, bearer.len);
	str_release(&bearer);
	headers_add(&p->x.headers, "Accept", c->flags & CALL_TEXT ? "text/plain" : "application/json");
	headers_add(&p->x.headers, "client-request-id", guid);
	headers_add(&p->x.headers, "return-client-request-id", "true");
	if (p->portal)
		portal_headers(&p->x.headers, guid);
	if (c->flags & CALL_EVENTUAL)
		headers_add(&p->x.headers, "ConsistencyLevel", "eventual");
	if (c->body) {
		headers_add(&p->x.headers, "Content-Type", "application/json");
		json_print(p->batch ? batch_body(p->batch) : c->body, &p->x.body);
	}
	p->began_ms = clock_mono_ms();
	if (!p->first_ms)
		p->first_ms = p->began_ms;
	p->on_wire = true;
	log_sent(p);
	p->graph->transport->ops->submit(p->graph->transport, &p->x);
}

static void token_done(void *ctx, const struct secret *token, const struct err *err)
{
	struct pending *p = ctx;
	struct graph *g = p->graph;

	if (p->cancelled) {
		err_set(&p->call->err, ERR_CANCELLED, 0, "%s %s: stopped", p->call->method,
			p->call->path);
		finish(p);
	} else if (err->kind != ERR_NONE) {
		p->call->err = *err;
		if (p->claims)
			err_wrap(&p->call->err, "more proof was wanted");
		finish(p);
	} else {
		free(p->claims);
		p->claims = NULL;
		send_request(p, token);
		return;
	}
	pump(g);
}

static void pause_over(void *ctx)
{
	pump(ctx);
}

/* Starts what may start: in order, at most GRAPH_IN_FLIGHT, nothing of a
 * workload that is paused; for that it comes back when the first pause ends. */
static void pump(struct graph *g)
{
	int64_t now = clock_mono_ms(), first = 0;

	for (struct pending *p = g->all; p && g->sent < GRAPH_IN_FLIGHT; p = p->next) {
		struct token_source *tokens = tokens_of(p);
		int64_t wait;
		bool renew = p->renew;

		if (p->sent || p->waiting)
			continue;
		wait = pace_ask(&g->pace, p->workload, now);
		if (wait) {
			if (!first || wait < first)
				first = wait;
			continue;
		}
		p->sent = true;
		p->renew = false;
		g->sent++;
		if (p->claims)
			tokens->ops->meet(tokens, p->claims, token_done, p);
		else
			tokens->ops->get(tokens, renew, token_done, p);
	}
	if (first)
		loop_timer_start(g->loop, &g->pause_timer, first, pause_over, g);
}

static bool may_start(struct graph *g, struct pending *p)
{
	struct graph_call *c = p->call;

	if (p->write && g->read_only) {
		err_set(&c->err, ERR_INVALID, 0, "%s %s: read-only, nothing is written", c->method,
			c->path);
		err_todo(&c->err, "Start without --read-only to change the tenant.");
		return false;
	}
	if (p->portal && !portal_may(g->portal, g->cloud, g->portal_tokens, &c->err))
		return false;
	if (!str_starts(c->path, "/") && !url_allowed(c->path, g->cloud->graph)) {
		err_set(&c->err, ERR_INVALID, 0,
			"the service pointed to another host; it gets no token of ours");
		err_todo(&c->err, "Something between here and Microsoft may be changing answers.");
		return false;
	}
	return true;
}

void graph_call_start(struct graph *g, struct graph_call *c,
		      void (*done)(struct graph_call *c, void *ctx), void *ctx)
{
	struct pending *p = xcalloc(1, sizeof(*p)), **at = &g->all;

	c->done = done;
	c->ctx = ctx;
	c->state = p;
	p->graph = g;
	p->call = c;
	p->write = graph_call_writes(c);
	p->portal = portal_is_path(c->path);
	p->workload = pace_workload(c->path);
	if (!p->write && c->body)
		p->batch = batch_new(c->body);
	while (*at)
		at = &(*at)->next;
	*at = p;
	if (may_start(g, p))
		pump(g);
	else
		finish_later(p);
}

void graph_call_cancel(struct graph *g, struct graph_call *c)
{
	bool unknown = c->err.outcome_unknown;
	struct pending *p = c->state;

	if (!p || p->cancelled)
		return;
	p->cancelled = true;
	if (p->on_wire && !p->write) {
		g->transport->ops->cancel(g->transport, &p->x);
	} else if (!p->sent) {
		if (c->err.kind == ERR_NONE || p->waiting)
			err_set(&c->err, ERR_CANCELLED, 0, "%s %s: stopped", c->method, c->path);
		c->err.outcome_unknown = unknown;
		finish_later(p);
	}
}

void graph_call_stop_waiting(struct graph *g, struct graph_call *c)
{
	const struct pending *p = c->state;

	if (p && !p->sent)
		graph_call_cancel(g, c);
}
