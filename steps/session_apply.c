/* Applying, verifying and taking back: the session around the engine. */
#include <stdlib.h>
#include <string.h>

#include "checks/check.h"
#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "steps/session_internal.h"

#define VERIFY_DELAY_MAX_MS 8000

static bool wants_step(const char *const *step_ids, const char *id)
{
	if (!step_ids)
		return true;
	for (; *step_ids; step_ids++)
		if (str_same(*step_ids, id))
			return true;
	return false;
}

void session_plan(const struct session *s, const char *const *step_ids, struct plan *ret)
{
	for (size_t i = 0; i < STEPS_COUNT; i++) {
		const struct step_view *v = &s->views[i];

		if (!v->ops || !wants_step(step_ids, v->ops->id))
			continue;
		for (size_t k = 0; k < v->plan.n; k++)
			if (change_automatic(&v->plan.v[k]))
				plan_add_copy(ret, &v->plan.v[k]);
	}
}

static bool plan_touches(const struct plan *p, const char *step)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_same(p->v[i].step, step))
			return true;
	return false;
}

static bool touched(const struct session *s, const struct step_ops *ops)
{
	/* Taking back may change what any step reads. */
	return s->applying ? plan_touches(s->applying, ops->id) : true;
}

/* Evidence (reports, logs) is hours behind and dear to read: it stays. But what
 * is forgotten with its source is read again with it, else the steps that are
 * judged from it could tell nothing. */
static unsigned areas_to_verify(const struct session *s)
{
	unsigned areas = 0;

	for (size_t i = 0; s->steps[i]; i++)
		if (touched(s, s->steps[i]))
			areas |= s->steps[i]->areas & ~s->steps[i]->evidence;
	if (s->options.portal_api)
		areas |= AREA_BIT(AREA_PORTAL);
	return areas_made_from(areas & ~AREA_BIT(AREA_PEOPLE));
}

static bool plans_empty(const struct session *s)
{
	for (size_t i = 0; s->steps[i]; i++) {
		const struct step_view *v = &s->views[i];

		if (touched(s, v->ops) &&
		    (v->state == STEP_UNKNOWN || plan_automatic(&v->plan)))
			return false;
	}
	return true;
}

static void finish(struct session *s)
{
	s->applying = NULL;
	free(s->undo_run);
	s->undo_run = NULL;
	s->state = SESSION_IDLE;
}

void session_verify_read(struct session *s)
{
	bool well = s->err.kind == ERR_NONE && s->applying;

	if (well && plans_empty(s)) {
		s->verified = true;
		finish(s);
		return;
	}
	/* After a failure, or after taking back, one look is enough: there is no
	 * plan that must become empty. */
	if (!well || s->verify_stopped || clock_now_ms() + s->verify_delay_ms > s->verify_until_ms) {
		finish(s);
		return;
	}
	session_read_later(s, areas_to_verify(s), s->verify_delay_ms);
	if (s->verify_delay_ms < VERIFY_DELAY_MAX_MS)
		s->verify_delay_ms *= 2;
}

static void start_verify(struct session *s)
{
	s->state = SESSION_VERIFYING;
	s->verify_until_ms = clock_now_ms() + SESSION_PATIENCE_MS;
	s->verify_delay_ms = 1000;
	session_read_later(s, areas_to_verify(s), 0);
}

/* The engine is ready to write; called for what settling had to come before. */
static int start_writing(struct session *s, struct err *err)
{
	const char *group = s->facts.groups.chosen ? s->facts.groups.chosen->id : NULL;
	const char *account = s->tokens->account;

	if (s->state == SESSION_UNDOING)
		return engine_undo(s->engine, s->undo_run, account, err);
	return engine_apply(s->engine, s->applying, group, s->options.command, account, err);
}

static void settled(struct session *s, enum engine_state state)
{
	struct err err = ERR_INIT;

	s->settling = false;
	if (state == ENGINE_DONE && start_writing(s, &err) == 0)
		return;
	s->err = state == ENGINE_DONE ? err : *engine_error(s->engine);
	if (s->err.kind == ERR_NONE)
		err_set(&s->err, ERR_CANCELLED, 0, "stopped before anything was sent");
	finish(s);
}

