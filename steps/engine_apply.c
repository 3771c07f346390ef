/* Applying a plan: guard, intent, request, outcome, one change after another. */
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "steps/compare.h"
#include "steps/engine_internal.h"

/* What is waited for when a stop comes. */
#define BUSY "the service asked to wait"
#define LAGGING "the new group was not known everywhere yet"

static void next_change(struct engine *e);
static void send_change(struct engine *e);

static const struct change *current(const struct engine *e)
{
	return &e->plan->v[e->order[e->at]];
}

/* Nothing after the first failure is sent. */
static void fail_here(struct engine *e, enum outcome o, const struct err *why)
{
	engine_mark(e, o, why);
	for (e->at++; e->at < e->nprogress; e->at++)
		engine_mark(e, OUTCOME_STOPPED, NULL);
	engine_finish(e, ENGINE_FAILED, why);
}

static void stop_here(struct engine *e)
{
	for (; e->at < e->nprogress; e->at++)
		engine_mark(e, OUTCOME_STOPPED, NULL);
	engine_finish(e, ENGINE_STOPPED, NULL);
}

/* The id of the group comes from the answer; it goes into URLs. */
static void learn(struct engine *e, const struct json *result)
{
	bool app = str_same(current(e)->yields, "application");
	const char *id = json_string(result, app ? "appId" : "id");
	char **place = app ? &e->app_id : &e->group_id;

	if ((!app && !str_same(current(e)->yields, "group")) || !id)
		return;
	free(*place);
	*place = xstrdup(id);
	e->group_is_new = true;
}

/* Journals how the change ended and goes on, or not. */
static void end_change(struct engine *e, enum outcome o, const struct json *result,
		       const struct err *why)
{
	struct write *w = &e->write;
	size_t n = o == OUTCOME_DONE ? w->nmembers : 0;
	struct err err = ERR_INIT;

	if (journal_outcome(e->journal, e->sequence, o, result, w->members, n, why, &err) < 0) {
		/* It may be done and is not on record: the next start settles it. */
		fail_here(e, o == OUTCOME_DONE ? OUTCOME_UNKNOWN : o, &err);
		return;
	}
	if (o == OUTCOME_STOPPED) {
		stop_here(e);
		return;
	}
	if (o != OUTCOME_DONE) {
		fail_here(e, o, why);
		return;
	}
	learn(e, result);
	engine_mark(e, OUTCOME_DONE, NULL);
	e->at++;
	next_change(e);
}

/* Refused so far, and nobody waits any longer: nothing was changed, and that is
 * no failure. */
static void stop_waiting(struct engine *e, const char *why)
{
	struct err stopped = ERR_INIT;

	err_set(&stopped, ERR_CANCELLED, 0, "stopped while %s; nothing of it was changed", why);
	end_change(e, OUTCOME_STOPPED, NULL, &stopped);
}

/* Members that were there already are taken out of the request (facts graph.md
 * 3.4: one of them fails all); the rest is a new write with its own intent. */
static void subtract_present(struct engine *e, const struct err *err)
{
	struct write *w = &e->write;
	const char **rest = arena_alloc(&e->arena, (w->nmembers + 1) * sizeof(*rest));
	struct err failed = ERR_INIT, *why = &w->why;
	struct json *list;
	size_t n = 0;

	if (err->kind != ERR_NONE) {
		if (engine_stopped(e, err))
			stop_waiting(e, BUSY);
		else
			end_change(e, OUTCOME_FAILED, NULL, err);
		return;
	}
	for (size_t i = 0; i < w->nmembers; i++)
		if (!engine_collected(e, w->members[i]))
			rest[n++] = w->members[i];
	if (n == w->nmembers) {		/* refused for somebody who is not there */
		end_change(e, OUTCOME_FAILED, NULL, why);
		return;
	}
	if (journal_outcome(e->journal, e->sequence, OUTCOME_FAILED, NULL, NULL, 0, why,
			    &failed) < 0) {
		fail_here(e, OUTCOME_FAILED, &failed);
		return;
	}
	if (!n) {			/* all are in: that is what was wanted */
		engine_mark(e, OUTCOME_DONE, NULL);
		e->at++;
		next_change(e);
		return;
	}
	json_free(w->body);
	w->body = json_new_object();
	list = json_add_array(w->body, "members@odata.bind");
	for (size_t i = 0; i < n; i++)
		json_append_string(list, arena_printf(&e->arena, "%s/v1.0/directoryObjects/%s",
						      graph_cloud(e->graph)->graph, rest[i]));
	w->members = rest;
	w->nmembers = n;
	send_change(e);
}

