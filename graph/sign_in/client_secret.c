#include "graph/sign_in/client_secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/retry.h"
#include "graph/sign_in/sign_in_error.h"
#include "graph/url.h"

#define ANSWER_MAX (256u << 10)
#define TIMEOUT_MS 30000
#define RENEW_EARLY_MS 300000
/* A token this young is not renewed when it is refused: requests that were
 * refused together share one renewal. */
#define YOUNG_MS 10000
#define RETRIES 2
#define WAIT_MAX_MS 60000

struct getter {
	void (*done)(void *ctx, const struct secret *token, const struct err *err);
	void *ctx;
};

struct client_secret {
	struct token_source base;
	struct loop *loop;
	struct transport *transport;
	char *url, *scope, *client_id;
	struct secret secret, token;
	int64_t got_ms, renew_ms;	/* wall time */
	struct getter *getters;
	size_t ngetters, cap;
	struct exchange x;
	bool on_wire;
	unsigned retries;
	struct loop_timer timer;	/* answers, or tries again */
};

static void answer_getters(struct client_secret *s, const struct err *err)
{
	struct getter *v = s->getters;
	size_t n = s->ngetters;

	s->getters = NULL;
	s->ngetters = s->cap = 0;
	for (size_t i = 0; i < n; i++)
		v[i].done(v[i].ctx, &s->token, err);
	free(v);
}

static void answer_now(void *ctx)
{
	struct err none = ERR_INIT;

	answer_getters(ctx, &none);
}

/* Takes the token out of an answer; false when there is none. */
static bool take_token(struct client_secret *s, const struct json *answer)
{
	const char *token = json_string(answer, "access_token");
	double seconds = json_number(answer, "expires_in", 3599);
	int64_t life;

	if (!token || !*token)
		return false;
	secret_set(&s->token, token, strlen(token));
	/* The parsed answer is ours: its copy of the token goes too. */
	secret_wipe((char *)token, strlen(token));
	life = seconds > 0 && seconds < 1e6 ? (int64_t)(seconds * 1000) : 0;
	s->got_ms = clock_now_ms();
	s->renew_ms = s->got_ms + life - (life > 2 * RENEW_EARLY_MS ? RENEW_EARLY_MS : life / 2);
	return true;
}

static void send_request(void *ctx);

/* Starts another try when that may help; asking for a token twice harms
 * nothing. */
static bool try_again(struct client_secret *s)
{
	const char *header = headers_get(&s->x.answer_headers, "Retry-After");
	int64_t wait = retry_after_ms(header, clock_now_ms());

	if (s->x.result == TRANSPORT_CANCELLED || s->retries >= RETRIES)
		return false;
	if (s->x.result == TRANSPORT_ANSWERED && !retry_status(s->x.status, false, wait >= 0))
		return false;
	if (s->x.result != TRANSPORT_ANSWERED && s->x.err.kind != ERR_NET)
		return false;
	if (wait < 0)
		wait = retry_backoff_ms(s->retries + 1, (uint32_t)clock_mono_ms());
	if (wait > WAIT_MAX_MS)
		return false;
	s->retries++;
	loop_timer_start(s->loop, &s->timer, wait, send_request, s);
	return true;
}

static void request_done(struct exchange *x, void *ctx)
{
	struct client_secret *s = ctx;
	struct err err = ERR_INIT, parse = ERR_INIT;
	struct json *answer = NULL;
	bool again = false;

	s->on_wire = false;
	if (x->result == TRANSPORT_ANSWERED)
		answer = json_parse(str_text(&x->answer_body), x->answer_body.len, &parse);
	if (x->result != TRANSPORT_ANSWERED || x->status != 200 || !take_token(s, answer)) {
		again = try_again(s);
		if (x->result != TRANSPORT_ANSWERED) {
			err = x->err;
			err_wrap(&err, "sign-in");
		} else {
			sign_in_error(&err, x->status, answer);
		}
	}
	json_free(answer);
	if (x->answer_body.buf)
		secret_wipe(x->answer_body.buf, x->answer_body.len);
	exchange_release(x);
	if (!again)
		answer_getters(s, &err);
}

