/* The steps 2, 4, 5, 6 and 7. */
#include "steps/watch.h"
#include "tests/unit/judged_step.h"

#include "graph/base/mem.h"
#include "tui/words.h"

static void set_event(struct policy_value *v, const char *value)
{
	*v = (struct policy_value){ .old_value = "?", .new_value = value, .actor = "admin",
				    .time_ms = NOW_MS - DAY_MS };
}

/* Somebody said so a moment ago. */
static void say(struct judged *j, const char *setting, const char *value)
{
	struct attestations *a = &j->f.attestations;

	ARENA_GROW(&j->f.arena, a->v, a->n, a->cap);
	a->v[a->n++] = (struct attestation){ .setting = setting, .who = "me",
					     .value = arena_strdup(&j->f.arena, value),
					     .time_ms = NOW_MS - 1000 };
}

/* The report is silent: nobody is in it. */
static void no_report(struct judged *j)
{
	memset(&j->f.registration, 0, sizeof(j->f.registration));
	j->f.audit.last_written_back_ms = 0;
}

static void test_enablement(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	judged_run(&j, "enablement");
	assert_int_equal(j.v.state, STEP_DONE);
	assert_setting(&j, "enablement.scope", "Selected", true);
	assert_setting(&j, "enablement.group", "SSPR-Enabled-Users", true);
	assert_string_equal(look_of_step(&j.v).word, "done");
	no_report(&j);
	judged_run(&j, "enablement");
	assert_int_equal(j.v.state, STEP_GUIDED);
	assert_setting(&j, "enablement.scope", "?", false);
	c = judged_change(&j, "enablement.scope");
	assert_int_equal(c->means, MEANS_GUIDED);
	assert_string_equal(c->place, "Entra ID > Password reset > Properties");
	assert_string_equal(c->link, "https://entra.microsoft.com/#view/Microsoft_AAD_IAM/"
			    "PasswordResetMenuBlade/~/Properties");
	assert_string_equal(c->attests, "enablement.scope");
	assert_true(judged_says(&j, "writeback is not proved", true));
	/* A word is enough to go on, and is shown as no more than that. */
	say(&j, "enablement.scope", "Selected");
	judged_run(&j, "enablement");
	assert_int_equal(j.v.state, STEP_DONE);
	assert_int_equal(judged_setting(&j, "enablement.scope")->confidence, CONFIDENCE_ATTESTED);
	assert_int_equal(judged_setting(&j, "enablement.group")->confidence, CONFIDENCE_ATTESTED);
	assert_int_equal(step_confidence(&j.v), CONFIDENCE_ATTESTED);
	assert_string_equal(look_of_step(&j.v).word, "by word");
	judged_close(&j);
}

static void test_enablement_of_another_group(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	set_event(&j.f.audit.scope, "1");
	set_event(&j.f.audit.scope_group, "[\"33333333-0000-0000-0000-000000000003\"]");
	judged_run(&j, "enablement");
	assert_int_equal(j.v.state, STEP_GUIDED);
	assert_setting(&j, "enablement.scope", "Selected", true);
	assert_setting(&j, "enablement.group", "another group", false);
	judged_close(&j);
}

static void test_narrowing_is_said(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	no_report(&j);
	set_event(&j.f.audit.scope, "2");
	judged_run(&j, "enablement");
	assert_setting(&j, "enablement.scope", "All", false);
	assert_true(judged_says(&j, "everybody outside loses", true));
	assert_string_equal(judged_change(&j, "enablement.scope")->title,
			    "Narrow password reset from everybody to SSPR-Enabled-Users");
	assert_string_equal(j.v.reason, "Everybody may reset, not only SSPR-Enabled-Users: "
					"admin set it on 24 Nov 2026.");
	judged_close(&j);
}

static void test_writeback(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	set_event(&j.f.audit.writeback, "true");
	judged_run(&j, "writeback");
	assert_int_equal(j.v.state, STEP_DONE);
	assert_setting(&j, "writeback.server", "on", true);
	assert_setting(&j, "writeback.tenant", "on", true);
	no_report(&j);
	memset(&j.f.audit, 0, sizeof(j.f.audit));
	judged_run(&j, "writeback");
	assert_int_equal(j.v.state, STEP_GUIDED);
	c = judged_change(&j, "writeback.server");
	assert_int_equal(c->means, MEANS_SERVER);
	assert_string_equal(c->title, "Enable password writeback on CONNECT01");
	assert_string_equal(c->attests, "writeback.server");
	assert_int_equal(judged_change(&j, "writeback.tenant")->means, MEANS_GUIDED);
	assert_true(judged_says(&j, "live test", true));
	say(&j, "writeback.server", "on");
	say(&j, "writeback.tenant", "on");
	judged_run(&j, "writeback");
	assert_int_equal(j.v.state, STEP_DONE);
	/* The log contradicts: it was switched off. */
	j.f.audit.writeback_off_ms = NOW_MS;
	judged_run(&j, "writeback");
	assert_setting(&j, "writeback.server", "off", false);
	judged_close(&j);
}

