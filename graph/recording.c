#include "graph/recording.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"

#define SCHEMA "sspr-wizard/facts/1"

struct recorded {
	char *method, *path, *body, *answer;
	int status;
};

static void recorded_release(struct recorded *r)
{
	free(r->method);
	free(r->path);
	free(r->body);
	free(r->answer);
}

void recording_release(struct recording *r)
{
	for (size_t i = 0; i < r->n; i++)
		recorded_release(&r->v[i]);
	free(r->v);
	free(r->cloud);
	json_free(r->servers);
	memset(r, 0, sizeof(*r));
}

/* "/v1.0/..." of an address: the host is the cloud's. */
static const char *path_of(const char *url)
{
	const char *host = strstr(url, "://");
	const char *path = host ? strchr(host + 3, '/') : NULL;

	return path ? path : url;
}

static struct recorded *find(const struct recording *r, const char *method, const char *path,
			     const char *body)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_same(r->v[i].method, method) && str_same(r->v[i].path, path) &&
		    str_same(r->v[i].body, body))
			return &r->v[i];
	return NULL;
}

/* The last answer to the same question is kept: after a 429 comes the real one. */
static void keep(struct recording *r, const struct exchange *x)
{
	struct recorded one = {
		.method = xstrdup(x->method), .path = xstrdup(path_of(x->url)),
		.body = xstrdup(str_text(&x->body)), .answer = xstrdup(str_text(&x->answer_body)),
		.status = x->status,
	};
	struct recorded *known = find(r, one.method, one.path, one.body);

	if (known) {
		recorded_release(known);
		*known = one;
		return;
	}
	GROW(r->v, r->n, r->cap);
	r->v[r->n++] = one;
}

struct json *recording_json(const struct recording *r)
{
	struct json *doc = json_new_object(), *list;
	char when[TIME_TEXT];

	json_add_string(doc, "schema", SCHEMA);
	json_add_string(doc, "savedAt", time_format(r->saved_ms, when));
	json_add_string(doc, "cloud", r->cloud);
	list = json_add_array(doc, "answers");
	for (size_t i = 0; i < r->n; i++) {
		struct json *one = json_append(list, json_new_object());

		json_add_string(one, "method", r->v[i].method);
		json_add_string(one, "path", r->v[i].path);
		json_add_string(one, "body", r->v[i].body);
		json_add_number(one, "status", r->v[i].status);
		json_add_string(one, "answer", r->v[i].answer);
	}
	if (r->servers)
		json_add(doc, "servers", json_clone(r->servers));
	return doc;
}

int recording_read(const struct json *doc, struct recording *ret, struct err *err)
{
	const char *schema = json_string(doc, "schema");

	memset(ret, 0, sizeof(*ret));
	if (!str_same(schema, SCHEMA)) {
		err_set(err, ERR_INVALID, 0, "it holds no saved facts: its schema is %s",
			schema ? schema : "not given");
		return err_todo(err, "Use a file of: sspr-wizard check --save-facts FILE");
	}
	if (time_parse(json_string(doc, "savedAt"), &ret->saved_ms) < 0)
		return err_set(err, ERR_PARSE, 0, "it does not say when it was saved");
	ret->cloud = xstrdup(json_string_or(doc, "cloud", "global"));
	if (json_is(json_get(doc, "servers"), JSON_ARRAY))
		ret->servers = json_clone(json_get(doc, "servers"));
	for (const struct json *j = json_first(json_get(doc, "answers")); j; j = json_next(j)) {
		GROW(ret->v, ret->n, ret->cap);
		ret->v[ret->n++] = (struct recorded){
			.method = xstrdup(json_string_or(j, "method", "GET")),
			.path = xstrdup(json_string_or(j, "path", "")),
			.body = xstrdup(json_string_or(j, "body", "")),
			.answer = xstrdup(json_string_or(j, "answer", "")),
			.status = (int)json_int(j, "status", 0),
		};
	}
	return 0;
}

/* Recording: each exchange gets our done() in place of its own. */
struct recorder {
	struct transport transport;	/* first */
	struct transport *inner;
	struct recording *to;
};

struct watched {
	struct recorder *of;
	void (*done)(struct exchange *x, void *ctx);
	void *ctx;
};

static void watched_done(struct exchange *x, void *ctx)
{
	struct watched mine = *(struct watched *)ctx;

	free(ctx);
	x->done = mine.done;
	x->ctx = mine.ctx;
	if (x->result == TRANSPORT_ANSWERED &&
	    (str_same(x->method, "GET") || str_ends(x->url, "/$batch")))
		keep(mine.of->to, x);
	x->done(x, x->ctx);
}

static void recorder_submit(struct transport *t, struct exchange *x)
{
	struct recorder *r = (struct recorder *)t;
	struct watched *w = xmalloc(sizeof(*w));

	*w = (struct watched){ r, x->done, x->ctx };
	x->done = watched_done;
	x->ctx = w;
	r->inner->ops->submit(r->inner, x);
}

static void recorder_cancel(struct transport *t, struct exchange *x)
{
	struct recorder *r = (struct recorder *)t;

	r->inner->ops->cancel(r->inner, x);
}

