/* Where the session's answers come from: the simulated tenant, or Microsoft. */
#include "graph/http.h"
#include "graph/sign_in/sign_in.h"
#include "steps/session_internal.h"

static int connect_demo(struct session *s, struct err *err)
{
	const struct session_options *o = &s->options;

	if (o->demo_state)
		s->demo = tenant_open_kept(o->demo_state, o->demo, o->demo_users, o->read_only,
					   err);
	else
		s->demo = tenant_new(o->demo, o->demo_users, err);
	if (!s->demo)
		return -1;
	s->transport = tenant_transport_new(s->loop, s->demo, o->demo_latency_ms);
	s->tokens = tenant_token_new(s->loop, s->demo);
	if (o->portal_api)
		s->portal_tokens = tenant_portal_token_new(s->loop, s->demo);
	return 0;
}

static int connect_real(struct session *s, struct err *err)
{
	const struct session_options *o = &s->options;
	struct http_options http = { .ca_file = o->ca_file };
	struct sign_in_options in = { .auth = o->auth, .tenant = o->tenant,
				      .client_id = o->client_id,
				      .certificate = o->certificate };

	s->transport = http_transport_new(s->loop, &http, err);
	if (!s->transport)
		return -1;
	session_front_init(s);
	s->tokens = sign_in_new(s->loop, s->transport, o->cloud, &in, &s->front,
				&s->sign_in_why, err);
	if (!s->tokens)
		return -1;
	if (o->portal_api)
		session_open_portal(s);
	return 0;
}

int session_connect(struct session *s, struct err *err)
{
	if (s->options.replay) {
		s->transport = replay_new(s->loop, s->options.replay);
		s->tokens = replay_token_new(s->loop);
		if (s->options.portal_api)
			s->portal_tokens = replay_token_new(s->loop);
		return 0;
	}
	return s->options.demo ? connect_demo(s, err) : connect_real(s, err);
}