/* Two names and nothing that tells the living from the dead: both are named. */
static void test_two_servers(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	ARENA_GROW(&j.f.arena, j.f.sync.identities, j.f.sync.nidentities,
		   j.f.sync.identities_cap);
	j.f.sync.identities[j.f.sync.nidentities++] = (struct sync_identity){
		.id = "s2", .name = "Sync_OLDSYNC_1@contoso.com", .server = "OLDSYNC",
		.created_ms = NOW_MS,
	};
	memset(&j.f.audit, 0, sizeof(j.f.audit));
	judged_run(&j, "writeback");
	c = judged_change(&j, "writeback.server");
	assert_non_null(c);
	assert_string_equal(c->title,
			    "Enable password writeback on the active one of CONNECT01, OLDSYNC");
	assert_non_null(strstr(c->instructions[0], "Which of CONNECT01, OLDSYNC is the active"));
	judged_close(&j);
}

static void test_writeback_not_applicable(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.organization.ever_synced = false;
	judged_run(&j, "writeback");
	assert_int_equal(j.v.state, STEP_NOT_APPLICABLE);
	assert_int_equal(j.v.plan.n, 0);
	assert_true(j.v.reason[0] != '\0');
	judged_close(&j);
}

static void test_writeback_by_cloud_sync(void **state)
{
	struct sync_job job = { .template_id = "AD2AADProvisioning" };
	struct judged j;

	(void)state;
	judged_open(&j);
	memset(&j.f.audit, 0, sizeof(j.f.audit));
	j.f.sync.nidentities = 0;
	j.f.sync.jobs = &job;
	j.f.sync.njobs = 1;
	judged_run(&j, "writeback");
	assert_string_equal(judged_change(&j, "writeback.server")->title,
			    "Enable password writeback for Cloud Sync");
	judged_close(&j);
}

static void test_admin(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	judged_run(&j, "admin");
	assert_int_equal(j.v.state, STEP_DONE);
	assert_setting(&j, "admin.allowed", "on", true);
	assert_setting(&j, "admin.methods", "2", true);
	assert_setting(&j, "admin.questions", "prohibited", true);
	assert_true(judged_says(&j, "CIS", true));
	assert_false(judged_says(&j, "fewer than two", true));
	j.f.authorization.admins_may_reset = TRI_NO;
	j.f.admins.people.v[0].nmethods = 1;
	judged_run(&j, "admin");
	assert_int_equal(j.v.state, STEP_CHANGES);
	c = judged_change(&j, "admin.allow");
	assert_string_equal(c->method, "PATCH");
	assert_string_equal(c->url, "/v1.0/policies/authorizationPolicy");
	assert_json_text(c->body, "{\"allowedToUseSSPR\":true}");
	assert_json_text(c->guard_expect, "{\"allowedToUseSSPR\":false}");
	assert_json_text(c->undo_body, "{\"allowedToUseSSPR\":false}");
	assert_true(judged_says(&j, "1 of 1 administrators could not reset", true));
	assert_true(judged_says(&j, "60 minutes", false));
	j.f.authorization.admins_may_reset = TRI_UNKNOWN;
	judged_run(&j, "admin");
	assert_int_equal(j.v.state, STEP_UNKNOWN);
	judged_close(&j);
}

