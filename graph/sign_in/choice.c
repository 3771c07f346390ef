#include "graph/sign_in/choice.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

static const char *variable(const char *name)
{
	const char *v = getenv(name);

	return v && *v ? v : NULL;
}

void sign_in_environment_read(struct sign_in_environment *e)
{
	*e = (struct sign_in_environment){
		.secret = variable("AZURE_CLIENT_SECRET") != NULL,
		.certificate = variable("AZURE_CLIENT_CERTIFICATE_PATH"),
		.credentials = variable("AZURE_TOKEN_CREDENTIALS"),
		.identity_endpoint = variable("IDENTITY_ENDPOINT"),
		.display = variable("DISPLAY") || variable("WAYLAND_DISPLAY") ||
			   variable("WSL_DISTRO_NAME"),
		.ssh = variable("SSH_CONNECTION") != NULL,
	};
#ifdef __APPLE__
	e->display = true;
#endif
}

/* The names that azure-identity gives its credentials, as far as we have them. */
static const struct {
	const char *credential, *name, *why;
} named[] = {
	{ "AzureCliCredential", "azure-cli",
	  "AZURE_TOKEN_CREDENTIALS names the Azure CLI." },
	{ "ManagedIdentityCredential", "managed-identity",
	  "AZURE_TOKEN_CREDENTIALS names the managed identity." },
};

static const char *const names[] = { "browser", "device", "certificate", "secret", "azure-cli",
				     "managed-identity" };

static int forced(const char *auth, struct sign_in_choice *ret, struct err *err)
{
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!str_same(names[i], auth))
			continue;
		*ret = (struct sign_in_choice){ names[i], "It was asked for by --auth or the "
							  "profile." };
		return 0;
	}
	err_set(err, ERR_INVALID, 0, "\"%s\" is no way of signing in", auth);
	return err_todo(err, "There are: browser, device, certificate, secret, azure-cli, "
			     "managed-identity.");
}

static int nothing(struct err *err)
{
	err_set(err, ERR_AUTH, 0, "nobody is there to sign in, and no application is set up");
	return err_todo(err, "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or "
			     "AZURE_CLIENT_CERTIFICATE_PATH; or try --auth or --demo.");
}

int sign_in_choose(const char *auth, const struct sign_in_environment *e, bool person,
		   struct sign_in_choice *ret, struct err *err)
{
	if (auth)
		return forced(auth, ret, err);
	for (size_t i = 0; i < COUNT_OF(named); i++) {
		if (str_same_nocase(e->credentials, named[i].credential)) {
			*ret = (struct sign_in_choice){ named[i].name, named[i].why };
			return 0;
		}
	}
	if (e->secret)
		*ret = (struct sign_in_choice){ "secret", "AZURE_CLIENT_SECRET is set." };
	else if (e->certificate)
		*ret = (struct sign_in_choice){ "certificate", "AZURE_CLIENT_CERTIFICATE_PATH is "
							       "set." };
	else if (!person && e->identity_endpoint)
		*ret = (struct sign_in_choice){ "managed-identity", "IDENTITY_ENDPOINT is set: "
						"this host has an identity of its own." };
	else if (!person)
		return nothing(err);
	else if (e->ssh)
		*ret = (struct sign_in_choice){ "device", "You are connected by ssh: a browser "
						"here would not be yours." };
	else if (e->display)
		*ret = (struct sign_in_choice){ "browser", "A browser can be opened on this "
							   "machine." };
	else
		*ret = (struct sign_in_choice){ "device", "No browser can be opened here (DISPLAY "
						"and WAYLAND_DISPLAY are not set)." };
	return 0;
}

/* Facts sign-in-and-transport.md 3.3 and 8.9. */
static const struct {
	const char *host, *cloud;
} authorities[] = {
	{ "login.microsoftonline.com", "global" },
	{ "login.microsoftonline.us", "usgov" },
	{ "login.chinacloudapi.cn", "china" },
	{ "login.partner.microsoftonline.cn", "china" },
};

const char *sign_in_cloud_of(const char *authority_host)
{
	const char *host = authority_host;
	size_t n;

	if (!host)
		return NULL;
	if (str_starts(host, "https://"))
		host += strlen("https://");
	n = strcspn(host, "/");
	for (size_t i = 0; i < COUNT_OF(authorities); i++)
		if (strlen(authorities[i].host) == n &&
		    strncmp(authorities[i].host, host, n) == 0)
			return authorities[i].cloud;
	return NULL;
}
