/* The second sign-in, for the admin centre's own API: for whom, in which way, to
 * which tenant, and what is said when it does not work. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include <sys/stat.h>
#include <unistd.h>

#include "graph/sign_in/azure_cli.h"
#include "graph/sign_in/client_secret.h"
#include "graph/sign_in/device.h"
#include "graph/sign_in/portal_sign_in.h"
#include "tests/unit/scripted.h"

#define TENANT "0f0f0f0f-1111-4222-8333-444444444444"
#define OTHER "0e0e0e0e-1111-4222-8333-444444444444"
#define AUDIENCE "74658136-14ec-4630-ad9b-26e160ff0fc6"
/* {"tid":TENANT,"preferred_username":"ann@contoso.com"} and the same of OTHER. */
#define ID_TOKEN "x.eyJ0aWQiOiIwZjBmMGYwZi0xMTExLTQyMjItODMzMy00NDQ0NDQ0NDQ0NDQiLCJwcmVmZXJyZWRf" \
	"dXNlcm5hbWUiOiJhbm5AY29udG9zby5jb20ifQ.x"
#define OTHER_ID_TOKEN "x.eyJ0aWQiOiIwZTBlMGUwZS0xMTExLTQyMjItODMzMy00NDQ0NDQ0NDQ0NDQiLCJwcmVmZX" \
	"JyZWRfdXNlcm5hbWUiOiJhbm5AY29udG9zby5jb20ifQ.x"

#define CODE_ANSWER { 200, "{\"user_code\":\"AB\",\"device_code\":\"dc\",\"verification_uri\":" \
	"\"https://microsoft.com/devicelogin\",\"expires_in\":900,\"interval\":1}", NULL }
#define TOKENS(name, id) { 200, "{\"access_token\":\"" name "\",\"expires_in\":3599," \
	"\"refresh_token\":\"r\",\"id_token\":\"" id "\"}", NULL }

struct seen {
	unsigned prompts;
	bool shown;
};

static void on_prompt(void *ctx, const struct sign_in_prompt *p)
{
	struct seen *seen = ctx;

	assert_true(!p || !seen->shown);	/* never two side by side */
	seen->shown = p != NULL;
	seen->prompts += p != NULL;
}

struct both {
	struct scripted s;
	struct seen seen;
	struct sign_in_front front;
	struct token_source *graph, *portal;
	struct sign_in_options o;
};

static void open_device(struct both *b, const struct script_answer *answers, size_t n)
{
	struct err err = ERR_INIT;

	memset(b, 0, sizeof(*b));
	scripted_open(&b->s, answers, n);
	b->front = (struct sign_in_front){ .prompt = on_prompt, .ctx = &b->seen };
	b->graph = device_new(b->s.loop, &b->s.transport, &b->s.cloud, "organizations",
			      "11111111-2222-4333-8444-555555555555", &b->front, &err);
	assert_non_null(b->graph);
	b->portal = portal_sign_in_new(b->s.loop, &b->s.transport, &b->s.cloud, &b->o, b->graph,
				       &b->front);
}

static void close_both(struct both *b)
{
	b->portal->ops->free(b->portal);
	b->graph->ops->free(b->graph);
	scripted_close(&b->s);
}

/* After Graph's, to its tenant, under Azure CLI's name, for one audience. */
static void one_after_the_other(void **state)
{
	static const struct script_answer answers[] = {
		CODE_ANSWER, TOKENS("for-graph", ID_TOKEN),
		CODE_ANSWER, TOKENS("for-portal", ID_TOKEN),
	};
	struct got first = { .done = false }, second = { .done = false };
	struct both b;

	(void)state;
	open_device(&b, answers, COUNT_OF(answers));
	b.portal->ops->get(b.portal, false, got_it, &first);
	b.portal->ops->get(b.portal, false, got_it, &second);
	loop_run_until(b.s.loop, &first.done);
	loop_run_until(b.s.loop, &second.done);
	assert_string_equal(first.token, "for-portal");
	assert_string_equal(second.token, "for-portal");
	assert_int_equal(b.seen.prompts, 2);
	assert_int_equal(b.s.n, 4);
	assert_string_equal(b.s.urls[2], "https://login.microsoftonline.com/" TENANT
			    "/oauth2/v2.0/devicecode");
	assert_non_null(strstr(b.s.bodies[2], "client_id=" PORTAL_CLIENT));
	assert_non_null(strstr(b.s.bodies[2], "scope=" AUDIENCE "%2F.default%20openid%20profile%20"
			       "offline_access"));
	assert_null(strstr(b.s.bodies[2], "graph.microsoft.com"));
	/* Graph's own request asks nothing for it. */
	assert_null(strstr(b.s.bodies[0], AUDIENCE));
	assert_string_equal(b.portal->account, "ann@contoso.com");
	assert_string_equal(get_token(&b.s, b.portal, false).token, "for-portal");
	assert_string_equal(get_token(&b.s, b.graph, false).token, "for-graph");
	assert_int_equal(b.s.n, 4);
	close_both(&b);
}

static void another_tenant_is_refused(void **state)
{
	static const struct script_answer answers[] = {
		CODE_ANSWER, TOKENS("for-graph", ID_TOKEN),
		CODE_ANSWER, TOKENS("for-portal", OTHER_ID_TOKEN),
	};
	struct got g;
	struct both b;

	(void)state;
	open_device(&b, answers, COUNT_OF(answers));
	g = get_token(&b.s, b.portal, false);
	assert_int_equal(g.err.kind, ERR_AUTH);
	assert_non_null(strstr(g.err.msg, "for another tenant"));
	close_both(&b);
}

