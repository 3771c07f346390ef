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
#include "graph/sign_in/sign_in.h"
#include "graph/sign_in/workload_identity.h"
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
		/* Not in the directory that lies around, and nothing to read. */
		{ "[ \"$(pwd)\" = / ] && ! read line && echo '{\"accessToken\":\"alone\"}'",
		  "alone", NULL },
		{ "echo \"ERROR: Please run 'az login' to setup account.\" >&2; exit 1", "",
		  "nobody is signed in to the Azure CLI" },
		{ "printf 'ERROR: the disk \\033[31mburns\\nand more\\n' >&2; exit 3", "",
		  "the Azure CLI gave no token: the disk \xef\xbf\xbd[31mburns" },
		{ "echo 'ERROR: odd answer {\"accessToken\": \"eyJ\"}' >&2; exit 1", "",
		  "the Azure CLI gave no token" },
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
		{ 403, "A socket operation was attempted to an unreachable network", NULL },
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
	assert_int_equal(s.timeout_ms, 3000);
	clock_advance(3301000);
	g = get_token(&s, source, false);
	assert_string_equal(g.err.msg, "sign-in failed: Identity not found");
	clock_advance(3000);
	/* No answer is an answer: nobody waits for a second try. */
	g = get_token(&s, source, false);
	assert_string_equal(g.err.msg, "no managed identity answers on this machine");
	assert_int_equal(s.n, 3);
	clock_advance(3000);
	g = get_token(&s, source, false);
	assert_string_equal(g.err.msg, "no managed identity answers on this machine");
	assert_int_equal(s.n, 4);
	source->ops->free(source);
	scripted_close(&s);
}

static void a_machine_that_is_not_ready_is_asked_again(void **unused)
{
	static const struct {
		int status;
		const char *retry_after;
		size_t tries;
		int64_t ms;
	} cases[] = {
		{ 404, NULL, 6, 52000 }, { 410, NULL, 7, 70000 }, { 429, "10", 6, 74000 },
		{ 500, NULL, 6, 52000 }, { 503, NULL, 6, 52000 }, { 400, NULL, 1, 0 },
		{ 401, NULL, 1, 0 }, { 403, NULL, 1, 0 },
		/* Followed nowhere: our header is a secret. */
		{ 302, NULL, 1, 0 }, { 307, NULL, 1, 0 },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct script_answer answers[8];
		struct scripted s;
		struct err err = ERR_INIT;
		struct token_source *source;

		for (size_t k = 0; k < COUNT_OF(answers); k++)
			answers[k] = (struct script_answer){
				.status = cases[i].status, .body = "{\"error\":\"e\"}",
				.retry_after = cases[i].retry_after };
		scripted_open(&s, answers, COUNT_OF(answers));
		source = managed_identity_new(s.loop, &s.transport, &s.cloud, NULL, &err);
		assert_int_equal(get_token(&s, source, false).err.kind, ERR_AUTH);
		assert_int_equal(s.n, cases[i].tries);
		assert_int_equal(clock_now_ms() - SCRIPT_NOW, cases[i].ms);
		source->ops->free(source);
		scripted_close(&s);
	}
}

