#include "graph/sign_in/sign_in.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/sign_in/azure_cli.h"
#include "graph/sign_in/browser.h"
#include "graph/sign_in/certificate.h"
#include "graph/sign_in/choice.h"
#include "graph/sign_in/client_secret.h"
#include "graph/sign_in/device.h"
#include "graph/sign_in/managed_identity.h"
#include "graph/sign_in/scopes.h"
#include "graph/sign_in/token_cache.h"
#include "graph/sign_in/workload_identity.h"

/* All that a way may need. */
struct opening {
	struct loop *loop;
	struct transport *transport;
	const struct cloud *cloud;
	const struct sign_in_options *o;
	const struct sign_in_front *front;
	struct sign_in_environment environment;
};

static struct token_source *open_secret(const struct opening *in, struct err *err)
{
	const struct secret *set = sign_in_secret(SIGN_IN_CLIENT_SECRET);
	struct secret secret = { 0 };
	struct token_source *source;

	secret_set(&secret, secret_text(set), set->len);
	source = client_secret_new(in->loop, in->transport, in->cloud, in->o->tenant,
				   in->o->client_id, &secret, err);
	secret_release(&secret);
	return source;
}

/* A person may leave the tenant open: it is that of the account. */
static const char *tenant_of_person(const struct opening *in)
{
	return in->o->tenant ? in->o->tenant : "organizations";
}

/* Other scopes than those to read or more of them, for the ways that ask for some. */
static struct token_source *with_scopes(const struct opening *in, struct token_source *source)
{
	const char *of_its_own = in->o->scopes;
	const char *one[] = { of_its_own ? of_its_own : in->o->more_scopes, NULL };
	struct token_cache *cache = (struct token_cache *)source;
	char *scopes;

	if (!source || !one[0])
		return source;
	scopes = scopes_with(of_its_own ? "openid profile offline_access" : cache->scopes, one,
			     in->cloud->graph);
	free(cache->scopes);
	cache->scopes = scopes;
	return source;
}

/* Of a person only, who asks for it at the start or later, and not of a sign-in with
 * scopes of its own. A refresh token is of the whole consent: later requests still ask to
 * read alone, until a step is applied. */
static struct token_source *remembered(const struct opening *in, struct token_source *source)
{
	struct token_cache *cache = (struct token_cache *)source;

	if (!source || in->o->scopes)
		return source;
	keyring_open(&cache->keyring, in->loop, NULL, cache->url, cache->client_id);
	cache->keyring.keep = in->o->remember;
	source->not_remembered = cache->keyring.told;
	return source;
}

static struct token_source *open_device(const struct opening *in, struct err *err)
{
	return remembered(in, with_scopes(in, device_new(
		in->loop, in->transport, in->cloud, tenant_of_person(in), in->o->client_id,
		in->front, err)));
}

static struct token_source *open_browser(const struct opening *in, struct err *err)
{
	return remembered(in, with_scopes(in, browser_new(
		in->loop, in->transport, in->cloud, tenant_of_person(in), in->o->client_id,
		in->front, err)));
}

static struct token_source *open_certificate(const struct opening *in, struct err *err)
{
	return certificate_new(in->loop, in->transport, in->cloud, in->o->tenant,
			       in->o->client_id, in->environment.certificate, in->front, err);
}

static struct token_source *open_workload_identity(const struct opening *in, struct err *err)
{
	return workload_identity_new(in->loop, in->transport, in->cloud, in->o->tenant,
				     in->o->client_id, in->environment.token_file, err);
}

static struct token_source *open_azure_cli(const struct opening *in, struct err *err)
{
	return azure_cli_new(in->loop, in->cloud, in->o->tenant, err);
}

static struct token_source *open_managed_identity(const struct opening *in, struct err *err)
{
	return managed_identity_new(in->loop, in->transport, in->cloud, in->o->client_id, err);
}

static const struct {
	const char *name;
	struct token_source *(*open)(const struct opening *in, struct err *err);
	bool application;		/* by credentials of the environment */
} ways[] = {
	{ "browser", open_browser, false },
	{ "device", open_device, false },
	{ "certificate", open_certificate, true },
	{ "secret", open_secret, true },
	{ "workload-identity", open_workload_identity, true },
	{ "azure-cli", open_azure_cli, false },
	{ "managed-identity", open_managed_identity, false },
};

struct token_source *sign_in_new(struct loop *l, struct transport *t, const struct cloud *c,
				 const struct sign_in_options *o,
				 const struct sign_in_front *front, const char **ret_why,
				 struct err *err)
{
	struct opening in = { .loop = l, .transport = t, .cloud = c, .o = o, .front = front };
	struct sign_in_choice choice;
	bool person = front && front->prompt;
	struct token_source *source = NULL;

	sign_in_environment_read(&in.environment);
	if (o->person_only) {
		in.environment.secret = false;
		in.environment.certificate = in.environment.credentials = NULL;
		in.environment.token_file = in.environment.identity_endpoint = NULL;
	} else if (o->certificate) {
		in.environment.certificate = o->certificate;
		in.environment.secret = false;	/* what was named wins */
	}
	if (sign_in_choose(o->auth, &in.environment, person, &choice, err) < 0)
		return NULL;
	*ret_why = choice.why;
	for (size_t i = 0; i < COUNT_OF(ways); i++) {
		if (!str_same(ways[i].name, choice.name))
			continue;
		if (!ways[i].application || sign_in_tenant_allowed(o->tenant, err) == 0)
			source = ways[i].open(&in, err);
	}
	/* What is missing is missing from the sign-in, not from the usage. */
	if (!source && err->kind == ERR_INVALID)
		err->kind = ERR_AUTH;
	return source;
}
