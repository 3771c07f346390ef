/* What keeps a new person - no method, a device of their own, outside the
 * network - from registering: policies as Graph gives them, read from the
 * simulated tenant and judged. */
#include "checks/check.h"
#include "checks/traps.h"
#include "tests/unit/tenant_io.h"

#define REGISTER "'applications':{'includeApplications':[],'includeUserActions':"	\
	"['urn:user:registersecurityinfo']}"
#define ALL_APPS "'applications':{'includeApplications':['All'],'includeUserActions':[]}"
#define EVERYBODY "'users':{'includeUsers':['All']}"
#define BROWSERS "'clientAppTypes':['all']"
#define OFF_NETWORK "'locations':{'includeLocations':['All'],'excludeLocations':['AllTrusted']}"
#define GRANT(operator, controls) \
	"'grantControls':{'operator':'" operator "','builtInControls':[" controls "]," \
	"'authenticationStrength':null}"
#define STRENGTH(id) \
	"'grantControls':{'operator':'OR','builtInControls':[],'authenticationStrength':" \
	"{'id':'" id "'}}"
#define PHISHING_RESISTANT "00000000-0000-0000-0000-000000000004"
#define ON "'state':'enabled',"
#define REPORTING "'state':'enabledForReportingButNotEnforced',"

#define AT_REGISTRATION "health.registration-policy"
#define AT_SIGN_IN "health.registration-sign-in"

