#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "graph/sign_in/device.h"
#include "graph/tenant/tenant.h"
#include "tests/unit/scripted.h"

#define CLIENT "0f8fad5b-d9cb-469f-a165-70867728950e"
#define CODE_WITH(url) "{\"device_code\":\"dev1\",\"user_code\":\"HYY9EL39T\"," \
	"\"verification_uri\":\"" url "\",\"expires_in\":900,\"interval\":5}"
#define CODE CODE_WITH("https://microsoft.com/devicelogin")
#define SAYS(error, n) "{\"error\":\"" error "\",\"error_codes\":[" #n "]}"
#define PENDING { 400, SAYS("authorization_pending", 70016), NULL }
/* The id token's claims: {"preferred_username":"ada@contoso.example"} */
#define TOKENS(name, refresh, scope) "{\"access_token\":\"" name "\",\"expires_in\":3600," \
	"\"refresh_token\":\"" refresh "\",\"scope\":\"" scope "\",\"id_token\":\"e30." \
	"eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhZGFAY29udG9zby5leGFtcGxlIn0.c2ln\"}"
#define READ "openid User.Read Organization.Read.All"
#define WRITE READ " https://graph.microsoft.com/Group.ReadWrite.All"

struct front {
	struct sign_in_front front;
	unsigned shown, over;
	char url[128], code[32];
	int64_t expires_ms;
};

static void prompt(void *ctx, const struct sign_in_prompt *p)
{
	struct front *f = ctx;

	if (!p) {
		f->over++;
		return;
	}
	f->shown++;
	assert_int_equal(p->kind, SIGN_IN_CODE);
	snprintf(f->url, sizeof(f->url), "%s", p->url);
	snprintf(f->code, sizeof(f->code), "%s", p->code);
	f->expires_ms = p->expires_ms;
}

static struct token_source *open_source(struct scripted *s, struct front *f,
					const struct script_answer *answers, size_t n)
{
	struct err err = ERR_INIT;
	struct token_source *source;

	scripted_open(s, answers, n);
	*f = (struct front){ .front = { .prompt = prompt, .ctx = f } };
	source = device_new(s->loop, &s->transport, &s->cloud, "organizations", CLIENT, &f->front,
			    &err);
	assert_non_null(source);
	return source;
}

static void polls_until_the_code_is_entered(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, PENDING, { 400, SAYS("slow_down", 0), NULL }, PENDING,
		{ 200, TOKENS("one", "r1", READ), NULL },
	};
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));
	struct got g = get_token(&s, source, false);

	(void)unused;
	assert_string_equal(g.token, "one");
	assert_string_equal(f.url, "https://microsoft.com/devicelogin");
	assert_string_equal(f.code, "HYY9EL39T");
	assert_int_equal(f.expires_ms - SCRIPT_NOW, 900000);
	assert_int_equal(f.shown, 1);
	assert_int_equal(f.over, 1);
	assert_string_equal(source->account, "ada@contoso.example");
	assert_string_equal(source->granted, READ);
	assert_string_equal(s.urls[0], "https://login.microsoftonline.com/organizations/oauth2/"
			    "v2.0/devicecode");
	assert_non_null(strstr(s.bodies[0], "offline_access"));
	assert_null(strstr(s.bodies[0], "ReadWrite"));
	assert_string_equal(s.bodies[1], "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3A"
			    "device_code&client_id=" CLIENT "&device_code=dev1");
	assert_int_equal(s.at_ms[2] - s.at_ms[1], 5000);
	assert_int_equal(s.at_ms[3] - s.at_ms[2], 10000);
	source->ops->free(source);
	scripted_close(&s);
}

/* Busy, and the network away: the code still holds, and no request comes before
 * the service wants one (facts 1.3). */
static void a_busy_service_is_waited_for(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 429, "{}", "90" }, PENDING, { 503, "{}", "200" },
		{ 0, NULL, NULL }, { 0, NULL, NULL }, { 0, NULL, NULL }, { 429, "{}", "0" },
		{ 200, TOKENS("one", "r1", READ), NULL },
	};
	static const int64_t waits[] = { 5000, 90000, 5000, 200000, 3000, 6000, 5000, 3000 };
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));

	(void)unused;
	assert_string_equal(get_token(&s, source, false).token, "one");
	assert_int_equal(f.shown, 1);
	for (size_t i = 0; i < COUNT_OF(waits); i++) {
		int64_t waited = s.at_ms[i + 1] - s.at_ms[i];

		if (waited < waits[i] || waited >= waits[i] + 1000)
			fail_msg("wait %zu: %lld ms", i, (long long)waited);
	}
	source->ops->free(source);
	scripted_close(&s);
}

