#include "graph/sign_in/environment.h"

#include <stdlib.h>
#include <string.h>

#include "graph/base/mem.h"
#include "graph/base/str.h"

static const char *const secret_names[] = {
	[SIGN_IN_CLIENT_SECRET] = "AZURE_CLIENT_SECRET",
	[SIGN_IN_CERTIFICATE_PASSWORD] = "AZURE_CLIENT_CERTIFICATE_PASSWORD",
};
static struct secret secrets[COUNT_OF(secret_names)];

const char *sign_in_variable(const char *name)
{
	const char *v = getenv(name);

	return v && *v ? v : NULL;
}

bool sign_in_variable_on(const char *name)
{
	const char *v = sign_in_variable(name);

	return str_same_nocase(v, "true") || str_same(v, "1");
}

const struct secret *sign_in_secret(enum sign_in_secret which)
{
	char *text = getenv(secret_names[which]);

	if (text && *text) {
		secret_set(&secrets[which], text, strlen(text));
		/* The process's first environment block stays readable under
		 * /proc even when the variable is gone. */
		secret_wipe(text, strlen(text));
		unsetenv(secret_names[which]);
	}
	return &secrets[which];
}

void sign_in_secrets_take(void)
{
	for (size_t i = 0; i < COUNT_OF(secret_names); i++)
		sign_in_secret((enum sign_in_secret)i);
}

void sign_in_secrets_forget(void)
{
	for (size_t i = 0; i < COUNT_OF(secret_names); i++)
		secret_release(&secrets[i]);
}

void sign_in_environment_read(struct sign_in_environment *e)
{
	*e = (struct sign_in_environment){
		.secret = !secret_empty(sign_in_secret(SIGN_IN_CLIENT_SECRET)),
		.certificate = sign_in_variable("AZURE_CLIENT_CERTIFICATE_PATH"),
		.token_file = sign_in_variable("AZURE_FEDERATED_TOKEN_FILE"),
		.credentials = sign_in_variable("AZURE_TOKEN_CREDENTIALS"),
		.identity_endpoint = sign_in_variable("IDENTITY_ENDPOINT"),
		.display = sign_in_variable("DISPLAY") || sign_in_variable("WAYLAND_DISPLAY") ||
			   sign_in_variable("WSL_DISTRO_NAME"),
		.ssh = sign_in_variable("SSH_CONNECTION") != NULL,
	};
#ifdef __APPLE__
	e->display = true;
#endif
}

static bool in_list(const char *list, const char *name)
{
	while (*list) {
		size_t n = strcspn(list, ";"), skip = strspn(list, " ");
		char *one = xstrndup(list + (skip < n ? skip : n), skip < n ? n - skip : 0);
		bool same;

		one[strcspn(one, " ")] = '\0';
		same = str_same(one, "*") || str_same_nocase(one, name);
		free(one);
		if (same)
			return true;
		list += n;
		list += *list == ';';
	}
	return false;
}

int sign_in_tenant_allowed(const char *tenant, struct err *err)
{
	const char *list = sign_in_variable("AZURE_ADDITIONALLY_ALLOWED_TENANTS");

	if (!list || !tenant || str_same_nocase(tenant, sign_in_variable("AZURE_TENANT_ID")) ||
	    in_list(list, tenant))
		return 0;
	err_set(err, ERR_AUTH, 0, "AZURE_ADDITIONALLY_ALLOWED_TENANTS does not name the tenant "
		"\"%s\"", tenant);
	return err_todo(err, "Add it there, separated by \";\", or unset the variable.");
}
