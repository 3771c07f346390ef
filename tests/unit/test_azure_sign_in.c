/* The ways that lean on Azure: its command line, a machine's identity; and the
 * choice between all ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "graph/sign_in/azure_cli.h"
#include "graph/sign_in/choice.h"
#include "graph/sign_in/managed_identity.h"
#include "graph/sign_in/scopes.h"
#include "tests/unit/scripted.h"

static char dir[] = "/tmp/azure-test-XXXXXX";
static char *az, *seen;

static void write_az(const char *script)
{
	FILE *f = fopen(az, "w");

	fprintf(f, "#!/bin/sh\nprintf '%%s ' \"$@\" >%s\n%s\n", seen, script);
	fclose(f);
	chmod(az, 0755);
}

static void the_azure_cli_is_asked(void **unused)
{
	static const struct {
		const char *script, *token, *says;
	} cases[] = {
		{ "echo '{\"accessToken\":\"from-az\",\"expiresOn\":\"x\",\"expires_on\":"
		  "4102444800,\"tokenType\":\"Bearer\"}'", "from-az", NULL },
		{ "[ -z \"$AZURE_CLIENT_SECRET\" ] && echo '{\"accessToken\":\"no-secret\"}'",
		  "no-secret", NULL },
		{ "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1", "",
		  "nobody is signed in to the Azure CLI" },
		{ "printf 'ERROR: the disk \\033[31mburns\\nand more\\n' >&2; exit 3", "",
		  "the Azure CLI gave no token: the disk \xef\xbf\xbd[31mburns" },
		{ "echo nonsense", "", "the Azure CLI gave no token" },
		{ "kill -9 $$", "", "the Azure CLI was ended, or did not answer within 60 s" },
	};
	struct err err = ERR_INIT;

	(void)unused;
	setenv("AZURE_CLIENT_SECRET", "quiet", 1);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scripted s;
		struct token_source *source;
		struct got g;
		char line[256];
		FILE *f;

		write_az(cases[i].script);
		scripted_open(&s, NULL, 0);
		clock_set_real();
		source = azure_cli_new(s.loop, &s.cloud, i ? NULL : "contoso.example", &err);
		assert_non_null(source);
		g = get_token(&s, source, false);
		assert_string_equal(g.token, cases[i].token);
		if (cases[i].says)
			assert_string_equal(g.err.msg, cases[i].says);
		f = fopen(seen, "r");
		assert_non_null(fgets(line, sizeof(line), f));
		fclose(f);
		assert_string_equal(line, i ? "account get-access-token --output json --resource "
				    "https://graph.microsoft.com " :
				    "account get-access-token --output json --resource "
				    "https://graph.microsoft.com --tenant contoso.example ");
		source->ops->free(source);
		scripted_close(&s);
	}
	unsetenv("AZURE_CLIENT_SECRET");
}

static void a_slow_azure_cli_can_be_left(void **unused)
{
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;
	struct got g = { .done = false };

	(void)unused;
	write_az("exec /bin/sleep 100");
	scripted_open(&s, NULL, 0);
	clock_set_real();
	source = azure_cli_new(s.loop, &s.cloud, NULL, &err);
	source->ops->get(source, false, got_it, &g);
	loop_run_once(s.loop, 50);
	source->ops->cancel(source);
	assert_int_equal(g.err.kind, ERR_CANCELLED);
	source->ops->free(source);
	scripted_close(&s);
}

static void without_az_it_is_said(void **unused)
{
	struct scripted s;
	struct err err = ERR_INIT;

	(void)unused;
	unlink(az);
	scripted_open(&s, NULL, 0);
	assert_null(azure_cli_new(s.loop, &s.cloud, NULL, &err));
	assert_string_equal(err.msg, "the Azure CLI (az) is not in PATH");
	scripted_close(&s);
}

static void a_machine_has_an_identity(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"mi\",\"expires_in\":\"3599\",\"expires_on\":\"1\"}",
		  NULL },
		{ 400, "{\"error\":\"invalid_request\",\"error_description\":\"Identity not "
		  "found\"}", NULL },
		{ 0, NULL, NULL },
	};
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;
	struct got g;

	(void)unused;
	unsetenv("IDENTITY_ENDPOINT");
	scripted_open(&s, answers, COUNT_OF(answers));
	s.header = (char *)(uintptr_t)"Metadata";
	source = managed_identity_new(s.loop, &s.transport, &s.cloud, NULL, &err);
	assert_string_equal(get_token(&s, source, false).token, "mi");
	assert_string_equal(s.method[0], "GET");
	assert_string_equal(s.urls[0], "http://169.254.169.254/metadata/identity/oauth2/token?"
			    "api-version=2018-02-01&resource=https%3A%2F%2Fgraph.microsoft.com");
	assert_string_equal(s.value, "true");
	clock_advance(3301000);
	g = get_token(&s, source, false);
	assert_string_equal(g.err.msg, "sign-in failed: Identity not found");
	clock_advance(3000);
	/* No answer is an answer: nobody waits for a second try. */
	g = get_token(&s, source, false);
	assert_string_equal(g.err.msg, "no managed identity answers on this machine");
	assert_int_equal(s.n, 3);
	source->ops->free(source);
	scripted_close(&s);
}

