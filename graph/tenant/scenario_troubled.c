#include "graph/tenant/scenario_parts.h"

#include <stdio.h>

#include "graph/base/clock.h"
#include "graph/base/mem.h"

/* Far more groups than a methods policy should name (facts graph.md 5.2). */
#define SITES 60

static void trouble_the_group(struct scenario *s)
{
	struct json *twin;
	char since[TIME_TEXT];

	scenario_group(s, WANTED_GROUP, "Users enabled for self-service password reset", 0,
		       "amara.osei joel.lindqvist petra.novotna sean.obrien dmitri.volkov "
		       "grace.achebe yara.haddad noah.fischer elena.petrova kenji.mori "
		       "samuel.mensah aiden.walsh bongani.dube ravi.menon nora.berg "
		       "lena.hoffmann tomas.adler @Europe-Sales");
	twin = scenario_group(s, WANTED_GROUP, "From the old directory", GROUP_ON_PREMISES,
			      "ines.carvalho marta.silva");
	json_set_string(twin, "createdDateTime", time_format(s->now_ms - 700 * DAY_MS, since));
	scenario_trouble(s, "duplicate-group", "health.duplicate-group",
			 "two groups are named " WANTED_GROUP ", one of them from on premises");
	scenario_trouble(s, "nested-group", "health.nested", "Europe-Sales is in the group");
	scenario_trouble(s, "guest-member", "health.guest-members",
			 "the guest Nora Berg is in the group");
	scenario_trouble(s, "disabled-member", "health.disabled-members",
			 "the disabled account of Lena Hoffmann is in the group");
	scenario_trouble(s, "admin-member", "health.admin-members",
			 "Tomas Adler, Helpdesk Administrator, is in the group");
}

static void trouble_the_licences(struct scenario *s)
{
	struct json *plan;

	scenario_trouble(s, "unlicensed-member", "health.licence-members",
			 "Bongani Dube is in the group and has no licence");
	scenario_trouble(s, "seats", "health.licence-seats",
			 "SPE_E3 has 24 seats and more are assigned");
	/* P1 comes first among the plans of a licence. */
	plan = json_first_mutable(json_get_mutable(scenario_user(s, "kenji.mori"),
						   "assignedPlans"));
	json_set_string(plan, "capabilityStatus", "Warning");
	scenario_trouble(s, "licence-warning", "prereq.licence",
			 "the P1 plan of Kenji Mori is in Warning, and seats are over-assigned");
}

static void trouble_the_sync(struct scenario *s)
{
	struct json *errors, *one;
	char when[TIME_TEXT];
	static const struct person_spec old_account = {
		"Sync_OLDSYNC_4f1c2d3e5a6b", "On-Premises Directory Synchronization Service "
		"Account", NULL, NULL, LICENCE_NONE, 0, 0,
	};

	scenario_hybrid(s, 31 * HOUR_MS, NULL);
	scenario_trouble(s, "stale-sync", "health.sync-stale", "the last sync was 31 hours ago");
	scenario_trouble(s, "sync-health", "prereq.sync-health",
			 "the sync is stale, has errors and a quarantined job");
	errors = json_get_mutable(scenario_user(s, "ravi.menon"), "onPremisesProvisioningErrors");
	one = json_append(errors, json_new_object());
	json_add_string(one, "category", "PropertyConflict");
	json_add_string(one, "occurredDateTime", time_format(s->now_ms - 9 * DAY_MS, when));
	json_add_string(one, "propertyCausingError", "ProxyAddress");
	json_add_string(one, "value", "smtp:ravi.menon@contoso.com");
	scenario_trouble(s, "provisioning-error", "health.sync-errors",
			 "Ravi Menon has a PropertyConflict of ProxyAddress");
	scenario_cloud_sync(s, "Quarantine");
	scenario_trouble(s, "quarantine", "health.quarantine",
			 "the Cloud Sync job AD2AADProvisioning is in quarantine");
	scenario_person(s, &old_account);
	scenario_role_member(s, "Directory Synchronization Accounts", old_account.alias);
	scenario_trouble(s, "two-servers", "prereq.connect",
			 "OLDSYNC and ENTRA-SYNC01 both have an identity to synchronise with");
}

