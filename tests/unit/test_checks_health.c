#include "tests/unit/healthy_facts.h"

#include "graph/base/mem.h"

static void no_group(struct facts *f)
{
	f->groups.n = 0;
	f->groups.chosen = NULL;
	f->members.people.n = 0;
	lose_area(f, AREA_MEMBERS, SOURCE_ABSENT, "there is no group SSPR-Enabled-Users yet");
}

/* The group */
static struct group *another_group(struct facts *f)
{
	/* The chosen group moves with the array. */
	ARENA_GROW(&f->arena, f->groups.v, f->groups.n, f->groups.cap);
	f->groups.v[f->groups.n] = f->groups.v[0];
	f->groups.chosen = &f->groups.v[0];
	return &f->groups.v[f->groups.n++];
}

static void two_groups(struct facts *f)
{
	another_group(f)->dynamic = true;
}

static void two_usable_groups(struct facts *f)
{
	another_group(f);
	f->groups.chosen = NULL;
	lose_area(f, AREA_MEMBERS, SOURCE_SKIPPED, "several groups");
}

static void spoil_group(struct facts *f)
{
	f->groups.chosen = NULL;
	lose_area(f, AREA_MEMBERS, SOURCE_SKIPPED, "the group cannot be used");
}

static void dynamic_group(struct facts *f)
{
	f->groups.v[0].dynamic = true;
	spoil_group(f);
}

static void on_premises_group(struct facts *f)
{
	f->groups.v[0].on_premises = true;
	spoil_group(f);
}

static void mail_group(struct facts *f)
{
	f->groups.v[0].mail_enabled = true;
	spoil_group(f);
}

static void distribution_group(struct facts *f)
{
	f->groups.v[0].security = false;
	spoil_group(f);
}

static void picked_dynamic_group(struct facts *f)
{
	f->groups.v[0].dynamic = true;
}

static void empty_group(struct facts *f)
{
	f->members.people.n = 0;
}

static void members_forbidden(struct facts *f)
{
	lose_area(f, AREA_MEMBERS, SOURCE_FORBIDDEN, "403");
}

static void group_forbidden(struct facts *f)
{
	lose_area(f, AREA_GROUP, SOURCE_FORBIDDEN, "403");
}

static void nested(struct facts *f)
{
	static const char *const names[] = { "Sales" };

	f->members.nested = names;
	f->members.nnested = 1;
	f->members.people.v[0].direct = false;
}

static void guest(struct facts *f)
{
	f->members.people.v[0].type = USER_GUEST;
}

static void disabled(struct facts *f)
{
	f->members.people.v[0].enabled = TRI_NO;
}

static void admin_member(struct facts *f)
{
	f->members.people.v[0].admin = TRI_YES;
}

static void report_forbidden(struct facts *f)
{
	lose_area(f, AREA_REGISTRATION, SOURCE_FORBIDDEN, "403 no premium licence");
	lose_area(f, AREA_ADMINS, SOURCE_FORBIDDEN, "403 no premium licence");
}

static const struct judge_case group_cases[] = {
	{ "all well", NULL, "prereq.group", VERDICT_PASS, CONFIDENCE_PROVED, "4 people" },
	{ "none", no_group, "prereq.group", VERDICT_FAIL, CONFIDENCE_PROVED, "no group" },
	{ "two, one usable", two_groups, "prereq.group", VERDICT_WARN, CONFIDENCE_PROVED,
	  "same name" },
	{ "two usable", two_usable_groups, "prereq.group", VERDICT_FAIL, CONFIDENCE_PROVED,
	  "decided" },
	{ "dynamic", dynamic_group, "prereq.group", VERDICT_FAIL, CONFIDENCE_PROVED, "rule" },
	{ "on-premises", on_premises_group, "prereq.group", VERDICT_FAIL, CONFIDENCE_PROVED,
	  "on-premises" },
	{ "mail-enabled", mail_group, "prereq.group", VERDICT_FAIL, CONFIDENCE_PROVED,
	  "mail-enabled" },
	{ "no security group", distribution_group, "prereq.group", VERDICT_FAIL,
	  CONFIDENCE_PROVED, "not a security group" },
	{ "dynamic, picked", picked_dynamic_group, "prereq.group", VERDICT_WARN,
	  CONFIDENCE_PROVED, "picked" },
	{ "empty", empty_group, "prereq.group", VERDICT_FAIL, CONFIDENCE_PROVED, "nobody" },
	{ "members hidden", members_forbidden, "prereq.group", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "groups hidden", group_forbidden, "prereq.group", VERDICT_UNKNOWN, CONFIDENCE_NONE,
	  NULL },

	{ "one", NULL, "health.duplicate-group", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "two", two_groups, "health.duplicate-group", VERDICT_WARN, CONFIDENCE_PROVED, NULL },
	{ "none", no_group, "health.duplicate-group", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, NULL },
	{ "none nested", NULL, "health.nested", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "one nested", nested, "health.nested", VERDICT_WARN, CONFIDENCE_LIKELY,
	  "1 nested group brings 1 person" },
	{ "no group", no_group, "health.nested", VERDICT_NOT_APPLICABLE, CONFIDENCE_PROVED,
	  NULL },
	{ "no guest", NULL, "health.guest-members", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "a guest", guest, "health.guest-members", VERDICT_WARN, CONFIDENCE_PROVED, NULL },
	{ "undecided group", two_usable_groups, "health.guest-members", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, "not decided" },
	{ "none disabled", NULL, "health.disabled-members", VERDICT_PASS, CONFIDENCE_PROVED,
	  NULL },
	{ "one disabled", disabled, "health.disabled-members", VERDICT_WARN,
	  CONFIDENCE_PROVED, NULL },
	{ "no admin", NULL, "health.admin-members", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "an admin", admin_member, "health.admin-members", VERDICT_WARN, CONFIDENCE_PROVED,
	  NULL },
	{ "report hidden", report_forbidden, "health.admin-members", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, "premium" },
};