static void an_app_service_has_its_own_address(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"mi\",\"expires_on\":\"1795603600\"}", NULL },
	};
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;

	(void)unused;
	setenv("IDENTITY_HEADER", "tell", 1);
	setenv("IDENTITY_ENDPOINT", "http://evil.example/msi/token", 1);
	scripted_open(&s, answers, COUNT_OF(answers));
	assert_null(managed_identity_new(s.loop, &s.transport, &s.cloud, NULL, &err));
	setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:41741/msi/token", 1);
	s.header = (char *)(uintptr_t)"X-IDENTITY-HEADER";
	source = managed_identity_new(s.loop, &s.transport, &s.cloud, "an-id", &err);
	assert_non_null(source);
	assert_string_equal(get_token(&s, source, false).token, "mi");
	assert_string_equal(s.urls[0], "http://127.0.0.1:41741/msi/token?api-version=2019-08-01&"
			    "resource=https%3A%2F%2Fgraph.microsoft.com&client_id=an-id");
	assert_string_equal(s.value, "tell");
	source->ops->free(source);
	scripted_close(&s);
	unsetenv("IDENTITY_ENDPOINT");
	unsetenv("IDENTITY_HEADER");
}

static void the_way_is_chosen_and_explained(void **unused)
{
	static const struct {
		const char *auth;
		struct sign_in_environment e;
		bool person;
		const char *name, *why;
	} cases[] = {
		{ NULL, { .secret = true, .certificate = "x", .display = true }, true, "secret",
		  "AZURE_CLIENT_SECRET is set." },
		{ NULL, { .certificate = "x" }, true, "certificate",
		  "AZURE_CLIENT_CERTIFICATE_PATH is set." },
		{ NULL, { .display = true }, true, "browser",
		  "A browser can be opened on this machine." },
		{ NULL, { .display = true, .ssh = true }, true, "device",
		  "You are connected by ssh: a browser here would not be yours." },
		{ NULL, { .secret = false }, true, "device",
		  "No browser can be opened here (DISPLAY and WAYLAND_DISPLAY are not set)." },
		{ NULL, { .identity_endpoint = "x" }, false, "managed-identity",
		  "IDENTITY_ENDPOINT is set: this host has an identity of its own." },
		{ NULL, { .secret = true, .credentials = "azureclicredential" }, true, "azure-cli",
		  "AZURE_TOKEN_CREDENTIALS names the Azure CLI." },
		{ "device", { .secret = true }, true, "device",
		  "It was asked for by --auth or the profile." },
		{ NULL, { .display = true }, false, NULL,
		  "nobody is there to sign in, and no application is set up" },
		{ "smartcard", { .display = true }, true, NULL,
		  "\"smartcard\" is no way of signing in" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct sign_in_choice choice = { NULL, NULL };
		struct err err = ERR_INIT;
		int rc = sign_in_choose(cases[i].auth, &cases[i].e, cases[i].person, &choice,
					&err);

		assert_int_equal(rc, cases[i].name ? 0 : -1);
		if (cases[i].name)
			assert_string_equal(choice.name, cases[i].name);
		assert_string_equal(cases[i].name ? choice.why : err.msg, cases[i].why);
	}
	assert_string_equal(sign_in_cloud_of("https://login.microsoftonline.us/"), "usgov");
	assert_string_equal(sign_in_cloud_of("login.chinacloudapi.cn"), "china");
	assert_null(sign_in_cloud_of("https://login.microsoftonline.us.evil.example"));
	assert_null(sign_in_cloud_of(NULL));
}

static void scopes_are_compared_by_name(void **unused)
{
	static const char *const used[] = { "Group.ReadWrite.All", NULL };
	char *text;

	(void)unused;
	assert_true(scopes_have("a https://graph.microsoft.com/User.Read.All b", "User.Read.All"));
	assert_false(scopes_have("User.Read.All", "User.Read"));
	assert_false(scopes_have("", "User.Read"));
	text = scopes_beyond("openid User.Read https://x/Mail.Send Group.ReadWrite.All Files.Read",
			     used);
	assert_string_equal(text, "Mail.Send Files.Read");
	free(text);
	text = scopes_classic("openid https://g/Group.ReadBasic.All https://g/LicenseAssignment."
			      "Read.All https://g/Policy.Read.All");
	assert_string_equal(text, "openid https://g/Group.Read.All https://g/Policy.Read.All");
	free(text);
}

static int set_up(void **state)
{
	char *path;

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	az = xasprintf("%s/az", dir);
	seen = xasprintf("%s/seen", dir);
	path = xasprintf("relative:%s", dir);
	setenv("PATH", path, 1);
	free(path);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(az);
	unlink(seen);
	rmdir(dir);
	free(az);
	free(seen);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_azure_cli_is_asked),
		cmocka_unit_test(a_slow_azure_cli_can_be_left),
		cmocka_unit_test(without_az_it_is_said),
		cmocka_unit_test(a_machine_has_an_identity),
		cmocka_unit_test(an_app_service_has_its_own_address),
		cmocka_unit_test(the_way_is_chosen_and_explained),
		cmocka_unit_test(scopes_are_compared_by_name),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
