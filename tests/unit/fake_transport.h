#ifndef TESTS_UNIT_FAKE_TRANSPORT_H
#define TESTS_UNIT_FAKE_TRANSPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/graph.h"
#include "graph/loop.h"
#include "graph/transport.h"

/*
 * A transport that answers from a script, one entry a request, in order, and
 * keeps what was asked; and a source of tokens that counts renewals. With the
 * virtual clock, so that waits cost nothing and are exact. It starts at
 * FAKE_START_MS.
 */
#define FAKE_START_MS INT64_C(1795600800000)	/* 2026-11-25T10:00:00Z */
#define FAKE_MAX 64

struct fake_answer {
	enum transport_result result;
	int status;
	const char *header, *value;	/* one header, NULL for none */
	const char *body;		/* NULL for none */
	int delay_ms;
	bool hopeless;
};

struct fake_request {
	char *method, *url, *authorization, *eventual, *id, *body;
	unsigned flags;
	int64_t at_ms;			/* since the start */
};

struct fake;
struct fake_flight {
	struct loop_timer timer;
	struct fake *fake;
	struct exchange *x;
	const struct fake_answer *answer;
	bool cancelled;
};

struct fake {
	struct transport transport;	/* first */
	struct token_source tokens;
	struct loop *loop;
	struct graph *graph;
	struct cloud cloud;
	struct request_log *log;
	const struct fake_answer *script;
	size_t script_len;
	struct fake_request request[FAKE_MAX];
	size_t n;
	struct fake_flight flight[FAKE_MAX];
	unsigned now, most;		/* in flight, and the most ever */
	unsigned renewals;
	bool token_fails;
	struct secret token;
	struct loop_timer token_timer[FAKE_MAX];
	struct {
		struct fake *fake;
		void (*done)(void *ctx, const struct secret *token, const struct err *err);
		void *ctx;
	} getter[FAKE_MAX];
	size_t ngetters;
};

static inline void fake_deliver(void *ctx)
{
	struct fake_flight *f = ctx;
	const struct fake_answer *a = f->answer;
	struct exchange *x = f->x;

	f->fake->now--;
	x->hopeless = a->hopeless;
	x->result = f->cancelled ? TRANSPORT_CANCELLED : a->result;
	if (x->result == TRANSPORT_ANSWERED) {
		x->status = a->status;
		headers_add(&x->answer_headers, "request-id", "req-1");
		if (a->header)
			headers_add(&x->answer_headers, a->header, a->value);
		str_add(&x->answer_body, a->body);
	} else {
		err_set(&x->err, f->cancelled ? ERR_CANCELLED : ERR_NET, 7, "no way there");
	}
	x->done(x, x->ctx);
}

static inline char *fake_copy(const struct headers *h, const char *name)
{
	return xstrdup(headers_get(h, name));
}

static inline void fake_submit(struct transport *t, struct exchange *x)
{
	struct fake *fake = (struct fake *)t;
	size_t i = fake->n++;

	if (i >= fake->script_len || i >= FAKE_MAX)
		fail_msg("request %zu is not in the script: %s %s", i + 1, x->method, x->url);
	fake->request[i] = (struct fake_request){
		.method = xstrdup(x->method), .url = xstrdup(x->url),
		.authorization = fake_copy(&x->headers, "Authorization"),
		.eventual = fake_copy(&x->headers, "ConsistencyLevel"),
		.id = fake_copy(&x->headers, "client-request-id"),
		.body = xstrdup(str_text(&x->body)), .flags = x->flags,
		.at_ms = clock_now_ms() - FAKE_START_MS,
	};
	fake->flight[i] = (struct fake_flight){ .fake = fake, .x = x,
						.answer = &fake->script[i] };
	x->transport_data = &fake->flight[i];
	if (++fake->now > fake->most)
		fake->most = fake->now;
	loop_timer_start(fake->loop, &fake->flight[i].timer, fake->script[i].delay_ms,
			 fake_deliver, &fake->flight[i]);
}

static inline void fake_cancel(struct transport *t, struct exchange *x)
{
	struct fake_flight *f = x->transport_data;

	f->cancelled = true;
	loop_timer_start(((struct fake *)t)->loop, &f->timer, 0, fake_deliver, f);
}

static inline void fake_token_due(void *ctx)
{
	struct fake *fake = *(struct fake **)ctx;
	size_t i = (size_t)((char *)ctx - (char *)fake->getter) / sizeof(fake->getter[0]);
	struct err err = ERR_INIT;

	if (fake->token_fails)
		err_set(&err, ERR_AUTH, 400, "sign-in failed");
	fake->getter[i].done(fake->getter[i].ctx, &fake->token, &err);
}

static inline void fake_get_token(struct token_source *s, bool renew,
				  void (*done)(void *, const struct secret *, const struct err *),
				  void *ctx)
{
	struct fake *fake = (struct fake *)((char *)s - offsetof(struct fake, tokens));
	size_t i = fake->ngetters++ % FAKE_MAX;
	char text[20];

	fake->renewals += renew;
	snprintf(text, sizeof(text), "token-%u", fake->renewals);
	secret_set(&fake->token, text, strlen(text));
	fake->getter[i].fake = fake;
	fake->getter[i].done = done;
	fake->getter[i].ctx = ctx;
	loop_timer_start(fake->loop, &fake->token_timer[i], 0, fake_token_due, &fake->getter[i]);
}

static inline struct fake *fake_new(const struct fake_answer *script, size_t len)
{
	static const struct transport_ops ops = { .name = "fake", .submit = fake_submit,
						  .cancel = fake_cancel };
	static const struct token_ops token_ops = { .name = "fake", .get = fake_get_token };
	struct fake *f = xcalloc(1, sizeof(*f));
	struct err err = ERR_INIT;

	clock_set_virtual(FAKE_START_MS);
	f->transport.ops = &ops;
	f->tokens.ops = &token_ops;
	f->script = script;
	f->script_len = len;
	f->loop = loop_new(&err);
	assert_non_null(f->loop);
	assert_int_equal(cloud_by_name("global", &f->cloud, &err), 0);
	f->log = request_log_new();
	f->graph = graph_new(f->loop, &f->transport, &f->cloud, &f->tokens, f->log);
	return f;
}

static inline void fake_free(struct fake *f)
{
	graph_free(f->graph);
	request_log_free(f->log);
	loop_free(f->loop);
	secret_release(&f->token);
	for (size_t i = 0; i < f->n; i++) {
		free(f->request[i].method);
		free(f->request[i].url);
		free(f->request[i].authorization);
		free(f->request[i].eventual);
		free(f->request[i].id);
		free(f->request[i].body);
	}
	free(f);
	clock_set_real();
}

static inline void fake_run(struct fake *f)
{
	while (loop_run_once(f->loop, -1))
		;
}

#endif
