#ifndef TESTS_UNIT_SCRIPTED_H
#define TESTS_UNIT_SCRIPTED_H

/* A transport that answers as a script says and keeps what was asked; and a
 * getter that waits for a token. Include cmocka.h first. */

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/cloud.h"
#include "graph/loop.h"
#include "graph/sign_in/token.h"
#include "graph/transport.h"

#define SCRIPT_NOW 1795600000000 /* 26 Nov 2026 */
#define SCRIPT_MAX 32

struct script_answer {
	int status;		/* 0: the connection is lost */
	const char *body;
	const char *retry_after;
};
#define SCRIPT_HOPELESS (-1)	/* as status: a certificate or proxy refuses */

struct scripted {
	struct transport transport;	/* first */
	struct loop *loop;
	const struct script_answer *answers;
	size_t nanswers, n;	/* n: asked so far */
	char *urls[SCRIPT_MAX], *bodies[SCRIPT_MAX], *method[SCRIPT_MAX];
	int64_t at_ms[SCRIPT_MAX];
	const char *challenge;	/* WWW-Authenticate of each 401, or NULL */
	char *header;		/* the header to look for, and its last value */
	char *value;
	size_t max_bytes;	/* of the last request */
	int timeout_ms;
	struct exchange *x;
	struct loop_timer timer;
	bool cancelled;
	struct cloud cloud;
};

static inline void scripted_due(void *ctx)
{
	struct scripted *s = ctx;
	struct exchange *x = s->x;
	const struct script_answer *a;

	s->x = NULL;
	if (s->cancelled) {
		s->cancelled = false;
		x->result = TRANSPORT_CANCELLED;
		err_set(&x->err, ERR_CANCELLED, 0, "cancelled");
		x->done(x, x->ctx);
		return;
	}
	if (s->n > s->nanswers)
		fail_msg("request %zu was not expected: %s", s->n, x->url);
	a = &s->answers[s->n - 1];
	if (a->status > 0) {
		x->result = TRANSPORT_ANSWERED;
		x->status = a->status;
		str_add(&x->answer_body, a->body);
		if (a->retry_after)
			headers_add(&x->answer_headers, "Retry-After", a->retry_after);
		if (s->challenge && a->status == 401)
			headers_add(&x->answer_headers, "WWW-Authenticate", s->challenge);
	} else {
		x->hopeless = a->status == SCRIPT_HOPELESS;
		x->result = x->hopeless ? TRANSPORT_NOT_SENT : TRANSPORT_LOST;
		err_set(&x->err, ERR_NET, 56, "the connection was lost");
	}
	x->done(x, x->ctx);
}

static inline void scripted_submit(struct transport *t, struct exchange *x)
{
	struct scripted *s = (struct scripted *)t;

	if (s->n == SCRIPT_MAX || s->x)
		fail_msg("more requests than a script has, or two at a time");
	s->urls[s->n] = xstrdup(x->url);
	s->method[s->n] = xstrdup(x->method);
	s->at_ms[s->n] = clock_now_ms();
	s->max_bytes = x->max_bytes;
	s->timeout_ms = x->timeout_ms;
	s->bodies[s->n++] = xstrdup(str_text(&x->body));
	if (s->header) {
		free(s->value);
		s->value = xstrdup(headers_get(&x->headers, s->header));
	}
	s->x = x;
	loop_timer_start(s->loop, &s->timer, 0, scripted_due, s);
}

static inline void scripted_cancel(struct transport *t, struct exchange *x)
{
	struct scripted *s = (struct scripted *)t;

	(void)x;
	s->cancelled = true;
}

/* The clock is virtual: waits cost no time. */
static inline void scripted_open(struct scripted *s, const struct script_answer *answers, size_t n)
{
	static const struct transport_ops ops = { .name = "scripted", .submit = scripted_submit,
						  .cancel = scripted_cancel };
	struct err err = ERR_INIT;

	clock_set_virtual(SCRIPT_NOW);
	*s = (struct scripted){ .transport.ops = &ops, .answers = answers, .nanswers = n };
	s->loop = loop_new(&err);
	assert_non_null(s->loop);
	assert_int_equal(cloud_by_name("global", &s->cloud, &err), 0);
}

static inline void scripted_close(struct scripted *s)
{
	for (size_t i = 0; i < s->n; i++) {
		free(s->urls[i]);
		free(s->bodies[i]);
		free(s->method[i]);
	}
	free(s->value);
	cloud_release(&s->cloud);
	loop_free(s->loop);
	clock_set_real();
}

/* One getter's answer. */
struct got {
	bool done;
	char token[256];
	struct err err;
};

static inline void got_it(void *ctx, const struct secret *token, const struct err *err)
{
	struct got *g = ctx;

	assert_false(g->done);
	g->done = true;
	g->err = *err;
	snprintf(g->token, sizeof(g->token), "%s", secret_text(token));
}

static inline struct got get_token(struct scripted *s, struct token_source *source, bool renew)
{
	struct got g = { .done = false };

	source->ops->get(source, renew, got_it, &g);
	assert_false(g.done);	/* never inside the call */
	loop_run_until(s->loop, &g.done);
	assert_true(g.done);
	return g;
}

static inline struct got need_scopes(struct scripted *s, struct token_source *source,
				     const char *const *scopes)
{
	struct got g = { .done = false };

	source->ops->need(source, scopes, got_it, &g);
	loop_run_until(s->loop, &g.done);
	assert_true(g.done);
	return g;
}

#endif
