#include "checks/acceptance.h"
#include "checks/benchmark.h"
#include "tests/unit/healthy_facts.h"

#include <stdlib.h>

#include "graph/base/mem.h"

#define CONFIG(app, place)								\
	"{\"featureSettings\":{\"displayAppInformationRequiredState\":{\"state\":\"" app	\
	"\",\"includeTarget\":{\"id\":\"all_users\"}},"					\
	"\"displayLocationInformationRequiredState\":{\"state\":\"" place		\
	"\",\"includeTarget\":{\"id\":\"all_users\"}}}}"

static struct method *authenticator(struct facts *f)
{
	return &f->methods.method[METHOD_AUTHENTICATOR];
}

static void shown(struct facts *f)
{
	authenticator(f)->config_json = CONFIG("enabled", "enabled");
	authenticator(f)->include[0].id = "all_users";
}

static void shown_to_some(struct facts *f)
{
	shown(f);
	authenticator(f)->config_json = "{\"featureSettings\":{"
		"\"displayAppInformationRequiredState\":{\"state\":\"enabled\","
		"\"includeTarget\":{\"id\":\"a-group\"}}}}";
}

static void managed_by_microsoft(struct facts *f)
{
	shown(f);
	authenticator(f)->config_json = CONFIG("enabled", "default");
}

static void codes(struct facts *f)
{
	shown(f);
	authenticator(f)->oath = true;
}

static void no_authenticator(struct facts *f)
{
	authenticator(f)->enabled = false;
}

static void all_off(struct facts *f)
{
	f->methods.method[METHOD_SMS].enabled = f->methods.method[METHOD_EMAIL].enabled = false;
}

static void in_progress(struct facts *f)
{
	f->methods.migration = MIGRATION_IN_PROGRESS;
}

static void no_state(struct facts *f)
{
	f->methods.migration = MIGRATION_NULL;
}

static void forbidden(struct facts *f)
{
	f->source[AREA_METHODS].state = SOURCE_FORBIDDEN;
}

static void two(struct facts *f)
{
	f->audit.methods_required = (struct policy_value){ .new_value = "2",
							   .time_ms = NOW_MS - HOUR_MS };
}

static void hash_sync(struct facts *f)
{
	f->sync.password_hash_sync = TRI_YES;
}

static void hash_sync_off(struct facts *f)
{
	f->sync.password_hash_sync = TRI_NO;
}

static void cloud_only(struct facts *f)
{
	f->organization.ever_synced = false;
	f->organization.sync_enabled = TRI_UNKNOWN;
}

/* A policy in force for everybody; and the one made last. */
static struct access_policy *policy(struct facts *f)
{
	ARENA_GROW(&f->arena, f->access.all, f->access.nall, f->access.all_cap);
	f->access.all[f->access.nall] = (struct access_policy){
		.name = "Policy", .state = "enabled",
		.users_json = "{\"includeUsers\":[\"All\"],\"excludeUsers\":[\"x\"]}",
	};
	return &f->access.all[f->access.nall++];
}

static struct access_policy *policy_made(struct facts *f)
{
	return &f->access.all[f->access.nall - 1];
}

static void mfa_all(struct facts *f)
{
	policy(f)->mfa = true;
	policy_made(f)->all_apps = true;
}

static void mfa_reporting(struct facts *f)
{
	mfa_all(f);
	policy_made(f)->state = "enabledForReportingButNotEnforced";
}

static void mfa_or_device(struct facts *f)
{
	mfa_all(f);
	policy_made(f)->managed_device = true;
}

static void mfa_outside(struct facts *f)
{
	mfa_all(f);
	policy_made(f)->outside_trusted = true;
}

static void mfa_strong(struct facts *f)
{
	mfa_all(f);
	policy_made(f)->strength = policy_made(f)->phishing_resistant = true;
}

static void mfa_roles(struct facts *f)
{
	mfa_all(f);
	policy_made(f)->users_json =
		"{\"includeRoles\":[\"62e90394-69f5-4237-9190-012177145e10\"]}";
}

static void mfa_other_role(struct facts *f)
{
	mfa_all(f);
	policy_made(f)->users_json = "{\"includeRoles\":[\"other\"]}";
}

static void managed_sign_in(struct facts *f)
{
	policy(f)->managed_device = true;
	policy_made(f)->all_apps = true;
}

