#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "graph/tenant/odata.h"
#include "tests/unit/asked.h"

static void reads_answer(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	static const char *const paths[] = {
		"/v1.0/organization", "/v1.0/domains", "/v1.0/subscribedSkus", "/v1.0/groups",
		"/v1.0/users", "/v1.0/me?$select=id,displayName,userPrincipalName",
		"/v1.0/servicePrincipals", "/v1.0/directoryRoles", "/v1.0/groupSettings",
		"/v1.0/directory/deletedItems/microsoft.graph.group",
		"/v1.0/me/transitiveMemberOf/microsoft.graph.directoryRole"
		"?$select=displayName,roleTemplateId",
		"/v1.0/roleManagement/directory/roleAssignments",
		"/v1.0/roleManagement/directory/roleDefinitions",
		"/v1.0/directoryRoles(roleTemplateId='62e90394-69f5-4237-9190-012177145e10')",
		"/v1.0/directoryRoles(roleTemplateId='62e90394-69f5-4237-9190-012177145e10')"
		"/members?$select=id,displayName",
		"/v1.0/users?$filter=startswith(userPrincipalName,'Sync_')",
		"/v1.0/users?$filter=accountEnabled%20eq%20true&$select=id,assignedPlans&$top=5",
		"/v1.0/groups?$filter=groupTypes/any(g:g%20eq%20'Unified')",
		"/v1.0/groups?$filter=displayName%20in%20('a','b')&$select=id",
		"/beta/organization?$select=onPremisesLastPasswordSyncDateTime",
		"/v1.0/policies/authorizationPolicy",
		"/v1.0/policies/authenticationMethodsPolicy",
		"/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
		"/v1.0/auditLogs/directoryAudits?$top=5", "/v1.0/auditLogs/signIns?$top=5",
		"/v1.0/reports/authenticationMethods/userRegistrationDetails",
		"/v1.0/identity/conditionalAccess/policies",
		"/v1.0/directory/onPremisesSynchronization",
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		ask(&a, 0, paths[i]);
		if (a.status != 200)
			fail_msg("%s: %d %s", paths[i], a.status, a.message);
		assert_non_null(headers_get(&a.raw.headers, "request-id"));
		assert_non_null(headers_get(&a.raw.headers, "Date"));
		assert_string_equal(headers_get(&a.raw.headers, "Content-Type"),
				    "application/json;odata.metadata=minimal;"
				    "odata.streaming=true;IEEE754Compatible=false;charset=utf-8");
		assert_null(strstr(str_text(&a.raw.body), "\"_"));
	}
	ask_close(&a);
}

