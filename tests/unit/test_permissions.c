/* What whoever is signed in may do: the list, the finding, and the consent link. */
#include "tests/unit/healthy_facts.h"

#include <stdlib.h>

#include "checks/permissions.h"
#include "checks/read.h"
#include "graph/base/mem.h"
#include "graph/sign_in/registration_help.h"
#include "graph/sign_in/scopes.h"
#include "steps/step.h"

#define READS "https://graph.microsoft.com/User.Read Organization.Read.All "		\
	"LicenseAssignment.Read.All Group.ReadBasic.All GroupMember.Read.All "		\
	"User.Read.All Policy.Read.All AuditLog.Read.All RoleManagement.Read.Directory " \
	"Application.Read.All OnPremDirectorySynchronization.Read.All "			\
	"Synchronization.Read.All SecurityEvents.Read.All Domain.Read.All "		\
	"GroupSettings.Read.All "

#define GLOBAL "62e90394-69f5-4237-9190-012177145e10"
#define REPORTS "4a5d8f65-41da-4de4-8968-e035b65339cf"

static const struct permission *find(const struct permissions *p, const char *name)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_same(p->v[i].name, name))
			return &p->v[i];
	return NULL;
}

static void test_list(void **state)
{
	static struct held_role reader[] = { { "Reports Reader", REPORTS } };
	static struct held_role global[] = { { "Global Administrator", GLOBAL } };
	static struct held_role other[] = { { "Printer Technician", "x" } };
	static const struct {
		const char *what, *granted;
		struct held_role *role;
		bool read_only;
		const char *name;
		enum permission_state state;
		size_t missing, surplus;
		const char *text;
	} rows[] = {
		{ "all to read", READS, reader, false, "AuditLog.Read.All", PERMISSION_HELD, 0, 0,
		  "to read: registration report, audit log" },
		{ "one is missing", "User.Read Organization.Read.All LicenseAssignment.Read.All "
		  "Group.ReadBasic.All GroupMember.Read.All User.Read.All Policy.Read.All "
		  "RoleManagement.Read.Directory Application.Read.All Synchronization.Read.All "
		  "OnPremDirectorySynchronization.Read.All SecurityEvents.Read.All "
		  "Domain.Read.All GroupSettings.Read.All", reader, false, "AuditLog.Read.All",
		  PERMISSION_MISSING, 1, 0, "Judged from that: prereq.writeback" },
		{ "a wider one serves", READS "Policy.ReadWrite.AuthenticationMethod", reader,
		  false, "Policy.ReadWrite.AuthenticationMethod", PERMISSION_HELD, 0, 0,
		  "step 3" },
		{ "a write scope is asked for later", READS, reader, false,
		  "Group.ReadWrite.All", PERMISSION_LATER, 0, 0, "step 1" },
		{ "and read-only never", READS, reader, true, "Group.ReadWrite.All",
		  PERMISSION_LATER, 0, 0, "never asked for" },
		{ "held, read-only, is too much", READS "Group.ReadWrite.All", reader, true,
		  "Group.ReadWrite.All", PERMISSION_SURPLUS, 0, 1, "not needed" },
		{ "far too much", READS "Directory.ReadWrite.All", reader, false,
		  "Directory.ReadWrite.All", PERMISSION_SURPLUS, 0, 1, "never writes" },
		{ "mail is nobody's business", READS "https://graph.microsoft.com/Mail.Read",
		  reader, false, "Mail.Read", PERMISSION_SURPLUS, 0, 1, "never reads" },
		{ "the sign-in's own", READS "openid profile email offline_access", reader,
		  false, "openid", PERMISSION_OTHER, 0, 0, NULL },
		{ "all roles in one", READS, global, false, "Global Administrator",
		  PERMISSION_SURPLUS, 0, 1, "Reports Reader" },
		{ "no role to read reports", READS, other, false, "Reports Reader",
		  PERMISSION_MISSING, 1, 0, "registration report" },
		{ "another role", READS, other, false, "Printer Technician", PERMISSION_OTHER, 1,
		  0, "nothing that needs it" },
		{ "step 5 alone", READS, reader, false, "Privileged Role Administrator",
		  PERMISSION_LATER, 0, 0, "this step only" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct permission *one;
		struct arena arena = { 0 };
		struct permissions list;
		struct facts f;

		healthy_facts(&f);
		f.granted = rows[i].granted;
		f.read_only = rows[i].read_only;
		f.held = (struct held_roles){ .v = rows[i].role, .n = 1 };
		permissions_list(&f, &arena, &list);
		one = find(&list, rows[i].name);
		if (!rows[i].text) {
			assert_null(one);
		} else {
			if (!one)
				fail_msg("%s: no row %s", rows[i].what, rows[i].name);
			if (one->state != rows[i].state || !strstr(one->text, rows[i].text))
				fail_msg("%s: %s is %s: %s", rows[i].what, one->name,
					 permission_state_word(one->state), one->text);
		}
		if (list.missing != rows[i].missing || list.surplus != rows[i].surplus)
			fail_msg("%s: %zu missing, %zu too much", rows[i].what, list.missing,
				 list.surplus);
		arena_clear(&arena);
		facts_release(&f);
	}
}

/* The scope of beta is asked for, or is too much. */
static void test_beta_scope(void **state)
{
	static const struct {
		bool beta;
		const char *granted;
		enum permission_state scope;
		size_t missing, surplus;
	} rows[] = {
		{ true, READS SCOPE_RECOMMENDATIONS, PERMISSION_HELD, 0, 0 },
		{ true, READS, PERMISSION_MISSING, 1, 0 },
		{ false, READS SCOPE_RECOMMENDATIONS, PERMISSION_SURPLUS, 0, 1 },
	};
	static struct held_role reader[] = { { "Reports Reader", REPORTS } };

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena arena = { 0 };
		struct permissions list;
		struct facts f;

		healthy_facts(&f);
		f.beta = rows[i].beta;
		f.granted = rows[i].granted;
		f.held = (struct held_roles){ .v = reader, .n = 1 };
		permissions_list(&f, &arena, &list);
		assert_int_equal(find(&list, SCOPE_RECOMMENDATIONS)->state, rows[i].scope);
		assert_int_equal(list.missing, rows[i].missing);
		assert_int_equal(list.surplus, rows[i].surplus);
		arena_clear(&arena);
		facts_release(&f);
	}
}

