#include "graph/tenant/scenario_parts.h"

#include "graph/base/mem.h"

#define MEMBERS \
	"amara.osei joel.lindqvist petra.novotna sean.obrien lucia.romero henrik.dahl " \
	"chloe.martin dmitri.volkov grace.achebe oliver.brandt yara.haddad noah.fischer " \
	"elena.petrova ravi.menon ines.carvalho kenji.mori freya.jensen samuel.mensah " \
	"zofia.kowalska marta.silva aiden.walsh"

/* Everybody in the group has registered, and the administrators have two
 * gates each. */
static void register_people(struct scenario *s)
{
	static const struct {
		const char *alias;
		unsigned methods;
	} has[] = {
		{ "breakglass", APP | EMAIL | METHOD_BIT(HAS_FIDO2) },
		{ "petra.novotna", APP | PHONE }, { "sean.obrien", APP | EMAIL },
		{ "lucia.romero", APP | PHONE }, { "dmitri.volkov", APP | PHONE },
		{ "oliver.brandt", APP | EMAIL }, { "yara.haddad", APP | PHONE },
		{ "noah.fischer", APP | PHONE }, { "elena.petrova", EMAIL },
		{ "kenji.mori", APP | PHONE }, { "samuel.mensah", APP | PHONE },
		{ "freya.jensen", APP | EMAIL | METHOD_BIT(HAS_FIDO2) },
		{ "aiden.walsh", APP | PHONE },
	};

	for (size_t i = 0; i < COUNT_OF(has); i++)
		scenario_has(s, has[i].alias, has[i].methods);
}

static void set_policies(struct scenario *s)
{
	scenario_scope(s, 1, WANTED_GROUP);
	scenario_sspr(s, "numberOfAuthenticationMethodsRequired", json_new_number(1));
	scenario_sspr(s, "notifyUsersOnPasswordReset", json_new_bool(true));
	scenario_sspr(s, "notifyOnAdminPasswordReset", json_new_bool(true));
	scenario_writeback(s, true);
	json_set_bool(json_get_mutable(s->state, "authorizationPolicy"), "allowedToUseSSPR",
		      true);
	json_set_bool(scenario_method(s, "MicrosoftAuthenticator", true, "all_users"),
		      "isSoftwareOathEnabled", true);
	scenario_method(s, "Sms", true, "@" WANTED_GROUP);
	scenario_method(s, "Email", true, "@Sales @Finance @" WANTED_GROUP);
	scenario_migration(s, "migrationComplete");
}

/* The events that prove what no API tells, all within their retention. */
static void log_rollout(struct scenario *s)
{
	char *ids = xasprintf("[\"%s\"]", scenario_group_id(s, WANTED_GROUP));

	scenario_policy_change(s, "admin", 21 * DAY_MS, "enablementType", "0", "1");
	scenario_policy_change(s, "admin", 21 * DAY_MS - MINUTE_MS,
			       "passwordResetEnabledGroupIds", "[]", ids);
	scenario_policy_change(s, "admin", 21 * DAY_MS - 2 * MINUTE_MS,
			       "numberOfAuthenticationMethodsRequired", "2", "1");
	scenario_policy_change(s, "admin", 20 * DAY_MS, "notifyUsersOnPasswordReset", "false",
			       "true");
	scenario_policy_change(s, "admin", 20 * DAY_MS - MINUTE_MS,
			       "notifyOnAdminPasswordReset", "false", "true");
	scenario_writeback_event(s, "admin", 22 * DAY_MS, true);
	scenario_writeback_roles(s, 22 * DAY_MS);
	scenario_policy_change(s, "admin", 22 * DAY_MS - MINUTE_MS, "passwordWritebackSupported",
			       "false", "true");
	free_ptr(&ids);
}

static void log_life(struct scenario *s)
{
	scenario_registered(s, "aiden.walsh", 25 * DAY_MS, "Authenticator app");
	scenario_registered(s, "noah.fischer", 24 * DAY_MS, "Mobile phone");
	scenario_registered(s, "sean.obrien", 23 * DAY_MS, "Email");
	scenario_reset(s, "kenji.mori", 19 * DAY_MS, "mobile SMS", true);
	scenario_reset(s, "marta.silva", 15 * DAY_MS, "mobile app code", true);
	scenario_reset(s, "henrik.dahl", 11 * DAY_MS, "mobile SMS", true);
	scenario_reset(s, "elena.petrova", 6 * DAY_MS, "email", true);
	scenario_reset(s, "sean.obrien", 3 * DAY_MS, "mobile app code", true);
	scenario_reset(s, "amara.osei", 26 * HOUR_MS, "mobile SMS", true);
	scenario_sign_in(s, "amara.osei", 26 * HOUR_MS - 3 * MINUTE_MS, 0, NULL);
	scenario_sign_in(s, "admin", 25 * MINUTE_MS, 0, NULL);
}

/* What the runbook wants, reached three weeks ago: a plan is empty. */
struct json *scenario_rolled_out(void)
{
	struct scenario s;

	scenario_contoso_base(&s, "rolled-out", 3);
	scenario_group(&s, WANTED_GROUP, "Users enabled for self-service password reset", 0,
		       MEMBERS);
	scenario_least_roles(&s, "admin");
	register_people(&s);
	set_policies(&s);
	log_rollout(&s);
	log_life(&s);
	scenario_access_apps(&s, "Require MFA for everybody", "enabled", "mfa", false);
	scenario_password_rules(&s, "Enforce", 8, "contoso\\taurora");
	return scenario_finish(&s, 2 * HOUR_MS);
}
