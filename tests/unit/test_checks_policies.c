#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

static const char *const phone[] = { "mobilePhone" };

static void no_group(struct facts *f)
{
	f->groups.n = 0;
	f->groups.chosen = NULL;
	f->members.people.n = 0;
	lose_area(f, AREA_MEMBERS, SOURCE_ABSENT, "there is no group SSPR-Enabled-Users yet");
}

static void report_forbidden(struct facts *f)
{
	lose_area(f, AREA_REGISTRATION, SOURCE_FORBIDDEN, "403 no premium licence");
	lose_area(f, AREA_ADMINS, SOURCE_FORBIDDEN, "403 no premium licence");
}

/* Methods */
static void one_method(struct facts *f)
{
	f->methods.method[METHOD_SMS].enabled = false;
	f->methods.method[METHOD_EMAIL].enabled = false;
}

static void no_method(struct facts *f)
{
	one_method(f);
	f->methods.method[METHOD_AUTHENTICATOR].enabled = false;
}

static void two_without_app(struct facts *f)
{
	f->methods.method[METHOD_AUTHENTICATOR].enabled = false;
}

static void two_required(struct facts *f)
{
	f->audit.methods_required = (struct policy_value){
		.new_value = "2", .actor = "root@contoso.com", .time_ms = NOW_MS - DAY_MS };
	f->methods.method[METHOD_EMAIL].enabled = false;
}

static void sms_and_voice_are_one(struct facts *f)
{
	f->methods.method[METHOD_AUTHENTICATOR].enabled = false;
	f->methods.method[METHOD_EMAIL].enabled = false;
	healthy_method(f, METHOD_VOICE);
	f->audit.methods_required = (struct policy_value){
		.new_value = "2", .time_ms = NOW_MS - DAY_MS };
}

static void pre_migration(struct facts *f)
{
	f->methods.migration = MIGRATION_PRE;
}

static void in_progress(struct facts *f)
{
	f->methods.migration = MIGRATION_IN_PROGRESS;
}

static void state_absent(struct facts *f)
{
	f->methods.migration = MIGRATION_NULL;
}

static void state_strange(struct facts *f)
{
	f->methods.migration = MIGRATION_UNKNOWN;
}

static void pre_too_few(struct facts *f)
{
	one_method(f);
	pre_migration(f);
}

static void methods_absent(struct facts *f)
{
	lose_area(f, AREA_METHODS, SOURCE_ABSENT, "the cloud china has no policy");
}

static void sms_sign_in(struct facts *f)
{
	f->methods.method[METHOD_SMS].include[0].json = "{\"isUsableForSignIn\":true}";
}

static void sms_default(struct facts *f)
{
	f->methods.method[METHOD_SMS].include[0].json = "{}";
}

static void sms_off(struct facts *f)
{
	sms_sign_in(f);
	f->methods.method[METHOD_SMS].enabled = false;
}

static void excluded(struct facts *f)
{
	struct method *m = &f->methods.method[METHOD_EMAIL];

	m->exclude = m->include;
	m->nexclude = 1;
}

static void policy_large(struct facts *f)
{
	f->methods.bytes = 17 * 1024;
}

static void policy_too_large(struct facts *f)
{
	f->methods.bytes = 20 * 1024;
}

static const struct judge_case methods_cases[] = {
	{ "three", NULL, "health.methods-too-few", VERDICT_PASS, CONFIDENCE_LIKELY, NULL },
	{ "the app alone", one_method, "health.methods-too-few", VERDICT_WARN,
	  CONFIDENCE_LIKELY, "only choice" },
	{ "none", no_method, "health.methods-too-few", VERDICT_FAIL, CONFIDENCE_LIKELY, NULL },
	{ "two without the app", two_without_app, "health.methods-too-few", VERDICT_PASS,
	  CONFIDENCE_LIKELY, NULL },
	{ "two required", two_required, "health.methods-too-few", VERDICT_WARN,
	  CONFIDENCE_PROVED, "need 3" },
	{ "SMS and voice are one", sms_and_voice_are_one, "health.methods-too-few",
	  VERDICT_FAIL, CONFIDENCE_PROVED, NULL },
	{ "before the migration", pre_migration, "health.methods-too-few", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "too few anyway", pre_too_few, "health.methods-too-few", VERDICT_WARN,
	  CONFIDENCE_LIKELY, NULL },
	{ "no group", no_group, "health.methods-too-few", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, NULL },
	{ "China", methods_absent, "health.methods-too-few", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, "china" },
	{ "group excluded", excluded, "health.methods-too-few", VERDICT_PASS,
	  CONFIDENCE_LIKELY, "2 kinds" },

	{ "complete", NULL, "health.migration", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "in progress", in_progress, "health.migration", VERDICT_WARN, CONFIDENCE_PROVED,
	  NULL },
	{ "before", pre_migration, "health.migration", VERDICT_FAIL, CONFIDENCE_PROVED,
	  "does nothing" },
	{ "absent", state_absent, "health.migration", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "strange", state_strange, "health.migration", VERDICT_UNKNOWN, CONFIDENCE_NONE,
	  NULL },
	{ "China", methods_absent, "health.migration", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, NULL },
	{ "for verification", NULL, "health.sms-sign-in", VERDICT_PASS, CONFIDENCE_PROVED,
	  NULL },
	{ "for sign-in", sms_sign_in, "health.sms-sign-in", VERDICT_WARN, CONFIDENCE_PROVED,
	  NULL },
	{ "the default is sign-in", sms_default, "health.sms-sign-in", VERDICT_WARN,
	  CONFIDENCE_PROVED, NULL },
	{ "off", sms_off, "health.sms-sign-in", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "not excluded", NULL, "health.excluded-group", VERDICT_PASS, CONFIDENCE_PROVED,
	  NULL },
	{ "excluded", excluded, "health.excluded-group", VERDICT_FAIL, CONFIDENCE_PROVED,
	  "Email OTP" },
	{ "no group", no_group, "health.excluded-group", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, NULL },
	{ "small", NULL, "health.policy-size", VERDICT_PASS, CONFIDENCE_PROVED, "3 KB" },
	{ "large", policy_large, "health.policy-size", VERDICT_WARN, CONFIDENCE_PROVED, NULL },
	{ "too large", policy_too_large, "health.policy-size", VERDICT_FAIL,
	  CONFIDENCE_PROVED, NULL },
};