static void ask_nothing(struct facts *f)
{
	f->granted = READS;
}

static void lack_role(struct facts *f)
{
	f->held.n = 0;
}

static void lack_scope(struct facts *f)
{
	f->granted = "User.Read";
}

static void hold_too_much(struct facts *f)
{
	f->granted = READS "Directory.ReadWrite.All";
}

static void sign_in_application(struct facts *f)
{
	f->application = true;
	lose_area(f, AREA_PERMISSIONS, SOURCE_ABSENT, "an application is signed in");
}

static void test_finding(void **state)
{
	static const struct judge_case rows[] = {
		{ "scopes are not told", NULL, "health.permissions", VERDICT_PASS,
		  CONFIDENCE_LIKELY, "as far as roles go" },
		{ "as it should be", ask_nothing, "health.permissions", VERDICT_PASS,
		  CONFIDENCE_PROVED, "and no more" },
		{ "a role is missing", lack_role, "health.permissions", VERDICT_UNKNOWN,
		  CONFIDENCE_PROVED, "One permission is missing" },
		{ "scopes are missing", lack_scope, "health.permissions", VERDICT_UNKNOWN,
		  CONFIDENCE_PROVED, "permissions are missing" },
		{ "too much", hold_too_much, "health.permissions", VERDICT_WARN,
		  CONFIDENCE_PROVED, "One permission is more" },
		{ "an application", sign_in_application, "health.permissions",
		  VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED, "an application is signed in" },
	};

	(void)state;
	judge_cases(rows, COUNT_OF(rows));
}

/* The steps say which scopes they ask for; this list says what for. */
static void test_write_scopes_are_those_of_the_steps(void **state)
{
	const char *const *known = permissions_write_scopes();
	size_t n = 0;

	(void)state;
	for (size_t i = 0; steps[i]; i++)
		for (const char *const *w = steps[i]->write_scopes; *w; w++, n++) {
			bool found = false;

			for (size_t k = 0; known[k]; k++)
				found |= str_same(known[k], *w);
			if (!found)
				fail_msg("%s asks for %s", steps[i]->id, *w);
		}
	for (size_t k = 0; known[k]; k++)
		n--;
	assert_int_equal(n, 0);
}

/* What an area needs is asked for at the sign-in, but for what one wider scope or
 * another one gives as well, and for what needs a person's yes to beta. */
static void test_read_scopes_serve_every_area(void **state)
{
	char *scopes = NULL;
	struct cloud c;
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(cloud_by_name("global", &c, &err), 0);
	scopes = scopes_to_read(&c);
	assert_null(strstr(scopes, "Write"));
	for (int i = 0; i < AREA_COUNT; i++)
		for (const char *const *s = area_scopes((enum area)i); *s; s++)
			if (!scopes_have(scopes, *s) && !str_same(*s, "Group.Read.All") &&
			    !str_same(*s, SCOPE_RECOMMENDATIONS))
				fail_msg("%s needs %s", area_name((enum area)i), *s);
	free(scopes);
}

static void test_consent_link(void **state)
{
	static const struct {
		const char *cloud, *tenant, *want;
	} rows[] = {
		{ "global", "f64a78f7-c2fe-4f77-8e12-5385f4ac5093",
		  "https://login.microsoftonline.com/f64a78f7-c2fe-4f77-8e12-5385f4ac5093/v2.0/"
		  "adminconsent?client_id=ID&scope=https%3A%2F%2Fgraph.microsoft.com%2FUser.Read"
		  "%20https%3A%2F%2Fgraph.microsoft.com%2FAuditLog.Read.All&redirect_uri="
		  "http%3A%2F%2Flocalhost" },
		{ "dod", NULL,
		  "https://login.microsoftonline.us/organizations/v2.0/adminconsent?client_id=ID"
		  "&scope=https%3A%2F%2Fdod-graph.microsoft.us%2FUser.Read%20https%3A%2F%2F"
		  "dod-graph.microsoft.us%2FAuditLog.Read.All&redirect_uri=http%3A%2F%2F"
		  "localhost" },
	};
	struct err err = ERR_INIT;
	struct cloud c;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct str got = { 0 };

		assert_int_equal(cloud_by_name(rows[i].cloud, &c, &err), 0);
		admin_consent_url(&got, &c, rows[i].tenant, "ID", "User.Read AuditLog.Read.All");
		assert_string_equal(str_text(&got), rows[i].want);
		str_release(&got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_beta_scope),
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_write_scopes_are_those_of_the_steps),
		cmocka_unit_test(test_read_scopes_serve_every_area),
		cmocka_unit_test(test_consent_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