static bool already_there(const struct err *err)
{
	return err->code == 400 && str_find_nocase(err->msg, "already exist");
}

/* A group that was made a moment ago is not known everywhere yet (facts
 * graph.md 3.2). */
static bool lags(const struct engine *e, const struct err *err)
{
	if (!e->group_is_new)
		return false;
	return err->code == 404 ||
	       (err->code == 400 && (str_find_nocase(err->msg, "not exist") ||
				     str_find_nocase(err->msg, "not reference a valid")));
}

static void settled(struct engine *e)
{
	const struct write *w = &e->write;

	end_change(e, w->outcome, w->result, w->outcome == OUTCOME_DONE ? NULL : &w->why);
}

static void send_again(struct engine *e);

static void sent(struct engine *e, struct graph_call *c)
{
	struct write *w = &e->write;

	e->waits = NULL;
	if (c->err.kind == ERR_NONE && !w->whole) {
		end_change(e, OUTCOME_DONE, c->json, NULL);
		return;
	}
	w->why = c->err;
	/* The admin centre's own API promises nothing: its writes are read again. */
	if (c->err.kind == ERR_NONE || c->err.outcome_unknown) {
		engine_patience(e, ENGINE_LAG_MS);
		engine_settle_write(e, settled);
	} else if (w->nmembers && already_there(&c->err)) {
		engine_collect(e, arena_printf(&e->arena, "%s/members?$select=id&$top=999",
					       w->url), subtract_present);
	} else if (engine_stopped(e, &c->err)) {
		stop_waiting(e, BUSY);
	} else if (!lags(e, &c->err)) {
		end_change(e, OUTCOME_FAILED, NULL, &c->err);
	} else if (e->stop) {
		stop_waiting(e, LAGGING);
	} else if (engine_later(e, send_again)) {
		e->waits = str_starts(e->write.url, "/v1.0/groups") ?
			   "The new group is not known everywhere yet: trying again" :
			   "The new application is not known everywhere yet: trying again";
		engine_tell(e);
	} else {
		end_change(e, OUTCOME_FAILED, NULL, &c->err);
	}
}

/* The service has refused the same request: the intent still holds. */
static void send_again(struct engine *e)
{
	if (e->stop)
		stop_waiting(e, LAGGING);
	else
		engine_request(e, e->write.method, e->write.url, json_clone(e->write.body), sent);
}

static void send_change(struct engine *e)
{
	const struct change *c = current(e);
	struct write *w = &e->write;
	struct json *undo_body = engine_fill_body(e, c->undo_body, e->group_id);
	const char *undo_url = engine_fill(e, c->undo_url, e->group_id, NULL);
	struct err err = ERR_INIT;
	int rc;

	/* What is not known yet is filled in when it is taken back. */
	if (!undo_url)
		undo_url = c->undo_url;
	w->intent_ms = clock_now_ms();
	rc = journal_intent(e->journal, c, w->url, w->body, undo_body, undo_url, &e->sequence,
			    &err);
	json_free(undo_body);
	if (rc < 0) {
		fail_here(e, OUTCOME_STOPPED, &err);
		return;
	}
	engine_patience(e, ENGINE_LAG_MS);
	engine_mark_sent(e);
	engine_request(e, w->method, w->url, engine_write_body(e), sent);
}

