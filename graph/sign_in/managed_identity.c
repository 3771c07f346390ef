#include "graph/sign_in/managed_identity.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "graph/base/mem.h"
#include "graph/sign_in/environment.h"
#include "graph/sign_in/sign_in_error.h"
#include "graph/sign_in/token_cache.h"
#include "graph/url.h"

#define METADATA_HOST "http://169.254.169.254"
#define METADATA_PATH "/metadata/identity/oauth2/token"
#define ARC_ENDPOINT "http://localhost:40342" METADATA_PATH
#define ARC_AGENT "/opt/azcmagent/bin/himds"
#define ARC_KEY_MAX 4096
#define PATIENCE_MS 3000

const char *managed_identity_arc_keys = "/var/opt/azcmagent/tokens";

/* The services that give a machine's token, and how each is spoken to. */
struct service {
	const char *version;
	const char *header, *secret;	/* a header, and the variable with its value */
	const char *id_name;		/* one of several identities; NULL: has only one */
	bool arc;
};

static const struct service app_service = { "2019-08-01", "X-IDENTITY-HEADER", "IDENTITY_HEADER",
					    "client_id", false };
static const struct service machine_learning = { "2017-09-01", "secret", "MSI_SECRET", "clientid",
						 false };
static const struct service arc = { "2020-06-01", "Metadata", NULL, NULL, true };
static const struct service metadata = { "2018-02-01", "Metadata", NULL, "client_id", false };

struct managed_identity {
	struct token_cache cache;	/* first; its url is the service's */
	const struct service *service;
	struct secret header;		/* the value of the service's header */
	struct secret key;		/* Arc's answer to its challenge, or empty */
	bool proving;			/* the request that runs has it */
};

/* Five retries in 52 s; 410 says that the service is being updated, which takes
 * up to 70 s. Never another 4xx. */
static int64_t wait_ms(int status, unsigned n)
{
	static const int64_t waits[] = { 0, 2000, 6000, 14000, 30000, 18000 };
	size_t most = status == 410 ? COUNT_OF(waits) : COUNT_OF(waits) - 1;

	if (status != 404 && status != 410 && status != 429 && status < 500)
		return -1;
	return n <= most ? waits[n - 1] : -1;
}

int managed_identity_arc_key(const char *challenge, const char *dir, struct str *out)
{
	static const char before[] = "Basic realm=";
	const char *path, *name;
	char bytes[ARC_KEY_MAX + 1];
	struct stat st;
	ssize_t n;
	int fd;

	if (!challenge || strncmp(challenge, before, sizeof(before) - 1) != 0)
		return -1;
	path = challenge + sizeof(before) - 1;
	if (!str_starts(path, dir) || path[strlen(dir)] != '/')
		return -1;
	name = path + strlen(dir) + 1;
	if (*name == '.' || !str_ends(name, ".key") ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")])
		return -1;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -1;
	n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, bytes, sizeof(bytes)) : -1;
	close(fd);
	if (n > 0 && n <= ARC_KEY_MAX && !memchr(bytes, 0, (size_t)n)) {
		str_add(out, "Basic ");
		str_add_bytes(out, bytes, (size_t)n);
		while (out->len && (out->buf[out->len - 1] == '\n' ||
				    out->buf[out->len - 1] == '\r'))
			out->buf[--out->len] = '\0';
	} else {
		n = -1;
	}
	secret_wipe(bytes, sizeof(bytes));
	return n > 0 ? 0 : -1;
}

static void begin(struct token_cache *c);

/* Arc wants to see that we may read its key. True when it is asked again. */
static bool prove(struct managed_identity *s)
{
	struct str key = { 0 };
	bool found = managed_identity_arc_key(s->cache.request.kept,
					      managed_identity_arc_keys, &key) == 0;

	if (found) {
		secret_set(&s->key, key.buf, key.len);
		secret_wipe(key.buf, key.len);
		begin(&s->cache);
	}
	str_release(&key);
	return found;
}

