#include "graph/tenant/scenario_parts.h"

#include "graph/base/mem.h"

#define BP LICENCE_BUSINESS_PREMIUM

/* A practice of twenty people that never had a server. */
static const struct person_spec people[] = {
	{ "admin", "Ruth Okonkwo", "Office", "Practice Manager", BP, APP | PHONE, 0 },
	{ "it.support", "Felix Arnold", "Office", "IT", BP, APP | EMAIL, 0 },
	{ "anna.keller", "Anna Keller", "Surgery", "Veterinarian", BP, APP | PHONE, 0 },
	{ "ben.hughes", "Ben Hughes", "Surgery", "Veterinarian", BP, APP, 0 },
	{ "camille.roy", "Camille Roy", "Surgery", "Veterinarian", BP, PHONE, 0 },
	{ "daniel.costa", "Daniel Costa", "Surgery", "Nurse", BP, 0, 0 },
	{ "eva.lindgren", "Eva Lindgren", "Surgery", "Nurse", BP, PHONE, 0 },
	{ "farid.amini", "Farid Amini", "Surgery", "Nurse", BP, APP | PHONE, 0 },
	{ "gina.conti", "Gina Conti", "Surgery", "Nurse", BP, 0, 0 },
	{ "hugo.meyer", "Hugo Meyer", "Laboratory", "Technician", BP, APP, 0 },
	{ "iris.vandenberg", "Iris van den Berg", "Laboratory", "Technician", BP, APP | PHONE, 0 },
	{ "jack.tanner", "Jack Tanner", "Reception", "Receptionist", BP, PHONE, 0 },
	{ "kim.nguyen", "Kim Nguyen", "Reception", "Receptionist", BP, 0, 0 },
	{ "laura.blanc", "Laura Blanc", "Reception", "Receptionist", BP, EMAIL, 0 },
	{ "milan.kos", "Milan Kos", "Office", "Bookkeeper", BP, APP | PHONE, 0 },
	{ "nina.sorensen", "Nina Sorensen", "Office", "Purchasing", BP, APP, 0 },
	{ "omar.farouk", "Omar Farouk", "Farm", "Veterinarian", BP, PHONE, 0 },
	{ "paula.reyes", "Paula Reyes", "Farm", "Veterinarian", BP, APP | PHONE, 0 },
	{ "quinn.baker", "Quinn Baker", "Farm", "Driver", LICENCE_NONE, 0, 0 },
	{ "rosa.lopez", "Rosa Lopez", NULL, "Pathologist", LICENCE_NONE, EMAIL, PERSON_GUEST },
};

struct json *scenario_cloud_only(void)
{
	struct scenario s;

	scenario_begin(&s, "cloud-only", 2, "Harbour Veterinary Practice",
		       "harbourvets.example", "harbourvets.onmicrosoft.com");
	scenario_people(&s, people, COUNT_OF(people));
	json_add_string(s.state, "me", scenario_user_id(&s, "admin"));
	scenario_seats(&s, BP, 25);
	scenario_group(&s, "Surgery", "Veterinarians and nurses", 0,
		       "anna.keller ben.hughes camille.roy daniel.costa eva.lindgren farid.amini "
		       "gina.conti");
	scenario_group(&s, "Reception", "Front desk", 0, "jack.tanner kim.nguyen laura.blanc");
	scenario_role(&s, "Global Administrator", "62e90394-69f5-4237-9190-012177145e10",
		      "admin");
	scenario_role(&s, "User Administrator", "fe930be7-5e62-47db-91af-98c3a49a38b1",
		      "it.support");
	scenario_method(&s, "MicrosoftAuthenticator", true, "all_users");
	scenario_migration(&s, "migrationComplete");
	json_set_bool(json_get_mutable(s.state, "securityDefaults"), "isEnabled", true);
	scenario_registered(&s, "paula.reyes", 8 * DAY_MS, "Authenticator app");
	scenario_sign_in(&s, "admin", 15 * MINUTE_MS, 0, NULL);
	return scenario_finish(&s, 5 * HOUR_MS);
}
