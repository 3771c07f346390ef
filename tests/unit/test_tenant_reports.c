#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "graph/tenant/crowd.h"
#include "tests/unit/tenant_ask.h"

#define NOW 1795600000000
#define ROWS "/v1.0/reports/authenticationMethods/userRegistrationDetails"
#define COUNTS "/v1.0/reports/authenticationMethods/usersRegisteredBy"
#define HOUR_MS ((int64_t)3600 * 1000)

static struct tenant *open_tenant(const char *scenario, size_t users)
{
	struct err err = ERR_INIT;
	struct tenant *t = tenant_new(scenario, users, &err);

	if (!t)
		fail_msg("%s", err.msg);
	return t;
}

static const char *user_id(struct tenant *t, const char *alias)
{
	const struct json *u = json_first(state_list(t, "users"));

	while (u && !str_same(json_string(u, "_alias"), alias))
		u = json_next(u);
	return json_string(u, "id");
}

static struct json *row_of(struct tenant *t, bool at_once, const char *alias)
{
	char *url = xasprintf(ROWS "/%s", user_id(t, alias));
	struct json *j = NULL;

	assert_int_equal(tenant_ask(t, at_once, "GET", url, NULL, &j), 200);
	free_ptr(&url);
	return j;
}

static size_t rows_matching(struct tenant *t, const char *filter)
{
	char *url = xasprintf(ROWS "?$top=999&$filter=%s", filter);
	struct json *j;
	size_t n;

	assert_int_equal(tenant_ask(t, false, "GET", url, NULL, &j), 200);
	n = json_count(json_get(j, "value"));
	json_free(j);
	free_ptr(&url);
	return n;
}

static void rows_are_filtered(void **unused)
{
	struct tenant *t = open_tenant("contoso", 0);

	(void)unused;
	assert_int_equal(rows_matching(t, "isAdmin%20eq%20true"), 4);
	assert_int_equal(rows_matching(t, "isSsprEnabled%20eq%20true"), 0);
	assert_int_equal(rows_matching(t, "methodsRegistered/any(x:x%20eq%20%27securityQuestion"
				       "%27)"), 1);
	assert_int_equal(rows_matching(t, "startswith(userDisplayName,%27Petra%27)"), 1);
	assert_int_equal(rows_matching(t, "userPrincipalName%20eq%20%27amara.osei@contoso.com"
				       "%27"), 1);
	assert_int_equal(tenant_ask(t, false, "GET", ROWS "?$filter=lastUpdatedDateTime%20ge%20"
				    "2026-01-01T00:00:00Z", NULL, NULL), 400);
	tenant_free(t);
}

static void disabled_people_have_no_row(void **unused)
{
	struct tenant *t = open_tenant("contoso", 0);
	char *url = xasprintf(ROWS "/%s", user_id(t, "lena.hoffmann"));

	(void)unused;
	assert_int_equal(tenant_ask(t, false, "GET", url, NULL, NULL), 404);
	free_ptr(&url);
	tenant_free(t);
}

static void report_is_late(void **unused)
{
	struct tenant *t = open_tenant("contoso", 0);
	struct err err = ERR_INIT;
	struct json *row = row_of(t, false, "amara.osei"), *later;
	int64_t when = 0;

	(void)unused;
	assert_false(json_bool(row, "isSsprEnabled", true));
	assert_int_equal(time_parse(json_string(row, "lastUpdatedDateTime"), &when), 0);
	assert_true(clock_now_ms() - when > 4 * HOUR_MS - 10000);
	assert_int_equal(tenant_portal_set(t, "scope", "Sales", &err), 0);
	later = row_of(t, true, "amara.osei");
	assert_true(json_equal(row, later));
	json_free(later);
	clock_advance(9000);
	later = row_of(t, false, "amara.osei");
	assert_true(json_equal(row, later));
	json_free(later);
	clock_advance(1000);
	later = row_of(t, true, "amara.osei");
	assert_true(json_bool(later, "isSsprEnabled", false));
	assert_int_equal(time_parse(json_string(later, "lastUpdatedDateTime"), &when), 0);
	assert_true(clock_now_ms() - when <= 1000);
	json_free(later);
	json_free(row);
	/* Nested: Petra is in Europe-Sales. Oliver is not in Sales at all, but his
	 * row is as new: that is what makes "not enabled" a proof. */
	row = row_of(t, false, "petra.novotna");
	assert_true(json_bool(row, "isSsprEnabled", false));
	json_free(row);
	row = row_of(t, false, "oliver.brandt");
	assert_false(json_bool(row, "isSsprEnabled", true));
	assert_int_equal(time_parse(json_string(row, "lastUpdatedDateTime"), &when), 0);
	assert_true(clock_now_ms() - when < 60000);
	json_free(row);
	tenant_free(t);
}

