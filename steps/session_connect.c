/* Where the session's answers come from: the simulated tenant, or Microsoft. */
#include "graph/base/str.h"
#include "graph/http.h"
#include "steps/session_internal.h"

static int connect_demo(struct session *s, struct err *err)
{
	const struct session_options *o = &s->options;

	if (o->demo_state)
		s->demo = tenant_open(o->demo_state, o->demo, o->demo_users, err);
	else
		s->demo = tenant_new(o->demo, o->demo_users, err);
	if (!s->demo)
		return -1;
	s->transport = tenant_transport_new(s->loop, s->demo, o->demo_latency_ms);
	s->tokens = tenant_token_new(s->loop, s->demo);
	return 0;
}

static int connect_real(struct session *s, struct err *err)
{
	(void)s;
	err_set(err, ERR_AUTH, 0, "this build can only sign in to the simulated tenant");
	return err_todo(err, "Try --demo.");
}

int session_connect(struct session *s, struct err *err)
{
	return s->options.demo ? connect_demo(s, err) : connect_real(s, err);
}
