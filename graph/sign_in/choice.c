#include "graph/sign_in/choice.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

static const char *const names[] = { "browser", "device", "certificate", "secret",
				     "workload-identity", "azure-cli", "managed-identity" };

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
	return err_todo(err, "There are: browser, device, certificate, secret, "
			     "workload-identity, azure-cli, managed-identity.");
}

static int nothing(struct err *err)
{
	err_set(err, ERR_AUTH, 0, "nobody is there to sign in, and no application is set up");
	return err_todo(err, "Set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET or "
			     "AZURE_CLIENT_CERTIFICATE_PATH; or try --auth or --demo.");
}

/* What an application is set up with; false when none is. The order is that of
 * azure-identity. */
static bool application(const struct sign_in_environment *e, bool workload,
			struct sign_in_choice *ret)
{
	if (e->secret)
		*ret = (struct sign_in_choice){ "secret", "AZURE_CLIENT_SECRET is set." };
	else if (e->certificate)
		*ret = (struct sign_in_choice){ "certificate", "A certificate is named." };
	else if (workload && e->token_file)
		*ret = (struct sign_in_choice){ "workload-identity", "AZURE_FEDERATED_TOKEN_FILE "
								     "is set." };
	else
		return false;
	return true;
}

/* AZURE_TOKEN_CREDENTIALS names one credential of azure-identity, or a group of
 * them: dev for those of a developer's tools, prod for those of a service. */
static int restricted(const struct sign_in_environment *e, struct sign_in_choice *ret,
		      struct err *err)
{
	static const struct {
		const char *credential, *name, *why;
	} known[] = {
		{ "AzureCliCredential", "azure-cli",
		  "AZURE_TOKEN_CREDENTIALS names the Azure CLI." },
		{ "dev", "azure-cli", "AZURE_TOKEN_CREDENTIALS allows a developer's tools only." },
		{ "ManagedIdentityCredential", "managed-identity",
		  "AZURE_TOKEN_CREDENTIALS names the managed identity." },
		{ "WorkloadIdentityCredential", "workload-identity",
		  "AZURE_TOKEN_CREDENTIALS names the workload identity." },
		{ "DeviceCodeCredential", "device", "AZURE_TOKEN_CREDENTIALS names it." },
		{ "InteractiveBrowserCredential", "browser", "AZURE_TOKEN_CREDENTIALS names it." },
	};
	bool prod = str_same_nocase(e->credentials, "prod");

	for (size_t i = 0; i < COUNT_OF(known); i++) {
		if (!str_same_nocase(e->credentials, known[i].credential))
			continue;
		*ret = (struct sign_in_choice){ known[i].name, known[i].why };
		return 0;
	}
	if (prod || str_same_nocase(e->credentials, "EnvironmentCredential")) {
		if (application(e, prod, ret))
			return 0;
		if (prod) {
			*ret = (struct sign_in_choice){ "managed-identity",
				"AZURE_TOKEN_CREDENTIALS is prod, and no application is set up." };
			return 0;
		}
		err_set(err, ERR_AUTH, 0, "AZURE_TOKEN_CREDENTIALS wants an application, and none "
			"is set up");
		return err_todo(err, "Set AZURE_CLIENT_SECRET or AZURE_CLIENT_CERTIFICATE_PATH.");
	}
	err_set(err, ERR_AUTH, 0, "AZURE_TOKEN_CREDENTIALS names \"%.60s\", which this program does "
		"not have", e->credentials);
	return err_todo(err, "Use --auth, or set it to dev, prod, EnvironmentCredential, "
			     "WorkloadIdentityCredential, ManagedIdentityCredential or "
			     "AzureCliCredential.");
}

int sign_in_choose(const char *auth, const struct sign_in_environment *e, bool person,
		   struct sign_in_choice *ret, struct err *err)
{
	if (auth)
		return forced(auth, ret, err);
	if (e->credentials)
		return restricted(e, ret, err);
	if (application(e, true, ret))
		return 0;
	if (!person && e->identity_endpoint)
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