static void test_methods(void **state)
{
	(void)state;
	judge_cases(methods_cases, COUNT_OF(methods_cases));
}

/* Administrators, Conditional Access, sign-in page */
static void admin_one_gate(struct facts *f)
{
	f->admins.people.v[0].methods = phone;
	f->admins.people.v[0].nmethods = 1;
}

static void admins_off(struct facts *f)
{
	admin_one_gate(f);
	f->authorization.admins_may_reset = TRI_NO;
}

static void one_gate_tenant(struct facts *f)
{
	admin_one_gate(f);
	f->organization.custom_domain = false;
	f->organization.ever_synced = false;
}

static void no_admins(struct facts *f)
{
	f->admins.people.n = 0;
}

static struct access_policy *policy(struct facts *f)
{
	struct access_policy *p;

	ARENA_GROW(&f->arena, f->access.v, f->access.n, f->access.cap);
	p = &f->access.v[f->access.n++];
	*p = (struct access_policy){ .id = "p", .name = "Registration", .state = "enabled",
				     .registration = true,
				     .hits_group = true };
	return p;
}

static void policy_blocks(struct facts *f)
{
	policy(f)->block = true;
}

static void policy_blocks_outside(struct facts *f)
{
	struct access_policy *p = policy(f);

	p->block = p->outside_trusted = true;
}

static void policy_mfa(struct facts *f)
{
	policy(f)->mfa = true;
}

static void policy_report_only(struct facts *f)
{
	struct access_policy *p = policy(f);

	p->block = true;
	p->state = "enabledForReportingButNotEnforced";
}

static void policy_elsewhere(struct facts *f)
{
	struct access_policy *p = policy(f);

	p->block = true;
	p->hits_group = false;
}

static void access_forbidden(struct facts *f)
{
	lose_area(f, AREA_ACCESS, SOURCE_FORBIDDEN, "403");
}

static void defaults_on(struct facts *f)
{
	f->access.security_defaults = TRI_YES;
}

static void defaults_unknown(struct facts *f)
{
	f->access.security_defaults = TRI_UNKNOWN;
}

static void link_hidden(struct facts *f)
{
	f->branding.present = true;
	f->branding.hide_reset_link = TRI_YES;
}

static void link_elsewhere(struct facts *f)
{
	f->branding.present = true;
	f->branding.custom_reset_url = "https://help.contoso.com";
}

static void branding_forbidden(struct facts *f)
{
	lose_area(f, AREA_BRANDING, SOURCE_FORBIDDEN, "403");
}

