#include "checks/diagnose.h"
#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

static struct person *ann(struct facts *f)
{
	return &f->members.people.v[0];
}

static void guest(struct facts *f)
{
	ann(f)->type = USER_GUEST;
}

static void disabled(struct facts *f)
{
	ann(f)->enabled = TRI_NO;
}

/* Ann as one who was asked for and is in nobody's group. */
static void outside(struct facts *f)
{
	*add_person(f, &f->wanted_people.people, "u9", "ann@contoso.com", true) =
		f->members.people.v[0];
	f->wanted_people.people.v[0].id = "u9";
	f->wanted_people.people.v[0].sspr_enabled = TRI_NO;
	ann(f)->upn = "else@contoso.com";
}

static void nobody_enabled(struct facts *f)
{
	f->registration.enabled_total = f->registration.enabled_in_group = 0;
	f->registration.not_enabled_in_group = 4;
	f->registration.count_enabled = 0;
	ann(f)->sspr_enabled = TRI_NO;
}

static void just_added(struct facts *f)
{
	ann(f)->sspr_enabled = TRI_NO;
}

static void unregistered(struct facts *f)
{
	ann(f)->sspr_registered = TRI_NO;
	ann(f)->nmethods = 0;
}

static void not_allowed(struct facts *f)
{
	ann(f)->sspr_capable = TRI_NO;
}

static void not_allowed_nor_enabled(struct facts *f)
{
	ann(f)->sspr_capable = ann(f)->sspr_enabled = TRI_NO;
}

static void registration_untold(struct facts *f)
{
	ann(f)->sspr_registered = TRI_UNKNOWN;
}

static void no_row(struct facts *f)
{
	ann(f)->row_ms = 0;
	ann(f)->admin = TRI_UNKNOWN;
	ann(f)->sspr_registered = ann(f)->sspr_enabled = TRI_UNKNOWN;
}

static void admin(struct facts *f)
{
	ann(f)->admin = TRI_YES;
}

static void admin_one_gate(struct facts *f)
{
	admin(f);
	ann(f)->nmethods = 1;
}

static void admins_off(struct facts *f)
{
	admin(f);
	f->authorization.admins_may_reset = TRI_NO;
}

static void writeback_off(struct facts *f)
{
	f->audit.writeback_off_ms = NOW_MS - HOUR_MS;
}

static void writeback_unknown(struct facts *f)
{
	f->audit.last_written_back_ms = 0;
}

static void writeback_failing(struct facts *f)
{
	f->audit.last_writeback_failure_ms = NOW_MS - HOUR_MS;
	f->audit.last_writeback_failure = "We could not reach your on-premises service";
}

static void cloud_only(struct facts *f)
{
	writeback_off(f);
	ann(f)->synced = TRI_NO;
}

static void unlicensed(struct facts *f)
{
	ann(f)->licensed = TRI_NO;
}

static void blocked(struct facts *f)
{
	add_event(f, EVENT_BLOCKED, "success", "", HOUR_MS, "c9");
}

static void blocked_before(struct facts *f)
{
	add_event(f, EVENT_BLOCKED, "success", "", 2 * DAY_MS, "c9");
}

static void failed(struct facts *f)
{
	add_event(f, EVENT_RESET, "failure", "User cancelled", HOUR_MS, "c9");
}