static void set_stopped(struct session *s)
{
	bool undo = s->state == SESSION_UNDOING;

	err_set(&s->err, ERR_CANCELLED, 0, "stopped; what was done is in the journal");
	err_todo(&s->err, undo ? "Take the run back again to go on."
			       : "Apply again to go on: what was not done is still in the plan.");
}

void session_engine_changed(void *ctx)
{
	struct session *s = ctx;
	enum engine_state state = engine_state(s->engine);

	if (s->state != SESSION_APPLYING && s->state != SESSION_UNDOING)
		return;
	if (state == ENGINE_DONE || state == ENGINE_FAILED || state == ENGINE_STOPPED) {
		if (s->settling) {
			settled(s, state);
		} else {
			if (state == ENGINE_FAILED)
				s->err = *engine_error(s->engine);
			else if (state == ENGINE_STOPPED)
				set_stopped(s);
			start_verify(s);
		}
	}
	session_changed(s);
}

/* Why nothing may be written now. */
static int check_writable(const struct session *s, struct err *err)
{
	if (s->state != SESSION_IDLE)
		return err_set(err, ERR_CONFLICT, 0, "the wizard is still at work");
	if (s->options.read_only)
		return err_set(err, ERR_INVALID, 0, "this is a read-only session: nothing can "
			       "be written");
	if (s->journal_err.kind != ERR_NONE) {
		*err = s->journal_err;
		return err_wrap(err, "nothing is written without a journal");
	}
	if (!s->journal) {
		err_set(err, ERR_CONFLICT, 0, "the tenant was not read yet");
		return err_todo(err, "Read the tenant first.");
	}
	return 0;
}

/* Whether the run that is taken back changed something of this step. */
static bool run_touches(const struct session *s, const char *step)
{
	const struct record *r;
	size_t n = journal_records(s->journal, &r);

	for (size_t i = 0; i < n; i++)
		if (str_same(r[i].step, step) &&
		    (!s->undo_run || str_same(r[i].run, s->undo_run)))
			return true;
	return false;
}

/* The write scopes of what is about to be written. */
static void collect_scopes(struct session *s)
{
	size_t n = 0;

	for (size_t i = 0; s->steps[i]; i++) {
		if (s->applying ? !plan_touches(s->applying, s->steps[i]->id)
				: !run_touches(s, s->steps[i]->id))
			continue;
		for (const char *const *one = s->steps[i]->write_scopes;
		     *one && n + 1 < COUNT_OF(s->scopes); one++)
			s->scopes[n++] = *one;
	}
	s->scopes[n] = NULL;
}

static int settle_or_write(struct session *s, struct err *err)
{
	s->settling = journal_unsettled(s->journal) > 0;
	return s->settling ? engine_settle(s->engine, err) : start_writing(s, err);
}

/* The sign-in has, or has not, given the scopes. */
static void scopes_given(void *ctx, const struct secret *token, const struct err *why)
{
	struct session *s = ctx;
	struct err err = *why;

	(void)token;
	if (err.kind != ERR_NONE)
		err_wrap(&err, "nothing was written: the sign-in did not give the right to");
	if (err.kind != ERR_NONE || settle_or_write(s, &err) < 0) {
		s->err = err;
		finish(s);
	}
	session_changed(s);
}

static int start(struct session *s, enum session_state state, struct err *err)
{
	memset(&s->err, 0, sizeof(s->err));
	s->verified = s->verify_stopped = false;
	s->state = state;
	if (s->tokens->ops->need) {
		collect_scopes(s);
		s->tokens->ops->need(s->tokens, s->scopes, scopes_given, s);
		return 0;
	}
	if (settle_or_write(s, err) == 0)
		return 0;
	finish(s);
	return -1;
}

int session_apply(struct session *s, const struct plan *p, struct err *err)
{
	if (check_writable(s, err) < 0)
		return -1;
	s->applying = p;
	return start(s, SESSION_APPLYING, err);
}

static bool of_registration(const struct record *r)
{
	for (size_t i = 0; steps_registration[i]; i++)
		if (str_same(r->step, steps_registration[i]->id))
			return true;
	return false;
}