/* %G is the pilot group, %O another group, %M a member, %R a role. */
static const struct {
	const char *name, *policy;
	const char *finding;
	enum verdict verdict;
	const char *says;		/* in the summary */
	const char *remedy;		/* in the remedy, or NULL */
} cases[] = {
	{ "Register with MFA", ON "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS "},"
	  GRANT("OR", "'mfa'"), AT_REGISTRATION, VERDICT_WARN,
	  "Register with MFA wants MFA to register", "Temporary Access Pass" },
	{ "Only our devices", ON "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS "},"
	  GRANT("OR", "'compliantDevice','domainJoinedDevice'"), AT_REGISTRATION, VERDICT_WARN,
	  "managed devices only", "managed device" },
	{ "Either will do", ON "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS "},"
	  GRANT("OR", "'mfa','compliantDevice'"), AT_REGISTRATION, VERDICT_WARN,
	  "MFA or a managed device", "Temporary Access Pass" },
	{ "Both at once", ON "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS "},"
	  GRANT("AND", "'mfa','compliantDevice'"), AT_REGISTRATION, VERDICT_WARN,
	  "only with MFA and from managed devices", "managed device" },
	{ "Office only", ON "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS "," OFF_NETWORK
	  "}," GRANT("OR", "'block'"), AT_REGISTRATION, VERDICT_WARN,
	  "outside trusted locations", "in the office" },
	{ "Nobody registers", ON "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS "},"
	  GRANT("OR", "'block'"), AT_REGISTRATION, VERDICT_FAIL, "everywhere", "Exclude" },
	{ "Strong to register", ON "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS "},"
	  STRENGTH(PHISHING_RESISTANT), AT_REGISTRATION, VERDICT_WARN, "phishing-resistant",
	  "Exclude the pilot group" },
	{ "Only reports", REPORTING "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS "},"
	  GRANT("OR", "'block'"), AT_REGISTRATION, VERDICT_PASS, "in force", NULL },
	{ "Switched off", "'state':'disabled','conditions':{" EVERYBODY "," REGISTER "," BROWSERS
	  "}," GRANT("OR", "'block'"), AT_REGISTRATION, VERDICT_PASS, "in force", NULL },
	{ "Pilot left out", ON "'conditions':{'users':{'includeUsers':['All'],"
	  "'excludeGroups':['%G']}," REGISTER "," BROWSERS "}," GRANT("OR", "'block'"),
	  AT_REGISTRATION, VERDICT_PASS, "in force", NULL },
	{ "One left out", ON "'conditions':{'users':{'includeUsers':['All'],"
	  "'excludeUsers':['%M']}," REGISTER "," BROWSERS "}," GRANT("OR", "'block'"),
	  AT_REGISTRATION, VERDICT_FAIL, "everywhere", NULL },
	{ "One by name", ON "'conditions':{'users':{'includeUsers':['%M']}," REGISTER ","
	  BROWSERS "}," GRANT("OR", "'block'"), AT_REGISTRATION, VERDICT_FAIL, "everywhere",
	  NULL },
	{ "The pilot itself", ON "'conditions':{'users':{'includeGroups':['%G']}," REGISTER ","
	  BROWSERS "}," GRANT("OR", "'compliantDevice'"), AT_REGISTRATION, VERDICT_WARN,
	  "managed devices only", NULL },
	{ "Another group", ON "'conditions':{'users':{'includeGroups':['%O']}," REGISTER ","
	  BROWSERS "}," GRANT("OR", "'block'"), AT_REGISTRATION, VERDICT_UNKNOWN,
	  "Cannot tell whether the policy Another group", NULL },
	{ "Guests", ON "'conditions':{'users':{'includeUsers':['GuestsOrExternalUsers']},"
	  REGISTER "," BROWSERS "}," GRANT("OR", "'block'"), AT_REGISTRATION, VERDICT_PASS,
	  "in force", NULL },
	{ "Guests the newer way", ON "'conditions':{'users':{'includeUsers':[],"
	  "'includeGuestsOrExternalUsers':{'guestOrExternalUserTypes':'b2bCollaborationGuest'}},"
	  REGISTER "," BROWSERS "}," GRANT("OR", "'block'"), AT_REGISTRATION, VERDICT_PASS,
	  "in force", NULL },
	{ "Risky people", ON "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS ","
	  "'userRiskLevels':['high']}," GRANT("OR", "'block'"), AT_REGISTRATION, VERDICT_PASS,
	  "in force", NULL },
	{ "On one platform", ON "'conditions':{" EVERYBODY "," REGISTER "," BROWSERS ","
	  "'platforms':{'includePlatforms':['linux']}}," GRANT("OR", "'block'"),
	  AT_REGISTRATION, VERDICT_WARN, "everywhere", NULL },

	{ "Compliant everywhere", ON "'conditions':{" EVERYBODY "," ALL_APPS "," BROWSERS "},"
	  GRANT("OR", "'compliantDevice'"), AT_SIGN_IN, VERDICT_WARN,
	  "Compliant everywhere wants a managed device at every sign-in", "managed device" },
	{ "MFA everywhere", ON "'conditions':{" EVERYBODY "," ALL_APPS "," BROWSERS "},"
	  GRANT("OR", "'mfa'"), AT_SIGN_IN, VERDICT_PASS, "No policy keeps", NULL },
	{ "MFA or our device", ON "'conditions':{" EVERYBODY "," ALL_APPS "," BROWSERS "},"
	  GRANT("OR", "'mfa','compliantDevice'"), AT_SIGN_IN, VERDICT_PASS, "No policy keeps",
	  NULL },
	{ "MFA on our device", ON "'conditions':{" EVERYBODY "," ALL_APPS "," BROWSERS "},"
	  GRANT("AND", "'mfa','compliantDevice'"), AT_SIGN_IN, VERDICT_WARN,
	  "MFA and a managed device", NULL },
	{ "Passkeys everywhere", ON "'conditions':{" EVERYBODY "," ALL_APPS "," BROWSERS "},"
	  STRENGTH(PHISHING_RESISTANT), AT_SIGN_IN, VERDICT_WARN, "authentication strength",
	  NULL },
	{ "Outside is closed", ON "'conditions':{" EVERYBODY "," ALL_APPS "," BROWSERS ","
	  OFF_NETWORK "}," GRANT("OR", "'block'"), AT_SIGN_IN, VERDICT_WARN,
	  "before anybody can register", NULL },
	{ "Old clients", ON "'conditions':{" EVERYBODY "," ALL_APPS ","
	  "'clientAppTypes':['exchangeActiveSync','other']}," GRANT("OR", "'block'"), AT_SIGN_IN,
	  VERDICT_PASS, "No policy keeps", NULL },
	{ "Device codes", ON "'conditions':{" EVERYBODY "," ALL_APPS "," BROWSERS ","
	  "'authenticationFlows':{'transferMethods':'deviceCodeFlow,authenticationTransfer'}},"
	  GRANT("OR", "'block'"), AT_SIGN_IN, VERDICT_PASS, "No policy keeps", NULL },
	{ "Administrators", ON "'conditions':{'users':{'includeUsers':[],'includeRoles':['%R']},"
	  ALL_APPS "," BROWSERS "}," STRENGTH(PHISHING_RESISTANT), AT_SIGN_IN, VERDICT_PASS,
	  "No policy keeps", NULL },
	{ "One application", ON "'conditions':{" EVERYBODY ",'applications':"
	  "{'includeApplications':['00000003-0000-0ff1-ce00-000000000000'],"
	  "'includeUserActions':[]}," BROWSERS "}," GRANT("OR", "'block'"), AT_SIGN_IN,
	  VERDICT_PASS, "No policy keeps", NULL },
	{ "Terms of use", ON "'conditions':{" EVERYBODY "," ALL_APPS "," BROWSERS "},"
	  "'grantControls':{'operator':'OR','builtInControls':[],'termsOfUse':['t1']}",
	  AT_SIGN_IN, VERDICT_PASS, "No policy keeps", NULL },
};

