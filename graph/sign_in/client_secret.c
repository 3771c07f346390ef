#include "graph/sign_in/client_secret.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/sign_in/token_cache.h"

struct client_secret {
	struct token_cache cache;	/* first */
	struct secret secret;
};

void application_begin(struct token_cache *c)
{
	struct str form = { 0 };

	sign_in_form_add(&form, "grant_type", "client_credentials");
	sign_in_form_add(&form, "scope", c->scopes);
	token_cache_ask(c, &form);
}

static void prove(struct token_cache *c, struct str *form)
{
	struct client_secret *s = (struct client_secret *)c;

	sign_in_form_add(form, "client_secret", secret_text(&s->secret));
}

static void source_free(struct token_source *source)
{
	struct client_secret *s = (struct client_secret *)source;

	if (!s)
		return;
	token_cache_release(&s->cache);
	secret_release(&s->secret);
	free(s);
}

static const struct token_ops client_secret_ops = {
	.name = "secret",
	.application = true,
	.get = token_cache_get,
	.free = source_free,
	.meet = token_cache_meet,
	.cancel = token_cache_cancel,
};

static const struct token_way client_secret_way = { .begin = application_begin, .prove = prove };

void assertion_add(struct str *form, const char *assertion)
{
	sign_in_form_add(form, "client_assertion_type",
			 "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
	sign_in_form_add(form, "client_assertion", assertion);
}

int application_check(const char *tenant, const char *client_id, struct err *err)
{
	if (!sign_in_is_name(tenant) || sign_in_any_tenant(tenant)) {
		err_set(err, ERR_INVALID, 0, "an application signs in to one named tenant");
		return err_todo(err, "Give the tenant's id or domain: --tenant, or "
				     "AZURE_TENANT_ID.");
	}
	if (!sign_in_is_name(client_id)) {
		err_set(err, ERR_INVALID, 0, "the application (client) id is missing or is none");
		return err_todo(err, "Give it with --client-id, or set AZURE_CLIENT_ID.");
	}
	return 0;
}

void application_init(struct token_cache *c, const struct token_ops *ops,
		      const struct token_way *way, struct loop *l, struct transport *t,
		      const struct cloud *cloud, const char *tenant, const char *client_id)
{
	char *url = xasprintf("%s/%s/oauth2/v2.0/token", cloud->login, tenant);
	char *scope = xasprintf("%s/.default", cloud->graph);

	token_cache_init(c, ops, way, l, t, url, client_id, scope);
	snprintf(c->base.account, sizeof(c->base.account), "application %s", client_id);
	free(url);
	free(scope);
}

struct token_source *client_secret_new(struct loop *l, struct transport *t,
				       const struct cloud *c, const char *tenant,
				       const char *client_id, struct secret *take_secret,
				       struct err *err)
{
	struct client_secret *s;

	if (application_check(tenant, client_id, err) < 0)
		return NULL;
	if (secret_empty(take_secret)) {
		err_set(err, ERR_INVALID, 0, "the client secret is missing");
		err_todo(err, "Set AZURE_CLIENT_SECRET to the secret's value.");
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	application_init(&s->cache, &client_secret_ops, &client_secret_way, l, t, c, tenant,
			 client_id);
	s->secret = *take_secret;
	*take_secret = (struct secret){ 0 };
	return &s->cache.base;
}
