#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/tenant_ask.h"

#define NOW 1795600000000
#define POLICY "/v1.0/policies/authenticationMethodsPolicy"
#define METHODS POLICY "/authenticationMethodConfigurations"
#define TYPE(m) "\"@odata.type\":\"#microsoft.graph." m "AuthenticationMethodConfiguration\""
#define PASS TYPE("temporaryAccessPass")

static struct tenant *open_tenant(const char *scenario)
{
	struct err err = ERR_INIT;
	struct tenant *t = tenant_new(scenario, 0, &err);

	if (!t)
		fail_msg("%s", err.msg);
	return t;
}

static const char *group_id(struct tenant *t, const char *name)
{
	const struct json *g = json_first(state_list(t, "groups"));

	while (g && !str_same(json_string(g, "displayName"), name))
		g = json_next(g);
	return json_string(g, "id");
}

static void policy_has_every_method(void **unused)
{
	struct tenant *t = open_tenant("contoso");
	struct json *j;
	const struct json *m;

	(void)unused;
	assert_int_equal(tenant_ask(t, false, "GET", POLICY, NULL, &j), 200);
	assert_string_equal(json_string(j, "policyMigrationState"), "migrationInProgress");
	assert_int_equal(json_count(json_get(j, "authenticationMethodConfigurations")), 7);
	for (m = json_first(json_get(j, "authenticationMethodConfigurations")); m;
	     m = json_next(m)) {
		assert_non_null(json_string(m, "@odata.type"));
		assert_non_null(json_string(m, "includeTargets@odata.context"));
	}
	json_free(j);
	/* The id in the path is not case-sensitive. */
	assert_int_equal(tenant_ask(t, false, "GET", METHODS "/sms", NULL, &j), 200);
	assert_string_equal(json_string(j, "id"), "Sms");
	assert_string_equal(json_string(j, "state"), "disabled");
	json_free(j);
	assert_int_equal(tenant_ask(t, false, "GET", METHODS "/carrierPigeon", NULL, NULL), 404);
	tenant_free(t);
}

/* What Graph refuses is refused, and nothing has changed. */
static void bad_changes_are_refused(void **unused)
{
	static const struct {
		const char *method, *body;
	} bad[] = {
		{ "sms", "{\"state\":\"enabled\"}" },
		{ "sms", "{" TYPE("email") ",\"state\":\"enabled\"}" },
		{ "sms", "{" TYPE("sms") ",\"state\":\"on\"}" },
		{ "sms", "{" TYPE("sms") ",\"isSoftwareOathEnabled\":true}" },
		{ "sms", "{" TYPE("sms") ",\"includeTargets@odata.context\":\"x\"}" },
		{ "sms", "{" TYPE("sms") ",\"includeTargets\":{}}" },
		{ "sms", "{" TYPE("sms") ",\"id\":\"Email\"}" },
		{ "sms", "{" TYPE("sms") ",\"state\":\"enabled\",\"includeTargets\":[]}" },
		{ "sms", "{" TYPE("sms") ",\"includeTargets\":[{\"targetType\":\"group\","
		  "\"id\":\"11111111-2222-4333-8444-555555555555\"}]}" },
		{ "sms", "{" TYPE("sms") ",\"includeTargets\":[{\"id\":\"all_users\"}]}" },
		{ "sms", "{" TYPE("sms") ",\"includeTargets\":[{\"targetType\":\"group\","
		  "\"id\":\"all_users\",\"authenticationMode\":\"any\"}]}" },
		{ "temporaryAccessPass", "{" PASS ",\"defaultLength\":7}" },
		{ "temporaryAccessPass", "{" PASS ",\"defaultLength\":49}" },
		{ "temporaryAccessPass", "{" PASS ",\"minimumLifetimeInMinutes\":9}" },
		{ "temporaryAccessPass", "{" PASS ",\"minimumLifetimeInMinutes\":121}" },
		{ "temporaryAccessPass", "{" PASS ",\"maximumLifetimeInMinutes\":43201}" },
		{ "temporaryAccessPass", "{" PASS ",\"defaultLifetimeInMinutes\":121}" },
		{ "temporaryAccessPass", "{" PASS ",\"defaultLifetimeInMinutes\":9}" },
		{ "temporaryAccessPass", "{" PASS ",\"isUsableOnce\":\"yes\"}" },
		{ "email", "{" TYPE("email") ",\"includeTargets\":[{\"targetType\":\"group\","
		  "\"id\":\"all_users\",\"isUsableForSignIn\":false}]}" },
		{ "sms", "{" TYPE("sms") ",\"includeTargets\":[{\"targetType\":\"user\","
		  "\"id\":\"11111111-2222-4333-8444-555555555555\"}]}" },
		{ "sms", "{" TYPE("sms") ",\"excludeTargets\":[{\"targetType\":\"group\","
		  "\"id\":\"all_users\"}]}" },
	};
	struct tenant *t = open_tenant("contoso");
	struct json *before = json_clone(json_get(tenant_state(t), "authenticationMethodsPolicy"));

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		char *url = xasprintf(METHODS "/%s", bad[i].method);
		int status = tenant_ask(t, false, "PATCH", url, bad[i].body, NULL);

		if (status != 400)
			fail_msg("%s was answered %d", bad[i].body, status);
		free_ptr(&url);
	}
	assert_true(json_equal(before, json_get(tenant_state(t), "authenticationMethodsPolicy")));
	json_free(before);
	tenant_free(t);
}