static void stale_rows_stay_stale(void **unused)
{
	struct tenant *t = open_tenant("troubled", 0);
	struct json *row;
	int64_t when = 0;

	(void)unused;
	clock_advance(7 * HOUR_MS);
	row = row_of(t, false, "petra.novotna");
	assert_int_equal(time_parse(json_string(row, "lastUpdatedDateTime"), &when), 0);
	assert_true(clock_now_ms() - when > 80 * HOUR_MS);
	json_free(row);
	row = row_of(t, false, "amara.osei");
	assert_int_equal(time_parse(json_string(row, "lastUpdatedDateTime"), &when), 0);
	assert_true(clock_now_ms() - when < HOUR_MS);
	json_free(row);
	tenant_free(t);
}

static int64_t feature_count(struct tenant *t, const char *parameters, const char *feature,
			     int64_t *ret_total)
{
	char *url = xasprintf(COUNTS "Feature(%s)", parameters);
	struct json *j;
	const struct json *f;
	int64_t n = -1;

	assert_int_equal(tenant_ask(t, false, "GET", url, NULL, &j), 200);
	f = json_first(json_get(j, "userRegistrationFeatureCounts"));
	for (; f; f = json_next(f))
		if (str_same(json_string(f, "feature"), feature))
			n = json_int(f, "userCount", -1);
	*ret_total = json_int(j, "totalUserCount", -1);
	json_free(j);
	free_ptr(&url);
	return n;
}

static void counts_agree_with_rows(void **unused)
{
	struct tenant *t = open_tenant("rolled-out", 0);
	int64_t total;

	(void)unused;
	assert_int_equal(feature_count(t, "includedUserTypes='member',includedUserRoles='user'",
				       "ssprEnabled", &total), 21);
	assert_int_equal(total, 29);
	assert_int_equal(feature_count(t, "includedUserTypes='all',includedUserRoles='all'",
				       "ssprEnabled", &total), 25);
	assert_int_equal(total, 36);
	assert_int_equal(feature_count(t, "includedUserTypes='guest',includedUserRoles='all'",
				       "ssprEnabled", &total), 0);
	assert_int_equal(total, 3);
	assert_int_equal(tenant_ask(t, false, "GET", COUNTS "Feature(includedUserTypes='robot')",
				    NULL, NULL), 400);
	assert_int_equal(tenant_ask(t, false, "GET", COUNTS "Method(includedUserTypes='all',"
				    "includedUserRoles='all')", NULL, NULL), 200);
	tenant_free(t);
}

/* Every page of the crowd's report, and each person in it once. */
static void crowd_is_paged(void **unused)
{
	const size_t people = 2500;
	struct tenant *t = open_tenant("large", people);
	size_t fixed = json_count(state_list(t, "registration")), expected = fixed, n = 0, pages = 0;
	char *url = xstrdup(ROWS "?$top=999&$select=id,isSsprEnabled");
	int64_t total;

	(void)unused;
	for (size_t i = 0; i < people; i++)
		expected += crowd_enabled(i);
	while (url) {
		struct json *j;
		const char *next;

		assert_int_equal(tenant_ask(t, false, "GET", url, NULL, &j), 200);
		n += json_count(json_get(j, "value"));
		next = json_string(j, "@odata.nextLink");
		free_ptr(&url);
		url = xstrdup(next);
		json_free(j);
		pages++;
	}
	assert_int_equal(n, expected);
	assert_int_equal(pages, (expected + 998) / 999);
	feature_count(t, "includedUserTypes='all',includedUserRoles='all'", "mfaCapable", &total);
	assert_int_equal(total, expected);
	assert_int_equal(rows_matching(t, "isAdmin%20eq%20true"), 4);
	tenant_free(t);
}

/* A member of the crowd put into the selected group shows up in the report. */
static void crowd_follows_the_group(void **unused)
{
	struct tenant *t = open_tenant("large", 100);
	struct json *group = json_first_mutable(json_get_mutable(t->state, "groups"));
	struct crowd_person p;
	struct err err = ERR_INIT;
	struct json *j;
	char *url;
	int64_t total, before;

	(void)unused;
	crowd_person(7, &p);
	json_append_string(json_get_mutable(group, "_members"), p.id);
	assert_int_equal(tenant_portal_set(t, "scope", json_string(group, "id"), &err), 0);
	before = feature_count(t, "includedUserTypes='all',includedUserRoles='all'",
			       "ssprEnabled", &total);
	assert_int_equal(before, 0);
	clock_advance(30000);
	assert_int_equal(feature_count(t, "includedUserTypes='all',includedUserRoles='all'",
				       "ssprEnabled", &total), 5);
	url = xasprintf(ROWS "/%s", p.id);
	assert_int_equal(tenant_ask(t, false, "GET", url, NULL, &j), 200);
	assert_true(json_bool(j, "isSsprEnabled", false));
	assert_string_equal(json_string(j, "userDisplayName"), p.display_name);
	json_free(j);
	free_ptr(&url);
	tenant_free(t);
}

static const struct json *last_change(struct json *list, const char *field)
{
	const struct json *e, *p, *found = NULL;

	for (e = json_first(list); e; e = json_next(e)) {
		p = json_first(json_get(json_first(json_get(e, "targetResources")),
					"modifiedProperties"));
		for (; p; p = json_next(p))
			if (str_same(json_string(p, "displayName"), field))
				found = p;
	}
	return found;
}

