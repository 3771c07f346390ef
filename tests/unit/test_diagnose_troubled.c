/* Everybody whom the scenario "troubled" gives a trouble, diagnosed from what its
 * answers tell. */
#include "checks/diagnose.h"
#include "tests/unit/tenant_io.h"

#include "checks/check.h"
#include "graph/base/mem.h"

static void read_people(struct reading *r)
{
	static const char *const asked[] = {
		"jun.watanabe@contoso.com", "breakglass@contoso.com",
	};
	char *scopes = wizard_scopes();

	reading_open(r, "troubled", 0, scopes);
	r->wanted.entries = asked;
	r->wanted.nentries = COUNT_OF(asked);
	reading_run(r, DIAGNOSE_AREAS);
	free(scopes);
}

/* Ids of what is in the way, "group registered"; returns the first one's case. */
static enum runbook_case name_causes(const struct findings *out, struct str *ret)
{
	enum runbook_case first = CASE_NONE;

	for (size_t i = 0; i < out->n; i++) {
		if (out->v[i].verdict != VERDICT_FAIL)
			continue;
		if (!ret->len)
			first = diagnose_case(&out->v[i]);
		str_addf(ret, "%s%s", ret->len ? " " : "",
			 out->v[i].id + strlen("diagnose."));
	}
	return first;
}

/* Causes in the order of the diagnosis; the scenario's words are beside each. */
static void test_troubled(void **state)
{
	static const struct {
		const char *who, *causes;
		enum runbook_case first;
	} rows[] = {
		/* Writeback was turned off two days ago: it is in everybody's way. */
		{ "amara.osei", "writeback", CASE_WRITEBACK },
		{ "joel.lindqvist", "writeback", CASE_WRITEBACK },
		{ "grace.achebe", "writeback", CASE_WRITEBACK },
		/* An attribute that could not be synchronised changes nothing here. */
		{ "ravi.menon", "writeback", CASE_WRITEBACK },
		/* A phone only, where two methods are required. */
		{ "petra.novotna", "registered writeback", CASE_NOT_REGISTERED },
		{ "samuel.mensah", "registered writeback", CASE_NOT_REGISTERED },
		{ "yara.haddad", "registered writeback events", CASE_NOT_REGISTERED },
		/* Security questions only. */
		{ "dmitri.volkov", "registered writeback", CASE_NOT_REGISTERED },
		{ "sean.obrien", "registered writeback events", CASE_NOT_REGISTERED },
		{ "noah.fischer", "registered writeback", CASE_NOT_REGISTERED },
		{ "aiden.walsh", "registered writeback", CASE_NOT_REGISTERED },
		{ "elena.petrova", "registered writeback", CASE_NOT_REGISTERED },
		/* No licence, and one in Warning: nothing refuses a reset for it. */
		{ "bongani.dube", "registered writeback", CASE_NOT_REGISTERED },
		{ "kenji.mori", "registered writeback", CASE_NOT_REGISTERED },
		/* The guest, the disabled account, the administrator in the group. */
		{ "nora.berg_fabrikam.example#EXT#", "account", CASE_NONE },
		{ "lena.hoffmann", "account writeback", CASE_NONE },
		{ "tomas.adler", "writeback", CASE_WRITEBACK },
		/* Of the nested group. */
		{ "lucia.romero", "registered writeback", CASE_NOT_REGISTERED },
		{ "henrik.dahl", "writeback", CASE_WRITEBACK },
		{ "chloe.martin", "writeback", CASE_WRITEBACK },
		/* Administrators without two gates, one of them in the cloud alone. */
		{ "jun.watanabe", "admin writeback", CASE_ADMIN },
		{ "breakglass", "admin", CASE_ADMIN },
	};
	struct reading r;

	(void)state;
	read_people(&r);
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		CLEANUP(free_ptr) char *upn = xasprintf("%s@contoso.com", rows[i].who);
		CLEANUP(str_release) struct str causes = { 0 };
		const struct person *p = diagnose_find(&r.facts, upn);
		struct findings out = { .v = NULL };

		if (!p)
			fail_msg("nobody is %s", upn);
		assert_int_equal(diagnose_person(&r.facts, &r.wanted, p, &out), TRI_NO);
		if (name_causes(&out, &causes) != rows[i].first ||
		    !str_same(str_text(&causes), rows[i].causes))
			fail_msg("%s: %s", upn, str_text(&causes));
		findings_clear(&out);
	}
	/* Everybody in the group is in the table. */
	for (size_t i = 0; i < r.facts.members.people.n; i++) {
		bool there = false;

		for (size_t k = 0; k < COUNT_OF(rows); k++)
			there = there || str_starts(r.facts.members.people.v[i].upn, rows[k].who);
		assert_true(there);
	}
	reading_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_troubled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