/* While the code is waited for, it is told that the service cannot be asked. */
static void a_network_that_is_away_is_told(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 0, NULL, NULL }, { SCRIPT_HOPELESS, NULL, NULL }, PENDING,
		{ 0, NULL, NULL }, { 200, TOKENS("one", "r1", READ), NULL },
	};
	/* A lost connection is tried again at once; then it is told. */
	static const bool trouble[] = { false, false, false, true, false, false };
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));
	struct got g = { .done = false };

	(void)unused;
	source->ops->get(source, false, got_it, &g);
	/* Before the nth request goes out, as the one before it ended. */
	for (size_t n = 1; n <= COUNT_OF(answers); n++) {
		while (s.n < n)
			loop_run_once(s.loop, -1);
		if ((*source->trouble != '\0') != trouble[n - 1])
			fail_msg("before request %zu: %s", n, source->trouble);
	}
	loop_run_until(s.loop, &g.done);
	assert_string_equal(g.token, "one");
	assert_string_equal(source->trouble, "");
	source->ops->free(source);
	scripted_close(&s);
}

static void endings_are_told(void **unused)
{
	static const struct {
		struct script_answer answers[3];
		const char *says;
		unsigned shown;
	} cases[] = {
		{ { { 200, CODE, NULL }, { 400, SAYS("authorization_declined", 0), NULL } },
		  "sign-in failed: it was declined in the browser", 1 },
		{ { { 200, CODE, NULL }, { 400, SAYS("access_denied", 0), NULL } },
		  "sign-in failed: it was declined in the browser", 1 },
		{ { { 200, CODE, NULL }, { 400, SAYS("expired_token", 70020), NULL } },
		  "sign-in failed: the code was not entered in time", 1 },
		{ { { 200, CODE, NULL }, { 400, SAYS("invalid_grant", 53000), NULL } },
		  "sign-in failed: a policy wants a registered, compliant or joined device "
		  "(AADSTS53000)", 1 },
		{ { { 400, SAYS("unauthorized_client", 700016), NULL } },
		  "sign-in failed: the application is not known in this tenant (AADSTS700016)",
		  0 },
		{ { { 200, CODE, NULL }, { 400, SAYS("invalid_grant", 65001), NULL } },
		  "sign-in failed: nobody consented to the permissions of the application "
		  "(AADSTS65001)", 1 },
		{ { { 200, "{}", NULL } }, "sign-in failed: the service gave no code", 0 },
		{ { { 200, CODE_WITH("https://microsoft.com@evil.example/"), NULL } },
		  "sign-in failed: the service gave no code", 0 },
		{ { { 200, CODE_WITH("http://microsoft.com/devicelogin"), NULL } },
		  "sign-in failed: the service gave no code", 0 },
		{ { { 200, CODE_WITH("https://microsoft.com/\\u001b[2J"), NULL } },
		  "sign-in failed: the service gave no code", 0 },
		{ { { 200, CODE_WITH("https:///devicelogin"), NULL } },
		  "sign-in failed: the service gave no code", 0 },
		{ { { 200, CODE, NULL }, { 400, SAYS("bad_verification_code", 70018), NULL } },
		  "sign-in failed: the service does not know the code (AADSTS70018)", 1 },
		/* Blocked by a policy: nobody is asked again, and the policy is named. */
		{ { { 200, CODE, NULL }, { 400, "{\"error\":\"invalid_grant\",\"suberror\":"
		  "\"message_only\",\"error_codes\":[53003],\"claims\":\"{\\\"access_token\\\":{"
		  "\\\"capolids\\\":{\\\"values\\\":[\\\"p-1\\\"]}}}\"}", NULL } },
		  "sign-in failed: Conditional Access or security defaults block this sign-in, by "
		  "the policy p-1 (AADSTS53003)", 1 },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scripted s;
		struct front f;
		struct token_source *source = open_source(&s, &f, cases[i].answers, 3);
		struct got g = get_token(&s, source, false);

		assert_string_equal(g.err.msg, cases[i].says);
		if (str_same(g.err.graph_code, "AADSTS65001"))
			assert_string_equal(g.err.todo, "Let an administrator grant consent under "
					    "API permissions, or at https://login.microsoftonline.com/"
					    "organizations/adminconsent?client_id=" CLIENT);
		assert_string_equal(g.token, "");
		assert_int_equal(f.shown, cases[i].shown);
		assert_int_equal(f.over, cases[i].shown);
		source->ops->free(source);
		scripted_close(&s);
	}
}

static void the_code_runs_out_by_the_clock(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, "{\"device_code\":\"d\",\"user_code\":\"ABC\",\"verification_uri\":"
		  "\"https://microsoft.com/devicelogin\",\"expires_in\":12,\"interval\":5}", NULL },
		PENDING, PENDING,
	};
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));
	struct got g = get_token(&s, source, false);

	(void)unused;
	assert_string_equal(g.err.msg, "sign-in failed: the code was not entered in time");
	assert_int_equal(clock_now_ms() - SCRIPT_NOW, 12000);
	assert_int_equal(f.over, 1);
	source->ops->free(source);
	scripted_close(&s);
}