static void other_services_are_known_by_the_environment(void **unused)
{
	static const struct {
		const char *set[6];	/* names and values */
		const char *client_id, *url, *header, *value, *says;
	} cases[] = {
		{ { "AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:99/" }, "an-id",
		  "http://127.0.0.1:99/metadata/identity/oauth2/token?api-version=2018-02-01&"
		  "resource=https%3A%2F%2Fgraph.microsoft.com&client_id=an-id",
		  "Metadata", "true", NULL },
		{ { "AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://evil.example" }, NULL, NULL, NULL,
		  NULL, "AZURE_POD_IDENTITY_AUTHORITY_HOST is no address of this machine" },
		{ { "AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://169.254.169.254.evil.example" },
		  NULL, NULL, NULL, NULL,
		  "AZURE_POD_IDENTITY_AUTHORITY_HOST is no address of this machine" },
		{ { "AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://169.254.1.1:80@evil.example" },
		  NULL, NULL, NULL, NULL,
		  "AZURE_POD_IDENTITY_AUTHORITY_HOST is no address of this machine" },
		{ { "MSI_ENDPOINT", "http://127.0.0.1:46808/msi", "MSI_SECRET", "tell" }, "an-id",
		  "http://127.0.0.1:46808/msi?api-version=2017-09-01&resource="
		  "https%3A%2F%2Fgraph.microsoft.com&clientid=an-id", "secret", "tell", NULL },
		{ { "IDENTITY_ENDPOINT", "http://localhost:40342/metadata/identity/oauth2/token",
		    "IMDS_ENDPOINT", "http://localhost:40342" }, NULL,
		  "http://localhost:40342/metadata/identity/oauth2/token?api-version=2020-06-01&"
		  "resource=https%3A%2F%2Fgraph.microsoft.com", "Metadata", "true", NULL },
		{ { "IDENTITY_ENDPOINT", "http://localhost:40342/metadata/identity/oauth2/token",
		    "IMDS_ENDPOINT", "http://localhost:40342" }, "an-id", NULL, NULL, NULL,
		  "a server with Azure Arc has one identity only" },
		{ { "IDENTITY_ENDPOINT", "https://10.0.0.4:2377/metadata", "IDENTITY_HEADER", "x",
		    "IDENTITY_SERVER_THUMBPRINT", "y" }, NULL, NULL, NULL, NULL,
		  "the identity of a Service Fabric node cannot be used by this program" },
		{ { "MSI_ENDPOINT", "http://localhost:50342/oauth2/token" }, NULL, NULL, NULL, NULL,
		  "the Cloud Shell has the identity of a person, not of a machine" },
	};
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"mi\",\"expires_on\":\"1795603600\"}", NULL },
		{ 200, "{\"access_token\":\"again\",\"expires_on\":\"1795607200\"}", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scripted s;
		struct err err = ERR_INIT;
		struct token_source *source;

		for (size_t k = 0; k < COUNT_OF(cases[i].set) && cases[i].set[k]; k += 2)
			setenv(cases[i].set[k], cases[i].set[k + 1], 1);
		scripted_open(&s, answers, COUNT_OF(answers));
		s.header = (char *)(uintptr_t)cases[i].header;
		source = managed_identity_new(s.loop, &s.transport, &s.cloud, cases[i].client_id,
					      &err);
		if (cases[i].says) {
			assert_null(source);
			assert_string_equal(err.msg, cases[i].says);
		} else {
			assert_string_equal(get_token(&s, source, false).token, "mi");
			assert_string_equal(s.urls[0], cases[i].url);
			assert_string_equal(s.value, cases[i].value);
			/* Its end was read: one hour less five minutes. */
			clock_advance(3290000);
			assert_string_equal(get_token(&s, source, false).token, "mi");
			clock_advance(20000);
			assert_string_equal(get_token(&s, source, false).token, "again");
			source->ops->free(source);
		}
		scripted_close(&s);
		for (size_t k = 0; k < COUNT_OF(cases[i].set) && cases[i].set[k]; k += 2)
			unsetenv(cases[i].set[k]);
	}
}

static void write_bytes(const char *path, size_t n)
{
	FILE *f = fopen(path, "w");

	for (size_t i = 0; i < n; i++)
		fputc('k', f);
	fputc('\n', f);
	fclose(f);
}