/* Esc is an answer for good, until somebody signs in again. */
static void a_declined_one_stays_declined(void **state)
{
	static const struct script_answer answers[] = {
		CODE_ANSWER, TOKENS("for-graph", ID_TOKEN), CODE_ANSWER,
		CODE_ANSWER, TOKENS("for-portal", ID_TOKEN),
	};
	struct got g = { .done = false };
	struct both b;

	(void)state;
	open_device(&b, answers, COUNT_OF(answers));
	assert_string_equal(get_token(&b.s, b.graph, false).token, "for-graph");
	b.portal->ops->get(b.portal, false, got_it, &g);
	while (!b.seen.shown)
		loop_run_once(b.s.loop, -1);
	portal_sign_in_decline(b.portal);
	loop_run_until(b.s.loop, &g.done);
	assert_false(b.seen.shown);
	assert_non_null(strstr(g.err.msg, "was declined"));
	g = get_token(&b.s, b.portal, false);
	assert_int_equal(g.err.kind, ERR_AUTH);
	assert_non_null(strstr(g.err.msg, "was declined"));
	assert_int_equal(b.s.n, 3);
	assert_string_equal(get_token(&b.s, b.graph, false).token, "for-graph");
	b.portal->ops->forget(b.portal);
	assert_string_equal(get_token(&b.s, b.portal, false).token, "for-portal");
	close_both(&b);
}

static void refusals_are_explained(void **state)
{
	static const struct {
		const char *answer, *says, *todo;
	} cases[] = {
		{ "{\"error\":\"invalid_request\",\"error_description\":\"AADSTS65002: Consent "
		  "between first party application and first party resource must be configured "
		  "via preauthorization.\"}", "an application of Microsoft's is used for an API",
		  "This tenant does not let" },
		{ "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS53003: Access has "
		  "been blocked by Conditional Access policies.\"}", "Conditional Access",
		  "Conditional Access tab" },
		{ "{\"error\":\"unauthorized_client\",\"error_description\":\"AADSTS7000112: "
		  "Application is disabled.\"}", "is disabled in this tenant",
		  "This tenant does not let" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct script_answer answers[] = {
			CODE_ANSWER, TOKENS("for-graph", ID_TOKEN),
			CODE_ANSWER, { 400, cases[i].answer, NULL },
		};
		struct got g;
		struct both b;

		open_device(&b, answers, COUNT_OF(answers));
		g = get_token(&b.s, b.portal, false);
		assert_int_equal(g.err.kind, ERR_AUTH);
		if (!str_starts(g.err.msg, "the admin centre's own API: ") ||
		    !strstr(g.err.msg, cases[i].says) || !strstr(g.err.todo, cases[i].todo))
			fail_msg("%zu: %s | %s", i, g.err.msg, g.err.todo);
		close_both(&b);
	}
}

static char dir[] = "/tmp/portal-test-XXXXXX";

/* An application signs in to Graph and nobody is there: the Azure CLI's sign-in is
 * borrowed; without it that is said. */
static void an_application_borrows_the_azure_cli(void **state)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"access_token\":\"app\",\"expires_in\":3599}", NULL },
	};
	char *az = xasprintf("%s/az", dir), *seen = xasprintf("%s/seen", dir), line[256] = "";
	struct sign_in_options o = { .tenant = TENANT };
	struct token_source *graph, *portal;
	struct err err = ERR_INIT;
	struct secret secret = { 0 };
	struct scripted s;
	struct got g;
	FILE *f;

	(void)state;
	setenv("PATH", dir, 1);
	secret_set(&secret, "x", 1);
	scripted_open(&s, answers, COUNT_OF(answers));
	clock_set_real();
	graph = client_secret_new(s.loop, &s.transport, &s.cloud, TENANT, PORTAL_CLIENT, &secret,
				  &err);
	portal = portal_sign_in_new(s.loop, &s.transport, &s.cloud, &o, graph, NULL);
	g = get_token(&s, portal, false);
	assert_non_null(strstr(g.err.msg, "the Azure CLI (az) is not in PATH"));
	f = fopen(az, "w");
	fprintf(f, "#!/bin/sh\nprintf '%%s ' \"$@\" >%s\necho '{\"accessToken\":\"from-az\","
		"\"expires_on\":4102444800,\"tenant\":\"" TENANT "\"}'\n", seen);
	fclose(f);
	chmod(az, 0755);
	assert_string_equal(get_token(&s, portal, false).token, "from-az");
	assert_string_equal(portal->tenant, TENANT);
	f = fopen(seen, "r");
	assert_non_null(fgets(line, sizeof(line), f));
	fclose(f);
	assert_string_equal(line, "account get-access-token --output json --resource " AUDIENCE
			    " --tenant " TENANT " ");
	portal->ops->free(portal);
	graph->ops->free(graph);
	scripted_close(&s);
	unlink(az);
	unlink(seen);
	rmdir(dir);
	free(az);
	free(seen);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_after_the_other),
		cmocka_unit_test(another_tenant_is_refused),
		cmocka_unit_test(a_declined_one_stays_declined),
		cmocka_unit_test(refusals_are_explained),
		cmocka_unit_test(an_application_borrows_the_azure_cli),
	};

	return mkdtemp(dir) ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