static void trouble_the_writeback(struct scenario *s)
{
	scenario_writeback(s, false);
	scenario_writeback_event(s, "admin", 20 * DAY_MS, true);
	scenario_writeback_event(s, "jun.watanabe", 2 * DAY_MS, false);
	scenario_policy_change(s, "jun.watanabe", 2 * DAY_MS - MINUTE_MS,
			       "passwordWritebackSupported", "true", "false");
	scenario_reset(s, "amara.osei", 12 * DAY_MS, "mobile SMS", true);
	for (int i = 0; i < 4; i++)
		scenario_reset_failed(s, i % 2 ? "grace.achebe" : "joel.lindqvist",
				      (1 + i) * 7 * HOUR_MS,
				      "We could not reach your on-premises password reset "
				      "service. Check your sync machine's event log");
	scenario_reset_failed(s, "kenji.mori", 30 * HOUR_MS,
			      "User's password is managed on-premises. You can enable Password "
			      "Writeback to resolve this");
	scenario_trouble(s, "writeback-failures", "health.writeback-failures",
			 "five resets of the last days did not reach the directory on premises");
	scenario_trouble(s, "writeback-off", "prereq.writeback",
			 "password writeback was disabled two days ago");
	scenario_trouble(s, "writeback-switch", "step.writeback",
			 "the tenant's writeback switch is off");
}

static void trouble_the_people(struct scenario *s)
{
	scenario_has(s, "breakglass", METHOD_BIT(HAS_FIDO2));
	scenario_has(s, "jun.watanabe", APP);
	scenario_trouble(s, "admin-gates", "health.admin-gates",
			 "Break Glass One and Jun Watanabe do not have two gates");
	scenario_trouble(s, "phone-only", "health.sms-only",
			 "Petra Novotna, Yara Haddad and Samuel Mensah have a phone only");
	scenario_trouble(s, "question-only", "health.questions",
			 "Dmitri Volkov has security questions only");
	scenario_blocked(s, "sean.obrien", 3 * HOUR_MS,
			 "User entered too many invalid SMS verification codes and is blocked "
			 "for 24 hours");
	scenario_blocked(s, "yara.haddad", 9 * HOUR_MS,
			 "User tried to verify a phone number too many times and is blocked for "
			 "24 hours");
	scenario_trouble(s, "blocked", "health.blocked-people",
			 "Sean O'Brien and Yara Haddad are blocked for 24 hours");
	for (int i = 0; i < 6; i++)
		scenario_reset_failed(s, i % 2 ? "noah.fischer" : "aiden.walsh",
				      (2 + i) * 11 * HOUR_MS,
				      "User's account has insufficient authentication methods "
				      "defined. Add authentication info to resolve this");
	scenario_trouble(s, "failed-resets", "health.reset-failures",
			 "far more resets fail than succeed");
	scenario_trouble(s, "few-registered", "prereq.registration",
			 "half of the members have not registered what is required");
	for (const char *const *alias = (const char *const[]){
		"samuel.mensah", "elena.petrova", "petra.novotna", NULL }; *alias; alias++)
		json_set_bool(scenario_user(s, *alias), "_staleRow", true);
	scenario_trouble(s, "stale-report", "health.stale-report",
			 "the registration report is more than three days old");
}

static void add_sites(struct scenario *s, struct json *method)
{
	struct json *list = json_get_mutable(method, "includeTargets"), *one;
	char name[32];

	for (int i = 1; i <= SITES; i++) {
		snprintf(name, sizeof(name), "Site-%03d", i);
		one = json_append(list, json_new_object());
		json_add_string(one, "targetType", "group");
		json_add_string(one, "id", scenario_group_id(s, name));
		json_add_bool(one, "isRegistrationRequired", false);
	}
}

