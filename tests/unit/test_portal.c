/* The admin centre's own API: what is sent, what is refused, what errors mean. */
#include "graph/portal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"
#include "graph/base/str.h"
#include "graph/graph.h"
#include "graph/tenant/tenant.h"

struct stage {
	struct loop *loop;
	struct tenant *tenant;
	struct transport *transport;
	struct token_source *tokens, *portal_tokens;
	struct cloud cloud;
	struct graph *graph;
	bool done;
};

static void open_stage(struct stage *s, bool portal)
{
	struct err err = ERR_INIT;

	memset(s, 0, sizeof(*s));
	clock_set_virtual(1795600800000LL);
	s->loop = loop_new(&err);
	s->tenant = tenant_new("contoso", 0, &err);
	assert_non_null(s->tenant);
	s->transport = tenant_transport_new(s->loop, s->tenant, 5);
	s->tokens = tenant_token_new(s->loop, s->tenant);
	s->portal_tokens = tenant_portal_token_new(s->loop, s->tenant);
	assert_int_equal(cloud_by_name("global", &s->cloud, &err), 0);
	s->graph = graph_new(s->loop, s->transport, &s->cloud, s->tokens, NULL);
	if (portal)
		graph_set_portal(s->graph, s->portal_tokens);
}

static void close_stage(struct stage *s)
{
	graph_free(s->graph);
	s->tokens->ops->free(s->tokens);
	s->portal_tokens->ops->free(s->portal_tokens);
	s->transport->ops->free(s->transport);
	tenant_free(s->tenant);
	loop_free(s->loop);
	clock_set_real();
}

static void is_done(struct graph_call *c, void *ctx)
{
	(void)c;
	*(bool *)ctx = true;
}

static struct graph_call *ask(struct stage *s, const char *method, const char *path,
			      struct json *body)
{
	struct graph_call *c = graph_call_new(method, path, body, 0);

	s->done = false;
	graph_call_start(s->graph, c, is_done, &s->done);
	loop_run_until(s->loop, &s->done);
	return c;
}

static struct json *parse(const char *text)
{
	struct err err = ERR_INIT;
	char *copy = xstrdup(text);
	struct json *ret;

	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	ret = json_parse(copy, strlen(copy), &err);
	assert_non_null(ret);
	free(copy);
	return ret;
}

/* Without the switch nothing leaves for that host, nor without a token. */
static void test_off(void **state)
{
	struct graph_call *c;
	struct stage s;

	(void)state;
	open_stage(&s, false);
	c = ask(&s, "GET", PORTAL_POLICY, NULL);
	assert_int_equal(c->err.kind, ERR_INVALID);
	assert_non_null(strstr(c->err.msg, "not switched on"));
	graph_call_free(c);
	graph_set_portal(s.graph, NULL);
	c = ask(&s, "GET", PORTAL_POLICY, NULL);
	assert_int_equal(c->err.kind, ERR_AUTH);
	assert_non_null(strstr(c->err.msg, "sign-in of its own"));
	graph_call_free(c);
	assert_int_equal(tenant_portal_count(s.tenant), 0);
	assert_int_equal(tenant_request_count(s.tenant), 0);
	close_stage(&s);
}

static void test_whole_object(void **state)
{
	struct json *members = parse("{'numberOfAuthenticationMethodsRequired':2}"), *body;
	struct err err = ERR_INIT;
	struct graph_call *c;
	const struct json *now;
	struct stage s;

	(void)state;
	open_stage(&s, true);
	/* A member that nobody knows. */
	json_set_string((struct json *)json_get(tenant_state(s.tenant), "sspr"), "newMember",
			"kept");
	c = ask(&s, "GET", portal_read_path(PORTAL_POLICY), NULL);
	assert_int_equal(c->err.kind, ERR_NONE);
	assert_string_equal(json_string(c->json, "objectId"), "default");
	body = portal_body(PORTAL_POLICY, c->json, members, &err);
	assert_non_null(body);
	assert_int_equal(json_count(body), json_count(c->json));
	graph_call_free(c);
	c = ask(&s, "PUT", PORTAL_POLICY, body);
	assert_int_equal(c->err.kind, ERR_NONE);
	assert_int_equal(c->status, 200);
	graph_call_free(c);
	now = json_get(tenant_state(s.tenant), "sspr");
	assert_int_equal(json_int(now, "numberOfAuthenticationMethodsRequired", 0), 2);
	assert_string_equal(json_string(now, "newMember"), "kept");
	assert_true(json_bool(now, "emailOptionEnabled", false));

	/* The tenant zeroes what a careless client leaves out. */
	c = ask(&s, "PUT", PORTAL_POLICY, json_clone(members));
	assert_int_equal(c->status, 200);
	assert_string_equal(json_string(now, "newMember"), "");
	assert_false(json_bool(now, "emailOptionEnabled", true));
	graph_call_free(c);
	json_free(members);
	close_stage(&s);
}

static void test_strictness(void **state)
{
	struct tenant_request req = { .method = "GET",
				      .url = "https://main.iam.ad.ext.azure.com" PORTAL_POLICY };
	struct tenant_response r;
	struct headers h = { 0 };
	struct graph_call *c;
	struct stage s;

	(void)state;
	open_stage(&s, true);
	/* Graph's token is for Graph. */
	graph_set_portal(s.graph, s.tokens);
	c = ask(&s, "GET", PORTAL_POLICY, NULL);
	assert_int_equal(c->status, 401);
	assert_int_equal(c->err.kind, ERR_AUTH);
	graph_call_free(c);
	graph_set_portal(s.graph, s.portal_tokens);
	c = ask(&s, "GET", PORTAL_PATH "Nothing", NULL);
	assert_int_equal(c->err.kind, ERR_NOT_FOUND);
	graph_call_free(c);
	graph_set_read_only(s.graph, true);
	c = ask(&s, "PUT", PORTAL_POLICY, json_new_object());
	assert_int_equal(c->err.kind, ERR_INVALID);
	graph_call_free(c);
	/* No token at all. */
	req.headers = &h;
	tenant_handle(s.tenant, &req, &r);
	assert_int_equal(r.status, 401);
	tenant_response_release(&r);
	headers_release(&h);
	close_stage(&s);
}