static void waiting_can_be_cancelled(void **unused)
{
	static const struct script_answer answers[] = { { 200, CODE, NULL } };
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));
	struct got g = { .done = false };

	(void)unused;
	source->ops->get(source, false, got_it, &g);
	while (!f.shown)
		assert_true(loop_run_once(s.loop, -1));
	source->ops->cancel(source);
	assert_int_equal(g.err.kind, ERR_CANCELLED);
	assert_int_equal(f.over, 1);
	assert_false(loop_run_once(s.loop, 0));
	source->ops->free(source);
	scripted_close(&s);
}

static void refresh_tokens_rotate(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 200, TOKENS("one", "r1", READ), NULL },
		{ 200, TOKENS("two", "r2", READ), NULL },
		{ 200, TOKENS("three", "r3", READ), NULL },
		/* Revoked: a person has to sign in again. */
		{ 400, SAYS("invalid_grant", 50173), NULL }, { 200, CODE, NULL },
		{ 200, TOKENS("four", "r4", READ), NULL },
	};
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));

	(void)unused;
	assert_string_equal(get_token(&s, source, false).token, "one");
	clock_advance(3301000);
	assert_string_equal(get_token(&s, source, false).token, "two");
	assert_non_null(strstr(s.bodies[2], "grant_type=refresh_token&refresh_token=r1&"));
	clock_advance(3301000);
	assert_string_equal(get_token(&s, source, false).token, "three");
	assert_non_null(strstr(s.bodies[3], "refresh_token=r2&"));
	assert_int_equal(f.shown, 1);
	clock_advance(3301000);
	assert_string_equal(get_token(&s, source, false).token, "four");
	assert_int_equal(f.shown, 2);
	source->ops->free(source);
	scripted_close(&s);
}

static void write_scopes_are_asked_for_when_needed(void **unused)
{
	static const char *const group[] = { "Group.ReadWrite.All", NULL };
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 200, TOKENS("one", "r1", READ), NULL },
		/* Not consented: a new sign-in, which the person declines. */
		{ 400, SAYS("invalid_grant", 65001), NULL }, { 200, CODE, NULL },
		{ 400, SAYS("authorization_declined", 0), NULL },
		/* Consented to meanwhile: silently. */
		{ 200, TOKENS("two", "r2", WRITE), NULL },
		{ 200, TOKENS("three", "r3", WRITE), NULL },
	};
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));
	struct got g;

	(void)unused;
	assert_string_equal(get_token(&s, source, false).token, "one");
	g = need_scopes(&s, source, group);
	assert_string_equal(g.err.msg, "sign-in failed: it was declined in the browser");
	assert_non_null(strstr(s.bodies[2], "%2FGroup.ReadWrite.All"));
	assert_non_null(strstr(s.bodies[3], "%2FGroup.ReadWrite.All"));
	/* What there was still is. */
	assert_string_equal(get_token(&s, source, false).token, "one");
	g = need_scopes(&s, source, group);
	assert_string_equal(g.token, "two");
	assert_int_equal(f.shown, 2);
	/* Once granted, nothing is sent; a renewal keeps it. */
	assert_string_equal(need_scopes(&s, source, group).token, "two");
	assert_int_equal(s.n, 6);
	clock_advance(3301000);
	assert_string_equal(get_token(&s, source, false).token, "three");
	assert_non_null(strstr(s.bodies[6], "%2FGroup.ReadWrite.All"));
	source->ops->free(source);
	scripted_close(&s);
}

/* Other services than Microsoft's call it invalid_scope when a refresh token asks for
 * what nobody consented to yet: the person is asked for it, and the token stays. */
static void a_scope_beyond_the_refresh_token_is_asked_for(void **unused)
{
	static const char *const group[] = { "Group.ReadWrite.All", NULL };
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 200, TOKENS("one", "r1", READ), NULL },
		{ 400, "{\"error\":\"invalid_scope\"}", NULL }, { 200, CODE, NULL },
		{ 400, SAYS("authorization_declined", 0), NULL },
		{ 200, TOKENS("two", "r2", READ), NULL },
	};
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));

	(void)unused;
	assert_string_equal(get_token(&s, source, false).token, "one");
	assert_string_equal(need_scopes(&s, source, group).err.msg,
			    "sign-in failed: it was declined in the browser");
	assert_int_equal(f.shown, 2);
	clock_advance(3301000);
	assert_string_equal(get_token(&s, source, false).token, "two");
	assert_non_null(strstr(s.bodies[5], "refresh_token=r1&"));
	assert_null(strstr(s.bodies[5], "ReadWrite"));
	source->ops->free(source);
	scripted_close(&s);
}

