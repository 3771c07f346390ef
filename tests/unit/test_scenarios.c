#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/base/clock.h"
#include "graph/base/str.h"
#include "graph/tenant/crowd.h"
#include "graph/tenant/internal.h"
#include "graph/tenant/people.h"
#include "graph/tenant/registration.h"

#define NOW 1795600000000 /* 26 Nov 2026 */

static struct json *build(const char *name)
{
	struct err err = ERR_INIT;
	struct json *state = scenario_build(name, &err);

	if (!state)
		fail_msg("%s: %s", name, err.msg);
	return state;
}

static const struct json *find(const struct json *list, const char *key, const char *value)
{
	for (const struct json *j = json_first(list); j; j = json_next(j))
		if (str_same(json_string(j, key), value))
			return j;
	return NULL;
}

static bool known_id(const struct json *state, const char *id)
{
	return find(json_get(state, "users"), "id", id) ||
	       find(json_get(state, "groups"), "id", id);
}

static void each_builds_and_is_stable(void **unused)
{
	(void)unused;
	for (size_t i = 0; tenant_scenarios[i]; i++) {
		struct json *a = build(tenant_scenarios[i]), *b = build(tenant_scenarios[i]);

		assert_string_equal(json_string(a, "scenario"), tenant_scenarios[i]);
		assert_true(json_equal(a, b));
		assert_true(json_count(json_get(a, "users")) >= 20);
		assert_non_null(find(json_get(a, "users"), "id", json_string(a, "me")));
		json_free(a);
		json_free(b);
	}
}

