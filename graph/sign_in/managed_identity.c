#include "graph/sign_in/managed_identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/sign_in/sign_in_error.h"
#include "graph/sign_in/token_cache.h"
#include "graph/url.h"

#define METADATA "http://169.254.169.254/metadata/identity/oauth2/token"
#define METADATA_VERSION "2018-02-01"
#define ENDPOINT_VERSION "2019-08-01"
#define PATIENCE_MS 3000

struct managed_identity {
	struct token_cache cache;	/* first; its url is the service's */
	struct secret header;		/* X-IDENTITY-HEADER, or empty */
};

static void came(void *ctx, int status, struct json *answer, const struct err *err)
{
	struct managed_identity *s = ctx;
	struct err why = *err;

	if (status == 200 && token_cache_take(&s->cache, answer))
		return;
	if (!status) {
		err_set(&why, ERR_AUTH, 0, "no managed identity answers on this machine");
		err_todo(&why, "Run it on a machine on Azure that has one, or sign in another way "
			       "(--auth).");
	} else {
		sign_in_error(&why, status, answer);
		err_todo(&why, "Give the machine an identity, and that identity the permissions; "
			       "--client-id chooses one of several.");
	}
	token_cache_fail(&s->cache, &why);
}

static void begin(struct token_cache *c)
{
	struct managed_identity *s = (struct managed_identity *)c;
	bool endpoint = !secret_empty(&s->header);
	const char *const metadata[] = { "Metadata", "true", NULL };
	const char *const header[] = { "X-IDENTITY-HEADER", secret_text(&s->header), NULL };
	struct str query = { 0 }, none = { 0 };
	char *url;

	sign_in_form_add(&query, "api-version", endpoint ? ENDPOINT_VERSION : METADATA_VERSION);
	sign_in_form_add(&query, "resource", c->scopes);
	if (*c->client_id)
		sign_in_form_add(&query, "client_id", c->client_id);
	url = xasprintf("%s?%s", c->url, str_text(&query));
	str_release(&query);
	sign_in_request_start(&c->request, url, endpoint ? header : metadata, &none, came, s);
	free(url);
}

static void source_free(struct token_source *source)
{
	struct managed_identity *s = (struct managed_identity *)source;

	if (!s)
		return;
	token_cache_release(&s->cache);
	secret_release(&s->header);
	free(s);
}

/* Our header is a secret: it goes to this machine only. */
static bool is_here(const char *url)
{
	return (url_is_loopback(url) || str_starts(url, "http://169.254.")) && !strchr(url, '?') &&
	       !strchr(url, '@');
}

struct token_source *managed_identity_new(struct loop *l, struct transport *t,
					  const struct cloud *c, const char *client_id,
					  struct err *err)
{
	static const struct token_ops ops = {
		.name = "managed-identity", .get = token_cache_get, .free = source_free,
		.cancel = token_cache_cancel,
	};
	static const struct token_way way = { .begin = begin };
	const char *endpoint = getenv("IDENTITY_ENDPOINT"), *header = getenv("IDENTITY_HEADER");
	bool hosted = endpoint && *endpoint && header && *header;
	struct managed_identity *s;

	if (hosted && !is_here(endpoint)) {
		err_set(err, ERR_INVALID, 0, "IDENTITY_ENDPOINT is no address of this machine");
		err_todo(err, "Unset IDENTITY_ENDPOINT to ask the metadata service.");
		return NULL;
	}
	if (client_id && !sign_in_is_name(client_id)) {
		err_set(err, ERR_INVALID, 0, "\"%s\" is no client id", client_id);
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	token_cache_init(&s->cache, &ops, &way, l, t, hosted ? endpoint : METADATA,
			 client_id ? client_id : "", c->graph);
	s->cache.request.timeout_ms = PATIENCE_MS;
	s->cache.request.once = true;
	if (hosted)
		secret_set(&s->header, header, strlen(header));
	snprintf(s->cache.base.account, sizeof(s->cache.base.account), "managed identity%s%s",
		 client_id ? " " : "", client_id ? client_id : "");
	return &s->cache.base;
}