/* The challenge could name any file of ours. */
static void arcs_key_is_read_from_its_directory_only(void **unused)
{
	static const struct {
		const char *challenge;	/* %s is the directory */
		bool read;
	} cases[] = {
		{ "Basic realm=%s/good.key", true },
		{ "Basic realm=%s/long.key", false },
		{ "Basic realm=%s/empty.key", false },
		{ "Basic realm=%s/link.key", false },
		{ "Basic realm=%s/dir.key", false },
		{ "Basic realm=%s/missing.key", false },
		{ "Basic realm=%s/good.txt", false },
		{ "Basic realm=%s/../%s/good.key", false },
		{ "Basic realm=%s//good.key", false },
		{ "Basic realm=%s/.key", false },
		{ "Basic realm=/etc/passwd", false },
		{ "Basic realm=%sgood.key", false },
		{ "Bearer realm=%s/good.key", false },
	};
	char *good = xasprintf("%s/good.key", dir), *name;

	(void)unused;
	write_bytes(good, 4095);
	name = xasprintf("%s/good.txt", dir);
	write_bytes(name, 10);
	free(name);
	name = xasprintf("%s/long.key", dir);
	write_bytes(name, 4096);
	free(name);
	name = xasprintf("%s/link.key", dir);
	assert_int_equal(symlink(good, name), 0);
	free(name);
	name = xasprintf("%s/dir.key", dir);
	assert_int_equal(mkdir(name, 0700), 0);
	free(name);
	name = xasprintf("%s/empty.key", dir);
	fclose(fopen(name, "w"));
	free(name);
	assert_int_equal(managed_identity_arc_key(NULL, dir, NULL), -1);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str challenge = { 0 }, key = { 0 };
		const char *p = cases[i].challenge, *at;

		for (; (at = strstr(p, "%s")); p = at + 2) {
			str_add_bytes(&challenge, p, (size_t)(at - p));
			str_add(&challenge, dir);
		}
		str_add(&challenge, p);
		if ((managed_identity_arc_key(str_text(&challenge), dir, &key) == 0) !=
		    cases[i].read)
			fail_msg("%s", str_text(&challenge));
		if (cases[i].read) {
			assert_int_equal(key.len, strlen("Basic ") + 4095);
			assert_memory_equal(key.buf, "Basic kk", 8);
		} else {
			assert_int_equal(key.len, 0);
		}
		str_release(&challenge);
		str_release(&key);
	}
	for (size_t i = 0; i < 6; i++) {
		static const char *const made[] = { "good.key", "good.txt", "long.key", "link.key",
						    "dir.key", "empty.key" };

		name = xasprintf("%s/%s", dir, made[i]);
		assert_int_equal(remove(name), 0);
		free(name);
	}
	free(good);
}

static void arc_is_shown_its_key(void **unused)
{
	char *good = xasprintf("%s/good.key", dir);
	char *ours = xasprintf("Basic realm=%s", good);
	static const struct script_answer answers[] = {
		{ 401, "{}", NULL },
		{ 200, "{\"access_token\":\"mi\",\"expires_in\":\"3599\"}", NULL },
		{ 401, "{}", NULL },
		/* The proof is not taken: no second round. */
		{ 401, "{}", NULL }, { 401, "{\"error\":\"unauthorized_client\"}", NULL },
	};
	const char *was = managed_identity_arc_keys;
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;

	(void)unused;
	write_bytes(good, 3);
	managed_identity_arc_keys = dir;
	setenv("IDENTITY_ENDPOINT", "http://localhost:40342/metadata/identity/oauth2/token", 1);
	setenv("IMDS_ENDPOINT", "http://localhost:40342", 1);
	scripted_open(&s, answers, COUNT_OF(answers));
	s.header = (char *)(uintptr_t)"Authorization";
	s.challenge = ours;
	source = managed_identity_new(s.loop, &s.transport, &s.cloud, NULL, &err);
	assert_string_equal(get_token(&s, source, false).token, "mi");
	assert_string_equal(s.value, "Basic kkk");
	assert_string_equal(s.urls[0], s.urls[1]);
	clock_advance(3600000);
	s.challenge = "Basic realm=/etc/passwd";
	assert_string_equal(get_token(&s, source, false).err.msg,
			    "Azure Arc's key cannot be read");
	assert_null(s.value);
	clock_advance(3000);
	s.challenge = ours;
	assert_string_equal(get_token(&s, source, false).err.msg,
			    "sign-in failed: the service answered \"unauthorized_client\"");
	assert_int_equal(s.n, 5);
	source->ops->free(source);
	scripted_close(&s);
	unsetenv("IDENTITY_ENDPOINT");
	unsetenv("IMDS_ENDPOINT");
	managed_identity_arc_keys = was;
	unlink(good);
	free(good);
	free(ours);
}