static const char *named(struct reading *r, const char *list, const char *name)
{
	const struct json *j = json_first(json_get(tenant_state(r->tenant), list));

	while (j && !str_same(json_string(j, "displayName"), name))
		j = json_next(j);
	assert_non_null(j);
	return json_string(j, "id");
}

/* The text with quotes for ' and ids for the letters. */
static struct json *policy_of(struct reading *r, size_t i)
{
	struct str text = { 0 };
	struct err err = ERR_INIT;
	struct json *j;

	str_addf(&text, "{\"id\":\"p%zu\",\"displayName\":\"%s\",", i, cases[i].name);
	for (const char *p = cases[i].policy; *p; p++) {
		if (*p == '\'')
			str_add_char(&text, '"');
		else if (*p != '%')
			str_add_char(&text, *p);
		else if (*++p == 'G')
			str_add(&text, named(r, "groups", "SSPR-Enabled-Users"));
		else if (*p == 'O')
			str_add(&text, named(r, "groups", "Engineering"));
		else if (*p == 'M')
			str_add(&text, named(r, "users", "Amara Osei"));
		else
			str_add(&text, "62e90394-69f5-4237-9190-012177145e10");
	}
	str_add_char(&text, '}');
	j = json_parse(str_text(&text), text.len, &err);
	if (!j)
		fail_msg("%s: %s", cases[i].name, err.msg);
	str_release(&text);
	return j;
}

static void judge(struct reading *r, const char *finding, struct findings *out)
{
	reading_run(r, checks_areas(finding));
	checks_run(&r->facts, &r->wanted, finding, out);
}

static void test_policies(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct findings out = { .v = NULL };
		char *scopes = wizard_scopes();
		const struct finding *one;
		struct json *list = json_new_array();
		struct reading r;

		reading_open(&r, "rolled-out", 0, scopes);
		json_append(list, policy_of(&r, i));
		json_set(r.tenant->state, "conditionalAccessPolicies", list);
		judge(&r, cases[i].finding, &out);
		one = findings_find(&out, cases[i].finding);
		assert_non_null(one);
		if (one->verdict != cases[i].verdict || !strstr(one->summary, cases[i].says))
			fail_msg("%s: %s: %s", cases[i].name, verdict_name(one->verdict),
				 one->summary);
		if (cases[i].remedy && !strstr(one->remedy, cases[i].remedy))
			fail_msg("%s: the remedy is: %s", cases[i].name, one->remedy);
		if (one->verdict != VERDICT_PASS) {
			assert_true(*one->remedy);
			assert_non_null(strstr(one->evidence[0].value, cases[i].name));
			assert_string_equal(one->evidence[0].source,
					    "GET /v1.0/identity/conditionalAccess/policies");
		}
		free(scopes);
		findings_clear(&out);
		reading_close(&r);
	}
	assert_true(COUNT_OF(cases) >= 12);
}

