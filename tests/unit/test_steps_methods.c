#include "tests/unit/judged_step.h"

#include "graph/base/mem.h"
#include "steps/compare.h"

#define OTHER "22222222-0000-0000-0000-000000000002"
#define CONFIGURATIONS \
	"/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/"

static struct target targets[2];

/* The method with these targets; json NULL leaves the second out. */
static void set(struct judged *j, enum method_id id, bool enabled, const char *id1,
		const char *json1, const char *id2, const char *json2)
{
	struct method *m = &j->f.methods.method[id];

	targets[0] = (struct target){ .id = id1, .type = "group", .json = json1 };
	targets[1] = (struct target){ .id = id2, .type = "group", .json = json2 };
	m->enabled = enabled;
	m->include = targets;
	m->ninclude = json2 ? 2 : 1;
}

static void test_done(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.audit.methods_required = (struct policy_value){
		.old_value = "2", .new_value = "1", .time_ms = NOW_MS - DAY_MS,
	};
	judged_run(&j, "methods");
	assert_int_equal(j.v.state, STEP_DONE);
	assert_setting(&j, "methods.sms", "on for SSPR-Enabled-Users", true);
	assert_setting(&j, "methods.required", "1", true);
	assert_setting(&j, "methods.migration", "complete", true);
	judged_close(&j);
}

static void test_a_disabled_method(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	set(&j, METHOD_SMS, false, "all_users", "{\"targetType\":\"group\",\"id\":\"all_users\","
	    "\"isUsableForSignIn\":true}", NULL, NULL);
	judged_run(&j, "methods");
	assert_int_equal(j.v.state, STEP_CHANGES);
	c = judged_change(&j, "methods.sms");
	assert_string_equal(c->method, "PATCH");
	assert_string_equal(c->url, CONFIGURATIONS "Sms");
	/* Our group alone, and not as a way to sign in. */
	assert_json_text(c->body,
		"{\"@odata.type\":\"#microsoft.graph.smsAuthenticationMethodConfiguration\","
		"\"state\":\"enabled\",\"includeTargets\":[{\"targetType\":\"group\","
		"\"id\":\"" GROUP_ID "\",\"isRegistrationRequired\":false,"
		"\"isUsableForSignIn\":false}]}");
	assert_json_text(c->undo_body,
		"{\"@odata.type\":\"#microsoft.graph.smsAuthenticationMethodConfiguration\","
		"\"state\":\"disabled\",\"includeTargets\":[{\"targetType\":\"group\","
		"\"id\":\"all_users\",\"isUsableForSignIn\":true}]}");
	assert_string_equal(c->guard_url, c->url);
	assert_json_text(c->guard_expect,
		"{\"state\":\"disabled\",\"includeTargets\":[{\"targetType\":\"group\","
		"\"id\":\"all_users\",\"isUsableForSignIn\":true}],\"excludeTargets\":[]}");
	assert_non_null(strstr(c->detail, "nobody else gets it"));
	judged_close(&j);
}

static void test_authenticator_codes(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	set(&j, METHOD_AUTHENTICATOR, false, "all_users", "{\"id\":\"all_users\"}", NULL, NULL);
	judged_run(&j, "methods");
	c = judged_change(&j, "methods.authenticator");
	assert_true(json_bool(c->body, "isSoftwareOathEnabled", false));
	assert_false(json_bool(c->undo_body, "isSoftwareOathEnabled", true));
	assert_string_equal(json_string(json_first(json_get(c->body, "includeTargets")),
					"authenticationMode"), "any");
	/* On already: its codes are the tenant's own choice. */
	set(&j, METHOD_AUTHENTICATOR, true, OTHER, "{\"id\":\"" OTHER "\"}", NULL, NULL);
	judged_run(&j, "methods");
	c = judged_change(&j, "methods.authenticator");
	assert_false(json_has(c->body, "isSoftwareOathEnabled"));
	assert_false(json_has(c->undo_body, "isSoftwareOathEnabled"));
	judged_close(&j);
}

