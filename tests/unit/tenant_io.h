#ifndef TESTS_UNIT_TENANT_IO_H
#define TESTS_UNIT_TENANT_IO_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "checks/read.h"
#include "graph/base/clock.h"
#include "graph/base/json.h"
#include "graph/base/mem.h"
#include "graph/io.h"
#include "graph/tenant/internal.h"

/*
 * An io over the simulated tenant without a loop: io_get() and its like only
 * note the request; io_deliver() answers one of them, the oldest or the newest,
 * so that readers meet their answers in either order. Every request waits out
 * the throttle. It takes the place of graph/io.c in a test program.
 */
struct memo {
	char *key, *path;
	struct json *body;
	unsigned flags;
	bool (*fold)(void *acc, const struct json *value);
	void *acc;
	bool done;
	struct json *json;
	struct reply reply;
};
struct io {
	struct tenant *tenant;
	char *authorization;
	struct memo **v;	/* replies must not move */
	size_t n, cap;
	size_t requests;
	bool newest_first;
};

static inline const struct reply *io_note(struct io *io, const char *path, unsigned flags,
					  const struct json *body,
					  bool (*fold)(void *, const struct json *), void *acc)
{
	struct str key = { 0 };
	struct memo *m;

	str_add(&key, path);
	if (body)
		json_print(body, &key);
	for (size_t i = 0; i < io->n; i++) {
		if (str_same(io->v[i]->key, str_text(&key))) {
			str_release(&key);
			return io->v[i]->done ? &io->v[i]->reply : NULL;
		}
	}
	m = xcalloc(1, sizeof(*m));
	m->key = str_detach(&key);
	m->path = xstrdup(path);
	m->body = body ? json_clone(body) : NULL;
	m->flags = flags;
	m->fold = fold;
	m->acc = acc;
	GROW(io->v, io->n, io->cap);
	io->v[io->n++] = m;
	return NULL;
}

const struct reply *io_get(struct io *io, const char *path, unsigned flags)
{
	return io_note(io, path, flags, NULL, NULL, NULL);
}

const struct reply *io_post(struct io *io, const char *path, const struct json *body)
{
	return io_note(io, path, 0, body, NULL, NULL);
}

const struct reply *io_scan(struct io *io, const char *path, unsigned flags,
			    bool (*fold)(void *acc, const struct json *value), void *acc)
{
	return io_note(io, path, flags, NULL, fold, acc);
}

static inline void io_error(struct reply *r, const struct json *json)
{
	const struct json *e = json_get(json, "error");

	err_set(&r->err, r->status == 403 ? ERR_FORBIDDEN
		: r->status == 404 ? ERR_NOT_FOUND : ERR_HTTP, r->status, "%d %s",
		r->status, json_string_or(e, "message", "no message"));
}

/* One request to the tenant; the caller frees the JSON. */
static inline struct json *io_send(struct io *io, struct memo *m, int *ret_status)
{
	struct tenant_response answer = { .status = 0 };
	struct headers headers = { .v = NULL };
	struct str body = { 0 };
	struct err ignored = ERR_INIT;
	struct json *json;
	char *url = m->path[0] == '/' ? xasprintf("https://graph.microsoft.com%s", m->path)
				      : xstrdup(m->path);
	struct tenant_request request = { .method = m->body ? "POST" : "GET", .url = url,
					  .headers = &headers };

	headers_add(&headers, "Authorization", io->authorization);
	if (m->flags & CALL_EVENTUAL)
		headers_add(&headers, "ConsistencyLevel", "eventual");
	if (m->body) {
		json_print(m->body, &body);
		headers_add(&headers, "Content-Type", "application/json");
		request.body = str_text(&body);
		request.body_len = body.len;
	}
	clock_advance(2100);
	io->requests++;
	tenant_handle(io->tenant, &request, &answer);
	*ret_status = answer.status;
	json = json_parse(str_text(&answer.body), answer.body.len, &ignored);
	tenant_response_release(&answer);
	headers_release(&headers);
	str_release(&body);
	free(url);
	return json;
}

static inline void io_answer(struct io *io, struct memo *m)
{
	const char *next;
	bool more;

	m->json = io_send(io, m, &m->reply.status);
	m->reply.observed_ms = clock_now_ms();
	if (m->reply.status >= 400)
		io_error(&m->reply, m->json);
	if (!m->fold || m->reply.status >= 400) {
		m->reply.json = m->json;
		m->done = true;
		return;
	}
	more = m->fold(m->acc, json_get(m->json, "value"));
	next = json_string(m->json, "@odata.nextLink");
	m->done = !more || !next;
	free(m->path);
	m->path = xstrdup(next ? next : "");
	json_free(m->json);
	m->json = NULL;
}

/* Answers one request that waits; false when none does. */
static inline bool io_deliver(struct io *io)
{
	for (size_t i = 0; i < io->n; i++) {
		size_t place = io->newest_first ? io->n - 1 - i : i;

		if (!io->v[place]->done) {
			io_answer(io, io->v[place]);
			return true;
		}
	}
	return false;
}

static inline void tenant_io_release(struct io *io)
{
	for (size_t i = 0; i < io->n; i++) {
		json_free(io->v[i]->body);
		json_free(io->v[i]->json);
		free(io->v[i]->key);
		free(io->v[i]->path);
		free(io->v[i]);
	}
	free(io->v);
	io->v = NULL;
	io->n = io->cap = 0;
}

/* The wizard's own scopes and no other: what area_scopes() promises. */
static inline char *wizard_scopes(void)
{
	struct str all = { 0 };

	str_add(&all, "User.Read");
	for (int a = 0; a < AREA_COUNT; a++)
		for (const char *const *s = area_scopes((enum area)a); *s; s++)
			str_addf(&all, " %s", *s);
	return str_detach(&all);
}

struct reading {
	struct tenant *tenant;
	struct io io;
	struct facts facts;
	struct wanted wanted;
};

static inline void reading_open(struct reading *r, const char *scenario, size_t users,
			 const char *scopes)
{
	struct err err = ERR_INIT;
	char *token;

	memset(r, 0, sizeof(*r));
	clock_set_virtual(1795600800000LL);
	r->tenant = tenant_new(scenario, users, &err);
	if (!r->tenant)
		fail_msg("%s: %s", scenario, err.msg);
	token = token_make(r->tenant, false, scopes);
	r->io.tenant = r->tenant;
	r->io.authorization = xasprintf("Bearer %s", token);
	free(token);
	facts_init(&r->facts);
	r->facts.now_ms = clock_now_ms();
	wanted_runbook(&r->wanted);
}

static inline void reading_run(struct reading *r, unsigned areas)
{
	int rounds = 0;

	while (facts_read_areas(&r->facts, areas, &r->wanted, &r->io) == READ_AGAIN) {
		assert_true(io_deliver(&r->io));
		assert_true(++rounds < 5000);
	}
	assert_false(io_deliver(&r->io));
}

static inline void reading_close(struct reading *r)
{
	tenant_io_release(&r->io);
	free(r->io.authorization);
	facts_release(&r->facts);
	tenant_free(r->tenant);
	clock_set_real();
}

static inline void read_scenario(struct reading *r, const char *scenario, size_t users,
			  bool newest_first)
{
	char *scopes = wizard_scopes();

	reading_open(r, scenario, users, scopes);
	r->io.newest_first = newest_first;
	/* A benchmark and beta ask for the most areas. */
	r->wanted.benchmark = "cis-m365-7";
	r->wanted.beta = TRI_YES;
	reading_run(r, AREAS_ALL);
	free(scopes);
}

#endif
