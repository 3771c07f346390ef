#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/asked.h"

#define GRAPH "https://graph.microsoft.com/v1.0"
#define NEW_GROUP "{'displayName':'Pilot','mailEnabled':false,'mailNickname':'pilot'," \
		  "'securityEnabled':true"
#define MISSING "00000000-1111-2222-3333-444444444444"

/* Sends JSON written with single quotes. */
static int send(struct asked *a, const char *method, const char *url, const char *body)
{
	char *text = body ? quoted("%s", body) : NULL;
	int status = ask_body(a, 0, method, url, text);

	free(text);
	return status;
}

/* A new group, past its lag. free() the id. */
static char *make_group(struct asked *a)
{
	char *id;

	if (send(a, "POST", GRAPH "/groups", NEW_GROUP "}") != 201)
		fail_msg("%d %s", a->status, a->message);
	id = xstrdup(json_string(a->json, "id"));
	clock_advance(10000);
	return id;
}

static const char *user(struct asked *a, size_t i)
{
	const struct json *j = json_first(state_list(a->t, "users"));

	while (i--)
		j = json_next(j);
	return json_string(j, "id");
}

static int add(struct asked *a, const char *group, const char *id)
{
	char *url = xasprintf(GRAPH "/groups/%s/members/$ref", group);
	char *body = quoted("{'@odata.id':'" GRAPH "/directoryObjects/%s'}", id);
	int status = ask_body(a, 0, "POST", url, body);

	free(url);
	free(body);
	return status;
}

/* PATCH with users number from to from + n - 1. */
static int add_many(struct asked *a, const char *group, size_t from, size_t n)
{
	struct str body = { 0 };
	char *url = xasprintf(GRAPH "/groups/%s", group);
	int status;

	str_add(&body, "{\"members@odata.bind\":[");
	for (size_t i = 0; i < n; i++)
		str_addf(&body, "%s\"" GRAPH "/directoryObjects/%s\"", i ? "," : "",
			 user(a, from + i));
	str_add(&body, "]}");
	status = ask_body(a, 0, "PATCH", url, str_text(&body));
	str_release(&body);
	free(url);
	return status;
}

static size_t members(struct asked *a, const char *group, unsigned flags, const char *rest)
{
	char *url = xasprintf("/v1.0/groups/%s/%s", group, rest);

	if (ask(a, flags, url) != 200)
		fail_msg("%s: %d %s", url, a->status, a->message);
	free(url);
	return ask_count(a);
}

static void create_gives_the_group(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	size_t log = json_count(state_list(a.t, "directoryAudits"));
	char *first, *location;

	(void)unused;
	first = make_group(&a);
	assert_true(is_guid(first));
	assert_string_equal(json_string(a.json, "displayName"), "Pilot");
	assert_false(json_bool(a.json, "isAssignableToRole", true));
	assert_int_equal(json_type(json_get(a.json, "description")), JSON_NULL);
	assert_int_equal(json_type(json_get(a.json, "groupTypes")), JSON_ARRAY);
	assert_string_equal(json_string(a.json, "@odata.context"),
			    GRAPH "/$metadata#groups/$entity");
	location = xasprintf(GRAPH "/groups/%s", first);
	assert_string_equal(headers_get(&a.raw.headers, "Location"), location);
	assert_int_equal(json_count(state_list(a.t, "directoryAudits")), log + 1);
	/* Names are not unique; ids are. */
	assert_int_equal(send(&a, "POST", GRAPH "/groups", NEW_GROUP "}"), 201);
	assert_string_not_equal(json_string(a.json, "id"), first);
	/* The caller owns it. */
	assert_int_equal(members(&a, first, 0, "owners"), 1);
	/* Properties come in any case, and are answered as Graph spells them. */
	assert_int_equal(send(&a, "POST", GRAPH "/groups",
			      "{'displayName':'Pilot','mailEnabled':false,'MailNickName':'other',"
			      "'securityEnabled':true}"), 201);
	assert_string_equal(json_string(a.json, "mailNickname"), "other");
	assert_int_equal(tenant_write_count(a.t), 3);
	free(location);
	free(first);
	ask_close(&a);
}

