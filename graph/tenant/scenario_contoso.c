#include "graph/tenant/scenario_parts.h"

#include "graph/base/mem.h"

#define E3 LICENCE_E3
#define NONE LICENCE_NONE

/*
 * Contoso: forty people, most of them from the on-premises directory, with
 * the registrations of a company that has used Authenticator for some time
 * and never thought of password reset.
 */
static const struct person_spec people[] = {
	/* Administrators. */
	{ "admin", "Mira Castellan", "IT", "Identity Administrator", E3, APP | PHONE | EMAIL, 0 },
	{ "tomas.adler", "Tomas Adler", "IT", "Service Desk Lead", E3, APP | PHONE,
	  PERSON_SYNCED },
	{ "jun.watanabe", "Jun Watanabe", "IT", "Security Engineer", E3,
	  APP | PHONE | METHOD_BIT(HAS_FIDO2), PERSON_SYNCED },
	{ "breakglass", "Break Glass One", "IT", "Emergency access", NONE,
	  METHOD_BIT(HAS_FIDO2), 0 },
	/* Sales. */
	{ "amara.osei", "Amara Osei", "Sales", "Sales Director", E3, APP | PHONE, PERSON_SYNCED },
	{ "joel.lindqvist", "Joel Lindqvist", "Sales", "Account Manager", E3, APP | PHONE | EMAIL,
	  PERSON_SYNCED },
	{ "petra.novotna", "Petra Novotna", "Sales", "Account Manager", E3, PHONE, PERSON_SYNCED },
	{ "sean.obrien", "Sean O'Brien", "Sales", "Account Manager", E3, 0, PERSON_SYNCED },
	{ "lucia.romero", "Lucia Romero", "Sales", "Sales Operations", E3, APP, PERSON_SYNCED },
	{ "henrik.dahl", "Henrik Dahl", "Sales", "Key Account Manager", E3, APP | PHONE,
	  PERSON_SYNCED },
	{ "chloe.martin", "Chloe Martin", "Sales", "Account Manager", E3, PHONE | EMAIL,
	  PERSON_SYNCED },
	{ "dmitri.volkov", "Dmitri Volkov", "Sales", "Presales Engineer", E3, QUESTION,
	  PERSON_SYNCED },
	/* Finance. */
	{ "grace.achebe", "Grace Achebe", "Finance", "Finance Director", E3, APP | PHONE,
	  PERSON_SYNCED },
	{ "oliver.brandt", "Oliver Brandt", "Finance", "Controller", E3, APP, PERSON_SYNCED },
	{ "yara.haddad", "Yara Haddad", "Finance", "Accountant", E3, PHONE, PERSON_SYNCED },
	{ "noah.fischer", "Noah Fischer", "Finance", "Accountant", E3, 0, PERSON_SYNCED },
	{ "elena.petrova", "Elena Petrova", "Finance", "Payroll", E3, EMAIL, PERSON_SYNCED },
	{ "ravi.menon", "Ravi Menon", "Finance", "Analyst", E3, APP | EMAIL, PERSON_SYNCED },
	/* Engineering. */
	{ "ines.carvalho", "Ines Carvalho", "Engineering", "Head of Engineering", E3,
	  APP | PHONE | METHOD_BIT(HAS_HELLO), PERSON_SYNCED },
	{ "kenji.mori", "Kenji Mori", "Engineering", "Developer", E3, APP, PERSON_SYNCED },
	{ "freya.jensen", "Freya Jensen", "Engineering", "Developer", E3,
	  APP | METHOD_BIT(HAS_FIDO2), PERSON_SYNCED },
	{ "samuel.mensah", "Samuel Mensah", "Engineering", "Tester", E3, PHONE, PERSON_SYNCED },
	{ "zofia.kowalska", "Zofia Kowalska", "Engineering", "Developer", E3, APP | PHONE,
	  PERSON_SYNCED },
	/* People and Operations. */
	{ "marta.silva", "Marta Silva", "People", "Head of People", E3, APP | PHONE,
	  PERSON_SYNCED },
	{ "aiden.walsh", "Aiden Walsh", "People", "Recruiter", E3, 0, PERSON_SYNCED },
	{ "leila.nasser", "Leila Nasser", "People", "Trainer", E3, PHONE, 0 },
	{ "victor.hugo", "Victor Almeida", "Operations", "Warehouse Lead", E3,
	  METHOD_BIT(HAS_OFFICE_PHONE), PERSON_SYNCED },
	{ "bongani.dube", "Bongani Dube", "Operations", "Warehouse", NONE, 0, PERSON_SYNCED },
	{ "carla.rossi", "Carla Rossi", "Operations", "Warehouse", NONE, 0, PERSON_SYNCED },
	{ "piotr.zielinski", "Piotr Zielinski", "Operations", "Driver", NONE, PHONE,
	  PERSON_SYNCED },
	{ "anh.tran", "Anh Tran", "Operations", "Driver", NONE, 0, PERSON_SYNCED },
	{ "reception", "Reception Desk", "Operations", "Shared account", NONE, 0, 0 },
	/* Not people of the house, or gone. */
	{ "lena.hoffmann", "Lena Hoffmann", "Finance", "Left the company", NONE, PHONE,
	  PERSON_SYNCED | PERSON_DISABLED },
	{ "nora.berg", "Nora Berg", NULL, "Auditor", NONE, APP, PERSON_GUEST },
	{ "ivan.horvat", "Ivan Horvat", NULL, "Consultant", NONE, 0, PERSON_GUEST },
	{ "sofia.marin", "Sofia Marin", NULL, "Designer", NONE, EMAIL, PERSON_GUEST },
	{ "room.aurora", "Aurora Meeting Room", NULL, NULL, LICENCE_ROOM, 0, PERSON_ROOM },
};

