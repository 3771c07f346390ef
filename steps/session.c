#include "steps/session.h"

#include <stdlib.h>
#include <string.h>

#include "checks/check.h"
#include "checks/read.h"
#include "checks/writeback_path.h"
#include "graph/base/clock.h"
#include "graph/base/file.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "steps/findings.h"
#include "steps/server_keep.h"
#include "steps/session_internal.h"

void session_changed(struct session *s)
{
	if (s->changed)
		s->changed(s->ctx);
}

void session_judge(struct session *s)
{
	s->facts.now_ms = clock_now_ms();
	s->facts.granted = s->tokens->granted;
	s->facts.application = s->tokens->ops->application;
	session_probe_put(s);
	if (s->journal)
		journal_attestations(s->journal, &s->facts);
	for (size_t i = 0; s->steps[i]; i++)
		step_judge(s->steps[i], &s->facts, &s->wanted, &s->views[i]);
	findings_clear(&s->findings);
	if (!s->options.registering)
		findings_of_tenant(&s->facts, &s->wanted, s->views, &s->findings);
	findings_clear(&s->path);
	writeback_path_judge(&s->facts, &s->wanted, &s->path);
	s->known = areas_answered(&s->facts);
}

/* What servers told before. What does not read or is refused is as none: the checks
 * then ask for a new one, and server_err says why. Recorded facts bring their own:
 * what was taken in since then is not of their time. */
static void load_servers(struct session *s, const char *state_dir, const char *id)
{
	CLEANUP(free_ptr) char *dir = xasprintf("%s/%s", state_dir, id);
	int64_t now_ms = clock_now_ms();
	struct err ignored = ERR_INIT;

	if (s->options.replay)
		(void)!server_load_list(s->options.replay->servers, &s->facts, now_ms,
					&s->server_err);
	else
		(void)!server_load(dir, &s->facts, now_ms, &s->server_err);
	if (s->options.record && !s->options.record->servers)
		s->options.record->servers = server_kept(dir, &ignored);
}

void session_open_journal(struct session *s)
{
	const char *id = s->facts.organization.id, *dir = s->options.state_dir;
	struct str home = { 0 };
	struct err err = ERR_INIT;

	if (s->journal || !facts_read(&s->facts, AREA_ORGANIZATION) || !id)
		return;
	if (!dir && file_state_dir(&home, &err) < 0) {
		s->journal_err = err;
		return;
	}
	if (!dir)
		dir = str_text(&home);
	s->journal = journal_open(dir, id, s->options.read_only, &err);
	if (!s->journal) {
		/* Another program writes, or the disk does not: history and
		 * what people said are still good to read. */
		s->journal_err = err;
		s->journal = journal_open(dir, id, true, &err);
	}
	engine_set_journal(s->engine, s->journal);
	load_servers(s, dir, id);
	str_release(&home);
}

void session_stop(struct session *s)
{
	session_server_stop(s);
	if (s->state == SESSION_APPLYING || s->state == SESSION_UNDOING) {
		engine_stop(s->engine);
		/* It may still wait for a person to sign in. */
		session_cancel_sign_in(s);
		return;
	}
	if (s->state == SESSION_IDLE)
		return;
	if (s->state == SESSION_VERIFYING && !s->verify_stopped) {
		s->verify_stopped = true;
		if (s->timer.running)	/* between two looks: the last one, now */
			session_read_later(s, s->reading, 0);
		return;
	}
	session_give_up_read(s);
	session_cancel_sign_in(s);
	s->applying = NULL;
	s->state = SESSION_IDLE;
	err_set(&s->err, ERR_CANCELLED, 0, "stopped");
	session_judge(s);
	session_changed(s);
}

void session_new_facts(struct session *s)
{
	const struct cloud *c = s->options.cloud;

	facts_init(&s->facts);
	s->facts.cloud = c->name;
	s->facts.has_methods_policy = c->has_methods_policy;
	s->facts.has_audit = c->has_audit;
	s->facts.has_portal = s->options.portal_api;
	s->facts.read_only = s->options.asked_read_only;
	s->facts.beta = s->wanted.beta == TRI_YES;
	s->facts.registering = s->options.registering;
}

int session_open(struct session *s, struct loop *l, const struct session_options *o,
		 const struct wanted *w, struct err *err)
{
	void (*changed)(void *ctx) = s->changed;
	void *ctx = s->ctx;

	memset(s, 0, sizeof(*s));
	s->changed = changed;
	s->ctx = ctx;
	s->options = *o;
	s->wanted = *w;
	s->loop = l;
	s->steps = o->registering ? steps_registration : steps;
	session_new_facts(s);
	s->log = request_log_new();
	if ((o->log_file && request_log_open(s->log, o->log_file, err) < 0) ||
	    session_connect(s, err) < 0) {
		session_close(s);
		return -1;
	}
	if (o->record)
		s->recorder = recorder_new(s->transport, o->record);
	s->graph = graph_new(l, s->recorder ? s->recorder : s->transport, o->cloud, s->tokens, s->log);
	graph_set_read_only(s->graph, o->read_only);
	if (o->portal_api)
		graph_set_portal(s->graph, s->portal_tokens);
	s->io = io_new(s->graph);
	io_on_reply(s->io, session_on_reply, s);
	s->engine = engine_new(l, s->graph, NULL);
	engine_on_change(s->engine, session_engine_changed, s);
	session_judge(s);
	return 0;
}

int session_save(struct session *s, struct err *err)
{
	if (s->demo && tenant_save_kept(s->demo, err) < 0)
		return -1;
	return request_log_check(s->log, err);
}

/* In the order of who uses whom; also after an open that failed half-way. */
void session_close(struct session *s)
{
	struct err err = ERR_INIT;

	s->changed = NULL;	/* nobody is told of what ends here */
	if (s->loop)
		loop_timer_stop(s->loop, &s->timer);
	session_watch_stop(s);
	session_live_stop(s);
	session_follow_stop(s);
	session_search_free(s);
	session_probe_free(s);
	session_server_free(s);
	engine_free(s->engine);
	if (s->journal)
		journal_close(s->journal);
	session_cancel_sign_in(s);	/* nothing below waits for a person */
	if (s->io)
		io_free(s->io);
	if (s->graph)
		graph_free(s->graph);
	if (s->portal_tokens)
		s->portal_tokens->ops->free(s->portal_tokens);
	if (s->tokens)
		s->tokens->ops->free(s->tokens);
	session_prompt_free(s);
	if (s->recorder)
		s->recorder->ops->free(s->recorder);
	if (s->transport)
		s->transport->ops->free(s->transport);
	if (s->demo) {
		tenant_save_kept(s->demo, &err);
		tenant_free(s->demo);
	}
	request_log_free(s->log);
	for (size_t i = 0; i < STEPS_COUNT; i++)
		step_view_release(&s->views[i]);
	findings_clear(&s->findings);
	findings_clear(&s->path);
	facts_drop(&s->fresh);
	facts_release(&s->facts);
	free(s->undo_run);
	memset(s, 0, sizeof(*s));
}