static const struct judge_case access_cases[] = {
	{ "two gates", NULL, "health.admin-gates", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "one gate", admin_one_gate, "health.admin-gates", VERDICT_WARN, CONFIDENCE_PROVED,
	  "1 of 1" },
	{ "one gate is enough", one_gate_tenant, "health.admin-gates", VERDICT_PASS,
	  CONFIDENCE_PROVED, "a gate" },
	{ "may not reset, but shall", admins_off, "health.admin-gates", VERDICT_WARN,
	  CONFIDENCE_PROVED, NULL },
	{ "none named", no_admins, "health.admin-gates", VERDICT_UNKNOWN, CONFIDENCE_NONE,
	  NULL },
	{ "report hidden", report_forbidden, "health.admin-gates", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },

	{ "no policy", NULL, "health.registration-policy", VERDICT_PASS, CONFIDENCE_PROVED,
	  NULL },
	{ "blocks", policy_blocks, "health.registration-policy", VERDICT_FAIL,
	  CONFIDENCE_PROVED, "everywhere" },
	{ "blocks outside", policy_blocks_outside, "health.registration-policy", VERDICT_WARN,
	  CONFIDENCE_PROVED, "outside trusted" },
	{ "wants MFA", policy_mfa, "health.registration-policy", VERDICT_WARN,
	  CONFIDENCE_PROVED, "MFA" },
	{ "report only", policy_report_only, "health.registration-policy", VERDICT_PASS,
	  CONFIDENCE_PROVED, NULL },
	{ "others only", policy_elsewhere, "health.registration-policy", VERDICT_PASS,
	  CONFIDENCE_PROVED, NULL },
	{ "hidden", access_forbidden, "health.registration-policy", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "off", NULL, "health.security-defaults", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "on", defaults_on, "health.security-defaults", VERDICT_WARN, CONFIDENCE_PROVED,
	  NULL },
	{ "hidden", defaults_unknown, "health.security-defaults", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "shown", NULL, "health.hidden-reset-link", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "hidden", link_hidden, "health.hidden-reset-link", VERDICT_FAIL, CONFIDENCE_PROVED,
	  NULL },
	{ "elsewhere", link_elsewhere, "health.hidden-reset-link", VERDICT_WARN,
	  CONFIDENCE_PROVED, NULL },
	{ "forbidden", branding_forbidden, "health.hidden-reset-link", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
};

static void test_access(void **state)
{
	(void)state;
	judge_cases(access_cases, COUNT_OF(access_cases));
}

/* Monitoring */
static void blocked(struct facts *f)
{
	add_event(f, EVENT_FLOW, "failure", "User entered too many invalid SMS verification "
		  "codes and is blocked for 24 hours", HOUR_MS, "c2");
	f->audit.flows++;
}

static void one_in_ten(struct facts *f)
{
	add_event(f, EVENT_FLOW, "failure", "User cancelled", HOUR_MS, "c2");
	f->audit.flows = 10;
}

static void one_in_two(struct facts *f)
{
	one_in_ten(f);
	f->audit.flows = 2;
}

static void silent_log(struct facts *f)
{
	memset(&f->audit, 0, sizeof(f->audit));
}

static void log_absent(struct facts *f)
{
	lose_area(f, AREA_AUDIT, SOURCE_ABSENT, "the cloud china has no audit log API");
}

static const struct judge_case monitor_cases[] = {
	{ "nobody", NULL, "health.blocked-people", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "somebody", blocked, "health.blocked-people", VERDICT_WARN, CONFIDENCE_PROVED,
	  "1 person" },
	{ "none", NULL, "health.reset-failures", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "one in ten", one_in_ten, "health.reset-failures", VERDICT_PASS, CONFIDENCE_PROVED,
	  "1 of 10" },
	{ "one in two", one_in_two, "health.reset-failures", VERDICT_WARN, CONFIDENCE_PROVED,
	  "1 of 2" },
	{ "events", NULL, "monitor.audit", VERDICT_PASS, CONFIDENCE_PROVED, "1 reset," },
	{ "no events", silent_log, "monitor.audit", VERDICT_UNKNOWN, CONFIDENCE_NONE, NULL },
	{ "China", log_absent, "monitor.audit", VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
	  NULL },
	{ "ways", NULL, "monitor.sign-ins", VERDICT_PASS, CONFIDENCE_PROVED, "1 challenge passed" },
	{ "rate", NULL, "monitor.usage", VERDICT_PASS, CONFIDENCE_PROVED, "1 of 1" },
	{ "rate of failures", one_in_two, "monitor.usage", VERDICT_PASS, CONFIDENCE_PROVED,
	  "1 of 2 attempts ended with a new password (50 %)" },
};

static void test_monitoring(void **state)
{
	(void)state;
	judge_cases(monitor_cases, COUNT_OF(monitor_cases));
}

/* Two events of one attempt are one failure, and its newest event is why. */
static void test_failures_are_attempts(void **state)
{
	struct findings out = { .v = NULL };
	const struct finding *one;
	struct wanted w;
	struct facts f;

	(void)state;
	healthy_facts(&f);
	wanted_runbook(&w);
	add_event(&f, EVENT_FLOW, "failure", "User cancelled", HOUR_MS, "c2");
	add_event(&f, EVENT_RESET, "failure", "Something else", 2 * HOUR_MS, "c2");
	f.audit.flows = 2;
	checks_run(&f, &w, "health.reset-failures", &out);
	one = findings_find(&out, "health.reset-failures");
	assert_string_equal(one->summary, "1 of 2 attempts failed, in the audit log of 30 days.");
	assert_int_equal(one->nevidence, 1);
	assert_string_equal(one->evidence[0].value, "1 time: User cancelled");
	findings_clear(&out);
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_access),
		cmocka_unit_test(test_monitoring),
		cmocka_unit_test(test_failures_are_attempts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