/* What Graph refuses, with its status, code and the start of its words. */
static void refusals(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	static const struct {
		unsigned flags;
		const char *path;
		int status;
		const char *code, *message;
	} cases[] = {
		{ 0, "/v1.0/foo", 400, "BadRequest",
		  "Resource not found for the segment 'foo'." },
		{ 0, "/v2.0/users", 400, "BadRequest", "Invalid version." },
		{ ASK_NO_TOKEN, "/v1.0/users", 401, "InvalidAuthenticationToken",
		  "Access token is empty." },
		{ 0, "/v1.0/users?$select=id,foo", 400, "BadRequest",
		  "Parsing OData Select and Expand failed: Could not find a property named 'foo' "
		  "on type 'microsoft.graph.user'." },
		{ 0, "/v1.0/organization?$select=onPremisesLastPasswordSyncDateTime", 400,
		  "BadRequest", "Parsing OData Select and Expand failed: Could not find a property "
		  "named 'onPremisesLastPasswordSyncDateTime' on type "
		  "'microsoft.graph.organization'." },
		{ 0, "/v1.0/users?$filter=foo%20eq%20'x'", 400, "BadRequest",
		  "Invalid filter clause: Could not find a property named 'foo' on type "
		  "'microsoft.graph.user'." },
		{ 0, "/v1.0/users?$filter=displayName%20eq", 400, "BadRequest",
		  "Invalid filter clause: Syntax error at position 14 in 'displayName eq'." },
		{ 0, "/v1.0/users?$filter=displayName%20eq%20Bob", 400, "BadRequest",
		  "Invalid filter clause: Could not find a property named 'Bob' on type "
		  "'microsoft.graph.user'." },
		{ 0, "/v1.0/users?$filter=accountEnabled%20eq%20'true'", 400, "BadRequest",
		  "Invalid filter clause: A binary operator with incompatible types was detected. "
		  "Found operand types 'Edm.Boolean' and 'Edm.String' for operator kind 'Equal'." },
		{ ASK_EVENTUAL, "/v1.0/users/$count?$filter=assignedPlans/any(p:p/servicePlanId%20"
		  "eq%20'41781fb2-bc02-4b7c-bd55-b576c07bb09d')", 400, "BadRequest",
		  "Invalid filter clause: A binary operator with incompatible types was detected. "
		  "Found operand types 'Edm.Guid' and 'Edm.String' for operator kind 'Equal'." },
		{ 0, "/v1.0/users?$filter=displayName%20ne%20'x'", 400, "Request_UnsupportedQuery",
		  "Operator 'NotEqualsMatch' is not supported because the required parameters "
		  "might be missing. Try adding $count=true query parameter and "
		  "ConsistencyLevel:eventual header. Refer to "
		  "https://aka.ms/graph-docs/advanced-queries for more information" },
		{ 0, "/v1.0/users?$filter=endswith(mail,'x')", 400, "Request_UnsupportedQuery",
		  NULL },
		{ ASK_EVENTUAL, "/v1.0/users?$filter=endswith(mail,'x')", 400,
		  "Request_UnsupportedQuery", NULL },
		{ 0, "/v1.0/users?$filter=not(displayName%20eq%20'x')&$count=true", 400,
		  "Request_UnsupportedQuery", NULL },
		{ 0, "/v1.0/users?$filter=contains(displayName,'x')", 400, "BadRequest",
		  "Unsupported Query." },
		{ 0, "/v1.0/users?$filter=displayName%20eq%20'x'&$orderby=displayName", 400,
		  "Request_UnsupportedQuery", "Sorting not supported for current query." },
		{ 0, "/v1.0/users?$top=1000", 400, "Request_UnsupportedQuery",
		  "Invalid page size specified: '1000'. Must be between 1 and 999 inclusive." },
		{ 0, "/v1.0/users?$top=0", 400, "Request_UnsupportedQuery", NULL },
		{ 0, "/v1.0/users?$top=x", 400, "BadRequest", NULL },
		{ 0, "/v1.0/auditLogs/directoryAudits?$top=1001", 400, "Request_UnsupportedQuery",
		  NULL },
		{ 0, "/v1.0/auditLogs/directoryAudits?$filter=result%20eq%20'success'", 400, NULL,
		  NULL },
		{ 0, "/v1.0/users?$skip=5", 400, "Request_BadRequest",
		  "'$skip' is not supported by the service." },
		{ 0, "/v1.0/users?$top=1&$top=2", 400, "BadRequest",
		  "Query option '$top' was specified more than once, but it must be specified at "
		  "most once." },
		{ 0, "/v1.0/users?$bogus=1", 400, "BadRequest",
		  "The query parameter '$bogus' is not supported." },
		{ 0, "/v1.0/users?$search=%22displayName:a%22", 400, "Request_UnsupportedQuery",
		  "Request with $search query parameter only works through MSGraph with a special "
		  "request header: 'ConsistencyLevel: eventual'" },
		{ ASK_EVENTUAL, "/v1.0/users?$search=displayName:a", 400, "BadRequest",
		  "Syntax error: character ':' is not valid at position 11 in 'displayName:a'." },
		{ 0, "/v1.0/users/$count", 400, "Request_BadRequest",
		  "$count is not currently supported." },
		{ 0, "/v1.0/subscribedSkus?$filter=skuPartNumber%20eq%20'x'", 400, NULL, NULL },
		{ 0, "/v1.0/users/nobody@contoso.com", 404, "Request_ResourceNotFound",
		  "Resource 'nobody@contoso.com' does not exist or one of its queried "
		  "reference-property objects are not present." },
		{ 0, "/v1.0/groups/not-an-id", 400, "Request_BadRequest",
		  "Invalid object identifier 'not-an-id'." },
		{ 0, "/v1.0/users?$skiptoken=abc", 400, "Directory_ExpiredPageToken", NULL },
		{ 0, "/v1.0/users?$filter=%zz", 400, "BadRequest", NULL },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		ask(&a, cases[i].flags, cases[i].path);
		if (a.status != cases[i].status)
			fail_msg("%s: %d %s", cases[i].path, a.status, str_text(&a.raw.body));
		if (cases[i].code)
			assert_string_equal(a.code, cases[i].code);
		if (cases[i].message)
			assert_string_equal(a.message, cases[i].message);
		assert_non_null(json_at(a.json, "error.innerError.request-id"));
	}
	ask_close(&a);
}

