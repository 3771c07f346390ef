#include "graph/tenant/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/secret.h"
#include "graph/portal.h"
#include "graph/sign_in/scopes.h"

/*
 * The way in without a network: each exchange waits for its latency on a timer
 * of the loop, is then handled, and is answered from the loop.
 */
#define MAX_BYTES_DEFAULT ((size_t)16 << 20)
#define TIMEOUT_MS_DEFAULT 100000

struct tenant_transport {
	struct transport transport;	/* first */
	struct loop *loop;
	struct tenant *tenant;
	int latency_ms;
	struct flight *flights;
};

/* One exchange under way. */
struct flight {
	struct loop_timer timer;
	struct tenant_transport *of;
	struct exchange *x;
	struct tenant_response response;
	bool handled, timed_out, cancelled;
	struct flight *next;
};

static void unlink_flight(struct flight *f)
{
	struct flight **at = &f->of->flights;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
}

static void lose(struct exchange *x, enum transport_result result, enum err_kind kind,
		 const char *why)
{
	x->result = result;
	err_set(&x->err, kind, 0, "%s", why);
}

static void fill(struct flight *f)
{
	struct exchange *x = f->x;
	size_t max = x->max_bytes ? x->max_bytes : MAX_BYTES_DEFAULT;

	if (f->cancelled) {
		lose(x, TRANSPORT_CANCELLED, ERR_CANCELLED, "cancelled");
	} else if (f->timed_out) {
		lose(x, TRANSPORT_LOST, ERR_NET, "no answer came in time");
	} else if (!f->response.status) {
		lose(x, TRANSPORT_LOST, ERR_NET, "the connection was lost");
	} else if (f->response.body.len > max) {
		lose(x, TRANSPORT_LOST, ERR_LIMIT, "the answer is larger than the limit");
	} else {
		x->result = TRANSPORT_ANSWERED;
		x->status = f->response.status;
		x->answer_headers = f->response.headers;
		x->answer_body = f->response.body;
		memset(&f->response, 0, sizeof(f->response));
	}
}

static void finish(struct flight *f)
{
	struct exchange *x = f->x;

	fill(f);
	unlink_flight(f);
	tenant_response_release(&f->response);
	x->transport_data = NULL;
	free(f);
	x->done(x, x->ctx);
}

static void due(void *ctx)
{
	struct flight *f = ctx;
	struct exchange *x = f->x;
	int timeout = x->timeout_ms ? x->timeout_ms : TIMEOUT_MS_DEFAULT;
	struct tenant_request req = {
		.method = x->method, .url = x->url, .headers = &x->headers,
		.body = x->body.len ? str_text(&x->body) : NULL, .body_len = x->body.len,
	};

	if (!f->cancelled && !f->handled) {
		f->handled = true;
		tenant_handle(f->of->tenant, &req, &f->response);
		f->timed_out = f->response.delay_ms > timeout;
		if (f->response.delay_ms > 0) {
			loop_timer_start(f->of->loop, &f->timer,
					 f->timed_out ? timeout : f->response.delay_ms, due, f);
			return;
		}
	}
	finish(f);
}

static void submit(struct transport *transport, struct exchange *x)
{
	struct tenant_transport *t = (struct tenant_transport *)transport;
	struct flight *f = xcalloc(1, sizeof(*f));
	int spread = t->latency_ms;

	/* Between half and one and a half of the middle. */
	if (spread)
		spread = spread / 2 + (int)tenant_random(t->tenant, (uint32_t)spread + 1);
	f->of = t;
	f->x = x;
	f->next = t->flights;
	t->flights = f;
	x->transport_data = f;
	loop_timer_start(t->loop, &f->timer, spread, due, f);
}

static void cancel(struct transport *transport, struct exchange *x)
{
	struct tenant_transport *t = (struct tenant_transport *)transport;
	struct flight *f = x->transport_data;

	if (!f || f->cancelled)
		return;
	f->cancelled = true;
	loop_timer_stop(t->loop, &f->timer);
	loop_timer_start(t->loop, &f->timer, 0, due, f);
}

static void free_transport(struct transport *transport)
{
	struct tenant_transport *t = (struct tenant_transport *)transport;

	while (t->flights) {
		struct flight *f = t->flights;

		t->flights = f->next;
		loop_timer_stop(t->loop, &f->timer);
		f->x->transport_data = NULL;
		tenant_response_release(&f->response);
		free(f);
	}
	free(t);
}

struct transport *tenant_transport_new(struct loop *l, struct tenant *tenant, int latency_ms)
{
	static const struct transport_ops ops = {
		.name = "tenant", .submit = submit, .cancel = cancel, .free = free_transport,
	};
	struct tenant_transport *t = xcalloc(1, sizeof(*t));

