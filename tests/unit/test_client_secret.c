#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "graph/sign_in/client_secret.h"
#include "tests/unit/scripted.h"

#define TOKEN(name, seconds) "{\"token_type\":\"Bearer\",\"access_token\":\"" name \
	"\",\"expires_in\":" #seconds "}"

static struct token_source *open_source(struct scripted *s)
{
	struct secret secret = { 0 };
	struct err err = ERR_INIT;
	struct token_source *source;

	secret_set(&secret, "se&cret", 7);
	source = client_secret_new(s->loop, &s->transport, &s->cloud, "contoso.example",
				   "0f8fad5b-d9cb-469f-a165-70867728950e", &secret, &err);
	assert_non_null(source);
	assert_true(secret_empty(&secret));
	return source;
}

static void asks_as_an_application(void **unused)
{
	static const struct script_answer answers[] = { { 200, TOKEN("one", 3599), NULL } };
	struct scripted s;
	struct token_source *source;
	struct got g;

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s);
	assert_string_equal(source->account, "application 0f8fad5b-d9cb-469f-a165-70867728950e");
	assert_int_equal(s.n, 0);
	g = get_token(&s, source, false);
	assert_string_equal(g.token, "one");
	assert_string_equal(s.method[0], "POST");
	assert_string_equal(s.urls[0], "https://login.microsoftonline.com/contoso.example/oauth2/"
			    "v2.0/token");
	assert_string_equal(s.bodies[0], "grant_type=client_credentials&"
			    "scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&"
			    "client_id=0f8fad5b-d9cb-469f-a165-70867728950e&client_secret=se%26cret");
	/* Facts 8.5 and 8.6. */
	assert_int_equal(s.max_bytes, 256 << 10);
	assert_int_equal(s.timeout_ms, 30000);
	source->ops->free(source);
	scripted_close(&s);
}

/* A token is of one cloud: asked for there, and for its own Graph (facts 8.9). */
static void each_cloud_has_its_own(void **unused)
{
	static const struct script_answer answers[] = { { 200, TOKEN("one", 3599), NULL } };
	static const struct {
		const char *cloud, *url, *scope;
	} cases[] = {
		{ "global", "https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token",
		  "&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default&" },
		{ "usgov", "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token",
		  "&scope=https%3A%2F%2Fgraph.microsoft.us%2F.default&" },
		{ "dod", "https://login.microsoftonline.us/contoso.example/oauth2/v2.0/token",
		  "&scope=https%3A%2F%2Fdod-graph.microsoft.us%2F.default&" },
		{ "china", "https://login.chinacloudapi.cn/contoso.example/oauth2/v2.0/token",
		  "&scope=https%3A%2F%2Fmicrosoftgraph.chinacloudapi.cn%2F.default&" },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct scripted s;
		struct token_source *source;
		struct err err = ERR_INIT;

		scripted_open(&s, answers, COUNT_OF(answers));
		assert_int_equal(cloud_by_name(cases[i].cloud, &s.cloud, &err), 0);
		source = open_source(&s);
		assert_string_equal(get_token(&s, source, false).token, "one");
		assert_string_equal(s.urls[0], cases[i].url);
		assert_non_null(strstr(s.bodies[0], cases[i].scope));
		source->ops->free(source);
		scripted_close(&s);
	}
}

static void renews_five_minutes_early(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, TOKEN("one", 3600), NULL }, { 200, TOKEN("two", 3600), NULL },
		{ 200, TOKEN("three", 3600), NULL },
	};
	struct scripted s;
	struct token_source *source;

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s);
	assert_string_equal(get_token(&s, source, false).token, "one");
	clock_advance(3299000);
	assert_string_equal(get_token(&s, source, false).token, "one");
	clock_advance(2000);
	assert_string_equal(get_token(&s, source, false).token, "two");
	/* Refused at once: those that were refused together share one renewal. */
	assert_string_equal(get_token(&s, source, true).token, "two");
	clock_advance(10000);
	assert_string_equal(get_token(&s, source, true).token, "three");
	assert_int_equal(s.n, 3);
	source->ops->free(source);
	scripted_close(&s);
}

static void getters_share_one_request(void **unused)
{
	static const struct script_answer answers[] = { { 200, TOKEN("one", 3600), NULL } };
	struct scripted s;
	struct token_source *source;
	struct got g[3] = { { .done = false } };

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s);
	for (size_t i = 0; i < COUNT_OF(g); i++)
		source->ops->get(source, false, got_it, &g[i]);
	loop_run_until(s.loop, &g[2].done);
	for (size_t i = 0; i < COUNT_OF(g); i++)
		assert_string_equal(g[i].token, "one");
	assert_int_equal(s.n, 1);
	source->ops->free(source);
	scripted_close(&s);
}

static void tries_again_when_that_may_help(void **unused)
{
	static const struct script_answer answers[] = {
		{ 0, NULL, NULL }, { 503, "busy", "7" }, { 200, TOKEN("one", 3600), NULL },
		{ 503, "busy", "1" }, { 503, "busy", "1" }, { 503, "busy", "1" },
		{ 401, "{\"error\":\"invalid_client\",\"error_codes\":[7000215],"
		  "\"trace_id\":\"abc\"}", NULL },
	};
	struct scripted s;
	struct token_source *source;
	struct got g;

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s);
	assert_string_equal(get_token(&s, source, false).token, "one");
	assert_int_equal(s.at_ms[2] - s.at_ms[1], 7000);
	clock_advance(3600000);
	g = get_token(&s, source, false);
	assert_int_equal(g.err.kind, ERR_AUTH);
	assert_int_equal(s.n, 6);
	/* Those that queued behind it get the same answer, without asking. */
	assert_int_equal(get_token(&s, source, false).err.kind, ERR_AUTH);
	assert_int_equal(s.n, 6);
	clock_advance(2000);
	/* A refusal is not sent again. */
	g = get_token(&s, source, false);
	assert_string_equal(g.err.graph_code, "AADSTS7000215");
	assert_string_equal(g.err.request_id, "abc");
	assert_int_equal(s.n, 7);
	source->ops->free(source);
	scripted_close(&s);
}

