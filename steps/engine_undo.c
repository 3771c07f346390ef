/*
 * Taking a run back, newest change first. Each is taken back only while the
 * tenant still shows what we made of it: what somebody else changed since is
 * theirs (facts graph.md 3.5). A conflict leaves that one as it is and the
 * others go on; a failure ends it.
 */
#include <stdlib.h>
#include <string.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/portal.h"
#include "steps/compare.h"
#include "steps/engine_internal.h"

#define POLICY "/v1.0/policies/authenticationMethodsPolicy"
#define ACCESS "/v1.0/identity/conditionalAccess/policies?$select=id,displayName,conditions"
#define REFERENCE_LAG_MS 30000	/* until a policy that we restored reads so */

static void next_undo(struct engine *e);
static void remove_next(struct engine *e);
static void look_at_policy(struct engine *e);

static void stop_rest(struct engine *e, enum engine_state state, const struct err *why)
{
	for (; e->at < e->nprogress; e->at++)
		engine_mark(e, OUTCOME_STOPPED, NULL);
	engine_finish(e, state, why);
}

static void fail(struct engine *e, const struct err *why)
{
	if (engine_stopped(e, why)) {
		stop_rest(e, ENGINE_STOPPED, NULL);
		return;
	}
	engine_mark(e, OUTCOME_FAILED, why);
	e->at++;
	stop_rest(e, ENGINE_FAILED, why);
}

/* Leaves this one as it is, and says what to do about it; nothing was sent for
 * it. The history says why. */
static void leave(struct engine *e, const char *why, const char *todo)
{
	struct err err = ERR_INIT, failed = ERR_INIT;

	err_set(&err, ERR_CONFLICT, 0, "%s: %s", e->record.title, why);
	err_todo(&err, "It was left as it is. %s", todo);
	if (journal_undo_outcome(e->journal, e->record.sequence, OUTCOME_FAILED, &err,
				 &failed) < 0) {
		fail(e, &failed);
		return;
	}
	engine_mark(e, OUTCOME_FAILED, &err);
	if (!e->trouble)
		e->err = err;
	e->trouble = true;
	e->scope_stays |= str_same(e->record.change_id, "enablement.scope");
	e->at++;
	next_undo(e);
}

static void conflict(struct engine *e, const char *why)
{
	leave(e, why, "Look at it in the admin centre.");
}

/* The undo-intent is on record; journals how it ended and goes on, or not. */
static void end_undo(struct engine *e, enum outcome o, const struct err *why)
{
	struct err err = ERR_INIT;

	if (journal_undo_outcome(e->journal, e->record.sequence, o, why, &err) < 0) {
		engine_mark(e, OUTCOME_UNKNOWN, &err);
		e->at++;
		stop_rest(e, ENGINE_FAILED, &err);
		return;
	}
	if (o == OUTCOME_STOPPED) {
		stop_rest(e, ENGINE_STOPPED, NULL);
		return;
	}
	engine_mark(e, o, why);
	e->at++;
	if (o == OUTCOME_DONE)
		next_undo(e);
	else
		stop_rest(e, ENGINE_FAILED, why);
}

/* The run of the undo begins with its first intent: one that finds everything
 * changed by others leaves no empty run behind. */
static bool begin_undo(struct engine *e)
{
	struct err err = ERR_INIT;

	if (!e->begun)
		e->begun = journal_begin(e->journal, "undo", e->account, &err) != NULL;
	if (e->begun && journal_undo_intent(e->journal, e->record.sequence, &err) == 0)
		return true;
	fail(e, &err);
	return false;
}

/* It is as before already: that is what was wanted. */
static void already_so(struct engine *e)
{
	if (begin_undo(e))
		end_undo(e, OUTCOME_DONE, NULL);
}

static void settled(struct engine *e)
{
	const struct write *w = &e->write;

	end_undo(e, w->outcome, w->outcome == OUTCOME_DONE ? NULL : &w->why);
}

static void undo_sent(struct engine *e, struct graph_call *c)
{
	if ((c->err.kind == ERR_NONE && !e->write.whole) ||
	    (c->status == 404 && str_same(e->write.method, "DELETE"))) {
		end_undo(e, OUTCOME_DONE, NULL);
	} else if (c->err.kind == ERR_NONE || c->err.outcome_unknown) {
		engine_patience(e, ENGINE_LAG_MS);
		engine_settle_write(e, settled);
	} else {
		end_undo(e, engine_stopped(e, &c->err) ? OUTCOME_STOPPED : OUTCOME_FAILED,
			 &c->err);
	}
}

static void send_undo(struct engine *e)
{
	struct write *w = &e->write;

	if (e->stop) {
		stop_rest(e, ENGINE_STOPPED, NULL);
		return;
	}
	if (!begin_undo(e))
		return;
	w->intent_ms = clock_now_ms();
	engine_mark_sent(e);
	engine_request(e, w->method, w->url, engine_write_body(e), undo_sent);
}