	t->transport.ops = &ops;
	t->loop = l;
	t->tenant = tenant;
	t->latency_ms = latency_ms;
	return &t->transport;
}

/* The token of the demo: it holds every scope of the state. */
struct tenant_token {
	struct token_source source;	/* first */
	struct loop *loop;
	struct tenant *tenant;
	const char *audience;
	struct secret token;
	int64_t made_ms;
	struct waiter *waiters;
	bool scoped;			/* its scopes are source.granted, not the state's */
};

struct waiter {
	struct loop_timer timer;
	struct tenant_token *of;
	void (*done)(void *ctx, const struct secret *token, const struct err *err);
	void *ctx;
	struct waiter *next;
};

static void give(void *ctx)
{
	struct waiter *w = ctx, **at = &w->of->waiters;
	struct tenant_token *t = w->of;
	struct waiter mine = *w;
	struct err none = ERR_INIT;

	while (*at != w)
		at = &(*at)->next;
	*at = w->next;
	free(w);
	mine.done(mine.ctx, &t->token, &none);
}

static void get_token(struct token_source *source, bool renew,
		      void (*done)(void *ctx, const struct secret *token, const struct err *err),
		      void *ctx)
{
	struct tenant_token *t = (struct tenant_token *)source;
	struct waiter *w = xcalloc(1, sizeof(*w));
	int64_t age = clock_now_ms() - t->made_ms;
	char *text;

	/* Five minutes before it ends it is made anew. */
	if (renew || secret_empty(&t->token) || age < 0 || age > (TOKEN_LIFE_S - 300) * 1000) {
		text = token_make_for(t->tenant, t->audience, false,
				      t->scoped ? t->source.granted : NULL, NULL);
		secret_set(&t->token, text, strlen(text));
		secret_wipe(text, strlen(text));
		free(text);
		t->made_ms = clock_now_ms();
	}
	w->of = t;
	w->done = done;
	w->ctx = ctx;
	w->next = t->waiters;
	t->waiters = w;
	loop_timer_start(t->loop, &w->timer, 0, give, w);
}

static void free_token(struct token_source *source)
{
	struct tenant_token *t = (struct tenant_token *)source;

	while (t->waiters) {
		struct waiter *w = t->waiters;

		t->waiters = w->next;
		loop_timer_stop(t->loop, &w->timer);
		free(w);
	}
	secret_release(&t->token);
	free(t);
}

static struct token_source *new_token(struct loop *l, struct tenant *tenant,
				      const char *audience)
{
	static const struct token_ops ops = { .name = "demo", .get = get_token,
					      .free = free_token };
	struct tenant_token *t = xcalloc(1, sizeof(*t));
	const char *upn = json_string_or(tenant_admin(tenant), "userPrincipalName", "");

	t->source.ops = &ops;
	t->loop = l;
	t->tenant = tenant;
	t->audience = audience;
	for (const struct json *j = json_first(json_get(tenant_state(tenant), "scopes")); j;
	     j = json_next(j)) {
		size_t n = strlen(t->source.granted);

		snprintf(t->source.granted + n, sizeof(t->source.granted) - n, "%s%s",
			 n ? " " : "", json_text(j));
	}
	/* The account is shown: only clean text may be in it. */
	for (size_t i = 0; upn[i] && i + 1 < sizeof(t->source.account); i++)
		t->source.account[i] = upn[i] > 32 && upn[i] < 127 ? upn[i] : '?';
	return &t->source;
}

/* Whoever consents in the demo says yes. */
static void need_scopes(struct token_source *source, const char *const *scopes,
			void (*done)(void *ctx, const struct secret *token, const struct err *err),
			void *ctx)
{
	for (; *scopes; scopes++) {
		size_t n = strlen(source->granted);

		if (!scopes_have(source->granted, *scopes))
			snprintf(source->granted + n, sizeof(source->granted) - n, " %s", *scopes);
	}
	get_token(source, true, done, ctx);
}

struct token_source *tenant_scoped_token_new(struct loop *l, struct tenant *tenant,
					     const char *scope)
{
	static const struct token_ops ops = { .name = "demo", .get = get_token,
					      .free = free_token, .need = need_scopes };
	struct token_source *source = new_token(l, tenant, GRAPH_AUDIENCE);

	((struct tenant_token *)source)->scoped = true;
	source->ops = &ops;
	snprintf(source->granted, sizeof(source->granted), "User.Read %s", scope);
	return source;
}

struct token_source *tenant_token_new(struct loop *l, struct tenant *tenant)
{
	return new_token(l, tenant, GRAPH_AUDIENCE);
}

struct token_source *tenant_portal_token_new(struct loop *l, struct tenant *tenant)
{
	return new_token(l, tenant, PORTAL_AUDIENCE);
}