static void portal_changes_are_audited(void **unused)
{
	static const struct {
		const char *setting, *value, *field, *before, *after;
	} cases[] = {
		{ "scope", "All", "enablementType", "0", "2" },
		{ "scope", "None", "enablementType", "2", "0" },
		{ "methodsRequired", "1", "numberOfAuthenticationMethodsRequired", "2", "1" },
		{ "notifyUsers", "on", "notifyUsersOnPasswordReset", "false", "true" },
		{ "notifyAdmins", "true", "notifyOnAdminPasswordReset", "false", "true" },
		{ "writeback", "on", "passwordWritebackSupported", "false", "true" },
	};
	struct tenant *t = open_tenant("contoso", 0);
	struct json *list = json_get_mutable(json_get_mutable(t->state, "log"), "directoryAudits");
	struct err err = ERR_INIT;
	struct json *j;

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct json *p;

		assert_int_equal(tenant_portal_set(t, cases[i].setting, cases[i].value, &err), 0);
		p = last_change(list, cases[i].field);
		assert_string_equal(json_string(p, "oldValue"), cases[i].before);
		assert_string_equal(json_string(p, "newValue"), cases[i].after);
	}
	assert_int_equal(tenant_ask(t, false, "GET", "/v1.0/auditLogs/directoryAudits?$filter="
				    "loggedByService%20eq%20%27Self-service%20Password%20Management"
				    "%27%20and%20activityDateTime%20ge%202026-11-01T00:00:00Z&"
				    "$orderby=activityDateTime%20desc&$top=1", NULL, &j), 200);
	assert_string_equal(json_text(json_at(j, "value[0].activityDisplayName")),
			    "Enable password writeback for directory");
	assert_string_equal(json_text(json_at(j, "value[0].initiatedBy.user.userPrincipalName")),
			    "admin@contoso.com");
	json_free(j);
	tenant_free(t);
}

static void portal_refuses_nonsense(void **unused)
{
	static const char *const bad[][2] = {
		{ "scope", "No-Such-Group" }, { "methodsRequired", "3" },
		{ "methodsRequired", "" }, { "methodsRequired", "1x" },
		{ "notifyUsers", "maybe" }, { "colour", "blue" },
	};
	struct tenant *t = open_tenant("contoso", 0), *cloud = open_tenant("cloud-only", 0);
	struct err err = ERR_INIT;

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_int_equal(tenant_portal_set(t, bad[i][0], bad[i][1], &err), -1);
	assert_int_equal(tenant_portal_set(cloud, "writeback", "on", &err), -1);
	tenant_free(t);
	tenant_free(cloud);
}

static void log_forgets_after_thirty_days(void **unused)
{
	struct tenant *t = open_tenant("rolled-out", 0);
	struct json *j;

	(void)unused;
	assert_int_equal(tenant_ask(t, false, "GET", "/v1.0/auditLogs/directoryAudits", NULL, &j),
			 200);
	assert_true(json_count(json_get(j, "value")) > 40);
	json_free(j);
	clock_advance(31 * 24 * HOUR_MS);
	assert_int_equal(tenant_ask(t, false, "GET", "/v1.0/auditLogs/directoryAudits", NULL, &j),
			 200);
	assert_int_equal(json_count(json_get(j, "value")), 0);
	json_free(j);
	tenant_free(t);
}

static void sync_and_score_answer(void **unused)
{
	struct tenant *t = open_tenant("troubled", 0);
	const char *principal = json_key(json_first(json_get(t->state, "synchronizationJobs")));
	char *url = xasprintf("/v1.0/servicePrincipals/%s/synchronization/jobs", principal);
	struct json *j;

	(void)unused;
	assert_int_equal(tenant_ask(t, false, "GET", url, NULL, &j), 200);
	assert_string_equal(json_text(json_at(j, "value[0].status.code")), "Quarantine");
	json_free(j);
	free_ptr(&url);
	assert_int_equal(tenant_ask(t, false, "GET", "/v1.0/directory/onPremisesSynchronization",
				    NULL, &j), 200);
	assert_true(json_truth(json_at(j, "value[0].features.passwordSyncEnabled")));
	json_free(j);
	assert_int_equal(tenant_ask(t, false, "GET", "/v1.0/security/secureScores?$top=1", NULL,
				    &j), 200);
	assert_string_equal(json_text(json_at(j, "value[0].controlScores[0].controlName")),
			    "SelfServicePasswordReset");
	json_free(j);
	tenant_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_filtered),
		cmocka_unit_test(disabled_people_have_no_row),
		cmocka_unit_test(report_is_late),
		cmocka_unit_test(stale_rows_stay_stale),
		cmocka_unit_test(counts_agree_with_rows),
		cmocka_unit_test(crowd_is_paged),
		cmocka_unit_test(crowd_follows_the_group),
		cmocka_unit_test(portal_changes_are_audited),
		cmocka_unit_test(portal_refuses_nonsense),
		cmocka_unit_test(log_forgets_after_thirty_days),
		cmocka_unit_test(sync_and_score_answer),
	};

	clock_set_virtual(NOW);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