static void test_group(void **state)
{
	(void)state;
	judge_cases(group_cases, COUNT_OF(group_cases));
}

/* Registration */
static void unregister(struct person *p)
{
	p->sspr_capable = p->sspr_registered = TRI_NO;
	p->nmethods = 0;
}

static void one_of_four(struct facts *f)
{
	unregister(&f->members.people.v[0]);
}

static void four_of_four(struct facts *f)
{
	for (size_t i = 0; i < 4; i++)
		unregister(&f->members.people.v[i]);
}

static void not_enabled_yet(struct facts *f)
{
	for (size_t i = 0; i < 4; i++) {
		f->members.people.v[i].sspr_enabled = TRI_NO;
		f->members.people.v[i].sspr_capable = TRI_NO;
	}
}

static void only_guests(struct facts *f)
{
	for (size_t i = 0; i < 4; i++)
		f->members.people.v[i].type = USER_GUEST;
}

static void wanted_without_group(struct facts *f)
{
	no_group(f);
	add_person(f, &f->wanted_people.people, "u9", "eve@contoso.com", false);
}

static const char *const phone[] = { "mobilePhone" };
static const char *const question[] = { "securityQuestion", "mobilePhone", "email" };

static void phone_only(struct facts *f)
{
	f->members.people.v[0].methods = phone;
	f->members.people.v[0].nmethods = 1;
}

static void phone_only_later(struct facts *f)
{
	phone_only(f);
	f->now_ms += 100 * DAY_MS;
}

static void questions(struct facts *f)
{
	f->members.people.v[0].methods = question;
	f->members.people.v[0].nmethods = 3;
}

static void old_report(struct facts *f)
{
	f->registration.newest_row_ms = NOW_MS - 4 * DAY_MS;
}

static void empty_report(struct facts *f)
{
	f->registration.rows = 0;
	f->registration.newest_row_ms = 0;
}

static const struct judge_case registration_cases[] = {
	{ "all", NULL, "prereq.registration", VERDICT_PASS, CONFIDENCE_PROVED, "4 of 4" },
	{ "three of four", one_of_four, "prereq.registration", VERDICT_WARN,
	  CONFIDENCE_PROVED, "75 %" },
	{ "none", four_of_four, "prereq.registration", VERDICT_FAIL, CONFIDENCE_PROVED,
	  "0 of 4" },
	{ "registered, not enabled yet", not_enabled_yet, "prereq.registration", VERDICT_PASS,
	  CONFIDENCE_PROVED, NULL },
	{ "nobody who counts", only_guests, "prereq.registration", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, NULL },
	{ "no group", no_group, "prereq.registration", VERDICT_NOT_APPLICABLE,
	  CONFIDENCE_PROVED, NULL },
	{ "no group, people wanted", wanted_without_group, "prereq.registration",
	  VERDICT_PASS, CONFIDENCE_PROVED, "1 of 1" },
	{ "report hidden", report_forbidden, "prereq.registration", VERDICT_UNKNOWN,
	  CONFIDENCE_NONE, NULL },
	{ "age is told", NULL, "prereq.registration", VERDICT_PASS, CONFIDENCE_PROVED,
	  "up to 2 h old" },

	{ "none", NULL, "health.sms-only", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "one, before the end", phone_only, "health.sms-only", VERDICT_WARN,
	  CONFIDENCE_PROVED, "in 68 days" },
	{ "one, after the end", phone_only_later, "health.sms-only", VERDICT_FAIL,
	  CONFIDENCE_PROVED, "ago" },
	{ "none", NULL, "health.questions", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "one", questions, "health.questions", VERDICT_WARN, CONFIDENCE_PROVED,
	  "Mar 2027" },
	{ "alive", NULL, "health.stale-report", VERDICT_PASS, CONFIDENCE_PROVED, NULL },
	{ "old", old_report, "health.stale-report", VERDICT_WARN, CONFIDENCE_PROVED,
	  "4 days" },
	{ "empty", empty_report, "health.stale-report", VERDICT_UNKNOWN, CONFIDENCE_NONE,
	  NULL },
};

static void test_registration(void **state)
{
	(void)state;
	judge_cases(registration_cases, COUNT_OF(registration_cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_group),
		cmocka_unit_test(test_registration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