static void change_shows_after_a_lag(void **unused)
{
	struct tenant *t = open_tenant("contoso");
	char *body = xasprintf("{" TYPE("sms") ",\"state\":\"enabled\",\"includeTargets\":"
			       "[{\"targetType\":\"group\",\"id\":\"%s\"}]}",
			       group_id(t, "Sales"));
	struct json *j, *old;
	const struct json *target;

	(void)unused;
	assert_int_equal(tenant_ask(t, false, "GET", POLICY, NULL, &old), 200);
	assert_int_equal(tenant_ask(t, false, "PATCH", METHODS "/sms", body, &j), 204);
	assert_null(j);
	assert_int_equal(tenant_ask(t, true, "GET", POLICY, NULL, &j), 200);
	assert_true(json_equal(old, j));
	json_free(j);
	clock_advance(1999);
	assert_int_equal(tenant_ask(t, true, "GET", METHODS "/sms", NULL, &j), 200);
	assert_string_equal(json_string(j, "state"), "disabled");
	json_free(j);
	clock_advance(1);
	assert_int_equal(tenant_ask(t, true, "GET", METHODS "/sms", NULL, &j), 200);
	assert_string_equal(json_string(j, "state"), "enabled");
	target = json_first(json_get(j, "includeTargets"));
	assert_int_equal(json_count(json_get(j, "includeTargets")), 1);
	/* The default that surprises: usable for sign-in. */
	assert_true(json_bool(target, "isUsableForSignIn", false));
	assert_false(json_bool(target, "isRegistrationRequired", true));
	json_free(j);
	assert_int_equal(tenant_ask(t, false, "GET", POLICY, NULL, &j), 200);
	assert_string_not_equal(json_string(j, "lastModifiedDateTime"),
				json_string(old, "lastModifiedDateTime"));
	json_free(j);
	json_free(old);
	free_ptr(&body);
	tenant_free(t);
}