static void send_request(void *ctx)
{
	struct client_secret *s = ctx;
	struct exchange *x = &s->x;

	*x = (struct exchange){ .method = "POST", .max_bytes = ANSWER_MAX,
				.timeout_ms = TIMEOUT_MS, .done = request_done, .ctx = s };
	x->url = xstrdup(s->url);
	headers_add(&x->headers, "Content-Type", "application/x-www-form-urlencoded");
	headers_add(&x->headers, "Accept", "application/json");
	str_add(&x->body, "grant_type=client_credentials&client_id=");
	url_encode(&x->body, s->client_id);
	str_add(&x->body, "&scope=");
	url_encode(&x->body, s->scope);
	str_add(&x->body, "&client_secret=");
	url_encode(&x->body, secret_text(&s->secret));
	s->on_wire = true;
	s->transport->ops->submit(s->transport, x);
}

static void get(struct token_source *source, bool renew,
		void (*done)(void *ctx, const struct secret *token, const struct err *err),
		void *ctx)
{
	struct client_secret *s = (struct client_secret *)source;
	int64_t now = clock_now_ms();
	bool good;

	GROW(s->getters, s->ngetters, s->cap);
	s->getters[s->ngetters++] = (struct getter){ done, ctx };
	/* A timer that runs answers soon, or is the wait before another try. */
	if (s->on_wire || s->timer.running)
		return;
	/* A clock that was set back makes got_ms lie ahead: ask anew. */
	good = !secret_empty(&s->token) && now < s->renew_ms && now >= s->got_ms;
	if (good && (!renew || now - s->got_ms < YOUNG_MS)) {
		loop_timer_start(s->loop, &s->timer, 0, answer_now, s);
		return;
	}
	s->retries = 0;
	send_request(s);
}

static void source_free(struct token_source *source)
{
	struct client_secret *s = (struct client_secret *)source;

	if (!s)
		return;
	loop_timer_stop(s->loop, &s->timer);
	if (s->on_wire)
		s->transport->ops->cancel(s->transport, &s->x);
	/* The transport gives the exchange back from the loop only. */
	while (s->on_wire && loop_run_once(s->loop, -1))
		;
	secret_release(&s->secret);
	secret_release(&s->token);
	free(s->getters);
	free(s->url);
	free(s->scope);
	free(s->client_id);
	free(s);
}

static const struct token_ops client_secret_ops = {
	.name = "secret",
	.get = get,
	.free = source_free,
};

/* Ids and domains: nothing that could change the path of the URL (facts
 * sign-in-and-transport.md 3.3). */
static bool is_name(const char *s)
{
	return s && *s && !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-.")] &&
	       s[strspn(s, ".")];
}

struct token_source *client_secret_new(struct loop *l, struct transport *t,
				       const struct cloud *c, const char *tenant,
				       const char *client_id, struct secret *take_secret,
				       struct err *err)
{
	struct client_secret *s;

	if (!is_name(tenant) || str_same_nocase(tenant, "common") ||
	    str_same_nocase(tenant, "organizations") || str_same_nocase(tenant, "consumers")) {
		err_set(err, ERR_INVALID, 0, "an application signs in to one named tenant");
		err_todo(err, "Give the tenant's id or domain: --tenant, or AZURE_TENANT_ID.");
		return NULL;
	}
	if (!is_name(client_id)) {
		err_set(err, ERR_INVALID, 0, "the application (client) id is missing or is none");
		err_todo(err, "Give it with --client-id, or set AZURE_CLIENT_ID.");
		return NULL;
	}
	if (secret_empty(take_secret)) {
		err_set(err, ERR_INVALID, 0, "the client secret is missing");
		err_todo(err, "Set AZURE_CLIENT_SECRET to the secret's value.");
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	s->base.ops = &client_secret_ops;
	snprintf(s->base.account, sizeof(s->base.account), "application %s", client_id);
	s->loop = l;
	s->transport = t;
	s->url = xasprintf("%s/%s/oauth2/v2.0/token", c->login, tenant);
	s->scope = xasprintf("%s/.default", c->graph);
	s->client_id = xstrdup(client_id);
	s->secret = *take_secret;
	*take_secret = (struct secret){ 0 };
	return &s->base;
}
