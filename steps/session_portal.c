/* Signing in for the admin centre's own API, seen from the session. */
#include "graph/sign_in/portal_sign_in.h"
#include "steps/session_internal.h"

#define WHY "A second sign-in, because of --portal-api: the admin centre's own API takes only " \
	"tokens of Microsoft's applications, so this one goes by the name of Azure CLI, also " \
	"in the sign-in log. Microsoft does not support it."

static void on_prompt(void *ctx, const struct sign_in_prompt *p)
{
	struct session *s = ctx;
	struct sign_in_prompt mine;

	s->portal_signs_in = p != NULL;
	if (p) {
		mine = *p;
		mine.why = WHY;
		p = &mine;
	}
	session_show_prompt(s, p);
}

void session_open_portal(struct session *s)
{
	const struct session_options *o = &s->options;
	struct sign_in_options in = { .auth = o->auth, .tenant = o->tenant };

	s->portal_front = (struct sign_in_front){ .prompt = o->person ? on_prompt : NULL,
						  .ctx = s };
	s->portal_tokens = portal_sign_in_new(s->loop, s->transport, o->cloud, &in, s->tokens,
					      &s->portal_front);
}

void session_decline_sign_in(struct session *s)
{
	if (s->portal_signs_in)
		portal_sign_in_decline(s->portal_tokens);
	else
		session_stop(s);
}