static void change_is_audited(void **unused)
{
	struct tenant *t = open_tenant("contoso");
	struct json *j;
	const struct json *change;

	(void)unused;
	assert_int_equal(tenant_ask(t, false, "PATCH", METHODS "/softwareOath",
				    "{" TYPE("softwareOath") ",\"state\":\"enabled\"}", NULL), 204);
	assert_int_equal(tenant_ask(t, false, "GET", "/v1.0/auditLogs/directoryAudits?$filter="
				    "loggedByService%20eq%20%27Authentication%20Methods%27&$top=1",
				    NULL, &j), 200);
	change = json_at(j, "value[0].targetResources[0].modifiedProperties[0]");
	assert_string_equal(json_string(change, "displayName"), "SoftwareOath");
	assert_non_null(strstr(json_string(change, "oldValue"), "\"disabled\""));
	assert_non_null(strstr(json_string(change, "newValue"), "\"enabled\""));
	json_free(j);
	tenant_free(t);
}

/* Targets that are people can stay, but none can be added. */
static void targeted_people_stay(void **unused)
{
	struct tenant *t = open_tenant("contoso");
	struct json *m = json_first_mutable(json_get_mutable(
		json_get_mutable(t->state, "authenticationMethodsPolicy"),
		"authenticationMethodConfigurations"));
	const char *user = json_string(t->state, "me");
	char *target = xasprintf("{\"targetType\":\"user\",\"id\":\"%s\"}", user), *body;
	struct err err = ERR_INIT;

	(void)unused;
	body = xasprintf("{" TYPE("voice") ",\"includeTargets\":[%s]}", target);
	assert_int_equal(tenant_ask(t, false, "PATCH", METHODS "/voice", body, NULL), 400);
	while (!str_same(json_string(m, "id"), "Voice"))
		m = json_next_mutable(m);
	json_append(json_get_mutable(m, "includeTargets"),
		    json_parse(target, strlen(target), &err));
	assert_int_equal(tenant_ask(t, false, "PATCH", METHODS "/voice", body, NULL), 204);
	free_ptr(&body);
	free_ptr(&target);
	tenant_free(t);
}

static void policy_itself_is_strict(void **unused)
{
	static const struct {
		const char *url, *body;
		int status;
	} cases[] = {
		{ POLICY, "{\"policyMigrationState\":\"migrationComplete\"}", 200 },
		{ POLICY, "{\"policyMigrationState\":\"migrationInProgress\"}", 200 },
		{ POLICY, "{\"policyMigrationState\":\"preMigration\"}", 400 },
		{ POLICY, "{\"policyMigrationState\":\"premigration\"}", 400 },
		{ POLICY, "{\"reconfirmationInDays\":90}", 400 },
		{ POLICY, "{\"registrationEnforcement\":{"
		  "\"authenticationMethodsRegistrationCampaign\":{\"snoozeDurationInDays\":3,"
		  "\"state\":\"enabled\",\"excludeTargets\":[],\"includeTargets\":[{\"id\":"
		  "\"all_users\",\"targetType\":\"group\",\"targetedAuthenticationMethod\":"
		  "\"microsoftAuthenticator\"}]}}}", 200 },
		{ POLICY, "{\"registrationEnforcement\":{"
		  "\"authenticationMethodsRegistrationCampaign\":{\"snoozeDurationInDays\":15}}}",
		  400 },
		{ POLICY, "{\"registrationEnforcement\":{"
		  "\"authenticationMethodsRegistrationCampaign\":{"
		  "\"enforceRegistrationAfterAllowedSnoozes\":true}}}", 400 },
		{ METHODS "/temporaryAccessPass", "{" PASS ",\"defaultLength\":48,"
		  "\"minimumLifetimeInMinutes\":480,\"defaultLifetimeInMinutes\":480,"
		  "\"maximumLifetimeInMinutes\":43200,\"isUsableOnce\":false}", 204 },
		{ "/v1.0/policies/authorizationPolicy", "{\"allowedToUseSSPR\":\"true\"}", 400 },
		{ "/v1.0/policies/authorizationPolicy", "{\"allowedToUseSspr\":true}", 400 },
		{ "/v1.0/policies/authorizationPolicy", "{\"allowedToUseSSPR\":true}", 204 },
	};
	struct tenant *t = open_tenant("contoso");
	struct json *j;

	(void)unused;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int status = tenant_ask(t, false, "PATCH", cases[i].url, cases[i].body, NULL);

		if (status != cases[i].status)
			fail_msg("%s was answered %d", cases[i].body, status);
	}
	assert_int_equal(tenant_ask(t, true, "GET", "/v1.0/policies/authorizationPolicy", NULL, &j),
			 200);
	assert_false(json_bool(j, "allowedToUseSSPR", true));
	json_free(j);
	assert_int_equal(tenant_ask(t, false, "GET", "/v1.0/policies/authorizationPolicy", NULL,
				    &j), 200);
	assert_true(json_bool(j, "allowedToUseSSPR", false));
	json_free(j);
	tenant_free(t);
}

