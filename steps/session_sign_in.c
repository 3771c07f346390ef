/* Signing in, seen from the session: prompts, and another person. */
#include <stdlib.h>

#include "graph/base/mem.h"
#include "steps/session_internal.h"

void session_prompt_free(struct session *s)
{
	struct sign_in_prompt *p = s->sign_in;

	s->sign_in = NULL;
	if (!p)
		return;
	free((char *)p->url);
	free((char *)p->code);
	free((char *)p->message);
	free((char *)p->why);
	free(p);
}

/* The prompt's texts live for this call only: the session keeps its own. */
void session_show_prompt(struct session *s, const struct sign_in_prompt *p)
{
	session_prompt_free(s);
	if (p) {
		s->sign_in = xcalloc(1, sizeof(*s->sign_in));
		*s->sign_in = (struct sign_in_prompt){
			.kind = p->kind, .url = xstrdup(p->url), .code = xstrdup(p->code),
			.expires_ms = p->expires_ms, .message = xstrdup(p->message),
			.why = xstrdup(p->why),
		};
	}
	session_changed(s);
}

static void on_prompt(void *ctx, const struct sign_in_prompt *p)
{
	struct session *s = ctx;

	s->portal_signs_in = false;
	session_show_prompt(s, p);
}

void session_front_init(struct session *s)
{
	s->front = (struct sign_in_front){
		.prompt = s->options.person ? on_prompt : NULL,
		.ctx = s,
	};
}

void session_cancel_sign_in(struct session *s)
{
	if (s->tokens && s->tokens->ops->cancel)
		s->tokens->ops->cancel(s->tokens);
	if (s->portal_tokens && s->portal_tokens->ops->cancel)
		s->portal_tokens->ops->cancel(s->portal_tokens);
}

void session_answer_password(struct session *s, struct secret *take_password)
{
	if (s->tokens->ops->answer)
		s->tokens->ops->answer(s->tokens, take_password);
	secret_release(take_password);
}

int session_sign_in_again(struct session *s, struct err *err)
{
	if (s->state != SESSION_IDLE)
		return err_set(err, ERR_CONFLICT, 0, "the wizard is still at work");
	if (!s->tokens->ops->forget) {
		err_set(err, ERR_INVALID, 0, "no person is signed in here");
		return err_todo(err, "Start again with --auth browser or --auth device.");
	}
	s->tokens->ops->forget(s->tokens);
	if (s->portal_tokens && s->portal_tokens->ops->forget)
		s->portal_tokens->ops->forget(s->portal_tokens);
	/* It may be another tenant: nothing that was found goes on, and the journal
	 * is its own. */
	session_watch_stop(s);
	session_live_stop(s);
	session_follow_stop(s);
	session_search_free(s);
	session_server_free(s);
	engine_set_journal(s->engine, NULL);
	if (s->journal)
		journal_close(s->journal);
	s->journal = NULL;
	s->journal_err.kind = ERR_NONE;
	io_clear(s->io);
	facts_release(&s->facts);
	session_new_facts(s);
	session_judge(s);
	session_read(s, AREAS_ALL);
	return 0;
}

void session_write_scopes(const char *ret[SESSION_SCOPES_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; steps[i]; i++)
		for (const char *const *w = steps[i]->write_scopes;
		     *w && n < SESSION_SCOPES_MAX; w++)
			ret[n++] = *w;
	ret[n] = NULL;
}