static void test_registration(void **state)
{
	const struct change *c;
	struct judged j;

	(void)state;
	judged_open(&j);
	judged_run(&j, "registration");
	assert_int_equal(j.v.state, STEP_DONE);
	assert_setting(&j, "registration.people", "4 of 4 in the group", true);
	j.f.members.people.v[0].sspr_registered = TRI_NO;
	judged_run(&j, "registration");
	assert_int_equal(j.v.state, STEP_GUIDED);
	assert_setting(&j, "registration.people", "3 of 4 in the group", false);
	c = judged_change(&j, "registration.invite");
	assert_non_null(strstr(c->instructions[0], "https://aka.ms/mysecurityinfo"));
	/* Who has invited them has done what can be done. */
	say(&j, "registration.invited", "yes");
	judged_run(&j, "registration");
	assert_int_equal(j.v.state, STEP_DONE);
	assert_int_equal(judged_setting(&j, "registration.invited")->confidence,
			 CONFIDENCE_ATTESTED);
	j.f.methods.migration = MIGRATION_IN_PROGRESS;
	judged_run(&j, "registration");
	assert_non_null(judged_change(&j, "registration.migration"));
	judged_close(&j);
}

/* Step and finding tell a policy in the same words, and the step no other. */
static void test_registration_traps(void **state)
{
	struct access_policy policies[] = {
		{ .id = "1", .name = "Block", .state = "enabled", .block = true,
		  .registration = true, .outside_trusted = true, .hits_group = true },
		{ .id = "2", .name = "Later", .state = "enabledForReportingButNotEnforced",
		  .registration = true, .managed_device = true, .hits_group = true },
		{ .id = "3", .name = "Off", .state = "disabled", .registration = true,
		  .block = true, .hits_group = true },
		{ .id = "4", .name = "Others", .state = "enabled", .registration = true,
		  .block = true },
		{ .id = "5", .name = "Perhaps", .state = "enabled", .all_apps = true,
		  .managed_device = true, .hits_unknown = true },
	};
	struct findings all = { .v = NULL };
	const struct finding *one;
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.access.all = j.f.access.v = policies;
	j.f.access.nall = COUNT_OF(policies);
	j.f.access.n = 4;
	j.f.branding.hide_reset_link = TRI_YES;
	j.f.methods.campaign_state = "default";
	judged_run(&j, "registration");
	checks_run(&j.f, &j.w, "health.registration-policy", &all);
	one = findings_find(&all, "health.registration-policy");
	assert_string_equal(one->summary,
			    "The policy Block blocks registration outside trusted locations.");
	assert_true(judged_says(&j, one->summary, true));
	assert_true(judged_says(&j, one->remedy, true));
	assert_true(judged_says(&j, "The policy Later allows registration from managed devices "
				"only; it only reports, nobody is kept out yet.", false));
	assert_false(judged_says(&j, "Off", true) || judged_says(&j, "Off", false));
	assert_false(judged_says(&j, "Others", true) || judged_says(&j, "Others", false));
	assert_true(judged_says(&j, "The policy Perhaps wants a managed device at every sign-in, "
				"also on the way to the registration; it is for groups or roles "
				"whose people were not read.", false));
	assert_true(judged_says(&j, "hides the link", true));
	assert_true(judged_says(&j, "managed by Microsoft", false));
	/* Traps are said; they are nothing that this step changes. No pass opens a block. */
	assert_int_equal(j.v.state, STEP_DONE);
	j.f.methods.method[METHOD_TAP].enabled = false;
	judged_run(&j, "registration");
	assert_int_equal(j.v.state, STEP_DONE);
	findings_clear(&all);
	judged_close(&j);
}

/* Whether the pilot may use a pass: read, said, and changed by hand only where a
 * policy wants it. */
static void test_registration_pass(void **state)
{
	static const struct {
		bool on, policy;
		const char *include, *exclude;
		const char *current, *says;
		bool matches, warns, changes;
	} rows[] = {
		{ true, true, GROUP_ID, NULL, "on, for the pilot group", "given a Temporary", true,
		  false, false },
		{ true, true, "all_users", NULL, "on, for everybody", "resets no password", true,
		  false, false },
		{ true, true, "other", NULL, "on, for other groups", "Cannot tell", false, false,
		  false },
		{ true, true, "all_users", GROUP_ID, "on, not for the pilot group",
		  "the policy New wants MFA to register", false, true, true },
		{ true, true, GROUP_ID, "all_users", "on, not for the pilot group",
		  "whoever has no method cannot begin", false, true, true },
		{ false, true, "all_users", NULL, "off", "Turn it on for the pilot group", false,
		  true, true },
		{ false, false, "all_users", NULL, "off", "lost every method", true, false, false },
	};
	struct access_policy policy = { .id = "1", .name = "New", .state = "enabled", .mfa = true,
					.registration = true, .hits_group = true };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct target include = { .id = rows[i].include, .type = "group" };
		struct target exclude = { .id = rows[i].exclude, .type = "group" };
		const struct change *c;
		struct method *m;
		struct judged j;

		judged_open(&j);
		m = &j.f.methods.method[METHOD_TAP];
		m->enabled = rows[i].on;
		m->include = &include;
		m->exclude = &exclude;
		m->nexclude = rows[i].exclude != NULL;
		j.f.access.all = &policy;
		j.f.access.nall = rows[i].policy;
		judged_run(&j, "registration");
		assert_setting(&j, "registration.pass", rows[i].current, rows[i].matches);
		if (!judged_says(&j, rows[i].says, rows[i].warns))
			fail_msg("row %zu does not say: %s", i, rows[i].says);
		c = judged_change(&j, "registration.pass");
		assert_int_equal(c != NULL, rows[i].changes);
		if (c) {
			assert_string_equal(c->place, "Entra ID > Authentication methods > "
					    "Policies > Temporary Access Pass");
			assert_non_null(strstr(c->detail, "people without any method"));
		}
		judged_close(&j);
	}
}

