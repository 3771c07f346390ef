#include "graph/sign_in/request.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/secret.h"
#include "graph/graph_error.h"
#include "graph/retry.h"
#include "graph/url.h"

#define ANSWER_MAX (256u << 10)
#define TIMEOUT_MS 30000
#define RETRIES 2
#define WAIT_MAX_MS 60000

bool sign_in_is_name(const char *s)
{
	return s && *s && !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-.")] &&
	       s[strspn(s, ".")];
}

bool sign_in_any_tenant(const char *tenant)
{
	return str_same_nocase(tenant, "common") || str_same_nocase(tenant, "organizations") ||
	       str_same_nocase(tenant, "consumers");
}

void sign_in_form_add(struct str *form, const char *name, const char *value)
{
	str_addf(form, "%s%s=", form->len ? "&" : "", name);
	url_encode(form, value);
}

static void wipe(struct str *s)
{
	if (s->buf)
		secret_wipe(s->buf, s->cap);
	str_release(s);
}

static void forget(struct sign_in_request *r)
{
	for (size_t i = 0; i < COUNT_OF(r->headers); i++) {
		if (r->headers[i])
			secret_wipe(r->headers[i], strlen(r->headers[i]));
		free(r->headers[i]);
		r->headers[i] = NULL;
	}
	wipe(&r->form);
	free(r->url);
	r->url = NULL;
}

static void send_request(void *ctx);

/* Starts another try where the owner knows better when that helps. */
static bool try_as_told(struct sign_in_request *r)
{
	int64_t wait = r->wait_ms(r->x.status, r->retries + 1);

	if (wait < 0 || r->asked_ms > WAIT_MAX_MS)
		return false;
	r->retries++;
	loop_timer_start(r->loop, &r->timer, r->asked_ms > wait ? r->asked_ms : wait,
			 send_request, r);
	return true;
}

/* Starts another try when that may help. */
static bool try_again(struct sign_in_request *r)
{
	int64_t wait = r->asked_ms;
	bool asked = wait > 0;

	if (r->wait_ms && r->x.result == TRANSPORT_ANSWERED)
		return try_as_told(r);
	if (r->x.result == TRANSPORT_CANCELLED || r->retries >= RETRIES)
		return false;
	if (r->x.result == TRANSPORT_ANSWERED && !retry_status(r->x.status, false, asked))
		return false;
	/* A refused certificate or proxy refuses again. */
	if (r->x.result != TRANSPORT_ANSWERED &&
	    (r->x.err.kind != ERR_NET || r->x.hopeless || r->once))
		return false;
	if (!asked)
		wait = retry_backoff_ms(r->retries + 1, (uint32_t)clock_mono_ms());
	if (wait > WAIT_MAX_MS ||
	    (!asked && clock_mono_ms() + wait - r->began_ms > RETRY_TRIES_MS))
		return false;
	r->retries++;
	loop_timer_start(r->loop, &r->timer, wait, send_request, r);
	return true;
}

static void compare_clocks(struct sign_in_request *r)
{
	int64_t theirs;

	if (time_parse_http(headers_get(&r->x.answer_headers, "Date"), &theirs) == 0)
		r->clock_ahead_ms = clock_now_ms() - theirs;
}

static void exchange_done(struct exchange *x, void *ctx)
{
	struct sign_in_request *r = ctx;
	struct err err = ERR_INIT, parse = ERR_INIT;
	struct json *answer = NULL;
	int status = 0;
	bool again;

	r->asked_ms = x->result == TRANSPORT_ANSWERED
		      ? retry_asked_ms(&x->answer_headers, clock_now_ms()) : -1;
	again = !r->freeing && try_again(r);
	r->on_wire = false;
	free(r->kept);
	r->kept = NULL;
	if (x->result == TRANSPORT_ANSWERED) {
		status = x->status;
		compare_clocks(r);
		if (r->keep)
			r->kept = xstrdup(headers_get(&x->answer_headers, r->keep));
		answer = json_parse(str_text(&x->answer_body), x->answer_body.len, &parse);
	} else {
		err = x->err;
		err_wrap(&err, "sign-in");
	}
	wipe(&x->answer_body);
	wipe(&x->body);
	exchange_release(x);
	if (!again && !r->freeing) {
		forget(r);
		r->done(r->ctx, status, answer, &err);
	}
	json_free(answer);
}

static void send_request(void *ctx)
{
	struct sign_in_request *r = ctx;
	struct exchange *x = &r->x;

	*x = (struct exchange){ .method = r->form.len ? "POST" : "GET", .max_bytes = ANSWER_MAX,
				.timeout_ms = r->timeout_ms ? r->timeout_ms : TIMEOUT_MS,
				.done = exchange_done, .ctx = r };
	x->url = xstrdup(r->url);
	if (r->form.len)
		headers_add(&x->headers, "Content-Type", "application/x-www-form-urlencoded");
	headers_add(&x->headers, "Accept", "application/json");
	for (size_t i = 0; i + 1 < COUNT_OF(r->headers) && r->headers[i]; i += 2)
		headers_add(&x->headers, r->headers[i], r->headers[i + 1]);
	str_add_bytes(&x->body, r->form.buf, r->form.len);
	r->on_wire = true;
	r->transport->ops->submit(r->transport, x);
}

void sign_in_request_start(struct sign_in_request *r, const char *url,
			   const char *const *headers, struct str *form,
			   void (*done)(void *ctx, int status, struct json *answer,
					const struct err *err),
			   void *ctx)
{
	r->url = xstrdup(url);
	for (size_t i = 0; headers && i < COUNT_OF(r->headers) && headers[i]; i++)
		r->headers[i] = xstrdup(headers[i]);
	r->form = *form;
	*form = (struct str){ 0 };
	r->done = done;
	r->ctx = ctx;
	r->retries = 0;
	r->began_ms = clock_mono_ms();
	send_request(r);
}

void sign_in_request_come_back(const struct sign_in_request *r, struct err *err)
{
	if (r->asked_ms > WAIT_MAX_MS)
		graph_error_come_back(err, r->asked_ms);
}

bool sign_in_request_runs(const struct sign_in_request *r)
{
	return r->on_wire || r->timer.running;
}

void sign_in_request_stop(struct sign_in_request *r)
{
	if (r->timer.running)
		loop_timer_stop(r->loop, &r->timer);
	r->freeing = true;
	if (r->on_wire)
		r->transport->ops->cancel(r->transport, &r->x);
	/* The transport gives the exchange back from the loop only. */
	while (r->on_wire && loop_run_once(r->loop, -1))
		;
	r->freeing = false;
	forget(r);
	free(r->kept);
	r->kept = NULL;
}