static void trouble_the_methods(struct scenario *s)
{
	struct json *sms, *app, *target, *excluded;
	char name[32];

	for (int i = 1; i <= SITES; i++) {
		snprintf(name, sizeof(name), "Site-%03d", i);
		scenario_group(s, name, "A site", 0, "");
	}
	add_sites(s, scenario_method(s, "TemporaryAccessPass", true, "@Finance"));
	add_sites(s, scenario_method(s, "Voice", true, "@Finance"));
	add_sites(s, scenario_method(s, "SoftwareOath", false, "@Finance"));
	scenario_trouble(s, "policy-size", "health.policy-size",
			 "the methods policy names 60 sites three times and is over 20 KB");
	sms = scenario_method(s, "Sms", true, "@" WANTED_GROUP);
	target = json_first_mutable(json_get_mutable(sms, "includeTargets"));
	json_set_bool(target, "isUsableForSignIn", true);
	scenario_trouble(s, "sms-sign-in", "health.sms-sign-in",
			 "SMS is usable for sign-in for the group");
	app = scenario_method(s, "MicrosoftAuthenticator", true, "all_users");
	excluded = json_append(json_get_mutable(app, "excludeTargets"), json_new_object());
	json_add_string(excluded, "targetType", "group");
	json_add_string(excluded, "id", scenario_group_id(s, WANTED_GROUP));
	scenario_trouble(s, "excluded-group", "health.excluded-group",
			 "the group is excluded from Microsoft Authenticator");
	scenario_method(s, "Email", false, "@Sales @Finance");
	scenario_trouble(s, "email-off", "step.methods", "Email OTP is off for everybody");
	scenario_migration(s, "preMigration");
	scenario_trouble(s, "migration", "health.migration",
			 "the methods policy has no effect on password reset: preMigration");
	scenario_sspr(s, "numberOfAuthenticationMethodsRequired", json_new_number(2));
	scenario_policy_change(s, "jun.watanabe", 5 * DAY_MS,
			       "numberOfAuthenticationMethodsRequired", "1", "2");
	scenario_trouble(s, "too-few-methods", "health.methods-too-few",
			 "two methods are required and the group can use SMS only");
	scenario_trouble(s, "two-required", "step.methods",
			 "two methods are required since five days");
}

static void trouble_the_settings(struct scenario *s)
{
	struct json *domain, *branding, *hidden;

	scenario_scope(s, 2, NULL);
	scenario_policy_change(s, "jun.watanabe", 4 * DAY_MS, "enablementType", "1", "2");
	scenario_trouble(s, "scope-all", "step.enablement",
			 "password reset was widened from the group to everybody four days ago");
	scenario_policy_change(s, "jun.watanabe", 4 * DAY_MS - MINUTE_MS,
			       "notifyUsersOnPasswordReset", "true", "false");
	scenario_trouble(s, "no-notifications", "step.notifications",
			 "notifying users was turned off four days ago");
	/* They may, and two of them have not what it takes. */
	json_set_bool(json_get_mutable(s->state, "authorizationPolicy"), "allowedToUseSSPR",
		      true);
	scenario_access(s, "Block registration outside the office", "enabled", "block", true);
	scenario_trouble(s, "registration-blocked", "health.registration-policy",
			 "a policy blocks registration off the trusted locations");
	scenario_access_apps(s, "Require a compliant device", "enabled", "compliantDevice",
			     false);
	scenario_trouble(s, "device-for-sign-in", "health.registration-sign-in",
			 "a policy lets nobody sign in from a device of their own");
	scenario_password_rules(s, "Audit", 20, "");
	branding = json_get_mutable(s->state, "branding");
	hidden = json_get_mutable(branding, "loginPageTextVisibilitySettings");
	json_set_bool(hidden, "hideForgotMyPassword", true);
	json_set_bool(hidden, "hideAccountResetCredentials", true);
	json_set_string(branding, "customAccountResetCredentialsUrl",
			"https://helpdesk.contoso.com/tickets");
	scenario_trouble(s, "hidden-link", "health.hidden-reset-link",
			 "the sign-in page hides the reset link");
	domain = json_append(json_get_mutable(s->state, "domains"), part(
		"{'id':'plants.contoso.com','authenticationType':'Federated',"
		"'isAdminManaged':true,'isDefault':false,'isInitial':false,'isRoot':false,"
		"'isVerified':true,'supportedServices':['Email'],"
		"'passwordValidityPeriodInDays':null,'passwordNotificationWindowInDays':null}"));
	json_append(json_get_mutable(json_get_mutable(s->state, "organization"),
				     "verifiedDomains"), part(
		"{'capabilities':'Email','isDefault':false,'isInitial':false,'name':'%s',"
		"'type':'Federated'}", json_string(domain, "id")));
	scenario_trouble(s, "federated-domain", "health.federated",
			 "plants.contoso.com is federated");
}

/* Everything that goes wrong with a rollout, planted on purpose. Each trouble
 * names the finding that must report it. */
struct json *scenario_troubled(void)
{
	struct scenario s;

	scenario_contoso_base(&s, "troubled", 4);
	json_set_number(json_get_mutable(json_first_mutable(
		json_get_mutable(s.state, "subscribedSkus")), "prepaidUnits"), "enabled", 24);
	trouble_the_group(&s);
	trouble_the_licences(&s);
	trouble_the_sync(&s);
	trouble_the_writeback(&s);
	trouble_the_people(&s);
	trouble_the_methods(&s);
	trouble_the_settings(&s);
	return scenario_finish(&s, 80 * HOUR_MS);
}