/* The run that an undo without a name means: the last with anything left. */
static const char *last_run(const struct session *s)
{
	const struct record *r;
	size_t n = journal_records(s->journal, &r);

	for (size_t i = n; i-- > 0;)
		if (r[i].undo_method && r[i].outcome == OUTCOME_DONE &&
		    r[i].undone != OUTCOME_DONE &&
		    of_registration(&r[i]) == s->options.registering)
			return r[i].run;
	return NULL;
}

const char *session_registration_run(const struct session *s)
{
	return s->journal && s->options.registering ? last_run(s) : NULL;
}

/* The app registration is taken back by the sign-in that made it, and by no other. */
static int check_kind(const struct session *s, const char *run, struct err *err)
{
	const struct record *r;
	size_t n = journal_records(s->journal, &r);

	for (size_t i = 0; run && i < n; i++) {
		if (!str_same(r[i].run, run) || of_registration(&r[i]) == s->options.registering)
			continue;
		err_set(err, ERR_INVALID, 0, s->options.registering ? "the run %s is not of the "
			"app registration" : "the run %s made the app registration, which wants "
			"a sign-in of its own", run);
		return err_todo(err, s->options.registering ? "Use sspr-wizard undo." :
				"Use sspr-wizard register undo.");
	}
	return 0;
}

static bool run_made_group(const struct session *s, const char *run, const char *group)
{
	const struct record *r;
	size_t n = journal_records(s->journal, &r);

	for (size_t i = 0; run && i < n; i++)
		if (str_same(r[i].run, run) && str_same(r[i].undo_method, "DELETE") &&
		    r[i].undone != OUTCOME_DONE && str_same(r[i].result_id, group))
			return true;
	return false;
}

/* Newest first: what the run set by the admin centre's own API is back before its
 * group goes. */
static bool run_set_scope(const struct session *s, const char *run)
{
	const struct record *r;
	size_t n = journal_records(s->journal, &r);

	for (size_t i = 0; run && i < n; i++)
		if (str_same(r[i].run, run) && str_same(r[i].change_id, "enablement.scope") &&
		    r[i].outcome == OUTCOME_DONE && r[i].undone != OUTCOME_DONE)
			return true;
	return false;
}

/* A password reset that names a deleted group serves nobody. */
static int check_scope(const struct session *s, const char *run, struct err *err)
{
	const struct group *g = s->facts.groups.chosen;
	struct arena scratch = { 0 };
	enum confidence confidence;
	const char *how;
	enum scope scope;

	if (!g || !run_made_group(s, run, g->id) || run_set_scope(s, run))
		return 0;
	scope = scope_judge(&s->facts, &s->wanted, &confidence, &how, &scratch);
	arena_clear(&scratch);
	if (scope != SCOPE_SELECTED || scope_is_our_group(&s->facts, &s->wanted) == TRI_NO)
		return 0;
	err_set(err, ERR_CONFLICT, 0, "password reset is enabled for %s: with the group gone "
		"nobody could reset", s->wanted.group_name);
	return err_todo(err, "Set Entra ID > Password reset > Properties back to None, read "
			     "again, then take the run back.");
}

int session_undo(struct session *s, const char *run_id, struct err *err)
{
	const char *run = run_id;

	if (check_writable(s, err) < 0)
		return -1;
	if (!run)
		run = last_run(s);
	if (!run && !journal_unsettled(s->journal))
		return err_set(err, ERR_NOT_FOUND, 0, "there is nothing to take back");
	if (check_kind(s, run, err) < 0 || check_scope(s, run, err) < 0)
		return -1;
	s->applying = NULL;
	free(s->undo_run);
	/* What an earlier program left open may turn out to have something left. */
	s->undo_run = xstrdup(run);
	return start(s, SESSION_UNDOING, err);
}

int session_attest(struct session *s, const struct change *c, struct err *err)
{
	if (!c->attests)
		return err_set(err, ERR_INVALID, 0, "nobody's word is asked for \"%s\"",
			       c->title);
	if (check_writable(s, err) < 0)
		return -1;
	if (journal_attest(s->journal, c->attests, c->attest_value ? c->attest_value : "yes",
			   s->tokens->account, err) < 0)
		return -1;
	session_judge(s);
	session_changed(s);
	return 0;
}
