#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/asked.h"

static int batch(struct asked *a, const char *requests)
{
	char *body = quoted("{'requests':[%s]}", requests);
	int status = ask_body(a, 0, "POST", "https://graph.microsoft.com/v1.0/$batch", body);

	free(body);
	return status;
}

static const struct json *answer(const struct asked *a, const char *id)
{
	for (const struct json *j = json_first(json_get(a->json, "responses")); j;
	     j = json_next(j))
		if (str_same(json_string(j, "id"), id))
			return j;
	fail_msg("no answer with id %s", id);
	return NULL;
}

static int status(const struct asked *a, const char *id)
{
	return (int)json_int(answer(a, id), "status", 0);
}

static void each_item_has_its_own_answer(void **unused)
{
	struct asked a = ask_open("contoso", 0);

	(void)unused;
	assert_int_equal(batch(&a,
		"{'id':'1','method':'GET','url':'/organization?$select=id'},"
		"{'id':'2','method':'GET','url':'users/nobody@contoso.com'},"
		"{'id':'3','method':'GET','url':'/users/$count',"
		"'headers':{'ConsistencyLevel':'eventual'}},"
		"{'id':'4','method':'GET','url':'/users?$top=1&$select=id'}"), 200);
	assert_int_equal(json_count(json_get(a.json, "responses")), 4);
	assert_int_equal(status(&a, "1"), 200);
	assert_int_equal(json_count(json_at(answer(&a, "1"), "body.value")), 1);
	assert_int_equal(status(&a, "2"), 404);
	assert_string_equal(json_string(json_at(answer(&a, "2"), "body.error"), "code"),
			    "Request_ResourceNotFound");
	assert_int_equal(status(&a, "3"), 200);
	assert_true(str_starts(json_string_or(json_get(answer(&a, "4"), "body"),
					      "@odata.nextLink", ""),
			       "https://graph.microsoft.com/v1.0/users?$top=1&$select=id&$skiptoken="));
	assert_int_equal(tenant_write_count(a.t), 0);
	assert_int_equal(tenant_request_count(a.t), 1);
	ask_close(&a);
}

static void order_is_shuffled(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	bool in_order = true;

	(void)unused;
	for (int turn = 0; turn < 5; turn++) {
		struct str s = { 0 };

		for (int i = 0; i < 10; i++)
			str_addf(&s, "%s{'id':'%d','method':'GET','url':'/me?$select=id'}",
				 i ? "," : "", i);
		assert_int_equal(batch(&a, str_text(&s)), 200);
		str_release(&s);
		for (int i = 0; i < 10; i++) {
			char at[32];

			snprintf(at, sizeof(at), "responses[%d]", i);
			in_order = in_order && atol(json_string(json_at(a.json, at), "id")) == i;
		}
	}
	assert_false(in_order);
	ask_close(&a);
}

static void whole_batch_is_refused(void **unused)
{
	static const struct {
		const char *requests, *message;
	} cases[] = {
		{ "", "Invalid batch payload format." },
		{ "{'method':'GET','url':'/me'}",
		  "Invalid batch payload format: each request needs an id." },
		{ "{'id':'a','method':'GET','url':'/me'},{'id':'A','method':'GET','url':'/me'}",
		  "Request Id 'A' is not unique in the batch payload." },
		{ "{'id':'1','method':'GET','url':'https://graph.microsoft.com/v1.0/me'}",
		  "Invalid batch payload format: the url must be relative." },
		{ "{'id':'1','method':'LOOK','url':'/me'}",
		  "Invalid batch payload format: the method is not valid." },
		{ "{'id':'1','method':'POST','url':'/groups','body':{}}",
		  "A request with a body does not contain the Content-Type header." },
		{ "{'id':'1','method':'GET','url':'/me','dependsOn':['2']}",
		  "Request '1' depends on a request that does not come before it." },
	};
	struct asked a = ask_open("contoso", 0);
	struct str many = { 0 };

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		assert_int_equal(batch(&a, cases[i].requests), 400);
		assert_string_equal(a.message, cases[i].message);
	}
	for (int i = 0; i < 21; i++)
		str_addf(&many, "%s{'id':'%d','method':'GET','url':'/me'}", i ? "," : "", i);
	assert_int_equal(batch(&a, str_text(&many)), 400);
	assert_string_equal(a.message,
			    "Number of batch request steps exceeds the maximum value of 20.");
	str_release(&many);
	ask_close(&a);
}