/* Every target goes back as it was read, whatever is in it. */
static void test_merge_keeps_every_target(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	set(&j, METHOD_EMAIL, true, OTHER, "{\"targetType\":\"group\",\"id\":\"" OTHER "\","
	    "\"isRegistrationRequired\":true,\"new\":{\"a\":[1]},"
	    "\"id@odata.context\":\"x\"}", "u7",
	    "{\"targetType\":\"user\",\"id\":\"u7\"}");
	judged_run(&j, "methods");
	c = judged_change(&j, "methods.email");
	assert_json_text(c->body,
		"{\"@odata.type\":\"#microsoft.graph.emailAuthenticationMethodConfiguration\","
		"\"state\":\"enabled\",\"includeTargets\":[{\"targetType\":\"group\","
		"\"id\":\"" OTHER "\",\"isRegistrationRequired\":true,\"new\":{\"a\":[1]}},"
		"{\"targetType\":\"user\",\"id\":\"u7\"},{\"targetType\":\"group\","
		"\"id\":\"" GROUP_ID "\",\"isRegistrationRequired\":false}]}");
	assert_false(json_has(c->body, "allowExternalIdToUseEmailOtp"));
	assert_int_equal(json_count(json_get(c->undo_body, "includeTargets")), 2);
	assert_non_null(strstr(c->detail, "The 2 targets that it has stay"));
	judged_close(&j);
}

static void test_everybody_has_it(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	set(&j, METHOD_SMS, true, "all_users", "{\"id\":\"all_users\"}", NULL, NULL);
	judged_run(&j, "methods");
	assert_setting(&j, "methods.sms", "on for all users", true);
	assert_null(judged_change(&j, "methods.sms"));
	judged_close(&j);
}

static void test_exclusion_is_never_edited(void **state)
{
	static struct target out = { .id = GROUP_ID, .type = "group", .json = "{}" };
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.methods.method[METHOD_SMS].exclude = &out;
	j.f.methods.method[METHOD_SMS].nexclude = 1;
	judged_run(&j, "methods");
	assert_int_equal(j.v.state, STEP_BLOCKED);
	assert_null(judged_change(&j, "methods.sms"));
	assert_true(judged_says(&j, "SMS excludes SSPR-Enabled-Users", true));
	assert_setting(&j, "methods.sms", "on, but SSPR-Enabled-Users is excluded", false);
	judged_close(&j);
}

static void test_not_asked_for(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.methods.method[METHOD_SMS].enabled = false;
	j.w.method[METHOD_SMS] = false;
	judged_run(&j, "methods");
	assert_null(judged_change(&j, "methods.sms"));
	assert_setting(&j, "methods.sms", "off", true);
	assert_false(judged_says(&j, "1 Feb 2027", true));
	judged_close(&j);
}

static void test_a_group_that_comes_first(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.groups = (struct groups){ .n = 0 };
	set(&j, METHOD_SMS, false, "all_users", "{\"id\":\"all_users\"}", NULL, NULL);
	judged_run(&j, "methods");
	assert_string_equal(json_string(json_first(json_get(judged_change(&j, "methods.sms")->body,
							    "includeTargets")), "id"), "{group}");
	judged_close(&j);
}

