#include "graph/sign_in/registration_help.h"

#include <string.h>

#include "graph/base/mem.h"
#include "graph/sign_in/request.h"
#include "graph/sign_in/scopes.h"

#define COLUMNS 79

static const char portal[] =
	"The wizard signs in with an app registration of your own tenant. In the admin\n"
	"centre:\n"
	"\n"
	"  1. Entra ID > App registrations > New registration. Name: sspr-wizard.\n"
	"     Accounts in this organizational directory only. Register.\n"
	"  2. For people who sign in: Authentication > Add a platform > Mobile and\n"
	"     desktop applications > http://localhost. Set \"Allow public client flows\"\n"
	"     to Yes (for --auth device). The permissions below are asked for at the\n"
	"     first sign-in; an administrator consents there.\n"
	"     For automation instead: Certificates & secrets > Certificates > Upload;\n"
	"     then API permissions > Microsoft Graph > Application permissions, and\n"
	"     Grant admin consent.\n"
	"  3. Copy Application (client) ID and Directory (tenant) ID.\n"
	"\n"
	"Or with the Azure CLI, for people:\n"
	"\n"
	"  az ad app create --display-name sspr-wizard --sign-in-audience AzureADMyOrg \\\n"
	"    --is-fallback-public-client true \\\n"
	"    --public-client-redirect-uris http://localhost --query appId --output tsv\n"
	"\n"
	"Then: sspr-wizard --client-id ID --tenant ID, or put both into the profile.\n";

/* A wrapped list, indented by two. */
static void add_list(struct str *out, const char *head, const char *const *names)
{
	size_t column = 0;

	str_addf(out, "\n%s\n", head);
	for (; *names; names++) {
		size_t n = strlen(*names);

		if (column && column + 1 + n > COLUMNS) {
			str_add_char(out, '\n');
			column = 0;
		}
		str_addf(out, "%s%s", column ? " " : "  ", *names);
		column += n + (column ? 1 : 2);
	}
	str_add_char(out, '\n');
}

void registration_help(struct str *out, const struct cloud *c, const char *const *write)
{
	str_add(out, portal);
	add_list(out, "Permissions to read:", scopes_read_names());
	if (write && *write)
		add_list(out, "Only to apply changes; --read-only never asks for them:", write);
	str_addf(out, "\nThe admin centre: %s\n", c->admin_centre);
}

void admin_consent_url(struct str *out, const struct cloud *c, const char *tenant,
		       const char *client_id, const char *scopes)
{
	CLEANUP(str_release) struct str query = { 0 }, full = { 0 };

	while (*scopes) {
		size_t n = strcspn(scopes, " ");

		str_addf(&full, "%s%s/%.*s", full.len ? " " : "", c->graph, (int)n, scopes);
		scopes += n;
		scopes += strspn(scopes, " ");
	}
	sign_in_form_add(&query, "client_id", client_id);
	sign_in_form_add(&query, "scope", str_text(&full));
	sign_in_form_add(&query, "redirect_uri", "http://localhost");
	str_addf(out, "%s/%s/v2.0/adminconsent?%s", c->login, tenant ? tenant : "organizations",
		 str_text(&query));
}