static void writes_follow_what_they_depend_on(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	size_t n = json_count(state_list(a.t, "groups"));

	(void)unused;
	assert_int_equal(batch(&a,
		"{'id':'1','method':'GET','url':'/users/nobody@contoso.com'},"
		"{'id':'2','dependsOn':['1'],'method':'POST','url':'/groups',"
		"'headers':{'Content-Type':'application/json'},'body':{'displayName':'x',"
		"'mailEnabled':false,'mailNickname':'x','securityEnabled':true}}"), 200);
	assert_int_equal(status(&a, "2"), 424);
	assert_int_equal(json_count(state_list(a.t, "groups")), n);
	assert_int_equal(batch(&a,
		"{'id':'2','method':'POST','url':'/groups',"
		"'headers':{'content-type':'application/json'},'body':{'displayName':'x',"
		"'mailEnabled':false,'mailNickname':'x','securityEnabled':true}}"), 200);
	assert_int_equal(status(&a, "2"), 201);
	assert_int_equal(tenant_write_count(a.t), 2);
	ask_close(&a);
}

static void reports_are_throttled_inside_a_batch(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	struct str s = { 0 };
	int well = 0, throttled = 0;

	(void)unused;
	tenant_set_throttling(a.t, true);
	for (int i = 0; i < 7; i++)
		str_addf(&s, "%s{'id':'%d','method':'GET','url':'/auditLogs/signIns?$top=1'}",
			 i ? "," : "", i);
	assert_int_equal(batch(&a, str_text(&s)), 200);
	for (const struct json *j = json_first(json_get(a.json, "responses")); j;
	     j = json_next(j)) {
		well += json_int(j, "status", 0) == 200;
		throttled += json_int(j, "status", 0) == 429;
		if (json_int(j, "status", 0) == 429)
			assert_non_null(json_string(json_get(j, "headers"), "Retry-After"));
	}
	assert_int_equal(well, 5);
	assert_int_equal(throttled, 2);
	str_release(&s);
	ask_close(&a);
}

static void throttling_says_when(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	const char *wait;

	(void)unused;
	tenant_set_throttling(a.t, true);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(ask(&a, 0, "/v1.0/auditLogs/directoryAudits?$top=1"), 200);
		clock_advance(100);
	}
	assert_int_equal(ask(&a, 0, "/v1.0/auditLogs/directoryAudits?$top=1"), 429);
	assert_string_equal(a.code, "TooManyRequests");
	wait = headers_get(&a.raw.headers, "Retry-After");
	assert_string_equal(wait, "9.600");
	clock_advance((int64_t)(strtod(wait, NULL) * 1000) - 1);
	/* Too early by a hair, and that counts as well. */
	assert_int_equal(ask(&a, 0, "/v1.0/auditLogs/directoryAudits?$top=1"), 429);
	clock_advance(10000);
	assert_int_equal(ask(&a, 0, "/v1.0/auditLogs/directoryAudits?$top=1"), 200);

	/* Conditional Access: one a second, and it does not say when. */
	assert_int_equal(ask(&a, 0, "/v1.0/identity/conditionalAccess/policies"), 200);
	assert_int_equal(ask(&a, 0, "/v1.0/identity/conditionalAccess/policies"), 429);
	assert_null(headers_get(&a.raw.headers, "Retry-After"));
	clock_advance(1000);
	assert_int_equal(ask(&a, 0, "/v1.0/identity/conditionalAccess/policies"), 200);
	/* The directory is not throttled with them. */
	for (int i = 0; i < 20; i++)
		assert_int_equal(ask(&a, 0, "/v1.0/organization"), 200);
	ask_close(&a);
}

static void faults_happen_when_they_should(void **unused)
{
	struct asked a = ask_open("contoso", 0);

	(void)unused;
	tenant_fault(a.t, &(struct fault){ .kind = FAULT_STATUS, .status = 503, .nth = 2,
					   .path = "/v1.0/organization", .retry_after = "1.5" });
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 200);
	assert_int_equal(ask(&a, 0, "/v1.0/users?$top=1"), 200);
	assert_int_equal(ask(&a, 0, "https://graph.microsoft.com/v1.0/organization"), 503);
	assert_string_equal(headers_get(&a.raw.headers, "Retry-After"), "1.5");
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 200);
	tenant_faults_clear(a.t);

	tenant_fault(a.t, &(struct fault){ .kind = FAULT_LOST_AFTER, .method = "POST" });
	assert_int_equal(batch(&a, "{'id':'1','method':'GET','url':'/me'}"), 0);
	tenant_faults_clear(a.t);
	tenant_fault(a.t, &(struct fault){ .kind = FAULT_TRUNCATED, .nth = 1, .times = 2 });
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 200);
	assert_null(a.json);
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 200);
	assert_null(a.json);
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 200);
	assert_non_null(a.json);
	tenant_faults_clear(a.t);
	tenant_fault(a.t, &(struct fault){ .kind = FAULT_HTML });
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 502);
	assert_string_equal(headers_get(&a.raw.headers, "Content-Type"), "text/html");
	ask_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_item_has_its_own_answer), cmocka_unit_test(order_is_shuffled),
		cmocka_unit_test(whole_batch_is_refused),
		cmocka_unit_test(writes_follow_what_they_depend_on),
		cmocka_unit_test(reports_are_throttled_inside_a_batch),
		cmocka_unit_test(throttling_says_when),
		cmocka_unit_test(faults_happen_when_they_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