static void full_policy_is_not_saved(void **unused)
{
	struct tenant *t = open_tenant("troubled");
	struct json *j, *before = json_clone(json_get(t->state, "authenticationMethodsPolicy"));

	(void)unused;
	assert_int_equal(tenant_ask(t, false, "PATCH", METHODS "/email",
				    "{" TYPE("email") ",\"state\":\"enabled\"}", &j), 400);
	assert_non_null(strstr(json_string(json_get(j, "error"), "message"), "20 KB"));
	json_free(j);
	assert_true(json_equal(before, json_get(t->state, "authenticationMethodsPolicy")));
	json_free(before);
	tenant_free(t);
}

/* A scope and a role, both. */
static void writing_needs_scope_and_role(void **unused)
{
	static const char body[] = "{" TYPE("softwareOath") ",\"state\":\"enabled\"}";
	struct tenant *t = open_tenant("contoso");
	struct json *scopes = json_new_array();

	(void)unused;
	json_append_string(scopes, "Policy.Read.All");
	json_set(t->state, "scopes", scopes);
	assert_int_equal(tenant_ask(t, false, "PATCH", METHODS "/softwareOath", body, NULL), 403);
	assert_int_equal(tenant_ask(t, false, "GET", POLICY, NULL, NULL), 200);
	json_append_string(scopes, "Policy.ReadWrite.AuthenticationMethod");
	json_set(t->state, "roles", json_new_array());
	assert_int_equal(tenant_ask(t, false, "PATCH", METHODS "/softwareOath", body, NULL), 403);
	json_append_string(json_get_mutable(t->state, "roles"),
			   "Authentication Policy Administrator");
	assert_int_equal(tenant_ask(t, false, "PATCH", METHODS "/softwareOath", body, NULL), 204);
	tenant_free(t);
}

static void access_policies_are_listed(void **unused)
{
	struct tenant *t = open_tenant("troubled");
	struct json *j;

	(void)unused;
	assert_int_equal(tenant_ask(t, false, "GET", "/v1.0/identity/conditionalAccess/policies?"
				    "$select=id,displayName,state,conditions,grantControls", NULL,
				    &j), 200);
	assert_string_equal(json_text(json_at(j, "value[0].state")), "enabled");
	assert_string_equal(json_text(json_at(j, "value[0].grantControls.builtInControls[0]")),
			    "block");
	json_free(j);
	assert_int_equal(tenant_ask(t, false, "GET", "/v1.0/policies/"
				    "identitySecurityDefaultsEnforcementPolicy?$select=isEnabled",
				    NULL, &j), 200);
	assert_false(json_bool(j, "isEnabled", true));
	json_free(j);
	tenant_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(policy_has_every_method),
		cmocka_unit_test(bad_changes_are_refused),
		cmocka_unit_test(change_shows_after_a_lag),
		cmocka_unit_test(change_is_audited),
		cmocka_unit_test(targeted_people_stay),
		cmocka_unit_test(policy_itself_is_strict),
		cmocka_unit_test(full_policy_is_not_saved),
		cmocka_unit_test(writing_needs_scope_and_role),
		cmocka_unit_test(access_policies_are_listed),
	};

	clock_set_virtual(NOW);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