static void a_workload_shows_its_token(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"one\",\"expires_in\":3600}", NULL },
		{ 200, "{\"access_token\":\"two\",\"expires_in\":3600}", NULL },
	};
	char *file = xasprintf("%s/token", dir);
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;
	FILE *f = fopen(file, "w");

	(void)unused;
	fputs("  eyJ.first.sig\n", f);
	fclose(f);
	scripted_open(&s, answers, COUNT_OF(answers));
	source = workload_identity_new(s.loop, &s.transport, &s.cloud, "contoso.example", "an-id",
				       file, &err);
	assert_non_null(source);
	assert_string_equal(get_token(&s, source, false).token, "one");
	assert_string_equal(s.urls[0], "https://login.microsoftonline.com/contoso.example/oauth2/"
			    "v2.0/token");
	assert_string_equal(s.bodies[0], "grant_type=client_credentials&scope=https%3A%2F%2F"
			    "graph.microsoft.com%2F.default&client_id=an-id&client_assertion_type="
			    "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&"
			    "client_assertion=eyJ.first.sig");
	/* Others replace the file: it is read anew for each request. */
	f = fopen(file, "w");
	fputs("eyJ.second.sig", f);
	fclose(f);
	clock_advance(3301000);
	assert_string_equal(get_token(&s, source, false).token, "two");
	assert_non_null(strstr(s.bodies[1], "client_assertion=eyJ.second.sig"));
	/* One that cannot be read any more is said, and nothing is sent. */
	unlink(file);
	clock_advance(3601000);
	assert_int_equal(get_token(&s, source, false).err.kind, ERR_IO);
	assert_int_equal(s.n, 2);
	source->ops->free(source);
	assert_null(workload_identity_new(s.loop, &s.transport, &s.cloud, "contoso.example",
					  "an-id", file, &err));
	assert_int_equal(err.kind, ERR_IO);
	f = fopen(file, "w");
	fputs("two words\n", f);
	fclose(f);
	assert_null(workload_identity_new(s.loop, &s.transport, &s.cloud, "contoso.example",
					  "an-id", file, &err));
	assert_non_null(strstr(err.msg, ": no token is in it"));
	assert_null(workload_identity_new(s.loop, &s.transport, &s.cloud, "contoso.example",
					  "an-id", NULL, &err));
	assert_string_equal(err.msg, "no file with a federated token is named");
	unlink(file);
	free(file);
	scripted_close(&s);
}

/* The one choice that an environment with a secret has. */
static struct token_source *by_environment(struct scripted *s, const char *tenant,
					   struct err *err)
{
	struct sign_in_options o = { .tenant = tenant, .client_id = "an-id" };
	const char *why;

	return sign_in_new(s->loop, &s->transport, &s->cloud, &o, NULL, &why, err);
}

static void a_secret_leaves_the_environment(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"one\",\"expires_in\":3600}", NULL },
	};
	char *place;
	struct scripted s;
	struct err err = ERR_INIT;
	struct token_source *source;

	(void)unused;
	setenv("AZURE_CLIENT_SECRET", "planted-secret", 1);
	place = getenv("AZURE_CLIENT_SECRET");
	sign_in_secrets_take();
	assert_null(getenv("AZURE_CLIENT_SECRET"));
	for (size_t i = 0; i < strlen("planted-secret"); i++)
		assert_int_equal(place[i], 0);
	scripted_open(&s, answers, COUNT_OF(answers));
	source = by_environment(&s, "contoso.example", &err);
	assert_string_equal(get_token(&s, source, false).token, "one");
	assert_non_null(strstr(s.bodies[0], "client_secret=planted-secret"));
	source->ops->free(source);
	scripted_close(&s);
	sign_in_secrets_forget();
	assert_true(secret_empty(sign_in_secret(SIGN_IN_CLIENT_SECRET)));
}

static void other_tenants_must_be_allowed(void **unused)
{
	static const struct {
		const char *list, *tenant;
		bool allowed;
	} cases[] = {
		{ NULL, "other.example", true },
		{ "", "other.example", true },
		{ "a.example; Other.Example ;b", "other.example", true },
		{ "*", "other.example", true },
		{ "a.example", "HOME.example", true },
		{ "a.example;;b.example", "other.example", false },
		{ "other.example.evil", "other.example", false },
	};
	struct scripted s;

	(void)unused;
	scripted_open(&s, NULL, 0);
	setenv("AZURE_TENANT_ID", "home.example", 1);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err err = ERR_INIT;
		struct token_source *source;

		setenv("AZURE_CLIENT_SECRET", "x", 1);
		if (cases[i].list)
			setenv("AZURE_ADDITIONALLY_ALLOWED_TENANTS", cases[i].list, 1);
		source = by_environment(&s, cases[i].tenant, &err);
		if ((source != NULL) != cases[i].allowed)
			fail_msg("case %zu: %s", i, err.msg);
		if (source)
			source->ops->free(source);
		else
			assert_int_equal(err.kind, ERR_AUTH);
	}
	unsetenv("AZURE_ADDITIONALLY_ALLOWED_TENANTS");
	unsetenv("AZURE_TENANT_ID");
	sign_in_secrets_forget();
	scripted_close(&s);
}

