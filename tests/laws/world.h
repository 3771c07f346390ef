#ifndef TESTS_LAWS_WORLD_H
#define TESTS_LAWS_WORLD_H

#include <ftw.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <setjmp.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/cloud.h"
#include "steps/session.h"

#define NOON 1764068400000	/* 2025-11-25T11:00:00Z */

/*
 * A world for one law: a simulated tenant and a journal in a directory of
 * their own, on a virtual clock. Programs on it come and go.
 */
struct world {
	char dir[64], state[96], journal[96];
	const char *scenario;
	bool registering;		/* its programs make the app registration */
	struct cloud cloud;
	struct wanted wanted;
	const char *entries[64];
	char upns[64][128];
};

/* One program on the world. */
struct program {
	struct world *world;
	struct loop *loop;
	struct session session;
};

static inline int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(path);
}

static inline void world_open(struct world *w, const char *scenario)
{
	struct err err = ERR_INIT;

	memset(w, 0, sizeof(*w));
	clock_set_virtual(NOON);
	snprintf(w->dir, sizeof(w->dir), "/tmp/sspr-law-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->state, sizeof(w->state), "%s/tenant.json", w->dir);
	snprintf(w->journal, sizeof(w->journal), "%s/journal", w->dir);
	w->scenario = scenario;
	assert_int_equal(cloud_by_name("global", &w->cloud, &err), 0);
	wanted_runbook(&w->wanted);
}

static inline void world_close(struct world *w)
{
	nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	cloud_release(&w->cloud);
	clock_set_real();
}

static inline void program_start(struct program *p, struct world *w)
{
	struct session_options o = {
		.demo = w->scenario, .demo_state = w->state, .cloud = &w->cloud,
		.state_dir = w->journal, .command = "apply", .demo_latency_ms = 20,
		.registering = w->registering,
	};
	struct err err = ERR_INIT;

	memset(p, 0, sizeof(*p));
	p->world = w;
	p->loop = loop_new(&err);
	assert_non_null(p->loop);
	if (session_open(&p->session, p->loop, &o, &w->wanted, &err) < 0)
		fail_msg("session_open: %s", err.msg);
}

static inline void program_wait(struct program *p)
{
	while (p->session.state != SESSION_IDLE)
		assert_true(loop_run_once(p->loop, -1));
}

static inline void program_read(struct program *p)
{
	session_read(&p->session, AREAS_ALL);
	program_wait(p);
}

static inline size_t program_changes(const struct program *p)
{
	size_t n = 0;

	for (size_t i = 0; p->session.steps[i]; i++)
		n += plan_automatic(&p->session.views[i].plan);
	return n;
}

/* Applies everything automatic; whether that went well. */
static inline bool program_apply(struct program *p)
{
	struct err err = ERR_INIT;
	struct plan plan;
	bool well = true;

	plan_init(&plan);
	session_plan(&p->session, NULL, &plan);
	if (plan.n) {
		well = session_apply(&p->session, &plan, &err) == 0;
		program_wait(p);
		well = well && p->session.err.kind == ERR_NONE && p->session.verified;
	}
	plan_release(&plan);
	return well;
}

static inline bool program_undo(struct program *p)
{
	struct err err = ERR_INIT;
	bool well = session_undo(&p->session, NULL, &err) == 0;

	program_wait(p);
	return well && p->session.err.kind == ERR_NONE;
}

static inline void program_end(struct program *p)
{
	session_close(&p->session);
	loop_free(p->loop);
}

/* Ends it as kill -9 does: the tenant stays as it was saved with the last write
 * that was answered, and nothing more is journaled. */
static inline void program_kill(struct program *p)
{
	tenant_let_go(p->session.demo);
	program_end(p);
}

/* How the tenant is set, without what happened and when; the group's id, which
 * is new each time, by a name. The caller frees. */
static inline struct json *tenant_essence(const struct tenant *t)
{
	struct json *j = json_clone(tenant_state(t)), *ret;
	const char *id = NULL;
	struct str text = { 0 };
	struct err err = ERR_INIT;

	json_remove(j, "log");
	json_remove(j, "registration");
	json_remove(json_get_mutable(j, "authenticationMethodsPolicy"), "lastModifiedDateTime");
	json_remove(json_get_mutable(j, "authorizationPolicy"), "lastModifiedDateTime");
	for (struct json *g = json_first_mutable(json_get_mutable(j, "groups")); g;
	     g = json_next_mutable(g)) {
		const char *made = json_string(g, "description");

		if (!made || !strstr(made, "created by sspr-wizard"))
			continue;
		id = json_string(g, "id");
		json_remove(g, "createdDateTime");
		json_remove(g, "renewedDateTime");
		json_remove(g, "securityIdentifier");
	}
	json_print(j, &text);
	for (char *at = text.buf; id && (at = strstr(at, id)); at++)
		memset(at, 'G', strlen(id));
	ret = json_parse_raw(str_text(&text), text.len, &err);
	assert_non_null(ret);
	str_release(&text);
	json_free(j);
	return ret;
}

static inline void assert_same_tenant(const struct json *a, const struct json *b, const char *what)
{
	if (json_equal(a, b))
		return;
	for (const struct json *j = json_first(a); j; j = json_next(j)) {
		struct str x = { 0 }, y = { 0 };

		if (json_equal(j, json_get(b, json_key(j))))
			continue;
		json_print(j, &x);
		json_print(json_get(b, json_key(j)), &y);
		print_message("%s differs:\n%s\n%s\n", json_key(j), str_text(&x), str_text(&y));
		str_release(&x);
		str_release(&y);
	}
	fail_msg("%s: the tenant is another one", what);
}

#endif