/* The pass: on for the pilot, for others, off, and needed by a policy. */
static void test_pass(void **state)
{
	static const struct {
		const char *target;	/* NULL: off */
		bool needed;
		enum verdict verdict;
		const char *says;
	} rows[] = {
		{ "all_users", true, VERDICT_PASS, "can be given" },
		{ "%G", false, VERDICT_PASS, "can be given" },
		{ "%O", false, VERDICT_UNKNOWN, "other groups" },
		{ NULL, false, VERDICT_WARN, "lost every method" },
		{ NULL, true, VERDICT_FAIL, "Register with MFA wants MFA" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct findings out = { .v = NULL };
		const struct finding *one;
		char *scopes = wizard_scopes();
		struct json *m, *list = json_new_array(), *target;
		const char *id = rows[i].target;
		struct reading r;

		reading_open(&r, "rolled-out", 0, scopes);
		if (rows[i].needed)
			json_append(list, policy_of(&r, 0));
		json_set(r.tenant->state, "conditionalAccessPolicies", list);
		for (m = json_first_mutable(json_get_mutable(json_get_mutable(r.tenant->state,
			"authenticationMethodsPolicy"), "authenticationMethodConfigurations"));
		     !str_same(json_string(m, "id"), "TemporaryAccessPass");)
			m = json_next_mutable(m);
		if (!id)
			json_set_string(m, "state", "disabled");
		if (id && *id == '%')
			id = named(&r, "groups", id[1] == 'G' ? "SSPR-Enabled-Users" : "Finance");
		target = json_first_mutable(json_get_mutable(m, "includeTargets"));
		json_set_string(target, "id", id ? id : "all_users");
		judge(&r, "health.registration-pass", &out);
		one = findings_find(&out, "health.registration-pass");
		if (one->verdict != rows[i].verdict || !strstr(one->summary, rows[i].says))
			fail_msg("row %zu: %s: %s", i, verdict_name(one->verdict), one->summary);
		free(scopes);
		findings_clear(&out);
		reading_close(&r);
	}
}

static void test_campaign(void **state)
{
	static const struct {
		const char *state, *says, *evidence;
	} rows[] = {
		{ "enabled", "on for everybody", "asks again after 1 day" },
		{ "default", "Microsoft manages", "method microsoftAuthenticator" },
		{ "disabled", "off", "state disabled" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct findings out = { .v = NULL };
		const struct finding *one;
		char *scopes = wizard_scopes();
		struct reading r;

		reading_open(&r, "rolled-out", 0, scopes);
		json_set_string(json_get_mutable(json_get_mutable(json_get_mutable(
			r.tenant->state, "authenticationMethodsPolicy"),
			"registrationEnforcement"),
			"authenticationMethodsRegistrationCampaign"), "state", rows[i].state);
		judge(&r, "health.registration-campaign", &out);
		one = findings_find(&out, "health.registration-campaign");
		assert_int_equal(one->verdict, VERDICT_PASS);
		assert_non_null(strstr(one->summary, rows[i].says));
		assert_non_null(strstr(one->evidence[0].value, rows[i].evidence));
		free(scopes);
		findings_clear(&out);
		reading_close(&r);
	}
}

/* Each switch that hides the link is named. */
static void test_hidden_links(void **state)
{
	char *scopes = wizard_scopes();
	struct findings out = { .v = NULL };
	const struct finding *one;
	struct reading r;

	(void)state;
	reading_open(&r, "troubled", 0, scopes);
	judge(&r, "health.hidden-reset-link", &out);
	one = findings_find(&out, "health.hidden-reset-link");
	assert_int_equal(one->verdict, VERDICT_FAIL);
	assert_non_null(strstr(one->summary, "and sends people to another address"));
	assert_string_equal(one->evidence[1].value,
			    "hideAccountResetCredentials, hideForgotMyPassword");
	assert_string_equal(one->evidence[2].value, "customAccountResetCredentialsUrl: "
			    "https://helpdesk.contoso.com/tickets");
	free(scopes);
	findings_clear(&out);
	reading_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_policies),
		cmocka_unit_test(test_pass),
		cmocka_unit_test(test_campaign),
		cmocka_unit_test(test_hidden_links),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