static const struct {
	const char *what;
	void (*change)(struct facts *f);
	enum tri can;
	const char *id;
	enum verdict verdict;
	const char *summary;
} cases[] = {
	{ "all well", NULL, TRI_YES, "diagnose.events", VERDICT_PASS, NULL },
	{ "a guest", guest, TRI_NO, "diagnose.account", VERDICT_FAIL, "guest" },
	{ "a guest's methods", guest, TRI_NO, "diagnose.registered", VERDICT_NOT_APPLICABLE,
	  "guest" },
	{ "a guest's licence", guest, TRI_NO, "diagnose.licence", VERDICT_NOT_APPLICABLE,
	  "guest" },
	{ "a guest in the group", guest, TRI_NO, "diagnose.group", VERDICT_NOT_APPLICABLE,
	  "guest" },
	{ "disabled", disabled, TRI_NO, "diagnose.account", VERDICT_FAIL, "disabled" },
	{ "not in the group", outside, TRI_NO, "diagnose.group", VERDICT_FAIL, "not in" },
	{ "scope None", nobody_enabled, TRI_NO, "diagnose.group", VERDICT_FAIL, "nobody" },
	{ "just added", just_added, TRI_YES, "diagnose.group", VERDICT_PASS, "lags" },
	{ "not registered", unregistered, TRI_NO, "diagnose.registered", VERDICT_FAIL,
	  "no method" },
	{ "registered what is not allowed", not_allowed, TRI_NO, "diagnose.allowed",
	  VERDICT_FAIL, "not allowed" },
	{ "not enabled yet, so not capable", not_allowed_nor_enabled, TRI_YES,
	  "diagnose.registered", VERDICT_PASS, NULL },
	{ "registration not told", registration_untold, TRI_UNKNOWN, "diagnose.registered",
	  VERDICT_UNKNOWN, "does not say" },
	{ "no row", no_row, TRI_UNKNOWN, "diagnose.registered", VERDICT_UNKNOWN, NULL },
	{ "an administrator", admin, TRI_YES, "diagnose.admin", VERDICT_PASS, NULL },
	{ "with one gate", admin_one_gate, TRI_NO, "diagnose.admin", VERDICT_FAIL, "2 gates" },
	{ "who may not", admins_off, TRI_NO, "diagnose.admin", VERDICT_FAIL, "may not" },
	{ "no administrator", NULL, TRI_YES, "diagnose.admin", VERDICT_NOT_APPLICABLE, NULL },
	{ "writeback off", writeback_off, TRI_NO, "diagnose.writeback", VERDICT_FAIL, "off" },
	{ "writeback unknown", writeback_unknown, TRI_UNKNOWN, "diagnose.writeback",
	  VERDICT_UNKNOWN, NULL },
	{ "writeback failing", writeback_failing, TRI_YES, "diagnose.writeback", VERDICT_WARN,
	  NULL },
	{ "cloud-only", cloud_only, TRI_YES, "diagnose.writeback", VERDICT_NOT_APPLICABLE,
	  NULL },
	{ "unlicensed", unlicensed, TRI_YES, "diagnose.licence", VERDICT_WARN, NULL },
	{ "blocked", blocked, TRI_NO, "diagnose.events", VERDICT_FAIL,
	  "2026-11-26T09:00:00Z" },
	{ "blocked before", blocked_before, TRI_YES, "diagnose.events", VERDICT_PASS, NULL },
	{ "failed", failed, TRI_YES, "diagnose.events", VERDICT_WARN, "User cancelled." },
};

static void test_diagnose(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct findings out = { .v = NULL };
		const struct finding *one;
		const struct person *p;
		struct wanted w;
		struct facts f;
		enum tri can;

		healthy_facts(&f);
		wanted_runbook(&w);
		if (cases[i].change)
			cases[i].change(&f);
		p = diagnose_find(&f, "ANN@contoso.com");
		assert_non_null(p);
		can = diagnose_person(&f, &w, p, &out);
		one = findings_find(&out, cases[i].id);
		assert_non_null(one);
		if (can != cases[i].can || one->verdict != cases[i].verdict)
			fail_msg("%s: can %d, %s is %s: %s", cases[i].what, can, one->id,
				 verdict_name(one->verdict), one->summary);
		if (cases[i].summary && !strstr(one->summary, cases[i].summary))
			fail_msg("%s: %s", cases[i].what, one->summary);
		for (size_t k = 0; k < out.n; k++)
			if (out.v[k].verdict == VERDICT_FAIL)
				assert_true(out.v[k].remedy[0] != '\0');
		findings_clear(&out);
		facts_release(&f);
	}
}

static void test_find(void **state)
{
	struct facts f;

	(void)state;
	healthy_facts(&f);
	assert_ptr_equal(diagnose_find(&f, "u2"), &f.members.people.v[1]);
	assert_ptr_equal(diagnose_find(&f, "root@contoso.com"), &f.admins.people.v[0]);
	assert_null(diagnose_find(&f, "nobody@contoso.com"));
	facts_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_diagnose),
		cmocka_unit_test(test_find),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