static void device_code(struct facts *f)
{
	policy(f)->block = true;
	policy_made(f)->device_code = true;
}

static void access_forbidden(struct facts *f)
{
	lose_area(f, AREA_ACCESS, SOURCE_FORBIDDEN, "403");
}

/* --- Password rules ------------------------------------------------------ */

static void rules(struct facts *f)
{
	f->passwords = (struct password_rules){
		.present = true, .custom_list = TRI_YES, .words = 3, .on_premises = TRI_YES,
		.mode = "Enforce", .threshold = 10, .duration = 60,
	};
}

static void no_rules(struct facts *f)
{
	f->passwords = (struct password_rules){ .threshold = -1, .duration = -1 };
}

static void rules_spelt_differently(struct facts *f)
{
	rules(f);
	f->passwords.mode = "enforced";
}

static void rules_audit(struct facts *f)
{
	rules(f);
	f->passwords.mode = "Audit";
}

static void rules_empty_list(struct facts *f)
{
	rules(f);
	f->passwords.words = 0;
}

static void rules_loose(struct facts *f)
{
	rules(f);
	f->passwords.threshold = 11;
	f->passwords.duration = 59;
}

static void rules_forbidden(struct facts *f)
{
	lose_area(f, AREA_PASSWORDS, SOURCE_FORBIDDEN, "403");
}

static void rules_cloud_only(struct facts *f)
{
	rules(f);
	f->organization.ever_synced = false;
}

/* --- Domains -------------------------------------------------------------- */

static void domain(struct facts *f, const char *name, int64_t days, bool root, bool federated)
{
	ARENA_GROW(&f->arena, f->domains.v, f->domains.n, f->domains.cap);
	f->domains.v[f->domains.n++] = (struct domain){
		.name = name, .root = root, .verified = true, .federated = federated,
		.validity_days = days,
	};
}

static void domains_never(struct facts *f)
{
	domain(f, "contoso.com", PASSWORDS_NEVER_EXPIRE, true, false);
	/* These two do not count. */
	domain(f, "sub.contoso.com", 90, false, false);
	domain(f, "plants.example", 90, true, true);
}

static void domains_unset(struct facts *f)
{
	domain(f, "contoso.com", -1, true, false);
}

static void domains_expire(struct facts *f)
{
	domain(f, "contoso.com", 90, true, false);
}

/* --- Roles ---------------------------------------------------------------- */

static struct role_holder *holder(struct facts *f, const char *id, bool global)
{
	ARENA_GROW(&f->arena, f->roles.v, f->roles.n, f->roles.cap);
	f->roles.v[f->roles.n] = (struct role_holder){
		.id = id, .upn = id, .name = id, .global = global, .synced = TRI_NO,
	};
	return &f->roles.v[f->roles.n++];
}

static void three_globals(struct facts *f)
{
	holder(f, "a", true);
	holder(f, "b", true);
	holder(f, "c", true);
	holder(f, "user administrator", false);
	holder(f, "app", true)->application = true;
}

static void one_global(struct facts *f)
{
	holder(f, "a", true);
}

static void six_globals(struct facts *f)
{
	three_globals(f);
	holder(f, "d", true);
	holder(f, "e", true);
	holder(f, "g", true);
}

static void group_of_globals(struct facts *f)
{
	three_globals(f);
	holder(f, "admins", true)->group = true;
}

static void synced_admin(struct facts *f)
{
	three_globals(f);
	holder(f, "old", false)->synced = TRI_YES;
}

/* --- The report, beta, and the rest --------------------------------------- */

static void all_mfa(struct facts *f)
{
	f->registration.mfa_members = f->registration.mfa_capable = 50;
	f->registration.strong_members = 50;
}

static void most_mfa(struct facts *f)
{
	all_mfa(f);
	f->registration.mfa_capable = f->registration.strong_members = 49;
	f->registration.nmfa_gaps = 1;
	f->registration.mfa_gaps[0] = "left@contoso.com";
}

static void beta_on(struct facts *f)
{
	f->beta_settings = (struct beta_settings){
		.system_preferred = "enabled", .system_preferred_all = true,
		.report_suspicious = "enabled", .report_suspicious_all = true,
		.companion_apps = "disabled",
	};
}

static void beta_default(struct facts *f)
{
	f->beta_settings = (struct beta_settings){
		.system_preferred = "default", .system_preferred_all = true,
		.report_suspicious = "default", .report_suspicious_all = true,
		.companion_apps = "default",
	};
}

