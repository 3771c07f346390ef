/* Where the session's answers come from: the simulated tenant, or Microsoft. */
#include "graph/base/str.h"
#include "graph/http.h"
#include "graph/sign_in/registration.h"
#include "graph/sign_in/scopes.h"
#include "graph/sign_in/sign_in.h"
#include "steps/session_internal.h"

#define REGISTERING_SCOPE "Application.ReadWrite.All"

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
	if (s->wanted.beta == TRI_YES)
		tenant_consent(s->demo, SCOPE_RECOMMENDATIONS);
	s->transport = tenant_transport_new(s->loop, s->demo, o->demo_latency_ms);
	s->tokens = o->registering ? tenant_scoped_token_new(s->loop, s->demo,
							     REGISTERING_SCOPE)
				   : tenant_token_new(s->loop, s->demo);
	if (o->portal_api)
		s->portal_tokens = tenant_portal_token_new(s->loop, s->demo);
	return 0;
}

/* The registration is made by a person, with the Azure CLI's application and one scope;
 * DelegatedPermissionGrant.ReadWrite.All is asked for when a consent is given. */
static void as_azure_cli(struct sign_in_options *in)
{
	static const char *const ways[] = { "browser", "device", "azure-cli" };
	const char *auth = in->auth;

	in->auth = NULL;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (str_same(ways[i], auth))
			in->auth = auth;
	in->client_id = AZURE_CLI_APP_ID;
	in->certificate = NULL;
	in->scopes = REGISTERING_SCOPE;
	in->person_only = true;
}

static int connect_real(struct session *s, struct err *err)
{
	const struct session_options *o = &s->options;
	struct http_options http = { .ca_file = o->ca_file };
	struct sign_in_options in = { .auth = o->auth, .tenant = o->tenant,
				      .client_id = o->client_id,
				      .certificate = o->certificate,
				      .remember = o->remember };

	if (s->wanted.beta == TRI_YES)
		in.more_scopes = SCOPE_RECOMMENDATIONS;
	if (o->registering)
		as_azure_cli(&in);
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