static void a_need_waits_for_the_sign_in_that_runs(void **unused)
{
	static const char *const group[] = { "Group.ReadWrite.All", NULL };
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 200, TOKENS("one", "r1", READ), NULL },
		{ 200, TOKENS("two", "r2", WRITE), NULL },
	};
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));
	struct got first = { .done = false }, g;

	(void)unused;
	source->ops->get(source, false, got_it, &first);
	g = need_scopes(&s, source, group);
	assert_string_equal(first.token, "one");
	assert_string_equal(g.token, "two");
	source->ops->free(source);
	scripted_close(&s);
}

static void another_person_can_sign_in(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, CODE, NULL }, { 200, TOKENS("one", "r1", READ), NULL },
		{ 200, CODE, NULL }, { 200, TOKENS("two", "r2", READ), NULL },
	};
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));

	(void)unused;
	assert_string_equal(get_token(&s, source, false).token, "one");
	source->ops->forget(source);
	assert_string_equal(source->account, "");
	assert_string_equal(get_token(&s, source, false).token, "two");
	assert_int_equal(f.shown, 2);
	source->ops->free(source);
	scripted_close(&s);
}

static void older_clouds_get_the_classic_names(void **unused)
{
	static const struct script_answer answers[] = {
		{ 400, SAYS("invalid_request", 650053), NULL }, { 200, CODE, NULL },
		{ 400, SAYS("invalid_request", 650053), NULL },
	};
	struct scripted s;
	struct front f;
	struct token_source *source = open_source(&s, &f, answers, COUNT_OF(answers));
	struct got g = get_token(&s, source, false);

	(void)unused;
	assert_non_null(strstr(s.bodies[0], "%2FGroup.ReadBasic.All"));
	assert_null(strstr(s.bodies[1], "%2FGroup.ReadBasic.All"));
	assert_non_null(strstr(s.bodies[1], "%2FGroup.Read.All"));
	/* Only one other try is made. */
	assert_string_equal(g.err.graph_code, "AADSTS650053");
	source->ops->free(source);
	scripted_close(&s);
}

static void signs_in_to_the_simulated_tenant(void **unused)
{
	struct scripted s;
	struct front f = { .front = { .prompt = prompt, .ctx = &f } };
	struct err err = ERR_INIT;
	struct tenant *tenant;
	struct transport *t;
	struct token_source *source;
	static const char *const group[] = { "Group.ReadWrite.All", NULL };

	(void)unused;
	scripted_open(&s, NULL, 0);
	tenant = tenant_new("contoso", 0, &err);
	t = tenant_transport_new(s.loop, tenant, 0);
	source = device_new(s.loop, t, &s.cloud, tenant_id(tenant), CLIENT, &f.front, &err);
	assert_non_null(source);
	assert_int_equal(get_token(&s, source, false).err.kind, ERR_NONE);
	assert_int_equal(strlen(f.code), 9);
	assert_non_null(strstr(source->account, "@"));
	assert_non_null(strstr(source->granted, "AuditLog.Read.All"));
	assert_null(strstr(source->granted, "ReadWrite"));
	assert_int_equal(need_scopes(&s, source, group).err.kind, ERR_NONE);
	assert_non_null(strstr(source->granted, "Group.ReadWrite.All"));
	assert_int_equal(f.shown, 1);
	source->ops->free(source);
	t->ops->free(t);
	tenant_free(tenant);
	scripted_close(&s);
}

static void a_sign_in_needs_somebody(void **unused)
{
	struct sign_in_front nobody = { .prompt = NULL };
	struct scripted s;
	struct err err = ERR_INIT;

	(void)unused;
	scripted_open(&s, NULL, 0);
	assert_null(device_new(s.loop, &s.transport, &s.cloud, "organizations", CLIENT, &nobody,
			       &err));
	assert_string_equal(err.msg, "nobody is there to sign in");
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(polls_until_the_code_is_entered),
		cmocka_unit_test(a_busy_service_is_waited_for),
		cmocka_unit_test(a_network_that_is_away_is_told),
		cmocka_unit_test(endings_are_told),
		cmocka_unit_test(the_code_runs_out_by_the_clock),
		cmocka_unit_test(waiting_can_be_cancelled),
		cmocka_unit_test(refresh_tokens_rotate),
		cmocka_unit_test(write_scopes_are_asked_for_when_needed),
		cmocka_unit_test(a_scope_beyond_the_refresh_token_is_asked_for),
		cmocka_unit_test(a_need_waits_for_the_sign_in_that_runs),
		cmocka_unit_test(another_person_can_sign_in),
		cmocka_unit_test(older_clouds_get_the_classic_names),
		cmocka_unit_test(signs_in_to_the_simulated_tenant),
		cmocka_unit_test(a_sign_in_needs_somebody),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