static void add_groups(struct scenario *s)
{
	scenario_group(s, "Europe-Sales", "Sales in Europe", 0,
		       "petra.novotna lucia.romero henrik.dahl chloe.martin");
	scenario_group(s, "Sales", "Everybody in Sales", 0,
		       "amara.osei joel.lindqvist sean.obrien dmitri.volkov @Europe-Sales");
	scenario_group(s, "Finance", "Everybody in Finance", 0,
		       "grace.achebe oliver.brandt yara.haddad noah.fischer elena.petrova "
		       "ravi.menon");
	scenario_group(s, "Engineering", "Engineers", GROUP_ON_PREMISES,
		       "ines.carvalho kenji.mori freya.jensen samuel.mensah zofia.kowalska");
	scenario_group(s, "All-Staff", "Every member of the house", GROUP_DYNAMIC,
		       "amara.osei grace.achebe ines.carvalho marta.silva kenji.mori");
	scenario_group(s, "Announcements", "Mail to everybody", GROUP_MAIL,
		       "marta.silva aiden.walsh");
	scenario_group(s, "Project-Aurora", "A team", GROUP_UNIFIED,
		       "ines.carvalho zofia.kowalska nora.berg");
	scenario_group(s, "SG-IT-Admins", "Administrators' own group", 0,
		       "admin tomas.adler jun.watanabe");
}

void scenario_contoso_base(struct scenario *s, const char *name, uint32_t salt)
{
	scenario_begin(s, name, salt, "Contoso", "contoso.com", "contoso.onmicrosoft.com");
	scenario_people(s, people, COUNT_OF(people));
	json_add_string(s->state, "me", scenario_user_id(s, "admin"));
	scenario_seats(s, LICENCE_E3, 30);
	scenario_seats(s, LICENCE_ROOM, 2);
	add_groups(s);
	scenario_role(s, "Global Administrator", "62e90394-69f5-4237-9190-012177145e10",
		      "admin breakglass");
	scenario_role(s, "Helpdesk Administrator", "729827e3-9c14-49f7-bb1b-9608f156bbb8",
		      "tomas.adler");
	scenario_role(s, "Security Administrator", "194ae4cb-b126-40b2-bd5b-6091b380977d",
		      "jun.watanabe");
	scenario_role(s, "Directory Synchronization Accounts",
		      "d29b2b05-8046-44ba-8758-1e26182fcf32", "");
	scenario_hybrid(s, 12 * MINUTE_MS, "ENTRA-SYNC01");
	scenario_method(s, "MicrosoftAuthenticator", true, "all_users");
	scenario_method(s, "Sms", false, "all_users");
	scenario_method(s, "Email", true, "@Sales @Finance");
	scenario_migration(s, "migrationInProgress");
}

/* What most tenants have: MFA for administrators, no old clients. */
static void add_access(struct scenario *s)
{
	struct json *p = scenario_access_apps(s, "Require MFA for administrators", "enabled",
					      "mfa", false);
	struct json *users = json_get_mutable(json_get_mutable(p, "conditions"), "users");

	json_set(users, "includeUsers", json_new_array());
	json_append_string(json_get_mutable(users, "includeRoles"),
			   "62e90394-69f5-4237-9190-012177145e10");
	json_append_string(json_get_mutable(users, "includeRoles"),
			   "194ae4cb-b126-40b2-bd5b-6091b380977d");
	json_append_string(json_get_mutable(users, "excludeUsers"),
			   scenario_user_id(s, "breakglass"));
	p = scenario_access_apps(s, "Block legacy authentication", "enabled", "block", false);
	json_set(json_get_mutable(p, "conditions"), "clientAppTypes",
		 part_text("['exchangeActiveSync','other']"));
}

void scenario_contoso_life(struct scenario *s)
{
	add_access(s);
	scenario_password_rules(s, "Audit", 10, "contoso\\tSommer2026");
	scenario_access(s, "Register security info with a managed device",
			"enabledForReportingButNotEnforced", "compliantDevice", false);
	scenario_registered(s, "ravi.menon", 26 * DAY_MS, "Email");
	scenario_registered(s, "chloe.martin", 19 * DAY_MS, "Mobile phone");
	scenario_registered(s, "joel.lindqvist", 11 * DAY_MS, "Authenticator app");
	scenario_reset_failed(s, "sean.obrien", 4 * DAY_MS,
			      "Password reset is not enabled for this user");
	scenario_reset_failed(s, "noah.fischer", 2 * DAY_MS,
			      "Password reset is not enabled for this user");
	scenario_sign_in(s, "sean.obrien", 4 * DAY_MS + 90000, 50126,
			 "Error validating credentials due to invalid username or password.");
	scenario_sign_in(s, "amara.osei", 5 * HOUR_MS, 0, NULL);
	scenario_sign_in(s, "admin", 20 * MINUTE_MS, 0, NULL);
}

struct json *scenario_contoso(void)
{
	struct scenario s;

	scenario_contoso_base(&s, "contoso", 1);
	scenario_contoso_life(&s);
	return scenario_finish(&s, 4 * HOUR_MS);
}