static void unknown_name_is_refused(void **unused)
{
	struct err err = ERR_INIT;

	(void)unused;
	assert_null(scenario_build("fabrikam", &err));
	assert_int_equal(err.kind, ERR_INVALID);
	assert_non_null(strstr(err.msg, "fabrikam"));
	assert_non_null(strstr(err.todo, "rolled-out"));
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void ids_are_unique(void **unused)
{
	static const char *const lists[] = {
		"users", "groups", "servicePrincipals", "directoryRoles", "subscribedSkus",
		"conditionalAccessPolicies",
	};

	(void)unused;
	for (size_t i = 0; tenant_scenarios[i]; i++) {
		struct json *state = build(tenant_scenarios[i]);
		const char *ids[600];
		size_t n = 0;

		for (size_t k = 0; k < sizeof(lists) / sizeof(*lists); k++)
			for (const struct json *j = json_first(json_get(state, lists[k])); j;
			     j = json_next(j))
				ids[n++] = json_string(j, "id");
		qsort(ids, n, sizeof(*ids), by_text);
		for (size_t k = 1; k < n; k++)
			assert_string_not_equal(ids[k - 1], ids[k]);
		json_free(state);
	}
}

/* Whatever names a user or a group names one that is there. */
static void references_resolve(void **unused)
{
	(void)unused;
	for (size_t i = 0; tenant_scenarios[i]; i++) {
		struct json *state = build(tenant_scenarios[i]);
		const struct json *j, *m, *t;

		for (j = json_first(json_get(state, "groups")); j; j = json_next(j))
			for (m = json_first(json_get(j, "_members")); m; m = json_next(m))
				assert_true(known_id(state, json_text(m)));
		for (j = json_first(json_get(state, "directoryRoles")); j; j = json_next(j))
			for (m = json_first(json_get(j, "_members")); m; m = json_next(m))
				assert_true(known_id(state, json_text(m)));
		j = json_first(json_get(json_get(state, "authenticationMethodsPolicy"),
					"authenticationMethodConfigurations"));
		for (; j; j = json_next(j))
			for (t = json_first(json_get(j, "includeTargets")); t; t = json_next(t))
				assert_true(str_same(json_string(t, "id"), "all_users") ||
					    known_id(state, json_string(t, "id")));
		for (j = json_first(json_get(state, "registration")); j; j = json_next(j))
			assert_true(known_id(state, json_string(j, "id")));
		json_free(state);
	}
}

static void seats_are_counted(void **unused)
{
	struct json *state = build("contoso");
	const struct json *sku = find(json_get(state, "subscribedSkus"), "skuPartNumber", "SPE_E3");

	(void)unused;
	assert_int_equal(json_int(json_get(sku, "prepaidUnits"), "enabled", 0), 30);
	assert_int_equal(json_int(sku, "consumedUnits", 0), 26);
	json_free(state);
}

/* Members all licensed and capable, nobody else enabled. */
static void rolled_out_is_rolled_out(void **unused)
{
	struct json *state = build("rolled-out");
	const struct json *group = find(json_get(state, "groups"), "displayName",
					"SSPR-Enabled-Users");
	size_t members = json_count(json_get(group, "_members")), enabled = 0, admins = 0;

	(void)unused;
	for (const struct json *m = json_first(json_get(group, "_members")); m; m = json_next(m)) {
		const struct json *u = find(json_get(state, "users"), "id", json_text(m));
		const struct json *row = find(json_get(state, "registration"), "id", json_text(m));

		assert_true(json_count(json_get(u, "assignedPlans")) > 0);
		assert_true(json_bool(u, "accountEnabled", false));
		assert_true(json_bool(row, "isSsprCapable", false));
		assert_false(json_bool(row, "isAdmin", true));
	}
	for (const struct json *r = json_first(json_get(state, "registration")); r;
	     r = json_next(r)) {
		if (json_bool(r, "isAdmin", false)) {
			assert_true(json_bool(r, "isSsprCapable", false));
			admins++;
		} else {
			enabled += json_bool(r, "isSsprEnabled", false);
		}
	}
	assert_int_equal(enabled, members);
	assert_int_equal(members, 21);
	assert_int_equal(admins, 4);
	json_free(state);
}

static void troubled_names_its_troubles(void **unused)
{
	struct json *state = build("troubled");
	const struct json *list = json_get(state, "troubles"), *j, *policy;
	struct str text = { 0 };

	(void)unused;
	assert_true(json_count(list) >= 22);
	for (j = json_first(list); j; j = json_next(j)) {
		const char *finding = json_string(j, "finding");

		assert_true(str_starts(finding, "prereq.") || str_starts(finding, "step.") ||
			    str_starts(finding, "health."));
		assert_non_null(json_string(j, "what"));
		assert_ptr_equal(find(list, "id", json_string(j, "id")), j);
	}
	policy = json_get(state, "authenticationMethodsPolicy");
	json_print(policy, &text);
	assert_true(text.len > 20 * 1024);
	str_release(&text);
	assert_true(json_count(json_get(json_at(state, "log"), "directoryAudits")) > 30);
	json_free(state);
}

/* Hostile text survives printing and reading, byte for byte. */
static void hostile_text_is_kept(void **unused)
{
	struct json *state = build("hostile-names"), *again;
	struct err err = ERR_INIT;
	struct str text = { 0 };

	(void)unused;
	json_print(state, &text);
	again = json_parse_raw(str_text(&text), text.len, &err);
	assert_non_null(again);
	assert_true(json_equal(state, again));
	assert_non_null(strstr(json_string(json_first(json_get(state, "users")), "displayName"),
			       "\x1b[2J"));
	str_release(&text);
	json_free(again);
	json_free(state);
}

static void dates_follow_the_clock(void **unused)
{
	struct json *state = build("contoso");
	int64_t when = 0;

	(void)unused;
	assert_int_equal(time_parse(json_string(json_get(state, "organization"),
						"onPremisesLastSyncDateTime"), &when), 0);
	assert_int_equal(NOW - when, 12 * 60 * 1000);
	json_free(state);
}

static void crowd_is_found_again(void **unused)
{
	struct crowd_person p, q;
	size_t i;

	(void)unused;
	crowd_person(4711, &p);
	crowd_person(4711, &q);
	assert_string_equal(p.display_name, q.display_name);
	assert_true(crowd_find(10000, p.id, &i));
	assert_int_equal(i, 4711);
	assert_false(crowd_find(4711, p.id, &i));
	assert_false(crowd_find(10000, "5e11a9e0-7c4d-4b0e-9f21-0000000000zz", &i));
	assert_false(crowd_find(10000, "", &i));
	{
		struct json *u = crowd_user(4711, "contoso.com", NOW);

		assert_string_equal(json_string(u, "id"), p.id);
		assert_true(crowd_find_upn(10000, json_string(u, "userPrincipalName"),
					   "contoso.com", &i));
		assert_int_equal(i, 4711);
		assert_false(crowd_find_upn(10000, json_string(u, "userPrincipalName"),
					    "contoso.net", &i));
		json_free(u);
	}
	assert_false(crowd_find_upn(10000, "x.y.0004711@contoso.com", "contoso.com", &i));
}

static void crowd_has_its_shares(void **unused)
{
	size_t both = 0, none = 0, disabled = 0, n = 20000;

	(void)unused;
	for (size_t i = 0; i < n; i++) {
		both += crowd_methods(i) == (APP | PHONE);
		none += crowd_methods(i) == 0;
		disabled += !crowd_enabled(i);
	}
	assert_in_range(both, n * 50 / 100, n * 54 / 100);
	assert_in_range(none, n * 15 / 100, n * 17 / 100);
	assert_in_range(disabled, n * 7 / 1000, n * 13 / 1000);
}

static void rows_follow_the_rules(void **unused)
{
	static const char *members[] = { "b", "c" };
	static const char *admins[] = { "a", "b" };
	struct registration_basis b = {
		.scope = 1, .required = 1, .admins_may_reset = false,
		.members = members, .nmembers = 2, .admins = admins, .nadmins = 2,
	};
	static const struct {
		const char *id;
		bool guest;
		unsigned methods;
		bool registered, enabled;
	} rows[] = {
		{ "a", false, APP, false, false },	/* an administrator needs two */
		{ "a", false, APP | PHONE, true, false },
		{ "b", false, APP | PHONE, true, false },	/* in the group, yet admin */
		{ "c", false, PHONE, true, true },
		{ "c", false, QUESTION, true, true },
		{ "c", false, METHOD_BIT(HAS_FIDO2), false, true },
		{ "d", false, APP | PHONE, true, false },	/* not in the group */
		{ "d", true, 0, false, false },
	};
	struct registration_flags is;

	(void)unused;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		registration_judge(&b, rows[i].id, rows[i].guest, rows[i].methods, &is);
		assert_int_equal(is.sspr_registered, rows[i].registered);
		assert_int_equal(is.sspr_enabled, rows[i].enabled);
		assert_int_equal(is.sspr_capable, rows[i].registered && rows[i].enabled);
	}
	b.required = 2;
	registration_judge(&b, "c", false, PHONE, &is);
	assert_false(is.sspr_registered);
	b.scope = 2;
	registration_judge(&b, "d", false, APP | PHONE, &is);
	assert_true(is.sspr_capable);
	registration_judge(&b, "d", true, APP | PHONE, &is);
	assert_false(is.sspr_enabled);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_builds_and_is_stable),
		cmocka_unit_test(unknown_name_is_refused),
		cmocka_unit_test(ids_are_unique),
		cmocka_unit_test(references_resolve),
		cmocka_unit_test(seats_are_counted),
		cmocka_unit_test(rolled_out_is_rolled_out),
		cmocka_unit_test(troubled_names_its_troubles),
		cmocka_unit_test(hostile_text_is_kept),
		cmocka_unit_test(dates_follow_the_clock),
		cmocka_unit_test(crowd_is_found_again),
		cmocka_unit_test(crowd_has_its_shares),
		cmocka_unit_test(rows_follow_the_rules),
	};

	clock_set_virtual(NOW);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