static void beta_some(struct facts *f)
{
	beta_on(f);
	f->beta_settings.system_preferred_all = f->beta_settings.report_suspicious_all = false;
	f->beta_settings.companion_apps = "enabled";
}

static void beta_off(struct facts *f)
{
	f->source[AREA_BETA].state = SOURCE_SKIPPED;
}

static void admins_may_not(struct facts *f)
{
	f->authorization.admins_may_reset = TRI_NO;
}

static void required(struct facts *f)
{
	f->audit.registration_required = (struct policy_value){ .new_value = "true",
								.time_ms = NOW_MS - HOUR_MS };
}

static void required_for_ever(struct facts *f)
{
	required(f);
	f->portal.reconfirm_days = "0";
}

static void required_again(struct facts *f)
{
	required(f);
	f->portal.reconfirm_days = "180";
}

static void questions_off(struct facts *f)
{
	f->portal.policy_json = "{\"securityQuestionsOptionEnabled\":false}";
}

static void questions_on(struct facts *f)
{
	f->portal.policy_json = "{\"securityQuestionsOptionEnabled\":true}";
}

static void passes(struct facts *f)
{
	f->methods.method[METHOD_TAP].config_json = "{\"isUsableOnce\":true}";
}

static void passes_again(struct facts *f)
{
	f->methods.method[METHOD_TAP].config_json = "{\"isUsableOnce\":false}";
}

static void sms_signs_in(struct facts *f)
{
	f->methods.method[METHOD_SMS].include[0].json = "{\"id\":\"x\"}";
}

static void matches_blocked(struct facts *f)
{
	f->sync.soft_match_blocked = f->sync.hard_match_blocked = TRI_YES;
}

static void matches_allowed(struct facts *f)
{
	f->sync.soft_match_blocked = TRI_YES;
	f->sync.hard_match_blocked = TRI_NO;
}

static void controls(struct facts *f, int percent)
{
	ARENA_GROW(&f->arena, f->score.controls, f->score.ncontrols, f->score.controls_cap);
	f->score.controls[f->score.ncontrols++] = (struct score_control){
		.name = "AdminMFAV2", .percent = percent,
	};
}

static void control_full(struct facts *f)
{
	controls(f, 100);
}

static void control_half(struct facts *f)
{
	controls(f, 50);
}

static void managed_device(struct facts *f)
{
	policy(f)->managed_device = true;
	policy_made(f)->registration = true;
}

static void campaign(struct facts *f)
{
	f->methods.campaign_state = "enabled";
}

