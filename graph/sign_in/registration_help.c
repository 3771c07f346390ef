#include "graph/sign_in/registration_help.h"

#include <string.h>

#include "graph/base/mem.h"
#include "graph/sign_in/registration.h"
#include "graph/sign_in/request.h"
#include "graph/sign_in/scopes.h"

#define COLUMNS 79

static const char portal[] =
	"1. Entra ID > App registrations > New registration. Name: " REGISTRATION_NAME ".\n"
	"   Accounts in this organizational directory only. Register.\n"
	"2. For people who sign in: Authentication > Add a platform > Mobile and\n"
	"   desktop applications > " REGISTRATION_REDIRECT ". Set \"Allow public client flows\"\n"
	"   to Yes (for --auth device).\n"
	"3. API permissions > Add a permission > Microsoft Graph > Delegated\n"
	"   permissions: those below. Declaring grants nothing.\n"
	"   For automation instead: Certificates & secrets > Certificates > Upload;\n"
	"   then the same names under Application permissions.\n"
	"4. Grant admin consent there, or consent at the first sign-in.\n"
	"5. Copy Application (client) ID and Directory (tenant) ID.\n";

const char registration_by_wizard[] =
	"You sign in once with the application " AZURE_CLI_APP_NAME " (" AZURE_CLI_APP_ID
	"), not with one of ours: nobody has one yet, and this one of Microsoft's may create "
	"applications without anybody consenting to that. It is asked for "
	"Application.ReadWrite.All and used for nothing else. Then the plan is shown, and "
	"nothing is written without a yes.";

static void trim(struct str *out)
{
	if (str_ends(str_text(out), " ") && !str_ends(str_text(out), "\n  "))
		str_truncate(out, out->len - 1);
}

/* Names, wrapped; between and around each the given texts. */
static void add_names(struct str *out, const char *const *names, const char *quote,
		      const char *between, size_t *column)
{
	for (; *names; names++) {
		size_t n = strlen(*names) + 2 * strlen(quote) + strlen(between);

		if (*column + n > COLUMNS) {
			trim(out);
			str_add(out, "\n  ");
			*column = 2;
		}
		str_addf(out, "%s%s%s%s", quote, *names, quote, between);
		*column += n;
	}
}

static void add_list(struct str *out, const char *head, const char *const *names)
{
	size_t column = 2;

	str_addf(out, "\n%s\n  ", head);
	add_names(out, names, "", " ", &column);
	trim(out);
	str_add_char(out, '\n');
}

void registration_portal(struct str *out, const struct cloud *c, const char *const *write)
{
	str_addf(out, "In the admin centre, %s:\n\n%s", c->admin_centre, portal);
	add_list(out, "Permissions to read:", scopes_read_names());
	if (write && *write)
		add_list(out, "Only to apply changes; --read-only never asks for them:", write);
}

/* A query, in the CLI's own language, for the ids of what is named. */
static void add_query(struct str *out, const char *const *write)
{
	size_t column = 2;

	str_add(out, "az ad sp show --id " GRAPH_APP_ID " --query \"[{\n"
		     "  resourceAppId:appId,\n"
		     "  resourceAccess:oauth2PermissionScopes[?contains([\n  ");
	add_names(out, scopes_read_names(), "'", ",", &column);
	if (write && *write)
		add_names(out, write, "'", ",", &column);
	str_truncate(out, out->len - 1);
	str_add(out, "\n  ],value)].{id:id,type:'Scope'}}]\" >permissions.json\n");
}

void registration_azure_cli(struct str *out, const char *const *write)
{
	size_t column = 2;

	add_query(out, write);
	str_add(out, "app=$(az ad app create --display-name " REGISTRATION_NAME " \\\n"
		     "  --sign-in-audience AzureADMyOrg --is-fallback-public-client true \\\n"
		     "  --public-client-redirect-uris " REGISTRATION_REDIRECT " \\\n"
		     "  --required-resource-accesses @permissions.json \\\n"
		     "  --query appId --output tsv)\n"
		     "az ad sp create --id \"$app\"\n"
		     "# Only if an administrator consents for everybody, to reading alone:\n"
		     "az ad app permission grant --id \"$app\" \\\n"
		     "  --api " GRAPH_APP_ID " --scope \"\n  openid profile offline_access\n  ");
	add_names(out, scopes_read_names(), "", " ", &column);
	str_truncate(out, out->len - 1);
	str_add(out, "\"\necho \"The client id is $app\"\n");
}

void registration_help(struct str *out, const struct cloud *c, const char *const *write)
{
	str_add(out, "The wizard signs in with an app registration of your own tenant.\n\n");
	registration_portal(out, c, write);
	str_add(out, "\nOr with the Azure CLI, in a shell:\n\n");
	registration_azure_cli(out, write);
	str_add(out, "\nOr by the wizard, after a plan and a yes: sspr-wizard register make\n"
		     "\nThen: sspr-wizard --client-id ID --tenant ID, or put both into the "
		     "profile.\n");
}

void read_consent_url(struct str *out, const struct cloud *c, const char *tenant,
		      const char *client_id)
{
	CLEANUP(str_release) struct str names = { 0 };

	for (const char *const *name = scopes_read_names(); *name; name++)
		str_addf(&names, "%s%s", names.len ? " " : "", *name);
	admin_consent_url(out, c, tenant, client_id, str_text(&names));
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