static void recorder_free(struct transport *t)
{
	free(t);
}

struct transport *recorder_new(struct transport *inner, struct recording *to)
{
	static const struct transport_ops ops = {
		.name = "recorder", .submit = recorder_submit, .cancel = recorder_cancel,
		.free = recorder_free,
	};
	struct recorder *r = xcalloc(1, sizeof(*r));

	r->transport.ops = &ops;
	r->inner = inner;
	r->to = to;
	return &r->transport;
}

/* Replaying: an answer comes from the loop, as every transport promises. */
struct replay {
	struct transport transport;	/* first */
	struct loop *loop;
	const struct recording *from;
	struct reply_flight *flights;
};

struct reply_flight {
	struct loop_timer timer;
	struct replay *of;
	struct exchange *x;
	bool cancelled;
	struct reply_flight *next;
};

static void fill(const struct recording *from, struct exchange *x)
{
	const struct recorded *r = find(from, x->method, path_of(x->url), str_text(&x->body));

	if (!r) {
		x->result = TRANSPORT_NOT_SENT;
		x->hopeless = true;
		err_set(&x->err, ERR_NOT_FOUND, 0, "the saved facts do not hold this answer");
		return;
	}
	x->result = TRANSPORT_ANSWERED;
	x->status = r->status;
	headers_add(&x->answer_headers, "Content-Type",
		    r->answer[0] == '{' ? "application/json" : "text/plain");
	str_add(&x->answer_body, r->answer);
}

static void answer(void *ctx)
{
	struct reply_flight *f = ctx, **at = &f->of->flights;
	struct exchange *x = f->x;

	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	if (f->cancelled) {
		x->result = TRANSPORT_CANCELLED;
		err_set(&x->err, ERR_CANCELLED, 0, "cancelled");
	} else {
		fill(f->of->from, x);
	}
	x->transport_data = NULL;
	free(f);
	x->done(x, x->ctx);
}

static void replay_submit(struct transport *t, struct exchange *x)
{
	struct replay *r = (struct replay *)t;
	struct reply_flight *f = xcalloc(1, sizeof(*f));

	f->of = r;
	f->x = x;
	f->next = r->flights;
	r->flights = f;
	x->transport_data = f;
	loop_timer_start(r->loop, &f->timer, 0, answer, f);
}

static void replay_cancel(struct transport *t, struct exchange *x)
{
	struct reply_flight *f = x->transport_data;

	(void)t;
	if (f)
		f->cancelled = true;
}

static void replay_free(struct transport *t)
{
	struct replay *r = (struct replay *)t;

	while (r->flights) {
		struct reply_flight *f = r->flights;

		r->flights = f->next;
		loop_timer_stop(r->loop, &f->timer);
		f->x->transport_data = NULL;
		free(f);
	}
	free(r);
}

struct transport *replay_new(struct loop *l, const struct recording *from)
{
	static const struct transport_ops ops = {
		.name = "replay", .submit = replay_submit, .cancel = replay_cancel,
		.free = replay_free,
	};
	struct replay *r = xcalloc(1, sizeof(*r));

	r->transport.ops = &ops;
	r->loop = l;
	r->from = from;
	return &r->transport;
}

/* A word that is nobody's token: the recording asks for none. */
struct replay_token {
	struct token_source source;	/* first */
	struct loop *loop;
	struct secret word;
	struct token_waiter *waiters;
};

struct token_waiter {
	struct loop_timer timer;
	struct replay_token *of;
	void (*done)(void *ctx, const struct secret *token, const struct err *err);
	void *ctx;
	struct token_waiter *next;
};

static void give(void *ctx)
{
	struct token_waiter mine = *(struct token_waiter *)ctx, **at = &mine.of->waiters;
	struct err none = ERR_INIT;

	while (*at != ctx)
		at = &(*at)->next;
	*at = mine.next;
	free(ctx);
	mine.done(mine.ctx, &mine.of->word, &none);
}

static void token_get(struct token_source *s, bool renew,
		      void (*done)(void *ctx, const struct secret *token, const struct err *err),
		      void *ctx)
{
	struct replay_token *t = (struct replay_token *)s;
	struct token_waiter *w = xcalloc(1, sizeof(*w));

	(void)renew;
	w->of = t;
	w->done = done;
	w->ctx = ctx;
	w->next = t->waiters;
	t->waiters = w;
	loop_timer_start(t->loop, &w->timer, 0, give, w);
}

static void token_free(struct token_source *s)
{
	struct replay_token *t = (struct replay_token *)s;

	while (t->waiters) {
		struct token_waiter *w = t->waiters;

		t->waiters = w->next;
		loop_timer_stop(t->loop, &w->timer);
		free(w);
	}
	secret_release(&t->word);
	free(t);
}

struct token_source *replay_token_new(struct loop *l)
{
	static const struct token_ops ops = {
		.name = "replay", .get = token_get, .free = token_free,
	};
	struct replay_token *t = xcalloc(1, sizeof(*t));

	t->source.ops = &ops;
	t->loop = l;
	secret_set(&t->word, "saved", 5);
	return &t->source;
}