/* The filter alone, over objects made for it. */
static void filters_match(void **unused)
{
	static const char object[] =
		"{\"displayName\":\"Ada O'Brien\",\"n\":3,\"on\":true,\"off\":null,"
		"\"at\":\"2026-11-25T10:00:00Z\",\"tags\":[\"email\",\"sms\"],"
		"\"plans\":[{\"id\":\"a\",\"status\":\"Enabled\"},{\"id\":\"b\",\"status\":\"Deleted\"}],"
		"\"by\":{\"user\":{\"id\":\"u1\"}}}";
	static const struct {
		const char *filter;
		bool match;
	} cases[] = {
		{ "displayName eq 'ada o''brien'", true },
		{ "displayName eq 'Ada'", false },
		{ "startswith(displayName,'ada')", true },
		{ "startsWith(displayName, 'O')", false },
		{ "endswith(displayName,'brien')", true },
		{ "contains(displayName,'o''b')", true },
		{ "n gt 2 and n lt 4", true },
		{ "n ge 3 and n le 2", false },
		{ "n le 2 or n eq 3", true },
		{ "n eq 1 or n eq 2 and on eq true", false },
		{ "(n eq 1 or n eq 3) and on", true },
		{ "not (n eq 3)", false },
		{ "not on", false },
		{ "off eq null", true },
		{ "off ne null", false },
		{ "n ne null", true },
		{ "missing eq null", true },
		{ "at ge 2026-11-25T09:59:59Z", true },
		{ "at lt 2026-11-25T10:00:00.0000000Z", false },
		{ "at ge 2026-11-25T12:00:00+02:00", true },
		{ "tags/any(x:x eq 'email')", true },
		{ "tags/any(x:x eq 'voice')", false },
		{ "tags/all(x:x ne 'voice')", true },
		{ "tags/any()", true },
		{ "tags/$count eq 2", true },
		{ "plans/any(p:p/id eq 'a' and p/status eq 'Enabled')", true },
		{ "plans/any(p:p/id eq 'b' and p/status eq 'Enabled')", false },
		{ "by/user/id eq 'u1'", true },
		{ "displayName in ('x','Ada O''Brien')", true },
		{ "n in (1,2)", false },
	};
	struct err err = ERR_INIT;
	struct json *j = json_parse_raw(object, sizeof(object) - 1, &err);

	(void)unused;
	assert_non_null(j);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str text = { 0 };
		const char *advanced;
		struct filter *f = filter_parse(cases[i].filter, NULL, false, &text, &advanced);

		if (!f || filter_match(f, j) != cases[i].match)
			fail_msg("%s: %s", cases[i].filter, f ? "wrong" : str_text(&text));
		filter_free(f);
		str_release(&text);
	}
	json_free(j);
}

static void broken_filters_are_refused(void **unused)
{
	static const char *const cases[] = {
		"", "(", "a eq", "a eq 'x", "a eq 'x')", "eq 'x'", "a eq 'x' and", "a eq 'x' b",
		"startswith(a)", "startswith(a,'x'", "a/any(x:)", "a/any(x eq 1)", "not",
		"a in ()", "a in ('x'", "a eq 1x", "a eq 'x' or or b eq 'y'", "((((a eq 1)))",
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct str text = { 0 };
		const char *advanced;

		assert_null(filter_parse(cases[i], NULL, false, &text, &advanced));
		assert_true(text.len > 0);
		str_release(&text);
	}
}

static void pages_hold_everybody_once(void **unused)
{
	struct asked a = ask_open("large", 2500);
	struct str next = { 0 };
	size_t n = 0, pages = 0, all;

	(void)unused;
	all = 2500 + json_count(state_list(a.t, "users"));
	str_add(&next, "https://graph.example:8443/v1.0/users?$select=id&$top=999");
	while (next.len) {
		assert_int_equal(ask(&a, 0, str_text(&next)), 200);
		n += ask_count(&a);
		pages++;
		str_clear(&next);
		if (json_string(a.json, "@odata.nextLink"))
			str_add(&next, json_string(a.json, "@odata.nextLink"));
		if (next.len)
			assert_true(str_starts(str_text(&next),
					       "https://graph.example:8443/v1.0/users?"
					       "$select=id&$top=999&$skiptoken="));
	}
	assert_int_equal(n, all);
	assert_int_equal(pages, all / 999 + 1);
	assert_int_equal(ask(&a, ASK_EVENTUAL, "/v1.0/users/$count"), 200);
	assert_int_equal(strtoul(str_text(&a.raw.body), NULL, 10), all);
	assert_string_equal(headers_get(&a.raw.headers, "Content-Type"), "text/plain");
	assert_int_equal(ask(&a, 0, "/v1.0/users"), 200);
	assert_int_equal(ask_count(&a), 100);
	assert_false(json_has(a.json, "@odata.count"));
	str_release(&next);
	ask_close(&a);
}