static void test_migration(void **state)
{
	static const struct {
		enum migration migration;
		const char *current;
		bool matches;
	} rows[] = {
		{ MIGRATION_PRE, "not started", false },
		{ MIGRATION_IN_PROGRESS, "in progress", true },
		{ MIGRATION_COMPLETE, "complete", true },
		{ MIGRATION_NULL, "nothing to migrate", true },
		{ MIGRATION_UNKNOWN, "?", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct judged j;
		bool before = rows[i].migration == MIGRATION_PRE;

		judged_open(&j);
		j.f.methods.migration = rows[i].migration;
		judged_run(&j, "methods");
		assert_setting(&j, "methods.migration", rows[i].current, rows[i].matches);
		assert_int_equal(judged_change(&j, "methods.migration") != NULL, before);
		assert_int_equal(judged_says(&j, "does nothing for password reset", true), before);
		judged_close(&j);
	}
}

static void test_notes(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.methods.bytes = 20 * 1024;
	j.w.methods_required = 2;
	j.w.method[METHOD_EMAIL] = false;
	j.f.methods.method[METHOD_EMAIL].enabled = false;
	j.f.methods.method[METHOD_SMS].enabled = false;	/* its change makes it larger */
	judged_run(&j, "methods");
	assert_true(judged_says(&j, "20 KB", true));
	assert_true(judged_says(&j, "at least 3 methods", true));
	assert_true(judged_says(&j, "1 Feb 2027", true));
	judged_close(&j);
}

static void test_number_required(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.audit.methods_required = (struct policy_value){
		.old_value = "1", .new_value = "2", .time_ms = NOW_MS - DAY_MS,
	};
	judged_run(&j, "methods");
	assert_int_equal(j.v.state, STEP_GUIDED);
	c = judged_change(&j, "methods.required");
	assert_int_equal(c->means, MEANS_GUIDED);
	assert_string_equal(c->attests, "methods.required");
	assert_string_equal(c->attest_value, "1");
	assert_string_equal(c->undo, "set it back to 2");
	assert_string_equal(c->link, "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/"
			    "PasswordResetMenuBlade/~/AuthenticationMethods");
	judged_close(&j);
}

static void test_china(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	lose_area(&j.f, AREA_METHODS, SOURCE_ABSENT, "no policy");
	memset(&j.f.methods, 0, sizeof(j.f.methods));
	judged_run(&j, "methods");
	assert_int_equal(plan_automatic(&j.v.plan), 0);
	assert_true(judged_says(&j, "no authentication methods policy", true));
	judged_close(&j);
}

static void test_comparison(void **state)
{
	static const struct {
		const char *have, *want;
		bool holds;
	} rows[] = {
		{ "{\"a\":1,\"b\":2}", "{\"a\":1}", true },
		{ "{\"a\":1}", "{\"a\":2}", false },
		{ "{}", "{\"a\":1}", false },
		{ "{}", "{\"@odata.type\":\"x\"}", true },
		{ "{}", "{\"a@odata.context\":\"x\"}", true },
		{ "{\"value\":[]}", "{\"value\":[]}", true },
		{ "{\"value\":[{\"id\":\"g\"}]}", "{\"value\":[]}", false },
		{ "{\"t\":[{\"id\":\"b\",\"x\":0},{\"id\":\"a\"}]}",
		  "{\"t\":[{\"id\":\"a\"},{\"id\":\"b\"}]}", true },
		{ "{\"t\":[{\"id\":\"a\"},{\"id\":\"b\"}]}", "{\"t\":[{\"id\":\"a\"}]}", false },
		{ "{\"t\":[{\"id\":\"a\"},{\"id\":\"b\"}]}",
		  "{\"t\":[{\"id\":\"a\"},{\"id\":\"a\"}]}", false },
		{ "{\"t\":[\"a\",\"b\"]}", "{\"t\":[\"b\",\"a\"]}", false },
		{ "null", "{\"a\":1}", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct err err = ERR_INIT;
		struct json *have = json_parse(rows[i].have, strlen(rows[i].have), &err);
		struct json *want = json_parse(rows[i].want, strlen(rows[i].want), &err);

		if (json_holds(have, want, NULL) != rows[i].holds)
			fail_msg("%s against %s", rows[i].have, rows[i].want);
		json_free(have);
		json_free(want);
	}
}

/* A method that is off was prepared for somebody: they are left out, and named. */
static void test_left_out(void **state)
{
	struct judged j;
	const struct change *c;

	(void)state;
	judged_open(&j);
	set(&j, METHOD_EMAIL, false, GROUP_ID, "{\"id\":\"" GROUP_ID "\"}", "sales",
		    "{\"id\":\"sales\"}");
	judged_run(&j, "methods");
	c = judged_change(&j, "methods.email");
	assert_non_null(c);
	assert_non_null(strstr(c->detail, "prepared for, group sales, are left out"));
	assert_non_null(strstr(c->detail, "puts them in again"));
	assert_null(strstr(c->detail, GROUP_ID));
	assert_true(judged_says(&j, "Email OTP is off, and was prepared for group sales", true));
	/* By its name where that is known. */
	j.f.methods.method[METHOD_EMAIL].include[1].name = "Sales of the North";
	judged_run(&j, "methods");
	assert_non_null(strstr(judged_change(&j, "methods.email")->detail,
			       "prepared for, group Sales of the North, are left out"));
	judged_close(&j);

	/* Everybody is what a method has from the start: nobody prepared it. */
	judged_open(&j);
	set(&j, METHOD_EMAIL, false, "all_users", "{\"id\":\"all_users\"}", NULL, NULL);
	judged_run(&j, "methods");
	c = judged_change(&j, "methods.email");
	assert_non_null(c);
	assert_null(strstr(c->detail, "left out"));
	judged_close(&j);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_done),
		cmocka_unit_test(test_a_disabled_method),
		cmocka_unit_test(test_authenticator_codes),
		cmocka_unit_test(test_merge_keeps_every_target),
		cmocka_unit_test(test_everybody_has_it),
		cmocka_unit_test(test_exclusion_is_never_edited),
		cmocka_unit_test(test_not_asked_for),
		cmocka_unit_test(test_a_group_that_comes_first),
		cmocka_unit_test(test_migration),
		cmocka_unit_test(test_notes),
		cmocka_unit_test(test_number_required),
		cmocka_unit_test(test_china),
		cmocka_unit_test(test_comparison),
		cmocka_unit_test(test_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