static const struct {
	const char *benchmark, *id;
	void (*change)(struct facts *f);
	enum verdict verdict;
} cases[] = {
	{ "cis-m365-7", "cis.5.2.3.1", shown, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.1", codes, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.1", managed_by_microsoft, VERDICT_WARN },
	{ "cis-m365-7", "cis.5.2.3.1", NULL, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.1", no_authenticator, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.1", forbidden, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.2.3.5", NULL, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.5", all_off, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.4.1", NULL, VERDICT_FAIL },
	{ "cis-m365-7-l2", "cis.5.2.4.2", two, VERDICT_PASS },
	{ "cis-m365-7-l2", "cis.5.2.3.7", NULL, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.1.8.1", hash_sync, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.1.8.1", hash_sync_off, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.1.8.1", NULL, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.1.8.1", cloud_only, VERDICT_NOT_APPLICABLE },
	{ "cis-m365-7", "cis.5.2.2.10", managed_device, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.2.10", NULL, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.4.3", NULL, VERDICT_UNKNOWN },
	{ "scuba", "scuba.MS.AAD.3.3v2", no_authenticator, VERDICT_NOT_APPLICABLE },
	{ "scuba", "scuba.MS.AAD.3.3v2", shown, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.3v2", codes, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.3.4v1", NULL, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.4v1", no_state, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.4v1", in_progress, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.3.5v2", NULL, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.3.5v2", all_off, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.8v1", NULL, VERDICT_WARN },
	{ "asd", "asd.scope", NULL, VERDICT_PASS },
	{ "asd", "asd.methods", NULL, VERDICT_WARN },
	{ "asd", "asd.campaign", NULL, VERDICT_WARN },
	{ "asd", "asd.campaign", campaign, VERDICT_PASS },

	{ "cis-m365-7", "cis.5.2.2.2", mfa_all, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.2.2", mfa_reporting, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.2.2", mfa_or_device, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.2.2", mfa_outside, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.2.2", mfa_roles, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.2.2", NULL, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.2.2", access_forbidden, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.2.2.1", mfa_all, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.2.1", mfa_roles, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.2.1", mfa_other_role, VERDICT_FAIL },
	{ "cis-m365-7-l2", "cis.5.2.2.5", mfa_roles, VERDICT_FAIL },
	{ "cis-m365-7-l2", "cis.5.2.2.5", mfa_strong, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.2.12", device_code, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.2.12", NULL, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.3.1v1", mfa_strong, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.1v1", mfa_all, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.3.2v2", mfa_all, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.6v1", mfa_strong, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.7v1", managed_sign_in, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.7v1", NULL, VERDICT_WARN },
	{ "scuba", "scuba.MS.AAD.3.8v1", managed_device, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.3.9v1", device_code, VERDICT_PASS },
	{ "eidsca", "eidsca.MT.1011", managed_device, VERDICT_PASS },
	{ "zta", "zta.21806", NULL, VERDICT_FAIL },

	{ "cis-m365-7", "cis.5.2.3.2", rules, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.2", rules_empty_list, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.2", no_rules, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.2", rules_forbidden, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.2.3.3", rules, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.3", rules_spelt_differently, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.3", rules_audit, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.3", rules_cloud_only, VERDICT_NOT_APPLICABLE },
	{ "cis-m365-7", "cis.5.2.3.8", rules, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.8", rules_loose, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.8", no_rules, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.9", rules, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.9", rules_loose, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.9", no_rules, VERDICT_PASS },
	{ "asd", "asd.lockout", rules, VERDICT_WARN },
	{ "eidsca", "eidsca.PR01", rules_audit, VERDICT_FAIL },
	{ "eidsca", "eidsca.PR02", rules_audit, VERDICT_PASS },
	{ "zta", "zta.21849", no_rules, VERDICT_PASS },
	{ "zta", "zta.21850", no_rules, VERDICT_PASS },

	{ "cis-m365-7", "cis.1.3.1", domains_never, VERDICT_PASS },
	{ "cis-m365-7", "cis.1.3.1", domains_unset, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.1.3.1", domains_expire, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.6.1v1", domains_unset, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.6.1v1", domains_expire, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.6.1v1", NULL, VERDICT_FAIL },

	{ "cis-m365-7", "cis.1.1.3", three_globals, VERDICT_PASS },
	{ "cis-m365-7", "cis.1.1.3", one_global, VERDICT_FAIL },
	{ "cis-m365-7", "cis.1.1.3", six_globals, VERDICT_FAIL },
	{ "cis-m365-7", "cis.1.1.3", group_of_globals, VERDICT_UNKNOWN },
	{ "scuba", "scuba.MS.AAD.7.1v1", six_globals, VERDICT_PASS },
	{ "scuba", "scuba.MS.AAD.7.1v1", one_global, VERDICT_FAIL },
	{ "cis-m365-7", "cis.1.1.1", three_globals, VERDICT_PASS },
	{ "cis-m365-7", "cis.1.1.1", synced_admin, VERDICT_FAIL },
	{ "scuba", "scuba.MS.AAD.7.3v1", synced_admin, VERDICT_FAIL },
	{ "cis-m365-7", "cis.1.1.2", NULL, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.1.2.1", NULL, VERDICT_UNKNOWN },
	{ "scuba", "scuba.MS.AAD.4.1v1", NULL, VERDICT_UNKNOWN },

	{ "cis-m365-7", "cis.5.2.3.4", all_mfa, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.4", most_mfa, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.4", NULL, VERDICT_UNKNOWN },
	{ "zta", "zta.21801", all_mfa, VERDICT_PASS },
	{ "zta", "zta.21801", most_mfa, VERDICT_FAIL },
	{ "zta", "zta.21782", NULL, VERDICT_FAIL },
	{ "zta", "zta.21893", all_mfa, VERDICT_PASS },

	{ "cis-m365-7", "cis.5.2.3.6", beta_on, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.6", beta_default, VERDICT_WARN },
	{ "cis-m365-7", "cis.5.2.3.6", beta_some, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.3.6", beta_off, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.2.3.6", NULL, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.2.3.10", beta_on, VERDICT_PASS },
	{ "cis-m365-7", "cis.5.2.3.10", beta_some, VERDICT_FAIL },
	{ "eidsca", "eidsca.AG02", beta_on, VERDICT_PASS },
	{ "eidsca", "eidsca.AG03", beta_some, VERDICT_FAIL },
	{ "zta", "zta.21841", beta_default, VERDICT_WARN },

	{ "cis-m365-7", "cis.5.2.4.3", required, VERDICT_UNKNOWN },
	{ "cis-m365-7", "cis.5.2.4.3", required_for_ever, VERDICT_FAIL },
	{ "cis-m365-7", "cis.5.2.4.3", required_again, VERDICT_PASS },
	{ "eidsca", "eidsca.AP01", NULL, VERDICT_FAIL },
	{ "eidsca", "eidsca.AP01", admins_may_not, VERDICT_PASS },
	{ "zta", "zta.21842", admins_may_not, VERDICT_PASS },
	{ "zta", "zta.22072", NULL, VERDICT_UNKNOWN },
	{ "zta", "zta.22072", questions_off, VERDICT_PASS },
	{ "zta", "zta.22072", questions_on, VERDICT_FAIL },
	{ "asd", "asd.questions", questions_on, VERDICT_WARN },
	{ "eidsca", "eidsca.AM01", NULL, VERDICT_PASS },
	{ "eidsca", "eidsca.AM01", no_authenticator, VERDICT_FAIL },
	{ "eidsca", "eidsca.AM06", shown, VERDICT_PASS },
	{ "eidsca", "eidsca.AM06", shown_to_some, VERDICT_PASS },
	{ "eidsca", "eidsca.AM07", shown_to_some, VERDICT_FAIL },
	{ "eidsca", "eidsca.AM07", shown, VERDICT_PASS },
	{ "eidsca", "eidsca.AM04", shown, VERDICT_UNKNOWN },
	{ "eidsca", "eidsca.AM10", shown, VERDICT_PASS },
	{ "eidsca", "eidsca.AM10", managed_by_microsoft, VERDICT_PASS },
	{ "eidsca", "eidsca.AM09", managed_by_microsoft, VERDICT_WARN },
	{ "eidsca", "eidsca.AM09", no_authenticator, VERDICT_NOT_APPLICABLE },
	{ "eidsca", "eidsca.AF03", NULL, VERDICT_NOT_APPLICABLE },
	{ "eidsca", "eidsca.AT01", NULL, VERDICT_PASS },
	{ "eidsca", "eidsca.AT02", passes, VERDICT_PASS },
	{ "eidsca", "eidsca.AT02", passes_again, VERDICT_FAIL },
	{ "eidsca", "eidsca.AT02", NULL, VERDICT_UNKNOWN },
	{ "eidsca", "eidsca.AV01", NULL, VERDICT_PASS },
	{ "eidsca", "eidsca.AS04", NULL, VERDICT_PASS },
	{ "eidsca", "eidsca.AS04", sms_signs_in, VERDICT_FAIL },
	{ "eidsca", "eidsca.AS04", all_off, VERDICT_PASS },
	{ "eidsca", "eidsca.MT.1067", NULL, VERDICT_PASS },
	{ "eidsca", "eidsca.MT.1067", shown, VERDICT_PASS },
	{ "eidsca", "eidsca.MT.1073", matches_blocked, VERDICT_PASS },
	{ "eidsca", "eidsca.MT.1073", matches_allowed, VERDICT_FAIL },
	{ "eidsca", "eidsca.MT.1073", NULL, VERDICT_UNKNOWN },
	{ "eidsca", "eidsca.MT.1073", cloud_only, VERDICT_NOT_APPLICABLE },
	{ "secure-score", "secure-score.AdminMFAV2", control_full, VERDICT_PASS },
	{ "secure-score", "secure-score.AdminMFAV2", control_half, VERDICT_WARN },
	{ "secure-score", "secure-score.AdminMFAV2", NULL, VERDICT_UNKNOWN },
};

static void test_verdicts(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct findings out = { .v = NULL };
		const struct finding *one;
		struct wanted w;
		struct facts f;

		healthy_facts(&f);
		wanted_runbook(&w);
		w.benchmark = cases[i].benchmark;
		w.production = true;
		if (cases[i].change)
			cases[i].change(&f);
		benchmark_judge(&f, &w, &out);
		one = findings_find(&out, cases[i].id);
		assert_non_null(one);
		if (one->verdict != cases[i].verdict)
			fail_msg("case %zu, %s: %s: %s", i, one->id, verdict_name(one->verdict),
				 one->summary);
		if (one->verdict == VERDICT_FAIL || one->verdict == VERDICT_WARN)
			assert_true(one->remedy[0] != '\0');
		findings_clear(&out);
		facts_release(&f);
	}
}

static void test_which(void **state)
{
	static const struct {
		const char *name;
		size_t n;
	} counts[] = {
		{ "cis-m365-7", 23 }, { "cis-m365-7-l2", 26 }, { "scuba", 13 }, { "asd", 12 },
		{ "eidsca", 31 }, { "zta", 21 }, { "secure-score", 14 },
		{ NULL, 0 }, { "nothing", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(counts); i++) {
		struct findings out = { .v = NULL };
		struct wanted w;
		struct facts f;

		healthy_facts(&f);
		wanted_runbook(&w);
		w.benchmark = counts[i].name;
		benchmark_judge(&f, &w, &out);
		assert_int_equal(out.n, counts[i].n);
		findings_clear(&out);
		facts_release(&f);
	}
	assert_string_equal(benchmark_find("SCUBA")->name, "scuba");
}

/* What everybody has to have is due later in a pilot; never is it a pass. */
static void test_target(void **state)
{
	struct findings out = { .v = NULL };
	struct wanted w;
	struct facts f;
	size_t later = 0;

	(void)state;
	for (int production = 0; production < 2; production++) {
		healthy_facts(&f);
		wanted_runbook(&w);
		w.benchmark = "cis-m365-7-l2";
		w.production = production;
		benchmark_judge(&f, &w, &out);
		for (size_t i = 0; i < out.n; i++)
			later += strstr(out.v[i].summary, "Expected while it is a pilot") != NULL;
		assert_int_equal(findings_find(&out, "cis.5.2.4.1")->verdict,
				 production ? VERDICT_FAIL : VERDICT_WARN);
		assert_int_equal(findings_find(&out, "cis.5.2.3.5")->verdict,
				 production ? VERDICT_FAIL : VERDICT_WARN);
		/* A pilot excuses nothing that concerns it as well. */
		assert_int_equal(findings_find(&out, "cis.5.2.2.12")->verdict, VERDICT_FAIL);
		assert_true(production ? later == 0 : later >= 4);
		later = 0;
		findings_clear(&out);
		facts_release(&f);
	}
}

static void scope_all(struct facts *f)
{
	f->audit.scope = (struct policy_value){ .new_value = "2", .time_ms = NOW_MS - HOUR_MS };
	f->registration.enabled_total = f->registration.members_total;
	f->registration.enabled_outside = 96;
	f->registration.not_enabled_outside = 0;
}

static void test_target_finding(void **state)
{
	static const struct {
		bool production;
		void (*change)(struct facts *f);
		enum verdict verdict, registration;
	} rows[] = {
		{ false, NULL, VERDICT_PASS, VERDICT_PASS },
		{ false, scope_all, VERDICT_WARN, VERDICT_PASS },
		/* Of a hundred people sixty have registered. */
		{ true, NULL, VERDICT_WARN, VERDICT_WARN },
		{ true, scope_all, VERDICT_PASS, VERDICT_WARN },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct findings out = { .v = NULL };
		struct wanted w;
		struct facts f;

		healthy_facts(&f);
		wanted_runbook(&w);
		w.production = rows[i].production;
		if (rows[i].change)
			rows[i].change(&f);
		checks_run(&f, &w, "", &out);
		assert_int_equal(findings_find(&out, "health.target")->verdict, rows[i].verdict);
		assert_int_equal(findings_find(&out, "prereq.registration")->verdict,
				 rows[i].registration);
		findings_clear(&out);
		facts_release(&f);
	}
}

/* For how long people may put the campaign off is told beside the Blueprint's time. */
static void test_campaign_snooze(void **state)
{
	static const struct {
		const char *json, *summary;
	} rows[] = {
		{ NULL, "The campaign is on." },
		{ "{}", "The campaign is on." },
		{ "{\"snoozeDurationInDays\":14}",
		  "The campaign is on. People may put it off for 14 days." },
		{ "{\"snoozeDurationInDays\":1}", "The campaign is on. People may put it off for "
		  "a day; the benchmark writes 14." },
		{ "{\"snoozeDurationInDays\":0}", "The campaign is on. People may put it off for "
		  "0 days; the benchmark writes 14." },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct findings out = { .v = NULL };
		struct wanted w;
		struct facts f;

		healthy_facts(&f);
		wanted_runbook(&w);
		w.benchmark = "asd";
		campaign(&f);
		f.methods.campaign_json = rows[i].json;
		benchmark_judge(&f, &w, &out);
		assert_string_equal(findings_find(&out, "asd.campaign")->summary,
				    rows[i].summary);
		assert_int_equal(findings_find(&out, "asd.campaign")->verdict, VERDICT_PASS);
		findings_clear(&out);
		facts_release(&f);
	}
}

/* Never a share without what it is of. */
static void test_score(void **state)
{
	static const enum verdict verdicts[] = {
		VERDICT_PASS, VERDICT_PASS, VERDICT_FAIL, VERDICT_WARN, VERDICT_ACCEPTED,
		VERDICT_UNKNOWN, VERDICT_NOT_APPLICABLE,
	};
	struct findings out = { .v = NULL };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(verdicts); i++)
		finding_set(&out, findings_add(&out, i ? "x.one" : "y.one", "x", "X"), verdicts[i],
			    CONFIDENCE_PROVED, "Said.");
	assert_string_equal(findings_score_text(&out, "", &out.arena),
			    "2 of 5 answered checks pass, 1 is accepted; 1 could not be answered");
	assert_string_equal(findings_score_text(&out, "y.", &out.arena),
			    "1 of 1 answered checks pass");
	assert_int_equal(findings_score(&out, "").not_applicable, 1);
	findings_clear(&out);
}

static struct acceptance accept_until(const char *until)
{
	static char text[80];
	struct acceptance one = { .id = "x.bad" };
	struct err err = ERR_INIT;

	snprintf(text, sizeof(text), "a reason ; Ann;%s", until);
	assert_int_equal(acceptance_parse(text, &one, &err), 0);
	return one;
}

static void test_acceptance(void **state)
{
	static const struct {
		const char *until;
		enum verdict before, after;
	} rows[] = {
		{ "2026-11-25", VERDICT_FAIL, VERDICT_ACCEPTED },
		{ "2026-11-25", VERDICT_WARN, VERDICT_ACCEPTED },
		{ "2026-11-24", VERDICT_FAIL, VERDICT_FAIL },
		{ "2027-01-01", VERDICT_UNKNOWN, VERDICT_UNKNOWN },
		{ "2027-01-01", VERDICT_PASS, VERDICT_PASS },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct acceptance one = accept_until(rows[i].until);
		struct findings out = { .v = NULL };

		finding_set(&out, findings_add(&out, "x.bad", "x", "X"), rows[i].before,
			    CONFIDENCE_PROVED, "It is bad.");
		finding_set(&out, findings_add(&out, "x.other", "x", "X"), VERDICT_FAIL,
			    CONFIDENCE_PROVED, "Also bad.");
		findings_accept(&out, &one, 1, NOW_MS);
		assert_int_equal(out.v[0].verdict, rows[i].after);
		assert_int_equal(out.v[1].verdict, VERDICT_FAIL);
		if (rows[i].after == VERDICT_ACCEPTED)
			assert_string_equal(out.v[0].summary,
					    "Accepted by Ann until 25 Nov 2026: a reason. "
					    "It is bad.");
		if (i == 2)
			assert_non_null(strstr(out.v[0].evidence[0].value, "which is over"));
		findings_clear(&out);
	}
}

static void test_acceptance_needs_all(void **state)
{
	static const char *const bad[] = {
		"", "reason", "reason; owner", "reason; owner; soon", "; owner; 2027-01-01",
		"reason; ; 2027-01-01", "reason; owner; 2027-13-01", "r; o; 2027-01-01; more",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct acceptance one = { .id = "x" };
		struct err err = ERR_INIT;
		char *text = xstrdup(bad[i]);

		assert_int_equal(acceptance_parse(text, &one, &err), -1);
		free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_which),
		cmocka_unit_test(test_target),
		cmocka_unit_test(test_target_finding),
		cmocka_unit_test(test_campaign_snooze),
		cmocka_unit_test(test_score),
		cmocka_unit_test(test_acceptance),
		cmocka_unit_test(test_acceptance_needs_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