static void on_prompt(void *ctx, const struct sign_in_prompt *p)
{
	(void)ctx;
	(void)p;
}

/* What is asked of a person, with one scope more where it is wanted. */
static void a_person_is_asked_for_more(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"user_code\":\"AB\",\"device_code\":\"dc\",\"verification_uri\":"
		  "\"https://microsoft.com/devicelogin\",\"expires_in\":900,\"interval\":1}",
		  NULL },
		{ 200, "{\"access_token\":\"one\",\"expires_in\":3600}", NULL },
	};
	static const char *const more[] = { NULL, SCOPE_RECOMMENDATIONS };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(more); i++) {
		struct sign_in_options o = { .auth = "device", .client_id = "an-id",
					     .more_scopes = more[i] };
		struct sign_in_front front = { .prompt = on_prompt };
		struct token_source *source;
		struct err err = ERR_INIT;
		struct scripted s;
		const char *why;

		scripted_open(&s, answers, COUNT_OF(answers));
		source = sign_in_new(s.loop, &s.transport, &s.cloud, &o, &front, &why, &err);
		assert_non_null(source);
		assert_string_equal(get_token(&s, source, false).token, "one");
		assert_non_null(strstr(s.bodies[0], "Policy.Read.All"));
		if (more[i])
			assert_non_null(strstr(s.bodies[0], "%2F" SCOPE_RECOMMENDATIONS));
		else
			assert_null(strstr(s.bodies[0], SCOPE_RECOMMENDATIONS));
		source->ops->free(source);
		scripted_close(&s);
	}
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
		{ NULL, { .certificate = "x", .token_file = "y" }, true, "certificate",
		  "A certificate is named." },
		{ NULL, { .token_file = "y", .display = true }, true, "workload-identity",
		  "AZURE_FEDERATED_TOKEN_FILE is set." },
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
		{ NULL, { .secret = true, .credentials = "dev" }, false, "azure-cli",
		  "AZURE_TOKEN_CREDENTIALS allows a developer's tools only." },
		{ NULL, { .token_file = "y", .credentials = "PROD", .display = true }, true,
		  "workload-identity", "AZURE_FEDERATED_TOKEN_FILE is set." },
		{ NULL, { .display = true, .credentials = "prod" }, true, "managed-identity",
		  "AZURE_TOKEN_CREDENTIALS is prod, and no application is set up." },
		{ NULL, { .certificate = "x", .credentials = "EnvironmentCredential" }, true,
		  "certificate", "A certificate is named." },
		{ NULL, { .token_file = "y", .credentials = "EnvironmentCredential" }, true, NULL,
		  "AZURE_TOKEN_CREDENTIALS wants an application, and none is set up" },
		{ NULL, { .secret = true, .credentials = "WorkloadIdentityCredential" }, true,
		  "workload-identity", "AZURE_TOKEN_CREDENTIALS names the workload identity." },
		{ NULL, { .secret = true, .credentials = "VisualStudioCodeCredential" }, true, NULL,
		  "AZURE_TOKEN_CREDENTIALS names \"VisualStudioCodeCredential\", which this "
		  "program does not have" },
		{ "device", { .secret = true, .credentials = "prod" }, true, "device",
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
		cmocka_unit_test(a_machine_that_is_not_ready_is_asked_again),
		cmocka_unit_test(other_services_are_known_by_the_environment),
		cmocka_unit_test(arcs_key_is_read_from_its_directory_only),
		cmocka_unit_test(arc_is_shown_its_key),
		cmocka_unit_test(a_workload_shows_its_token),
		cmocka_unit_test(a_secret_leaves_the_environment),
		cmocka_unit_test(other_tenants_must_be_allowed),
		cmocka_unit_test(a_person_is_asked_for_more),
		cmocka_unit_test(an_app_service_has_its_own_address),
		cmocka_unit_test(the_way_is_chosen_and_explained),
		cmocka_unit_test(scopes_are_compared_by_name),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
