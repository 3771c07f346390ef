/* Where the session's answers come from: the simulated tenant, or Microsoft. */
#include <stdlib.h>
#include <string.h>

#include "graph/base/str.h"
#include "graph/http.h"
#include "graph/sign_in/client_secret.h"
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

/* Everything that signing in needs, before anything is opened. */
static int check_sign_in(const struct session_options *o, const char *secret, struct err *err)
{
	if (o->auth && !str_same(o->auth, "secret")) {
		err_set(err, ERR_AUTH, 0, "sign-in by \"%s\" is not there in this version",
			o->auth);
		return err_todo(err, "There is: --auth secret, with AZURE_TENANT_ID, "
				     "AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.");
	}
	if (!o->tenant)
		err_set(err, ERR_AUTH, 0, "no tenant is named");
	else if (!o->client_id)
		err_set(err, ERR_AUTH, 0, "no application (client id) is named");
	else if (!secret || !*secret)
		err_set(err, ERR_AUTH, 0, "AZURE_CLIENT_SECRET is not set");
	else
		return 0;
	return err_todo(err, "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET, or "
			     "try --demo.");
}

static int connect_real(struct session *s, struct err *err)
{
	const struct session_options *o = &s->options;
	struct http_options http = { .ca_file = o->ca_file };
	const char *text = getenv("AZURE_CLIENT_SECRET");
	struct secret secret = { 0 };

	if (check_sign_in(o, text, err) < 0)
		return -1;
	s->transport = http_transport_new(s->loop, &http, err);
	if (!s->transport)
		return -1;
	secret_set(&secret, text, strlen(text));
	s->tokens = client_secret_new(s->loop, s->transport, o->cloud, o->tenant, o->client_id,
				      &secret, err);
	secret_release(&secret);
	return s->tokens ? 0 : -1;
}

int session_connect(struct session *s, struct err *err)
{
	return s->options.demo ? connect_demo(s, err) : connect_real(s, err);
}