/* What a pass is in this tenant is told as far as it was given. */
static void test_registration_pass_settings(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	j.f.members.people.v[1].nmethods = 0;
	judged_run(&j, "registration");
	assert_string_equal(judged_setting(&j, "registration.pass")->how, "");
	assert_true(judged_says(&j, "For one use", false));
	j.f.methods.pass = (struct pass_policy){ 60, 10, 120, 8, TRI_YES };
	judged_run(&j, "registration");
	assert_string_equal(judged_setting(&j, "registration.pass")->how,
			    "A pass here: 60 minutes (10 to 120 may be chosen), one use, 8 "
			    "characters.");
	j.f.methods.pass = (struct pass_policy){ .length = 12, .once = TRI_NO };
	judged_run(&j, "registration");
	assert_string_equal(judged_setting(&j, "registration.pass")->how,
			    "A pass here: one use or several, 12 characters.");
	assert_true(judged_says(&j, "while it is valid", false));
	/* A cloud without that policy has no pass to tell of. */
	j.f.source[AREA_METHODS].state = SOURCE_ABSENT;
	judged_run(&j, "registration");
	for (size_t i = 0; i < j.v.nsettings; i++)
		assert_string_not_equal(j.v.settings[i].key, "registration.pass");
	judged_close(&j);
}

static void test_notifications(void **state)
{
	struct judged j;

	(void)state;
	judged_open(&j);
	judged_run(&j, "notifications");
	assert_int_equal(j.v.state, STEP_GUIDED);
	assert_int_equal(j.v.plan.n, 2);
	assert_string_equal(j.v.plan.v[1].attests, "notifications.admins");
	set_event(&j.f.audit.notify_users, "true");
	set_event(&j.f.audit.notify_admins, "false");
	judged_run(&j, "notifications");
	assert_setting(&j, "notifications.users", "on", true);
	assert_setting(&j, "notifications.admins", "off", false);
	assert_int_equal(j.v.plan.n, 1);
	judged_close(&j);
}

/* What the runbook names no value for: left as it is, and shown where it is known;
 * wanted by a profile it is a change like any other. */
static void test_only_if_wanted(void **state)
{
	static const struct {
		const char *step, *key, *value, *link;
		size_t event;		/* in struct audit */
		const char *logged;
	} rows[] = {
#define AT(member) offsetof(struct audit, member)
		{ "registration", "registration.required", "on", "~/Registration",
		  AT(registration_required), "True" },
		{ "registration", "registration.days", "90", "~/Registration",
		  AT(reconfirm_days), "90" },
		{ "notifications", "notifications.helpdesk", "https://help.contoso.com",
		  "PasswordResetMenuBlade", AT(helpdesk), "https://help.contoso.com" },
		{ "writeback", "writeback.unlock", "on", "~/OnPremisesIntegration", AT(unlock),
		  "true" },
#undef AT
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct change *c;
		struct judged j;

		judged_open(&j);
		judged_run(&j, rows[i].step);
		assert_null(judged_change(&j, rows[i].key));
		for (size_t k = 0; k < j.v.nsettings; k++)
			assert_string_not_equal(j.v.settings[k].key, rows[i].key);
		/* Known and not wanted. */
		set_event((struct policy_value *)((char *)&j.f.audit + rows[i].event),
			  rows[i].logged);
		judged_run(&j, rows[i].step);
		assert_setting(&j, rows[i].key, rows[i].value, true);
		assert_string_equal(judged_setting(&j, rows[i].key)->wanted, "left as it is");
		assert_null(judged_change(&j, rows[i].key));
		/* Wanted, and so it is. */
		j.w.registration_required = j.w.unlock = TRI_YES;
		j.w.reconfirm_days = 90;
		j.w.helpdesk = "https://help.contoso.com";
		judged_run(&j, rows[i].step);
		assert_setting(&j, rows[i].key, rows[i].value, true);
		assert_null(judged_change(&j, rows[i].key));
		/* Wanted otherwise. */
		j.w.registration_required = j.w.unlock = TRI_NO;
		j.w.reconfirm_days = 0;
		j.w.helpdesk = HELPDESK_NONE;
		judged_run(&j, rows[i].step);
		c = judged_change(&j, rows[i].key);
		assert_non_null(c);
		assert_int_equal(c->means, MEANS_GUIDED);
		assert_true(str_ends(c->link, rows[i].link));
		assert_true(link_is_ours(c->link));
		assert_string_equal(c->attests, rows[i].key);
		assert_true(watch_can(c));
		assert_true(c->ninstructions >= 2 && *c->detail);
		/* A person's word counts here too. */
		say(&j, rows[i].key, c->attest_value);
		((struct policy_value *)((char *)&j.f.audit + rows[i].event))->time_ms = 0;
		judged_run(&j, rows[i].step);
		assert_null(judged_change(&j, rows[i].key));
		judged_close(&j);
	}
}