static void counts_sorts_and_searches(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	const char *before = "";
	size_t n = json_count(state_list(a.t, "users"));

	(void)unused;
	assert_int_equal(ask(&a, ASK_EVENTUAL, "/v1.0/users?$count=true&$top=3&$select=displayName"
			     "&$orderby=displayName"), 200);
	assert_int_equal(json_int(a.json, "@odata.count", -1), n);
	assert_int_equal(ask_count(&a), 3);
	assert_string_equal(json_string(a.json, "@odata.context"),
			    "https://graph.microsoft.com/v1.0/$metadata#users(displayName)");
	for (const struct json *j = json_first(json_get(a.json, "value")); j; j = json_next(j)) {
		assert_int_equal(json_count(j), 1);
		assert_true(strcasecmp(before, json_string(j, "displayName")) <= 0);
		before = json_string(j, "displayName");
	}
	assert_int_equal(ask(&a, ASK_EVENTUAL, "/v1.0/groups?$search=%22displayName:zzzz%22"), 200);
	assert_int_equal(ask_count(&a), 0);
	/* $select of a property that is not there reads null, or an empty list. */
	assert_int_equal(ask(&a, 0, "/v1.0/me?$select=faxNumber,imAddresses"), 200);
	assert_true(json_has(a.json, "faxNumber"));
	assert_int_equal(json_type(json_get(a.json, "faxNumber")), JSON_NULL);
	assert_int_equal(json_type(json_get(a.json, "imAddresses")), JSON_ARRAY);
	ask_close(&a);
}

/* users('x') and users/x; servicePrincipals(appId='x'). */
static void keys_may_stand_in_brackets(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	char *url = xasprintf("/v1.0/users('%s')?$select=id", json_string(a.t->state, "me"));

	(void)unused;
	assert_int_equal(ask(&a, 0, url), 200);
	assert_string_equal(json_string(a.json, "id"), json_string(a.t->state, "me"));
	free(url);
	url = xasprintf("/v1.0/servicePrincipals(appId='%s')", json_string(json_first(
			state_list(a.t, "servicePrincipals")), "appId"));
	assert_int_equal(ask(&a, 0, url), 200);
	free(url);
	assert_int_equal(ask(&a, 0, "/v1.0/servicePrincipals(appId='x')"), 404);
	ask_close(&a);
}

static void scopes_decide(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	const struct json *one;

	(void)unused;
	free(a.token);
	a.token = token_make(a.t, false, "User.Read Group.ReadWrite.All");
	assert_int_equal(ask(&a, 0, "/v1.0/users"), 403);
	assert_string_equal(a.code, "Authorization_RequestDenied");
	assert_string_equal(a.message, "Insufficient privileges to complete the operation.");
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 200);
	/* ReadWrite includes Read. */
	assert_int_equal(ask(&a, 0, "/v1.0/groups"), 200);
	/* What is out of its reach comes as null, and not as an error. */
	assert_int_equal(ask(&a, 0, "/v1.0/organization?$select=displayName,"
			     "onPremisesSyncEnabled,assignedPlans"), 200);
	one = json_first(json_get(a.json, "value"));
	assert_non_null(json_string(one, "displayName"));
	assert_int_equal(json_type(json_get(one, "onPremisesSyncEnabled")), JSON_NULL);
	assert_int_equal(json_count(json_get(one, "assignedPlans")), 0);
	assert_int_equal(ask(&a, 0, "/v1.0/me?$select=accountEnabled"), 200);
	assert_true(json_bool(a.json, "accountEnabled", false));
	/* A token ends. */
	clock_advance((int64_t)TOKEN_LIFE_S * 1000);
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 401);
	assert_string_equal(a.message, "Lifetime validation failed, the token is expired.");
	assert_non_null(headers_get(&a.raw.headers, "WWW-Authenticate"));
	a.token[5] ^= 1;
	assert_int_equal(ask(&a, 0, "/v1.0/organization"), 401);
	assert_string_equal(a.message, "CompactToken parsing failed with error code: 80049217");
	ask_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_answer), cmocka_unit_test(refusals),
		cmocka_unit_test(filters_match), cmocka_unit_test(broken_filters_are_refused),
		cmocka_unit_test(pages_hold_everybody_once),
		cmocka_unit_test(counts_sorts_and_searches),
		cmocka_unit_test(keys_may_stand_in_brackets), cmocka_unit_test(scopes_decide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