struct token_text {
	char *text;
};

static void keep_token(void *ctx, const struct secret *token, const struct err *err)
{
	assert_int_equal(err->kind, ERR_NONE);
	((struct token_text *)ctx)->text = xasprintf("Bearer %s", secret_text(token));
}

/* A request without the header that it wants, and with an old token. */
static void test_odd_errors(void **state)
{
	struct tenant_request req = { .method = "GET", .url = PORTAL_POLICY };
	struct token_text token = { 0 };
	struct tenant_response r;
	struct headers h = { 0 };
	struct err err = ERR_INIT;
	struct json *j;
	struct stage s;

	(void)state;
	open_stage(&s, true);
	s.portal_tokens->ops->get(s.portal_tokens, false, keep_token, &token);
	while (!token.text)
		loop_run_once(s.loop, -1);
	headers_add(&h, "Authorization", token.text);
	req.headers = &h;
	tenant_handle(s.tenant, &req, &r);
	assert_int_equal(r.status, 400);
	assert_non_null(strstr(str_text(&r.body), "correlationId"));
	j = json_parse(str_text(&r.body), r.body.len, &err);
	portal_error(&err, "GET x", r.status, j);
	assert_int_equal(err.kind, ERR_HTTP);
	assert_non_null(strstr(err.msg, "ArgumentNull"));
	json_free(j);
	tenant_response_release(&r);

	clock_advance(2 * 3600 * 1000LL);
	tenant_handle(s.tenant, &req, &r);
	assert_int_equal(r.status, 400);
	j = json_parse(str_text(&r.body), r.body.len, &err);
	portal_error(&err, "GET x", r.status, j);
	assert_int_equal(err.kind, ERR_AUTH);
	json_free(j);
	tenant_response_release(&r);

	portal_error(&err, "PUT x", 403, NULL);		/* HTML */
	assert_int_equal(err.kind, ERR_FORBIDDEN);
	assert_non_null(strstr(err.todo, "Authentication Policy Administrator"));
	headers_release(&h);
	free(token.text);
	close_stage(&s);
}

#define POLICY "{'objectId':'default','enablementType':%s," \
	"'numberOfAuthenticationMethodsRequired':1,'registrationRequiredOnSignIn':true," \
	"'registrationReconfirmIntevalInDays':180,'notifyUsersOnPasswordReset':false," \
	"'notifyOnAdminPasswordReset':false,'passwordResetEnabledGroupIds':%s," \
	"'securityQuestions':[],'emailOptionEnabled':true,'mobilePhoneOptionEnabled':true}"

static void test_bodies(void **state)
{
	static const char *const on_premises = "{'objectId':'x','passwordWritebackSupported':false,"
					       "'accountUnlockEnabled':false}";
	static const struct {
		const char *path, *scope, *groups, *members;
		bool well;
	} cases[] = {
		{ PORTAL_POLICY, "0", "[]", "{'notifyUsersOnPasswordReset':true}", true },
		{ PORTAL_POLICY, "0", "[]",
		  "{'enablementType':1,'passwordResetEnabledGroupIds':['g']}", true },
		{ PORTAL_POLICY, "0", "[]", "{'enablementType':1}", false },
		{ PORTAL_POLICY, "1", "['g']", "{'enablementType':3}", false },
		{ PORTAL_POLICY, "2", "[]", "{'numberOfAuthenticationMethodsRequired':3}", false },
		{ PORTAL_POLICY, "2", "[]", "{'registrationReconfirmIntevalInDays':731}", false },
		{ PORTAL_POLICY, "2", "[]", "{'emailOptionEnabled':false}", false },
		{ PORTAL_POLICY, "2", "[]", "{'securityQuestions':[]}", false },
		{ PORTAL_POLICY, "2", "[]", "{'notifyUsersOnReset':true}", false },
		{ PORTAL_ON_PREMISES, NULL, NULL, "{'passwordWritebackSupported':true}", true },
		{ PORTAL_ON_PREMISES, NULL, NULL, "{'passwordWritebackSupported':true,"
		  "'accountUnlockEnabled':true}", false },
		{ PORTAL_ON_PREMISES, NULL, NULL, "{'enablementForTenant':true}", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct err err = ERR_INIT;
		char *text = cases[i].scope ? xasprintf(POLICY, cases[i].scope, cases[i].groups)
					    : xstrdup(on_premises);
		struct json *read = parse(text), *members = parse(cases[i].members);
		struct json *body = portal_body(cases[i].path, read, members, &err);

		if ((body != NULL) != cases[i].well)
			fail_msg("%s: %s", cases[i].members, err.msg);
		assert_true(cases[i].well || err.kind == ERR_CONFLICT);
		if (body && !cases[i].scope)
			assert_int_equal(json_count(body), 1);
		json_free(body);
		/* What was read by half is not written. */
		json_remove(read, cases[i].scope ? "securityQuestions" : "objectId");
		assert_null(portal_body(cases[i].path, read, members, &err));
		json_free(read);
		json_free(members);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_off),
		cmocka_unit_test(test_whole_object),
		cmocka_unit_test(test_strictness),
		cmocka_unit_test(test_odd_errors),
		cmocka_unit_test(test_bodies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