static void test_fit_helpdesk(void **state)
{
	static const struct {
		const char *text;
		bool fit;
	} rows[] = {
		{ "none", true }, { "help@contoso.com", true }, { "https://help.contoso.com/x?y=1", true },
		{ "http://help.contoso.com", false }, { "javascript:alert(1)@x", false },
		{ "https://", false }, { "@contoso.com", false }, { "help", false },
		{ "a b@contoso.com", false }, { "https://x\"y", false }, { "", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (helpdesk_is_fit(rows[i].text) != rows[i].fit)
			fail_msg("%s", rows[i].text);
}

/* Order, names and needs of the table. */
static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < STEPS_COUNT; i++) {
		assert_int_equal(steps[i]->number, i + 1);
		assert_ptr_equal(step_find(steps[i]->id), steps[i]);
		assert_int_equal(steps[i]->evidence & ~steps[i]->areas, 0);
		for (const char *const *need = steps[i]->requires; *need; need++) {
			assert_non_null(step_find(*need));
			assert_true(step_find(*need)->number < steps[i]->number);
		}
	}
	assert_null(steps[STEPS_COUNT]);
	assert_null(step_find("nothing"));
}

static void test_plans(void **state)
{
	struct plan a, b;
	struct change *c;

	(void)state;
	plan_init(&a);
	plan_init(&b);
	assert_true(plan_equal(&a, &b));
	c = plan_add(&a, "admin", "admin.allow", MEANS_GRAPH);
	c->method = "PATCH";
	c->url = "/v1.0/x";
	c->body = json_new_object();
	json_add_bool(c->body, "a", true);
	plan_instruct(&a, plan_add(&a, "x", "x", MEANS_GUIDED), "do %s", "it");
	assert_int_equal(plan_automatic(&a), 1);
	assert_int_equal(plan_guided(&a), 1);
	assert_false(plan_equal(&a, &b));
	for (size_t i = 0; i < a.n; i++)
		plan_add_copy(&b, &a.v[i]);
	assert_true(plan_equal(&a, &b));
	assert_string_equal(b.v[1].instructions[0], "do it");
	json_set_bool(b.v[0].body, "a", false);
	assert_false(plan_equal(&a, &b));
	plan_release(&a);
	assert_string_equal(b.v[0].url, "/v1.0/x");
	plan_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enablement),
		cmocka_unit_test(test_enablement_of_another_group),
		cmocka_unit_test(test_narrowing_is_said),
		cmocka_unit_test(test_writeback),
		cmocka_unit_test(test_writeback_not_applicable),
		cmocka_unit_test(test_writeback_by_cloud_sync),
		cmocka_unit_test(test_admin),
		cmocka_unit_test(test_registration),
		cmocka_unit_test(test_registration_traps),
		cmocka_unit_test(test_registration_pass),
		cmocka_unit_test(test_registration_pass_settings),
		cmocka_unit_test(test_notifications),
		cmocka_unit_test(test_only_if_wanted),
		cmocka_unit_test(test_fit_helpdesk),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_plans),
		cmocka_unit_test(test_two_servers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