/* A setting: only while it is what we wrote. */

static void setting_in(struct engine *e, struct graph_call *c)
{
	struct err err = ERR_INIT;

	if (c->err.kind != ERR_NONE)
		fail(e, &c->err);
	else if (json_holds(c->json, e->record.body, NULL) &&
		 engine_write_whole(e, c->json, &err) == 0)
		send_undo(e);
	else if (err.kind != ERR_NONE)
		fail(e, &err);
	else if (json_holds(c->json, e->record.undo_body, NULL))
		already_so(e);
	else
		conflict(e, "somebody changed it since");
}

/* Members: exactly those that were added, one after another. */

static void removal_settled(struct engine *e)
{
	const struct write *w = &e->write;

	if (w->outcome != OUTCOME_DONE) {
		end_undo(e, w->outcome, &w->why);
		return;
	}
	e->member++;
	remove_next(e);
}

/* Somebody took the person out, or the group is gone: nothing is left to do. */
static bool is_out(const struct graph_call *c)
{
	return c->err.kind == ERR_NONE || c->status == 404 ||
	       (c->status == 400 && str_find_nocase(c->err.msg, "removed object references"));
}

static void removed(struct engine *e, struct graph_call *c)
{
	if (c->err.outcome_unknown) {
		engine_patience(e, ENGINE_LAG_MS);
		engine_settle_write(e, removal_settled);
	} else if (engine_stopped(e, &c->err)) {
		remove_next(e);		/* says how many were taken out */
	} else if (!is_out(c)) {
		end_undo(e, OUTCOME_FAILED, &c->err);
	} else {
		e->member++;
		remove_next(e);
	}
}

static void remove_next(struct engine *e)
{
	const struct record *r = &e->record;
	struct write *w = &e->write;
	struct err err = ERR_INIT;

	if (e->member == r->nmembers) {
		end_undo(e, OUTCOME_DONE, NULL);
		return;
	}
	if (e->stop) {
		err_set(&err, ERR_CANCELLED, 0, "stopped; %zu of %zu people were taken out",
			e->member, r->nmembers);
		end_undo(e, OUTCOME_FAILED, &err);
		return;
	}
	w->url = engine_fill(e, r->undo_url, r->result_id, r->members[e->member]);
	/* Without /$ref this would delete the person (facts graph.md 3.4). */
	if (!w->url || !str_ends(w->url, "/$ref")) {
		err_set(&err, ERR_INVALID, 0, "the journal does not say how to take %s out",
			r->members[e->member]);
		end_undo(e, OUTCOME_FAILED, &err);
		return;
	}
	w->members = &r->members[e->member];
	w->nmembers = 1;
	w->intent_ms = clock_now_ms();
	engine_mark_sent(e);
	engine_request(e, w->method, w->url, NULL, removed);
}

/* The group: only the one we created, with nobody else in it, and while
 * nothing refers to it. */

/* Whether the id stands anywhere in the document. */
static bool mentions(const struct json *j, const char *id)
{
	if (json_is(j, JSON_STRING))
		return str_same_nocase(json_text(j), id);
	if (!json_is(j, JSON_OBJECT) && !json_is(j, JSON_ARRAY))
		return false;
	for (const struct json *one = json_first(j); one; one = json_next(one))
		if (mentions(one, id))
			return true;
	return false;
}

static void access_in(struct engine *e, struct graph_call *c)
{
	if (c->err.kind == ERR_NONE && mentions(c->json, e->record.result_id))
		conflict(e, "a Conditional Access policy refers to the group");
	else if (c->err.kind != ERR_NONE && c->status != 404 && c->status != 403)
		fail(e, &c->err);
	else
		send_undo(e);
}

static void policy_in(struct engine *e, struct graph_call *c)
{
	e->waits = NULL;
	if (c->err.kind != ERR_NONE && c->status != 404) {
		fail(e, &c->err);
		return;
	}
	if (c->err.kind == ERR_NONE && mentions(c->json, e->record.result_id)) {
		if (engine_later(e, look_at_policy)) {
			e->waits = "The methods policy still refers to the group: looking again";
			engine_tell(e);
			return;
		}
		if (e->stop)
			stop_rest(e, ENGINE_STOPPED, NULL);
		else
			leave(e, "the authentication methods policy refers to the group",
			      "Take back the run that changed the methods first.");
		return;
	}
	engine_request(e, "GET", ACCESS, NULL, access_in);
}

static void look_at_policy(struct engine *e)
{
	engine_request(e, "GET", POLICY, NULL, policy_in);
}