static void create_refuses(void **unused)
{
	static const struct {
		const char *body;
		int status;
		const char *message;
	} cases[] = {
		{ NULL, 400, "Empty Payload. JSON content expected." },
		{ "{", 400, "Unable to read JSON request payload. Please ensure Content-Type header "
		  "is set and payload is of valid JSON format." },
		{ "{'displayName':'x'}", 400,
		  "A value is required for property 'mailEnabled' of resource 'Group'." },
		{ "{'displayName':'x','mailEnabled':false,'securityEnabled':true}", 400,
		  "A value is required for property 'mailNickname' of resource 'Group'." },
		{ "{'displayName':'x','mailEnabled':false,'mailNickname':'a b',"
		  "'securityEnabled':true}", 400,
		  "Invalid value specified for property 'mailNickname' of resource 'Group'." },
		{ "{'displayName':'','mailEnabled':false,'mailNickname':'a',"
		  "'securityEnabled':true}", 400,
		  "Invalid value specified for property 'displayName' of resource 'Group'." },
		{ "{'displayName':'x','mailEnabled':'false','mailNickname':'a',"
		  "'securityEnabled':true}", 400, "Unable to read JSON request payload. Please "
		  "ensure Content-Type header is set and payload is of valid JSON format." },
		{ "{'displayName':'x','mailEnabled':true,'mailNickname':'a',"
		  "'securityEnabled':true}", 400, "The service does not currently support writes "
		  "of mail-enabled groups. Please ensure that the mail-enablement property is "
		  "unset and the security-enablement property is set." },
		{ NEW_GROUP ",'colour':'red'}", 400, "Invalid property 'colour'." },
		{ NEW_GROUP ",'createdDateTime':'2026-01-01T00:00:00Z'}", 400,
		  "Property 'createdDateTime' is read-only and cannot be set." },
		{ NEW_GROUP ",'isAssignableToRole':true}", 403,
		  "Insufficient privileges to complete the operation." },
		{ NEW_GROUP ",'members@odata.bind':['" GRAPH "/directoryObjects/" MISSING "']}", 404,
		  "Resource '" MISSING "' does not exist or one of its queried reference-property "
		  "objects are not present." },
		{ NEW_GROUP ",'members@odata.bind':['https://evil.example/v1.0/users/" MISSING "']}",
		  400, "Invalid URL format specified in payload." },
	};
	struct asked a = ask_open("contoso", 0);
	size_t n = json_count(state_list(a.t, "groups"));

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		if (send(&a, "POST", GRAPH "/groups", cases[i].body) != cases[i].status)
			fail_msg("%s: %d %s", cases[i].body, a.status, a.message);
		assert_string_equal(a.message, cases[i].message);
	}
	assert_int_equal(json_count(state_list(a.t, "groups")), n);
	ask_close(&a);
}

static void a_new_group_lags(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	char *id;

	(void)unused;
	assert_int_equal(send(&a, "POST", GRAPH "/groups", NEW_GROUP "}"), 201);
	id = xstrdup(json_string(a.json, "id"));
	assert_int_equal(add(&a, id, user(&a, 3)), 400);
	assert_string_equal(a.message, "The source resource object or one of the objects being "
			    "referenced do not exist.");
	assert_int_equal(ask(&a, ASK_EVENTUAL, "/v1.0/groups?$filter=displayName%20eq%20'Pilot'"),
			 200);
	assert_int_equal(ask_count(&a), 0);
	assert_int_equal(ask(&a, 0, "/v1.0/groups?$filter=displayName%20eq%20'Pilot'"), 200);
	assert_int_equal(ask_count(&a), 1);
	clock_advance(3000);
	assert_int_equal(add(&a, id, user(&a, 3)), 204);
	/* The advanced index sees it later than the plain read. */
	assert_int_equal(members(&a, id, 0, "members"), 1);
	assert_int_equal(members(&a, id, ASK_EVENTUAL, "members"), 0);
	clock_advance(5000);
	assert_int_equal(members(&a, id, ASK_EVENTUAL, "members"), 1);
	free(id);
	ask_close(&a);
}