static void guarded(struct engine *e, struct graph_call *c)
{
	const struct change *change = current(e);
	struct json *expect;
	const char *where;
	struct err err = ERR_INIT;
	bool holds;

	if (e->stop) {
		stop_here(e);
		return;
	}
	if (c->err.kind != ERR_NONE) {
		fail_here(e, OUTCOME_STOPPED, &c->err);
		return;
	}
	expect = engine_fill_body(e, change->guard_expect, e->group_id);
	holds = json_holds(c->json, expect, &where);
	if (!holds) {
		err_set(&err, ERR_CONFLICT, 0, "%s: somebody changed it since it was read (%s)",
			change->title, where);
		err_todo(&err, "Read the tenant again and look at the new plan.");
	}
	json_free(expect);
	if (holds && engine_write_whole(e, c->json, &err) == 0)
		send_change(e);
	else
		fail_here(e, OUTCOME_FAILED, &err);
}

static int prepare(struct engine *e, const struct change *c)
{
	struct write *w = &e->write;

	engine_write_clear(e);
	w->method = c->method;
	w->url = engine_fill(e, c->url, e->group_id, NULL);
	w->body = engine_fill_body(e, c->body, e->group_id);
	w->members = c->member_ids;
	w->nmembers = c->nmembers;
	return w->url ? 0 : -1;
}

/* Whether a change needs the group, or the application, before any made it. */
static bool misses_group(const struct engine *e, const struct change *c)
{
	CLEANUP(str_release) struct str text = { 0 };

	if (c->body)
		json_print(c->body, &text);
	return (!e->group_id && (strstr(c->url, "{group}") ||
				 strstr(str_text(&text), "\"{group}\""))) ||
	       (!e->app_id && strstr(str_text(&text), "\"{appId}\""));
}

static void next_change(struct engine *e)
{
	const struct change *c;
	struct err err = ERR_INIT;
	const char *guard;

	if (e->at == e->nprogress) {
		engine_finish(e, ENGINE_DONE, NULL);
		return;
	}
	if (e->stop) {
		stop_here(e);
		return;
	}
	c = current(e);
	engine_mark(e, OUTCOME_NONE, NULL);
	if (misses_group(e, c) || prepare(e, c) < 0) {
		err_set(&err, ERR_CONFLICT, 0, "%s: the group is not there yet", c->title);
		err_todo(&err, "Apply the step \"group\" first.");
		fail_here(e, OUTCOME_STOPPED, &err);
		return;
	}
	guard = engine_fill(e, c->guard_url, e->group_id, NULL);
	if (guard)
		engine_request(e, "GET", guard, NULL, guarded);
	else
		send_change(e);
}

int engine_apply(struct engine *e, const struct plan *p, const char *group_id,
		 const char *command, const char *account, struct err *err)
{
	char *group = xstrdup(group_id);
	const char *run = NULL;

	if (engine_start(e, ENGINE_APPLYING, next_change, err) < 0) {
		free(group);
		return -1;
	}
	free(e->group_id);
	e->group_id = group;
	free(e->app_id);
	e->app_id = NULL;
	if (plan_automatic(p)) {
		run = journal_begin(e->journal, command, account, err);
		if (!run) {
			e->state = ENGINE_IDLE;
			loop_timer_stop(e->loop, &e->timer);
			return -1;
		}
		free(e->run_id);
		e->run_id = xstrdup(run);
	}
	e->plan = p;
	e->order = xcalloc(p->n + 1, sizeof(*e->order));
	for (size_t i = 0; i < p->n; i++) {
		const struct change *c = &p->v[i];

		if (!change_automatic(c))
			continue;
		e->order[e->nprogress] = i;
		engine_add_progress(e, c->id, c->step, c->title);
	}
	return 0;
}