/* For longer than we wait: not asked again, and told when to come back. */
static void a_long_wait_is_told(void **unused)
{
	static const struct script_answer answers[] = {
		{ 429, "{\"error\":\"temporarily_unavailable\",\"error_codes\":[90055]}", "3600" },
		{ 302, "<html>moved</html>", NULL },
		{ 200, "<html>Welcome to the hotel</html>", NULL },
	};
	struct scripted s;
	struct token_source *source;
	struct got g;

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s);
	g = get_token(&s, source, false);
	assert_string_equal(g.err.graph_code, "AADSTS90055");
	assert_int_equal(g.err.retry_after_ms, 3600000);
	assert_true(str_starts(g.err.todo, "The service asks not to come back before 2026-11-"));
	assert_int_equal(s.n, 1);
	/* Who stands between is not followed, nor taken for the service. */
	for (size_t i = 1; i < 3; i++) {
		char *says = xasprintf("sign-in failed: the service answered %d without a readable "
				       "reason", answers[i].status);

		clock_advance(3000);
		g = get_token(&s, source, false);
		assert_string_equal(g.err.msg, says);
		assert_non_null(strstr(g.err.todo, "check the proxy"));
		assert_int_equal(s.n, i + 1);
		free(says);
	}
	source->ops->free(source);
	scripted_close(&s);
}

static void a_renewal_in_vain_does_no_harm(void **unused)
{
	static const struct script_answer answers[] = {
		{ 200, TOKEN("one", 3600), NULL },
		{ 0, NULL, NULL }, { 0, NULL, NULL }, { 0, NULL, NULL },
		{ 200, TOKEN("two", 3600), NULL },
		{ 0, NULL, NULL }, { 0, NULL, NULL }, { 0, NULL, NULL },
	};
	struct scripted s;
	struct token_source *source;

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s);
	assert_string_equal(get_token(&s, source, false).token, "one");
	clock_advance(3310000);
	assert_string_equal(get_token(&s, source, false).token, "one");
	/* Not asked for again at once, but soon. */
	assert_string_equal(get_token(&s, source, false).token, "one");
	assert_int_equal(s.n, 4);
	clock_advance(30000);
	assert_string_equal(get_token(&s, source, false).token, "two");
	/* A token that was refused serves nobody any more. */
	clock_advance(3310000);
	assert_int_equal(get_token(&s, source, true).err.kind, ERR_NET);
	source->ops->free(source);
	scripted_close(&s);
}

static void can_be_cancelled(void **unused)
{
	struct scripted s;
	struct token_source *source;
	struct got g = { .done = false }, again = { .done = false };

	(void)unused;
	scripted_open(&s, NULL, 0);
	source = open_source(&s);
	source->ops->get(source, false, got_it, &g);
	source->ops->cancel(source);
	assert_true(g.done);
	assert_int_equal(g.err.kind, ERR_CANCELLED);
	/* Freed with a getter that waits: it is not called any more. */
	source->ops->get(source, false, got_it, &again);
	source->ops->free(source);
	assert_false(again.done);
	scripted_close(&s);
}

static void what_is_missing_is_said(void **unused)
{
	static const struct {
		const char *tenant, *client, *secret, *says;
	} cases[] = {
		{ "common", "a", "s", "an application signs in to one named tenant" },
		{ "a/b", "a", "s", "an application signs in to one named tenant" },
		{ "..", "a", "s", "an application signs in to one named tenant" },
		{ NULL, "a", "s", "an application signs in to one named tenant" },
		{ "t", "", "s", "the application (client) id is missing or is none" },
		{ "t", "a", "", "the client secret is missing" },
	};
	struct scripted s;

	(void)unused;
	scripted_open(&s, NULL, 0);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct secret secret = { 0 };
		struct err err = ERR_INIT;

		secret_set(&secret, cases[i].secret, strlen(cases[i].secret));
		assert_null(client_secret_new(s.loop, &s.transport, &s.cloud, cases[i].tenant,
					      cases[i].client, &secret, &err));
		assert_int_equal(err.kind, ERR_INVALID);
		assert_string_equal(err.msg, cases[i].says);
		assert_string_equal(secret_text(&secret), cases[i].secret);
		secret_release(&secret);
	}
	scripted_close(&s);
}

static void what_refuses_always_is_asked_once(void **unused)
{
	static const struct script_answer answers[] = { { SCRIPT_HOPELESS, NULL, NULL } };
	struct scripted s;
	struct token_source *source;

	(void)unused;
	scripted_open(&s, answers, COUNT_OF(answers));
	source = open_source(&s);
	assert_int_equal(get_token(&s, source, false).err.kind, ERR_NET);
	assert_int_equal(s.n, 1);
	source->ops->free(source);
	scripted_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asks_as_an_application),
		cmocka_unit_test(each_cloud_has_its_own),
		cmocka_unit_test(renews_five_minutes_early),
		cmocka_unit_test(getters_share_one_request),
		cmocka_unit_test(tries_again_when_that_may_help),
		cmocka_unit_test(what_refuses_always_is_asked_once),
		cmocka_unit_test(a_long_wait_is_told),
		cmocka_unit_test(a_renewal_in_vain_does_no_harm),
		cmocka_unit_test(can_be_cancelled),
		cmocka_unit_test(what_is_missing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