static void members_come_and_go(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	char *id = make_group(&a), *url;
	const char *someone = user(&a, 2);
	size_t people = json_count(state_list(a.t, "users"));

	(void)unused;
	assert_int_equal(add(&a, id, someone), 204);
	assert_int_equal(a.raw.body.len, 0);
	assert_int_equal(add(&a, id, someone), 400);
	assert_string_equal(a.code, "Request_BadRequest");
	assert_string_equal(a.message, "One or more added object references already exist for the "
			    "following modified properties: 'members'.");
	assert_int_equal(add(&a, id, MISSING), 404);
	assert_int_equal(add(&a, id, id), 400);
	assert_int_equal(add_many(&a, id, 3, 5), 204);
	assert_int_equal(members(&a, id, 0, "members?$select=id,displayName&$top=999"), 6);
	assert_string_equal(json_string(json_first(json_get(a.json, "value")), "@odata.type"),
			    "#microsoft.graph.user");
	/* All or nothing: number 7 is a member already, 8 is not. */
	assert_int_equal(add_many(&a, id, 7, 2), 400);
	assert_int_equal(members(&a, id, 0, "members"), 6);
	assert_int_equal(add_many(&a, id, 0, 21), 400);
	assert_string_equal(a.message,
			    "A maximum of 20 relationships can be added in one request.");
	clock_advance(10000);
	assert_int_equal(members(&a, id, ASK_EVENTUAL, "transitiveMembers/microsoft.graph.user"
				 "?$count=true&$select=id,assignedPlans"), 6);
	assert_false(json_has(json_first(json_get(a.json, "value")), "@odata.type"));
	assert_int_equal(json_int(a.json, "@odata.count", -1), 6);
	url = xasprintf("/v1.0/groups/%s/members/microsoft.graph.user?$filter=startswith("
			"displayName,'a')", id);
	assert_int_equal(ask(&a, 0, url), 400);	/* cast and filter: advanced only */
	free(url);
	url = xasprintf("/v1.0/groups/%s/transitiveMembers/microsoft.graph.user/$count", id);
	assert_int_equal(ask(&a, ASK_EVENTUAL, url), 200);
	assert_string_equal(str_text(&a.raw.body), "6");
	free(url);

	url = xasprintf("/v1.0/groups/%s/members/%s/$ref", id, someone);
	assert_int_equal(send(&a, "DELETE", url, NULL), 204);
	assert_int_equal(send(&a, "DELETE", url, NULL), 404);
	free(url);
	assert_int_equal(members(&a, id, 0, "members"), 5);
	assert_int_equal(json_count(state_list(a.t, "users")), people);
	free(id);
	ask_close(&a);
}

/* The documented trap: without $ref the person is gone. */
static void delete_without_ref_deletes_the_person(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	char *id = make_group(&a), *url, *someone = xstrdup(user(&a, 2));
	size_t people = json_count(state_list(a.t, "users"));

	(void)unused;
	assert_int_equal(add(&a, id, someone), 204);
	url = xasprintf("/v1.0/groups/%s/members/%s", id, someone);
	assert_int_equal(send(&a, "DELETE", url, NULL), 204);
	assert_int_equal(json_count(state_list(a.t, "users")), people - 1);
	assert_int_equal(members(&a, id, 0, "members"), 0);
	free(url);
	url = xasprintf("/v1.0/directory/deletedItems/%s", someone);
	assert_int_equal(ask(&a, 0, url), 200);
	assert_string_equal(json_string(a.json, "@odata.type"), "#microsoft.graph.user");
	free(url);
	free(someone);
	free(id);
	ask_close(&a);
}

static void deleted_groups_come_back(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	char *id = make_group(&a), *url = xasprintf("/v1.0/groups/%s", id), *item;

	(void)unused;
	assert_int_equal(send(&a, "DELETE", url, NULL), 204);
	assert_int_equal(ask(&a, 0, url), 404);
	item = xasprintf("/v1.0/directory/deletedItems/%s", id);
	assert_int_equal(ask(&a, 0, item), 200);
	free(item);
	item = xasprintf("/v1.0/directory/deletedItems/%s/restore", id);
	assert_int_equal(send(&a, "POST", item, "{}"), 200);
	assert_int_equal(ask(&a, 0, url), 200);
	free(item);
	free(url);
	free(id);
	ask_close(&a);
}