static bool added_by_us(const struct engine *e, const char *id)
{
	const struct record *r;
	size_t n = journal_records(e->journal, &r);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < r[i].nmembers; k++)
			if (str_same_nocase(r[i].members[k], id))
				return true;
	return false;
}

static void members_in(struct engine *e, const struct err *err)
{
	size_t others = 0;

	if (err->kind != ERR_NONE) {
		fail(e, err);
		return;
	}
	for (size_t i = 0; i < e->nids; i++)
		others += !added_by_us(e, e->ids[i]);
	if (others) {
		conflict(e, arena_printf(&e->arena, "%zu %s of the group %s put in by "
					 "somebody else", others,
					 others == 1 ? "member" : "members",
					 others == 1 ? "was" : "were"));
		return;
	}
	engine_patience(e, REFERENCE_LAG_MS);
	look_at_policy(e);
}

static void group_in(struct engine *e, struct graph_call *c)
{
	const struct record *r = &e->record;

	if (c->status == 404) {
		already_so(e);
		return;
	}
	if (c->err.kind != ERR_NONE) {
		fail(e, &c->err);
		return;
	}
	if (!r->result_created ||
	    !str_same(json_string(c->json, "createdDateTime"), r->result_created)) {
		conflict(e, "it is not the group that was created");
		return;
	}
	engine_collect(e, arena_printf(&e->arena, "%s/members?$select=id&$top=999",
				       e->write.url), members_in);
}

static void undo_group(struct engine *e)
{
	if (e->scope_stays) {
		conflict(e, "password reset may still be enabled for the group");
		return;
	}
	engine_request(e, "GET", arena_printf(&e->arena, "%s?$select=id,createdDateTime",
					      e->write.url), NULL, group_in);
}

/* An application, its principal, or a consent: only while it is as we made it. */
static void object_in(struct engine *e, struct graph_call *c)
{
	const char *why;

	if (c->status == 404) {
		already_so(e);
	} else if (c->err.kind != ERR_NONE) {
		fail(e, &c->err);
	} else {
		why = engine_object_changed(e, c->json);
		if (why)
			conflict(e, why);
		else
			send_undo(e);
	}
}

static void next_undo(struct engine *e)
{
	struct write *w = &e->write;
	const struct record *r = &e->record;

	if (e->at == e->nsequences) {
		engine_finish(e, e->trouble ? ENGINE_FAILED : ENGINE_DONE, NULL);
		return;
	}
	if (e->stop) {
		stop_rest(e, ENGINE_STOPPED, NULL);
		return;
	}
	engine_take_record(e);
	engine_write_clear(e);
	e->member = 0;
	engine_mark(e, OUTCOME_NONE, NULL);
	w->method = r->undo_method;
	w->url = engine_fill(e, r->undo_url, r->result_id, NULL);
	if (!w->url) {
		conflict(e, "the journal does not know the id of the group");
	} else if (strstr(w->url, "{member}")) {
		if (begin_undo(e))
			remove_next(e);
	} else if (str_same(w->method, "DELETE") && engine_is_object(w->url)) {
		engine_request(e, "GET", engine_object_path(e), NULL, object_in);
	} else if (str_same(w->method, "DELETE")) {
		undo_group(e);
	} else {
		w->body = json_clone(r->undo_body);
		engine_request(e, "GET", portal_read_path(w->url), NULL, setting_in);
	}
}

static bool can_be_undone(const struct record *r)
{
	return r->undo_method && r->outcome == OUTCOME_DONE && r->undone != OUTCOME_DONE;
}

int engine_undo(struct engine *e, const char *run_id, const char *account, struct err *err)
{
	const struct record *r = NULL;
	size_t n = e->journal ? journal_records(e->journal, &r) : 0;
	char *run = NULL;

	for (size_t i = n; i-- > 0 && !run;)
		if (can_be_undone(&r[i]) && (!run_id || str_same(r[i].run, run_id)))
			run = xstrdup(r[i].run);
	if (!run)
		return err_set(err, ERR_NOT_FOUND, 0, "there is nothing to take back%s%s",
			       run_id ? " in the run " : "", run_id ? run_id : "");
	if (engine_start(e, ENGINE_UNDOING, next_undo, err) < 0) {
		free(run);
		return -1;
	}
	e->account = arena_strdup(&e->arena, account ? account : "");
	e->sequences = xcalloc(n + 1, sizeof(*e->sequences));
	for (size_t i = n; i-- > 0;) {
		if (!can_be_undone(&r[i]) || !str_same(r[i].run, run))
			continue;
		e->sequences[e->nsequences++] = r[i].sequence;
		engine_add_progress(e, r[i].change_id, r[i].step, r[i].title);
		e->progress[e->nprogress - 1].sequence = r[i].sequence;
	}
	free(e->run_id);
	e->run_id = run;
	return 0;
}