static void came(void *ctx, int status, struct json *answer, const struct err *err)
{
	struct managed_identity *s = ctx;
	struct err why = *err;

	if (status == 200 && token_cache_take(&s->cache, answer))
		return;
	if (status == 401 && s->service->arc && !s->proving) {
		if (prove(s))
			return;
		err_set(&why, ERR_AUTH, status, "Azure Arc's key cannot be read");
		err_todo(&why, "Run it as root or as a member of the group himds.");
	} else if (!status || (status == 403 && !answer)) {
		/* A container's network may answer 403 in place of the service. */
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

/* App Service and Machine Learning say when a token ends, not how long it lasts. */
static void begin(struct token_cache *c)
{
	struct managed_identity *s = (struct managed_identity *)c;
	const char *const headers[] = { s->service->header, secret_text(&s->header),
					secret_empty(&s->key) ? NULL : "Authorization",
					secret_text(&s->key), NULL };
	struct str query = { 0 }, none = { 0 };
	char *url;

	sign_in_form_add(&query, "api-version", s->service->version);
	sign_in_form_add(&query, "resource", c->scopes);
	if (*c->client_id)
		sign_in_form_add(&query, s->service->id_name, c->client_id);
	url = xasprintf("%s?%s", c->url, str_text(&query));
	str_release(&query);
	s->proving = !secret_empty(&s->key);
	sign_in_request_start(&c->request, url, headers, &none, came, s);
	secret_release(&s->key);
	free(url);
}

static void source_free(struct token_source *source)
{
	struct managed_identity *s = (struct managed_identity *)source;

	if (!s)
		return;
	token_cache_release(&s->cache);
	secret_release(&s->header);
	secret_release(&s->key);
	free(s);
}

/* Our header is a secret: it goes to this machine only. */
static bool is_here(const char *url)
{
	return (url_is_loopback(url) || url_is_link_local(url)) && !strpbrk(url, "?#@");
}

static const struct service *find_service(char **ret_url, const char **ret_name, struct err *err)
{
	const char *endpoint = sign_in_variable("IDENTITY_ENDPOINT");
	const char *msi = sign_in_variable("MSI_ENDPOINT");
	const char *host = sign_in_variable("AZURE_POD_IDENTITY_AUTHORITY_HOST");
	size_t n;

	*ret_name = "IDENTITY_ENDPOINT";
	if (endpoint && sign_in_variable("IDENTITY_SERVER_THUMBPRINT")) {
		err_set(err, ERR_INVALID, 0, "the identity of a Service Fabric node cannot be used "
			"by this program");
		err_todo(err, "Sign in as an application: --auth certificate or secret.");
		return NULL;
	}
	if (endpoint && sign_in_variable("IDENTITY_HEADER")) {
		*ret_url = xstrdup(endpoint);
		return &app_service;
	}
	if (msi && sign_in_variable("MSI_SECRET")) {
		*ret_name = "MSI_ENDPOINT";
		*ret_url = xstrdup(msi);
		return &machine_learning;
	}
	if (endpoint && sign_in_variable("IMDS_ENDPOINT")) {
		*ret_url = xstrdup(endpoint);
		return &arc;
	}
	if (access(ARC_AGENT, F_OK) == 0) {
		*ret_url = xstrdup(ARC_ENDPOINT);
		return &arc;
	}
	if (msi) {
		err_set(err, ERR_INVALID, 0, "the Cloud Shell has the identity of a person, not of "
			"a machine");
		err_todo(err, "Sign in with --auth azure-cli there.");
		return NULL;
	}
	*ret_name = "AZURE_POD_IDENTITY_AUTHORITY_HOST";
	host = host ? host : METADATA_HOST;
	for (n = strlen(host); n && host[n - 1] == '/'; n--)
		;
	*ret_url = xasprintf("%.*s" METADATA_PATH, (int)n, host);
	return &metadata;
}

static int check(const struct service *service, const char *url, const char *name,
		 const char *client_id, struct err *err)
{
	if (!is_here(url)) {
		err_set(err, ERR_INVALID, 0, "%s is no address of this machine", name);
		return err_todo(err, "Unset %s to ask the metadata service.", name);
	}
	if (client_id && !sign_in_is_name(client_id))
		return err_set(err, ERR_INVALID, 0, "\"%s\" is no client id", client_id);
	if (client_id && !service->id_name) {
		err_set(err, ERR_INVALID, 0, "a server with Azure Arc has one identity only");
		return err_todo(err, "Leave out --client-id, and unset AZURE_CLIENT_ID.");
	}
	return 0;
}

struct token_source *managed_identity_new(struct loop *l, struct transport *t,
					  const struct cloud *c, const char *client_id,
					  struct err *err)
{
	static const struct token_ops ops = {
		.name = "managed-identity", .application = true,
		.get = token_cache_get, .free = source_free,
		.cancel = token_cache_cancel,
	};
	static const struct token_way way = { .begin = begin };
	const char *name, *value;
	char *url = NULL;
	const struct service *service = find_service(&url, &name, err);
	struct managed_identity *s;

	if (!service || check(service, url, name, client_id, err) < 0) {
		free(url);
		return NULL;
	}
	s = xcalloc(1, sizeof(*s));
	token_cache_init(&s->cache, &ops, &way, l, t, url, client_id ? client_id : "", c->graph);
	free(url);
	s->service = service;
	s->cache.request.timeout_ms = PATIENCE_MS;
	s->cache.request.once = true;
	s->cache.request.wait_ms = wait_ms;
	s->cache.request.keep = service->arc ? "WWW-Authenticate" : NULL;
	value = service->secret ? sign_in_variable(service->secret) : "true";
	secret_set(&s->header, value, strlen(value));
	snprintf(s->cache.base.account, sizeof(s->cache.base.account), "managed identity%s%s",
		 client_id ? " " : "", client_id ? client_id : "");
	return &s->cache.base;
}