/* Groups that Graph does not let anybody fill this way. */
static void unsuitable_groups_are_refused(void **unused)
{
	static const struct {
		const char *property, *value;
		int status;
		const char *message;
	} cases[] = {
		{ "groupTypes", "[\"DynamicMembership\"]", 400,
		  "The membership of a dynamic group cannot be updated." },
		{ "onPremisesSyncEnabled", "true", 400,
		  "Unable to update the specified properties for on-premises mastered Directory "
		  "Sync objects or objects currently undergoing migration." },
		{ "mailEnabled", "true", 400, "Cannot Update a mail-enabled security groups and or "
		  "distribution list." },
		{ "isAssignableToRole", "true", 403,
		  "Insufficient privileges to complete the operation." },
		{ "isManagementRestricted", "true", 403,
		  "Insufficient privileges to complete the operation. The target object is a "
		  "member of a restricted management administrative unit and can only be modified "
		  "by administrators of that unit." },
	};

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct asked a = ask_open("contoso", 0);
		struct err err = ERR_INIT;
		char *id = make_group(&a);

		json_set(state_find(a.t, "groups", id), cases[i].property,
			 json_parse_raw(cases[i].value, strlen(cases[i].value), &err));
		assert_int_equal(add(&a, id, user(&a, 2)), cases[i].status);
		assert_string_equal(a.message, cases[i].message);
		assert_int_equal(add_many(&a, id, 2, 2), cases[i].status);
		free(id);
		ask_close(&a);
	}
}

static void nested_members_are_found_once(void **unused)
{
	struct asked a = ask_open("contoso", 0);
	char *outer = make_group(&a), *inner = make_group(&a), *url;

	(void)unused;
	assert_int_equal(add(&a, outer, inner), 204);
	assert_int_equal(add(&a, inner, outer), 204);	/* a circle must not hang */
	assert_int_equal(add(&a, outer, user(&a, 2)), 204);
	assert_int_equal(add(&a, inner, user(&a, 2)), 204);
	assert_int_equal(add(&a, inner, user(&a, 3)), 204);
	assert_int_equal(members(&a, outer, 0, "members"), 2);
	assert_int_equal(members(&a, outer, 0, "transitiveMembers/microsoft.graph.user"), 2);
	assert_int_equal(members(&a, outer, 0, "members/microsoft.graph.group?$select=id"), 1);
	assert_true(group_has(a.t, outer, user(&a, 3)));
	assert_false(group_has(a.t, outer, user(&a, 4)));
	url = xasprintf("/v1.0/users/%s/transitiveMemberOf/microsoft.graph.group?$select=id",
			user(&a, 3));
	assert_int_equal(ask(&a, 0, url), 200);
	assert_true(ask_count(&a) >= 2);
	free(url);
	free(outer);
	free(inner);
	ask_close(&a);
}

static void equal_states_give_equal_files(void **unused)
{
	struct asked a = ask_open("contoso", 0), b;
	struct err err = ERR_INIT;
	char path[] = "/tmp/sspr-tenant-XXXXXX", *id;
	int fd = mkstemp(path);
	struct tenant *again;
	size_t n;

	(void)unused;
	assert_true(fd >= 0);
	close(fd);
	free(make_group(&a));
	assert_int_equal(tenant_save(a.t, path, &err), 0);
	again = tenant_open(path, "contoso", 0, &err);
	assert_non_null(again);
	assert_true(json_equal(tenant_state(a.t), tenant_state(again)));
	/* Ids go on where they were. */
	b = a;
	b.t = again;
	b.json = NULL;
	memset(&b.raw, 0, sizeof(b.raw));
	n = json_count(state_list(b.t, "groups"));
	id = make_group(&b);
	assert_int_equal(json_count(state_list(b.t, "groups")), n + 1);
	for (const struct json *j = json_first(state_list(a.t, "groups")); j; j = json_next(j))
		assert_string_not_equal(json_string(j, "id"), id);
	free(id);
	ask_forget(&b);
	tenant_free(again);
	unlink(path);
	ask_close(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(create_gives_the_group), cmocka_unit_test(create_refuses),
		cmocka_unit_test(a_new_group_lags), cmocka_unit_test(members_come_and_go),
		cmocka_unit_test(delete_without_ref_deletes_the_person),
		cmocka_unit_test(deleted_groups_come_back),
		cmocka_unit_test(unsuitable_groups_are_refused),
		cmocka_unit_test(nested_members_are_found_once),
		cmocka_unit_test(equal_states_give_equal_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
